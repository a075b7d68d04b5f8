package steering

import (
	"fmt"
	"strings"
	"testing"
)

func TestHealth(t *testing.T) {
	doneFirst := func(p *Project) {
		p.Milestone("1").Status, p.Milestone("2").Status = Done, Done
	}
	for name, tc := range map[string]struct {
		change func(p *Project)
		today  string
		want   string
	}{
		"as planned": {doneFirst, "2026-03-10", "green: on_track"},
		"overdue": {func(p *Project) {
			p.Milestone("1").Status = Done
			p.Milestone("2").DependsOn = nil
			p.Milestone("3").DependsOn = nil
		}, "2026-03-09", "amber: overdue 2 1"},
		"on its due date":        {func(p *Project) { p.Milestone("1").Status = Done }, "2026-03-06", "green: on_track"},
		"overdue, go-live slips": {func(p *Project) { p.Milestone("1").Status = Done }, "2026-03-10", "amber: overdue 2 2, golive_late 10 2"},
		"blocked":                {func(p *Project) { doneFirst(p); p.Milestone("6").Status = Blocked }, "2026-03-10", "amber: blocked 6"},
		"a gate overdue":         {func(p *Project) { doneFirst(p); p.Milestone("4").DependsOn, p.Milestone("5").DependsOn = nil, nil }, "2026-03-16", "red: gate_overdue 3 1"},
		"go-live overdue":        {func(p *Project) { allDone(p); p.Milestone("10").Status = Pending }, "2026-05-05", "red: gate_overdue 10 1"},
		"go-live ten days":       {func(p *Project) { doneFirst(p); p.Milestone("10").Due = day("2026-05-18") }, "2026-03-10", "amber: golive_late 10 10"},
		"go-live eleven":         {func(p *Project) { doneFirst(p); p.Milestone("10").Due = day("2026-05-19") }, "2026-03-10", "red: forecast_late 10 11"},
		"a gate ten days":        {func(p *Project) { doneFirst(p); p.Milestone("3").Due = day("2026-03-27") }, "2026-03-10", "green: on_track"},
		"a gate eleven":          {func(p *Project) { doneFirst(p); p.Milestone("3").Due = day("2026-03-30") }, "2026-03-10", "red: forecast_late 3 11"},
		"go-live done late":      {func(p *Project) { allDone(p); p.Milestone("10").Due = day("2026-06-30") }, "2026-07-10", "green: on_track"},
		"cancelled ones not":     {func(p *Project) { doneFirst(p); p.Milestone("6").Status = Cancelled }, "2026-03-30", "red: gate_overdue 3 11, forecast_late 10 11, overdue 4 6, overdue 5 6"},
		"an escalation open": {func(p *Project) {
			doneFirst(p)
			p.Meetings = []*Meeting{{ID: 4, Reason: MeetingReasonMissed, Milestones: []string{"2", "6"}, Status: MeetingProposed}}
		}, "2026-03-10", "red: escalated 6 0 @4"},
		"an escalation held": {func(p *Project) {
			doneFirst(p)
			p.Meetings = []*Meeting{{ID: 4, Reason: MeetingReasonMissed, Milestones: []string{"6"}, Status: MeetingHeld}}
		}, "2026-03-10", "green: on_track"},
		"an escalation of what is done": {func(p *Project) {
			doneFirst(p)
			p.Meetings = []*Meeting{{ID: 4, Reason: MeetingReasonMissed, Milestones: []string{"2"}, Status: MeetingScheduled}}
		}, "2026-03-10", "green: on_track"},
		"a meeting for another reason": {func(p *Project) {
			doneFirst(p)
			p.Meetings = []*Meeting{{ID: 4, Milestones: []string{"6"}, Status: MeetingScheduled}}
		}, "2026-03-10", "green: on_track"},
	} {
		p := pilot()
		tc.change(p)
		health, reasons := p.Assess(day(tc.today))
		if got := fmt.Sprintf("%s: %s", health, tell(reasons)); got != tc.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, tc.want)
		}
	}
}

func allDone(p *Project) {
	for _, m := range p.Milestones {
		m.Status = Done
	}
}

// tell writes reasons as "code key days @meeting".
func tell(reasons []Reason) string {
	var out []string
	for _, r := range reasons {
		s := string(r.Code)
		if r.Milestone != "" {
			s += " " + r.Milestone
		}
		if r.Days != 0 || r.Meeting != 0 {
			s += fmt.Sprintf(" %d", r.Days)
		}
		if r.Meeting != 0 {
			s += fmt.Sprintf(" @%d", r.Meeting)
		}
		out = append(out, s)
	}
	return strings.Join(out, ", ")
}
