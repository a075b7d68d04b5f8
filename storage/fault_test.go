package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"timonel/bot"
)

// tune sets a pragma on the writer's connection.
func tune(t *testing.T, db *DB, pragma string) {
	t.Helper()
	c := <-db.sqlite.writer
	defer func() { db.sqlite.writer <- c }()
	if _, err := c.conn.ExecContext(context.Background(), "PRAGMA "+pragma); err != nil {
		t.Fatal(err)
	}
}

// TestFaultsOfTheDisk lets the disk fail in every way while messages come in: each failure has a word that says what to do,
// what was acknowledged is there afterwards, what was not is not, and everything goes on when the fault is over, with the
// same open database.
func TestFaultsOfTheDisk(t *testing.T) {
	for _, c := range []struct {
		name, word string
		begin, end func(*testing.T, *DB)
	}{
		{
			"full", "the disk is full: free some space",
			func(t *testing.T, db *DB) { tune(t, db, "max_page_count = 1") }, // which means: not a page more
			func(t *testing.T, db *DB) { tune(t, db, "max_page_count = 4294967294") },
		},
		{
			"read-only", "is the file system mounted for writing?",
			func(t *testing.T, db *DB) { tune(t, db, "query_only = 1") },
			func(t *testing.T, db *DB) { tune(t, db, "query_only = 0") },
		},
		{
			"locked", "another process holds the database; is a second one running?",
			func(t *testing.T, db *DB) {
				tune(t, db, "busy_timeout = 50")
				other, err := sql.Open("sqlite", sqliteDSN(db.sqlite.path, true))
				if err != nil {
					t.Fatal(err)
				}
				tx, err := other.Begin()
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { other.Close() })
				release = func() { _ = tx.Rollback() }
			},
			func(*testing.T, *DB) { release() },
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			clock := newClock()
			db := openURL(t, filepath.Join(t.TempDir(), "timonel.db"), clock)
			seed(t, db, "ACME")
			acknowledged, refused := map[bot.MessageID]bool{}, 0
			receive := func(n int) {
				t.Helper()
				in := bot.Incoming{Platform: bot.Slack, ID: bot.MessageID(fmt.Sprint(n)), Room: "C1", Text: strings.Repeat("hola ", 500)}
				switch fresh, err := db.Receive(context.Background(), in); {
				case err == nil && fresh:
					acknowledged[in.ID] = true
				case err == nil:
					t.Errorf("message %d was there already", n)
				case !strings.Contains(err.Error(), c.word) || !errors.As(err, new(machineError)):
					t.Fatalf("message %d: %v, want %q", n, err, c.word)
				default:
					refused++
				}
			}
			receive(0)
			c.begin(t, db)
			for n := 1; n < 40; n++ {
				receive(n)
			}
			if refused == 0 {
				t.Fatal("nothing was refused")
			}
			if err := db.Beat(context.Background()); c.name != "full" && (err == nil || !strings.Contains(err.Error(), c.word)) {
				t.Errorf("a write of one row: %v, want %q", err, c.word) // one row may still find a place on a full disk
			}
			if _, err := db.Ages(context.Background()); err != nil {
				t.Errorf("reading: %v", err)
			}
			c.end(t, db)
			for n := range 40 {
				if id := bot.MessageID(fmt.Sprint(n)); !acknowledged[id] {
					receive(n) // the platform offers it again
				}
			}
			if len(acknowledged) != 40 {
				t.Errorf("%d of 40 were taken in the end", len(acknowledged))
			}
			for n := range 40 {
				in, err := db.NextIncoming(context.Background(), bot.Slack, "C1")
				if err != nil {
					t.Fatalf("after %d messages: %v", n, err)
				}
				update(t, db, func(tx *Tx) error { return tx.MarkHandled(in) })
			}
			if _, err := db.NextIncoming(context.Background(), bot.Slack, "C1"); !errors.Is(err, ErrNotFound) {
				t.Errorf("one is there twice: %v", err)
			}
			for _, f := range db.Check(context.Background()) {
				if f.Err != nil {
					t.Errorf("%s: %v", f.Name, f.Err)
				}
			}
		})
	}
}

// release ends what the fault "locked" began.
var release func()
