package steering

import (
	"slices"
	"time"
)

// A call is one occasion on which a milestone or an action is spoken of: reminders before its date, nags after it.
type call struct {
	kind   NoticeKind
	reason NoticeReason
	about  Date       // the day that it stands for
	at     time.Time  // when it goes out, mutes apart
	who    []PersonID // of a snooze: who asked for it
}

// name is the identity's part of the call: its day. A snooze is told apart from what that day has of its own.
func (c call) name() string {
	if c.reason == ForSnooze {
		return "snooze " + c.about.String()
	}
	return c.about.String()
}

// reminders are the calls up to a due date. One that falls on a day off goes out on the working day before.
func (d *desk) reminders(due Date, days []int) []call {
	out := make([]call, 0, len(days)+1)
	for _, n := range days {
		about := due.AddDays(-n)
		out = append(out, call{kind: NoticeReminder, reason: ForDueDate, about: about, at: d.notice(d.cal.OnOrBefore(about))})
	}
	return out
}

// nag is the n-th call after a due date: on the first working day after it, then every so many.
func (d *desk) nag(due Date, n int) call {
	about := d.cal.Add(due, 1+n*d.policy.OverdueEvery)
	return call{kind: NoticeOverdue, reason: ForOverdue, about: about, at: d.notice(about)}
}

// nagsUntil counts the nags that are owed by t.
func (d *desk) nagsUntil(due Date, t time.Time) int {
	worked := d.cal.Between(due, DateOf(t.In(d.loc)))
	if worked < 1 {
		return 0
	}
	n := 1 + (worked-1)/d.policy.OverdueEvery
	if d.nag(due, n-1).at.After(t) {
		n--
	}
	return n
}

// calls lists the occasions of something that is due: its reminders, the snoozes of those who are reminded, and the
// newest nag owed by t.
func (d *desk) calls(due Date, days []int, key string, readers []PersonID, t time.Time) []call {
	out := d.reminders(due, days)
	for _, m := range d.p.Mutes {
		if key == "" || m.Milestone != key || !slices.Contains(readers, m.Person) {
			continue
		}
		same := slices.IndexFunc(out, func(c call) bool { return c.reason == ForSnooze && c.about == m.Until })
		if same >= 0 {
			out[same].who = append(out[same].who, m.Person)
		} else {
			out = append(out, d.snooze(m))
		}
	}
	if n := d.nagsUntil(due, t); n > 0 {
		out = append(out, d.nag(due, n-1))
	}
	return out
}

// newest picks the last of the calls that are owed by t: what was missed before it is never made up for. Of several at
// one moment the one about the latest day is left, and a nag before a reminder.
func newest(calls []call, t time.Time) (best call, ok bool) {
	for _, c := range calls {
		if c.at.After(t) {
			continue
		}
		if !ok || c.at.After(best.at) || (c.at.Equal(best.at) && (c.about > best.about || (c.about == best.about && c.kind == NoticeOverdue))) {
			best, ok = c, true
		}
	}
	return best, ok
}

// milestone offers the newest call about a milestone and its escalation.
func (d *desk) milestone(m *Milestone) {
	if !m.IsOpen() || m.Due == 0 {
		return
	}
	reminded := d.reminded(m)
	if c, ok := newest(d.calls(m.Due, d.policy.ReminderDays, m.Key, reminded, d.now), d.now); ok {
		n := d.about(m, c)
		readers := d.readers(m, c)
		n.At, n.To = d.heard(readers, m.Key, c.at, d.now)
		if n.At.After(m.moved()) {
			d.offer(n)
		}
	}
	d.escalate(m)
}

// reminded are those whom a reminder of the milestone is for: the owner, of what was submitted the signers; where there
// is none, the lead of its side.
func (d *desk) reminded(m *Milestone) []PersonID {
	if m.Status == Submitted {
		if who := d.p.signers(m).who; len(who) > 0 {
			return who
		}
	} else if m.Owner != "" {
		return []PersonID{m.Owner}
	}
	return d.p.leadsFor(m)
}

// readers are those whom a call is for: a nag names the owner and the lead of the owner's side.
func (d *desk) readers(m *Milestone, c call) []PersonID {
	switch {
	case c.reason == ForSnooze:
		return c.who
	case c.kind == NoticeOverdue && m.Status != Submitted && m.Owner != "":
		out := []PersonID{m.Owner}
		for _, id := range d.p.sideLeads(m) {
			if id != m.Owner {
				out = append(out, id)
			}
		}
		return out
	}
	return d.reminded(m)
}

// sideLeads are the leads of the owner's side; of the milestone's, where the owner has none.
func (p *Project) sideLeads(m *Milestone) []PersonID {
	side := p.SideOf(m.Owner)
	if side == "" && m.Side != SideBoth {
		side = m.Side
	}
	if side == "" {
		return nil
	}
	return p.holders(side, RoleLead).who
}

// leadsFor is who answers for a milestone that nobody owns or signs: the leads of its side, else the lead.
func (p *Project) leadsFor(m *Milestone) []PersonID {
	if who := p.sideLeads(m); len(who) > 0 {
		return who
	}
	return p.lead().who
}

// about is the notice of a call. What was submitted is no more its owner's to be reminded of: every call about it asks
// the signers.
func (d *desk) about(m *Milestone, c call) Notice {
	n := Notice{
		Kind: c.kind, Object: m.Key, About: c.name(), Reason: c.reason, Milestones: []string{m.Key}, Due: m.Due,
		Days: m.Due.Sub(d.today), Direct: c.kind == NoticeReminder, Group: true,
	}
	if m.Due < d.today {
		n.Days = d.cal.Between(m.Due, d.today)
	}
	if m.Status == Submitted {
		n.Kind = NoticeSignOff
	}
	return n
}

// moved is when the due date was last changed, zero if never.
func (m *Milestone) moved() time.Time {
	var last time.Time
	for _, s := range m.Slips {
		if s.At.After(last) {
			last = s.At
		}
	}
	return last
}

// escalate: a missed date goes to the committee once, some working days after it. It is never given up: what could not
// go out at its moment (a mute, a date that was over when it was set) does on the next day's.
func (d *desk) escalate(m *Milestone) {
	n, ok := d.escalation(m, d.since)
	if ok {
		n.At, n.To = d.heard(d.p.board(), m.Key, n.At, d.now)
		d.offer(n)
	}
}

// escalation is the one that the milestone's due date would owe after some moment, mutes apart.
func (d *desk) escalation(m *Milestone, after time.Time) (Notice, bool) {
	if !m.IsOpen() || m.Due == 0 || m.Status == Submitted || d.sent(string(NoticeEscalation), m.Key, m.Due.String()) {
		return Notice{}, false
	}
	wait := d.policy.EscalateAfter
	if m.Gate {
		wait = d.policy.EscalateGate
	}
	at := d.notice(d.cal.Add(m.Due, wait))
	if moved := m.moved(); moved.After(after) {
		after = moved
	}
	if !at.After(after) {
		at = d.noticeAfter(after)
	}
	return Notice{
		Kind: NoticeEscalation, Object: m.Key, About: m.Due.String(), At: at, Group: true, Reason: ForMissed,
		Milestones: []string{m.Key}, Due: m.Due, Days: d.cal.Between(m.Due, d.today),
	}, true
}

// noticeAfter is the first moment after t at which notices go out.
func (d *desk) noticeAfter(t time.Time) time.Time {
	day := DateOf(t.In(d.loc))
	if at := d.notice(d.cal.OnOrAfter(day)); at.After(t) {
		return at
	}
	return d.notice(d.cal.OnOrAfter(day + 1))
}

// board is who hears of escalations: sponsors and leads of both sides.
func (p *Project) board() []PersonID { return p.holders("", RoleLead, RoleSponsor).who }

// actionReminderDays are the days before an action's date on which its owner is reminded.
var actionReminderDays = []int{1, 0}

// action offers the newest call about an action, to its owner; one that nobody owns is the lead's.
func (d *desk) action(a *Action) {
	if a.Status != EntryOpen || a.Due == 0 {
		return
	}
	c, ok := newest(d.calls(a.Due, actionReminderDays, "", nil, d.now), d.now)
	if !ok {
		return
	}
	n := Notice{
		Kind: c.kind, Object: object(KindAction, a.ID), About: c.name(), Reason: c.reason, Entry: KindAction, EntryID: a.ID,
		Due: a.Due, Days: a.Due.Sub(d.today), Direct: true, Group: true,
	}
	if a.Due < d.today {
		n.Days = d.cal.Between(a.Due, d.today)
	}
	n.At, n.To = d.heard(d.p.actionReaders(a), "", c.at, d.now)
	d.offer(n)
}

func (p *Project) actionReaders(a *Action) []PersonID {
	if a.Owner != "" {
		return []PersonID{a.Owner}
	}
	return p.lead().who
}
