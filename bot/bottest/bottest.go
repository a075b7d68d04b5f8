// Package bottest holds the promises that every adapter keeps, as one suite of tests. An adapter's own tests give it a
// Stage: the platform, real or faked, seen from the people's side.
package bottest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"timonel/bot"
	"timonel/internal/markup"
)

// Failure is a way in which a platform may answer a sending.
type Failure string

// The failures that a Stage can be asked for.
const (
	Busy    Failure = "busy"    // too many requests, try later
	Gone    Failure = "gone"    // the room is no more, or the bot was removed from it
	Severed Failure = "severed" // the connection broke while the answer was awaited
)

// Stage is a platform with one group chat, one person in it, and the adapter under test.
type Stage interface {
	Adapter() bot.Adapter
	// Room is the group chat as the adapter names it.
	Room() bot.RoomID
	// Say makes the person write a message to the bot in the group.
	Say(text string)
	// Repeat makes the platform deliver the last message once more, as after a lost acknowledgement; false if it never does.
	Repeat() bool
	// Redelivers says whether the platform offers again what was not acknowledged.
	Redelivers() bool
	// Seen lists what the person sees of the bot's in the group, oldest first: everything readable of a message, options
	// and poll included.
	Seen() []string
	// Fail makes the next sending fail; false if the platform cannot fail so.
	Fail(f Failure) bool
}

// patience bounds every wait of the suite.
const patience = 10 * time.Second

// Sink keeps what an adapter received; Refuse makes it refuse that many events first.
type Sink struct {
	mu      sync.Mutex
	events  []bot.Incoming
	refuse  int
	refused int
	changed chan struct{}
}

// NewSink returns an empty sink that refuses the first n events.
func NewSink(refuse int) *Sink { return &Sink{refuse: refuse, changed: make(chan struct{}, 1)} }

// Receive implements bot.Sink.
func (s *Sink) Receive(_ context.Context, in bot.Incoming) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer func() {
		select {
		case s.changed <- struct{}{}:
		default:
		}
	}()
	if s.refused < s.refuse {
		s.refused++
		return errors.New("the disk is full")
	}
	s.events = append(s.events, in)
	return nil
}

// Texts waits until n text messages came and returns those of the first n.
func (s *Sink) Texts(t testing.TB, n int) []bot.Incoming {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		if texts := s.texts(); len(texts) >= n {
			return texts[:n]
		}
		select {
		case <-s.changed:
		case <-ctx.Done():
			t.Fatalf("got %d of %d messages: %v", len(s.texts()), n, s.texts())
		}
	}
}

func (s *Sink) texts() []bot.Incoming {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []bot.Incoming
	seen := map[bot.MessageID]bool{}
	for _, in := range s.events {
		if in.Kind == bot.TextMessage && !seen[in.ID] {
			seen[in.ID] = true
			list = append(list, in)
		}
	}
	return list
}

// Suite runs every promise on a fresh stage each.
func Suite(t *testing.T, open func(t *testing.T) Stage) {
	for _, c := range []struct {
		name string
		test func(*testing.T, Stage)
	}{
		{"MessagesComeInOrder", messagesComeInOrder},
		{"ARepetitionKeepsItsID", aRepetitionKeepsItsID},
		{"WhatWasNotStoredComesAgain", whatWasNotStoredComesAgain},
		{"RunEndsWithItsContext", runEndsWithItsContext},
		{"SendShowsOnce", sendShowsOnce},
		{"OptionsCanBeRead", optionsCanBeRead},
		{"AVoteCanBeRead", aVoteCanBeRead},
		{"MarksNeverShow", marksNeverShow},
		{"LongTextsArriveWhole", longTextsArriveWhole},
		{"FailuresAreClassified", failuresAreClassified},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
}

// start runs the stage's adapter until the test ends.
func start(t *testing.T, s Stage, sink bot.Sink) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Adapter().Run(ctx, sink) }()
	t.Cleanup(func() {
		cancel()
		late, stop := context.WithTimeout(context.Background(), patience)
		defer stop()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("Run ended with %v", err)
			}
		case <-late.Done():
			t.Error("Run did not end with its context")
		}
	})
}

func messagesComeInOrder(t *testing.T, s Stage) {
	sink := NewSink(0)
	start(t, s, sink)
	const n = 20
	for i := range n {
		s.Say(fmt.Sprintf("message %02d", i))
	}
	ids := map[bot.MessageID]bool{}
	for i, in := range sink.Texts(t, n) {
		if want := fmt.Sprintf("message %02d", i); !strings.Contains(in.Text, want) {
			t.Errorf("message %d: got %q", i, in.Text)
		}
		if in.ID == "" || ids[in.ID] {
			t.Errorf("message %d: id %q is empty or used twice", i, in.ID)
		}
		ids[in.ID] = true
		if in.Platform != s.Adapter().Platform() || in.Room != s.Room() || in.From == "" || in.At.IsZero() || !in.ToBot {
			t.Errorf("message %d lacks something: %+v", i, in)
		}
	}
}

func aRepetitionKeepsItsID(t *testing.T, s Stage) {
	sink := NewSink(0)
	start(t, s, sink)
	s.Say("once")
	first := sink.Texts(t, 1)[0]
	if !s.Repeat() {
		t.Skip("the platform repeats nothing")
	}
	s.Say("afterwards")
	two := sink.Texts(t, 2) // counts each id once
	if two[0].ID != first.ID || !strings.Contains(two[1].Text, "afterwards") {
		t.Errorf("the repetition of %s came as %+v", first.ID, two)
	}
}

func whatWasNotStoredComesAgain(t *testing.T, s Stage) {
	if !s.Redelivers() {
		t.Skip("the platform does not redeliver")
	}
	sink := NewSink(1)
	start(t, s, sink)
	s.Say("keep me")
	if in := sink.Texts(t, 1)[0]; !strings.Contains(in.Text, "keep me") {
		t.Errorf("got %q", in.Text)
	}
}

func runEndsWithItsContext(t *testing.T, s Stage) { start(t, s, NewSink(0)) }

func send(t *testing.T, s Stage, out bot.Outgoing) bot.MessageID {
	t.Helper()
	out.Platform, out.Room = s.Adapter().Platform(), s.Room()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	id, err := s.Adapter().Send(ctx, out)
	if err != nil {
		t.Fatalf("send %q: %v", out.Text, err)
	}
	if id == "" {
		t.Errorf("send %q: no id", out.Text)
	}
	return id
}

func sendShowsOnce(t *testing.T, s Stage) {
	start(t, s, NewSink(0))
	ids := map[bot.MessageID]bool{}
	for i, text := range []string{"first line", "second line", "third line"} {
		ids[send(t, s, bot.Outgoing{ID: int64(i + 1), Kind: bot.KindReply, Text: text})] = true
	}
	seen := s.Seen()
	if len(seen) != 3 || !strings.Contains(seen[0], "first line") || !strings.Contains(seen[2], "third line") {
		t.Errorf("seen: %q", seen)
	}
	if len(ids) != 3 {
		t.Errorf("%d ids for 3 messages", len(ids))
	}
}

func shows(t *testing.T, s Stage, words ...string) {
	t.Helper()
	all := strings.Join(s.Seen(), "\n")
	for _, w := range words {
		if !strings.Contains(all, w) {
			t.Errorf("%q cannot be read in %q", w, all)
		}
	}
}

func optionsCanBeRead(t *testing.T, s Stage) {
	start(t, s, NewSink(0))
	send(t, s, bot.Outgoing{ID: 1, Kind: bot.KindQuestion, Text: "Which one?", Options: []bot.Option{
		{Label: "Data migration", Action: "pick:3"}, {Label: "Go-live", Action: "pick:9", Style: "primary"},
	}})
	shows(t, s, "Which one?", "Data migration", "Go-live")
}

func aVoteCanBeRead(t *testing.T, s Stage) {
	start(t, s, NewSink(0))
	send(t, s, bot.Outgoing{ID: 1, Kind: bot.KindEscalation, Text: "A meeting is proposed.", Poll: &bot.Poll{
		Question: "When?", Options: []string{"Thu 10:00", "Fri 15:00"}, Actions: []string{"slot:1:0", "slot:1:1"},
	}})
	shows(t, s, "A meeting is proposed.", "When?", "Thu 10:00", "Fri 15:00")
}

func marksNeverShow(t *testing.T, s Stage) {
	start(t, s, NewSink(0))
	text := markup.Bold("Health") + " " + markup.Mention("nobody-here", "Ana Ruiz") + " " +
		markup.Moment(time.Date(2026, 3, 12, 10, 0, 0, 0, time.UTC), "thursday 10:00") + " 1 < 2 & 3 > 2"
	send(t, s, bot.Outgoing{ID: 1, Kind: bot.KindReply, Text: text})
	for _, seen := range s.Seen() {
		if seen != markup.Strip(seen) {
			t.Errorf("marks show in %q", seen)
		}
	}
	shows(t, s, "Health", "1 < 2 & 3 > 2")
}

func longTextsArriveWhole(t *testing.T, s Stage) {
	start(t, s, NewSink(0))
	size := 6000
	if limit := s.Adapter().Capabilities().MaxText; limit > 0 {
		size = limit + limit/2
	}
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, "line %05d of a long list\n", i)
	}
	b.WriteString("the very end")
	send(t, s, bot.Outgoing{ID: 1, Kind: bot.KindReply, Text: b.String()})
	shows(t, s, "line 00000", "line 00100", "the very end")
}

func failuresAreClassified(t *testing.T, s Stage) {
	start(t, s, NewSink(0))
	for _, f := range []Failure{Busy, Gone, Severed} {
		if !s.Fail(f) {
			continue
		}
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		_, err := s.Adapter().Send(ctx, bot.Outgoing{ID: 7, Platform: s.Adapter().Platform(), Room: s.Room(), Kind: bot.KindReply, Text: "hello"})
		cancel()
		var d *bot.DeliveryError
		if !errors.As(err, &d) {
			t.Errorf("%s: %v is not classified", f, err)
			continue
		}
		if d.Permanent != (f == Gone) || d.InDoubt != (f == Severed) {
			t.Errorf("%s: permanent %v, in doubt %v (%v)", f, d.Permanent, d.InDoubt, err)
		}
	}
}
