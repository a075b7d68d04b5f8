package understand

// settleMood takes the stance back from what a turn of the message unsays: "en cuanto llegue el archivo, cierra el 2",
// "tendríamos que haber movido el go live", "2 is done... not". It comes after everything else, because what it finds may
// stand in another clause of the sentence.
func (r *reader) settleMood(fr *Frame, f *facts) {
	if !fr.Intent.Changes() || f.c.head != None {
		return
	}
	from, to := r.sentenceOf(f.c)
	reason := r.reasonAt(f)
	for i := range r.turns {
		t := &r.turns[i]
		if reason >= 0 && t.from >= reason && t.from < f.c.to || r.inFreeText(t.from) || !fr.Stance.Acts() {
			continue
		}
		if s := r.moodStance(t, fr, f, from, to); s != "" {
			fr.Stance = s
			fr.Why = append(fr.Why, Feature{Name: "mood:" + moodNames[t.mood], Weight: -1})
		}
	}
}

// sentenceOf returns the items of the clause's sentence, its closing mark included.
func (r *reader) sentenceOf(c *clause) (from, to int) {
	to = c.to
	for to < len(r.items) && !r.isEnd(to) && r.items[to].kind != itBreak {
		to++
	}
	for to < len(r.items) && r.isEnd(to) {
		to++
	}
	return c.sentence, to
}

// inFreeText reports whether an item belongs to a risk, a note, minutes.
func (r *reader) inFreeText(i int) bool {
	for k := range r.clauses {
		if c := &r.clauses[k]; c.head != None && i >= c.from && i < c.to {
			return true
		}
	}
	return false
}

// moodStance is the stance that the turn leaves to the frame, "" when it does not touch it.
func (r *reader) moodStance(t *turn, fr *Frame, f *facts, from, to int) Stance {
	here := t.from >= f.c.from && t.from < f.c.to || t.from < f.c.from && t.to > f.c.from
	inSentence := t.from >= from && t.from < to
	leads := here && t.from <= f.firstActing()
	switch t.mood {
	case moodCondition:
		if inSentence && !conditional[fr.Intent] && (t.from < f.c.to || !r.coordinated(f.c.to, t.from)) {
			return Hypothesis
		}
	case moodPast, moodWish:
		if leads {
			return Hypothesis
		}
	case moodHearsay:
		if explained(fr) && here && r.anyConcept(t.from, t.to, cPropose) && f.toDate() && f.lastDay() < t.from {
			return "" // "vai pra 11 de maio, o cliente pediu mais tempo" gives the reason
		}
		before := inSentence && t.from < f.c.from && !r.orderFirst(f)
		behind := inSentence && t.from >= f.c.to && fr.Stance == Report && to-t.from <= 5 &&
			!(explained(fr) && r.anyConcept(t.from, t.to, cPropose)) // "…, o cliente pediu mais tempo" gives the reason
		if leads && (!r.orderFirst(f) || t.from <= f.firstActing() && t.to > f.firstActing()) || before || behind {
			return Quotation
		}
	case moodDenial:
		aside := inSentence && t.from < f.c.from && t.to < len(r.items) && r.items[t.to].kind == itPunct
		if deniable[fr.Intent] && (leads || aside) && !(fr.Intent == Move && (f.notUntil() || f.has(cInstead))) {
			return Negation
		}
	case moodRetraction:
		if t.from >= f.c.from && !takesBack[fr.Intent] && (fr.Stance == Report || r.items[t.from].kind == itPunct) {
			return Negation
		}
	case moodTag:
		if inSentence && t.to > f.c.from && !r.orderFirst(f) && (fr.Stance == Report || fr.Intent == Accept) {
			return Question
		}
	case moodLater:
		if here && reported[fr.Intent] && r.mainForm(f)&(mPast|mPart|mAdj) == 0 && !f.has(cAlready, cReady) {
			return Intention
		}
	}
	return ""
}

// conditional are the intents whose own words are those of a condition.
var conditional = map[Intent]bool{Block: true, Depend: true, Undepend: true, Snooze: true, DigestSchedule: true, SetWarranty: true}

// deniable are the intents that a denial can hardly be part of.
var deniable = map[Intent]bool{
	Done: true, Start: true, Progress: true, Move: true, Cancel: true, Reopen: true, Accept: true, Assign: true, Rename: true, Add: true,
	CloseEntry: true, Unblock: true, InvoicePaid: true, Block: false,
}

// takesBack are the intents that themselves take something back.
var takesBack = map[Intent]bool{Undo: true, Reopen: true, Cancel: true, Unblock: true, Undepend: true}

// reported are the intents that say that something has happened.
var reported = map[Intent]bool{Done: true, Start: true, Progress: true, Unblock: true, Accept: true, Reject: true, CloseEntry: true, InvoicePaid: true}

// coordinated reports whether "and" or "but" stands between two items.
func (r *reader) coordinated(from, to int) bool {
	for i := from; i <= to && i < len(r.items); i++ {
		if r.items[i].has(cAnd, cBut) && r.items[i].kind == itWord {
			return true
		}
	}
	return false
}

// recalls reports whether a free text without a colon is asked about or pointed back at rather than given: "aquela decisão da
// quinta, lembram?", "that risk from Monday?".
func (r *reader) recalls(f *facts) bool {
	colon, points := false, false
	for i := f.c.from; i < f.c.text && i < len(r.items); i++ {
		it := &r.items[i]
		colon = colon || it.kind == itPunct && r.words[it.from].norm == ":"
		switch w := &r.words[it.from]; w.norm {
		case "aquel", "aquella", "aquellos", "aquellas", "aquele", "aquela", "aqueles", "aquelas", "esa", "ese", "essa", "esse", "that", "those":
			points = points || i < f.c.text-1 // "we decided that …" only joins
		}
	}
	if colon || f.c.text >= f.c.to || f.has(cCan) {
		return false
	}
	end := f.c.to
	asks := end < len(r.items) && r.items[end].kind == itPunct && r.words[r.items[end].from].norm == "?" ||
		r.items[end-1].kind == itPunct && r.words[r.items[end-1].from].norm == "?"
	return points && !f.has(cAdd, cRecord, cNote) || asks && !f.has(cAdd, cRecord, cNote, cNew)
}
