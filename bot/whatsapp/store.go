package whatsapp

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"go.mau.fi/libsignal/logger"
	"go.mau.fi/whatsmeow/store/sqlstore"
	waLog "go.mau.fi/whatsmeow/util/log"
	_ "modernc.org/sqlite" // the driver of the device's file
)

// store is the device's database: the library's tables, and beside them what the adapter must remember of its own
// messages across a restart.
type store struct {
	db        *sql.DB
	container *sqlstore.Container
}

// ownTables: parts maps a message that was sent as a part of another (a poll, a file, the rest of a long text) to its
// main message; polls holds the options that a vote's hashes mean; cards the message to edit; wrote who wrote first.
const ownTables = `
CREATE TABLE IF NOT EXISTS timonel_parts (part TEXT PRIMARY KEY, main TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS timonel_polls (poll TEXT PRIMARY KEY, options TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS timonel_cards (chat TEXT NOT NULL, card TEXT NOT NULL, message TEXT NOT NULL, sent_at INTEGER NOT NULL, PRIMARY KEY (chat, card)) STRICT;
CREATE TABLE IF NOT EXISTS timonel_wrote (jid TEXT PRIMARY KEY) STRICT;`

func openStore(ctx context.Context, file string, log waLog.Logger) (*store, error) {
	if err := private(file); err != nil {
		return nil, err
	}
	dsn := "file:" + file + "?_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_pragma=journal_mode(WAL)&_pragma=synchronous(normal)&_txlock=immediate"
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, fmt.Errorf("open the WhatsApp device store %s: %w", file, err)
	}
	container := sqlstore.NewWithDB(db, "sqlite3", log)
	if err := container.Upgrade(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("prepare the WhatsApp device store %s: %w", file, err), db.Close())
	}
	if _, err := db.ExecContext(ctx, ownTables); err != nil {
		return nil, errors.Join(fmt.Errorf("prepare the WhatsApp device store %s: %w", file, err), db.Close())
	}
	return &store{db: db, container: container}, nil
}

// private makes the file, readable by its owner alone: who has it can read and write as the bot's number.
func private(file string) error {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("open the WhatsApp device store %s: %w", file, err)
	}
	return f.Close()
}

// Close closes the database.
func (s *store) Close() error { return s.db.Close() }

// rememberPart notes that part belongs to main.
func (s *store) rememberPart(ctx context.Context, part, main string) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO timonel_parts (part, main) VALUES ($1, $2) ON CONFLICT (part) DO NOTHING`, part, main)
	return err
}

// mainOf returns the message that id is a part of, or id itself.
func (s *store) mainOf(ctx context.Context, id string) (string, error) {
	var main string
	err := s.db.QueryRowContext(ctx, `SELECT main FROM timonel_parts WHERE part = $1`, id).Scan(&main)
	if errors.Is(err, sql.ErrNoRows) {
		return id, nil
	}
	return main, err
}

const optionSeparator = "\x1f"

func (s *store) rememberPoll(ctx context.Context, id string, options []string) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO timonel_polls (poll, options) VALUES ($1, $2) ON CONFLICT (poll) DO NOTHING`,
		id, strings.Join(options, optionSeparator))
	return err
}

func (s *store) pollOptions(ctx context.Context, id string) ([]string, error) {
	var options string
	err := s.db.QueryRowContext(ctx, `SELECT options FROM timonel_polls WHERE poll = $1`, id).Scan(&options)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return strings.Split(options, optionSeparator), err
}

func (s *store) rememberCard(ctx context.Context, chat, card, message string, at time.Time) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO timonel_cards (chat, card, message, sent_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (chat, card) DO UPDATE SET message = excluded.message, sent_at = excluded.sent_at`, chat, card, message, at.Unix())
	return err
}

// card returns the message that shows a card in a chat and when it was sent, "" if there is none.
func (s *store) card(ctx context.Context, chat, card string) (string, time.Time, error) {
	var message string
	var at int64
	err := s.db.QueryRowContext(ctx, `SELECT message, sent_at FROM timonel_cards WHERE chat = $1 AND card = $2`, chat, card).Scan(&message, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return "", time.Time{}, nil
	}
	return message, time.Unix(at, 0), err
}

func (s *store) rememberWriter(ctx context.Context, jid string) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO timonel_wrote (jid) VALUES ($1) ON CONFLICT (jid) DO NOTHING`, jid)
	return err
}

func (s *store) hasWritten(ctx context.Context, jid string) (bool, error) {
	var n int
	err := s.db.QueryRowContext(ctx, `SELECT count(*) FROM timonel_wrote WHERE jid = $1`, jid).Scan(&n)
	return n > 0, err
}

var quietOnce sync.Once

// quietSignal stops the encryption library from writing to standard output, which is for results.
func quietSignal() {
	quietOnce.Do(func() {
		var silent logger.Loggable = silentLog{}
		logger.Setup(&silent)
	})
}

type silentLog struct{}

func (silentLog) Debug(string, string)   {}
func (silentLog) Info(string, string)    {}
func (silentLog) Warning(string, string) {}
func (silentLog) Error(string, string)   {}
func (silentLog) Configure(string)       {}
