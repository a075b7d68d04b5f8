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
	if r.li == 2 && len(n.norm) > 4 && n.norm[len(n.norm)-1] == 's' && n.has(cFile, cSay, cRecord, cPart, cGeneric, cLevel, cPicture) {
		return true // "finished 3 reports"
	}
	// A plural noun that the lexicon does not have, however common it is.
	return len(n.senses) == 0 && len(n.norm) > 3 && n.norm[len(n.norm)-1] == 's' && n.norm[len(n.norm)-2] != 's' && !r.model.timeWords[n.norm]
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
