package understand

// clause is a stretch of items that says one thing.
type clause struct {
	from, to int    // items
	head     Intent // of a free text, else None
	text     int    // the item with which the free text begins
	endByte  int    // where a free text ends in the original, 0 for the end of the last item
	question bool   // a question mark closes its sentence
	opened   bool   // it begins with an inverted question mark or an interrogative word
	sentence int    // where its sentence begins, an item
	inherit  bool   // the verb stands in the clause before: "el 3 al lunes y el 4 al martes"
	joint    bool   // joined to the clause before by "and" or a comma
}

// acting are concepts that can carry a clause by themselves.
var acting = []concept{
	cFinish, cClose, cReady, cDeliver, cSend, cDo, cSign, cAchieve, cHappen, cGoLive, cMark, cMove, cLater, cSooner, cPass, cPut,
	cLeave, cChange, cGive, cTake, cStart, cUnderway, cBlock, cUnblock, cReopen, cCancel, cRemove, cRename, cCall, cAssign, cOwner,
	cDepend, cDependN, cAdd, cAccept, cReject, cUndo, cRemind, cMute, cPause, cResume, cConvene, cSolve, cPay, cShow, cPropose, cOverdue,
}

// linking are concepts that carry a clause only beside a milestone or a day.
var linking = []concept{cBe, cStay, cGo, cHave, cAlready, cAfter, cDue, cLack, cWait, cLate}

// cLate stands for words that mean lateness; they are linking, not acting.
var cLate = cOverdue

func (r *reader) carries(from, to int) bool {
	if to > from && r.items[from].has(cYes) && r.items[from].kind == itWord && r.onlyBetween(from+1, to, cYes, cNoise, cThen, cPlease) {
		return false // "ok, …"
	}
	ms := r.countKind(from, to, itMilestone) > 0
	for i := from; i < to; i++ {
		it := &r.items[i]
		if it.kind == itPercent || it.has(acting...) {
			return true
		}
		if it.kind == itEmoji && r.words[it.from].norm == ":check:" {
			return true
		}
		if ms && it.has(linking...) {
			return true
		}
	}
	return false
}

func (r *reader) countKind(from, to int, kind itemKind) int {
	n := 0
	for i := from; i < to; i++ {
		if r.items[i].kind == kind || kind == itMilestone && r.items[i].kind == itNext {
			n++
		}
	}
	return n
}

// splitClauses cuts the items into clauses in the order of the text.
func (r *reader) splitClauses() {
	for i := 0; i < len(r.items); {
		if r.items[i].kind == itBreak || r.isEnd(i) {
			i++
			continue
		}
		end := i
		for end < len(r.items) && !r.isEnd(end) && r.items[end].kind != itBreak && !r.tickEnds(i, end) && !r.callsFirst(i, end) {
			end++
		}
		question := r.questionEnds(i, end)
		i = r.splitSentence(i, end, question)
	}
}

// tickEnds reports whether a tick closes what stands before it and a question follows: "kickoff ✅ what's next?".
func (r *reader) tickEnds(from, i int) bool {
	return i > from && r.items[i-1].kind == itEmoji && r.words[r.items[i-1].from].norm == ":check:" && r.countKind(from, i, itMilestone) > 0 &&
		r.items[i].has(interrogatives...)
}

// isEnd reports whether the item ends a sentence.
func (r *reader) isEnd(i int) bool {
	it := &r.items[i]
	if it.kind != itPunct {
		return false
	}
	switch w := &r.words[it.from]; w.norm {
	case ";", "!", "?":
		return true
	case ".":
		next := it.to
		return next >= len(r.words) || !r.words[next].glued
	}
	return false
}

func (r *reader) questionEnds(from, end int) bool {
	for k := end; k < len(r.items) && r.isEnd(k); k++ {
		if r.words[r.items[k].from].norm == "?" {
			return true
		}
	}
	return false
}

// splitSentence cuts one sentence and returns where reading goes on: behind a free text that may run further.
func (r *reader) splitSentence(from, end int, question bool) int {
	start := from
	r.sentenceFrom = from
	reason := false
	if r.givesReason(from, end) {
		r.clauses = append(r.clauses, clause{from: from, to: end, head: reasonGiven, text: from, joint: true})
		return end
	}
	for i := from; i < end; i++ {
		atStart := i == start
		if atStart || r.isJoint(i-1) {
			if head, text, ok := r.headAt(i); ok {
				if !atStart && head == Note && r.countKind(start, i, itMilestone) == 1 && !r.carries(start, i) {
					return r.freeText(start, text, head) // "on training, note that …"
				}
				if !atStart {
					r.addClause(clause{from: start, to: r.trimJoint(i, start), question: question, joint: start > from})
				}
				return r.freeText(i, text, head)
			}
		}
		it := &r.items[i]
		if it.has(cBecause) && r.isReason(i, start) {
			reason = true
		}
		if !r.isJoint(i) || i == start {
			continue
		}
		right := i + 1
		for right < end && (r.isJoint(right) || r.items[right].has(cAlso) && r.isJoint(i)) && !r.items[right].has(cNot) {
			right++
		}
		stop := r.nextJoint(right, end)
		split, inherit := r.splitsHere(start, i, right, stop, reason, end)
		if !split {
			continue
		}
		r.addClause(clause{from: start, to: i, question: question && r.clauseAsks(start, i), joint: start > from})
		start, reason = right, false
		if inherit {
			r.pendingInherit = true
		}
		i = right - 1
	}
	to := end
	if question && r.isTag(start, end) {
		question = false
		to = r.tagStart(start, end)
	}
	r.addClause(clause{from: start, to: to, question: question, joint: start > from})
	return end
}

// isTag reports whether the question mark belongs only to a tag at the end: "…, beleza?", "…, ok?".
func (r *reader) isTag(from, end int) bool {
	k := end
	for k > from && !r.isJoint(k-1) {
		k--
	}
	if k == from || k >= end || end-k > 3 {
		return false
	}
	for i := k; i < end; i++ {
		if !r.items[i].has(cYes, cPlease, cPraise, cNoise, cAccept) {
			return false
		}
	}
	return true
}

// reasonGiven marks a sentence that only gives the reason of the one before: "Motivo: …", "Porque …".
const reasonGiven Intent = "reason"

func (r *reader) givesReason(from, end int) bool {
	if len(r.clauses) == 0 || from >= end {
		return false
	}
	if r.items[from].has(cReasonN) && from+1 < end && r.items[from+1].kind == itPunct && r.words[r.items[from+1].from].norm == ":" {
		return true
	}
	w := &r.words[r.items[from].from]
	return r.items[from].has(cBecause) && (w.is("porque") || w.is("because"))
}

// tagStart returns the item with which the tag's comma stands, so that "…, ok?" is not read for what its words say alone; a
// clause that does nothing without it keeps it.
func (r *reader) tagStart(from, end int) int {
	k := end
	for k > from && !r.isJoint(k-1) {
		k--
	}
	for k > from && r.isJoint(k-1) {
		k--
	}
	if k > from && (r.carries(from, k) || r.hasValue(from, k)) {
		return k
	}
	return end
}

// clauseAsks reports whether a clause before the last one belongs to the question: it opens with a question word or
// with a request.
func (r *reader) clauseAsks(from, to int) bool {
	for i := from; i < to; i++ {
		if r.items[i].has(cWhat, cWhen, cWho, cWhy, cHow, cHowMuch, cWhich, cCan) {
			return true
		}
		if r.items[i].kind == itPunct && r.words[r.items[i].from].raw == "¿" {
			return true
		}
	}
	return false
}

func (r *reader) addClause(c clause) {
	for c.from < c.to && (r.isJoint(c.from) || r.items[c.from].kind == itPunct && r.words[r.items[c.from].from].raw != "¿" && r.words[r.items[c.from].from].norm != "/") {
		c.from++
	}
	if c.from >= c.to {
		return
	}
	if w := &r.words[r.items[c.from].from]; w.raw == "¿" {
		c.opened = true
		c.question = true
		c.from++
		if c.from >= c.to {
			return
		}
	}
	c.inherit = r.pendingInherit
	c.sentence = r.sentenceFrom
	r.pendingInherit = false
	r.clauses = append(r.clauses, c)
}

// isJoint reports whether the item may join two clauses: a comma, a dash, "and", "but".
func (r *reader) isJoint(i int) bool {
	it := &r.items[i]
	if it.has(cAnd, cBut, cThen) && it.kind == itWord {
		if w := &r.words[it.from]; r.li == 1 && w.is("so") && it.to-it.from == 1 {
			return false // "falta só 20%"
		}
		return !r.correctsDay(i)
	}
	if it.kind != itPunct {
		return false
	}
	switch w := &r.words[it.from]; w.norm {
	case ",":
		return !(i+1 < len(r.items) && r.items[i+1].has(cBut) && r.correctsDay(i+1))
	case "(", ")", "•", "|":
		return true
	case "/":
		return false
	case "-":
		return !w.glued || it.to < len(r.words) && !r.words[it.to].glued
	case ":":
		return false
	}
	return false
}

func (r *reader) nextJoint(from, end int) int {
	for i := from; i < end; i++ {
		if r.isJoint(i) {
			return i
		}
	}
	return end
}

func (r *reader) trimJoint(i, start int) int {
	for i > start && r.isJoint(i-1) {
		i--
	}
	return i
}

// isReason tells "porque" from a "pues" or "as" that only fills: something to explain must stand before it.
func (r *reader) isReason(i, start int) bool {
	return i > start && !r.sharesBehind(i) && r.tellsBefore(start, i)
}

// sharesBehind reports whether a share stands behind item i: "van ya por el 80%" says how far and not why.
func (r *reader) sharesBehind(i int) bool {
	return i+1 < len(r.items) && r.items[i+1].kind == itPercent
}

// tellsBefore reports whether a stretch says something that could have a reason: a verb that acts, or a milestone with a value.
func (r *reader) tellsBefore(from, to int) bool {
	return r.carries(from, to) || r.countKind(from, to, itMilestone) > 0 && r.hasValue(from, to)
}

// splitsHere decides whether the joint at i ends the clause that runs from start; the next part is right to stop.
func (r *reader) splitsHere(start, i, right, stop int, reason bool, end int) (split, inherit bool) {
	if right >= end {
		return false, false
	}
	leftActs, rightActs := r.carries(start, i), r.carries(right, stop)
	leftMS, rightMS := r.countKind(start, i, itMilestone), r.countKind(right, stop, itMilestone)
	if r.isFree(start, i) {
		return rightActs && rightMS > 0 && r.isOrder(right, stop), false // a name or a list runs over commas
	}
	if reason {
		return rightMS > 0 && rightActs && r.isOrder(right, stop), false
	}
	if r.items[i].has(cThen) && rightActs && r.isOrder(right, stop) && leftMS > 0 && rightMS == 0 {
		return true, false // "the migration isn't going to make it so put it on April 2"
	}
	if !leftActs {
		if leftMS > 0 && r.hasValue(start, i) && r.saysOfDay(right, stop) {
			return true, false // "migration on Monday the 30th instead, Friday is month end"
		}
		if leftMS > 0 && rightMS == 0 && r.hasValue(start, i) && r.states(right, stop) {
			return true, false // "two more days for migration, the VPN is down"
		}
		if leftMS > 0 && rightMS == 0 && rightActs && r.hasValue(start, i) && r.tellsOfOthers(right, stop) {
			return true, false // "go live May 11, the board asked for it"
		}
		if leftMS > 0 && rightMS == 1 && r.hasValue(start, i) && r.statesOfPart(right, stop) {
			return true, false // "homologação pra 30 de abril, o ambiente de teste tá instável"
		}
		if leftMS > 0 && rightMS > 0 && r.hasValue(start, i) && r.hasValue(right, stop) {
			return true, false // "4 al 25/3, 5 al 27/3"
		}
		if r.countKind(start, i, itEntry) > 0 && !rightActs {
			return false, false // "el cambio 1 está fuera de alcance y se cobra"
		}
		return leftMS == 0, false // a greeting stands alone; a topic waits for what is said of it
	}
	if rightActs || leftMS > 0 && r.hasValue(start, i) && r.saysOfDay(right, stop) {
		return true, false
	}
	if rightMS > 0 && r.hasValue(right, stop) && r.hasValue(start, i) {
		return true, true
	}
	if rightMS > 0 && r.isTopic(right, stop, end) {
		return true, false
	}
	if r.items[i].has(cBut) {
		return true, rightMS > 0
	}
	if rightMS > 0 {
		return !r.isList(right, stop), false
	}
	return !r.isTail(right, stop), false
}

// tellsOfOthers reports whether a stretch tells, in the third person, what somebody wanted or did.
func (r *reader) tellsOfOthers(from, to int) bool {
	for i := from; i < to; i++ {
		for _, s := range r.items[i].senses {
			if s.c == cPropose && s.m&(mPst3|mP3) != 0 && s.m&mImp == 0 || s.c == cPropose && r.li == 2 && s.m&mPst3 != 0 {
				return true
			}
		}
	}
	return false
}

// states reports whether a stretch states something of its own, without a day, a milestone or a person: "no anda la VPN".
func (r *reader) states(from, to int) bool {
	if to-from < 3 || r.hasValue(from, to) || r.countKind(from, to, itUnknown) == 0 {
		return false
	}
	for i := from; i < to; i++ {
		it := &r.items[i]
		if it.has(cPlease, cThanks, cOwner, cCan) {
			return false
		}
		if i == from && (r.words[it.from].is("hay") || r.words[it.from].is("tem") || r.words[it.from].is("there")) || it.has(cNot) && it.kind == itWord || i > from && (it.anyForm(cBe, cHave)&(mP3|mImpf) != 0 || r.li != 2 && it.form(cGo)&(mP3|mPst3) != 0) && !it.has(cDet, cIt) {
			return true
		}
	}
	return false
}

// saysOfDay reports whether a stretch tells something about a day of its own: "el viernes es feriado", "sexta é fechamento".
func (r *reader) saysOfDay(from, to int) bool {
	for from < to && r.items[from].has(cDet, cAt, cThat, cBecause) && r.items[from].kind == itWord {
		from++
	}
	if from+1 >= to || r.items[from].kind != itDate {
		return false
	}
	return r.items[from+1].anyForm(cBe, cHave, cStay, cGo)&(mP3|mImpf|mFut) != 0 || r.items[from+1].has(cThere, cThey)
}

// isTopic reports whether a stretch only names what the next one speaks of: "… and the pilot, can we get it moved?".
func (r *reader) isTopic(right, stop, end int) bool {
	if stop >= end || r.items[stop].kind != itPunct || r.items[stop].has(cAnd) {
		return false
	}
	next := stop + 1
	after := r.nextJoint(next, end)
	return r.carries(next, after) && r.countKind(next, after, itMilestone) == 0 && r.anyConcept(next, after, cIt, cCan, cThis)
}

// hasValue reports whether a stretch says a day, a movement, a share or a person.
func (r *reader) hasValue(from, to int) bool {
	for i := from; i < to; i++ {
		switch r.items[i].kind {
		case itDate, itShift, itPercent, itPerson:
			return true
		}
	}
	return false
}

// isList reports whether a stretch only names milestones, going on with a list.
func (r *reader) isList(from, to int) bool {
	for i := from; i < to; i++ {
		it := &r.items[i]
		switch it.kind {
		case itMilestone, itNext, itPunct, itEmoji, itDate, itShift, itPercent, itPerson, itClock:
			continue
		}
		if !it.has(cDet, cAlso, cPlease, cNoise, cOf, cMilestone, cAll, cAlready, cTo, cFor, cUntil, cAt, cMe, cWith, cMore, cBack, cOwner) {
			return false
		}
	}
	return true
}

// isTail reports whether a stretch only completes what stands before it: a day, a person, a courtesy.
func (r *reader) isTail(from, to int) bool {
	value := r.hasValue(from, to) || r.countKind(from, to, itClock) > 0
	for i := from; i < to; i++ {
		it := &r.items[i]
		switch it.kind {
		case itDate, itShift, itPercent, itPerson, itClock, itPunct, itEmoji, itQuote:
			continue
		}
		if !it.has(cDet, cTo, cFor, cOf, cAt, cWith, cUntil, cBefore, cOwner, cPlease, cNoise, cYou, cDue, cMore, cNot, cOnly, cNow, cRole, cNo, cWait, cMistake, cBetter, cCost, cFree, cScope) || it.has(cSay) {
			return false
		}
	}
	return value || to-from <= 2
}

func (r *reader) anyConcept(from, to int, cs ...concept) bool {
	for i := from; i < to; i++ {
		if r.items[i].has(cs...) {
			return true
		}
	}
	return false
}

// isOrder reports whether a stretch gives an order or reports something done, rather than going on with a reason.
func (r *reader) isOrder(from, to int) bool {
	for i := from; i < to && i < from+4; i++ {
		it := &r.items[i]
		if it.has(cNot) {
			return false
		}
		for _, s := range it.senses {
			if s.m&(mImp|mLets) != 0 && isActing(s.c) && i == r.firstTelling(from, to) {
				return true
			}
		}
	}
	first := r.firstTelling(from, to)
	return first < to && r.items[first].has(cReady, cPlease, cCan)
}

// firstTelling skips fillers.
func (r *reader) firstTelling(from, to int) int {
	for from < to && (r.items[from].has(cNoise, cAlso, cPlease, cAnd) || r.items[from].kind == itPunct) && !r.items[from].has(acting...) {
		from++
	}
	return from
}

func isActing(c concept) bool {
	for _, a := range acting {
		if a == c {
			return true
		}
	}
	return false
}

// isFree reports whether a stretch names something new, whose words are anybody's: an added or renamed milestone.
func (r *reader) isFree(from, to int) bool {
	add, rename, milestone := false, false, false
	for i := from; i < to; i++ {
		it := &r.items[i]
		add = add || it.has(cAdd, cNew, cNeed, cPut, cLack)
		rename = rename || it.has(cRename, cCall)
		milestone = milestone || it.has(cMilestone) && it.kind == itWord
	}
	return add && milestone || rename
}
