package dates

import "timonel/steering"

// Unit is what a movement is counted in.
type Unit string

// The units of a movement; fortnights, quarters and the like are turned into these.
const (
	Days   Unit = "day"
	Weeks  Unit = "week"
	Months Unit = "month"
	Years  Unit = "year"
)

// Shift is a length of time said as a movement: "una semana", "5 días hábiles", "um mês e meio".
type Shift struct {
	N          int
	Unit       Unit
	Extra      int  // days on top, of "un mes y medio"
	Working    bool // working days of the calendar
	Negative   bool // said as earlier: "dos días antes"
	Start, End int  // bytes in the text as given
}

// maxShift keeps absurd lengths ("en 9999999 años") inside the range of a date.
const maxShift = 20_000

// From moves d; working days are those of cal. Negative movements go back.
func (s Shift) From(d steering.Date, cal steering.Calendar) steering.Date {
	sign := 1
	if s.Negative {
		sign = -1
	}
	n := sign * min(s.N, maxShift)
	switch {
	case s.Working && s.Unit == Weeks:
		return cal.Add(d, clampWork(5*n))
	case s.Working && s.Unit == Days:
		return cal.Add(d, clampWork(n))
	}
	switch s.Unit {
	case Weeks:
		d = d.AddDays(7 * n)
	case Months:
		d = d.AddMonths(max(-12*200, min(12*200, n)))
	case Years:
		d = d.AddMonths(12 * max(-200, min(200, n)))
	default:
		d = d.AddDays(n)
	}
	return d.AddDays(sign * s.Extra)
}

// clampWork bounds the day by day walk over a calendar to some ten years.
func clampWork(n int) int { return max(-2600, min(2600, n)) }

// amount reads a length of time at token i.
func (p *parser) amount(i int) (Shift, int, bool) {
	start := i
	i = p.skip(i, clsAbout)
	if _, j, ok := p.at(i, clsHalf); ok {
		if unit, end, ok := p.at(j, clsUnit); ok {
			if s, ok := halfOf(unit); ok {
				return p.spanned(s, start, end), end, true
			}
		}
	}
	n, j, ok := p.count(i)
	if !ok && i > start {
		n, j, ok = p.count(start) // "another week", beside "another two weeks"
	}
	if !ok {
		return p.oneAndHalf(start, i)
	}
	if n2, j2, ok := p.upper(j); ok && n2 > n {
		n, j = n2, j2
	}
	if p.mark(j, '-') && p.gluedTo(j) && p.gluedTo(j+1) {
		j++
	}
	j = p.skip(j, clsAbout)
	s := Shift{N: n, Unit: Days}
	if _, end, ok := p.at(j, clsWorkingDays); ok {
		s.Working = true
		return p.spanned(s, start, end), end, true
	}
	calendarFirst := p.skip(j, clsCalendarDays)
	_, k, working := p.at(j, clsWorking)
	unit, end, ok := p.at(max(k, calendarFirst), clsUnit)
	switch {
	case !ok && working && p.lex.lang != "en":
		s.Working = true
		return p.spanned(s, start, k), k, true
	case !ok:
		return Shift{}, start, false
	}
	s, ok = ofUnit(n, unit&^plural)
	if !ok {
		return Shift{}, start, false
	}
	s.Working = working
	return p.amountTail(s, start, end)
}

// oneAndHalf reads "mes y medio", "semana y media", which say no number.
func (p *parser) oneAndHalf(start, i int) (Shift, int, bool) {
	unit, end, ok := p.at(i, clsUnit)
	if !ok || unit&plural != 0 || !p.is(end, clsAndHalf) || p.lex.monthFirst {
		return Shift{}, start, false
	}
	s, ok := ofUnit(1, unit)
	if !ok {
		return Shift{}, start, false
	}
	return p.amountTail(s, start, end)
}

// amountTail reads what may stand behind the unit: "hábiles", "corridos", "y medio".
func (p *parser) amountTail(s Shift, start, end int) (Shift, int, bool) {
	if _, k, ok := p.at(end, clsWorking); ok && (s.Unit == Days || s.Unit == Weeks) && p.lex.lang != "en" {
		s.Working, end = true, k
	}
	end = p.skip(end, clsCalendarDays)
	if _, k, ok := p.at(end, clsAndHalf); ok {
		switch s.Unit {
		case Weeks:
			s.Extra = 3
		case Months:
			s.Extra = 15
		case Years:
			s.Unit, s.N = Months, 12*s.N+6
		}
		end = k
	}
	return p.spanned(s, start, end), end, true
}

// upper reads the second number of "2 o 3 semanas", "2-3 days"; the later one is the deadline.
func (p *parser) upper(i int) (int, int, bool) {
	j := p.skip(i, clsAnd)
	if j == i {
		j = p.skip(i, clsToSure)
	}
	if j == i && p.mark(i, '-') {
		j = i + 1
	}
	if j == i {
		return 0, i, false
	}
	return p.count(j)
}

// count reads a whole number, in digits or words, that could count units.
func (p *parser) count(i int) (int, int, bool) {
	if p.isNumber(i) {
		t := &p.tokens[i]
		if t.digits > 4 || p.gluedTo(i) && (p.mark(i-1, '.') || p.mark(i-1, ',') || p.mark(i-1, '/')) {
			return 0, i, false
		}
		if p.gluedTo(i+1) && p.gluedTo(i+2) && p.isNumber(i+2) && (p.mark(i+1, '.') || p.mark(i+1, ',') || p.mark(i+1, '/')) {
			return 0, i, false
		}
		return t.num, i + 1, true
	}
	return p.spelled(i)
}

// spelled reads a number in words: "quince", "treinta y uno", "twenty-five".
func (p *parser) spelled(i int) (int, int, bool) {
	n, j, ok := p.at(i, clsNumber)
	if !ok {
		return 0, i, false
	}
	if n < 20 || n%10 != 0 {
		return n, j, true
	}
	k := p.skip(j, clsAnd)
	if p.lex.monthFirst {
		k = j
		if p.mark(k, '-') {
			k++
		}
	} else if k == j {
		return n, j, true
	}
	if unit, end, ok := p.at(k, clsNumber); ok && unit < 10 && !p.isArticleNumber(k) {
		return n + unit, end, true
	}
	return n, j, true
}

// isArticleNumber tells whether the number at i is the English article "a".
func (p *parser) isArticleNumber(i int) bool {
	return p.lex.monthFirst && p.tokens[i].hi-p.tokens[i].lo <= 2
}

func (p *parser) spanned(s Shift, from, to int) Shift {
	s.Start, s.End = p.tokens[from].start, p.tokens[to-1].end
	return s
}

func halfOf(unit int) (Shift, bool) {
	switch unit {
	case unitWeek:
		return Shift{N: 3, Unit: Days}, true
	case unitMonth:
		return Shift{N: 15, Unit: Days}, true
	case unitYear:
		return Shift{N: 6, Unit: Months}, true
	}
	return Shift{}, false
}

func ofUnit(n, unit int) (Shift, bool) {
	switch unit {
	case unitDay:
		return Shift{N: n, Unit: Days}, true
	case unitWeek:
		return Shift{N: n, Unit: Weeks}, true
	case unitFortnight:
		return Shift{N: 2 * n, Unit: Weeks}, true
	case unitFifteen:
		return Shift{N: 15 * n, Unit: Days}, true
	case unitMonth:
		return Shift{N: n, Unit: Months}, true
	case unitQuarter:
		return Shift{N: 3 * n, Unit: Months}, true
	case unitSemester:
		return Shift{N: 6 * n, Unit: Months}, true
	case unitYear:
		return Shift{N: n, Unit: Years}, true
	case unitHour:
		return Shift{N: n / 24, Unit: Days}, n > 0 && n%24 == 0
	}
	return Shift{}, false
}

// FindShifts returns the lengths of time of a text that say how far something moves, in text order. Lengths that
// belong to a date ("dentro de dos semanas", "hace 3 días") are none; whether one moves back ("adelanta") is the
// verb's, unless the length itself says so ("dos días antes").
func FindShifts(text string, o Options) []Shift {
	p := newParser(clip(text), lexiconFor(o.Lang), o, false)
	return p.shifts(p.find())
}

func (p *parser) shifts(found []Found) []Shift {
	var out []Shift
	for i := 0; i < len(p.tokens); {
		s, end, ok := p.amount(i)
		if !ok || p.blocked[i] || p.isNumber(i) && p.chained(i) {
			i++
			continue
		}
		if s.N > 0 && !inside(found, s) {
			if k := p.skip(end, clsEarlier); k > end {
				s.Negative, s.End = true, p.tokens[k-1].end
			}
			out = append(out, s)
		}
		i = end
	}
	return out
}

func inside(found []Found, s Shift) bool {
	for _, f := range found {
		if f.Kind != KindAmount && s.Start < f.End && s.End > f.Start {
			return true
		}
	}
	return false
}
