package bot

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/rs/zerolog"
)

// Defaults of RoomsOptions, and how the workers pace themselves.
const (
	roomsAtOnce  = 8
	roomAttempts = 5
	roomRest     = time.Second // after the first failure; it doubles with each further one
	// visitLength bounds how many events of one room are worked before the others get their turn.
	visitLength = 16
	// sweepEvery is how often the inbox is searched for events of which nobody told us: a crashed process left them.
	sweepEvery = time.Minute
	sweepLimit = 1000
)

// RoomsOptions sets the workers; zero fields have the defaults.
type RoomsOptions struct {
	// AtOnce is how many rooms are worked at the same time (8).
	AtOnce int
	// Attempts is how often an event may fail before it is parked (5). One that panics is parked at once.
	Attempts int
	// After waits; time.After if nil.
	After func(time.Duration) <-chan time.Time
	// Parked is told of every event that was given up, for the operator and for an apology.
	Parked func(ctx context.Context, in Incoming, cause error)
	// Log takes what the workers have to tell.
	Log zerolog.Logger
}

// Rooms works the inbox: the events of one room one after the other, in the order of their arrival, different rooms at
// the same time. An event that keeps failing is parked, so that its room goes on.
type Rooms struct {
	inbox   Inbox
	handler Handler
	opt     RoomsOptions

	mu    sync.Mutex
	ready []roomKey
	state map[roomKey]*roomState
	turn  *sync.Cond
	ended bool
}

type roomKey struct {
	platform Platform
	room     RoomID
}

// roomState is kept while a room is queued, worked or resting after a failure.
type roomState struct {
	again    bool // woken while being worked
	failures int  // in a row
}

// NewRooms returns workers that hand the events of inbox to handler.
func NewRooms(inbox Inbox, handler Handler, opt RoomsOptions) *Rooms {
	if opt.AtOnce <= 0 {
		opt.AtOnce = roomsAtOnce
	}
	if opt.Attempts <= 0 {
		opt.Attempts = roomAttempts
	}
	if opt.After == nil {
		opt.After = time.After
	}
	if opt.Parked == nil {
		opt.Parked = func(context.Context, Incoming, error) {}
	}
	r := &Rooms{inbox: inbox, handler: handler, opt: opt, state: map[roomKey]*roomState{}}
	r.turn = sync.NewCond(&r.mu)
	return r
}

// Wake says that an event waits in a room. It never blocks.
func (r *Rooms) Wake(platform Platform, room RoomID) {
	key := roomKey{platform, room}
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.state[key]; s != nil {
		s.again = true
		return
	}
	r.state[key] = &roomState{}
	r.queue(key)
}

// queue is called with mu held.
func (r *Rooms) queue(key roomKey) {
	r.ready = append(r.ready, key)
	r.turn.Signal()
}

// Run works until ctx ends, then finishes the events in hand. What an earlier process left is worked first.
func (r *Rooms) Run(ctx context.Context) error {
	var workers sync.WaitGroup
	for range r.opt.AtOnce {
		workers.Go(func() { r.work(ctx) })
	}
	for {
		r.sweep(ctx)
		select {
		case <-ctx.Done():
			r.end()
			workers.Wait()
			return nil
		case <-r.opt.After(sweepEvery):
		}
	}
}

func (r *Rooms) end() {
	r.mu.Lock()
	r.ended = true
	r.mu.Unlock()
	r.turn.Broadcast()
}

func (r *Rooms) sweep(ctx context.Context) {
	left, err := r.inbox.Waiting(ctx, sweepLimit)
	if err != nil {
		if ctx.Err() == nil {
			r.opt.Log.Error().Err(err).Msg("look for waiting messages")
		}
		return
	}
	for _, in := range left {
		r.Wake(in.Platform, in.Room)
	}
}

func (r *Rooms) work(ctx context.Context) {
	for {
		key, ok := r.next()
		if !ok {
			return
		}
		r.finish(ctx, key, r.Visit(ctx, key.platform, key.room))
	}
}

func (r *Rooms) next() (roomKey, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for len(r.ready) == 0 && !r.ended {
		r.turn.Wait()
	}
	if r.ended {
		return roomKey{}, false
	}
	key := r.ready[0]
	r.ready = r.ready[1:]
	r.state[key].again = false
	return key, true
}

// Verdict is what a visit to a room ended with.
type Verdict int

// The ends of a visit.
const (
	Quiet  Verdict = iota // nothing waits
	Busy                  // more may wait
	Failed                // the oldest event failed and stays the oldest
)

// Visit works some of the events that wait in a room, oldest first. An event in hand is finished even when ctx ends: it is
// one transaction. Two visits to one room at a time, by whatever instances, keep its order: each works the oldest event
// that waits, and one of them is told that it was handled already. An event that comes while the last one is worked is its
// wake's, not this visit's.
func (r *Rooms) Visit(ctx context.Context, platform Platform, room RoomID) Verdict {
	for range visitLength {
		if ctx.Err() != nil {
			return Quiet
		}
		in, more, err := r.inbox.OldestIncoming(ctx, platform, room)
		if err != nil {
			// Nothing waits, or the database cannot be read; then the next sweep finds what is left.
			return Quiet
		}
		if !r.one(context.WithoutCancel(ctx), in) {
			return Failed
		}
		if !more {
			return Quiet
		}
	}
	return Busy
}

// Rest is how long a room waits after so many failures in a row, counted from 1.
func Rest(failures int) time.Duration { return roomRest << min(max(failures-1, 0), 6) }

// finish lets the room go, queues it again, or lets it rest after a failure.
func (r *Rooms) finish(ctx context.Context, key roomKey, v Verdict) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.state[key]
	if v == Failed {
		s.failures++
		go r.rest(ctx, key, Rest(s.failures))
		return
	}
	s.failures = 0
	if v == Busy || s.again {
		r.queue(key)
		return
	}
	delete(r.state, key)
}

func (r *Rooms) rest(ctx context.Context, key roomKey, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-r.opt.After(d):
		r.mu.Lock()
		r.queue(key)
		r.mu.Unlock()
	}
}

// one works one event and reports whether the room may go on: it was handled or parked.
func (r *Rooms) one(ctx context.Context, in Incoming) bool {
	err := r.handle(ctx, in)
	if err == nil {
		return true
	}
	attempts, problem := r.opt.Attempts, err.Error()
	var panicked *panicError
	if errors.As(err, &panicked) {
		attempts, problem = 1, problem+"\n"+string(panicked.stack)
	}
	log := r.opt.Log.With().Str("adapter", string(in.Platform)).Str("room_id", string(in.Room)).Str("message_id", string(in.ID)).Logger()
	if passes(err) {
		log.Error().Err(err).Msg("handle message: it waits until that is over")
		return false
	}
	parked, failErr := r.inbox.FailIncoming(ctx, in, problem, attempts)
	switch {
	case failErr != nil:
		log.Error().Err(errors.Join(err, failErr)).Msg("note a failed message")
		return false
	case parked:
		log.Error().Str("problem", problem).Msg("message parked")
		r.opt.Parked(ctx, in, err)
		return true
	}
	log.Warn().Err(err).Msg("handle message")
	return false
}

func (r *Rooms) handle(ctx context.Context, in Incoming) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = caught(p)
		}
	}()
	return r.handler.Handle(ctx, in)
}

// Drain works everything that waits, in the order of arrival, and returns when nothing is left; a failing event is tried
// again at once until it is parked. It is for virtual time and must not run beside Run.
func (r *Rooms) Drain(ctx context.Context) error {
	type name struct {
		platform Platform
		id       MessageID
	}
	visits := map[name]int{}
	for {
		list, err := r.inbox.Waiting(ctx, sweepLimit)
		if err != nil {
			return fmt.Errorf("look for waiting messages: %w", err)
		}
		if len(list) == 0 {
			return nil
		}
		for _, in := range list {
			if err := ctx.Err(); err != nil {
				return err
			}
			if visits[name{in.Platform, in.ID}]++; visits[name{in.Platform, in.ID}] > r.opt.Attempts {
				return fmt.Errorf("message %s/%s is neither handled nor parked", in.Platform, in.ID)
			}
			r.one(ctx, in)
		}
	}
}
