package understand

import "strings"

// tens are the number words from twenty on, and those between ten and twenty that a share is said with.
var tens = map[string]int{
	"quince": 15, "veinte": 20, "veinticinco": 25, "treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "setenta": 70, "ochenta": 80,
	"noventa": 90, "cien": 100, "ciento": 100, "quinze": 15, "vinte": 20, "trinta": 30, "quarenta": 40, "cinquenta": 50, "sessenta": 60,
	"oitenta": 80, "cem": 100, "cento": 100, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
	"seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100,
}

// percentInWords reads "sesenta por ciento", "oitenta e cinco por cento", "sixty five percent".
func (r *reader) percentInWords(i int) (value, to int) {
	value = tens[r.words[i].norm]
	if value == 0 {
		if value = numberWord(r.words[i].norm); value < 5 {
			return 0, 0
		}
		if to = r.percentSign(i + 1); to > 0 {
			return value, to
		}
		return 0, 0
	}
	k := i + 1
	if value < 100 && value%10 == 0 && k < len(r.words) {
		n := k
		if r.words[n].has(cAnd) || r.words[n].norm == "-" && r.words[n].glued {
			n++
		}
		if n < len(r.words) {
			if u := numberWord(r.words[n].norm); u > 0 && u < 10 && r.percentSign(n+1) > 0 {
				return value + u, r.percentSign(n + 1)
			}
		}
	}
	if to = r.percentSign(k); to > 0 {
		return value, to
	}
	return 0, 0
}

// spotSpelled finds the number words that name milestones, before a day may be read into them.
func (r *reader) spotSpelled() {
	for i := range r.words {
		if n := r.gluedNumber(i); n > 0 {
			r.addNumber(i, i+1, n, true)
		}
		if w := &r.words[i]; w.kind == tokWord && !w.taken && numberWord(w.norm) > 0 {
			if from, ok := r.spelledAlone(i); ok {
				r.addNumber(from, i+1, numberWord(w.norm), false)
			}
		}
	}
}

// spelledAlone reads number words that stand where a milestone's number would: "el cuatro, sesenta por ciento", "uno y dos
// listos", "four, sixty percent". It returns the first word of the name.
func (r *reader) spelledAlone(i int) (from int, ok bool) {
	n := numberWord(r.words[i].norm)
	switch r.words[i].norm {
	case "un", "una", "uma", "a":
		return 0, false
	}
	if n < 1 || r.place.byKeyMissing(itoaSmall(n)) {
		return 0, false
	}
	from = i
	article := i > 0 && (r.words[i-1].is("el") || r.words[i-1].is("al") || r.words[i-1].is("del") || r.words[i-1].is("o") || r.words[i-1].is("ao") || r.words[i-1].is("do")) && r.li != 2
	if article {
		from = i - 1
	}
	first := from == 0 || r.startsClause(from-1)
	listed := r.joinsSpelled(from - 1)
	if !article && !first && !listed {
		return 0, false
	}
	reported := article && from > 0 && r.reportsBefore(from-1)
	if i+1 >= len(r.words) {
		return from, reported || listed
	}
	w := &r.words[i+1]
	switch {
	case (w.norm == "," || w.norm == ":") && (first || listed || reported):
		return from, true
	case (listed || reported) && !w.has(cUnit) && w.num < 0 && !r.model.timeWords[w.norm] && !(w.has(cOf) && i+2 < len(r.words) && r.model.timeWords[r.words[i+2].norm]):
		return from, true
	case w.has(cUnit) || w.num >= 0:
		return from, false
	case w.has(cAnd) && i+2 < len(r.words):
		next := i + 2
		if r.li != 2 && r.words[next].has(cDet) {
			next++
		}
		return from, next < len(r.words) && (numberWord(r.words[next].norm) > 0 || article) && !(next+1 < len(r.words) && r.words[next+1].has(cUnit))
	case w.kind == tokPunct:
		return from, reported
	}
	if !article && n == 1 {
		return from, false
	}
	for _, s := range w.senses {
		if isOneOf(s.c, []concept{cReady, cFinish, cClose, cBe, cStay, cAlready, cBlock, cDeliver}) && s.m&(mPart|mAdj|mWord|mP3|mPst3) != 0 {
			return from, true
		}
	}
	return from, false
}

// reportsBefore reports whether word k says that what follows is complete: "entregado el dos".
func (r *reader) reportsBefore(k int) bool {
	for _, s := range r.words[k].senses {
		if isOneOf(s.c, doneLike) && s.m&(mPart|mAdj) != 0 {
			return true
		}
	}
	return false
}

// joinsSpelled reports whether word k is an "and" behind another spelled number.
func (r *reader) joinsSpelled(k int) bool {
	return k > 0 && (r.words[k].has(cAnd) || r.words[k].norm == ",") && numberWord(r.words[k-1].norm) > 0 && r.words[k-1].taken
}

// waitedFor reports whether the number at i is what the milestone before it waits for, rather than a day: "el 7 tiene que
// esperar al 6".
func (r *reader) waitedFor(from, i int) bool {
	k := from - 1
	if r.words[from].has(cTo) || k >= 0 && !r.words[k].has(cTo, cFor) {
		k = from - 1
	} else {
		k = from - 2
	}
	if k < 0 || !r.words[k].has(cWait, cWithout, cNeed) || r.place.byKeyMissing(r.words[i].norm) {
		return false
	}
	for n := range r.refs {
		if r.refs[n].to <= k && r.refs[n].number {
			return true
		}
	}
	return false
}

// namesOne reports whether a number word may be a name: not "un", "una", which are articles.
func (r *reader) namesOne(k int) bool {
	switch r.words[k].norm {
	case "un", "una", "uma", "a":
		return false
	}
	return true
}

// gluedNumber reads "hito2", "marco3", "milestone4".
func (r *reader) gluedNumber(i int) int {
	w := &r.words[i]
	if w.kind != tokMixed || w.taken {
		return 0
	}
	for _, head := range [...]string{"hito", "marco", "milestone"} {
		if rest, ok := strings.CutPrefix(w.norm, head); ok {
			if n := smallNumber(rest); n > 0 && !r.place.byKeyMissing(rest) {
				return n
			}
		}
	}
	return 0
}

// barePercent reports whether the number at i is a share without its sign: "la migración va por el 70", "migration at 70". No day
// of a month and no milestone has such a number.
func (r *reader) barePercent(i int) bool {
	w := &r.words[i]
	if w.kind != tokNumber || w.num < 32 || w.num > 100 || len(r.refs) == 0 || !r.place.byKeyMissing(w.norm) || r.compound(i) || i == 0 {
		return false
	}
	if i+1 < len(r.words) {
		if n := &r.words[i+1]; n.kind != tokPunct && n.kind != tokEmoji && n.kind != tokNewline && !n.has(cAlready, cNow, cNoise, cPlease) || n.norm == ":" || n.norm == "-" || n.norm == "/" {
			return false
		}
	}
	p := &r.words[i-1]
	switch {
	case p.is("al"), r.li == 2 && p.is("at"), r.li == 1 && (p.is("nos") || p.is("aos") || p.is("em") || p.is("pelos")):
		return true
	case p.is("el") && i > 1 && (r.words[i-2].is("por") || r.words[i-2].is("en")):
		return true
	case p.is("en") && r.li == 0:
		return true
	}
	return false
}

// dropPartial forgets a part of a name that the whole name of another milestone explains: "la carga de la plantilla de datos".
func (r *reader) dropPartial() {
	for i := 0; i+1 < len(r.refs); i++ {
		a, b := &r.refs[i], &r.refs[i+1]
		if a.explicit || a.number || !b.explicit && !b.number || a.Key == b.Key || b.from <= a.to || b.from-a.to > 2 {
			continue
		}
		of := r.words[a.to].has(cOf) || b.from > a.to && r.words[b.from-1].has(cOf)
		for k := a.to; k < b.from; k++ {
			of = of && (r.words[k].has(cOf, cDet))
		}
		if of {
			r.refs = append(r.refs[:i], r.refs[i+1:]...)
			i--
		}
	}
}
