package steering

import "slices"

// run places a person. Another role than observer ends observing, so that whoever is given something to do can do it.
func (c SetRoles) run(a *act) (Outcome, error) {
	if err := a.need(KeyRoles, a.p.planners()); err != nil {
		return Outcome{}, err
	}
	if c.Person == "" {
		return Outcome{}, missing("person")
	}
	if c.Side != "" && c.Side != SideVendor && c.Side != SideClient {
		return Outcome{}, invalid(KeyBadValue, map[string]any{"field": "side", "value": string(c.Side)})
	}
	for _, r := range append(slices.Clone(c.Add), c.Drop...) {
		if !slices.Contains(Roles, r) {
			return Outcome{}, invalid(KeyBadValue, map[string]any{"field": "role", "value": string(r)})
		}
	}
	old := a.p.Member(c.Person)
	placed := Member{Person: c.Person}
	if old != nil {
		placed = *old
	}
	if c.Side != "" {
		placed.Side = c.Side
	}
	placed.Roles = c.rolesAfter(placed.Roles)
	if old != nil && placed.Side == old.Side && slices.Equal(placed.Roles, inRoleOrder(old.Roles)) {
		return Outcome{NothingNew: true}, nil
	}
	if old.Has(RoleLead) && !leads(&placed) && !slices.ContainsFunc(a.p.Members, func(m Member) bool {
		return m.Person != c.Person && leads(&m)
	}) {
		return Outcome{}, conflict(KeyLastLead, map[string]any{"person": c.Person})
	}
	if old != nil {
		*old = placed
	} else {
		a.p.Members = append(a.p.Members, placed)
		a.p.sortMembers()
	}
	a.p.Record("member.placed", "member "+string(c.Person))
	var out Outcome
	if filled := a.p.FillOwners(c.Person); len(filled) > 0 {
		out.remark(RemarkOwnsNow, "milestones", filled)
	}
	return out, nil
}

// answering are the roles that may be given what nobody owns.
var answering = []Role{RoleLead, RoleProductOwner, RoleCSM}

// FillOwners gives to a member who was just placed the open milestones that have no owner, because nobody was on their
// side when they were made. It returns their keys.
func (p *Project) FillOwners(id PersonID) []string {
	m := p.Member(id)
	if m == nil || m.Has(RoleObserver) || !slices.ContainsFunc(answering, m.Has) {
		return nil
	}
	var keys []string
	for _, ms := range p.Milestones {
		if ms.Owner != "" || !ms.IsOpen() || m.Side == "" || ms.Side != m.Side && ms.Side != SideBoth {
			continue
		}
		ms.Owner = id
		keys = append(keys, ms.Key)
		p.Record("milestone.assigned", ms.Key)
	}
	return keys
}

func leads(m *Member) bool { return m.Has(RoleLead) && !m.Has(RoleObserver) }

func (c SetRoles) rolesAfter(have []Role) []Role {
	out := slices.DeleteFunc(slices.Clone(have), func(r Role) bool { return slices.Contains(c.Drop, r) })
	for _, r := range c.Add {
		if r != RoleObserver {
			out = slices.DeleteFunc(out, func(r Role) bool { return r == RoleObserver })
		}
		out = append(out, r)
	}
	return inRoleOrder(out)
}

// inRoleOrder gives roles the order of Roles, each once.
func inRoleOrder(roles []Role) []Role {
	var out []Role
	for _, r := range Roles {
		if slices.Contains(roles, r) {
			out = append(out, r)
		}
	}
	return out
}

func (c MuteNotices) run(a *act) (Outcome, error) {
	mute, err := a.mute(c.Milestone, c.Everyone)
	if err != nil {
		return Outcome{}, err
	}
	switch {
	case c.Until == 0:
		return Outcome{}, missing("date")
	case c.Until <= a.today:
		return Outcome{}, invalid(KeyPast, map[string]any{"date": c.Until})
	}
	if err := sane(c.Until); err != nil {
		return Outcome{}, err
	}
	mute.Until = c.Until
	out := Outcome{Milestone: c.Milestone}
	for _, have := range a.p.Mutes {
		if have.Person != mute.Person || have.Milestone != mute.Milestone {
			continue
		}
		if out.NothingNew = have.Until == mute.Until; !out.NothingNew {
			have.Until = mute.Until
			a.p.Record("notices.muted", muteObject(mute))
		}
		return out, nil
	}
	a.p.Mutes = append(a.p.Mutes, &mute)
	a.p.sortMutes()
	a.p.Record("notices.muted", muteObject(mute))
	return out, nil
}

// mute checks what is to be silenced, and that the lead says so when it is everyone's.
func (a *act) mute(milestone string, everyone bool) (Mute, error) {
	m := Mute{Person: a.by, Milestone: milestone}
	if milestone != "" {
		if _, err := a.milestone(milestone); err != nil {
			return m, err
		}
	}
	if !everyone {
		return m, nil
	}
	m.Person = ""
	return m, a.need(KeyMuteAll, a.p.lead())
}

func muteObject(m Mute) string {
	who := "everyone"
	if m.Person != "" {
		who = "member " + string(m.Person)
	}
	if m.Milestone != "" {
		return who + " " + m.Milestone
	}
	return who
}

// run ends the actor's mute of the milestone; without one, all of the actor's mutes.
func (c Unmute) run(a *act) (Outcome, error) {
	mute, err := a.mute(c.Milestone, c.Everyone)
	if err != nil {
		return Outcome{}, err
	}
	kept := slices.DeleteFunc(slices.Clone(a.p.Mutes), func(have *Mute) bool {
		return have.Person == mute.Person && (c.Milestone == "" || have.Milestone == c.Milestone)
	})
	out := Outcome{Milestone: c.Milestone, NothingNew: len(kept) == len(a.p.Mutes)}
	if out.NothingNew {
		return out, nil
	}
	a.p.Mutes = kept
	a.p.Record("notices.unmuted", muteObject(mute))
	return out, nil
}

// Languages lists those that a project can speak.
var Languages = []string{"es", "pt", "en"}

func (c SetLanguage) run(a *act) (Outcome, error) {
	if !slices.Contains(Languages, c.Language) {
		return Outcome{}, invalid(KeyBadValue, map[string]any{"field": "language", "value": c.Language})
	}
	if a.p.Language == c.Language {
		return Outcome{NothingNew: true}, nil
	}
	a.p.Language = c.Language
	a.p.Record("project.language", "project")
	return Outcome{}, nil
}

// run pauses, resumes, closes or opens the project again; what is resumed after its go-live is live.
func (c SetProjectStatus) run(a *act) (Outcome, error) {
	if err := a.need(KeyStatus, a.p.lead()); err != nil {
		return Outcome{}, err
	}
	if !slices.Contains([]ProjectStatus{ProjectActive, ProjectPaused, ProjectLive, ProjectClosed}, c.Status) {
		return Outcome{}, invalid(KeyBadValue, map[string]any{"field": "status", "value": string(c.Status)})
	}
	m, status := a.p.GoLive(), c.Status
	wentLive := m != nil && m.Status == Done
	switch {
	case status == ProjectLive && !wentLive:
		args := map[string]any{}
		if m != nil {
			args["milestones"] = []string{m.Key}
		}
		return Outcome{}, conflict(KeyNotLive, args)
	case status == ProjectActive && wentLive:
		status = ProjectLive
	}
	if a.p.Status == status {
		return Outcome{NothingNew: true}, nil
	}
	a.p.Status = status
	a.p.Record("project."+string(status), "project")
	return Outcome{}, nil
}
