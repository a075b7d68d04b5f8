package simulated

import (
	"errors"
	"strings"
	"testing"
	"time"

	"timonel/bot"
	"timonel/bot/bottest"
	"timonel/internal/markup"
)

func nine() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }

// stage is the simulated platform as the suite wants it.
type stage struct {
	network *Network
	adapter *Adapter
}

func (s *stage) Adapter() bot.Adapter { return s.adapter }
func (s *stage) Room() bot.RoomID     { return "comite" }
func (s *stage) Redelivers() bool     { return true }

func (s *stage) Say(text string) {
	s.network.Post(bot.Incoming{Platform: s.adapter.platform, Kind: bot.TextMessage, Room: "comite", From: "ana", Text: text, ToBot: true})
}

// Repeat offers the last event once more, as it was.
func (s *stage) Repeat() bool {
	s.network.mu.Lock()
	defer s.network.mu.Unlock()
	last := s.network.entries[len(s.network.entries)-1]
	s.network.queue = append(s.network.queue, *last.Heard)
	return true
}

func (s *stage) Seen() []string {
	var texts []string
	for _, e := range s.network.Entries(0) {
		if e.Said == nil {
			continue
		}
		shown := bot.Shown(*e.Said, s.adapter.Capabilities())
		lines := []string{markup.Plain(shown.Text)}
		if shown.Poll != nil {
			lines = append(append(lines, shown.Poll.Question), shown.Poll.Options...)
		}
		for _, o := range shown.Options {
			lines = append(lines, o.Label)
		}
		texts = append(texts, strings.Join(lines, "\n"))
	}
	return texts
}

func (s *stage) Fail(f bottest.Failure) bool {
	s.adapter.FailNext(map[bottest.Failure]error{
		bottest.Busy:    bot.Temporary(errors.New("busy"), time.Second),
		bottest.Gone:    bot.Permanent(errors.New("gone")),
		bottest.Severed: bot.InDoubt(errors.New("severed")),
	}[f])
	return true
}

func TestAdapter(t *testing.T) {
	for _, p := range []bot.Platform{bot.Slack, bot.WhatsApp, bot.Web} {
		t.Run(string(p), func(t *testing.T) {
			bottest.Suite(t, func(*testing.T) bottest.Stage {
				n := New(nine)
				return &stage{n, n.Adapter(p)}
			})
		})
	}
}

func TestNewest(t *testing.T) {
	n := New(nine)
	slack := n.Adapter(bot.Slack)
	for i, out := range []bot.Outgoing{
		{Room: "comite", Text: "a", Options: []bot.Option{{Label: "Sí"}}},
		{Room: "otro", Text: "b"},
		{Room: "comite", Text: "c"},
		{Room: "comite", Text: "for bruno alone", Ephemeral: true, Only: "bruno"},
		{Direct: "ana", Text: "d"},
	} {
		out.ID = int64(i + 1)
		if _, err := slack.Send(t.Context(), out); err != nil {
			t.Fatal(err)
		}
	}
	withOptions := func(out bot.Outgoing) bool { return len(out.Options) > 0 }
	for _, c := range []struct {
		room   bot.RoomID
		viewer bot.UserID
		fits   func(bot.Outgoing) bool
		want   string
	}{
		{"comite", "ana", nil, "c"},
		{"comite", "bruno", nil, "for bruno alone"},
		{"comite", "ana", withOptions, "a"},
		{"otro", "ana", nil, "b"},
		{DirectRoom("ana"), "ana", nil, "d"},
		{DirectRoom("bruno"), "bruno", nil, ""},
		{"otro", "ana", withOptions, ""},
	} {
		got, found := n.Newest(bot.Slack, c.room, c.viewer, c.fits)
		if found != (c.want != "") || found && got.Said.Text != c.want {
			t.Errorf("%s sees in %s: %+v, want %q", c.viewer, c.room, got, c.want)
		}
	}
	if _, found := n.Newest(bot.WhatsApp, "comite", "ana", nil); found {
		t.Error("a chat of another platform was searched")
	}
}
