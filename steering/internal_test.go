package steering

import (
	"slices"
	"testing"
)

func TestWithout(t *testing.T) {
	p := &Project{Risks: []*Risk{{ID: 1}, {ID: 2}}, Issues: []*Issue{{ID: 1}}}
	seen := p.Without(func(kind EntryKind, id int) bool { return kind == KindRisk && id == 2 || kind == KindIssue })
	if len(seen.Risks) != 1 || seen.Risks[0].ID != 1 || len(seen.Issues) != 0 {
		t.Errorf("seen: %+v", seen)
	}
	if len(p.Risks) != 2 || p.Risks[1].ID != 2 || len(p.Issues) != 1 {
		t.Errorf("the project itself was changed: %+v", p)
	}
	if p.Without(nil) != p {
		t.Error("nothing is internal, and yet it is another project")
	}
}

func TestVendorOnly(t *testing.T) {
	for _, c := range []struct {
		chats []Chat
		want  []string
		own   bool // the chat slack C1 is the vendor's own
	}{
		{nil, nil, false},
		{[]Chat{{"slack", "C1", AudienceVendor}}, nil, false},
		{[]Chat{{"slack", "C1", AudienceVendor}, {"whatsapp", "g", AudienceCommittee}}, []string{"slack"}, true},
		{[]Chat{{"slack", "C1", AudienceVendor}, {"slack", "C2", AudienceCommittee}}, nil, true},
		{[]Chat{{"slack", "C1", AudienceCommittee}, {"whatsapp", "g", ""}}, nil, false},
	} {
		p := &Project{Chats: c.chats}
		if got := p.VendorOnly(); !slices.Equal(got, c.want) {
			t.Errorf("%v: got %v, want %v", c.chats, got, c.want)
		}
		if got := p.IsVendors("slack", "C1"); got != c.own {
			t.Errorf("%v: the vendor's own: %v", c.chats, got)
		}
	}
}
