package steering

import (
	"slices"
	"time"
)

// NextMoment returns the next moment after `after` at which Due could owe something, zero if nothing ever. At that
// moment Due may still find nothing, never the other way round: between the two nothing is owed.
func (p *Project) NextMoment(policy Policy, after time.Time, sent func(kind, object, about string) bool) time.Time {
	if p.Status == ProjectPaused || p.Status == ProjectClosed {
		return time.Time{}
	}
	d := p.desk(policy, after, after, sent)
	s := soonest{after: after}
	for _, m := range p.Meetings {
		if m.Status == MeetingScheduled {
			s.see(m.At.Add(-agendaBefore))
		}
	}
	if !d.isWorking(after) { // what was missed, or changed by night, is looked at when the day begins
		s.see(d.nextWorking(after))
	}
	for _, m := range p.Milestones {
		d.nextOfMilestone(&s, m)
	}
	d.nextOfSnoozes(&s)
	for _, a := range p.Actions {
		if a.Status == EntryOpen && a.Due != 0 {
			d.nextOfCalls(&s, a.Due, d.calls(a.Due, actionReminderDays, "", nil, after), "", p.actionReaders(a))
		}
	}
	s.see(d.fires(policy.Digest, after))
	s.see(d.fires(policy.Alignment, after))
	d.nextDated(&s)
	return s.at
}

// soonest keeps the earliest moment that it saw after one.
type soonest struct{ after, at time.Time }

func (s *soonest) see(t time.Time) {
	if !t.IsZero() && t.After(s.after) && (s.at.IsZero() || t.Before(s.at)) {
		s.at = t
	}
}

func (d *desk) nextOfMilestone(s *soonest, m *Milestone) {
	if !m.IsOpen() || m.Due == 0 {
		return
	}
	reminded := d.reminded(m)
	readers := append(slices.Clone(reminded), d.readers(m, call{kind: NoticeOverdue})...)
	d.nextOfCalls(s, m.Due, d.calls(m.Due, d.policy.ReminderDays, m.Key, reminded, s.after), m.Key, readers)
	if n, ok := d.escalation(m, s.after); ok {
		at, _ := d.heard(d.p.board(), m.Key, n.At, n.At)
		s.see(at)
	}
}

// nextOfCalls sees when each call reaches each reader: those listed, which hold the newest nag, and the nag after it.
func (d *desk) nextOfCalls(s *soonest, due Date, calls []call, key string, readers []PersonID) {
	calls = append(calls, d.nag(due, d.nagsUntil(due, s.after)))
	if len(readers) == 0 {
		readers = []PersonID{""}
	}
	for _, c := range calls {
		for _, id := range readers {
			s.see(d.free(id, key, c.at))
		}
		for _, id := range c.who {
			s.see(d.free(id, key, c.at))
		}
	}
}

func (d *desk) nextOfSnoozes(s *soonest) {
	for _, mute := range d.p.Mutes {
		if m := d.foreign(mute); m != nil {
			s.see(d.free(mute.Person, m.Key, d.snooze(mute).at))
		}
	}
}

// nextDated sees the invoices, the warranty and the reviews.
func (d *desk) nextDated(s *soonest) {
	for _, v := range d.p.Invoices {
		for _, n := range d.invoice(v) {
			s.see(n.At)
		}
		if d.policy.InvoiceEvery > 0 && v.Issued != 0 && !d.replaced(v) {
			s.see(firstAfter(s.after, func(k int) (Notice, bool) { return d.renewalAt(v, k), true }))
		}
	}
	for _, n := range d.warrantyEnds() {
		s.see(n.At)
	}
	s.see(firstAfter(s.after, d.reviewAt))
}

// firstAfter is the moment of the first of a row of notices, counted from 1, that is owed after t; zero if there is none.
func firstAfter(t time.Time, at func(k int) (Notice, bool)) time.Time {
	for k := 1; ; k++ {
		n, ok := at(k)
		if !ok {
			return time.Time{}
		}
		if n.At.After(t) {
			return n.At
		}
	}
}

// Preview lists every notice that would go out after `from`, up to `until`, if nobody did anything.
func (p *Project) Preview(policy Policy, from, until time.Time) []Notice {
	given := map[Sent]bool{}
	sent := func(kind, object, about string) bool { return given[Sent{Kind: kind, Object: object, About: about}] }
	for _, s := range p.Sent {
		given[Sent{Kind: s.Kind, Object: s.Object, About: s.About}] = true
	}
	var out []Notice
	for since := from; ; {
		at := p.NextMoment(policy, since, sent)
		if at.IsZero() || at.After(until) {
			return out
		}
		for _, n := range p.Due(policy, since, at, sent) {
			given[Sent{Kind: string(n.Kind), Object: n.Object, About: n.About}] = true
			out = append(out, n)
		}
		since = at
	}
}

// Stands reports whether a notice that was decided and has not gone out is still true: its milestone or action is open
// and has the date that it was about, its invoice is unpaid, its meeting is at that time, and nothing newer about the
// same thing is owed instead. Notices that go by a schedule stand.
func (p *Project) Stands(policy Policy, n Notice, now time.Time) bool {
	if p.Status == ProjectPaused || p.Status == ProjectClosed {
		return false
	}
	switch n.Kind {
	case NoticeReminder, NoticeOverdue, NoticeSignOff, NoticeEscalation, NoticeInvoice, NoticeWarranty, NoticeReview, NoticeMeeting:
	default:
		return true
	}
	since, at := n.At.Add(-time.Second), p.NextWorkingMoment(policy, now)
	if n.Kind == NoticeMeeting { // its hour does not wait
		at = now
	}
	return slices.ContainsFunc(p.Due(policy, since, at, nil), func(o Notice) bool {
		return o.Kind == n.Kind && o.Object == n.Object && o.About == n.About
	})
}
