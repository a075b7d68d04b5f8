package understand

import "slices"

// word is a token with what the lexicon knows of it.
type word struct {
	token
	senses []sense
	typo   bool // found through a misspelling
	taken  bool // part of an entity
	fixed  bool // part of a fixed expression that is no name
	lang   uint8
}

// has reports whether one of the word's senses is one of the concepts.
func (w *word) has(cs ...concept) bool {
	for i := range w.senses {
		for _, c := range cs {
			if w.senses[i].c == c {
				return true
			}
		}
	}
	return false
}

// form returns in which forms the word may stand for the concept.
func (w *word) form(cs ...concept) morph {
	var m morph
	for i := range w.senses {
		for _, c := range cs {
			if w.senses[i].c == c {
				m |= w.senses[i].m
			}
		}
	}
	return m
}

func (w *word) is(norm string) bool { return w.norm == norm }

// isWord reports whether the token is a word rather than a number, a mark or a picture.
func (w *word) isWord() bool { return w.kind == tokWord || w.kind == tokMixed }

// expand writes abbreviations out and looks every word up.
func (r *reader) expand(toks []token) {
	lex := r.model.lexicons[r.li]
	r.words = slices.Grow(r.words[:0], len(toks)+4)
	for i := range toks {
		t := toks[i]
		if t.kind == tokWord {
			full, ok := lex.abbrev[t.low]
			if !ok && len(t.norm) <= 4 {
				full, ok = lex.abbrev[t.norm]
			}
			if ok && !r.isName(t) {
				r.addExpanded(t, full)
				continue
			}
		}
		r.words = append(r.words, word{token: t})
	}
	for i := range r.words {
		r.lookup(&r.words[i])
	}
}

// isName keeps a short word that stands for a person from being read as an abbreviation.
func (r *reader) isName(t token) bool {
	_, ok := r.place.people[t.norm]
	return ok
}

func (r *reader) addExpanded(t token, full string) {
	start := 0
	for k := 0; k <= len(full); k++ {
		if k < len(full) && full[k] != ' ' {
			continue
		}
		part := t
		part.low, part.norm = fold(full[start:k])
		part.glued = part.glued && start == 0
		r.words = append(r.words, word{token: part})
		start = k + 1
	}
}

// lookup finds the senses of a word: in the message's language, then with pronouns cut off, then in the other languages,
// at last as a misspelling.
func (r *reader) lookup(w *word) {
	if w.kind == tokNumber || w.kind == tokMention || w.kind == tokNewline {
		return
	}
	main := r.model.lexicons[r.li]
	w.lang = uint8(r.li)
	if w.senses = main.find(w.low, w.norm); w.senses != nil || w.kind != tokWord {
		return
	}
	if w.senses = main.findClitic(w.norm); w.senses != nil {
		return
	}
	if r.place.isVocabulary(w.norm) || len(r.place.people[w.norm]) > 0 {
		return
	}
	if len(w.norm) > 2 || r.li != 2 && w.norm == "ok" {
		for k := range r.model.lexicons {
			if k == r.li {
				continue
			}
			if found := r.model.lexicons[k].find(w.low, w.norm); found != nil {
				w.senses, w.lang = found, uint8(k)
				return
			}
		}
	}
	if r.typos > 0 && !r.model.known[w.norm] {
		r.typos--
		fixed, found := main.findTypo(w.norm)
		if found == nil {
			fixed, found = main.findSound(w.norm)
		}
		if found != nil {
			w.senses, w.typo = found, true
			w.norm, w.low = fixed, fixed
		}
	}
}
