package whatsapp

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"go.mau.fi/whatsmeow/types"

	"timonel/internal/markup"
)

// A mention is bracketed in a rendered text until its address is known: open, the user's id, the name, close.
const (
	mentionOpen  = "\uE010"
	mentionName  = "\uE011"
	mentionClose = "\uE012"
)

var noBrackets = strings.NewReplacer(mentionOpen, "", mentionName, "", mentionClose, "")

// render writes a text with WhatsApp's own formatting; what people wrote in it stays as they wrote it.
func render(text string) string {
	return markup.Renderer{
		Text: func(s string) string { return inert(noBrackets.Replace(s)) },
		Bold: bold,
		Mention: func(user, name string) string {
			return mentionOpen + noBrackets.Replace(user) + mentionName + inert(noBrackets.Replace(name)) + mentionClose
		},
	}.Render(text)
}

// bold puts the stars where WhatsApp wants them: at the words, on each line.
func bold(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		core := strings.TrimSpace(line)
		if core == "" || strings.Contains(core, "*") {
			continue
		}
		at := strings.Index(line, core)
		lines[i] = line[:at] + "*" + core + "*" + line[at+len(core):]
	}
	return strings.Join(lines, "\n")
}

// hair is the thinnest space there is. After the first sign of a pair it keeps WhatsApp from formatting what stands between.
const hair = "\u200A"

// formatted finds what WhatsApp would format: words between two equal signs.
var formatted = map[string]*regexp.Regexp{
	"*": regexp.MustCompile(`(^|[^\pL\pN])\*([^\s\pZ](?:[^\n]*?[^\s\pZ])?)\*`),
	"_": regexp.MustCompile(`(^|[^\pL\pN])_([^\s\pZ](?:[^\n]*?[^\s\pZ])?)_`),
	"~": regexp.MustCompile(`(^|[^\pL\pN])~([^\s\pZ](?:[^\n]*?[^\s\pZ])?)~`),
}

// inert makes sure that a text is shown as it was written.
func inert(s string) string {
	if strings.Count(s, "`") > 1 {
		s = strings.ReplaceAll(s, "`", "\u02CB") // code is formatted with spaces too: only another sign helps
	}
	for _, sign := range []string{"*", "_", "~"} {
		for strings.Count(s, sign) > 1 && formatted[sign].MatchString(s) {
			s = formatted[sign].ReplaceAllString(s, "${1}"+sign+hair+"${2}"+hair+sign)
		}
	}
	return s
}

// mentioning is a text with the addresses of those that it mentions; they stand in it as @ and their digits, which every
// app shows as a name.
type mentioning struct {
	text string
	whom []string
}

// mentioning finds the address by which the chat shows each mentioned person. Whom it cannot show stands by name.
func (s *sending) mentioning(rendered string) mentioning {
	var out strings.Builder
	var whom []string
	for rest := rendered; ; {
		before, after, found := strings.Cut(rest, mentionOpen)
		out.WriteString(before)
		if !found {
			return mentioning{out.String(), whom}
		}
		inner, tail, _ := strings.Cut(after, mentionClose)
		user, name, _ := strings.Cut(inner, mentionName)
		if jid, ok := s.shownAs(user); ok {
			out.WriteString("@" + jid.User)
			if !slices.Contains(whom, jid.String()) {
				whom = append(whom, jid.String())
			}
		} else {
			out.WriteString(name)
		}
		rest = tail
	}
}

// shownAs is the address by which the chat shows a person: hidden, or the number in groups that show numbers.
func (s *sending) shownAs(user string) (types.JID, bool) {
	jid, err := types.ParseJID(user)
	if err != nil || jid.User == "" || jid.Server != types.DefaultUserServer && jid.Server != types.HiddenUserServer {
		return jid, false
	}
	lid, number, err := reader{s.ctx, s.a, s.client}.addresses(jid.ToNonAD(), types.EmptyJID)
	if err != nil {
		return jid.ToNonAD(), true
	}
	byNumber := s.to.Server == types.GroupServer && s.a.mode(s.ctx, s.to) == types.AddressingModePN
	switch {
	case byNumber && !number.IsEmpty(), lid.IsEmpty():
		return number, true
	}
	return lid, true
}

// split cuts a long text at paragraphs, else at lines, else at words; each part keeps the mentions that stand in it.
func (m mentioning) split(limit int) []mentioning {
	var parts []mentioning
	add := func(text string) {
		p := mentioning{text: text}
		for _, jid := range m.whom {
			user, _, _ := strings.Cut(jid, "@")
			if indexToken(text, "@"+user) >= 0 {
				p.whom = append(p.whom, jid)
			}
		}
		parts = append(parts, p)
	}
	text := m.text
	for utf8.RuneCountInString(text) > limit {
		at := cutAt(string([]rune(text)[:limit]))
		add(strings.TrimRight(text[:at], "\n "))
		text = strings.TrimLeft(text[at:], "\n ")
	}
	add(text)
	return parts
}

// cutAt finds the best place to end a part: the last break in its second half.
func cutAt(head string) int {
	for _, sep := range []string{"\n\n", "\n", " "} {
		if at := strings.LastIndex(head, sep); at > len(head)/2 {
			return at
		}
	}
	return len(head)
}
