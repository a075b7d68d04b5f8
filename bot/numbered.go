package bot

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Choices lists what a number picks in a message, in the order in which Shown numbers it: its options, then those of its
// poll that are not among them.
func Choices(out Outgoing) []Option { return append(slices.Clone(out.Options), votes(out)...) }

// votes are the poll's options that no button of the message stands for.
func votes(out Outgoing) []Option {
	if out.Poll == nil {
		return nil
	}
	var list []Option
	for i, label := range out.Poll.Options {
		o := Option{Label: label}
		if i < len(out.Poll.Actions) {
			o.Action = out.Poll.Actions[i]
		}
		same := func(other Option) bool { return other.Action != "" && other.Action == o.Action }
		if !slices.ContainsFunc(out.Options, same) {
			list = append(list, o)
		}
	}
	return list
}

// Shown is out as a platform with those capabilities can show it: where it has no buttons, the options stand as numbered
// lines under the text; where it has no polls, a poll's question and options stand in the text and, as buttons, among
// the options. A poll for whose options buttons stand already is left out. Numbers count as in Choices.
func Shown(out Outgoing, caps Capabilities) Outgoing {
	var lines []string
	number := 0
	polled := votes(out)
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
	if out.Poll != nil && caps.Buttons && len(polled) == 0 {
		out.Poll = nil // the buttons are the poll
	}
	if out.Poll != nil && !caps.Polls {
		if len(polled) > 0 {
			lines = append(lines, out.Poll.Question)
		}
		if caps.Buttons {
			out.Options = append(slices.Clone(out.Options), polled...)
		} else {
			for _, o := range polled {
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
