package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"timonel/bot"
)

// Waiting is what waits on one platform, since when.
type Waiting struct {
	Incoming, Outgoing             int       // messages that could be worked, or sent, by now
	OldestIncoming, OldestOutgoing time.Time // since when the oldest could have been; zero if none waits
}

// Ages tells by platform what waits and since when, for the operator. What is to go out later does not wait.
func (db *DB) Ages(ctx context.Context) (ages map[bot.Platform]Waiting, err error) {
	ages = map[bot.Platform]Waiting{}
	err = db.View(ctx, func(tx *Tx) error {
		read := func(set func(*Waiting, int, time.Time)) func(*sql.Rows) error {
			return func(rows *sql.Rows) error {
				var platform, text string
				var n int
				if err := rows.Scan(&platform, &n, &text); err != nil {
					return err
				}
				at, err := unstamp(text)
				w := ages[bot.Platform(platform)]
				set(&w, n, at)
				ages[bot.Platform(platform)] = w
				return err
			}
		}
		return errors.Join(
			tx.query(read(func(w *Waiting, n int, at time.Time) { w.Incoming, w.OldestIncoming = n, at }),
				`SELECT platform, COUNT(*), MIN(received_at) FROM inbox WHERE state = 'waiting' GROUP BY platform`),
			tx.query(read(func(w *Waiting, n int, at time.Time) { w.Outgoing, w.OldestOutgoing = n, at }),
				`SELECT platform, COUNT(*), MIN(not_before) FROM outbox WHERE live = 1 AND not_before <= $1 GROUP BY platform`, stamp(tx.now)))
	})
	return ages, wrap("see what waits", err)
}

// Bytes is how large the database is on its disk; 0 if it is in memory.
func (db *DB) Bytes(ctx context.Context) (n int64, err error) {
	query := `SELECT pg_database_size(current_database())`
	if db.engine == sqliteEngine {
		query = `SELECT page_count * page_size FROM pragma_page_count, pragma_page_size`
	}
	err = db.View(ctx, func(tx *Tx) error {
		_, err := tx.find([]any{&n}, query)
		return err
	})
	return n, wrap("measure the database", err)
}

// Overdue says since when a project is owed a look by the scheduler; zero if none is.
func (db *DB) Overdue(ctx context.Context) (since time.Time, err error) {
	err = db.View(ctx, func(tx *Tx) error {
		since, err = tx.NextProjectAt()
		if since.After(tx.now) {
			since = time.Time{}
		}
		return err
	})
	return since, wrap("see which project is owed a look", err)
}
