package fakeslack

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"
)

// surface is where blocks stand.
type surface string

const (
	surfaceMessage surface = "message"
	surfaceModal   surface = "modal"
	surfaceHome    surface = "home"
)

// Limits of Block Kit, as Slack documents and enforces them.
const (
	maxMessageBlocks = 50
	maxViewBlocks    = 100
	maxBlocksText    = 13_000 // of a message, all texts together
	tooMuchText      = "the blocks hold too much text"
)

// length counts a text as JavaScript does, which is never less than its characters.
func length(s string) int { return len(utf16.Encode([]rune(s))) }

// checker walks blocks and notes what Slack would refuse.
type checker struct {
	surface  surface
	problems []string
	blockIDs map[string]bool
	text     int // of all texts
	tables   int
	inputs   int
}

func (k *checker) wrong(at, format string, args ...any) {
	k.problems = append(k.problems, "[ERROR] "+fmt.Sprintf(format, args...)+" [json-pointer:"+at+"]")
}

// readBlocks decodes and checks the blocks of a message.
func readBlocks(raw string, where surface) ([]obj, []string) {
	var blocks []obj
	if err := json.Unmarshal([]byte(raw), &blocks); err != nil {
		return nil, []string{"[ERROR] blocks must be a list of objects [json-pointer:/blocks]"}
	}
	k := &checker{surface: where, blockIDs: map[string]bool{}}
	k.blocks("/blocks", blocks)
	identify(blocks)
	if where == surfaceMessage && k.text > maxBlocksText {
		k.problems = append(k.problems, tooMuchText)
	}
	return blocks, k.problems
}

func blocksError(problems []string) string {
	if len(problems) == 1 && problems[0] == tooMuchText {
		return "msg_blocks_too_long"
	}
	return "invalid_blocks"
}

func (k *checker) blocks(at string, blocks []obj) {
	most := maxMessageBlocks
	if k.surface != surfaceMessage {
		most = maxViewBlocks
	}
	if len(blocks) > most {
		k.wrong(at, "no more than %d items allowed", most)
	}
	for i, b := range blocks {
		k.block(fmt.Sprintf("%s/%d", at, i), b)
	}
}

// allowed lists the properties of each block and element, beside type and block_id or action_id.
var allowed = map[string][]string{
	"section": {"text", "fields", "accessory", "expand"}, "header": {"text"}, "divider": {},
	"image": {"image_url", "slack_file", "alt_text", "title"}, "actions": {"elements"}, "context": {"elements"},
	"input":     {"label", "element", "hint", "optional", "dispatch_action"},
	"rich_text": {"elements"}, "markdown": {"text"}, "table": {"rows", "column_settings"}, "video": nil, "file": nil,
	"button":           {"text", "url", "value", "style", "confirm", "accessibility_label"},
	"static_select":    {"placeholder", "options", "option_groups", "initial_option", "confirm", "focus_on_load"},
	"users_select":     {"placeholder", "initial_user", "confirm", "focus_on_load"},
	"datepicker":       {"placeholder", "initial_date", "confirm", "focus_on_load"},
	"overflow":         {"options", "confirm"},
	"radio_buttons":    {"options", "initial_option", "confirm", "focus_on_load"},
	"checkboxes":       {"options", "initial_options", "confirm", "focus_on_load"},
	"plain_text_input": {"placeholder", "initial_value", "multiline", "min_length", "max_length", "dispatch_action_config", "focus_on_load"},
}

func (k *checker) properties(at string, o obj, own string) {
	kind, _ := o["type"].(string)
	for _, name := range sortedKeys(o) {
		if name != "type" && name != own && !slices.Contains(allowed[kind], name) {
			k.wrong(at, "invalid additional property: %s", name)
		}
	}
}

func (k *checker) block(at string, b obj) {
	kind, _ := b["type"].(string)
	if allowed[kind] == nil {
		k.wrong(at+"/type", "unsupported type: %s", kind)
		return
	}
	k.properties(at, b, "block_id")
	if id, ok := b["block_id"].(string); ok && id != "" {
		if length(id) > 255 {
			k.wrong(at+"/block_id", "must be no more than 255 characters")
		}
		if k.blockIDs[id] {
			k.wrong(at+"/block_id", "block_id already exists")
		}
		k.blockIDs[id] = true
	}
	switch kind {
	case "section":
		k.section(at, b)
	case "header":
		k.textObject(at+"/text", b["text"], 150, "plain_text")
	case "image":
		k.image(at, b)
	case "actions":
		k.actions(at, b)
	case "context":
		k.context(at, b)
	case "input":
		k.input(at, b)
	case "markdown":
		text, _ := b["text"].(string)
		k.text += length(text)
		if text == "" || length(text) > 12_000 {
			k.wrong(at+"/text", "must be between 1 and 12000 characters")
		}
	case "table":
		k.table(at, b)
	}
}

func (k *checker) section(at string, b obj) {
	fields, hasFields := b["fields"].([]any)
	if b["text"] == nil && !hasFields {
		k.wrong(at, "missing required field: text")
	}
	if b["text"] != nil {
		k.textObject(at+"/text", b["text"], 3000, "")
	}
	if hasFields && (len(fields) == 0 || len(fields) > 10) {
		k.wrong(at+"/fields", "no more than 10 items allowed")
	}
	for i, f := range fields {
		k.textObject(fmt.Sprintf("%s/fields/%d", at, i), f, 2000, "")
	}
	if acc, ok := b["accessory"].(obj); ok {
		kind, _ := acc["type"].(string)
		if kind == "image" {
			k.image(at+"/accessory", acc)
		} else {
			k.element(at+"/accessory", acc, "button", "static_select", "users_select", "datepicker", "overflow", "radio_buttons", "checkboxes")
		}
	}
}

func (k *checker) image(at string, b obj) {
	url, _ := b["image_url"].(string)
	if url == "" && b["slack_file"] == nil {
		k.wrong(at, "missing required field: image_url")
	}
	if length(url) > 3000 {
		k.wrong(at+"/image_url", "must be no more than 3000 characters")
	}
	if alt, _ := b["alt_text"].(string); alt == "" || length(alt) > 2000 {
		k.wrong(at+"/alt_text", "must be between 1 and 2000 characters")
	}
	if b["title"] != nil {
		k.textObject(at+"/title", b["title"], 2000, "plain_text")
	}
}

func (k *checker) actions(at string, b obj) {
	elements, _ := b["elements"].([]any)
	if len(elements) == 0 || len(elements) > 25 {
		k.wrong(at+"/elements", "must have between 1 and 25 items")
	}
	ids := map[string]bool{}
	for i, e := range elements {
		here := fmt.Sprintf("%s/elements/%d", at, i)
		el, ok := e.(obj)
		if !ok {
			k.wrong(here, "must be an object")
			continue
		}
		k.element(here, el, "button", "static_select", "users_select", "datepicker", "overflow", "radio_buttons", "checkboxes")
		if id, _ := el["action_id"].(string); id != "" {
			if ids[id] {
				k.wrong(here+"/action_id", "action_id already exists in this block")
			}
			ids[id] = true
		}
	}
}

func (k *checker) context(at string, b obj) {
	elements, _ := b["elements"].([]any)
	if len(elements) == 0 || len(elements) > 10 {
		k.wrong(at+"/elements", "must have between 1 and 10 items")
	}
	for i, e := range elements {
		here := fmt.Sprintf("%s/elements/%d", at, i)
		if el, ok := e.(obj); ok && el["type"] == "image" {
			k.image(here, el)
		} else {
			k.textObject(here, e, 3000, "")
		}
	}
}

func (k *checker) input(at string, b obj) {
	k.inputs++
	k.textObject(at+"/label", b["label"], 2000, "plain_text")
	if b["hint"] != nil {
		k.textObject(at+"/hint", b["hint"], 2000, "plain_text")
	}
	el, ok := b["element"].(obj)
	if !ok {
		k.wrong(at, "missing required field: element")
		return
	}
	k.element(at+"/element", el, "plain_text_input", "static_select", "users_select", "datepicker", "radio_buttons", "checkboxes")
}

func (k *checker) table(at string, b obj) {
	if k.tables++; k.tables > 1 {
		k.wrong(at, "only one table is allowed")
	}
	rows, _ := b["rows"].([]any)
	if len(rows) == 0 || len(rows) > 100 {
		k.wrong(at+"/rows", "must have between 1 and 100 items")
	}
	for i, r := range rows {
		if cells, _ := r.([]any); len(cells) == 0 || len(cells) > 20 {
			k.wrong(fmt.Sprintf("%s/rows/%d", at, i), "must have between 1 and 20 items")
		}
	}
}

// textObject checks a text object; kind "" allows both kinds.
func (k *checker) textObject(at string, v any, most int, kind string) {
	o, ok := v.(obj)
	if !ok {
		k.wrong(at, "missing required field: text")
		return
	}
	own, _ := o["type"].(string)
	if own != "plain_text" && own != "mrkdwn" || kind != "" && own != kind {
		k.wrong(at+"/type", "must be %s", strings.TrimSpace("plain_text "+kind))
	}
	for _, name := range sortedKeys(o) {
		if name != "type" && name != "text" && !(own == "plain_text" && name == "emoji") && !(own == "mrkdwn" && name == "verbatim") {
			k.wrong(at, "invalid additional property: %s", name)
		}
	}
	text, _ := o["text"].(string)
	k.text += length(text)
	switch n := length(text); {
	case n == 0:
		k.wrong(at+"/text", "must be more than 0 characters")
	case n > most:
		k.wrong(at+"/text", "must be no more than %d characters", most)
	}
}

// identify gives what has no id one, as Slack does.
func identify(blocks []obj) {
	for i, b := range blocks {
		if id, _ := b["block_id"].(string); id == "" {
			b["block_id"] = fmt.Sprintf("blk%02d", i)
		}
		for j, e := range interactive(b) {
			if id, _ := e["action_id"].(string); id == "" {
				e["action_id"] = fmt.Sprintf("act%02d%02d", i, j)
			}
		}
	}
}

// interactive lists the elements of a block that people can use.
func interactive(b obj) []obj {
	var list []obj
	if elements, ok := b["elements"].([]any); ok && b["type"] == "actions" {
		for _, e := range elements {
			if el, ok := e.(obj); ok {
				list = append(list, el)
			}
		}
	}
	for _, name := range []string{"accessory", "element"} {
		if el, ok := b[name].(obj); ok && el["type"] != "image" {
			list = append(list, el)
		}
	}
	return list
}
