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

func (t *turn) openRoom() (*storage.Room, error) {
	room, err := t.tx.Room(t.in.Platform, t.in.Room)
	if errors.Is(err, storage.ErrNotFound) {
		return &storage.Room{Platform: t.in.Platform, ID: t.in.Room, Direct: t.in.Direct}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("open room: %w", err)
	}
	return room, nil
}

// speaker finds the person behind the platform's user; one of whom nothing is known is made up for this turn and stored
// only when a place in a project is given to them.
func (t *turn) speaker() (*steering.Person, error) {
	return personFor(t.tx, t.in.Platform, t.in.From, t.in.FromName)
}

func personFor(tx *storage.Tx, platform bot.Platform, user bot.UserID, name string) (*steering.Person, error) {
	p, err := tx.PersonByHandle(platform, user)
	if err == nil {
		return p, nil
	}
	if !errors.Is(err, storage.ErrNotFound) {
		return nil, fmt.Errorf("find who speaks: %w", err)
	}
	id, err := freeID(tx, name, user)
	if err != nil {
		return nil, err
	}
	if name == "" {
		name = string(user)
	}
	return &steering.Person{ID: id, Name: markup.Strip(name), Handles: map[string]string{string(platform): string(user)}}, nil
}

// freeID makes a short, readable id of a name, numbered when somebody else has it.
func freeID(tx *storage.Tx, name string, user bot.UserID) (steering.PersonID, error) {
	base := slug(name)
	if base == "" {
		base = slug(string(user))
	}
	if base == "" {
		base = "person"
	}
	for n := 1; ; n++ {
		id := steering.PersonID(base)
		if n > 1 {
			id = steering.PersonID(fmt.Sprintf("%s-%d", base, n))
		}
		_, err := tx.Person(id)
		if errors.Is(err, storage.ErrNotFound) {
			return id, nil
		}
		if err != nil {
			return "", fmt.Errorf("find a free id: %w", err)
		}
	}
}

func slug(s string) string {
	var out strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			out.WriteRune(r)
		case unicode.IsLetter(r):
			out.WriteString(unaccented(r))
		case out.Len() > 0 && (r == ' ' || r == '-' || r == '_' || r == '.'):
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

// name is how a person is called in a text: as a mention where the platform knows them, else by name.
func (t *turn) mention(id steering.PersonID) string {
	p, err := t.tx.Person(id)
	if err != nil {
		return markup.Strip(string(id))
	}
	if user := p.Handles[string(t.in.Platform)]; user != "" && !t.in.Direct && id != t.person.ID {
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
