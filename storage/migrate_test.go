package storage

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"timonel/internal/golden"
)

// released lists the hashes of the migrations that databases out there have taken: a new one is added at the end, and none
// is ever changed.
var released = []string{
	"bad01dffb8d13260acd7bda969ce2af332ab3c291f0f53dd5b721ecc2f227145",
	"95da97c03e4f6ecafc10dc4c35be5dc3ec4b2ab8c1a9fa5dd1d9c8edc882fb03",
	"77b943d3b0b4c343722ac0bf39ecfa5b684cb7c478b4ac464545ade3712dad6b",
	"2550d7e6050f9edb886050839c050e2c4e0d30e30e0eb3a68a60d9e71f67245b",
	"a5531f464d1556f792ae4c75b3b6ec3723f0202e8e3fb863f415b3a69407fcc4",
}

func TestMigrationsAreImmutable(t *testing.T) {
	steps, err := migrations()
	if err != nil {
		t.Fatal(err)
	}
	if len(steps) != len(released) {
		t.Fatalf("%d migrations, %d released hashes: add the new one", len(steps), len(released))
	}
	for i, m := range steps {
		if m.hash() != released[i] {
			t.Errorf("%s has hash %s, released with %s: write a new migration instead of changing one", m.name, m.hash(), released[i])
		}
	}
}

// TestSchemaGolden keeps schema.sql, the schema as one reads it, beside the steps that lead to it.
func TestSchemaGolden(t *testing.T) {
	db := openOn(t, sqliteEngine, newClock())
	var b strings.Builder
	view(t, db, func(tx *Tx) error {
		statements, err := tx.texts(`SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY tbl_name, type DESC, name`)
		for _, s := range statements {
			b.WriteString(s + ";\n\n")
		}
		return err
	})
	golden.Equal(t, filepath.Join("testdata", "schema.sql"), b.String())
}

func TestMigrateTwice(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		steps, err := migrations()
		if err != nil {
			t.Fatal(err)
		}
		from, to, err := db.Migrate(context.Background())
		if err != nil || from != len(steps) || to != len(steps) {
			t.Errorf("%d to %d, %v", from, to, err)
		}
	})
}

// steps makes migrations after the real ones.
func stepsAnd(t *testing.T, texts ...string) []migration {
	t.Helper()
	steps, err := migrations()
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range texts {
		steps = append(steps, migration{len(steps) + 1, "test", text})
	}
	return steps
}

func TestMigrateForward(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		ctx := context.Background()
		seed(t, db, "ACME")
		steps := stepsAnd(t, "CREATE TABLE later (n {{int}} NOT NULL) {{strict}};\nINSERT INTO later VALUES (7);",
			"-- +sqlite\nINSERT INTO later VALUES (1);\n-- +postgres\nINSERT INTO later VALUES (2);\n-- +both\nINSERT INTO later VALUES (3);")
		from, to, err := db.migrate(ctx, steps)
		if err != nil || to != from+2 {
			t.Fatalf("%d to %d, %v", from, to, err)
		}
		var sum int
		view(t, db, func(tx *Tx) error {
			_, err := tx.find([]any{&sum}, `SELECT SUM(n) FROM later`)
			return err
		})
		if want := map[engine]int{sqliteEngine: 11, postgresEngine: 12}[db.engine]; sum != want {
			t.Errorf("sum %d, want %d", sum, want)
		}
		if db.engine == sqliteEngine {
			copied := openCopy(t, fmt.Sprintf("%s.before-%d", db.sqlite.path, from+1))
			var n int
			if err := copied.QueryRow(`SELECT COUNT(*) FROM projects`).Scan(&n); err != nil || n != 1 {
				t.Errorf("the copy from before has %d projects, %v", n, err)
			}
		}
		if p := project(t, db, "ACME"); p.Name == "" {
			t.Error("the project is gone")
		}
	})
}

func openCopy(t *testing.T, path string) *sql.DB {
	t.Helper()
	pool, err := sql.Open("sqlite", sqliteReadOnly(path))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pool.Close() })
	return pool
}

// A step that fails leaves nothing behind, and the database goes on as it was.
func TestMigrateFails(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		ctx := context.Background()
		_, to, err := db.migrate(ctx, stepsAnd(t, "CREATE TABLE half (n {{int}}) {{strict}};\nINSERT INTO nowhere VALUES (1);"))
		if err == nil || !strings.Contains(err.Error(), "migration test") {
			t.Fatalf("to %d, %v", to, err)
		}
		_, _, err = db.migrate(ctx, stepsAnd(t, "CREATE TABLE half (n {{int}}) {{strict}};"))
		if err != nil {
			t.Errorf("the mended step: %v", err)
		}
	})
}

func TestSchemaOfAnotherVersion(t *testing.T) {
	for _, e := range []engine{sqliteEngine, postgresEngine} {
		t.Run(string(e), func(t *testing.T) {
			ctx, c, url := context.Background(), newClock(), urlOn(t, e)
			_, err := Open(ctx, url, Options{Now: c.now})
			if err == nil || !strings.Contains(err.Error(), "its schema is version 0, this program needs "+strconv.Itoa(len(released))+" (run: timonel migrate)") {
				t.Errorf("an empty database: %v", err)
			}
			db := openURL(t, url, c)
			if _, _, err := db.migrate(ctx, stepsAnd(t, "CREATE TABLE later (n {{int}}) {{strict}};")); err != nil {
				t.Fatal(err)
			}
			for _, migrate := range []bool{false, true} {
				_, err = Open(ctx, url, Options{Now: c.now, Migrate: migrate})
				if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("a newer Timonel wrote it: its schema is version %d, this program knows %d (install the newer version, or restore a backup from before)", len(released)+1, len(released))) {
					t.Errorf("a newer database, migrate %v: %v", migrate, err)
				}
			}
		})
	}
}

// Several processes that start on an empty database at once: the schema is made once, and all of them work. Who is in whose
// way is chance, so it is tried often where a database costs little.
func TestMigrateTogether(t *testing.T) {
	for e, rounds := range map[engine]int{sqliteEngine: 20, postgresEngine: 2} {
		t.Run(string(e), func(t *testing.T) {
			for range rounds {
				startTogether(t, urlOn(t, e))
			}
		})
	}
}

// A restored backup has no write-ahead log yet, nor has an empty file.
func TestStartTogetherWithoutALog(t *testing.T) {
	for range 10 {
		file := filepath.Join(t.TempDir(), "copy.db")
		db := openOn(t, sqliteEngine, newClock())
		seed(t, db, "ACME")
		if err := db.Backup(t.Context(), file); err != nil {
			t.Fatal(err)
		}
		startTogether(t, file)
	}
}

func startTogether(t *testing.T, url string) {
	t.Helper()
	var starts sync.WaitGroup
	for range 4 {
		starts.Go(func() {
			db, err := Open(context.Background(), url, Options{Now: newClock().now, Migrate: true})
			if err != nil {
				t.Error(err)
				return
			}
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	starts.Wait()
}

func TestMigrationNumbers(t *testing.T) {
	for name, files := range map[string]fstest.MapFS{
		"a gap":     {"m/0001_a.sql": {}, "m/0003_b.sql": {}},
		"no number": {"m/first.sql": {}},
	} {
		if _, err := readMigrations(files, "m"); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
