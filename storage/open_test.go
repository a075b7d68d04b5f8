package storage

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"timonel/bot"
	"timonel/steering"
)

func TestOpenMakesAPrivateFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "with space & ?#% ñ.db")
	db := openURL(t, path, newClock())
	seed(t, db, "ACME")
	for _, name := range []string{path, path + "-wal"} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", name, info.Mode())
		}
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 3 {
		t.Errorf("in the folder: %v, %v", entries, err)
	}
}

// A closed database is one file: whoever copies it has everything.
func TestCloseFoldsTheLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	db, err := Open(context.Background(), path, Options{Migrate: true})
	if err != nil {
		t.Fatal(err)
	}
	seed(t, db, "ACME")
	project(t, db, "ACME") // so that a reader is open too
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("left: %v, %v", entries, err)
	}
}

func TestOpenURLForms(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, name := range []string{"a.db", "./b.db", "file:c.db", "file:" + filepath.Join(dir, "d.db"), filepath.Join(dir, "e.db")} {
		db := openURL(t, name, newClock())
		if filepath.Dir(db.sqlite.path) != dir {
			t.Errorf("%s is opened as %s", name, db.sqlite.path)
		}
		if _, err := os.Stat(db.sqlite.path); err != nil {
			t.Error(err)
		}
	}
}

func TestOpenRefused(t *testing.T) {
	dir := t.TempDir()
	garbage := filepath.Join(dir, "garbage.db")
	if err := os.WriteFile(garbage, []byte(strings.Repeat("no database ", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	for url, want := range map[string]string{
		"":                               "no file named",
		filepath.Join(dir, "no", "x.db"): "does not exist (create it first)",
		dir:                              "it is a folder",
		garbage:                          "the file is no intact database: restore a backup",
		"mysql://localhost/x":            `scheme "mysql" is unknown (want a SQLite file or a postgres:// address)`,
		"postgres://u:secret@127.0.0.1:1/x?connect_timeout=2": "is the server running",
	} {
		_, err := Open(context.Background(), url, Options{Migrate: true})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v; want %q in one line", url, err, want)
		}
	}
}

func TestPragmas(t *testing.T) {
	db := openOn(t, sqliteEngine, newClock())
	pragmas := map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "10000"}
	check := func(tx *Tx) error {
		for name, want := range pragmas {
			if got, err := tx.texts("PRAGMA " + name); err != nil || len(got) != 1 || got[0] != want {
				t.Errorf("%s is %q, %v; want %s", name, got, err, want)
			}
		}
		return nil
	}
	update(t, db, check)
	// Views that overlap, so that every reader is asked.
	var nest func(n int) error
	nest = func(n int) error {
		return db.View(context.Background(), func(tx *Tx) error {
			if n > 1 {
				return errors.Join(check(tx), nest(n-1))
			}
			return check(tx)
		})
	}
	if err := nest(sqliteReaders); err != nil {
		t.Error(err)
	}
}

func TestViewCannotWrite(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		err := db.View(context.Background(), func(tx *Tx) error { return tx.PutPerson(&steering.Person{ID: "x", Name: "X"}) })
		if err == nil {
			t.Error("it could")
		}
	})
}

// A view sees one state throughout, whatever is committed meanwhile.
func TestViewIsASnapshot(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		seed(t, db, "ACME")
		view(t, db, func(tx *Tx) error {
			if _, err := tx.Person("ana"); err != nil { // the snapshot begins with the first look
				return err
			}
			change(t, db, "ACME", ana, func(p *steering.Project) { p.Name = "new" })
			db.projects = newProjectCache()
			p, err := tx.Project("ACME")
			if err == nil && p.Name == "new" {
				t.Error("it sees what was committed later")
			}
			return err
		})
		if p := project(t, db, "ACME"); p.Name != "new" {
			t.Errorf("the next view sees %q", p.Name)
		}
	})
}

func TestUpdateWaitsNoLongerThanItsContext(t *testing.T) {
	db := openOn(t, sqliteEngine, newClock())
	ctx, cancel := context.WithCancel(context.Background())
	update(t, db, func(*Tx) error {
		cancel()
		err := db.Update(ctx, func(*Tx) error { return nil })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("it says %v", err)
		}
		return nil
	})
}

func TestClosed(t *testing.T) {
	db, err := Open(context.Background(), filepath.Join(t.TempDir(), "x.db"), Options{Migrate: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.Close(), db.Close()); err != nil {
		t.Error(err)
	}
	if err := db.Update(context.Background(), func(*Tx) error { return nil }); !errors.Is(err, errClosed) {
		t.Errorf("an update afterwards: %v", err)
	}
	if _, err := db.Receive(context.Background(), bot.Incoming{ID: "x"}); !errors.Is(err, errClosed) {
		t.Errorf("an event afterwards: %v", err)
	}
}

func TestPanicEndsTheTransaction(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		func() {
			defer func() { _ = recover() }()
			update(t, db, func(tx *Tx) error {
				if err := tx.PutPerson(&steering.Person{ID: "x", Name: "X"}); err != nil {
					return err
				}
				panic("in the middle")
			})
		}()
		view(t, db, func(tx *Tx) error {
			if _, err := tx.Person("x"); !errors.Is(err, ErrNotFound) {
				t.Errorf("half a transaction is there: %v", err)
			}
			return nil
		})
	})
}

func TestBackupAndRestore(t *testing.T) {
	ctx, c := context.Background(), newClock()
	for _, memory := range []bool{false, true} {
		url := filepath.Join(t.TempDir(), "timonel.db")
		if memory {
			url = ":memory:"
		}
		db := openURL(t, url, c)
		seed(t, db, "ACME")
		dir := t.TempDir()
		file, restored := filepath.Join(dir, "backup.db"), filepath.Join(dir, "restored.db")
		if memory {
			if err := db.Backup(ctx, file); err != nil {
				t.Fatal(err)
			}
		} else {
			update(t, db, func(*Tx) error { return db.Backup(ctx, file) }) // while somebody writes
		}
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the backup: %v, %v", info, err)
		}
		if err := db.Backup(ctx, file); err == nil || !strings.Contains(err.Error(), "is there already") {
			t.Errorf("over a file: %v", err)
		}
		if err := Restore(ctx, file, restored); err != nil {
			t.Fatal(err)
		}
		if got := export(t, openURL(t, restored, c), ""); got != export(t, db, "") {
			t.Error("what was restored differs")
		}
		if err := Restore(ctx, file, restored); err == nil || !strings.Contains(err.Error(), "is there already (stop the bot and move the file away first)") {
			t.Errorf("over a database: %v", err)
		}
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if strings.HasPrefix(e.Name(), ".") {
				t.Errorf("left behind: %s", e.Name())
			}
		}
	}
}

func TestRestoreRefused(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	garbage := filepath.Join(dir, "garbage")
	if err := os.WriteFile(garbage, []byte(strings.Repeat("no database ", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	target := filepath.Join(dir, "x.db")
	for file, want := range map[string]string{garbage: "no intact database", filepath.Join(dir, "none"): "no such file"} {
		if err := Restore(ctx, file, target); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", file, err)
		}
	}
	if _, err := os.Stat(target); !errors.Is(err, fs.ErrNotExist) {
		t.Error("something was put there")
	}
	if err := Restore(ctx, garbage, "postgres://x/y"); err == nil || !strings.Contains(err.Error(), "pg_restore") {
		t.Errorf("PostgreSQL: %v", err)
	}
	if err := openOn(t, postgresEngine, newClock()).Backup(ctx, target); err == nil || !strings.Contains(err.Error(), "pg_dump") {
		t.Errorf("PostgreSQL: %v", err)
	}
}
