package understand

// unreadHalves names the clauses of a message that were not understood beside one that would act, when they name a milestone
// and a value for it: half a wish is not done. Reasons are understood.
func (r *reader) unreadHalves(out *Reading) {
	acts, explains := false, false
	for i := range out.Frames {
		fr := &out.Frames[i]
		if fr.Intent.Changes() && fr.Stance.Acts() && fr.Confidence >= likely {
			acts = true
			explains = explains || explained(fr)
		}
	}
	if !acts || explains {
		return
	}
	for i := range out.Frames {
		fr := &out.Frames[i]
		if fr.Intent != Chatter && fr.Intent != Status && fr.Intent != List {
			continue
		}
		if len(fr.Slots.Milestones) == 0 || r.asksAloud(fr) {
			continue
		}
		for k := range r.items {
			it := &r.items[k]
			if at := r.words[it.from].start; at < fr.Start || at >= fr.End || it.kind != itDate && it.kind != itShift && it.kind != itPercent {
				continue
			}
			if it.kind == itDate && r.dates[it.at].Date <= r.scene.Today {
				continue
			}
			out.Unread = append(out.Unread, r.text[fr.Start:fr.End])
			break
		}
	}
}

// asksAloud reports whether a question mark ends the frame's clause.
func (r *reader) asksAloud(fr *Frame) bool {
	for k := fr.End; k < len(r.text) && k < fr.End+3; k++ {
		if r.text[k] == '?' {
			return true
		}
	}
	return false
}
