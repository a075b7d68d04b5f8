package storage

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestAuditCannotBeChanged(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		seed(t, db, "ACME")
		for _, statement := range []string{`UPDATE audit SET person = 'x'`, `DELETE FROM audit`} {
			err := db.Update(context.Background(), func(tx *Tx) error { _, err := tx.exec(statement); return err })
			if err == nil || !strings.Contains(err.Error(), "the audit is append-only") {
				t.Errorf("%s: %v", statement, err)
			}
		}
	})
}

// Whoever gets round the triggers is found out.
func TestVerifyAuditFindsTampering(t *testing.T) {
	const unlock = `INSERT INTO meta (key, value) VALUES ('audit_unlocked', 'test')`
	for statement, want := range map[string]string{
		`UPDATE audit SET after = replace(after, '2026-03-27', '2026-03-28') WHERE action = 'milestone.moved'`: `was changed`,
		`UPDATE audit SET person = 'bruno' WHERE action = 'project.created'`:                                   `was changed`,
		`UPDATE audit SET at = '2026-03-02T15:00:00.000000000Z' WHERE action = 'risk.added'`:                   `was changed`,
		`DELETE FROM audit WHERE action = 'milestone.moved'`:                                                   `does not follow the one before it`,
		`DELETE FROM audit WHERE action = 'undo'`:                                                              `its end is missing`,
		`DELETE FROM audit WHERE project = 'ACME'`:                                                             `its end is missing: 0 entries of`,
	} {
		onBoth(t, func(t *testing.T, db *DB, c *clock) {
			seed(t, db, "ACME")
			makeHistory(t, db, c, "ACME")
			if n, err := db.VerifyAudit(context.Background()); err != nil || n != 6 {
				t.Fatalf("before: %d, %v", n, err)
			}
			update(t, db, func(tx *Tx) error {
				if _, err := tx.exec(unlock); err != nil {
					return err
				}
				n, err := tx.exec(statement)
				if n == 0 {
					t.Error("nothing was touched")
				}
				return err
			})
			_, err := db.VerifyAudit(context.Background())
			if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "ACME") {
				t.Errorf("after %s: %v, want %q", statement, err, want)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		seed(t, db, "ACME")
		names := ""
		for _, f := range db.Check(context.Background()) {
			names += f.Name + " "
			if f.Err != nil {
				t.Errorf("%s: %v", f.Name, f.Err)
			}
		}
		if names != "schema integrity writable audit " {
			t.Errorf("checked %s", names)
		}
		update(t, db, func(tx *Tx) error { _, err := tx.exec(`UPDATE milestones SET doc = '{' WHERE key = '2'`); return err })
		db.projects = newProjectCache()
		if err := finding(db, "integrity"); err == nil || !strings.Contains(err.Error(), "project ACME") {
			t.Errorf("a broken row: %v", err)
		}
	})
}

func finding(db *DB, name string) error {
	for _, f := range db.Check(context.Background()) {
		if f.Name == name {
			return f.Err
		}
	}
	return nil
}

func TestCheckOfADamagedFile(t *testing.T) {
	c := newClock()
	url := urlOn(t, sqliteEngine)
	db, err := Open(context.Background(), url, Options{Now: c.now, Migrate: true})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 40 {
		seed(t, db, fmt.Sprint("KEY-", i))
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	bytes, err := os.ReadFile(url)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(bytes) * 3 / 4; i < len(bytes); i += 7 { // past the schema and the roots of the tables
		bytes[i] ^= 0x5a
	}
	if err := os.WriteFile(url, bytes, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := finding(openURL(t, url, c), "integrity"); err == nil || !strings.Contains(err.Error(), "restore a backup") {
		t.Errorf("integrity: %v", err)
	}
}
