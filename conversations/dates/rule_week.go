package dates

import "timonel/steering"

// weekRef reads a week and returns its Monday: "la semana que viene", "next week", "esta semana",
// "semana pasada", "the week after next", "dentro de dos semanas", "la semana del 13 de abril".
func (p *parser) weekRef(i int) (steering.Date, int, bool) {
	monday := p.today().Monday()
	if rel, end, ok := p.at(i, clsWeekAfterNext); ok {
		return monday.AddDays(7 * rel), end, true
	}
	i = p.skip(i, clsThe)
	if rel, end, ok := p.at(i, clsWeekAfterNext); ok {
		return monday.AddDays(7 * rel), end, true
	}
	if rel, said, end, ok := p.unitRef(i, unitWeek); ok {
		if of := p.skip(end, clsOf); said && of > end && p.isMonth(of) {
			// "La última semana de abril" is seven days.
			return 0, i, false
		}
		if said {
			return monday.AddDays(7 * rel), end, true
		}
		return p.weekOf(end)
	}
	if j := p.skip(i, clsIn); j > i {
		if s, end, ok := p.amount(j); ok && s.Unit == Weeks && !s.Working {
			return monday.AddDays(7 * min(s.N, 520)), end, true
		}
	}
	return 0, i, false
}

// weekOf reads the date that names a week: "la semana del 13 de abril".
func (p *parser) weekOf(i int) (steering.Date, int, bool) {
	j := p.skip(i, clsOf)
	if j == i {
		return 0, i, false
	}
	j = p.skip(p.skip(j, clsThe), clsDayWord)
	h, ok := p.absolute(j)
	if !ok {
		n, end, _, isDay := p.dayNumber(j)
		if !isDay || !p.isNumber(j) || p.countsThings(end) {
			return 0, i, false
		}
		h = hit{spec: spec{form: formMonthly, n: n}, to: end}
	}
	d, ok := p.resolve(h.spec, p.o.Past)
	return d.Monday(), h.to, ok
}

// week reads a week, alone or before its day: "la semana que viene", "next week Tuesday".
func (p *parser) week(i int) (hit, bool) {
	monday, end, ok := p.weekRef(i)
	if !ok || p.is(i, clsIn) {
		return hit{}, false
	}
	h := hit{spec: spec{date: monday}, kind: KindWeek, from: i, to: end, weight: 60}
	j := p.glue(end)
	if w, k, sure, ok := p.weekday(j); ok && (sure || p.firmDay(j) || j > end) {
		h.spec.date, h.kind, h.to, h.weight = dayOfWeek(monday, w), KindWeekday, k, 95
		return h, true
	}
	// "Esta semana" alone names no day.
	return h, monday != p.today().Monday()
}
