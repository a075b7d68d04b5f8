package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func event(room RoomID, id string) Incoming {
	return Incoming{Platform: Web, ID: MessageID(id), Kind: TextMessage, Room: room, Text: id}
}

// handler notes the order and ends each event unless told otherwise.
type handler struct {
	mu     sync.Mutex
	inbox  *memoryInbox
	order  []string
	before func(Incoming) error
}

func (h *handler) Handle(_ context.Context, in Incoming) error {
	if h.before != nil {
		if err := h.before(in); err != nil {
			return err
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.order = append(h.order, string(in.ID))
	h.inbox.handled(in)
	return nil
}

func (h *handler) of(prefix string) []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var list []string
	for _, id := range h.order {
		if strings.HasPrefix(id, prefix) {
			list = append(list, id)
		}
	}
	return list
}

type everything struct{}

func (everything) Listens(context.Context, Incoming) (bool, error) { return true, nil }

func TestRoomsKeepTheOrderOfEachRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inbox := &memoryInbox{}
		h := &handler{inbox: inbox, before: func(in Incoming) error {
			time.Sleep(time.Duration(len(in.ID)) * time.Millisecond) // rooms differ in speed
			return nil
		}}
		rooms := NewRooms(inbox, h, RoomsOptions{AtOnce: 3})
		intake := NewIntake(everything{}, inbox, rooms.Wake)
		ctx, cancel := context.WithCancel(t.Context())
		var done sync.WaitGroup
		done.Go(func() { rooms.Run(ctx) })
		var want [5][]string
		for i := range 100 {
			room := i % 5
			id := fmt.Sprintf("%c%03d", 'a'+rune(room), i)
			want[room] = append(want[room], id)
			if err := intake.Receive(ctx, event(RoomID(fmt.Sprint(room)), id)); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		time.Sleep(10 * time.Second)
		cancel()
		done.Wait()
		for room := range want {
			if got := h.of(string('a' + rune(room))); !slices.Equal(got, want[room]) {
				t.Errorf("room %d: got %v, want %v", room, got, want[room])
			}
		}
	})
}

func TestRoomsWorkAtTheSameTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inbox := &memoryInbox{}
		h := &handler{inbox: inbox, before: func(Incoming) error { time.Sleep(time.Second); return nil }}
		rooms := NewRooms(inbox, h, RoomsOptions{AtOnce: 4})
		for i := range 4 {
			inbox.Receive(t.Context(), event(RoomID(fmt.Sprint(i)), fmt.Sprint(i)))
		}
		ctx, cancel := context.WithCancel(t.Context())
		var done sync.WaitGroup
		done.Go(func() { rooms.Run(ctx) }) // finds by itself what an earlier process left
		time.Sleep(1100 * time.Millisecond)
		if got := len(h.of("")); got != 4 {
			t.Errorf("after the time of one event %d of 4 rooms were worked", got)
		}
		cancel()
		done.Wait()
	})
}

func TestAFailingEventIsParkedAndItsRoomGoesOn(t *testing.T) {
	for _, c := range []struct {
		name     string
		fail     func()
		attempts int
	}{
		{"error", nil, 3},
		{"panic", func() { panic("no such thing") }, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				inbox := &memoryInbox{}
				h := &handler{inbox: inbox}
				h.before = func(in Incoming) error {
					if in.ID != "bad" {
						return nil
					}
					if c.fail != nil {
						c.fail()
					}
					return errors.New("cannot")
				}
				var parked []string
				rooms := NewRooms(inbox, h, RoomsOptions{Attempts: 3, Parked: func(_ context.Context, in Incoming, err error) {
					parked = append(parked, fmt.Sprint(in.ID, " ", strings.SplitN(err.Error(), "\n", 2)[0]))
				}})
				for _, id := range []string{"one", "bad", "two"} {
					inbox.Receive(t.Context(), event("r", id))
				}
				ctx, cancel := context.WithCancel(t.Context())
				var done sync.WaitGroup
				done.Go(func() { rooms.Run(ctx) })
				time.Sleep(time.Minute)
				cancel()
				done.Wait()
				if want := []string{"one handled", "bad parked", "two handled"}; !slices.Equal(inbox.states(), want) {
					t.Errorf("inbox %v, want %v", inbox.states(), want)
				}
				if len(parked) != 1 || !strings.HasPrefix(parked[0], "bad ") {
					t.Errorf("told of %v", parked)
				}
				if got := inbox.rows[1].attempts; got != c.attempts {
					t.Errorf("%d attempts, want %d", got, c.attempts)
				}
			})
		})
	}
}

func TestDrainWorksEverythingInOrder(t *testing.T) {
	inbox := &memoryInbox{}
	h := &handler{inbox: inbox}
	tries := 0
	h.before = func(in Incoming) error {
		if in.ID == "a2" && tries < 2 {
			tries++
			return errors.New("not yet")
		}
		if in.ID == "b1" {
			panic("never")
		}
		return nil
	}
	rooms := NewRooms(inbox, h, RoomsOptions{})
	for _, id := range []string{"a1", "a2", "b1", "b2"} {
		inbox.Receive(t.Context(), event(RoomID(id[:1]), id))
	}
	if err := rooms.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if want := []string{"a1 handled", "a2 handled", "b1 parked", "b2 handled"}; !slices.Equal(inbox.states(), want) {
		t.Errorf("inbox %v, want %v", inbox.states(), want)
	}
}

func TestDrainNoticesAHandlerThatEndsNothing(t *testing.T) {
	inbox := &memoryInbox{}
	inbox.Receive(t.Context(), event("r", "x"))
	err := NewRooms(inbox, idle{}, RoomsOptions{}).Drain(t.Context())
	if err == nil || !strings.Contains(err.Error(), "neither handled nor parked") {
		t.Errorf("got %v", err)
	}
}

type idle struct{}

func (idle) Handle(context.Context, Incoming) error { return nil }

type picky struct{ err error }

func (p picky) Listens(_ context.Context, in Incoming) (bool, error) {
	if in.Text == "panic" {
		panic("strange text")
	}
	return in.Text == "for you", p.err
}

func TestIntake(t *testing.T) {
	full := errors.New("disk full")
	for _, c := range []struct {
		name, text string
		listens    error
		store      error
		twice      bool
		stored     int
		woken      int
		fails      bool
	}{
		{name: "for the bot", text: "for you", stored: 1, woken: 1},
		{name: "delivered twice", text: "for you", twice: true, stored: 1, woken: 1},
		{name: "for others", text: "hello all"},
		{name: "cannot ask", text: "for you", listens: full, fails: true},
		{name: "cannot store", text: "for you", store: full, fails: true},
		{name: "panics", text: "panic", fails: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			inbox := &memoryInbox{receive: func() error { return c.store }}
			woken := 0
			intake := NewIntake(picky{c.listens}, inbox, func(Platform, RoomID) { woken++ })
			in := event("r", "1")
			in.Text = c.text
			err := intake.Receive(t.Context(), in)
			if c.twice {
				err = intake.Receive(t.Context(), in)
			}
			if (err != nil) != c.fails {
				t.Errorf("got error %v", err)
			}
			if len(inbox.rows) != c.stored || woken != c.woken {
				t.Errorf("stored %d, woken %d times; want %d, %d", len(inbox.rows), woken, c.stored, c.woken)
			}
		})
	}
}

// away is an error of the machine's.
type away struct{}

func (away) Error() string { return "the disk is full" }
func (away) Passes() bool  { return true }

// However often the machine fails, a message is not given up for it.
func TestAMessageWaitsForTheMachine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inbox, tries := &memoryInbox{}, 0
		h := &handler{inbox: inbox, before: func(Incoming) error {
			if tries++; tries <= 20 {
				return fmt.Errorf("handle: %w", away{})
			}
			return nil
		}}
		rooms := NewRooms(inbox, h, RoomsOptions{Attempts: 3, Parked: func(context.Context, Incoming, error) { t.Error("parked") }})
		inbox.Receive(t.Context(), event("a", "a1"))
		ctx, cancel := context.WithCancel(t.Context())
		var done sync.WaitGroup
		done.Go(func() { rooms.Run(ctx) })
		time.Sleep(30 * time.Minute)
		cancel()
		done.Wait()
		if got := h.of(""); len(got) != 1 || tries != 21 {
			t.Errorf("worked %v in %d tries", got, tries)
		}
	})
}
