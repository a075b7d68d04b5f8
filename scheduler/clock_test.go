package scheduler

import (
	"slices"
	"testing"
	"time"
)

// told runs three weeks of a project; at a moment something is done to the clock.
func told(t *testing.T, befalls func(w *world)) *world {
	t.Helper()
	w := newWorld(t, "2026-03-02 08:00")
	w.committee()
	w.create(rollout("ACME"))
	w.until("2026-03-05 09:05") // just after a reminder went out
	befalls(w)
	w.until("2026-03-27 18:00")
	w.lawful()
	return w
}

// A clock that is set back ten minutes, in the middle of a day's notices and again and again, repeats none and loses none.
func TestTheClockIsSetBack(t *testing.T) {
	want := told(t, func(*world) {}).transcript()
	got := told(t, func(w *world) {
		for range 5 {
			w.now = w.now.Add(-10 * time.Minute)
			w.sweep()
			w.pass(w.now.Add(10 * time.Minute))
			w.sweep()
		}
	}).transcript()
	if got != want {
		t.Errorf("with the clock set back people read\n%s\ninstead of\n%s", got, want)
	}
}

// A clock that jumps a day forward is a day's downtime, no more: what fell due in that day goes out at once, and people are
// told exactly what they would have been. So it is when somebody sets it right again.
func TestTheClockJumpsForward(t *testing.T) {
	want := identities(told(t, func(*world) {}))
	jump := func(w *world) { w.now = w.now.Add(24 * time.Hour); w.sweep() }
	for name, befalls := range map[string]func(*world){
		"forward": func(w *world) {
			before := len(w.delivered)
			jump(w)
			if len(w.delivered) == before {
				t.Error("nothing of the day that was jumped over went out")
			}
		},
		"and back": func(w *world) {
			jump(w)
			w.now = w.now.Add(-24 * time.Hour)
			w.sweep()
		},
	} {
		if got := identities(told(t, befalls)); !slices.Equal(got, want) {
			t.Errorf("%s: told of %q instead of %q", name, got, want)
		}
	}
}

// identities lists what was told, to whom.
func identities(w *world) []string {
	var list []string
	for _, out := range w.delivered {
		for _, id := range out.Identities {
			list = append(list, string(out.Room)+"@"+string(out.Direct)+" "+id)
		}
	}
	slices.Sort(list)
	return list
}
