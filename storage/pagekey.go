package storage

import (
	"context"
	"encoding/hex"
	"fmt"
)

// metaPageKey is under which the key of the signed links is kept.
const metaPageKey = "page_key"

// PageKey returns the key with which links to pages are signed; all who share the database have the same. The first call
// keeps the one that is offered. A backup holds it, an export does not.
func (db *DB) PageKey(ctx context.Context, offer []byte) (key []byte, err error) {
	var text string
	err = db.Update(ctx, func(tx *Tx) error {
		if _, err := tx.exec(`INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT DO NOTHING`, metaPageKey, hex.EncodeToString(offer)); err != nil {
			return err
		}
		_, err := tx.find([]any{&text}, `SELECT value FROM meta WHERE key = $1`, metaPageKey)
		return err
	})
	if err == nil {
		key, err = hex.DecodeString(text)
	}
	if err == nil && len(key) < 32 {
		err = fmt.Errorf("it has %d bytes", len(key))
	}
	return key, wrap("read the key of the links", err)
}

// DropPageKey makes every link that was given out worthless.
func (db *DB) DropPageKey(ctx context.Context) error {
	err := db.Update(ctx, func(tx *Tx) error {
		_, err := tx.exec(`DELETE FROM meta WHERE key = $1`, metaPageKey)
		return err
	})
	return wrap("drop the key of the links", err)
}
