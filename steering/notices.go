package steering

import (
	"cmp"
	"slices"
	"time"
)

// NoticeKind says what a notice is.
type NoticeKind string

// The kinds of notices.
const (
	NoticeReminder   NoticeKind = "reminder"
	NoticeOverdue    NoticeKind = "overdue"
	NoticeEscalation NoticeKind = "escalation"
	NoticeSignOff    NoticeKind = "signoff" // reminds the signers of what was submitted
	NoticeMeeting    NoticeKind = "meeting" // the agenda, an hour before
	NoticeDigest     NoticeKind = "digest"
	NoticeSurvey     NoticeKind = "survey" // the week's alignment question
	NoticePortfolio  NoticeKind = "portfolio"
	NoticeInvoice    NoticeKind = "invoice"
	NoticeWarranty   NoticeKind = "warranty"
	NoticeReview     NoticeKind = "review"
)

// NoticeReason says which of its occasions a notice is for.
type NoticeReason string

// The occasions.
const (
	ForDueDate    NoticeReason = "due"        // some days before the due date, or on it; an invoice on its due date
	ForSnooze     NoticeReason = "snoozed"    // somebody asked to be reminded on this day
	ForOverdue    NoticeReason = "overdue"    // the due date is over
	ForMissed     NoticeReason = "missed"     // a missed date goes to the committee
	ForAgenda     NoticeReason = "agenda"     // a meeting begins in an hour
	ForSchedule   NoticeReason = "schedule"   // a digest, a portfolio or a question is due by its schedule
	ForRenewal    NoticeReason = "renewal"    // an invoice renews
	ForSuspension NoticeReason = "suspension" // an invoice is overdue so long that the account may be suspended
	ForEnd        NoticeReason = "ends"       // a warranty ends
	ForReview     NoticeReason = "review"     // a periodic review comes
)

// Notice is one thing that people are owed unasked. Project, Kind, Object and About are its identity: it goes out once.
type Notice struct {
	Project string
	Kind    NoticeKind
	Object  string // milestone key, "action 1", "invoice 1", "meeting 1", "member ana", "" for the project itself
	About   string // the day that it stands for, a week, or the moment of a meeting
	At      time.Time

	To     []PersonID // whom it is for: whom to write to directly, or to mention in the group
	Direct bool       // it goes to each of To directly where the platform and the person allow it
	Group  bool       // it goes to the group; with Direct, only for those who cannot be reached directly

	Reason     NoticeReason
	Milestones []string
	Entry      EntryKind // action, invoice, meeting
	EntryID    int
	Due        Date   // the date that it is about: a due date, a renewal, the end of a warranty, a review
	Days       int    // to Due: calendar days before it, or working days overdue (invoices: calendar days)
	Question   string // of the alignment
	Projects   []string
	Late       bool // it is owed since more than an hour
}

// Sent is the identity of the notice, to be stored with the message.
func (n Notice) Sent(at time.Time) Sent {
	return Sent{Kind: string(n.Kind), Object: n.Object, About: n.About, At: at.UTC()}
}

// lateAfter is how long after its moment a notice counts as late.
const lateAfter = time.Hour

// digestStands is for how long a digest, a portfolio or an agenda of the week is still worth sending.
const digestStands = 72 * time.Hour

// Due returns all that is owed at now and was not sent, in order of its moments.
//
// It looks at the state alone, so it may be called at any moment, again, and after any pause: of the reminders and
// overdue nags about one thing only the newest is owed, those missed before it never; an escalation always is; a digest
// when it is less than three days late. Outside working moments only a meeting's agenda is owed; the rest waits for the
// next call within them.
//
// since is the moment up to which everything is settled: what was owed until then was given, or was never owed because
// the thing did not exist yet (a milestone added at noon owes no reminder of that morning). See Settled. sent tells
// which identities went out; nil means none.
func (p *Project) Due(policy Policy, since, now time.Time, sent func(kind, object, about string) bool) []Notice {
	if p.Status == ProjectPaused || p.Status == ProjectClosed {
		return nil
	}
	d := p.desk(policy, since, now, sent)
	d.agendas()
	if d.isWorking(now) {
		for _, m := range p.Milestones {
			d.milestone(m)
		}
		d.snoozes()
		for _, a := range p.Actions {
			d.action(a)
		}
		d.digest()
		d.survey()
		d.invoices()
		d.warranty()
		d.review()
	}
	slices.SortStableFunc(d.out, func(a, b Notice) int { return cmp.Or(a.At.Compare(b.At), a.Kind.gravity()-b.Kind.gravity()) })
	return d.out
}

// Settled is the `since` of the next call, once everything that Due returned for since and now is stored: a call outside
// working moments settles nothing. A change of the project at some moment settles, too: nothing was owed from the last
// call until then, or until the moment that NextMoment had named, whichever is earlier.
func (p *Project) Settled(policy Policy, since, now time.Time) time.Time {
	if p.desk(policy, since, now, nil).isWorking(now) || since.IsZero() {
		return now
	}
	return since
}

// desk is one look at what is owed: project, policy, moment, and what was found.
type desk struct {
	p          *Project
	policy     Policy
	loc        *time.Location
	cal        Calendar
	since, now time.Time
	today      Date
	sent       func(kind, object, about string) bool
	moments    map[Date]time.Time // what notice found: a project's things share their days
	out        []Notice
}

func (p *Project) desk(policy Policy, since, now time.Time, sent func(kind, object, about string) bool) *desk {
	loc := p.Location()
	if sent == nil {
		sent = func(string, string, string) bool { return false }
	}
	policy.OverdueEvery = max(1, policy.OverdueEvery) // a policy of somebody's own making must not stop the clock
	if policy.WorkUntil <= policy.WorkFrom {
		policy.WorkFrom, policy.WorkUntil = DefaultPolicy().WorkFrom, DefaultPolicy().WorkUntil
	}
	return &desk{p: p, policy: policy, loc: loc, cal: p.Calendar, since: since, now: now, today: DateOf(now.In(loc)), sent: sent, moments: map[Date]time.Time{}}
}

// isWorking reports whether t is a working moment: within the hours of a working day.
func (d *desk) isWorking(t time.Time) bool {
	day := DateOf(t.In(d.loc))
	return d.cal.IsWorking(day) && !t.Before(d.opens(day)) && t.Before(d.closes(day))
}

func (d *desk) opens(day Date) time.Time {
	return day.At(d.policy.WorkFrom.hour(), d.policy.WorkFrom.minute(), d.loc)
}

func (d *desk) closes(day Date) time.Time {
	return day.At(d.policy.WorkUntil.hour(), d.policy.WorkUntil.minute(), d.loc)
}

// nextWorking is t if it is a working moment, else the first one after it.
func (d *desk) nextWorking(t time.Time) time.Time {
	if d.isWorking(t) {
		return t
	}
	day := DateOf(t.In(d.loc))
	if d.cal.IsWorking(day) && t.Before(d.opens(day)) {
		return d.opens(day)
	}
	return d.opens(d.cal.OnOrAfter(day + 1))
}

// notice is the moment at which notices about a day go out.
func (d *desk) notice(day Date) time.Time {
	at, known := d.moments[day]
	if !known {
		at = d.nextWorking(day.At(d.policy.NoticeAt.hour(), d.policy.NoticeAt.minute(), d.loc))
		d.moments[day] = at
	}
	return at
}

// NextWorkingMoment is t if it is a working moment of the project, else the first one after it.
func (p *Project) NextWorkingMoment(policy Policy, t time.Time) time.Time {
	return p.desk(policy, t, t, nil).nextWorking(t)
}

// offer adds a notice that is owed by now and neither settled nor sent.
func (d *desk) offer(n Notice) {
	if n.At.After(d.now) || !n.At.After(d.since) || d.sent(string(n.Kind), n.Object, n.About) {
		return
	}
	n.Project = d.p.Key
	n.Late = d.now.Sub(n.At) > lateAfter
	d.out = append(d.out, n)
}

// agendas: an hour before a meeting that stands, also outside working moments.
func (d *desk) agendas() {
	for _, m := range d.p.Meetings {
		if m.Status == MeetingScheduled && d.now.Before(m.At) {
			d.offer(Notice{
				Kind: NoticeMeeting, Object: object(KindMeeting, m.ID), About: m.At.UTC().Format(time.RFC3339), At: m.At.Add(-agendaBefore),
				Group: true, Reason: ForAgenda, Entry: KindMeeting, EntryID: m.ID, Milestones: m.Milestones,
			})
		}
	}
}

const agendaBefore = time.Hour
