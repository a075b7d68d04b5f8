package dates

// dayAlone reads a day of the month without its month: "el 27", "dia 27", "the 27th", "el 15 del mes que viene".
// A number behind an article may as well be a milestone; what stands around it decides.
func (p *parser) dayAlone(i int) (hit, bool) {
	if p.foreign {
		return hit{}, false
	}
	n, end, ordinal, ok := p.dayNumber(i)
	if !ok || p.chained(i) || p.isNumber(i) && p.labelled(i) || p.countsThings(end) && !ordinal {
		return hit{}, false
	}
	if p.gluedTo(end) && (p.isChainMark(end) && p.gluedTo(end+1) && p.isNumber(end+1) || p.word(end) || p.isNumber(end)) {
		return hit{}, false
	}
	if link, _ := p.monthLink(end); p.isMonth(link) && p.isNumber(i) {
		return hit{}, false // "30 de febrero"
	}
	h := hit{spec: spec{form: formMonthly, n: n}, kind: KindDay, from: i, to: end, weight: 55}
	if p.inReferredMonth(i, end, ordinal, &h) {
		return h, true
	}
	if m, e, ok := p.numberedMonth(i, end); ok {
		h.spec.month, h.to, h.kind, h.weight = m, e, KindDate, 90
		return h, true
	}
	if !p.isNumber(i) && !p.spelledDay(i, end, ordinal) {
		return hit{}, false
	}
	if rel, k, ok := p.modifier(end); ok && rel != 0 && !p.lex.monthFirst && !p.thisUnit(end) && p.led(i) && !p.isBehind(i, clsDoneVerb) {
		h.spec.tense, h.to, h.weight = tenseOf(rel), k, 80 // "el 5 pasado"
		return h, true
	}
	h.weight, ok = p.dayHolds(i, end, n, ordinal)
	return h, ok
}

// inReferredMonth reads "… de este mes", "… of next month", "… del mes".
func (p *parser) inReferredMonth(i, end int, ordinal bool, h *hit) bool {
	rel, said, k, ok := p.monthRef(end)
	if !ok || k == end {
		return false
	}
	of := p.skip(end, clsOf) > end || p.is(end, clsThis) && !p.lex.monthFirst || p.is(end, clsCurrentMonth)
	if !of && !(said && (ordinal || p.led(i))) {
		return false
	}
	if !p.isNumber(i) && !ordinal && !p.led(i) {
		return false
	}
	h.spec.rel, h.spec.relSet, h.to, h.weight = rel, said, k, 92
	return true
}

// numberedMonth reads the "del 4" of "el 15 del 4".
func (p *parser) numberedMonth(i, end int) (int, int, bool) {
	of := p.skip(end, clsOf)
	if of == end || p.lex.monthFirst || !p.isNumber(i) || !p.isNumber(of) || !p.led(i) && !p.alone(i, of+1) {
		return 0, end, false
	}
	if v, _, ok := p.at(end, clsFrom); !p.led(i) && !(ok && v == fromArticle) {
		return 0, end, false // "1 de 3"
	}
	m := p.tokens[of].num
	if m < 1 || m > 12 || p.countsThings(of+1) || !p.atEnd(of+1) && !p.is(of+1, clsOf) {
		return 0, end, false
	}
	return m, of + 1, true
}

// spelledDay tells whether a day in words may stand alone: "para el quince", "dia primeiro", "by the fifth".
func (p *parser) spelledDay(i, end int, ordinal bool) bool {
	if p.isBehind(i, clsDayWord) {
		return true
	}
	if p.lex.monthFirst {
		n, _, _, _ := p.dayNumber(i)
		return ordinal && p.isBehind(i, clsTheDay) && (p.behindTarget(i) || n > 12) && p.atEnd(end)
	}
	if _, start, ok := p.behind(i, clsTheDay); ok && !ordinal && p.alone(start, end) {
		return true
	}
	role, _, ok := p.behind(i, clsTarget)
	return ok && role != targetOn && p.isBehind(i, clsTheDay) && p.atEnd(end)
}

// behindTarget tells whether a preposition with its article ends before i: "by the", "until the".
func (p *parser) behindTarget(i int) bool {
	if _, start, ok := p.behind(i, clsTarget); ok && start < i-1 {
		return true
	}
	_, start, ok := p.behind(i, clsThe)
	return ok && p.isBehind(start, clsTarget)
}

// dayHolds weighs what stands around a bare day of the month.
func (p *parser) dayHolds(i, end, n int, ordinal bool) (int, bool) {
	if p.isBehind(i, clsDayWord) {
		return 80, !p.is(end, clsLabel)
	}
	if p.lex.monthFirst {
		return p.englishDay(i, end, n, ordinal)
	}
	if ordinal && p.word(end) && !p.atEnd(end) && p.tokens[end].id == 0 {
		return 0, false
	}
	role, start, targeted := p.behind(i, clsTarget)
	if targeted && p.alone(start, end) {
		return 75, true
	}
	if !p.isBehind(i, clsTheDay) {
		return 0, false
	}
	if p.isBehind(i, clsDoneVerb) {
		return 0, false
	}
	if !targeted || role == targetOn {
		return p.articleDay(i, end, n)
	}
	if p.lex.lang == "pt" {
		return 70, role == targetBy && p.atEnd(end) || p.moveBehind(start) || n > 12
	}
	return p.spanishTarget(i, start, end, n, role)
}

// spanishTarget weighs "para el 27", "al 27", "del 27", "hasta el 27".
func (p *parser) spanishTarget(i, start, end, n, role int) (int, bool) {
	switch {
	case role == targetFrom && start == i-1: // "del 27"
		return 50, n > 12 && !p.is(end, clsDoneState)
	case role == targetTo && start == i-1: // "al 27"
		if p.moveBehind(start) {
			return 78, true
		}
		return 50, !p.isBehind(start, clsGive) && !p.is(end, clsDoneState) && n > 12
	}
	return 75, true
}

// likelyMilestone is up to which number "el 5" is taken for a milestone unless something speaks for the day.
const likelyMilestone = 12

// articleDay weighs "el 27": a milestone when said to be done, to be moved or to depend on something, and when
// small also without that.
func (p *parser) articleDay(i, end, n int) (int, bool) {
	_, start, ok := p.behind(i, clsTheDay)
	if !ok || p.lex.lang == "pt" {
		return 0, false
	}
	if p.alone(start, end) {
		return 75, true
	}
	clocked := end < len(p.tokens) && p.blocked[end] && !p.tokens[end].line
	if clocked || p.isBehind(start, clsDayVerb) || p.objectSaid(start) || p.meetingSaid(end) {
		return 60, true
	}
	if n <= likelyMilestone || p.isBehind(start, clsDoneVerb) || p.is(end, clsDoneState) && !p.atEnd(end) || p.isBehind(start, clsLabel) {
		return 0, false
	}
	if _, j, ok := p.behind(start, clsAnd); ok && p.milestoneBefore(j) {
		return 0, false
	}
	return 50, true
}

// objectSaid tells whether what was done is said before the verb that ends at i: "lo entregué", "se pagó".
func (p *parser) objectSaid(i int) bool {
	if i >= 1 && p.isBehind(i, clsMove) && p.word(i-1) && hasSuffix(p.folded[p.tokens[i-1].lo:p.tokens[i-1].hi], "lo", "la") {
		return true
	}
	return i >= 2 && p.word(i-1) && !p.tokens[i-1].line && p.isBehind(i-1, clsObjectBefore) && p.markAt(i-1) == tensePast
}

// meetingSaid tells whether "nos vemos", "nos reunimos" follows.
func (p *parser) meetingSaid(i int) bool { return p.is(i, clsObjectBefore) && p.is(i+1, clsDayVerb) }

// milestoneBefore tells whether "el 2" that ends before i was said to be a milestone: "listo el 2 y el 3".
func (p *parser) milestoneBefore(i int) bool {
	if !p.isNumber(i - 1) {
		return false
	}
	_, start, ok := p.behind(i-1, clsTheDay)
	return ok && p.isBehind(start, clsDoneVerb)
}

// englishDay weighs "the 27th", "27th", "by the 27".
func (p *parser) englishDay(i, end, n int, ordinal bool) (int, bool) {
	if !ordinal {
		return 65, p.behindTarget(i) && p.isBehind(i, clsTheDay) && p.atEnd(end)
	}
	if p.atEnd(end) {
		return 75, true
	}
	if p.is(end, clsOrdinalNoun) || p.is(end, clsLabel) || p.is(end, clsUnit) {
		return 0, false
	}
	if _, of, ok := p.at(end, clsOf); ok && (p.isNumber(of) || p.is(of, clsNumber)) {
		return 0, false // "the 2nd of 5"
	}
	if p.tokens[end].id != 0 || !p.word(end) || n > 12 {
		return 70, true
	}
	// An unknown word behind "the 3rd" is rather what there are three of, unless a preposition comes first.
	return 60, p.behindTarget(i)
}
