package slack

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"timonel/internal/markup"
)

// slackUser is what a user id looks like; anything else cannot be mentioned.
var slackUser = regexp.MustCompile(`^[UW][A-Z0-9]{2,}$`)

// size counts a text in UTF-16 units, which is never less than what Slack counts.
func size(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

// Signs that Slack reads as formatting, and what looks like them without being read so.
var lookalikes = map[rune]rune{'*': '∗', '_': 'ˍ', '~': '∼', '`': 'ˋ'}

func isFormatting(r rune) bool { return r == '*' || r == '_' || r == '~' || r == '`' }

// literal writes text that somebody wrote so that Slack shows it as it stands: escaped, and a sign that would begin a
// formatting replaced by one that looks like it. before is the character in front, 0 at the beginning.
func literal(s string, before rune, bold bool) string {
	var out strings.Builder
	prev := before
	for i, r := range s {
		next, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):])
		switch {
		case r == '\n':
			out.WriteRune(r)
		case r == '\t' || r == '\r':
			out.WriteByte(' ')
		case unicode.IsControl(r):
			continue
		case isFormatting(r) && (bold || r == '`' || opens(prev, next)):
			out.WriteRune(lookalikes[r])
		case r == '>' && (prev == 0 || prev == '\n'):
			out.WriteString("\u200b&gt;") // at the beginning of a line it would be a quotation
		case r == '&':
			out.WriteString("&amp;")
		case r == '<':
			out.WriteString("&lt;")
		case r == '>':
			out.WriteString("&gt;")
		default:
			out.WriteRune(r)
		}
		prev = r
	}
	return out.String()
}

// opens reports whether a sign between two characters could begin a formatting.
func opens(prev, next rune) bool {
	return !isWord(prev) && next != 0 && next != utf8.RuneError && !unicode.IsSpace(next)
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// lines parts a marked text at its line ends; a formatting that goes on is taken up in the next line.
func lines(text string) [][]markup.Part {
	list := [][]markup.Part{nil}
	for _, p := range markup.Parts(strings.ToValidUTF8(text, "")) {
		for i, piece := range strings.Split(p.Text, "\n") {
			if i > 0 {
				list = append(list, nil)
			}
			if piece != "" {
				q := p
				q.Text = piece
				last := len(list) - 1
				list[last] = append(list[last], q)
			}
		}
	}
	return list
}

// mrkdwn writes one line in Slack's markup.
func mrkdwn(parts []markup.Part) string {
	var out strings.Builder
	prev := rune(0)
	for i := 0; i < len(parts); {
		if !parts[i].Bold {
			out.WriteString(plainPart(parts[i], prev, false))
			prev = lastRune(parts[i].Text, prev)
			i++
			continue
		}
		end := i
		for end < len(parts) && parts[end].Bold {
			end++
		}
		prev = writeBold(&out, parts[i:end], prev)
		i = end
	}
	return out.String()
}

// writeBold writes parts between asterisks. Spaces stay outside, and a word in front is kept apart, or Slack would show the
// asterisks.
func writeBold(out *strings.Builder, parts []markup.Part, prev rune) rune {
	var inner strings.Builder
	for _, p := range parts {
		inner.WriteString(plainPart(p, '*', true))
		prev = lastRune(p.Text, prev)
	}
	text := inner.String()
	trimmed := strings.TrimSpace(text)
	if trimmed == "" {
		out.WriteString(text)
		return prev
	}
	front, back, _ := strings.Cut(text, trimmed)
	before, _ := utf8.DecodeLastRuneInString(out.String() + front)
	if isWord(before) {
		front += "\u200b"
	}
	out.WriteString(front + "*" + trimmed + "*" + back)
	return '*'
}

// plainPart writes a part without its boldness.
func plainPart(p markup.Part, prev rune, bold bool) string {
	switch {
	case p.User != "" && slackUser.MatchString(p.User):
		return "<@" + p.User + ">"
	case p.Moment:
		return "<!date^" + strconv.FormatInt(p.Unix, 10) + "^{date_short_pretty} {time}|" + dateFallback(p.Text) + ">"
	}
	return literal(p.Text, prev, bold)
}

func dateFallback(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == '|' || r == '^' {
			return '/'
		}
		return r
	}, s)
	if strings.TrimSpace(s) == "" {
		s = "?"
	}
	return literal(s, 'a', true)
}

func lastRune(s string, otherwise rune) rune {
	if s == "" {
		return otherwise
	}
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// wrap parts a line into lines that take at most limit units each in Slack's markup, between words where it can.
func wrap(parts []markup.Part, limit int) [][]markup.Part {
	if size(mrkdwn(parts)) <= limit {
		return [][]markup.Part{parts}
	}
	var out [][]markup.Part
	var line []markup.Part
	used := 0
	for _, p := range parts {
		for _, piece := range pieces(p, limit) {
			n := size(plainPart(piece, 'a', true)) + 3 // the asterisks of a bold part
			if used+n > limit && len(line) > 0 {
				out, line, used = append(out, line), nil, 0
			}
			line, used = append(line, piece), used+n
		}
	}
	return append(out, line)
}

// pieces parts text into words, and words that are longer than a line where a character ends. A mention or a moment
// stays whole.
func pieces(p markup.Part, limit int) []markup.Part {
	if p.User != "" || p.Moment {
		return []markup.Part{p}
	}
	var out []markup.Part
	for _, word := range strings.SplitAfter(p.Text, " ") {
		for word != "" {
			n := fitting(word, limit/6) // "&amp;" takes five units, the asterisks the rest
			out = append(out, markup.Part{Text: word[:n], Bold: p.Bold})
			word = word[n:]
		}
	}
	return out
}

// fitting returns how many bytes of s fit into limit units without parting what is one sign to people.
func fitting(s string, limit int) int {
	used, end := 0, 0
	for i, r := range s {
		if i > 0 && !joins(s[:i], r) {
			end = i
		}
		used++
		if r > 0xFFFF {
			used++
		}
		if used > limit {
			if end == 0 { // one sign longer than all the room there is: cut it where a rune ends
				end = max(i, utf8.RuneLen(r))
			}
			return end
		}
	}
	return len(s)
}

// joins reports whether r belongs to the sign that before ends with: accents, skin tones, joined emoji, flags.
func joins(before string, r rune) bool {
	const joiner = '\u200d'
	last, _ := utf8.DecodeLastRuneInString(before)
	isFlag := func(r rune) bool { return r >= 0x1F1E6 && r <= 0x1F1FF }
	return r == joiner || last == joiner || unicode.Is(unicode.M, r) || r >= 0xFE00 && r <= 0xFE0F ||
		r >= 0x1F3FB && r <= 0x1F3FF || r == 0x20E3 || r >= 0xE0020 && r <= 0xE007F || isFlag(r) && isFlag(last)
}

// shorten cuts a plain text to limit units, with an ellipsis in place of what is lost.
func shorten(s string, limit int) string {
	if size(s) <= limit {
		return s
	}
	return strings.TrimRight(s[:fitting(s, limit-1)], " ") + "…"
}

// oneLine is a plain text for a label: no line ends, no control characters.
func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, markup.Plain(strings.ToValidUTF8(s, "")))), " ")
}
