package understand

import "slices"

// itemKind says what an item stands for.
type itemKind uint8

const (
	itWord itemKind = iota
	itUnknown
	itPunct
	itEmoji
	itBreak // a line break
	itMilestone
	itDate
	itShift
	itPercent
	itPerson
	itClock
	itEntry
	itNumber
	itStage
	itQuote
	itNext
)

// item is what patterns and the model see: a word with its senses, a fixed expression, or an entity's placeholder.
type item struct {
	kind     itemKind
	from, to int // words
	senses   []sense
	typo     bool
	at       int // index of the entity in its list
}

func (it *item) has(cs ...concept) bool {
	for i := range it.senses {
		for _, c := range cs {
			if it.senses[i].c == c {
				return true
			}
		}
	}
	return false
}

func (it *item) form(c concept) morph {
	var m morph
	for i := range it.senses {
		if it.senses[i].c == c {
			m |= it.senses[i].m
		}
	}
	return m
}

// anyForm is the union of the forms of the concepts.
func (it *item) anyForm(cs ...concept) morph {
	var m morph
	for _, c := range cs {
		m |= it.form(c)
	}
	return m
}

// entity points from a word to what was found there.
type entity struct {
	kind itemKind
	at   int
	to   int
}

// buildItems folds words into items: entities first, then fixed expressions, then single words.
func (r *reader) buildItems() {
	ents := r.entityStarts()
	r.items = slices.Grow(r.items[:0], len(r.words))
	for i := 0; i < len(r.words); {
		if e, ok := ents[i]; ok {
			r.items = append(r.items, item{kind: e.kind, from: i, to: e.to, at: e.at})
			i = e.to
			continue
		}
		w := &r.words[i]
		switch w.kind {
		case tokNewline:
			r.items = append(r.items, item{kind: itBreak, from: i, to: i + 1})
			i++
			continue
		case tokNumber:
			r.items = append(r.items, item{kind: itNumber, from: i, to: i + 1})
			i++
			continue
		}
		if it, ok := r.phraseAt(i, ents); ok && !r.longerBehind(i, it.to, ents) {
			r.items = append(r.items, it)
			i = it.to
			continue
		}
		it := item{kind: itWord, from: i, to: i + 1, senses: w.senses, typo: w.typo}
		switch {
		case w.kind == tokEmoji:
			it.kind = itEmoji
		case w.kind == tokPunct:
			it.kind = itPunct
		case len(w.senses) == 0:
			it.kind = itUnknown
		}
		r.items = append(r.items, it)
		i++
	}
}

func (r *reader) entityStarts() map[int]entity {
	ents := make(map[int]entity, len(r.refs)+len(r.dates)+4)
	for i, x := range r.refs {
		kind := itMilestone
		if x.next {
			kind = itNext
		}
		ents[x.from] = entity{kind, i, x.to}
	}
	for i, x := range r.people {
		ents[x.from] = entity{itPerson, i, x.to}
	}
	for i, x := range r.percents {
		ents[x.from] = entity{itPercent, i, x.to}
	}
	for i, x := range r.entries {
		ents[x.from] = entity{itEntry, i, x.to}
	}
	for i, x := range r.stages {
		ents[x.from] = entity{itStage, i, x.to}
	}
	for i, x := range r.dates {
		if _, ok := ents[x.from]; !ok {
			ents[x.from] = entity{itDate, i, x.to}
		}
	}
	for i, x := range r.shifts {
		if _, ok := ents[x.from]; !ok && !r.insideDate(x.from) {
			ents[x.from] = entity{itShift, i, x.to}
		}
	}
	for i, x := range r.clocks {
		if _, ok := ents[x.from]; !ok && !r.insideDate(x.from) {
			ents[x.from] = entity{itClock, i, x.to}
		}
	}
	for i, x := range r.quotes {
		if _, ok := ents[x.from]; !ok {
			ents[x.from] = entity{itQuote, i, x.to}
		}
	}
	return ents
}

func (r *reader) insideDate(word int) bool {
	for i := range r.dates {
		if word >= r.dates[i].from && word < r.dates[i].to {
			return true
		}
	}
	return false
}

// phraseAt finds the longest fixed expression that starts at word i and crosses no entity.
func (r *reader) phraseAt(i int, ents map[int]entity) (item, bool) {
	w := &r.words[i]
	if !w.isWord() && w.kind != tokPunct {
		return item{}, false
	}
	main := r.model.lexicons[r.li]
	if it, ok := r.phraseIn(main, i, ents); ok {
		return it, true
	}
	for k, lex := range r.model.lexicons {
		if k != r.li && len(w.senses) > 0 && int(w.lang) == k {
			if it, ok := r.phraseIn(lex, i, ents); ok {
				return it, true
			}
		}
	}
	return item{}, false
}

func (r *reader) phraseIn(lex *lexicon, i int, ents map[int]entity) (item, bool) {
	best, bestTo := (*phrase)(nil), i
	list := lex.phrases[r.words[i].norm]
	for k := range list {
		if to := r.matchPhrase(&list[k], i, ents); to > bestTo {
			best, bestTo = &list[k], to
			break
		}
	}
	for _, s := range r.words[i].senses {
		list := lex.leading[s.c]
		for k := range list {
			if to := r.matchPhrase(&list[k], i, ents); to > bestTo {
				best, bestTo = &list[k], to
			}
		}
	}
	if best == nil {
		return item{}, false
	}
	it := item{kind: itWord, from: i, to: bestTo}
	m := best.m
	if m == mWord {
		m = r.phraseForm(best, i)
	}
	it.senses = []sense{{c: best.c, m: m}}
	return it, true
}

// phraseForm is the form of the word that stands for a concept in the phrase, or mWord.
func (r *reader) phraseForm(p *phrase, i int) morph {
	for k := range p.words {
		if p.words[k].c != 0 && i+k < len(r.words) {
			if m := r.words[i+k].form(p.words[k].c); m != 0 {
				return m
			}
		}
	}
	return mWord
}

func (r *reader) matchPhrase(p *phrase, i int, ents map[int]entity) int {
	at := i
	for k := range p.words {
		if at >= len(r.words) {
			return 0
		}
		w := &r.words[at]
		if _, isEntity := ents[at]; isEntity {
			return 0
		}
		if k > 0 && w.kind == tokPunct && w.norm == "-" && w.glued {
			at++ // "go-live"
			if at >= len(r.words) {
				return 0
			}
			w = &r.words[at]
		}
		if pw := &p.words[k]; pw.c != 0 {
			if !w.has(pw.c) {
				return 0
			}
		} else if w.norm != pw.norm && !(k > 0 && k == len(p.words)-1 && contracts(pw.norm, w.norm)) {
			return 0
		}
		at++
	}
	return at
}

// contracts reports whether a word holds the preposition with which a phrase ends, and an article: "por causa das férias".
func contracts(preposition, word string) bool {
	switch preposition {
	case "de":
		return word == "del" || word == "do" || word == "da" || word == "dos" || word == "das"
	case "em":
		return word == "no" || word == "na" || word == "nos" || word == "nas"
	case "a":
		return word == "al" || word == "ao" || word == "aos" || word == "as"
	}
	return false
}

// longerBehind reports whether a fixed expression begins inside the one from i to end and runs further: "ya salió del horno" is
// no "ya salió".
func (r *reader) longerBehind(i, end int, ents map[int]entity) bool {
	if r.words[i].has(cNot) {
		return false // what is denied stays so
	}
	for k := i + 1; k < end; k++ {
		if it, ok := r.phraseAt(k, ents); ok && it.to > end && it.to-k > end-i {
			return true
		}
	}
	return false
}
