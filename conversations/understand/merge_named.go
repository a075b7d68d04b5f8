package understand

// settleNamed gives a frame whose milestone could be several the one that another frame of the same message, saying the same, names
// for sure: "dados ok, chegaram anteontem, pode fechar o 2".
func settleNamed(frames []Frame) {
	for i := range frames {
		fr := &frames[i]
		if len(fr.Slots.Milestones) != 1 || fr.Slots.Milestones[0].Key != "" || !fr.Stance.Acts() {
			continue
		}
		for j := range frames {
			other := &frames[j]
			if j == i || other.Intent != fr.Intent || !other.Stance.Acts() || len(other.Slots.Milestones) != 1 || other.inherited {
				continue
			}
			key := other.Slots.Milestones[0].Key
			for _, c := range fr.Slots.Milestones[0].Candidates {
				if c == key && key != "" {
					fr.Slots.Milestones = append([]Ref(nil), other.Slots.Milestones...)
					fr.Ambiguous = without(fr.Ambiguous, "milestone")
				}
			}
		}
	}
}

func without(list []string, drop string) []string {
	kept := list[:0:0]
	for _, s := range list {
		if s != drop {
			kept = append(kept, s)
		}
	}
	return kept
}

// dropTails forgets what only goes on about a share that was just told: "al 50%, dos de cuatro anexos listos", "em 10%, começou
// devagarinho mas começou".
func (r *reader) dropTails(frames []Frame) []Frame {
	var out []Frame
	for i := range frames {
		fr := &frames[i]
		if n := len(out); n > 0 && fr.Intent == Snooze && out[n-1].Intent == Snooze && out[n-1].Stance.Acts() && fr.Slots.Date == nil && (len(fr.Slots.Milestones) == 0 || fr.inherited) {
			continue // "no me hables del 6 hasta el lunes, siléncialo"
		}
		if n := len(out); n > 0 && fr.Intent == Done && fr.inherited && fr.Stance == Report && out[n-1].Intent == Accept && out[n-1].Stance.Acts() && sameRefs(out[n-1].Slots.Milestones, fr.Slots.Milestones) {
			continue // "doy por bueno el hito 3, firmado por mi parte"
		}
		if n := len(out); n > 0 && out[n-1].Intent == Progress && out[n-1].Stance.Acts() && len(out[n-1].Slots.Milestones) == 1 && out[n-1].Slots.Percent < 100 {
			unnamed := len(fr.Slots.Milestones) == 0 || fr.inherited
			if unnamed && (fr.Intent == Start || (fr.Intent == Done || fr.Intent == Accept) && fr.Stance == Report && fr.Slots.Date == nil && (fr.Confidence < 0.8 || r.countsOut(fr))) {
				continue
			}
		}
		out = append(out, *fr)
	}
	return out
}

// countsOut reports whether a frame's clause tells how many of how many: "two schedules out of four agreed", "dos de cuatro listos".
func (r *reader) countsOut(fr *Frame) bool {
	from, to := r.wordsOf(fr.Start, fr.End)
	counted := false
	for i := from; i < to; i++ {
		w := &r.words[i]
		if numberWord(w.norm) == 0 && w.kind != tokNumber {
			continue
		}
		if counted && r.words[i-1].has(cOf) {
			return true
		}
		counted = true
	}
	return false
}
