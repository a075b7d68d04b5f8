package understand

func weighAdd(f *facts) float64 {
	i := f.at(cMilestone)
	if i < 0 || f.has(cDependN, cDepend) {
		return 0
	}
	if f.asked() && !f.has(cCan) && f.form(cAdd)&(mImp|mInf) == 0 || f.has(cWhat, cWhich, cHowMuch, cWho) {
		return 0
	}
	switch {
	case f.has(cNew, cMore) && f.oneMore(i) && !f.has(cNot, cNotYet):
		return 0.96 // "quiero un hito más: …", "one more milestone for the plan: …"
	case f.form(cAdd)&(mImp|mInf|mLets|mSubj) != 0:
		return 0.96
	case f.has(cNew) && (f.follows(f.at(cNew), cMilestone) || f.follows(i, cNew)):
		return 0.95
	case f.form(cPut)&(mImp|mInf) != 0 && (f.has(cPlan) || f.follows(i, cCall, cName)):
		return 0.93
	case f.has(cNeed, cLack) && (f.has(cNew, cMore, cOne) || f.at(cMilestone) > f.c.from && f.r.items[f.at(cMilestone)-1].has(cDet)) && f.at(cMilestone) > f.c.from:
		return 0.9
	}
	return 0
}

// oneMore reports whether "more" or "another" stands at the noun at item i, and a name behind it.
func (f *facts) oneMore(i int) bool {
	near := false
	for k := max(f.c.from, i-3); k < min(f.c.to, i+4); k++ {
		near = near || f.r.items[k].has(cMore, cNew)
	}
	return near && f.r.nameColon(f, i) >= 0
}

func weighRename(f *facts) float64 {
	if !f.onMilestone() && !f.pointed() {
		return 0
	}
	if !f.has(cRename, cName) && f.callsValue() {
		return 0 // "la capacitación ahora es de Gustavo", "agora é dia 18"
	}
	switch {
	case f.has(cRename):
		return 0.96
	case f.r.li == 2 && f.at(cCall) == f.c.from && len(f.ms) > 0 && f.itemOf(itMilestone, f.ms[0]) == f.c.from+1 && f.c.from+2 < f.c.to && f.r.items[f.c.from+2].has(cBe):
		return 0 // "call 9 is about the budget"
	case f.has(cCall) && f.form(cCall)&(mImp|mInf|mP3|mSubj|mFut|mWord) != 0 && (!f.has(cMeeting) || f.r.callsMilestone(f)) && !f.asked():
		return 0.93
	case f.has(cChange) && f.has(cFor, cTo) && f.quoted() && !f.dated():
		return 0.9 // cambia "A" por "B"
	case f.has(cName) && f.has(cBe) && f.onMilestone() && !f.asked() && (f.at(cBe) > f.at(cName) || f.has(cMust)):
		return 0.9
	case f.has(cName) && (f.has(cChange, cPut, cSolve) || f.form(cGive)&(mImp|mInf|mLets) != 0):
		return 0.95
	}
	return 0
}

// quoted reports whether the clause holds text between quotes.
func (f *facts) quoted() bool {
	for i := f.c.from; i < f.c.to; i++ {
		if f.r.items[i].kind == itQuote {
			return true
		}
	}
	return false
}

// callsValue reports whether what stands behind the word for calling is a person, a day or a share rather than a name.
func (f *facts) callsValue() bool {
	i := f.at(cCall)
	if i < 0 {
		return false
	}
	for k := i + 1; k < f.c.to; k++ {
		it := &f.r.items[k]
		switch it.kind {
		case itPerson, itDate, itPercent, itShift:
			return true
		}
		if it.has(cRole) {
			return true
		}
		if !it.has(cDet, cOf, cTo, cFor, cAt, cBe, cDay, cUntil) {
			return false
		}
	}
	return false
}

// notUntilFreed reports whether something is blocked until another thing is released: "o setup tá parado até liberarem os acessos".
func (f *facts) notUntilFreed() bool {
	u := f.at(cUntil)
	return u >= 0 && f.onMilestone() && f.form(cBlock)&(mPart|mAdj) != 0 && f.at(cBlock) < u && u < f.at(cUnblock)
}

// freedInReason reports whether what is not set free is only the reason of a block: "blocker no 4: não liberaram a VPN".
func (f *facts) freedInReason() bool {
	at := f.r.reasonAt(f)
	return at >= 0 && f.has(cBlock, cBlockN) && max(f.at(cBlock), f.at(cBlockN)) < at && f.at(cUnblock) > at
}

func weighUnblock(f *facts) float64 {
	if f.notUntilFreed() || f.freedInReason() {
		return 0
	}
	switch {
	case f.has(cUnblock) && (f.onMilestone() || f.pointed()):
		return 0.96
	case f.has(cUnblock) && (f.words <= 3 || f.prior) && f.unknown == 0 && !f.r.namesSomethingElse(f):
		return 0.8
	case f.has(cBlock) && f.has(cNoMore):
		return 0.95
	case f.has(cBlockN) && (f.has(cRemove, cUnblock, cCancel) || f.form(cSolve, cFinish, cReady)&(mPast|mPart|mAdj) != 0):
		return 0.95
	}
	return 0
}

// weighGoesOn reads "ya nos dieron los accesos, el 4 sigue", "the issue with 4 is sorted" of what is blocked.
func weighGoesOn(f *facts) float64 {
	if len(f.ms) != 1 || f.asked() || f.has(cNot, cNotYet, cBlock, cAlmost, cUntil, cIf) || f.dated() || len(f.percents) > 0 || !f.r.isBlocked(f.r.refs[f.ms[0]].Key) {
		return 0
	}
	if f.form(cSolve)&(mPast|mPart) != 0 || f.has(cIssue) && f.has(cReady, cFinish, cSolve) {
		return 0.97
	}
	for i := f.c.from; i < f.c.to; i++ {
		switch f.r.words[f.r.items[i].from].norm {
		case "sigue", "continua", "avanza", "segue", "anda", "continue", "continues", "proceed", "proceeds", "prosigue", "camina", "retoma":
			return 0.92
		}
	}
	return 0
}

func (r *reader) isBlocked(key string) bool {
	for i := range r.scene.Milestones {
		if n := &r.scene.Milestones[i]; n.Key == key {
			return n.Status == "blocked"
		}
	}
	return false
}

func weighReopen(f *facts) float64 {
	switch {
	case f.has(cReopen) && (f.onMilestone() || f.pointed()):
		return 0.96
	case f.has(cReopen) && f.words <= 4:
		return 0.8
	case f.has(cOpen) && f.has(cAgain) && f.onMilestone():
		return 0.93
	}
	return 0
}

func weighProgress(f *facts) float64 {
	if len(f.percents) == 0 {
		return 0
	}
	switch {
	case f.onMilestone() && f.unknown > 0 && f.r.standsIn(f, f.itemOf(itMilestone, f.ms[0])) && f.has(cBe, cHave, cHappen):
		return 0 // "in the training 40% were absent"
	case f.onMilestone() && !f.r.partOfOther(f):
		return 0.95
	case f.r.partOfOther(f):
		return 0
	case f.pointed() || f.words <= 5 || f.prior:
		return 0.75
	}
	return 0
}

func weighBlock(f *facts) float64 {
	if !f.has(cBlock) && !f.has(cBlockN) || f.has(cUnblock) && !f.notUntilFreed() && !f.freedInReason() || f.has(cNoMore) {
		return 0
	}
	m := f.form(cBlock)
	if f.notUntilFreed() {
		return 0.94 // "parado até liberarem os acessos"
	}
	switch {
	case f.has(cBlockN) && f.at(cBlockN) == f.r.firstTelling(f.c.from, f.c.to) && len(f.ms) > 0 && f.r.reasonAt(f) > 0:
		return 0.94 // "blocker on 4: …"
	case f.onMilestone() && (m&(mPart|mAdj|mImp|mInf|mPst3|mPst1|mWord|mP3|mP1P|mLets) != 0):
		return 0.94
	case f.onMilestone():
		return 0.8
	case f.pointed() || f.prior && m&(mPart|mAdj|mWord) != 0:
		return 0.8
	case m&(mPart|mAdj|mWord) != 0 && f.words <= 6:
		return 0.6
	}
	return 0
}

func weighCancel(f *facts) float64 {
	if f.onMilestone() && f.has(cNot) && f.has(cNoMore, cMore) && f.has(cDo, cHave, cNeed, cHappen) && !f.has(cDepend, cBlock) && !f.dated() {
		return 0.93 // "we won't do the pilot anymore"
	}
	m := f.form(cCancel, cRemove)
	if f.has(cPlan) {
		m |= f.form(cTake)
	}
	if m == 0 || len(f.shifts) > 0 && !f.has(cCancel) || f.has(cInvoice, cRole) || f.has(cReminder) || f.has(cDependN, cBlockN) {
		return 0
	}
	if i := f.at(cRemove); i >= 0 && !f.has(cCancel, cPlan) && f.c.to > i+1 && (f.r.items[i+1].kind == itPerson || i+2 < f.c.to && f.r.items[i+1].has(cDet, cTo) && f.r.items[i+2].kind == itPerson) {
		return 0 // "saca a Bruno del 3 y pon a Sofía"
	}
	w := 0.0
	switch {
	case f.has(cCancel) && f.onMilestone():
		w = 0.95
	case f.has(cPlan) && f.onMilestone() && f.form(cTake, cRemove)&(mImp|mInf|mLets) != 0:
		w = 0.93
	case f.onMilestone() && m&(mImp|mInf|mLets) != 0 && !f.has(cOwner):
		w = 0.88
	case f.pointed() || f.words <= 3:
		w = 0.7
	}
	return w
}

func weighMove(f *facts) float64 {
	if len(f.dates) == 0 && len(f.shifts) > 0 && f.form(cTake)&(mP1S|mP1P|mP3) != 0 && f.r.li != 2 && !f.has(cMore, cLater, cSooner, cMove, cPut, cGive, cAdd, cNeed, cWant, cWill, cGoing, cCan, cMinus, cRemove, cPropose, cLet) {
		return 0 // "levamos 3 dias na migração" tells how long it took
	}
	shifting := f.has(cMove, cLater, cSooner)
	place := f.has(cPass, cPut, cLeave, cChange, cGive, cDue, cPropose)
	m := f.form(cMove, cLater, cSooner, cPass, cPut, cLeave, cChange, cGive)
	value := f.dated()
	if f.has(cMeeting) && !f.onMilestone() || f.has(cDigest, cReminder, cMute) || f.has(cRemind) && !f.has(cDecide) {
		return 0
	}
	switch {
	case f.onMilestone() && len(f.shifts) > 0 && f.form(cAdd, cGive, cPut)&(mImp|mInf|mLets|mP1P) != 0 && !f.has(cMilestone):
		return 0.92 // "súmale una semana a la capacitación"
	case f.onMilestone() && len(f.shifts) > 0 && f.words <= 2 && f.unknown == 0 && !f.asked() && !f.has(completing...):
		return 0.8 // "capacitación +1 semana"
	case shifting && f.onMilestone() && value:
		return 0.95
	case f.r.takesTime(f) && f.onMilestone():
		return 0.92
	case shifting && (f.pointed() || f.onMilestone()):
		return 0.85
	case shifting && value:
		return 0.8
	case place && f.onMilestone() && value && (m&(mImp|mInf|mLets|mSubj|mP2|mP3|mP1P|mWord) != 0 || f.has(cDue, cPropose)):
		return 0.92
	case place && value && f.pointed() && m&(mImp|mInf) != 0:
		return 0.8
	case f.onMilestone() && f.toDate() && !f.past() && !f.has(cFinish, cReady, cClose, cStart, cDeliver, cSend, cDo, cSign, cAchieve, cHappen, cAccept, cBlock, cRemind):
		return 0.9 // "la salida en vivo al 18/5", "el go live será el 11"
	case f.onMilestone() && value && f.past():
		return 0
	case f.onMilestone() && value && f.has(cStay, cGo, cBe, cWant, cNeed, cCan, cGoing, cWill) && !f.asked() && !f.has(cFinish, cReady, cClose, cStart, cDeliver, cSend, cDo, cSign, cAchieve, cHappen, cAccept, cBlock):
		return 0.86
	case f.onMilestone() && value && len(f.shifts) > 0 && f.has(cMore):
		return 0.85
	case f.onMilestone() && value && f.form(cDo)&(mImp|mInf) != 0:
		return 0.86
	case f.onMilestone() && f.datedAhead() && f.has(cGoLive):
		return 0.92
	case f.onMilestone() && f.datedAhead() && f.form(achieving...)&(mP3|mFut) != 0 && f.form(achieving...)&(mPast|mPart) == 0 && f.has(cRefl, cBe):
		return 0.85 // "el alcance se firma el 20"
	case f.prior && f.toDate() && f.has(cGo, cGoing, cStay, cBe) && f.words <= 5:
		return 0.8
	case f.onMilestone() && value && f.has(cCan) && !f.has(cFinish, cReady, cClose, cStart):
		return 0.88
	case f.onMilestone() && value && f.words <= 1 && !f.has(acting...):
		return 0.75 // "migración 2 de abril"
	case f.prior && value && f.has(cPropose) && f.words <= 5:
		return 0.85
	case f.prior && value && f.has(cCan) && !f.has(cFinish, cReady, cClose, cStart) && f.words <= 8:
		return 0.82 // "necesito más tiempo con el alcance, ¿puede ser el 18?"
	case f.onMilestone() && f.datedAhead() && f.plain():
		return 0.8
	case f.onMilestone() && f.notUntil() && !f.has(cRemind, cMute, cReminder, cSend):
		return 0.8 // "the pilot won't happen until May 4"
	}
	return 0
}

// notUntil reports whether a negation stands before a day with "until" or "before".
func (f *facts) notUntil() bool {
	if !f.has(cNot) {
		return false
	}
	for _, d := range f.dates {
		i := f.itemOf(itDate, d)
		for k := max(f.c.from, i-2); k < i; k++ {
			if f.r.items[k].has(cUntil, cBefore) && f.at(cNot) < k {
				return f.r.dates[d].Date > f.r.scene.Today
			}
		}
	}
	return false
}

// plain reports whether nothing in the clause speaks of anything but a date: no word of doing, asking or reminding, hardly an
// unknown one.
func (f *facts) plain() bool {
	return f.unknown <= 1 && !f.asked() && !f.has(cFinish, cReady, cClose, cStart, cUnderway, cDeliver, cSend, cDo, cAccept, cReject, cBlock, cUnblock,
		cRemind, cMute, cMeeting, cConvene, cDigest, cCancel, cReopen, cRename, cAssign, cOwner, cDepend, cAdd, cNote, cShow, cThanks, cSay, cHear,
		cPay, cSupport, cWarranty, cSee, cTry, cLack, cWait, cNot, cNothing, cPraise, cList, cOverdue, cPending) && len(f.entries) == 0 && len(f.people) == 0
}

// gerund reports whether a word in -ndo or -ing stands in the clause that is no word for finishing.
func (f *facts) gerund() bool {
	for i := f.c.from; i < f.c.to; i++ {
		it := &f.r.items[i]
		if it.has(completing...) {
			return false
		}
		n := f.r.words[it.from].norm
		if it.kind == itUnknown && (hasSuffix(n, "ando", "endo", "indo") || f.r.li == 2 && hasSuffix(n, "ing")) {
			return true
		}
		for _, s := range it.senses {
			if s.m&mGer != 0 && (isOneOf(s.c, achieving) || s.c == cTake || s.c == cPut || s.c == cGo || s.c == cStart) {
				return true
			}
		}
	}
	return false
}

func hasSuffix(s string, suffixes ...string) bool {
	for _, x := range suffixes {
		if len(s) > len(x)+1 && s[len(s)-len(x):] == x {
			return true
		}
	}
	return false
}

// past reports whether every day of the clause lies behind, or its verb does.
func (f *facts) past() bool {
	for _, d := range f.dates {
		if f.r.dates[d].Date > f.r.scene.Today && !f.r.dates[d].Past {
			return false
		}
	}
	return len(f.dates) > 0
}

// toDate reports whether "to", "for" or an arrow stands before a date that follows a milestone.
func (f *facts) toDate() bool {
	for _, d := range f.dates {
		i := f.itemOf(itDate, d)
		if i <= f.c.from {
			continue
		}
		w := &f.r.words[f.r.items[i].from]
		p := &f.r.items[i-1]
		if p.has(cTo, cUntil, cFor) || w.has(cTo, cUntil) || p.kind == itPunct && (f.r.words[p.from].norm == "->" || f.r.words[p.from].norm == ":" || f.r.words[p.from].norm == "=") {
			return true
		}
		if p.has(cDet) && i >= 2 && f.r.items[i-2].has(cTo, cUntil, cFor) {
			return true
		}
	}
	return false
}

func weighStart(f *facts) float64 {
	m := f.form(cStart, cUnderway)
	if f.has(cOverdue) {
		return 0 // "we're running late on training"
	}
	if m == 0 {
		if f.onMilestone() && f.form(cBe)&(mP1S|mP1P|mP3) != 0 && f.gerund() && !f.datedAhead() && !f.has(cStill, cWait, cGo, cHow, cSay, cPut) && !f.asked() {
			return 0.85
		}
		if f.onMilestone() && f.form(cBe)&(mP1S|mP1P) != 0 && (f.has(cWith) || f.has(cAt) && f.nowSaid()) && f.withMilestone() && f.unknown == 0 && !f.datedAhead() && !f.has(cNot, cPraise, cBlock, cWait, cIssue) {
			return 0.8 // "desde hoy estamos con la migración"
		}
		return 0
	}
	switch {
	case f.onMilestone() && m&(mPast|mPart|mImp|mInf|mWord|mP3|mGer|mLets|mAdj|mP1S|mP1P) != 0:
		if i := f.at(cReady); i >= 0 && f.at(cStart) == i+1 && f.r.items[i].to-f.r.items[i].from > 1 && m&mPart != 0 {
			return 0.95 // "o 5 já foi iniciado"
		}
		if f.has(cFinish, cReady, cClose) {
			return 0.6
		}
		return 0.92
	case f.pointed() || f.words <= 3:
		return 0.6
	}
	return 0
}

// callsMilestone reports whether "call" has a milestone for its object rather than a meeting.
func (r *reader) callsMilestone(f *facts) bool {
	i := f.at(cCall)
	for k := i + 1; i >= 0 && k < f.c.to && k <= i+2; k++ {
		if r.items[k].kind == itMilestone {
			return true
		}
	}
	return false
}

// nowSaid reports "now", "hoy" or a day that is today.
func (f *facts) nowSaid() bool {
	for _, d := range f.dates {
		if f.r.dates[d].Date == f.r.scene.Today {
			return true
		}
	}
	return f.has(cNow)
}

// withMilestone reports whether "with" stands right before the milestone, and nothing but small words besides.
func (f *facts) withMilestone() bool {
	i := f.at(cWith)
	if i < 0 {
		for k := f.c.from; k < f.c.to; k++ {
			if f.r.items[k].has(cAt) {
				i = k
			}
		}
	}
	for k := i + 1; i >= 0 && k < f.c.to && k <= i+2; k++ {
		if f.r.items[k].kind == itMilestone {
			return f.words <= 7
		}
	}
	return false
}
