package dates

import (
	"time"

	"timonel/steering"
)

// nth reads "primer lunes de abril", "last working day of the month", "quinto dia útil", "último día de marzo".
func (p *parser) nth(i int) (hit, bool) {
	n, j, ok := p.ordinal(i)
	if !ok {
		return hit{}, false
	}
	h := hit{kind: KindPeriod, from: i, weight: 95}
	s, k, needMonth, ok := p.nthWhat(n, j)
	if !ok {
		return hit{}, false
	}
	of := p.skip(k, clsOf)
	named := p.skip(of, clsThe)
	if m, end, ok := p.month(p.ofMonth(named)); ok && of > k {
		s.month, h.to = m, end
		if year, e, ok := p.year(end); ok {
			s.year, h.to, h.hasYear = year, e, true
		}
		h.spec = s
		return h, true
	}
	if rel, said, end, ok := p.monthRef(k); ok && of > k {
		s.rel, s.relSet = rel, said
		h.spec, h.to = s, end
		return h, true
	}
	if d, end, ok := p.nthOfOther(s, of, k); ok {
		h.spec, h.to = spec{date: d}, end
		return h, true
	}
	if !needMonth {
		h.spec, h.to, h.weight = s, k, 80
		return h, true
	}
	return hit{}, false
}

// ofMonth steps over "mes de" in "del mes de abril".
func (p *parser) ofMonth(i int) int {
	if unit, end, ok := p.at(i, clsUnit); ok && unit == unitMonth {
		if of := p.skip(end, clsOf); of > end && p.isMonth(of) {
			return of
		}
	}
	return i
}

// ordinal reads 1st, 2º, primero, last; a plain number is none.
func (p *parser) ordinal(i int) (int, int, bool) {
	if n, end, ok := p.spelledOrdinal(i); ok {
		return n, end, true
	}
	if n, end, ordinal, ok := p.dayNumber(i); ok && ordinal {
		return n, end, true
	}
	return 0, i, false
}

// nthWhat reads what is counted: a weekday, a day, a working day. needMonth is false for "quinto dia útil", which
// means that of the current month.
func (p *parser) nthWhat(n, i int) (s spec, end int, needMonth, ok bool) {
	s = spec{form: formMonthly, n: n}
	if _, end, ok := p.at(i, clsWorkingDays); ok {
		s.pick = pickWorkday
		return s, end, true, true
	}
	if v, end, ok := p.at(i, clsWeekday); ok {
		s.pick, s.weekday = pickWeekday, time.Weekday(v)
		return s, end, true, true
	}
	if v, end, ok := p.at(i, clsWeekdayOrdinal); ok && p.skip(end, clsOf) > end {
		s.pick, s.weekday = pickWeekday, time.Weekday(v)
		return s, end, true, true
	}
	if v, end, ok := p.at(i, clsWeekdayShort); ok && p.skip(end, clsOf) > end {
		s.pick, s.weekday = pickWeekday, time.Weekday(v)
		return s, end, true, true
	}
	unit, end, ok := p.at(i, clsUnit)
	if !ok || unit != unitDay {
		return s, i, true, false
	}
	if _, k, ok := p.at(end, clsWorking); ok && !p.lex.monthFirst {
		s.pick = pickWorkday
		return s, k, false, true
	}
	if n < 0 {
		s.pick = pickEnd
	}
	return s, end, true, n >= -1
}

// nthOfOther reads the first or last day of a week or year.
func (p *parser) nthOfOther(s spec, of, k int) (steering.Date, int, bool) {
	if of == k || s.pick == pickWeekday || s.n != 1 && s.n != -1 {
		return 0, k, false
	}
	edge := edgeStart
	if s.n == -1 {
		edge = edgeEnd
	}
	i := p.skip(of, clsThe)
	var d steering.Date
	end, ok := i, false
	if monday, e, isWeek := p.weekRef(i); isWeek {
		d, end, ok = p.weekEdge(edge, monday, true), e, true
	} else if rel, said, e, isYear := p.unitRef(i, unitYear); isYear {
		d, ok = p.unitEdge(edge, unitYear, rel, said)
		end = e
	} else if rel, said, e, isWeek := p.unitRef(i, unitWeek); isWeek {
		d, ok = p.unitEdge(edge, unitWeek, rel, said)
		end = e
	}
	if ok && s.pick == pickWorkday {
		d = p.o.Calendar.OnOrBefore(d)
		if edge == edgeStart {
			d = p.o.Calendar.OnOrAfter(d)
		}
	}
	return d, end, ok
}
