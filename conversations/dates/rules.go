package dates

// classes is a set of kinds of words.
type classes [2]uint64

func setOf(list ...class) (s classes) {
	for _, c := range list {
		s[c>>6] |= 1 << (c & 63)
	}
	return s
}

func (s classes) meets(o classes) bool { return s[0]&o[0]|s[1]&o[1] != 0 }

func (s classes) empty() bool { return s == classes{} }

// rule reads one kind of date; it is tried only at tokens that start a phrase of its classes, or at a number when
// digits is set.
type rule struct {
	read   func(*parser, int) (hit, bool)
	starts classes
	digits bool
}

// rules are tried at a token in this order; the longest reading wins, and of equally long ones the first.
var rules []rule

func init() {
	// Set here because the rules call base, which reads this list.
	spelled := setOf(clsNumber, clsOrdinal)
	days := setOf(clsWeekday, clsWeekdayOrdinal, clsWeekdayShort)
	modifiers := setOf(clsNext, clsThis, clsNextThis, clsLast)
	units := setOf(clsNext, clsThis, clsNextThis, clsLast, clsUnit, clsWeekAfterNext)
	amounts := setOf(clsNumber, clsHalf, clsAbout, clsUnit)
	rules = []rule{
		{(*parser).absoluteDate, setOf(clsNumber, clsOrdinal, clsMonth, clsMonthShort), true},
		{(*parser).nth, spelled, true},
		{(*parser).period, setOf(clsEdge, clsEndWord), true},
		{(*parser).modifiedDate, modifiers, false},
		{(*parser).weekdayBeside, setOf(clsWeekday, clsWeekdayOrdinal, clsWeekdayShort, clsOrdinal), false},
		{(*parser).weekdayDate, days, false},
		{(*parser).dayStep, setOf(clsDayStep), false},
		{(*parser).relativeDay, setOf(clsDay, clsDayPart), false},
		{(*parser).ahead, setOf(clsIn), false},
		{(*parser).counting, amounts, true},
		{(*parser).ago, setOf(clsNumber, clsHalf, clsAbout, clsUnit, clsAgoBefore), true},
		{(*parser).endOfDay, setOf(clsEndOfDay), false},
		{(*parser).week, units, false},
		{(*parser).nextMonth, units, false},
		{(*parser).fortnight, units, false},
		{(*parser).dayAlone, spelled, true},
	}
	readable = setOf(clsFrom, clsBetween, clsNotDay, clsFeast, clsWeekend)
	for _, r := range rules {
		readable[0] |= r.starts[0]
		readable[1] |= r.starts[1]
	}
}

// readable are the classes that something about a date can start with.
var readable classes

// maxDepth bounds how deep dates nest in each other ("a week after the day before …").
const maxDepth = 3

// base returns the best reading of one date at token i.
func (p *parser) base(i int) (hit, bool) {
	if i >= len(p.tokens) || p.blocked[i] || p.depth >= maxDepth {
		return hit{}, false
	}
	if p.depth == 0 && p.lastAt == i+1 {
		return p.last, p.lastOK
	}
	h, ok := p.read(i)
	if p.depth == 0 {
		p.last, p.lastAt, p.lastOK = h, i+1, ok
	}
	return h, ok
}

func (p *parser) read(i int) (best hit, found bool) {
	starts, number := p.starts[i], p.tokens[i].kind == kindNumber
	if !number && starts.empty() {
		return hit{}, false
	}
	if starts.meets(noDay) {
		if _, end, ok := p.at(i, clsNotDay); ok && end > i+1 || p.is(i, clsFeast) || p.is(i, clsWeekend) {
			return hit{}, false
		}
	}
	p.depth++
	for k := range rules {
		r := &rules[k]
		if !starts.meets(r.starts) && !(number && r.digits) {
			continue
		}
		if h, ok := r.read(p, i); ok && (!found || h.to > best.to) {
			best, found = h, true
		}
	}
	p.depth--
	return best, found
}

var noDay = setOf(clsNotDay, clsFeast, clsWeekend)

func (p *parser) absoluteDate(i int) (hit, bool) {
	h, ok := p.absolute(i)
	if !ok {
		return h, false
	}
	// "5 de febrero pasado".
	if rel, end, ok := p.modifier(h.to); ok && rel != 0 && !h.hasYear && !p.lex.monthFirst && !p.thisUnit(h.to) {
		h.spec.tense, h.to = tenseOf(rel), end
	}
	// "20 de marzo (viernes)", "March 20, Friday".
	k := p.skipComma(h.to)
	paren := p.mark(k, '(')
	if paren {
		k++
	}
	if w, end, _, isDay := p.weekday(k); isDay && k > h.to {
		if d, ok := p.resolve(h.spec, p.o.Past); ok && d.Weekday() == w && (paren == p.mark(end, ')')) {
			h.to = end
			if paren {
				h.to++
			}
		}
	}
	return h, true
}
