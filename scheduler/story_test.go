package scheduler

import "testing"

// A roll-out that nobody touches: reminders, nags, an escalation with its meeting, the weekly summary.
func TestUntouchedProject(t *testing.T) {
	w := newWorld(t, "2026-03-02 07:00")
	w.committee()
	w.create(rollout("ACME"))
	w.until("2026-03-27 20:00")
	w.lawful()
	golden(t, "untouched", w.transcript())
}
