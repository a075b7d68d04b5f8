package dates

import "timonel/steering"

// farForWeekday is how many days ahead a day of the month that has to be a given weekday may still be meant: "viernes 20" is
// this month or the next; one that only fits months later is a slip in one of the two.
const farForWeekday = 45

// conflicts tells whether what was said cannot all be meant: a weekday that the date is not ("Friday April 4" of a year in
// which that is a Saturday).
func (p *parser) conflicts(h hit, d steering.Date) bool {
	if !h.weekdaySaid || h.begin != nil {
		return false
	}
	if d.Weekday() != h.saidWeekday {
		return true
	}
	_, _, beyond := p.impossible(h.to - 1)
	return beyond || h.spec.pick == pickDayWeekday && (d > p.today()+farForWeekday || d < p.today()-farForWeekday)
}

// impossible reads a day that its month does not have, "31 de abril", "April 31": a date that was said and is none.
func (p *parser) impossible(i int) (from, to int, ok bool) {
	if n, j, _, ok := p.dayNumber(i); ok && n > 28 && p.isNumber(i) && !p.chained(i) {
		k, _ := p.monthLink(j)
		if m, end, ok := p.month(k); ok && k < len(p.tokens) && !p.tokens[k].line && n > monthSize[m] {
			return i, end, true
		}
		return i, i, false
	}
	m, j, ok := p.month(i)
	if !ok {
		return i, i, false
	}
	j = p.skip(j, clsThe)
	n, end, _, ok := p.dayNumber(j)
	return i, end, ok && p.isNumber(j) && !p.tokens[j].line && n > monthSize[m] && !p.countsThings(end)
}

// weekdayBehind tells whether h is nothing but the weekday of the full date right before it: "4 April (Friday)".
func (p *parser) weekdayBehind(before *Found, h hit) bool {
	if before.Kind != KindDate || h.kind != KindWeekday || h.spec.form != formWeekly || h.spec.tense != tenseOpen || h.spec.plus != 0 {
		return false
	}
	k := h.from
	if !p.mark(k-1, ',') && !p.mark(k-1, '(') {
		return false
	}
	return k > 1 && p.tokens[k-2].end == before.End && (p.mark(k-1, '(') || p.atEnd(h.to))
}

// monthSize is how many days a month has at most.
var monthSize = [13]int{0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}
