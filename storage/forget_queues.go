package storage

import (
	"database/sql"
	"encoding/json"
	"slices"
	"strings"

	"timonel/bot"
	"timonel/steering"
)

// scrubQueues takes the words out of what came from the person and of what went out with theirs in it.
func (tx *Tx) scrubQueues(s *scrubber, p *steering.Person, f *Forgotten) error {
	for _, platform := range sortedKeys(p.Handles) {
		handle := p.Handles[platform]
		err := tx.eachDoc(`SELECT id, doc FROM inbox WHERE platform = $1 AND doc <> '{}'`, func(id int64, doc string) error {
			var in bot.Incoming
			if err := decode(doc, &in); err != nil || string(in.From) != handle {
				return err
			}
			f.Messages++
			_, err := tx.exec(`UPDATE inbox SET doc = '{}', state = 'handled', problem = '' WHERE id = $1`, id)
			return err
		}, platform)
		if err != nil {
			return err
		}
		if err := tx.dropDirect(platform, clean(handle), s.new); err != nil {
			return err
		}
	}
	if err := tx.scrubMessages(s, p); err != nil {
		return err
	}
	return tx.eachDoc(`SELECT id, doc FROM outbox WHERE live = 0`, func(id int64, doc string) error {
		if !s.mentions(doc, p) {
			return nil
		}
		var out bot.Outgoing
		if err := decode(doc, &out); err != nil {
			return err
		}
		bare := bot.Outgoing{Platform: out.Platform, Room: out.Room, Kind: out.Kind, Kinds: out.Kinds, Project: out.Project, Milestones: out.Milestones, Identities: out.Identities, At: out.At, Text: blank}
		text, err := encode(bare)
		if err != nil {
			return err
		}
		f.Messages++
		_, err = tx.exec(`UPDATE outbox SET doc = $2, problem = '' WHERE id = $1`, id, text)
		return err
	})
}

// scrubMessages forgets which messages went out with the person in them: a quote of one finds nothing any more.
func (tx *Tx) scrubMessages(s *scrubber, p *steering.Person) error {
	return tx.eachDoc(`SELECT outbox, doc FROM messages`, func(id int64, doc string) error {
		if !s.mentions(doc, p) {
			return nil
		}
		_, err := tx.exec(`DELETE FROM messages WHERE outbox = $1`, id)
		return err
	})
}

// dropDirect ends everything between the bot and one user alone.
func (tx *Tx) dropDirect(platform, handle, nobody string) error {
	_, err := tx.exec(`UPDATE outbox SET state = 'cancelled', live = 0, finished_at = $3
		WHERE live = 1 AND state IN ('pending', 'retry') AND platform = $1
			AND (lane = $4 OR lane IN (SELECT room FROM rooms WHERE platform = $1 AND direct_user = $2))`,
		platform, handle, stamp(tx.now), "@"+handle)
	if err == nil {
		_, err = tx.exec(`UPDATE outbox SET lane = $4 WHERE platform = $1
			AND (lane = $3 OR lane IN (SELECT room FROM rooms WHERE platform = $1 AND direct_user = $2))`, platform, handle, "@"+handle, "@"+nobody)
	}
	if err == nil {
		_, err = tx.exec(`UPDATE inbox SET room = $3 WHERE platform = $1 AND room IN (SELECT room FROM rooms WHERE platform = $1 AND direct_user = $2)`,
			platform, handle, "@"+nobody)
	}
	for _, query := range []string{
		`DELETE FROM messages WHERE platform = $1 AND room IN (SELECT room FROM rooms WHERE platform = $1 AND direct_user = $2)`,
		`DELETE FROM dialogues WHERE platform = $1 AND person = $2`,
		`DELETE FROM dialogues WHERE platform = $1 AND room IN (SELECT room FROM rooms WHERE platform = $1 AND direct_user = $2)`,
		`DELETE FROM rooms WHERE platform = $1 AND direct_user = $2`,
	} {
		if err == nil {
			_, err = tx.exec(query, platform, handle)
		}
	}
	return err
}

// eachDoc reads rows of an id and a document, then calls each for them.
func (tx *Tx) eachDoc(query string, each func(id int64, doc string) error, args ...any) error {
	type row struct {
		id  int64
		doc string
	}
	var list []row
	err := tx.query(func(rows *sql.Rows) error {
		var r row
		err := rows.Scan(&r.id, &r.doc)
		list = append(list, r)
		return err
	}, query, args...)
	for i := 0; err == nil && i < len(list); i++ {
		err = each(list[i].id, list[i].doc)
	}
	return err
}

// dropPerson deletes the person's own row and handles, and what rooms remember of them.
func (tx *Tx) dropPerson(p *steering.Person) error {
	for _, platform := range []bot.Platform{bot.Slack, bot.WhatsApp, bot.Web, bot.Terminal} {
		rooms, err := tx.Rooms(platform)
		if err != nil {
			return err
		}
		for _, r := range rooms {
			if !dropFacts(r, p) {
				continue
			}
			if err := tx.PutRoom(r); err != nil {
				return err
			}
		}
	}
	_, err := tx.exec(`DELETE FROM handles WHERE person = $1`, string(p.ID))
	if err == nil {
		_, err = tx.exec(`DELETE FROM people WHERE id = $1`, string(p.ID))
	}
	return err
}

// dropFacts drops what a room remembers of a person, and reports whether there was anything.
func dropFacts(r *Room, p *steering.Person) bool {
	names := []string{quoted(string(p.ID)), quoted(p.Name)}
	for _, handle := range p.Handles {
		names = append(names, quoted(handle))
	}
	dropped := false
	for _, key := range sortedKeys(r.Facts) {
		if slices.ContainsFunc(names, func(n string) bool { return strings.Contains(r.Facts[key], n) }) {
			delete(r.Facts, key)
			dropped = true
		}
	}
	return dropped
}

// quoted is a text as it stands in JSON.
func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return s // strings always encode
	}
	return string(b)
}
