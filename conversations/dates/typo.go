package dates

// minTypo is the shortest name in which one wrong letter is forgiven: in shorter words another word is as likely.
const minTypo = 5

// resolve gives a token its word number: as written, with drawn-out letters shortened ("hoyyyy"), or, for the
// names of months and days and their like, with one letter wrong.
func (l *lexicon) resolve(s *scanner, t *token, typos bool) {
	word := s.folded[t.lo:t.hi]
	if id, ok := l.ids[string(word)]; ok {
		t.id = id
		return
	}
	if t.kind != kindWord || len(word) > 24 {
		return
	}
	if _, ok := shorten(word, 1); ok {
		for keep := 1; keep <= 2; keep++ {
			short, _ := shorten(word, keep)
			if id, ok := l.ids[string(short)]; ok {
				t.id, t.elongated = id, true
				return
			}
		}
		word, _ = shorten(word, 1)
	}
	if typos && len(word) >= minTypo-1 && !l.ordinary[string(word)] {
		if id := l.nearest(word); id != 0 {
			t.id, t.fuzzy = id, true
		}
	}
}

// shorten cuts every run of three or more equal letters to keep letters, and tells whether there was one.
func shorten(word []byte, keep int) ([]byte, bool) {
	var out []byte
	for i := 0; i < len(word); {
		j := i
		for j < len(word) && word[j] == word[i] {
			j++
		}
		n := j - i
		if n >= 3 {
			if out == nil {
				out = append(make([]byte, 0, len(word)), word[:i]...)
			}
			n = keep
		}
		if out != nil {
			for range n {
				out = append(out, word[i])
			}
		}
		i = j
	}
	if out == nil {
		return word, false
	}
	return out, true
}

// nearest returns the only name one edit away from word, or 0.
func (l *lexicon) nearest(word []byte) wordID {
	var found wordID
	for _, n := range l.names {
		if !oneEdit(word, n.text) {
			continue
		}
		if found != 0 && found != n.id {
			return 0
		}
		found = n.id
	}
	return found
}

// oneEdit tells whether one letter was added, lost, replaced or swapped with its neighbour. The first letter must
// be right or swapped: people rarely get it wrong, and other words differ there.
func oneEdit(a []byte, b string) bool {
	d := len(a) - len(b)
	if d < -1 || d > 1 {
		return false
	}
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	if i == 0 && !(d == 0 && a[0] == b[1] && a[1] == b[0]) {
		return false
	}
	switch d {
	case 1:
		return string(a[i+1:]) == b[i:]
	case -1:
		return string(a[i:]) == b[i+1:]
	}
	if i >= len(a)-1 {
		return i == len(a)-1
	}
	if string(a[i+1:]) == b[i+1:] {
		return true
	}
	return a[i] == b[i+1] && a[i+1] == b[i] && string(a[i+2:]) == b[i+2:]
}
