package dates

import (
	"time"

	"timonel/steering"
)

// hit is one reading of the tokens [from, to).
type hit struct {
	spec      spec
	kind      Kind
	from      int
	to        int
	weight    int // how sure: the more the words say, the more
	hasYear   bool
	begin     *spec // of a period, its first day
	timetable bool  // a habit, no date: "de lunes a viernes"

	saidWeekday time.Weekday // said beside the date, when weekdaySaid
	weekdaySaid bool
}

// numericDate reads 2026-03-15, 15/3, 15-3-26, 15.03.2026, 3/15 and 15/mar at a number.
func (p *parser) numericDate(i int) (hit, bool) {
	if p.foreign || p.chained(i) || p.labelled(i) {
		return hit{}, false
	}
	if p.tokens[i].digits == 8 {
		return p.compactDate(i)
	}
	sep, tight := p.separator(i + 1)
	if sep == 0 {
		return hit{}, false
	}
	if p.word(i + 2) {
		return hit{}, false
	}
	if !p.isNumber(i+2) || !tight && (sep != '/' || !p.led(i) && !p.alone(i, i+3)) {
		return hit{}, false
	}
	a, b, c, end := &p.tokens[i], &p.tokens[i+2], (*token)(nil), i+3
	if p.mark(i+3, sep) && p.isNumber(i+4) && p.gluedTo(i+3) == tight && p.gluedTo(i+4) == tight {
		c, end = &p.tokens[i+4], i+5
	}
	if p.gluedTo(end) && (p.isChainMark(end) && p.gluedTo(end+1) && (p.isNumber(end+1) || p.word(end+1)) || p.mark(end, '%') || p.isNumber(end)) {
		return hit{}, false
	}
	if p.gluedTo(end) && p.word(end) && p.tokens[end].hi-p.tokens[end].lo > 1 {
		return hit{}, false
	}
	if c != nil {
		return p.fullDate(i, end, sep, a, b, c)
	}
	return p.dayMonthDate(i, end, sep, a, b)
}

func (p *parser) separator(i int) (rune, bool) {
	for _, r := range []rune{'/', '-', '.'} {
		if p.mark(i, r) {
			return r, p.gluedTo(i) && p.gluedTo(i+1)
		}
	}
	return 0, false
}

func (p *parser) isChainMark(i int) bool {
	return p.mark(i, '/') || p.mark(i, '-') || p.mark(i, '.')
}

// chained tells whether the number at i goes on something longer: a version, a phone, an amount, a code.
func (p *parser) chained(i int) bool {
	if i == 0 {
		return false
	}
	b := &p.tokens[i-1]
	if b.kind == kindMark && (b.mark == '$' || b.mark == '€' || b.mark == '£' || b.mark == '#' || b.mark == '+') {
		return true
	}
	if b.kind == kindMark && b.mark == '=' && !p.isChainMark(i+1) && !p.isMonth(i+1) {
		return true // "x = 5", while "hito 5 = 31/03" sets a day
	}
	if !p.gluedTo(i) {
		return false
	}
	if b.kind == kindWord {
		return true
	}
	if b.mark == '-' && i > 1 && p.isNumber(i-2) && p.tokens[i-2].digits <= 2 && p.mark(i+1, '/') &&
		(!p.gluedTo(i-2) || p.tokens[i-3].kind == kindMark && !p.isChainMark(i-3)) {
		return false // "20-24/04"
	}
	return (p.isChainMark(i-1) || b.mark == '_' || b.mark == ',' || b.mark == ':') && p.gluedTo(i-1) && i > 1 &&
		(p.tokens[i-2].kind == kindNumber || p.tokens[i-2].kind == kindWord)
}

// labelled tells whether the number at i numbers something else: "hito 3", "nº 15", "v2".
func (p *parser) labelled(i int) bool {
	for k := i - 1; k >= 0 && k >= i-3 && !p.tokens[k+1].line; k-- {
		switch {
		case p.mark(k, 'º') || p.mark(k, '.') && p.gluedTo(k) || p.mark(k, '#') || p.mark(k, ':') && p.gluedTo(k):
			if p.mark(k, ':') && !p.isLabelWord(k-1) {
				return false
			}
			continue
		}
		return p.isLabelWord(k) && !p.isTimeWord(k)
	}
	return false
}

func (p *parser) isLabelWord(k int) bool { return k >= 0 && p.isBehind(k+1, clsLabel) }

// isTimeWord keeps "no" and the like from labelling when they say something else.
func (p *parser) isTimeWord(k int) bool {
	return p.tokens[k].hi-p.tokens[k].lo <= 2 && p.tokens[k].caps == capsNone && !p.mark(k+1, '.') && !p.mark(k+1, 'º') &&
		p.is(k, clsInstead)
}

// led tells whether something before token i announces a date: "el", "para el", "día", "due".
func (p *parser) led(i int) bool {
	return p.isBehind(i, clsTarget) || p.isBehind(i, clsTheDay) || p.isBehind(i, clsDayWord)
}

func (p *parser) compactDate(i int) (hit, bool) {
	n := p.tokens[i].num
	if p.gluedTo(i+1) && !p.atEnd(i+1) {
		return hit{}, false
	}
	return p.fixedDay(i, i+1, n/10000, n/100%100, n%100)
}

func (p *parser) fixedDay(from, to, y, m, d int) (hit, bool) {
	if y < 1990 || y > 2100 || m < 1 || m > 12 || d < 1 {
		return hit{}, false
	}
	first := steering.NewDate(y, time.Month(m), 1)
	if d > first.EndOfMonth().Sub(first)+1 {
		return hit{}, false
	}
	return hit{spec: spec{date: first.AddDays(d - 1)}, kind: KindDate, from: from, to: to, weight: 100, hasYear: true}, true
}

func (p *parser) fullDate(from, to int, sep rune, a, b, c *token) (hit, bool) {
	if a.digits == 4 {
		return p.fixedDay(from, to, a.num, b.num, c.num)
	}
	if a.digits > 2 || b.digits > 2 || c.digits != 4 && c.digits != 2 {
		return hit{}, false
	}
	if sep == '.' && c.digits == 2 && (b.digits == 1 || a.digits == 1) && !p.led(from) && !p.alone(from, to) {
		return hit{}, false
	}
	year := c.num
	if c.digits == 2 {
		year += 2000
	}
	day, month := a.num, b.num
	if p.lex.monthFirst && sep != '.' && day <= 12 || month > 12 {
		day, month = month, day
	}
	return p.fixedDay(from, to, year, month, day)
}

func (p *parser) dayMonthDate(from, to int, sep rune, a, b *token) (hit, bool) {
	if a.digits > 2 || b.digits > 2 {
		return hit{}, false
	}
	day, month := a.num, b.num
	if p.lex.monthFirst && (sep == '/' || sep == '-') && day <= 12 {
		day, month = month, day
	}
	if month < 1 || month > 12 || day < 1 || day > 31 || p.countsThings(to) {
		return hit{}, false
	}
	strong := p.led(from) || p.dayNameBehind(from)
	switch sep {
	case '/':
		if !strong && day == 24 && month == 7 {
			return hit{}, false
		}
		if _, isOf, ok := p.at(to, clsOf); ok && !strong && (p.is(isOf, clsThe) || p.is(isOf, clsCounted)) {
			return hit{}, false
		}
	case '-':
		if _, end, ok := p.at(to, clsOf); ok && p.isMonth(end) || p.isMonth(to) || p.is(to, clsUnit) || p.is(to, clsWorkingDays) || p.is(to, clsWorking) {
			return hit{}, false
		}
		if !strong && b.digits < 2 && !p.alone(from, to) {
			return hit{}, false
		}
	case '.':
		if !strong && !p.alone(from, to) || b.digits < 2 || p.isBehind(from, clsHourBefore) {
			return hit{}, false
		}
	}
	s := spec{form: formMonthly, n: day, month: month}
	return hit{spec: s, kind: KindDate, from: from, to: to, weight: 95}, true
}

// alone tells whether the tokens are the whole sentence.
func (p *parser) alone(from, to int) bool {
	return (from == 0 || p.tokens[from].line || p.isBreak(from-1)) && p.atEnd(to)
}

func (p *parser) dayNameBehind(i int) bool {
	j := i
	if p.mark(j-1, ',') || p.mark(j-1, '(') {
		j--
	}
	return p.isBehind(j, clsWeekday) || p.isBehind(j, clsWeekdayShort) || p.isBehind(j, clsWeekdayOrdinal)
}

func (p *parser) isMonth(i int) bool { return p.is(i, clsMonth) || p.is(i, clsMonthShort) }

// countsThings tells whether the number that ends before token i is an amount: "5 usuarios", "15 %", "10 USD".
func (p *parser) countsThings(i int) bool {
	if i >= len(p.tokens) || p.tokens[i].line {
		return false
	}
	switch p.tokens[i].mark {
	case '%', '$', '€', '£', '‰', '+', '=', '*':
		return true
	case ':':
		return p.gluedTo(i) && p.isNumber(i+1) && p.gluedTo(i+1)
	}
	if _, end, ok := p.at(i, clsUnit); ok {
		// "el 15 de este mes" has its "de" between, so a unit right behind counts.
		return end > i
	}
	return p.is(i, clsCounted) || p.is(i, clsWorking) && p.lex.lang != "en" || p.is(i, clsWorkingDays)
}
