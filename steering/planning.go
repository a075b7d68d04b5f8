package steering

import (
	"slices"
	"strconv"
	"strings"
)

// run adds a milestone. Where the actor may add but not set dates (the vendor's lead of an onboarding), the milestone
// comes without a date, and the date is put to those who decide it.
func (c AddMilestone) run(a *act) (Outcome, error) {
	m, err := a.newMilestone(c)
	if err != nil {
		return Outcome{}, err
	}
	out := Outcome{Milestone: m.Key}
	a.remarkTwin(&out, m)
	a.p.Milestones = append(a.p.Milestones, m)
	a.p.Record("milestone.added", m.Key)
	due := c.Due
	for _, d := range a.p.needs(m) {
		if d.IsOpen() && d.Due > due {
			due = d.Due
		}
	}
	if due != c.Due {
		out.remark(RemarkMovedToNeed, "milestone", m.Key, "date", due)
	}
	if a.p.MayDecideDates(a.by) {
		m.Due, m.Baseline = due, due
		a.remarkDate(&out, m)
		out.Remarks = append(out.Remarks, a.warrantyFollows()...)
		return out, nil
	}
	asked, err := a.propose(m, due, "")
	if err != nil {
		return Outcome{}, err
	}
	out.Proposal, out.Deciders = asked.Proposal, asked.Deciders
	out.Remarks = append(out.Remarks, asked.Remarks...)
	out.remark(RemarkDateProposed, "milestone", m.Key, "date", due, "who", asked.Deciders)
	return out, nil
}

// newMilestone checks an addition and makes what it asks for, without its date.
func (a *act) newMilestone(c AddMilestone) (*Milestone, error) {
	if err := a.mayPlan(); err != nil {
		return nil, err
	}
	name := strings.TrimSpace(c.Name)
	switch {
	case name == "":
		return nil, missing("name")
	case c.Due == 0:
		return nil, missing("date")
	}
	if err := sane(c.Due); err != nil {
		return nil, err
	}
	owner := c.Owner
	if owner == "" {
		owner = a.by
	}
	if err := a.isMember(owner); err != nil {
		return nil, err
	}
	if c.Stage != "" && !slices.ContainsFunc(a.p.Stages, func(s Stage) bool { return s.Key == c.Stage }) {
		return nil, notFound(KeyNoStage, map[string]any{"stage": c.Stage})
	}
	for _, key := range c.DependsOn {
		if _, err := a.milestone(key); err != nil {
			return nil, err
		}
	}
	return &Milestone{
		Key: a.p.NextKey(), Name: name, Stage: c.Stage, Side: a.p.Member(owner).Side, Owner: owner, Status: Pending,
		DependsOn: sortedKeys(c.DependsOn),
	}, nil
}

// remarkTwin says when another milestone has the same name.
func (a *act) remarkTwin(out *Outcome, m *Milestone) {
	var twins []string
	for _, other := range a.p.Milestones {
		if other != m && other.Status != Cancelled && foldName(other.Name) == foldName(m.Name) {
			twins = append(twins, other.Key)
		}
	}
	if len(twins) > 0 {
		out.remark(RemarkSameName, "milestone", m.Key, "milestones", twins)
	}
}

// NextKey is the key of the next milestone to be added: one more than the highest that there ever was.
func (p *Project) NextKey() string {
	highest := p.LastKey
	for _, m := range p.Milestones {
		if n, err := strconv.Atoi(m.Key); err == nil {
			highest = max(highest, n)
		}
	}
	return strconv.Itoa(highest + 1)
}

func (c CancelMilestone) run(a *act) (Outcome, error) {
	m, err := a.planned(c.Key)
	if err != nil {
		return Outcome{}, err
	}
	switch m.Status {
	case Cancelled:
		return Outcome{Milestone: m.Key, NothingNew: true}, nil
	case Done:
		return Outcome{}, conflict(KeyDone, map[string]any{"milestones": []string{m.Key}})
	}
	m.Status, m.BlockedBy, m.DoneOn = Cancelled, "", 0
	if m.SignOff != nil {
		m.SignOff.Given = nil
	}
	a.p.RecordBecause("milestone.cancelled", m.Key, strings.TrimSpace(c.Reason))
	return Outcome{Milestone: m.Key}, nil
}

// planned looks a milestone up for who may change the plan.
func (a *act) planned(key string) (*Milestone, error) {
	m, err := a.milestone(key)
	if err != nil {
		return nil, err
	}
	return m, a.mayPlan()
}

func (c RenameMilestone) run(a *act) (Outcome, error) {
	m, err := a.planned(c.Key)
	if err != nil {
		return Outcome{}, err
	}
	name := strings.TrimSpace(c.Name)
	if name == "" {
		return Outcome{}, missing("name")
	}
	out := Outcome{Milestone: m.Key, NothingNew: name == m.Name}
	if out.NothingNew {
		return out, nil
	}
	m.Name = name
	a.remarkTwin(&out, m)
	a.p.Record("milestone.renamed", m.Key)
	return out, nil
}

// run gives the milestone another owner. Its side stays: who does the work of a side is that side's affair, and the
// other side's member may own it for them. Only a milestone without a side takes the owner's.
func (c AssignMilestone) run(a *act) (Outcome, error) {
	m, err := a.planned(c.Key)
	if err != nil {
		return Outcome{}, err
	}
	if c.Owner == "" {
		return Outcome{}, missing("owner")
	}
	if err := a.isMember(c.Owner); err != nil {
		return Outcome{}, err
	}
	if m.Owner == c.Owner {
		return Outcome{Milestone: m.Key, NothingNew: true}, nil
	}
	m.Owner = c.Owner
	if m.Side == "" {
		m.Side = a.p.Member(c.Owner).Side
	}
	a.p.Record("milestone.assigned", m.Key)
	return Outcome{Milestone: m.Key}, nil
}

func (c AddDependency) run(a *act) (Outcome, error) {
	m, err := a.planned(c.Key)
	if err != nil {
		return Outcome{}, err
	}
	if len(c.On) == 0 {
		return Outcome{}, missing("milestone")
	}
	var added []string
	to := m.Due
	for _, key := range c.On {
		need, err := a.milestone(key)
		if err != nil {
			return Outcome{}, err
		}
		if path := a.p.circle(m.Key, key); path != nil {
			return Outcome{}, conflict(KeyCircle, map[string]any{"path": path, "milestones": path})
		}
		if slices.Contains(m.DependsOn, key) || slices.Contains(added, key) {
			continue
		}
		added = append(added, key)
		if need.IsOpen() { // what is done keeps nobody waiting
			to = max(to, need.Due)
		}
	}
	out := Outcome{Milestone: m.Key, NothingNew: len(added) == 0}
	if out.NothingNew {
		return out, nil
	}
	a.p.Record("milestone.depends", m.Key)
	if m.Due != 0 && m.IsOpen() && to > m.Due {
		a.move(&out, m, to, "")
		out.remark(RemarkMovedToNeed, "milestone", m.Key, "date", to)
	}
	m.DependsOn = sortedKeys(append(slices.Clone(m.DependsOn), added...))
	return out, nil
}

func (c DropDependency) run(a *act) (Outcome, error) {
	m, err := a.planned(c.Key)
	if err != nil {
		return Outcome{}, err
	}
	if len(c.On) == 0 {
		return Outcome{}, missing("milestone")
	}
	kept := slices.DeleteFunc(slices.Clone(m.DependsOn), func(key string) bool { return slices.Contains(c.On, key) })
	if len(kept) == len(m.DependsOn) {
		return Outcome{Milestone: m.Key, NothingNew: true}, nil
	}
	m.DependsOn = nil
	if len(kept) > 0 {
		m.DependsOn = kept
	}
	a.p.Record("milestone.depends", m.Key)
	return Outcome{Milestone: m.Key}, nil
}

func (c AddNote) run(a *act) (Outcome, error) {
	m, err := a.milestone(c.Key)
	if err != nil {
		return Outcome{}, err
	}
	text := strings.TrimSpace(c.Text)
	if text == "" {
		return Outcome{}, missing("text")
	}
	m.Notes = append(m.Notes, Note{Text: text, By: a.by, At: a.now})
	a.p.Record("milestone.noted", m.Key)
	return Outcome{Milestone: m.Key}, nil
}

// sortedKeys orders milestone keys by number and takes out doubles.
func sortedKeys(keys []string) []string {
	if len(keys) == 0 {
		return nil
	}
	out := slices.Clone(keys)
	slices.SortFunc(out, compareKeys)
	return slices.Compact(out)
}

// compareKeys orders keys by their number, those that are no number by name behind them.
func compareKeys(a, b string) int {
	x, errX := strconv.Atoi(a)
	y, errY := strconv.Atoi(b)
	switch {
	case errX == nil && errY == nil && x != y:
		return x - y
	case errX == nil && errY != nil:
		return -1
	case errX != nil && errY == nil:
		return 1
	}
	return strings.Compare(a, b)
}
