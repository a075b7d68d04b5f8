package steering

// needs are the milestones that m depends on directly, cancelled ones included.
func (p *Project) needs(m *Milestone) []*Milestone {
	var out []*Milestone
	for _, key := range m.DependsOn {
		if d := p.Milestone(key); d != nil {
			out = append(out, d)
		}
	}
	return out
}

// upstream are all that m depends on, directly or not, in plan order. The way leads through what was cancelled: taking
// out a step in between does not free what follows from the gate before it.
func (p *Project) upstream(m *Milestone) []*Milestone {
	seen := map[string]bool{}
	p.walkNeeds(m, seen)
	delete(seen, m.Key)
	var out []*Milestone
	for _, d := range p.Milestones {
		if seen[d.Key] {
			out = append(out, d)
		}
	}
	return out
}

func (p *Project) walkNeeds(m *Milestone, seen map[string]bool) {
	if seen[m.Key] {
		return
	}
	seen[m.Key] = true
	for _, d := range p.needs(m) {
		p.walkNeeds(d, seen)
	}
}

// openNeeds are the keys of what m depends on directly and is open.
func (p *Project) openNeeds(m *Milestone) []string {
	var keys []string
	for _, d := range p.needs(m) {
		if d.IsOpen() {
			keys = append(keys, d.Key)
		}
	}
	return keys
}

// OpenGates are the keys of the gates before m, directly or not, that are neither done nor cancelled: m cannot close
// before them.
func (p *Project) OpenGates(m *Milestone) []string {
	var keys []string
	for _, d := range p.upstream(m) {
		if d.Gate && d.IsOpen() {
			keys = append(keys, d.Key)
		}
	}
	return keys
}

// mayClose refuses to submit or close a gate before all that it depends on is done, and anything before the gates
// that it depends on.
func (a *act) mayClose(m *Milestone) error {
	if open := a.p.openNeeds(m); m.Gate && len(open) > 0 {
		return conflict(KeyGateOpenBefore, map[string]any{"gate": m.Key, "milestone": m.Key, "milestones": open})
	}
	if gates := a.p.OpenGates(m); len(gates) > 0 {
		return conflict(KeyBehindGate, map[string]any{"milestone": m.Key, "milestones": gates})
	}
	return nil
}

// remarkOpenBefore says which other dependencies are still open.
func (a *act) remarkOpenBefore(out *Outcome, m *Milestone) {
	if open := a.p.openNeeds(m); len(open) > 0 {
		out.remark(RemarkOpenBefore, "milestone", m.Key, "milestones", open)
	}
}

// closedBehind are the keys of what depends on m, directly or not, and is submitted or done.
func (p *Project) closedBehind(m *Milestone) []string {
	var keys []string
	for _, d := range p.Milestones {
		if d.Status != Done && d.Status != Submitted {
			continue
		}
		for _, up := range p.upstream(d) {
			if up == m {
				keys = append(keys, d.Key)
				break
			}
		}
	}
	return keys
}

// circle returns the keys of the way from key over on back to key, nil if the new dependency closes no circle.
func (p *Project) circle(key, on string) []string {
	if key == on {
		return []string{key, key}
	}
	way := p.way(on, key, map[string]bool{})
	if way == nil {
		return nil
	}
	return append([]string{key}, way...)
}

// way finds a path of dependencies between two milestones, both ends included.
func (p *Project) way(from, to string, seen map[string]bool) []string {
	if from == to {
		return []string{to}
	}
	m := p.Milestone(from)
	if m == nil || seen[from] {
		return nil
	}
	seen[from] = true
	for _, next := range m.DependsOn {
		if rest := p.way(next, to, seen); rest != nil {
			return append([]string{from}, rest...)
		}
	}
	return nil
}
