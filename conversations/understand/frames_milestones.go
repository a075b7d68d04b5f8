package understand

import (
	"timonel/conversations/dates"
)

// resolve fills the milestones a frame is about: those the clause names; else what it points at; else what is plainly
// spoken of. skip names refs that have another part in the clause.
func (r *reader) resolve(f *facts, fr *Frame, last *Frame, skip map[int]bool) {
	doubtful := false
	for _, m := range f.ms {
		if skip[m] {
			continue
		}
		ref := &r.refs[m]
		fr.Slots.Milestones = append(fr.Slots.Milestones, ref.Ref)
		fr.Slots.Next = fr.Slots.Next || ref.next
		if ref.Key == "" && !ref.Unknown && r.surerElsewhere(f, m, skip) {
			fr.Slots.Milestones = fr.Slots.Milestones[:len(fr.Slots.Milestones)-1]
			continue
		}
		doubtful = doubtful || ref.Key == "" && !ref.Unknown
		if r.belongsToOther(f, m) {
			fr.Confidence *= 0.5
		}
	}
	if f.has(cOr) && len(fr.Slots.Milestones) > 1 && r.orBetween(f) {
		doubtful = true
		r.joinAlternatives(fr)
	}
	if doubtful {
		fr.Ambiguous = append(fr.Ambiguous, "milestone")
	}
	if len(fr.Slots.Milestones) > 0 {
		r.dropRepeated(fr)
		return
	}
	r.resolveUnnamed(f, fr, last)
}

// surerElsewhere reports whether the clause names another milestone for sure, not as one of a list with this one.
func (r *reader) surerElsewhere(f *facts, m int, skip map[int]bool) bool {
	i := f.itemOf(itMilestone, m)
	for _, o := range f.ms {
		if o == m || skip[o] || !r.refs[o].explicit && !r.refs[o].number {
			continue
		}
		k := f.itemOf(itMilestone, o)
		listed := false
		for n := min(i, k) + 1; n < max(i, k); n++ {
			listed = listed || r.items[n].has(cAnd, cOr) || r.items[n].kind == itPunct
		}
		if !listed && k >= 0 && r.refs[o].Key != "" {
			return true
		}
	}
	return false
}

// dropRepeated forgets a milestone named twice in the clause.
func (r *reader) dropRepeated(fr *Frame) {
	kept := fr.Slots.Milestones[:0]
	for _, ref := range fr.Slots.Milestones {
		seen := false
		for _, k := range kept {
			seen = seen || ref.Key != "" && k.Key == ref.Key
		}
		if !seen {
			kept = append(kept, ref)
		}
	}
	fr.Slots.Milestones = kept
}

func (r *reader) orBetween(f *facts) bool {
	first, last := -1, -1
	for i := f.c.from; i < f.c.to; i++ {
		if k := r.items[i].kind; k == itMilestone || k == itNext {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	for i := first; i >= 0 && i < last; i++ {
		if r.items[i].has(cOr) {
			return true
		}
	}
	return false
}

// joinAlternatives makes one doubtful milestone of "el 4 o el 6".
func (r *reader) joinAlternatives(fr *Frame) {
	one := fr.Slots.Milestones[0]
	one.Key = ""
	for _, ref := range fr.Slots.Milestones[1:] {
		one.Candidates = append(one.Candidates, ref.Candidates...)
	}
	fr.Slots.Milestones = []Ref{one}
}

// resolveUnnamed finds the milestone of a clause that names none.
func (r *reader) resolveUnnamed(f *facts, fr *Frame, last *Frame) {
	if f.stage || r.namesSomethingElse(f) {
		fr.Missing = append(fr.Missing, "milestone")
		fr.Confidence *= 0.6
		return
	}
	pointed := f.pointed()
	switch {
	case last != nil && len(last.Slots.Milestones) > 0 && (pointed || f.words <= 5 || fr.Intent == Move && f.c.joint && f.unknown == 0 || fr.Intent == Progress || fr.Intent == Block):
		fr.Slots.Milestones = append([]Ref(nil), last.Slots.Milestones...)
		fr.inherited = true
	case len(r.scene.Quoted) == 1:
		fr.Slots.Milestones = []Ref{r.keyRef(r.scene.Quoted[0])}
	case len(r.scene.Quoted) > 1:
		fr.Slots.Milestones = []Ref{{Candidates: append([]string(nil), r.scene.Quoted...)}}
		fr.Ambiguous = append(fr.Ambiguous, "milestone")
	case pointed && len(r.scene.Focus) > 0:
		fr.Slots.Milestones = []Ref{r.keyRef(r.scene.Focus[0])}
		fr.Confidence *= 0.95
	default:
		fr.Missing = append(fr.Missing, "milestone")
	}
}

func (r *reader) keyRef(key string) Ref { return Ref{Key: key, Candidates: []string{key}} }

// namesSomethingElse reports whether the clause names a thing of its own that is no milestone: "listo el módulo de compras".
func (r *reader) namesSomethingElse(f *facts) bool {
	end := f.c.to
	if at := r.reasonAt(f); at >= 0 {
		end = at
	}
	for i := f.c.from; i < end; i++ {
		it := &r.items[i]
		if it.kind == itNumber || it.kind == itEntry {
			return true
		}
		if it.kind == itUnknown && i > f.c.from && r.items[i-1].has(cDet, cOf, cMine) {
			return true
		}
		if it.has(cPart, cVersion, cSupport, cInvoice, cMeeting, cRisk, cAction, cProject) && i > f.c.from && r.items[i-1].has(cDet, cOf, cMine, cThis) && !it.has(acting...) {
			return true
		}
	}
	return false
}

// belongsToOther reports whether the milestone only says of what a thing is a part: "el informe de la migración".
func (r *reader) belongsToOther(f *facts, m int) bool {
	i := f.itemOf(itMilestone, m)
	if i < 0 {
		return false // named by a verb: "salimos en vivo"
	}
	k := i - 1
	if r.words[r.items[i].from].has(cOf) {
		k = i // "del 3" holds its preposition
	} else if k > f.c.from && r.items[k].has(cDet) && !r.items[k].has(cOf) {
		k--
	}
	if k <= f.c.from || k < i && !r.items[k].has(cOf) {
		return false
	}
	n := &r.items[k-1]
	switch {
	case n.kind == itUnknown:
		return !(k-2 >= f.c.from && r.items[k-2].has(cDue, cName, cOwner)) // "la fecha correcta del 4"
	case n.has(cPart) && !n.has(cGeneric) || n.has(cPart) && k-2 >= f.c.from && r.items[k-2].has(cDet, cOnly):
		return true
	case n.has(cFile, cMinutes, cMeeting, cInvoice, cSupport) && !n.has(cGeneric):
		return true
	}
	return false
}

func buildOnMilestone(r *reader, f *facts, fr *Frame, last *Frame) {
	r.resolve(f, fr, last, nil)
	fr.Slots.Reason = r.reasonIn(f)
}

func buildBlock(r *reader, f *facts, fr *Frame, last *Frame) {
	r.resolve(f, fr, last, r.refsBehindReason(f))
	fr.Slots.Reason = r.reasonIn(f)
	if fr.Slots.Reason == "" {
		fr.Slots.Reason = r.restAfter(f, max(f.at(cBlock), r.lastMilestoneItem(f)))
	}
	if i := r.firstTelling(f.c.from, f.c.to); fr.Slots.Reason == "" && i < f.c.to && r.items[i].has(cWithout) && f.at(cBlock) > i+1 {
		fr.Slots.Reason = trimReason(f.text(i, f.at(cBlock))) // "sin credenciales no podemos seguir con la migración"
	}
}

// refsBehindReason are milestones named only in the reason.
func (r *reader) refsBehindReason(f *facts) map[int]bool {
	at := r.reasonAt(f)
	if at < 0 {
		return nil
	}
	out := map[int]bool{}
	for _, m := range f.ms {
		if f.itemOf(itMilestone, m) > at {
			out[m] = true
		}
	}
	if len(out) == len(f.ms) {
		return nil
	}
	return out
}

func (r *reader) lastMilestoneItem(f *facts) int {
	last := -1
	skip := r.refsBehindReason(f)
	for _, m := range f.ms {
		if !skip[m] {
			last = max(last, f.itemOf(itMilestone, m))
		}
	}
	return last
}

// restAfter returns what stands behind item i when that is more than courtesies.
func (r *reader) restAfter(f *facts, i int) string {
	i++
	for i < f.c.to && (r.items[i].kind == itPunct || r.items[i].has(cNoise, cNow, cAlready, cPlease, cStay, cBe, cAs) && r.items[i].kind == itWord) {
		i++
	}
	end := f.c.to
	for end > i && (r.items[end-1].has(cPlease, cThanks, cNoise) || r.items[end-1].kind == itPunct || r.items[end-1].kind == itEmoji) {
		end--
	}
	if end-i < 1 || end-i == 1 && r.items[i].kind != itUnknown {
		return ""
	}
	return f.text(i, end)
}

// reasonAt returns the item behind which a reason stands, or -1.
func (r *reader) reasonAt(f *facts) int {
	seen := f.prior
	for i := f.c.from; i < f.c.to; i++ {
		it := &r.items[i]
		if it.has(cBecause) && i > f.c.from && !r.sharesBehind(i) && r.tellsBefore(f.c.from, i) {
			return i
		}
		seen = seen || it.kind == itMilestone || it.kind == itNext
		if seen && it.kind == itPunct && r.words[it.from].norm == ":" && f.has(cBlock, cBlockN, cReject, cReopen, cCancel) && (f.has(cBlockN) || r.carries(f.c.from, i)) {
			return i
		}
		if it.kind == itPunct && r.words[it.from].norm == ":" && r.statesBehind(f, i) {
			return i // "el piloto se nos va al 30 de abril: la tienda está en obra"
		}
		if it.has(cReasonN) && r.colonAhead(i) {
			for k := i; k < f.c.to; k++ {
				if r.items[k].kind == itPunct && r.words[r.items[k].from].norm == ":" {
					return k
				}
			}
		}
	}
	if i := r.thatReason(f); i >= 0 {
		return i
	}
	if i := r.forReason(f); i >= 0 {
		return i
	}
	return r.bareReason(f)
}

// forReason returns the "por" or "for" behind the day or the length of a move that says why: "retrasa dos semanas el piloto por
// semana santa", "postpone it a fortnight for Easter cover"; -1 for none.
func (r *reader) forReason(f *facts) int {
	if !f.dated() || f.c.question && r.li == 2 {
		return -1
	}
	valued := false
	for i := f.c.from; i+1 < f.c.to; i++ {
		it, next := &r.items[i], &r.items[i+1]
		valued = valued || it.kind == itDate || it.kind == itShift
		if w := &r.words[it.from]; !valued || it.to-it.from != 1 || !w.is("por") && !(r.li == 2 && w.is("for")) {
			continue
		}
		if next.kind != itUnknown && next.kind != itWord || next.has(cNow, cNoise, cPlease, cThat, cMe, cWe, cIt, cThis, cYou, cAll, cSoon) || r.countKind(i, f.c.to, itUnknown) == 0 {
			continue
		}
		if r.countKind(i, f.c.to, itDate)+r.countKind(i, f.c.to, itShift)+r.countKind(i, f.c.to, itMilestone)+r.countKind(i, f.c.to, itPercent) == 0 {
			return i
		}
	}
	return -1
}

// statesBehind reports whether a day of a move stands before the colon at item i, and a statement without days or milestones behind.
func (r *reader) statesBehind(f *facts, i int) bool {
	if f.c.to-i < 4 || r.countKind(f.c.from, i, itMilestone) == 0 || r.countKind(f.c.from, i, itDate)+r.countKind(f.c.from, i, itShift) == 0 {
		return false
	}
	for k := i + 1; k < f.c.to; k++ {
		switch r.items[k].kind {
		case itDate, itShift, itMilestone, itNext, itPerson, itPercent, itNumber:
			return false
		}
	}
	return true
}

// reasonIn returns the reason that the clause gives.
func (r *reader) reasonIn(f *facts) string {
	i := r.reasonAt(f)
	if i < 0 {
		return ""
	}
	start, end := r.behindJoint(i), r.words[r.items[f.c.to-1].to-1].end
	if start >= end {
		return ""
	}
	return trimReason(r.text[start:end])
}

func buildMove(r *reader, f *facts, fr *Frame, last *Frame) {
	skip := r.refsBehindReason(f)
	r.resolve(f, fr, last, skip)
	fr.Slots.Reason = r.reasonIn(f)
	limit := r.reasonAt(f)
	r.fillMoment(f, fr, limit)
	if fr.Slots.Date == nil && fr.Slots.Shift == nil && len(fr.Ambiguous) == 0 {
		fr.Missing = append(fr.Missing, "date")
	}
}

// fillMoment sets the day or the movement that a move goes to, from what stands before the reason.
func (r *reader) fillMoment(f *facts, fr *Frame, limit int) {
	var days []int
	for _, d := range f.dates {
		if limit < 0 || f.itemOf(itDate, d) <= limit {
			days = append(days, d)
		}
	}
	var shift *shiftRef
	for _, s := range f.shifts {
		if limit < 0 || f.itemOf(itShift, s) <= limit {
			shift = &r.shifts[s]
			break
		}
	}
	if len(days) > 0 {
		d := r.chooseDay(f, days)
		if d < 0 {
			fr.Ambiguous = append(fr.Ambiguous, "date")
			return
		}
		if rel := r.shiftInDate(f, d); rel != nil {
			shift = rel
		} else {
			dated := r.dates[d].Dated
			fr.Slots.Date = &dated
			if dated.Date > r.scene.Today+farAhead && !r.saysYear(d) {
				fr.Confidence = min(fr.Confidence, misread) // "fecha real: 5 de marzo", said on the 10th
			}
			return
		}
	}
	if shift != nil {
		s := shift.shift
		if f.has(cSooner) && !f.has(cLater) || r.takesTime(f) {
			s.Negative = true
		}
		fr.Slots.Shift = &s
	}
}

// shiftInDate reads "atrasa el 6 en tres días" as a movement, where the day counted from today is not meant.
func (r *reader) shiftInDate(f *facts, d int) *shiftRef {
	if !f.has(cLater, cSooner) && !f.has(cMove) {
		return nil
	}
	i := f.itemOf(itDate, d)
	if i > f.c.from && r.items[i-1].has(cTo, cUntil) && !(r.li == 2 && r.words[r.items[i-1].from].is("by")) {
		return nil
	}
	for k := range r.shifts {
		s := &r.shifts[k]
		if s.from >= r.dates[d].from && s.to <= r.dates[d].to && r.dates[d].relative && !r.dates[d].far {
			return s
		}
	}
	if !r.dates[d].relative || r.dates[d].far || !f.has(cLater, cSooner) {
		return nil
	}
	from := r.dates[d].from + 1
	if from >= r.dates[d].to {
		return nil
	}
	start, end := r.words[from].start, r.words[r.dates[d].to-1].end
	for _, s := range dates.FindShifts(r.text[start:end], r.dateOptionsPlain()) {
		s.Start, s.End = s.Start+start, s.End+start
		return &shiftRef{s, from, r.dates[d].to}
	}
	return nil
}

// chooseDay picks the day that something is moved to; -1 when two could be meant.
func (r *reader) chooseDay(f *facts, days []int) int {
	if len(days) == 1 {
		return days[0]
	}
	var to []int
	for _, d := range days {
		i := f.itemOf(itDate, d)
		if r.dates[d].toward || i > f.c.from && (r.items[i-1].has(cTo, cUntil, cFor) || r.items[i-1].has(cDet) && r.words[r.items[i-1].from].is("al")) {
			to = append(to, d)
		}
	}
	if f.has(cNo, cMistake, cInstead, cWait) && f.has(cNo) {
		return days[len(days)-1]
	}
	if len(to) == 1 {
		return to[0]
	}
	same := true
	for _, d := range days[1:] {
		same = same && r.dates[d].Date == r.dates[days[0]].Date
	}
	if same {
		return days[0]
	}
	return -1
}

func buildDone(r *reader, f *facts, fr *Frame, last *Frame) {
	r.resolve(f, fr, last, r.refsBehindReason(f))
	if len(f.dates) > 0 {
		d := f.dates[0]
		dated := r.dates[d].Dated
		if dated.Past && dated.Date < r.scene.Today-maxBack && !r.saysYear(d) {
			dated.Date = dated.Date.AddMonths(12)
		}
		if dated.Date > r.scene.Today {
			if p, ok := r.pastReading(d); ok && r.looksDone(f) {
				dated = p
			}
		}
		fr.Slots.Date = &dated
	}
}

// saysYear reports whether a day is said with its year.
func (r *reader) saysYear(d int) bool {
	for i := r.dates[d].from; i < r.dates[d].to; i++ {
		if w := &r.words[i]; w.num >= 1900 || w.num >= 20 && w.num < 100 && i > r.dates[d].from+2 {
			return true
		}
	}
	return false
}

// looksDone reports whether the clause speaks of what has happened.
func (r *reader) looksDone(f *facts) bool {
	if f.has(cWill, cGoing) {
		return false
	}
	m := r.mainForm(f)
	if r.li == 2 && m&mP1S != 0 && m&mPast == 0 && f.has(cMe, cWe) {
		return false // "I finish the setup on Friday"
	}
	return m&(mPast|mPart|mAdj|mWord|mImp) != 0 || f.has(cAlready) || f.tense == tensePast
}

// farAhead is how many days ahead a day said without its year may be to be what something is moved to; beyond it lies rather behind.
const farAhead = 270

// maxBack is how many days a report without a year may look back; a day that would lie further behind lies ahead.
const maxBack = 150

// pastReading reads a day again as one that lies behind: "se firmó el 5".
func (r *reader) pastReading(d int) (Dated, bool) {
	ref := &r.dates[d]
	if ref.weak {
		return Dated{Date: dayOfMonth(r.scene.Today, r.words[ref.to-1].num, true), Past: true, Start: ref.Start, End: ref.End}, true
	}
	if ref.ahead {
		return Dated{}, false
	}
	date, ok := r.readPast(ref.Start, ref.End)
	if !ok || date > r.scene.Today || date < r.scene.Today-maxBack {
		return Dated{}, false
	}
	return Dated{Date: date, Past: true, Start: ref.Start, End: ref.End}, true
}

func buildProgress(r *reader, f *facts, fr *Frame, last *Frame) {
	r.resolve(f, fr, last, nil)
	fr.Slots.Percent = r.percents[f.percents[len(f.percents)-1]].value
	if len(f.percents) > 1 && r.percents[f.percents[0]].value != fr.Slots.Percent {
		fr.Ambiguous = append(fr.Ambiguous, "percent")
	}
}
