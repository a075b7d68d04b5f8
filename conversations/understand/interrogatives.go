package understand

// interrogatives are concepts whose words also join sentences: "que", "como", "quando", "when".
var interrogatives = []concept{cWhat, cWhen, cWho, cHow, cWhich, cHowMuch, cWhere}

// settleInterrogatives keeps the asking sense of a word only where it can ask: written with its accent, at the start of a
// sentence, or in a sentence that ends with a question mark and not behind a verb.
func (r *reader) settleInterrogatives() {
	for i := range r.words {
		w := &r.words[i]
		if !w.has(interrogatives...) || r.mayAskAt(i) {
			continue
		}
		kept := make([]sense, 0, len(w.senses))
		for _, s := range w.senses {
			if !isOneOf(s.c, interrogatives) {
				kept = append(kept, s)
			}
		}
		w.senses = kept
	}
}

func isOneOf(c concept, list []concept) bool {
	for _, x := range list {
		if x == c {
			return true
		}
	}
	return false
}

func (r *reader) mayAskAt(i int) bool {
	w := &r.words[i]
	if w.low != w.norm {
		return true
	}
	k := i - 1
	for k >= 0 && (r.words[k].has(cTo, cFor, cOf, cWith, cUntil, cFrom, cAt, cNoise, cHello, cDet, cAnd, cThanks) || r.words[k].kind == tokMention) {
		k--
	}
	if k < 0 || r.startsClause(k) || r.words[k].norm == "," || r.words[k].raw == "¿" || r.words[k].kind == tokEmoji {
		return true
	}
	return r.li == 2 && r.asksLater(i) && !r.words[k].has(acting...) && k < 3
}

func (r *reader) asksLater(i int) bool {
	for ; i < len(r.words); i++ {
		if r.words[i].norm == "?" {
			return true
		}
	}
	return false
}

// protected are the concepts whose fixed expressions hold words that could be taken for a milestone's name.
var protected = []concept{cScope, cChangeN, cRole, cSupport, cStart, cUnderway, cGoLive, cUnblock, cDigest, cMeeting, cPass, cConvene, cBecause}

// protectPhrases marks the words of such expressions, so that no name is read into them.
func (r *reader) protectPhrases() {
	none := map[int]entity{}
	for i := 0; i < len(r.words); i++ {
		if !r.words[i].isWord() {
			continue
		}
		it, ok := r.phraseAt(i, none)
		if !ok || it.to-it.from < 2 || it.to-it.from < 4 && !it.has(protected...) || r.isOwnName(it.from, it.to) {
			continue
		}
		for k := it.from; k < it.to; k++ {
			r.words[k].fixed = true
		}
		i = it.to - 1
	}
}

// isOwnName reports whether the words are a whole name or alias in the plan, or are written as one ("kick-off").
func (r *reader) isOwnName(from, to int) bool {
	var stems []string
	for i := from; i < to; i++ {
		if r.words[i].norm == "-" {
			return true
		}
		if r.words[i].isWord() && !stopWords[r.words[i].norm] {
			stems = append(stems, stem(r.words[i].norm))
		}
	}
	return r.fullName(stems)
}

// asksHowLikely reports whether a question asks if something may happen rather than for it: "¿es posible que el piloto pase al 30?", "is
// it possible that the pilot moves?".
func (f *facts) asksHowLikely() bool {
	i := f.at(cCan)
	if i < 0 || i+1 >= f.c.to || !f.c.question || !f.r.items[i+1].has(cThat) {
		return false
	}
	switch first := &f.r.words[f.r.items[i].from]; f.r.words[f.r.items[i].to-1].norm {
	case "posible", "possivel", "possible":
		return first.is("es") || first.is("e") || first.is("is")
	}
	return false
}
