package steering

import (
	"slices"
	"strconv"
	"strings"
)

// object names a register entry in the audit and in notices: "risk 1".
func object(kind EntryKind, id int) string { return string(kind) + " " + strconv.Itoa(id) }

// NextNumber is the id of the next entry of a register: one more than the highest.
func (p *Project) NextNumber(kind EntryKind) int {
	switch kind {
	case KindRisk:
		return nextID(p.Risks, func(r *Risk) int { return r.ID })
	case KindIssue:
		return nextID(p.Issues, func(i *Issue) int { return i.ID })
	case KindDecision:
		return nextID(p.Decisions, func(d *Decision) int { return d.ID })
	case KindAction:
		return nextID(p.Actions, func(a *Action) int { return a.ID })
	case KindChange:
		return nextID(p.Changes, func(c *Change) int { return c.ID })
	case KindRequest:
		return nextID(p.Requests, func(r *Request) int { return r.ID })
	case KindInvoice:
		return nextID(p.Invoices, func(i *Invoice) int { return i.ID })
	case KindMeeting:
		return nextID(p.Meetings, func(m *Meeting) int { return m.ID })
	case KindProposal:
		return nextID(p.Proposals, func(pr *Proposal) int { return pr.ID })
	}
	return 1
}

func nextID[T any](list []*T, id func(*T) int) int {
	highest := 0
	for _, x := range list {
		highest = max(highest, id(x))
	}
	return highest + 1
}

func findID[T any](list []*T, id func(*T) int, wanted int) *T {
	for _, x := range list {
		if id(x) == wanted {
			return x
		}
	}
	return nil
}

// Proposal returns the proposal with that id, or nil.
func (p *Project) Proposal(id int) *Proposal {
	return findID(p.Proposals, func(x *Proposal) int { return x.ID }, id)
}

// Meeting returns the meeting with that id, or nil.
func (p *Project) Meeting(id int) *Meeting {
	return findID(p.Meetings, func(x *Meeting) int { return x.ID }, id)
}

// Action returns the action with that id, or nil.
func (p *Project) Action(id int) *Action {
	return findID(p.Actions, func(x *Action) int { return x.ID }, id)
}

// Change returns the change with that id, or nil.
func (p *Project) Change(id int) *Change {
	return findID(p.Changes, func(x *Change) int { return x.ID }, id)
}

// Request returns the request with that id, or nil.
func (p *Project) Request(id int) *Request {
	return findID(p.Requests, func(x *Request) int { return x.ID }, id)
}

// Invoice returns the invoice with that id, or nil.
func (p *Project) Invoice(id int) *Invoice {
	return findID(p.Invoices, func(x *Invoice) int { return x.ID }, id)
}

func (c AddEntry) run(a *act) (Outcome, error) {
	if err := c.check(a); err != nil {
		return Outcome{}, err
	}
	id, text := a.p.NextNumber(c.Kind), strings.TrimSpace(c.Text)
	switch c.Kind {
	case KindRisk:
		a.p.Risks = append(a.p.Risks, &Risk{
			ID: id, Text: text, Owner: c.Owner, Probability: c.Probability, Impact: c.Impact, Status: EntryOpen, RaisedBy: a.by,
		})
	case KindIssue:
		a.p.Issues = append(a.p.Issues, &Issue{ID: id, Text: text, Owner: c.Owner, Status: EntryOpen, RaisedBy: a.by})
	case KindDecision:
		a.p.Decisions = append(a.p.Decisions, &Decision{ID: id, Text: text, By: a.by, At: a.now, Meeting: c.Meeting})
	case KindAction:
		a.p.Actions = append(a.p.Actions, &Action{
			ID: id, Text: text, Owner: c.Owner, Due: c.Due, Status: EntryOpen, Meeting: c.Meeting, RaisedBy: a.by,
		})
	}
	a.p.Record(string(c.Kind)+".added", object(c.Kind, id))
	return Outcome{Entry: c.Kind, EntryID: id}, nil
}

func (c AddEntry) check(a *act) error {
	if !slices.Contains([]EntryKind{KindRisk, KindIssue, KindDecision, KindAction}, c.Kind) {
		return invalid(KeyBadValue, map[string]any{"field": "kind", "value": string(c.Kind)})
	}
	if strings.TrimSpace(c.Text) == "" {
		return missing("text")
	}
	if err := sane(c.Due); err != nil {
		return err
	}
	for _, level := range []Level{c.Probability, c.Impact} {
		if level != "" && level != Low && level != Medium && level != High {
			return invalid(KeyBadValue, map[string]any{"field": "level", "value": string(level)})
		}
	}
	if c.Meeting != 0 && a.p.Meeting(c.Meeting) == nil {
		return notFound(KeyNoEntry, map[string]any{"kind": KindMeeting, "id": c.Meeting})
	}
	if c.Owner == "" {
		return nil
	}
	return a.isMember(c.Owner)
}

func (c CloseEntry) run(a *act) (Outcome, error) {
	status, mine, err := a.closable(c.Kind, c.ID)
	if err != nil {
		return Outcome{}, err
	}
	if g := a.p.closers(c.Kind, mine); !g.has(a.by) {
		return Outcome{}, forbidden(closeRefusal(c.Kind), g, "kind", c.Kind, "id", c.ID)
	}
	out := Outcome{Entry: c.Kind, EntryID: c.ID}
	if *status == EntryClosed {
		out.NothingNew = true
		return out, nil
	}
	*status = EntryClosed
	a.p.Record(string(c.Kind)+".closed", object(c.Kind, c.ID))
	return out, nil
}

// closable finds the status of an entry and the persons whose own it is: its owner and whoever raised it.
func (a *act) closable(kind EntryKind, id int) (*EntryStatus, []PersonID, error) {
	switch kind {
	case KindRisk:
		if r := findID(a.p.Risks, func(x *Risk) int { return x.ID }, id); r != nil {
			return &r.Status, []PersonID{r.Owner, r.RaisedBy}, nil
		}
	case KindIssue:
		if i := findID(a.p.Issues, func(x *Issue) int { return x.ID }, id); i != nil {
			return &i.Status, []PersonID{i.Owner, i.RaisedBy}, nil
		}
	case KindAction:
		if x := a.p.Action(id); x != nil {
			return &x.Status, []PersonID{x.Owner, x.RaisedBy}, nil
		}
	case KindChange:
		if x := a.p.Change(id); x != nil {
			return &x.Status, nil, nil
		}
	case KindRequest:
		if x := a.p.Request(id); x != nil {
			return &x.Status, []PersonID{x.By}, nil
		}
	default:
		return nil, nil, invalid(KeyCannotBeClosed, map[string]any{"kind": kind})
	}
	return nil, nil, notFound(KeyNoEntry, map[string]any{"kind": kind, "id": id})
}

// closers may close an entry: those whose own it is and the lead; a change the lead alone, a request also who supports.
func (p *Project) closers(kind EntryKind, mine []PersonID) grant {
	g := p.lead()
	if kind == KindRequest {
		g = g.and(p, p.holders("", RoleCSM, RoleHelpdesk))
	}
	return g.and(p, p.granted(nil, func(m *Member) bool { return slices.Contains(mine, m.Person) }))
}

func closeRefusal(kind EntryKind) string {
	if kind == KindChange {
		return KeyChange
	}
	return KeyEntry
}

// run raises a scope change. After the go-live it is out of scope and billable, unless the lead says otherwise.
func (c RaiseChange) run(a *act) (Outcome, error) {
	text := strings.TrimSpace(c.Text)
	if text == "" {
		return Outcome{}, missing("text")
	}
	id := a.p.NextNumber(KindChange)
	change := &Change{ID: id, Text: text, By: a.by, Status: EntryOpen}
	if a.p.isLive() {
		change.Scope, change.Billable = ScopeOut, true
	}
	a.p.Changes = append(a.p.Changes, change)
	a.p.Record("change.raised", object(KindChange, id))
	return Outcome{Entry: KindChange, EntryID: id, Deciders: a.p.lead().who}, nil
}

// isLive reports whether the go-live is behind; a pause afterwards changes nothing about it.
func (p *Project) isLive() bool {
	if p.Status == ProjectLive {
		return true
	}
	m := p.GoLive()
	return m != nil && m.Status == Done
}

func (c RuleChange) run(a *act) (Outcome, error) {
	change := a.p.Change(c.ID)
	if change == nil {
		return Outcome{}, notFound(KeyNoEntry, map[string]any{"kind": KindChange, "id": c.ID})
	}
	if err := a.need(KeyChange, a.p.lead()); err != nil {
		return Outcome{}, err
	}
	if c.Scope != "" && c.Scope != ScopeIn && c.Scope != ScopeOut {
		return Outcome{}, invalid(KeyBadValue, map[string]any{"field": "scope", "value": string(c.Scope)})
	}
	if c.Scope == "" && c.Billable == nil {
		return Outcome{}, refuse(CodeMissing, KeyNothingToDecide, map[string]any{"slot": "scope"})
	}
	ruled := *change
	if c.Scope != "" {
		ruled.Scope = c.Scope
	}
	if c.Billable != nil {
		ruled.Billable = *c.Billable
	}
	out := Outcome{Entry: KindChange, EntryID: c.ID, NothingNew: ruled == *change}
	if out.NothingNew {
		return out, nil
	}
	*change = ruled
	a.p.Record("change.ruled", object(KindChange, c.ID))
	return out, nil
}
