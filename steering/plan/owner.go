package plan

import (
	"slices"

	"timonel/steering"
)

// owner finds who answers for a milestone of a side: the first of the wanted who is there, on the milestone's own side
// before the other, else the lead of its side (of both: the vendor's). It is empty if that side has no lead.
func owner(wanted []Owner, side steering.Side, p *steering.Project) steering.PersonID {
	for _, s := range sides(side) {
		for _, o := range wanted {
			if o.Person != "" && p.Member(o.Person) != nil {
				return o.Person
			}
			if holders := with(p, o.Role, s); o.Role != "" && len(holders) > 0 {
				return holders[0]
			}
		}
	}
	if side == steering.SideBoth {
		side = steering.SideVendor
	}
	if leads := with(p, steering.RoleLead, side); len(leads) > 0 {
		return leads[0]
	}
	return ""
}

// sides lists where an owner is looked for, the milestone's own side first; "" stands for anybody.
func sides(own steering.Side) []steering.Side {
	if own == steering.SideBoth {
		return []steering.Side{steering.SideVendor, steering.SideClient, ""}
	}
	return []steering.Side{own, ""}
}

// with returns the members with a role, by id, so that the order in which people came decides nothing.
func with(p *steering.Project, role steering.Role, side steering.Side) []steering.PersonID {
	ids := p.With(role, side)
	slices.Sort(ids)
	return ids
}

// sideOf gives a side to a milestone whose plan names none: that of the owner it names, else of who does the work in
// the project's mode: the client in onboarding, the vendor in an implementation.
func sideOf(m *Milestone, p *steering.Project) steering.Side {
	if len(m.Owner) > 0 {
		if member := p.Member(owner(m.Owner, "", p)); member != nil && member.Side != "" {
			return member.Side
		}
	}
	if p.Mode == steering.ModeOnboarding {
		return steering.SideClient
	}
	return steering.SideVendor
}
