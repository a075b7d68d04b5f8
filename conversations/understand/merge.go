package understand

import "strings"

// mergeFrames joins what several clauses say of one thing: reasons to what they explain, repetitions to one frame; and drops
// the courtesies around what is wanted.
func (r *reader) mergeFrames(out *Reading) {
	frames := out.Frames
	for i := range frames {
		r.bracketReason(&frames[i])
	}
	frames = dropSpentClose(dropEmptyHeads(r.reasonsBefore(frames)))
	frames = r.attachReasons(frames)
	frames = r.dropTails(frames)
	settleNamed(frames)
	r.correctedDays(frames)
	r.pastDays(frames)
	r.comingDays(frames)
	frames = dropDoubtful(frames)
	r.blockedBefore(frames)
	frames = mergeRepeated(frames)
	frames = dropUnnamed(frames)
	frames = undoAlone(frames)
	frames = dropCourtesies(frames, len(out.Unread) > 0)
	settleConflicts(frames)
	out.Frames = frames
}

// explained are the intents that a following clause may give the reason of.
func explained(fr *Frame) bool {
	switch fr.Intent {
	case Move, Block, Reject, Cancel, Reopen:
		return fr.Stance.Acts() && fr.Slots.Reason == ""
	}
	return false
}

// attachReasons turns talk behind a move, a block, a rejection into its reason.
func (r *reader) attachReasons(frames []Frame) []Frame {
	var out []Frame
	for i := 0; i < len(frames); i++ {
		fr := frames[i]
		if !explained(&fr) {
			out = append(out, fr)
			continue
		}
		first := i + 1
		if first+1 < len(frames) && frames[first].Intent.isTalk() && r.isCourtesy(&frames[first]) {
			first++ // "…, beleza? motivo: …"
		}
		if first+1 < len(frames) && (frames[first].inherited && frames[first].Intent == fr.Intent || frames[first].Intent == Chatter && frames[first].Stance == Request) && frames[first].Slots.Date == nil && frames[first].Slots.Shift == nil &&
			r.labelled(&frames[first+1]) {
			first++ // "…, update it. reason: …"
		}
		j := first
		for j < len(frames) && r.explains(&frames[j], &fr) {
			j++
		}
		if j == first {
			j, first = i+1, i+1
		}
		if j > first {
			text, joined := r.withoutLabel(frames[first].Start, frames[j-1].End)
			if text = trimReason(text); joined && text != "" || len(strings.Fields(text)) >= 2 {
				fr.Slots.Reason = text
			}
		}
		out = append(out, fr)
		i = j - 1
	}
	return out
}

// labelled reports whether a frame begins with "reason:".
func (r *reader) labelled(fr *Frame) bool {
	k := r.clauseOf(fr)
	return k >= 0 && r.clauses[k].head == reasonGiven
}

// withoutLabel is the text between two bytes less a leading "motivo:" or "porque", and whether there was one.
func (r *reader) withoutLabel(start, end int) (text string, joined bool) {
	from, to := r.wordsOf(start, end)
	if from < to && r.words[from].has(cReasonN) && from+1 < to && r.words[from+1].norm == ":" {
		from, joined = from+2, true
	}
	if from >= to {
		return "", false
	}
	begin := r.words[from].start
	for i := range r.items {
		if it := &r.items[i]; it.from == from && (it.has(cBecause) || r.words[from].is("que") && it.to == from+1) {
			begin, joined = min(r.behindJoint(i), end), it.has(cBecause)
		}
	}
	return r.text[begin:end], joined
}

// blockedBefore gives a block that is ordered the talk before it as its reason: "faltan permisos; bloquea el 6".
func (r *reader) blockedBefore(frames []Frame) {
	last := len(frames) - 1
	if last < 1 || frames[last].Intent != Block || frames[last].Slots.Reason != "" || !frames[last].Stance.Acts() {
		return
	}
	from := last
	for from > 0 && !(frames[from-1].Intent.Changes() && frames[from-1].Stance.Acts()) && frames[from-1].Intent != Thanks && frames[from-1].Intent != Hello && !r.isCourtesy(&frames[from-1]) {
		from--
	}
	if from < last {
		if text := trimReason(r.text[frames[from].Start:frames[last-1].End]); len(strings.Fields(text)) >= 2 {
			frames[last].Slots.Reason = text
		}
	}
}

// explains reports whether a clause is talk that may be a reason: it wants nothing itself and names no milestone to act on.
func (r *reader) explains(fr, of *Frame) bool {
	switch fr.Intent {
	case Thanks, Hello, Yes, No, Help, Undo:
		return false
	case Chatter:
		return !r.isCourtesy(fr) && (fr.Stance != Request || r.joinsReason(fr) || r.statedBeside(fr))
	}
	if fr.Intent.Changes() && fr.Stance == Request && (len(fr.Slots.Milestones) > 0 || fr.Confidence >= likely) {
		return false
	}
	if fr.Intent == Move && of.Intent == Move && of.Slots.Date == nil && of.Slots.Shift == nil && (fr.Slots.Date != nil || fr.Slots.Shift != nil) {
		return false // "hay que reprogramar el 8, queda para fines de abril"
	}
	if fr.Intent == Move && fr.Stance == Report && fr.Confidence <= 0.5 && of.Intent == Reject {
		return true // "la propuesta 1 la rechazo, ese lunes tengo otras dos salidas"
	}
	if !fr.Stance.Acts() {
		return fr.Stance != Question && fr.Intent != Status && fr.Intent != List && fr.Intent != WhatIf
	}
	if fr.Intent == Status || fr.Intent == List {
		return !strings.Contains(r.text[fr.Start:min(len(r.text), fr.End+2)], "?")
	}
	return len(fr.Slots.Milestones) == 0 || fr.inherited
}

// joinsReason reports whether a clause begins with a word that gives a reason: "…, que lo pide dirección".
func (r *reader) joinsReason(fr *Frame) bool {
	k := r.clauseOf(fr)
	if k < 0 {
		return false
	}
	it := &r.items[r.clauses[k].from]
	return it.has(cBecause) || r.words[it.from].is("que") && it.to-it.from == 1 && r.clauses[k].to-r.clauses[k].from > 2
}

// isCourtesy reports whether a clause of talk holds nothing but fillers.
func (r *reader) isCourtesy(fr *Frame) bool {
	for i := range r.items {
		it := &r.items[i]
		start := r.words[it.from].start
		if start < fr.Start || start >= fr.End || it.kind == itPunct || it.kind == itEmoji {
			continue
		}
		if !it.has(cNoise, cPlease, cThanks, cHello, cPraise, cYes, cYou, cDet) || it.kind == itUnknown {
			return false
		}
	}
	return true
}

// mergeRepeated makes one frame of two that say the same of the same milestones.
func mergeRepeated(frames []Frame) []Frame {
	var out []Frame
	for _, fr := range frames {
		if k := repeats(out, &fr); k >= 0 {
			mergeInto(&out[k], &fr)
			continue
		}
		out = append(out, fr)
	}
	return out
}

// undoAlone keeps only the undoing of a message that begins with it: "scratch that last one, put it back the way it was".
func undoAlone(frames []Frame) []Frame {
	if len(frames) < 2 || frames[0].Intent != Undo {
		return frames
	}
	for i := 1; i < len(frames); i++ {
		if len(frames[i].Slots.Milestones) > 0 && !frames[i].inherited && frames[i].Intent.Changes() {
			return frames
		}
	}
	return frames[:1]
}

// dropUnnamed leaves out a frame that names no milestone beside one that says the same of a named one.
func dropUnnamed(frames []Frame) []Frame {
	var out []Frame
	for i := range frames {
		fr := &frames[i]
		said := false
		for j := range frames {
			said = said || i != j && frames[j].Intent == fr.Intent && len(frames[j].Slots.Milestones) > 0 && frames[j].Slots.Percent == fr.Slots.Percent
		}
		if said && len(fr.Slots.Milestones) == 0 && (fr.Intent == Progress || fr.Intent == Done) {
			continue
		}
		if fr.Intent == Done && i+1 < len(frames) && frames[i+1].Intent == Accept && frames[i+1].inherited && frames[i+1].awaits && sameRefs(fr.Slots.Milestones, frames[i+1].Slots.Milestones) {
			continue // "revisado el alcance, conforme" signs
		}
		if fr.Intent == Done && fr.Stance == Report && len(fr.Slots.Milestones) == 0 && i+1 < len(frames) && frames[i+1].Intent == Accept && len(frames[i+1].Slots.Milestones) > 0 {
			continue // "we went through it and have no comments on 3, approved"
		}
		if (fr.Intent == Accept && !fr.awaits || fr.Intent == Start) && fr.inherited && i > 0 && frames[i-1].Intent == Done && frames[i-1].Stance.Acts() && sameRefs(fr.Slots.Milestones, frames[i-1].Slots.Milestones) && fr.Slots.Date == nil {
			continue // "KPIs are defined and agreed"
		}
		if fr.Intent == Cancel && len(fr.Slots.Milestones) == 0 && len(frames) > 1 && i+1 < len(frames) && frames[i+1].Intent.Changes() && frames[i+1].Stance.Acts() {
			continue // "deixa pra lá, desfaz minha proposta"
		}
		if fr.Intent == Done && fr.Stance == Report && len(fr.Slots.Milestones) == 0 && i > 0 && frames[i-1].Intent == CloseEntry {
			continue // "cierra el riesgo 1, ya lo mitigamos"
		}
		out = append(out, *fr)
	}
	return out
}

func repeats(frames []Frame, fr *Frame) int {
	for k := range frames {
		have := &frames[k]
		if have.Intent == fr.Intent && (fr.Intent == Accept || fr.Intent == Reject) && have.Slots.Entry == "proposal" && fr.Slots.Entry == "proposal" && have.Stance.Acts() && fr.Stance.Acts() &&
			(have.Slots.Number == 0 || fr.Slots.Number == 0 || have.Slots.Number == fr.Slots.Number) {
			return k // "works for me, Gus's proposal is approved"
		}
		if have.Intent != fr.Intent || !sameRefs(have.Slots.Milestones, fr.Slots.Milestones) || have.Slots.Number != fr.Slots.Number {
			continue
		}
		switch fr.Intent {
		case Done, Start, Unblock, Reopen, Cancel, Accept, Reject, Block:
			if have.Stance.Acts() == fr.Stance.Acts() || fr.inherited {
				return k
			}
		case Undo, Help, Hello, Thanks, Yes, No, Digest:
			return k
		case Move:
			if have.Stance.Acts() == fr.Stance.Acts() && (have.Slots.Date == nil && have.Slots.Shift == nil || fr.Slots.Date == nil && fr.Slots.Shift == nil) {
				return k
			}
		}
	}
	return -1
}

func sameRefs(a, b []Ref) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Key != b[i].Key || a[i].Key == "" {
			return false
		}
	}
	return len(a) > 0
}

func mergeInto(have, fr *Frame) {
	if have.Slots.Date == nil {
		have.Slots.Date = fr.Slots.Date
	}
	if have.Slots.Shift == nil {
		have.Slots.Shift = fr.Slots.Shift
	}
	if have.Slots.Reason == "" {
		have.Slots.Reason = fr.Slots.Reason
	}
	if have.Slots.Person == "" {
		have.Slots.Person = fr.Slots.Person
	}
	if fr.Stance.Acts() && (have.Stance == Intention || have.Stance == Report) {
		have.Stance = fr.Stance
	}
	have.Confidence = max(have.Confidence, fr.Confidence)
	have.End = max(have.End, fr.End)
	if have.Slots.Date != nil || have.Slots.Shift != nil {
		kept := have.Missing[:0:0]
		for _, m := range have.Missing {
			if m != "date" {
				kept = append(kept, m)
			}
		}
		have.Missing = kept
	}
}

// dropCourtesies leaves out thanks, greetings and talk beside something wanted.
func dropCourtesies(frames []Frame, unread bool) []Frame {
	wanted := unread
	for i := range frames {
		wanted = wanted || !frames[i].Intent.isTalk()
	}
	if !wanted {
		return frames
	}
	var out []Frame
	for i := range frames {
		if frames[i].Intent.isTalk() {
			continue
		}
		out = append(out, frames[i])
	}
	return out
}

// isTalk reports whether an intent wants nothing to be done.
func (i Intent) isTalk() bool {
	switch i {
	case Chatter, Hello, Thanks, Yes, No:
		return true
	}
	return false
}

// otherDay reports whether a denied move only takes back another day: "no sale el 27, sale el 1 de abril".
func otherDay(fr, denied *Frame) bool {
	return fr.Intent == Move && fr.Slots.Date != nil && denied.Slots.Date != nil && fr.Slots.Date.Date != denied.Slots.Date.Date && denied.Start < fr.Start
}

// settleConflicts lowers what the message itself takes back: "el 2 está listo… no, el 2 no está listo".
func settleConflicts(frames []Frame) {
	for i := range frames {
		for j := range frames {
			if i != j && frames[i].Intent == frames[j].Intent && frames[i].Stance.Acts() && frames[j].Stance == Negation &&
				sameRefs(frames[i].Slots.Milestones, frames[j].Slots.Milestones) && !frames[j].inherited && !otherDay(&frames[i], &frames[j]) {
				frames[i].Confidence = min(frames[i].Confidence, 0.5)
			}
		}
	}
}
