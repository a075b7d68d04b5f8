package steering

import (
	"slices"
	"strings"
)

// AskedSides lists the sides that must accept the milestone, the vendor first; "both" asks for either.
func (m *Milestone) AskedSides() []Side {
	if m.SignOff == nil {
		return nil
	}
	var out []Side
	for _, side := range []Side{SideVendor, SideClient} {
		if slices.Contains(m.SignOff.Sides, side) || slices.Contains(m.SignOff.Sides, SideBoth) {
			out = append(out, side)
		}
	}
	return out
}

// WaitingSides lists the asked sides that have not accepted yet.
func (m *Milestone) WaitingSides() []Side {
	return slices.DeleteFunc(m.AskedSides(), func(side Side) bool {
		return slices.ContainsFunc(m.SignOff.Given, func(g Given) bool { return g.Side == side })
	})
}

func (s *SignOff) givenBy(id PersonID) bool {
	return s != nil && slices.ContainsFunc(s.Given, func(g Given) bool { return g.Person == id })
}

func (c GiveSignOff) run(a *act) (Outcome, error) {
	m, side, err := a.signing(c.Key)
	if err != nil {
		return Outcome{}, err
	}
	out := Outcome{Milestone: m.Key}
	if m.Status == Done || !slices.Contains(m.WaitingSides(), side) {
		out.NothingNew, out.Waiting, out.Deciders = true, m.WaitingSides(), a.p.signers(m).who
		return out, nil
	}
	if m.SignOff.givenBy(a.by) {
		return Outcome{}, conflict(KeySignedOther, map[string]any{"milestones": []string{m.Key}})
	}
	last := len(m.WaitingSides()) == 1
	if last {
		if err := a.mayClose(m); err != nil {
			return Outcome{}, err
		}
	}
	m.SignOff.Given = append(m.SignOff.Given, Given{Person: a.by, Side: side, At: a.now})
	a.p.Record("milestone.signed", m.Key)
	if last {
		out.Remarks = a.close(m)
		out.Closed = true
	} else {
		out.Waiting, out.Deciders = m.WaitingSides(), a.p.signers(m).who
	}
	return out, nil
}

// signing finds the milestone and the side that the actor signs it for. What is done and was accepted by the actor's
// side passes, so that a second yes is no error.
func (a *act) signing(key string) (*Milestone, Side, error) {
	m, err := a.milestone(key)
	if err != nil {
		return nil, "", err
	}
	keys := []string{m.Key}
	if len(m.AskedSides()) == 0 {
		return nil, "", conflict(KeyNoSignOff, map[string]any{"milestones": keys})
	}
	side := a.p.signingSide(m, a.by)
	if side == "" {
		return nil, "", forbidden(KeySign, a.p.askedSigners(m), "milestones", keys, "sides", m.AskedSides())
	}
	if m.Status != Submitted && !(m.Status == Done && len(m.WaitingSides()) == 0) {
		return nil, "", conflict(KeyNotSubmitted, map[string]any{"milestones": keys, "status": m.Status})
	}
	return m, side, nil
}

// askedSigners are all who may sign for an asked side, also where it has signed.
func (p *Project) askedSigners(m *Milestone) grant {
	g := grant{roles: []Role{RoleSponsor, RoleProductOwner}}
	for _, side := range m.AskedSides() {
		g = g.and(p, p.holders(side, RoleSponsor, RoleProductOwner))
	}
	return g
}

func (c RejectSignOff) run(a *act) (Outcome, error) {
	m, _, err := a.signing(c.Key)
	if err != nil {
		return Outcome{}, err
	}
	if m.Status == Done {
		return Outcome{}, conflict(KeyDone, map[string]any{"milestones": []string{m.Key}})
	}
	reason := strings.TrimSpace(c.Reason)
	if reason == "" {
		return Outcome{}, missing("reason")
	}
	m.Status, m.DoneOn, m.SignOff.Given = InProgress, 0, nil
	m.SignOff.Rejected = append(m.SignOff.Rejected, Rejection{Person: a.by, At: a.now, Reason: reason})
	a.p.Record("milestone.rejected", m.Key)
	return Outcome{Milestone: m.Key}, nil
}

func (c AttachDocument) run(a *act) (Outcome, error) {
	m, err := a.mayDocument(c.Key)
	if err != nil {
		return Outcome{}, err
	}
	name, sum := strings.TrimSpace(c.Name), strings.ToLower(c.SHA256)
	if name == "" || !isSHA256(sum) {
		return Outcome{}, invalid(KeyBadValue, map[string]any{"field": "document", "value": c.Name})
	}
	if len(m.AskedSides()) == 0 {
		if err := a.mayPlan(); err != nil {
			return Outcome{}, err
		}
	}
	out := Outcome{Milestone: m.Key}
	if s := m.SignOff; s != nil && s.Document != nil && s.Document.SHA256 == sum && len(m.AskedSides()) > 0 {
		out.NothingNew = true
		return out, nil
	}
	if m.SignOff == nil {
		m.SignOff = &SignOff{}
	}
	if len(m.AskedSides()) == 0 { // a document to sign asks for the client's signature
		m.SignOff.Sides = []Side{SideClient}
		out.remark(RemarkSignOffAsked, "milestone", m.Key, "side", SideClient)
	}
	if gave := m.SignOff.Given; len(gave) > 0 {
		var who []PersonID
		for _, g := range gave {
			who = append(who, g.Person)
		}
		out.remark(RemarkSignOffVoided, "milestone", m.Key, "who", who)
	}
	m.SignOff.Document, m.SignOff.Given = &Document{Name: name, SHA256: sum}, nil
	if m.Status == Submitted {
		out.Waiting, out.Deciders = m.WaitingSides(), a.p.signers(m).who
	}
	a.p.Record("milestone.document", m.Key)
	return out, nil
}

// mayDocument lets whoever reports on the milestone, or signs it, bring the document, until the milestone is done.
func (a *act) mayDocument(key string) (*Milestone, error) {
	m, err := a.milestone(key)
	if err != nil {
		return nil, err
	}
	keys := []string{m.Key}
	if g := a.p.reporters(m).and(a.p, a.p.askedSigners(m)); !g.has(a.by) {
		return nil, forbidden(KeyNotYours, g, "milestones", keys)
	}
	switch m.Status {
	case Done:
		return nil, conflict(KeyDone, map[string]any{"milestones": keys})
	case Cancelled:
		return nil, conflict(KeyCancelled, map[string]any{"milestones": keys})
	}
	return m, nil
}

func isSHA256(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}
