package understand

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// tokenKind classifies a token.
type tokenKind uint8

const (
	tokWord tokenKind = iota
	tokNumber
	tokMixed // letters and digits: "3rd", "9h30", "v2", "1ro"
	tokMention
	tokPunct
	tokEmoji
	tokNewline
)

// token is a piece of the text with its place in the original bytes.
type token struct {
	kind       tokenKind
	start, end int
	raw        string // as written
	low        string // lower case with accents, controls and elongations gone
	norm       string // low without accents
	num        int    // of tokNumber and of a spelled number, else -1
	glued      bool   // no space stands between the token before and this one
}

// maxTokens bounds the work on one message: what follows is only ever the tail of a free text.
const maxTokens = 700

// tokenise splits the text. Zero-width and direction marks vanish; the spans still count the original bytes.
func tokenise(text string, mentions []Mention) []token {
	toks := make([]token, 0, min(len(text)/4+4, maxTokens))
	space := true
	for i := 0; i < len(text) && len(toks) < maxTokens; {
		if m := mentionAt(mentions, i); m != nil && m.End > i && m.End <= len(text) {
			toks = append(toks, token{kind: tokMention, start: i, end: m.End, raw: text[i:m.End], low: m.Person, norm: m.Person, num: -1})
			i, space = m.End, false
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == '\n' || r == '\u2028' || r == '\u2029' || r == '\v':
			toks = append(toks, token{kind: tokNewline, start: i, end: i + n, raw: "\n", low: "\n", norm: "\n", num: -1})
			i, space = i+n, true
			continue
		case isIgnorable(r):
			i += n
			continue
		case unicode.IsSpace(r):
			i, space = i+n, true
			continue
		case r == '_': // "product_owner", "_bold_"
			i += n
			continue
		}
		t := nextToken(text, i, r, n)
		t.glued = !space
		if t.kind == tokPunct && len(toks) > 0 && t.glued && toks[len(toks)-1].kind == tokPunct && toks[len(toks)-1].norm == t.norm {
			toks[len(toks)-1].end = t.end // "!!!" counts once
			i = t.end
			continue
		}
		toks = append(toks, t)
		i, space = t.end, false
	}
	return toks
}

func mentionAt(mentions []Mention, at int) *Mention {
	for i := range mentions {
		if mentions[i].Start == at {
			return &mentions[i]
		}
	}
	return nil
}

// nextToken reads the token that begins with the rune r of n bytes at i.
func nextToken(text string, i int, r rune, n int) token {
	if r == '@' {
		end := i + n
		for end < len(text) {
			c, m := utf8.DecodeRuneInString(text[end:])
			if !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '_' && c != '.' && c != '-' {
				break
			}
			end += m
		}
		name := strings.TrimRight(text[i+n:end], ".-_")
		if name != "" {
			low, norm := fold(name)
			return token{kind: tokMention, start: i, end: i + n + len(name), raw: name, low: low, norm: norm, num: -1}
		}
	}
	if isWordRune(r) {
		return wordToken(text, i)
	}
	if r == '\'' || r == '’' {
		if size := contraction(text, i, n); size > 0 {
			low, norm := fold("'" + text[i+n:i+size])
			return token{kind: tokWord, start: i, end: i + size, raw: text[i : i+size], low: low, norm: norm, num: -1}
		}
	}
	if name, size := emojiAt(text[i:]); name != "" {
		return token{kind: tokEmoji, start: i, end: i + size, raw: text[i : i+size], low: name, norm: name, num: -1}
	}
	if unicode.Is(unicode.So, r) || unicode.Is(unicode.Sk, r) || r >= 0x1F000 {
		return token{kind: tokEmoji, start: i, end: i + n, raw: text[i : i+n], low: ":other:", norm: ":other:", num: -1}
	}
	p := foldPunct(text[i:i+n], r)
	if (p == "-" || p == "=") && strings.HasPrefix(text[i+n:], ">") {
		return token{kind: tokPunct, start: i, end: i + n + 1, raw: "->", low: "->", norm: "->", num: -1}
	}
	return token{kind: tokPunct, start: i, end: i + n, raw: text[i : i+n], low: p, norm: p, num: -1}
}

func isWordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == 'º' || r == 'ª' || r == '°'
}

// wordToken reads letters and digits; an apostrophe belongs to the word in "don't" and starts a token of its own in "it's".
func wordToken(text string, i int) token {
	end, letters, digits := i, false, false
	for end < len(text) {
		r, n := utf8.DecodeRuneInString(text[end:])
		if r == '\'' || r == '’' {
			rest := strings.ToLower(text[end+n : min(len(text), end+n+3)])
			if end > i && letters && strings.HasPrefix(rest, "t") && !startsWithLetter(rest[1:]) {
				end += n
				continue
			}
			break
		}
		if !isWordRune(r) && !isIgnorable(r) {
			break
		}
		if unicode.IsDigit(r) {
			digits = true
		} else if !isIgnorable(r) {
			letters = true
		}
		end += n
	}
	if end == i { // a lone apostrophe cannot come here; keep the loop moving all the same
		_, n := utf8.DecodeRuneInString(text[i:])
		end = i + n
	}
	raw := text[i:end]
	low, norm := fold(raw)
	t := token{kind: tokWord, start: i, end: end, raw: raw, low: low, norm: norm, num: -1}
	switch {
	case digits && letters:
		t.kind = tokMixed
	case digits:
		t.kind, t.num = tokNumber, smallNumber(norm)
	}
	return t
}

// contraction returns the size of "'s", "'ll" and the like behind a word, or 0.
func contraction(text string, i, n int) int {
	if i == 0 {
		return 0
	}
	rest := strings.ToLower(text[i+n : min(len(text), i+n+3)])
	if text[i-1] >= '0' && text[i-1] <= '9' && strings.HasPrefix(rest, "s") && !startsWithLetter(rest[1:]) {
		return n + 1 // "5's date"
	}
	if text[i-1]|0x20 < 'a' || text[i-1]|0x20 > 'z' {
		return 0
	}
	for _, c := range []string{"ll", "re", "ve", "s", "m", "d"} {
		if strings.HasPrefix(rest, c) && !startsWithLetter(rest[len(c):]) {
			return n + len(c)
		}
	}
	return 0
}

func startsWithLetter(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return s != "" && unicode.IsLetter(r)
}

func smallNumber(s string) int {
	if len(s) > 9 {
		return -1
	}
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return -1
		}
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// isIgnorable reports controls that carry no meaning: zero width, direction, variation, soft hyphen, other controls.
func isIgnorable(r rune) bool {
	switch {
	case r == 0x00AD, r == 0x034F, r == 0x061C, r == 0xFEFF, r == utf8.RuneError:
		return true
	case r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x206F, r >= 0xFE00 && r <= 0xFE0F:
		return true
	case r < 0x20 && r != '\n' && r != '\t' && r != '\r' && r != '\v' && r != '\f', r == 0x7F, r >= 0xE000 && r <= 0xF8FF:
		return true
	}
	return false
}

func foldPunct(s string, r rune) string {
	switch r {
	case '“', '”', '«', '»', '„', '‟', '＂':
		return `"`
	case '‘', '’', '`', '´':
		return "'"
	case '–', '—', '−', '‐', '‑':
		return "-"
	case '→', '⇒', '➡', '➔', '➜':
		return "->"
	case '？':
		return "?"
	case '！':
		return "!"
	case '，':
		return ","
	case '：':
		return ":"
	case '％':
		return "%"
	case '…':
		return "."
	case '•', '·', '●', '▪', '◦', '*':
		return "•"
	}
	return s
}

// fold returns the lower-case form with accents and the form without; a run of three and more of a letter counts as one.
func fold(s string) (low, norm string) {
	if ascii, ok := foldASCII(s); ok {
		return ascii, ascii
	}
	runes := make([]rune, 0, len(s))
	for _, r := range s {
		if !isIgnorable(r) {
			runes = append(runes, unicode.ToLower(narrow(r)))
		}
	}
	var l, n strings.Builder
	l.Grow(len(s))
	n.Grow(len(s))
	for i := 0; i < len(runes); {
		j := i + 1
		for j < len(runes) && unaccent(runes[j]) == unaccent(runes[i]) {
			j++
		}
		if j-i >= 3 && unicode.IsLetter(runes[i]) {
			i = j - 1 // keep the last of the run
		}
		for ; i < j; i++ {
			l.WriteRune(runes[i])
			if !unicode.Is(unicode.Mn, runes[i]) {
				n.WriteRune(unaccent(runes[i]))
			}
		}
	}
	return compose(l.String()), n.String()
}

// foldASCII is the common case without a rune walk.
func foldASCII(s string) (string, bool) {
	upper, run := false, 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 0x80 || c == 0 || c == '\'' {
			return "", false
		}
		if c >= 'A' && c <= 'Z' {
			upper = true
		}
		if i > 0 && c|0x20 == s[i-1]|0x20 && c|0x20 >= 'a' {
			if run++; run >= 2 {
				return "", false
			}
		} else {
			run = 0
		}
	}
	if upper {
		return strings.ToLower(s), true
	}
	return s, true
}

func narrow(r rune) rune {
	if r >= 0xFF01 && r <= 0xFF5E {
		return r - 0xFEE0
	}
	if r == '’' {
		return '\''
	}
	return r
}

// compose joins the combining accents that matter in our languages, so that text typed either way reads alike.
func compose(s string) string {
	if !strings.ContainsAny(s, "\u0300\u0301\u0302\u0303\u0308\u0327") {
		return s
	}
	return composer.Replace(s)
}

var composer = strings.NewReplacer(
	"a\u0301", "á", "e\u0301", "é", "i\u0301", "í", "o\u0301", "ó", "u\u0301", "ú", "u\u0308", "ü", "n\u0303", "ñ",
	"a\u0303", "ã", "o\u0303", "õ", "a\u0302", "â", "e\u0302", "ê", "o\u0302", "ô", "c\u0327", "ç", "a\u0300", "à",
)

func unaccent(r rune) rune {
	if r < 0x80 {
		return r
	}
	switch r {
	case 'á', 'à', 'â', 'ã', 'ä', 'å', 'ª':
		return 'a'
	case 'é', 'è', 'ê', 'ë':
		return 'e'
	case 'í', 'ì', 'î', 'ï':
		return 'i'
	case 'ó', 'ò', 'ô', 'õ', 'ö', 'º', '°':
		return 'o'
	case 'ú', 'ù', 'û', 'ü':
		return 'u'
	case 'ñ':
		return 'n'
	case 'ç':
		return 'c'
	case 'ý', 'ÿ':
		return 'y'
	}
	return r
}

// emojiAt names the emoji that mean something; longer ones first, skin tones and selectors are skipped as ignorable.
func emojiAt(s string) (string, int) {
	for _, e := range emojis {
		if strings.HasPrefix(s, e.text) {
			return e.name, len(e.text)
		}
	}
	return "", 0
}

var emojis = []struct{ text, name string }{
	{"✅", ":check:"}, {"✔", ":check:"}, {"☑", ":check:"}, {"💯", ":check:"}, {"🆗", ":check:"},
	{"👍", ":up:"}, {"👌", ":up:"}, {"🙌", ":joy:"}, {"🎉", ":joy:"}, {"👏", ":joy:"}, {"🚀", ":joy:"},
	{"❌", ":cross:"}, {"✖", ":cross:"}, {"🚫", ":cross:"}, {"👎", ":cross:"}, {"⛔", ":cross:"},
	{"🙏", ":please:"}, {"❓", "?"}, {"❔", "?"},
}
