package dates

import (
	"time"

	"timonel/steering"
)

// period reads the beginning, middle or end of something: "fin de mes", "mediados de mayo", "end of next week",
// "segunda quincena de abril", "early June", "EOM".
func (p *parser) period(i int) (hit, bool) {
	if unit, end, ok := p.at(i, clsEndWord); ok {
		d, ok := p.unitEdge(edgeEnd, unit, 0, false)
		return hit{spec: spec{date: d}, kind: KindPeriod, from: i, to: end, weight: 85}, ok
	}
	edge, j, ok := p.at(i, clsEdge)
	if !ok || p.weekendAt(i) {
		return hit{}, false
	}
	h := hit{kind: KindPeriod, from: i, weight: 85}
	if p.mark(j, '-') {
		j++
	}
	of := p.skip(j, clsOf)
	k := p.skip(of, clsThe)
	if s, end, ok := p.monthEdge(edge, k); ok {
		h.spec, h.to = s, end
		return h, true
	}
	if rel, said, end, ok := p.monthRef(j); ok && (of > j || said || p.lex.monthFirst) {
		if unit, _, _ := p.at(end-1, clsUnit); unit&plural == 0 {
			h.spec, h.to = edgeOfMonth(edge), end
			h.spec.rel, h.spec.relSet = rel, said
			return h, true
		}
	}
	if d, end, ok := p.otherEdge(edge, j, k, of > j); ok {
		h.spec, h.to = spec{date: d}, end
		return h, true
	}
	if (edge == edgeHalf1 || edge == edgeHalf2) && p.is(j-1, clsUnit) {
		h.spec, h.to = edgeOfMonth(edge), j
		return h, true
	}
	return hit{}, false
}

// weekendAt tells whether "fin de semana" starts at i and nothing longer does ("fin de semana laboral" is none).
func (p *parser) weekendAt(i int) bool { return p.is(i, clsWeekend) }

// monthEdge reads the month that an edge belongs to by name, with its year.
func (p *parser) monthEdge(edge, i int) (spec, int, bool) {
	if unit, end, ok := p.at(i, clsUnit); ok && unit == unitMonth {
		if of := p.skip(end, clsOf); of > end && p.isMonth(of) {
			i = of
		}
	}
	rel, k, modified := p.modifier(i)
	if !modified || !p.isMonth(k) {
		k = i
	}
	m, end, ok := p.month(k)
	if !ok || p.isNumber(end) && p.tokens[end].digits <= 2 && !p.tokens[end].line && !p.atEnd(end) && p.countsThings(end+1) {
		return spec{}, i, false
	}
	s := edgeOfMonth(edge)
	s.month = m
	if k > i {
		s.tense = tenseOf(rel)
	}
	if year, e, ok := p.year(end); ok {
		s.year, end = year, e
	}
	return s, end, true
}

func edgeOfMonth(edge int) spec {
	s := spec{form: formMonthly}
	switch edge {
	case edgeStart:
		s.n = 1
	case edgeMid, edgeHalf1:
		s.n = 15
	default:
		s.pick = pickEnd
	}
	return s
}

// otherEdge reads the edge of a week, a quarter, a year or a fortnight.
func (p *parser) otherEdge(edge, j, k int, of bool) (steering.Date, int, bool) {
	if monday, end, ok := p.weekRef(j); ok && !p.is(j, clsIn) {
		return p.weekEdge(edge, monday, true), end, true
	}
	if monday, end, ok := p.weekRef(k); ok && !p.is(k, clsIn) {
		return p.weekEdge(edge, monday, true), end, true
	}
	if rel, end, ok := p.at(j, clsYearWords); ok {
		d, ok := p.unitEdge(edge, unitYear, rel, true)
		return d, end, ok
	}
	if q, end, ok := p.quarter(k); ok {
		return p.quarterEdge(edge, q), end, of
	}
	rel, m, said := p.modifier(k)
	unit, end, ok := p.at(m, clsUnit)
	if !ok || !of && !said && !p.lex.monthFirst {
		return 0, j, false
	}
	if rel2, e, ok := p.modifier(end); ok && !p.lex.monthFirst {
		rel, said, end = rel2, true, e
	}
	d, ok := p.unitEdge(edge, unit, rel, said)
	return d, end, ok
}

// unitEdge returns the edge of the current unit, or of the one rel units away when said.
func (p *parser) unitEdge(edge, unit, rel int, said bool) (steering.Date, bool) {
	y, m, day := p.today().Civil()
	switch unit {
	case unitWeek:
		return p.weekEdge(edge, p.today().Monday().AddDays(7*rel), said), true
	case unitMonth:
		s := edgeOfMonth(edge)
		s.rel, s.relSet = rel, said
		return p.resolve(s, false)
	case unitYear:
		return yearEdge(edge, y, rel, p.today(), said)
	case unitQuarter:
		first := steering.NewDate(y, (m-1)/3*3+1+time.Month(3*rel), 1)
		return spanEdge(edge, first, first.AddMonths(2).EndOfMonth()), true
	case unitSemester:
		first := steering.NewDate(y, (m-1)/6*6+1+time.Month(6*rel), 1)
		return spanEdge(edge, first, first.AddMonths(5).EndOfMonth()), true
	case unitFifteen:
		return p.fifteen(rel, day), edge == edgeEnd
	}
	return 0, false
}

// fifteen returns the end of this half of the month, or of the one rel halves away.
func (p *parser) fifteen(rel, day int) steering.Date {
	half := rel
	if day > 15 {
		half++
	}
	y, m, _ := p.today().Civil()
	months := half / 2
	if half < 0 {
		months = (half - 1) / 2
	}
	first := steering.NewDate(y, m+time.Month(months), 1)
	if half%2 == 0 {
		return first.AddDays(14)
	}
	return first.EndOfMonth()
}

func (p *parser) weekEdge(edge int, monday steering.Date, said bool) steering.Date {
	d := monday.AddDays(4)
	switch edge {
	case edgeStart, edgeHalf1:
		d = monday
	case edgeMid:
		d = monday.AddDays(2)
	}
	if !said && d < p.today() {
		d = d.AddDays(7)
	}
	return d
}

func yearEdge(edge, year, rel int, today steering.Date, said bool) (steering.Date, bool) {
	year += rel
	switch edge {
	case edgeStart:
		d := steering.NewDate(year, 1, 1)
		if !said && d < today {
			d = steering.NewDate(year+1, 1, 1)
		}
		return d, true
	case edgeMid, edgeHalf1:
		return steering.NewDate(year, 6, 30), true
	}
	return steering.NewDate(year, 12, 31), true
}

func spanEdge(edge int, first, last steering.Date) steering.Date {
	switch edge {
	case edgeStart:
		return first
	case edgeMid, edgeHalf1:
		return first + (last-first)/2
	}
	return last
}

// quarter reads "Q2", "el segundo trimestre", "the third quarter".
func (p *parser) quarter(i int) (int, int, bool) {
	if p.word(i) && p.tokens[i].hi-p.tokens[i].lo == 1 && p.folded[p.tokens[i].lo] == 'q' && p.isNumber(i+1) && p.gluedTo(i+1) {
		q := p.tokens[i+1].num
		return q, i + 2, q >= 1 && q <= 4
	}
	q, j, _, ok := p.dayNumber(i)
	if !ok || q > 4 {
		return 0, i, false
	}
	unit, end, ok := p.at(j, clsUnit)
	return q, end, ok && unit == unitQuarter
}

func (p *parser) quarterEdge(edge, q int) steering.Date {
	y, _, _ := p.today().Civil()
	first := steering.NewDate(y, time.Month(3*q-2), 1)
	if first.AddMonths(2).EndOfMonth() < p.today() {
		first = first.AddMonths(12)
	}
	return spanEdge(edge, first, first.AddMonths(2).EndOfMonth())
}
