package slack

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"timonel/bot"
	"timonel/internal/fakeslack"
)

// rig is a Slack with a committee, and the adapter joined to it, in virtual time.
type rig struct {
	*fakeslack.Cast
	t     *testing.T
	a     *Adapter
	line  fakeslack.Line
	log   *journal
	heard *inbox
	ana   *fakeslack.Actor
	bruno *fakeslack.Actor
	room  *fakeslack.Channel
}

// inbox keeps what the adapter heard, each id once, as the program's does.
type inbox struct {
	mu     sync.Mutex
	list   []bot.Incoming
	ids    map[bot.MessageID]bool
	again  int // events that came more than once
	refuse error
}

func (b *inbox) Receive(_ context.Context, in bot.Incoming) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.refuse != nil {
		return b.refuse
	}
	if b.ids[in.ID] {
		b.again++
		return nil
	}
	b.ids[in.ID] = true
	b.list = append(b.list, in)
	return nil
}

func (b *inbox) all() []bot.Incoming {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]bot.Incoming(nil), b.list...)
}

// inRig runs a test in a bubble with the app installed as the manifest says.
func inRig(t *testing.T, change func(*fakeslack.Options, *Config), run func(r *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		opt := fakeslack.Options{Scopes: Scopes, Events: Events}
		cfg := Config{}
		if change != nil {
			change(&opt, &cfg)
		}
		r := &rig{t: t, log: &journal{}, heard: &inbox{ids: map[bot.MessageID]bool{}}}
		r.Cast = fakeslack.NewCast(t, opt)
		r.Patience = 20 * time.Minute // of virtual time
		r.line = r.Pipe()
		t.Cleanup(r.line.HTTP.CloseIdleConnections)
		r.ana, r.bruno = r.Member("Ana Ruiz"), r.Member("Bruno Díaz")
		r.room = r.Place("comite", r.ana, r.bruno)
		cfg.AppToken, cfg.BotToken, cfg.APIURL = r.AppToken(), r.BotToken(), r.APIURL()
		cfg.HTTP, cfg.Dial, cfg.Log = r.line.HTTP, r.line.Dial, r.log.logger()
		cfg.Random = func() float64 { return 0 }
		r.a = New(cfg)
		run(r)
	})
}

// start runs the adapter until stop, or until the test ends.
func (r *rig) start() (stop func() error) {
	r.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- r.a.Run(ctx, r.heard) }()
	stop = sync.OnceValue(func() error { cancel(); return <-ended })
	r.t.Cleanup(func() { _ = stop() })
	r.Connected()
	return stop
}

// hears waits until everything was acknowledged and returns what was heard since the last call.
func (r *rig) hears() []bot.Incoming {
	r.t.Helper()
	r.Settled()
	synctest.Wait()
	r.heard.mu.Lock()
	defer r.heard.mu.Unlock()
	list := r.heard.list
	r.heard.list = nil
	return list
}

// one expects exactly one event.
func (r *rig) one() bot.Incoming {
	r.t.Helper()
	list := r.hears()
	if len(list) != 1 {
		r.t.Fatalf("heard %d events: %+v\n%s", len(list), list, r.log)
	}
	return list[0]
}

// send sends a message to the committee.
func (r *rig) send(out bot.Outgoing) bot.MessageID {
	r.t.Helper()
	id, err := r.trySend(out)
	if err != nil {
		r.t.Fatalf("send %q: %v", out.Text, err)
	}
	return id
}

func (r *rig) trySend(out bot.Outgoing) (bot.MessageID, error) {
	if out.Room == "" && out.Direct == "" {
		out.Room = bot.RoomID(r.room.ID)
	}
	if out.At.IsZero() {
		out.At = time.Now()
	}
	out.Platform = bot.Slack
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	return r.a.Send(ctx, out)
}

// logs reports whether the operator was told something.
func (r *rig) logs(words string) bool { return strings.Contains(r.log.String(), words) }
