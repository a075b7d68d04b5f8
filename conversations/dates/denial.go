package dates

// rejectDenied marks the dates that are said not to be meant: "no el viernes, el lunes", "en vez del 15, el 20",
// "el viernes no". When only "the other" is named, the denied day moves on by a week.
func (p *parser) rejectDenied(found []Found) {
	for i := range found {
		f := &found[i]
		from, to := p.tokenAt(f.Outer), p.tokenAt(f.End)
		denied := p.deniedBefore(from, p.tokenAt(f.Start))
		after := p.deniedAfter(to) || i+1 < len(found) && p.corrected(to, p.tokenAt(found[i+1].Outer))
		if !denied && !after {
			continue
		}
		if p.otherWeek(f, to) {
			continue
		}
		if i+1 < len(found) || i > 0 {
			f.Rejected = len(found) > 1 && !p.allRejected(found, i)
		}
	}
}

func (p *parser) allRejected(found []Found, i int) bool {
	for k := range found {
		if k != i && !found[k].Rejected {
			return false
		}
	}
	return true
}

// tokenAt returns the first token that starts at or behind a byte.
func (p *parser) tokenAt(at int) int {
	lo, hi := 0, len(p.tokens)
	for lo < hi {
		if mid := (lo + hi) / 2; p.tokens[mid].start < at {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// deniedBefore tells whether "no", "instead of" ends right before the date or inside its preposition ("en vez
// del viernes").
func (p *parser) deniedBefore(outer, start int) bool {
	for k := outer; k <= start; k++ {
		if p.isBehind(k, clsInstead) {
			return true
		}
	}
	return false
}

// corrected tells whether right before the next date it is said to replace the one before: "… no, perdón, el 6".
func (p *parser) corrected(from, next int) bool {
	if p.mark(next-1, ',') || p.mark(next-1, ':') {
		next--
	}
	_, start, ok := p.behind(next, clsBetter)
	return ok && start >= from
}

// deniedAfter tells whether "no", "doesn't work" follows right behind, as an end of what is said.
func (p *parser) deniedAfter(i int) bool {
	_, end, ok := p.at(i, clsNegationAfter)
	if !ok {
		return false
	}
	return end-i > 1 || p.atEnd(end) || p.is(end, clsBetter) || p.is(end, clsTheOther)
}

// otherWeek moves a denied weekday on when "the other one" is meant, and tells whether it did.
func (p *parser) otherWeek(f *Found, to int) bool {
	if f.Kind != KindWeekday || f.Past {
		return false
	}
	for k := to; k < len(p.tokens) && k < to+6; k++ {
		if _, end, ok := p.at(k, clsTheOther); ok && (p.atEnd(end) || p.tokens[end].id == 0) {
			f.Date = f.Date.AddDays(7)
			f.End = p.tokens[end-1].end
			return true
		}
	}
	return false
}
