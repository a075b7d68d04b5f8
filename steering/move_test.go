package steering

import (
	"slices"
	"testing"
)

func TestMoveDragsWhatDepends(t *testing.T) {
	p := pilot()
	out := must(t, p, "ana", tuesday, MoveMilestone{Key: "4", To: day("2026-03-25"), Reason: " no access "})
	// 4 moves by three working days. 6 and 7 kept 5 and 10 working days behind it; 8 hangs on 7, the later one.
	checkDue(t, p, map[string]string{
		"3": "2026-03-13", "4": "2026-03-25", "5": "2026-03-20", "6": "2026-04-01", "7": "2026-04-08", "8": "2026-04-15",
		"9": "2026-04-29", "10": "2026-05-07",
	})
	want := []Move{
		{"4", day("2026-03-20"), day("2026-03-25")}, {"6", day("2026-03-27"), day("2026-04-01")},
		{"7", day("2026-04-03"), day("2026-04-08")}, {"8", day("2026-04-10"), day("2026-04-15")},
		{"9", day("2026-04-24"), day("2026-04-29")}, {"10", day("2026-05-04"), day("2026-05-07")},
	}
	if !slices.Equal(out.Moves, want) {
		t.Errorf("moves %v, want %v", out.Moves, want)
	}
	for _, mv := range want {
		slips := p.Milestone(mv.Key).Slips
		if len(slips) != 1 || slips[0] != (Slip{From: mv.From, To: mv.To, Reason: "no access", By: "ana", At: tuesday}) {
			t.Errorf("slips of %s: %+v", mv.Key, slips)
		}
		if !slices.Contains(p.Journal, JournalEntry{Action: "milestone.moved", Object: mv.Key}) {
			t.Errorf("the move of %s is not in the journal %s", mv.Key, journal(p))
		}
	}
	if b := p.Milestone("4").Baseline; b != day("2026-03-20") {
		t.Errorf("the baseline moved to %s", b)
	}
}

func TestMoveHiddenByAnotherDependency(t *testing.T) {
	p := pilot()
	out := must(t, p, "ana", tuesday, MoveMilestone{Key: "6", To: day("2026-04-03")})
	if len(out.Moves) != 1 {
		t.Errorf("8 waits for 7 until the same day, so nothing else moves: %v", out.Moves)
	}
	must(t, p, "ana", tuesday, MoveMilestone{Key: "6", To: day("2026-04-07")})
	checkDue(t, p, map[string]string{"7": "2026-04-03", "8": "2026-04-14", "9": "2026-04-28"})
}

func TestMoveLeavesDoneAndCancelled(t *testing.T) {
	p := pilot()
	must(t, p, "ana", tuesday, CompleteMilestone{Key: "2"}, CompleteMilestone{Key: "3"})
	must(t, p, "bruno", tuesday, GiveSignOff{Key: "3"})
	must(t, p, "ana", tuesday, CompleteMilestone{Key: "4"}, CompleteMilestone{Key: "6"}, CancelMilestone{Key: "7"})
	must(t, p, "ana", tuesday, ReopenMilestone{Key: "4"}, MoveMilestone{Key: "4", To: day("2026-04-13")})
	checkDue(t, p, map[string]string{"6": "2026-03-27", "7": "2026-04-03", "8": "2026-04-10", "10": "2026-05-04"})
	refused(t, p, "ana", MoveMilestone{Key: "6", To: day("2026-04-13")}, KeyDone)
	refused(t, p, "ana", MoveMilestone{Key: "7", To: day("2026-04-13")}, KeyCancelled)
}

func TestCancelledDependencyCountsNoMore(t *testing.T) {
	p := pilot()
	must(t, p, "ana", tuesday, CancelMilestone{Key: "7"})
	if deps := p.Milestone("8").DependsOn; !slices.Equal(deps, []string{"6", "7"}) {
		t.Errorf("the cancelled one left depends_on: %v", deps)
	}
	// Without 7 the latest date before 8 is 6's, 10 working days before it.
	must(t, p, "ana", tuesday, MoveMilestone{Key: "6", To: day("2026-03-30")})
	checkDue(t, p, map[string]string{"8": "2026-04-13", "9": "2026-04-27"})
}

func TestMoveEarlierDragsNothing(t *testing.T) {
	p := pilot()
	out := must(t, p, "ana", tuesday, MoveMilestone{Key: "7", To: day("2026-03-25")})
	checkDue(t, p, map[string]string{"7": "2026-03-25", "8": "2026-04-10", "10": "2026-05-04"})
	if len(out.Moves) != 1 {
		t.Errorf("moves %v", out.Moves)
	}
	// 6 on 27 March is now the latest before 8: 5 working days later is 3 April.
	want := []Move{
		{"8", day("2026-04-10"), day("2026-04-03")}, {"9", day("2026-04-24"), day("2026-04-17")},
		{"10", day("2026-05-04"), day("2026-04-27")},
	}
	if !slices.Equal(out.Earlier, want) {
		t.Errorf("earlier %v, want %v", out.Earlier, want)
	}
}

func TestMoveOverHolidays(t *testing.T) {
	p := pilot()
	p.Settings.ClosedDays = []Date{day("2026-04-02"), day("2026-04-03")}
	p.UseHolidays(func(d Date) bool { return d == day("2026-03-30") })
	out := must(t, p, "ana", tuesday, MoveMilestone{Key: "4", To: day("2026-03-21")})
	// A Saturday stands as it was said. From 20 to 27 March lie 5 working days, and so from the 21st on.
	checkDue(t, p, map[string]string{"4": "2026-03-21", "6": "2026-03-27"})
	if len(out.Remarks) != 1 || out.Remarks[0].Key != RemarkDayOff {
		t.Errorf("remarks %+v", out.Remarks)
	}
	must(t, p, "ana", tuesday, MoveMilestone{Key: "4", To: day("2026-03-24")})
	// 5 working days after the 24th, with the 30th off: 1 April.
	checkDue(t, p, map[string]string{"6": "2026-04-01"})
}

func TestGapOfWhatIsDueTooEarlyIsNone(t *testing.T) {
	p := pilot()
	must(t, p, "ana", tuesday, MoveMilestone{Key: "6", To: day("2026-03-16")})
	must(t, p, "ana", tuesday, MoveMilestone{Key: "4", To: day("2026-03-23")})
	checkDue(t, p, map[string]string{"6": "2026-03-23"})
}

func TestMoveToTheSameDateIsNothingNew(t *testing.T) {
	p := pilot()
	nothingNew(t, p, "ana", MoveMilestone{Key: "4", To: day("2026-03-20")})
	nothingNew(t, p, "bruno", MoveMilestone{Key: "4", To: day("2026-03-20")})
	refused(t, p, "ana", MoveMilestone{Key: "44", To: day("2026-03-20")}, KeyNoMilestone)
	refused(t, p, "ana", MoveMilestone{Key: "4"}, KeyMissing)
	refused(t, p, "ana", MoveMilestone{Key: "4", To: day("1812-03-20")}, KeyBadDate)
}

func TestGoLiveForecastInTheOutcome(t *testing.T) {
	p := pilot()
	p.Refresh(p.Today(tuesday))
	// 2 is overdue since Friday and taken as finished today: two working days that reach the go-live.
	if f := p.Milestone("10").Forecast; f != day("2026-05-06") {
		t.Fatalf("go-live is forecast %s", f)
	}
	out := must(t, p, "ana", tuesday, CompleteMilestone{Key: "2"})
	if out.GoLive != (Move{"10", day("2026-05-06"), day("2026-05-04")}) {
		t.Errorf("go-live %v", out.GoLive)
	}
	out = must(t, p, "ana", tuesday, MoveMilestone{Key: "9", To: day("2026-04-28")})
	if out.GoLive != (Move{"10", day("2026-05-04"), day("2026-05-06")}) {
		t.Errorf("go-live %v", out.GoLive)
	}
	if out = must(t, p, "ana", tuesday, RenameMilestone{Key: "9", Name: "Trial"}); out.GoLive != (Move{}) {
		t.Errorf("go-live %v after a rename", out.GoLive)
	}
}

func TestForecastChangesNoDue(t *testing.T) {
	p := pilot()
	p.Refresh(day("2026-04-01"))
	checkDue(t, p, map[string]string{"2": "2026-03-06", "3": "2026-03-13", "10": "2026-05-04"})
	for key, want := range map[string]string{
		"1": "2026-04-01", "2": "2026-04-01", "3": "2026-04-08", "4": "2026-04-15", "6": "2026-04-22", "8": "2026-05-06",
	} {
		if f := p.Milestone(key).Forecast; f != day(want) {
			t.Errorf("%s is forecast %s, want %s", key, f, want)
		}
	}
	if p.Refresh(day("2026-04-01")) {
		t.Error("a second refresh of the same day changed something")
	}
}

func TestProposal(t *testing.T) {
	p := pilot()
	out := must(t, p, "bruno", tuesday, MoveMilestone{Key: "10", To: day("2026-05-11"), Reason: "fair"})
	if out.Proposal != 1 || !slices.Equal(out.Deciders, []PersonID{"ana"}) || len(out.Moves) != 0 {
		t.Fatalf("outcome %+v", out)
	}
	checkDue(t, p, map[string]string{"10": "2026-05-04"})
	nothingNew(t, p, "bruno", MoveMilestone{Key: "10", To: day("2026-05-11")})
	must(t, p, "sofia", tuesday, MoveMilestone{Key: "10", To: day("2026-05-12")})
	must(t, p, "bruno", tuesday, MoveMilestone{Key: "10", To: day("2026-05-13"), Reason: "fair"})
	for i, want := range []ProposalStatus{ProposalWithdrawn, ProposalOpen, ProposalOpen} {
		if got := p.Proposals[i].Status; got != want {
			t.Errorf("proposal %d is %s, want %s", i+1, got, want)
		}
	}
	e := refused(t, p, "bruno", DecideProposal{ID: 3, Accept: true}, KeyDates)
	if who := e.Args["who"].([]PersonID); !slices.Equal(who, []PersonID{"ana"}) {
		t.Errorf("who may: %v", who)
	}
	refused(t, p, "dana", DecideProposal{ID: 3}, KeyDates)
	out = must(t, p, "ana", tuesday, DecideProposal{ID: 3, Accept: true})
	checkDue(t, p, map[string]string{"10": "2026-05-13"})
	slip := p.Milestone("10").Slips[0]
	if slip.By != "ana" || slip.Reason != "fair" || len(out.Moves) != 1 {
		t.Errorf("slip %+v, moves %v", slip, out.Moves)
	}
	nothingNew(t, p, "ana", DecideProposal{ID: 3, Accept: true})
	refused(t, p, "ana", DecideProposal{ID: 3}, KeyProposalDecided)
	must(t, p, "ana", tuesday, DecideProposal{ID: 2, Reason: "too late"})
	if p.Proposals[1].Status != ProposalRejected {
		t.Errorf("proposal 2 is %s", p.Proposals[1].Status)
	}
	refused(t, p, "ana", DecideProposal{ID: 9, Accept: true}, KeyNoEntry)
}

func TestProposalTakenBackByItsAuthor(t *testing.T) {
	p := pilot()
	must(t, p, "dana", tuesday, MoveMilestone{Key: "4", To: day("2026-03-30")}, DecideProposal{ID: 1})
	if p.Proposals[0].Status != ProposalWithdrawn {
		t.Errorf("proposal is %s", p.Proposals[0].Status)
	}
	refused(t, p, "ana", DecideProposal{ID: 1, Accept: true}, KeyProposalDecided)
}

func TestMoveToTheProposedDateAgrees(t *testing.T) {
	p := pilot()
	must(t, p, "dana", tuesday, MoveMilestone{Key: "4", To: day("2026-03-30")})
	must(t, p, "ana", tuesday, MoveMilestone{Key: "4", To: day("2026-03-30")})
	if p.Proposals[0].Status != ProposalAccepted {
		t.Errorf("proposal is %s", p.Proposals[0].Status)
	}
}

func TestProposalForWhatIsDone(t *testing.T) {
	p := pilot()
	must(t, p, "dana", tuesday, MoveMilestone{Key: "1", To: day("2026-03-12")})
	must(t, p, "ana", tuesday, CompleteMilestone{Key: "1"})
	refused(t, p, "ana", DecideProposal{ID: 1, Accept: true}, KeyDone)
	must(t, p, "ana", tuesday, DecideProposal{ID: 1})
}

func TestOnboardingDates(t *testing.T) {
	p := pilot()
	p.Mode = ModeOnboarding
	out := must(t, p, "ana", tuesday, MoveMilestone{Key: "4", To: day("2026-03-30")})
	if out.Proposal != 1 || !slices.Equal(out.Deciders, []PersonID{"bruno", "sofia"}) {
		t.Fatalf("outcome %+v", out)
	}
	refused(t, p, "dana", DecideProposal{ID: 1, Accept: true}, KeyDates)
	must(t, p, "sofia", tuesday, DecideProposal{ID: 1, Accept: true})
	checkDue(t, p, map[string]string{"4": "2026-03-30"})
	must(t, p, "bruno", tuesday, MoveMilestone{Key: "9", To: day("2026-05-20")})
	checkDue(t, p, map[string]string{"9": "2026-05-20", "10": "2026-05-28"})
}

func TestOnboardingAddByTheVendor(t *testing.T) {
	p := pilot()
	p.Mode = ModeOnboarding
	out := must(t, p, "ana", tuesday, AddMilestone{Name: "Audit", Due: day("2026-04-20"), DependsOn: []string{"8"}})
	m := p.Milestone(out.Milestone)
	if m.Due != 0 || out.Proposal != 1 || p.Proposals[0].Due != day("2026-04-20") {
		t.Fatalf("milestone %+v, outcome %+v", m, out)
	}
	must(t, p, "bruno", tuesday, DecideProposal{ID: 1, Accept: true})
	if m.Due != day("2026-04-20") || m.Baseline != m.Due || len(m.Slips) != 0 {
		t.Errorf("milestone %+v", m)
	}
	out = must(t, p, "bruno", tuesday, AddMilestone{Name: "Own", Due: day("2026-04-21")})
	if m := p.Milestone(out.Milestone); m.Due != day("2026-04-21") || m.Baseline != m.Due || m.Side != SideClient {
		t.Errorf("milestone %+v", m)
	}
}

func TestWorkThatHasNotBegunMovesWithItsDate(t *testing.T) {
	p := pilot()
	p.Milestone("4").Start, p.Milestone("6").Start, p.Milestone("6").Status = day("2026-03-16"), day("2026-03-23"), InProgress
	must(t, p, "ana", tuesday, MoveMilestone{Key: "4", To: day("2026-03-25")})
	if s := p.Milestone("4").Start; s != day("2026-03-19") {
		t.Errorf("4 starts %s", s)
	}
	if s := p.Milestone("6").Start; s != day("2026-03-23") {
		t.Errorf("6 has begun on the 23rd, now on %s", s)
	}
	must(t, p, "ana", tuesday, MoveMilestone{Key: "6", To: day("2026-03-20")})
	if s := p.Milestone("6").Start; s != day("2026-03-20") {
		t.Errorf("6 starts %s, after it ends", s)
	}
}

func TestOnboardingWithoutAClientWhoDecides(t *testing.T) {
	p := pilot()
	p.Mode = ModeOnboarding
	for _, id := range []PersonID{"bruno", "sofia"} {
		p.Member(id).Roles = []Role{RoleMember}
	}
	must(t, p, "ana", tuesday, MoveMilestone{Key: "4", To: day("2026-03-25")})
	checkDue(t, p, map[string]string{"4": "2026-03-25"})
	if !slices.Equal(p.DateSetters(), []PersonID{"ana"}) || !p.MayPlan("ana") || p.MayPlan("bruno") || !p.MayConvene("vera") {
		t.Error("who may")
	}
}

func TestNobodyWhoDecidesDates(t *testing.T) {
	p := pilot()
	p.Member("ana").Roles = []Role{RoleMember}
	refused(t, p, "bruno", MoveMilestone{Key: "4", To: day("2026-03-25")}, KeyDates)
}

func TestOpenProposals(t *testing.T) {
	p := pilot()
	must(t, p, "bruno", tuesday, MoveMilestone{Key: "1", To: day("2026-03-25")}, MoveMilestone{Key: "4", To: day("2026-03-25")})
	must(t, p, "dana", tuesday, MoveMilestone{Key: "4", To: day("2026-03-26")})
	must(t, p, "ana", tuesday, DecideProposal{ID: 2}, CompleteMilestone{Key: "1"})
	if open := p.OpenProposals(); len(open) != 1 || open[0].ID != 3 {
		t.Errorf("open %+v", open)
	}
}
