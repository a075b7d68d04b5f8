package understand

func weighAccept(f *facts) float64 {
	if f.has(cRemind) {
		return 0 // "remind me about the sign-off"
	}
	if f.has(cSign) && !f.has(cReject) && f.form(cSign)&(mPast|mPart|mP1S|mP1P) != 0 && f.awaited() {
		return 0.94
	}
	if !f.has(cAccept) || f.has(cReject) {
		return 0
	}
	m := f.form(cAccept)
	switch {
	case f.entryOf(cProposal) >= 0 || f.has(cProposal):
		return 0.95
	case f.onMilestone() && f.has(cReady, cFinish) && m&^(mInf|mSubj|mFut|mP3) == 0:
		return 0.6 // "indicadores prontos pra vcs validarem"
	case f.onMilestone():
		return 0.93
	case m&(mP1S|mP1P|mPart|mAdj|mWord|mPast) != 0 && (f.words <= 6 || f.pointed()):
		return 0.88
	}
	return 0.6
}

// awaited reports whether a milestone of the clause waits for the speaker's sign-off.
func (f *facts) awaited() bool {
	for _, m := range f.ms {
		for _, k := range f.r.scene.Awaiting {
			if f.r.refs[m].Key == k {
				return true
			}
		}
	}
	return false
}

func weighReject(f *facts) float64 {
	if f.entryOf(cProposal) >= 0 && f.form(cCancel, cRemove)&(mImp|mInf|mP1S|mP1P) != 0 && f.r.scene.Proposals > 0 {
		return 0.96 // "descarta la propuesta 1"
	}
	if !f.has(cReject) {
		return 0
	}
	switch {
	case f.entryOf(cProposal) >= 0 || f.has(cProposal), f.onMilestone():
		return 0.95
	}
	return 0.88
}

func weighPicture(f *facts) float64 {
	if !f.has(cPicture) || f.has(cFile) && !f.has(cShow) {
		return 0
	}
	if f.form(cShow, cSend, cPass, cGive, cDo, cGo)&(mImp|mInf|mP2|mSubj) != 0 || f.has(cWant, cNeed, cCan) || f.words <= 3 {
		return 0.9
	}
	return 0.3
}

func weighFile(f *facts) float64 {
	if !f.has(cFile) || f.onMilestone() && !f.has(cShow, cSend) {
		return 0
	}
	if f.form(cShow, cSend, cPass, cGive, cDo)&(mImp|mInf|mP2|mSubj|mMe) != 0 || f.has(cWant, cNeed, cCan) {
		return 0.9
	}
	if f.words <= 3 {
		return 0.6
	}
	return 0
}

func weighSupport(f *facts) float64 {
	if f.has(cSupport) && !f.onMilestone() && (f.has(cNeed, cWant) || f.form(cOpen, cAdd, cRecord)&(mImp|mInf) != 0) {
		return 0.8
	}
	return 0
}

func weighStatus(f *facts) float64 {
	if f.has(cMark) && f.form(cMark)&mImp != 0 {
		return 0
	}
	switch {
	case f.has(cStatus):
		return 0.88
	case f.asked() && (f.has(cHow) || f.has(cHowMuch)) && (f.has(cProject, cGo, cBe) || f.onMilestone()):
		return 0.8
	case f.asked() && f.has(cWhen) && f.onMilestone():
		return 0.85
	case f.asked() && f.onMilestone():
		return 0.7
	case f.has(cProgress) && f.asked():
		return 0.75
	}
	return 0
}

func weighList(f *facts) float64 {
	if f.has(cReady) && f.has(cStay, cBe) && !f.asked() {
		return 0
	}
	topic := f.has(cPending, cOverdue, cLack, cList, cNext, cMilestone, cAction, cRisk, cIssue, cDecision, cChangeN, cInvoice, cWait, cBlock, cRequest, cOpen)
	switch {
	case f.asked() && topic && !f.onMilestone():
		return 0.87
	case (f.opensWith(cShow) || f.opensWith(cList)) && topic && !f.onMilestone():
		return 0.87
	case f.has(cMine) && f.has(cPending, cAction, cMilestone, cLack):
		return 0.87
	case topic && f.words <= 3 && !f.onMilestone() && f.has(cPending, cOverdue, cLack, cList, cNext):
		return 0.7
	case f.asked() && f.has(cWhat, cWhich) && f.dated():
		return 0.75
	}
	return 0
}

// opensWith reports whether the clause begins with a word of the concept, courtesies and articles aside: "lista de riesgos" is a
// wish, "ya mandé la lista" speaks of one.
func (f *facts) opensWith(c concept) bool {
	for i := f.c.from; i < f.c.to; i++ {
		it := &f.r.items[i]
		if it.kind == itPunct || it.has(cNoise, cPlease, cHello, cDet, cWant, cNeed, cCan, cGive, cSend, cMe) && !it.has(c) {
			continue
		}
		return it.has(c)
	}
	return false
}

func weighHelp(f *facts) float64 {
	if !f.has(cHelp) {
		return 0
	}
	if f.words <= 6 && !f.onMilestone() || f.asked() {
		return 0.9
	}
	return 0.3
}

func weighThanks(f *facts) float64 {
	if f.has(cThanks) && !f.onMilestone() && !f.asked() {
		return 0.9
	}
	return 0
}

func weighHello(f *facts) float64 {
	if f.has(cHello) && !f.onMilestone() && !f.has(acting...) {
		return 0.85
	}
	return 0
}

func weighYes(f *facts) float64 {
	if f.has(cYes) && f.words <= 4 && f.only(cYes, cNoise, cPlease, cThanks, cAccept, cPraise, cDet, cThat, cAlso) && !f.asked() {
		return 0.8
	}
	return 0
}

func weighNo(f *facts) float64 {
	if f.has(cNo) && f.words <= 4 && f.only(cNo, cNoise, cPlease, cThanks, cNot, cDet, cBetter, cNow) && !f.asked() {
		return 0.8
	}
	return 0
}

// only reports whether the clause holds nothing but words of the concepts.
func (f *facts) only(cs ...concept) bool {
	for i := f.c.from; i < f.c.to; i++ {
		it := &f.r.items[i]
		if it.kind != itPunct && it.kind != itEmoji && !it.has(cs...) {
			return false
		}
	}
	return true
}

// partOfOther reports whether the share is of something else than the milestone: "el 40% de los usuarios".
func (r *reader) partOfOther(f *facts) bool {
	p := f.itemOf(itPercent, f.percents[0])
	if p < 0 || p+1 >= f.c.to || !r.items[p+1].has(cOf) {
		return false
	}
	if p+2 < f.c.to {
		if w := &r.words[r.items[p+2].from]; w.is("camino") || w.is("caminho") {
			return false // "mitad de camino"
		}
	}
	for k := p + 2; k < f.c.to && k < p+5; k++ {
		switch it := &r.items[k]; {
		case it.kind == itMilestone || it.kind == itNext:
			return false
		case it.kind == itUnknown:
			return true
		}
	}
	return false
}
