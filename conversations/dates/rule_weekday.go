package dates

import (
	"time"

	"timonel/steering"
)

// weekday reads the name of a day; sure is false for what is also another word ("segunda", "sat", "mar").
func (p *parser) weekday(i int) (w time.Weekday, end int, sure, ok bool) {
	if v, end, ok := p.at(i, clsWeekday); ok {
		return time.Weekday(v), end, true, !p.isName(i, end)
	}
	if p.foreign {
		return 0, i, false, false
	}
	if v, end, ok := p.at(i, clsWeekdayOrdinal); ok {
		return time.Weekday(v), end, false, !p.isOrdinalUse(i, end)
	}
	if v, end, ok := p.at(i, clsWeekdayShort); ok {
		return time.Weekday(v), end, false, p.shortHolds(i, end)
	}
	return 0, i, false, false
}

// isName tells whether "Domingo" is a person: capital inside a sentence, without article, beside other signs.
func (p *parser) isName(i, end int) bool {
	v, _, ok := p.at(i, clsNameLike)
	if !ok || p.tokens[i].caps != capsFirst {
		return false
	}
	if v == alwaysName {
		return true
	}
	if p.mark(i-1, '.') && p.isBehind(i-1, clsPersonBefore) {
		return true
	}
	if p.isBehind(i, clsPersonBefore) && !p.isBehind(i, clsTheDay) {
		return true
	}
	if end < len(p.tokens) && p.tokens[end].caps == capsFirst && !p.tokens[end].line && p.word(end) {
		return true
	}
	if i > 0 && p.tokens[i-1].caps == capsFirst && !p.tokens[i].line && p.tokens[i-1].id == 0 {
		return true
	}
	if i > 0 && !p.tokens[i].line && !p.isStop(i-1) {
		return false
	}
	return p.mark(end, ',') || p.word(end) && !p.tokens[end].line && !p.blocked[end] && !p.goesOn(end)
}

// alwaysName marks names that are no day in the singular: "Domingos".
const alwaysName = 2

// goesOn tells whether the words at i may belong to a date before them: "que viene", "a las", "de", "por la mañana".
func (p *parser) goesOn(i int) bool {
	for _, c := range []class{clsOf, clsOn, clsThe, clsTarget, clsNext, clsLast, clsThis, clsPartOfDay, clsAnd, clsTo, clsInEight, clsIn} {
		if p.is(i, c) {
			return true
		}
	}
	return false
}

// isOrdinalUse tells "segunda etapa" from "segunda" the day: a noun follows, or a feminine noun is likely to.
func (p *parser) isOrdinalUse(i, end int) bool {
	if p.mark(end, '-') && p.gluedTo(end) && p.is(end+1, clsOrdinalNoun) {
		return true
	}
	if end >= len(p.tokens) || p.tokens[end].line || !p.word(end) {
		return false
	}
	if p.is(end, clsOrdinalNoun) && !(p.isBehind(i, clsTarget) && p.bareTarget(i) && p.is(end, clsFuture)) {
		return true
	}
	t := &p.tokens[end]
	if t.id != 0 || p.firmDay(i) {
		return false
	}
	// An unknown word behind "a segunda": a noun in -ção, -gem or -dade makes it the second one.
	return hasSuffix(p.folded[t.lo:t.hi], "cao", "coes", "gem", "dade", "sao", "encia", "ancia")
}

// bareTarget tells whether the preposition before i has no article: "até sexta", never an ordinal.
func (p *parser) bareTarget(i int) bool { return !p.isBehind(i, clsThe) }

func (p *parser) firmDay(i int) bool {
	return p.isBehind(i, clsThis) || p.isBehind(i, clsTarget) && p.bareTarget(i)
}

func hasSuffix(word []byte, suffixes ...string) bool {
	for _, s := range suffixes {
		if len(word) > len(s)+1 && string(word[len(word)-len(s):]) == s {
			return true
		}
	}
	return false
}

// shortHolds tells whether an abbreviated day is held up by what stands around it.
func (p *parser) shortHolds(i, end int) bool {
	t := &p.tokens[i]
	if t.kind == kindNumber && !p.mark(i+1, 'ª') && !(p.word(i+1) && p.gluedTo(i+1)) {
		return false
	}
	j := p.skipComma(end)
	if p.mark(j, '(') {
		j++
	}
	j = p.skip(j, clsDayWord)
	if p.isNumber(j) && !p.tokens[j].line && p.dateNumber(j) {
		return !p.isBehind(i, clsPersonBefore) || t.id != 0
	}
	if _, k, ok := p.modifier(end); ok && k > end && !p.is(end, clsThis) {
		return true
	}
	doubt, _, _ := p.at(i, clsDoubtfulDay)
	if doubt == 0 {
		if _, k, ok := p.at(p.skip(p.skip(end, clsOf), clsThe), clsUnit); ok && k > end {
			return true
		}
		if p.isBehind(i, clsTarget) || p.isBehind(i, clsOn) || p.isBehind(i, clsThe) || p.isBehind(i, clsThis) {
			return true
		}
	}
	if p.isBehind(i, clsNext) || p.isBehind(i, clsThis) && t.caps != capsNone || doubt == 2 && p.isBehind(i, clsTarget) && p.bareTarget(i) {
		return true
	}
	if doubt == 0 && t.kind == kindWord && t.hi-t.lo >= 3 && !(i > 0 && p.tokens[i-1].kind == kindNumber) {
		return true
	}
	clock := end < len(p.tokens) && p.blocked[end] && (t.caps == capsFirst || t.kind == kindNumber)
	return (p.alone(i, end) || clock) && doubt != 1 || p.mark(i-1, '(') && p.mark(end, ')')
}

// dateNumber tells whether the number at i could be a day of the month, alone or in a date.
func (p *parser) dateNumber(i int) bool {
	if _, ok := p.numericDate(i); ok {
		return true
	}
	n, end, _, ok := p.dayNumber(i)
	return ok && n > 0 && !p.countsThings(end)
}

// weekdayDate reads a weekday with what belongs to it: "viernes 20 de marzo", "martes de la semana que viene",
// "Friday week", "el viernes pasado", "lunes".
func (p *parser) weekdayDate(i int) (hit, bool) {
	w, j, sure, ok := p.weekday(i)
	if n, _, counted := p.behind(i, clsOrdinal); !ok || counted && n > 0 {
		// "El primer viernes" without its month: nobody knows which.
		return hit{}, false
	}
	weight := 80
	if !sure {
		weight = 70
	}
	base := hit{spec: spec{form: formWeekly, weekday: w}, kind: KindWeekday, from: i, to: j, weight: weight}
	if h, ok := p.datedWeekday(base, j); ok {
		return h, true
	}
	if rel, k, ok := p.modifier(j); ok && !p.lex.monthFirst && !p.thisUnit(j) {
		base.to = k
		base.spec = p.modified(base.spec, rel)
		j = k
	}
	return p.weekdayTail(base, j), true
}

// thisUnit tells whether the modifier at i belongs to a unit behind it: "martes próxima semana".
func (p *parser) thisUnit(i int) bool {
	_, end, _ := p.modifier(i)
	_, _, ok := p.at(end, clsUnit)
	if !ok {
		_, _, ok = p.at(end, clsWeekend)
	}
	return ok
}

func (p *parser) modified(s spec, rel int) spec {
	s.tense = tenseOf(rel)
	switch {
	case rel < -1:
		s.plus += 7 * (rel + 1)
	case rel > 1:
		s.plus += 7 * (rel - 1)
	}
	return s
}

func tenseOf(rel int) tense {
	switch {
	case rel < 0:
		return tensePast
	case rel > 0:
		return tenseNext
	}
	return tenseOpen
}

// weekdayTail reads the week that a weekday belongs to, or "en ocho".
func (p *parser) weekdayTail(base hit, j int) hit {
	j = p.skipPartOfDay(j)
	if days, k, ok := p.at(j, clsInEight); ok && !p.countsThings(k) && !p.labelsNumber(k) {
		base.spec.plus, base.spec.tense, base.to = days, tenseNext, k
		return base
	}
	if days, k, ok := p.at(j, clsAfterNext); ok {
		base.spec.plus, base.spec.tense, base.to = days, tenseNext, k
		return base
	}
	monday, k, ok := p.weekRef(j)
	if !ok {
		monday, k, ok = p.weekRef(p.glue(j))
	}
	if ok {
		base.spec = spec{date: dayOfWeek(monday, base.spec.weekday)}
		base.to, base.weight = k, 95
		return base
	}
	return base
}

// labelsNumber tells whether a number stands at i, as in "Friday week 12".
func (p *parser) labelsNumber(i int) bool { return p.isNumber(i) && !p.tokens[i].line }

func (p *parser) skipPartOfDay(i int) int {
	j := p.skip(p.skipComma(i), clsPartOfDay)
	for j < len(p.tokens) && p.blocked[j] {
		j++
	}
	if j > p.skipComma(i) {
		return j
	}
	return i
}

func dayOfWeek(monday steering.Date, w time.Weekday) steering.Date {
	return monday.AddDays((int(w) + 6) % 7)
}

// datedWeekday reads the date behind a weekday: the date counts, the weekday only helps to find its month.
func (p *parser) datedWeekday(base hit, j int) (hit, bool) {
	k := p.skipComma(j)
	paren := p.mark(k, '(')
	if paren || p.mark(k, '-') && p.gluedTo(k) == p.gluedTo(k+1) {
		k++
	}
	k = max(p.skip(k, clsThe), p.skip(k, clsDayWord), k)
	k = p.skip(k, clsDayWord)
	if k >= len(p.tokens) || p.tokens[k].line {
		return hit{}, false
	}
	h, ok := p.absolute(k)
	if !ok {
		h, ok = p.dayOnWeekdayAt(k, base.spec.weekday, k > p.skipComma(j))
	}
	if !ok {
		return hit{}, false
	}
	if h.spec.form == formMonthly && h.spec.month != 0 && h.spec.year == 0 && base.spec.tense == tensePast {
		h.spec.tense = tensePast
	}
	h.from, h.saidWeekday, h.weekdaySaid = base.from, base.spec.weekday, true
	if paren && p.mark(h.to, ')') {
		h.to++
	}
	h.weight = 100
	return h, true
}

// absolute reads any date that names its month.
func (p *parser) absolute(i int) (hit, bool) {
	if p.isNumber(i) {
		if h, ok := p.numericDate(i); ok {
			return h, true
		}
	}
	if h, ok := p.dayMonth(i); ok {
		return h, true
	}
	if p.isMonth(i) {
		return p.monthDay(i)
	}
	return hit{}, false
}

// dayOnWeekdayAt reads the "20" of "viernes 20" and the "el 20" of "viernes, el 20".
func (p *parser) dayOnWeekdayAt(i int, w time.Weekday, led bool) (hit, bool) {
	n, end, ordinal, ok := p.dayNumber(i)
	if !ok || !p.isNumber(i) && !(ordinal && led) || p.countsThings(end) || p.isChainMark(end) && p.gluedTo(end) && p.gluedTo(end+1) && p.isNumber(end+1) {
		return hit{}, false
	}
	if rel, said, k, ok := p.monthRef(end); ok && k > end {
		s := spec{form: formMonthly, n: n, rel: rel, relSet: said}
		return hit{spec: s, kind: KindDay, from: i, to: k, weight: 95}, true
	}
	if p.isSchedule(n, end) {
		return hit{}, false
	}
	s := spec{form: formMonthly, pick: pickDayWeekday, n: n, weekday: w}
	return hit{spec: s, kind: KindDay, from: i, to: end, weight: 95}, true
}

// isSchedule tells hours from a day: "Monday through Friday 9 to 5".
func (p *parser) isSchedule(n, end int) bool {
	k := p.skip(end, clsToSure)
	if p.mark(end, '-') {
		k = end + 1
	}
	return p.lex.monthFirst && n <= 12 && k > end && p.isNumber(k) && p.tokens[k].num <= 12
}
