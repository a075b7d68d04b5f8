package understand

// Some things people say carry a text of their own: a risk, a note, minutes. What comes behind their head is not read
// as anything else.

// head is how a free text may begin: its noun, and verbs that may order it.
type head struct {
	intent Intent
	noun   concept
}

var heads = []head{
	{Risk, cRisk}, {Action, cAction}, {Decision, cDecision}, {Minutes, cMinutes}, {Support, cSupport}, {Issue, cIssue},
	{ScopeChange, cChangeN}, {Note, cNote}, {Note, cRecord}, {Decision, cDecide},
}

// lead are concepts that may stand before the noun of a head: "registra un riesgo", "veo un riesgo", "please log one risk".
var lead = []concept{
	cRecord, cNote, cAdd, cNew, cHave, cPlease, cNoise, cDet, cHello, cWant, cNeed, cTo, cFor, cOpen, cShow, cMark, cThat, cAs,
	cPropose, cMe, cWe, cThere, cCan, cLevel, cSee, cAlso, cMine, cSend, cPut, cLeave, cThis, cAt, cDo, cStay, cTake, cBe, cYou, cOne, cOf, cIt, cMore, cNext,
	cConfirm, cMust,
}

// Concepts that only heads use.
var (
	cAs    = declare("as")
	cThere = declare("there")
	cSee   = declare("see")
	cOne   = declare("one")
)

// maxLead is how many words may stand before the noun.
const maxLead = 7

// headAt reads a head at item i and returns the item with which the text begins.
func (r *reader) headAt(i int) (Intent, int, bool) {
	if r.warrantyTerms(i) {
		return SetWarranty, i, true
	}
	ordered, level := r.recordedAt(i) >= 0, false
	for k := i; k < len(r.items) && k <= i+maxLead; k++ {
		it := &r.items[k]
		if it.kind == itBreak || r.isEnd(k) {
			return None, 0, false
		}
		ordered = ordered || it.kind == itPerson && k+1 < len(r.items) && r.items[k+1].has(cTake, cHave, cStay) || it.has(cSupport) && it.to-it.from > 1
		if h := r.headNoun(k, i, ordered); h != nil {
			if h.intent == Note && r.leadsToOther(k) {
				ordered = true
				continue
			}
			if text, ok := r.headText(h, i, k, ordered, level); ok {
				return h.intent, text, true
			}
		}
		ordered = ordered || it.has(cRecord, cNote, cAdd, cNew, cOpen, cHave, cPropose, cSee, cThere, cWant, cNeed, cPut, cLeave)
		level = level || it.has(cLevel)
		if it.has(cMeeting, cSideWord, cWe) && k+1 < len(r.items) && r.items[k+1].has(cDecide) {
			continue // "the committee decided that …"
		}
		if it.kind == itMilestone && r.noteFollows(k+1) && (k == i || r.items[k-1].has(cTo, cAt, cFor, cDet, cOf)) {
			continue // "4: nota, llegó la licencia", "agrega al go live la observación de que …"
		}
		if it.kind == itUnknown && r.hasColonBefore(k, 5) && k <= i+1 {
			continue // "we identified a risk: …"
		}
		if it.kind == itMilestone && k > i && r.items[i].has(cAt, cFor, cTo) && (k+1 < len(r.items) && r.items[k+1].has(cNote) || k+2 < len(r.items) && r.items[k+2].has(cNote)) {
			continue // "en la capacitación anota que …"
		}
		if it.kind == itPunct && r.words[it.from].norm == ":" && k > i && r.items[k-1].kind == itMilestone && r.noteFollows(k+1) {
			continue
		}
		if !it.has(lead...) && it.kind != itPerson && it.kind != itNumber && it.kind != itEmoji && !(it.kind == itUnknown && k == i) && !(it.kind == itDate && ordered) {
			return None, 0, false
		}
		if it.kind == itPunct && r.words[it.from].norm != "," && !(r.words[it.from].norm == ":" && k > i && r.items[k-1].kind == itMilestone && r.noteFollows(k+1)) {
			return None, 0, false
		}
	}
	return None, 0, false
}

// warrantyTerms reports whether a line sets the terms of the warranty: its noun early in it, and how long or what it covers.
func (r *reader) warrantyTerms(i int) bool {
	found, terms := false, false
	for k := i; k < len(r.items) && r.items[k].kind != itBreak; k++ {
		it := &r.items[k]
		found = found || it.has(cWarranty) && k <= i+4
		terms = terms || it.has(cCover) || it.kind == itShift
		if !found && k > i+4 || it.kind == itPunct && r.words[it.from].norm == "?" || it.has(cWho, cWhich, cHowMuch, cWhat) {
			return false
		}
	}
	return found && terms
}

// headNoun returns the head whose noun item k is.
func (r *reader) headNoun(k, start int, ordered bool) *head {
	it := &r.items[k]
	if it.kind != itWord {
		return nil
	}
	for h := range heads {
		if it.has(heads[h].noun) {
			if heads[h].noun == cRecord && (it.anyForm(cRecord)&(mImp|mInf) == 0 || k > 0 && r.items[k-1].has(cDet)) {
				continue
			}
			if r.onlyMentions(&heads[h], start, k) {
				continue
			}
			return &heads[h]
		}
	}
	return nil
}

// leadsToOther reports whether a note's verb orders another register: "anota un riesgo: …", "anota la decisión: …".
func (r *reader) leadsToOther(k int) bool {
	for j := k + 1; j < len(r.items) && j <= k+4; j++ {
		it := &r.items[j]
		if it.kind == itWord && it.has(cRisk, cAction, cDecision, cIssue, cMinutes, cChangeN, cSupport) && !r.isNumbered(j) {
			return true
		}
		if it.kind == itWord && it.has(cNote) && j == k+1+r.skipDets(k+1) {
			return false
		}
		if !it.has(cDet, cNew, cAs, cLike, cFor, cOne, cAlso, cNoise, cMe, cThat, cHow, cPlease, cThis) && it.kind != itNumber {
			return false
		}
	}
	return false
}

var cLike = cHow

func (r *reader) skipDets(k int) int {
	n := 0
	for k+n < len(r.items) && r.items[k+n].has(cDet) {
		n++
	}
	return n
}

func (r *reader) isNumbered(k int) bool {
	return k+1 < len(r.items) && r.items[k+1].kind == itNumber
}

// headText decides whether the noun at k opens a free text, and where that begins.
func (r *reader) headText(h *head, start, k int, ordered, level bool) (int, bool) {
	if h.intent == Decision && !r.colonAhead(k) && r.orderedBehind(k) {
		return 0, false
	}
	switch h.intent {
	case Note:
		return r.noteText(k)
	case Decision:
		if h.noun == cDecide {
			return r.decidedText(start, k)
		}
	}
	j := k + 1
	persons := 0
	for ; j < len(r.items) && j <= k+8; j++ {
		it := &r.items[j]
		if r.isEnd(j) || it.kind == itBreak || j == k+1 && r.otherChange(h, j) {
			return 0, false
		}
		if j == k+1 && it.has(cNew) && it.kind == itWord && (h.intent == Risk || h.intent == Issue || h.intent == Decision) {
			continue // "riesgo nuevo, …"
		}
		if it.kind == itPunct {
			switch w := &r.words[it.from]; w.norm {
			case ":", "->":
				return r.textFrom(j + 1)
			case "-", ",":
				if h.intent == Action && persons == 0 && r.personSoon(j+1) {
					return r.textFrom(j + 1)
				}
				if r.hasColonBefore(j+1, 6) && w.norm == "," {
					continue
				}
				if ordered || r.commaOpens(h, start, k, j) {
					return r.textFrom(j + 1)
				}
				return 0, false
			}
		}
		if h.intent == Risk && start == k && j == k+1 && it.has(cOf) && !it.has(cTo) && r.telling(j+1, Risk) {
			return r.textFrom(j + 1) // "riesgo de que el ERP no esté listo"; freeFrame leaves it to the model, for "risco de chuva zero"
		}
		if it.has(cThat) || it.has(cOf) && (ordered || h.intent == Decision) && !r.colonAhead(j) {
			if ordered || h.intent == Risk || h.intent == Decision {
				return r.textFrom(j + 1)
			}
		}
		if it.kind == itPerson {
			persons++
			if h.intent == Action && !r.colonAhead(j) {
				return r.textFrom(k + 1)
			}
			continue
		}
		if r.colonAhead(j) && (j <= k+6 || it.kind == itDate) {
			continue
		}
		if it.has(cOwner, cFor, cTo, cOf, cDet, cLevel, cMine, cMe, cNew, cRole, cWith, cNoise) && (persons == 0 || r.colonAhead(j)) && h.intent == Action {
			if it.has(cMine, cMe) {
				persons++
			}
			continue
		}
		break
	}
	if ordered && j < len(r.items) && (h.intent == Risk || h.intent == Issue || h.intent == Decision) && !r.asks(start, k) {
		return r.textFrom(k + 1)
	}
	return 0, false
}

// asks reports whether the lead is a question's ("¿hay riesgos…?").
func (r *reader) asks(from, to int) bool {
	for i := from; i < len(r.items) && !r.isEnd(i) && r.items[i].kind != itBreak; i++ {
		if r.items[i].has(cWhat, cWhich, cHowMuch, cWho) && i <= to {
			return true
		}
		if k := i + 1; k < len(r.items) && r.isEnd(k) && r.words[r.items[k].from].norm == "?" {
			return true
		}
	}
	return false
}

func (r *reader) personSoon(k int) bool {
	return k < len(r.items) && (r.items[k].kind == itPerson || k+1 < len(r.items) && r.items[k].has(cOwner, cFor, cTo, cDet) && r.items[k+1].kind == itPerson)
}

// colonAhead reports whether a colon stands within the next items of the sentence.
func (r *reader) colonAhead(k int) bool { return r.hasColonBefore(k, 7) }

func (r *reader) hasColonBefore(k, within int) bool {
	for j := k; j < len(r.items) && j <= k+within; j++ {
		if r.isEnd(j) || r.items[j].kind == itBreak {
			return false
		}
		if r.items[j].kind == itPunct && r.words[r.items[j].from].norm == ":" {
			return true
		}
	}
	return false
}

func (r *reader) textFrom(k int) (int, bool) {
	if k >= len(r.items) || r.items[k].kind == itBreak && k+1 >= len(r.items) {
		return 0, false
	}
	return k, true
}

// noteText reads "nota en el 3: …", "anota en el 4 que …", "note on 3 …", "comentario para el go live: …".
func (r *reader) noteText(k int) (int, bool) {
	for j := k - 1; j >= 0 && j >= k-6 && r.items[j].kind != itBreak && !r.isEnd(j); j-- {
		if r.items[j].kind == itPunct && r.words[r.items[j].from].norm == "," {
			break
		}
		if r.items[j].kind == itMilestone && r.onlyBetween(j+1, k, cDet, cThat, cPlease, cNoise, cNote, cRecord, cAdd, cNew, cOne) {
			return r.noteBody(k)
		}
	}
	ms := k >= 2 && r.items[k-1].kind == itMilestone && r.items[max(0, k-2)].has(cAt, cDet, cFor, cTo) ||
		k >= 3 && r.items[k-1].kind == itPunct && r.items[k-2].kind == itMilestone
	for j := k + 1; j < len(r.items) && j <= k+12; j++ {
		it := &r.items[j]
		if r.isEnd(j) || it.kind == itBreak && !ms {
			return 0, false
		}
		if it.kind == itMilestone || it.kind == itNext {
			ms = true
			continue
		}
		if it.kind == itPunct {
			switch r.words[it.from].norm {
			case ":", "->", "-":
				return r.textFrom(j + 1)
			case ",":
				if ms {
					return r.textFrom(j + 1)
				}
			}
			continue
		}
		if it.has(cThat) && (ms || !r.items[k].has(cRecord)) {
			if !ms && r.tellsOfMilestone(j+1) {
				return 0, false // "anota que el 2 ya está listo" reports
			}
			return r.textFrom(j + 1)
		}
		if ms && !it.has(cDet, cOf, cAt) {
			if r.items[k].has(cRecord) && !r.items[k].has(cNote) {
				return 0, false
			}
			return r.textFrom(j)
		}
		if !it.has(cDet, cOf, cAt, cFor, cTo, cNote, cMilestone, cThis, cNew, cNoise, cMine, cGeneric, cAbout, cWith, cPlease, cLast, cOne) && it.kind != itNumber {
			return 0, false
		}
	}
	return 0, false
}

// noteBody is where the text of a note begins whose milestone stands before its noun.
func (r *reader) noteBody(k int) (int, bool) {
	for j := k + 1; j < len(r.items) && j <= k+4; j++ {
		it := &r.items[j]
		if it.kind == itPunct || it.has(cThat) {
			return r.textFrom(j + 1)
		}
		if !it.has(cOf, cDet) {
			return r.textFrom(j)
		}
	}
	return 0, false
}

// noteFollows reports whether a note's noun stands within the next few items, over small words only.
func (r *reader) noteFollows(k int) bool {
	for j := k; j < len(r.items) && j < k+4; j++ {
		it := &r.items[j]
		if it.has(cNote) {
			return true
		}
		if it.kind != itPunct && !it.has(cDet, cNew, cOne, cPlease, cNoise) {
			return false
		}
	}
	return false
}

// tellsOfMilestone reports whether the rest of the sentence says of a milestone that something is done.
func (r *reader) tellsOfMilestone(from int) bool {
	to := from
	for to < len(r.items) && !r.isEnd(to) && r.items[to].kind != itBreak {
		to++
	}
	return r.countKind(from, to, itMilestone) == 1 && r.anyConcept(from, to, cReady, cFinish, cClose, cBlock, cStart) && !r.anyConcept(from, to, cNot, cNotYet, cLack)
}

var cAbout = cAt

// decidedText reads "se decidió que …", "decidimos na call: …", "decided: …".
func (r *reader) decidedText(start, k int) (int, bool) {
	if r.onlyHow(k + 1) {
		return 0, false // "pásasela a Gus, quedamos por teléfono"
	}
	if r.closesEntry(k + 1) {
		return 0, false // "resolvido, fecha a ação 1"
	}
	if r.onlyDays(k + 1) {
		return 0, false // "encerra o próximo marco, batemos o martelo hoje"
	}
	if w := &r.words[r.items[k].to-1]; (hasSuffix(w.norm, "olvio", "olveram", "olvieron", "olvido", "olvida", "olveu", "olvimos", "olvemos", "olved")) && k+1 < len(r.items) && r.items[k+1].has(cDet, cIt) {
		return 0, false // "se resolvió lo del 4" solves
	}
	m := r.items[k].anyForm(cDecide)
	if m&(mPast|mPart|mWord|mP3) == 0 || m&mImp != 0 && m&mPast == 0 || r.asks(start, k) || r.decidesMove(k) {
		return 0, false
	}
	if n := k + 1 + r.skipDets(k+1); n < len(r.items) && (r.items[n].kind == itEntry || r.items[n].has(cRisk, cAction, cIssue, cRequest) && r.isNumbered(n)) {
		return 0, false // "resolvido o problema 1" closes it
	}
	for j := start; j < k; j++ {
		if !r.items[j].has(cNoise, cRefl, cStay, cBe, cHave, cWe, cAlready, cIt, cPlease, cAnd, cHello, cAt, cThat, cMeeting, cDet, cSideWord, cEveryone, cAll, cNow) && r.items[j].kind != itDate && r.items[j].kind != itPerson {
			return 0, false
		}
	}
	for j := k + 1; j < len(r.items) && j <= k+7; j++ {
		it := &r.items[j]
		if r.isEnd(j) || it.kind == itBreak {
			return 0, false
		}
		if it.kind == itPunct && (r.words[it.from].norm == ":" || r.words[it.from].norm == ",") {
			return r.textFrom(j + 1)
		}
		if r.colonAhead(j) {
			continue
		}
		if it.has(cThat) {
			return r.textFrom(j + 1)
		}
		if j == k+1 {
			if m&mPast == 0 && r.milestoneNext(j) || r.items[k].to-r.items[k].from > 1 && !r.words[r.items[k].to-1].has(cThat) && r.tellsOfMilestone(j) {
				return 0, false // "resolvido os dados de entrada", "batemos o martelo nos dados, tá entregue" report
			}
			return r.textFrom(j)
		}
	}
	return 0, false
}

// milestoneNext reports whether a milestone stands at item j, over an article.
func (r *reader) milestoneNext(j int) bool {
	for j < len(r.items) && r.items[j].has(cDet) && r.items[j].kind == itWord {
		j++
	}
	return j < len(r.items) && r.items[j].kind == itMilestone
}

// decidesMove reports whether what was decided is an order in the infinitive about a milestone ("acordamos pasar la migración
// al viernes"), which is done rather than written down.
func (r *reader) decidesMove(k int) bool {
	for j := k + 1; j < len(r.items) && j <= k+5; j++ {
		it := &r.items[j]
		if it.has(cThat) || r.isEnd(j) || it.kind == itPunct {
			return false
		}
		if it.anyForm(cMove, cLater, cSooner, cPass, cCancel, cPut, cChange)&mInf != 0 {
			for n := j + 1; n < len(r.items) && n <= j+4; n++ {
				if r.items[n].kind == itMilestone {
					return true
				}
			}
		}
	}
	return false
}

// freeText adds the clause of a free text that begins at item text and returns where reading goes on. It runs to the end
// of its line, or to the next head with a colon; lines behind it belong to it unless they are something of their own.
func (r *reader) freeText(i, text int, intent Intent) int {
	end := text
	for end < len(r.items) {
		if r.items[end].kind == itBreak {
			if end+1 < len(r.items) && (intent == Minutes || intent == Note || intent == Support) && !r.lineStands(end+1) {
				end++
				continue
			}
			break
		}
		if end > text && (r.ordersBehind(intent, end) || r.isJoint(end) && r.recordedAt(i) == end+1) {
			break
		}
		if end > text && (r.isEnd(end-1) || r.items[end-1].kind == itBreak) && r.colonHead(end) {
			break
		}
		end++
	}
	c := clause{from: i, to: end, head: intent, text: text}
	if end >= len(r.items) {
		c.endByte = len(r.text)
	}
	r.clauses = append(r.clauses, c)
	return end
}

// colonHead reports whether a new free text with a colon begins at item i.
func (r *reader) colonHead(i int) bool {
	_, text, ok := r.headAt(i)
	if !ok || text == 0 || text > len(r.items) {
		return false
	}
	t := &r.items[text-1]
	return t.kind == itPunct && r.words[t.from].norm == ":"
}

// lineStands reports whether the line at item i is a command or an entry of its own.
func (r *reader) lineStands(i int) bool {
	if _, _, ok := r.headAt(i); ok {
		return true
	}
	return false
}
