package steering

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

func TestReplacePerson(t *testing.T) {
	p := &Project{
		Key: "ACME",
		Members: []Member{
			{Person: "ana", Side: SideVendor, Roles: []Role{RoleLead}}, {Person: "ana-2", Roles: []Role{RoleCSM, RoleLead}}, {Person: "bruno", Side: SideClient},
		},
		Milestones: []*Milestone{{
			Key: "1", Owner: "ana-2", Notes: []Note{{By: "ana-2"}}, Slips: []Slip{{By: "bruno"}},
			SignOff: &SignOff{Given: []Given{{Person: "ana-2"}}, Rejected: []Rejection{{Person: "ana-2"}}},
		}},
		Actions:  []*Action{{ID: 1, Owner: "ana-2", RaisedBy: "ana-2"}},
		Meetings: []*Meeting{{ID: 1, Slots: []Slot{{Votes: []PersonID{"bruno", "ana", "ana-2"}}}}},
		Mutes:    []*Mute{{Person: "ana-2"}},
	}
	if !p.ReplacePerson("ana-2", "ana") {
		t.Error("nothing was replaced")
	}
	text, err := json.Marshal(p)
	if err != nil || strings.Contains(string(text), "ana-2") || p.Actions[0].RaisedBy != "ana" {
		t.Errorf("ana-2 is left in %s, %v", text, err)
	}
	if m := p.Member("ana"); len(p.Members) != 2 || m.Side != SideVendor || !m.Has(RoleLead) || !m.Has(RoleCSM) || len(m.Roles) != 2 {
		t.Errorf("members: %+v", p.Members)
	}
	if v := p.Meetings[0].Slots[0].Votes; !slices.Equal(v, []PersonID{"bruno", "ana"}) {
		t.Errorf("votes: %v", v)
	}
	if p.ReplacePerson("ana-2", "ana") || p.ReplacePerson("ana", "ana") || p.ReplacePerson("", "ana") {
		t.Error("something was replaced that is not there")
	}
}
