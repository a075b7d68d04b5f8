package steering

import "slices"

// dueDates is a due date per milestone key; what has none is not in it.
type dueDates map[string]Date

func (p *Project) dues() dueDates {
	out := make(dueDates, len(p.Milestones))
	for _, m := range p.Milestones {
		if m.Due != 0 {
			out[m.Key] = m.Due
		}
	}
	return out
}

// inOrder lists the milestones with what they depend on before them, in plan order otherwise.
func (p *Project) inOrder() []*Milestone {
	out := make([]*Milestone, 0, len(p.Milestones))
	index := make(map[string]*Milestone, len(p.Milestones))
	for _, m := range p.Milestones {
		index[m.Key] = m
	}
	seen := make(map[string]bool, len(p.Milestones))
	var visit func(m *Milestone)
	visit = func(m *Milestone) {
		if m == nil || seen[m.Key] {
			return
		}
		seen[m.Key] = true
		for _, key := range m.DependsOn {
			visit(index[key])
		}
		out = append(out, m)
	}
	for _, m := range p.Milestones {
		visit(m)
	}
	return out
}

// latestNeed is the latest date in dates of what m depends on; cancelled ones do not count.
func latestNeed(index map[string]*Milestone, m *Milestone, dates dueDates) Date {
	var latest Date
	for _, key := range m.DependsOn {
		if d := index[key]; d != nil && d.Status != Cancelled {
			latest = max(latest, dates[key])
		}
	}
	return latest
}

func (p *Project) byKey() map[string]*Milestone {
	index := make(map[string]*Milestone, len(p.Milestones))
	for _, m := range p.Milestones {
		index[m.Key] = m
	}
	return index
}

// forward is the one rule by which dates follow: it takes the milestones in `set` to the dates given there and lets the
// others follow. A dependent keeps the working days that lay between the latest date of what it depends on and its own,
// at least 0, and moves later only as far as it must; where the latest date did not move later, nothing does. What is
// done or cancelled stays.
//
// floor holds dates before which a milestone cannot end, beside what it depends on.
func (p *Project) forward(set, floor dueDates) dueDates {
	index, old, next := p.byKey(), p.dues(), p.dues()
	for _, m := range p.inOrder() {
		if to, ok := set[m.Key]; ok {
			next[m.Key] = to
			continue
		}
		if m.Due == 0 || !m.IsOpen() {
			continue
		}
		to := max(m.Due, floor[m.Key])
		if before, after := latestNeed(index, m, old), latestNeed(index, m, next); after > before {
			to = max(to, p.Calendar.Add(after, p.gap(before, m.Due)))
		}
		next[m.Key] = to
	}
	return next
}

// gap is how many working days lie between what is needed and a due date; a due date before it, and one that had
// nothing before it, leave none.
func (p *Project) gap(need, due Date) int {
	if need == 0 {
		return 0
	}
	return max(0, p.Calendar.Between(need, due))
}

// earlier lists what could come earlier once the dates in set are: the same rule backwards, with nothing before today.
func (p *Project) earlier(set dueDates, today Date) []Move {
	index, old, next := p.byKey(), p.dues(), p.dues()
	var out []Move
	for _, m := range p.inOrder() {
		if to, ok := set[m.Key]; ok {
			next[m.Key] = to
			continue
		}
		if m.Due == 0 || !m.IsOpen() {
			continue
		}
		before, after := latestNeed(index, m, old), latestNeed(index, m, next)
		if after == 0 || after >= before {
			continue
		}
		if to := max(today, p.Calendar.Add(after, p.gap(before, m.Due))); to < m.Due {
			next[m.Key] = to
			out = append(out, Move{Key: m.Key, From: m.Due, To: to})
		}
	}
	p.sortMoves(out)
	return out
}

// forecasts is the forward pass with every overdue milestone taken as finished today at the earliest.
func (p *Project) forecasts(today Date) dueDates {
	floor := dueDates{}
	for _, m := range p.Milestones {
		if m.IsOverdue(today) {
			floor[m.Key] = today
		}
	}
	return p.forward(nil, floor)
}

// IsOverdue reports whether the milestone is open and its due date is over.
func (m *Milestone) IsOverdue(today Date) bool { return m.IsOpen() && m.Due != 0 && m.Due < today }

// Refresh brings every forecast and the project's health to the day, and reports whether one changed.
func (p *Project) Refresh(today Date) (changed bool) {
	dates := p.forecasts(today)
	for _, m := range p.Milestones {
		if f := dates[m.Key]; f != m.Forecast {
			m.Forecast, changed = f, true
		}
	}
	if h, _ := p.Assess(today); h != p.Health {
		p.Health, changed = h, true
	}
	return changed
}

// WhatIf says what would move if the milestone's due date were `to`, what could then come earlier, and what that does
// to the go-live's forecast (Key "" without a go-live). It changes nothing; an unknown key moves nothing.
func (p *Project) WhatIf(key string, to, today Date) (moves, earlier []Move, goLive Move) {
	if p.Milestone(key) == nil {
		return nil, nil, Move{}
	}
	set := dueDates{key: to}
	moves, earlier = p.follow(set), p.earlier(set, today)
	if g := p.GoLive(); g != nil {
		trial := p.Clone()
		for _, mv := range moves {
			trial.Milestone(mv.Key).Due = mv.To
		}
		goLive = Move{Key: g.Key, From: p.forecasts(today)[g.Key], To: trial.forecasts(today)[g.Key]}
	}
	return moves, earlier, goLive
}

// Consequences says what a missed date alone drags along, as a forecast of the day: the milestones whose forecast it
// puts off, and the go-live from its due date to where it comes to lie (Key "" where it does not reach it).
func (p *Project) Consequences(key string, today Date) (moves []Move, goLive Move) {
	next, last := p.forward(nil, dueDates{key: today}), p.GoLive()
	for _, m := range p.Milestones {
		to := next[m.Key]
		if m.Key == key || to == m.Due {
			continue
		}
		moves = append(moves, Move{Key: m.Key, From: m.Due, To: to})
	}
	if last != nil && next[last.Key] != last.Due {
		goLive = Move{Key: last.Key, From: last.Due, To: next[last.Key]}
	}
	p.sortMoves(moves)
	return moves, goLive
}

// follow lists the moves that setting dates brings, those of set first, then by date.
func (p *Project) follow(set dueDates) []Move {
	next := p.forward(set, nil)
	var named, others []Move
	for _, m := range p.Milestones {
		to := next[m.Key]
		if to == m.Due {
			continue
		}
		if _, ok := set[m.Key]; ok {
			named = append(named, Move{Key: m.Key, From: m.Due, To: to})
		} else {
			others = append(others, Move{Key: m.Key, From: m.Due, To: to})
		}
	}
	p.sortMoves(others)
	return append(named, others...)
}

// sortMoves orders by the new date, in plan order where they are the same.
func (p *Project) sortMoves(moves []Move) {
	slices.SortStableFunc(moves, func(a, b Move) int { return int(a.To - b.To) })
}
