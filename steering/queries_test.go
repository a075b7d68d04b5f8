package steering

import (
	"slices"
	"testing"
)

func keys(list []*Milestone) []string {
	var out []string
	for _, m := range list {
		out = append(out, m.Key)
	}
	return out
}

func TestQueries(t *testing.T) {
	p := pilot()
	must(t, p, "ana", tuesday, CompleteMilestone{Key: "2", On: day("2026-03-09")}, CompleteMilestone{Key: "3"}, CancelMilestone{Key: "7"})
	must(t, p, "dana", tuesday, BlockMilestone{Key: "4", Reason: "x"})
	p.Milestones = append(p.Milestones, &Milestone{Key: "11", Name: "Undated", Owner: "gus", Status: Pending})
	today := day("2026-03-16")
	for name, tc := range map[string]struct {
		got  []*Milestone
		want []string
	}{
		"open":                {p.Open(), []string{"1", "3", "4", "5", "6", "8", "9", "10", "11"}},
		"overdue":             {p.Overdue(today), []string{"1", "3"}},
		"overdue on its date": {p.Overdue(day("2026-03-04")), nil},
		"due between":         {p.DueBetween(day("2026-03-20"), day("2026-04-24")), []string{"4", "5", "6", "8", "9"}},
		"done between":        {p.DoneBetween(day("2026-03-09"), day("2026-03-09")), []string{"2"}},
		"done in other days":  {p.DoneBetween(day("2026-03-10"), day("2026-03-20")), nil},
		"blocked":             {p.Blocked(), []string{"4"}},
		"submitted":           {p.Submitted(), []string{"3"}},
		"waiting for bruno":   {p.WaitingFor("bruno"), []string{"3"}},
		"waiting for ana":     {p.WaitingFor("ana"), nil},
		"bruno's":             {p.Mine("bruno"), []string{"8"}},
		"gus's":               {p.Mine("gus"), []string{"9", "11"}},
	} {
		if got := keys(tc.got); !slices.Equal(got, tc.want) {
			t.Errorf("%s: %v, want %v", name, got, tc.want)
		}
	}
	if m := p.Next(); m.Key != "1" {
		t.Errorf("next is %s, want the overdue one", m.Key)
	}
	must(t, p, "ana", tuesday, CompleteMilestone{Key: "1"})
	if m := p.Next(); m.Key != "3" {
		t.Errorf("next is %s: what waits for sign-off is open", m.Key)
	}
	if m := (&Project{}).Next(); m != nil {
		t.Errorf("next of nothing is %+v", m)
	}
}

func TestActionsBySide(t *testing.T) {
	p := pilot()
	must(t, p, "ana", tuesday, AddEntry{Kind: KindAction, Text: "a", Owner: "bruno"}, AddEntry{Kind: KindAction, Text: "b", Owner: "gus", Due: day("2026-03-20")},
		AddEntry{Kind: KindAction, Text: "c", Owner: "dana", Due: day("2026-03-12")}, AddEntry{Kind: KindAction, Text: "d"},
		AddEntry{Kind: KindAction, Text: "e", Owner: "bruno", Due: day("2026-03-11")}, AddEntry{Kind: KindAction, Text: "f", Owner: "bruno"},
		CloseEntry{KindAction, 6})
	of := func(list []*Action) string {
		s := ""
		for _, a := range list {
			s += a.Text
		}
		return s
	}
	if c, v, n, b := of(p.OpenActions(SideClient)), of(p.OpenActions(SideVendor)), of(p.OpenActions("")), of(p.ActionsOf("bruno")); c != "eba" || v != "c" || n != "d" || b != "ea" {
		t.Errorf("client %s, vendor %s, nobody's %s, bruno's %s", c, v, n, b)
	}
}

func TestTopRisks(t *testing.T) {
	p := pilot()
	for _, r := range []AddEntry{{Text: "a", Probability: Low, Impact: High}, {Text: "b"}, {Text: "c", Probability: High, Impact: High}, {Text: "d", Probability: High, Impact: Medium}, {Text: "e", Probability: High, Impact: High}} {
		r.Kind = KindRisk
		must(t, p, "ana", tuesday, r)
	}
	must(t, p, "ana", tuesday, CloseEntry{KindRisk, 5})
	got := ""
	for _, r := range p.TopRisks(3) {
		got += r.Text
	}
	if got != "cdb" {
		t.Errorf("top risks %s", got)
	}
}

func TestStageProgress(t *testing.T) {
	p := pilot()
	p.Milestones = append(p.Milestones, &Milestone{Key: "11", Name: "Loose", Status: Done})
	must(t, p, "ana", tuesday, CompleteMilestone{Key: "1"}, CompleteMilestone{Key: "2"}, CompleteMilestone{Key: "3"})
	must(t, p, "dana", tuesday, ReportProgress{Key: "4", Percent: 50}, BlockMilestone{Key: "6", Reason: "x"})
	must(t, p, "ana", tuesday, CancelMilestone{Key: "8"})
	got := p.StageProgress(day("2026-03-23"))
	want := []StageState{
		{Stage: Stage{"start", "Start"}, Percent: 98, State: Submitted, Done: 2, Count: 3, Overdue: 1, Submitted: 1, Due: day("2026-03-13")},
		{Stage: Stage{"build", "Build"}, Percent: 12, State: Blocked, Count: 4, Overdue: 2, Blocked: 1, Due: day("2026-04-03")},
		{Stage: Stage{"out", "Rollout"}, State: Pending, Count: 2, Due: day("2026-05-04")},
		{Percent: 100, State: Done, Done: 1, Count: 1},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestSlip(t *testing.T) {
	p := pilot()
	must(t, p, "ana", tuesday, CompleteMilestone{Key: "1", On: day("2026-03-05")}, MoveMilestone{Key: "9", To: day("2026-04-27")}, CompleteMilestone{Key: "2", On: day("2026-03-05")})
	for key, want := range map[string]int{"1": 1, "2": -1, "9": 1, "10": 1, "4": 0} {
		if got := p.Slip(p.Milestone(key)); got != want {
			t.Errorf("slip of %s: %d, want %d", key, got, want)
		}
	}
	if n := p.Slip(&Milestone{Due: day("2026-03-05")}); n != 0 {
		t.Errorf("without a baseline: %d", n)
	}
	if n := p.DaysOverdue(p.Milestone("3"), day("2026-03-17")); n != 2 {
		t.Errorf("overdue for %d", n)
	}
}

func TestCriticalPath(t *testing.T) {
	p := pilot()
	today := day("2026-03-10")
	if got, want := p.CriticalPath(p.GoLive(), today), []string{"2", "3", "4", "7", "8", "9", "10"}; !slices.Equal(got, want) {
		t.Errorf("path %v, want %v", got, want)
	}
	if m := p.Driver(today); m.Key != "2" {
		t.Errorf("driver %s", m.Key)
	}
	must(t, p, "ana", tuesday, CompleteMilestone{Key: "2"}, MoveMilestone{Key: "6", To: day("2026-04-08")}, BlockMilestone{Key: "6", Reason: "x"})
	if got, want := p.CriticalPath(p.GoLive(), today), []string{"3", "4", "6", "8", "9", "10"}; !slices.Equal(got, want) {
		t.Errorf("path %v, want %v", got, want)
	}
	if m := p.Driver(today); m.Key != "6" {
		t.Errorf("driver %s, want the blocked one", m.Key)
	}
	goLive(t, pilotDone(p))
	if m := p.Driver(today); m != nil {
		t.Errorf("driver %s after the go-live", m.Key)
	}
}

func pilotDone(p *Project) *Project {
	for _, m := range p.Milestones {
		m.DependsOn = nil
	}
	return p
}

func TestWhatIf(t *testing.T) {
	p := pilot()
	before := snapshot(t, p)
	moves, earlier, golive := p.WhatIf("6", day("2026-04-10"), day("2026-03-05"))
	// 2 is not overdue yet on that day; 8 keeps its 5 working days behind 7, now behind 6.
	want := []Move{
		{"6", day("2026-03-27"), day("2026-04-10")}, {"8", day("2026-04-10"), day("2026-04-17")},
		{"9", day("2026-04-24"), day("2026-05-01")}, {"10", day("2026-05-04"), day("2026-05-11")},
	}
	if !slices.Equal(moves, want) || earlier != nil || golive != (Move{"10", day("2026-05-04"), day("2026-05-11")}) {
		t.Errorf("moves %v, earlier %v, go-live %v", moves, earlier, golive)
	}
	_, earlier, golive = p.WhatIf("9", day("2026-04-17"), day("2026-03-05"))
	if !slices.Equal(earlier, []Move{{"10", day("2026-05-04"), day("2026-04-27")}}) || golive.From != golive.To {
		t.Errorf("earlier %v, go-live %v", earlier, golive)
	}
	if snapshot(t, p) != before {
		t.Error("a what-if changed the project")
	}
	if moves, _, _ := p.WhatIf("99", day("2026-04-17"), day("2026-03-05")); moves != nil {
		t.Errorf("an unknown key moves %v", moves)
	}
}

func TestConsequences(t *testing.T) {
	p := pilot()
	moves, golive := p.Consequences("6", day("2026-04-07"))
	want := []Move{
		{"8", day("2026-04-10"), day("2026-04-14")}, {"9", day("2026-04-24"), day("2026-04-28")}, {"10", day("2026-05-04"), day("2026-05-06")},
	}
	if !slices.Equal(moves, want) || golive != want[2] {
		t.Errorf("moves %v, go-live %v", moves, golive)
	}
	// 6 may be three days late without a consequence: 8 waits for 7 anyway.
	if moves, golive := p.Consequences("6", day("2026-04-01")); moves != nil || golive.Key != "" {
		t.Errorf("moves %v, go-live %v", moves, golive)
	}
	if _, golive := p.Consequences("10", day("2026-05-06")); golive != (Move{"10", day("2026-05-04"), day("2026-05-06")}) {
		t.Errorf("go-live %v", golive)
	}
}
