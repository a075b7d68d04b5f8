package conversations

import (
	"context"
	"strings"
	"unicode"

	"timonel/bot"
	"timonel/internal/markup"
	"timonel/storage"
)

// botName is what people call the bot.
const botName = "timonel"

// maxHeard bounds what is read of one message, in bytes; nobody steers a project in longer ones.
const maxHeard = 100_000

// addressed cuts the bot's name or the slash from the front of a text and says whether it was a slash command.
func addressed(text string) (string, bool) {
	text = strings.TrimSpace(clean(text))
	if rest, ok := strings.CutPrefix(text, "/"); ok {
		if trimmed, named := cutName(rest); named {
			rest = trimmed
		}
		return strings.TrimSpace(rest), true
	}
	if rest, ok := cutName(text); ok {
		return addressed(rest)
	}
	return text, false
}

// cutName cuts "timonel" or "@timonel" with the space, comma or colon after it.
func cutName(text string) (string, bool) {
	s := strings.TrimPrefix(text, "@")
	if len(s) < len(botName) || !strings.EqualFold(s[:len(botName)], botName) {
		return text, false
	}
	rest := s[len(botName):]
	if rest == "" {
		return "", true
	}
	if strings.ContainsRune(" ,:\n\t", rune(rest[0])) {
		return strings.TrimLeft(rest, " ,:\n\t"), true
	}
	return text, false
}

// clean takes out of a message what could only do harm: marks of ours, control and invisible characters.
func clean(text string) string {
	if len(text) > maxHeard {
		text = strings.ToValidUTF8(text[:maxHeard], "")
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t', r == '\r':
			return ' '
		case unicode.IsControl(r), isInvisible(r), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, markup.Strip(text))
}

// isInvisible holds zero-width and direction-changing characters; joiners within emoji stay readable without them.
func isInvisible(r rune) bool {
	return r >= 0x200B && r <= 0x200F || r >= 0x202A && r <= 0x202E || r >= 0x2060 && r <= 0x2069 || r == 0xFEFF || r == 0x00AD
}

// Listens reports whether a message is for the bot. What is not is neither answered nor stored. In a group that is a
// mention, the bot's name in front, one of its commands, an answer to one of its messages, or the answer to a question
// that is open to the speaker; of what is changed or taken back, what was for it before; of who comes and goes, the
// members of a project's chat.
func (e *Engine) Listens(ctx context.Context, in bot.Incoming) (bool, error) {
	switch {
	case in.Direct, in.ToBot, in.SelfJoined:
		return true, nil
	case in.Kind == bot.Edited, in.Kind == bot.Deleted:
		return e.heard(ctx, in)
	case in.Kind == bot.Joined, in.Kind == bot.Left:
		return e.steers(ctx, in)
	case in.Quote != "", in.Kind != bot.TextMessage:
		return true, nil
	}
	if named, err := namesBot(in.Text); named || err != nil {
		return named, err
	}
	answers := false
	err := e.db.View(ctx, func(tx *storage.Tx) error {
		t, err := e.newTurn(tx, in)
		if err != nil || t.talk.Question == nil {
			return err
		}
		answers, err = t.readsAsAnswer()
		return err
	})
	return answers, err
}

// namesBot reports whether a text begins with the bot's name or one of its commands.
func namesBot(text string) (bool, error) {
	text = strings.TrimSpace(clean(text))
	if _, named := cutName(text); named {
		return true, nil
	}
	if word, ok := strings.CutPrefix(text, "/"); ok {
		return isCommand(word)
	}
	return false, nil
}

// heard reports whether the message that was changed or taken back was for the bot, or is by now.
func (e *Engine) heard(ctx context.Context, in bot.Incoming) (yes bool, err error) {
	if yes, err = namesBot(in.Text); yes || err != nil {
		return yes, err
	}
	err = e.db.View(ctx, func(tx *storage.Tx) error {
		yes, err = tx.Received(in.Platform, in.Quote)
		return err
	})
	return yes, err
}

// steers reports whether a project is steered in the chat.
func (e *Engine) steers(ctx context.Context, in bot.Incoming) (yes bool, err error) {
	err = e.db.View(ctx, func(tx *storage.Tx) error {
		keys, err := tx.ProjectsByChat(in.Platform, in.Room)
		yes = len(keys) > 0
		return err
	})
	return yes, err
}
