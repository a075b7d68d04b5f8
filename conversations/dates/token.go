package dates

import (
	"unicode"
	"unicode/utf8"
)

type tokenKind uint8

const (
	kindWord tokenKind = iota
	kindNumber
	kindMark
)

type capitals uint8

const (
	capsNone capitals = iota
	capsFirst
	capsAll
)

// token is one word, number or mark of the text. The folded spelling (no capitals, no accents) lies in the
// scanner's buffer, so that reading a phrase allocates a handful of slices and no strings.
type token struct {
	start, end int // bytes in the text as given
	lo, hi     int // folded spelling in scanner.folded
	num        int // value of a number, capped
	digits     int
	id         wordID
	mark       rune
	kind       tokenKind
	caps       capitals
	accent     bool // the last letter, or the one before a final s or n, carries an accent
	cedilla    bool // "março", not "marco"
	glued      bool // no space before it
	line       bool // first of a line
	fuzzy      bool // taken for a word one letter away
	elongated  bool
}

type scanner struct {
	tokens []token
	folded []byte
}

// maxNumber caps values so that a run of digits cannot overflow; nothing above a year matters here.
const maxNumber = 100_000_000

func (s *scanner) scan(text string) {
	s.tokens = make([]token, 0, min(len(text)/4+4, 1<<15))
	s.folded = make([]byte, 0, len(text)+8)
	glued, line := false, true
	for i := 0; i < len(text); {
		r, w := utf8.DecodeRuneInString(text[i:])
		if isBlank(r) {
			line = line || r == '\n' || r == '\r' || r == '\u2028'
			glued = false
			i += w
			continue
		}
		t := token{start: i, lo: len(s.folded), glued: glued, line: line}
		switch {
		case r >= '0' && r <= '9':
			i = s.number(text, i, &t)
		case unicode.IsLetter(r) && r != 'º' && r != 'ª':
			i = s.word(text, i, &t)
		default:
			t.kind, t.mark = kindMark, foldMark(r)
			s.folded = utf8.AppendRune(s.folded, t.mark)
			i += w
		}
		t.end, t.hi = i, len(s.folded)
		s.tokens = append(s.tokens, t)
		glued, line = true, false
	}
}

func (s *scanner) number(text string, i int, t *token) int {
	t.kind = kindNumber
	for ; i < len(text) && text[i] >= '0' && text[i] <= '9'; i++ {
		t.num = min(t.num*10+int(text[i]-'0'), maxNumber)
		t.digits++
		s.folded = append(s.folded, text[i])
	}
	return i
}

func (s *scanner) word(text string, i int, t *token) int {
	letters, upper, first := 0, 0, false
	lastAccent, beforeAccent := false, false
	lastSN := false
	for i < len(text) {
		r, w := utf8.DecodeRuneInString(text[i:])
		if isCombining(r) {
			lastAccent = lastAccent || r == '\u0301' || r == '\u0302'
			t.cedilla = t.cedilla || r == '\u0327'
			i += w
			continue
		}
		if isApostrophe(r) {
			if n := possessive(text[i+w:]); n >= 0 {
				i += w + n
			}
			break
		}
		if !unicode.IsLetter(r) || r == 'º' || r == 'ª' {
			break
		}
		if unicode.IsUpper(r) {
			upper++
			first = first || letters == 0
		}
		base, accented := foldLetter(r)
		t.cedilla = t.cedilla || r == 'ç' || r == 'Ç'
		s.folded = utf8.AppendRune(s.folded, base)
		beforeAccent, lastAccent, lastSN = lastAccent, accented, base == 's' || base == 'n'
		letters++
		i += w
	}
	t.accent = lastAccent || lastSN && beforeAccent
	switch {
	case upper > 1 && upper == letters:
		t.caps = capsAll
	case first:
		t.caps = capsFirst
	}
	return i
}

// possessive returns how many bytes of "s" follow an apostrophe in "today's", or -1.
func possessive(rest string) int {
	if rest == "" || rest[0] != 's' && rest[0] != 'S' {
		return -1
	}
	if r, _ := utf8.DecodeRuneInString(rest[1:]); len(rest) > 1 && unicode.IsLetter(r) {
		return -1
	}
	return 1
}

func isBlank(r rune) bool {
	switch {
	case r == ' ' || r == '\n' || r == '\t' || r == '\r':
		return true
	case r < 0x80:
		return r < ' '
	}
	// Zero-width characters and emoji selectors stand between words without meaning anything.
	return unicode.IsSpace(r) || r >= 0x200b && r <= 0x200f || r == 0x2028 || r == 0xfe0f || r == 0xfeff ||
		r == 0x2060 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || isCombining(r)
}

func isCombining(r rune) bool { return r >= 0x300 && r <= 0x36f }

func isApostrophe(r rune) bool { return r == '\'' || r == '’' || r == '`' || r == '´' }

// foldMark makes one mark of those that look alike.
func foldMark(r rune) rune {
	switch r {
	case '–', '—', '‐', '‑', '−':
		return '-'
	case '°', 'º':
		return 'º'
	case '⁄', '∕':
		return '/'
	}
	return r
}

const foldFirst, foldLast = 'À', 'ž'

// folds maps the accented Latin letters to their base, and accented says which of them carry a Spanish or
// Portuguese accent (not a tilde, cedilla or dieresis).
var folds, accents = func() (f [foldLast - foldFirst + 1]rune, a [foldLast - foldFirst + 1]bool) {
	for base, letters := range map[rune]string{
		'a': "àáâãäåÀÁÂÃÄÅ", 'c': "çÇčČ", 'e': "èéêëÈÉÊË", 'i': "ìíîïÌÍÎÏ", 'n': "ñÑ", 'o': "òóôõöÒÓÔÕÖ",
		'u': "ùúûüÙÚÛÜ", 'y': "ýÿÝ", 's': "šŠ", 'z': "žŽ",
	} {
		for _, r := range letters {
			f[r-foldFirst] = base
		}
	}
	for _, r := range "áéíóúâêôÁÉÍÓÚÂÊÔàÀ" {
		a[r-foldFirst] = true
	}
	return f, a
}()

func foldLetter(r rune) (base rune, accented bool) {
	switch {
	case r >= 'a' && r <= 'z':
		return r, false
	case r >= 'A' && r <= 'Z':
		return r + 'a' - 'A', false
	case r >= foldFirst && r <= foldLast && folds[r-foldFirst] != 0:
		return folds[r-foldFirst], accents[r-foldFirst]
	}
	return unicode.ToLower(r), false
}

func (s *scanner) text(t *token) string { return string(s.folded[t.lo:t.hi]) }
