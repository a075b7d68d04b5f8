package understand

// bareReason returns the item behind which a statement without a joint says why something goes to the day before it: "pasa el 6 al 6
// de abril porfa el proveedor no contesta", "bump training to apr 8 the room got double booked"; -1 for none.
func (r *reader) bareReason(f *facts) int {
	at := f.lastDay()
	for _, s := range f.shifts {
		at = max(at, f.itemOf(itShift, s))
	}
	if at < 0 || f.c.question || len(f.ms) == 0 {
		return -1
	}
	for at+1 < f.c.to && r.items[at+1].kind == itWord && r.items[at+1].has(cPlease) {
		at++
	}
	from := at + 1
	if w := &r.words[r.items[min(from, f.c.to-1)].from]; w.is("q") || w.is("que") {
		from++
	}
	if !r.statesOfItself(from, f.c.to) {
		return -1
	}
	return at
}

// statesOfItself reports whether a stretch is a statement with a subject of its own and a verb in the third person, without a day,
// a milestone or anything asked: "the vendor isn't answering", "el servidor se quedó sin disco".
func (r *reader) statesOfItself(from, to int) bool {
	if to-from < 3 || r.items[from].kind != itWord || !r.items[from].has(cDet, cMine) || r.items[from].has(cTo, cOf, cAt) || r.hasValue(from, to) || r.countKind(from, to, itMilestone) > 0 {
		return false
	}
	if r.anyConcept(from, to, cIf, cWhen, cUntil, cWhat, cWho, cBut) {
		return false
	}
	for i := from + 2; i < to && i <= from+6 && r.items[i].kind != itPunct; i++ {
		it := &r.items[i]
		if it.kind != itWord || it.typo {
			continue
		}
		if it.has(cNot) {
			return true
		}
		for _, s := range it.senses {
			if s.m&(mP3|mPst3|mImpf) != 0 && s.m&(mInf|mWord) == 0 {
				return true
			}
		}
	}
	return false
}

// statesOfPart reports whether a stretch states how something is that only shares a word with a milestone: "o ambiente de teste tá
// instável".
func (r *reader) statesOfPart(from, to int) bool {
	if to-from < 4 || !r.items[from].has(cDet) || r.hasValue(from, to) || r.items[from+1].kind != itMilestone {
		return false
	}
	if ref := &r.refs[r.items[from+1].at]; ref.number || !r.items[from+2].has(cOf) {
		return false
	}
	for i := from + 3; i+1 < to; i++ {
		if r.items[i].anyForm(cBe)&(mP3|mImpf) != 0 && (r.items[i+1].kind == itUnknown || r.items[i+1].has(cNot)) {
			return true
		}
	}
	return false
}

// reasonsOfTalk gives the frames that the model wished for the statement behind them, which the rules took for talk.
func (r *reader) reasonsOfTalk(frames []Frame) {
	for i := range frames {
		fr := &frames[i]
		k := r.clauseOf(fr)
		if !explained(fr) || k < 0 || k+1 >= len(r.clauses) {
			continue
		}
		if c := &r.clauses[k+1]; r.statesOfItself(c.from, c.to) && fr.End <= r.words[r.items[c.from].from].start {
			fr.Slots.Reason = trimReason(r.text[r.words[r.items[c.from].from].start:r.words[r.items[c.to-1].to-1].end])
		}
	}
}

// statedBeside reports whether a frame's clause is a statement of its own, whatever its verb could order: "…, the proxy drops every
// request".
func (r *reader) statedBeside(fr *Frame) bool {
	k := r.clauseOf(fr)
	return k >= 0 && r.clauses[k].joint && (r.statesOfItself(r.clauses[k].from, r.clauses[k].to) || r.statesOfPart(r.clauses[k].from, r.clauses[k].to))
}
