package steering

import "strconv"

// ids checks that every entry of a register has an id of its own, from 1 on.
func ids[T any](c *check, name string, list []*T, id func(*T) int) {
	seen := map[int]bool{}
	for _, x := range list {
		n := id(x)
		if n < 1 || seen[n] {
			c.wrong(name+"["+strconv.Itoa(n)+"].id", "number the entries 1, 2, …", "%d is no id or there twice", n)
		}
		seen[n] = true
	}
}

// known checks a reference to a milestone; an empty one refers to none.
func (p *Project) known(c *check, path, key string) {
	if key != "" && p.Milestone(key) == nil {
		c.wrong(path, "name a key of this project's milestones", "there is no milestone %q", key)
	}
}

func (p *Project) validateRegisters(c *check) {
	ids(c, "proposals", p.Proposals, func(x *Proposal) int { return x.ID })
	for _, x := range p.Proposals {
		path := "proposals[" + strconv.Itoa(x.ID) + "]"
		if p.Milestone(x.Milestone) == nil {
			c.wrong(path+".milestone", "name a key of this project's milestones", "there is no milestone %q", x.Milestone)
		}
		if x.Due == 0 {
			c.wrong(path+".due", "give the date that is proposed", "it is missing")
		}
		c.date(path+".due", x.Due)
		c.moment(path+".at", x.At)
		oneOf(c, path+".status", x.Status, false, ProposalOpen, ProposalAccepted, ProposalRejected, ProposalWithdrawn)
	}
	ids(c, "actions", p.Actions, func(x *Action) int { return x.ID })
	for _, x := range p.Actions {
		path := "actions[" + strconv.Itoa(x.ID) + "]"
		c.date(path+".due", x.Due)
		p.heldIn(c, path+".meeting", x.Meeting)
		oneOf(c, path+".status", x.Status, false, EntryOpen, EntryClosed)
	}
	ids(c, "risks", p.Risks, func(x *Risk) int { return x.ID })
	for _, x := range p.Risks {
		path := "risks[" + strconv.Itoa(x.ID) + "]"
		oneOf(c, path+".probability", x.Probability, true, Low, Medium, High)
		oneOf(c, path+".impact", x.Impact, true, Low, Medium, High)
		oneOf(c, path+".status", x.Status, false, EntryOpen, EntryClosed)
	}
	ids(c, "issues", p.Issues, func(x *Issue) int { return x.ID })
	for _, x := range p.Issues {
		oneOf(c, "issues["+strconv.Itoa(x.ID)+"].status", x.Status, false, EntryOpen, EntryClosed)
	}
	ids(c, "decisions", p.Decisions, func(x *Decision) int { return x.ID })
	for _, x := range p.Decisions {
		path := "decisions[" + strconv.Itoa(x.ID) + "]"
		c.moment(path+".at", x.At)
		p.heldIn(c, path+".meeting", x.Meeting)
	}
	ids(c, "changes", p.Changes, func(x *Change) int { return x.ID })
	for _, x := range p.Changes {
		path := "changes[" + strconv.Itoa(x.ID) + "]"
		oneOf(c, path+".scope", x.Scope, true, ScopeIn, ScopeOut)
		oneOf(c, path+".status", x.Status, false, EntryOpen, EntryClosed)
	}
}

// heldIn checks a reference to a meeting; 0 refers to none.
func (p *Project) heldIn(c *check, path string, id int) {
	if id != 0 && p.Meeting(id) == nil {
		c.wrong(path, "name an id of this project's meetings", "there is no meeting %d", id)
	}
}

func (p *Project) validateMeetings(c *check) {
	ids(c, "meetings", p.Meetings, func(x *Meeting) int { return x.ID })
	for _, x := range p.Meetings {
		path := "meetings[" + strconv.Itoa(x.ID) + "]"
		oneOf(c, path+".kind", x.Kind, false, MeetingSteering, MeetingReview, MeetingHandover)
		oneOf(c, path+".status", x.Status, false, MeetingProposed, MeetingScheduled, MeetingHeld, MeetingCancelled)
		for _, key := range x.Milestones {
			p.known(c, path+".milestones", key)
		}
		for i, s := range x.Slots {
			c.moment(path+".slots["+strconv.Itoa(i)+"].at", s.At)
		}
		if x.Status == MeetingScheduled || !x.At.IsZero() {
			c.moment(path+".at", x.At)
		}
	}
}

func (p *Project) validateAfterGoLive(c *check) {
	for i, x := range p.Training {
		path := "training[" + strconv.Itoa(i) + "]"
		if x.Person == "" {
			c.wrong(path+".person", "name who was trained", "it is empty")
		}
		p.known(c, path+".milestone", x.Milestone)
		c.date(path+".on", x.On)
	}
	if w := p.Warranty; w != nil {
		c.date("warranty.from", w.From)
		c.date("warranty.until", w.Until)
		if w.From != 0 && w.Until != 0 && w.Until < w.From {
			c.wrong("warranty.until", "let it end on or after the day it begins", "%s lies before %s", w.Until, w.From)
		}
	}
	ids(c, "invoices", p.Invoices, func(x *Invoice) int { return x.ID })
	for _, x := range p.Invoices {
		path := "invoices[" + strconv.Itoa(x.ID) + "]"
		c.date(path+".issued", x.Issued)
		c.date(path+".due", x.Due)
		c.date(path+".paid_on", x.PaidOn)
		oneOf(c, path+".status", x.Status, false, InvoiceOpen, InvoicePaid)
	}
	ids(c, "requests", p.Requests, func(x *Request) int { return x.ID })
	for _, x := range p.Requests {
		path := "requests[" + strconv.Itoa(x.ID) + "]"
		c.moment(path+".at", x.At)
		oneOf(c, path+".status", x.Status, false, EntryOpen, EntryClosed)
	}
}

func (p *Project) validateAnswersAndNotices(c *check) {
	for i, x := range p.Answers {
		path := "answers[" + strconv.Itoa(i) + "]"
		oneOf(c, path+".question", x.Question, false, Questions...)
		c.moment(path+".at", x.At)
	}
	for i, x := range p.Mutes {
		path := "mutes[" + strconv.Itoa(i) + "]"
		p.known(c, path+".milestone", x.Milestone)
		if x.Until == 0 {
			c.wrong(path+".until", "give the date on which notices start again", "it is missing")
		}
		c.date(path+".until", x.Until)
	}
	for i, x := range p.Sent {
		path := "sent[" + strconv.Itoa(i) + "]"
		if x.Kind == "" {
			c.wrong(path+".kind", "name the kind of notice", "it is empty")
		}
		c.moment(path+".at", x.At)
	}
}
