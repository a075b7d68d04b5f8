package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// settleAttempts is how often the courier tries to note what became of a message. When it cannot, the lease ends and the
// message counts as in doubt.
const settleAttempts = 3

// fairAttempts is how often at least a message is tried before it is given up.
const fairAttempts = 4

// Ended is how one attempt to send a message ended.
type Ended string

// The ends of an attempt.
const (
	EndedSent      Ended = "sent"
	EndedRetry     Ended = "retry"     // it is set back, to be sent again
	EndedFailed    Ended = "failed"    // it is given up
	EndedCancelled Ended = "cancelled" // it was not true any more
)

// Ends lists them all.
var Ends = []Ended{EndedSent, EndedRetry, EndedFailed, EndedCancelled}

// deliver makes one attempt and notes what came of it; it reports whether the message arrived.
func (r *route) deliver(ctx context.Context, out Outgoing) bool {
	still, err := r.stillTrue(ctx, out)
	if err != nil {
		r.retry(ctx, out, 0, fmt.Errorf("ask whether it is still true: %w", err))
		return false
	}
	if !still {
		r.settle(ctx, out, EndedCancelled, func(ctx context.Context) error {
			return r.outbox.MarkCancelled(ctx, out.ID, "not true any more")
		})
		return false
	}
	id, err := r.send(ctx, out)
	if err != nil {
		r.failed(ctx, out, err)
		return false
	}
	r.arrived(ctx, out, id)
	return true
}

func (r *route) stillTrue(ctx context.Context, out Outgoing) (yes bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = caught(p)
		}
	}()
	return r.opt.StillTrue(ctx, out)
}

// send calls the adapter, with a limit on its time. An adapter that panics may have sent something.
func (r *route) send(ctx context.Context, out Outgoing) (id MessageID, err error) {
	if r.pace.SendTimeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, r.pace.SendTimeout)
		defer cancel()
	}
	defer func() {
		if p := recover(); p != nil {
			err = InDoubt(caught(p))
		}
	}()
	return r.adapter.Send(ctx, out)
}

// finish adds what is made only now. When it panics nothing was sent.
func (r *route) finish(ctx context.Context, out Outgoing) (finished Outgoing, err error) {
	defer func() {
		if p := recover(); p != nil {
			finished, err = out, caught(p)
		}
	}()
	return r.opt.Finish(ctx, out), nil
}

func (r *route) arrived(ctx context.Context, out Outgoing, id MessageID) {
	r.settle(ctx, out, EndedSent, func(ctx context.Context) error { return r.outbox.MarkSent(ctx, out.ID, id) })
	r.opt.Delivered(ctx, out, id)
}

// failed decides what is done about an error of the adapter's. One that it did not classify may have been sent.
func (r *route) failed(ctx context.Context, out Outgoing, err error) {
	var d *DeliveryError
	if !errors.As(err, &d) {
		d = &DeliveryError{Err: err, InDoubt: true}
	}
	switch {
	case d.Permanent:
		r.giveUp(ctx, out, err)
	case d.InDoubt:
		r.reconcileAfter(ctx, out, err)
	case r.tooOld(out):
		r.giveUp(ctx, out, fmt.Errorf("given up after %d attempts: %w", out.Attempt, err))
	default:
		r.retry(ctx, out, d.RetryAfter, err)
	}
}

// tooOld is what was tried in vain for long. Age alone is none: it may have waited for a platform that could not send.
func (r *route) tooOld(out Outgoing) bool {
	return r.pace.GiveUp > 0 && out.Attempt >= fairAttempts && !out.At.IsZero() && r.opt.Now().Sub(out.At) > r.pace.GiveUp
}

func (r *route) giveUp(ctx context.Context, out Outgoing, err error) {
	r.log().Error().Int64("outbox_id", out.ID).Err(err).Msg("message given up")
	r.settle(ctx, out, EndedFailed, func(ctx context.Context) error { return r.outbox.MarkFailed(ctx, out.ID, err.Error()) })
	r.opt.Failed(ctx, out, err)
}

// retry sets a message back: until the platform's own wish, or by the pace's backoff.
func (r *route) retry(ctx context.Context, out Outgoing, wish time.Duration, cause error) {
	wait := wish
	if wait <= 0 {
		wait = r.pace.retryAfter(out.Attempt, r.opt.Random())
	}
	r.log().Warn().Int64("outbox_id", out.ID).Int("attempt", out.Attempt).Dur("wait", wait).Err(cause).Msg("message set back")
	r.setBack(ctx, out, r.opt.Now().Add(wait), cause)
}

// reconcileAfter asks at once whether a message arrived whose sending ended unclearly. When the platform cannot be asked
// now, the message stays claimed; after the lease it is in doubt and asked for again.
func (r *route) reconcileAfter(ctx context.Context, out Outgoing, cause error) {
	r.log().Warn().Int64("outbox_id", out.ID).Int("attempt", out.Attempt).Err(cause).Msg("message in doubt")
	asker, can := r.adapter.(Reconciler)
	if !can {
		r.failed(ctx, out, Temporary(cause, 0))
		return
	}
	r.ask(ctx, asker, out, cause)
}

// reconcile settles a message that an interrupted courier left. A platform that cannot be asked gets it once more: under
// the same PlatformID, where it lets us choose one.
func (r *route) reconcile(ctx context.Context, out Outgoing) {
	interrupted := errors.New("its sending was interrupted")
	asker, can := r.adapter.(Reconciler)
	if !can {
		r.setBack(ctx, out, r.opt.Now(), interrupted)
		return
	}
	r.ask(ctx, asker, out, interrupted)
}

func (r *route) ask(ctx context.Context, asker Reconciler, out Outgoing, cause error) {
	id, there, err := r.asked(ctx, asker, out)
	switch {
	case err != nil:
		r.log().Warn().Int64("outbox_id", out.ID).Err(err).Msg("ask the platform for a message")
	case there:
		r.arrived(ctx, out, id)
	default:
		r.failed(ctx, out, Temporary(cause, 0))
	}
}

func (r *route) asked(ctx context.Context, asker Reconciler, out Outgoing) (id MessageID, there bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = caught(p)
		}
	}()
	return asker.Sent(ctx, r.opt.Finish(ctx, out))
}

// giveBack returns a message whose sending was not begun.
func (r *route) giveBack(ctx context.Context, out Outgoing) {
	r.setBack(ctx, out, r.opt.Now(), errors.New("its turn did not come"))
}

func (r *route) setBack(ctx context.Context, out Outgoing, at time.Time, cause error) {
	r.settle(ctx, out, EndedRetry, func(ctx context.Context) error {
		return r.outbox.MarkRetry(ctx, out.ID, at, cause.Error())
	})
}

// settle notes what became of a message, more than once if the database stumbles.
func (r *route) settle(ctx context.Context, out Outgoing, what Ended, note func(context.Context) error) {
	var err error
	for range settleAttempts {
		if err = note(ctx); err == nil {
			r.opt.Settled(out, what)
			return
		}
	}
	r.log().Error().Int64("outbox_id", out.ID).Err(err).Msg("note that a message is " + string(what))
}
