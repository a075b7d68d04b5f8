package understand

// How a free text begins without a colon, and what only looks like one.

// otherChange reports whether the noun speaks of changing something of the plan: "cambio de responsable: …".
func (r *reader) otherChange(h *head, j int) bool {
	return h.intent == ScopeChange && r.items[j].has(cOf) && j+1 < len(r.items) && r.items[j+1].has(cOwner, cDue, cName, cLanguage, cRole, cDigest)
}

// onlyMentions reports whether the noun at item k only goes on about something, with no order to write it down: "tengo un problema
// con la tablet" asks for help, "there was a change of shift" tells.
func (r *reader) onlyMentions(h *head, start, k int) bool {
	if k+1 >= len(r.items) || r.hasColonBefore(k, 6) || r.anyConcept(start, k, cRecord, cNote, cAdd, cNew, cOpen, cPut, cLeave, cWant, cNeed, cPropose) {
		return false
	}
	next := &r.items[k+1]
	return h.intent == Issue && next.has(cWith) || h.intent == ScopeChange && k > start && next.has(cOf) && r.anyConcept(start, k, cThere, cHave, cBe)
}

// commaOpens reports whether the comma or dash at item j, behind the noun at k, opens the text without an order to write it down.
func (r *reader) commaOpens(h *head, start, k, j int) bool {
	if h.intent == Action || h.intent == Support && start == k {
		return true
	}
	if start == k && (j == k+1 || j == k+2 && r.items[k+1].has(cNew)) && r.telling(j+1, h.intent) {
		return true
	}
	w := &r.words[r.items[j].from]
	return w.norm == "-" && (!w.glued || start == k)
}

// onlyDays reports whether nothing but days and fillers stands from item k to the end of its sentence.
func (r *reader) onlyDays(k int) bool {
	for i := k; i < len(r.items) && !r.isEnd(i) && r.items[i].kind != itBreak; i++ {
		if it := &r.items[i]; it.kind != itDate && it.kind != itPunct && it.kind != itEmoji && !it.has(cNow, cNoise, cAlready, cYes, cIt, cThis) {
			return false
		}
	}
	return true
}

// telling reports whether what follows an entry's noun and a comma is a statement long enough to be the entry: "riesgo nuevo, el
// gerente se va en mayo".
func (r *reader) telling(j int, intent Intent) bool {
	if intent != Risk && intent != Issue && intent != Decision {
		return false
	}
	n := 0
	for i := j; i < len(r.items) && !r.isEnd(i) && r.items[i].kind != itBreak; i++ {
		if r.items[i].kind == itWord || r.items[i].kind == itUnknown {
			n += r.items[i].to - r.items[i].from
		}
		if i+1 < len(r.items) && r.isEnd(i+1) && r.words[r.items[i+1].from].norm == "?" {
			return false
		}
	}
	return n >= 4
}

// orderedBehind reports whether what was decided about a milestone is then asked of the bot: "lo acordado es que el piloto cierre el
// 30, reprográmala así".
func (r *reader) orderedBehind(k int) bool {
	named := false
	for i := k + 1; i < len(r.items) && r.items[i].kind != itBreak; i++ {
		it := &r.items[i]
		named = named || it.kind == itMilestone
		if !named || i == 0 || !r.isJoint(i-1) && !r.isEnd(i-1) {
			continue
		}
		for _, s := range it.senses {
			if s.m&mClitic != 0 && s.m&mImp != 0 && (s.c == cMove || s.c == cLater || s.c == cSooner || s.c == cPass || s.c == cPut || s.c == cChange) {
				return true
			}
		}
	}
	return false
}

// closesEntry reports whether nothing follows at item k but the order to close an entry.
func (r *reader) closesEntry(k int) bool {
	closes := false
	for i := k; i < len(r.items) && !r.isEnd(i) && r.items[i].kind != itBreak; i++ {
		it := &r.items[i]
		if it.kind == itEntry {
			return closes
		}
		closes = closes || it.has(cClose, cFinish, cSolve, cCancel)
		if it.kind != itPunct && !it.has(cClose, cFinish, cSolve, cCancel, cCan, cPlease, cNoise, cDet, cYou, cNow, cAlready, cAnd, cThen) {
			return false
		}
	}
	return false
}

// onlyHow reports whether nothing follows at item k but by which way it was agreed: "por telefone", "by phone", "on the call".
func (r *reader) onlyHow(k int) bool {
	to := k
	for to < len(r.items) && !r.isEnd(to) && r.items[to].kind != itBreak {
		to++
	}
	if to-k < 2 || to-k > 3 {
		return false
	}
	switch r.words[r.items[k].from].norm {
	case "por", "via", "by", "over":
		return r.items[to-1].kind == itUnknown || r.items[to-1].kind == itWord
	}
	return false
}
