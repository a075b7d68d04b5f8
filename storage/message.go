package storage

import (
	"database/sql"
	"fmt"
	"time"

	"timonel/bot"
)

// Message is what is remembered of a message that the bot sent, so that a quote, a reaction, a press or a vote finds what
// it is about.
type Message struct {
	Platform   bot.Platform  `json:"-"`
	ID         bot.MessageID `json:"-"`
	Room       bot.RoomID    `json:"-"` // the group, or for a direct message "" or its room if it was known
	Direct     bot.UserID    `json:"direct,omitempty"`
	Outbox     int64         `json:"-"`
	Kind       bot.Kind      `json:"kind"`
	Kinds      []bot.Kind    `json:"kinds,omitempty"`
	Project    string        `json:"-"`
	Milestones []string      `json:"milestones,omitempty"`
	Options    []bot.Option  `json:"options,omitempty"`
	Poll       *bot.Poll     `json:"poll,omitempty"`
	Card       string        `json:"card,omitempty"`
	Ask        string        `json:"ask,omitempty"`
	Identities []string      `json:"identities,omitempty"`
	At         time.Time     `json:"-"` // when it was sent
}

// Message returns what the bot sent under a platform's message id, or ErrNotFound.
func (tx *Tx) Message(platform bot.Platform, id bot.MessageID) (*Message, error) {
	list, err := tx.messages(`platform = $1 AND message_id = $2`, string(platform), clean(string(id)))
	if err == nil && len(list) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("message %s %q: %w", platform, id, err)
	}
	return list[0], nil
}

// LastMessages lists up to limit of the bot's messages in a room, newest first. Messages that were addressed to a person
// and no room are found under that person's id.
func (tx *Tx) LastMessages(platform bot.Platform, room bot.RoomID, limit int) ([]*Message, error) {
	list, err := tx.messages(`platform = $1 AND room = $2 ORDER BY outbox DESC LIMIT $3`,
		string(platform), clean(string(room)), limit)
	return list, wrap("list messages in "+string(room), err)
}

// Card returns the newest message that stands for a card ("status:ACME") in a room, or ErrNotFound.
func (tx *Tx) Card(platform bot.Platform, room bot.RoomID, card string) (*Message, error) {
	list, err := tx.messages(`platform = $1 AND room = $2 AND card = $3 ORDER BY outbox DESC LIMIT 1`,
		string(platform), clean(string(room)), card)
	if err == nil && len(list) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("card %q: %w", card, err)
	}
	return list[0], nil
}

func (tx *Tx) messages(where string, args ...any) ([]*Message, error) {
	var list []*Message
	return list, tx.query(func(rows *sql.Rows) error {
		m := &Message{}
		var at, doc string
		err := rows.Scan(&m.Platform, &m.ID, &m.Room, &m.Outbox, &m.Project, &m.Card, &at, &doc)
		if err != nil {
			return err
		}
		if m.At, err = unstamp(at); err != nil {
			return err
		}
		list = append(list, m)
		return decode(doc, m)
	}, `SELECT platform, message_id, room, outbox, project, card, at, doc FROM messages WHERE `+where, args...)
}

// remember keeps what a sent message was about.
func (tx *Tx) remember(out bot.Outgoing, id bot.MessageID) error {
	if id == "" {
		return nil // the platform gave none, so nothing can refer to it
	}
	doc, err := encode(&Message{
		Direct: out.Direct, Kind: out.Kind, Kinds: out.Kinds, Milestones: out.Milestones, Options: out.Options, Poll: out.Poll,
		Ask: out.Ask, Identities: out.Identities,
	})
	if err != nil {
		return err
	}
	room := out.Room
	if room == "" {
		room = bot.RoomID(out.Direct) // a notice to one person: what their direct chat is called only the platform knows
	}
	_, err = tx.exec(`INSERT INTO messages (platform, message_id, room, outbox, project, card, at, doc)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (platform, message_id) DO UPDATE SET outbox = excluded.outbox, project = excluded.project,
			card = excluded.card, at = excluded.at, doc = excluded.doc`,
		string(out.Platform), clean(string(id)), clean(string(room)), out.ID, out.Project, out.Card, stamp(tx.now), doc)
	return err
}
