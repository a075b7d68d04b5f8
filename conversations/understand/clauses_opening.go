package understand

// callsFirst reports whether the colon at item k ends what only calls for attention before an order: "quick one between calls: give
// setup two more days". What names something, or says what others say or under which condition, belongs to the order.
func (r *reader) callsFirst(from, k int) bool {
	if it := &r.items[k]; it.kind != itPunct || r.words[it.from].norm != ":" || k == from || k-from > 6 || !r.carries(from, k) {
		return false
	}
	if r.hasValue(from, k) || r.countKind(from, k, itMilestone)+r.countKind(from, k, itEntry)+r.countKind(from, k, itQuote)+r.countKind(from, k, itNumber) > 0 {
		return false
	}
	if r.anyConcept(from, k, cSay, cHear, cAccording, cIf, cWhen, cSuppose, cMaybe, cWish, cNot, cSideWord, cPropose, cDecide, cRename, cName, cAdd, cMilestone, cBlock, cReject, cAccept, cNote, cRecord, cReasonN) {
		return false
	}
	end := k + 1
	for end < len(r.items) && !r.isEnd(end) && r.items[end].kind != itBreak {
		end++
	}
	return r.countKind(k+1, end, itMilestone) > 0 && r.isOrder(k+1, end) && !r.isOrder(from, k)
}
