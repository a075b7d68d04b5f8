package whatsapp

import (
	"time"

	"timonel/bot"
)

// Unread counts the messages that could not be decrypted and have not come again.
func (a *Adapter) Unread() int { return a.awaits.late(a.cfg.Now().Add(time.Hour)) }

// LeaseLook is how often the claim on a session in PostgreSQL is renewed.
const LeaseLook = leaseLook

// Inert and Split are tested by themselves.
var Inert = inert

// Split cuts a text that mentions nobody.
func Split(text string, limit int) []string {
	var parts []string
	for _, p := range (mentioning{text: text}).split(limit) {
		parts = append(parts, p.text)
	}
	return parts
}

// CutMention takes the bot's mention out of a text.
var CutMention = cutMention

// Spans writes names in place of addresses.
func Spans(text string, tokens, names []string) (string, []bot.MentionSpan) {
	var whom []someone
	for i, name := range names {
		whom = append(whom, someone{user: bot.UserID(tokens[i]), name: name})
	}
	return spans(text, tokens, whom)
}

// TimonelsID and IsTimonels are how Timonels know each other's messages.
var (
	TimonelsID = timonelsID
	IsTimonels = isTimonels
)
