package steering

import (
	"slices"
	"testing"
)

func TestComplete(t *testing.T) {
	p := pilot()
	out := must(t, p, "bruno", tuesday, CompleteMilestone{Key: "2", On: day("2026-03-09")})
	m := p.Milestone("2")
	if m.Status != Done || m.DoneOn != day("2026-03-09") || m.Progress != 0 || !out.Closed {
		t.Errorf("milestone %+v, outcome %+v", m, out)
	}
	nothingNew(t, p, "bruno", CompleteMilestone{Key: "2"})
	nothingNew(t, p, "bruno", CompleteMilestone{Key: "2", On: day("2026-03-09")})
	must(t, p, "bruno", tuesday, CompleteMilestone{Key: "2", On: day("2026-03-06")})
	if m.DoneOn != day("2026-03-06") {
		t.Errorf("the day was not corrected: %s", m.DoneOn)
	}
	must(t, p, "dana", tuesday, CompleteMilestone{Key: "1"})
	if d := p.Milestone("1").DoneOn; d != day("2026-03-10") {
		t.Errorf("done on %s", d)
	}
	refused(t, p, "ana", CompleteMilestone{Key: "3", On: day("2026-03-11")}, KeyFuture)
	if want := `[{"Action":"milestone.done","Object":"2","Reason":""},{"Action":"milestone.done","Object":"2","Reason":""},{"Action":"milestone.done","Object":"1","Reason":""}]`; journal(p) != want {
		t.Errorf("journal %s", journal(p))
	}
}

func TestCompleteWithSignOff(t *testing.T) {
	p := pilot()
	must(t, p, "ana", tuesday, CompleteMilestone{Key: "2"})
	out := must(t, p, "ana", tuesday, CompleteMilestone{Key: "3", On: day("2026-03-09")})
	m := p.Milestone("3")
	if m.Status != Submitted || m.DoneOn != day("2026-03-09") || out.Closed {
		t.Fatalf("milestone %+v, outcome %+v", m, out)
	}
	if !slices.Equal(out.Waiting, []Side{SideClient}) || !slices.Equal(out.Deciders, []PersonID{"bruno", "sofia"}) {
		t.Errorf("waits for %v: %v", out.Waiting, out.Deciders)
	}
	nothingNew(t, p, "bruno", CompleteMilestone{Key: "3"})
	refused(t, p, "ana", StartMilestone{Key: "3"}, KeySubmitted)
	refused(t, p, "ana", ReportProgress{Key: "3", Percent: 40}, KeySubmitted)
	refused(t, p, "ana", BlockMilestone{Key: "3", Reason: "x"}, KeySubmitted)
	must(t, p, "sofia", moment("2026-03-12 09:00"), GiveSignOff{Key: "3"})
	if m.Status != Done || m.DoneOn != day("2026-03-09") {
		t.Errorf("milestone %+v: the day of the report is kept", m)
	}
}

func TestStartAndProgress(t *testing.T) {
	p := pilot()
	must(t, p, "dana", tuesday, StartMilestone{Key: "4"})
	if m := p.Milestone("4"); m.Status != InProgress || m.Progress != 0 {
		t.Errorf("milestone %+v", m)
	}
	nothingNew(t, p, "dana", StartMilestone{Key: "4"})
	must(t, p, "dana", tuesday, ReportProgress{Key: "6", Percent: 40})
	if m := p.Milestone("6"); m.Status != InProgress || m.Progress != 40 {
		t.Errorf("milestone %+v", m)
	}
	nothingNew(t, p, "dana", ReportProgress{Key: "6", Percent: 40})
	nothingNew(t, p, "dana", ReportProgress{Key: "7", Percent: 0})
	refused(t, p, "dana", ReportProgress{Key: "6", Percent: 101}, KeyBadValue)
	refused(t, p, "dana", ReportProgress{Key: "6", Percent: -1}, KeyBadValue)
	must(t, p, "ana", tuesday, ReportProgress{Key: "1", Percent: 100})
	if m := p.Milestone("1"); m.Status != Done || m.Progress != 100 || m.DoneOn != day("2026-03-10") {
		t.Errorf("milestone %+v", m)
	}
	refused(t, p, "ana", ReportProgress{Key: "1", Percent: 50}, KeyDone)
	refused(t, p, "ana", StartMilestone{Key: "1"}, KeyDone)
	refused(t, p, "ana", ReportProgress{Key: "6", Percent: 100}, KeyBehindGate)
}

func TestBlockAndUnblock(t *testing.T) {
	p := pilot()
	out := must(t, p, "dana", tuesday, BlockMilestone{Key: "4"})
	if m := p.Milestone("4"); m.Status != Blocked || !out.NeedReason {
		t.Fatalf("milestone %+v, outcome %+v", m, out)
	}
	nothingNew(t, p, "dana", BlockMilestone{Key: "4"})
	out = must(t, p, "dana", tuesday, BlockMilestone{Key: "4", Reason: "no domain"})
	if m := p.Milestone("4"); m.BlockedBy != "no domain" || out.NeedReason {
		t.Errorf("milestone %+v, outcome %+v", m, out)
	}
	nothingNew(t, p, "dana", BlockMilestone{Key: "4", Reason: "no domain"})
	out = must(t, p, "dana", tuesday, ReportProgress{Key: "4", Percent: 60})
	if m := p.Milestone("4"); m.Status != Blocked || m.Progress != 60 || out.Remarks[0].Key != RemarkStillBlocked {
		t.Errorf("milestone %+v, outcome %+v: a percentage does not unblock", m, out)
	}
	refused(t, p, "gus", UnblockMilestone{Key: "4"}, KeyNotYours)
	must(t, p, "dana", tuesday, UnblockMilestone{Key: "4", Was: Pending})
	if m := p.Milestone("4"); m.Status != Pending || m.BlockedBy != "" {
		t.Errorf("milestone %+v", m)
	}
	nothingNew(t, p, "dana", UnblockMilestone{Key: "4"})
	must(t, p, "dana", tuesday, BlockMilestone{Key: "4", Reason: "again"}, UnblockMilestone{Key: "4"})
	if m := p.Milestone("4"); m.Status != InProgress {
		t.Errorf("without Was it goes by its progress: %+v", m)
	}
	must(t, p, "dana", tuesday, BlockMilestone{Key: "4", Reason: "again"}, StartMilestone{Key: "4"})
	if m := p.Milestone("4"); m.Status != InProgress || m.BlockedBy != "" {
		t.Errorf("starting ends the block: %+v", m)
	}
}

func TestReopen(t *testing.T) {
	p := pilot()
	nothingNew(t, p, "ana", ReopenMilestone{Key: "1"})
	must(t, p, "ana", tuesday, CompleteMilestone{Key: "1"}, ReopenMilestone{Key: "1"})
	if m := p.Milestone("1"); m.Status != Pending || m.DoneOn != 0 {
		t.Errorf("milestone %+v", m)
	}
	must(t, p, "ana", tuesday, ReportProgress{Key: "2", Percent: 70}, CompleteMilestone{Key: "2"}, ReopenMilestone{Key: "2"})
	if m := p.Milestone("2"); m.Status != InProgress || m.DoneOn != 0 || m.Progress != 70 {
		t.Errorf("milestone %+v", m)
	}
	must(t, p, "ana", tuesday, CancelMilestone{Key: "9"}, ReopenMilestone{Key: "9"})
	if m := p.Milestone("9"); m.Status != Pending {
		t.Errorf("milestone %+v", m)
	}
	must(t, p, "ana", tuesday, ReportProgress{Key: "1", Percent: 100}, ReopenMilestone{Key: "1"})
	if m := p.Milestone("1"); m.Status != InProgress || m.Progress != 0 {
		t.Errorf("milestone %+v: it had progress, and how much is left nobody knows", m)
	}
}

func TestReopenTakesBackSignOffs(t *testing.T) {
	p := pilot()
	must(t, p, "ana", tuesday, CompleteMilestone{Key: "2"}, CompleteMilestone{Key: "3"})
	must(t, p, "bruno", tuesday, GiveSignOff{Key: "3"})
	must(t, p, "ana", tuesday, CompleteMilestone{Key: "4"})
	out := must(t, p, "ana", tuesday, ReopenMilestone{Key: "3"})
	if m := p.Milestone("3"); m.Status != Pending || len(m.SignOff.Given) != 0 || m.DoneOn != 0 {
		t.Errorf("milestone %+v", m)
	}
	if len(out.Remarks) != 1 || out.Remarks[0].Key != RemarkClosedBehind || !slices.Equal(out.Remarks[0].Args["milestones"].([]string), []string{"4"}) {
		t.Errorf("remarks %+v", out.Remarks)
	}
}

func TestGates(t *testing.T) {
	p := pilot()
	e := refused(t, p, "bruno", CompleteMilestone{Key: "3"}, KeyGateOpenBefore)
	if open := e.Args["milestones"].([]string); !slices.Equal(open, []string{"2"}) {
		t.Errorf("open before the gate: %v", open)
	}
	for _, key := range []string{"4", "5", "6", "8"} { // directly behind the gate and further down, done or submitted
		e = refused(t, p, "ana", CompleteMilestone{Key: key}, KeyBehindGate)
		if gates := e.Args["milestones"].([]string); !slices.Equal(gates, []string{"3"}) {
			t.Errorf("gates before %s: %v", key, gates)
		}
	}
	must(t, p, "ana", tuesday, CancelMilestone{Key: "2"}, CompleteMilestone{Key: "3"})
	refused(t, p, "ana", CompleteMilestone{Key: "4"}, KeyBehindGate) // submitted is not done
	must(t, p, "bruno", tuesday, GiveSignOff{Key: "3"})
	out := must(t, p, "ana", tuesday, CompleteMilestone{Key: "6"})
	if len(out.Remarks) != 1 || out.Remarks[0].Key != RemarkOpenBefore || !slices.Equal(out.Remarks[0].Args["milestones"].([]string), []string{"4"}) {
		t.Errorf("remarks %+v", out.Remarks)
	}
}

func TestGateHoldsThroughWhatWasCancelled(t *testing.T) {
	p := pilot()
	must(t, p, "ana", tuesday, CancelMilestone{Key: "4"})
	refused(t, p, "ana", CompleteMilestone{Key: "6"}, KeyBehindGate)
	must(t, p, "ana", tuesday, CancelMilestone{Key: "3"})
	must(t, p, "ana", tuesday, CompleteMilestone{Key: "6"})
}

func TestGateThatReopensBeforeItsSignOff(t *testing.T) {
	p := pilot()
	must(t, p, "ana", tuesday, CompleteMilestone{Key: "2"}, CompleteMilestone{Key: "3"}, ReopenMilestone{Key: "2"})
	refused(t, p, "bruno", GiveSignOff{Key: "3"}, KeyGateOpenBefore)
}

func TestGoLive(t *testing.T) {
	p := pilot()
	must(t, p, "ana", tuesday, SetWarranty{Days: 90, Covered: []string{"bugs"}})
	if w := p.Warranty; w.From != day("2026-05-04") || w.Until != day("2026-08-02") {
		t.Fatalf("warranty %+v", w)
	}
	must(t, p, "ana", tuesday, MoveMilestone{Key: "10", To: day("2026-05-11")})
	if w := p.Warranty; w.From != day("2026-05-11") || w.Until != day("2026-08-09") {
		t.Errorf("warranty %+v does not follow the due date", w)
	}
	may := moment("2026-05-12 10:00")
	must(t, p, "bruno", may, RaiseChange{Text: "before"})
	goLive(t, p)
	if w := p.Warranty; p.Status != ProjectLive || w.From != day("2026-05-12") || w.Until != day("2026-08-10") {
		t.Fatalf("status %s, warranty %+v", p.Status, w)
	}
	must(t, p, "bruno", may, RaiseChange{Text: "after"})
	if c := p.Changes[0]; c.Scope != "" || c.Billable {
		t.Errorf("before go-live: %+v", c)
	}
	if c := p.Changes[1]; c.Scope != ScopeOut || !c.Billable {
		t.Errorf("after go-live: %+v", c)
	}
	no := false
	must(t, p, "ana", may, RuleChange{ID: 2, Scope: ScopeIn, Billable: &no})
	if c := p.Changes[1]; c.Scope != ScopeIn || c.Billable {
		t.Errorf("ruled: %+v", c)
	}
	must(t, p, "ana", may, ReopenMilestone{Key: "10"})
	if w := p.Warranty; p.Status != ProjectActive || w.From != day("2026-05-11") {
		t.Errorf("status %s, warranty %+v", p.Status, w)
	}
}

// goLive closes everything on 12 May 2026.
func goLive(t *testing.T, p *Project) {
	t.Helper()
	may := moment("2026-05-12 10:00")
	for _, m := range p.Milestones {
		must(t, p, "ana", may, CompleteMilestone{Key: m.Key})
		if m.Status == Submitted {
			must(t, p, "bruno", may, GiveSignOff{Key: m.Key})
		}
	}
}

func TestWhichIsTheGoLive(t *testing.T) {
	type ms = Milestone
	for name, tc := range map[string]struct {
		list []*ms
		want string
	}{
		"by name":            {[]*ms{{Key: "1", Name: "Go-Live"}, {Key: "2", Name: "Closing", Gate: true, Due: 9}}, "1"},
		"by name in Spanish": {[]*ms{{Key: "1", Name: "Salida en vivo"}, {Key: "2", Name: "Cierre", Gate: true, Due: 9}}, "1"},
		"by name with accents": {
			[]*ms{{Key: "1", Name: "Entrada em Produção"}, {Key: "2", Name: "Fim", Gate: true, Due: 9}}, "1",
		},
		"by an alias":            {[]*ms{{Key: "1", Name: "Arranque", Aliases: []string{"cutover"}}, {Key: "2", Name: "Fim", Gate: true, Due: 9}}, "1"},
		"named, not mentioned":   {[]*ms{{Key: "1", Name: "Go live", Due: 5}, {Key: "2", Name: "Checklist before go-live", Gate: true, Due: 9}}, "1"},
		"mentioned":              {[]*ms{{Key: "1", Name: "Go-live in Lima", Due: 5}, {Key: "2", Name: "Closing", Gate: true, Due: 9}}, "1"},
		"the last gate":          {[]*ms{{Key: "1", Name: "A", Gate: true, Due: 5}, {Key: "2", Name: "B", Gate: true, Due: 7}, {Key: "3", Name: "C", Due: 9}}, "2"},
		"the last one":           {[]*ms{{Key: "1", Name: "A", Due: 9}, {Key: "2", Name: "B", Due: 7}}, "1"},
		"cancelled ones are not": {[]*ms{{Key: "1", Name: "Go live", Status: Cancelled}, {Key: "2", Name: "B", Due: 7}}, "2"},
		"none":                   {nil, ""},
	} {
		got := ""
		if m := (&Project{Milestones: tc.list}).GoLive(); m != nil {
			got = m.Key
		}
		if got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
}
