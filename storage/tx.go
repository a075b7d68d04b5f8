package storage

import (
	"context"
	"database/sql"
	"time"

	"timonel/steering"
)

// Tx is one transaction. It belongs to the function that Update or View runs and is dead afterwards.
type Tx struct {
	db       *DB
	session  session
	now      time.Time
	writable bool
	queued   bool                      // something may be sent now that could not before
	stored   map[string]*snapshot      // projects as this transaction sees them stored
	saved    map[string]bool           // … and those that it changed
	handed   map[*steering.Project]int // which version each project handed out was
}

// session is the engine's side of one transaction. After commit, rollback does nothing.
type session interface {
	exec(query string, args ...any) (sql.Result, error)
	query(query string, args ...any) (*sql.Rows, error)
	// shared holds projects that updates before this one saved and that will be committed with it; nil if there are none.
	shared() map[string]*snapshot
	commit() error
	rollback()
}

func (db *DB) begin(ctx context.Context, writable bool) (*Tx, error) {
	tx := &Tx{
		db: db, now: db.moment(), writable: writable,
		stored: map[string]*snapshot{}, saved: map[string]bool{}, handed: map[*steering.Project]int{},
	}
	var err error
	if db.engine == postgresEngine {
		tx.session, err = db.postgres.begin(ctx, writable)
	} else {
		tx.session, err = db.sqlite.begin(ctx, writable)
	}
	if err != nil {
		return nil, explain(err)
	}
	return tx, nil
}

// Now is the transaction's moment: UTC, whole milliseconds, fixed at its begin.
func (tx *Tx) Now() time.Time { return tx.now }

// commit ends the transaction and makes what it did known to the rest of the process.
func (tx *Tx) commit() error {
	if shared := tx.session.shared(); shared != nil {
		for key := range tx.saved {
			shared[key] = tx.stored[key]
		}
	}
	if err := tx.session.commit(); err != nil {
		return err
	}
	for _, s := range tx.stored {
		tx.db.projects.put(s)
	}
	if tx.queued {
		tx.db.signal()
	}
	return nil
}

// exec runs a statement and returns how many rows it touched.
func (tx *Tx) exec(query string, args ...any) (int64, error) {
	result, err := tx.session.exec(query, args...)
	if err != nil {
		return 0, explain(err)
	}
	n, err := result.RowsAffected()
	return n, explain(err)
}

// query calls scan for each row. scan must not use the transaction: a statement runs once at a time.
func (tx *Tx) query(scan func(*sql.Rows) error, query string, args ...any) error {
	rows, err := tx.session.query(query, args...)
	if err != nil {
		return explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return explain(rows.Err())
}

// find scans the only row into into; found is false if there is none.
func (tx *Tx) find(into []any, query string, args ...any) (found bool, err error) {
	err = tx.query(func(rows *sql.Rows) error {
		found = true
		return rows.Scan(into...)
	}, query, args...)
	return found, err
}

// texts lists the first column.
func (tx *Tx) texts(query string, args ...any) ([]string, error) {
	var list []string
	err := tx.query(func(rows *sql.Rows) error {
		var s string
		if err := rows.Scan(&s); err != nil {
			return err
		}
		list = append(list, s)
		return nil
	}, query, args...)
	return list, err
}
