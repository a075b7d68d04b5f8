package understand

// guard lowers the confidence of a reading that leaves words of the clause unexplained. What the lexicon, the milestones,
// the people and the dates do not account for may be what the clause is really about: "aprobado mi examen de manejo",
// "acepto las disculpas", "renombré la carpeta del 3". A reason, a name and free text are the speaker's own words and
// count as explained.
func (r *reader) guard(fr *Frame, f *facts) {
	r.settleMood(fr, f)
	r.settleDay(fr, f)
	r.settleObject(fr, f)
	if !guarded[fr.Intent] || !fr.Stance.Acts() {
		return
	}
	strange := r.strange(fr, f)
	if strange == 0 {
		return
	}
	fr.Why = append(fr.Why, Feature{Name: "strange", Weight: -float64(strange)})
}

// guarded are the intents whose words are all known in advance.
var guarded = map[Intent]bool{
	Move: true, Done: true, Start: true, Progress: true, Block: true, Unblock: true, Reopen: true, Cancel: true, Assign: true, Depend: true,
	Undepend: true, Accept: true, Reject: true, CloseEntry: true, RuleChange: true, Vote: true, CloseMeeting: true, CancelMeeting: true,
	Snooze: true, Unmute: true, InvoicePaid: true, SetLanguage: true, PauseProject: true, ResumeProject: true, CloseProject: true, Undo: true,
	Rename: true,
}

// strange counts the words of a clause, before its reason, that nothing explains.
func (r *reader) strange(fr *Frame, f *facts) int {
	end := f.c.to
	if at := r.reasonAt(f); at >= 0 {
		end = min(end, at)
	}
	n := 0
	for i := f.c.from; i < end; i++ {
		it := &r.items[i]
		if it.kind == itUnknown && len(r.words[it.from].norm) > 2 {
			n++
		}
	}
	return n
}
