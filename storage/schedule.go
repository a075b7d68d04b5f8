package storage

import (
	"fmt"
	"time"
)

// Schedule returns when the scheduler has to look at a project again, zero for never, and from when on something is owed
// that could not go out yet. With owed zero everything before next is settled: it was given, or the project was not yet so
// that it would have been owed. A save brings next forward to its own moment, never back behind one that has come.
func (tx *Tx) Schedule(key string) (next, owed time.Time, err error) {
	var nextAt, owedAt string
	found, err := tx.find([]any{&nextAt, &owedAt}, `SELECT next_at, owed_at FROM projects WHERE key = $1`, key)
	if err == nil && !found {
		err = ErrNotFound
	}
	if err == nil {
		next, err = unstamp(nextAt)
	}
	if err == nil {
		owed, err = unstamp(owedAt)
	}
	return next, owed, wrap(fmt.Sprintf("read when project %s is due", key), err)
}

// SetSchedule sets both moments of a project; the zero moment means never and nothing.
func (tx *Tx) SetSchedule(key string, next, owed time.Time) error {
	n, err := tx.exec(`UPDATE projects SET next_at = $2, owed_at = $3 WHERE key = $1`, key, stamp(next), stamp(owed))
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	return wrap("set when project "+key+" is due", err)
}
