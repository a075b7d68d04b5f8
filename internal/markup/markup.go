// Package markup holds the few marks that a text to people may carry on its way from the catalogues to a platform:
// bold, a mention, a moment. They are private-use runes, so that text which people wrote (Strip removes those runes
// from it) can never become markup, ping anybody or break a layout. Each platform's adapter turns the marks into its own
// formatting and escapes all the rest.
package markup

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	boldOn      = '\uE000'
	boldOff     = '\uE001'
	mentionOn   = '\uE002' // mentionOn ID sep NAME mentionOff
	mentionOff  = '\uE003'
	momentOn    = '\uE004' // momentOn UNIX sep FALLBACK momentOff
	momentOff   = '\uE005'
	sep         = '\uE006'
	firstMark   = boldOn
	lastMark    = '\uE00F'
	boldOnText  = string(boldOn)
	boldOffText = string(boldOff)
)

// Bold marks s, which may hold other marks.
func Bold(s string) string { return boldOnText + s + boldOffText }

// Mention marks a person by the platform's user id; name is what is shown where a mention cannot be made.
func Mention(user, name string) string {
	return string(mentionOn) + Strip(user) + string(sep) + Strip(name) + string(mentionOff)
}

// Moment marks a point in time that a platform may show in the reader's own zone; fallback is its wording in the
// project's zone.
func Moment(t time.Time, fallback string) string {
	return string(momentOn) + strconv.FormatInt(t.Unix(), 10) + string(sep) + Strip(fallback) + string(momentOff)
}

// Strip removes every mark from text that people wrote, and the control characters that could break a line.
func Strip(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= firstMark && r <= lastMark {
			return -1
		}
		return r
	}, s)
}

// Renderer says how one platform writes each part. A nil function leaves the part as plain text.
type Renderer struct {
	Text    func(string) string
	Bold    func(string) string
	Mention func(user, name string) string
	Moment  func(unix int64, fallback string) string
}

// Render writes s in the platform's own formatting.
func (r Renderer) Render(s string) string {
	var out strings.Builder
	r.render(&out, s)
	return out.String()
}

func (r Renderer) render(out *strings.Builder, s string) {
	for s != "" {
		i := strings.IndexFunc(s, func(c rune) bool { return c >= firstMark && c <= lastMark })
		if i < 0 {
			out.WriteString(r.text(s))
			return
		}
		out.WriteString(r.text(s[:i]))
		mark, rest := splitRune(s[i:])
		s = r.part(out, mark, rest)
	}
}

// part writes what a mark opens and returns what follows its end; an unclosed mark runs to the end of the text.
func (r Renderer) part(out *strings.Builder, mark rune, rest string) string {
	switch mark {
	case boldOn:
		inner, after := cut(rest, boldOff)
		var b strings.Builder
		r.render(&b, inner)
		if r.Bold == nil {
			out.WriteString(b.String())
		} else {
			out.WriteString(r.Bold(b.String()))
		}
		return after
	case mentionOn:
		inner, after := cut(rest, mentionOff)
		user, name := cut(inner, sep)
		if r.Mention == nil {
			out.WriteString(r.text(name))
		} else {
			out.WriteString(r.Mention(user, name))
		}
		return after
	case momentOn:
		inner, after := cut(rest, momentOff)
		unix, fallback := cut(inner, sep)
		n, err := strconv.ParseInt(unix, 10, 64)
		if err != nil || r.Moment == nil {
			out.WriteString(r.text(fallback))
		} else {
			out.WriteString(r.Moment(n, fallback))
		}
		return after
	}
	return rest
}

func (r Renderer) text(s string) string {
	if r.Text == nil {
		return s
	}
	return r.Text(s)
}

// Plain writes s without any formatting: names for mentions, wordings for moments.
func Plain(s string) string { return Renderer{}.Render(s) }

// Mentioned returns the user ids that s mentions, in order, each once.
func Mentioned(s string) []string {
	var ids []string
	seen := map[string]bool{}
	Renderer{Mention: func(user, _ string) string {
		if !seen[user] {
			seen[user] = true
			ids = append(ids, user)
		}
		return ""
	}}.Render(s)
	return ids
}

func splitRune(s string) (rune, string) {
	r, n := utf8.DecodeRuneInString(s)
	return r, s[n:]
}

func cut(s string, end rune) (string, string) {
	before, after, _ := strings.Cut(s, string(end))
	return before, after
}
