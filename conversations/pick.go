package conversations

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"timonel/bot"
	"timonel/storage"
)

const (
	// pickTime is how long the options of the last message in a direct chat can be picked without quoting it.
	pickTime = 24 * time.Hour
	// pickLength bounds what may be the number or the words of an option, in runes.
	pickLength = 80
)

// picks finds the option that a text names, by its number or its words, in the message that it quotes, or in the last one
// of a direct chat. That is how a button is pressed where there are none.
func (t *turn) picks() (action string, found bool, err error) {
	if utf8.RuneCountInString(t.text) > pickLength {
		return "", false, nil
	}
	msg, err := t.offered()
	if msg == nil || err != nil {
		return "", false, err
	}
	picked, found := bot.Pick(bot.Choices(bot.Outgoing{Options: msg.Options, Poll: msg.Poll}), t.text)
	if !found || picked.Action == "" || t.talk.Question != nil && strings.HasPrefix(picked.Action, "pick:") {
		return "", false, nil // options of the question that is open are read with it
	}
	return picked.Action, true, nil
}

// offered is the message that a text without a name may be about, and whose options it may mean; nil if there is none.
func (t *turn) offered() (*storage.Message, error) {
	if t.in.Quote != "" {
		msg, err := t.tx.Message(t.in.Platform, t.in.Quote)
		if errors.Is(err, storage.ErrNotFound) {
			return nil, nil
		}
		return msg, err
	}
	if !t.in.Direct || t.talk.Question != nil {
		return nil, nil
	}
	last, err := t.lastDirect()
	if err != nil || last == nil || t.now.Sub(last.At) > pickTime {
		return nil, err
	}
	return last, nil
}

// lastDirect is the newest message to the speaker alone, nil if there is none: an answer in their direct chat, or a notice
// that was addressed to the person.
func (t *turn) lastDirect() (*storage.Message, error) {
	var newest *storage.Message
	for _, room := range []bot.RoomID{t.in.Room, bot.RoomID(t.in.From), bot.RoomID(t.in.Also)} {
		if room == "" {
			continue
		}
		list, err := t.tx.LastMessages(t.in.Platform, room, 1)
		if err != nil {
			return nil, fmt.Errorf("look for what was said last: %w", err)
		}
		if len(list) > 0 && (newest == nil || list[0].Outbox > newest.Outbox) {
			newest = list[0]
		}
	}
	return newest, nil
}
