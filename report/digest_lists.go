package report

import (
	"cmp"
	"slices"

	"timonel/locale"
	"timonel/steering"
)

// capped keeps the first n lines and counts the rest in one more.
func (d *summary) capped(items []string, n int) []string {
	if len(items) <= n {
		return items
	}
	return append(items[:n:n], d.say.Text("digest.more", locale.Args{"n": len(items) - n}))
}

// open lists the open milestones that fit, earliest first.
func (d *summary) open(fits func(*steering.Milestone) bool) []*steering.Milestone {
	var out []*steering.Milestone
	for _, m := range d.p.Milestones {
		if m.IsOpen() && fits(m) {
			out = append(out, m)
		}
	}
	slices.SortStableFunc(out, func(a, b *steering.Milestone) int { return cmp.Compare(a.Due, b.Due) })
	return out
}

// doneItems lists what was finished since the digest before; what had to be accepted counts from its acceptance.
func (d *summary) doneItems() []string {
	var done []*steering.Milestone
	for _, m := range d.p.Milestones {
		if m.Status == steering.Done && d.isNews(m) {
			done = append(done, m)
		}
	}
	slices.SortStableFunc(done, func(a, b *steering.Milestone) int { return cmp.Compare(d.finished(a), d.finished(b)) })
	var out []string
	for _, m := range done {
		out = append(out, d.say.Text("digest.done_item", locale.Args{"milestone": d.ref(m), "date": d.date(d.finished(m))}))
	}
	return d.capped(out, maxListed)
}

func (d *summary) isNews(m *steering.Milestone) bool {
	if at, known := d.week.Closed[m.Key]; known {
		return at.After(d.week.Since)
	}
	on := d.finished(m)
	return on >= d.p.Today(d.week.Since) && on <= d.today
}

func (d *summary) finished(m *steering.Milestone) steering.Date {
	on := m.DoneOn
	if m.SignOff != nil {
		for _, g := range m.SignOff.Given {
			on = max(on, d.p.Today(g.At))
		}
	}
	return on
}

// nextItems lists what is due from today to the end of next week; early in a week, within seven days.
func (d *summary) nextItems() []string {
	until := max(d.today.AddDays(7), d.today.AddDays(3).Monday().AddDays(6))
	var out []string
	for _, m := range d.open(func(m *steering.Milestone) bool {
		return m.Due >= d.today && m.Due <= until && m.Status != steering.Submitted
	}) {
		line := d.say.Text("digest.next_item", locale.Args{"milestone": d.ref(m), "date": d.date(m.Due)})
		out = append(out, d.owned(line, m.Owner))
	}
	return d.capped(out, maxListed)
}

// overdueItems lists what is late, side by side, the latest first within each.
func (d *summary) overdueItems() []string {
	var out []string
	for _, side := range []steering.Side{steering.SideClient, steering.SideVendor, steering.SideBoth} {
		late := d.open(func(m *steering.Milestone) bool {
			return m.IsOverdue(d.today) && m.Status != steering.Submitted && d.sideOf(m) == side
		})
		if len(late) == 0 {
			continue
		}
		out = append(out, d.say.Text("digest.overdue_"+string(side), nil))
		var items []string
		for _, m := range late {
			line := d.say.Text("digest.overdue_item", locale.Args{
				"milestone": d.ref(m), "n": d.p.Calendar.Between(m.Due, d.today), "date": d.date(m.Due),
			})
			items = append(items, d.owned(line, m.Owner))
		}
		out = append(out, d.capped(items, maxListed)...)
	}
	return out
}

// sideOf is the side whose turn a milestone is; without one it is its owner's, else both sides'.
func (d *summary) sideOf(m *steering.Milestone) steering.Side {
	if m.Side != "" {
		return m.Side
	}
	return d.sideOfPerson(m.Owner)
}

func (d *summary) sideOfPerson(id steering.PersonID) steering.Side {
	if member := d.p.Member(id); member != nil && member.Side != "" {
		return member.Side
	}
	return steering.SideBoth
}

func (d *summary) waitingItems() []string {
	var out []string
	for _, m := range d.open(func(m *steering.Milestone) bool { return m.Status == steering.Submitted }) {
		line := d.say.Text("digest.waiting_item", locale.Args{"milestone": d.ref(m), "who": d.signers(m)})
		if m.IsOverdue(d.today) {
			line += " " + d.say.Text("digest.waiting_late", locale.Args{"date": d.date(m.Due)})
		}
		out = append(out, line)
	}
	return d.capped(out, maxListed)
}

// signers names who may still accept a milestone: any one of each side that has not, or the side when nobody there may.
func (d *summary) signers(m *steering.Milestone) string {
	var sides []string
	for _, side := range m.WaitingSides() {
		var names []string
		for _, member := range d.p.Members {
			if member.Side == side && d.p.MaySign(m, member.Person) {
				names = append(names, d.names.of(member.Person))
			}
		}
		if len(names) == 0 {
			names = []string{d.say.Text("digest.waiting_side", locale.Args{"side": d.say.Text("side."+string(side), nil)})}
		}
		sides = append(sides, d.say.JoinAny(names))
	}
	return d.say.Join(sides)
}

func (d *summary) blockedItems() []string {
	var out []string
	for _, m := range d.open(func(m *steering.Milestone) bool { return m.Status == steering.Blocked }) {
		line := d.say.Text("digest.blocked_item", locale.Args{"milestone": d.ref(m), "reason": d.reason(m)})
		out = append(out, d.owned(line, m.Owner))
	}
	return d.capped(out, maxListed)
}

func (d *summary) reason(m *steering.Milestone) string {
	if m.BlockedBy == "" {
		return d.say.Text("digest.blocked_unknown", nil)
	}
	return m.BlockedBy
}

func (d *summary) decisionItems() []string {
	var out []string
	for _, e := range d.p.Decisions {
		if !e.At.Before(d.week.Since) {
			out = append(out, d.say.Text("digest.decision_item", locale.Args{"text": e.Text, "date": d.date(d.p.Today(e.At))}))
		}
	}
	return d.capped(out, maxListed)
}

// riskItems lists the open risks that weigh most.
func (d *summary) riskItems() []string {
	var risks []*steering.Risk
	for _, r := range d.p.Risks {
		if r.Status == steering.EntryOpen {
			risks = append(risks, r)
		}
	}
	slices.SortStableFunc(risks, func(a, b *steering.Risk) int { return cmp.Compare(weight(b), weight(a)) })
	var out []string
	for _, r := range risks {
		line := d.say.Text("digest.risk_item", locale.Args{"text": r.Text})
		if r.Probability != "" && r.Impact != "" {
			line += " · " + d.say.Text("digest.levels", locale.Args{
				"probability": d.say.Text("level."+string(r.Probability), nil), "impact": d.say.Text("level_impact."+string(r.Impact), nil),
			})
		}
		out = append(out, d.owned(line, r.Owner))
	}
	return d.capped(out, maxRisks)
}

// weight grades a risk; a level that nobody has said counts as medium.
func weight(r *steering.Risk) int {
	grade := func(l steering.Level) int {
		switch l {
		case steering.High:
			return 3
		case steering.Low:
			return 1
		}
		return 2
	}
	return grade(r.Probability) * grade(r.Impact)
}

// actionItems lists the open actions by date, those without one last.
func (d *summary) actionItems() []string {
	var out []string
	for _, a := range d.openActions() {
		out = append(out, d.action(a))
	}
	return d.capped(out, maxListed)
}

func (d *summary) openActions() []*steering.Action {
	var actions []*steering.Action
	for _, a := range d.p.Actions {
		if a.Status == steering.EntryOpen {
			actions = append(actions, a)
		}
	}
	slices.SortStableFunc(actions, func(a, b *steering.Action) int {
		if (a.Due == 0) != (b.Due == 0) {
			return cmp.Compare(b.Due, a.Due)
		}
		return cmp.Compare(a.Due, b.Due)
	})
	return actions
}

func (d *summary) action(a *steering.Action) string {
	line := d.owned(d.say.Text("digest.action_item", locale.Args{"id": a.ID, "text": a.Text}), a.Owner)
	switch {
	case a.Due == 0:
		return line
	case a.Due < d.today:
		return line + " · " + d.say.Text("digest.action_late", locale.Args{"date": d.date(a.Due)})
	}
	return line + " · " + d.say.Text("digest.action_due", locale.Args{"date": d.date(a.Due)})
}
