package storage

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"timonel/bot"
)

// The states of an event in the inbox.
const (
	inboxWaiting = "waiting"
	inboxHandled = "handled"
	inboxParked  = "parked" // handling failed too often; it is kept, and its room goes on
)

// Receive stores an event; fresh is false when it was received before, by (Platform, ID). When Receive returns, the event
// is on the disk: only then may its adapter acknowledge it.
func (db *DB) Receive(ctx context.Context, in bot.Incoming) (fresh bool, err error) {
	// A NUL would travel into names and notes, and PostgreSQL takes none; a space keeps the spans of mentions right.
	in.Text = strings.ReplaceAll(in.Text, "\x00", " ")
	doc, err := encode(in)
	if err != nil {
		return false, err
	}
	err = db.Update(ctx, func(tx *Tx) error {
		n, err := tx.exec(`INSERT INTO inbox (platform, message_id, room, state, attempts, problem, received_at, doc)
			VALUES ($1, $2, $3, $4, 0, '', $5, $6) ON CONFLICT (platform, message_id) DO NOTHING`,
			string(in.Platform), clean(string(in.ID)), clean(string(in.Room)), inboxWaiting, stamp(tx.now), doc)
		fresh = n > 0
		return err
	})
	return fresh, wrap(fmt.Sprintf("receive %s %q", in.Platform, in.ID), err)
}

// Waiting returns the oldest event that waits in each room, oldest first, of up to limit rooms.
func (db *DB) Waiting(ctx context.Context, limit int) (list []bot.Incoming, err error) {
	err = db.View(ctx, func(tx *Tx) error {
		list, err = tx.incoming(`id IN (SELECT MIN(id) FROM inbox WHERE state = 'waiting' GROUP BY platform, room)
			ORDER BY id LIMIT 0 + $1`, limit)
		return err
	})
	return list, wrap("list waiting events", err)
}

// NextIncoming returns the oldest event that waits in a room, or ErrNotFound.
func (db *DB) NextIncoming(ctx context.Context, platform bot.Platform, room bot.RoomID) (bot.Incoming, error) {
	in, _, err := db.OldestIncoming(ctx, platform, room)
	return in, err
}

// OldestIncoming is NextIncoming, and says whether more events wait in the room.
func (db *DB) OldestIncoming(ctx context.Context, platform bot.Platform, room bot.RoomID) (in bot.Incoming, more bool, err error) {
	err = db.glance(ctx, func(tx *Tx) error {
		list, err := tx.incoming(`state = 'waiting' AND platform = $1 AND room = $2 ORDER BY id LIMIT 2`,
			string(platform), clean(string(room)))
		if err == nil && len(list) == 0 {
			err = ErrNotFound
		}
		if err == nil {
			in, more = list[0], len(list) > 1
		}
		return err
	})
	return in, more, wrap("look for an event in "+string(room), err)
}

// Received reports whether an event is, or was, in the inbox.
func (tx *Tx) Received(platform bot.Platform, id bot.MessageID) (bool, error) {
	found, err := tx.find([]any{new(int64)}, `SELECT id FROM inbox WHERE platform = $1 AND message_id = $2`, string(platform), clean(string(id)))
	return found, wrap("look for an event", err)
}

// WaitingAfter lists the events of a room that wait and came after one, in order.
func (tx *Tx) WaitingAfter(in bot.Incoming) ([]bot.Incoming, error) {
	list, err := tx.incoming(`state = 'waiting' AND platform = $1 AND room = $2 AND id >
			(SELECT id FROM inbox WHERE platform = $1 AND message_id = $3) ORDER BY id LIMIT 100`,
		string(in.Platform), clean(string(in.Room)), clean(string(in.ID)))
	return list, wrap("list what came after an event", err)
}

func (tx *Tx) incoming(where string, args ...any) ([]bot.Incoming, error) {
	var list []bot.Incoming
	return list, tx.query(func(rows *sql.Rows) error {
		var doc string
		if err := rows.Scan(&doc); err != nil {
			return err
		}
		var in bot.Incoming
		err := decode(doc, &in)
		list = append(list, in)
		return err
	}, `SELECT doc FROM inbox WHERE `+where, args...)
}

// MarkHandled ends an event in the transaction that handled it, and forgets what it said. ErrHandled means that another
// process was first: return it, so that the transaction is rolled back. An event that never was received is no error: it
// came another way.
func (tx *Tx) MarkHandled(in bot.Incoming) error {
	n, err := tx.exec(`UPDATE inbox SET state = 'handled', doc = '{}' WHERE platform = $1 AND message_id = $2 AND state <> 'handled'`,
		string(in.Platform), clean(string(in.ID)))
	if err == nil && n == 0 {
		var state string
		known, findErr := tx.find([]any{&state}, `SELECT state FROM inbox WHERE platform = $1 AND message_id = $2`,
			string(in.Platform), clean(string(in.ID)))
		if err = findErr; err == nil && known {
			err = ErrHandled
		}
	}
	return wrap(fmt.Sprintf("mark %s %q as handled", in.Platform, in.ID), err)
}

// FailIncoming notes that handling an event failed. After most failures it is parked: kept for the operator, while its room
// goes on.
func (db *DB) FailIncoming(ctx context.Context, in bot.Incoming, problem string, most int) (parked bool, err error) {
	err = db.Update(ctx, func(tx *Tx) error {
		_, err := tx.exec(`UPDATE inbox SET attempts = attempts + 1, problem = $3,
			state = CASE WHEN attempts + 1 >= $4 THEN 'parked' ELSE state END
			WHERE platform = $1 AND message_id = $2 AND state = 'waiting'`,
			string(in.Platform), clean(string(in.ID)), clean(problem), most)
		if err != nil {
			return err
		}
		parked, err = tx.find([]any{new(int64)}, `SELECT id FROM inbox WHERE platform = $1 AND message_id = $2 AND state = 'parked'`,
			string(in.Platform), clean(string(in.ID)))
		return err
	})
	return parked, wrap(fmt.Sprintf("note that %s %q failed", in.Platform, in.ID), err)
}
