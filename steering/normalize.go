package steering

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Normalize brings the project into the order of the export, its moments to UTC and its sets to one form: members by
// person, what has a key or an id by it, the rest by time. Stages keep the plan's order, which is theirs to tell;
// slots keep theirs, which votes go by.
func (p *Project) Normalize() {
	p.sortMembers()
	slices.SortStableFunc(p.Chats, func(a, b Chat) int {
		return cmp.Or(strings.Compare(a.Platform, b.Platform), strings.Compare(a.ID, b.ID))
	})
	slices.SortStableFunc(p.Milestones, func(a, b *Milestone) int { return compareKeys(a.Key, b.Key) })
	for _, m := range p.Milestones {
		m.normalize()
	}
	p.sortByID()
	p.sortByTime()
	p.momentsToUTC()
	p.Settings.ClosedDays = sortedUnique(p.Settings.ClosedDays)
}

// Normalize brings a whole state into the order of the export; the audit keeps its order among equal moments.
func (s *State) Normalize() {
	slices.SortStableFunc(s.People, func(a, b *Person) int { return strings.Compare(string(a.ID), string(b.ID)) })
	slices.SortStableFunc(s.Projects, func(a, b *Project) int { return strings.Compare(a.Key, b.Key) })
	for _, p := range s.Projects {
		p.Normalize()
	}
	for i := range s.Audit {
		s.Audit[i].At = utc(s.Audit[i].At)
	}
	slices.SortStableFunc(s.Audit, func(a, b AuditEntry) int { return a.At.Compare(b.At) })
}

func (p *Project) sortMembers() {
	for i := range p.Members {
		p.Members[i].Roles = inRoleOrder(p.Members[i].Roles)
	}
	slices.SortStableFunc(p.Members, func(a, b Member) int { return strings.Compare(string(a.Person), string(b.Person)) })
}

func (p *Project) sortMutes() {
	slices.SortStableFunc(p.Mutes, func(a, b *Mute) int {
		return cmp.Or(int(a.Until-b.Until), strings.Compare(string(a.Person), string(b.Person)), compareKeys(a.Milestone, b.Milestone))
	})
}

func (m *Milestone) normalize() {
	m.DependsOn = sortedKeys(m.DependsOn)
	slices.SortStableFunc(m.Slips, func(a, b Slip) int { return a.At.Compare(b.At) })
	slices.SortStableFunc(m.Notes, func(a, b Note) int { return a.At.Compare(b.At) })
	for i := range m.Slips {
		m.Slips[i].At = utc(m.Slips[i].At)
	}
	for i := range m.Notes {
		m.Notes[i].At = utc(m.Notes[i].At)
	}
	if s := m.SignOff; s != nil {
		for i := range s.Given {
			s.Given[i].At = utc(s.Given[i].At)
		}
		for i := range s.Rejected {
			s.Rejected[i].At = utc(s.Rejected[i].At)
		}
		slices.SortStableFunc(s.Given, func(a, b Given) int { return a.At.Compare(b.At) })
		slices.SortStableFunc(s.Rejected, func(a, b Rejection) int { return a.At.Compare(b.At) })
	}
}

func (p *Project) sortByID() {
	byID(p.Proposals, func(x *Proposal) int { return x.ID })
	byID(p.Actions, func(x *Action) int { return x.ID })
	byID(p.Risks, func(x *Risk) int { return x.ID })
	byID(p.Issues, func(x *Issue) int { return x.ID })
	byID(p.Decisions, func(x *Decision) int { return x.ID })
	byID(p.Changes, func(x *Change) int { return x.ID })
	byID(p.Meetings, func(x *Meeting) int { return x.ID })
	byID(p.Invoices, func(x *Invoice) int { return x.ID })
	byID(p.Requests, func(x *Request) int { return x.ID })
}

func byID[T any](list []*T, id func(*T) int) {
	slices.SortStableFunc(list, func(a, b *T) int { return id(a) - id(b) })
}

func (p *Project) sortByTime() {
	slices.SortStableFunc(p.Training, func(a, b *Training) int {
		return cmp.Or(int(a.On-b.On), strings.Compare(string(a.Person), string(b.Person)), compareKeys(a.Milestone, b.Milestone))
	})
	slices.SortStableFunc(p.Answers, func(a, b *Answer) int {
		return cmp.Or(a.At.Compare(b.At), strings.Compare(a.Question, b.Question), strings.Compare(string(a.By), string(b.By)))
	})
	slices.SortStableFunc(p.Sent, func(a, b Sent) int {
		return cmp.Or(a.At.Compare(b.At), strings.Compare(a.Kind, b.Kind), strings.Compare(a.Object, b.Object), strings.Compare(a.About, b.About))
	})
	p.sortMutes()
}

func (p *Project) momentsToUTC() {
	for _, x := range p.Proposals {
		x.At = utc(x.At)
	}
	for _, x := range p.Decisions {
		x.At = utc(x.At)
	}
	for _, x := range p.Requests {
		x.At = utc(x.At)
	}
	for _, x := range p.Answers {
		x.At = utc(x.At)
	}
	for i := range p.Sent {
		p.Sent[i].At = utc(p.Sent[i].At)
	}
	for _, m := range p.Meetings {
		m.Milestones, m.At = sortedKeys(m.Milestones), utc(m.At)
		for i := range m.Slots {
			m.Slots[i].At = utc(m.Slots[i].At)
		}
	}
}

func utc(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// sortedUnique returns the elements in order, each once; nil stays nil.
func sortedUnique[T cmp.Ordered](list []T) []T {
	out := slices.Clone(list)
	slices.Sort(out)
	return slices.Compact(out)
}
