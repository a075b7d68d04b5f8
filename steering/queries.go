package steering

import (
	"cmp"
	"slices"
)

// byDue orders milestones by due date, those without one last, in plan order where it is the same.
func byDue(list []*Milestone) []*Milestone {
	slices.SortStableFunc(list, func(a, b *Milestone) int {
		if (a.Due == 0) != (b.Due == 0) {
			return int(b.Due - a.Due)
		}
		return int(a.Due - b.Due)
	})
	return list
}

// Select returns the milestones that fit, by due date.
func (p *Project) Select(fits func(*Milestone) bool) []*Milestone {
	var out []*Milestone
	for _, m := range p.Milestones {
		if fits(m) {
			out = append(out, m)
		}
	}
	return byDue(out)
}

// Open returns what is neither done nor cancelled, by due date.
func (p *Project) Open() []*Milestone { return p.Select((*Milestone).IsOpen) }

// Overdue returns what is open and due before today, by due date.
func (p *Project) Overdue(today Date) []*Milestone {
	return p.Select(func(m *Milestone) bool { return m.IsOverdue(today) })
}

// DueBetween returns what is open and due from one day to another, both included, by due date.
func (p *Project) DueBetween(from, to Date) []*Milestone {
	return p.Select(func(m *Milestone) bool { return m.IsOpen() && m.Due != 0 && from <= m.Due && m.Due <= to })
}

// DoneBetween returns what was done from one day to another, both included, by the day on which it was.
func (p *Project) DoneBetween(from, to Date) []*Milestone {
	out := p.Select(func(m *Milestone) bool { return m.Status == Done && from <= m.DoneOn && m.DoneOn <= to })
	slices.SortStableFunc(out, func(a, b *Milestone) int { return int(a.DoneOn - b.DoneOn) })
	return out
}

// Blocked returns what is blocked, by due date.
func (p *Project) Blocked() []*Milestone {
	return p.Select(func(m *Milestone) bool { return m.Status == Blocked })
}

// Submitted returns what waits for a sign-off, by due date.
func (p *Project) Submitted() []*Milestone {
	return p.Select(func(m *Milestone) bool { return m.Status == Submitted })
}

// WaitingFor returns what waits for the person's sign-off, by due date.
func (p *Project) WaitingFor(id PersonID) []*Milestone {
	return p.Select(func(m *Milestone) bool { return p.MaySign(m, id) })
}

// Mine returns what is open and owned by the person, by due date; what is submitted waits for somebody else.
func (p *Project) Mine(id PersonID) []*Milestone {
	return p.Select(func(m *Milestone) bool { return m.Owner == id && m.IsOpen() && m.Status != Submitted })
}

// Next returns the open milestone with the earliest due date, overdue ones included; nil if nothing is open.
func (p *Project) Next() *Milestone {
	if open := p.Open(); len(open) > 0 {
		return open[0]
	}
	return nil
}

// OpenProposals returns the proposed dates that wait for a decision and still can have one, by id.
func (p *Project) OpenProposals() []*Proposal {
	var out []*Proposal
	for _, pr := range p.Proposals {
		if m := p.Milestone(pr.Milestone); pr.Status == ProposalOpen && m != nil && m.IsOpen() {
			out = append(out, pr)
		}
	}
	return out
}

// SideOf returns the side of a person, "" for whoever has none or no place in the project.
func (p *Project) SideOf(id PersonID) Side {
	if m := p.Member(id); m != nil {
		return m.Side
	}
	return ""
}

// OpenActions returns the open actions whose owner is of a side, by due date, those without one last; with side "" those
// whose owner has none, or that have no owner.
func (p *Project) OpenActions(side Side) []*Action {
	return p.actions(func(a *Action) bool { return p.SideOf(a.Owner) == side })
}

// ActionsOf returns the open actions of a person, by due date.
func (p *Project) ActionsOf(id PersonID) []*Action {
	return p.actions(func(a *Action) bool { return a.Owner == id })
}

func (p *Project) actions(fits func(*Action) bool) []*Action {
	var out []*Action
	for _, a := range p.Actions {
		if a.Status == EntryOpen && fits(a) {
			out = append(out, a)
		}
	}
	slices.SortStableFunc(out, func(a, b *Action) int {
		if (a.Due == 0) != (b.Due == 0) {
			return int(b.Due - a.Due)
		}
		return int(a.Due - b.Due)
	})
	return out
}

// TopRisks returns up to n open risks, those with the highest probability and impact first.
func (p *Project) TopRisks(n int) []*Risk {
	var out []*Risk
	for _, r := range p.Risks {
		if r.Status == EntryOpen {
			out = append(out, r)
		}
	}
	slices.SortStableFunc(out, func(a, b *Risk) int { return cmp.Compare(b.weight(), a.weight()) })
	return out[:min(n, len(out))]
}

// weight grades a risk; a level that nobody gave counts as the middle one.
func (r *Risk) weight() int { return r.Probability.grade() * r.Impact.grade() }

func (l Level) grade() int {
	switch l {
	case Low:
		return 1
	case High:
		return 3
	}
	return 2
}

// Slip is how many working days the milestone is behind its baseline: the day it was done, else its forecast. It is
// negative when it came or comes earlier, and 0 without a baseline.
func (p *Project) Slip(m *Milestone) int {
	at := m.Forecast
	if m.Status == Done && m.DoneOn != 0 {
		at = m.DoneOn
	}
	if at == 0 {
		at = m.Due
	}
	if at == 0 || m.Baseline == 0 {
		return 0
	}
	return p.Calendar.Between(m.Baseline, at)
}

// DaysOverdue is for how many working days an open milestone has been overdue.
func (p *Project) DaysOverdue(m *Milestone, today Date) int {
	if !m.IsOverdue(today) {
		return 0
	}
	return p.Calendar.Between(m.Due, today)
}

// waitingPercent is what submitted work counts: all but the acceptance.
const waitingPercent = 95

// Percent is how far a milestone is, from 0 to 100: done is 100, and what waits for sign-off is not there yet.
func (m *Milestone) Percent() int {
	switch m.Status {
	case Done:
		return 100
	case Submitted:
		return waitingPercent
	}
	return min(m.Progress, 99)
}

// StageState sums up the milestones of one stage.
type StageState struct {
	Stage     Stage // without key for the milestones that are of no stage
	Percent   int   // mean of its milestones'; cancelled ones do not count
	State     Status
	Done      int // milestones done
	Count     int // milestones that count
	Overdue   int
	Blocked   int
	Submitted int
	Due       Date // the latest due date
}

// StageProgress sums up the stages in the plan's order; a stage without milestones that count is left out.
func (p *Project) StageProgress(today Date) []StageState {
	var out []StageState
	for _, s := range append(slices.Clone(p.Stages), Stage{}) {
		if state := p.stageState(s, today); state.Count > 0 {
			out = append(out, state)
		}
	}
	return out
}

func (p *Project) stageState(s Stage, today Date) StageState {
	out, sum, begun := StageState{Stage: s, State: Pending}, 0, false
	for _, m := range p.Milestones {
		if m.Stage != s.Key || m.Status == Cancelled {
			continue
		}
		out.Count++
		sum += m.Percent()
		out.Due = max(out.Due, m.Due)
		begun = begun || m.Percent() > 0 || m.Status == InProgress
		switch m.Status {
		case Done:
			out.Done++
		case Blocked:
			out.Blocked++
		case Submitted:
			out.Submitted++
		}
		if m.IsOverdue(today) {
			out.Overdue++
		}
	}
	if out.Count == 0 {
		return out
	}
	out.Percent = sum / out.Count
	switch {
	case out.Done == out.Count:
		out.State = Done
	case out.Blocked > 0:
		out.State = Blocked
	case out.Done+out.Submitted == out.Count:
		out.State = Submitted
	case begun:
		out.State = InProgress
	}
	return out
}

// CriticalPath lists the keys of the open milestones that drive a milestone's forecast, the first to be done first and
// the milestone itself last: at each step what is forecast latest of the open ones that it depends on.
func (p *Project) CriticalPath(m *Milestone, today Date) []string {
	dates := p.forecasts(today)
	var path []string
	for at, seen := m, map[string]bool{}; at != nil && !seen[at.Key]; {
		seen[at.Key] = true
		path = append(path, at.Key)
		var next *Milestone
		for _, d := range p.needs(at) {
			if d.IsOpen() && (next == nil || dates[d.Key] > dates[next.Key]) {
				next = d
			}
		}
		at = next
	}
	slices.Reverse(path)
	return path
}

// Driver is the milestone that the go-live's date hangs on today: the first open one of its critical path that is
// overdue or blocked, else the first of all; nil when there is no go-live or it is done.
func (p *Project) Driver(today Date) *Milestone {
	m := p.GoLive()
	if m == nil || !m.IsOpen() {
		return nil
	}
	path := p.CriticalPath(m, today)
	for _, key := range path {
		if at := p.Milestone(key); at.IsOverdue(today) || at.Status == Blocked {
			return at
		}
	}
	return p.Milestone(path[0])
}
