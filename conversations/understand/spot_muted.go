package understand

// spotMuted reads the number of a milestone that is not to be spoken of before a day: "não me enche com o 6 até dia 25", "me lembra do
// 9 só dia 13". With the day behind it, it would look like a range of days.
func (r *reader) spotMuted() {
	for i := 1; i+2 < len(r.words); i++ {
		w, next := &r.words[i], &r.words[i+1]
		if w.taken || w.num < 1 || r.place.byKeyMissing(w.norm) || !(next.has(cUntil) && len(next.norm) > 2 || next.has(cOnly)) {
			continue
		}
		b := i - 1
		if r.words[b].has(cDet) && b > 0 && !r.words[b].has(cOf) {
			b--
		}
		if p := &r.words[b]; p.has(cWith) || p.is("do") || p.is("del") || p.is("about") || p.is("sobre") {
			r.addNumber(i, i+1, w.num, true)
		}
	}
}
