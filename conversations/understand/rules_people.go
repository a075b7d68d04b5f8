package understand

func weighSetRole(f *facts) float64 {
	if !f.has(cRole) || len(f.people) == 0 && !f.has(cMe) || f.asked() && !f.has(cCan) || f.onMilestone() {
		return 0
	}
	if f.has(cBe) || f.form(cPut, cMark, cAdd, cDo, cAssign, cPass, cAccept, cStay, cGive, cRemove, cMake)&(mImp|mInf|mP3|mWord|mLets) != 0 || f.has(cAs, cRemove, cNow) {
		return 0.94
	}
	if f.words <= 3 {
		return 0.8
	}
	return 0
}

// cMake is English "make … the owner".
var cMake = declare("make")

func weighRoster(f *facts) float64 {
	if !f.has(cRole, cSideWord) || f.onMilestone() {
		return 0
	}
	if f.has(cWho, cWhich) || f.asked() && f.has(cList, cShow, cThere, cHave, cWhat) {
		return 0.95
	}
	if (f.opensWith(cList) || f.opensWith(cShow)) && len(f.people) == 0 {
		return 0.85
	}
	return 0
}

func weighWho(f *facts) float64 {
	if !f.has(cWho) {
		return 0
	}
	if !f.c.question && f.has(cBe) && len(f.people) > 0 {
		return 0.5 // "quem cuida do 7 agora é o Gustavo"
	}
	return 0.92
}

func weighDocument(f *facts) float64 {
	if f.r.scene.File && f.onMilestone() && (f.has(cSign, cAccept) || f.words <= 4) {
		return 0.93
	}
	return 0
}

// assignee reports whether the clause names somebody who could own a milestone: a person, a role, or the speaker.
func (f *facts) assignee() bool {
	return len(f.people) > 0 || f.has(cRole) || f.speaksOfSelf()
}

func (f *facts) speaksOfSelf() bool {
	if f.form(cAssign, cPass, cGive, cLeave, cTake)&mMe != 0 {
		return true
	}
	return f.has(cMe) || f.form(cTake)&(mP1S|mPst1) != 0 && f.form(cTake)&mP1P == 0 && f.r.li != 2 || f.has(cMine)
}

func weighAssign(f *facts) float64 {
	if !f.onMilestone() && !f.pointed() && !(f.prior && f.words <= 4 && len(f.people) == 1) || f.has(cRole) && f.has(cBe) && !f.onMilestone() {
		return 0
	}
	if !f.assignee() {
		if f.has(cThey) && f.form(cPass, cGive)&(mImp|mInf) != 0 && f.onMilestone() && !f.dated() {
			return 0.75
		}
		if f.has(cAssign) || f.has(cOwner) && (f.has(cChange, cPut, cNew) || f.words <= 4) {
			return 0.7
		}
		return 0
	}
	if f.has(cWho) && f.c.question {
		return 0
	}
	person := len(f.people) > 0 || f.has(cRole)
	w := 0.0
	switch {
	case f.mineAtEnd() && f.has(cBe) || f.comigo() && f.has(cStay, cBe, cGo, cLeave, cPass):
		w = 0.92
	case len(f.people) == 1 && f.onMilestone() && f.words == 0 && f.arrow():
		w = 0.92
	case person && f.has(cBetter) && f.has(cDo, cTake) && !f.dated():
		w = 0.9 // "better that Bruno does the migration"
	case person && f.form(cDo, cTake, cSee)&(mSubj|mImp) != 0 && f.has(cThat) && !f.dated():
		w = 0.9 // "que la migración la haga Bruno"
	case f.has(cAssign):
		w = 0.96
	case f.has(cOwner) && !f.has(cNeed):
		w = 0.95
	case f.has(cTake) && !f.datedAhead():
		w = 0.93
	case person && f.form(cPass, cGive, cLeave, cMake, cPut)&(mImp|mInf|mP3|mLets|mP2|mSubj) != 0 && f.toPerson():
		w = 0.92
	case f.form(cLeave, cPass, cGive)&(mImp|mInf) != 0 && f.speaksOfSelf() && f.withSelf() && !f.dated():
		w = 0.94
	case person && f.form(cPut)&(mImp|mInf) != 0 && !f.dated():
		w = 0.9
	case len(f.people) == 1 && f.form(cHave)&mP3 != 0 && f.r.li == 2 && f.words <= 3 && f.unknown == 0 && !f.asked():
		w = 0.85
	case person && f.has(cGo) && f.toPerson():
		w = 0.9
	case person && f.has(cBe, cStay, cGo, cPass) && f.ofPerson():
		w = 0.92
	case person && f.has(cWith) && f.has(cBe, cStay, cGo, cMust):
		w = 0.88
	}
	if f.datedAhead() && w > 0 && !f.has(cAssign, cOwner) {
		w -= 0.15
	}
	return w
}

// datedAhead reports whether the clause says a day to come or a movement, other than "from today".
func (f *facts) datedAhead() bool {
	if len(f.shifts) > 0 {
		return true
	}
	for _, d := range f.dates {
		ref := &f.r.dates[d]
		if ref.Date > f.r.scene.Today && !ref.since {
			return true
		}
	}
	return false
}

// arrow reports whether an arrow or a colon stands between the milestone and the person: "piloto → Bruno".
func (f *facts) arrow() bool {
	for i := f.c.from; i < f.c.to; i++ {
		if it := &f.r.items[i]; it.kind == itPunct && (f.r.words[it.from].norm == "->" || f.r.words[it.from].norm == ":" || f.r.words[it.from].norm == "=") {
			return true
		}
	}
	return false
}

// mineAtEnd reports whether the clause ends with "mine", "mío", "meu".
func (f *facts) mineAtEnd() bool {
	return f.c.to > f.c.from+1 && f.r.items[f.c.to-1].has(cMine) && f.onMilestone()
}

// comigo reports "conmigo", "comigo", "with me".
func (f *facts) comigo() bool {
	for i := f.c.from; i < f.c.to; i++ {
		w := &f.r.words[f.r.items[i].from]
		if w.is("conmigo") || w.is("comigo") || w.is("me") && f.r.li == 2 && i > f.c.from && f.r.items[i-1].has(cWith) {
			return true
		}
	}
	return false
}

// toPerson reports whether "to" stands right before a person or a role: "pasa el 3 a Bruno", "give 3 to me".
func (f *facts) toPerson() bool {
	return f.beforePerson(cTo, cFor) || f.objectPerson() || f.has(cLeave) && f.beforePerson(cWith)
}

// ofPerson reports whether "of", "with" or nothing stands before the person: "el 3 es de Bruno", "o 2 fica com o Gustavo".
func (f *facts) ofPerson() bool { return f.beforePerson(cOf, cWith, cFor, cAt) }

func (f *facts) withSelf() bool {
	return f.has(cMe) && f.r.words[f.r.items[f.at(cMe)].from].norm != "me" || f.r.li == 2 || f.form(cPass, cGive, cLeave)&mMe != 0
}

func (f *facts) beforePerson(cs ...concept) bool {
	for i := f.c.from; i < f.c.to; i++ {
		it := &f.r.items[i]
		if it.kind == itPerson && i+1 < f.c.to && f.r.words[f.r.items[i+1].from].norm == "'s" {
			return true // "the migration is Bruno's"
		}
		if it.kind != itPerson && !it.has(cRole) && !(it.has(cMe) && f.r.li == 2) {
			continue
		}
		k := i - 1
		if k >= f.c.from && f.r.items[k].has(cDet, cMine) && !f.r.items[k].has(cs...) {
			k--
		}
		if k >= f.c.from && f.r.items[k].has(cs...) {
			return true
		}
	}
	return false
}

// objectPerson reports English "give Bruno the pilot", Spanish "pasale el piloto a @bruno" is covered by "to".
func (f *facts) objectPerson() bool {
	i := f.at(cGive)
	return f.r.li == 2 && i >= 0 && i+1 < f.c.to && f.r.items[i+1].kind == itPerson
}
