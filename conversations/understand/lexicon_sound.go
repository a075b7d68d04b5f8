package understand

import (
	"sort"
	"strings"
)

// How a word sounds, for those who write by ear: "vloqueado", "enpesamos", "comessamos". Letters that Spanish or Portuguese does not tell
// apart become one.

// soundOf writes a word, lower case and without accents, by its sounds.
func soundOf(norm string) string {
	out := make([]byte, 0, len(norm))
	for i := 0; i < len(norm); i++ {
		c, next := norm[i], byte(0)
		if i+1 < len(norm) {
			next = norm[i+1]
		}
		soft := next == 'e' || next == 'i'
		switch {
		case c >= 0x80:
			return ""
		case c == 'h' && (len(out) == 0 || out[len(out)-1] != 'k' && out[len(out)-1] != 's'), c == 'u' && soft && i > 0 && (norm[i-1] == 'q' || norm[i-1] == 'g'):
			continue
		case c == 'b':
			c = 'v'
		case c == 'c' && soft, c == 'z', c == 'x':
			c = 's'
		case c == 'c', c == 'q':
			c = 'k'
		case c == 'j':
			c = 'g'
		case c == 'y':
			c = 'i'
		case c == 'm' && (next == 'p' || next == 'b' || next == 'v'):
			c = 'n'
		}
		if n := len(out); n > 0 && out[n-1] == c {
			continue // doubled letters sound once
		}
		out = append(out, c)
	}
	return string(out)
}

// listSounds builds the index of the verbs that act by their sounds; a sound of several meanings is none's.
func (l *lexicon) listSounds() {
	l.bySound = map[string]string{}
	var verbs []string
	for norm, senses := range l.words {
		if len(norm) >= 6 && hasActing(senses) {
			verbs = append(verbs, norm)
		}
	}
	sort.Strings(verbs)
	for _, norm := range verbs {
		_, said := fold(strings.ReplaceAll(l.words[norm][0].low, "ç", "s"))
		s := soundOf(said)
		switch have, taken := l.bySound[s]; {
		case !taken:
			l.bySound[s] = norm
		case !sameConcept(l.words[norm], l.words[have]):
			l.bySound[s] = ""
		}
	}
}

func hasActing(senses []sense) bool {
	for _, s := range senses {
		if isActing(s.c) {
			return true
		}
	}
	return false
}

// findSound returns the senses of the verb that sounds as the word is written; English is not written by ear.
func (l *lexicon) findSound(norm string) (string, []sense) {
	if l.lang == "en" || len(norm) < 6 {
		return "", nil
	}
	l.sounds.Do(l.listSounds)
	best := l.bySound[soundOf(norm)]
	if best == "" || best == norm {
		return "", nil
	}
	return best, l.words[best]
}
