package understand

// dependants reports whether two milestones stand on the two sides of item i.
func (f *facts) dependants(i int) bool {
	before, after := 0, 0
	for _, m := range f.ms {
		if k := f.itemOf(itMilestone, m); k < i {
			before++
		} else {
			after++
		}
	}
	return before > 0 && after > 0
}

func weighUndepend(f *facts) float64 {
	if len(f.ms) < 2 {
		return 0
	}
	switch {
	case f.has(cDepend) && f.form(cRemove, cCancel)&(mImp|mInf|mLets) != 0:
		return 0.97
	case f.has(cUnlink):
		return 0.95
	case f.has(cWait) && f.has(cNoMore):
		return 0.92
	case f.has(cDependN) && f.has(cRemove, cCancel):
		return 0.96
	case f.has(cDepend) && f.has(cNoMore):
		return 0.96
	case f.has(cDepend) && f.has(cNot) && f.has(cMore):
		return 0.96
	case f.has(cAfter) && !f.dated() && f.between(cAfter) && (f.has(cNoMore) || f.has(cNot) && f.has(cMore) || f.leavesPlan()):
		return 0.97 // "el 8 ya no va después de la migración"
	}
	return 0
}

// between reports whether a word of the concept stands between the first and the last milestone.
func (f *facts) between(c concept) bool {
	i := f.at(c)
	return i > f.itemOf(itMilestone, f.ms[0]) && i < f.itemOf(itMilestone, f.ms[len(f.ms)-1])
}

// leavesPlan reports whether a fixed expression with a negation ("ya no va", "não vai mais") made the clause a cancellation.
func (f *facts) leavesPlan() bool {
	i := f.at(cCancel)
	return i >= 0 && f.r.items[i].to-f.r.items[i].from > 1
}

func weighDepend(f *facts) float64 {
	if len(f.ms) < 2 || f.has(cNot, cNoMore) && f.has(cDepend) || f.has(cDepend) && f.form(cRemove)&(mImp|mInf) != 0 {
		return 0
	}
	switch {
	case f.has(cMust) && f.has(cBefore) && f.has(cReady, cFinish, cBe, cClose) && !f.dated() && !f.asked():
		return 0.94
	case f.has(cNot) && f.has(cStart) && f.has(cUntil) && !f.dated() && !f.asked() && f.form(cStart)&(mImp|mInf|mSubj|mP3) != 0:
		return 0.94
	case f.r.li == 2 && f.form(cBlock)&(mPart|mAdj) != 0 && f.has(cUntil) && f.at(cBlock) < f.at(cUntil) && f.dependants(f.at(cUntil)) && !f.dated() && !f.asked():
		return 0.95 // "7 is blocked until 6 is done"
	case f.has(cWait) && f.has(cMake):
		return 0.92
	case f.has(cWait) && !f.has(cNoMore, cNot) && f.words <= 7 && f.unknown == 0 && f.dependants(f.at(cWait)) && !f.dated() && !f.asked():
		return 0.88
	case f.has(cOnly) && f.has(cStart, cDo, cGo) && f.has(cIf, cWhen, cAfter) && !f.dated():
		return 0.95
	case f.has(cAfter) && f.dependants(f.at(cAfter)) && f.words <= 4 && f.unknown == 0 && f.only2(cAfter, cDet, cOf, cAlso):
		return 0.85
	case f.form(cNeed)&mP3 != 0 && f.dependants(f.at(cNeed)) && f.words <= 3 && f.unknown == 0 && !f.asked():
		return 0.9
	case f.has(cDepend) && (f.dependants(f.at(cDepend)) || f.r.firstTelling(f.c.from, f.c.to) < f.c.to):
		return 0.95
	case f.has(cDependN) && f.form(cAdd, cPut, cNew, cMake)&(mImp|mInf|mWord) != 0:
		return 0.93
	case f.has(cWait) && f.has(cMust) && f.dependants(f.at(cWait)) && !f.asked():
		return 0.9
	case f.form(cNeed)&mP3 != 0 && f.dependants(f.at(cNeed)) && f.has(cFinish, cReady, cBefore, cClose) && !f.asked():
		return 0.95
	case f.has(cWait) && f.has(cMust) && f.dependants(f.at(cWait)) && !f.dated() && !f.asked():
		return 0.94 // "el 7 tiene que esperar al 6"
	case f.has(cAfter) && f.dependants(f.at(cAfter)) && f.form(cMove, cLater, cSooner)&(mImp|mInf|mLets) == 0 && !f.dated() &&
		f.has(cGo, cBe, cStart, cDo, cPut, cStay, cLeave, cPass):
		return 0.93
	case f.has(cBefore) && f.dependants(f.at(cBefore)) && f.has(cGo, cMust) && !f.dated():
		return 0.6
	}
	return 0
}

// only2 reports whether every word of the clause has one of the concepts; milestones do not count.
func (f *facts) only2(cs ...concept) bool {
	for i := f.c.from; i < f.c.to; i++ {
		it := &f.r.items[i]
		if it.kind == itWord && !it.has(cs...) || it.kind == itUnknown {
			return false
		}
	}
	return true
}
