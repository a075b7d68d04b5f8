package steering

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"timonel/internal/golden"
)

// weekly reads "M H * * D" the plain way: enough of cron for these tests.
func weekly(expr string, after time.Time) time.Time {
	var minute, hour int
	var dow string
	if n, err := fmt.Sscanf(expr, "%d %d * * %s", &minute, &hour, &dow); n != 3 || err != nil {
		return time.Time{}
	}
	for d := DateOf(after); ; d++ {
		if dow != "*" && fmt.Sprint(int(d.Weekday())) != dow {
			continue
		}
		if at := d.At(hour, minute, after.Location()); at.After(after) {
			return at
		}
	}
}

func testPolicy() Policy {
	p := DefaultPolicy()
	p.Next = weekly
	return p
}

// show writes a notice as one line.
func show(n Notice, loc *time.Location) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s [%s|%s] %s", n.At.In(loc).Format("Mon 2006-01-02 15:04"), n.Kind, n.Object, n.About, n.Reason)
	if n.Due != 0 {
		fmt.Fprintf(&b, " due %s days %d", n.Due, n.Days)
	}
	if n.Question != "" {
		b.WriteString(" " + n.Question)
	}
	var to []string
	for _, id := range n.To {
		to = append(to, string(id))
	}
	way := map[[2]bool]string{{true, true}: "direct, else group", {true, false}: "direct", {false, true}: "group"}[[2]bool{n.Direct, n.Group}]
	fmt.Fprintf(&b, " → %s: %s", way, strings.Join(to, " "))
	if n.Late {
		b.WriteString(" LATE")
	}
	if len(n.Projects) > 0 {
		b.WriteString(" " + strings.Join(n.Projects, " "))
	}
	return b.String()
}

func showAll(list []Notice, loc *time.Location) string {
	var b strings.Builder
	for _, n := range list {
		b.WriteString(show(n, loc) + "\n")
	}
	return b.String()
}

func TestNoticesOfAnUntouchedProject(t *testing.T) {
	p := pilot()
	p.Timezone = "America/Bogota"
	p.UseHolidays(func(d Date) bool { return d == day("2026-03-23") || d == day("2026-04-02") || d == day("2026-04-03") })
	p.Settings.Alignment = "on"
	p.Actions = []*Action{
		{ID: 1, Text: "send the list", Owner: "bruno", Due: day("2026-03-16"), Status: EntryOpen},
		{ID: 2, Text: "nobody's", Due: day("2026-03-18"), Status: EntryOpen},
		{ID: 3, Text: "done", Owner: "bruno", Due: day("2026-03-16"), Status: EntryClosed},
	}
	p.Meetings = []*Meeting{{ID: 1, Kind: MeetingSteering, Status: MeetingScheduled, At: moment("2026-03-12 12:30")}}
	policy := testPolicy().With(p.Settings)
	list := p.Preview(policy, moment("2026-03-02 15:00"), moment("2026-04-08 00:00"))
	golden.Equal(t, filepath.Join("testdata", "untouched.golden"), showAll(list, p.Location()))
}

// tick runs Due as a scheduler would and returns what was owed.
type ticker struct {
	p      *Project
	policy Policy
	since  time.Time
	given  map[Sent]bool
	log    []Notice
}

func newTicker(p *Project, since time.Time) *ticker {
	return &ticker{p: p, policy: testPolicy().With(p.Settings), since: since, given: map[Sent]bool{}}
}

func (k *ticker) sent(kind, object, about string) bool {
	return k.given[Sent{Kind: kind, Object: object, About: about}]
}

func (k *ticker) tick(now time.Time) []Notice {
	list := k.p.Due(k.policy, k.since, now, k.sent)
	for _, n := range list {
		k.given[Sent{Kind: string(n.Kind), Object: n.Object, About: n.About}] = true
	}
	k.since = k.p.Settled(k.policy, k.since, now)
	k.log = append(k.log, list...)
	return list
}

// do changes the project as a conversation would: what was owed before is settled by the change.
func (k *ticker) do(t *testing.T, who PersonID, at time.Time, cmds ...Command) {
	t.Helper()
	if next := k.p.NextMoment(k.policy, k.since, k.sent); next.IsZero() || next.After(at) {
		k.since = at
	}
	must(t, k.p, who, at, cmds...)
	k.policy = testPolicy().With(k.p.Settings)
}

// checkTick compares what a tick owes with lines "kind object|about → who".
func (k *ticker) check(t *testing.T, at string, want ...string) {
	t.Helper()
	var got []string
	for _, n := range k.tick(moment(at)) {
		line := fmt.Sprintf("%s %s|%s", n.Kind, n.Object, n.About)
		if len(n.To) > 0 {
			line += " →"
			for _, id := range n.To {
				line += " " + string(id)
			}
		}
		if n.Late {
			line += " late"
		}
		got = append(got, line)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n got %q\nwant %q", at, got, want)
	}
}

// only leaves the milestones that are named, without dependencies, and no digest.
func only(keys ...string) *Project {
	p := pilot()
	p.Settings.Digest = "off"
	p.Milestones = slices.DeleteFunc(p.Milestones, func(m *Milestone) bool { return !slices.Contains(keys, m.Key) })
	for _, m := range p.Milestones {
		m.DependsOn = nil
	}
	return p
}

func TestReminders(t *testing.T) {
	p := only("4") // due Friday, 20 March
	k := newTicker(p, moment("2026-03-10 10:00"))
	k.check(t, "2026-03-13 08:59")
	k.check(t, "2026-03-13 09:00", "reminder 4|2026-03-13 → dana")
	k.check(t, "2026-03-13 09:00")
	k.check(t, "2026-03-17 09:00", "reminder 4|2026-03-17 → dana")
	k.check(t, "2026-03-19 09:00", "reminder 4|2026-03-19 → dana")
	k.check(t, "2026-03-20 12:00", "reminder 4|2026-03-20 → dana late")
	k.check(t, "2026-03-21 12:00")
	k.check(t, "2026-03-23 09:00", "overdue 4|2026-03-23 → dana ana")
	k.check(t, "2026-03-24 09:00")
	k.check(t, "2026-03-25 09:00", "escalation 4|2026-03-20 → ana sofia vera", "overdue 4|2026-03-25 → dana ana")
	k.check(t, "2026-03-27 09:00", "overdue 4|2026-03-27 → dana ana")
	k.check(t, "2026-03-31 09:00", "overdue 4|2026-03-31 → dana ana")
	k.do(t, "dana", moment("2026-03-31 11:00"), CompleteMilestone{Key: "4"})
	k.check(t, "2026-04-02 09:00")
}

func TestReminderOnADayOffGoesOutBefore(t *testing.T) {
	p := only("4")
	p.Milestone("4").Due = day("2026-03-23")                           // Monday: 3 days before is Friday, 1 day before is Sunday
	p.UseHolidays(func(d Date) bool { return d == day("2026-03-16") }) // 7 days before
	k := newTicker(p, moment("2026-03-10 10:00"))
	k.check(t, "2026-03-13 09:00", "reminder 4|2026-03-16 → dana") // the Friday before the holiday
	k.check(t, "2026-03-16 12:00")
	k.check(t, "2026-03-20 09:00", "reminder 4|2026-03-22 → dana") // Sunday's and its own are one about one milestone
	k.check(t, "2026-03-22 09:00")
	k.check(t, "2026-03-23 09:00", "reminder 4|2026-03-23 → dana")
}

func TestGateEscalatesOnTheFirstWorkingDay(t *testing.T) {
	p := only("3", "10")
	k := newTicker(p, moment("2026-03-13 10:00")) // the day on which 3 is due
	k.check(t, "2026-03-16 09:00", "escalation 3|2026-03-13 → ana sofia vera", "overdue 3|2026-03-16 → bruno")
	// A new date that is missed, too, escalates again.
	k.do(t, "ana", moment("2026-03-16 10:00"), MoveMilestone{Key: "3", To: day("2026-03-17")})
	k.check(t, "2026-03-17 09:00", "reminder 3|2026-03-17 → bruno")
	k.check(t, "2026-03-18 09:00", "escalation 3|2026-03-17 → ana sofia vera", "overdue 3|2026-03-18 → bruno")
	// The same date set again does not.
	k.do(t, "ana", moment("2026-03-18 10:00"), MoveMilestone{Key: "3", To: day("2026-03-30")}, MoveMilestone{Key: "3", To: day("2026-03-17")})
	k.check(t, "2026-03-19 09:00")
	k.check(t, "2026-03-20 09:00", "overdue 3|2026-03-20 → bruno")
}

func TestChangedDateTakesBack(t *testing.T) {
	p := only("4")
	k := newTicker(p, moment("2026-03-10 10:00"))
	k.do(t, "ana", moment("2026-03-13 08:30"), MoveMilestone{Key: "4", To: day("2026-03-27")})
	k.check(t, "2026-03-13 09:00")
	// The new date's reminder of the same morning was never owed: the date came after it.
	k.do(t, "ana", moment("2026-03-18 10:00"), MoveMilestone{Key: "4", To: day("2026-03-19")})
	k.check(t, "2026-03-18 10:05")
	k.check(t, "2026-03-19 09:00", "reminder 4|2026-03-19 → dana")
}

func TestAddedAfterItsReminder(t *testing.T) {
	p := only("10")
	k := newTicker(p, moment("2026-03-09 09:00"))
	k.do(t, "ana", moment("2026-03-10 12:00"), AddMilestone{Name: "New", Due: day("2026-03-11"), Owner: "dana"})
	k.check(t, "2026-03-10 16:00") // the day before was over at noon
	k.check(t, "2026-03-11 09:00", "reminder 11|2026-03-11 → dana")
}

func TestADateThatWasOverWhenItWasSet(t *testing.T) {
	p := only("4")
	k := newTicker(p, moment("2026-03-10 10:00"))
	k.do(t, "ana", moment("2026-03-18 10:00"), MoveMilestone{Key: "4", To: day("2026-03-11")})
	k.check(t, "2026-03-18 10:30")
	k.check(t, "2026-03-19 09:00", "escalation 4|2026-03-11 → ana sofia vera")
	k.check(t, "2026-03-20 09:00", "overdue 4|2026-03-20 → dana ana")
}

func TestDowntime(t *testing.T) {
	p := only("4", "6")
	p.Settings.Digest = "0 16 * * 5"
	k := newTicker(p, moment("2026-03-12 10:00"))
	// Down from Thursday to the next Thursday night: at the next working moment the newest reminder of each, no digest
	// of six days ago.
	k.check(t, "2026-03-19 22:00")
	k.check(t, "2026-03-20 08:00", "reminder 4|2026-03-19 → dana late")
	k.check(t, "2026-03-20 09:00", "reminder 4|2026-03-20 → dana", "reminder 6|2026-03-20 → dana")
	// Down over the due date, the digest, two nags and the escalation, until Monday week.
	k.check(t, "2026-03-30 11:00", "escalation 4|2026-03-20 → ana sofia vera late", "overdue 4|2026-03-27 → dana ana late",
		"digest |2026-03-27 late", "overdue 6|2026-03-30 → dana ana late")
	k.check(t, "2026-03-30 12:00" /* nothing missed comes later */)
	k.check(t, "2026-03-31 09:00", "overdue 4|2026-03-31 → dana ana")
}

func TestDigestOfADayOffAndLate(t *testing.T) {
	p := only("10")
	p.Settings.Digest = ""
	p.UseHolidays(func(d Date) bool { return d == day("2026-03-13") || d == day("2026-03-16") })
	k := newTicker(p, moment("2026-03-10 10:00"))
	k.check(t, "2026-03-13 16:00")
	k.check(t, "2026-03-17 07:59")
	k.check(t, "2026-03-17 08:00", "digest |2026-03-13") // it waited, it is not late
	k.check(t, "2026-03-20 19:59", "digest |2026-03-20 late")
	k.check(t, "2026-03-30 15:59", "digest |2026-03-27 late")
	k.check(t, "2026-04-06 16:00") // three days after Friday, 16:00
}

func TestDigestScheduleChanged(t *testing.T) {
	p := only("10")
	p.Settings.Digest = ""
	k := newTicker(p, moment("2026-03-10 10:00"))
	k.do(t, "ana", moment("2026-03-11 10:00"), ChangeSettings{Settings{Digest: "0 9 * * 1"}})
	k.check(t, "2026-03-11 10:01") // Monday's was not owed when Monday came
	k.check(t, "2026-03-13 16:00")
	k.check(t, "2026-03-16 09:00", "digest |2026-03-16")
	k.do(t, "ana", moment("2026-03-16 10:00"), ChangeSettings{Settings{Digest: "off"}})
	k.check(t, "2026-03-23 09:00")
}

func TestSubmittedRemindsTheSigner(t *testing.T) {
	p := only("3", "10")
	k := newTicker(p, moment("2026-03-09 10:00"))
	k.check(t, "2026-03-10 09:00", "reminder 3|2026-03-10 → bruno")
	k.do(t, "ana", moment("2026-03-10 10:00"), CompleteMilestone{Key: "3"})
	k.check(t, "2026-03-10 10:01")
	k.check(t, "2026-03-12 09:00", "signoff 3|2026-03-12 → bruno sofia")
	k.check(t, "2026-03-13 09:00", "signoff 3|2026-03-13 → bruno sofia")
	k.check(t, "2026-03-16 09:00", "signoff 3|2026-03-16 → bruno sofia") // and no escalation while it waits for them
	k.do(t, "sofia", moment("2026-03-17 10:00"), RejectSignOff{Key: "3", Reason: "x"})
	k.check(t, "2026-03-18 09:00", "escalation 3|2026-03-13 → ana sofia vera", "overdue 3|2026-03-18 → bruno")
}

func TestMutedNotices(t *testing.T) {
	p := only("4", "6")
	p.Actions = []*Action{{ID: 1, Owner: "dana", Due: day("2026-03-20"), Status: EntryOpen}}
	k := newTicker(p, moment("2026-03-10 10:00"))
	k.do(t, "dana", moment("2026-03-12 10:00"), MuteNotices{Until: day("2026-03-18")})
	k.check(t, "2026-03-13 09:00")
	k.check(t, "2026-03-17 09:00")
	k.check(t, "2026-03-18 08:00")
	k.check(t, "2026-03-18 09:00", "reminder 4|2026-03-17 → dana") // they start again with the newest
	k.do(t, "ana", moment("2026-03-18 10:00"), MuteNotices{Milestone: "4", Until: day("2026-03-30"), Everyone: true})
	k.check(t, "2026-03-19 09:00", "reminder action 1|2026-03-19 → dana")
	k.check(t, "2026-03-20 09:00", "reminder 6|2026-03-20 → dana", "reminder action 1|2026-03-20 → dana")
	k.check(t, "2026-03-25 09:00", "reminder 6|2026-03-24 → dana late", "overdue action 1|2026-03-25 → dana") // neither nag nor escalation of 4
	k.check(t, "2026-03-30 09:00", "overdue action 1|2026-03-27 → dana late", "escalation 4|2026-03-20 → ana sofia vera",
		"overdue 4|2026-03-27 → dana ana", "overdue 6|2026-03-30 → dana ana")
}

func TestSnooze(t *testing.T) {
	p := only("6") // due Friday, 27 March
	k := newTicker(p, moment("2026-03-10 10:00"))
	k.do(t, "dana", tuesday, MuteNotices{Milestone: "6", Until: day("2026-03-16")})
	k.do(t, "gus", tuesday, MuteNotices{Milestone: "6", Until: day("2026-03-14")})
	k.check(t, "2026-03-16 09:00", "reminder 6|snooze 2026-03-16 → dana", "reminder 6 gus|snooze 2026-03-14 → gus")
	k.check(t, "2026-03-16 12:00")
	k.check(t, "2026-03-20 09:00", "reminder 6|2026-03-20 → dana")
	// A nag goes to those who did not mute it.
	k.do(t, "dana", moment("2026-03-30 10:00"), MuteNotices{Milestone: "6", Until: day("2026-04-02")})
	k.check(t, "2026-04-01 09:00", "escalation 6|2026-03-27 → ana sofia vera", "overdue 6|2026-04-01 → ana")
	k.check(t, "2026-04-02 09:00", "reminder 6|snooze 2026-04-02 → dana")
	k.do(t, "dana", moment("2026-04-02 10:00"), MuteNotices{Milestone: "6", Until: day("2026-04-06")}, CompleteMilestone{Key: "6"})
	k.check(t, "2026-04-06 09:00")
}

func TestPausedAndClosedKeepSilent(t *testing.T) {
	for _, status := range []ProjectStatus{ProjectPaused, ProjectClosed} {
		p := only("4")
		p.Settings.Digest = ""
		k := newTicker(p, moment("2026-03-10 10:00"))
		k.do(t, "ana", tuesday, SetProjectStatus{status})
		k.check(t, "2026-03-13 16:00")
		if at := p.NextMoment(k.policy, tuesday, nil); !at.IsZero() {
			t.Errorf("%s: next moment %s", status, at)
		}
		k.do(t, "ana", moment("2026-03-17 10:00"), SetProjectStatus{ProjectActive})
		k.check(t, "2026-03-17 10:00")
		k.check(t, "2026-03-19 09:00", "reminder 4|2026-03-19 → dana")
	}
}

func TestAgendaDoesNotWait(t *testing.T) {
	p := only("10")
	p.Meetings = []*Meeting{
		{ID: 1, Status: MeetingScheduled, At: moment("2026-03-14 07:00")}, // a Saturday morning
		{ID: 2, Status: MeetingProposed, Slots: []Slot{{At: moment("2026-03-14 07:00")}}},
		{ID: 3, Status: MeetingCancelled, At: moment("2026-03-14 07:00")},
	}
	k := newTicker(p, moment("2026-03-12 10:00"))
	if at := p.NextMoment(k.policy, moment("2026-03-13 21:00"), nil); !at.Equal(moment("2026-03-14 06:00")) {
		t.Errorf("next moment %s", at)
	}
	k.check(t, "2026-03-14 05:59")
	k.check(t, "2026-03-14 06:00", "meeting meeting 1|2026-03-14T07:00:00Z")
	k.check(t, "2026-03-14 06:30")
	p.Meetings[0].At = moment("2026-03-14 09:00")
	k.check(t, "2026-03-14 09:00") // it has begun: an agenda is of no use
}

func TestNoticesThatNobodyOwns(t *testing.T) {
	p := only("4", "9", "3")
	p.Milestone("4").Owner, p.Milestone("4").Due = "", day("2026-03-13")
	p.Milestone("9").Owner, p.Milestone("9").Due = "", day("2026-03-13")                    // of the client, who has no lead
	p.Milestone("3").Status, p.Milestone("3").SignOff.Sides = Submitted, []Side{SideVendor} // nobody of the vendor's signs
	p.Member("vera").Roles = []Role{RoleMember}
	k := newTicker(p, tuesday)
	k.check(t, "2026-03-12 09:00", "signoff 3|2026-03-12 → ana", "reminder 4|2026-03-12 → ana", "reminder 9|2026-03-12 → ana")
	k.check(t, "2026-03-16 09:00", "overdue 4|2026-03-16 → ana", "overdue 9|2026-03-16 → ana", "signoff 3|2026-03-16 → ana")
	if s := k.log[0].Sent(tuesday); s != (Sent{Kind: "signoff", Object: "3", About: "2026-03-12", At: tuesday}) {
		t.Errorf("identity %+v", s)
	}
}

func TestEscalationToAnEmptyBoard(t *testing.T) {
	p := only("4")
	for i := range p.Members {
		p.Members[i].Roles = []Role{RoleMember}
	}
	k := newTicker(p, moment("2026-03-23 10:00"))
	k.do(t, "dana", moment("2026-03-23 10:00"), AddNote{Key: "4", Text: "x"})
	k.check(t, "2026-03-25 09:00", "escalation 4|2026-03-20", "overdue 4|2026-03-25 → dana")
}
