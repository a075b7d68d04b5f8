package understand

// guard lowers the confidence of a reading that leaves words of the clause unexplained. What the lexicon, the milestones,
// the people and the dates do not account for may be what the clause is really about: "aprobado mi examen de manejo",
// "acepto las disculpas", "renombré la carpeta del 3". A reason, a name and free text are the speaker's own words and
// count as explained.
func (r *reader) guard(fr *Frame, f *facts) {
	r.settleMood(fr, f)
	r.settleDay(fr, f)
	r.settleObject(fr, f)
	r.settleGoverned(fr, f)
	if !guarded[fr.Intent] || !fr.Stance.Acts() {
		return
	}
	for _, mark := range r.strange(fr, f) {
		fr.Why = append(fr.Why, Feature{Name: "strange " + mark, Weight: -1})
	}
}

// guarded are the intents whose words are all known in advance.
var guarded = map[Intent]bool{
	Move: true, Done: true, Start: true, Progress: true, Block: true, Unblock: true, Reopen: true, Cancel: true, Assign: true, Depend: true,
	Undepend: true, Accept: true, Reject: true, CloseEntry: true, RuleChange: true, Vote: true, CloseMeeting: true, CancelMeeting: true,
	Snooze: true, Unmute: true, InvoicePaid: true, SetLanguage: true, PauseProject: true, ResumeProject: true, CloseProject: true, Undo: true,
	Rename: true,
}

// strange names, by their place, the words of a clause before its reason that nothing explains.
func (r *reader) strange(fr *Frame, f *facts) []string {
	end := f.c.to
	if at := r.reasonAt(f); at >= 0 {
		end = min(end, at)
	}
	var marks []string
	for i := f.c.from; i < end; i++ {
		if it := &r.items[i]; it.typo && it.has(acting...) {
			marks = append(marks, "misspelt "+string(fr.Intent))
			break
		}
	}
	n := 0
	for i := r.openingEnd(f.c); i < end; i++ {
		it := &r.items[i]
		if it.kind != itUnknown || len(r.words[it.from].norm) <= 2 || r.ofOurs(i) {
			continue
		}
		n++
		marks = append(marks, string(fr.Intent)+" "+r.placeOfWord(f, i, fr))
	}
	switch {
	case n > 2:
		marks = append(marks, "many")
	case n > 0:
		marks = append(marks, [...]string{"one", "two"}[n-1])
	}
	if n > 0 && fr.inherited {
		marks = append(marks, "inherited")
	}
	return marks
}

// placeOfWord says where an unknown word stands: as the object of the verb, as its subject, beside the milestone or elsewhere.
func (r *reader) placeOfWord(f *facts, i int, fr *Frame) string {
	acting := f.firstActing()
	det := i > f.c.from && r.items[i-1].has(cDet, cMine, cThis)
	switch {
	case i+1 < f.c.to && (r.items[i+1].has(cOf) || r.items[i+1].kind == itMilestone && r.words[r.items[i+1].from].has(cOf)):
		return "governs"
	case det && i-2 == acting || i-1 == acting:
		return "object"
	case i == f.c.from || det && i-1 == f.c.from:
		if i < acting {
			return "opens"
		}
		return "opens behind"
	case i < acting:
		return "before"
	case i > r.lastMilestoneItem(f) && len(f.ms) > 0:
		return "tail"
	}
	return "inside"
}
