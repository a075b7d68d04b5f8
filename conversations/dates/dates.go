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
	Conflict   bool // it contradicts itself: the weekday said with it is another, or (Rejected) its month has no such day
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
	text = clip(text)
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

// FindAll returns what Find and FindShifts do, for the price of one reading; the language must be known.
func FindAll(text string, o Options) ([]Found, []Shift) {
	text = clip(text)
	p := newParser(text, lexiconFor(o.Lang), o, false)
	found := p.find()
	shifts := p.shifts(found)
	if len(found) > 0 || p.noDay {
		return found, shifts
	}
	return p.findForeign(text), shifts
}

// maxText is how many bytes of a text are read for dates: more than Slack and WhatsApp let people send, and few
// enough that no text holds up the bot.
const maxText = 40_000

func clip(text string) string { return text[:min(len(text), maxText)] }

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
