package understand

// rule weighs how well a clause fits an intent by its grammar: 0 when something needed is missing, 1 when everything that
// marks the intent is there.
type rule struct {
	intent Intent
	weigh  func(f *facts) float64
}

// rules stand from the most particular to the most general; of equal weights the first wins.
var rules = []rule{
	{Undo, weighUndo},
	{WhatIf, weighWhatIf},
	{Why, weighWhy},
	{SetLanguage, weighLanguage},
	{CreateProject, weighCreate},
	{PauseProject, weighPauseProject},
	{ResumeProject, weighResumeProject},
	{CloseProject, weighCloseProject},
	{SetWarranty, weighSetWarranty},
	{WarrantyAsked, weighWarrantyAsked},
	{InvoicePaid, weighPaid},
	{InvoiceAdd, weighInvoice},
	{RuleChange, weighRuleChange},
	{CloseEntry, weighCloseEntry},
	{DigestSchedule, weighSchedule},
	{Digest, weighDigest},
	{Snooze, weighSnooze},
	{Unmute, weighUnmute},
	{CancelMeeting, weighCancelMeeting},
	{MoveMeeting, weighMoveMeeting},
	{CloseMeeting, weighCloseMeeting},
	{Meeting, weighMeeting},
	{Vote, weighVote},
	{SetRole, weighSetRole},
	{Roster, weighRoster},
	{Document, weighDocument},
	{Add, weighAdd},
	{Rename, weighRename},
	{Undepend, weighUndepend},
	{Depend, weighDepend},
	{Assign, weighAssign},
	{Unblock, weighUnblock},
	{Reopen, weighReopen},
	{Reject, weighReject},
	{Accept, weighAccept},
	{Progress, weighProgress},
	{Block, weighBlock},
	{Cancel, weighCancel},
	{Move, weighMove},
	{Who, weighWho},
	{Picture, weighPicture},
	{FileWanted, weighFile},
	{Start, weighStart},
	{Done, weighDone},
	{Support, weighSupport},
	{Status, weighStatus},
	{List, weighList},
	{Help, weighHelp},
	{Thanks, weighThanks},
	{Hello, weighHello},
	{Yes, weighYes},
	{No, weighNo},
}

// asked reports whether the clause asks rather than tells, by its mark or its first word.
func (f *facts) asked() bool {
	return f.c.question || f.has(cWhy) || f.asksByWord() || f.r.opensAsQuestion(f)
}

// asksByWord reports whether a word asks; a bare "que" before a milestone only joins.
func (f *facts) asksByWord() bool {
	for i := f.c.from; i < f.c.to; i++ {
		it := &f.r.items[i]
		if !it.has(cWhat, cWhen, cWho, cHowMuch, cWhich, cWhere) {
			continue
		}
		if it.has(cThat) && f.r.words[it.from].low == f.r.words[it.from].norm && i+1 < f.c.to {
			if n := &f.r.items[i+1]; n.kind == itMilestone || n.kind == itPerson || n.has(cDet) || n.has(cPropose) && i > f.r.firstTelling(f.c.from, f.c.to) && !f.c.question {
				continue
			}
		}
		return true
	}
	return false
}

// onMilestone reports whether the clause names a milestone, a stage or something pointed at.
func (f *facts) onMilestone() bool { return len(f.ms) > 0 }

// pointed reports whether a pronoun stands where the milestone would.
func (f *facts) pointed() bool {
	if f.has(cThis, cIt) {
		return true
	}
	for i := f.c.from; i < f.c.to; i++ {
		for _, s := range f.r.items[i].senses {
			if s.m&mClitic != 0 {
				return true
			}
		}
	}
	return false
}

func (f *facts) dated() bool { return len(f.dates) > 0 || len(f.shifts) > 0 }

func weighUndo(f *facts) float64 {
	if !f.has(cUndo) || f.has(cWhy, cWho) {
		return 0
	}
	if f.form(cUndo)&(mImp|mInf|mWord|mGer) != 0 || f.has(cWant, cCan, cPlease) {
		return 0.97
	}
	return 0.5
}

func weighWhatIf(f *facts) float64 {
	switch {
	case f.has(cSuppose) && (f.onMilestone() || f.dated()):
		return 0.95
	case f.has(cSimulate) && (f.onMilestone() || f.dated()) && !f.has(cNew):
		return 0.95
	case f.has(cImpact, cWhat) && f.has(cIf, cImpact) && (f.has(cMove, cLater, cSooner, cCancel, cPass, cGo, cChange) || f.dated()):
		return 0.93
	case f.has(cIf) && f.c.question && (f.has(cMove, cLater, cSooner, cCancel, cPass, cGo, cChange) || f.dated()) && f.onMilestone():
		return 0.9
	}
	return 0
}

func weighWhy(f *facts) float64 {
	if !f.has(cWhy) {
		return 0
	}
	if f.onMilestone() || f.has(cMove, cLater, cBlock, cCancel, cOverdue, cProject, cStatus) {
		return 0.95
	}
	return 0.6
}

func weighLanguage(f *facts) float64 {
	if !f.has(cLanguage) || f.onMilestone() {
		return 0
	}
	switch {
	case f.has(cSpeak) && f.form(cSpeak)&(mImp|mInf|mP2|mWord) != 0, f.has(cChange, cPut, cPass) && !f.has(cFile):
		return 0.93
	case f.words <= 2:
		return 0.6
	}
	return 0
}

func weighCreate(f *facts) float64 {
	if !f.has(cProject) || f.onMilestone() && !f.has(cPlan) || f.has(cMilestone) || f.asked() {
		return 0
	}
	if f.has(cNew) || f.form(cAdd, cOpen, cStart)&(mImp|mInf) != 0 {
		if f.follows(f.at(cNew), cProject) || f.follows(f.at(cProject), cNew) || f.has(cPlan) || f.dated() || f.has(cAdd) {
			return 0.93
		}
	}
	return 0
}

func weighPauseProject(f *facts) float64 {
	if f.has(cProject) && f.has(cPause) && !f.has(cReminder, cRemind) && f.form(cPause)&(mImp|mInf|mPart|mWord) != 0 && !f.onMilestone() {
		return 0.9
	}
	return 0
}

func weighResumeProject(f *facts) float64 {
	if f.has(cProject) && f.has(cResume, cUnblock) && !f.onMilestone() && !f.has(cReminder) {
		return 0.9
	}
	return 0
}

func weighCloseProject(f *facts) float64 {
	if f.has(cProject) && f.form(cClose, cFinish)&(mImp|mInf) != 0 && !f.onMilestone() && !f.has(cMilestone, cMeeting) && !f.asked() {
		return 0.85
	}
	return 0
}

func weighSetWarranty(f *facts) float64 {
	if !f.has(cWarranty) || f.asked() {
		return 0
	}
	if len(f.shifts) > 0 || len(f.dates) > 0 || f.has(cCover) {
		return 0.95
	}
	return 0
}

func weighWarrantyAsked(f *facts) float64 {
	if f.has(cWarranty) && f.asked() {
		return 0.93
	}
	return 0
}

func (f *facts) entryOf(cs ...concept) int {
	for _, e := range f.entries {
		for _, c := range cs {
			if f.r.entries[e].c == c {
				return e
			}
		}
	}
	return -1
}

func weighPaid(f *facts) float64 {
	if f.entryOf(cInvoice) < 0 && !f.has(cInvoice) || !f.has(cPay) {
		return 0
	}
	if f.entryOf(cInvoice) >= 0 {
		return 0.95
	}
	return 0.8
}

func weighInvoice(f *facts) float64 {
	if f.has(cInvoice) && (f.form(cAdd, cRecord, cSend)&(mImp|mInf) != 0 || f.has(cNew)) && !f.asked() {
		return 0.8
	}
	return 0
}

func weighRuleChange(f *facts) float64 {
	if f.entryOf(cChangeN) < 0 && !f.has(cChangeN) {
		return 0
	}
	if f.has(cScope, cCost, cFree) && (f.entryOf(cChangeN) >= 0 || !f.has(cAdd)) {
		return 0.95
	}
	return 0
}

func weighCloseEntry(f *facts) float64 {
	if f.entryOf(cAction, cRisk, cIssue, cDecision, cChangeN, cRequest, cSupport) < 0 {
		return 0
	}
	if f.has(cClose, cFinish, cReady, cSolve, cDeliver, cSend, cMark) || f.check || f.form(cDo)&(mPast|mPart) != 0 {
		return 0.95
	}
	return 0
}

func weighSchedule(f *facts) float64 {
	if !f.has(cDigest) && !(f.has(cReminder) && f.has(cEvery)) {
		return 0
	}
	if f.has(cEvery) || f.r.weekdayOf(f) >= 0 && (f.clocks > 0 || len(f.r.clocksOf(f)) > 0 || f.form(cChange, cPut, cPass, cMove, cSend, cWant)&(mImp|mInf|mP1S|mWord) != 0 || f.words <= 3) {
		return 0.95
	}
	return 0
}

func weighDigest(f *facts) float64 {
	if !f.has(cDigest) || f.has(cDecision) {
		return 0
	}
	if f.form(cSend, cGive, cShow, cPass, cDo)&(mImp|mInf|mP2) != 0 || f.has(cWant, cNeed, cCan) || f.words <= 4 {
		return 0.9
	}
	return 0.5
}

func weighSnooze(f *facts) float64 {
	if f.has(cDigest) {
		return 0
	}
	switch {
	case f.has(cMute) && (f.form(cMute)&(mImp|mInf|mWord) != 0):
		return 0.95
	case f.has(cPause, cLater, cMove) && (f.has(cReminder) || f.form(cRemind)&^mPart != 0):
		return 0.95
	case f.has(cNot) && f.form(cSend)&(mImp|mSubj) != 0 && (f.has(cMe) || f.form(cSend)&mMe != 0) && f.dated() && !f.has(cFile, cDigest):
		return 0.93 // "no me mandes nada del 4 hasta el lunes"
	case f.has(cReminder) && f.has(cNoMore):
		return 0.93
	case f.has(cReminder) && f.has(cNot, cLater, cNothing, cNo, cWithout) && !f.asked():
		return 0.93
	case f.has(cRemind) && f.has(cNot) && f.form(cRemind)&(mImp|mInf|mSubj) != 0:
		return 0.95
	case f.has(cRemind) && !f.follows(f.at(cRemind), cThat) && f.form(cRemind)&(mImp|mInf|mClitic|mMe|mP2) != 0 && (f.has(cMe) || f.form(cRemind)&mMe != 0 || f.r.li == 2 && !f.r.words[f.r.items[f.at(cRemind)].from].is("remember")):
		switch {
		case !f.onMilestone() && f.remindsOf():
			return 0.3 // "remind me about the sign-off on Monday" is no wish to hear nothing until then
		case f.dated() || f.onMilestone():
			return 0.95
		}
		return 0.7
	}
	return 0
}

// remindsOf reports whether the reminder is to be of a thing that the words name, and not of what the bot just spoke of.
func (f *facts) remindsOf() bool {
	i := f.at(cRemind) + 1
	for i < f.c.to && f.r.items[i].has(cMe, cPlease) {
		i++
	}
	if i+1 >= f.c.to || f.r.items[i].has(cAgain) || f.r.items[i+1].has(cIt, cThat, cThis, cAll) || f.r.items[i+1].kind == itDate {
		return false
	}
	switch f.r.words[f.r.items[i].from].norm {
	case "about", "sobre", "de", "del", "da", "do", "lo":
		return f.r.items[i].kind == itWord
	}
	return false
}

func weighUnmute(f *facts) float64 {
	if f.has(cReminder, cRemind) && f.has(cResume, cUnblock) || f.has(cReminder) && f.has(cAgain) {
		return 0.93
	}
	return 0
}

func weighCancelMeeting(f *facts) float64 {
	if f.has(cMeeting) && f.form(cCancel)&(mImp|mInf|mLets|mP1P) != 0 && !f.onMilestone() {
		return 0.93
	}
	return 0
}

func weighCloseMeeting(f *facts) float64 {
	if f.has(cMeeting) && !f.onMilestone() && (f.form(cClose, cFinish)&(mImp|mInf|mPast|mP1P) != 0) && !f.dated() {
		return 0.9
	}
	return 0
}

// weighMoveMeeting reads "pasemos el comité al jueves", "push the meeting back an hour".
func weighMoveMeeting(f *facts) float64 {
	if !f.has(cMeeting) || f.onMilestone() || f.has(cMinutes, cFile, cDigest, cReminder, cRemind) || f.has(cConvene) && f.at(cConvene) != f.at(cMeeting) || f.asked() && f.has(cWhen, cWhat, cWho, cWhy) {
		return 0
	}
	timed := f.dated() || f.clocks > 0
	switch {
	case f.form(cMove, cLater, cSooner)&^mWord != 0 && (timed || f.form(cMove, cLater, cSooner)&(mImp|mInf|mLets|mP1P) != 0):
		return 0.97
	case timed && f.has(cPass, cChange) && f.form(cPass, cChange)&(mImp|mInf|mLets|mP3|mP1P) != 0:
		return 0.97
	}
	return 0
}

// cMeetUp is "reunirnos", "a gente se reúne", "let's meet".
var cMeetUp = declare("meetup")

func weighMeeting(f *facts) float64 {
	if f.has(cMeetUp) && f.dated() && (f.clocks > 0 || f.form(cMeetUp)&(mImp|mLets) != 0) && f.form(cMeetUp)&(mImp|mInf|mP1P|mLets) != 0 && !f.onMilestone() && !f.past() && !f.has(cNot, cWhen, cWho, cIf) {
		return 0.9 // "let's meet on Thursday at 3pm"
	}
	if !f.has(cMeeting) || f.asked() && f.has(cWhen, cWhat, cWho) {
		return 0
	}
	if f.onMilestone() && (!f.has(cConvene) || f.at(cMeeting) == f.at(cConvene)) {
		return 0
	}
	switch {
	case f.at(cMeeting) == f.at(cConvene) && !f.dated() && f.clocks == 0:
		return 0
	case f.form(cConvene)&(mImp|mInf|mLets|mP1P|mSubj|mWord) != 0:
		return 0.95
	case f.dated() && f.clocks > 0 && f.words <= 4 && f.unknown == 0 && !f.asked():
		return 0.8 // "comité el viernes a las 10"
	case f.form(cHave)&mInf != 0 && f.has(cCan, cLet, cWant, cNeed) && f.dated():
		return 0.9
	case f.form(cPut, cMark, cDo, cAdd)&(mImp|mInf|mLets) != 0 && (f.dated() || f.clocks > 0 || f.has(cCan, cWant, cNeed)):
		return 0.9
	case (f.has(cNeed, cWant) || f.has(cCan)) && f.dated():
		return 0.88
	}
	return 0
}

func weighVote(f *facts) float64 {
	if f.has(cVote) && f.form(cVote)&(mP1S|mWord|mImp|mPst1) != 0 && !f.asked() {
		return 0.85
	}
	return 0
}
