package dates

import (
	"time"

	"timonel/steering"
)

type form uint8

const (
	formFixed   form = iota // a day counted from today
	formWeekly              // a day of the week, the next or the last one
	formMonthly             // a day of a month that may still have to be found
)

type pick uint8

const (
	pickDay        pick = iota // day n
	pickEnd                    // the last day
	pickWeekday                // the nth weekday, from the end when n < 0
	pickWorkday                // the nth working day, from the end when n < 0
	pickDayWeekday             // day n, which is a given weekday
)

// tense says whether the words look back or ahead by themselves ("el lunes pasado", "el próximo 5 de mayo").
type tense uint8

const (
	tenseOpen tense = iota
	tenseNext
	tensePast
)

// spec is what was said, before it is known whether the sentence looks back or ahead.
type spec struct {
	form    form
	pick    pick
	tense   tense
	date    steering.Date
	weekday time.Weekday
	n       int
	year    int  // 0: not said
	month   int  // 0: not said
	rel     int  // months from this one, when relSet
	relSet  bool // "del mes que viene"
	plus    int  // days after that, "el viernes en ocho"
	shift   Shift
	shifted bool
}

// searchMonths is how far a day without a month is looked for: 29 February of a leap year lies within eight years.
const searchMonths = 8*12 + 1

func (p *parser) resolve(s spec, past bool) (steering.Date, bool) {
	switch s.tense {
	case tenseNext:
		past = false
	case tensePast:
		past = true
	}
	d, ok := s.date, true
	switch s.form {
	case formWeekly:
		d = p.weekly(s, past)
	case formMonthly:
		d, ok = p.monthly(s, past)
	}
	d = d.AddDays(s.plus)
	if ok && s.shifted {
		d = s.shift.From(d, p.o.Calendar)
	}
	return d, ok
}

func (p *parser) weekly(s spec, past bool) steering.Date {
	step := steering.Date(1)
	if past {
		step = -1
	}
	d := p.today() + step
	for d.Weekday() != s.weekday {
		d += step
	}
	return d
}

func (p *parser) monthly(s spec, past bool) (steering.Date, bool) {
	year, month, _ := p.today().Civil()
	switch {
	case s.relSet:
		return p.inMonth(s, year, int(month)+s.rel)
	case s.year > 0 && s.month > 0:
		return p.inMonth(s, s.year, s.month)
	}
	if s.pick == pickDayWeekday && s.month == 0 {
		return p.dayOnWeekday(s, past)
	}
	at, step := int(month), 1
	if past {
		step = -1
	}
	for range searchMonths {
		fits := s.month == 0 || (at-s.month)%12 == 0
		if fits {
			d, ok := p.inMonth(s, year, at)
			if ok && (!past && d >= p.today() || past && d <= p.today()) {
				return d, true
			}
		}
		at += step
	}
	return 0, false
}

// dayOnWeekday finds "viernes 20": the 20th of this or the next month that is a Friday; when neither is, the
// number counts and the weekday was a slip.
func (p *parser) dayOnWeekday(s spec, past bool) (steering.Date, bool) {
	plain := s
	plain.pick = pickDay
	first, ok := p.monthly(plain, past)
	if !ok || first.Weekday() == s.weekday {
		return first, ok
	}
	y, m, _ := first.Civil()
	for _, k := range []int{1, 2} {
		if past {
			k = -k
		}
		if d, ok := p.inMonth(plain, y, int(m)+k); ok && d.Weekday() == s.weekday {
			return d, true
		}
	}
	return first, true
}

// inMonth picks the day in one month; month may lie outside 1 to 12.
func (p *parser) inMonth(s spec, year, month int) (steering.Date, bool) {
	first := steering.NewDate(year, time.Month(month), 1)
	last := first.EndOfMonth()
	switch s.pick {
	case pickEnd:
		return last, true
	case pickWeekday:
		return nthWeekday(first, last, s.n, s.weekday)
	case pickWorkday:
		d := p.o.Calendar.Add(first-1, s.n)
		if s.n < 0 {
			d = p.o.Calendar.Add(last+1, s.n)
		}
		return d, d >= first && d <= last
	}
	d := first.AddDays(s.n - 1)
	return d, s.n >= 1 && d <= last
}

func nthWeekday(first, last steering.Date, n int, w time.Weekday) (steering.Date, bool) {
	if n < 0 {
		d := last
		for d.Weekday() != w {
			d--
		}
		d = d.AddDays(7 * (n + 1))
		return d, d >= first
	}
	d := first
	for d.Weekday() != w {
		d++
	}
	d = d.AddDays(7 * (n - 1))
	return d, n > 0 && d <= last
}
