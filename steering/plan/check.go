package plan

import (
	"fmt"
	"slices"
	"strings"
)

// check finds what is wrong between the parts of a plan.
func (r *reader) check(p *Plan) {
	r.checkStages(p)
	r.checkMilestones(p)
	r.checkDependencies(p)
	r.checkCircles(p)
}

func (r *reader) checkStages(p *Plan) {
	for i, s := range p.Stages {
		table := r.stages[i]
		what := label("stage", table, "key", i+1)
		if table.get("key") == nil {
			r.add(table.line, "%s: the key is missing", what)
		}
		if table.get("name") == nil {
			r.add(table.line, "%s: the name is missing", what)
		}
		if first := slices.IndexFunc(p.Stages, func(o Stage) bool { return o.Key == s.Key }); first < i && s.Key != "" {
			r.add(table.line, "%s: the key stands already on line %d", what, r.stages[first].line)
		}
	}
}

func (r *reader) checkMilestones(p *Plan) {
	first, stages := map[string]*Milestone{}, []string{}
	for _, s := range p.Stages {
		stages = append(stages, s.Key)
	}
	for i, m := range p.Milestones {
		what, at := m.label(i), r.at[m]
		if at.fields["name"] == 0 {
			r.add(at.line, "%s: the name is missing", what)
		}
		if m.Stage != "" && !slices.Contains(stages, m.Stage) {
			r.unknown(at.fields["stage"], what, "stage", m.Stage, stages)
		}
		if m.Optional && m.ID == "" {
			r.add(at.fields["optional"], "%s: what is optional needs an id, by which it is asked for", what)
		}
		if before := first[m.ID]; before != nil {
			r.add(at.fields["id"], "%s: the id stands already on line %d", what, r.at[before].fields["id"])
		} else if m.ID != "" {
			first[m.ID] = m
		}
		r.checkWhen(p, m, what)
	}
}

// label names the milestone at a place of the plan, from 0.
func (m *Milestone) label(i int) string {
	if m.ID != "" {
		return fmt.Sprintf("milestone %q", m.ID)
	}
	return fmt.Sprintf("milestone %d", i+1)
}

func (r *reader) checkWhen(p *Plan, m *Milestone, what string) {
	var given []string
	for _, key := range []string{"week", "weeks", "due", "offset"} {
		if r.at[m].fields[key] != 0 {
			given = append(given, key)
		}
	}
	if len(given) > 1 {
		r.add(r.at[m].fields[given[1]], "%s: %s: one of them says when, not several", what, strings.Join(given, " and "))
	}
	line := r.at[m].fields["week_with"]
	if line == 0 {
		return
	}
	if r.at[m].fields["week"] == 0 && r.at[m].fields["weeks"] == 0 {
		r.add(line, "%s: week_with needs the week that holds otherwise", what)
	}
	var optional []string
	for _, o := range p.Milestones {
		if o.Optional && o.ID != "" && o != m {
			optional = append(optional, o.ID)
		}
	}
	for _, id := range sortedKeys(m.When.With) {
		if !slices.Contains(optional, id) {
			r.unknown(line, what, "optional milestone", id, optional)
		}
	}
}

func (r *reader) checkDependencies(p *Plan) {
	var ids []string
	for _, m := range p.Milestones {
		if m.ID != "" {
			ids = append(ids, m.ID)
		}
	}
	for i, m := range p.Milestones {
		for j, id := range m.DependsOn {
			if !slices.Contains(ids, id) {
				line := r.at[m].fields["depends_on"]
				if len(r.at[m].depends) == len(m.DependsOn) {
					line = r.at[m].depends[j]
				}
				r.unknown(line, m.label(i), "dependency", id, ids)
			}
		}
	}
}

// checkCircles reports each circle of dependencies once, at the milestone of it that is reached first in plan order.
func (r *reader) checkCircles(p *Plan) {
	const onPath, over = 1, 2
	state, path := map[*Milestone]int{}, []string{}
	var visit func(m *Milestone)
	visit = func(m *Milestone) {
		state[m] = onPath
		path = append(path, m.ID)
		for _, id := range m.DependsOn {
			switch next := p.find(id); {
			case next == nil || state[next] == over:
			case state[next] == onPath:
				circle := append(slices.Clone(path[slices.Index(path, id):]), id)
				r.add(r.at[next].fields["depends_on"], "milestone %q: depends on itself: %s", id, strings.Join(circle, " → "))
			default:
				visit(next)
			}
		}
		path = path[:len(path)-1]
		state[m] = over
	}
	for _, m := range p.Milestones {
		if state[m] == 0 {
			visit(m)
		}
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
