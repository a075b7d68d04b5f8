package storage

import (
	"context"

	"timonel/bot"
)

// Warm loads the projects of a chat, so that an update that begins soon finds them ready: SQLite has one writer, and whoever
// loads while writing lets all others wait. It only saves time: what it cannot read the update reads for itself.
func (db *DB) Warm(ctx context.Context, platform bot.Platform, chat bot.RoomID) {
	if db.engine == postgresEngine {
		return // writers do not wait for each other there
	}
	_ = db.View(ctx, func(tx *Tx) error {
		keys, err := tx.ProjectsByChat(platform, chat)
		for i := 0; err == nil && i < len(keys); i++ {
			_, err = tx.snapshot(keys[i])
		}
		return err
	})
}
