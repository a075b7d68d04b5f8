package whatsapp_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"timonel/bot"
	"timonel/bot/bottest"
	"timonel/internal/fakewhatsapp"
)

// stage is the fake WhatsApp as the conformance suite wants it.
type stage struct {
	*house
	ana   *fakewhatsapp.Actor
	group *fakewhatsapp.Group
	last  *fakewhatsapp.Message
}

// newStage is linked but does not run: the suite runs it.
func newStage(t *testing.T) bottest.Stage {
	h := unlinked(t)
	h.open()
	t.Cleanup(func() { must(t, h.adapter.Close()) })
	h.link()
	s := &stage{house: h, ana: h.cast.Member("Ana", anaPhone)}
	s.group = h.cast.Group("Comité", s.ana, h.me)
	return s
}

func (s *stage) Adapter() bot.Adapter { return online{s} }
func (s *stage) Room() bot.RoomID     { return room(s.group) }
func (s *stage) Redelivers() bool     { return true }

func (s *stage) Say(text string) { s.last = s.ana.Says(s.group, "@Timonel "+text, s.me) }

func (s *stage) Repeat() bool {
	s.ana.Repeats(s.last)
	return true
}

func (s *stage) Seen() []string {
	s.cast.Settled()
	var seen []string
	for _, m := range s.ana.Inbox() {
		if m.Sender == s.me.LID() {
			seen = append(seen, strings.Join(append([]string{m.Text}, m.Options...), "\n"))
		}
	}
	return slices.DeleteFunc(seen, func(text string) bool { return text == "" })
}

func (s *stage) Fail(f bottest.Failure) bool {
	switch f {
	case bottest.Busy:
		s.cast.RefuseMessages(s.me, 503)
	case bottest.Gone:
		s.cast.RefuseMessages(s.me, 403)
	case bottest.Severed:
		s.cast.LoseAcks(s.me, 2) // the library tries once more by itself
	}
	return true
}

// online is the adapter, which sends only once it is connected: the suite sends at once.
type online struct{ s *stage }

func (o online) Platform() bot.Platform                       { return o.s.adapter.Platform() }
func (o online) Capabilities() bot.Capabilities               { return o.s.adapter.Capabilities() }
func (o online) Health() bot.Health                           { return o.s.adapter.Health() }
func (o online) Run(ctx context.Context, sink bot.Sink) error { return o.s.adapter.Run(ctx, sink) }
func (o online) Send(ctx context.Context, out bot.Outgoing) (bot.MessageID, error) {
	o.s.awaitOnline()
	return o.s.adapter.Send(ctx, out)
}

func TestConformance(t *testing.T) { bottest.Suite(t, newStage) }
