package slack

import (
	"testing"
	"time"

	"github.com/rs/zerolog"

	"timonel/bot"
	"timonel/bot/bottest"
	"timonel/internal/fakeslack"
)

// stage is the fake Slack as the suite sees it.
type stage struct {
	*fakeslack.Cast
	adapter *Adapter
	ana     *fakeslack.Actor
	room    *fakeslack.Channel
}

func (s *stage) Adapter() bot.Adapter { return s.adapter }
func (s *stage) Room() bot.RoomID     { return bot.RoomID(s.room.ID) }
func (s *stage) Redelivers() bool     { return true }
func (s *stage) Seen() []string       { return s.ana.Seen(s.room) }

func (s *stage) Say(text string) {
	s.Connected()
	s.ana.Mentions(s.room, text)
}

// Repeat repeats the events about the last message, in envelopes that come twice each.
func (s *stage) Repeat() bool {
	s.Settled()
	s.RepeatEnvelopes(4)
	s.RepeatLast()
	return true
}

func (s *stage) Fail(f bottest.Failure) bool {
	s.Mend()
	switch f {
	case bottest.Busy:
		s.Server.Fail(fakeslack.Fault{Method: "chat.postMessage", RetryAfter: time.Second})
	case bottest.Gone:
		s.Server.Fail(fakeslack.Fault{Method: "chat.postMessage", Error: "is_archived"})
	case bottest.Severed:
		s.Server.Fail(fakeslack.Fault{Method: "chat.postMessage", Break: true, Taken: true})
	}
	return true
}

func testConfig(c *fakeslack.Cast, line fakeslack.Line) Config {
	return Config{
		AppToken: c.AppToken(), BotToken: c.BotToken(), APIURL: c.APIURL(), HTTP: line.HTTP, Dial: line.Dial, Log: zerolog.Nop(),
	}
}

func TestConformance(t *testing.T) {
	bottest.Suite(t, func(t *testing.T) bottest.Stage {
		c := fakeslack.NewCast(t, fakeslack.Options{
			AckWithin: 300 * time.Millisecond, Retries: []time.Duration{0, 50 * time.Millisecond, 100 * time.Millisecond},
			Scopes: Scopes, Events: Events,
		})
		line := c.Pipe()
		ana := c.Member("Ana Ruiz")
		return &stage{Cast: c, adapter: New(testConfig(c, line)), ana: ana, room: c.Place("comite", ana)}
	})
}
