package replay

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"timonel/bot"
)

// line is one object of the JSON output; the order of the fields is part of the contract.
type line struct {
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

// jsonPrinter prints what the bot sends, one object a line.
type jsonPrinter struct{ encoder *json.Encoder }

func newJSONPrinter(out io.Writer) *jsonPrinter {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	return &jsonPrinter{e}
}

func (p *jsonPrinter) entry(_ context.Context, v view) error {
	said := v.entry.Said
	if said == nil {
		return nil
	}
	l := line{
		At: v.entry.At.In(v.zone).Format(time.RFC3339), Chat: v.chat, To: v.to, Kind: said.Kind, Project: said.Project,
		Milestones: said.Milestones, Text: v.text, InReplyTo: said.InReplyTo,
	}
	if len(said.Kinds) > 1 {
		l.Kinds = said.Kinds
	}
	for _, o := range said.Options {
		l.Buttons = append(l.Buttons, button{o.Label, o.Action})
	}
	if said.Poll != nil {
		l.Poll = &poll{said.Poll.Question, said.Poll.Options}
	}
	for _, f := range said.Files {
		l.Files = append(l.Files, fileOf(f))
	}
	return p.encoder.Encode(l)
}

func (p *jsonPrinter) end() error { return nil }
