package fakeslack

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

func fieldKey(block, element obj) string {
	return fmt.Sprint(block["block_id"], "\x00", element["action_id"])
}

// fill notes a value in the state of a view. Called with the lock held.
func (v *View) fill(field, value string) (block, element obj, err error) {
	block, element = v.field(field)
	if block == nil {
		return nil, nil, fmt.Errorf("the view %q has no field %q", v.Title, field)
	}
	state := obj{"type": element["type"]}
	switch element["type"] {
	case "plain_text_input":
		state["value"] = value
	case "datepicker":
		if _, err := time.Parse("2006-01-02", value); err != nil {
			return nil, nil, fmt.Errorf("%q is no day", value)
		}
		state["selected_date"] = value
	case "static_select", "radio_buttons":
		o := findOption(element, value)
		if o == nil {
			return nil, nil, fmt.Errorf("the field %q has no option %q", field, value)
		}
		state["selected_option"] = o
	default:
		return nil, nil, fmt.Errorf("the field %q cannot be filled", field)
	}
	if v.values == nil {
		v.values = map[string]obj{}
	}
	v.values[fieldKey(block, element)] = state
	return block, element, nil
}

// state is what a field holds: what was filled in, else its initial value; nil when empty.
func (v *View) state(block, element obj) obj {
	if s := v.values[fieldKey(block, element)]; s != nil {
		return s
	}
	s := obj{"type": element["type"]}
	for from, to := range map[string]string{"initial_value": "value", "initial_date": "selected_date", "initial_option": "selected_option"} {
		if element[from] != nil && element[from] != "" {
			s[to] = element[from]
			return s
		}
	}
	return nil
}

// missing names the first required field that is empty.
func (v *View) missing() string {
	for _, b := range v.Blocks {
		optional, _ := b["optional"].(bool)
		if b["type"] != "input" || optional {
			continue
		}
		element, _ := b["element"].(obj)
		if s := v.state(b, element); s == nil || s["value"] == "" {
			label, _ := b["label"].(obj)
			return textOf(label)
		}
	}
	return ""
}

func (v *View) withState(s *Server) obj {
	o := v.json(s)
	values := obj{}
	for _, b := range v.Blocks {
		for _, e := range interactive(b) {
			if e["type"] == "button" {
				continue
			}
			state := v.state(b, e)
			if state == nil {
				state = obj{"type": e["type"], "value": nil, "selected_date": nil, "selected_option": nil}
			}
			id, _ := b["block_id"].(string)
			action, _ := e["action_id"].(string)
			values[id] = obj{action: state}
		}
	}
	o["state"] = obj{"values": values}
	return o
}

// answered takes what the app says to a submission. Called with the lock held.
func (v *View) answered(answer json.RawMessage) {
	var a struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
		View   json.RawMessage   `json:"view"`
	}
	_ = json.Unmarshal(answer, &a)
	v.problems = nil
	switch a.Action {
	case "errors":
		for _, id := range sortedKeys(a.Errors) {
			if !slices.ContainsFunc(v.Blocks, func(b obj) bool { return b["type"] == "input" && b["block_id"] == id }) {
				v.problems = append(v.problems, "unknown block "+id)
				continue
			}
			v.problems = append(v.problems, a.Errors[id])
		}
	case "update":
		if next, problems := readView(string(a.View)); len(problems) == 0 {
			v.replace(next)
		} else {
			v.problems = problems
		}
	default:
		v.closed = true
	}
}

// Problems lists what the app had against the last submission.
func (v *View) Problems() []string { return slices.Clone(v.problems) }

// Closed reports whether the view is gone.
func (v *View) Closed() bool { return v.closed }
