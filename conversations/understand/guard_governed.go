package understand

// settleGoverned asks about a verb that another word only speaks about: "se habló de cancelar el piloto", "thinking of handing 7
// to Dana", "mover el 6 al 3 de abril sería un error". A request's infinitive stands alone or behind a word of wanting.
func (r *reader) settleGoverned(fr *Frame, f *facts) {
	if !fr.Stance.Acts() || !governable[fr.Intent] && fr.Intent != Block || f.c.head != None {
		return
	}
	if r.isGoverned(f) || r.onlyMentioned(f) {
		fr.Confidence = min(fr.Confidence, asking)
		fr.Why = append(fr.Why, Feature{Name: "governed", Weight: -1})
	}
	if r.othersPropose(f) {
		fr.Stance = Quotation
	}
	if fr.Intent == Move && r.onlyFor(f) {
		fr.Confidence = min(fr.Confidence, misread)
		fr.Why = append(fr.Why, Feature{Name: "governed", Weight: -1})
	}
}

// othersPropose reports whether somebody else proposes: "propusieron pasar el 6", "they proposed moving 6".
func (r *reader) othersPropose(f *facts) bool {
	m := f.form(cPropose)
	if f.r.scene.Proposals > 0 && f.has(cAccept, cReject, cAcceptWeak, cRejectWeak) && f.at(cPropose) > f.firstActing() {
		return false // "apruebo el cambio de fecha que pidió Dana"
	}
	if f.onMilestone() && len(f.dates) > 0 && f.lastDay() < f.at(cPropose) {
		return false // "o go live vai pra 11 de maio, o cliente pediu mais tempo" gives the reason
	}
	if m&(mPst3|mP3) == 0 || m&(mP1S|mP1P|mImp) != 0 {
		return false
	}
	if m&mPst1 == 0 {
		return true
	}
	for i := f.c.from; i < f.at(cPropose); i++ {
		if r.items[i].kind == itPerson || r.items[i].has(cThey) {
			return true
		}
	}
	return false
}

// onlyMentioned reports whether the milestone and what is said of it hang on another verb that is not known: "discutieron por el
// 4 bloqueado", "brigaram por causa do 4 travado".
func (r *reader) onlyMentioned(f *facts) bool {
	at := f.firstActing()
	if at >= f.c.to || len(f.ms) == 0 || r.mainForm(f)&^(mPart|mAdj) != 0 {
		return false
	}
	first := f.itemOf(itMilestone, f.ms[0])
	if first > at || first < 0 {
		return false
	}
	for i := f.c.from; i+1 < first; i++ {
		if r.items[i].kind != itUnknown || len(r.words[r.items[i].from].norm) < 4 {
			continue
		}
		n := &r.items[i+1]
		if w := &r.words[n.from]; n.has(cBecause, cWith) || w.is("por") || w.is("sobre") || w.is("about") || w.is("over") || w.is("with") || w.is("con") || w.is("com") {
			return true
		}
	}
	return false
}

// governable are the intents that are asked for in the infinitive.
var governable = map[Intent]bool{
	Move: true, Done: true, Start: true, Cancel: true, Reopen: true, Assign: true, Rename: true, Accept: true, Reject: true, Unblock: true,
	Depend: true, Undepend: true, Snooze: true, CloseProject: true, PauseProject: true,
}

// wanting are the concepts that may stand before the infinitive of what is wanted, or that are no more than fillers.
var wanting = []concept{
	cCan, cWant, cNeed, cLet, cPlease, cNoise, cYou, cMe, cWe, cIt, cThis, cMust, cGoing, cWill, cJust, cTo, cThat, cAlready, cNow, cDet, cOf,
	cAlso, cAnd, cHello, cYes, cThen, cBe, cGo, cHave, cRefl, cBetter, cThanks, cFor, cAt, cWith, cAll, cBecause, cHow, cSo, cAgain, cNot, cNo,
	cPropose, cAs, cConfirm, cGeneric, cMilestone, cStage, cUnit, cOnly, cBut, cUntil, cBefore, cSoon, cMine, cEveryone, cStill, cDue, cFrom,
}

// isGoverned reports whether the clause's verb has no finite form of its own and belongs to another word.
func (r *reader) isGoverned(f *facts) bool {
	at := f.firstActing()
	if at >= f.c.to {
		return false
	}
	var m morph
	for _, s := range r.items[at].senses {
		if isActing(s.c) {
			m |= s.m
		}
	}
	verbal := m != 0 && m&^(mInf|mGer|mSubj|mClitic|mMe) == 0 && m&(mInf|mGer) != 0
	if r.li == 2 {
		verbal = m == mGer || m&mInf != 0 && at > f.c.from && r.words[r.items[at-1].from].is("to")
	}
	if !verbal {
		return false
	}
	for i := min(r.openingEnd(f.c), at); i < at; i++ {
		it := &r.items[i]
		switch it.kind {
		case itUnknown:
			if len(r.words[it.from].norm) > 2 {
				return true
			}
		case itWord:
			if !it.has(wanting...) {
				return true
			}
		}
	}
	return r.isSubject(f, at)
}

// isSubject reports whether something is said about doing it: "cerrar el 2 hoy es imposible".
func (r *reader) isSubject(f *facts, at int) bool {
	for i := f.c.from; i < at; i++ {
		if r.items[i].has(cBe, cCan, cWant, cNeed, cMust, cLet) {
			return false
		}
	}
	for i := at + 1; i < f.c.to; i++ {
		it := &r.items[i]
		if it.has(cBecause, cThat, cIf) {
			return false
		}
		if it.kind == itWord && it.anyForm(cBe)&(mP3|mCond|mFut|mImpf|mPst3) != 0 && !it.has(cAnd) {
			return true
		}
	}
	return false
}

// aboutWord reports whether item k says what something is about: "the report on 4", "el informe sobre el 4".
func (r *reader) aboutWord(k int) bool {
	switch r.words[r.items[k].from].norm {
	case "for", "about", "regarding", "on", "sobre":
		return true
	}
	return false
}

// headNounOf returns the item of the noun that governs a milestone, "la carpeta del 3", "the report for 6", or -1.
func (r *reader) headNounOf(f *facts, m int) int {
	i := f.itemOf(itMilestone, m)
	k := i - 1
	if i >= 0 && r.words[r.items[i].from].has(cOf) {
		k = i
	} else if k > f.c.from && r.items[k].has(cDet) && !r.items[k].has(cOf) {
		k--
	}
	if k <= f.c.from || k < i && !r.items[k].has(cOf) && !r.aboutWord(k) {
		return -1
	}
	n := k - 1
	if n > f.c.from && r.items[n-1].has(cDet, cMine, cThis) || n == f.c.from && r.items[n].kind == itUnknown {
		return n
	}
	return -1
}

// moving are the concepts of which one has to be there for something to go to another day when the milestone hangs on another word.
var moving = []concept{
	cMove, cLater, cSooner, cPass, cPut, cLeave, cChange, cGive, cPropose, cDue, cCan, cWant, cNeed, cMust, cAdd, cTake, cMake, cMore, cInstead, cBetter, cSend, cLet,
}

// onlyFor reports whether the milestone is but what something else is for, and nothing is moved: "Mum's praying for our launch on the
// 4th", "rezando pela virada do dia 4".
func (r *reader) onlyFor(f *facts) bool {
	if len(f.ms) == 0 || f.has(moving...) {
		return false
	}
	k := f.itemOf(itMilestone, f.ms[0]) - 1
	for k > f.c.from && r.items[k].has(cDet, cMine) && !r.items[k].has(cFor) && r.items[k].kind == itWord {
		k--
	}
	if k <= f.c.from || !r.items[k].has(cFor) && !r.words[r.items[k].from].is("pela") && !r.words[r.items[k].from].is("pelo") || r.items[k].has(cTo) {
		return false
	}
	for i := f.c.from; i < k; i++ {
		if r.items[i].kind == itUnknown {
			return true
		}
	}
	return false
}
