package steering

import (
	"slices"
	"testing"
	"time"
)

func TestEntries(t *testing.T) {
	p := pilot()
	out := must(t, p, "gus", tuesday, AddEntry{Kind: KindRisk, Text: " the supplier ", Owner: "ana", Probability: High})
	if r := p.Risks[0]; out.Entry != KindRisk || out.EntryID != 1 || *r != (Risk{ID: 1, Text: "the supplier", Owner: "ana", Probability: High, Status: EntryOpen, RaisedBy: "gus"}) {
		t.Errorf("risk %+v, outcome %+v", r, out)
	}
	must(t, p, "gus", tuesday, AddEntry{Kind: KindIssue, Text: "down"}, AddEntry{Kind: KindDecision, Text: "only sales"},
		AddEntry{Kind: KindAction, Text: "send the list", Owner: "bruno", Due: day("2026-03-13")})
	if d := p.Decisions[0]; *d != (Decision{ID: 1, Text: "only sales", By: "gus", At: tuesday}) {
		t.Errorf("decision %+v", d)
	}
	if a := p.Actions[0]; a.Owner != "bruno" || a.Due != day("2026-03-13") || a.Status != EntryOpen {
		t.Errorf("action %+v", a)
	}
	refused(t, p, "gus", AddEntry{Kind: KindAction}, KeyMissing)
	refused(t, p, "gus", AddEntry{Kind: KindAction, Text: "x", Owner: "nobody"}, KeyNotPlaced)
	refused(t, p, "gus", AddEntry{Kind: KindAction, Text: "x", Meeting: 4}, KeyNoEntry)
	refused(t, p, "gus", AddEntry{Kind: KindRisk, Text: "x", Impact: "huge"}, KeyBadValue)
	refused(t, p, "gus", AddEntry{Kind: KindInvoice, Text: "x"}, KeyBadValue)
}

func TestCloseEntry(t *testing.T) {
	p := pilot()
	must(t, p, "gus", tuesday, AddEntry{Kind: KindAction, Text: "send", Owner: "bruno"}, AddEntry{Kind: KindRisk, Text: "late"},
		RaiseChange{Text: "board"}, RaiseRequest{Text: "no login"})
	e := refused(t, p, "dana", CloseEntry{KindAction, 1}, KeyEntry)
	if who := e.Args["who"].([]PersonID); !slices.Equal(who, []PersonID{"ana", "bruno", "gus"}) {
		t.Errorf("who may: %v", who)
	}
	must(t, p, "bruno", tuesday, CloseEntry{KindAction, 1}) // its owner
	nothingNew(t, p, "gus", CloseEntry{KindAction, 1})
	must(t, p, "gus", tuesday, CloseEntry{KindRisk, 1}) // who raised it
	refused(t, p, "gus", CloseEntry{KindChange, 1}, KeyChange)
	must(t, p, "ana", tuesday, CloseEntry{KindChange, 1})
	refused(t, p, "dana", CloseEntry{KindRequest, 1}, KeyEntry)
	must(t, p, "hugo", tuesday, CloseEntry{KindRequest, 1})
	refused(t, p, "ana", CloseEntry{KindDecision, 1}, KeyCannotBeClosed)
	refused(t, p, "ana", CloseEntry{KindAction, 7}, KeyNoEntry)
	if p.Actions[0].Status != EntryClosed || p.Risks[0].Status != EntryClosed || p.Changes[0].Status != EntryClosed {
		t.Error("something stayed open")
	}
}

func TestChanges(t *testing.T) {
	p := pilot()
	out := must(t, p, "bruno", tuesday, RaiseChange{Text: "sales board"})
	if !slices.Equal(out.Deciders, []PersonID{"ana"}) {
		t.Errorf("outcome %+v", out)
	}
	yes := true
	refused(t, p, "bruno", RuleChange{ID: 1, Scope: ScopeIn}, KeyChange)
	refused(t, p, "ana", RuleChange{ID: 1}, KeyNothingToDecide)
	refused(t, p, "ana", RuleChange{ID: 1, Scope: "maybe"}, KeyBadValue)
	refused(t, p, "ana", RuleChange{ID: 2, Scope: ScopeIn}, KeyNoEntry)
	must(t, p, "ana", tuesday, RuleChange{ID: 1, Billable: &yes})
	if c := p.Changes[0]; c.Scope != "" || !c.Billable {
		t.Errorf("change %+v", c)
	}
	nothingNew(t, p, "ana", RuleChange{ID: 1, Billable: &yes})
}

func TestMeetingByVotes(t *testing.T) {
	p := pilot()
	p.Members = append(p.Members, Member{"lena", SideClient, []Role{RoleLead}})
	slots := []time.Time{moment("2026-03-12 10:00"), moment("2026-03-12 15:00")}
	e := refused(t, p, "bruno", ProposeMeeting{Slots: slots}, KeyConvene)
	if who := e.Args["who"].([]PersonID); !slices.Equal(who, []PersonID{"ana", "sofia", "vera", "lena"}) {
		t.Errorf("who may convene: %v", who)
	}
	out := must(t, p, "sofia", tuesday, ProposeMeeting{Slots: slots, Milestones: []string{"3"}})
	m := p.Meetings[0]
	if out.Scheduled || out.EntryID != 1 || m.Status != MeetingProposed || m.Kind != MeetingSteering || len(m.Slots) != 2 {
		t.Fatalf("meeting %+v, outcome %+v", m, out)
	}
	must(t, p, "bruno", tuesday, VoteSlot{1, 0})
	nothingNew(t, p, "bruno", VoteSlot{1, 0})
	out = must(t, p, "ana", tuesday, VoteSlot{1, 1})
	if out.Scheduled || m.Status != MeetingProposed {
		t.Fatalf("one lead's vote of two schedules nothing: %+v", m)
	}
	must(t, p, "lena", tuesday, VoteSlot{1, 0})
	out = must(t, p, "lena", tuesday, VoteSlot{1, 1})
	if !out.Scheduled || m.Status != MeetingScheduled || !m.At.Equal(slots[1]) {
		t.Errorf("meeting %+v, outcome %+v", m, out)
	}
	refused(t, p, "ana", VoteSlot{1, 2}, KeyBadValue)
	refused(t, p, "ana", VoteSlot{2, 0}, KeyNoEntry)
}

func TestMeetingByTheOnlyLead(t *testing.T) {
	p := pilot()
	slots := []time.Time{moment("2026-03-12 10:00"), moment("2026-03-12 15:00")}
	must(t, p, "ana", tuesday, ProposeMeeting{Slots: slots})
	if out := must(t, p, "sofia", tuesday, VoteSlot{1, 0}); out.Scheduled {
		t.Error("a sponsor's vote alone scheduled it")
	}
	if out := must(t, p, "ana", tuesday, VoteSlot{1, 1}); !out.Scheduled {
		t.Error("the only lead's pick did not")
	}
}

func TestMeetingWithoutLeads(t *testing.T) {
	p := pilot()
	p.Members[0].Roles = []Role{RoleMember}
	must(t, p, "sofia", tuesday, ProposeMeeting{Slots: []time.Time{moment("2026-03-12 10:00"), moment("2026-03-12 15:00")}})
	must(t, p, "sofia", tuesday, VoteSlot{1, 0})
	if out := must(t, p, "vera", tuesday, VoteSlot{1, 0}); !out.Scheduled {
		t.Error("where a side has no lead its sponsor's vote counts")
	}
}

func TestMeetingAtOneMoment(t *testing.T) {
	p := pilot()
	out := must(t, p, "sofia", tuesday, ProposeMeeting{Slots: []time.Time{moment("2026-03-14 10:00")}})
	if m := p.Meetings[0]; !out.Scheduled || m.Status != MeetingScheduled || !m.At.Equal(moment("2026-03-14 10:00")) {
		t.Errorf("meeting %+v", m)
	}
	if len(out.Remarks) != 1 || out.Remarks[0].Key != RemarkDayOff {
		t.Errorf("remarks %+v", out.Remarks)
	}
	refused(t, p, "sofia", ScheduleMeeting{1, moment("2026-03-16 10:00")}, KeySchedule)
	refused(t, p, "ana", ScheduleMeeting{1, moment("2026-03-09 10:00")}, KeyPast)
	refused(t, p, "ana", ProposeMeeting{Slots: []time.Time{moment("2026-03-09 10:00")}}, KeyPast)
	refused(t, p, "ana", ProposeMeeting{}, KeyMissing)
	must(t, p, "ana", tuesday, ScheduleMeeting{1, moment("2026-03-16 10:00")})
	nothingNew(t, p, "ana", ScheduleMeeting{1, moment("2026-03-16 10:00")})
	must(t, p, "ana", tuesday, CancelMeeting{1})
	nothingNew(t, p, "ana", CancelMeeting{1})
	refused(t, p, "ana", ScheduleMeeting{1, moment("2026-03-17 10:00")}, KeyMeetingOver)
	refused(t, p, "ana", CloseMeeting{1}, KeyMeetingOver)
}

func TestMinutes(t *testing.T) {
	p := pilot()
	must(t, p, "dana", tuesday, RecordMinutes{Text: "we agreed"})
	if m := p.Meetings[0]; m.Status != MeetingHeld || m.Minutes != "we agreed" || !m.At.Equal(tuesday) {
		t.Errorf("made today: %+v", m)
	}
	must(t, p, "dana", moment("2026-03-17 09:00"), RecordMinutes{Text: "and more"})
	if len(p.Meetings) != 1 || p.Meetings[0].Minutes != "we agreed\nand more" {
		t.Errorf("within seven days: %+v", p.Meetings[0])
	}
	must(t, p, "dana", moment("2026-03-17 10:01"), RecordMinutes{Text: "new"})
	if len(p.Meetings) != 2 {
		t.Error("after seven days it is another meeting")
	}
	at := moment("2026-03-20 10:00")
	must(t, p, "ana", tuesday, ProposeMeeting{Slots: []time.Time{at}})
	must(t, p, "ana", moment("2026-03-20 11:00"), RecordMinutes{Text: "held"}, CloseMeeting{})
	if m := p.Meetings[2]; m.Status != MeetingHeld || m.Minutes != "held" || !m.At.Equal(at) {
		t.Errorf("the scheduled one: %+v", m)
	}
	refused(t, p, "ana", RecordMinutes{Text: "x", Meeting: 9}, KeyNoEntry)
	refused(t, p, "ana", RecordMinutes{}, KeyMissing)
}

func TestMinutesOfWhatWasOnlyPutToTheVote(t *testing.T) {
	p := pilot()
	m, fresh := p.ConveneMissed(DefaultPolicy(), []string{"3"}, tuesday)
	if !fresh || m.Status != MeetingProposed || m.Reason != MeetingReasonMissed || len(m.Slots) != 3 {
		t.Fatalf("meeting %+v", m)
	}
	for i, want := range []string{"2026-03-11 10:00", "2026-03-11 15:00", "2026-03-12 10:00"} {
		if !m.Slots[i].At.Equal(moment(want)) {
			t.Errorf("slot %d at %s, want %s", i, m.Slots[i].At, want)
		}
	}
	again, fresh := p.ConveneMissed(DefaultPolicy(), []string{"4", "3"}, tuesday)
	if fresh || again != m || !slices.Equal(m.Milestones, []string{"3", "4"}) {
		t.Errorf("a second one joins the first: %+v", again)
	}
	must(t, p, "ana", moment("2026-03-11 16:00"), RecordMinutes{Text: "we moved 3"})
	if m.Status != MeetingHeld || !m.At.Equal(moment("2026-03-11 15:00")) {
		t.Errorf("meeting %+v", m)
	}
}

func TestCloseMeeting(t *testing.T) {
	p := pilot()
	refused(t, p, "ana", CloseMeeting{}, KeyNoEntry)
	must(t, p, "ana", tuesday, ProposeMeeting{Slots: []time.Time{moment("2026-03-10 11:00")}}, ProposeMeeting{Slots: []time.Time{moment("2026-03-20 11:00")}})
	refused(t, p, "dana", CloseMeeting{}, KeyConvene)
	must(t, p, "ana", moment("2026-03-10 12:00"), CloseMeeting{})
	if p.Meetings[0].Status != MeetingHeld || p.Meetings[1].Status != MeetingScheduled {
		t.Error("the one that has begun is closed before a later one")
	}
	must(t, p, "ana", moment("2026-03-10 12:00"), CloseMeeting{})
	if m := p.Meetings[1]; m.Status != MeetingHeld || !m.At.Equal(moment("2026-03-10 12:00")) {
		t.Errorf("meeting %+v", m)
	}
	if out := must(t, p, "ana", moment("2026-03-10 12:00"), CloseMeeting{}); !out.NothingNew {
		t.Error("closed twice")
	}
}
