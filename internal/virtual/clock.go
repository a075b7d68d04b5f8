package virtual

import (
	"context"
	"fmt"
	"slices"
	"time"

	"timonel/storage"
)

// defaultStart is where a clock begins that nobody set.
var defaultStart = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// stuckAfter is how many times the same moment may claim that something is due before the clock counts as stuck.
const stuckAfter = 100

// Advance moves the clock on. Everything that falls due on the way happens in order, each at its own moment; while the bot
// is down nothing does. The first setting of a clock that nothing used yet is no way but a start.
func (w *World) Advance(ctx context.Context, to time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.started {
		return w.start(ctx, to)
	}
	if to.Before(w.Now()) {
		return mistake("times only go up", "the clock cannot go back")
	}
	if w.down {
		w.setClock(to)
		return nil
	}
	return w.pass(ctx, to)
}

// pass goes from one moment at which something is due to the next.
func (w *World) pass(ctx context.Context, to time.Time) error {
	stuck := 0
	for {
		next, err := w.next(ctx)
		if err != nil {
			return err
		}
		if next.IsZero() || next.After(to) {
			break
		}
		if next.After(w.Now()) {
			w.setClock(next)
			stuck = 0
		} else if stuck++; stuck > stuckAfter {
			return fmt.Errorf("the clock is stuck at %s: something stays due (report this as a bug)", w.Now().Format(time.RFC3339))
		}
		if err := w.work(ctx); err != nil {
			return err
		}
	}
	w.setClock(to)
	return nil
}

// next is the next moment at which anything could happen by itself, zero if nothing will.
func (w *World) next(ctx context.Context) (time.Time, error) {
	owed, err := w.bot.Scheduler.Next(ctx, w.Now())
	if err != nil {
		return time.Time{}, fmt.Errorf("look for what falls due next: %w", err)
	}
	goes, err := w.bot.Courier.Next(ctx)
	if err != nil {
		return time.Time{}, err
	}
	if owed.IsZero() || !goes.IsZero() && goes.Before(owed) {
		return goes, nil
	}
	return owed, nil
}

// work does what is due now: what is owed is stored, what is stored is sent.
func (w *World) work(ctx context.Context) error {
	if _, err := w.bot.Scheduler.Sweep(ctx, w.Now()); err != nil {
		return fmt.Errorf("store what is owed: %w", err)
	}
	_, err := w.bot.Courier.Flush(ctx)
	return err
}

// settle lets the bot take what waits on the platforms, one event after the other, and then do what is due.
func (w *World) settle(ctx context.Context) error {
	err := w.network.Deliver(ctx, w.bot.Intake, func() error {
		if err := w.bot.Rooms.Drain(ctx); err != nil {
			return err
		}
		_, err := w.bot.Courier.Flush(ctx)
		return err
	})
	if err != nil {
		return err
	}
	return w.work(ctx)
}

// start sets a clock that nothing used yet. What was imported before counts as imported now; projects that were there
// already owe what they owe since the bot last looked at them.
func (w *World) start(ctx context.Context, at time.Time) error {
	w.started = true
	w.setClock(at)
	err := w.db.Update(ctx, func(tx *storage.Tx) error {
		keys, err := tx.ProjectKeys()
		if err != nil {
			return err
		}
		for _, key := range keys {
			next, _, err := tx.Schedule(key)
			if err == nil && (slices.Contains(w.imported, key) || next.IsZero() || next.After(at)) {
				err = tx.SetNextAt(key, at)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || w.down {
		return err
	}
	return w.settle(ctx)
}
