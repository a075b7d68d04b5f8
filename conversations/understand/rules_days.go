package understand

// weighTakeDays reads "réstale tres días a la migración", "take three days off the migration".
func weighTakeDays(f *facts) float64 {
	if !f.onMilestone() || len(f.shifts) == 0 || f.asked() && !f.has(cCan) || f.has(cReminder, cMeeting) {
		return 0
	}
	if f.form(cMinus, cRemove, cTake)&(mImp|mInf|mLets|mSubj) != 0 && f.daysAreObject() {
		return 0.97
	}
	return 0
}

// daysAreObject reports whether the length of time stands right behind the verb that takes it away.
func (f *facts) daysAreObject() bool {
	i := f.itemOf(itShift, f.shifts[0])
	for k := i - 1; k >= f.c.from && k >= i-3; k-- {
		it := &f.r.items[k]
		if it.has(cMinus, cRemove) || it.has(cTake) && f.r.li == 2 {
			return true
		}
		if !it.has(cDet, cIt, cMe, cPlease) && it.kind != itMilestone {
			return false
		}
	}
	return false
}

func buildMoveShifted(r *reader, f *facts, fr *Frame, last *Frame) {
	buildMove(r, f, fr, last)
	if d := f.correctedDay(); d >= 0 {
		dated := r.dates[d].Dated
		fr.Slots.Date, fr.Slots.Shift, fr.Ambiguous, fr.Stance = &dated, nil, nil, Report
		if f.asked() {
			fr.Stance = Request
		}
	}
	if fr.Slots.Shift != nil && len(f.shifts) > 0 && f.has(cMinus, cRemove, cTake) && f.form(cTake)&mFut == 0 && !f.has(cLater, cMove, cWill, cNeed) && f.daysAreObject() {
		s := *fr.Slots.Shift
		s.Negative = true
		fr.Slots.Shift = &s
	}
	if len(f.ms) == 0 && f.placesOnly() && !f.has(cMove, cLater, cSooner, cPass, cPut) && last != nil && last.Intent != Move && last.Intent != Chatter && last.Intent != Status && last.Intent != List {
		fr.Confidence = min(fr.Confidence, 0.5)
	}
}

// placesOnly reports whether the clause does nothing but put on a day what was named before it: "fica pro dia sete de abril",
// "make it the seventh", "que sea el 1 de abril".
func (f *facts) placesOnly() bool {
	if len(f.dates) != 1 || f.unknown > 0 || f.asked() && !f.has(cCan) && !f.weAsk() || f.has(cNot) || len(f.people) > 0 {
		return false
	}
	i := f.itemOf(itDate, f.dates[0])
	if i <= f.c.from {
		return false
	}
	for k := f.c.from; k < f.c.to; k++ {
		it := &f.r.items[k]
		if it.kind == itDate || it.kind == itPunct || it.kind == itEmoji {
			continue
		}
		if it.kind != itWord || !it.has(cPut, cMake, cStay, cGo, cBe, cDo, cLeave, cIt, cThis, cTo, cFor, cDet, cBetter, cNow, cAlready, cThat, cPlease, cNoise, cAt, cOf, cUntil, cDay, cRefl, cLet, cPass, cMove) {
			return false
		}
	}
	return true
}

// weAsk reports whether the question only asks for assent to what "we" do: "¿lo dejamos para el 18?".
func (f *facts) weAsk() bool {
	return f.r.li != 2 && f.c.question && f.form(cPut, cMake, cLeave, cDo, cPass, cMove)&(mP1P|mLets) != 0 && !f.has(cWhat, cWhen, cWho, cWhy, cHow)
}

func weighPlaced(f *facts) float64 {
	if !f.prior || f.onMilestone() || !f.placesOnly() || !f.datedAhead() {
		return 0
	}
	if f.form(cPut, cMake, cLeave, cDo, cPass, cMove)&(mImp|mInf|mLets|mSubj) != 0 || f.weAsk() || f.form(cStay, cGo)&mP3 != 0 && f.form(cStay, cGo)&mPast == 0 || f.form(cBe)&mSubj != 0 || f.has(cBetter) {
		return 0.83
	}
	return 0
}

// weighHaveOn reads English "have the scope on the 18th".
func weighHaveOn(f *facts) float64 {
	i := f.r.firstTelling(f.c.from, f.c.to)
	if f.r.li != 2 || i >= f.c.to || !f.r.words[f.r.items[i].from].is("have") || len(f.ms) != 1 || !f.datedAhead() || f.asked() || f.unknown > 0 || f.form(acting...)&(mPart|mPast|mAdj) != 0 || f.has(cNot, cMeeting, cMe, cWe, cThey) {
		return 0
	}
	return 0.85
}

// weighInstead reads "migration on Monday the 30th instead", "mejor la capacitación el lunes 6".
func weighInstead(f *facts) float64 {
	if len(f.ms) == 1 && len(f.dates) == 1 && f.datedAhead() && f.has(cInstead, cBetter) && !f.asked() && f.unknown == 0 && len(f.people) == 0 && !f.has(cFinish, cReady, cClose, cStart, cNot, cMeeting, cRemind, cAccept) {
		return 0.88
	}
	return 0
}

// weighNowEnds reads "la fase piloto ahora termina el 30 de abril", "pilot phase now ends on April 30".
func weighNowEnds(f *facts) float64 {
	if len(f.ms) == 1 && len(f.dates) == 1 && f.datedAhead() && f.has(cNow) && f.form(cFinish, cClose, cStart, cHappen)&mP3 != 0 && f.form(cFinish, cClose, cStart, cHappen)&(mPart|mAdj) == 0 && !f.asked() && !f.has(cNot, cIf, cSay) {
		return 0.95
	}
	return 0
}

// weighRedated reads "cambia la fecha del 5", "change 5's date", whose day stands in the next clause.
func weighRedated(f *facts) float64 {
	if f.onMilestone() && f.has(cDue) && !f.dated() && f.form(cChange, cMove)&(mImp|mInf|mLets|mP1P) != 0 && !f.has(cAccept, cReject, cWhy, cWho, cWhen, cNot, cProposal) {
		return 0.9
	}
	return 0
}

// weighMayLand reads "would you mind if 7 landed on April 8?", "¿te parece si el 7 queda para el 8 de abril?".
func weighMayLand(f *facts) float64 {
	if f.has(cCan) && f.c.question && f.onMilestone() && f.datedAhead() && f.has(cStay, cGo, cBe, cLeave, cPut, cPass) && !f.has(cWhen, cWho, cFinish, cReady, cClose, cStart) && !f.has(cIf) {
		return 0.94
	}
	return 0
}

// correctsDay reports whether the "but" at item i only puts one day in the place of another: "no el 27 sino el 1 de abril".
func (r *reader) correctsDay(i int) bool {
	w := &r.words[r.items[i].from]
	if !w.is("sino") && !w.is("but") && !w.is("mas") && !(w.is("e") && r.items[i].to-r.items[i].from > 1) {
		return false
	}
	k := i + 1
	for k < len(r.items) && k < i+4 && (r.items[k].has(cDet, cTo, cAt, cFor, cYes, cDay) && r.items[k].kind == itWord) {
		k++
	}
	return k < len(r.items) && r.items[k].kind == itDate
}

// correctedDay is the day that takes the place of one denied: "la migración no sale el 27 sino el 1 de abril"; -1 for none.
func (f *facts) correctedDay() int {
	if !f.has(cNot) || len(f.dates) == 0 {
		return -1
	}
	not := f.at(cNot)
	for i := f.c.from; i < f.c.to; i++ {
		if i <= not || !f.r.items[i].has(cBut) || !f.r.correctsDay(i) {
			continue
		}
		for _, d := range f.dates {
			if f.itemOf(itDate, d) > i {
				return d
			}
		}
	}
	return -1
}

func weighCorrected(f *facts) float64 {
	if f.onMilestone() && f.correctedDay() >= 0 && !f.has(cFinish, cReady, cClose, cSay, cHear) {
		return 0.94
	}
	return 0
}
