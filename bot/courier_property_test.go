package bot

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// TestEverythingArrivesOnceAndInOrder: whatever way sendings, notes of them and the process itself fail, each message
// arrives once, and in the order of its room, on a platform that can be asked what it has.
func TestEverythingArrivesOnceAndInOrder(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		rooms := rapid.IntRange(1, 3).Draw(r, "rooms")
		messages := rapid.IntRange(1, 12).Draw(r, "messages")
		failures := rapid.SliceOfN(rapid.SampledFrom([]string{"", "busy", "wait", "severed", "swallowed", "panic"}), 0, 30).Draw(r, "failures")
		stumbles := rapid.SliceOfN(rapid.Bool(), 0, 20).Draw(r, "stumbles")
		stops := rapid.SliceOfN(rapid.IntRange(1, 400), 0, 3).Draw(r, "stops after seconds")
		var problem string
		synctest.Test(t, func(t *testing.T) {
			problem = deliverAll(t, rooms, messages, failures, stumbles, stops)
		})
		if problem != "" {
			r.Fatal(problem)
		}
	})
}

func deliverAll(t *testing.T, rooms, messages int, failures []string, stumbles []bool, stops []int) string {
	box := &memoryOutbox{now: time.Now}
	box.markSent = func() error {
		if len(stumbles) == 0 {
			return nil
		}
		fails := stumbles[0]
		stumbles = stumbles[1:]
		if fails {
			return errBroken
		}
		return nil
	}
	p := &askable{platform{name: WhatsApp}}
	p.fails = func(out Outgoing) error {
		if len(failures) == 0 {
			return nil
		}
		kind := failures[0]
		failures = failures[1:]
		p.lost = kind == "swallowed"
		switch kind {
		case "busy":
			return Temporary(errBroken, 0)
		case "wait":
			return Temporary(errBroken, 40*time.Second)
		case "severed", "swallowed":
			return InDoubt(errBroken)
		case "panic":
			panic("adapter")
		}
		return nil
	}
	want := map[RoomID][]string{}
	for i := range messages {
		room := RoomID(fmt.Sprint(i % rooms))
		want[room] = append(want[room], fmt.Sprint(i))
		box.put(Outgoing{Platform: WhatsApp, Room: room, Text: fmt.Sprint(i), At: time.Now()})
	}
	for _, after := range stops {
		stop := running(t, NewCourier(box, CourierOptions{Random: steady}, p))
		time.Sleep(time.Duration(after) * time.Second)
		stop()
	}
	stop := running(t, NewCourier(box, CourierOptions{Random: steady}, p))
	time.Sleep(6 * time.Hour)
	stop()
	got := map[RoomID][]string{}
	for _, out := range p.sent {
		got[out.Room] = append(got[out.Room], out.Text)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		return fmt.Sprintf("arrived %v, want %v; rows %s", got, want, box.states())
	}
	return ""
}
