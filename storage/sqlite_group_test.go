package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"timonel/steering"
)

// inLine runs updates that all stand in line before the first of them begins, and returns their errors.
func inLine(t *testing.T, db *DB, updates ...func(tx *Tx) error) []error {
	t.Helper()
	held := <-db.sqlite.writer
	errs := make([]error, len(updates))
	var all sync.WaitGroup
	for i, f := range updates {
		all.Go(func() { errs[i] = db.Update(context.Background(), f) })
		for int(db.sqlite.waiting.Load()) <= i {
			runtime.Gosched()
		}
	}
	db.sqlite.writer <- held
	all.Wait()
	return errs
}

func put(key, value string) func(tx *Tx) error {
	return func(tx *Tx) error {
		_, err := tx.exec(`INSERT INTO meta (key, value) VALUES ($1, $2)`, key, value)
		return err
	}
}

func metaKeys(t *testing.T, db *DB) (keys []string) {
	t.Helper()
	view(t, db, func(tx *Tx) (err error) {
		keys, err = tx.texts(`SELECT key FROM meta ORDER BY key`)
		return err
	})
	return keys
}

// Updates that wait together are committed together; one that fails takes nothing along.
func TestGroupCommit(t *testing.T) {
	db := openOn(t, sqliteEngine, newClock())
	wrong := errors.New("wrong")
	var updates []func(tx *Tx) error
	var want []string
	groups := map[*group]bool{}
	for i := range mostTogether + 5 {
		key := fmt.Sprintf("%03d", i)
		updates = append(updates, func(tx *Tx) error {
			groups[tx.session.(*groupMember).conn.group] = true
			if err := put(key, "")(tx); err != nil || i != 7 {
				return err
			}
			return wrong
		})
		if i != 7 {
			want = append(want, key)
		}
	}
	for i, err := range inLine(t, db, updates...) {
		if i == 7 && !errors.Is(err, wrong) || i != 7 && err != nil {
			t.Errorf("update %d: %v", i, err)
		}
	}
	if got := metaKeys(t, db); !slices.Equal(got, want) {
		t.Errorf("there are %q, want %q", got, want)
	}
	if len(groups) != 2 {
		t.Errorf("%d commits for %d updates, want 2", len(groups), len(updates))
	}
}

// Updates of one project in a group see each other, and nobody else sees them before the commit.
func TestGroupSeesItsProject(t *testing.T) {
	db := openOn(t, sqliteEngine, newClock())
	seed(t, db, "ACME")
	var seen []int // in the order in which they ran
	failed := 0
	one := func(tx *Tx) error {
		p, err := tx.Project("ACME")
		if err != nil {
			return err
		}
		seen = append(seen, p.Milestones[1].Progress)
		if outside := project(t, db, "ACME").Milestones[1].Progress; outside != 40 {
			t.Errorf("update %d: others see %d", len(seen), outside)
		}
		p.Milestones[1].Progress++
		if _, err := tx.Save(p, ana); err != nil || len(seen) != 4 {
			return err
		}
		return errRollback
	}
	for _, err := range inLine(t, db, one, one, one, one, one, one) {
		if errors.Is(err, errRollback) {
			failed++
		} else if err != nil {
			t.Error(err)
		}
	}
	if want := []int{40, 41, 42, 43, 43, 44}; failed != 1 || !slices.Equal(seen, want) {
		t.Errorf("they saw %v, want %v; %d failed", seen, want, failed)
	}
	if p := project(t, db, "ACME"); p.Milestones[1].Progress != 45 {
		t.Errorf("afterwards %d", p.Milestones[1].Progress)
	}
	db.projects = newProjectCache()
	if p := project(t, db, "ACME"); p.Milestones[1].Progress != 45 {
		t.Errorf("stored %d", p.Milestones[1].Progress)
	}
}

// A commit that cannot be made fails for every member, and nothing of theirs is there.
func TestGroupCommitFails(t *testing.T) {
	db := openOn(t, sqliteEngine, newClock())
	seed(t, db, "ACME")
	save := func(tx *Tx) error {
		p, err := tx.Project("ACME")
		if err != nil {
			return err
		}
		p.Name += "!"
		_, err = tx.Save(p, ana)
		return err
	}
	orphan := func(tx *Tx) error { // found out at the commit only
		_, err := tx.exec(`INSERT INTO members (project, person, side, roles) VALUES ('ACME', 'nobody', '', '')`)
		return err
	}
	for i, err := range inLine(t, db, put("a", ""), save, orphan) {
		if err == nil || !strings.Contains(err.Error(), "commit: ") {
			t.Errorf("update %d: %v", i, err)
		}
	}
	if got := metaKeys(t, db); got != nil {
		t.Errorf("left %q", got)
	}
	before := project(t, db, "ACME").Name
	change(t, db, "ACME", ana, func(p *steering.Project) { p.Name += "?" })
	if got := project(t, db, "ACME").Name; got != before+"?" || strings.Contains(got, "!") {
		t.Errorf("name %q", got)
	}
}

// A full disk ends the one update, and takes along, with an error, what SQLite took back with it.
func TestGroupOnAFullDisk(t *testing.T) {
	db := openOn(t, sqliteEngine, newClock())
	var pages int
	update(t, db, func(tx *Tx) error {
		_, err := tx.find([]any{&pages}, `PRAGMA page_count`)
		return err
	})
	update(t, db, func(tx *Tx) error {
		return tx.query(func(*sql.Rows) error { return nil }, fmt.Sprintf(`PRAGMA max_page_count = %d`, pages+20))
	})
	errs := inLine(t, db, put("a", "small"), put("b", strings.Repeat("x", 4096*50)), put("c", "small"))
	if errs[1] == nil || !strings.Contains(errs[1].Error(), "free some space") {
		t.Errorf("the large one: %v", errs[1])
	}
	var want []string
	for i, key := range []string{"a", "b", "c"} {
		if errs[i] == nil {
			want = append(want, key)
		}
	}
	if got := metaKeys(t, db); !slices.Equal(got, want) {
		t.Errorf("there are %q, acknowledged %q", got, want)
	}
	update(t, db, put("d", "afterwards"))
}

// Whoever leaves the line leaves no group open behind.
func TestGroupWaiterLeaves(t *testing.T) {
	db := openOn(t, sqliteEngine, newClock())
	for i := range 200 {
		ctx, cancel := context.WithCancel(context.Background())
		var all sync.WaitGroup
		for n := range 4 {
			all.Go(func() {
				if err := db.Update(context.Background(), put(fmt.Sprintf("%d-%d", i, n), "")); err != nil {
					t.Error(err)
				}
			})
		}
		for range 4 {
			all.Go(func() {
				err := db.Update(ctx, func(*Tx) error { return nil })
				if err != nil && !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
			})
		}
		cancel()
		all.Wait() // it hangs if a group is left open
	}
	if got := len(metaKeys(t, db)); got != 800 {
		t.Errorf("%d are there, want 800", got)
	}
}
