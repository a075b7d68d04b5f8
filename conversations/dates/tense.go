package dates

// ownVerb marks the words that start a clause with a verb of its own: "que", "because".
const ownVerb = 2

// maxClause is how far the words of a clause are searched for a verb, in tokens on each side.
const maxClause = 24

// looksBack tells whether the sentence around a date speaks of something done: then a bare weekday or day is the
// last one. The nearest verb of the clause decides; a date that is aimed at ("al viernes", "by Friday") is ahead
// whatever the verb says.
func (p *parser) looksBack(h hit) bool {
	if role, _, ok := p.role(h.from); ok && (role == targetBy || role == targetTo) {
		return false
	}
	a, hard := p.clauseStart(h.from)
	b := p.clauseEnd(h.to)
	switch p.nearest(a, h.from, h.to, b) {
	case tensePast:
		return true
	case tenseNext:
		return false
	}
	if hard || !p.silent(h.to, b) || h.from-a > 6 || !p.startsNoun(a, h.from) {
		return false
	}
	// No verb in this clause: the one before speaks for it ("se firmó, el lunes").
	a2, _ := p.clauseStart(a - 1)
	return p.nearest(a2, a-1, h.to, h.to) == tensePast
}

// silent tells whether nothing but times of day stands in [i, b).
func (p *parser) silent(i, b int) bool {
	for i = p.skip(i, clsPartOfDay); i < b; i++ {
		if !p.blocked[i] {
			return false
		}
	}
	return true
}

// startsNoun tells whether the words of a clause before its date look like a noun with an article, or there are none:
// then the verb stands in the clause before.
func (p *parser) startsNoun(a, from int) bool {
	k := p.skip(a, clsOn)
	return k >= from || p.is(a, clsThe) || p.is(a, clsTarget)
}

// role returns what the preposition before a date makes of it.
func (p *parser) role(i int) (role, start int, ok bool) {
	role, start, ok = p.behind(i, clsTarget)
	if !ok {
		if _, the, isThe := p.behind(i, clsThe); isThe {
			role, start, ok = p.behind(the, clsTarget)
		} else if _, day, isDay := p.behind(i, clsDayWord); isDay {
			return p.roleBeforeDay(day)
		}
	}
	return role, start, ok
}

func (p *parser) roleBeforeDay(i int) (role, start int, ok bool) {
	role, start, ok = p.behind(i, clsTarget)
	if !ok {
		if _, the, isThe := p.behind(i, clsThe); isThe {
			role, start, ok = p.behind(the, clsTarget)
		}
	}
	return role, start, ok
}

// nearest returns the tense of the verb closest to the date, looking at [a, from) and [to, b).
func (p *parser) nearest(a, from, to, b int) tense {
	for d := 1; from-d >= a || to+d-1 < b; d++ {
		if k := from - d; k >= a {
			if t := p.markAt(k); t != tenseOpen {
				return t
			}
			if p.doneWe(k) {
				return tensePast
			}
		}
		if k := to + d - 1; k < b {
			if t := p.markAt(k); t != tenseOpen {
				return t
			}
		}
	}
	return tenseOpen
}

// clauseStart returns the first token of the clause that token i closes; hard when a sentence starts there.
func (p *parser) clauseStart(i int) (start int, hard bool) {
	for k := i - 1; k >= 0 && k >= i-maxClause; k-- {
		if p.tokens[k+1].line || p.isStop(k) {
			return k + 1, true
		}
		if p.isSoftStop(k) {
			v, _, _ := p.at(k, clsClause)
			return k + 1, v == ownVerb
		}
	}
	return max(0, i-maxClause), true
}

func (p *parser) clauseEnd(i int) int {
	for k := i; k < len(p.tokens) && k < i+maxClause; k++ {
		if p.tokens[k].line || p.isStop(k) || p.isSoftStop(k) {
			return k
		}
	}
	return min(len(p.tokens), i+maxClause)
}

// isSoftStop tells whether token k parts two clauses: a comma, "y", "but". The "que" of "tiene que" does not.
func (p *parser) isSoftStop(k int) bool {
	if p.mark(k, ',') || p.mark(k, '(') || p.mark(k, ')') {
		return true
	}
	if !p.is(k, clsClause) {
		return false
	}
	for back := 1; back <= 2; back++ {
		if _, end, ok := p.at(k-back, clsFuture); ok && end > k {
			return false
		}
	}
	return true
}

// markAt returns what the word at token k says of time: a verb in the past, one that looks ahead, or neither.
func (p *parser) markAt(k int) tense {
	if k < 0 || k >= len(p.tokens) || !p.word(k) || p.blocked[k] {
		return tenseOpen
	}
	if p.marks == nil {
		p.marks = make([]tense, len(p.tokens))
	}
	if p.marks[k] == 0 {
		p.marks[k] = p.judge(k) + 1
	}
	return p.marks[k] - 1
}

func (p *parser) judge(k int) tense {
	_, futureEnd, future := p.at(k, clsFuture)
	v, pastEnd, past := p.at(k, clsPast)
	if past && v == accented && !p.tokens[pastEnd-1].accent && !p.alreadyBefore(k) {
		past = false
	}
	switch {
	case past && pastEnd >= futureEnd:
		return tensePast
	case future:
		return tenseNext
	}
	if p.is(k, clsDoneParticiple) {
		if p.aheadBefore(k) {
			return tenseNext
		}
		return tensePast
	}
	return p.ending(k)
}

// ending judges a verb by its last letters.
func (p *parser) ending(k int) tense {
	t := &p.tokens[k]
	word := p.folded[t.lo:t.hi]
	if len(word) < 3 || t.digits > 0 {
		return tenseOpen
	}
	for _, s := range p.lex.future {
		if hasSuffix(word, s.text) && (!s.accent || t.accent) {
			return tenseNext
		}
	}
	if !p.lex.pastNot[string(word)] {
		for _, s := range p.lex.past {
			if hasSuffix(word, s.text) && (!s.accent || t.accent) {
				if p.lex.monthFirst && p.aheadBefore(k) {
					return tenseNext
				}
				return tensePast
			}
		}
	}
	return p.stemmed(k, word)
}

// stemmed recognises verbs whose past is only clear from what stands before: "se firmo", "ya cerramos",
// "han cumplido".
func (p *parser) stemmed(k int, word []byte) tense {
	n := len(word)
	if hasSuffix(word, "io") && p.lex.stemIO[string(word[:n-2])] {
		return tensePast
	}
	if hasSuffix(word, "o") && p.lex.stemO[string(word[:n-1])] && !p.tokens[k].accent {
		if p.reflexiveBefore(k) || p.alreadyBefore(k) || k > 0 && !p.tokens[k].line && p.word(k-1) && !p.is(k-1, clsFirstPerson) && !p.isSoftStop(k-1) && !p.timeWord(k-1) {
			return tensePast
		}
	}
	if hasSuffix(word, "amos", "emos", "imos", "e", "i") && p.alreadyBefore(k) && !hasSuffix(word, "nte") {
		return tensePast
	}
	if hasSuffix(word, "ado", "ido", "ada", "ida", "to", "cho", "sto", "en", "ne") && p.haveBefore(k) {
		return tensePast
	}
	return tenseOpen
}

// doneWe recognises "cerramos", "entregamos" and their like, which are present and past at once: before a date they
// report what was done ("fechamos na sexta"); behind it they plan ("el viernes entregamos").
func (p *parser) doneWe(k int) bool {
	if !p.word(k) {
		return false
	}
	word := p.folded[p.tokens[k].lo:p.tokens[k].hi]
	n := len(word)
	return n > 6 && hasSuffix(word, "amos", "emos", "imos") && p.lex.stemDone[string(word[:n-4])]
}

// timeWord tells whether token k belongs to a date, and so is nobody who could have done something.
func (p *parser) timeWord(k int) bool {
	for _, c := range []class{clsWeekday, clsWeekdayOrdinal, clsDay, clsMonth, clsUnit, clsNumber, clsNext, clsLast, clsThis} {
		if p.is(k, c) {
			return true
		}
	}
	return false
}

func (p *parser) reflexiveBefore(k int) bool {
	return k > 0 && string(p.folded[p.tokens[k-1].lo:p.tokens[k-1].hi]) == "se"
}

func (p *parser) alreadyBefore(k int) bool { return p.nearBefore(k, clsAlready, 3) }

func (p *parser) haveBefore(k int) bool { return p.nearBefore(k, clsAuxHave, 2) }

// aheadBefore tells whether a word that looks ahead stands right before a participle: "estará firmado".
func (p *parser) aheadBefore(k int) bool {
	for d := 1; d <= 3 && k-d >= 0; d++ {
		if p.is(k-d, clsFuture) {
			return true
		}
		if p.is(k-d, clsPast) || p.is(k-d, clsAuxHave) {
			return false
		}
	}
	return false
}

func (p *parser) nearBefore(k int, c class, reach int) bool {
	for d := 1; d <= reach && k-d >= 0; d++ {
		if p.is(k-d, c) {
			return true
		}
		if p.tokens[k-d+1].line {
			return false
		}
	}
	return false
}
