// Package spread hands the work out: whose turn a room is, and who sweeps. Alone on its database a process does all of it by
// itself; instances that share a PostgreSQL database share the work through River. Neither keeps anything that could be
// lost: what waits stands in the inbox, what is owed follows from the projects, and a job only says where to look.
package spread

import (
	"context"

	"golang.org/x/sync/errgroup"

	"timonel/bot"
)

// Runner hands out the work.
type Runner interface {
	// Wake says that an event waits in a room. It never blocks.
	Wake(platform bot.Platform, room bot.RoomID)
	// Run works rooms and sweeps until ctx ends, then finishes what is in hand.
	Run(ctx context.Context) error
	// Close hands on what was woken since Run ended.
	Close(ctx context.Context) error
}

// InProcess works everything in this process: rooms as they are woken, and sweeps by a ticker of its own.
type InProcess struct {
	Rooms *bot.Rooms
	// Sweep sweeps every minute until ctx ends.
	Sweep func(ctx context.Context) error
}

// Wake implements Runner.
func (p InProcess) Wake(platform bot.Platform, room bot.RoomID) { p.Rooms.Wake(platform, room) }

// Run implements Runner.
func (p InProcess) Run(ctx context.Context) error {
	work, ctx := errgroup.WithContext(ctx)
	work.Go(func() error { return p.Rooms.Run(ctx) })
	work.Go(func() error { return p.Sweep(ctx) })
	return work.Wait()
}

// Close implements Runner: what waits is found at the next start.
func (p InProcess) Close(context.Context) error { return nil }
