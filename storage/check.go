package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Finding is the result of one check: what was looked at, what was found, and, if it is not well, why and what to do.
type Finding struct {
	Name   string // "schema", "integrity", "writable", "audit"
	Detail string
	Err    error // nil if it is well
}

// Check looks the whole database through, for doctor: that its schema is this version's, that it is intact, that it can be
// written, and that the audit's chains of hashes hold. On a large database it takes a while.
func (db *DB) Check(ctx context.Context) []Finding {
	findings := []Finding{{Name: "schema", Err: db.requireSchema(ctx)}}
	if version, err := db.schemaVersion(ctx); err == nil {
		findings[0].Detail = fmt.Sprintf("version %d on %s", version, db.engine)
	}
	if findings[0].Err != nil {
		return findings // the rest would only fail for the same reason
	}
	findings = append(findings, Finding{Name: "integrity", Err: db.checkIntegrity(ctx)}, Finding{Name: "writable", Err: db.checkWritable(ctx)})
	entries, err := db.VerifyAudit(ctx)
	return append(findings, Finding{Name: "audit", Detail: fmt.Sprintf("%d entries", entries), Err: err})
}

// checkIntegrity asks the engine, and then for rows that no row of ours may be.
func (db *DB) checkIntegrity(ctx context.Context) error {
	return db.View(ctx, func(tx *Tx) error {
		if db.engine == sqliteEngine {
			result, err := tx.texts(`PRAGMA integrity_check(3)`)
			if err != nil {
				return err
			}
			if len(result) != 1 || result[0] != "ok" {
				return fmt.Errorf("the file is damaged: %v (restore a backup)", result)
			}
			if broken, err := tx.find([]any{new(string), new(sql.NullInt64), new(string), new(int)}, `PRAGMA foreign_key_check`); err != nil || broken {
				return errors.Join(err, errors.New("rows refer to rows that are gone (restore a backup)"))
			}
		}
		keys, err := tx.ProjectKeys()
		if err != nil {
			return err
		}
		for _, key := range keys {
			if _, err := tx.snapshot(key); err != nil {
				return fmt.Errorf("%w (restore a backup)", err)
			}
			delete(tx.stored, key)
		}
		return nil
	})
}

// errRollback ends a transaction that was only tried.
var errRollback = errors.New("tried")

func (db *DB) checkWritable(ctx context.Context) error {
	err := db.Update(ctx, func(tx *Tx) error {
		if _, err := tx.exec(`INSERT INTO meta (key, value) VALUES ('tried', $1)`, stamp(tx.now)); err != nil {
			return err
		}
		return errRollback
	})
	if errors.Is(err, errRollback) {
		return nil
	}
	return err
}

// QueueStats counts what waits, for metrics and health.
type QueueStats struct {
	InboxWaiting, InboxParked int
	Outbox                    map[string]int // live messages and those given up, by state: pending, sending, retry, failed
	OldestWaiting             time.Time      // since when something could have been handled or sent; zero if nothing waits
}

// QueueStats counts what waits.
func (db *DB) QueueStats(ctx context.Context) (stats QueueStats, err error) {
	stats.Outbox = map[string]int{}
	err = db.View(ctx, func(tx *Tx) error {
		inbox := map[string]int{}
		counts := func(into map[string]int) func(*sql.Rows) error {
			return func(rows *sql.Rows) error {
				var state string
				var n int
				err := rows.Scan(&state, &n)
				into[state] = n
				return err
			}
		}
		err := errors.Join(
			tx.query(counts(inbox), `SELECT state, COUNT(*) FROM inbox WHERE state IN ('waiting', 'parked') GROUP BY state`),
			tx.query(counts(stats.Outbox), `SELECT state, COUNT(*) FROM outbox WHERE live = 1 OR state = 'failed' GROUP BY state`))
		stats.InboxWaiting, stats.InboxParked = inbox[inboxWaiting], inbox[inboxParked]
		if err != nil {
			return err
		}
		var oldest sql.NullString
		_, err = tx.find([]any{&oldest}, `SELECT MIN(at) FROM (
			SELECT MIN(received_at) AS at FROM inbox WHERE state = 'waiting'
			UNION ALL SELECT MIN(not_before) FROM outbox WHERE live = 1 AND not_before <= $1) AS waiting`, stamp(tx.now))
		if err != nil {
			return err
		}
		stats.OldestWaiting, err = unstamp(oldest.String)
		return err
	})
	return stats, wrap("count what waits", err)
}

// Prune deletes what is only kept for a while and ended before a moment: handled events, messages that went out, expired
// dialogues. It returns how many rows went. What is parked or was given up stays for the operator.
func (db *DB) Prune(ctx context.Context, before time.Time) (int, error) {
	total := 0
	err := db.Update(ctx, func(tx *Tx) error {
		total = 0
		for _, query := range []string{
			`DELETE FROM inbox WHERE state = 'handled' AND received_at < $1`,
			`DELETE FROM outbox WHERE live = 0 AND state <> 'failed' AND finished_at < $1`,
			`DELETE FROM messages WHERE at < $1`,
			`DELETE FROM dialogues WHERE expires_at < $1`,
		} {
			n, err := tx.exec(query, stamp(before))
			if err != nil {
				return err
			}
			total += int(n)
		}
		return nil
	})
	return total, wrap("prune", err)
}
