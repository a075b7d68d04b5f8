package understand

// Words that mean something only beside what they are said of: "lo devuelvo" rejects what waits for a signature, "ok con la
// fecha" accepts what was proposed, "cierre del 2: hoy" reports. Alone they are talk.
var (
	cRejectWeak = declare("rejectweak")
	cAcceptWeak = declare("acceptweak")
	cCloseNoun  = declare("closenoun")
	cClosedDay  = declare("closedday")
	cTurnOn     = declare("turnon")
	cTurnOff    = declare("turnoff")
)

func init() {
	rules = append(rules,
		rule{Reject, weighWeakReject}, rule{Accept, weighWeakAccept}, rule{Done, weighNounReport}, rule{SetSetting, weighSetting},
	)
	builders[SetSetting] = buildSetting
	acting = append(acting, cRejectWeak, cAcceptWeak)
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
	if !f.has(cAcceptWeak) || f.asked() || f.has(cNot, cRejectWeak, cReject) {
		return 0
	}
	if f.awaited() || f.proposed() {
		return 0.92
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
	if i < 0 || len(f.ms) != 1 || f.asked() || f.has(cNot, cNotYet, cLack, cAlmost, cMove, cLater, cSooner, cDue) {
		return 0
	}
	k := f.itemOf(itMilestone, f.ms[0])
	if k < i || !f.r.onlyBetween(i+1, k, cOf, cDet, cMilestone) {
		return 0
	}
	if f.form(cHappen, cDo, cFinish, cReady)&(mPast|mPart|mAdj|mWord) != 0 || f.past() || f.has(cNow) && f.words <= 6 || f.check {
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
