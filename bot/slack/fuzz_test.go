package slack

import (
	"strings"
	"testing"
	"unicode/utf8"
)

var seeds = []string{
	`{"event_id":"Ev1","event":{"type":"message","user":"U1","text":"<@U9> mueve el 3","ts":"1.2","channel":"C1","channel_type":"channel"}}`,
	`{"event":{"type":"message","subtype":"message_changed","channel":"C1","message":{"user":"U1","text":"b","ts":"1.2","edited":{"ts":"1.3"}},"previous_message":{"text":"a"}}}`,
	`{"event":{"type":"reaction_added","user":"U1","reaction":"+1","item":{"type":"message","channel":"C1","ts":"1.2"},"item_user":"U9"}}`,
	`{"type":"block_actions","user":{"id":"U1"},"container":{"type":"message","message_ts":"1.2","channel_id":"C1"},"actions":[{"type":"button","action_id":"a","value":"pick:0"}]}`,
	`{"command":"/timonel","text":"status","channel_id":"C1","user_id":"U1","trigger_id":"1.2.3"}`,
	`{"event":{"type":"message","files":[{"id":"F1"}]}}`, `{}`, `[]`, `nul`,
}

// FuzzPayloads holds that no payload, however strange, breaks the reading or makes an event without a place and an id.
func FuzzPayloads(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	self := identity{user: "U9", bot: "B9", name: "timonel"}
	f.Fuzz(func(t *testing.T, payload []byte) {
		if h, ok, err := convert(payload, self); err == nil && ok {
			if h.in.ID == "" || h.in.Room == "" || h.in.Kind == "" {
				t.Errorf("%q became %+v", payload, h.in)
			}
			readID(h.in.ID)
		}
		ownWords(payload, self)
		_, _, _, _ = convertInteraction(payload)
		_, _, _ = convertCommand(payload)
		roomOf(envelope{Payload: payload})
	})
}

// FuzzReadText holds that any text of Slack's is read as valid text with mentions where they stand.
func FuzzReadText(f *testing.F) {
	for _, s := range []string{"<@U9> hola <@U1|ana> &lt;b&gt;", "<http://x|y> <!here> <#C1|general> <!date^1^{time}|then>", "<<@U9>>", ":+1: :x:", "<@U9>, <@U9>:"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		if !utf8.ValidString(raw) {
			return
		}
		h := readText(raw, "U9", func(u string) string { return "N" + u })
		if !utf8.ValidString(h.text) {
			t.Errorf("%q became %q", raw, h.text)
		}
		for _, m := range h.mentions {
			if m.Start < 0 || m.End > len(h.text) || !strings.HasPrefix(h.text[m.Start:m.End], "@") {
				t.Errorf("%q: mention %+v in %q", raw, m, h.text)
			}
		}
	})
}
