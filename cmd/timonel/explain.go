package main

import (
	"fmt"
	"math"

	"timonel/conversations/dates"
	"timonel/conversations/understand"
)

// explained is a line of `understand`: the first thing that the text wants, and under "also" the further ones.
type explained struct {
	Text       string         `json:"text"`
	Intent     string         `json:"intent"`
	Confidence float64        `json:"confidence"`
	Slots      map[string]any `json:"slots"`
	Candidates []candidate    `json:"candidates"`
	Stance     string         `json:"stance,omitempty"`
	Missing    []string       `json:"missing,omitempty"`
	Ambiguous  []string       `json:"ambiguous,omitempty"`
	Why        []feature      `json:"why,omitempty"`
	Language   string         `json:"language,omitempty"`
	Unread     []string       `json:"unread,omitempty"`
	Also       []explained    `json:"also,omitempty"`
	Weighed    *weighed       `json:"weighed,omitempty"`
}

// weighed says what the model had to say beside the rules, in log odds: evidence for and against acting on an intent, what
// is likeliest, and what would have tipped it.
type weighed struct {
	Intent     string      `json:"intent"`
	Confidence float64     `json:"confidence"`
	ActsFrom   float64     `json:"acts_from"`
	AsksFrom   float64     `json:"asks_from"`
	For        []feature   `json:"for"`
	Against    []feature   `json:"against"`
	Candidates []candidate `json:"candidates"`
	Without    []feature   `json:"otherwise_without,omitempty"`
}

func explainWeighed(w *understand.Weighed) *weighed {
	if w == nil {
		return nil
	}
	named := func(i understand.Intent) string {
		if i == understand.None {
			return noIntent
		}
		return string(i)
	}
	features := func(list []understand.Feature) []feature {
		out := []feature{}
		for _, f := range list {
			out = append(out, feature{f.Name, math.Round(f.Weight*100) / 100})
		}
		return out
	}
	out := &weighed{
		Intent: named(w.Intent), Confidence: w.Chance, ActsFrom: understand.ActAt, AsksFrom: understand.AskAt,
		For: features(w.For), Against: features(w.Against), Without: features(w.Tip),
	}
	for _, c := range w.Candidates {
		out.Candidates = append(out.Candidates, candidate{named(c.Intent), c.Confidence})
	}
	return out
}

type candidate struct {
	Intent     string  `json:"intent"`
	Confidence float64 `json:"confidence"`
}

type feature struct {
	Name   string  `json:"name"`
	Weight float64 `json:"weight"`
}

// noIntent is printed where nothing was understood.
const noIntent = "none"

func explain(text string, r understand.Reading, w *understand.Weighed) explained {
	if len(r.Frames) == 0 {
		return explained{
			Text: text, Intent: noIntent, Slots: map[string]any{}, Candidates: []candidate{}, Language: r.Language, Unread: r.Unread, Weighed: explainWeighed(w),
		}
	}
	var list []explained
	for _, f := range r.Frames {
		part := text
		if len(r.Frames) > 1 && f.Start >= 0 && f.Start < f.End && f.End <= len(text) {
			part = text[f.Start:f.End]
		}
		list = append(list, explainFrame(part, f))
	}
	first := list[0]
	if w != nil && len(first.Candidates) == 0 {
		for _, c := range explainWeighed(w).Candidates {
			if c.Intent != first.Intent && c.Confidence >= 0.02 {
				first.Candidates = append(first.Candidates, c)
			}
		}
	}
	first.Text, first.Language, first.Unread, first.Weighed = text, r.Language, r.Unread, explainWeighed(w)
	if len(list) > 1 {
		first.Also = list[1:]
	}
	return first
}

func explainFrame(text string, f understand.Frame) explained {
	e := explained{
		Text: text, Intent: string(f.Intent), Confidence: f.Confidence, Slots: slots(f.Slots), Candidates: []candidate{},
		Stance: string(f.Stance), Missing: f.Missing, Ambiguous: f.Ambiguous,
	}
	if e.Intent == "" {
		e.Intent = noIntent
	}
	for _, c := range f.Candidates {
		e.Candidates = append(e.Candidates, candidate{string(c.Intent), c.Confidence})
	}
	for _, w := range f.Why {
		e.Why = append(e.Why, feature{w.Name, w.Weight})
	}
	return e
}

// slots holds what the clause names, by the slots' names; what it does not name is left out.
func slots(s understand.Slots) map[string]any {
	m := map[string]any{}
	put := func(name string, value any, there bool) {
		if there {
			m[name] = value
		}
	}
	put("milestones", refs(s.Milestones), len(s.Milestones) > 0)
	put("after", refs(s.After), len(s.After) > 0)
	put("all", true, s.All)
	put("next", true, s.Next)
	put("person", s.Person, s.Person != "")
	if s.Date != nil {
		m["date"] = s.Date.Date.String()
	}
	if s.Shift != nil {
		m["shift"] = shift(*s.Shift)
	}
	if s.Clock != nil {
		m["time"] = fmt.Sprintf("%02d:%02d", s.Clock.Hour, s.Clock.Minute)
	}
	put("percent", s.Percent, s.Percent >= 0)
	put("text", s.Text, s.Text != "")
	put("name", s.Name, s.Name != "")
	put("reason", s.Reason, s.Reason != "")
	put("number", s.Number, s.Number != 0)
	put("entry", s.Entry, s.Entry != "")
	put("probability", s.Probability, s.Probability != "")
	put("impact", s.Impact, s.Impact != "")
	put("roles", s.Roles, len(s.Roles) > 0)
	put("drop_roles", true, s.DropRoles)
	put("side", s.Side, s.Side != "")
	put("language", s.Language, s.Language != "")
	put("format", s.Format, s.Format != "")
	put("window", s.Window, s.Window != "")
	put("plan", s.Plan, s.Plan != "")
	put("weekday", s.Weekday, s.Weekday >= 0)
	put("scope", s.Scope, s.Scope != "")
	if s.Billable != nil {
		m["billable"] = *s.Billable
	}
	put("days", s.Days, s.Days != 0)
	put("covered", s.Covered, len(s.Covered) > 0)
	put("not_covered", s.NotCovered, len(s.NotCovered) > 0)
	put("topic", s.Topic, s.Topic != "")
	put("setting", s.Setting, s.Setting != "")
	put("value", s.Value, s.Value != "")
	put("everyone", true, s.Everyone)
	return m
}

// refs names each milestone by its key, or, when it is not clear, by what the text calls it and whom it may mean.
func refs(list []understand.Ref) []any {
	var out []any
	for _, r := range list {
		if r.Key != "" {
			out = append(out, r.Key)
			continue
		}
		out = append(out, map[string]any{"text": r.Text, "candidates": append([]string{}, r.Candidates...)})
	}
	return out
}

func shift(s dates.Shift) map[string]any {
	m := map[string]any{"n": s.N, "unit": s.Unit}
	if s.Extra != 0 {
		m["extra_days"] = s.Extra
	}
	if s.Working {
		m["working"] = true
	}
	if s.Negative {
		m["earlier"] = true
	}
	return m
}
