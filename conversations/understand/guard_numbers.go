package understand

// countsOthers reports whether a bare number before word i counts people or things: "4 of our people", "4 pessoas da loja".
func (r *reader) countsOthers(i int) bool {
	n := &r.words[i]
	if (n.is("of") || n.is("de") || n.is("del") || n.is("da") || n.is("do") || n.is("das") || n.is("dos")) && i+1 < len(r.words) {
		return r.words[i+1].has(cMine, cThis, cThey, cDet) && !r.model.timeWords[r.words[i+1].norm]
	}
	if n.has(cOf) || !n.isWord() || n.taken {
		return false
	}
	// A plural noun that the lexicon does not have, however common it is.
	return len(n.senses) == 0 && len(n.norm) > 3 && n.norm[len(n.norm)-1] == 's' && n.norm[len(n.norm)-2] != 's' && !r.model.timeWords[n.norm]
}

// sharesWhatIsLeft reports whether the percentage of a clause is what is still to be done: "faltan 30 %", "30 % left".
func (r *reader) sharesWhatIsLeft(f *facts) bool {
	if len(f.percents) != 1 {
		return false
	}
	at := f.itemOf(itPercent, f.percents[0])
	for i := at - 1; i >= max(f.c.from, at-4); i-- {
		it := &r.items[i]
		if it.has(cLack) || leftWords[r.words[it.from].norm] {
			return true
		}
		if it.has(cAt, cTo, cUntil, cGo, cWith) {
			break
		}
	}
	for i := at + 1; i < min(f.c.to, at+6); i++ {
		it := &r.items[i]
		if w := r.words[it.from].norm; leftWords[w] || w == "to" && i+1 < f.c.to && r.words[r.items[i+1].from].is("go") {
			return true
		}
	}
	return false
}

// leftWords say that something remains.
var leftWords = map[string]bool{
	"left": true, "remaining": true, "remains": true, "remain": true, "restante": true, "restan": true, "resta": true, "restam": true,
	"quedan": true, "restando": true, "outstanding": true,
}

// takesTime reports whether a length of time is taken away: "tira três dias da migração", "take three days off the migration".
func (r *reader) takesTime(f *facts) bool {
	if len(f.shifts) == 0 || f.has(cCancel) {
		return false
	}
	s := f.itemOf(itShift, f.shifts[0])
	for i := f.c.from; i < s; i++ {
		it := &r.items[i]
		if it.anyForm(cRemove)&(mImp|mInf|mLets|mPst1|mP1P) != 0 || takingWords[r.words[it.from].norm] {
			return r.onlyBetween(i+1, s, cDet, cMe, cWe, cTo, cIt, cNoise, cPlease, cYou)
		}
		if it.has(cTake, cCut) && s+1 < f.c.to && (r.words[r.items[s+1].from].is("off") || r.words[r.items[s+1].from].is("out") || r.words[r.items[s+1].from].is("from") || r.words[r.items[s+1].from].has(cOf, cFrom)) {
			return r.onlyBetween(i+1, s, cDet, cMe, cWe, cTo, cIt, cNoise, cPlease, cYou)
		}
	}
	return false
}

var cCut = cRemove

// takingWords take a length of time off and nothing else.
var takingWords = map[string]bool{
	"resta": true, "reste": true, "resten": true, "restale": true, "restenle": true, "restar": true, "restemos": true, "recorta": true,
	"recortale": true, "recortar": true, "descuenta": true, "descuentale": true, "quitale": true, "sacale": true, "subtrai": true, "subtraia": true,
	"diminui": true, "desconta": true, "abate": true, "shave": true, "trim": true, "cut": true, "knock": true, "subtract": true, "deduct": true,
}

// infinitiveLeads reports whether the verb in the infinitive is what the clause asks for, not what a noun or another verb is
// about: "mover el 3 al viernes", not "esa prisa por cerrar el 2".
func (r *reader) infinitiveLeads(f *facts) bool {
	at := f.firstActing()
	for i := f.c.from; i < at; i++ {
		it := &r.items[i]
		if it.kind == itUnknown && len(r.words[it.from].norm) > 2 {
			return false
		}
	}
	if at > f.c.from && r.li != 2 {
		w := &r.words[r.items[at-1].from]
		return !(w.is("por") || w.is("sin") || w.is("sem") || w.is("tras") || w.is("apos")) || at-1 == f.c.from
	}
	return true
}
