package conversations

import (
	"slices"
	"strings"
	"unicode"

	"timonel/bot"
	"timonel/conversations/understand"
	"timonel/steering"
)

// finishesQuoted takes a word such as "listo", which by itself is no more than a yes, as the report that the milestone is
// done, when it quotes a message of the bot about exactly one that is open and waits for nobody's word. In a direct chat
// that message may also be the last one; then the bot makes sure.
func (t *turn) finishesQuoted(r *understand.Reading) error {
	if t.p == nil || t.talk.Question != nil || len(r.Frames) > 1 {
		return nil
	}
	words, err := commandWords()
	if err != nil {
		return err
	}
	said := bare(t.text)
	if !words.done[said] && !words.yes[said] {
		return nil
	}
	msg, err := t.offered()
	if msg == nil || err != nil || msg.Project != t.p.Key || len(msg.Milestones) != 1 {
		return err
	}
	m := t.p.Milestone(msg.Milestones[0])
	if m == nil || !m.IsOpen() || m.Status == steering.Submitted {
		return nil
	}
	if decides := slices.ContainsFunc(msg.Options, func(o bot.Option) bool { return strings.HasPrefix(o.Action, "agree:") }); decides {
		return nil // a yes is about the date that was proposed
	}
	if words.done[said] || msg.Kind == bot.KindOverdue {
		done := understand.Frame{Intent: understand.Done, Stance: understand.Report, Confidence: 1}
		if t.in.Quote == "" {
			done.Confidence = understand.AskAt
		}
		done.Slots.Milestones = []understand.Ref{{Key: m.Key}}
		r.Frames, r.Unread = []understand.Frame{done}, nil
	}
	return nil
}

// bare is a short text in lower case, without the marks and emoji around its words; of one that has no words, all of it.
func bare(text string) string {
	text = strings.Join(strings.Fields(strings.ToLower(text)), " ")
	if words := strings.TrimFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }); words != "" {
		return words
	}
	return text
}
