package storage

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"timonel/steering"
)

func asJSON(t testing.TB, v any) string {
	t.Helper()
	s, err := encode(v)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestProject(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		seed(t, db, "ACME")
		want := sample("ACME")
		want.Sent = nil
		want.Normalize()
		if got := asJSON(t, project(t, db, "ACME")); got != asJSON(t, want) {
			t.Errorf("loaded\n%s\nwant\n%s", got, asJSON(t, want))
		}
		db.projects = newProjectCache()
		if got := asJSON(t, project(t, db, "ACME")); got != asJSON(t, want) {
			t.Errorf("loaded without the cache\n%s\nwant\n%s", got, asJSON(t, want))
		}
		err := db.Update(context.Background(), func(tx *Tx) error { return tx.CreateProject(sample("ACME"), ana) })
		if refusal(err) != "refused.project_exists" {
			t.Errorf("a second ACME: %v", err)
		}
		err = db.View(context.Background(), func(tx *Tx) error { _, err := tx.Project("NONE"); return err })
		if !errors.Is(err, ErrNotFound) {
			t.Errorf("no such project: %v", err)
		}
		strange := sample("NEXT")
		strange.Members = append(strange.Members, steering.Member{Person: "nobody"})
		err = db.Update(context.Background(), func(tx *Tx) error { return tx.CreateProject(strange, ana) })
		if !errors.Is(err, ErrNotFound) {
			t.Errorf("a member nobody knows: %v", err)
		}
	})
}

func TestProjectLookups(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		seed(t, db, "ACME")
		update(t, db, func(tx *Tx) error {
			p := sample("BETA")
			p.Chats, p.Members = p.Chats[:1], p.Members[:1]
			return tx.CreateProject(p, ana)
		})
		view(t, db, func(tx *Tx) error {
			for _, look := range []struct {
				name string
				find func() ([]string, error)
				want []string
			}{
				{"keys", tx.ProjectKeys, []string{"ACME", "BETA"}},
				{"shared chat", func() ([]string, error) { return tx.ProjectsByChat("slack", "C1") }, []string{"ACME", "BETA"}},
				{"one chat", func() ([]string, error) { return tx.ProjectsByChat("whatsapp", "g1") }, []string{"ACME"}},
				{"no chat", func() ([]string, error) { return tx.ProjectsByChat("slack", "g1") }, nil},
				{"ana's", func() ([]string, error) { return tx.ProjectsOf("ana") }, []string{"ACME", "BETA"}},
				{"bruno's", func() ([]string, error) { return tx.ProjectsOf("bruno") }, []string{"ACME"}},
			} {
				if got, err := look.find(); err != nil || !slices.Equal(got, look.want) {
					t.Errorf("%s: %v, %v; want %v", look.name, got, err, look.want)
				}
			}
			due, err := tx.DueMilestones(day("2026-03-20"), 3)
			want := []DueMilestone{
				{"ACME", "1", day("2026-03-13"), "bruno", steering.SideClient}, {"BETA", "1", day("2026-03-13"), "bruno", steering.SideClient},
				{"ACME", "2", day("2026-03-20"), "ana", steering.SideVendor},
			}
			if err != nil || !slices.Equal(due, want) {
				t.Errorf("due milestones: %v, %v; want %v", due, err, want)
			}
			return nil
		})
		change(t, db, "ACME", ana, func(p *steering.Project) { p.Chats, p.Members = p.Chats[1:], p.Members[:1] })
		view(t, db, func(tx *Tx) error {
			chats, err := tx.ProjectsByChat("slack", "C1")
			people, err2 := tx.ProjectsOf("bruno")
			if err != nil || err2 != nil || !slices.Equal(chats, []string{"BETA"}) || people != nil {
				t.Errorf("after leaving: %v %v %v %v", chats, people, err, err2)
			}
			return nil
		})
	})
}

func TestNextMoments(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		for _, key := range []string{"AA", "BB", "CC"} {
			seed(t, db, key)
		}
		update(t, db, func(tx *Tx) error {
			return errors.Join(tx.SetNextAt("AA", c.at.Add(time.Hour)), tx.SetNextAt("BB", c.at.Add(time.Minute)), tx.SetNextAt("CC", time.Time{}))
		})
		view(t, db, func(tx *Tx) error {
			if next, err := tx.NextProjectAt(); err != nil || !next.Equal(c.at.Add(time.Minute)) {
				t.Errorf("next %v, %v", next, err)
			}
			if keys, err := tx.DueProjects(c.at, 9); err != nil || keys != nil {
				t.Errorf("due now: %v, %v", keys, err)
			}
			if keys, err := tx.DueProjects(c.at.Add(time.Hour), 9); err != nil || !slices.Equal(keys, []string{"BB", "AA"}) {
				t.Errorf("due in an hour: %v, %v", keys, err)
			}
			return nil
		})
		change(t, db, "CC", ana, func(p *steering.Project) { p.Name = "another" })
		view(t, db, func(tx *Tx) error {
			if keys, err := tx.DueProjects(c.at, 9); err != nil || !slices.Equal(keys, []string{"CC"}) {
				t.Errorf("due after a save: %v, %v", keys, err)
			}
			return nil
		})
		err := db.Update(context.Background(), func(tx *Tx) error { return tx.SetNextAt("NONE", c.at) })
		if !errors.Is(err, ErrNotFound) {
			t.Errorf("no such project: %v", err)
		}
	})
}

func TestOpenMemory(t *testing.T) {
	db := openURL(t, ":memory:", newClock())
	seed(t, db, "ACME")
	if p := project(t, db, "ACME"); p.Name == "" {
		t.Error("nothing there")
	}
}

// What was due before a change and not looked at stays due since then; what is held back stays so.
func TestSchedule(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		seed(t, db, "ACME")
		schedule := func() (next, owed time.Time) {
			view(t, db, func(tx *Tx) (err error) {
				next, owed, err = tx.Schedule("ACME")
				return err
			})
			return next, owed
		}
		if next, owed := schedule(); !next.Equal(c.at) || !owed.IsZero() {
			t.Errorf("new: %v, %v", next, owed)
		}
		due, held := c.at.Add(time.Hour), c.at.Add(-time.Hour)
		update(t, db, func(tx *Tx) error { return tx.SetSchedule("ACME", due, held) })
		for i, want := range []time.Time{c.at.Add(30 * time.Minute), c.at.Add(30 * time.Minute)} {
			c.at = c.at.Add(30 * time.Minute)
			change(t, db, "ACME", ana, func(p *steering.Project) { p.Name += "!" })
			if next, owed := schedule(); !next.Equal(want) || !owed.Equal(held) {
				t.Errorf("after change %d at %v: %v, %v", i+1, c.at, next, owed)
			}
		}
		update(t, db, func(tx *Tx) error { return tx.SetSchedule("ACME", time.Time{}, time.Time{}) })
		if next, owed := schedule(); !next.IsZero() || !owed.IsZero() {
			t.Errorf("never: %v, %v", next, owed)
		}
		change(t, db, "ACME", ana, func(p *steering.Project) { p.Name += "!" })
		if next, _ := schedule(); !next.Equal(c.at) {
			t.Errorf("a change of what never was due: %v, want %v", next, c.at)
		}
		err := db.View(context.Background(), func(tx *Tx) error { _, _, err := tx.Schedule("NONE"); return err })
		if !errors.Is(err, ErrNotFound) {
			t.Errorf("no such project: %v", err)
		}
	})
}
