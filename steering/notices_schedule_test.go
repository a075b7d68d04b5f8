package steering

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestInvoiceNotices(t *testing.T) {
	p := only()
	p.Invoices = []*Invoice{
		{ID: 1, For: "licence", Issued: day("2025-04-01"), Due: day("2025-05-01"), Status: InvoicePaid},
		{ID: 2, For: "fee", Issued: day("2026-02-12"), Due: day("2026-03-14"), Status: InvoiceOpen}, // due on a Saturday
	}
	k := newTicker(p, tuesday)
	to := " → ana carla sofia"
	k.check(t, "2026-03-14 09:00")
	k.check(t, "2026-03-16 08:00", "invoice invoice 2|2026-03-14"+to) // it waits for the next working moment
	k.check(t, "2026-03-16 09:00", "invoice invoice 2|2026-03-16"+to) // overdue
	k.check(t, "2026-03-17 09:00", "invoice invoice 1|renewal 2026-04-01"+to)
	k.check(t, "2026-04-12 09:00")
	k.check(t, "2026-04-13 09:00", "invoice invoice 2|2026-04-13"+to)
	for i, want := range []NoticeReason{ForDueDate, ForOverdue, ForRenewal, ForSuspension} {
		if n := k.log[i]; n.Reason != want || n.Group || !n.Direct {
			t.Errorf("notice %d: %+v, want %s", i, n, want)
		}
	}
	if n := k.log[3]; n.Days != 30 {
		t.Errorf("overdue for %d days", n.Days)
	}
	// A later invoice for the same thing takes the renewal over; a paid one is asked for no more.
	p.Invoices = append(p.Invoices, &Invoice{ID: 3, For: "licence", Issued: day("2026-04-01"), Due: day("2026-05-01"), Status: InvoicePaid})
	k = newTicker(p, moment("2026-03-10 10:00"))
	k.check(t, "2026-03-18 09:00", "invoice invoice 2|2026-03-16"+to+" late")
	k.do(t, "ana", moment("2026-03-18 10:00"), PayInvoice{ID: 2})
	k.check(t, "2026-04-13 09:00")
	k.check(t, "2027-02-01 09:00", "invoice invoice 2|renewal 2027-02-12"+to+" late")
}

func TestInvoiceMonthlyRenewal(t *testing.T) {
	p := only("10")
	p.Settings.InvoiceEvery = 1
	p.Invoices = []*Invoice{{ID: 1, Issued: day("2026-01-31"), Due: day("2026-03-02"), Status: InvoicePaid}}
	k := newTicker(p, moment("2026-02-01 10:00"))
	var got []string
	for at := p.NextMoment(k.policy, k.since, nil); at.Before(moment("2026-05-01 00:00")); at = p.NextMoment(k.policy, at, nil) {
		for _, n := range k.tick(at) {
			if n.Kind == NoticeInvoice {
				got = append(got, at.Format("01-02")+" for "+n.Due.String())
			}
		}
	}
	// The renewal keeps the day, or ends at the month's last; 15 days before, or on the Monday after a weekend.
	if want := []string{"02-13 for 2026-02-28", "03-16 for 2026-03-31", "04-15 for 2026-04-30"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWarrantyAndReviewNotices(t *testing.T) {
	p := only("10")
	p.Settings.Review = "quarterly"
	p.Warranty = &Warranty{From: day("2026-05-04"), Until: day("2026-08-02")}
	k := newTicker(p, tuesday)
	k.check(t, "2026-03-10 10:00")
	must(t, p, "ana", tuesday, CompleteMilestone{Key: "10"})
	must(t, p, "bruno", tuesday, GiveSignOff{Key: "10"}) // live on 10 March, warranty until 8 June
	k.check(t, "2026-05-08 09:00")
	k.check(t, "2026-05-11 08:00", "warranty |2026-05-09 → ana carla") // 30 days before is a Saturday
	k.check(t, "2026-06-01 09:00", "warranty |2026-06-01 → ana carla")
	k.check(t, "2026-06-03 09:00", "review |2026-06-10 → ana carla")
	k.check(t, "2026-09-02 09:00")
	k.check(t, "2026-09-03 09:00", "review |2026-09-10 → ana carla")
	k.check(t, "2026-12-20 09:00") // a review that is over needs no notice
	for _, n := range k.log {
		if n.Group || !n.Direct {
			t.Errorf("never in the group: %+v", n)
		}
	}
}

func TestSurvey(t *testing.T) {
	p := only("10")
	p.Settings.Alignment = "on"
	k := newTicker(p, moment("2026-03-09 10:00"))
	k.check(t, "2026-03-11 10:00", "survey |2026-W11")
	if q := k.log[0].Question; q != QuestionUnused {
		t.Errorf("the second week asks %s", q)
	}
	k.do(t, "bruno", moment("2026-03-16 10:00"), AnswerAlignment{QuestionDoing, "the import"})
	k.check(t, "2026-03-18 10:00") // the week's question has its answer
	k.check(t, "2026-03-27 10:00", "survey |2026-W13 late")
	k.check(t, "2026-04-06 10:00") // five days late
	if q := p.WeekQuestion(day("2026-02-23")); q != QuestionGoals {
		t.Errorf("the week before the start asks %s", q)
	}
}

func TestPortfolio(t *testing.T) {
	project := func(key string, health Health, status ProjectStatus) *Project {
		p := only("10")
		p.Key, p.Health, p.Status = key, health, status
		return p
	}
	list := []*Project{
		project("ZETA", Red, ProjectActive), project("BETA", Green, ProjectLive), project("ALFA", Green, ProjectPaused),
		project("MID", Amber, ProjectActive), project("MIX", Amber, ProjectActive), project("OLD", Red, ProjectClosed),
	}
	list[4].Milestones[0].Forecast = day("2026-05-06") // two days behind
	list[2].Members[0].Person, list[0].Members = "ana", append(list[0].Members, Member{"zoe", SideVendor, []Role{RoleLead}})
	given := map[string]bool{}
	sent := func(project, kind, object, about string) bool { return given[project+kind+object+about] }
	run := func(since, at string) string {
		out := Portfolio(list, testPolicy(), moment(since), moment(at), sent)
		for _, n := range out {
			given[n.Project+string(n.Kind)+n.Object+n.About] = true
		}
		return showAll(out, time.UTC)
	}
	if got := run("2026-03-06 10:00", "2026-03-09 07:59"); got != "" {
		t.Errorf("before Monday, 08:00: %s", got)
	}
	want := "Mon 2026-03-09 08:00 portfolio [member ana|2026-03-09] schedule → direct: ana ZETA MIX MID BETA\n" +
		"Mon 2026-03-09 08:00 portfolio [member zoe|2026-03-09] schedule → direct: zoe ZETA\n"
	if got := run("2026-03-06 10:00", "2026-03-09 08:00"); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	list[1].Status = ProjectClosed // the project that the identity was stored with is no longer the first
	if got := run("2026-03-06 10:00", "2026-03-09 08:05"); strings.Contains(got, "zoe") {
		t.Errorf("again: %s", got)
	}
	if got := run("2026-03-09 08:05", "2026-03-12 09:00"); got != "" {
		t.Errorf("settled: %s", got)
	}
	if at := NextPortfolio(list, testPolicy(), moment("2026-03-11 10:00")); !at.Equal(moment("2026-03-16 08:00")) {
		t.Errorf("next at %s", at)
	}
	if at := NextPortfolio(nil, testPolicy(), moment("2026-03-11 10:00")); !at.IsZero() {
		t.Errorf("without projects at %s", at)
	}
}

func TestStands(t *testing.T) {
	p := only("4", "10")
	p.Milestone("4").Due = day("2026-03-13")
	p.Actions = []*Action{{ID: 1, Owner: "dana", Due: day("2026-03-13"), Status: EntryOpen}}
	policy := testPolicy().With(p.Settings)
	at := moment("2026-03-12 09:00")
	owed := p.Due(policy, tuesday, at, nil)
	if len(owed) != 2 {
		t.Fatalf("owed %s", showAll(owed, time.UTC))
	}
	for name, tc := range map[string]struct {
		change func(p *Project)
		now    string
		want   string
	}{
		"nothing happened":          {func(*Project) {}, "2026-03-12 09:30", "4, action 1"},
		"by night, for the morning": {func(*Project) {}, "2026-03-12 23:00", "4, action 1"},
		"done":                      {func(p *Project) { p.Milestone("4").Status = Done }, "2026-03-12 09:30", "action 1"},
		"moved":                     {func(p *Project) { p.Milestone("4").Due++ }, "2026-03-12 09:30", "action 1"},
		"action closed":             {func(p *Project) { p.Actions[0].Status = EntryClosed }, "2026-03-12 09:30", "4"},
		"muted":                     {func(p *Project) { p.Mutes = []*Mute{{Person: "dana", Until: day("2026-03-16")}} }, "2026-03-12 09:30", ""},
		"paused":                    {func(p *Project) { p.Status = ProjectPaused }, "2026-03-12 09:30", ""},
		"a newer one is owed":       {func(*Project) {}, "2026-03-13 09:00", ""},
		"submitted: signers now": {func(p *Project) {
			p.Milestone("4").Status, p.Milestone("4").SignOff = Submitted, &SignOff{Sides: []Side{SideClient}}
		}, "2026-03-12 09:30", "action 1"},
	} {
		q := p.Clone()
		tc.change(q)
		var got []string
		for _, n := range owed {
			if q.Stands(policy, n, moment(tc.now)) {
				got = append(got, n.Object)
			}
		}
		if s := strings.Join(got, ", "); s != tc.want {
			t.Errorf("%s: %q stand, want %q", name, s, tc.want)
		}
	}
	if !p.Stands(policy, Notice{Kind: NoticeDigest}, at) {
		t.Error("a digest does not stand")
	}
}

func TestBundle(t *testing.T) {
	direct := map[PersonID]string{"dana": "dm:dana", "ana": "dm:ana"} // bruno has not written to the bot
	place := func(n Notice, id PersonID) []string {
		if id == "" {
			return map[string][]string{"A": {"group-a", "slack-a"}, "B": {"group-a"}}[n.Project]
		}
		if chat := direct[id]; chat != "" {
			return []string{chat}
		}
		return nil
	}
	n := func(project string, kind NoticeKind, object string, way string, to ...PersonID) Notice {
		return Notice{Project: project, Kind: kind, Object: object, Direct: strings.Contains(way, "d"), Group: strings.Contains(way, "g"), To: to}
	}
	parcels, held := Bundle([]Notice{
		n("A", NoticeReminder, "1", "dg", "dana"),
		n("A", NoticeReminder, "2", "dg", "bruno"),
		n("A", NoticeOverdue, "3", "g", "dana", "ana"),
		n("A", NoticeEscalation, "3", "g", "ana", "sofia"),
		n("B", NoticeDigest, "", "g"),
		n("A", NoticeInvoice, "invoice 1", "d", "ana", "sofia"),
		n("A", NoticeWarranty, "", "d", "ana"),
		n("C", NoticeDigest, "", "g"),
		n("A", NoticeSignOff, "5", "dg", "dana", "bruno"),
	}, place)
	var got []string
	for _, p := range parcels {
		var items []string
		for _, n := range p.Notices {
			items = append(items, fmt.Sprintf("%s%s%v", n.Kind, n.Object, n.To))
		}
		got = append(got, fmt.Sprintf("%s %s %v apart=%t mentions %v: %s", p.To, p.Kind.Message(), p.Kinds, p.Apart, p.Mentions, strings.Join(items, " ")))
	}
	want := []string{
		"dm:dana signoff [signoff reminder] apart=false mentions []: signoff5[dana] reminder1[dana]",
		"group-a escalation [escalation overdue signoff reminder digest] apart=true mentions [bruno dana ana sofia]: escalation3[ana sofia] overdue3[dana ana] signoff5[bruno] reminder2[bruno] digest[]",
		"slack-a escalation [escalation overdue signoff reminder] apart=true mentions [bruno dana ana sofia]: escalation3[ana sofia] overdue3[dana ana] signoff5[bruno] reminder2[bruno]",
		"dm:ana invoice [invoice warranty] apart=false mentions []: invoiceinvoice 1[ana] warranty[ana]",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if len(held) != 2 || held[0].Kind != NoticeInvoice || !slices.Equal(held[0].To, []PersonID{"sofia"}) || held[1].Project != "C" {
		t.Errorf("held %+v", held)
	}
	policy := DefaultPolicy()
	if policy.Fits(parcels[0], 3) || !policy.Fits(parcels[0], 2) || !policy.Fits(parcels[1], 9) {
		t.Error("three a day, escalations apart")
	}
	if NoticeWarranty.Message() != "notice" || NoticeKind("x").gravity() != len(byGravity) {
		t.Error("kinds of messages")
	}
}

// A policy of nonsense must neither hang nor silence the clock.
func TestPolicyOfNonsense(t *testing.T) {
	p := only("4")
	p.Settings.Digest = ""
	policy := Policy{Next: func(string, time.Time) time.Time { return time.Time{} }, ReminderDays: []int{0}}
	if at := p.NextMoment(policy, tuesday, nil); at.IsZero() {
		t.Error("nothing ever")
	}
	p.Milestone("4").Due = day("2026-03-10")
	if out := p.Due(policy, moment("2026-03-10 01:00"), moment("2026-03-12 12:00"), nil); len(out) == 0 {
		t.Error("nothing owed")
	}
	if slots := p.NextSlots(policy, tuesday); len(slots) != 3 {
		t.Errorf("slots %v", slots)
	}
	if len(p.SlotsOn(DefaultPolicy(), day("2026-03-14"))) != 2 {
		t.Error("slots of a day")
	}
}
