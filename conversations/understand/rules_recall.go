package understand

import "timonel/steering"

// Words that mean something only beside what they are said of: "lo devuelvo" rejects what waits for a signature, "ok con la
// fecha" accepts what was proposed, "cierre del 2: hoy" reports. Alone they are talk.
var (
	cRejectWeak = declare("rejectweak")
	cAcceptWeak = declare("acceptweak")
	cCloseNoun  = declare("closenoun")
	cClosedDay  = declare("closedday")
	cTurnOn     = declare("turnon")
	cTurnOff    = declare("turnoff")
	cMinus      = declare("minus")    // "restar", taking days off
	cAsAsked    = declare("asasked")  // "como lo pidió"
	cGather     = declare("gather")   // "together", "juntémonos"
	cGone       = declare("gone")     // what a risk is when it no longer threatens
	cLeft       = declare("leftover") // what remains to do: "faltan", "to go"
)

func init() {
	rules = append(rules,
		rule{Reject, weighWeakReject}, rule{Accept, weighWeakAccept}, rule{Done, weighNounReport}, rule{SetSetting, weighSetting},
		rule{Move, weighTakeDays}, rule{Move, weighPlaced}, rule{Accept, weighAsAsked}, rule{Meeting, weighGather}, rule{CloseEntry, weighGone},
		rule{Reject, weighSentBack}, rule{Assign, weighLeaving}, rule{Move, weighMayLand},
		rule{Rename, weighCalled}, rule{Done, weighLeftBehind}, rule{Assign, weighThatOne}, rule{Move, weighCorrected},
		rule{Accept, weighOkAwaited}, rule{Assign, weighHandOver},
		rule{Move, weighHaveOn}, rule{Move, weighRedated}, rule{Move, weighInstead}, rule{Move, weighNowEnds}, rule{Done, weighLeftMade}, rule{Reject, weighRefusedDate}, rule{Unblock, weighGoesOn}, rule{Depend, weighFirstThen}, rule{Assign, weighHanding}, rule{Undepend, weighNoNeed}, rule{Meeting, weighMeetingNoun},
	)
	builders[SetSetting] = buildSetting
	builders[Move] = buildMoveShifted
	builders[Accept] = buildAcceptAsked
	builders[Progress] = buildProgressLeft
	builders[Rename] = buildRenamed
	builders[SetLanguage] = buildLanguageOrdered
	acting = append(acting, cRejectWeak, cAcceptWeak, cMinus)
}

// weighWeakReject takes "devuelto el 3", "no me convence la fecha de Bruno" for a rejection where something waits for one.
func weighWeakReject(f *facts) float64 {
	if !f.has(cRejectWeak) || f.asked() || f.form(cRejectWeak)&(mInf|mFut|mCond|mImpf) != 0 && f.form(cRejectWeak)&(mPart|mP1S|mPast|mWord) == 0 {
		return 0
	}
	switch {
	case f.awaited():
		return 0.93
	case f.proposed():
		return 0.93
	}
	return 0
}

// weighWeakAccept takes "ok con la fecha de Bruno", "luz verde al 3" for an acceptance where something waits for one.
func weighWeakAccept(f *facts) float64 {
	if f.has(cYes) && f.r.scene.Proposals > 0 && f.has(cDue, cProposal) && f.unknown == 0 && !f.asked() && !f.has(cNot, cNo, cRejectWeak, cReject, cMove) {
		return 0.93 // "me parece bien la fecha que propone Bruno"
	}
	if !f.has(cAcceptWeak) || f.asked() || f.has(cNot, cRejectWeak, cReject) {
		return 0
	}
	if f.awaited() || f.proposed() {
		return 0.95
	}
	return 0
}

// suiting are the verbs with which a proposed date is said to suit or not.
var suiting = map[string]bool{
	"sirve": true, "sirven": true, "va": true, "funciona": true, "conviene": true, "cuadra": true, "gusta": true, "serve": true, "rola": true, "cabe": true,
	"work": true, "works": true, "suit": true, "suits": true, "do": true, "fly": true, "acomoda": true, "convem": true,
}

// weighRefusedDate reads "no, esa fecha no nos sirve", "la propuesta 1 no va" while a proposal waits.
func weighRefusedDate(f *facts) float64 {
	if !f.proposed() || f.asked() || !f.has(cNot) || f.onMilestone() || f.dated() {
		return 0
	}
	for i := f.at(cNot) + 1; i < f.c.to; i++ {
		if suiting[f.r.words[f.r.items[i].to-1].norm] {
			return 0.93
		}
	}
	return 0
}

// proposed reports whether the clause speaks of a date or a proposal while one waits for the speaker.
func (f *facts) proposed() bool {
	return f.r.scene.Proposals > 0 && (f.entryOf(cProposal) >= 0 || f.has(cProposal, cDue))
}

// weighNounReport reads reports that have a noun for their verb: "cierre del 2: hoy", "encerramento do marco 1 ocorrido em 5 de
// março", "completion of milestone 1 took place on 5 March".
func weighNounReport(f *facts) float64 {
	i := f.at(cCloseNoun)
	if i < 0 || len(f.ms) != 1 || f.asked() || f.has(cNot, cNotYet, cLack, cAlmost, cMove, cLater, cSooner) {
		return 0
	}
	k := f.itemOf(itMilestone, f.ms[0])
	if k < i || !f.r.onlyBetween(i+1, k, cOf, cDet, cMilestone) {
		return 0
	}
	if f.form(cHappen, cDo, cFinish, cReady)&(mPast|mPart|mAdj|mWord) != 0 {
		return 0.95
	}
	if f.past() || f.has(cNow) && f.words <= 6 && !f.has(cCan, cTo) || f.check {
		return 0.88
	}
	return 0
}

// weighSetting reads a day on which nobody works, and the weekly question's switch.
func weighSetting(f *facts) float64 {
	if f.asked() || f.onMilestone() && !f.has(cClosedDay) {
		return 0
	}
	switch {
	case f.has(cClosedDay) && len(f.dates) == 1 && !f.onMilestone() && len(f.people) == 0 && f.unknown <= 1 && !f.has(acting...):
		return 0.9
	case f.has(cAlign) && f.has(cTurnOn, cTurnOff):
		return 0.93
	case f.has(cAlign) && f.form(cResume, cPause, cRemove, cPut, cCancel)&(mImp|mInf) != 0 && f.words <= 8:
		return 0.9
	}
	return 0
}

func buildSetting(r *reader, f *facts, fr *Frame, last *Frame) {
	if f.has(cClosedDay) {
		fr.Slots.Setting = "closed_days"
		dated := r.dates[f.dates[0]].Dated
		fr.Slots.Date = &dated
		if dated.Date < r.scene.Today {
			fr.Confidence = 0.5
		}
		return
	}
	fr.Slots.Setting, fr.Slots.Value = "alignment", "on"
	if f.has(cTurnOff, cPause, cRemove, cCancel) {
		fr.Slots.Value = "off"
	}
}

// weighAsAsked takes "déjalo como lo pidió Bruno" for accepting his proposal.
func weighAsAsked(f *facts) float64 {
	if f.r.scene.Proposals > 0 && f.asAsked() && !f.asked() && !f.has(cNot, cReject, cRejectWeak, cSay) && f.unknown == 0 && f.words <= 7 {
		return 0.93
	}
	return 0
}

func buildAcceptAsked(r *reader, f *facts, fr *Frame, last *Frame) {
	if f.asAsked() && r.scene.Proposals > 0 && f.entryOf(cProposal) < 0 {
		fr.Slots.Entry = steering.KindProposal
		for _, m := range f.ms {
			fr.Slots.Milestones = append(fr.Slots.Milestones, r.refs[m].Ref)
		}
		r.fillPerson(f, fr, false)
		return
	}
	buildSignOff(r, f, fr, last)
}

// weighGather reads "get the committee together on Monday at 8".
func weighGather(f *facts) float64 {
	if f.has(cGather) && f.has(cMeeting) && !f.onMilestone() && (len(f.dates) > 0 || f.clocks > 0) && !f.asked() && !f.has(cNot) &&
		(f.r.li != 2 || f.form(cGo, cAdvance, cPut, cHave)&(mImp|mInf|mLets) != 0) {
		return 0.9
	}
	return 0
}

var cAdvance = cSooner

// weighGone reads "risk 1 has gone away", "el riesgo 1 ya no aplica".
func weighGone(f *facts) float64 {
	if f.has(cGone) && f.entryOf(cRisk, cIssue, cAction) >= 0 && !f.asked() && !f.has(cNot, cNotYet, cLack) {
		return 0.93
	}
	return 0
}

// weighSentBack reads "sending 3 back, the annex is missing".
func weighSentBack(f *facts) float64 {
	if f.has(cSend) && f.has(cBack) && f.awaited() && f.form(cSend)&(mImp|mP1S|mGer|mPart|mPast) != 0 && !f.asked() && !f.has(cNot) {
		return 0.93
	}
	return 0
}

// buildProgressLeft turns what is left to do into what is done: "al alcance le falta un 30 %", "30% of the scope left to go".
func buildProgressLeft(r *reader, f *facts, fr *Frame, last *Frame) {
	buildProgress(r, f, fr, last)
	if len(f.percents) != 1 {
		return
	}
	if fr.Stance.Acts() && r.lacksBefore(f) {
		fr.Confidence = min(fr.Confidence, misread) // "le falta un poco al setup, como 20 %": done or to do?
	}
	if i := f.itemOf(itPercent, f.percents[0]); f.has(cLeft) || f.has(cLack) && f.at(cLack) < i {
		fr.Slots.Percent = 100 - fr.Slots.Percent
		if fr.Stance == Negation && !f.has(cNot, cNotYet) {
			fr.Stance = Report
		}
	}
}

// lacksBefore reports whether the clause before, in the same sentence, says that something is lacking.
func (r *reader) lacksBefore(f *facts) bool {
	for k := range r.clauses {
		c := &r.clauses[k]
		if c.to <= f.c.from && c.sentence == f.c.sentence && f.c.from-c.to <= 2 && c.head == None {
			return r.anyConcept(c.from, c.to, cLack, cLeft)
		}
	}
	return false
}

// asAsked reports whether the clause says "as Bruno asked": a fixed expression, or the person between its words.
func (f *facts) asAsked() bool {
	if f.has(cAsAsked) {
		return true
	}
	if len(f.people) != 1 {
		return false
	}
	i := f.itemOf(itPerson, f.people[0])
	if f.has(cAs) && f.form(cPropose)&(mPst3|mP3|mPart) != 0 && f.at(cAs) < i {
		return true
	}
	for k := i + 1; k < f.c.to && k <= i+2; k++ {
		if f.r.li == 2 && f.r.words[f.r.items[k].from].is("way") {
			return true
		}
	}
	return false
}

// weighOkAwaited takes "ok al 3", "3 is good to go", "dale al 3" of whoever it waits for as the sign-off.
func weighOkAwaited(f *facts) float64 {
	if len(f.ms) != 1 || !f.awaited() || f.asked() || f.dated() || f.has(cNot, cNotYet, cReject, cRejectWeak, cFinish, cClose) || f.words > 5 || f.unknown > 0 {
		return 0
	}
	for i := f.c.from; i < f.c.to; i++ {
		it := &f.r.items[i]
		w := &f.r.words[it.from]
		if it.has(cYes) && !w.is("listo") && !w.is("pronto") && !w.is("si") && !w.is("isso") && !w.is("eso") && !w.is("va") && it.kind != itEmoji || it.has(cReady) && it.to-it.from > 1 && w.is("good") {
			return 0.95
		}
	}
	return 0
}

// buildLanguageOrdered keeps "fala em espanhol" an order, whose verb by itself could tell what somebody says.
func buildLanguageOrdered(r *reader, f *facts, fr *Frame, last *Frame) {
	buildLanguage(r, f, fr, last)
	if i := r.firstTelling(f.c.from, f.c.to); fr.Stance == Quotation && i < f.c.to && r.items[i].has(cSpeak) && f.words <= 5 && len(f.people) == 0 {
		fr.Stance = Request
	}
}

// weighNoNeed reads "el 9 ya no necesita el 8", "9 doesn't need 8 anymore".
func weighNoNeed(f *facts) float64 {
	if len(f.ms) != 2 || f.asked() {
		return 0
	}
	if i := f.at(cNoMore); i >= 0 && f.dependants(i) && f.r.li == 1 && f.r.words[f.r.items[i].to-2].is("precisa") {
		return 0.97 // "o 9 não precisa mais do 8"
	}
	if !f.has(cNeed) || !f.dependants(f.at(cNeed)) {
		return 0
	}
	if f.has(cNoMore) || f.has(cNot) && f.has(cMore) {
		return 0.97
	}
	return 0
}

// weighMeetingNoun reads "reunión de comité el viernes a las 9:30 para ver el alcance", where the milestone is only its topic.
func weighMeetingNoun(f *facts) float64 {
	i := f.r.firstTelling(f.c.from, f.c.to)
	for i < f.c.to && f.r.items[i].has(cDet, cNew) {
		i++
	}
	if i >= f.c.to || !f.r.items[i].has(cMeeting) || len(f.dates) == 0 || f.clocks == 0 || f.asked() || f.past() || f.has(cNot, cCancel, cWas) {
		return 0
	}
	d := f.itemOf(itDate, f.dates[0])
	for _, m := range f.ms {
		if f.itemOf(itMilestone, m) < d {
			return 0
		}
	}
	if f.form(cBe, cHappen, cHave, cGo)&(mPast|mP3|mImpf) != 0 {
		return 0
	}
	return 0.94
}

var cWas = cHappen
