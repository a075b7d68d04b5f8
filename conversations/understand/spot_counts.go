package understand

// Numbers that count or open something, told from those of milestones.

// isSubjectAt reports whether the number at i is what the verb behind it tells of: "por la mudanza de oficina el 4 se pasa al
// lunes", "because of the relocation 4 moves to Monday".
func (r *reader) isSubjectAt(i int, det bool) bool {
	if r.place.byKeyMissing(r.words[i].norm) || i+1 >= len(r.words) || i == 0 || startsUpper(r.words[i-1].raw) || !det && r.li != 2 {
		return false
	}
	n := &r.words[i+1]
	if !det && r.words[i-1].has(cVersion, cDay, cInvoice, cAction, cRisk, cIssue, cSupport, cStage, cMeeting) {
		return false
	}
	if n.has(cRefl) {
		return i+2 < len(r.words) && r.words[i+2].has(acting...)
	}
	for _, s := range n.senses {
		if (isActing(s.c) || isOneOf(s.c, []concept{cGo, cStay, cNeed})) && s.m&(mP3|mFut|mPst3) != 0 && s.m&mWord == 0 {
			return true
		}
	}
	return r.li == 2 && (n.has(cWill) || n.has(cBe) && i+2 < len(r.words) && r.words[i+2].has(cReady, cFinish, cBlock, cAlready, cNow))
}

// countsOf reports whether the number at i belongs to "3 out of 4", "3 de cada 4", "3 de 4", "3/4" of things.
func (r *reader) countsOf(i int) bool {
	k := i + 1
	if k < len(r.words) && r.words[k].is("out") {
		k++
	}
	if k+1 < len(r.words) && r.words[k].has(cOf) && !r.words[k].has(cTo) {
		k++
		if r.words[k].is("cada") || r.words[k].is("every") {
			k++
		}
		if k < len(r.words) && r.words[k].num > r.words[i].num && k+1 < len(r.words) && r.words[k+1].kind == tokWord && !r.model.timeWords[r.words[k+1].norm] && r.words[i].num > 0 && !(i > 0 && r.words[i-1].has(cDet)) {
			return true
		}
	}
	k = i - 1
	if k >= 0 && (r.words[k].is("cada") || r.words[k].is("every")) {
		k--
	}
	if k > 0 && r.words[k].has(cOf) && !r.words[k].has(cTo) {
		k--
		if r.words[k].is("out") {
			k--
		}
		return k >= 0 && r.words[k].num > 0 && r.words[k].num < r.words[i].num && i+1 < len(r.words) && r.words[i+1].kind == tokWord && len(r.words[i+1].senses) == 0
	}
	return false
}

// oneOfOthers reports whether the number counts into a list of other things: "el 1 de la lista de proveedores".
func (r *reader) oneOfOthers(i int) bool {
	k := i + 1
	if k+1 >= len(r.words) || r.words[k].taken || !r.words[k].has(cOf) || r.words[k].has(cTo) {
		return false
	}
	k++
	if r.words[k].has(cDet) && !r.words[k].taken {
		k++
	}
	if k >= len(r.words) || r.words[k].taken || !r.words[k].isWord() {
		return false
	}
	return r.words[k].has(cList, cFile, cPending) && k+1 < len(r.words) && r.words[k+1].has(cOf)
}

// opensPair reports whether "el 6 al 2 de abril" stands at the start of a clause, where no range of days has anything to be of.
func (r *reader) opensPair(from, i int) bool {
	if w := &r.words[from]; !w.is("el") && !w.is("o") && !w.is("al") {
		return false
	}
	if from > 0 && !r.startsClause(from-1) && r.words[from-1].norm != "," && !r.words[from-1].has(cAnd) {
		return false
	}
	next := &r.words[i+1]
	return next.has(cTo) && !next.has(cUntil) && i+2 < len(r.words) && (r.words[i+2].num > 0 || r.words[i+2].kind == tokMixed || r.model.timeWords[r.words[i+2].norm] || r.words[i+2].has(cDet))
}
