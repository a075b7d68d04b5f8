package storage

import (
	"context"
	"fmt"
	"time"
)

// clocks are the databases' own clocks, in milliseconds since 1970. Leases go by them and not by DB's: instances on
// several machines have one clock then, and it never jumps with a test's.
var clocks = map[engine]string{
	sqliteEngine:   `CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)`,
	postgresEngine: `CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)`,
}

// Instance names this open database among all that share it, for leases and claims; a restarted process has another name.
func (db *DB) Instance() string { return db.claimant }

// TakeLease takes what one instance at a time may hold, or holds it for longer: until life has passed, or DropLease. held is
// false while somebody else has it.
func (db *DB) TakeLease(ctx context.Context, name string, life time.Duration) (held bool, err error) {
	clock := clocks[db.engine]
	err = db.Update(ctx, func(tx *Tx) error {
		n, err := tx.exec(`INSERT INTO leases (name, holder, until) VALUES ($1, $2, `+clock+` + $3)
			ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
			WHERE leases.holder = excluded.holder OR leases.until <= `+clock, clean(name), db.claimant, life.Milliseconds())
		held = n > 0
		return err
	})
	return held, wrap(fmt.Sprintf("take the lease %q", name), err)
}

// DropLease gives back what this instance holds.
func (db *DB) DropLease(ctx context.Context, name string) error {
	err := db.Update(ctx, func(tx *Tx) error {
		_, err := tx.exec(`DELETE FROM leases WHERE name = $1 AND holder = $2`, clean(name), db.claimant)
		return err
	})
	return wrap(fmt.Sprintf("drop the lease %q", name), err)
}

// ExpiredLeases lists the names, beginning with prefix, of leases that ended without being given back: who held them died,
// or could not reach the database.
func (db *DB) ExpiredLeases(ctx context.Context, prefix string) (names []string, err error) {
	err = db.View(ctx, func(tx *Tx) error {
		names, err = tx.texts(`SELECT name FROM leases WHERE substr(name, 1, $2) = $1 AND until <= `+clocks[db.engine]+` ORDER BY name`,
			clean(prefix), len(prefix))
		return err
	})
	return names, wrap("look for expired leases", err)
}

// Abandon ends the claims of an instance that is gone: what it was sending is in doubt at once.
func (db *DB) Abandon(ctx context.Context, instance string) (n int64, err error) {
	err = db.Update(ctx, func(tx *Tx) error {
		n, err = tx.exec(`UPDATE outbox SET lease_until = $2 WHERE live = 1 AND state = 'sending' AND claimed_by = $1 AND lease_until > $2`,
			instance, stamp(tx.now))
		tx.queued = tx.queued || n > 0
		return err
	})
	return n, wrap("end the claims of "+instance, err)
}
