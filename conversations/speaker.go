package conversations

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"timonel/bot"
	"timonel/internal/markup"
	"timonel/steering"
	"timonel/storage"
)

// roomOf is what is stored of a place, or a fresh record where nothing is.
func roomOf(tx *storage.Tx, platform bot.Platform, id bot.RoomID) (*storage.Room, error) {
	room, err := tx.Room(platform, id)
	if errors.Is(err, storage.ErrNotFound) {
		return &storage.Room{Platform: platform, ID: id}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for a chat: %w", err)
	}
	return room, nil
}

func slug(s string) string {
	var out strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			out.WriteRune(r)
		case unicode.IsLetter(r):
			out.WriteString(unaccented(r))
		case out.Len() > 0 && (r == ' ' || r == '-' || r == '_' || r == '.') && !strings.HasSuffix(out.String(), "-"):
			out.WriteByte('-')
		}
		if out.Len() >= 40 {
			break
		}
	}
	return strings.Trim(out.String(), "-")
}

func unaccented(r rune) string {
	const from, to = "áàâãäéèêëíìîïóòôõöúùûüñç", "aaaaaeeeeiiiiooooouuuunc"
	for i, c := range []rune(from) {
		if c == r {
			return to[i : i+1]
		}
	}
	return ""
}

// mention is how a person is called in a text: as a mention where the platform knows them, else by name.
func (t *turn) mention(id steering.PersonID) string {
	p, err := t.tx.Person(id)
	if err != nil {
		return markup.Strip(string(id))
	}
	if user := p.Handles[string(t.in.Platform)]; user != "" && !t.in.Direct && !t.quiet && id != t.person.ID {
		return markup.Mention(user, p.Name)
	}
	return markup.Strip(p.Name)
}

// plainName is a person's name without a ping.
func (t *turn) plainName(id steering.PersonID) string {
	p, err := t.tx.Person(id)
	if err != nil {
		return string(id)
	}
	return p.Name
}
