package steering

import "strings"

func (c MoveMilestone) run(a *act) (Outcome, error) {
	m, err := a.milestone(c.Key)
	if err != nil {
		return Outcome{}, err
	}
	if err := a.movable(m, c.To); err != nil {
		return Outcome{}, err
	}
	if m.Due == c.To {
		return Outcome{Milestone: m.Key, NothingNew: true}, nil
	}
	if !a.p.MayDecideDates(a.by) {
		return a.propose(m, c.To, c.Reason)
	}
	out := Outcome{Milestone: m.Key}
	a.move(&out, m, c.To, strings.TrimSpace(c.Reason))
	a.agreed(&out, m)
	return out, nil
}

// movable refuses a date that is missing or absurd, and to move what is done or cancelled.
func (a *act) movable(m *Milestone, to Date) error {
	if to == 0 {
		return missing("date")
	}
	if err := sane(to); err != nil {
		return err
	}
	args := map[string]any{"milestones": []string{m.Key}}
	switch m.Status {
	case Done:
		return conflict(KeyDone, args)
	case Cancelled:
		return conflict(KeyCancelled, args)
	}
	return nil
}

// move sets a due date and lets what depends on it follow; every date that moves gets its slip. A milestone that had no
// date gets its baseline with the first one.
func (a *act) move(out *Outcome, m *Milestone, to Date, reason string) {
	set := dueDates{m.Key: to}
	out.Earlier = a.p.earlier(set, a.today)
	out.Moves = a.p.follow(set)
	for _, mv := range out.Moves {
		a.reschedule(a.p.Milestone(mv.Key), mv.To, reason)
	}
	a.remarkDate(out, m)
	out.Remarks = append(out.Remarks, a.warrantyFollows()...)
}

// reschedule writes one move down. Work that has not begun keeps its length, so its first day moves along.
func (a *act) reschedule(m *Milestone, to Date, reason string) {
	from := m.Due
	m.Due = to
	a.p.Record("milestone.moved", m.Key)
	if from == 0 {
		m.Baseline = to
		return
	}
	m.Slips = append(m.Slips, Slip{From: from, To: to, Reason: reason, By: a.by, At: a.now})
	if m.Start != 0 && m.Status == Pending {
		m.Start = a.p.Calendar.Add(m.Start, a.p.Calendar.Between(from, to))
	}
	if m.Start > to {
		m.Start = to
	}
}

// remarkDate says what is odd about a due date: a day off, a day that is over, a day before what is needed first.
func (a *act) remarkDate(out *Outcome, m *Milestone) {
	if !a.p.Calendar.IsWorking(m.Due) {
		out.remark(RemarkDayOff, "milestone", m.Key, "date", m.Due)
	}
	if m.Due < a.today {
		out.remark(RemarkPastDate, "milestone", m.Key, "date", m.Due)
	}
	var late []string
	for _, d := range a.p.needs(m) {
		if d.IsOpen() && d.Due > m.Due {
			late = append(late, d.Key)
		}
	}
	if len(late) > 0 {
		out.remark(RemarkBeforeItsNeeds, "milestone", m.Key, "milestones", late)
	}
}

// agreed takes the open proposals that asked for the date that is now set as accepted.
func (a *act) agreed(out *Outcome, m *Milestone) {
	var ids []int
	for _, pr := range a.p.Proposals {
		if pr.Status == ProposalOpen && pr.Milestone == m.Key && pr.Due == m.Due {
			pr.Status = ProposalAccepted
			a.p.Record("proposal.accepted", object(KindProposal, pr.ID))
			ids = append(ids, pr.ID)
		}
	}
	if len(ids) > 0 {
		out.remark(RemarkProposalsAgreed, "milestone", m.Key, "ids", ids)
	}
}

// propose puts a date to those who set dates. A newer proposal of the same person for the milestone replaces the older.
func (a *act) propose(m *Milestone, to Date, reason string) (Outcome, error) {
	setters := a.p.dateSetters()
	if len(setters.who) == 0 {
		return Outcome{}, forbidden(KeyDates, setters, "milestones", []string{m.Key})
	}
	out := Outcome{Milestone: m.Key, Deciders: setters.who}
	var older []*Proposal
	for _, pr := range a.p.Proposals {
		if pr.Status != ProposalOpen || pr.Milestone != m.Key || pr.By != a.by {
			continue
		}
		if pr.Due == to {
			out.Proposal, out.NothingNew = pr.ID, true
			return out, nil
		}
		older = append(older, pr)
	}
	for _, pr := range older {
		pr.Status = ProposalWithdrawn
		a.p.Record("proposal.withdrawn", object(KindProposal, pr.ID))
	}
	out.Proposal = a.p.NextNumber(KindProposal)
	a.p.Proposals = append(a.p.Proposals, &Proposal{
		ID: out.Proposal, Milestone: m.Key, Due: to, Reason: strings.TrimSpace(reason), By: a.by, At: a.now, Status: ProposalOpen,
	})
	a.p.Record("proposal.made", object(KindProposal, out.Proposal))
	if !a.p.Calendar.IsWorking(to) {
		out.remark(RemarkDayOff, "milestone", m.Key, "date", to)
	}
	return out, nil
}

// run decides a proposal. The move is the decider's: the slip bears the decider's name and the proposal's reason, and
// the proposal keeps who asked. Whoever made a proposal may take it back.
func (c DecideProposal) run(a *act) (Outcome, error) {
	pr := a.p.Proposal(c.ID)
	if pr == nil {
		return Outcome{}, notFound(KeyNoEntry, map[string]any{"kind": KindProposal, "id": c.ID})
	}
	m, err := a.milestone(pr.Milestone)
	if err != nil {
		return Outcome{}, err
	}
	decides := a.p.MayDecideDates(a.by)
	if !decides && (c.Accept || pr.By != a.by) {
		return Outcome{}, forbidden(KeyDates, a.p.dateSetters(), "milestones", []string{m.Key})
	}
	out := Outcome{Milestone: m.Key, Proposal: pr.ID}
	wanted := ProposalRejected
	switch {
	case c.Accept:
		wanted = ProposalAccepted
	case !decides:
		wanted = ProposalWithdrawn
	}
	if pr.Status != ProposalOpen {
		if out.NothingNew = pr.Status == wanted; out.NothingNew {
			return out, nil
		}
		return Outcome{}, conflict(KeyProposalDecided, map[string]any{"id": pr.ID, "status": string(pr.Status)})
	}
	if c.Accept {
		if err := a.movable(m, pr.Due); err != nil {
			return Outcome{}, err
		}
	}
	pr.Status = wanted
	a.p.RecordBecause("proposal."+string(wanted), object(KindProposal, pr.ID), strings.TrimSpace(c.Reason))
	if c.Accept && m.Due != pr.Due {
		a.move(&out, m, pr.Due, pr.Reason)
	}
	return out, nil
}
