package understand

import "timonel/steering"

// What a clause takes from those beside it: the verb of the one before ("2 is done, so is 3"), a day said of the same thing
// ("enviada e conferida na segunda"), a share corrected ("…, ponle 55").

// echoing are the words with which a clause says the same of another milestone.
var echoing = map[string]bool{
	"so": true, "same": true, "ditto": true, "likewise": true, "also": true, "too": true, "idem": true, "igual": true, "mismo": true,
	"mesmo": true, "tambien": true, "tambem": true, "igualmente": true, "both": true,
}

// echoes reports whether a clause only says that what was said before holds for its milestones too.
func (r *reader) echoes(c *clause) bool {
	if c.head != None || c.question || r.countKind(c.from, c.to, itMilestone) == 0 {
		return false
	}
	marked := c.from > 0 && c.from+1 < c.to && r.items[c.from].has(cBe) && r.words[r.items[c.from-1].from].is("so")
	for i := c.from; i < c.to; i++ {
		it := &r.items[i]
		switch it.kind {
		case itMilestone, itNext, itPunct, itEmoji:
			continue
		case itWord:
			for k := it.from; k < it.to; k++ {
				marked = marked || echoing[r.words[k].norm]
			}
			if it.has(cAlso, cBe, cDet, cNoise, cThis, cWith, cFor, cAnd, cOf, cAs, cMilestone, cIt, cStay, cGo, cAlready) {
				continue
			}
		}
		return false
	}
	return marked
}

// shareCorrected reads "ponle 55", "make it 55" behind a share that was said loosely; 0 when the clause says anything else.
func (r *reader) shareCorrected(c *clause) int {
	n := 0
	if c.head != None || c.question {
		return 0
	}
	for i := c.from; i < c.to; i++ {
		it := &r.items[i]
		switch {
		case it.kind == itNumber || it.kind == itMilestone && r.refs[it.at].number && it.to-it.from == 1:
			if n != 0 || r.words[it.from].num < 1 || r.words[it.from].num > 100 {
				return 0
			}
			n = r.words[it.from].num
		case it.kind == itPunct || it.kind == itEmoji:
		case it.kind == itWord && it.has(cPut, cMark, cMake, cLeave, cIt, cThis, cPlease, cAt, cTo, cNoise, cRecord, cDo):
		default:
			return 0
		}
	}
	if !r.anyConcept(c.from, c.to, cPut, cMark, cMake, cLeave, cRecord) {
		return 0
	}
	return n
}

// pastDays gives reports of completion the day that stands in a clause beside them, when the message says only one: "planilha
// ok, enviada e conferida na segunda", "sobre os dados: foi tudo enviado ontem, considera entregue".
func (r *reader) pastDays(frames []Frame) {
	day := r.onlyPastDay()
	if day < 0 {
		return
	}
	date := r.dates[day].Dated
	if date.Date > r.scene.Today {
		p, ok := r.pastReading(day)
		if !ok {
			return
		}
		date = p
	}
	c := r.clauseHolding(r.dates[day].from)
	if c == nil || c.head != None || !r.tellsPast(c) && !(date != r.dates[day].Dated && r.onlyDates(c)) {
		return
	}
	for i := range frames {
		fr := &frames[i]
		if fr.Slots.Date != nil && fr.Intent.Changes() && fr.Stance.Acts() {
			return // it belongs to that one
		}
	}
	for i := range frames {
		fr := &frames[i]
		if fr.Intent == Done && fr.Stance.Acts() && fr.Slots.Date == nil && r.nearTo(fr, c) {
			d := date
			fr.Slots.Date = &d
		}
	}
}

// correctedDays holds back a move whose day a later clause takes back: "mueve el 6 al 2 de abril; no, mejor al 3".
func (r *reader) correctedDays(frames []Frame) {
	for i := range frames {
		fr := &frames[i]
		if fr.Intent != Move || !fr.Stance.Acts() || fr.Slots.Date == nil {
			continue
		}
		k := r.clauseOf(fr)
		if k < 0 {
			continue
		}
		for j := k + 1; j < len(r.clauses) && j <= k+2; j++ {
			c := &r.clauses[j]
			from, to := r.clauses[k].to, c.to
			if r.anyConcept(from, min(to, c.from+2), cNo) && r.countKind(c.from, to, itUnknown) == 0 && to-c.from <= 6 && !r.anyConcept(c.from, to, acting...) || r.anyConcept(from, to, cMistake, cBetter) && r.anyConcept(from, to, cNo, cWait) {
				if r.countKind(c.from, to, itDate)+r.countKind(c.from, to, itNumber)+r.countKind(c.from, to, itMilestone) > 0 {
					fr.Confidence = min(fr.Confidence, misread)
				}
			}
		}
	}
}

// onlyDates reports whether a clause says nothing but what the day of it was: "fecha real: 5 de marzo".
func (r *reader) onlyDates(c *clause) bool {
	return !c.question && (r.anyConcept(c.from, c.to, cDue) || r.onlyDays(c.from)) && r.countKind(c.from, c.to, itMilestone) == 0 && r.countKind(c.from, c.to, itUnknown) <= 1 &&
		!r.anyConcept(c.from, c.to, cNew, cNext, cNot, cChange, cMove, cLater)
}

// onlyPastDay is the one day of the message, if there is just one and it stands outside of reasons; -1 otherwise.
func (r *reader) onlyPastDay() int {
	if len(r.dates) != 1 || len(r.shifts) > 0 || r.dates[0].old || r.dates[0].toward || r.dates[0].ahead || r.dates[0].weak {
		return -1
	}
	return 0
}

// clauseHolding is the clause in which a word stands.
func (r *reader) clauseHolding(word int) *clause {
	for i := range r.clauses {
		c := &r.clauses[i]
		if c.from < c.to && r.items[c.from].from <= word && word < r.items[c.to-1].to {
			return c
		}
	}
	return nil
}

// tellsPast reports whether a clause says with a past verb or a participle that something was handed over or finished.
func (r *reader) tellsPast(c *clause) bool {
	if c.question || r.anyConcept(c.from, c.to, cNot, cNotYet, cDue, cIf, cLack, cMust, cSay, cHear, cMeeting) {
		return false
	}
	for i := c.from; i < c.to; i++ {
		it := &r.items[i]
		for _, s := range it.senses {
			if s.m&(mPast|mPart) != 0 && s.m&mInf == 0 && (isOneOf(s.c, achieving) || isOneOf(s.c, completing) || s.c == cPass || s.c == cAccept || s.c == cGo && s.m&mPst3 != 0) {
				return true
			}
		}
		if it.kind == itUnknown && r.li == 2 && hasSuffix(r.words[it.from].norm, "ed") {
			return true
		}
		if n := r.words[it.from].norm; it.kind == itUnknown && r.li != 2 && hasSuffix(n, "ado", "ada", "idos", "ido", "ida", "ados", "adas", "idas") {
			return true
		}
	}
	return false
}

// nearTo reports whether a frame's clause and c stand next to each other in one sentence, or across a colon.
func (r *reader) nearTo(fr *Frame, c *clause) bool {
	k := r.clauseOf(fr)
	if k < 0 {
		return false
	}
	for i := range r.clauses {
		if &r.clauses[i] == c {
			return i == k+1 || i == k-1 || i < k && r.onlyAssents(i+1, k)
		}
	}
	return false
}

// onlyAssents reports whether the clauses from one to another hold nothing but words of assent: "…, go ahead and …".
func (r *reader) onlyAssents(from, to int) bool {
	for k := from; k < to; k++ {
		for i := r.clauses[k].from; i < r.clauses[k].to; i++ {
			if it := &r.items[i]; it.kind != itPunct && !it.has(cYes, cNoise, cPlease, cAnd, cSo) {
				return false
			}
		}
	}
	return true
}

// comingDays gives a move that lacks its day the only one that the message says, in the clause beside it: "con el setup llego
// recién el 26, ¿lo corrés?", "change 5's date, it's March 24 now".
func (r *reader) comingDays(frames []Frame) {
	if len(r.dates) != 1 || r.dates[0].old || r.dates[0].conflict || r.dates[0].Date <= r.scene.Today {
		return
	}
	c := r.clauseHolding(r.dates[0].from)
	if c == nil || c.head != None || r.anyConcept(c.from, c.to, cBecause, cIf, cWhen, cMeeting, cHear) {
		return
	}
	if r.anyConcept(c.from, c.to, cNot) && !r.anyConcept(c.from, c.to, cBefore, cUntil) {
		return
	}
	for i := range frames {
		if frames[i].Slots.Date != nil && (frames[i].Intent.Changes() && frames[i].Intent != Move || frames[i].Intent == Move && frames[i].Stance.Acts()) {
			return
		}
	}
	for i := range frames {
		fr := &frames[i]
		if fr.Intent != Move || !fr.Stance.Acts() || fr.Slots.Date != nil || fr.Slots.Shift != nil || len(fr.Slots.Milestones) != 1 || !r.nearTo(fr, c) || r.dueOf(fr.Slots.Milestones[0].Key) == r.dates[0].Date {
			continue
		}
		d := r.dates[0].Dated
		fr.Slots.Date = &d
		kept := fr.Missing[:0:0]
		for _, m := range fr.Missing {
			if m != "date" {
				kept = append(kept, m)
			}
		}
		fr.Missing = kept
		from, to := r.words[r.items[c.from].from].start, r.words[r.items[c.to-1].to-1].end
		if fr.Slots.Reason == trimReason(r.text[from:to]) {
			fr.Slots.Reason = ""
		}
	}
}

func (r *reader) dueOf(key string) steering.Date {
	for i := range r.scene.Milestones {
		if r.scene.Milestones[i].Key == key {
			return r.scene.Milestones[i].Due
		}
	}
	return 0
}

// dropDoubtful forgets an unsure report that names no milestone beside a sure change: "hola Ana, estuve con la gente de sistemas y
// ya quedó el 2".
func dropDoubtful(frames []Frame) []Frame {
	sure := false
	for i := range frames {
		sure = sure || frames[i].Intent.Changes() && frames[i].Stance.Acts() && frames[i].Confidence >= ActAt && len(frames[i].Slots.Milestones) > 0
	}
	if !sure {
		return frames
	}
	var out []Frame
	for i := range frames {
		fr := &frames[i]
		if fr.Intent.Changes() && fr.Stance == Report && fr.Confidence < ActAt && len(fr.Slots.Milestones) == 0 && len(fr.Missing) > 0 && fr.Missing[0] == "milestone" && fr.Slots.Date == nil && fr.Slots.Shift == nil {
			continue
		}
		out = append(out, *fr)
	}
	return out
}
