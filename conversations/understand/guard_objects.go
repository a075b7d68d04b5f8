package understand

// settleObject holds back a reading whose verb has another object than a milestone: "acepto las disculpas", "approved for the
// mortgage", "renombré la carpeta del 3".
func (r *reader) settleObject(fr *Frame, f *facts) {
	if !fr.Stance.Acts() || f.c.head != None {
		return
	}
	fr.awaits = fr.Intent == Accept && r.awaitedBefore(fr)
	switch fr.Intent {
	case Accept, Reject, Undo:
		if fr.Slots.Entry == "proposal" && (f.asAsked() || weighRefusedDate(f) > 0) {
			return // "movámoslo como pidió Bruno"
		}
		if len(f.ms) == 0 && len(f.entries) == 0 && r.foreignWords(fr, f) > 0 {
			fr.Confidence = min(fr.Confidence, misread)
			fr.Why = append(fr.Why, Feature{Name: "foreign object", Weight: -1})
		} else if len(f.ms) == 0 && len(f.entries) == 0 && len(r.scene.Quoted) == 0 && fr.Intent == Accept && !r.awaitedBefore(fr) && r.besideOtherTalk(f) {
			fr.Confidence = min(fr.Confidence, asking)
		}
	case Meeting:
		if f.at(cConvene) >= 0 && r.convenesAsNoun(f) {
			fr.Confidence = min(fr.Confidence, misread)
		}
	case Rename:
		for _, m := range f.ms[:min(len(f.ms), 1)] { // what the new name holds besides is only text
			if n := r.headNounOf(f, m); r.belongsToOther(f, m) || n >= 0 && (r.items[n].kind == itUnknown || r.items[n].has(cFile, cMinutes, cPicture)) {
				fr.Confidence = min(fr.Confidence, misread)
			}
		}
	case Done, Start, Block, Progress, Cancel, Reopen, Move:
		inReason := r.refsBehindReason(f)
		for _, m := range f.ms {
			if inReason[m] {
				continue
			}
			n := r.headNounOf(f, m)
			if r.nameGoesOn(f, m) {
				fr.Confidence = min(fr.Confidence, asking)
			}
			if n >= 0 && (r.items[n].kind == itUnknown || r.items[n].has(cFile, cSay, cMinutes, cPicture, cMeeting) && !r.items[n].has(cDue, cProgress, cAchieve)) {
				fr.Confidence = min(fr.Confidence, asking)
				if r.items[n].has(cMeeting, cMinutes) {
					fr.Confidence = min(fr.Confidence, misread) // "a conversa dos KPIs é quinta"
				}
			}
		}
		if len(f.ms) > 0 && fr.Intent != Move && r.otherObject(f) {
			fr.Confidence = min(fr.Confidence, asking)
		}
	}
}

// nameGoesOn reports whether a part of a name is followed by a word that the name does not have, as an adjective or another name
// would be: "ponle Carga maestra al 6".
func (r *reader) nameGoesOn(f *facts, m int) bool {
	ref := &r.refs[m]
	i := f.itemOf(itMilestone, m)
	if ref.explicit || ref.number || i < 0 || i+1 >= f.c.to || r.items[i+1].kind != itUnknown || r.li == 2 {
		return false
	}
	w := &r.words[r.items[i+1].from]
	return startsUpper(r.words[r.items[i].from].raw) && i > f.c.from && len(w.norm) >= 4 && f.form(cPut, cGive, cCall)&(mImp|mInf) != 0
}

// awaitedBefore reports whether the milestone that the clause before named waits for the speaker: "le doy mi bendición al 3,
// aprobado".
func (r *reader) awaitedBefore(fr *Frame) bool {
	if !fr.inherited || len(fr.Slots.Milestones) != 1 {
		return false
	}
	for _, k := range r.scene.Awaiting {
		if k == fr.Slots.Milestones[0].Key {
			return true
		}
	}
	return false
}

// misread is the confidence of a reading that is rather none.
const misread = 0.3

// signing are the concepts that a sign-off which names no milestone may hold besides its verb.
var signing = []concept{
	cAccept, cReject, cSign, cDet, cIt, cThis, cYes, cNo, cNot, cPlease, cNoise, cMe, cWe, cMine, cYou, cProposal, cDue, cSideWord, cRole,
	cAt, cFor, cFrom, cOf, cWith, cTo, cBe, cStay, cHave, cAlready, cAll, cEveryone, cThanks, cPraise, cHello, cConfirm, cNow, cAlso, cGive,
	cGo, cReady, cMilestone, cStage, cGeneric, cThat, cAnd, cBut, cSo, cCan, cWant, cWill, cPropose, cScope, cUndo, cLast, cChange, cAcceptWeak, cRejectWeak, cAsAsked, cAs, cNew, cThey,
	cChangeN, cDo, cBack, cFor, cAgain, cRefl, cDay, cUnit, cNext, cTake, cJust, cStill, cThen, cLeave, cFile, cPut, cMark,
}

// foreignWords counts the words before the reason that have no part in a sign-off.
func (r *reader) foreignWords(fr *Frame, f *facts) int {
	end := f.c.to
	if at := r.reasonAt(f); at >= 0 {
		end = at
	}
	verb := f.at(cAccept)
	if fr.Intent == Reject {
		verb = f.at(cReject)
	} else if fr.Intent == Undo {
		verb = f.at(cUndo)
	}
	n := 0
	for i := f.c.from; i < end; i++ {
		it := &r.items[i]
		if i > verb && it.kind == itPunct && fr.Intent == Reject {
			break // what follows is the reason
		}
		switch it.kind {
		case itUnknown:
			if len(r.words[it.from].norm) > 2 && !r.ofOurs(i) {
				n++
			}
		case itNumber, itPercent, itShift, itClock:
			n++
		case itWord:
			if !it.has(signing...) && !(fr.Intent == Undo && (it.has(cMistake, cName, cOne, cAs, cThis, cIt) || it.has(acting...))) {
				n++
			}
		}
	}
	return n
}

// ofOurs reports whether an unknown noun only says for whom: "from our side", "de nuestra parte", "por mi lado".
func (r *reader) ofOurs(i int) bool {
	return i > 1 && r.items[i-1].has(cMine) && r.items[i-2].has(cFrom, cOf, cFor, cAt, cTo)
}

// convenesAsNoun reports whether the word that would convene a meeting names something else: "roll call is at 2".
func (r *reader) convenesAsNoun(f *facts) bool {
	i := f.at(cConvene)
	if r.items[i].anyForm(cMeeting) == 0 || i == r.firstTelling(f.c.from, f.c.to) {
		return false
	}
	return r.items[i-1].kind == itUnknown && !f.has(cCan, cWant, cNeed, cPropose, cPut, cMark, cDo, cAdd, cHave)
}

// besideOtherTalk reports whether the sign-off is a mere participle beside talk of something else: "passei na prova,
// aprovada!".
func (r *reader) besideOtherTalk(f *facts) bool {
	if r.mainForm(f)&(mP1S|mP1P|mPst1|mImp|mWord) != 0 {
		return false
	}
	for k := range r.clauses {
		c := &r.clauses[k]
		if c.from == f.c.from || c.from > f.c.from {
			continue
		}
		for i := c.from; i < c.to; i++ {
			if r.items[i].kind == itUnknown && len(r.words[r.items[i].from].norm) > 2 && !r.ofOurs(i) {
				return true
			}
		}
	}
	return false
}

// otherObject reports whether the verb has an unknown thing for its object and the milestone stands elsewhere: "arranqué el
// coche a la 6".
func (r *reader) otherObject(f *facts) bool {
	at := f.firstActing()
	if at+2 >= f.c.to || r.items[at].kind == itPercent || !r.items[at+1].has(cDet, cMine) || r.items[at+2].kind != itUnknown {
		return false
	}
	for _, m := range f.ms {
		if f.itemOf(itMilestone, m) < at+2 {
			return false
		}
	}
	return true
}
