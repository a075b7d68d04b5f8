package conversations

import (
	"testing"
	"time"

	"timonel/conversations/understand"
	"timonel/internal/markup"
	"timonel/locale"
	"timonel/steering"
)

// TestRestate reads what the bot says that it understood, before it does it.
func TestRestate(t *testing.T) {
	p := &steering.Project{Key: "ACME", Timezone: "UTC", Milestones: []*steering.Milestone{
		{Key: "6", Name: "Homework", Due: steering.NewDate(2026, 3, 26)}, {Key: "7", Name: "Second session", Due: steering.NewDate(2026, 3, 27)},
	}}
	refs := func(keys ...string) (list []understand.Ref) {
		for _, key := range keys {
			list = append(list, understand.Ref{Key: key})
		}
		return list
	}
	tuesday := &understand.Dated{Date: steering.NewDate(2026, 4, 7)}
	for _, c := range []struct {
		intent understand.Intent
		slots  understand.Slots
		want   string
	}{
		{understand.Done, understand.Slots{Milestones: refs("6")}, "mark as done 6. Homework"},
		{understand.Done, understand.Slots{Milestones: refs("6", "7"), Date: tuesday}, "mark as done 6. Homework and 7. Second session (Tuesday 7 Apr)"},
		{understand.Progress, understand.Slots{Milestones: refs("7"), Percent: 50}, "note the progress of 7. Second session (50 %)"},
		{understand.Rename, understand.Slots{Milestones: refs("6"), Name: "Tasks"}, "rename 6. Homework (“Tasks”)"},
		{understand.Risk, understand.Slots{Text: "no access"}, "log a risk “no access”"},
		{understand.Snooze, understand.Slots{Date: tuesday}, "mute reminders (Tuesday 7 Apr)"},
	} {
		turn := &turn{p: p, say: locale.For("en"), now: time.Date(2026, 3, 25, 9, 0, 0, 0, time.UTC)}
		if got := markup.Plain(turn.restate(understand.Frame{Intent: c.intent, Slots: c.slots})); got != c.want {
			t.Errorf("%s: %q, want %q", c.intent, got, c.want)
		}
	}
}
