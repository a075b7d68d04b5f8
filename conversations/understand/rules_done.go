package understand

func weighDone(f *facts) float64 {
	var w float64
	switch {
	case (f.form(cPass)&mPst3 != 0 && f.has(cAlready) || f.has(cGone)) && f.onMilestone() && f.words <= 4 && !f.dated():
		w = 0.86 // "ya pasó el kickoff"
	case f.has(cFinish, cReady, cClose) || f.form(cSolve)&(mPast|mPart|mAdj|mWord) != 0 || f.check:
		w = 0.93
	case f.form(cBe)&mPst3 != 0 && f.onMilestone() && f.past() && f.words <= 4 && f.unknown == 0 && !f.has(cDue):
		w = 0.86 // "the kickoff was yesterday"
	case f.has(achieving...) && (f.form(achieving...)&(mPast|mPart) != 0 || f.has(cJust)):
		if !f.r.achieved(f) {
			return 0
		}
		w = 0.87
	case f.form(cStay)&mPst3 != 0 && f.onMilestone() && len(f.dates) > 0 && f.past() && f.words <= 6:
		w = 0.86 // "el 2 quedó ayer"
	case f.has(cAlready) && f.onMilestone() && f.words == 1:
		w = 0.85 // "el dos ya"
	case f.has(cBe, cStay) && f.has(cAlready) && f.onMilestone() && f.words <= 6 && f.unknown == 0 && !f.has(cAt) && !f.gerund() && !f.has(cTake, cUnderway):
		w = 0.9 // "ya está el 2", "el 1 ya quedó"
	case f.has(cMark) && f.form(cMark)&(mImp|mInf) != 0 && f.onMilestone():
		w = 0.6
	case f.has(cMark) && f.form(cMark)&(mImp|mInf) != 0 && f.pointed() && f.prior && !f.has(cChange):
		w = 0.9
	default:
		return 0
	}
	switch {
	case f.onMilestone():
	case f.stage:
		return 0
	case f.has(cAll) || f.pointed() || f.prior && f.words <= 5:
		w -= 0.1
	case f.words <= 4 && f.unknown == 0:
		w -= 0.15
	default:
		w -= 0.3
	}
	return w
}

// achieved reports whether a verb of doing has the milestone for its object or subject: "hicimos el kickoff", "se entregó la
// plantilla", "el kickoff fue el martes". A milestone elsewhere in the clause is not what was done.
func (r *reader) achieved(f *facts) bool {
	if len(f.ms) == 0 {
		return f.prior && f.words <= 5 && !r.namesSomethingElse(f)
	}
	for i := f.c.from; i < f.c.to; i++ {
		it := &r.items[i]
		if m := it.anyForm(achieving...); m&(mPast|mPart) == 0 && !(m&mInf != 0 && f.has(cJust)) {
			continue
		}
		for _, m := range f.ms {
			k := f.itemOf(itMilestone, m)
			if k >= 0 && k < i && r.standsIn(f, k) {
				continue // "en la capacitación hubo …"
			}
			if k > i && r.onlyBetween(i+1, k, cDet, cTo, cAlready, cAll, cEvery, cEveryone, cMine, cOn, cLast, cOf, cGeneric, cNoise, cUntil) {
				return true
			}
			if k < i && r.onlyBetween(k+1, i, cRefl, cBe, cStay, cHave, cAlready, cAlso, cIt, cDet, cAll, cNoise, cYou, cWe, cNow) {
				return true
			}
		}
	}
	return false
}

var cOn = cAt

// standsIn reports whether a preposition of place stands before the milestone at item k.
func (r *reader) standsIn(f *facts, k int) bool {
	for j := k - 1; j >= f.c.from && j >= k-2; j-- {
		if r.items[j].has(cAt, cWith) && !r.items[j].has(cOf) {
			return true
		}
		if !r.items[j].has(cDet) {
			return false
		}
	}
	return false
}

// onlyBetween reports whether every item of a stretch has one of the concepts, or is a day or a person.
func (r *reader) onlyBetween(from, to int, cs ...concept) bool {
	for i := from; i < to; i++ {
		it := &r.items[i]
		if it.kind == itDate || it.kind == itPunct && (r.words[it.from].norm == "," || r.words[it.from].norm == ":") || it.kind == itPerson {
			continue
		}
		if !it.has(cs...) {
			return false
		}
	}
	return true
}

// completing are words that say by themselves that something is complete; achieving ones only in the past and right beside
// the milestone that is their object.
var completing = []concept{cFinish, cReady, cClose, cSolve}

var achieving = []concept{cDeliver, cSend, cDo, cSign, cAchieve, cHappen, cGoLive, cGive}
