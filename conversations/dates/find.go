package dates

import (
	"strings"

	"timonel/steering"
)

// find reads the text from left to right.
func (p *parser) find() []Found {
	p.clocks(func(_ Clock, from, to int) {
		for k := from; k < to; k++ {
			p.blocked[k] = true
		}
	})
	var out []Found
	for i := 0; i < len(p.tokens); {
		next := i + 1
		if end, ok := p.noDate(i); ok {
			next = end
		} else if h, ok := p.reading(i); ok {
			next = h.to
			if h.timetable || p.habitual(h) {
				p.noDay = true
			} else {
				out = p.accept(out, h)
			}
		} else if from, to, ok := p.impossible(i); ok {
			next = to
			out = append(out, Found{
				Date: p.today(), Start: p.tokens[from].start, End: p.tokens[to-1].end, Outer: p.tokens[from].start, Kind: KindDate, Conflict: true, Rejected: true,
			})
		}
		i = next
	}
	if len(out) == 0 {
		out = p.onlyAmount(out)
	}
	p.rejectDenied(out)
	return out
}

// noDate steps over phrases that look like dates and are none: "fin de semana", "hoy en día", "Black Friday".
func (p *parser) noDate(i int) (int, bool) {
	if p.blocked[i] {
		return i + 1, true
	}
	starts := p.starts[i]
	if p.tokens[i].kind != kindNumber && !starts.meets(readable) {
		return i + 1, true
	}
	if !starts.meets(mayDeny) {
		return p.onStreet(i)
	}
	for _, c := range []class{clsNotDay, clsFeast, clsWeekend} {
		if _, end, ok := p.at(i, c); ok {
			p.noDay = true
			return end, true
		}
	}
	if _, j, ok := p.modifier(i); ok {
		if _, end, ok := p.at(j, clsWeekend); ok {
			p.noDay = true
			return end, true
		}
	}
	return p.onStreet(i)
}

// mayDeny are the classes of phrases that noDate looks for.
var mayDeny = setOf(clsNotDay, clsFeast, clsWeekend, clsNext, clsThis, clsNextThis, clsLast)

// onStreet steps over the date in a street's name: "Av. 9 de Julio".
func (p *parser) onStreet(i int) (int, bool) {
	if !p.isNumber(i) || !p.isBehind(i, clsStreet) && !(p.mark(i-1, '.') && p.isBehind(i-1, clsStreet)) {
		return i, false
	}
	h, ok := p.dayMonth(i)
	return h.to, ok
}

// reading returns the longest reading at i, one date or a period.
func (p *parser) reading(i int) (hit, bool) {
	h, ok := p.base(i)
	if s, isSpan := p.span(i, h, ok); isSpan && (!ok || s.to > h.to) {
		return s, true
	}
	if other, listed := p.listed(i); listed && (!ok || h.kind == KindDay) {
		return other, true
	}
	return h, ok
}

// listed reads the "3" of "3 y 4 de abril".
func (p *parser) listed(i int) (hit, bool) {
	n, j, _, ok := p.dayNumber(i)
	if !ok || !p.isNumber(i) || p.chained(i) || p.labelled(i) {
		return hit{}, false
	}
	h, ok := p.listEnd(j)
	if !ok || h.spec.month == 0 {
		return hit{}, false
	}
	h.spec.n, h.spec.pick, h.from, h.to = n, pickDay, i, j
	_, ok = p.monthly(h.spec, false)
	return h, ok
}

// listEnd reads the date that ends a list of days: "…, 17 y 18 de marzo".
func (p *parser) listEnd(j int) (hit, bool) {
	for range 6 {
		k := p.skip(j, clsAnd)
		comma := k == j && p.mark(j, ',')
		if comma {
			k++
		}
		if k == j {
			return hit{}, false
		}
		k = p.skip(p.skip(k, clsThe), clsDayWord)
		if h, ok := p.dayMonth(k); ok || !comma {
			return h, ok
		}
		_, end, _, ok := p.dayNumber(k)
		if !ok || !p.isNumber(k) {
			return hit{}, false
		}
		j = end
	}
	return hit{}, false
}

// habitual tells whether "cada", "todos los", "every" stands before: a habit, no date.
func (p *parser) habitual(h hit) bool {
	if h.kind != KindWeekday && h.kind != KindWeek && h.kind != KindMonth && h.kind != KindPeriod && h.kind != KindDay {
		return false
	}
	if p.isBehind(h.from, clsEvery) {
		return true
	}
	_, start, ok := p.behind(h.from, clsThe)
	if _, day, isDay := p.behind(h.from, clsDayWord); isDay {
		start, ok = day, true // "todo dia 5"
	}
	return ok && p.isBehind(start, clsEvery)
}

// accept turns a reading into a date and adds it; a second saying of the day before it ("mañana, viernes") is the
// same date.
func (p *parser) accept(out []Found, h hit) []Found {
	past := p.o.Past || h.spec.tense == tensePast || p.isSince(h.from) || h.spec.tense == tenseOpen && h.spec.form != formFixed && p.looksBack(h)
	if p.lasted(h, past) {
		return out
	}
	d, ok := p.resolve(h.spec, past)
	if !ok {
		return out
	}
	f := Found{
		Date: d, Start: p.tokens[h.from].start, End: p.tokens[h.to-1].end, Kind: h.kind,
		Past: past && h.spec.tense != tenseNext, HasYear: h.hasYear, Score: h.weight, Conflict: p.conflicts(h, d),
	}
	if h.begin != nil {
		f = p.began(f, *h.begin, h, past)
	}
	p.outer(&f, h)
	if n := len(out); n > 0 && p.sameDay(&out[n-1], f, h) {
		out[n-1].End = max(out[n-1].End, f.End)
		return out
	} else if n > 0 && p.weekdayBehind(&out[n-1], h) {
		out[n-1].End, out[n-1].Conflict = f.End, out[n-1].Conflict || out[n-1].Date.Weekday() != h.spec.weekday
		return out
	}
	return append(out, f)
}

// isSince tells whether "since" stands before a date: it looks back whatever the verb.
func (p *parser) isSince(i int) bool {
	_, start, ok := p.behind(i, clsThe)
	return p.isBehind(i, clsSince) || ok && p.isBehind(start, clsSince)
}

// began sets the first day of a period. "Del lunes al miércoles" said on a Tuesday ends in the week of its Monday,
// but what is moved from Monday to Wednesday goes to the next Wednesday.
func (p *parser) began(f Found, begin spec, h hit, past bool) Found {
	b, ok := p.resolve(begin, past)
	if ok && b > f.Date && h.spec.form == formWeekly && h.spec.tense == tenseOpen && begin.form == formWeekly && !past && !p.moveBehind(h.from) {
		f.Date = f.Date.AddDays(7)
	}
	if ok && b <= f.Date {
		f.From = b
	}
	return f
}

// lasted tells "lo hicimos en dos semanas", which says how long it took.
func (p *parser) lasted(h hit, past bool) bool {
	if h.kind != KindRelative || !p.is(h.from, clsIn) || p.is(h.from, clsInSure) && !p.lex.monthFirst || h.spec.form != formFixed {
		return false
	}
	return past || p.looksBack(h)
}

// sameDay tells whether a reading only says again what the one before it said, and merges "EOD, Friday".
func (p *parser) sameDay(before *Found, f Found, h hit) bool {
	k := p.glueBack(h.from)
	if k < 0 || k >= len(p.tokens) || p.tokens[max(0, k-1)].end > before.End && k > 0 || p.tokens[k].start < before.End && k > 0 && p.tokens[k-1].end > before.End {
		return false
	}
	if k > 0 && p.tokens[k-1].end != before.End {
		return false
	}
	if before.Date == f.Date {
		before.HasYear = before.HasYear || f.HasYear
		before.Score = max(before.Score, f.Score)
		return true
	}
	if before.Kind == KindRelative && h.agrees(before.Date) {
		return true
	}
	// "Viernes EOD": the end of that day.
	return f.Score == endOfDayScore
}

// agrees tells whether the words of h could mean d, as "martes" and "lunes 9" do behind "hoy", "ayer".
func (h hit) agrees(d steering.Date) bool {
	_, m, day := d.Civil()
	switch s := h.spec; {
	case s.plus != 0 || s.shifted || s.relSet || s.tense != tenseOpen:
		return false
	case s.form == formWeekly:
		return s.weekday == d.Weekday()
	case s.form == formMonthly && (s.pick == pickDay || s.pick == pickDayWeekday):
		return s.n == day && (s.month == 0 || s.month == int(m)) && s.year == 0
	}
	return false
}

const endOfDayScore = 55

// glueBack returns the token before which only small words stand up to token i.
func (p *parser) glueBack(i int) int {
	for range 3 {
		switch {
		case p.mark(i-1, ',') || p.mark(i-1, '(') || p.mark(i-1, '-'):
			i--
		default:
			_, start, ok := p.behind(i, clsThe)
			if !ok {
				_, start, ok = p.behind(i, clsOf)
			}
			if !ok {
				_, start, ok = p.behind(i, clsTarget)
			}
			if !ok {
				return i
			}
			i = start
		}
	}
	return i
}

// outer finds the preposition and article before a date.
func (p *parser) outer(f *Found, h hit) {
	start := h.from
	if _, the, ok := p.behind(start, clsThe); ok {
		start = the
	}
	if _, day, ok := p.behind(start, clsDayWord); ok {
		start = day
		if _, the, ok := p.behind(start, clsThe); ok {
			start = the
		}
	}
	if role, from, ok := p.role(h.from); ok {
		start = min(start, from)
		f.Role = [...]Role{targetBy: RoleBy, targetTo: RoleTo, targetFrom: RoleFrom, targetOn: RoleOn}[role]
	}
	f.Outer = p.tokens[start].start
	for k := start - 1; k >= 0 && k >= start-4 && !p.isStop(k); k-- {
		f.moved = f.moved || p.is(k, clsMove)
	}
}

// onlyAmount reads an answer that is nothing but a length of time: "3 días hábiles".
func (p *parser) onlyAmount(out []Found) []Found {
	if len(p.tokens) == 0 || p.foreign || p.noDay {
		return out
	}
	s, end, ok := p.amount(0)
	if unit, _, _ := p.at(max(end-1, 0), clsUnit); unit&^plural == unitHour {
		return out
	}
	if !ok || s.N == 0 || strings.TrimRight(p.rest(end), ".!") != "" {
		return out
	}
	return append(out, Found{
		Date: s.From(p.today(), p.o.Calendar), Start: s.Start, End: s.End, Outer: s.Start, Kind: KindAmount, Score: 60,
	})
}

// rest returns the folded text from token i on.
func (p *parser) rest(i int) string {
	if i >= len(p.tokens) {
		return ""
	}
	return string(p.folded[p.tokens[i].lo:])
}
