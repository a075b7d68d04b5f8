package steering

import (
	"slices"
	"time"
)

// lookBacks are how far back the newest firing of a schedule is looked for: near first, for the sake of those that fire
// often; the last reaches beyond the three days for which a digest stands and any row of days off that may hold it up.
var lookBacks = []time.Duration{26 * time.Hour, 8 * 24 * time.Hour, 21 * 24 * time.Hour}

// fired is the newest firing of a schedule that was owed by t: its own moment and the working moment that it waited
// for. Firings that wait for the same moment are one.
func (d *desk) fired(expr string, t time.Time) (on, at time.Time, ok bool) {
	if !d.hasSchedule(expr) {
		return on, at, false
	}
	for _, back := range lookBacks {
		for next := t.Add(-back).In(d.loc); ; {
			next = d.policy.Next(expr, next)
			if next.IsZero() || next.After(t) {
				break
			}
			if owed := d.nextWorking(next); !owed.After(t) {
				on, at, ok = next, owed, true
			}
		}
		if ok {
			break
		}
	}
	return on, at, ok
}

func (d *desk) hasSchedule(expr string) bool {
	return expr != "" && expr != scheduleOff && d.policy.Next != nil
}

// fires is the first moment after t at which a schedule owes something, zero if never.
func (d *desk) fires(expr string, t time.Time) time.Time {
	if !d.hasSchedule(expr) {
		return time.Time{}
	}
	for next := d.lastFree(t); ; {
		next = d.policy.Next(expr, next.In(d.loc))
		if next.IsZero() {
			return time.Time{}
		}
		if at := d.nextWorking(next); at.After(t) {
			return at
		}
	}
}

// lastFree is a moment from which on nothing waits for a working moment after t: t itself within working moments, else
// the end of the last ones.
func (d *desk) lastFree(t time.Time) time.Time {
	if d.isWorking(t) {
		return t
	}
	day := DateOf(t.In(d.loc))
	if !d.cal.IsWorking(day) || t.Before(d.opens(day)) {
		day = d.cal.OnOrBefore(day - 1)
	}
	return d.closes(day).Add(-time.Second)
}

// digest offers the newest digest, while it stands.
func (d *desk) digest() {
	on, at, ok := d.fired(d.policy.Digest, d.now)
	if ok && d.now.Sub(at) < digestStands {
		d.offer(Notice{Kind: NoticeDigest, About: DateOf(on).String(), At: at, Group: true, Reason: ForSchedule})
	}
}

// survey offers the week's question, while it stands and has no answer.
func (d *desk) survey() {
	on, at, ok := d.fired(d.policy.Alignment, d.now)
	if !ok || d.now.Sub(at) >= digestStands {
		return
	}
	day := DateOf(on)
	q := d.p.WeekQuestion(day)
	if !d.p.hasAnswer(q, day.Week()) {
		d.offer(Notice{Kind: NoticeSurvey, About: day.Week(), At: at, Group: true, Reason: ForSchedule, Question: q})
	}
}

// WeekQuestion is the alignment question of the week that holds a day: the five take turns from the project's start on.
func (p *Project) WeekQuestion(day Date) string {
	weeks := day.Monday().Sub(p.Start.Monday()) / 7
	n := len(Questions)
	return Questions[((weeks%n)+n)%n]
}

func (p *Project) hasAnswer(question, week string) bool {
	return slices.ContainsFunc(p.Answers, func(a *Answer) bool { return a.Question == question && a.Week == week })
}

// A dated notice stands for a day and goes out at the notice moment of that day or the first working one after it.
func (d *desk) dated(n Notice, about Date) Notice {
	n.About, n.At = about.String(), d.notice(about)
	n.Direct = true
	return n
}

// latest offers the newest of notices about one thing that is owed by now.
func (d *desk) latest(list []Notice) {
	var best *Notice
	for i := range list {
		if n := &list[i]; !n.At.After(d.now) && (best == nil || !n.At.Before(best.At)) {
			best = n
		}
	}
	if best != nil {
		d.offer(*best)
	}
}

// suspensionAfter is how many days overdue an invoice warns of the account's suspension.
const suspensionAfter = 30

// renewalNotice is how many days before an invoice renews that is said.
const renewalNotice = 15

func (d *desk) invoices() {
	for _, v := range d.p.Invoices {
		d.latest(d.invoice(v))
		if n, ok := d.renewal(v, d.now); ok {
			d.offer(n)
		}
	}
}

// invoice lists the occasions of an open invoice: its due date, the first working day after it, and a month overdue.
func (d *desk) invoice(v *Invoice) []Notice {
	if v.Status != InvoiceOpen || v.Due == 0 {
		return nil
	}
	n := Notice{
		Kind: NoticeInvoice, Object: object(KindInvoice, v.ID), To: d.p.treasurers(), Entry: KindInvoice, EntryID: v.ID, Due: v.Due,
		Days: v.Due.Sub(d.today),
	}
	if v.Due < d.today {
		n.Days = d.today.Sub(v.Due)
	}
	due, over, suspension := n, n, n
	due.Reason, over.Reason, suspension.Reason = ForDueDate, ForOverdue, ForSuspension
	return []Notice{d.dated(due, v.Due), d.dated(over, d.cal.OnOrAfter(v.Due+1)), d.dated(suspension, v.Due.AddDays(suspensionAfter))}
}

// treasurers hear of invoices: lead and csm, and the client's sponsors.
func (p *Project) treasurers() []PersonID {
	return p.clerks().and(p, p.holders(SideClient, RoleSponsor)).who
}

// renewal is the newest notice, owed by t, of an invoice's renewal. It renews from the day it was issued on, until a
// later one for the same thing takes over.
func (d *desk) renewal(v *Invoice, t time.Time) (Notice, bool) {
	k := 0
	for d.policy.InvoiceEvery > 0 && v.Issued != 0 && !d.renewalAt(v, k+1).At.After(t) {
		k++
	}
	if k == 0 || d.replaced(v) {
		return Notice{}, false
	}
	return d.renewalAt(v, k), true
}

func (d *desk) renewalAt(v *Invoice, k int) Notice {
	on := v.Issued.AddMonths(k * d.policy.InvoiceEvery)
	n := d.dated(Notice{
		Kind: NoticeInvoice, Object: object(KindInvoice, v.ID), To: d.p.treasurers(), Entry: KindInvoice, EntryID: v.ID,
		Reason: ForRenewal, Due: on, Days: on.Sub(d.today),
	}, on.AddDays(-renewalNotice))
	n.About = "renewal " + on.String()
	return n
}

// replaced reports whether a later invoice is for the same thing.
func (d *desk) replaced(v *Invoice) bool {
	return slices.ContainsFunc(d.p.Invoices, func(o *Invoice) bool {
		return o.ID != v.ID && o.For == v.For && (o.Issued > v.Issued || (o.Issued == v.Issued && o.ID > v.ID))
	})
}

// warrantyDays are the days before a warranty's end on which that is said.
var warrantyDays = []int{30, 7}

func (d *desk) warranty() { d.latest(d.warrantyEnds()) }

func (d *desk) warrantyEnds() []Notice {
	w := d.p.Warranty
	if w == nil || w.Until == 0 || !d.p.isLive() {
		return nil
	}
	var out []Notice
	for _, days := range warrantyDays {
		out = append(out, d.dated(Notice{
			Kind: NoticeWarranty, To: d.p.clerks().who, Reason: ForEnd, Due: w.Until, Days: w.Until.Sub(d.today),
		}, w.Until.AddDays(-days)))
	}
	return out
}

// reviewNotice is how many days before a periodic review that is said.
const reviewNotice = 7

func (d *desk) review() {
	var last *Notice
	for k := 1; ; k++ {
		n, ok := d.reviewAt(k)
		if !ok || n.At.After(d.now) {
			break
		}
		last = &n
	}
	if last != nil && last.Due >= d.today {
		d.offer(*last)
	}
}

// reviewAt is the notice of the k-th periodic review after the go-live, if the project has reviews.
func (d *desk) reviewAt(k int) (Notice, bool) {
	months := map[string]int{reviewMonthly: 1, reviewQuarterly: 3}[d.policy.Review]
	m := d.p.GoLive()
	if months == 0 || m == nil || m.Status != Done || m.DoneOn == 0 {
		return Notice{}, false
	}
	on := m.DoneOn.AddMonths(k * months)
	n := d.dated(Notice{
		Kind: NoticeReview, To: d.p.clerks().who, Reason: ForReview, Due: on, Days: on.Sub(d.today),
	}, on.AddDays(-reviewNotice))
	n.About = on.String()
	return n, true
}
