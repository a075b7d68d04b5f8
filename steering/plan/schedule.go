package plan

import (
	"slices"

	"timonel/steering"
)

// cut is a plan without the optional milestones that nobody asked for.
type cut struct {
	milestones []*Milestone
	needs      map[*Milestone][]string // ids of what is left of depends_on
	options    []string
	byID       map[string]*Milestone
}

// cut leaves out what is not asked for; what depended on it depends on what it depended on.
func (p *Plan) cut(options []string) *cut {
	c := &cut{needs: map[*Milestone][]string{}, options: options, byID: map[string]*Milestone{}}
	for _, m := range p.Milestones {
		if !m.Optional || slices.Contains(options, m.ID) {
			c.milestones = append(c.milestones, m)
			c.byID[m.ID] = m
		}
	}
	for _, m := range c.milestones {
		c.needs[m] = c.expand(p, m.DependsOn, nil)
	}
	return c
}

// expand adds to have each of ids that is left, and for one that is not, what it depended on.
func (c *cut) expand(p *Plan, ids, have []string) []string {
	for _, id := range ids {
		if c.byID[id] == nil {
			have = c.expand(p, p.find(id).DependsOn, have)
		} else if !slices.Contains(have, id) {
			have = append(have, id)
		}
	}
	return have
}

// schedule turns relative dates into days.
type schedule struct {
	plan     *cut
	start    steering.Date
	calendar steering.Calendar
	due      map[string]steering.Date // by id, of what was dated already
}

// of returns the first day of a milestone's work, if the plan gives weeks, and its due date; 0 where there is none.
func (s *schedule) of(m *Milestone) (start, due steering.Date) {
	switch w := m.When; {
	case len(w.Weeks) > 0:
		last := w.Weeks[len(w.Weeks)-1]
		for _, id := range sortedKeys(w.With) {
			if slices.Contains(s.plan.options, id) {
				last = w.With[id]
			}
		}
		if len(w.Weeks) > 1 && w.Weeks[0] <= last {
			start = max(s.monday(w.Weeks[0]), s.start)
		}
		return start, s.calendar.OnOrBefore(s.monday(last) + 6)
	case w.Due != 0:
		return 0, w.Due
	case w.Offset != nil:
		return 0, s.after(m, *w.Offset)
	}
	return 0, 0
}

// monday returns the first day of a week of the project; week 1 holds the start.
func (s *schedule) monday(week int) steering.Date {
	return s.start.Monday() + steering.Date(7*(week-1))
}

// after returns the day at a distance after the latest dated of what m depends on, else after the start.
func (s *schedule) after(m *Milestone, o Offset) steering.Date {
	var from steering.Date
	for _, id := range s.plan.needs[m] {
		from = max(from, s.dueOf(id))
	}
	if from == 0 {
		from = s.start
	}
	//exhaustive:enforce
	switch o.Unit {
	case WorkingDays:
		return s.calendar.Add(from, o.N)
	case Weeks:
		return from.AddDays(7 * o.N)
	case Days:
		return from.AddDays(o.N)
	}
	return from
}

// dueOf dates the milestone with that id once; a checked plan has no circle to lose the way in.
func (s *schedule) dueOf(id string) steering.Date {
	if due, ok := s.due[id]; ok {
		return due
	}
	_, due := s.of(s.plan.byID[id])
	s.due[id] = due
	return due
}
