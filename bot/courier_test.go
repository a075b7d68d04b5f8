package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

var errBroken = errors.New("broken")

func running(t *testing.T, c *Courier) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	var done sync.WaitGroup
	done.Go(func() { c.Run(ctx) })
	return func() { cancel(); done.Wait() }
}

func steady() float64 { return 0 }

// fails returns an error for the first n sendings of each message.
func fails(n int, err error) func(Outgoing) error {
	seen := map[int64]int{}
	return func(out Outgoing) error {
		if seen[out.ID]++; seen[out.ID] <= n {
			return err
		}
		return nil
	}
}

func TestCourierOutcomes(t *testing.T) {
	for _, c := range []struct {
		name  string
		fails func(Outgoing) error
		lost  bool
		want  string
		sent  int
		took  time.Duration // at most
	}{
		{name: "sends", want: "sent", sent: 1},
		{name: "tries again", fails: fails(3, Temporary(errBroken, 0)), want: "sent", sent: 1, took: 8 * time.Second},
		{name: "waits as told", fails: fails(1, Temporary(errBroken, 30*time.Second)), want: "sent", sent: 1, took: 31 * time.Second},
		{name: "gives up what cannot be", fails: fails(1, Permanent(errBroken)), want: "failed"},
		{name: "asks when in doubt, and it was there", fails: fails(1, InDoubt(errBroken)), lost: true, want: "sent", sent: 1},
		{name: "asks when in doubt, and it was not", fails: fails(1, InDoubt(errBroken)), want: "sent", sent: 1, took: 2 * time.Second},
		{name: "an unmarked error is in doubt", fails: fails(1, errBroken), want: "sent", sent: 1, took: 2 * time.Second},
		{name: "survives a panic", fails: func() func(Outgoing) error {
			f := fails(1, errBroken)
			return func(out Outgoing) error {
				if f(out) != nil {
					panic("adapter")
				}
				return nil
			}
		}(), want: "sent", sent: 1, took: 2 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				box := &memoryOutbox{now: time.Now}
				p := &askable{platform{name: Web, fails: c.fails, lost: c.lost}}
				var given []int64
				stop := running(t, NewCourier(box, CourierOptions{Random: steady, Failed: func(_ context.Context, out Outgoing, _ error) {
					given = append(given, out.ID)
				}}, p))
				defer stop()
				box.put(Outgoing{Room: "r", Text: "hi", At: time.Now()})
				time.Sleep(courierLook + c.took)
				if got := box.states(); got != c.want || len(p.sent) != c.sent {
					t.Errorf("state %s, %d on the platform; want %s, %d", got, len(p.sent), c.want, c.sent)
				}
				if (len(given) == 1) != (c.want == "failed") {
					t.Errorf("operator told of %v", given)
				}
			})
		})
	}
}

func TestCourierGivesUpWhatStaysBroken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box := &memoryOutbox{now: time.Now}
		p := &platform{name: Web, fails: func(out Outgoing) error {
			if out.Text == "old" {
				return Temporary(errBroken, 0)
			}
			return nil
		}}
		stop := running(t, NewCourier(box, CourierOptions{Random: steady}, p))
		defer stop()
		box.put(Outgoing{Room: "r", Text: "old", At: time.Now()}, Outgoing{Room: "r", Text: "next", At: time.Now()})
		time.Sleep(23 * time.Hour)
		if got := box.states(); got != "pending pending" {
			t.Fatalf("after 23 hours: %s", got)
		}
		time.Sleep(2 * time.Hour)
		if got := box.states(); got != "failed sent" {
			t.Errorf("after 25 hours: %s", got)
		}
	})
}

// TestWhatCannotBeSentWaitsForItsPlatform: nothing is tried, set back or given up meanwhile, and it goes out when it can.
func TestWhatCannotBeSentWaitsForItsPlatform(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box := &memoryOutbox{now: time.Now}
		p := &platform{name: Web, fails: fails(1, Temporary(errBroken, 0))}
		p.mute.Store(true)
		stop := running(t, NewCourier(box, CourierOptions{Random: steady}, p))
		defer stop()
		box.put(Outgoing{Room: "r", Text: "waits", At: time.Now()})
		time.Sleep(30 * time.Hour)
		if got := box.states(); got != "pending" {
			t.Fatalf("without a platform: %s", got)
		}
		p.mute.Store(false)
		time.Sleep(time.Minute)
		if got := box.states(); got != "sent" {
			t.Errorf("after its return: %s", got)
		}
	})
}

func TestCourierDropsWhatIsUntrue(t *testing.T) {
	box := &memoryOutbox{now: time.Now}
	p := &platform{name: Web}
	c := NewCourier(box, CourierOptions{StillTrue: func(_ context.Context, out Outgoing) (bool, error) {
		return out.Text != "was done meanwhile", nil
	}}, p)
	box.put(Outgoing{Room: "r", Text: "due"}, Outgoing{Room: "r", Text: "was done meanwhile"}, Outgoing{Room: "r", Text: "late"})
	if n, err := c.Flush(t.Context()); n != 2 || err != nil {
		t.Errorf("flushed %d, %v", n, err)
	}
	if got := box.states(); got != "sent cancelled sent" {
		t.Errorf("states %s", got)
	}
}

func TestCourierKeepsTheOrderOfARoomOverFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box := &memoryOutbox{now: time.Now}
		n := 0
		p := &platform{name: Slack, fails: func(Outgoing) error {
			if n++; n%3 == 0 {
				return Temporary(errBroken, 0)
			}
			return nil
		}}
		var want []string
		for i := range 30 {
			text := fmt.Sprintf("%02d", i)
			want = append(want, text)
			box.put(Outgoing{Platform: Slack, Room: "r", Text: text, At: time.Now()})
		}
		stop := running(t, NewCourier(box, CourierOptions{Random: steady}, p))
		time.Sleep(5 * time.Minute)
		stop()
		if got := p.texts(); !slices.Equal(got, want) {
			t.Errorf("order %v", got)
		}
	})
}

func TestCourierKeepsThePace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box := &memoryOutbox{now: time.Now}
		p := &platform{name: Slack, now: time.Now}
		for room := range 3 {
			for i := range 10 {
				box.put(Outgoing{Platform: Slack, Room: RoomID(fmt.Sprint(room)), Text: fmt.Sprintf("%d-%d", room, i)})
			}
		}
		stop := running(t, NewCourier(box, CourierOptions{Random: steady}, p))
		time.Sleep(time.Minute)
		stop()
		at := map[RoomID][]time.Time{}
		for i, out := range p.sent {
			at[out.Room] = append(at[out.Room], p.at[i])
		}
		pace := Paces[Slack]
		for room, times := range at {
			if len(times) != 10 {
				t.Errorf("room %s: %d of 10", room, len(times))
			}
			for i := pace.Burst; i < len(times); i++ {
				if gap := times[i].Sub(times[i-pace.Burst]); gap < pace.Room {
					t.Errorf("room %s: %d messages within %v", room, pace.Burst+1, gap)
				}
			}
			if took := times[9].Sub(times[0]); took > 10*pace.Room {
				t.Errorf("room %s: slower than its pace, %v", room, took)
			}
		}
	})
}

func TestASlowRoomHoldsUpNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box := &memoryOutbox{now: time.Now}
		p := &platform{name: Web}
		p.fails = func(out Outgoing) error {
			if out.Room == "gone" {
				return Temporary(errBroken, time.Hour)
			}
			return nil
		}
		for i := range 20 {
			box.put(Outgoing{Room: "gone", Text: "x", At: time.Now()}, Outgoing{Room: RoomID(fmt.Sprint(i)), Text: "y", At: time.Now()})
		}
		stop := running(t, NewCourier(box, CourierOptions{Random: steady}, p))
		time.Sleep(time.Second)
		stop()
		if got := len(p.texts()); got != 20 {
			t.Errorf("%d of 20 other rooms served", got)
		}
	})
}

// TestAnInterruptedSendingIsAskedFor covers a process that ended between the sending and the note of it.
func TestAnInterruptedSendingIsAskedFor(t *testing.T) {
	for _, arrived := range []bool{true, false} {
		t.Run(fmt.Sprint("arrived ", arrived), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				box := &memoryOutbox{now: time.Now}
				box.put(Outgoing{Room: "r", Text: "hi", At: time.Now()})
				claimed, _ := box.ClaimOutgoing(t.Context(), Web, 1, time.Minute)
				p := &askable{platform{name: Web}}
				if arrived {
					p.keep(claimed[0])
				}
				stop := running(t, NewCourier(box, CourierOptions{Random: steady}, p))
				time.Sleep(2 * time.Minute)
				stop()
				if got := p.texts(); !slices.Equal(got, []string{"hi"}) || box.states() != "sent" {
					t.Errorf("on the platform %v, state %s", got, box.states())
				}
			})
		})
	}
}

// TestADatabaseThatStumblesSendsNothingTwice covers a message that arrived while its row could not be written.
func TestADatabaseThatStumblesSendsNothingTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := 5
		box := &memoryOutbox{now: time.Now, markSent: func() error {
			if broken > 0 {
				broken--
				return errBroken
			}
			return nil
		}}
		box.put(Outgoing{Room: "r", Text: "hi", At: time.Now()})
		p := &askable{platform{name: Web}}
		stop := running(t, NewCourier(box, CourierOptions{Random: steady}, p))
		time.Sleep(10 * time.Minute)
		stop()
		if got := p.texts(); len(got) != 1 || box.states() != "sent" {
			t.Errorf("on the platform %v, state %s", got, box.states())
		}
	})
}

func TestStoppingFinishesWhatIsOnItsWayAndReturnsTheRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box := &memoryOutbox{now: time.Now}
		p := &platform{name: WhatsApp, slow: func() { time.Sleep(5 * time.Second) }}
		for i := range 12 {
			box.put(Outgoing{Platform: WhatsApp, Room: RoomID(fmt.Sprint(i)), Text: fmt.Sprint(i), At: time.Now()})
		}
		stop := running(t, NewCourier(box, CourierOptions{Random: steady}, p))
		time.Sleep(time.Second)
		stop()
		for i, r := range box.rows {
			if r.state == "sending" {
				t.Errorf("message %d was left in sending", i)
			}
		}
		if n := len(p.texts()); n == 0 || n == 12 {
			t.Errorf("%d messages went out before the stop took effect", n)
		}
	})
}
