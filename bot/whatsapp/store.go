package whatsapp

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"go.mau.fi/whatsmeow/store/sqlstore"
	_ "modernc.org/sqlite" // the driver of the device's file
)

// store is the device's database: the library's tables, and beside them what the adapter must remember of its own
// messages across a restart. It is a SQLite file, or a schema of a PostgreSQL database.
type store struct {
	db        *sql.DB
	container *sqlstore.Container
	where     string                                // without a password
	claim     func(context.Context) (*claim, error) // takes the session, nil while another process has it
}

// schema is the PostgreSQL schema of a store whose address names none.
const schema = "timonel_whatsapp"

// ownTables: parts maps each WhatsApp message of ours to the main one that the bot knows it by (the rest of a long text, a
// file, a poll) and whether WhatsApp took it; polls holds what a vote's hashes mean, and the secret that votes are sealed
// with; cards the message to edit; wrote who wrote first; rooms the groups that the number is in; facts the rest.
var ownTables = []string{
	`CREATE TABLE IF NOT EXISTS timonel_parts (part TEXT PRIMARY KEY, main TEXT NOT NULL, taken INTEGER NOT NULL, at BIGINT NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS timonel_polls (poll TEXT PRIMARY KEY, options TEXT NOT NULL, secret TEXT NOT NULL, at BIGINT NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS timonel_cards (chat TEXT NOT NULL, card TEXT NOT NULL, message TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (chat, card))`,
	`CREATE TABLE IF NOT EXISTS timonel_wrote (jid TEXT PRIMARY KEY)`,
	`CREATE TABLE IF NOT EXISTS timonel_rooms (jid TEXT PRIMARY KEY, name TEXT NOT NULL, members INTEGER NOT NULL, mode TEXT NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS timonel_facts (name TEXT PRIMARY KEY, value TEXT NOT NULL)`,
}

// versionTable is the library's, which it does not make when another schema of the database has one.
const versionTable = `CREATE TABLE IF NOT EXISTS whatsmeow_version (version INTEGER, compat INTEGER)`

func openStore(ctx context.Context, cfg Config) (*store, error) {
	address := cfg.Store
	open := openFile
	if strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://") {
		open = openSchema
	}
	s, dialect, err := open(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("open the WhatsApp device store %s: %w", redacted(address), err)
	}
	s.where = redacted(address)
	s.container = sqlstore.NewWithDB(s.db, dialect, cfg.library("Store"))
	err = s.container.Upgrade(ctx)
	for _, table := range ownTables {
		if err == nil {
			_, err = s.db.ExecContext(ctx, table)
		}
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("prepare the WhatsApp device store %s: %w", s.where, err), s.db.Close())
	}
	return s, nil
}

func openFile(_ context.Context, cfg Config) (*store, string, error) {
	file := cfg.Store
	if err := private(file); err != nil {
		return nil, "", err
	}
	dsn := "file:" + file + "?_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_pragma=journal_mode(WAL)&_pragma=synchronous(normal)&_txlock=immediate"
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, "", err
	}
	// One connection: SQLite has one writer, and who waits for the pool waits its turn, where who waits for a lock of the
	// file sleeps and tries again. The library holds no lock of its own that a transaction of its own needs.
	db.SetMaxOpenConns(1)
	return &store{db: db, claim: func(ctx context.Context) (*claim, error) { return claimFile(ctx, file) }}, "sqlite3", nil
}

// private makes the file, readable by its owner alone: who has it can read and write as the bot's number.
func private(file string) error {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

func openSchema(ctx context.Context, cfg Config) (*store, string, error) {
	u, err := url.Parse(cfg.Store)
	if err != nil {
		return nil, "", errors.New("it is no address of a database")
	}
	q := u.Query()
	name := q.Get("search_path")
	if name == "" {
		name = schema
		q.Set("search_path", name)
		u.RawQuery = q.Encode()
	}
	db, err := sql.Open("pgx", u.String())
	if err != nil {
		return nil, "", err
	}
	db.SetMaxOpenConns(8)
	for _, statement := range []string{`CREATE SCHEMA IF NOT EXISTS "` + strings.ReplaceAll(name, `"`, `""`) + `"`, versionTable, leaseTable} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return nil, "", errors.Join(err, db.Close())
		}
	}
	return &store{db: db, claim: func(ctx context.Context) (*claim, error) { return claimSchema(ctx, db, cfg) }}, "postgres", nil
}

// redacted is an address without its password, for errors and logs.
func redacted(address string) string {
	if u, err := url.Parse(address); err == nil && u.User != nil {
		return u.Redacted()
	}
	return address
}

// Close closes the database.
func (s *store) Close() error { return s.db.Close() }

// memory is how long the parts, polls and cards of sent messages are kept: nobody quotes or votes on older ones.
const memory = 90 * 24 * time.Hour

// forget drops what is older than anybody refers to.
func (s *store) forget(ctx context.Context, now time.Time) error {
	for _, table := range []string{"timonel_parts", "timonel_polls", "timonel_cards"} {
		if _, err := s.db.ExecContext(ctx, `DELETE FROM `+table+` WHERE at < $1`, now.Add(-memory).Unix()); err != nil { //nolint:gosec // the names stand in the line above
			return fmt.Errorf("forget old messages: %w", err)
		}
	}
	return nil
}

// note writes that part belongs to main, before it is sent.
func (s *store) note(ctx context.Context, part, main string, at time.Time) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO timonel_parts (part, main, taken, at) VALUES ($1, $2, 0, $3) ON CONFLICT (part) DO NOTHING`,
		part, main, at.Unix())
	return err
}

// take writes that WhatsApp has a part.
func (s *store) take(ctx context.Context, part string) error {
	_, err := s.db.ExecContext(ctx, `UPDATE timonel_parts SET taken = 1 WHERE part = $1`, part)
	return err
}

// taken reports whether WhatsApp has a part.
func (s *store) taken(ctx context.Context, part string) (bool, error) {
	var n int
	err := s.db.QueryRowContext(ctx, `SELECT taken FROM timonel_parts WHERE part = $1`, part).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return n == 1, err
}

// mainOf returns the message that id is a part of; known is false for what is no message of ours, or a forgotten one.
func (s *store) mainOf(ctx context.Context, id string) (main string, known bool, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT main FROM timonel_parts WHERE part = $1`, id).Scan(&main)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	return main, err == nil, err
}

// fact returns a value that was put under a name, "" if none was.
func (s *store) fact(ctx context.Context, name string) (string, error) {
	var value string
	err := s.db.QueryRowContext(ctx, `SELECT value FROM timonel_facts WHERE name = $1`, name).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return value, err
}

func (s *store) putFact(ctx context.Context, name, value string) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO timonel_facts (name, value) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
	return err
}

// factsUnder returns the values of all facts whose names begin so, in the order of the names.
func (s *store) factsUnder(ctx context.Context, prefix string) (values []string, err error) {
	rows, err := s.db.QueryContext(ctx, `SELECT value FROM timonel_facts WHERE name >= $1 AND name < $2 ORDER BY name`, prefix, prefix+"~")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var value string
		if err := rows.Scan(&value); err != nil {
			return nil, err
		}
		values = append(values, value)
	}
	return values, rows.Err()
}

// dropFacts forgets all facts whose names begin so.
func (s *store) dropFacts(ctx context.Context, prefix string) error {
	_, err := s.db.ExecContext(ctx, `DELETE FROM timonel_facts WHERE name >= $1 AND name < $2`, prefix, prefix+"~")
	return err
}
