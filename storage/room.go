package storage

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"timonel/bot"
)

// Room is what is known of a chat place.
type Room struct {
	Platform bot.Platform      `json:"platform"`
	ID       bot.RoomID        `json:"id"`
	Name     string            `json:"name,omitempty"`
	Direct   bool              `json:"direct,omitempty"`
	User     bot.UserID        `json:"user,omitempty"` // of a direct chat
	Language string            `json:"language,omitempty"`
	Zone     string            `json:"zone,omitempty"`
	Shared   bool              `json:"shared,omitempty"`  // with people from outside the vendor's workspace
	Project  string            `json:"project,omitempty"` // the one last talked about
	Left     bool              `json:"left,omitempty"`    // the bot is not in it any more
	WroteAt  time.Time         `json:"wrote_at,omitzero"` // the last message to the bot there
	Facts    map[string]string `json:"facts,omitempty"`   // anything else worth keeping
}

// Room returns a chat place, or ErrNotFound.
func (tx *Tx) Room(platform bot.Platform, id bot.RoomID) (*Room, error) {
	return tx.room(`SELECT doc FROM rooms WHERE platform = $1 AND room = $2`, string(platform), clean(string(id)))
}

// DirectRoom returns the direct chat with a user, or ErrNotFound if the user never wrote there.
func (tx *Tx) DirectRoom(platform bot.Platform, user bot.UserID) (*Room, error) {
	return tx.room(`SELECT doc FROM rooms WHERE platform = $1 AND direct_user = $2 AND direct_user <> '' ORDER BY room LIMIT 1`,
		string(platform), clean(string(user)))
}

func (tx *Tx) room(query, platform, id string) (*Room, error) {
	var doc string
	found, err := tx.find([]any{&doc}, query, platform, id)
	if err == nil && !found {
		err = ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("room %s %q: %w", platform, id, err)
	}
	r := &Room{}
	return r, wrap("room "+id, decode(doc, r))
}

// PutRoom writes a chat place, new or known.
func (tx *Tx) PutRoom(r *Room) error {
	doc, err := encode(r)
	if err != nil {
		return err
	}
	user := ""
	if r.Direct {
		user = clean(string(r.User))
	}
	_, err = tx.exec(`INSERT INTO rooms (platform, room, direct_user, doc) VALUES ($1, $2, $3, $4)
		ON CONFLICT (platform, room) DO UPDATE SET direct_user = excluded.direct_user, doc = excluded.doc`,
		string(r.Platform), clean(string(r.ID)), user, doc)
	return wrap("put room "+string(r.ID), err)
}

// Rooms lists every chat place of a platform, by id.
func (tx *Tx) Rooms(platform bot.Platform) ([]*Room, error) {
	var list []*Room
	err := tx.query(func(rows *sql.Rows) error {
		var doc string
		if err := rows.Scan(&doc); err != nil {
			return err
		}
		r := &Room{}
		list = append(list, r)
		return decode(doc, r)
	}, `SELECT doc FROM rooms WHERE platform = $1 ORDER BY room`, string(platform))
	return list, wrap("list rooms", err)
}

// Dialogue returns what was stored of a person's dialogue in a room; ErrNotFound if there is none or it expired.
func (tx *Tx) Dialogue(platform bot.Platform, room bot.RoomID, person string) (json.RawMessage, error) {
	var doc string
	found, err := tx.find([]any{&doc}, `SELECT doc FROM dialogues
		WHERE platform = $1 AND room = $2 AND person = $3 AND expires_at > $4`,
		string(platform), clean(string(room)), clean(person), stamp(tx.now))
	if err == nil && !found {
		err = ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("dialogue of %q in %s %q: %w", person, platform, room, err)
	}
	return json.RawMessage(doc), nil
}

// PutDialogue stores doc as JSON until expires.
func (tx *Tx) PutDialogue(platform bot.Platform, room bot.RoomID, person string, doc any, expires time.Time) error {
	text, err := encode(doc)
	if err != nil {
		return err
	}
	_, err = tx.exec(`INSERT INTO dialogues (platform, room, person, expires_at, doc) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (platform, room, person) DO UPDATE SET expires_at = excluded.expires_at, doc = excluded.doc`,
		string(platform), clean(string(room)), clean(person), stamp(expires), text)
	return wrap(fmt.Sprintf("put dialogue of %q", person), err)
}

// DropDialogue ends a dialogue, if there is one.
func (tx *Tx) DropDialogue(platform bot.Platform, room bot.RoomID, person string) error {
	_, err := tx.exec(`DELETE FROM dialogues WHERE platform = $1 AND room = $2 AND person = $3`,
		string(platform), clean(string(room)), clean(person))
	return wrap(fmt.Sprintf("drop dialogue of %q", person), err)
}

// Hints returns what the project's people have called its milestones: phrase to key.
func (tx *Tx) Hints(project string) (map[string]string, error) {
	hints := map[string]string{}
	err := tx.query(func(rows *sql.Rows) error {
		var phrase, milestone string
		err := rows.Scan(&phrase, &milestone)
		hints[phrase] = milestone
		return err
	}, `SELECT phrase, milestone FROM hints WHERE project = $1`, project)
	return hints, wrap("list the hints of "+project, err)
}

// PutHint remembers that a phrase means a milestone; with milestone "" it forgets the phrase.
func (tx *Tx) PutHint(project, phrase, milestone string) error {
	phrase = clean(phrase)
	var err error
	if milestone == "" {
		_, err = tx.exec(`DELETE FROM hints WHERE project = $1 AND phrase = $2`, project, phrase)
	} else {
		_, err = tx.exec(`INSERT INTO hints (project, phrase, milestone) VALUES ($1, $2, $3)
			ON CONFLICT (project, phrase) DO UPDATE SET milestone = excluded.milestone`, project, phrase, milestone)
	}
	return wrap("put a hint of "+project, err)
}
