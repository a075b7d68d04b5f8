// Package dates reads dates, lengths of time and times of day in Spanish, Portuguese and English text, alone or
// inside sentences, beside numbers that are none.
//
// A text is cut into tokens; the words files in words/ give them meanings; small rules (rule_*.go) read dates from
// them, the longest reading wins. A reading stays open (spec) until it is known whether the sentence looks back or
// ahead (tense.go). The package knows the calendar only through steering and nothing of milestones: the caller
// says which spans are their names or numbers.
//
// Decisions where people differ: a period ("del 3 al 7 de abril", "between the 3rd and the 7th") is its last day,
// because that is what a deadline means; "en quince días" is 15 days but "el viernes en quince" is two weeks after
// that Friday; a month alone ("en mayo") and "this week" are no dates; "next month" alone is its first day;
// "de lunes a viernes", "los lunes", "every Monday" are habits and no dates; the early part of a week is its
// Monday, its middle Wednesday; a weekday named with a week counts weeks from Monday to Sunday.
package dates

import (
	"cmp"
	"slices"
	"strings"

	"timonel/steering"
)

// Kind says how a date was said.
type Kind string

// The kinds of dates.
const (
	KindDate     Kind = "date"     // a day and its month: 15/3, March 15th
	KindDay      Kind = "day"      // a day of the month alone: el 27, Friday the 20th
	KindWeekday  Kind = "weekday"  // lunes, Friday week, martes de la semana que viene
	KindRelative Kind = "relative" // hoy, in 3 days, hace una semana
	KindPeriod   Kind = "period"   // fin de mes, primer lunes de abril, EOW
	KindWeek     Kind = "week"     // next week
	KindMonth    Kind = "month"    // next month
	KindAmount   Kind = "amount"   // the whole text is a length of time: "3 días hábiles"
)

// Role says what the preposition before a date makes of it.
type Role string

// The roles of a date.
const (
	RoleNone Role = ""
	RoleBy   Role = "by"   // antes del, até, by: a deadline
	RoleTo   Role = "to"   // al, para, to, for: where something is put
	RoleFrom Role = "from" // desde, a partir de, from
	RoleOn   Role = "on"   // en, na, on
)

// Found is one date in a text.
type Found struct {
	Date       steering.Date
	From       steering.Date // of a period, its first day; else unset
	Start, End int           // bytes of the words that say the date
	Outer      int           // byte where the preposition and article before it start, or Start
	Role       Role
	Kind       Kind
	Past       bool // it was read as looking back
	HasYear    bool
	Rejected   bool // said not to be meant: "no el viernes, el lunes"
	Score      int  // how sure the reading is, up to 100; a bare "el 27" has about 50
	moved      bool // right behind a verb of moving
}

// Options say how a text is to be read.
type Options struct {
	Lang     string        // es, pt or en; otherwise the language that reads most
	Today    steering.Date // the day of the message in the project's zone
	Calendar steering.Calendar
	Past     bool     // the sentence speaks of something already done
	Skip     [][2]int // bytes known to be something else, such as a milestone's name or number
}

// Find returns every date of the text in text order, those said not to be meant included (Rejected).
func Find(text string, o Options) []Found {
	if len(text) > maxText {
		text = text[:maxText]
	}
	if lexicons[o.Lang] == nil {
		return findAny(text, o)
	}
	p := newParser(text, lexiconFor(o.Lang), o, false)
	found := p.find()
	if len(found) > 0 || p.noDay {
		return found
	}
	return p.findForeign(text)
}

// maxText is how many bytes of a text are read for dates: more than Slack and WhatsApp let people send, and few
// enough that no text holds up the bot.
const maxText = 40_000

// First returns the date that the text is about: the surest one that is not said to be another, and of equals one
// that something is moved to, then the first.
func First(text string, o Options) (Found, bool) {
	found := slices.DeleteFunc(Find(text, o), func(f Found) bool { return f.Rejected })
	if len(found) == 0 {
		return Found{}, false
	}
	plain := slices.ContainsFunc(found, func(f Found) bool { return f.Kind != KindRelative })
	best := slices.MaxFunc(found, func(a, b Found) int {
		// MaxFunc keeps the first of equals.
		return cmp.Compare(a.rank(o.Today, plain), b.rank(o.Today, plain))
	})
	return best, true
}

// rank orders the dates of one text by how likely they are what it is about.
func (f Found) rank(today steering.Date, plain bool) int {
	r := 0
	switch {
	case f.Score < 60:
		r = -20
	case plain && f.Kind == KindRelative && f.Date <= today:
		// "Hoy confirmaron que entregan el viernes": today is when it was said.
		r = -3
	case f.Kind == KindMonth || f.Kind == KindWeek:
		r = -5
	}
	if f.Role == RoleBy || f.Role == RoleTo {
		r += 10
	}
	if f.moved {
		r += 3
	}
	return r
}

func lexiconFor(lang string) *lexicon {
	if load := lexicons[lang]; load != nil {
		return load()
	}
	return lexicons["es"]()
}

// findAny reads a text whose language is not known: the language that covers most of it wins.
func findAny(text string, o Options) []Found {
	var best []Found
	most := 0
	for _, lang := range Languages {
		o.Lang = lang
		found := newParser(text, lexiconFor(lang), o, false).find()
		n := 0
		for _, f := range found {
			n += (f.End - f.Start) * f.Score
		}
		if n > most {
			best, most = found, n
		}
	}
	return best
}

// findForeign reads words of the other languages ("deadline: Friday" in a Spanish chat), only those that mean
// nothing else.
func (p *parser) findForeign(text string) []Found {
	if len(text) > maxForeign {
		return nil
	}
	for _, lang := range Languages {
		if lang == p.o.Lang || !p.knownTo(lexiconFor(lang)) {
			continue
		}
		o := p.o
		o.Lang = lang
		q := newParser(text, lexiconFor(lang), o, true)
		if found := q.find(); len(found) > 0 {
			return found
		}
	}
	return nil
}

// knownTo tells whether a word that means nothing here means something to another language.
func (p *parser) knownTo(l *lexicon) bool {
	for i := range p.tokens {
		if t := &p.tokens[i]; t.kind == kindWord && p.starts[i].empty() && l.ids[string(p.folded[t.lo:t.hi])] != 0 {
			return true
		}
	}
	return false
}

// maxForeign bounds the second and third reading to messages; nobody mixes languages over pages.
const maxForeign = 2000

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
	k := p.skip(j, clsAnd)
	if k == j {
		return hit{}, false
	}
	h, ok := p.dayMonth(p.skip(p.skip(k, clsThe), clsDayWord))
	if !ok || h.spec.month == 0 {
		return hit{}, false
	}
	h.spec.n, h.spec.pick, h.from, h.to = n, pickDay, i, j
	_, ok = p.monthly(h.spec, false)
	return h, ok
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
		Past: past && h.spec.tense != tenseNext, HasYear: h.hasYear, Score: h.weight,
	}
	if h.begin != nil {
		if b, ok := p.resolve(*h.begin, past); ok && b <= d {
			f.From = b
		}
	}
	p.outer(&f, h)
	if n := len(out); n > 0 && p.sameDay(&out[n-1], f, h) {
		out[n-1].End = max(out[n-1].End, f.End)
		return out
	}
	return append(out, f)
}

// isSince tells whether "since" stands before a date: it looks back whatever the verb.
func (p *parser) isSince(i int) bool {
	_, start, ok := p.behind(i, clsThe)
	return p.isBehind(i, clsSince) || ok && p.isBehind(start, clsSince)
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
	if len(p.tokens) == 0 || p.foreign {
		return out
	}
	s, end, ok := p.amount(0)
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
