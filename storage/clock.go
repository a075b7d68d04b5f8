package storage

import (
	"context"
	"time"
)

// longestLease is longer than any claim of a courier's: one that ends later was made by a clock that was wrong.
const longestLease = 15 * time.Minute

// ClockBack sets right what a clock wrote that was ahead and has been set back: messages that were set back to a moment
// that is far away now are tried again at once (a platform that still wants quiet says so again), and what was being sent is
// in doubt now. It returns how many messages it touched.
func (db *DB) ClockBack(ctx context.Context) (n int64, err error) {
	err = db.Update(ctx, func(tx *Tx) error {
		retried, err := tx.exec(`UPDATE outbox SET retry_at = $1 WHERE live = 1 AND state = 'retry' AND retry_at > $1`, stamp(tx.now))
		if err != nil {
			return err
		}
		doubted, err := tx.exec(`UPDATE outbox SET lease_until = $1 WHERE live = 1 AND state = 'sending' AND lease_until > $2`,
			stamp(tx.now), stamp(tx.now.Add(longestLease)))
		n = retried + doubted
		tx.queued = n > 0
		return err
	})
	return n, wrap("set right what a wrong clock wrote", err)
}
