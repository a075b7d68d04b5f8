package replay

import (
	"bytes"
	"testing"
	"time"

	"timonel/bot"
)

// TestLine holds the fields, their names and their order against contract/replay.md.
func TestLine(t *testing.T) {
	bogota, err := time.LoadLocation("America/Bogota")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 2, 14, 0, 0, 0, time.UTC).In(bogota)
	full := bot.Outgoing{
		Kind: bot.KindEscalation, Kinds: []bot.Kind{bot.KindEscalation, bot.KindOverdue}, Project: "ACME", Milestones: []string{"3"},
		Options: []bot.Option{{Label: "Sí", Action: "yes", Style: "primary"}}, InReplyTo: 12,
		Poll:  &bot.Poll{Question: "¿Cuándo?", Options: []string{"a", "b"}, Actions: []string{"x", "y"}},
		Files: []bot.File{{Name: "a.png", MIME: "image/png", Data: []byte("abc")}},
	}
	for _, c := range []struct {
		name string
		line Line
		want string
	}{
		{"everything", Describe(full, at, "comite", []string{"ana"}, "1 < 2 & 3"), `{"at":"2026-03-02T09:00:00-05:00","chat":"comite","to":["ana"],` +
			`"kind":"escalation","kinds":["escalation","overdue"],"project":"ACME","milestones":["3"],"text":"1 < 2 & 3",` +
			`"buttons":[{"label":"Sí","action":"yes"}],"poll":{"question":"¿Cuándo?","options":["a","b"]},` +
			`"files":[{"name":"a.png","mime":"image/png","bytes":3,"sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}],` +
			`"in_reply_to":12}`},
		{"the least", Describe(bot.Outgoing{Kind: bot.KindReply}, at.UTC(), "dm:ana", nil, "hola"),
			`{"at":"2026-03-02T14:00:00Z","chat":"dm:ana","kind":"reply","text":"hola"}`},
		{"one kind is no bundle", Describe(bot.Outgoing{Kind: bot.KindDigest, Kinds: []bot.Kind{bot.KindDigest}}, at, "c", nil, "x"),
			`{"at":"2026-03-02T09:00:00-05:00","chat":"c","kind":"digest","text":"x"}`},
	} {
		var got bytes.Buffer
		if err := Encoder(&got).Encode(c.line); err != nil {
			t.Fatal(err)
		}
		if got.String() != c.want+"\n" {
			t.Errorf("%s:\ngot  %swant %s", c.name, got.String(), c.want)
		}
	}
}
