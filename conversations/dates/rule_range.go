package dates

import "time"

// span reads a period of two dates at token i, where first was already read; its date is the end, which is what a
// deadline means.
func (p *parser) span(i int, first hit, ok bool) (hit, bool) {
	between := p.skip(i, clsBetween)
	from := max(between, p.skip(i, clsFrom))
	led := from > i
	x := i
	if led {
		x = p.skip(p.skip(from, clsThe), clsDayWord)
		first, ok = p.base(x)
	}
	if !ok || first.kind == KindDay {
		if h, ok := p.numberSpan(i, x, led, between > i); ok {
			return h, true
		}
	}
	if !ok {
		return hit{}, false
	}
	return p.spanTo(i, first, led, between > i)
}

// spanTo reads the second date of a period behind the first.
func (p *parser) spanTo(lead int, first hit, led, between bool) (hit, bool) {
	y, tight, ok := p.spanLink(first.to, between)
	if !ok {
		return hit{}, false
	}
	y = p.skip(p.skip(y, clsThe), clsDayWord)
	second, ok := p.base(y)
	if (!ok || second.kind == KindDay) && first.spec.form == formMonthly && first.spec.month > 0 && first.kind == KindDate {
		if n, end, _, isDay := p.dayNumber(y); isDay && p.isNumber(y) && !p.countsThings(end) && n > first.spec.n &&
			!(p.gluedTo(end) && p.isChainMark(end) && p.gluedTo(end+1) && p.isNumber(end+1)) {
			second = first
			second.spec.n, second.to, ok = n, end, true
			if year, e, said := p.year(end); said {
				second.spec.year, second.to, second.hasYear = year, e, true
			}
		}
	}
	if !ok || !p.spanFits(first, second, led || between, tight) {
		return hit{}, false
	}
	second.timetable = p.isTimetable(lead, first, second)
	begin := first.spec
	if begin.form == formMonthly && begin.month == 0 && second.spec.form == formMonthly && second.spec.month > 0 {
		begin.month, begin.year = second.spec.month, second.spec.year
	}
	second.from, second.begin = first.from, &begin
	if led {
		second.from = lead
	}
	return second, true
}

// spanLink steps over the word between two dates: "al", "to", "-", and "y" behind "entre".
func (p *parser) spanLink(i int, between bool) (end int, tight, ok bool) {
	for i < len(p.tokens) && p.blocked[i] {
		i++
	}
	if p.mark(i, '-') || p.mark(i, '→') || p.mark(i, '>') {
		for p.mark(i+1, '>') {
			i++
		}
		return i + 1, p.gluedTo(i + 1), true
	}
	if between {
		end = p.skip(i, clsTo)
	} else {
		end = p.skip(i, clsToSure)
	}
	return end, false, end > i
}

// spanFits tells whether two dates make a period and not two separate sayings.
func (p *parser) spanFits(first, second hit, led, tight bool) bool {
	switch {
	case first.kind == KindWeekday && second.kind == KindWeekday:
		return led || tight || !p.mark(first.to, '-')
	case led || tight:
		return true
	case p.mark(first.to, '-'):
		return first.kind == KindDate && second.kind == KindDate
	case second.kind == KindDay:
		return first.kind != KindDay
	}
	return true
}

// numberSpan reads "3 al 7 de abril", "del 15 al 20", "3-7 April", "entre el 10 y el 15".
func (p *parser) numberSpan(lead, x int, led, between bool) (hit, bool) {
	n, j, _, ok := p.dayNumber(x)
	if !ok || p.chained(x) || !led && p.labelled(x) {
		return hit{}, false
	}
	y, _, ok := p.spanLink(j, between)
	if !ok {
		return hit{}, false
	}
	articled := p.isBehind(x, clsTheDay) || p.isBehind(x, clsThe) || p.isBehind(x, clsDayWord)
	bare := y
	y = p.skip(p.skip(y, clsThe), clsDayWord)
	h, ok := p.absolute(y)
	if ok && !led && (p.namesOther(x) || !p.monthNamed(y) && !p.mark(j, '-')) {
		return hit{}, false
	}
	if ok && !p.isNumber(y) && (!led || !p.lex.monthFirst) {
		return hit{}, false
	}
	if !ok {
		if !led || !articled {
			return hit{}, false
		}
		articled = y > bare || p.isBehind(bare, clsTheDay) || p.lex.monthFirst
		m, end, _, isDay := p.dayNumber(y)
		if !isDay || !articled || p.countsThings(end) || n == 1 && m%5 == 0 && m <= 10 || p.milestoneSpan(lead, end, m) {
			return hit{}, false
		}
		h = hit{spec: spec{form: formMonthly, n: m}, kind: KindDay, to: end, weight: 75}
		if rel, said, e, ok := p.monthRef(end); ok && e > end {
			h.spec.rel, h.spec.relSet, h.to, h.weight = rel, said, e, 95
		}
	}
	begin := h.spec
	begin.n, begin.pick = n, pickDay
	h.from, h.begin = x, &begin
	if led {
		h.from = lead
	}
	return h, true
}

// milestoneSpan tells whether "del 3 al 5" rather counts milestones: "los hitos del 3 al 5", "… están listos".
func (p *parser) milestoneSpan(lead, end, n int) bool {
	return n <= likelyMilestone && (p.isBehind(lead, clsLabel) || p.is(end, clsDoneState) && !p.atEnd(end))
}

// namesOther tells whether the number at x is rather what is moved than a first day: "mueve el 3 al 7 de abril".
func (p *parser) namesOther(x int) bool {
	_, start, ok := p.behind(x, clsTheDay)
	return ok && (p.moveBehind(start) || p.isBehind(start, clsDoneVerb)) || p.moveBehind(x)
}

func (p *parser) monthNamed(i int) bool {
	_, ok := p.dayMonth(i)
	return ok
}

// isTimetable tells whether two plain weekdays are the working week ("de lunes a viernes", "Monday to Friday"), a
// habit and no dates.
func (p *parser) isTimetable(lead int, first, second hit) bool {
	if first.spec.form != formWeekly || second.spec.form != formWeekly || first.kind != KindWeekday || second.kind != KindWeekday {
		return false
	}
	if first.spec.tense != tenseOpen || second.spec.tense != tenseOpen || p.moveBehind(lead) {
		return false
	}
	if p.is(lead, clsBetween) || first.spec.weekday != time.Monday ||
		second.spec.weekday > time.Sunday && second.spec.weekday < time.Friday {
		return false
	}
	v, _, led := p.at(lead, clsFrom)
	return p.lex.monthFirst || !(led && v == fromArticle) && !p.isBehind(first.from, clsThe)
}

// fromArticle marks the words that open a period of certain days: "del", "da".
const fromArticle = 2

// moveBehind tells whether a verb of moving stands before token i in its sentence.
func (p *parser) moveBehind(i int) bool {
	for k := i - 1; k >= 0 && k >= i-16 && !p.isStop(k); k-- {
		if p.is(k, clsMove) {
			return true
		}
		if p.tokens[k].line {
			return false
		}
	}
	return false
}
