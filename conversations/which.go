package conversations

import (
	"strings"

	"timonel/locale"
	"timonel/steering"
)

// place says what a turn found out about the project that it is about.
type place int

const (
	placed    place = iota // t.p is the project and the speaker belongs to it
	noProject              // the chat has none, or the person has none
	stranger               // the speaker belongs to no project here
	several                // the person must say which
)

// settle finds the project: the chat's, or in a direct chat the one that is named, was last spoken of, or is the only one.
func (t *turn) settle() (place, []string, error) {
	keys, err := t.candidates()
	if err != nil {
		return noProject, nil, err
	}
	mine, err := t.ofSpeaker(keys)
	if err != nil {
		return noProject, nil, err
	}
	switch {
	case len(keys) == 0:
		return noProject, nil, nil
	case len(mine) == 0:
		return stranger, nil, nil
	case len(mine) == 1:
		return placed, nil, t.enter(mine[0])
	}
	if key := t.named(mine); key != "" {
		t.text = withoutKey(t.text, key)
		return placed, nil, t.enter(key)
	}
	return several, mine, nil
}

func (t *turn) candidates() ([]string, error) {
	if t.in.Direct {
		return t.tx.ProjectsOf(t.person.ID)
	}
	return t.tx.ProjectsByChat(t.in.Platform, t.in.Room)
}

// ofSpeaker keeps the projects that the speaker is a member of; closed ones count only when no other is left.
func (t *turn) ofSpeaker(keys []string) ([]string, error) {
	var open, closed []string
	for _, key := range keys {
		p, err := t.tx.Project(key)
		if err != nil {
			return nil, err
		}
		t.looked = p
		switch {
		case p.Member(t.person.ID) == nil:
		case p.Status == steering.ProjectClosed:
			closed = append(closed, key)
		default:
			open = append(open, key)
		}
	}
	if len(open) == 0 {
		return closed, nil
	}
	return open, nil
}

// withoutKey cuts "ACME:" or "ACME," from the front of a text: it says where, not what.
func withoutKey(text, key string) string {
	if len(text) <= len(key) || !strings.EqualFold(text[:len(key)], key) {
		return text
	}
	rest := strings.TrimLeft(text[len(key):], " ")
	if cut := strings.TrimLeft(rest, ":,-"); cut != rest {
		return strings.TrimLeft(cut, " ")
	}
	return text
}

// named picks the project whose key stands in the text, else the one last spoken of here.
func (t *turn) named(keys []string) string {
	words := strings.FieldsFunc(strings.ToUpper(t.text), func(r rune) bool {
		return r != '-' && (r < '0' || r > '9') && (r < 'A' || r > 'Z')
	})
	for _, w := range words {
		for _, key := range keys {
			if w == key {
				return key
			}
		}
	}
	for _, key := range keys {
		if key == t.talk.Project || t.talk.Question != nil && t.talk.Question.Project == key {
			return key
		}
	}
	return ""
}

func (t *turn) enter(key string) error {
	p := t.looked
	if t.looked = nil; p == nil || p.Key != key {
		var err error
		if p, err = t.tx.Project(key); err != nil {
			return err
		}
	}
	t.p = p
	t.talk.Project = key
	t.say = locale.For(t.language())
	return nil
}
