package storage

import (
	"context"
	"slices"
	"testing"
	"time"

	"timonel/bot"
)

// One holder at a time, by the database's clock: a lease is held for longer, given back, or lost with its time.
func TestLease(t *testing.T) {
	onEngines(t, func(t *testing.T, e engine) {
		ctx, url, c := context.Background(), urlOn(t, e), newClock()
		one, err := Open(ctx, url, Options{Now: c.now, Migrate: true})
		if err != nil {
			t.Fatal(err)
		}
		defer one.Close()
		two := openURL(t, url, c)
		take := func(db *DB, life time.Duration, want bool) {
			t.Helper()
			if held, err := db.TakeLease(ctx, "the session", life); err != nil || held != want {
				t.Errorf("%s: held %v, %v, want %v", db.Instance(), held, err, want)
			}
		}
		take(one, time.Hour, true)
		take(two, time.Hour, false)
		take(one, time.Hour, true)
		if err := two.DropLease(ctx, "the session"); err != nil { // it is not its own to drop
			t.Fatal(err)
		}
		take(two, time.Hour, false)
		if err := one.DropLease(ctx, "the session"); err != nil {
			t.Fatal(err)
		}
		take(two, 0, true)
		names, err := one.ExpiredLeases(ctx, "the ")
		if err != nil || !slices.Equal(names, []string{"the session"}) {
			t.Errorf("expired: %v, %v", names, err)
		}
		if names, err = one.ExpiredLeases(ctx, "another "); err != nil || len(names) > 0 {
			t.Errorf("expired: %v, %v", names, err)
		}
		take(one, time.Hour, true)
		take(two, time.Hour, false)
	})
}

// What an instance that is gone was sending is in doubt at once; what others send is theirs.
func TestAbandon(t *testing.T) {
	onEngines(t, func(t *testing.T, e engine) {
		ctx, url, c := context.Background(), urlOn(t, e), newClock()
		one, err := Open(ctx, url, Options{Now: c.now, Migrate: true})
		if err != nil {
			t.Fatal(err)
		}
		defer one.Close()
		two := openURL(t, url, c)
		for _, room := range []bot.RoomID{"a", "b"} {
			update(t, one, func(tx *Tx) error {
				_, err := tx.Enqueue(bot.Outgoing{Platform: bot.Slack, Room: room, Text: string(room)})
				return err
			})
		}
		gone, err := one.ClaimOutgoing(ctx, bot.Slack, 1, time.Hour)
		if err != nil || len(gone) != 1 || gone[0].Text != "a" {
			t.Fatalf("claimed %v, %v", gone, err)
		}
		if held, err := two.ClaimOutgoing(ctx, bot.Slack, 1, time.Hour); err != nil || len(held) != 1 || held[0].Text != "b" {
			t.Fatalf("claimed %v, %v", held, err)
		}
		if n, err := two.Abandon(ctx, one.Instance()); err != nil || n != 1 {
			t.Errorf("%d claims ended, %v", n, err)
		}
		doubtful, err := two.InDoubt(ctx, bot.Slack, 10, time.Hour)
		if err != nil || len(doubtful) != 1 || doubtful[0].Text != "a" {
			t.Errorf("in doubt: %v, %v", doubtful, err)
		}
	})
}
