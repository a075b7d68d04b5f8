package bot

import (
	"strconv"
	"strings"
	"unicode"
)

// Choices lists what a number picks in a message, in the order in which Shown numbers it: its options, then its poll's.
func Choices(out Outgoing) []Option {
	choices := append([]Option(nil), out.Options...)
	if out.Poll == nil {
		return choices
	}
	for i, label := range out.Poll.Options {
		o := Option{Label: label}
		if i < len(out.Poll.Actions) {
			o.Action = out.Poll.Actions[i]
		}
		choices = append(choices, o)
	}
	return choices
}

// Shown is out as a platform with those capabilities can show it: where it has no buttons, the options stand as numbered
// lines under the text; where it has no polls, a poll's question and options stand in the text and, as buttons, among
// the options. Numbers count as in Choices.
func Shown(out Outgoing, caps Capabilities) Outgoing {
	var lines []string
	number := 0
	list := func(o Option) {
		number++
		lines = append(lines, strconv.Itoa(number)+". "+o.Label)
	}
	if !caps.Buttons {
		for _, o := range out.Options {
			list(o)
		}
		out.Options = nil
	}
	if p := out.Poll; p != nil && !caps.Polls {
		lines = append(lines, p.Question)
		votes := Choices(Outgoing{Poll: p})
		if caps.Buttons {
			out.Options = append(append([]Option(nil), out.Options...), votes...)
		} else {
			for _, o := range votes {
				list(o)
			}
		}
		out.Poll = nil
	}
	if len(lines) > 0 {
		out.Text = strings.TrimRight(out.Text+"\n"+strings.Join(lines, "\n"), "\n")
		out.Text = strings.TrimLeft(out.Text, "\n")
	}
	return out
}

// Pick finds the choice that somebody named: by its number, its action, or its label in any case.
func Pick(choices []Option, named string) (Option, bool) {
	named = strings.TrimSpace(named)
	for _, o := range choices {
		if o.Label == named || o.Action != "" && o.Action == named {
			return o, true
		}
	}
	if words := plainLabel(named); words != "" {
		for _, o := range choices {
			if strings.EqualFold(plainLabel(o.Label), words) {
				return o, true
			}
		}
	}
	if n, err := strconv.Atoi(strings.TrimRight(named, ".)")); err == nil && n >= 1 && n <= len(choices) {
		return choices[n-1], true
	}
	return Option{}, false
}

// plainLabel drops the emoji and signs around a label: people write its words.
func plainLabel(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
