package understand

// settleDay asks instead of acting when the day that was said cannot be meant: it contradicts itself, or something would be
// moved to a day that lies behind.
func (r *reader) settleDay(fr *Frame, f *facts) {
	if !fr.Stance.Acts() || !fr.Intent.Changes() {
		return
	}
	for i := f.c.from; i < f.c.to; i++ {
		if it := &r.items[i]; it.kind == itDate && r.dates[it.at].conflict && dayTaking[fr.Intent] {
			fr.Slots.Date = nil
			r.askFor(fr, "date")
			return
		}
	}
	if d := fr.Slots.Date; d != nil && d.Date < r.scene.Today && (fr.Intent == Move || fr.Intent == Add || fr.Intent == Meeting || fr.Intent == Snooze) {
		if date, ok := r.readAhead(d.Start, d.End); ok {
			ahead := *d
			ahead.Date, ahead.Past = date, false
			fr.Slots.Date = &ahead // a past verb of the name or the reason made it one that lies behind
		}
	}
	if d := fr.Slots.Date; d != nil && d.Date < r.scene.Today && (fr.Intent == Move || fr.Intent == Add || fr.Intent == Meeting || fr.Intent == Snooze) {
		fr.Slots.Date = nil
		fr.Confidence = min(fr.Confidence, asking)
		r.askFor(fr, "date")
	}
}

// dayTaking are the intents that need the day right.
var dayTaking = map[Intent]bool{Move: true, Add: true, Done: true, Start: true, Meeting: true, Snooze: true}

// asking is the confidence of a reading that is worth a question.
const asking = 0.6

// askFor makes the bot ask for a slot.
func (r *reader) askFor(fr *Frame, slot string) {
	for _, s := range fr.Ambiguous {
		if s == slot {
			return
		}
	}
	fr.Ambiguous = append(fr.Ambiguous, slot)
}
