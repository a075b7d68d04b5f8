package storage

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"timonel/bot"
)

// What stands before a message is found in its lane, also by a server that has not counted what was just stored: else each
// look reads everything that waits, thousands of digests for instance.
func TestWhatStandsBeforeIsFoundInTheLane(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		update(t, db, func(tx *Tx) error {
			for i := range 2000 {
				if _, err := tx.Enqueue(bot.Outgoing{Platform: bot.Slack, Room: bot.RoomID(fmt.Sprint("C", i)), Kind: bot.KindDigest, Text: "x"}); err != nil {
					return err
				}
			}
			return nil
		})
		explain := map[engine]string{sqliteEngine: "EXPLAIN QUERY PLAN ", postgresEngine: "EXPLAIN "}[db.engine]
		var plan []string
		view(t, db, func(tx *Tx) error {
			return tx.query(func(rows *sql.Rows) error {
				columns, err := rows.Columns()
				if err != nil {
					return err
				}
				into := make([]any, len(columns))
				for i := range into {
					into[i] = new(string)
				}
				err = rows.Scan(into...)
				plan = append(plan, *into[len(into)-1].(*string))
				return err
			}, explain+`SELECT o.id FROM outbox o WHERE o.live = 1 AND o.platform = 'slack' AND NOT EXISTS (SELECT 1 FROM outbox e WHERE `+before+`)
				ORDER BY `+turn+`, o.id LIMIT 16`)
		})
		if text := strings.Join(plan, "\n"); strings.Count(text, "outbox_live") != 1 {
			t.Errorf("it is looked for otherwise:\n%s", text)
		}
	})
}
