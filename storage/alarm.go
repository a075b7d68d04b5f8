package storage

import (
	"context"
)

// Keys in the table of what is known of the database itself.
const (
	metaBeat  = "beat"
	metaAlarm = "alarm:"
)

// Beat writes something to the disk: an error says that nothing can be stored, and why.
func (db *DB) Beat(ctx context.Context) error {
	err := db.Update(ctx, func(tx *Tx) error {
		_, err := tx.exec(`INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
			metaBeat, stamp(tx.now))
		return err
	})
	return wrap("write", err)
}

// RaiseAlarm notes that something is wrong; fresh is false if that was noted before, by whichever instance.
func (tx *Tx) RaiseAlarm(name string) (fresh bool, err error) {
	n, err := tx.exec(`INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT DO NOTHING`, metaAlarm+clean(name), stamp(tx.now))
	return n > 0, wrap("note the alarm "+name, err)
}

// EndAlarm notes that something is well again; was is false if no alarm was raised, or another instance ended it.
func (tx *Tx) EndAlarm(name string) (was bool, err error) {
	n, err := tx.exec(`DELETE FROM meta WHERE key = $1`, metaAlarm+clean(name))
	return n > 0, wrap("end the alarm "+name, err)
}

// Alarms lists what is wrong, by name.
func (tx *Tx) Alarms() ([]string, error) {
	list, err := tx.texts(`SELECT substr(key, 7) FROM meta WHERE substr(key, 1, 6) = $1 ORDER BY key`, metaAlarm)
	return list, wrap("list the alarms", err)
}
