package dates

import "time"

// relativeDay reads "hoy", "pasado mañana", "tomorrow", "esta tarde", "de hoy en ocho".
func (p *parser) relativeDay(i int) (hit, bool) {
	if n, end, ok := p.at(i, clsDayPart); ok {
		return hit{spec: spec{date: p.today().AddDays(n)}, kind: KindRelative, from: i, to: end, weight: 85}, true
	}
	n, end, ok := p.at(i, clsDay)
	if !ok || n == 1 && p.isBehind(i, clsMorningBefore) || p.tokens[i].fuzzy && p.foreign {
		return hit{}, false
	}
	h := hit{spec: spec{date: p.today().AddDays(n)}, kind: KindRelative, from: i, to: end, weight: 85}
	if n < 0 {
		h.spec.tense = tensePast
	}
	j := p.skipPartOfDay(end)
	if days, k, ok := p.at(j, clsInEight); ok && !p.labelsNumber(k) {
		h.spec.plus, h.to = days, k
		return h, true
	}
	// "De hoy a diez días", "de hoje a uma semana".
	if k := p.skip(j, clsIn); k > j || p.toWord(j) {
		if k == j {
			k = p.skip(j, clsToSure)
		}
		if s, e, ok := p.amount(k); ok && n >= 0 && p.isBehind(i, clsFrom) {
			h.spec.shift, h.spec.shifted, h.to = s, true, e
		}
	}
	return h, true
}

func (p *parser) toWord(i int) bool { return p.is(i, clsToSure) }

// endOfDay reads "EOD", "fin del día": today, or the day that stands beside it.
func (p *parser) endOfDay(i int) (hit, bool) {
	_, end, ok := p.at(i, clsEndOfDay)
	if !ok {
		return hit{}, false
	}
	j := p.glue(end)
	if h, ok := p.base(j); ok {
		h.from = i
		return h, true
	}
	return hit{spec: spec{date: p.today()}, kind: KindRelative, from: i, to: end, weight: 55}, true
}

// ahead reads "en 3 días", "dentro de dos semanas", "in a fortnight".
func (p *parser) ahead(i int) (hit, bool) {
	j := p.skip(i, clsIn)
	if j == i || p.isNumber(i-1) && !p.tokens[i].line {
		return hit{}, false // "de 15 em 15 dias" is a habit
	}
	if h, ok := p.weekdaysAhead(i, j); ok {
		return h, true
	}
	s, end, ok := p.amount(j)
	if !ok || s.N == 0 || end < len(p.tokens) && p.is(end, clsAgoAfter) {
		return hit{}, false
	}
	if !p.is(i, clsInSure) && p.movesBy(i, end) {
		return hit{}, false
	}
	h := hit{spec: spec{date: p.today(), shift: s, shifted: true}, kind: KindRelative, from: i, to: end, weight: 85}
	// "En dos semanas, el martes": the Tuesday of that week.
	if k := p.glue(end); s.Unit == Weeks && !s.Working && k > end {
		if w, e, sure, ok := p.weekday(k); ok && (sure || p.firmDay(k)) {
			monday := p.today().Monday().AddDays(7 * min(s.N, maxShift))
			return hit{spec: spec{date: dayOfWeek(monday, w)}, kind: KindWeekday, from: i, to: e, weight: 90}, true
		}
	}
	if e, ok := p.counted(end, &h.spec); ok {
		h.to = e
	}
	return h, true
}

// weekdaysAhead reads "en dos viernes", "in two Fridays".
func (p *parser) weekdaysAhead(i, j int) (hit, bool) {
	n, k, ok := p.count(j)
	if !ok || n < 2 || n > 9 || p.foreign {
		return hit{}, false
	}
	v, end, ok := p.at(k, clsWeekday)
	if !ok {
		v, end, ok = p.at(k, clsWeekdayPlural)
	}
	s := spec{form: formWeekly, weekday: time.Weekday(v), tense: tenseNext, plus: 7 * (n - 1)}
	return hit{spec: s, kind: KindWeekday, from: i, to: end, weight: 85}, ok
}

// counted reads from when a length of time runs: "desde hoy", "a partir del lunes", "from Friday", "after 15 March".
func (p *parser) counted(i int, s *spec) (int, bool) {
	i = p.skipNoise(i)
	if _, end, ok := p.at(i, clsFromNow); ok {
		return end, true
	}
	j := p.skip(i, clsAfter)
	if j == i {
		return i, false
	}
	h, ok := p.base(p.skip(j, clsThe))
	if !ok {
		return i, false
	}
	shift := s.shift
	*s = h.spec
	s.shift, s.shifted = shift, true
	return h.to, true
}

// skipNoise steps over the "time" of "in two weeks' time".
func (p *parser) skipNoise(i int) int {
	for p.mark(i, '\'') || p.mark(i, '’') {
		i++
	}
	if p.word(i) && p.tokens[i].id != 0 && p.tokens[i].id == p.lex.ids["time"] {
		i++
	}
	return i
}

// movesBy tells whether "en N semanas" at i says how far something moves: behind a verb of moving in its clause.
func (p *parser) movesBy(i, end int) bool {
	if p.tail(end) {
		return false
	}
	for k := i - 1; k >= 0 && k >= i-12; k-- {
		if p.tokens[k+1].line || p.isStop(k) {
			return false
		}
		if p.is(k, clsShift) {
			return true
		}
	}
	return false
}

// tail tells whether what follows an amount makes it a date for sure: "from now", "from Friday".
func (p *parser) tail(i int) bool {
	var s spec
	_, ok := p.counted(i, &s)
	return ok
}

func (p *parser) isStop(k int) bool {
	switch p.tokens[k].mark {
	case '.', '!', '?', ';', ':':
		return !p.isShortDot(k)
	}
	return false
}

// ago reads "hace 3 días", "há uma semana", "three days ago", "2 semanas atrás".
func (p *parser) ago(i int) (hit, bool) {
	j := p.skip(i, clsAgoBefore)
	s, end, ok := p.amount(j)
	if !ok {
		return hit{}, false
	}
	after := p.skip(end, clsAgoAfter)
	if j == i && after == end {
		return hit{}, false
	}
	if j == i && p.lex.monthFirst && p.pushedBack(i) && p.tokens[end].id == p.lex.ids["back"] {
		return hit{}, false
	}
	s.Negative = true
	return hit{
		spec: spec{date: p.today(), shift: s, shifted: true, tense: tensePast}, kind: KindRelative, from: i, to: after, weight: 90,
	}, true
}

// pushedBack tells "push it two weeks back" from "two weeks back".
func (p *parser) pushedBack(i int) bool {
	for k := i - 1; k >= 0 && k >= i-10; k-- {
		if p.is(k, clsMove) || p.is(k, clsShift) {
			return true
		}
	}
	return false
}

// counting reads a length of time before or after a date: "dos días antes del viernes", "a week from Friday",
// "three working days after March 15", "a 10 días de hoy".
func (p *parser) counting(i int) (hit, bool) {
	s, end, ok := p.amount(i)
	if !ok {
		return hit{}, false
	}
	h := hit{spec: spec{date: p.today(), shift: s, shifted: true}, kind: KindRelative, from: i, weight: 90}
	if e, ok := p.counted(end, &h.spec); ok {
		h.to = e
		return h, true
	}
	j := p.skip(end, clsBefore)
	if j > end {
		if b, ok := p.base(p.skip(p.skip(j, clsThe), clsDayWord)); ok {
			s.Negative = true
			h.spec, h.to = b.spec, b.to
			h.spec.shift, h.spec.shifted = s, true
			return h, true
		}
	}
	if j, ok := p.weekOn(s, i, end); ok {
		if b, ok := p.base(j); ok && (b.kind == KindWeekday || b.kind == KindRelative) {
			h.spec, h.to = b.spec, b.to
			h.spec.shift, h.spec.shifted = s, true
			return h, true
		}
	}
	return hit{}, false
}

// weekOn finds the date of "a week on Friday", "two weeks today", "a dos semanas del viernes".
func (p *parser) weekOn(s Shift, i, end int) (int, bool) {
	if p.lex.monthFirst {
		j := p.skip(end, clsOn)
		return j, s.Unit == Weeks && !s.Working && (j > end || p.is(end, clsDay) || p.is(end, clsWeekday)) && !p.pushedBack(i)
	}
	if i == 0 || !p.is(i-1, clsToSure) {
		return end, false
	}
	j := p.skip(p.skip(end, clsOf), clsThe)
	return j, j > end
}

// dayStep reads "la víspera del 20 de marzo", "the day after Friday".
func (p *parser) dayStep(i int) (hit, bool) {
	n, j, ok := p.at(i, clsDayStep)
	if !ok {
		return hit{}, false
	}
	b, ok := p.base(p.skip(p.skip(j, clsThe), clsDayWord))
	if !ok {
		return hit{}, false
	}
	s := b.spec
	s.plus += n
	return hit{spec: s, kind: KindRelative, from: i, to: b.to, weight: 92, hasYear: b.hasYear}, true
}

// weekdayBeside reads "el lunes después del 15 de abril", "the Friday before the 20th".
func (p *parser) weekdayBeside(i int) (hit, bool) {
	w, end, _, ok := p.weekday(i)
	if !ok {
		w, end, _, ok = p.weekday(p.skip(i, clsOrdinal))
	}
	if !ok {
		return hit{}, false
	}
	step, k := 1, p.skip(end, clsAfter)
	if k == end || p.is(end, clsFrom) && !p.is(end, clsBefore) {
		step, k = -1, p.skip(end, clsBefore)
	}
	if k == end {
		return hit{}, false
	}
	b, ok := p.base(p.skip(p.skip(k, clsThe), clsDayWord))
	if !ok || b.kind == KindWeekday || b.kind == KindRelative {
		return hit{}, false
	}
	d, ok := p.resolve(b.spec, p.o.Past)
	if !ok {
		return hit{}, false
	}
	for d = d.AddDays(step); d.Weekday() != w; {
		d = d.AddDays(step)
	}
	return hit{spec: spec{date: d}, kind: KindWeekday, from: i, to: b.to, weight: 92}, true
}

// nextMonth reads "el mes que viene", alone (its first day) or with a day: "next month on the 15th".
func (p *parser) nextMonth(i int) (hit, bool) {
	rel, said, end, ok := p.unitRef(i, unitMonth)
	if !ok || !said {
		return hit{}, false
	}
	h := hit{kind: KindMonth, from: i, to: end, weight: 40}
	h.spec = spec{form: formMonthly, n: 1, rel: rel, relSet: true}
	j := p.skip(p.glue(end), clsDayWord)
	led := p.isBehind(j, clsTheDay) || p.isBehind(j, clsDayWord)
	if n, e, ordinal, ok := p.dayNumber(j); ok && j > end && (led || ordinal) && p.isNumber(j) && !p.countsThings(e) {
		h.spec.n, h.kind, h.to, h.weight = n, KindDay, e, 90
		return h, true
	}
	return h, rel != 0
}

// fortnight reads "esta quincena", "la próxima quincena": the last day of that half of the month.
func (p *parser) fortnight(i int) (hit, bool) {
	rel, said, end, ok := p.unitRef(i, unitFifteen)
	if !ok || !said {
		return hit{}, false
	}
	_, _, day := p.today().Civil()
	return hit{spec: spec{date: p.fifteen(rel, day)}, kind: KindPeriod, from: i, to: end, weight: 60}, true
}
