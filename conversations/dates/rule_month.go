package dates

// dayNumber reads a day of the month: 15, 15th, 1º, quince, vinte e cinco, primero, twenty-first.
func (p *parser) dayNumber(i int) (n, end int, ordinal, ok bool) {
	if p.isNumber(i) {
		t := &p.tokens[i]
		if t.digits > 2 || t.num < 1 || t.num > 31 {
			return 0, i, false, false
		}
		if p.gluedTo(i + 1) {
			if p.mark(i+1, 'º') || p.mark(i+1, 'ª') {
				return t.num, i + 2, true, true
			}
			if _, end, ok := p.at(i+1, clsOrdinalSuffix); ok && end == i+2 {
				return t.num, end, true, true
			}
		}
		return t.num, i + 1, false, true
	}
	if p.is(i, clsWeekdayOrdinal) {
		return 0, i, false, false
	}
	if n, end, ok := p.spelledOrdinal(i); ok && n >= 1 && n <= 31 {
		return n, end, true, true
	}
	if n, end, ok := p.spelled(i); ok && n >= 1 && n <= 31 {
		return n, end, false, true
	}
	return 0, i, false, false
}

// spelledOrdinal reads "primero", "last", "twenty-fifth", "trigésimo primero"; -1 is the last.
func (p *parser) spelledOrdinal(i int) (int, int, bool) {
	if n, end, ok := p.at(i, clsOrdinal); ok {
		return n, end, true
	}
	n, end, ok := p.at(i, clsNumber)
	if !ok || n < 20 || n%10 != 0 {
		return 0, i, false
	}
	if p.mark(end, '-') {
		end++
	}
	if unit, last, ok := p.at(end, clsOrdinal); ok && unit > 0 && unit < 10 {
		return n + unit, last, true
	}
	return 0, i, false
}

// month reads a month's name, full or short.
func (p *parser) month(i int) (m, end int, ok bool) {
	if m, end, ok = p.at(i, clsMonth); ok {
		return m, end, !p.tokens[i].fuzzy || !p.foreign
	}
	if p.foreign {
		return 0, i, false
	}
	return p.at(i, clsMonthShort)
}

// dayMonth reads "15 de marzo del 2026", "15th of March", "15-mar", "el 3 del mes de abril".
func (p *parser) dayMonth(i int) (hit, bool) {
	day, j, ordinal, ok := p.dayNumber(i)
	if !ok || p.chained(i) && !p.glues(i) || p.tokens[i].kind == kindNumber && p.spelledSecond(i) {
		return hit{}, false
	}
	k, of := p.monthLink(j)
	m, end, ok := p.month(k)
	if !ok {
		return hit{}, false
	}
	v, _, doubtful := p.at(k, clsDoubtfulMonth)
	if !of && (!p.isNumber(i) && !ordinal && day < 13 || doubtful && v == 2 && !p.tokens[k].cedilla) {
		return hit{}, false
	}
	if doubtful && v == 1 && p.tokens[k].caps == capsNone &&
		!of && !ordinal && !p.led(i) && !p.atEnd(end) && !p.isNumber(end) {
		return hit{}, false
	}
	return p.inYear(i, end, day, m)
}

// spelledSecond is the "1" in "2 1 de abril": nothing that people write; kept out to keep readings simple.
func (p *parser) spelledSecond(i int) bool {
	return i > 0 && p.tokens[i-1].kind == kindNumber && !p.blocked[i-1] && !p.tokens[i].line
}

// glues allows a number that hangs on a dash or dot when a month's name follows: "10-12 de abril".
func (p *parser) glues(i int) bool {
	return p.mark(i-1, '-') || p.mark(i-1, '/') || p.mark(i-1, '.') || p.mark(i-1, ',')
}

// monthLink steps over what stands between a day and its month, and tells whether it was "de" or its like.
func (p *parser) monthLink(i int) (int, bool) {
	if p.gluedTo(i) && (p.mark(i, '/') || p.mark(i, '-') || p.mark(i, '.')) && p.gluedTo(i+1) {
		return i + 1, false
	}
	j := p.skip(i, clsOf)
	if j == i {
		return i, false
	}
	// "de este mes de abril", "del mes de abril", "del próximo abril".
	k := p.skip(j, clsThis)
	if unit, end, ok := p.at(k, clsUnit); ok && unit == unitMonth {
		if of := p.skip(end, clsOf); of > end && p.isMonth(of) {
			return of, true
		}
	}
	if k = max(k, p.skip(j, clsNext)); k > j && p.isMonth(k) {
		return k, true
	}
	return j, true
}

// monthDay reads "March 15th, 2026", "abril 15".
func (p *parser) monthDay(i int) (hit, bool) {
	m, j, ok := p.month(i)
	if !ok || p.tokens[i].fuzzy && p.tokens[i].caps == capsNone && !p.lex.monthFirst && p.foreign {
		return hit{}, false
	}
	if v, _, doubtful := p.at(i, clsDoubtfulMonth); doubtful && v == 2 && !p.tokens[i].cedilla {
		return hit{}, false
	}
	k := j
	if p.gluedTo(k) && (p.mark(k, '-') || p.mark(k, '/') || p.mark(k, '.')) {
		k++
	}
	k = p.skip(k, clsThe)
	if k == j && p.mark(k, ',') {
		return hit{}, false
	}
	day, end, ordinal, ok := p.dayNumber(k)
	if !ok || !p.isNumber(k) && !ordinal && p.tokens[k].hi-p.tokens[k].lo <= 3 || p.tokens[k].line {
		return hit{}, false
	}
	if p.countsThings(end) && !ordinal || p.isChainMark(end) && p.gluedTo(end) && p.gluedTo(end+1) && p.isNumber(end+1) && !p.mark(end, '-') {
		return hit{}, false
	}
	if p.monthIsDay(i, day) {
		return hit{}, false
	}
	return p.inYear(i, end, day, m)
}

// monthIsDay tells whether "mar 17" is rather Tuesday the 17th than 17 March.
func (p *parser) monthIsDay(i, day int) bool {
	w, _, ok := p.at(i, clsWeekdayShort)
	if !ok || p.is(i, clsMonth) {
		return false
	}
	d, ok := p.monthly(spec{form: formMonthly, n: day}, p.o.Past)
	return ok && int(d.Weekday()) == w
}

// inYear reads the year behind a day and month, if one is said, and makes the hit.
func (p *parser) inYear(from, to, day, month int) (hit, bool) {
	year, end, said := p.year(to)
	if said {
		to = end
	}
	s := spec{form: formMonthly, n: day, month: month, year: year}
	if _, ok := p.monthly(s, false); !ok {
		return hit{}, false
	}
	return hit{spec: s, kind: KindDate, from: from, to: to, weight: 100, hasYear: said}, true
}

// year reads "2026", "de 2026", "del año 26", ", 2026", "'26", "del año que viene".
func (p *parser) year(i int) (year, end int, ok bool) {
	if rel, end, ok := p.at(p.skipComma(i), clsYearWords); ok {
		y, _, _ := p.today().Civil()
		return y + rel, end, true
	}
	j := p.skipComma(i)
	of, dashed := false, false
	switch {
	case p.gluedTo(i) && (p.mark(i, '/') || p.mark(i, '-') || p.mark(i, '.')) && p.gluedTo(i+1):
		j, of, dashed = i+1, true, true
	default:
		if k := p.skip(j, clsOf); k > j {
			j, of = k, true
			j = p.skip(j, clsThe)
			if unit, k, ok := p.at(j, clsUnit); ok && unit == unitYear {
				j = k
			}
		}
	}
	if p.mark(j, '\'') || p.mark(j, '’') {
		j, of = j+1, true
	}
	if !p.isNumber(j) || p.tokens[j].line {
		return p.spelledYear(i, j, of)
	}
	t := &p.tokens[j]
	if p.countsThings(j+1) || p.isChainMark(j+1) && p.gluedTo(j+1) && p.gluedTo(j+2) && p.isNumber(j+2) {
		return 0, i, false
	}
	switch {
	case t.digits == 4 && t.num >= 1990 && t.num <= 2100:
		return t.num, j + 1, true
	case dashed && t.digits == 2 && !p.gluedTo(i-1):
		// "April 20-24" is a period, "20-Apr-24" a date.
		return 0, i, false
	case t.digits == 2 && t.num >= 20 && t.num <= 50 && (of || j == i && t.num >= 24 && t.num <= 35 && p.atEnd(j+1)):
		return 2000 + t.num, j + 1, true
	}
	return 0, i, false
}

// spelledYear reads "de dos mil veintiséis", "dois mil e vinte e seis".
func (p *parser) spelledYear(i, j int, of bool) (int, int, bool) {
	two, k, ok := p.at(j, clsNumber)
	if !of || !ok || two != 2 || !p.word(k) || string(p.folded[p.tokens[k].lo:p.tokens[k].hi]) != "mil" {
		return 0, i, false
	}
	n, end, ok := p.spelled(p.skip(k+1, clsAnd))
	if !ok || n > 99 {
		return 0, i, false
	}
	return 2000 + n, end, true
}

// monthRef reads which month is meant without its name: "del mes que viene", "of next month", "deste mês",
// "del mes". rel counts from this month; said is false for a bare "del mes".
func (p *parser) monthRef(i int) (rel int, said bool, end int, ok bool) {
	if rel, end, ok := p.at(i, clsCurrentMonth); ok {
		return rel, true, end, true
	}
	i = p.skip(i, clsOf)
	if _, end, ok := p.at(i, clsCurrentMonth); ok {
		return 0, true, end, true
	}
	i = p.skip(i, clsThe)
	return p.unitRef(i, unitMonth)
}

// unitRef reads a unit with what says which: "próximo mes", "mes que viene", "this week", "semana pasada".
func (p *parser) unitRef(i, want int) (rel int, said bool, end int, ok bool) {
	rel, j, said := p.modifier(i)
	unit, end, ok := p.at(j, clsUnit)
	if !ok || unit != want {
		return 0, false, i, false
	}
	if rel2, k, ok := p.modifier(end); ok && !p.lex.monthFirst {
		if !said || rel == 0 {
			rel = rel2
		}
		said, end = true, k
	}
	return rel, said, end, true
}

// modifier reads "próximo", "este", "pasado" and returns +1, 0, -1 (or further for "antepasado").
func (p *parser) modifier(i int) (rel, end int, ok bool) {
	if _, end, ok := p.at(i, clsNextThis); ok {
		return 1, end, true
	}
	n, e1, next := p.at(i, clsNext)
	l, e2, last := p.at(i, clsLast)
	_, e3, this := p.at(i, clsThis)
	switch {
	case next && e1 >= e2 && e1 >= e3:
		return n, e1, true
	case last && e2 >= e3:
		return -l, e2, true
	case this:
		return 0, e3, true
	}
	return 0, i, false
}
