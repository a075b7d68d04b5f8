package steering

import (
	"slices"
	"strings"
	"testing"
)

// submitted is a pilot whose milestone 3 waits for both sides.
func submitted(t *testing.T) *Project {
	p := pilot()
	p.Milestone("3").SignOff.Sides = []Side{SideVendor, SideClient}
	must(t, p, "ana", tuesday, CompleteMilestone{Key: "2"}, CompleteMilestone{Key: "3"})
	return p
}

func TestSignOffOfBothSides(t *testing.T) {
	p := submitted(t)
	m := p.Milestone("3")
	for _, who := range []PersonID{"ana", "carla", "dana", "gus", "hugo"} {
		e := refused(t, p, who, GiveSignOff{Key: "3"}, KeySign)
		if may := e.Args["who"].([]PersonID); !slices.Equal(may, []PersonID{"bruno", "sofia", "vera"}) {
			t.Errorf("who may: %v", may)
		}
	}
	out := must(t, p, "bruno", tuesday, GiveSignOff{Key: "3"})
	if m.Status != Submitted || !slices.Equal(out.Waiting, []Side{SideVendor}) || !slices.Equal(out.Deciders, []PersonID{"vera"}) {
		t.Fatalf("milestone %+v, outcome %+v", m, out)
	}
	nothingNew(t, p, "bruno", GiveSignOff{Key: "3"})
	nothingNew(t, p, "sofia", GiveSignOff{Key: "3"})
	out = must(t, p, "vera", tuesday, GiveSignOff{Key: "3"})
	if m.Status != Done || !out.Closed || len(m.SignOff.Given) != 2 {
		t.Errorf("milestone %+v, outcome %+v", m, out)
	}
	if g := m.SignOff.Given[1]; g != (Given{"vera", SideVendor, tuesday}) {
		t.Errorf("given %+v", g)
	}
	nothingNew(t, p, "vera", GiveSignOff{Key: "3"})
}

func TestNobodySignsForBothSides(t *testing.T) {
	p := submitted(t)
	must(t, p, "bruno", tuesday, GiveSignOff{Key: "3"})
	must(t, p, "ana", tuesday, SetRoles{Person: "bruno", Side: SideVendor})
	refused(t, p, "bruno", GiveSignOff{Key: "3"}, KeySignedOther)
	if p.MaySign(p.Milestone("3"), "bruno") || !p.MaySign(p.Milestone("3"), "vera") {
		t.Error("MaySign differs from what is refused")
	}
}

func TestWhatIsNotSubmittedCannotBeSigned(t *testing.T) {
	p := pilot()
	refused(t, p, "bruno", GiveSignOff{Key: "3"}, KeyNotSubmitted)
	refused(t, p, "bruno", RejectSignOff{Key: "3", Reason: "x"}, KeyNotSubmitted)
	refused(t, p, "bruno", GiveSignOff{Key: "4"}, KeyNoSignOff)
	refused(t, p, "vera", GiveSignOff{Key: "5"}, KeySign)
	refused(t, p, "bruno", GiveSignOff{Key: "77"}, KeyNoMilestone)
}

func TestReject(t *testing.T) {
	p := submitted(t)
	m := p.Milestone("3")
	must(t, p, "vera", tuesday, GiveSignOff{Key: "3"})
	e := refused(t, p, "sofia", RejectSignOff{Key: "3"}, KeyMissing)
	if e.Code != CodeMissing || e.Args["slot"] != "reason" {
		t.Errorf("refusal %+v", e)
	}
	refused(t, p, "ana", RejectSignOff{Key: "3", Reason: "x"}, KeySign)
	must(t, p, "sofia", tuesday, RejectSignOff{Key: "3", Reason: "the annex is missing"})
	if m.Status != InProgress || m.DoneOn != 0 || len(m.SignOff.Given) != 0 {
		t.Errorf("milestone %+v", m)
	}
	if r := m.SignOff.Rejected; len(r) != 1 || r[0] != (Rejection{"sofia", tuesday, "the annex is missing"}) {
		t.Errorf("rejected %+v", r)
	}
	must(t, p, "ana", tuesday, CompleteMilestone{Key: "3"})
	must(t, p, "vera", tuesday, GiveSignOff{Key: "3"})
	must(t, p, "sofia", tuesday, GiveSignOff{Key: "3"})
	refused(t, p, "sofia", RejectSignOff{Key: "3", Reason: "late"}, KeyDone)
}

func TestDocument(t *testing.T) {
	p := submitted(t)
	m := p.Milestone("3")
	first, second := strings.Repeat("a1", 32), strings.Repeat("b2", 32)
	out := must(t, p, "bruno", tuesday, AttachDocument{Key: "3", Name: "scope.xlsx", SHA256: strings.ToUpper(first)})
	if *m.SignOff.Document != (Document{"scope.xlsx", first}) || len(out.Remarks) != 0 || len(out.Deciders) != 3 {
		t.Fatalf("document %+v, outcome %+v", m.SignOff.Document, out)
	}
	nothingNew(t, p, "ana", AttachDocument{Key: "3", Name: "copy.xlsx", SHA256: first})
	must(t, p, "bruno", tuesday, GiveSignOff{Key: "3"})
	out = must(t, p, "ana", tuesday, AttachDocument{Key: "3", Name: "scope2.xlsx", SHA256: second})
	if len(m.SignOff.Given) != 0 || m.Status != Submitted || out.Remarks[0].Key != RemarkSignOffVoided {
		t.Errorf("milestone %+v, outcome %+v", m, out)
	}
	refused(t, p, "ana", AttachDocument{Key: "3", Name: "x", SHA256: "12"}, KeyBadValue)
	must(t, p, "sofia", tuesday, GiveSignOff{Key: "3"})
	must(t, p, "vera", tuesday, GiveSignOff{Key: "3"})
	refused(t, p, "ana", AttachDocument{Key: "3", Name: "x", SHA256: first}, KeyDone)
}

func TestDocumentWhereNoSignOffWasAsked(t *testing.T) {
	p := pilot()
	sum := strings.Repeat("c3", 32)
	refused(t, p, "dana", AttachDocument{Key: "4", Name: "x", SHA256: sum}, KeyPlan)
	refused(t, p, "gus", AttachDocument{Key: "4", Name: "x", SHA256: sum}, KeyNotYours)
	out := must(t, p, "ana", tuesday, AttachDocument{Key: "4", Name: "x", SHA256: sum})
	if s := p.Milestone("4").SignOff; !slices.Equal(s.Sides, []Side{SideClient}) || out.Remarks[0].Key != RemarkSignOffAsked {
		t.Errorf("sign-off %+v, outcome %+v", s, out)
	}
}

func TestNobodyToSign(t *testing.T) {
	p := pilot()
	must(t, p, "ana", tuesday, SetRoles{Person: "bruno", Drop: []Role{RoleProductOwner}}, SetRoles{Person: "sofia", Drop: []Role{RoleSponsor}})
	out := must(t, p, "ana", tuesday, CompleteMilestone{Key: "2"}, CompleteMilestone{Key: "3"})
	if len(out.Deciders) != 0 || len(out.Remarks) != 1 || out.Remarks[0].Key != RemarkNoSigner {
		t.Errorf("outcome %+v", out)
	}
}
