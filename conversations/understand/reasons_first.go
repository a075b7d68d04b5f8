package understand

import "strings"

// reasonsBefore gives a reason to what was said after it: "por culpa de la aduana, el piloto se va al 6", "como no hay sala,
// …", "the trainers can't travel, so training goes to 13 April".
func (r *reader) reasonsBefore(frames []Frame) []Frame {
	used := map[int]bool{}
	for i := range frames {
		fr := &frames[i]
		if !explained(fr) {
			continue
		}
		k := r.clauseOf(fr)
		if k < 0 {
			continue
		}
		if text := r.openingReason(&r.clauses[k]); text != "" {
			fr.Slots.Reason = text
			continue
		}
		if k == 0 || r.clauses[k-1].sentence != r.clauses[k].sentence || r.clauses[k-1].head != None || r.clauses[k].inherit {
			continue
		}
		before := i - 1
		for before >= 0 && r.clauseOf(&frames[before]) != k-1 {
			before--
		}
		if before >= 0 && frames[before].Intent.Changes() && frames[before].Stance.Acts() && len(frames[before].Slots.Milestones) > 0 {
			continue // it is done for its own sake
		}
		if text := r.reasonClause(k - 1); text != "" {
			fr.Slots.Reason = text
			if before >= 0 {
				used[before] = true
			}
		}
	}
	if len(used) == 0 {
		return frames
	}
	var out []Frame
	for i := range frames {
		if !used[i] {
			out = append(out, frames[i])
		}
	}
	return out
}

// clauseOf returns the clause that a frame was read from, or -1.
func (r *reader) clauseOf(fr *Frame) int {
	for k := range r.clauses {
		if c := &r.clauses[k]; c.from < c.to && r.words[r.items[c.from].from].start == fr.Start {
			return k
		}
	}
	return -1
}

// openingReason reads the reason that opens a clause and runs, without a comma, up to the milestone: "por culpa de la aduana el
// piloto se nos va al 6 de mayo".
func (r *reader) openingReason(c *clause) string {
	from := r.openingAt(c)
	if from < 0 {
		return ""
	}
	m := r.openingEnd(c)
	for m > from+1 && (r.items[m-1].has(cDet, cTo) || r.items[m-1].kind == itPunct) {
		m--
	}
	if m >= c.to || m-from < 2 {
		return ""
	}
	return r.reasonText(from, m)
}

// openingAt is the item with which a clause opens on its reason, or -1. A word that often only fills or says when has to be
// followed by a statement: "como el cliente no viene", not "as of Monday", "since yesterday".
func (r *reader) openingAt(c *clause) int {
	if c.question {
		return -1
	}
	from := r.firstTelling(c.from, c.to)
	for i := c.from; i < from; i++ {
		if r.words[r.items[i].from].norm == "como" {
			from = i
			break
		}
	}
	if from+2 >= c.to || !r.opensReason(from) {
		return -1
	}
	if it := &r.items[from]; it.to-it.from > 1 {
		return from
	}
	switch next := &r.items[from+1]; {
	case next.kind == itDate, next.kind == itPunct, next.kind == itNumber, next.has(cOf, cAt, cWhen, cSoon):
		return -1
	}
	return from
}

// openingEnd is the item with which a clause goes on behind the reason that opens it: what must or will be done, or the milestone.
// Without such a reason it is where the clause begins.
func (r *reader) openingEnd(c *clause) int {
	from := r.openingAt(c)
	if from < 0 {
		return c.from
	}
	for m := from + 2; m < c.to; m++ {
		it := &r.items[m]
		if it.kind == itMilestone || it.kind == itWord && (it.has(cMust, cNeed, cWant, cCan, cGoing, cWill, cLet) || it.form(cGo)&mP1P != 0 || it.has(cHave) && m+1 < c.to && r.items[m+1].has(cThat, cTo)) {
			return m
		}
	}
	return c.to
}

// reasonClause returns the text of clause k if it gives the reason of the one behind it.
func (r *reader) reasonClause(k int) string {
	c, next := &r.clauses[k], &r.clauses[k+1]
	from := r.firstTelling(c.from, c.to)
	for i := c.from; i < from; i++ {
		if r.opensReason(i) && r.items[i].kind == itWord {
			from = i // "como", which often only fills
			break
		}
	}
	if from >= c.to {
		return ""
	}
	if r.opensReason(from) && c.to-from > 1 || r.items[from].has(cWith, cWithout) && c.to-from > 3 && r.countKind(from, c.to, itMilestone) == 0 && r.countKind(from, c.to, itUnknown) > 0 {
		return r.reasonText(from, c.to)
	}
	for i := c.to; i < next.from; i++ {
		if r.items[i].has(cThen) && r.words[r.items[i].from].norm != "," {
			if c.to-from < 3 || r.countKind(from, c.to, itUnknown) == 0 && !r.carries(from, c.to) {
				return ""
			}
			return r.reasonText(from, c.to)
		}
	}
	return ""
}

// opensReason reports whether the word at item i, first in its clause, begins a reason.
func (r *reader) opensReason(i int) bool {
	if r.items[i].has(cBecause) {
		return true
	}
	switch w := &r.words[r.items[i].from]; w.norm {
	case "como", "since", "as":
		return true
	}
	return false
}

// reasonText is the text of items from to to without the word that only joins; "por culpa de …" reads as a whole.
func (r *reader) reasonText(from, to int) string {
	start, end := r.words[r.items[from].from].start, r.words[r.items[to-1].to-1].end
	if r.opensReason(from) {
		start = r.behindJoint(from)
	}
	if start >= end {
		return ""
	}
	return trimReason(r.text[start:end])
}

// behindJoint is the byte at which a reason begins whose joint is item i: behind it, but with the article or the subject that the
// joint may hold, "given our …"; "por falta de …", "for lack of …" read as a whole.
func (r *reader) behindJoint(i int) int {
	it := &r.items[i]
	if it.to-it.from > 1 && it.kind == itWord && !it.has(cPlease) {
		switch r.words[it.from].norm {
		case "por", "for", "by", "a", "at":
			return r.words[it.from].start
		}
		switch last := &r.words[it.to-1]; last.norm {
		case "the", "our", "my", "we", "they", "el", "la", "los", "las", "how":
			return last.start
		}
	}
	if it.to >= len(r.words) {
		return len(r.text)
	}
	return r.words[it.to].start
}

// bracketReason reads "6: 27/3 -> 2/4 (falta el respaldo)".
func (r *reader) bracketReason(fr *Frame) {
	if !explained(fr) {
		return
	}
	rest := r.text[fr.Start:]
	open, end := strings.IndexByte(rest, '('), strings.IndexByte(rest, ')')
	if open < 0 || end < open || strings.Trim(rest[end+1:], " .!\n") != "" {
		return
	}
	text := trimReason(rest[open+1 : end])
	if d := fr.Slots.Date; d != nil && d.Start > fr.Start+open || len(strings.Fields(text)) < 2 {
		return
	}
	fr.Slots.Reason = text
}

// dropEmptyHeads forgets "log the decision" behind the decision itself.
func dropEmptyHeads(frames []Frame) []Frame {
	var out []Frame
	for i := range frames {
		fr := &frames[i]
		if len(fr.Missing) > 0 && fr.Missing[0] == "text" {
			twin := false
			for k := range frames {
				twin = twin || k != i && frames[k].Intent == fr.Intent && frames[k].Slots.Text != ""
			}
			if twin {
				continue
			}
		}
		out = append(out, *fr)
	}
	return out
}

// dropSpentClose forgets "…, ciérrala" behind the entry that it is about, which is closed already, and "hecho, …" before it.
func dropSpentClose(frames []Frame) []Frame {
	var out []Frame
	for i := range frames {
		fr := &frames[i]
		closed := i > 0 && frames[i-1].Intent == CloseEntry && frames[i-1].Stance.Acts() ||
			i+1 < len(frames) && frames[i+1].Intent == CloseEntry && frames[i+1].Stance.Acts()
		if closed && fr.Intent == Done && fr.Stance.Acts() && len(fr.Slots.Milestones) == 0 {
			continue
		}
		out = append(out, *fr)
	}
	return out
}

// thatReason returns the "que" behind the day of an order that gives its reason: "córrelo al viernes que Bruno no llega antes"; -1
// for none.
func (r *reader) thatReason(f *facts) int {
	if r.li == 2 || !f.dated() && len(f.people) == 0 {
		return -1
	}
	named := r.orderFirst(f)
	for i := f.c.from; i+2 < f.c.to; i++ {
		it := &r.items[i]
		named = named || (it.kind == itMilestone || it.kind == itNext) && !f.has(cSay, cHear, cConfirm)
		if w := &r.words[it.from]; !named || !w.is("que") || it.to-it.from != 1 {
			continue
		}
		k := i - 1
		if k > f.c.from && r.items[k].kind == itPunct && r.words[r.items[k].from].norm == "," {
			k--
		}
		if k := r.items[max(k, f.c.from)].kind; k == itDate || k == itShift || k == itPerson {
			return i
		}
	}
	return -1
}

// firstDay is the item of the clause's first day, or its end.
func (f *facts) firstDay() int {
	first := f.c.to
	for _, d := range f.dates {
		if i := f.itemOf(itDate, d); i >= 0 {
			first = min(first, i)
		}
	}
	return first
}

// lastDay is the item of the clause's last day.
func (f *facts) lastDay() int {
	last := -1
	for _, d := range f.dates {
		last = max(last, f.itemOf(itDate, d))
	}
	return last
}
