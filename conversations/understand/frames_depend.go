package understand

import "timonel/steering"

func buildDepend(r *reader, f *facts, fr *Frame, last *Frame) {
	pivot := -1
	for _, c := range []concept{cDepend, cAfter, cDependN, cUnlink, cNeed, cWait, cBefore} {
		if pivot = f.at(c); pivot >= 0 {
			break
		}
	}
	skip := map[int]bool{}
	for _, m := range f.ms {
		if i := f.itemOf(itMilestone, m); i > pivot {
			skip[m] = true
		}
	}
	if b := f.at(cBefore); f.has(cMust) && b >= 0 && f.at(cDepend) < 0 && len(f.ms) == 2 {
		skip = map[int]bool{} // "antes de la migración tienen que estar los kpi": what stands behind "before" waits for the other
		for k, m := range f.ms {
			if i := f.itemOf(itMilestone, m); i > b {
				skip[f.ms[1-k]] = true
				break
			}
		}
	}
	if u := f.at(cUntil); f.has(cNot) && f.has(cStart) && u >= 0 && f.at(cDepend) < 0 {
		skip = map[int]bool{} // "no arranquen la migración hasta tener los kpi"
		for _, m := range f.ms {
			if f.itemOf(itMilestone, m) > u {
				skip[m] = true
			}
		}
	}
	if pivot < 0 && weighFirstThen(f) > 0 {
		skip = map[int]bool{f.ms[0]: true} // "primero la capacitación y después el piloto"
	}
	if len(skip) == len(f.ms) && len(f.ms) > 1 {
		delete(skip, f.ms[0]) // "make UAT dependent on 5" keeps its order; "quita la dependencia del 7 con el 4"
	}
	r.resolve(f, fr, last, skip)
	for _, m := range f.ms {
		if skip[m] {
			fr.Slots.After = append(fr.Slots.After, r.refs[m].Ref)
			if r.refs[m].Key == "" && !r.refs[m].Unknown {
				fr.Ambiguous = append(fr.Ambiguous, "after")
			}
		}
	}
	if f.has(cOr) && len(fr.Slots.After) > 1 {
		fr.Ambiguous = append(fr.Ambiguous, "after")
	}
	if len(fr.Slots.After) == 0 {
		fr.Missing = append(fr.Missing, "after")
	}
}

func buildSignOff(r *reader, f *facts, fr *Frame, last *Frame) {
	fr.Slots.Reason = r.reasonIn(f)
	if e := f.entryOf(cProposal); e >= 0 {
		fr.Slots.Entry, fr.Slots.Number = steering.KindProposal, r.entries[e].number
		return
	}
	if e := f.entryOf(cChangeN); e >= 0 {
		fr.Slots.Entry, fr.Slots.Number = steering.KindChange, r.entries[e].number
		return
	}
	if f.has(cProposal) || f.has(cDue) && r.scene.Proposals > 0 {
		fr.Slots.Entry = steering.KindProposal
		for _, m := range f.ms {
			fr.Slots.Milestones = append(fr.Slots.Milestones, r.refs[m].Ref)
		}
		r.fillPerson(f, fr, false)
		return
	}
	if len(f.ms) > 0 {
		r.resolve(f, fr, last, r.refsBehindReason(f))
		if fr.Intent == Reject && fr.Slots.Reason == "" {
			fr.Slots.Reason = r.restAfter(f, max(f.at(cReject), r.lastMilestoneItem(f)))
		}
		return
	}
	if fr.Intent == Reject && fr.Slots.Reason == "" {
		fr.Slots.Reason = r.restAfter(f, f.at(cReject))
	}
	switch {
	case len(r.scene.Quoted) == 1:
		fr.Slots.Milestones = []Ref{r.keyRef(r.scene.Quoted[0])}
	case last != nil && len(last.Slots.Milestones) > 0:
		fr.Slots.Milestones = append([]Ref(nil), last.Slots.Milestones...)
		fr.inherited = true
	case len(r.scene.Awaiting) == 1:
		fr.Slots.Milestones = []Ref{r.keyRef(r.scene.Awaiting[0])}
	case len(r.scene.Awaiting) > 1:
		fr.Slots.Milestones = []Ref{{Candidates: append([]string(nil), r.scene.Awaiting...)}}
		fr.Ambiguous = append(fr.Ambiguous, "milestone")
	case r.scene.Proposals > 0:
		fr.Slots.Entry = steering.KindProposal
	default:
		fr.Missing = append(fr.Missing, "milestone")
	}
}
