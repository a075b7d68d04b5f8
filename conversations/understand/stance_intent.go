package understand

import "timonel/steering"

// settleStance looks at the stance again with the intent known: what is an intention for one intent is the change itself for
// another ("vamos a mover el 6 al viernes" sets a date, "vamos a cerrar el 2" does not close it).
func (r *reader) settleStance(fr *Frame, f *facts) {
	switch fr.Intent {
	case Undo, Help, Hello, Thanks, Yes, No, Snooze, Unmute, Digest, Picture, FileWanted, WhatIf, Why, Who, Status, List, Roster, WarrantyAsked:
		if fr.Stance != Question {
			fr.Stance = Request
		}
		if fr.Intent == Undo && r.isDenied(f) {
			fr.Stance = Negation
		}
	case SetLanguage:
		if fr.Stance == Quotation && len(f.people) == 0 && r.firstTelling(f.c.from, f.c.to) == f.at(cSpeak) {
			fr.Stance = Request // "fala em espanhol"
		}
	case Move:
		r.settleMove(fr, f)
	case Accept, Reject:
		r.settleSignOff(fr, f)
	case Unblock, Undepend:
		if fr.Stance == Negation && !f.has(cNotYet) && r.negationSpent(f) {
			fr.Stance = Report
		}
	case Cancel:
		if fr.Stance == Intention && (f.has(cMust, cNeed) || r.together(f) || r.items[max(0, f.at(cCancel))].to-r.items[max(0, f.at(cCancel))].from > 1) {
			fr.Stance = Request
		}
		if fr.Stance == Negation && r.negationSpent(f) && (f.has(cCancel) || f.has(cNoMore, cMore)) {
			fr.Stance = Report
		}
	case Progress:
		r.settleProgress(fr, f)
	case Block:
		if fr.Stance == Negation && f.has(cBlock) && r.negationInBlock(f) {
			fr.Stance = Report
		}
	case Depend, Add, Assign, Rename, SetRole, Reopen:
		if fr.Stance == Hypothesis && (fr.Intent == Depend && f.has(cOnly) || fr.Intent == Rename && f.has(cMust) && !f.has(cSuppose, cMaybe)) {
			fr.Stance = Report // "7 can only start when 6 is done"
		}
		if fr.Intent == Depend && fr.Stance == Negation && f.has(cStart) && f.has(cUntil) {
			fr.Stance = Request
		}
		if fr.Intent == Add && f.has(cLack) && fr.Stance == Negation {
			fr.Stance = Request
		}
		if fr.Stance == Intention && ((fr.Intent == Assign || fr.Intent == SetRole) && !f.has(cIf) || r.together(f)) {
			fr.Stance = Report
		}
		if fr.Stance == Question && !f.c.question && f.has(cWho) && len(f.people) > 0 {
			fr.Stance = Report
		}
		if fr.Stance == Intention && f.has(cMust, cNeed) {
			fr.Stance = Request
		}
		if fr.Stance == Hypothesis && f.has(cAfter) && !f.has(cIf, cSuppose, cMaybe, cWish) {
			fr.Stance = Report
		}
	case Done, Start:
		r.settleDone(fr, f)
	}
	if fr.Intent == Meeting && (fr.Stance == Intention || fr.Stance == Report) && f.form(cConvene)&(mP1P|mInf|mImp) != 0 {
		fr.Stance = Request
	}
	if fr.Stance == Question && r.mayAsk(fr, f) {
		fr.Stance = Request
	}
}

// mayAsk reports whether a question is how this is asked for: "¿el 3 lo puede llevar Bruno?" is not, "¿convocamos comité?" is.
func (r *reader) mayAsk(fr *Frame, f *facts) bool {
	return fr.Intent == Meeting && (f.has(cCan, cMeetUp) || r.mainForm(f)&(mP1P|mLets|mImp) != 0) && !f.has(cWhen, cWho, cWhat)
}

// negationSpent reports whether every negation of the clause belongs to the fixed expression that made the intent ("ya no
// depende", "no longer blocked").
func (r *reader) negationSpent(f *facts) bool {
	return !f.has(cNot) || f.has(cNoMore, cMore) || f.has(cUnblock) && f.at(cNot) > f.at(cUnblock)
}

// negationInBlock accepts "no podemos avanzar con el 4", where the negation is part of what blocks, and a reason with one.
func (r *reader) negationInBlock(f *facts) bool {
	i := f.at(cNot)
	return i < 0 || i > f.at(cBlock) || r.items[i].has(cWithout)
}

func (r *reader) settleMove(fr *Frame, f *facts) {
	if d := fr.Slots.Date; d != nil && fr.Stance == Report && len(fr.Slots.Milestones) == 1 && d.Date == r.dueOf(fr.Slots.Milestones[0].Key) && !r.orderFirst(f) {
		fr.Stance = Intention // "the migration stays on the 27th" tells what is so already
		return
	}
	switch fr.Stance {
	case Intention:
		// A date that is announced is set; whoever may not set it proposes it.
		if r.byUs(f) && !f.has(cHope) && !r.alone(f) {
			fr.Stance = Request
		}
	case Question:
		if f.has(cWhen, cWhat, cWhy, cWho, cHow, cHowMuch, cWhich) || f.asksHowLikely() {
			return
		}
		if f.form(acting...)&(mP1P|mLets|mImp) != 0 && f.form(acting...)&mPst3 == 0 && r.li != 2 || f.has(cCan) {
			fr.Stance = Request
		}
	case Negation:
		if f.notUntil() && !f.has(completing...) {
			fr.Stance = Report
		}
		if len(f.dates) > 0 && f.has(cInstead) {
			fr.Stance = Request
		}
	}
}

// together reports "vamos (a) cancelar", said to the bot as much as a "let us".
func (r *reader) together(f *facts) bool {
	for i := f.c.from; i < f.c.to; i++ {
		if w := &r.words[r.items[i].from]; w.is("vamos") || w.is("vamonos") {
			return true
		}
	}
	return false
}

// byUs reports whether the speaker's own side acts or nobody in particular: not a third person's plan.
func (r *reader) byUs(f *facts) bool {
	for i := f.c.from; i < f.c.to; i++ {
		if r.items[i].kind == itPerson && i < f.firstActing() {
			return false
		}
	}
	return !f.has(cThey)
}

// alone reports whether the speaker announces to do it by himself, later: "voy a mover el 6 al viernes".
func (r *reader) alone(f *facts) bool {
	if r.li == 2 {
		w := &r.words[r.items[max(0, f.at(cWill))].from]
		return f.has(cWill, cGoing) && f.has(cMe) && !f.has(cWe) && !(f.has(cWill) && w.is("'d"))
	}
	for i := f.c.from; i < f.c.to; i++ {
		if w := &r.words[r.items[i].from]; w.is("voy") || w.is("vou") || w.is("pienso") || w.is("pretendo") || w.is("planeo") || w.is("planejo") {
			return true
		}
	}
	return false
}

// cHope stands for wishes.
var cHope = cWish

func (r *reader) settleSignOff(fr *Frame, f *facts) {
	if fr.Stance == Negation && fr.Intent == Reject && !f.has(cNotYet) {
		fr.Stance = Report
	}
	if f.has(cNotYet, cStill) || f.has(cSoon) && fr.Intent == Accept {
		fr.Stance = Intention
	}
	if fr.Intent == Accept && f.has(cOnly, cIf) {
		fr.Stance = Hypothesis
	}
	for _, d := range f.dates {
		if r.dates[d].Date > r.scene.Today && len(f.ms) > 0 && !f.has(cProposal) {
			if fr.Stance == Report && f.form(cAccept)&mP1S != 0 {
				fr.Stance = Intention
			}
		}
	}
}

func (r *reader) settleProgress(fr *Frame, f *facts) {
	if fr.Stance == Negation && f.has(cAlmost) && !f.has(cNot, cNotYet, cNever) {
		fr.Stance = Report
	}
	if fr.Stance == Intention && f.has(cGoing) && f.form(cGo, cGoing) != 0 && len(f.dates) == 0 && !f.has(cWill, cMust) && f.form(acting...)&mInf == 0 {
		fr.Stance = Report // "vamos en 60 %" is where it stands
	}
}

// settleDone holds back what has not happened: a day that lies ahead, a present that announces.
func (r *reader) settleDone(fr *Frame, f *facts) {
	if f.form(cNeed)&mP3 != 0 && f.form(cNeed)&(mP1S|mP1P) == 0 && fr.Stance.Acts() {
		fr.Stance = Intention // "5 needs 4 to be finished"
	}
	if fr.Slots.Date != nil && fr.Slots.Date.Date > r.scene.Today && (fr.Stance == Report || fr.Stance == Request) {
		fr.Stance = Intention
	}
	if fr.Stance == Report && f.tense != tensePast && !f.has(cReady) {
		switch m := r.mainForm(f); {
		case m&mGer != 0 && m&(mPast|mPart|mAdj|mWord) == 0 && fr.Intent == Done:
			fr.Stance = Intention // "estoy terminando el 4"
		case m&mP3 != 0 && m&(mPast|mPart|mAdj|mWord) == 0 && fr.Intent == Done && !f.has(cAlready):
			fr.Stance = Intention // "el piloto termina el 1 de mayo"
		}
	}
	if fr.Intent == Start && fr.Stance == Report && r.dayAhead(f) {
		fr.Stance = Intention
	}
	if fr.Intent == Start && fr.Stance == Report && r.inAMoment(f) && !f.has(cAlready) {
		fr.Stance = Intention
	}
	if fr.Stance == Report && r.announces(f) && !(fr.Intent == Start && f.has(cNow) && !r.inAMoment(f)) {
		fr.Stance = Intention
	}
	if fr.Intent == Start && fr.Stance == Report && r.laterToday(f) {
		fr.Stance = Intention
	}
	if fr.Stance == Report && f.has(cSoon) && !f.has(cAlready) && r.mainForm(f)&(mPast|mPart|mAdj|mWord) == 0 {
		fr.Stance = Intention
	}
}

// laterToday reports whether a start in the first person is put off to a part of this day or to "later": "me pongo con la
// configuración esta tarde". In an afternoon that already began it may have happened.
func (r *reader) laterToday(f *facts) bool {
	if f.tense == tensePast && !f.has(cStart) || f.has(cAlready, cJust) {
		return false
	}
	past := f.form(cStart)&mPst1 != 0 && f.at(cStart) >= 0 && r.items[f.at(cStart)].to-r.items[f.at(cStart)].from == 1
	for i := f.c.from; i < f.c.to; i++ {
		for k := r.items[i].from; k < r.items[i].to; k++ {
			switch r.words[k].norm {
			case "tarde", "noche", "noite", "afternoon", "evening", "tonight":
				return !past && r.scene.Now.Hour() < 13
			}
		}
	}
	return f.has(cSoon) && !past
}

// inAMoment reports whether "now" is meant as "in a moment": "ahorita me pongo con el 4".
func (r *reader) inAMoment(f *facts) bool {
	if !f.has(cNow) {
		return false
	}
	w := &r.words[r.items[f.at(cNow)].from]
	return w.is("ahorita") || w.is("agorinha") || w.is("ahoritita") || w.is("agorita")
}

// announces reports whether the only verb is a first person in the present, which may as well be meant for later.
func (r *reader) announces(f *facts) bool {
	if r.li == 2 {
		return f.has(cWill, cGoing)
	}
	if f.has(cJust, cConfirm) {
		return false
	}
	for i := f.c.from; i < f.c.to; i++ {
		if r.items[i].has(cFinish) && r.items[i].to-r.items[i].from >= 3 {
			return false // "damos por cerrado" does it by saying it
		}
	}
	m := r.mainForm(f)
	return m&(mP1S|mP1P) != 0 && m&(mPast|mPart|mImp|mAdj|mWord) == 0 && !f.has(cAlready) && !f.has(cReady)
}

// dayAhead reports whether the clause says a day to come.
func (r *reader) dayAhead(f *facts) bool {
	for _, d := range f.dates {
		if r.dates[d].Date > r.scene.Today {
			return true
		}
	}
	return false
}

var _ steering.Date
