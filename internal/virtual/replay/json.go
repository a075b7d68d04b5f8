package replay

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"timonel/bot"
)

// Line is one object of the JSON output; the order of the fields is part of the contract.
type Line struct {
	At         string     `json:"at"`
	Chat       string     `json:"chat"`
	To         []string   `json:"to,omitempty"`
	Kind       bot.Kind   `json:"kind"`
	Kinds      []bot.Kind `json:"kinds,omitempty"`
	Project    string     `json:"project,omitempty"`
	Milestones []string   `json:"milestones,omitempty"`
	Text       string     `json:"text,omitempty"`
	Buttons    []button   `json:"buttons,omitempty"`
	Poll       *poll      `json:"poll,omitempty"`
	Files      []file     `json:"files,omitempty"`
	InReplyTo  int        `json:"in_reply_to,omitempty"`
}

type button struct {
	Label  string `json:"label"`
	Action string `json:"action"`
}

type poll struct {
	Question string   `json:"question"`
	Options  []string `json:"options"`
}

// Describe is a message as a line: at in the zone to print, the chat's name, whom it mentions, and the text as it is read.
func Describe(out bot.Outgoing, at time.Time, chat string, to []string, text string) Line {
	l := Line{
		At: at.Format(time.RFC3339), Chat: chat, To: to, Kind: out.Kind, Project: out.Project,
		Milestones: out.Milestones, Text: text, InReplyTo: out.InReplyTo,
	}
	if len(out.Kinds) > 1 {
		l.Kinds = out.Kinds
	}
	for _, o := range out.Options {
		l.Buttons = append(l.Buttons, button{o.Label, o.Action})
	}
	if out.Poll != nil {
		l.Poll = &poll{out.Poll.Question, out.Poll.Options}
	}
	for _, f := range out.Files {
		l.Files = append(l.Files, fileOf(f))
	}
	return l
}

// Encoder writes lines as JSON, one a line.
func Encoder(out io.Writer) *json.Encoder {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	return e
}

// jsonPrinter prints what the bot sends, one object a line.
type jsonPrinter struct{ encoder *json.Encoder }

func newJSONPrinter(out io.Writer) *jsonPrinter { return &jsonPrinter{Encoder(out)} }

func (p *jsonPrinter) entry(_ context.Context, v view) error {
	if v.entry.Said == nil {
		return nil
	}
	return p.encoder.Encode(Describe(*v.entry.Said, v.entry.At.In(v.zone), v.chat, v.to, v.text))
}

func (p *jsonPrinter) end() error { return nil }
