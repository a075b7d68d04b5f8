package understand

// raisedTo reads "sube el avance del 4 a 65", "bump progress of 4 to 65": a bare number behind "to" where progress is spoken of.
func (r *reader) raisedTo(i int) bool {
	w := &r.words[i]
	if w.num < 1 || w.num > 100 || i < 2 || !r.words[i-1].has(cTo, cUntil, cAt) && r.words[i-1].norm != "->" || r.compound(i) {
		return false
	}
	if i+1 < len(r.words) && (r.words[i+1].has(cUnit, cOf) || r.model.timeWords[r.words[i+1].norm]) {
		return false
	}
	for k := i - 2; k >= 0 && k >= i-7 && !r.endsSentence(k); k-- {
		if r.words[k].has(cProgress) {
			return true
		}
	}
	return false
}
