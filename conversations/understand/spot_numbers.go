package understand

import "strconv"

// entryRef is an entry of a register by its number: "acción 2", "risk #1".
type entryRef struct {
	c        concept
	number   int
	from, to int
}

// percentRef is a share of the work: "40%", "la mitad".
type percentRef struct {
	value    int
	from, to int
	words    bool // said in words, which alone ("media") means little
}

// spotEntries finds entries of registers, so that their numbers are not milestones'.
func (r *reader) spotEntries() {
	for i := range r.words {
		w := &r.words[i]
		if w.taken || !w.has(cAction, cRisk, cIssue, cDecision, cChangeN, cProposal, cInvoice, cRequest, cMeeting, cSupport) || w.is("call") || w.is("session") {
			continue
		}
		k := i + 1
		for k < len(r.words) && k < i+3 && (r.words[k].norm == "#" || r.words[k].is("n") || r.words[k].is("no") || r.words[k].is("nro") || r.words[k].is("numero") || r.words[k].is("number") || r.words[k].norm == ".") {
			k++
		}
		if i == 0 && w.is("change") && k+1 < len(r.words) && r.words[k].num > 0 && r.words[k+1].is("to") {
			continue // "change 7 to 9 April"
		}
		if k+2 < len(r.words) && r.words[k+1].norm == "'s" && r.words[k+2].has(cDue, cName, cOwner) {
			continue // "change 5's date"
		}
		if k < len(r.words) && !r.words[k].taken && r.namesOne(k) && !r.isUnitAt(k+1) && k == i+1 && numberWord(r.words[k].norm) > 0 {
			r.entries = append(r.entries, entryRef{c: r.entryConcept(w), number: numberWord(r.words[k].norm), from: i, to: k + 1})
			r.take(i, k+1)
			continue
		}
		if k >= len(r.words) || r.words[k].num < 1 || r.words[k].taken || r.words[k].num > 999 || r.isUnitAt(k+1) || r.compound(k) {
			continue
		}
		r.entries = append(r.entries, entryRef{c: r.entryConcept(w), number: r.words[k].num, from: i, to: k + 1})
		r.take(i, k+1)
	}
}

func (r *reader) entryConcept(w *word) concept {
	for _, c := range []concept{cAction, cRisk, cIssue, cDecision, cChangeN, cProposal, cInvoice, cSupport, cRequest, cMeeting, cMinutes} {
		if w.has(c) {
			return c
		}
	}
	return 0
}

func (r *reader) isUnitAt(i int) bool { return i < len(r.words) && r.words[i].has(cUnit) }

// compound reports whether the number at i is part of something written together: a date, a version, an amount, a clock.
func (r *reader) compound(i int) bool {
	joins := func(k int) bool {
		switch r.words[k].norm {
		case "/", ".", ",", ":", "-", "$", "€", "£":
			return true
		}
		return false
	}
	if i > 0 && r.words[i].glued && joins(i-1) && (i > 1 && r.words[i-1].glued && (r.words[i-2].num >= 0 || r.words[i-2].kind == tokMixed || r.words[i-1].norm == "$") || r.words[i-1].norm == "$" || r.words[i-1].norm == "€") {
		return true
	}
	if i+2 < len(r.words) && r.words[i+1].glued && joins(i+1) && r.words[i+2].glued && (r.words[i+2].num >= 0 || r.words[i+2].kind == tokMixed) {
		return true
	}
	if i > 0 && (r.words[i-1].norm == "$" || r.words[i-1].is("usd") || r.words[i-1].is("rs") || r.words[i-1].is("eur")) {
		return true
	}
	if i+1 < len(r.words) {
		switch r.words[i+1].norm {
		case "$", "€", "usd", "eur", "mxn", "cop", "ars", "clp", "reais", "pesos", "dolares", "dollars", "euros", "mil", "k":
			return true
		}
	}
	return false
}

// spotExplicit reads the numbers that say that they are milestones'.
func (r *reader) spotExplicit() {
	for i := range r.words {
		if r.words[i].taken {
			continue
		}
		if to := r.explicitAt(i); to > 0 {
			r.addNumber(i, to, r.numberValue(to-1), true)
			r.listAfter(to)
		}
	}
}

// spotObjects reads numbers that a verb, or the noun of its date, takes for its object and that something is then put to: "pasa
// el 8 al 20 de abril", "la fecha del 4 al 25", "4 -> 27/3". Read as days they would swallow what follows.
func (r *reader) spotObjects() {
	for i := range r.words {
		w := &r.words[i]
		if w.taken || w.kind != tokNumber || r.place.byKeyMissing(w.norm) || i+1 >= len(r.words) || r.compound(i) {
			continue
		}
		next := &r.words[i+1]
		if next.has(cOf) && i > 1 && (r.words[i-1].has(cUnlink) || r.words[i-1].has(cDet) && r.words[i-2].has(cUnlink)) {
			r.addNumber(i, i+1, w.num, false)
			continue
		}
		if !next.has(cTo, cUntil, cNow) && next.norm != "->" && next.norm != "=" {
			continue
		}
		from := i
		if i > 0 && r.words[i-1].has(cDet) {
			from = i - 1
		}
		switch {
		case from < i && r.opensPair(from, i):
		case from < i && (from == 0 || r.startsClause(from-1)) && next.has(cNow, cBe, cStay, cAlready, cGo, cGoing) && !next.has(cOf):
		case from == 0 && (next.norm == "->" || from == i):
		case from < i && r.words[from].is("del") && r.milestoneBefore(from) && !r.dueNounBefore(from):
			continue // "el go live pasa del 4 al 11 de mayo"
		case from > 0 && (r.words[from-1].has(acting...) || r.words[from-1].norm == "," || r.words[from-1].has(cAnd)) && !r.words[from-1].has(cFinish, cClose):
		case from > 0 && (r.words[from].is("del") || r.words[from-1].has(cOf)) && r.dueNounBefore(from):
		default:
			continue
		}
		r.addNumber(from, i+1, w.num, false)
	}
}

// dueNounBefore reports whether "date", "deadline" stands right before the preposition at or before word i.
func (r *reader) dueNounBefore(i int) bool {
	for k := i - 1; k >= 0 && k >= i-3; k-- {
		if r.words[k].has(cDue, cName) {
			return true
		}
		if !r.words[k].has(cDet, cOf) {
			return false
		}
	}
	return false
}

// spotBare reads the bare numbers, each by its place: a milestone, a day of the month, or neither.
func (r *reader) spotBare() {
	for i := range r.words {
		w := &r.words[i]
		if n := numberWord(w.norm); n > 1 && w.kind == tokWord && !w.taken && r.spelled(i) {
			r.addNumber(i-1, i+1, n, false)
			continue
		}
		if w.taken || w.kind != tokNumber || w.num < 1 || w.num > 999 || !r.maybeMilestone(i) {
			continue
		}
		from := i
		if i > 0 && r.words[i-1].has(cDet) && !r.words[i-1].taken {
			from = i - 1
		}
		if r.isDay(from, i) {
			r.bareDays = append(r.bareDays, span{from, i + 1})
			continue
		}
		r.addNumber(from, i+1, w.num, false)
	}
}

// spelled reports whether a number in words names a milestone: "el siete queda para …", behind a singular article and before
// a verb.
func (r *reader) spelled(i int) bool {
	if i == 0 || i+1 >= len(r.words) || !(r.words[i-1].is("el") || r.words[i-1].is("o")) || r.place.byKeyMissing(itoaSmall(numberWord(r.words[i].norm))) {
		return false
	}
	n := &r.words[i+1]
	return (n.has(acting...) || n.has(cBe, cStay, cGo, cGoing, cAlready, cTo)) && !n.has(cUnit)
}

// isDay decides whether the bare number at i, with its article from, is a day of the month: after "to", "until" and the
// like when something else is what is spoken of, or beside a milestone that was named otherwise.
func (r *reader) isDay(from, i int) bool {
	n := r.words[i].num
	if n > 31 || i+1 < len(r.words) && r.words[i+1].has(cBe, cHave) && !r.words[i+1].has(cOf) {
		return false
	}
	_, isKey := r.place.byKey[r.words[i].norm]
	det := from < i
	b := from - 1
	if det && (r.words[from].has(cTo) || r.words[from].has(cOf)) {
		b = from // "al 27", "del 13"
	}
	if b < 0 {
		return false
	}
	p := &r.words[b]
	before := b - 1
	if before >= 0 && r.words[before].has(cDepend, cDependN, cAfter, cOwner, cAssign, cWait) || r.saidBefore(i, cDepend, cDependN) {
		return false
	}
	if r.waitedFor(from, i) {
		return false
	}
	other, joined := r.otherMilestone(i), p.has(cAnd, cOr, cAlso, cAs) || p.norm == "," || p.is("quanto")
	switch {
	case p.has(cNot) && other && (det || r.li == 2):
		return true // "el 27 de marzo y no el 20"
	case !isKey && det && r.li != 2 && other && !joined && (len(p.senses) == 0 || p.has(cMeeting)):
		return true // "…: directorio sesiona el 30"
	case p.form(cFinish, cClose, cReady)&(mSubj|mImp) != 0 && p.form(cFinish, cClose)&mPast == 0:
		return false
	case p.has(cDepend, cDependN, cAfter, cWait), joined:
		return false
	case before >= 0 && r.words[before].is("vez") || before >= 0 && r.words[before].is("instead"):
		return true
	case p.has(cUntil) && !p.has(cAt):
		return true
	case p.has(cBefore) || before >= 0 && p.has(cOf) && r.words[before].has(cBefore):
		return !isKey || !other
	case p.has(cOf, cFrom) && (p.is("del") || p.is("from")) && i+2 < len(r.words) && r.words[i+1].has(cTo, cUntil) && other:
		return true
	case p.is("de") && i+2 < len(r.words) && r.words[i+1].has(cTo, cUntil) && other && r.dayAt(i+2):
		return true // "a virada passa de 4 para 11 de maio"
	case isKey && p.has(cTo) && from > 0 && r.words[from-1].is("para") && r.daySaid(b):
		return false // "hasta el viernes para el 2"
	case p.has(cTo) || p.norm == "->" || p.has(cFor) && p.is("para"):
		return other && r.milestoneBefore(i) || !isKey && !p.is("a")
	case p.has(cAt) && r.otherInClause(i):
		return det || r.li != 2 && !isKey
	case p.has(cAt):
		return false
	case joined || p.has(cOf, cWith):
		return false
	}
	if p.has(acting...) && !p.has(cFinish, cReady, cClose, cSign, cHappen, cDo, cDeliver) || !det {
		return false // the object of the verb right before it
	}
	return r.otherInClause(i) && !r.startsClause(b)
}

// dayAt reports whether a day, said with its month, begins at word i.
func (r *reader) dayAt(i int) bool {
	for k := range r.dates {
		if d := &r.dates[k]; !d.weak && (d.from == i || d.from == i+1 && r.words[i].has(cDet)) {
			return true
		}
	}
	return false
}

// otherInClause reports whether a milestone is named before word i with nothing between that could begin a clause.
func (r *reader) otherInClause(i int) bool {
	from := i
	for from > 0 && !r.startsClause(from-1) && r.words[from-1].norm != "," && !r.words[from-1].has(cAnd, cBut) {
		from--
	}
	for k := range r.refs {
		if r.refs[k].from >= from && r.refs[k].to <= i {
			return true
		}
	}
	return false
}

// isNameWord reports whether word i belongs to a milestone's name.
func (r *reader) isNameWord(i int) bool {
	for k := range r.refs {
		if i >= r.refs[k].from && i < r.refs[k].to && !r.refs[k].number {
			return true
		}
	}
	return false
}

// saidBefore reports whether one of the concepts stands before word i in its sentence.
func (r *reader) saidBefore(i int, cs ...concept) bool {
	for k := i - 1; k >= 0 && !r.endsSentence(k); k-- {
		if r.words[k].has(cs...) {
			return true
		}
	}
	return false
}

// daySaid reports whether a surer day is said before word i.
func (r *reader) daySaid(i int) bool {
	for k := range r.dates {
		if !r.dates[k].weak && r.dates[k].to <= i && r.dates[k].to >= i-4 {
			return true
		}
	}
	return false
}

// milestoneBefore reports whether a milestone is named before word i.
func (r *reader) milestoneBefore(i int) bool {
	for k := range r.refs {
		if r.refs[k].to <= i {
			return true
		}
	}
	return false
}

// startsClause reports whether a new clause begins after word b.
func (r *reader) startsClause(b int) bool {
	w := &r.words[b]
	return w.kind == tokNewline || w.norm == ":" || w.norm == ";" || w.norm == "." || w.norm == "!" || w.norm == "?" || w.norm == "-"
}

// otherMilestone reports whether the sentence around word i names a milestone besides.
func (r *reader) otherMilestone(i int) bool {
	from, to := i, i
	for from > 0 && !r.endsSentence(from-1) {
		from--
	}
	for to < len(r.words) && !r.endsSentence(to) {
		to++
	}
	for k := range r.refs {
		if r.refs[k].from >= from && r.refs[k].to <= to && (r.refs[k].from < i || !r.refs[k].number) {
			return true
		}
	}
	return false
}

func (r *reader) endsSentence(i int) bool {
	w := &r.words[i]
	return w.kind == tokNewline || w.kind == tokPunct && (w.norm == ";" || w.norm == "!" || w.norm == "?" || w.norm == "." && !w.glued || w.norm == "." && (i+1 >= len(r.words) || !r.words[i+1].glued))
}

// numberValue is the number that word i is or spells.
func (r *reader) numberValue(i int) int {
	if n := r.words[i].num; n >= 0 {
		return n
	}
	return numberWord(r.words[i].norm)
}

// explicitAt reads "hito 3", "marco n. 2", "#3", "milestone two" and returns the word after it, or 0.
func (r *reader) explicitAt(i int) int {
	w := &r.words[i]
	if w.has(cMilestone) && w.kind == tokWord || w.is("no") && i+1 < len(r.words) && r.words[i+1].norm == "." {
		k := i + 1
		for k < len(r.words) && k < i+4 && (r.words[k].norm == "#" || r.words[k].norm == "." || r.words[k].is("n") || r.words[k].is("no") || r.words[k].is("nro") || r.words[k].is("numero") || r.words[k].is("number")) {
			k++
		}
		if k < len(r.words) && !r.words[k].taken && !r.compound(k) && (r.words[k].num > 0 || numberWord(r.words[k].norm) > 0 && (numberWord(r.words[k].norm) != 1 || !r.isUnitAt(k+1) && r.namesOne(k))) {
			return k + 1
		}
		return 0
	}
	if w.norm == "#" && i+1 < len(r.words) && r.words[i+1].num > 0 && !r.compound(i+1) {
		if i > 0 && r.words[i-1].has(cVersion, cAction, cRisk, cIssue, cInvoice, cSupport, cRequest) {
			return 0
		}
		return i + 2
	}
	return 0
}

// listAfter reads the numbers that go on a list: "hitos 3, 4 y 5".
func (r *reader) listAfter(i int) {
	for i+1 < len(r.words) {
		w, n := &r.words[i], &r.words[i+1]
		if !(w.norm == "," || w.has(cAnd)) || n.num < 1 || n.taken || n.kind != tokNumber || r.compound(i+1) || r.isUnitAt(i+2) || r.percentSign(i+2) > 0 {
			return
		}
		r.addNumber(i+1, i+2, n.num, true)
		i += 2
	}
}

func (r *reader) addNumber(from, to, n int, explicit bool) {
	ref := msRef{from: from, to: to, explicit: explicit, number: true, weak: !explicit}
	ref.Start, ref.End = r.words[from].start, r.words[to-1].end
	ref.Text = r.text[ref.Start:ref.End]
	key := strconv.Itoa(n)
	if _, ok := r.place.byKey[key]; ok {
		ref.Key, ref.Candidates = key, []string{key}
	} else {
		ref.Unknown = true
	}
	r.take(from, to)
	r.refs = append(r.refs, ref)
}

// maybeMilestone reports whether a bare number stands where a milestone's would: not before a noun that it counts, not
// after a noun that it numbers, not as part of a day, a clock or an amount.
func (r *reader) maybeMilestone(i int) bool {
	if r.countsOf(i) || i > 0 && r.words[i-1].norm == "+" {
		return false // "setup +3 working days"
	}
	if r.place.byKeyMissing(r.words[i].norm) && i > 1 && r.words[i-1].norm == "," && i+2 < len(r.words) && r.words[i+1].has(cBe) && r.words[i+2].has(cMine, cDet) && r.milestoneBefore(i) {
		return false // "…, 24 is our inventory close"
	}
	if i > 0 && r.words[i-1].has(cRename, cCall) && !r.words[i-1].has(cMeeting) || i > 0 && r.words[i-1].is("call") && i+1 < len(r.words) && startsUpper(r.words[i+1].raw) {
		return !r.compound(i)
	}
	if r.compound(i) || r.percentSign(i+1) > 0 {
		return false
	}
	det := i > 0 && r.words[i-1].has(cDet) && !r.words[i-1].taken
	b := i - 1
	if det {
		b--
	}
	if b >= 0 && !r.isSubjectAt(i, det) {
		p := &r.words[b]
		if p.has(cVersion, cDay, cInvoice, cAction, cRisk, cIssue, cSupport, cStage) && !p.has(cMilestone) && !(det && p.isWord() && p.form(cSupport) == 0 && !p.has(cVersion)) {
			return false
		}
		if !det && p.kind == tokWord && len(p.senses) == 0 && !p.taken && !r.model.known[p.norm] {
			return false // "ramal 2503", "anexo 2", "SAP 4"
		}
	}
	if det && r.words[i-1].lang == uint8(r.li) {
		switch r.words[i-1].norm {
		case "los", "las", "os", "as", "unos", "unas", "uns", "umas":
			return i+1 < len(r.words) && r.words[i+1].has(cAnd) || r.words[i-1].is("los") && r.listFollows(i)
		}
	}
	return !r.oneOfOthers(i) && r.afterMilestone(i+1, det)
}

func (r *reader) listFollows(i int) bool {
	return i+2 < len(r.words) && (r.words[i+1].norm == "," || r.words[i+1].has(cAnd)) && r.words[i+2].num > 0
}

// afterMilestone judges the word after a bare number.
func (r *reader) afterMilestone(i int, det bool) bool {
	if i >= len(r.words) {
		return true
	}
	n := &r.words[i]
	if n.kind != tokWord {
		return n.kind != tokMixed && n.norm != "°"
	}
	if n.has(cUnit) || !det && r.countsOthers(i) {
		return false
	}
	if n.is("am") || n.is("pm") || n.is("h") || n.is("hs") || n.is("hrs") || n.is("horas") || n.is("th") {
		return n.is("am") && r.li == 2 && false
	}
	if !det && n.taken && r.isNameWord(i) && !n.has(acting...) {
		return false // "3 planilhas" counts them
	}
	if !det && len(n.norm) > 3 && n.norm[len(n.norm)-1] == 's' && !n.has(acting...) && !n.has(linking...) && !r.model.known[n.norm] {
		return false
	}
	if len(n.senses) == 0 && !n.taken && !r.model.known[n.norm] {
		return det
	}
	if !det && n.has(cVersion, cFile) && !n.has(acting...) || n.has(cMilestone, cRole, cAction, cRisk, cIssue, cInvoice, cMeeting, cReminder, cSupport, cRequest, cAnswer) && !n.has(cOwner, cBlock, cReady, cFinish) {
		return false
	}
	return true
}

func itoaSmall(n int) string { return strconv.Itoa(n) }
