package steering

import "slices"

// A grant names who may do something: the persons of this project, and the roles that make them so.
type grant struct {
	who   []PersonID
	roles []Role
}

func (g grant) has(id PersonID) bool { return slices.Contains(g.who, id) }

// and joins two grants; persons stay in the order of the members.
func (g grant) and(p *Project, more grant) grant {
	return p.granted(append(slices.Clone(g.roles), more.roles...), func(m *Member) bool {
		return g.has(m.Person) || more.has(m.Person)
	})
}

// granted collects the members that fit. An observer never acts, whatever else they are.
func (p *Project) granted(roles []Role, fits func(*Member) bool) grant {
	g := grant{}
	for _, r := range Roles {
		if slices.Contains(roles, r) {
			g.roles = append(g.roles, r)
		}
	}
	for i := range p.Members {
		if m := &p.Members[i]; !m.Has(RoleObserver) && fits(m) {
			g.who = append(g.who, m.Person)
		}
	}
	return g
}

// holders are those of a side (or of either, with side "") who hold one of the roles.
func (p *Project) holders(side Side, roles ...Role) grant {
	return p.granted(roles, func(m *Member) bool {
		return (side == "" || m.Side == side) && slices.ContainsFunc(roles, m.Has)
	})
}

// committee is everybody who may act, of one side or of all.
func (p *Project) committee(side Side) grant {
	return p.granted(nil, func(m *Member) bool { return side == "" || m.Side == side })
}

// lead is "the lead" of the rules: the vendor's, or one without a side. A project without such a one is led by
// whoever is lead, so that it is not locked.
func (p *Project) lead() grant {
	g := p.granted([]Role{RoleLead}, func(m *Member) bool { return m.Has(RoleLead) && m.Side != SideClient })
	if len(g.who) > 0 {
		return g
	}
	return p.holders("", RoleLead)
}

// dateSetters decide dates: the vendor's lead, in an onboarding the client's product owners and sponsors. An onboarding
// without either falls back to the lead.
func (p *Project) dateSetters() grant {
	if p.Mode != ModeOnboarding {
		return p.lead()
	}
	if g := p.holders(SideClient, RoleProductOwner, RoleSponsor); len(g.who) > 0 {
		return g
	}
	return p.lead()
}

// planners change the plan and the roster: the lead, in an onboarding also the client's product owner.
func (p *Project) planners() grant {
	if p.Mode != ModeOnboarding {
		return p.lead()
	}
	return p.lead().and(p, p.holders(SideClient, RoleProductOwner))
}

// conveners call meetings: a lead or a sponsor of either side.
func (p *Project) conveners() grant { return p.holders("", RoleLead, RoleSponsor) }

// clerks keep the warranty, the invoices and the digest's schedule.
func (p *Project) clerks() grant { return p.lead().and(p, p.holders("", RoleCSM)) }

// reporters may report on a milestone: its owner, its side (both sides' if it is of both), and the lead.
func (p *Project) reporters(m *Milestone) grant {
	lead := p.lead()
	return p.granted([]Role{RoleLead}, func(who *Member) bool {
		switch {
		case lead.has(who.Person), who.Person == m.Owner:
			return true
		case m.Side == SideBoth:
			return who.Side != ""
		}
		return who.Side != "" && who.Side == m.Side
	})
}

// MayReport says whether the person may report start, progress, blocks and completion of the milestone.
func (p *Project) MayReport(m *Milestone, id PersonID) bool { return p.reporters(m).has(id) }

// MayDecideDates says whether the person sets dates in this project, and so decides what others propose.
func (p *Project) MayDecideDates(id PersonID) bool { return p.dateSetters().has(id) }

// MayPlan says whether the person may add, cancel, rename, reopen and assign milestones and place people.
func (p *Project) MayPlan(id PersonID) bool { return p.planners().has(id) }

// MayConvene says whether the person may call a meeting.
func (p *Project) MayConvene(id PersonID) bool { return p.conveners().has(id) }

// MaySign says whether the milestone's sign-off waits for the person: submitted, asked of their side, not given by it
// yet, and nothing given by them for the other one.
func (p *Project) MaySign(m *Milestone, id PersonID) bool {
	return m.Status == Submitted && p.signers(m).has(id)
}

// Lead returns "the lead": whoever sets the pace in this project, see lead.
func (p *Project) Lead() []PersonID { return p.lead().who }

// DateSetters returns who decides dates in the project's mode.
func (p *Project) DateSetters() []PersonID { return p.dateSetters().who }

// signers are the sponsors and product owners of the sides whose sign-off is missing.
func (p *Project) signers(m *Milestone) grant {
	g := grant{roles: []Role{RoleSponsor, RoleProductOwner}}
	for _, side := range m.WaitingSides() {
		g = g.and(p, p.holders(side, RoleSponsor, RoleProductOwner))
	}
	g.who = slices.DeleteFunc(g.who, func(id PersonID) bool { return m.SignOff.givenBy(id) })
	return g
}

// signingSide returns the asked side that the person speaks for in sign-offs, "" if none.
func (p *Project) signingSide(m *Milestone, id PersonID) Side {
	for _, side := range m.AskedSides() {
		if p.holders(side, RoleSponsor, RoleProductOwner).has(id) {
			return side
		}
	}
	return ""
}

// leadOf is who leads a side: its leads, else its sponsors.
func (p *Project) leadOf(side Side) grant {
	if g := p.holders(side, RoleLead); len(g.who) > 0 {
		return g
	}
	return p.holders(side, RoleSponsor)
}
