package steering

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Clock is a time of day in minutes after midnight.
type Clock int

func (c Clock) hour() int   { return int(c) / 60 }
func (c Clock) minute() int { return int(c) % 60 }

// String is HH:MM.
func (c Clock) String() string {
	return time.Date(2000, time.January, 1, c.hour(), c.minute(), 0, 0, time.UTC).Format("15:04")
}

// parseClock reads H:MM or HH:MM.
func parseClock(s string) (Clock, bool) {
	h, m, found := strings.Cut(s, ":")
	hour, errH := strconv.Atoi(h)
	minute, errM := strconv.Atoi(m)
	if !found || errH != nil || errM != nil || len(h) > 2 || len(m) != 2 || hour < 0 || hour > 23 || minute < 0 || minute > 59 {
		return 0, false
	}
	return Clock(hour*60 + minute), true
}

// scheduleOff turns a schedule off; scheduleOn is the alignment's default one.
const (
	scheduleOff        = "off"
	scheduleOn         = "on"
	alignmentSchedule  = "0 10 * * 3"
	reviewMonthly      = "monthly"
	reviewQuarterly    = "quarterly"
	defaultEveryMonths = 12
)

// Policy says when notices are owed: the program's defaults, the operator's config over them, a project's own settings
// over both.
type Policy struct {
	Digest        string // cron expression in the project's zone, or "off"
	Portfolio     string // the same
	Alignment     string // the same
	ReminderDays  []int  // calendar days before the due date
	NoticeAt      Clock  // of reminders, overdue nags, escalations
	OverdueEvery  int    // working days between overdue nags
	EscalateAfter int    // working days after the due date
	EscalateGate  int    // the same for a gate
	WorkFrom      Clock  // first working moment of a day
	WorkUntil     Clock  // end of the working moments
	MeetingHours  []Clock
	MaxPerDay     int    // unasked messages per chat and day, escalations and meetings apart
	Review        string // monthly | quarterly | off
	InvoiceEvery  int    // months until an invoice renews; 0 never

	// Next returns the first moment after `after` at which a cron expression falls due, in after's zone; zero if never.
	// Who reads cron expressions sets it; without it there are no digests, portfolios and alignments.
	Next func(expr string, after time.Time) time.Time
}

// DefaultPolicy holds the defaults, without a reader of cron expressions.
func DefaultPolicy() Policy {
	return Policy{
		Digest: "0 16 * * 5", Portfolio: "0 8 * * 1", Alignment: scheduleOff,
		ReminderDays: []int{7, 3, 1, 0}, NoticeAt: 9 * 60, OverdueEvery: 2, EscalateAfter: 3, EscalateGate: 1,
		WorkFrom: 8 * 60, WorkUntil: 20 * 60, MeetingHours: []Clock{10 * 60, 15 * 60}, MaxPerDay: 3,
		Review: scheduleOff, InvoiceEvery: defaultEveryMonths,
	}
}

// With lays settings over the policy. What cannot be read is passed over: a policy always works.
func (p Policy) With(s Settings) Policy {
	layText(&p.Digest, s.Digest)
	layText(&p.Portfolio, s.Portfolio)
	layText(&p.Alignment, s.Alignment)
	if p.Alignment == scheduleOn {
		p.Alignment = alignmentSchedule
	}
	layText(&p.Review, s.Review)
	layClock(&p.NoticeAt, s.NoticeAt)
	from, until := p.WorkFrom, p.WorkUntil
	layClock(&from, s.WorkFrom)
	layClock(&until, s.WorkUntil)
	if from < until {
		p.WorkFrom, p.WorkUntil = from, until
	}
	layCount(&p.OverdueEvery, s.OverdueEvery)
	layCount(&p.EscalateAfter, s.EscalateAfter)
	layCount(&p.EscalateGate, s.EscalateGate)
	layCount(&p.MaxPerDay, s.MaxPerDay)
	layCount(&p.InvoiceEvery, s.InvoiceEvery)
	if len(s.ReminderDays) > 0 {
		p.ReminderDays = slices.Clone(s.ReminderDays)
	}
	var hours []Clock
	for _, h := range s.MeetingHours {
		if c, ok := parseClock(h); ok {
			hours = append(hours, c)
		}
	}
	if len(hours) > 0 {
		slices.Sort(hours)
		p.MeetingHours = hours
	}
	return p
}

func layText(to *string, from string) {
	if from != "" && from != settingDefault {
		*to = from
	}
}

func layClock(to *Clock, from string) {
	if c, ok := parseClock(from); ok {
		*to = c
	}
}

func layCount(to *int, from int) {
	if from > 0 {
		*to = from
	}
}

// hours are the times of day at which meetings are offered; a policy without any offers the defaults.
func (p Policy) hours() []Clock {
	if len(p.MeetingHours) == 0 {
		return DefaultPolicy().MeetingHours
	}
	return p.MeetingHours
}
