package storage

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"timonel/steering"
)

// What is loaded together is what is loaded one by one.
func TestPreload(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		seed(t, db, "ACME")
		update(t, db, func(tx *Tx) error {
			return errors.Join(tx.CreateProject(large("BETA"), ana), tx.CreateProject(sample("GAMA"), ana))
		})
		change(t, db, "GAMA", bruno, func(p *steering.Project) { // positions and keys in another order
			p.Milestones[0], p.Milestones[2] = p.Milestones[2], p.Milestones[0]
		})
		keys := []string{"GAMA", "NONE", "ACME", "BETA"}
		var alone, together []*steering.Project
		for _, key := range keys {
			if key != "NONE" {
				db.projects = newProjectCache()
				alone = append(alone, project(t, db, key))
			}
		}
		db.projects = newProjectCache()
		view(t, db, func(tx *Tx) error {
			if err := tx.Preload(keys); err != nil {
				return err
			}
			if len(tx.stored) != 3 {
				t.Errorf("%d projects are loaded", len(tx.stored))
			}
			for _, key := range keys {
				p, err := tx.Project(key)
				if key == "NONE" && errors.Is(err, ErrNotFound) {
					continue
				}
				if err != nil {
					return err
				}
				together = append(together, p)
			}
			return nil
		})
		if !reflect.DeepEqual(alone, together) {
			t.Errorf("they differ: %+v, %+v", alone, together)
		}
	})
}

// As many as fit no one statement.
func TestManyTogether(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		seed(t, db, "P0")
		const many = 75 // 64, 8 and three by themselves
		var keys []string
		schedules := map[string]Schedule{}
		for i := range many {
			key := fmt.Sprint("P", i)
			keys = append(keys, key)
			schedules[key] = Schedule{Next: c.at.Add(time.Duration(i) * time.Minute), Owed: c.at.Add(-time.Duration(i) * time.Minute)}
			if i > 0 {
				update(t, db, func(tx *Tx) error { return tx.CreateProject(&steering.Project{Key: key, Name: key}, ana) })
			}
		}
		at := c.at.Add(-time.Hour)
		update(t, db, func(tx *Tx) error {
			var given []Given
			for _, key := range keys {
				notice := steering.Sent{Kind: "digest", About: key, At: at}
				given = append(given, Given{key, notice}, Given{key, notice})
			}
			again := Given{"P0", steering.Sent{Kind: "reminder", Object: "1", About: "2026-03-13", At: at.Add(time.Minute)}} // it has this one
			return errors.Join(tx.SetSchedules(schedules), tx.MarkAllSent(append(given, again)), tx.MarkAllSent(nil))
		})
		view(t, db, func(tx *Tx) error {
			got, err := tx.Schedules(append(keys, "NONE"))
			if err != nil || !reflect.DeepEqual(got, schedules) {
				t.Errorf("the schedules: %v, %v", got, err)
			}
			all, err := tx.SentOf(keys)
			if err != nil {
				return err
			}
			for _, key := range keys {
				list, err := tx.Sent(key)
				if err != nil {
					return err
				}
				want := 1
				if key == "P0" {
					want = 2 // and what it was made with, once and as it was
				}
				if len(list) != want || len(all[key]) != want || !list[len(list)-1].At.Equal(at) && key != "P0" {
					t.Errorf("%s: %v alone, %v together", key, list, all[key])
				}
			}
			return nil
		})
		err := db.Update(context.Background(), func(tx *Tx) error { return tx.SetSchedules(map[string]Schedule{"NONE": {}, "P1": {}}) })
		if !errors.Is(err, ErrNotFound) {
			t.Errorf("a schedule of nothing: %v", err)
		}
	})
}
