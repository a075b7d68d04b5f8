package storage

import (
	"context"
	"testing"
	"time"

	"timonel/bot"
)

// A clock that was a day ahead leaves messages set back, and claimed, until tomorrow; when it is right again they go today.
func TestClockBack(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		right := c.at
		for _, room := range []bot.RoomID{"retried", "claimed", "fine"} {
			update(t, db, func(tx *Tx) error {
				_, err := tx.Enqueue(bot.Outgoing{Platform: bot.Slack, Room: room, At: right})
				return err
			})
		}
		ctx := context.Background()
		c.at = right.Add(24 * time.Hour)
		list, err := db.ClaimOutgoing(ctx, bot.Slack, 2, 3*time.Minute)
		if err != nil || len(list) != 2 {
			t.Fatalf("%v, %v", list, err)
		}
		if err := db.MarkRetry(ctx, list[0].ID, c.at.Add(time.Minute), "no"); err != nil {
			t.Fatal(err)
		}
		c.at = right.Add(time.Minute)
		if list, err := db.ClaimOutgoing(ctx, bot.Slack, 9, 3*time.Minute); err != nil || len(list) != 1 || list[0].Room != "fine" {
			t.Fatalf("before: %v, %v", list, err)
		}
		if n, err := db.ClockBack(ctx); err != nil || n != 2 {
			t.Fatalf("set right: %d, %v", n, err)
		}
		if list, err := db.ClaimOutgoing(ctx, bot.Slack, 9, 3*time.Minute); err != nil || len(list) != 1 || list[0].Room != "retried" {
			t.Errorf("to be tried: %v, %v", list, err)
		}
		if list, err := db.InDoubt(ctx, bot.Slack, 9, 3*time.Minute); err != nil || len(list) != 1 || list[0].Room != "claimed" {
			t.Errorf("in doubt: %v, %v", list, err)
		}
		if n, err := db.ClockBack(ctx); err != nil || n != 0 {
			t.Errorf("what is claimed rightly was touched: %d, %v", n, err)
		}
	})
}
