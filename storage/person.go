package storage

import (
	"cmp"
	"database/sql"
	"fmt"
	"slices"

	"timonel/bot"
	"timonel/steering"
)

// KeyHandleTaken refuses a handle that belongs to somebody else; Args platform, handle, person.
const KeyHandleTaken = "refused.handle_taken"

// Person returns a person by id, or ErrNotFound.
func (tx *Tx) Person(id steering.PersonID) (*steering.Person, error) {
	return tx.person(`SELECT doc FROM people WHERE id = $1`, fmt.Sprintf("person %q", id), string(id))
}

// PersonByHandle returns the person with that user id on a platform, or ErrNotFound.
func (tx *Tx) PersonByHandle(platform bot.Platform, handle bot.UserID) (*steering.Person, error) {
	return tx.person(`SELECT p.doc FROM handles h JOIN people p ON p.id = h.person WHERE h.platform = $1 AND h.handle = $2`,
		fmt.Sprintf("person with %s handle %q", platform, handle), string(platform), clean(string(handle)))
}

func (tx *Tx) person(query, who string, args ...any) (*steering.Person, error) {
	var doc string
	found, err := tx.find([]any{&doc}, query, args...)
	if err == nil && !found {
		err = ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", who, err)
	}
	p := &steering.Person{}
	return p, wrap(who, decode(doc, p))
}

// People lists everybody, by id.
func (tx *Tx) People() ([]*steering.Person, error) {
	var list []*steering.Person
	err := tx.query(func(rows *sql.Rows) error {
		var doc string
		if err := rows.Scan(&doc); err != nil {
			return err
		}
		p := &steering.Person{}
		list = append(list, p)
		return decode(doc, p)
	}, `SELECT doc FROM people ORDER BY id`)
	return list, wrap("list people", err)
}

// PutPerson writes a person, new or known. A handle that belongs to somebody else is refused as a *steering.Error
// (conflict); one that the person had and p lacks is let go.
func (tx *Tx) PutPerson(p *steering.Person) error {
	if p.ID == "" {
		return fmt.Errorf("put person: no id")
	}
	own := *p
	own.Handles = nil
	for platform, handle := range p.Handles {
		if handle = clean(handle); handle != "" {
			if own.Handles == nil {
				own.Handles = map[string]string{}
			}
			own.Handles[platform] = handle
		}
	}
	doc, err := encode(&own)
	if err != nil {
		return err
	}
	_, err = tx.exec(`INSERT INTO people (id, doc) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET doc = excluded.doc`,
		string(p.ID), doc)
	if err == nil {
		err = tx.putHandles(&own)
	}
	return wrap(fmt.Sprintf("put person %q", p.ID), err)
}

func (tx *Tx) putHandles(p *steering.Person) error {
	had, err := tx.handles(p.ID)
	if err != nil {
		return err
	}
	for _, platform := range sortedKeys(had) {
		if p.Handles[platform] != had[platform] {
			if _, err := tx.exec(`DELETE FROM handles WHERE platform = $1 AND person = $2`, platform, string(p.ID)); err != nil {
				return err
			}
		}
	}
	for _, platform := range sortedKeys(p.Handles) {
		handle := p.Handles[platform]
		if had[platform] == handle {
			continue
		}
		n, err := tx.exec(`INSERT INTO handles (platform, handle, person) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
			platform, handle, string(p.ID))
		if err != nil {
			return err
		}
		if n == 0 {
			return tx.handleTaken(platform, handle)
		}
	}
	return nil
}

func (tx *Tx) handles(id steering.PersonID) (map[string]string, error) {
	m := map[string]string{}
	return m, tx.query(func(rows *sql.Rows) error {
		var platform, handle string
		err := rows.Scan(&platform, &handle)
		m[platform] = handle
		return err
	}, `SELECT platform, handle FROM handles WHERE person = $1`, string(id))
}

func (tx *Tx) handleTaken(platform, handle string) error {
	other, err := tx.PersonByHandle(bot.Platform(platform), bot.UserID(handle))
	if err != nil {
		return err
	}
	return &steering.Error{
		Code: steering.CodeConflict, Key: KeyHandleTaken,
		Args: map[string]any{"platform": platform, "handle": handle, "person": other.ID},
	}
}

// sortedKeys lists a map's keys in order.
func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
