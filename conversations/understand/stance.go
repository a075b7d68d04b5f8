package understand

// Stance is decided apart from the intent: whether the speaker wants or reports what the clause says, or asks, supposes,
// denies, intends or passes it on. Only what is left after all of those acts.

// stanceOf reads the stance of a clause; the marks of its sentence count as well.
func (r *reader) stanceOf(f *facts) Stance {
	f.tense = r.tenseOf(f)
	polite := r.politeIf(f)
	switch {
	case r.isQuotation(f), r.elsewhere(f) && !r.orderFirst(f):
		return Quotation
	case r.isHypothesis(f, polite):
		return Hypothesis
	case r.isRequest(f):
		if r.isDenied(f) {
			return Negation
		}
		return Request
	case f.c.question || r.opensAsQuestion(f):
		return Question
	case r.isDenied(f):
		return Negation
	case r.isAlmost(f):
		return Negation
	case r.isIntended(f):
		return Intention
	}
	return Report
}

// politeIf reports whether the only "if" is a courtesy, "si puedes": those are phrases of please in the lexicon, so what is
// left is a real one.
func (r *reader) politeIf(f *facts) bool { return !f.has(cIf, cSuppose) }

// isQuotation finds talk about what others said. The speaker's own "les cuento que" is none.
func (r *reader) isQuotation(f *facts) bool {
	if f.has(cAccording) || r.agreesWithPerson(f) {
		return true
	}
	if f.has(cHear) && !(f.form(cAccept)&(mP1S|mP1P) != 0 && f.awaited()) && (f.form(cHear)&mWord != 0) && f.at(cHear) <= f.firstActing() {
		return true
	}
	i := f.at(cSay)
	if i < 0 || f.c.head != None {
		return false
	}
	if f.has(cConfirm) && f.at(cConfirm) <= i {
		return false
	}
	it := &r.items[i]
	m := it.form(cSay)
	if m&(mP3|mPst3|mImpf|mGer|mWord) == 0 || m&mImp != 0 && i == r.firstTelling(f.c.from, f.c.to) {
		return false
	}
	return true
}

// agreesWithPerson reads "de acuerdo con Bruno, el 4 está listo": the words that accept a milestone only pass on what
// a person said.
func (r *reader) agreesWithPerson(f *facts) bool {
	i := f.at(cAccept)
	if i < 0 || r.items[i].to-r.items[i].from < 3 || !r.words[r.items[i].to-1].has(cWith, cTo) {
		return false
	}
	k := i + 1
	if k < f.c.to && r.items[k].has(cDet) {
		k++
	}
	return k < f.c.to && (r.items[k].kind == itPerson || r.items[k].kind == itUnknown || r.items[k].has(cSideWord, cRole))
}

// firstActing is the first item that could carry the clause.
func (f *facts) firstActing() int {
	for i := f.c.from; i < f.c.to; i++ {
		if f.r.items[i].has(acting...) || f.r.items[i].kind == itPercent {
			return i
		}
	}
	return f.c.to
}

// isHypothesis finds conditions, suppositions and wishes.
func (r *reader) isHypothesis(f *facts, polite bool) bool {
	if f.has(cWish) || f.form(cHave)&mCond != 0 && f.form(acting...)&mPart != 0 && !f.has(cMust) {
		return true // "habríamos movido", "teria movido"
	}
	if f.has(cMaybe) && !r.requestForm(f) && !(f.has(cCan) && f.c.question) {
		return true
	}
	if polite {
		if r.softlySet(f) {
			return false
		}
		return f.form(cFinish, cMove, cLater, cSooner, cClose, cCancel, cStart, cStay)&mCond != 0 && !f.has(cCan, cWant)
	}
	if f.has(cSuppose) {
		return true
	}
	i := f.at(cIf)
	if i > f.c.from && (r.items[i-1].has(cConfirm, cSay, cSee, cHear, cShow) || r.items[i-1].kind == itUnknown) {
		return true // "el lunes confirmo si …"
	}
	if r.li == 1 && r.words[r.items[i].from].norm == "se" && r.items[i].to-r.items[i].from == 1 {
		return r.portugueseIf(f, i)
	}
	if r.words[r.items[i].from].norm == "si" && r.items[i].to-r.items[i].from == 1 && r.words[r.items[i].from].low != "si" {
		return false // "sí"
	}
	if i == f.c.from && r.followedByComma(i) {
		return false // "si, listo el 3"
	}
	return true
}

// softlySet reports whether a conditional only says politely where something goes: "el go live quedaría para el 11", "eu passaria o
// 6 pro dia 2, pode ser?".
func (r *reader) softlySet(f *facts) bool {
	if len(f.ms) == 0 || !f.toDate() || !f.datedAhead() || f.has(cFinish, cReady, cClose, cStart, cNot, cMaybe, cWhat, cWhen, cHear, cSay) || f.c.question && !f.has(cCan) {
		return false
	}
	if f.form(cStay, cGo)&mCond != 0 && f.form(acting...)&mCond == 0 {
		return true
	}
	if f.form(cMove, cPass, cPut, cLeave, cChange)&mCond == 0 {
		return false
	}
	for k := range r.clauses {
		if c := &r.clauses[k]; c.from >= f.c.to && c.question && c.to-c.from <= 5 {
			return true
		}
	}
	return false
}

// portugueseIf tells the condition from the pronoun: it opens the clause and no past stands right behind it.
func (r *reader) portugueseIf(f *facts, i int) bool {
	for k := i + 1; k < f.c.to; k++ {
		for _, s := range r.items[k].senses {
			if s.m&(mSubj|mCond|mImpf) != 0 {
				return i <= r.firstTelling(f.c.from, f.c.to) || s.m&mSubj != 0
			}
		}
	}
	return i == r.firstTelling(f.c.from, f.c.to) && !f.follows(i, cCall)
}

func (r *reader) followedByComma(i int) bool {
	return i+1 < len(r.items) && r.items[i+1].kind == itPunct && r.words[r.items[i+1].from].norm == ","
}

// requestForm reports an order, a "let us", a "please", or a "can you".
func (r *reader) requestForm(f *facts) bool {
	first := r.firstTelling(f.c.from, f.c.to)
	if first < f.c.to {
		for _, s := range r.items[first].senses {
			if s.m&(mImp|mLets) != 0 && isActing(s.c) {
				return true
			}
		}
	}
	return f.has(cPlease)
}

// isRequest finds what is wanted of the bot, put as an order, as a question or as a wish.
func (r *reader) isRequest(f *facts) bool {
	if f.asksHowLikely() {
		return false
	}
	if f.has(cSay, cShow) && f.has(cHow, cIf, cWhen, cWhat, cWho, cHowMuch, cWhich) && !f.has(cMove, cLater, cSooner) {
		return false // "can you tell me how 4 is going?"
	}
	if f.has(cWhat, cWho, cWhy, cHowMuch, cWhich) && !r.orderFirst(f) || f.has(cWhen) && !r.orderFirst(f) && f.c.question {
		return false
	}
	if r.orderFirst(f) {
		return true
	}
	if f.has(cCan) && r.asksFor(f) {
		return true
	}
	if f.has(cWant, cNeed, cPropose, cLet) && r.wantsAction(f) || f.form(cDecide)&mPast != 0 && f.form(acting...)&mInf != 0 {
		return true
	}
	if f.has(cPlease) && f.form(acting...)&(mImp|mInf|mLets) != 0 {
		return true
	}
	if m := r.mainForm(f); m&mLets != 0 && m&(mPast|mP1P) == 0 && !f.has(cThat) {
		return true
	} else if m == mInf && r.infinitiveLeads(f) && !f.has(cGoing, cMust, cBe, cHave, cAlmost, cLack, cWithout, cTry) {
		return true
	}
	return f.c.question && r.secondPerson(f)
}

// orderFirst reports whether the clause's first telling word is an order.
func (r *reader) orderFirst(f *facts) bool {
	for i := r.firstTelling(f.c.from, f.c.to); i < f.c.to; i++ {
		it := &r.items[i]
		if r.li == 2 && it.kind != itPunct && !it.has(cYou, cNow, cSo) && !it.has(acting...) {
			return false // English orders begin with the verb
		}
		if it.kind == itMilestone || it.kind == itNext || it.kind == itDate || it.kind == itPerson || it.has(cDet, cIt, cMe, cThat, cOf, cTo, cAt, cYou, cRefl, cDue, cGeneric, cThis) && !it.has(acting...) {
			continue // what the order is about stands before it: "el uat déjalo para el lunes"
		}
		if it.kind == itPunct {
			continue
		}
		if i > f.c.from && r.li != 2 && r.words[r.items[i-1].from].is("de") && r.items[i-1].to-r.items[i-1].from == 1 {
			continue // "o ambiente de teste"
		}
		for _, s := range it.senses {
			if !isActing(s.c) {
				continue
			}
			if s.m&mClitic != 0 && s.m&mImp != 0 {
				return true
			}
			if s.m&(mImp|mLets) != 0 {
				return r.reallyOrders(f, i, s)
			}
		}
		return false
	}
	return false
}

// reallyOrders tells "mueve" from the like-sounding present ("el piloto pasa al lunes"): an order has nothing that could be
// its subject before it, or carries its object.
func (r *reader) reallyOrders(f *facts, i int, s sense) bool {
	if s.m&(mP3|mP1S|mPast|mInf|mPart) == 0 {
		return true
	}
	for k := f.c.from; k < i; k++ {
		it := &r.items[k]
		if it.kind == itMilestone || it.kind == itNext || it.kind == itPerson && r.li != 2 || it.has(cMe, cWe, cThey, cRefl) && !it.has(cDet) {
			return false
		}
	}
	return true
}

// asksFor reports whether "can" opens a request: somebody is asked to do it, or whether it can be done.
func (r *reader) asksFor(f *facts) bool {
	i := f.at(cCan)
	m := r.items[i].form(cCan)
	if f.has(cNot, cNever) && f.at(cNot) < i && f.at(cNot) >= 0 {
		return false
	}
	if m&mPst1 != 0 && m&(mP1P|mWord) == 0 || m&(mPst3) != 0 && m&mP3 == 0 {
		return false
	}
	if f.c.question {
		return f.form(acting...)&(mInf|mImp|mPart|mP2|mP3|mSubj|mLets|mP1P|mAdj) != 0 || f.has(cBe, cGo, cStay)
	}
	// without a question mark: "puedes cerrar el 1", "pode fechar o 2", "can we get 2 moved to Friday"
	if r.li == 2 {
		return i <= r.firstTelling(f.c.from, f.c.to)+1
	}
	return m&(mP2|mP3|mCond|mWord|mP1P) != 0 && f.form(acting...)&(mInf|mImp) != 0 && !f.has(cAlready) || m&mWord != 0
}

// wantsAction reports whether a want or need is for something to be done.
func (r *reader) wantsAction(f *facts) bool {
	if f.has(cNot) && f.at(cNot) < max(f.at(cWant), f.at(cNeed), f.at(cPropose)) {
		return false
	}
	m := f.form(cWant, cNeed, cPropose)
	if m != 0 && m&(mP1S|mP1P|mCond|mImpf|mWord|mInf|mImp) == 0 {
		return false
	}
	return true
}

// mainForm is the form of the first acting word.
func (r *reader) mainForm(f *facts) morph {
	for i := f.c.from; i < f.c.to; i++ {
		var m morph
		for _, s := range r.items[i].senses {
			if isActing(s.c) {
				m |= s.m
			}
		}
		if m != 0 {
			return m
		}
	}
	return 0
}

// secondPerson reports whether the question asks the bot to do it: "¿me mueves el 3?", "¿movemos el 3 al viernes?".
func (r *reader) secondPerson(f *facts) bool {
	m := r.mainForm(f)
	return r.li != 2 && m&(mP2|mImp|mLets) != 0 && m&mPast == 0
}

// opensAsQuestion finds questions without a mark: "cuándo es el go live", "is 3 done".
func (r *reader) opensAsQuestion(f *facts) bool {
	i := r.firstTelling(f.c.from, f.c.to)
	if i >= f.c.to {
		return false
	}
	it := &r.items[i]
	if it.has(cWhat, cWhen, cWho, cWhy, cHow, cHowMuch, cWhich, cWhere) && !it.has(cAs, cThat, cBecause, cNeed) {
		return true
	}
	if r.li == 2 && it.has(cBe, cHave, cDo) && it.anyForm(cBe, cHave, cDo)&(mP3|mP1P|mPst3|mP1S) != 0 && i+1 < f.c.to {
		n := &r.items[i+1]
		if r.words[it.from].is("have") && f.datedAhead() && len(f.ms) > 0 && f.form(acting...)&(mPart|mPast) == 0 && !f.c.question {
			return false // "… and have the scope on the 18th"
		}
		return (n.kind == itMilestone || n.has(cDet, cIt, cThis, cThey, cMe, cWe, cThere, cYou)) && !it.has(cReady) && it.form(cDo)&mImp == 0
	}
	return false
}

// isDenied finds a negation whose scope is the clause's verb.
func (r *reader) isDenied(f *facts) bool {
	if f.has(cNotYet, cNobody) {
		return true
	}
	if f.has(cNothing) && f.at(cNothing) <= f.firstActing() {
		return true
	}
	i := f.at(cNot)
	if i < 0 {
		i = f.at(cNever)
	}
	if i < 0 {
		return false
	}
	if f.has(cNo) && i == f.c.from && r.followedByComma(i) {
		return false // "no, acepto" answers and goes on
	}
	if b := f.at(cBecause); b >= 0 && i > b {
		return false
	}
	if t := r.reasonAt(f); t >= 0 && i > t {
		return false
	}
	if i > f.c.from && r.items[i-1].has(cThat) && r.orderFirst(f) && f.firstActing() < i {
		return false // "pásenlo al viernes, que no alcanzo"
	}
	return !r.isAside(f, i)
}

// isAside reports whether the negation belongs to something beside the verb: "sin falta", "training with bruno not dana".
func (r *reader) isAside(f *facts, i int) bool {
	it := &r.items[i]
	if it.has(cWithout) && i > f.firstActing() {
		return true
	}
	for k := i + 1; it.has(cWithout) && k < f.firstActing() && k < f.c.to; k++ {
		if r.items[k].kind == itPunct {
			return true // "sin presupuesto para el 9, cancélalo"
		}
	}
	next := i + 1
	if next < f.c.to {
		n := &r.items[next]
		if n.kind == itPerson || n.kind == itDate || n.kind == itMilestone && i > f.firstActing() {
			return true
		}
		if n.has(cDet, cDay) && next+1 < f.c.to && (r.items[next+1].kind == itDate || i > f.firstDay() && ordinals[r.words[r.items[next+1].from].norm] > 0) {
			return true
		}
	}
	return false
}

// isAlmost finds what is nearly so, or lacks something.
func (r *reader) isAlmost(f *facts) bool {
	if f.has(cAlmost) && len(f.percents) == 0 {
		return true
	}
	if i := f.at(cLack); i >= 0 && i < f.firstActing() && f.form(acting...)&(mInf|mPart|mAdj) != 0 && !f.has(cBlock) {
		return true
	}
	return f.has(cTry)
}

// isIntended finds the future, plans and duties.
func (r *reader) isIntended(f *facts) bool {
	if f.tense == tenseFuture && !f.has(cJust) {
		return true
	}
	if f.has(cAlmost) {
		return true
	}
	return f.has(cMust) && f.at(cMust) < f.firstActing()
}

// tenseOf reads when: by the verb, by "going to", by a day that lies ahead.
func (r *reader) tenseOf(f *facts) tense {
	m := r.mainForm(f)
	if f.has(cGoing) && f.at(cGoing) < f.firstActing() || f.has(cWill) && f.at(cWill) < f.firstActing() && !f.has(cWant) || m&mFut != 0 || f.form(cBe, cGo, cStay, cHave)&mFut&^mP3 != 0 && r.li != 2 {
		return tenseFuture
	}
	past := m&mPast != 0 && m&(mP1P|mP1S|mImp) == 0 || f.form(cBe, cHave, cStay, cGo, cHappen)&mPast != 0
	switch {
	case past, f.has(cAlready):
		return tensePast
	case m&(mPart|mAdj|mWord) != 0:
		return tensePresent
	case m&mP1S != 0 && r.li != 2, m&mP1P != 0 && m&mPast == 0 && r.li != 2:
		return tensePresent
	}
	return tenseNone
}

// cSo stands for openers such as "so" and "ok".
var cSo = cNoise
