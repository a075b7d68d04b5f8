package understand

// handing are the verbs of orders that may follow a free text in its sentence.
var handing = []concept{cAssign, cMove, cLater, cSooner, cPass, cPut, cMark, cCancel, cUnblock, cReopen, cRename, cClose, cFinish, cLeave, cChange}

// ordersBehind reports whether a free text ends at item i because an order about a numbered milestone follows: "acción: @sofia
// define el horario, y asigna el 9 a @bruno".
func (r *reader) ordersBehind(intent Intent, i int) bool {
	switch intent {
	case Action, Risk, Issue, Decision, ScopeChange:
	default:
		return false
	}
	if !r.isJoint(i) && !r.isEnd(i) {
		return false
	}
	marked := r.items[i].kind == itPunct
	from := i
	for from < len(r.items) && (r.isJoint(from) || r.isEnd(from) || r.items[from].has(cAlso, cNoise, cThen, cPlease) && !r.items[from].has(handing...)) {
		marked = marked || r.items[from].kind == itPunct
		from++
	}
	to := from
	for to < len(r.items) && !r.isEnd(to) && r.items[to].kind != itBreak && !r.isJoint(to) {
		to++
	}
	if from >= to || r.numberedIn(from, to) != 1 || !r.hasValue(from, to) || r.countKind(from, to, itUnknown) > 0 {
		return false
	}
	first := &r.items[from]
	if first.kind == itMilestone || first.has(cDet) && from+1 < to && r.items[from+1].kind == itMilestone {
		return marked && (r.anyConcept(from, to, cPass, cStay, cGo, cBe, cMove) && !r.anyConcept(from, to, cNot, cIf))
	}
	for _, s := range first.senses {
		if s.m&mImp != 0 && isOneOf(s.c, handing) {
			return marked || r.li != 2
		}
	}
	return false
}

// numberedIn counts the milestones that a stretch names by their numbers.
func (r *reader) numberedIn(from, to int) int {
	n := 0
	for i := from; i < to; i++ {
		if it := &r.items[i]; it.kind == itMilestone && r.refs[it.at].number && r.refs[it.at].Key != "" {
			n++
		}
	}
	return n
}

// recordedAt returns the item of an order to write down what stands before it, which ends the sentence that begins at item i: "posible
// riesgo con los permisos, anótalo"; -1 for none.
func (r *reader) recordedAt(i int) int {
	to := i
	for to < len(r.items) && !r.isEnd(to) && r.items[to].kind != itBreak {
		to++
	}
	for k := i + 2; k < to; k++ {
		if !r.isJoint(k-1) || to-k > 3 {
			continue
		}
		it := &r.items[k]
		for _, s := range it.senses {
			if (s.c == cRecord || s.c == cNote) && s.m&mImp != 0 && (s.m&mClitic != 0 || r.anyConcept(k+1, to, cIt, cThis)) {
				return k
			}
		}
	}
	return -1
}
