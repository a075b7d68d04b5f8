package steering

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// genCalendar draws a calendar with some closed days around spring 2026.
func genCalendar(t *rapid.T) Calendar {
	c := Calendar{Closed: map[Date]bool{}}
	for _, n := range rapid.SliceOfN(rapid.IntRange(0, 120), 0, 25).Draw(t, "closed") {
		c.Closed[day("2026-02-16").AddDays(n)] = true
	}
	return c
}

// genPlan draws milestones that depend on earlier ones, some of them done or cancelled.
func genPlan(t *rapid.T) *Project {
	p := pilot()
	p.Calendar, p.Milestones = genCalendar(t), nil
	for i := range rapid.IntRange(1, 12).Draw(t, "milestones") {
		m := &Milestone{Key: strconv.Itoa(i + 1), Name: "M" + strconv.Itoa(i+1), Side: SideVendor, Owner: "dana"}
		m.Status = rapid.SampledFrom([]Status{Pending, Pending, Pending, InProgress, Blocked, Done, Cancelled}).Draw(t, "status")
		m.Due = day("2026-02-23").AddDays(rapid.IntRange(0, 70).Draw(t, "due"))
		if rapid.IntRange(0, 9).Draw(t, "undated") == 0 {
			m.Due = 0
		}
		m.Baseline = m.Due
		m.Gate = rapid.IntRange(0, 5).Draw(t, "gate") == 0
		for j := range i {
			if rapid.IntRange(0, 2).Draw(t, "depends") == 0 {
				m.DependsOn = append(m.DependsOn, strconv.Itoa(j+1))
			}
		}
		p.Milestones = append(p.Milestones, m)
	}
	return p
}

func TestForwardPassProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := genPlan(t)
		named := rapid.SampledFrom(p.Milestones).Draw(t, "named")
		to := day("2026-02-23").AddDays(rapid.IntRange(0, 100).Draw(t, "to"))
		old, next := p.dues(), p.forward(dueDates{named.Key: to}, nil)
		index := p.byKey()
		for _, m := range p.Milestones {
			if m == named {
				continue
			}
			if next[m.Key] < m.Due {
				t.Fatalf("%s moved earlier, from %s to %s", m.Key, m.Due, next[m.Key])
			}
			if (!m.IsOpen() || m.Due == 0) && next[m.Key] != m.Due {
				t.Fatalf("%s is %s and moved", m.Key, m.Status)
			}
			before, after := latestNeed(index, m, old), latestNeed(index, m, next)
			if after <= before && next[m.Key] != m.Due {
				t.Fatalf("%s moved though the latest it needs did not move later", m.Key)
			}
			if !m.IsOpen() || m.Due == 0 || after <= before {
				continue
			}
			gap := 0
			if before != 0 {
				gap = max(0, p.Calendar.Between(before, m.Due))
			}
			if got := p.Calendar.Between(after, next[m.Key]); got < gap {
				t.Fatalf("%s keeps %d working days, had %d", m.Key, got, gap)
			}
			if next[m.Key] > m.Due && next[m.Key] > after && p.Calendar.Between(after, next[m.Key]-1) >= gap {
				t.Fatalf("%s moved to %s, a day earlier would have kept the gap", m.Key, next[m.Key])
			}
		}
		for key, date := range next {
			p.Milestone(key).Due = date
		}
		for key, date := range p.forward(dueDates{named.Key: to}, nil) {
			if p.Milestone(key).Due != date {
				t.Fatalf("a second pass moves %s", key)
			}
		}
	})
}

func TestEarlierProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := genPlan(t)
		named := rapid.SampledFrom(p.Milestones).Draw(t, "named")
		to := named.Due - Date(rapid.IntRange(0, 40).Draw(t, "days"))
		today := day("2026-03-10")
		before := snapshot(t, p)
		for _, mv := range p.earlier(dueDates{named.Key: to}, today) {
			m := p.Milestone(mv.Key)
			if mv.To >= mv.From || mv.From != m.Due || mv.To < today || !m.IsOpen() || m == named {
				t.Fatalf("%+v of %+v", mv, m)
			}
		}
		moves, _, _ := p.WhatIf(named.Key, to, today)
		if snapshot(t, p) != before {
			t.Fatal("a what-if changed the project")
		}
		if len(moves) > 1 {
			t.Fatalf("an earlier date dragged %v along", moves)
		}
	})
}

func TestForecastProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := genPlan(t)
		today := day("2026-02-23").AddDays(rapid.IntRange(0, 90).Draw(t, "today"))
		p.Refresh(today)
		for _, m := range p.Milestones {
			switch {
			case m.Forecast < m.Due:
				t.Fatalf("%s is forecast %s, before its due date %s", m.Key, m.Forecast, m.Due)
			case m.Due != 0 && m.IsOpen() && m.Forecast < today:
				t.Fatalf("%s is open and forecast %s, on %s", m.Key, m.Forecast, today)
			case !m.IsOpen() && m.Forecast != m.Due:
				t.Fatalf("%s is %s and forecast %s", m.Key, m.Status, m.Forecast)
			}
		}
		if p.Refresh(today) {
			t.Fatal("a second refresh changed something")
		}
		was := map[string]Date{}
		for _, m := range p.Milestones {
			was[m.Key] = m.Forecast
		}
		p.Refresh(today + 1)
		for _, m := range p.Milestones {
			if m.Forecast < was[m.Key] {
				t.Fatalf("a day later %s is forecast earlier", m.Key)
			}
		}
	})
}

func TestCalendarProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := genCalendar(t)
		d := day("2026-03-01").AddDays(rapid.IntRange(0, 60).Draw(t, "from"))
		n := rapid.IntRange(0, 30).Draw(t, "n")
		if got := c.Between(d, c.Add(d, n)); got != n {
			t.Fatalf("%d working days after %s lie %d working days", n, d, got)
		}
		if w := c.OnOrAfter(d); c.Add(c.Add(w, n), -n) != w || c.Add(c.Add(w, -n), n) != w {
			t.Fatalf("adding and taking %d from %s does not lead back", n, w)
		}
		e := d.AddDays(rapid.IntRange(-60, 60).Draw(t, "to"))
		if c.Between(d, e) != -c.Between(e, d) {
			t.Fatalf("between %s and %s is not antisymmetric", d, e)
		}
	})
}

// genCommand draws any command, with keys and ids that exist or not, and dates that make sense or not.
func genCommand(t *rapid.T) Command {
	key := rapid.SampledFrom([]string{"1", "2", "3", "4", "5", "8", "9", "10", "11", "99", ""})
	id := rapid.IntRange(0, 3)
	text := rapid.SampledFrom([]string{"", "  ", "something", "another thing"})
	person := rapid.SampledFrom(append(slices.Clone(everybody), ""))
	date := rapid.Custom(func(t *rapid.T) Date {
		return rapid.SampledFrom([]Date{0, 5, day("2026-03-01"), day("2026-03-10"), day("2026-03-14"), day("2026-04-20"), day("2026-07-01")}).Draw(t, "date")
	})
	role := rapid.SampledFrom(append(slices.Clone(Roles), "king"))
	kind := rapid.SampledFrom([]EntryKind{KindRisk, KindIssue, KindDecision, KindAction, KindChange, KindRequest, KindInvoice})
	at := func() time.Time {
		return tuesday.Add(time.Duration(rapid.IntRange(-48, 200).Draw(t, "hours")) * time.Hour)
	}
	yes := rapid.Bool()
	covered := yes.Draw(t, "covered")
	return rapid.SampledFrom([]Command{
		AddMilestone{Name: text.Draw(t, "name"), Due: date.Draw(t, "due"), Owner: person.Draw(t, "owner"), DependsOn: []string{key.Draw(t, "on")}},
		MoveMilestone{Key: key.Draw(t, "key"), To: date.Draw(t, "to"), Reason: text.Draw(t, "reason")},
		DecideProposal{ID: id.Draw(t, "id"), Accept: yes.Draw(t, "accept")},
		CompleteMilestone{Key: key.Draw(t, "key"), On: date.Draw(t, "on")},
		StartMilestone{Key: key.Draw(t, "key")},
		ReportProgress{Key: key.Draw(t, "key"), Percent: rapid.IntRange(-1, 101).Draw(t, "percent")},
		BlockMilestone{Key: key.Draw(t, "key"), Reason: text.Draw(t, "reason")},
		UnblockMilestone{Key: key.Draw(t, "key")},
		ReopenMilestone{Key: key.Draw(t, "key")},
		CancelMilestone{Key: key.Draw(t, "key")},
		RenameMilestone{Key: key.Draw(t, "key"), Name: text.Draw(t, "name")},
		AssignMilestone{Key: key.Draw(t, "key"), Owner: person.Draw(t, "owner")},
		AddDependency{Key: key.Draw(t, "key"), On: []string{key.Draw(t, "on"), key.Draw(t, "on")}},
		DropDependency{Key: key.Draw(t, "key"), On: []string{key.Draw(t, "on")}},
		AddNote{Key: key.Draw(t, "key"), Text: text.Draw(t, "text")},
		GiveSignOff{Key: key.Draw(t, "key")},
		RejectSignOff{Key: key.Draw(t, "key"), Reason: text.Draw(t, "reason")},
		AttachDocument{Key: key.Draw(t, "key"), Name: "x", SHA256: strings.Repeat("0", rapid.SampledFrom([]int{3, 64}).Draw(t, "sha"))},
		AddEntry{Kind: kind.Draw(t, "kind"), Text: text.Draw(t, "text"), Owner: person.Draw(t, "owner"), Due: date.Draw(t, "due"), Meeting: id.Draw(t, "id")},
		CloseEntry{kind.Draw(t, "kind"), id.Draw(t, "id")},
		RaiseChange{text.Draw(t, "text")},
		RuleChange{ID: id.Draw(t, "id"), Scope: ScopeIn, Billable: &covered},
		ProposeMeeting{Milestones: []string{key.Draw(t, "key")}, Slots: []time.Time{at(), at()}},
		ProposeMeeting{Slots: []time.Time{at()}},
		VoteSlot{id.Draw(t, "id"), rapid.IntRange(-1, 2).Draw(t, "slot")},
		ScheduleMeeting{id.Draw(t, "id"), at()},
		RecordMinutes{Meeting: id.Draw(t, "id"), Text: text.Draw(t, "text")},
		CloseMeeting{id.Draw(t, "id")},
		CancelMeeting{id.Draw(t, "id")},
		ChangeSettings{Settings{Digest: text.Draw(t, "digest"), ClosedDays: []Date{date.Draw(t, "day")}}},
		MuteNotices{Milestone: key.Draw(t, "key"), Until: date.Draw(t, "until"), Everyone: yes.Draw(t, "everyone")},
		Unmute{Milestone: key.Draw(t, "key"), Everyone: yes.Draw(t, "everyone")},
		SetRoles{Person: person.Draw(t, "person"), Side: SideClient, Add: []Role{role.Draw(t, "role")}, Drop: []Role{role.Draw(t, "role")}},
		RaiseRequest{text.Draw(t, "text")},
		RuleRequest{id.Draw(t, "id"), covered},
		SetWarranty{Days: rapid.IntRange(-1, 90).Draw(t, "days"), Until: date.Draw(t, "until")},
		AddInvoice{Issued: date.Draw(t, "issued"), Due: date.Draw(t, "due")},
		PayInvoice{ID: id.Draw(t, "id"), On: date.Draw(t, "on")},
		AnswerAlignment{rapid.SampledFrom(append(slices.Clone(Questions), "x")).Draw(t, "question"), text.Draw(t, "text")},
		SetLanguage{rapid.SampledFrom([]string{"pt", "xx"}).Draw(t, "language")},
		RecordTraining{Person: person.Draw(t, "person"), Milestone: key.Draw(t, "key"), On: date.Draw(t, "on")},
		SetProjectStatus{rapid.SampledFrom([]ProjectStatus{ProjectActive, ProjectPaused, ProjectLive, ProjectClosed, "x"}).Draw(t, "status")},
	}).Draw(t, "command")
}

// Whatever is said by whomever: a refusal and a nothing-new leave everything as it was, a change is journalled, leaves a
// state that an import would take, with fresh forecasts, and never reaches a copy made before.
func TestCommandsLeaveSoundStates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := pilot()
		p.Mode = rapid.SampledFrom([]Mode{ModeImplementation, ModeOnboarding}).Draw(t, "mode")
		p.Refresh(p.Today(tuesday))
		now := tuesday
		for range rapid.IntRange(1, 25).Draw(t, "commands") {
			now = now.Add(time.Duration(rapid.IntRange(0, 30).Draw(t, "wait")) * time.Hour)
			p.Refresh(p.Today(now))
			c, who := genCommand(t), rapid.SampledFrom(everybody).Draw(t, "who")
			before, entries, copied := snapshot(t, p), len(p.Journal), p.Clone()
			out, err := p.Do(c, Actor{Person: who}, now)
			if snapshot(t, copied) != before {
				t.Fatalf("%#v reached a copy made before it", c)
			}
			switch {
			case err != nil || out.NothingNew:
				if after := snapshot(t, p); after != before {
					t.Fatalf("%#v: %v: changed\n%s\nto\n%s", c, err, before, after)
				}
			case len(p.Journal) == entries:
				t.Fatalf("%#v changed and wrote no journal", c)
			}
			if err := p.Validate(); err != nil {
				t.Fatalf("after %#v of %s: %v", c, who, err)
			}
			if p.Refresh(p.Today(now)) {
				t.Fatalf("%#v left an old forecast or health", c)
			}
			normal := p.Clone()
			normal.Normalize()
			if snapshot(t, normal) != snapshot(t, p) {
				t.Fatalf("%#v left another order than the export's:\n%s\n%s", c, snapshot(t, p), snapshot(t, normal))
			}
		}
	})
}
