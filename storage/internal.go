package storage

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"timonel/bot"
	"timonel/steering"
)

// internalFact is the fact of a room that holds which entries were raised there, of a chat of the vendor's own.
const internalFact = "internal"

// Internal tells which risks and issues of a project are the vendor's own business: those that were raised in a chat of
// the vendor's own, or on a platform on which the committee has no chat. It is nil if none can be.
func (tx *Tx) Internal(p *steering.Project) (steering.Internal, error) {
	marked, err := tx.marked(p)
	if err != nil {
		return nil, err
	}
	platforms := p.VendorOnly()
	if len(platforms) == 0 && len(marked) == 0 {
		return nil, nil
	}
	for _, kind := range []steering.EntryKind{steering.KindRisk, steering.KindIssue} {
		err := tx.query(func(rows *sql.Rows) error {
			var object, via string
			if err := rows.Scan(&object, &via); err != nil {
				return err
			}
			if slices.Contains(platforms, via) {
				marked[p.Key+" "+object] = true
			} else if via != "" && len(platforms) > 0 {
				delete(marked, p.Key+" "+object) // a number that was used again
			}
			return nil
		}, `SELECT object, via FROM audit WHERE project = $1 AND action = $2 ORDER BY seq`, p.Key, string(kind)+".added")
		if err != nil {
			return nil, wrap("find where entries were raised", err)
		}
	}
	return func(kind steering.EntryKind, id int) bool { return marked[entryName(p.Key, kind, id)] }, nil
}

func entryName(project string, kind steering.EntryKind, id int) string {
	return project + " " + string(kind) + " " + strconv.Itoa(id)
}

// marked are the entries that were noted as raised in the project's vendor chats, also when the committee reads there by now.
func (tx *Tx) marked(p *steering.Project) (map[string]bool, error) {
	all := map[string]bool{}
	for _, c := range p.Chats {
		room, err := tx.Room(bot.Platform(c.Platform), bot.RoomID(c.ID))
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		names, err := internalOf(room)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			all[name] = true
		}
	}
	return all, nil
}

func internalOf(r *Room) (names []string, err error) {
	if raw := r.Facts[internalFact]; raw != "" {
		err = json.Unmarshal([]byte(raw), &names)
	}
	return names, wrap("read what was raised in "+string(r.ID), err)
}

// MarkInternal notes that an entry was raised in a room of the vendor's own, or, with internal false, that one of that
// number was raised elsewhere.
func (tx *Tx) MarkInternal(r *Room, project string, kind steering.EntryKind, id int, internal bool) error {
	names, err := internalOf(r)
	if err != nil {
		return err
	}
	name := entryName(project, kind, id)
	if slices.Contains(names, name) == internal {
		return nil
	}
	if internal {
		names = append(names, name)
	} else {
		names = slices.DeleteFunc(names, func(n string) bool { return n == name })
	}
	raw, err := json.Marshal(names)
	if err != nil {
		return fmt.Errorf("note what was raised in %s: %w", r.ID, err)
	}
	if r.Facts == nil {
		r.Facts = map[string]string{}
	}
	r.Facts[internalFact] = string(raw)
	return tx.PutRoom(r)
}
