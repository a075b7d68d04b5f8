package understand

import (
	"strings"

	"timonel/steering"
)

// freeFrame builds the frame of a free text: its head was clear, so its confidence is high; what it needs besides (the
// milestone of a note, the owner of an action) is read from the head and the text.
func (r *reader) freeFrame(f *facts) Frame {
	f.stance = Request
	fr := r.frame(f.c.head, f, explicit)
	if r.onlySpokenOf(f) {
		fr.Confidence = 0.9
	}
	fr.Why = []Feature{{Name: "head:" + string(fr.Intent), Weight: fr.Confidence}}
	start := len(r.text)
	if f.c.text < len(r.items) && f.c.text < f.c.to {
		start = r.words[r.items[f.c.text].from].start
	}
	end := fr.End
	if start > end {
		start = end
	}
	fr.Slots.Text = strings.TrimSpace(r.text[start:end])
	if r.headAsks(f) || r.recalls(f) {
		fr.Stance = Question
	}
	if fr.Slots.Text == "" {
		fr.Missing = append(fr.Missing, "text")
	}
	switch fr.Intent {
	case SetWarranty:
		fr.Slots.Text = ""
		fr.Missing = nil
		buildWarranty(r, f, &fr, nil)
	case Note:
		r.fillNote(f, &fr)
	case Action:
		fr.Slots.Entry = steering.KindAction
		r.fillAction(f, &fr)
	case Risk:
		fr.Slots.Entry = steering.KindRisk
		r.fillRaised(f, &fr)
		r.fillLevels(f, &fr)
	case Issue:
		fr.Slots.Entry = steering.KindIssue
		r.fillRaised(f, &fr)
	case Decision:
		fr.Slots.Entry = steering.KindDecision
	case ScopeChange:
		fr.Slots.Entry = steering.KindChange
	case Support:
		fr.Slots.Entry = steering.KindRequest
	}
	return fr
}

// onlySpokenOf reports whether a risk opens with its noun and goes on with "of", without a colon or an order to write it down:
// "riesgo de que el ERP no esté listo" is one, "risco de chuva zero pra sexta" is talk.
func (r *reader) onlySpokenOf(f *facts) bool {
	return f.c.head == Risk && f.c.text == f.c.from+2 && r.items[f.c.from+1].has(cOf)
}

// headAsks reports whether the head itself is put as a question or denied: "¿hay algún riesgo…?", "no es un riesgo".
func (r *reader) headAsks(f *facts) bool {
	for i := f.c.from; i < f.c.text && i < len(r.items); i++ {
		if r.items[i].has(cNot, cWhat, cWho, cWhich, cHowMuch) || r.words[r.items[i].from].raw == "¿" && !r.items[i].has(cCan) {
			return true
		}
	}
	return false
}

func (r *reader) fillNote(f *facts, fr *Frame) {
	var ms []int
	for _, m := range f.ms {
		if f.itemOf(itMilestone, m) < f.c.text {
			ms = append(ms, m)
		}
	}
	head := *f
	head.ms = ms
	for _, m := range ms {
		fr.Slots.Milestones = append(fr.Slots.Milestones, r.refs[m].Ref)
		if r.refs[m].Key == "" && !r.refs[m].Unknown {
			fr.Ambiguous = append(fr.Ambiguous, "milestone")
		}
	}
	switch {
	case len(ms) > 0:
	case r.textOpensOn(f) >= 0:
		fr.Slots.Milestones = []Ref{r.refs[r.textOpensOn(f)].Ref} // "nota: en la migración vamos por lotes"
	case len(r.scene.Quoted) == 1:
		fr.Slots.Milestones = []Ref{r.keyRef(r.scene.Quoted[0])}
	case len(r.scene.Quoted) == 0 && r.headPoints(f) && len(r.scene.Focus) > 0:
		fr.Slots.Milestones = []Ref{r.keyRef(r.scene.Focus[0])}
	default:
		fr.Missing = append(fr.Missing, "milestone")
	}
}

// textOpensOn returns the milestone that the text of a note begins with, behind a preposition, or -1.
func (r *reader) textOpensOn(f *facts) int {
	for i := f.c.text; i < f.c.to && i < f.c.text+3; i++ {
		it := &r.items[i]
		if it.kind == itMilestone && i > f.c.text && r.refs[it.at].Key != "" {
			return it.at
		}
		if !it.has(cAt, cFor, cDet, cTo, cOf) {
			return -1
		}
	}
	return -1
}

// headPoints reports whether the head says "ese", "that one".
func (r *reader) headPoints(f *facts) bool {
	for i := f.c.from; i < f.c.text && i < len(r.items); i++ {
		if r.items[i].has(cThis) {
			return true
		}
	}
	return false
}

// fillAction finds who does it, named first or as its subject, and by when.
func (r *reader) fillAction(f *facts, fr *Frame) {
	for _, p := range f.people {
		if r.people[p].id != "" {
			fr.Slots.Person = r.people[p].id
			break
		}
	}
	if fr.Slots.Person == "" {
		for i := f.c.from; i < f.c.text+1 && i < f.c.to; i++ {
			it := &r.items[i]
			if it.has(cMine) && i < f.c.text || it.has(cMe) && !(r.li != 2 && r.words[it.from].norm == "me") {
				fr.Slots.Person = r.scene.Speaker
			}
		}
	}
	if fr.Slots.Person == "" && r.roleLeads(f) {
		r.fillByRole(f, fr, false)
	}
	if d := r.actionDay(f); d >= 0 {
		dated := r.dates[d].Dated
		fr.Slots.Date = &dated
	}
}

// roleLeads reports whether a role stands in the head or opens the text.
func (r *reader) roleLeads(f *facts) bool {
	i := f.at(cRole)
	return i >= 0 && i <= f.c.text+2
}

// actionDay is the day an action is due: one said with "by", else the last of the text.
func (r *reader) actionDay(f *facts) int {
	best := -1
	for _, d := range f.dates {
		if r.dates[d].toward {
			return d
		}
		best = d
	}
	return best
}

// fillRaised sets the owner of a risk or an issue when the text names one as such, and takes that out of the text.
func (r *reader) fillRaised(f *facts, fr *Frame) {
	i := f.at(cOwner)
	if p := r.followedBy(f); i < 0 && p >= 0 {
		fr.Slots.Person = r.people[p].id
		return
	}
	if i < 0 {
		for k := f.c.from; k < f.c.text && k < f.c.to; k++ { // "new issue for @dana: …"
			if r.items[k].kind == itPerson {
				fr.Slots.Person = r.people[r.items[k].at].id
				return
			}
		}
		return
	}
	for k := i + 1; k < f.c.to && k < i+4; k++ {
		if r.items[k].kind != itPerson {
			continue
		}
		fr.Slots.Person = r.people[r.items[k].at].id
		if k == f.c.to-1 && i > f.c.text {
			fr.Slots.Text = strings.TrimRight(strings.TrimSpace(f.text(f.c.text, i)), " ,;-(")
		}
		return
	}
}

// followedBy returns the person that the last words of an entry give it to: "…, lo sigue @dana", "…, Dana is on it"; -1 for none.
func (r *reader) followedBy(f *facts) int {
	last := f.c.to - 1
	for last > f.c.text && (r.items[last].kind == itPunct || r.items[last].kind == itEmoji) {
		last--
	}
	from := last
	for from > f.c.text && !r.isJoint(from-1) && !r.isEnd(from-1) {
		from--
	}
	if from <= f.c.text || last-from > 4 {
		return -1
	}
	person, verb := -1, false
	for i := from; i <= last; i++ {
		it := &r.items[i]
		if it.kind == itPerson {
			if person >= 0 {
				return -1
			}
			person = it.at
			continue
		}
		if w := &r.words[it.from]; following[w.norm] || it.has(cTake, cOwner) {
			verb = true
		} else if !it.has(cDet, cIt, cTo, cBe, cAt, cWith, cThis, cRefl, cYou, cNoise) {
			return -1
		}
	}
	if person < 0 || !verb || r.people[person].id == "" {
		return -1
	}
	return person
}

// following are the verbs for keeping an eye on something.
var following = map[string]bool{
	"sigue": true, "monitorea": true, "vigila": true, "atiende": true, "gestiona": true, "maneja": true, "ve": true, "acompanha": true, "monitora": true,
	"cuida": true, "toca": true, "ve-lo": true, "tracks": true, "tracking": true, "follows": true, "watches": true, "watching": true, "owns": true, "monitors": true, "handles": true, "on": true,
}

// fillLevels reads "riesgo alto", "probabilidad alta, impacto medio".
func (r *reader) fillLevels(f *facts, fr *Frame) {
	for i := f.c.from; i < f.c.to; i++ {
		it := &r.items[i]
		if !it.has(cLevel) {
			continue
		}
		level, ok := r.model.tables.levels[r.words[it.from].norm]
		if !ok {
			continue
		}
		switch r.levelOf(f, i) {
		case "probability":
			fr.Slots.Probability = level
		case "impact":
			fr.Slots.Impact = level
		default:
			if i < f.c.text {
				fr.Slots.Probability, fr.Slots.Impact = level, level
			}
		}
	}
}

func (r *reader) levelOf(f *facts, i int) string {
	for k := max(f.c.from, i-2); k < f.c.to && k <= i+1; k++ {
		switch n := r.words[r.items[k].from].norm; {
		case strings.HasPrefix(n, "probab"), n == "likelihood":
			return "probability"
		case strings.HasPrefix(n, "impact"), n == "severity":
			return "impact"
		}
	}
	return ""
}

// entryOfBefore reads "… , regístralo como riesgo": what was said before becomes the entry. Only a message that wants nothing
// else is read so.
func (r *reader) entryOfBefore(c *clause, before []Frame) (Frame, bool) {
	f := r.gather(c)
	as := f.at(cAs)
	if as < 0 || len(f.ms) > 0 || c.from == 0 || f.words > 6 || f.form(cRecord, cNote, cMark, cPut, cAdd, cLeave)&(mImp|mInf) == 0 || !f.pointed() && !f.follows(as, cDet, cRisk, cIssue, cAction, cDecision) {
		return Frame{}, false
	}
	for i := range before {
		if before[i].Intent.Changes() && before[i].Stance.Acts() && before[i].Confidence >= likely {
			return Frame{}, false
		}
	}
	for _, h := range heads {
		if h.noun == cNote || h.noun == cRecord || h.noun == cDecide || f.at(h.noun) <= as {
			continue
		}
		end := r.words[r.items[c.from].from].start
		g := r.gather(&clause{from: 0, to: c.from, head: h.intent, text: 0})
		fr := r.freeFrame(g)
		fr.Slots.Text = trimReason(r.text[r.words[0].start:end])
		fr.Start, fr.Confidence = r.words[0].start, 0.85
		fr.Missing = nil
		return fr, fr.Slots.Text != ""
	}
	return Frame{}, false
}
