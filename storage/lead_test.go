package storage

import (
	"testing"

	"timonel/bot"
)

func TestWhoLeads(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		check := func(want map[bot.Platform]bool, ana bool) {
			t.Helper()
			view(t, db, func(tx *Tx) error {
				if got, err := tx.Leads("ana"); err != nil || got != ana {
					t.Errorf("Ana leads: %v, %v; want %v", got, err, ana)
				}
				if got, err := tx.Leads("bruno"); err != nil || got {
					t.Errorf("Bruno leads: %v, %v", got, err)
				}
				for _, p := range []bot.Platform{bot.Slack, bot.WhatsApp, bot.Web} {
					if got, err := tx.LedOn(p); err != nil || got != want[p] {
						t.Errorf("on %s: %v, %v; want %v", p, got, err, want[p])
					}
				}
				return nil
			})
		}
		check(nil, false)
		seed(t, db, "ACME")
		check(map[bot.Platform]bool{bot.Slack: true, bot.WhatsApp: true}, true)
	})
}
