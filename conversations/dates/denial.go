package dates

// rejectDenied marks the dates that are said not to be meant: "no el viernes, el lunes", "en vez del 15, el 20",
// "el viernes no". When only "the other" is named, the denied day moves on by a week.
func (p *parser) rejectDenied(found []Found) {
	for i := range found {
		f := &found[i]
		from, to := p.tokenAt(f.Outer), p.tokenAt(f.End)
		denied := p.deniedBefore(from, f)
		after := p.deniedAfter(to)
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

// deniedBefore tells whether "no", "instead of" stands before the date.
func (p *parser) deniedBefore(i int, _ *Found) bool {
	if p.isBehind(i, clsInstead) {
		return true
	}
	// "No es para el viernes": the preposition belongs to the date.
	inner := p.tokenAt(p.tokens[min(i, len(p.tokens)-1)].start)
	for k := i; k <= i+3 && k < len(p.tokens); k++ {
		if _, end, ok := p.at(k-1, clsInstead); ok && end > i && k-1 <= inner {
			return true
		}
	}
	return false
}

// deniedAfter tells whether "no", "doesn't work" follows right behind, as an end of what is said.
func (p *parser) deniedAfter(i int) bool {
	_, end, ok := p.at(i, clsNegationAfter)
	if !ok {
		return false
	}
	return end-i > 1 || p.atEnd(end) || p.is(end, clsBetter)
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
