package replay

import (
	"context"
	"io"
	"strings"

	"timonel/bot"
)

// transcript prints the chats as people read them: a heading for each day and chat, the time at the left, then who and
// what; further lines of a message stand under its first.
type transcript struct {
	out     io.Writer
	heading string
}

func newTranscript(out io.Writer) *transcript { return &transcript{out: out} }

// indent is the width of "15:04  ".
const indent = "       "

func (t *transcript) entry(_ context.Context, v view) error {
	at := v.entry.At.In(v.zone)
	var b strings.Builder
	if heading := at.Format("Mon 2006-01-02") + "  " + chatName(v); heading != t.heading {
		if t.heading != "" {
			b.WriteString("\n")
		}
		b.WriteString("── " + heading + " ──\n")
		t.heading = heading
	}
	first, rest, more := strings.Cut(body(v), "\n")
	b.WriteString(at.Format("15:04") + "  " + speaker(v) + first + "\n")
	for more {
		first, rest, more = strings.Cut(rest, "\n")
		b.WriteString(strings.TrimRight(indent+first, " ") + "\n")
	}
	_, err := io.WriteString(t.out, b.String())
	return err
}

func (t *transcript) end() error { return nil }

func chatName(v view) string {
	if id, direct := strings.CutPrefix(v.chat, "dm:"); direct {
		return "direct chat with " + id
	}
	return v.chat
}

func speaker(v view) string {
	if v.entry.Heard == nil {
		return "Timonel: "
	}
	if v.name == "" {
		return v.from + ": "
	}
	return v.name + ": "
}

func body(v view) string {
	if v.entry.Heard != nil {
		return heard(v)
	}
	var lines []string
	if v.text != "" {
		lines = append(lines, v.text)
	}
	if p := v.shown.Poll; p != nil {
		lines = append(lines, p.Question)
		for _, o := range p.Options {
			lines = append(lines, "( ) "+o)
		}
	}
	if len(v.shown.Options) > 0 {
		var buttons []string
		for _, o := range v.shown.Options {
			buttons = append(buttons, "["+o.Label+"]")
		}
		lines = append(lines, strings.Join(buttons, " "))
	}
	for _, f := range v.entry.Said.Files {
		lines = append(lines, attachment(f))
	}
	return strings.Join(lines, "\n")
}

func attachment(f bot.File) string { return "<" + f.Name + ">" }

func heard(v view) string {
	in := v.entry.Heard
	switch in.Kind {
	case bot.Reaction:
		return "reacts " + in.Text
	case bot.Press:
		return "picks [" + in.Text + "]"
	case bot.PollVote:
		return "votes " + in.Text
	}
	var lines []string
	for _, f := range in.Files {
		lines = append(lines, attachment(f))
	}
	if in.Quote != "" {
		lines = append(lines, "(answering) "+v.text)
	} else if v.text != "" {
		lines = append(lines, v.text)
	}
	return strings.Join(lines, "\n")
}
