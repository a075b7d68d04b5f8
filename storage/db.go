package storage

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"timonel/steering"
)

// Options says how a database is opened.
type Options struct {
	// Now is the clock; the default is time.Now.
	Now func() time.Time
	// Migrate brings the schema to this version's; without it an older schema is refused.
	Migrate bool
	// Calendar gives a loaded project its working days; nil leaves Project.Calendar zero.
	Calendar func(*steering.Project) steering.Calendar
}

// DB is an open database. Its methods may be called from several goroutines.
type DB struct {
	engine   engine
	sqlite   *sqliteFile   // set on SQLite
	postgres *postgresPool // set on PostgreSQL
	now      func() time.Time
	calendar func(*steering.Project) steering.Calendar
	projects *projectCache
	claimant string // names this handle in the leases that it takes

	mu        sync.Mutex
	listeners map[chan struct{}]struct{}
	closed    sync.Once
}

// engine is the kind of database; where SQL must differ, it is asked.
type engine string

const (
	sqliteEngine   engine = "sqlite"
	postgresEngine engine = "postgres"
)

// opened counts the databases that this process opened.
var opened atomic.Int64

// newClaimant makes a name that no other process has, nor the one that ran before it in the same place, for leases.
func newClaimant(now time.Time) string {
	host, err := os.Hostname()
	if err != nil {
		host = "?"
	}
	return fmt.Sprintf("%s/%d.%d/%d", host, os.Getpid(), opened.Add(1), now.UnixNano())
}

// maxAttempts bounds how often Update runs its function: on PostgreSQL a transaction that another one overtook is
// rolled back and starts again with fresh eyes.
const maxAttempts = 40

// Open opens a database: a path or file: URL is a SQLite file, made with mode 0600 if it is new; ":memory:" one that ends
// with Close; postgres:// a server. An older schema is refused unless o.Migrate, a newer one always.
func Open(ctx context.Context, url string, o Options) (*DB, error) {
	db, err := connect(ctx, url, o)
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", redacted(url), err)
	}
	if o.Migrate {
		_, _, err = db.Migrate(ctx)
	} else {
		err = db.requireSchema(ctx)
	}
	if err != nil {
		db.Close()
		return nil, fmt.Errorf("open database %s: %w", redacted(url), err)
	}
	return db, nil
}

// connect opens without a look at the schema.
func connect(ctx context.Context, url string, o Options) (*DB, error) {
	db := &DB{
		now: o.Now, calendar: o.Calendar, projects: newProjectCache(),
		listeners: map[chan struct{}]struct{}{},
	}
	if db.now == nil {
		db.now = time.Now
	}
	db.claimant = newClaimant(db.now())
	var err error
	if isPostgres(url) {
		db.engine = postgresEngine
		db.postgres, err = openPostgres(ctx, url)
	} else {
		db.engine = sqliteEngine
		db.sqlite, err = openSQLite(ctx, url)
	}
	if err != nil {
		return nil, err
	}
	return db, nil
}

func isPostgres(url string) bool {
	return strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://")
}

// Close ends every connection. On SQLite it waits for the transactions that run and folds the write-ahead log into the
// file.
func (db *DB) Close() (err error) {
	db.closed.Do(func() {
		if db.engine == postgresEngine {
			err = db.postgres.close()
		} else {
			err = db.sqlite.close()
		}
	})
	return err
}

// moment is the clock's time as everything here stores it: UTC, whole milliseconds.
func (db *DB) moment() time.Time { return db.now().UTC().Truncate(time.Millisecond) }

// Update runs f in a read-write transaction and returns when what it did is on the disk, or an error if nothing of it is.
// On SQLite one runs at a time, and those that run close together share a commit; on PostgreSQL f may run several times,
// because another process was first, so f must do nothing that a rollback does not undo. Transactions do not nest.
func (db *DB) Update(ctx context.Context, f func(*Tx) error) error {
	for attempt := 1; ; attempt++ {
		err := db.attempt(ctx, f)
		if err == nil || attempt == maxAttempts || !isOvertaken(err) || ctx.Err() != nil {
			return err
		}
	}
}

func (db *DB) attempt(ctx context.Context, f func(*Tx) error) error {
	tx, err := db.begin(ctx, true)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer tx.session.rollback()
	if err := f(tx); err != nil {
		return err
	}
	if err := tx.commit(); err != nil {
		return fmt.Errorf("commit: %w", explain(err))
	}
	return nil
}

// View runs f in a read-only transaction that sees one state of the database throughout.
func (db *DB) View(ctx context.Context, f func(*Tx) error) error {
	tx, err := db.begin(ctx, false)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer tx.session.rollback()
	return f(tx)
}

// glance is View for a function of one statement that loads no project.
func (db *DB) glance(ctx context.Context, f func(*Tx) error) error {
	if db.engine == postgresEngine {
		return f(&Tx{db: db, now: db.moment(), session: postgresGlance{ctx, db.postgres.pool}})
	}
	s, err := db.sqlite.glance(ctx)
	if err != nil {
		return explain(err)
	}
	defer s.rollback()
	return f(&Tx{db: db, now: db.moment(), session: s})
}

// Subscribe returns a channel that gets a signal after every commit of this process that enqueued something, or ended or
// set back the sending of something, and a function that ends it. Signals merge: one may stand for several commits.
func (db *DB) Subscribe() (<-chan struct{}, func()) {
	c := make(chan struct{}, 1)
	db.mu.Lock()
	db.listeners[c] = struct{}{}
	db.mu.Unlock()
	return c, func() {
		db.mu.Lock()
		delete(db.listeners, c)
		db.mu.Unlock()
	}
}

func (db *DB) signal() {
	db.mu.Lock()
	defer db.mu.Unlock()
	for c := range db.listeners {
		select {
		case c <- struct{}{}:
		default: // one is waiting already
		}
	}
}
