package storage

import (
	"context"
	"slices"
	"testing"
	"time"

	"timonel/bot"
)

func TestAges(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		began := c.now()
		if ages, err := db.Ages(context.Background()); err != nil || len(ages) != 0 {
			t.Fatalf("of an empty database: %v, %v", ages, err)
		}
		for i, id := range []bot.MessageID{"1", "2"} {
			if _, err := db.Receive(context.Background(), bot.Incoming{Platform: bot.Slack, ID: id, Room: "C1", Text: "hola"}); err != nil {
				t.Fatal(err)
			}
			c.at = c.at.Add(time.Duration(i+1) * time.Minute)
		}
		update(t, db, func(tx *Tx) error {
			for _, at := range []time.Time{c.now().Add(-time.Hour), c.now().Add(time.Hour)} {
				if _, err := tx.Enqueue(bot.Outgoing{Platform: bot.WhatsApp, Room: "g1", At: at}); err != nil {
					return err
				}
			}
			return nil
		})
		ages, err := db.Ages(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if got := ages[bot.Slack]; got.Incoming != 2 || !got.OldestIncoming.Equal(began) || got.Outgoing != 0 {
			t.Errorf("Slack: %+v, want two since %v", got, began)
		}
		if got := ages[bot.WhatsApp]; got.Outgoing != 1 || !got.OldestOutgoing.Equal(c.now().Add(-time.Hour)) || got.Incoming != 0 {
			t.Errorf("WhatsApp: %+v, want the one that could have gone an hour ago", got)
		}
		if n, err := db.Bytes(context.Background()); err != nil || n < 10_000 {
			t.Errorf("%d bytes, %v", n, err)
		}
	})
}

func TestOverdue(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		seed(t, db, "ACME")
		due := c.now().Add(time.Hour)
		update(t, db, func(tx *Tx) error { return tx.SetSchedule("ACME", due, time.Time{}) })
		if since, err := db.Overdue(context.Background()); err != nil || !since.IsZero() {
			t.Errorf("an hour before: %v, %v", since, err)
		}
		c.at = c.at.Add(2 * time.Hour)
		if since, err := db.Overdue(context.Background()); err != nil || !since.Equal(due) {
			t.Errorf("an hour after: %v, %v, want %v", since, err, due)
		}
	})
}

func TestAlarmsAreRaisedOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		if err := db.Beat(context.Background()); err != nil {
			t.Fatal(err)
		}
		for _, step := range []struct {
			raise bool
			want  bool
			left  []string
		}{{true, true, []string{"out:slack"}}, {true, false, []string{"out:slack"}}, {false, true, nil}, {false, false, nil}, {true, true, []string{"out:slack"}}} {
			update(t, db, func(tx *Tx) error {
				do := tx.EndAlarm
				if step.raise {
					do = tx.RaiseAlarm
				}
				got, err := do("out:slack")
				if err == nil && got != step.want {
					t.Errorf("raise %v: %v, want %v", step.raise, got, step.want)
				}
				if list, err := tx.Alarms(); err != nil || !slices.Equal(list, step.left) {
					t.Errorf("then %v are raised, %v; want %v", list, err, step.left)
				}
				return err
			})
		}
	})
}
