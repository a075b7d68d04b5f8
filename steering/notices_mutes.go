package steering

import (
	"slices"
	"time"
)

// snooze is the end of a mute of one milestone: the day on which its owner asked to be reminded.
func (d *desk) snooze(m *Mute) call {
	return call{kind: NoticeReminder, reason: ForSnooze, about: m.Until, at: d.resumes(m.Until), who: []PersonID{m.Person}}
}

// resumes is when notices that were silenced until a day start again: at the notice moment of the first working day from
// then on, at its first working moment where the notice moment is none.
func (d *desk) resumes(until Date) time.Time {
	day := d.cal.OnOrAfter(until)
	if at := day.At(d.policy.NoticeAt.hour(), d.policy.NoticeAt.minute(), d.loc); d.isWorking(at) {
		return at
	}
	return d.opens(day)
}

// free is when a person hears about a milestone that is owed at some moment: then, or at the end of the mutes that
// cover it. With key "" only the mutes of everything count, with person "" only those of everybody.
func (d *desk) free(id PersonID, key string, at time.Time) time.Time {
	var until Date
	for _, m := range d.p.Mutes {
		if (m.Person == "" || m.Person == id) && (m.Milestone == "" || m.Milestone == key) {
			until = max(until, m.Until)
		}
	}
	if until == 0 || DateOf(at.In(d.loc)) >= until {
		return at
	}
	return d.resumes(until)
}

// heard is when a notice reaches the first of its readers, and who hears it by t. Nobody to name still leaves the group.
func (d *desk) heard(readers []PersonID, key string, at, t time.Time) (time.Time, []PersonID) {
	if len(readers) == 0 {
		return d.free("", key, at), nil
	}
	var first time.Time
	var by []PersonID
	for _, id := range readers {
		free := d.free(id, key, at)
		if first.IsZero() || free.Before(first) {
			first = free
		}
		if !free.After(t) {
			by = append(by, id)
		}
	}
	return first, by
}

// snoozes reminds those who asked for it of milestones that are not theirs.
func (d *desk) snoozes() {
	for _, mute := range d.p.Mutes {
		m := d.foreign(mute)
		if m == nil {
			continue
		}
		c := d.snooze(mute)
		n := d.about(m, c)
		n.Object, n.To = m.Key+" "+string(mute.Person), []PersonID{mute.Person}
		n.At = d.free(mute.Person, m.Key, c.at)
		d.offer(n)
	}
}

// foreign is the open milestone that a person muted without being the one whom its reminders go to, or nil.
func (d *desk) foreign(mute *Mute) *Milestone {
	m := d.p.Milestone(mute.Milestone)
	if m == nil || mute.Person == "" || !m.IsOpen() || m.Due == 0 {
		return nil
	}
	if m.Status == Submitted && !d.p.MaySign(m, mute.Person) || slices.Contains(d.reminded(m), mute.Person) {
		return nil
	}
	return m
}
