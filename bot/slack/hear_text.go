package slack

import (
	"regexp"
	"strings"

	"timonel/bot"
)

// angles is Slack's own markup in a text: mentions, channels, links, dates.
var (
	angles    = regexp.MustCompile(`<([^<>]*)>`)
	mentioned = regexp.MustCompile(`<@([UW][A-Z0-9]+)[|>]`)
	unescapes = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
	shortcode = regexp.MustCompile(`:([a-z0-9_+'-]+):(?::skin-tone-[2-6]:)?`)
)

// emoji are the signs that people answer with, by Slack's names for them. Slack sends names where people typed signs.
var emoji = map[string]string{
	"white_check_mark": "✅", "heavy_check_mark": "✔", "ballot_box_with_check": "☑", "+1": "👍", "thumbsup": "👍", "ok_hand": "👌",
	"x": "❌", "heavy_multiplication_x": "✖", "-1": "👎", "thumbsdown": "👎", "no_entry_sign": "🚫", "no_entry": "⛔", "pray": "🙏",
	"tada": "🎉", "raised_hands": "🙌", "clap": "👏", "muscle": "💪", "eyes": "👀", "rocket": "🚀", "smile": "😄", "slightly_smiling_face": "🙂",
	"heart": "❤", "joy": "😂", "thinking_face": "🤔", "warning": "⚠", "fire": "🔥",
}

// sign is the emoji of a name, the name itself when it is no common one.
func sign(name string) string {
	name, _, _ = strings.Cut(name, "::skin-tone")
	if s := emoji[name]; s != "" {
		return s
	}
	return name
}

// heardText is a text as a person would read it.
type heardText struct {
	text     string
	mentions []bot.MentionSpan
	toBot    bool
}

// readText turns Slack's text into plain text. The bot's own mention is cut out; a mention of a person becomes "@" and
// their name.
func readText(raw, self string, name func(user string) string) heardText {
	r := textReader{self: self, name: name, atStart: true}
	last := 0
	for _, m := range angles.FindAllStringSubmatchIndex(raw, -1) {
		r.plain(raw[last:m[0]])
		r.mark(raw[m[2]:m[3]])
		last = m[1]
	}
	r.plain(raw[last:])
	h := heardText{text: strings.TrimRight(r.out.String(), " \n\t"), toBot: r.toBot}
	for _, span := range r.mentions {
		if span.End <= len(h.text) {
			h.mentions = append(h.mentions, span)
		}
	}
	return h
}

type textReader struct {
	self     string
	name     func(string) string
	out      strings.Builder
	mentions []bot.MentionSpan
	toBot    bool
	atStart  bool // nothing but the bot's mention was read
	swallow  bool // a space in front of the bot's mention stands already
}

func (r *textReader) plain(s string) {
	s = shortcode.ReplaceAllStringFunc(unescapes.Replace(s), func(code string) string {
		name := shortcode.FindStringSubmatch(code)[1]
		if e := emoji[name]; e != "" {
			return e
		}
		return code
	})
	switch {
	case r.atStart:
		s = strings.TrimLeft(s, " \t\n,:;")
	case r.swallow:
		s = strings.TrimLeft(s, " \t")
	}
	if s != "" {
		r.atStart, r.swallow = false, false
		r.out.WriteString(s)
	}
}

func (r *textReader) mark(m string) {
	target, text, labelled := strings.Cut(m, "|")
	switch {
	case strings.HasPrefix(target, "@") && target[1:] == r.self:
		r.toBot = true
		read := r.out.String()
		r.swallow = read == "" || strings.HasSuffix(read, " ") || strings.HasSuffix(read, "\n")
		return
	case strings.HasPrefix(target, "@"):
		r.mention(target[1:], text)
		return
	case labelled && strings.HasPrefix(target, "#"):
		text = "#" + text
	case strings.HasPrefix(target, "#"):
		text = target
	case labelled && !strings.HasPrefix(target, "!"):
	case labelled: // <!subteam^S1|@team>, <!date^…|then>
	case strings.HasPrefix(target, "!"):
		text = "@" + target[1:]
	default:
		text = strings.TrimPrefix(target, "mailto:")
	}
	r.atStart, r.swallow = false, false
	r.out.WriteString(unescapes.Replace(text))
}

func (r *textReader) mention(user, label string) {
	name := r.name(user)
	if name == "" {
		name = label
	}
	if name == "" {
		name = user
	}
	start := r.out.Len()
	r.out.WriteString("@" + name)
	r.mentions = append(r.mentions, bot.MentionSpan{User: bot.UserID(user), Start: start, End: r.out.Len()})
	r.atStart, r.swallow = false, false
}

// usersIn lists whom a text mentions, the bot apart.
func usersIn(raw, self string) []string {
	var list []string
	for _, m := range mentioned.FindAllStringSubmatch(raw, -1) {
		if m[1] != self {
			list = append(list, m[1])
		}
	}
	return list
}
