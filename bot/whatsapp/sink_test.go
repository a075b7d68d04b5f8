package whatsapp_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"timonel/bot"
)

// sink keeps what the adapter handed over; while refusing it takes nothing.
type sink struct {
	mu       sync.Mutex
	events   []bot.Incoming
	taken    int // by expect
	refusing int
	refused  int
	changed  chan struct{}
}

func newSink() *sink { return &sink{changed: make(chan struct{})} }

// Receive implements bot.Sink.
func (s *sink) Receive(_ context.Context, in bot.Incoming) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer func() { close(s.changed); s.changed = make(chan struct{}) }()
	if s.refusing > 0 {
		s.refusing--
		s.refused++
		return errors.New("the disk is full")
	}
	s.events = append(s.events, in)
	return nil
}

func (s *sink) refuse(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refusing = n
}

// await waits until ok is true of what has come.
func (s *sink) await(t testing.TB, what string, ok func([]bot.Incoming) bool) {
	t.Helper()
	late := time.After(patience)
	for {
		s.mu.Lock()
		events, changed := slices.Clone(s.events), s.changed
		s.mu.Unlock()
		if ok(events) {
			return
		}
		select {
		case <-changed:
		case <-late:
			t.Fatalf("%s did not come; there is %+v", what, events)
		}
	}
}

// expect takes the next event, which must be of a kind.
func (s *sink) expect(t testing.TB, kind bot.IncomingKind) bot.Incoming {
	t.Helper()
	var in bot.Incoming
	s.await(t, string(kind), func(events []bot.Incoming) bool {
		if len(events) <= s.taken {
			return false
		}
		in = events[s.taken]
		return true
	})
	s.taken++
	if in.Kind != kind {
		t.Fatalf("got %+v, want a %s", in, kind)
	}
	return in
}

func (s *sink) all() []bot.Incoming {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.events)
}
