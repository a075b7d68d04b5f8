package steering

import (
	"fmt"
	"time"
)

// Date is a civil date, without time or zone, as days since 1970-01-01.
// The zero value means "unset": no plan of ours reaches back to that day.
type Date int32

const dateLayout = "2006-01-02"

// NewDate returns the civil date of year, month and day; values out of range are normalised as time.Date does.
func NewDate(year int, month time.Month, day int) Date {
	return Date(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// DateOf returns the civil date that t has in its own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return NewDate(y, m, d)
}

// ParseDate reads YYYY-MM-DD.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(dateLayout, s)
	if err != nil {
		return 0, fmt.Errorf("date %q: want YYYY-MM-DD", s)
	}
	return DateOf(t), nil
}

// IsZero reports whether the date is unset.
func (d Date) IsZero() bool { return d == 0 }

// String is YYYY-MM-DD, or "" when unset.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	return d.midnight().Format(dateLayout)
}

func (d Date) midnight() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// Civil returns year, month and day.
func (d Date) Civil() (int, time.Month, int) { return d.midnight().Date() }

// Weekday returns the day of the week. Calendars ask it for every day between two dates, so it is arithmetic: day 0 was a
// Thursday.
func (d Date) Weekday() time.Weekday { return time.Weekday(((int(d)+int(time.Thursday))%7 + 7) % 7) }

// AddDays moves the date by n calendar days; n may be negative.
func (d Date) AddDays(n int) Date { return d + Date(n) }

// AddMonths moves the date by n months and keeps the day, or ends at the month's last day.
func (d Date) AddMonths(n int) Date {
	y, m, day := d.Civil()
	first := NewDate(y, m+time.Month(n), 1)
	return first + Date(min(day, first.daysInMonth())-1)
}

// EndOfMonth returns the last day of the date's month.
func (d Date) EndOfMonth() Date {
	y, m, _ := d.Civil()
	return NewDate(y, m+1, 0)
}

// Monday returns the Monday of the week (Monday to Sunday) that holds the date.
func (d Date) Monday() Date { return d - Date((int(d.Weekday())+6)%7) }

// Sub returns the calendar days from other to d.
func (d Date) Sub(other Date) int { return int(d - other) }

// At returns the moment of the date at hour and minute in loc. A local time that a clock change skips is taken at
// the first moment that exists; one that it repeats, at its first occurrence.
func (d Date) At(hour, minute int, loc *time.Location) time.Time {
	y, m, day := d.Civil()
	t := time.Date(y, m, day, hour, minute, 0, 0, loc)
	if t.Hour() != hour || t.Minute() != minute || t.Day() != day {
		return firstAfterGap(t)
	}
	return earlierTwin(t)
}

// firstAfterGap returns the end of the gap that t's wall clock fell into: time.Date lands on one side of the
// transition, and that transition is where the clock starts to exist again.
func firstAfterGap(t time.Time) time.Time {
	start, end := t.ZoneBounds()
	if !start.IsZero() && t.Sub(start) < 24*time.Hour {
		return start.In(t.Location())
	}
	return end.In(t.Location())
}

// earlierTwin returns the first of the two moments that show the wall clock of t, where a clock was set back.
func earlierTwin(t time.Time) time.Time {
	start, _ := t.ZoneBounds()
	if start.IsZero() {
		return t
	}
	_, now := t.Zone()
	_, before := start.Add(-time.Second).In(t.Location()).Zone()
	if twin := t.Add(time.Duration(now-before) * time.Second); before > now && twin.Before(start) {
		return twin
	}
	return t
}

func (d Date) daysInMonth() int {
	_, _, day := d.EndOfMonth().Civil()
	return day
}

// MarshalText writes YYYY-MM-DD.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads YYYY-MM-DD; the empty text is the unset date.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = 0
		return nil
	}
	v, err := ParseDate(string(b))
	*d = v
	return err
}
