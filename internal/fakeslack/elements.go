package fakeslack

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// element checks an interactive element, which must be one of kinds.
func (k *checker) element(at string, e obj, kinds ...string) {
	kind, _ := e["type"].(string)
	if !slices.Contains(kinds, kind) {
		k.wrong(at+"/type", "unsupported type: %s", kind)
		return
	}
	k.properties(at, e, "action_id")
	id, set := e["action_id"].(string)
	if length(id) > 255 || set && id == "" {
		k.wrong(at+"/action_id", "must be between 1 and 255 characters")
	}
	if e["placeholder"] != nil {
		k.textObject(at+"/placeholder", e["placeholder"], 150, "plain_text")
	}
	if c, ok := e["confirm"].(obj); ok {
		k.confirm(at+"/confirm", c)
	}
	switch kind {
	case "button":
		k.button(at, e)
	case "static_select":
		k.selectMenu(at, e)
	case "overflow":
		k.options(at, e, 5)
	case "radio_buttons", "checkboxes":
		k.options(at, e, 10)
	case "datepicker":
		if d, ok := e["initial_date"].(string); ok {
			if _, err := time.Parse("2006-01-02", d); err != nil {
				k.wrong(at+"/initial_date", "must be a date of the form YYYY-MM-DD")
			}
		}
	case "plain_text_input":
		k.textInput(at, e)
	}
}

func (k *checker) button(at string, e obj) {
	k.textObject(at+"/text", e["text"], 75, "plain_text")
	if v, _ := e["value"].(string); length(v) > 2000 {
		k.wrong(at+"/value", "must be no more than 2000 characters")
	}
	if u, _ := e["url"].(string); length(u) > 3000 {
		k.wrong(at+"/url", "must be no more than 3000 characters")
	}
	if style, set := e["style"].(string); set && style != "primary" && style != "danger" {
		k.wrong(at+"/style", "must be one of: primary, danger")
	}
}

func (k *checker) confirm(at string, c obj) {
	k.textObject(at+"/title", c["title"], 100, "plain_text")
	k.textObject(at+"/text", c["text"], 300, "")
	k.textObject(at+"/confirm", c["confirm"], 30, "plain_text")
	k.textObject(at+"/deny", c["deny"], 30, "plain_text")
}

func (k *checker) selectMenu(at string, e obj) {
	groups, grouped := e["option_groups"].([]any)
	if !grouped {
		k.options(at, e, 100)
		return
	}
	if len(groups) == 0 || len(groups) > 100 {
		k.wrong(at+"/option_groups", "must have between 1 and 100 items")
	}
	for i, g := range groups {
		here := fmt.Sprintf("%s/option_groups/%d", at, i)
		group, _ := g.(obj)
		k.textObject(here+"/label", group["label"], 75, "plain_text")
		k.options(here, group, 100)
	}
}

func (k *checker) options(at string, e obj, most int) {
	options, _ := e["options"].([]any)
	if len(options) == 0 || len(options) > most {
		k.wrong(at+"/options", "must have between 1 and %d items", most)
	}
	for i, v := range options {
		o, _ := v.(obj)
		here := fmt.Sprintf("%s/options/%d", at, i)
		k.textObject(here+"/text", o["text"], 75, "")
		if value, _ := o["value"].(string); value == "" || length(value) > 150 {
			k.wrong(here+"/value", "must be between 1 and 150 characters")
		}
		if o["description"] != nil {
			k.textObject(here+"/description", o["description"], 75, "")
		}
	}
	if initial, set := e["initial_option"]; set && !slices.ContainsFunc(options, func(o any) bool { return same(o, initial) }) {
		k.wrong(at+"/initial_option", "must be one of the provided options")
	}
}

func same(a, b any) bool {
	x, err := json.Marshal(a)
	y, err2 := json.Marshal(b)
	return err == nil && err2 == nil && string(x) == string(y)
}

func (k *checker) textInput(at string, e obj) {
	for _, name := range []string{"min_length", "max_length"} {
		if n, set := e[name].(float64); set && (n < 0 || n > 3000) {
			k.wrong(at+"/"+name, "must be between 0 and 3000")
		}
	}
	if v, _ := e["initial_value"].(string); length(v) > 3000 {
		k.wrong(at+"/initial_value", "must be no more than 3000 characters")
	}
}

// readView decodes and checks a view.
func readView(raw string) (*View, []string) {
	var v struct {
		Type            string `json:"type"`
		Title           obj    `json:"title"`
		Submit          obj    `json:"submit"`
		Close           obj    `json:"close"`
		Blocks          []obj  `json:"blocks"`
		CallbackID      string `json:"callback_id"`
		PrivateMetadata string `json:"private_metadata"`
		ExternalID      string `json:"external_id"`
	}
	if err := json.Unmarshal([]byte(raw), &v); err != nil {
		return nil, []string{"[ERROR] must be a valid view [json-pointer:/view]"}
	}
	k := &checker{surface: surface(v.Type), blockIDs: map[string]bool{}}
	if v.Type != string(surfaceModal) && v.Type != string(surfaceHome) {
		k.wrong("/view/type", "must be modal or home")
	}
	k.frame(v.Title, v.Submit, v.Close)
	if v.Blocks == nil {
		k.wrong("/view", "missing required field: blocks")
	}
	k.blocks("/view/blocks", v.Blocks)
	identify(v.Blocks)
	if k.inputs > 0 && v.Type == string(surfaceModal) && v.Submit == nil {
		k.wrong("/view", "submit is required when an input block is in the blocks array")
	}
	if length(v.PrivateMetadata) > 3000 {
		k.wrong("/view/private_metadata", "must be no more than 3000 characters")
	}
	if length(v.CallbackID) > 255 || length(v.ExternalID) > 255 {
		k.wrong("/view/callback_id", "must be no more than 255 characters")
	}
	if len(raw) > 250_000 {
		k.wrong("/view", "view is too large")
	}
	return &View{
		Type: v.Type, CallbackID: v.CallbackID, PrivateMetadata: v.PrivateMetadata, Blocks: v.Blocks,
		Title: textOf(v.Title), Submit: textOf(v.Submit), Close: textOf(v.Close),
	}, k.problems
}

// frame checks what stands around a view's blocks.
func (k *checker) frame(title, submit, closing obj) {
	if k.surface == surfaceHome {
		if title != nil || submit != nil || closing != nil {
			k.wrong("/view", "a home view has no title, submit or close")
		}
		return
	}
	k.textObject("/view/title", title, 24, "plain_text")
	if submit != nil {
		k.textObject("/view/submit", submit, 24, "plain_text")
	}
	if closing != nil {
		k.textObject("/view/close", closing, 24, "plain_text")
	}
}

func textOf(o obj) string {
	text, _ := o["text"].(string)
	return text
}

// CheckView returns what Slack would have against a view.
func CheckView(view any) []string {
	raw, err := json.Marshal(view)
	if err != nil {
		return []string{err.Error()}
	}
	_, problems := readView(string(raw))
	return problems
}
