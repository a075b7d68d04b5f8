package virtual

import (
	"context"
	"time"
)

// AdvanceToNext moves the clock on until the bot has said something, at latest to a moment.
func (w *World) AdvanceToNext(ctx context.Context, latest time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.mustBeUp(); err != nil {
		return err
	}
	said := len(w.network.Entries(0))
	for {
		next, err := w.next(ctx)
		if err != nil {
			return err
		}
		if next.IsZero() || next.After(latest) {
			w.setClock(latest)
			return nil
		}
		if err := w.pass(ctx, later(next, w.Now())); err != nil {
			return err
		}
		if len(w.network.Entries(0)) > said {
			return nil
		}
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
