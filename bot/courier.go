package bot

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/rs/zerolog"
)

const (
	// courierLease is how long a claimed message is the courier's: longer than any pace and attempt together.
	courierLease = 3 * time.Minute
	// courierLook is how often the outbox is searched without a signal: another process may have filled it.
	courierLook = 15 * time.Second
	// restAfterError keeps a broken database or outbox from being asked in a tight loop.
	restAfterError = time.Second
	// inHandEach bounds the answers claimed at once, those that wait for their turn included, per message that may be on its
	// way.
	inHandEach = 4
	// fewNotices is the least number of notices that are claimed at once.
	fewNotices = 2
)

// CourierOptions sets the courier; zero fields have the defaults.
type CourierOptions struct {
	// Now is the clock, After waits: time.Now and time.After if nil.
	Now   func() time.Time
	After func(time.Duration) <-chan time.Time
	// Random returns numbers in [0,1) to spread waits.
	Random func() float64
	// Paces overrides Paces.
	Paces map[Platform]Pace
	// Lease is how long a claimed message is this courier's (3 minutes).
	Lease time.Duration
	// Subscribe returns a channel that signals when something may wait, and its end; without it the outbox is searched
	// every few seconds.
	Subscribe func() (<-chan struct{}, func())
	// StillTrue is asked before each attempt; a message that is not true any more is dropped.
	StillTrue func(ctx context.Context, out Outgoing) (bool, error)
	// Finish gives a message what is made only when it is sent: the files that have a recipe.
	Finish func(ctx context.Context, out Outgoing) Outgoing
	// Delivered is told of each message that arrived, under the platform's id.
	Delivered func(ctx context.Context, out Outgoing, id MessageID)
	// Failed is told of each message that was given up, for the operator.
	Failed func(ctx context.Context, out Outgoing, cause error)
	// Settled is told how each attempt ended; it may be nil.
	Settled func(out Outgoing, ended Ended)
	// Log takes what the courier has to tell.
	Log zerolog.Logger
}

// Courier delivers what the outbox holds: in order within a room, rooms at the same time, at each platform's pace, once.
type Courier struct {
	outbox   Outbox
	adapters []Adapter
	opt      CourierOptions
}

// NewCourier returns a courier between an outbox and adapters.
func NewCourier(outbox Outbox, opt CourierOptions, adapters ...Adapter) *Courier {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.After == nil {
		opt.After = time.After
	}
	if opt.Random == nil {
		opt.Random = rand.Float64
	}
	if opt.Paces == nil {
		opt.Paces = Paces
	}
	if opt.Lease <= 0 {
		opt.Lease = courierLease
	}
	if opt.Subscribe == nil {
		opt.Subscribe = func() (<-chan struct{}, func()) { return nil, func() {} }
	}
	if opt.StillTrue == nil {
		opt.StillTrue = func(context.Context, Outgoing) (bool, error) { return true, nil }
	}
	if opt.Finish == nil {
		opt.Finish = func(_ context.Context, out Outgoing) Outgoing { return out }
	}
	if opt.Delivered == nil {
		opt.Delivered = func(context.Context, Outgoing, MessageID) {}
	}
	if opt.Failed == nil {
		opt.Failed = func(context.Context, Outgoing, error) {}
	}
	if opt.Settled == nil {
		opt.Settled = func(Outgoing, Ended) {}
	}
	return &Courier{outbox: outbox, adapters: adapters, opt: opt}
}

// Run delivers until ctx ends, then finishes what is on its way.
func (c *Courier) Run(ctx context.Context) error {
	var routes sync.WaitGroup
	for _, a := range c.adapters {
		routes.Go(func() { c.route(a).run(ctx) })
	}
	routes.Wait()
	return nil
}

// Flush delivers, one message after the other and without regard to pace, everything that may go out now, and returns
// how many arrived. It is for virtual time and must not run beside Run.
func (c *Courier) Flush(ctx context.Context) (int, error) {
	sent := 0
	for _, a := range c.adapters {
		n, err := c.route(a).flush(ctx)
		sent += n
		if err != nil {
			return sent, fmt.Errorf("deliver on %s: %w", a.Platform(), err)
		}
	}
	return sent, nil
}

// Next says when the next message of any platform may go out, zero if none waits.
func (c *Courier) Next(ctx context.Context) (time.Time, error) {
	var next time.Time
	for _, a := range c.adapters {
		at, err := c.outbox.NextOutgoingAt(ctx, a.Platform())
		if err != nil {
			return time.Time{}, fmt.Errorf("look for the next message on %s: %w", a.Platform(), err)
		}
		if !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next, nil
}

// route is the courier's way to one platform.
type route struct {
	*Courier
	adapter  Adapter
	pace     Pace
	meter    *meter
	sending  chan struct{} // as many places as messages may be on their way
	hand     sync.WaitGroup
	mu       sync.Mutex
	answers  int // in hand …
	notices  int // … and of what nobody waits for
	finished chan struct{}
	doubted  time.Time // when messages in doubt were last sought
}

func (c *Courier) route(a Adapter) *route {
	pace, known := c.opt.Paces[a.Platform()]
	if !known {
		pace = localPace
	}
	return &route{
		Courier: c, adapter: a, pace: pace, meter: newMeter(pace),
		sending: make(chan struct{}, max(pace.AtOnce, 1)), finished: make(chan struct{}, 1),
	}
}

func (r *route) log() *zerolog.Logger {
	l := r.opt.Log.With().Str("adapter", string(r.adapter.Platform())).Logger()
	return &l
}

func (r *route) run(ctx context.Context) {
	defer r.hand.Wait()
	wake, unsubscribe := r.opt.Subscribe()
	defer unsubscribe()
	for ctx.Err() == nil {
		wait := courierLook
		if next, err := r.round(ctx); ctx.Err() != nil {
			return // what it could not claim any more is not its trouble
		} else if err != nil {
			r.log().Error().Err(err).Msg("claim messages")
			wait = restAfterError
		} else if until := next.Sub(r.opt.Now()); !next.IsZero() && until > 0 {
			// What is due already waits for its room; the end of that delivery wakes us.
			wait = min(wait, until)
		}
		select {
		case <-ctx.Done():
		case <-wake:
		case <-r.finished:
		case <-r.opt.After(wait):
		}
	}
}

// round sets on its way what may go out, and returns when something may next. Looking is a read; only what is found is
// claimed, which is a write that others have to wait for.
func (r *route) round(ctx context.Context) (next time.Time, err error) {
	if r.adapter.Health().CannotSend {
		return time.Time{}, nil // not even a look: another instance may have the platform, and it all waits there
	}
	next, err = r.outbox.NextOutgoingAt(ctx, r.adapter.Platform())
	if err != nil {
		return next, fmt.Errorf("look for the next message: %w", err)
	}
	now := r.opt.Now()
	if next.IsZero() || next.After(now) {
		return next, nil
	}
	claimed, err := r.claim(ctx)
	if err != nil {
		return next, err
	}
	for _, out := range claimed {
		r.start(out, func() { r.carry(ctx, out, now.Add(r.opt.Lease)) })
	}
	if len(claimed) > 0 && now.Sub(r.doubted) < courierLook {
		return next, nil
	}
	r.doubted = now
	doubtful, err := r.outbox.InDoubt(ctx, r.adapter.Platform(), r.inHand(), r.opt.Lease)
	if err != nil {
		return next, fmt.Errorf("take what is in doubt: %w", err)
	}
	for _, out := range doubtful {
		r.start(out, func() { r.reconcile(context.WithoutCancel(ctx), out) })
	}
	return next, nil
}

func (r *route) inHand() int { return inHandEach * max(r.pace.AtOnce, 1) }

// noticesInHand is how many notices are claimed at once, fewer than may be on their way: while one is in hand, its picture in
// the making, an answer in its room waits for it.
func (r *route) noticesInHand() int { return max(r.pace.AtOnce/4, fewNotices) }

// claim takes as much as fits in hand, answers first. While there is much in hand it takes none but answers, for which there
// is room of their own: who asked does not wait for thousands of notices.
func (r *route) claim(ctx context.Context) ([]Outgoing, error) {
	r.mu.Lock()
	notices, answers := r.noticesInHand()-r.notices, r.inHand()-r.answers
	r.mu.Unlock()
	switch {
	case notices >= (r.noticesInHand()+1)/2 && answers > 0:
		return r.outbox.ClaimOutgoing(ctx, r.adapter.Platform(), min(notices, answers), r.opt.Lease)
	case answers >= (r.inHand()+1)/2:
		return r.outbox.ClaimAnswers(ctx, r.adapter.Platform(), answers, r.opt.Lease)
	}
	return nil, nil
}

func (r *route) hold(out Outgoing, n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if out.Kind.IsAnswer() {
		r.answers += n
	} else {
		r.notices += n
	}
}

func (r *route) start(out Outgoing, f func()) {
	r.hold(out, 1)
	r.hand.Go(func() {
		defer func() {
			r.hold(out, -1)
			select {
			case r.finished <- struct{}{}:
			default:
			}
		}()
		f()
	})
}

// carry waits for the message's turn, then delivers. A message whose turn does not come in time is given back.
func (r *route) carry(ctx context.Context, out Outgoing, leaseEnds time.Time) {
	settled := context.WithoutCancel(ctx)
	if wait := r.meter.book(r.opt.Now(), lane(out), r.opt.Random()); wait > 0 {
		select {
		case <-ctx.Done():
			r.giveBack(settled, out)
			return
		case <-r.opt.After(wait):
		}
	}
	out, err := r.finish(settled, out)
	if err != nil {
		r.retry(settled, out, 0, err)
		return
	}
	select {
	case <-ctx.Done():
		r.giveBack(settled, out)
		return
	case r.sending <- struct{}{}:
	}
	defer func() { <-r.sending }()
	switch left := leaseEnds.Sub(r.opt.Now()); {
	case left <= 0: // whoever looks for messages in doubt has it now
	case left < r.pace.SendTimeout:
		r.giveBack(settled, out)
	default:
		r.deliver(settled, out)
	}
}

// lane is the place whose pace a message counts for.
func lane(out Outgoing) RoomID {
	if out.Room != "" {
		return out.Room
	}
	return RoomID(out.Direct)
}

func (r *route) flush(ctx context.Context) (sent int, err error) {
	for {
		next, err := r.outbox.NextOutgoingAt(ctx, r.adapter.Platform())
		if err != nil || next.IsZero() || next.After(r.opt.Now()) {
			return sent, err
		}
		doubtful, err := r.outbox.InDoubt(ctx, r.adapter.Platform(), r.inHand(), r.opt.Lease)
		if err != nil {
			return sent, fmt.Errorf("take what is in doubt: %w", err)
		}
		for _, out := range doubtful {
			r.reconcile(ctx, out)
		}
		claimed, err := r.outbox.ClaimOutgoing(ctx, r.adapter.Platform(), r.inHand(), r.opt.Lease)
		if err != nil || len(claimed) == 0 {
			return sent, err
		}
		slices.SortStableFunc(claimed, func(a, b Outgoing) int { return int(a.ID - b.ID) })
		for _, out := range claimed {
			if err := ctx.Err(); err != nil {
				return sent, err
			}
			out, err := r.finish(ctx, out)
			if err != nil {
				r.retry(ctx, out, 0, err)
				continue
			}
			if r.deliver(ctx, out) {
				sent++
			}
		}
	}
}
