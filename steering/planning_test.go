package steering

import (
	"slices"
	"testing"
)

func TestAdd(t *testing.T) {
	p := pilot()
	must(t, p, "ana", tuesday, CompleteMilestone{Key: "1"}, CompleteMilestone{Key: "2"})
	out := must(t, p, "ana", tuesday, AddMilestone{Name: " SAP integration ", Due: day("2026-04-17"), Owner: "gus", Stage: "build", DependsOn: []string{"6", "4", "6"}})
	m := p.Milestone("11")
	if out.Milestone != "11" || m.Name != "SAP integration" || m.Due != day("2026-04-17") || m.Baseline != m.Due ||
		m.Owner != "gus" || m.Side != SideClient || m.Stage != "build" || m.Status != Pending || !slices.Equal(m.DependsOn, []string{"4", "6"}) {
		t.Errorf("milestone %+v", m)
	}
	if m.Forecast != day("2026-04-17") {
		t.Errorf("forecast %s", m.Forecast)
	}
	must(t, p, "ana", tuesday, AddMilestone{Name: "Own", Due: day("2026-04-17")})
	if m := p.Milestone("12"); m.Owner != "ana" || m.Side != SideVendor {
		t.Errorf("milestone %+v: the speaker owns it if none is named", m)
	}
	refused(t, p, "ana", AddMilestone{Name: "No date"}, KeyMissing)
	refused(t, p, "ana", AddMilestone{Due: day("2026-04-17")}, KeyMissing)
	refused(t, p, "ana", AddMilestone{Name: "X", Due: day("2026-04-17"), Owner: "nobody"}, KeyNotPlaced)
	refused(t, p, "ana", AddMilestone{Name: "X", Due: day("2026-04-17"), Stage: "nowhere"}, KeyNoStage)
	refused(t, p, "ana", AddMilestone{Name: "X", Due: day("2026-04-17"), DependsOn: []string{"99"}}, KeyNoMilestone)
	out = must(t, p, "ana", tuesday, AddMilestone{Name: "own!", Due: day("2026-04-18")})
	if len(out.Remarks) != 2 || out.Remarks[0].Key != RemarkSameName || out.Remarks[1].Key != RemarkDayOff {
		t.Errorf("remarks %+v", out.Remarks)
	}
}

func TestAddBeforeWhatItNeeds(t *testing.T) {
	p := pilot()
	out := must(t, p, "ana", tuesday, AddMilestone{Name: "Early", Due: day("2026-03-20"), DependsOn: []string{"6"}})
	if m := p.Milestone(out.Milestone); m.Due != day("2026-03-27") || m.Baseline != m.Due || out.Remarks[0].Key != RemarkMovedToNeed {
		t.Errorf("milestone %+v, outcome %+v", m, out)
	}
}

func TestKeysAreNotReused(t *testing.T) {
	p := pilot()
	must(t, p, "ana", tuesday, AddMilestone{Name: "A", Due: day("2026-04-17")}, CancelMilestone{Key: "11"})
	if out := must(t, p, "ana", tuesday, AddMilestone{Name: "B", Due: day("2026-04-17")}); out.Milestone != "12" {
		t.Errorf("key %s", out.Milestone)
	}
}

func TestCancelRenameAssignNote(t *testing.T) {
	p := pilot()
	must(t, p, "ana", tuesday, CancelMilestone{Key: "9", Reason: "no time"}, RenameMilestone{Key: "6", Name: "Data cutover"},
		AssignMilestone{Key: "7", Owner: "gus"}, AddNote{Key: "3", Text: "another format"})
	if m := p.Milestone("9"); m.Status != Cancelled || len(m.Notes) != 0 {
		t.Errorf("9: %+v", m)
	}
	if m := p.Milestone("6"); m.Name != "Data cutover" || len(m.Aliases) != 0 {
		t.Errorf("6: %+v", m)
	}
	if m := p.Milestone("7"); m.Owner != "gus" || m.Side != SideVendor {
		t.Errorf("7: %+v", m)
	}
	if n := p.Milestone("3").Notes; len(n) != 1 || n[0] != (Note{"another format", "ana", tuesday}) {
		t.Errorf("notes %+v", n)
	}
	want := []JournalEntry{
		{"milestone.cancelled", "9", "no time"}, {"milestone.renamed", "6", ""}, {"milestone.assigned", "7", ""}, {"milestone.noted", "3", ""},
	}
	if !slices.Equal(p.Journal, want) {
		t.Errorf("journal %v", p.Journal)
	}
	nothingNew(t, p, "ana", CancelMilestone{Key: "9"})
	nothingNew(t, p, "ana", RenameMilestone{Key: "6", Name: "Data cutover"})
	nothingNew(t, p, "ana", AssignMilestone{Key: "7", Owner: "gus"})
	refused(t, p, "ana", AssignMilestone{Key: "7", Owner: "nobody"}, KeyNotPlaced)
	refused(t, p, "ana", AssignMilestone{Key: "7"}, KeyMissing)
	refused(t, p, "ana", RenameMilestone{Key: "6", Name: " "}, KeyMissing)
	refused(t, p, "ana", AddNote{Key: "6"}, KeyMissing)
	refused(t, p, "ana", CompleteMilestone{Key: "9"}, KeyCancelled)
	must(t, p, "ana", tuesday, CompleteMilestone{Key: "1"})
	refused(t, p, "ana", CancelMilestone{Key: "1"}, KeyDone)
}

func TestDependencies(t *testing.T) {
	p := pilot()
	out := must(t, p, "ana", tuesday, AddDependency{Key: "9", On: []string{"7"}})
	if deps := p.Milestone("9").DependsOn; !slices.Equal(deps, []string{"7", "8"}) || len(out.Moves) != 0 {
		t.Errorf("depends on %v, moves %v", deps, out.Moves)
	}
	nothingNew(t, p, "ana", AddDependency{Key: "9", On: []string{"7", "8"}})
	e := refused(t, p, "ana", AddDependency{Key: "4", On: []string{"9"}}, KeyCircle)
	if path := e.Args["path"].([]string); !slices.Equal(path, []string{"4", "9", "7", "4"}) {
		t.Errorf("path %v", path)
	}
	e = refused(t, p, "ana", AddDependency{Key: "4", On: []string{"4"}}, KeyCircle)
	if path := e.Args["path"].([]string); !slices.Equal(path, []string{"4", "4"}) {
		t.Errorf("path %v", path)
	}
	refused(t, p, "ana", AddDependency{Key: "4", On: []string{"99"}}, KeyNoMilestone)
	must(t, p, "ana", tuesday, DropDependency{Key: "9", On: []string{"7"}}, DropDependency{Key: "7", On: []string{"4"}})
	if d := p.Milestone("9").DependsOn; !slices.Equal(d, []string{"8"}) {
		t.Errorf("9 depends on %v", d)
	}
	if d := p.Milestone("7").DependsOn; d != nil {
		t.Errorf("7 depends on %v", d)
	}
	nothingNew(t, p, "ana", DropDependency{Key: "9", On: []string{"7"}})
}

func TestDependentDueBeforeMovesToThatDate(t *testing.T) {
	p := pilot()
	out := must(t, p, "ana", tuesday, AddDependency{Key: "5", On: []string{"6"}})
	checkDue(t, p, map[string]string{"5": "2026-03-27"})
	if len(out.Moves) != 1 || len(p.Milestone("5").Slips) != 1 {
		t.Errorf("outcome %+v", out)
	}
	// 6 comes to hang on 7, due a week later; what follows keeps its distance of 10 working days only behind 7.
	must(t, p, "ana", tuesday, AddDependency{Key: "6", On: []string{"7"}})
	checkDue(t, p, map[string]string{"6": "2026-04-03", "5": "2026-04-03", "8": "2026-04-10"})
}

func TestDependencyOnWhatIsDoneMovesNothing(t *testing.T) {
	p := pilot()
	must(t, p, "ana", tuesday, MoveMilestone{Key: "1", To: day("2026-03-23")}, CompleteMilestone{Key: "1"}, AddDependency{Key: "4", On: []string{"1"}})
	checkDue(t, p, map[string]string{"4": "2026-03-20"})
}
