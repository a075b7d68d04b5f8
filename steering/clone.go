package steering

import "slices"

// Clone returns a copy that shares nothing with the project but its calendar's holidays. The journal comes along.
func (p *Project) Clone() *Project {
	c := *p
	c.Settings = p.Settings.clone()
	c.Chats, c.Stages = slices.Clone(p.Chats), slices.Clone(p.Stages)
	c.Members = slices.Clone(p.Members)
	for i := range c.Members {
		c.Members[i].Roles = slices.Clone(c.Members[i].Roles)
	}
	c.Milestones = cloneEach(p.Milestones, (*Milestone).clone)
	c.Proposals, c.Actions = cloneEach(p.Proposals, shallow), cloneEach(p.Actions, shallow)
	c.Risks, c.Issues = cloneEach(p.Risks, shallow), cloneEach(p.Issues, shallow)
	c.Decisions, c.Changes = cloneEach(p.Decisions, shallow), cloneEach(p.Changes, shallow)
	c.Meetings = cloneEach(p.Meetings, (*Meeting).clone)
	c.Training, c.Invoices = cloneEach(p.Training, shallow), cloneEach(p.Invoices, shallow)
	c.Requests = cloneEach(p.Requests, (*Request).clone)
	c.Answers, c.Mutes, c.Sent = cloneEach(p.Answers, shallow), cloneEach(p.Mutes, shallow), slices.Clone(p.Sent)
	if p.Warranty != nil {
		w := *p.Warranty
		w.Covered, w.NotCovered = slices.Clone(w.Covered), slices.Clone(w.NotCovered)
		c.Warranty = &w
	}
	c.Journal = slices.Clone(p.Journal)
	if p.Calendar.Closed != nil {
		c.Calendar.Closed = make(map[Date]bool, len(p.Calendar.Closed))
		for d, closed := range p.Calendar.Closed {
			c.Calendar.Closed[d] = closed
		}
	}
	return &c
}

func cloneEach[T any](list []*T, clone func(*T) *T) []*T {
	if list == nil {
		return nil
	}
	out := make([]*T, len(list))
	for i, x := range list {
		out[i] = clone(x)
	}
	return out
}

// shallow copies what holds no lists and no pointers.
func shallow[T any](x *T) *T {
	c := *x
	return &c
}

func (m *Milestone) clone() *Milestone {
	c := *m
	c.Aliases, c.DependsOn, c.Checklist = slices.Clone(m.Aliases), slices.Clone(m.DependsOn), slices.Clone(m.Checklist)
	c.Slips, c.Notes = slices.Clone(m.Slips), slices.Clone(m.Notes)
	if m.SignOff != nil {
		s := *m.SignOff
		s.Sides, s.Given, s.Rejected = slices.Clone(s.Sides), slices.Clone(s.Given), slices.Clone(s.Rejected)
		if s.Document != nil {
			s.Document = shallow(s.Document)
		}
		c.SignOff = &s
	}
	return &c
}

func (m *Meeting) clone() *Meeting {
	c := *m
	c.Milestones, c.Slots = slices.Clone(m.Milestones), slices.Clone(m.Slots)
	for i := range c.Slots {
		c.Slots[i].Votes = slices.Clone(c.Slots[i].Votes)
	}
	return &c
}

func (r *Request) clone() *Request {
	c := *r
	if r.Covered != nil {
		c.Covered = shallow(r.Covered)
	}
	return &c
}

func (s Settings) clone() Settings {
	s.ReminderDays, s.MeetingHours = slices.Clone(s.ReminderDays), slices.Clone(s.MeetingHours)
	s.ClosedDays = slices.Clone(s.ClosedDays)
	return s
}
