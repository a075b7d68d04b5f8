package main

import (
	"cmp"
	"context"
	"errors"
	"runtime/debug"
	"time"

	"github.com/rs/zerolog"

	"timonel/bot"
	"timonel/storage"
)

const (
	// beat is how often a running bot notes that it hears: what was said in a longer silence is asked for afterwards.
	beat = time.Minute
	// pruneEvery is how often is deleted what has been kept long enough.
	pruneEvery = 24 * time.Hour
	day        = 24 * time.Hour
	// settling is for how many beats memory is given back: by then everything has been read and connected.
	settling = 2
)

// heardRoom is the place under which a platform's last beat is kept; no platform's own rooms are called so.
const (
	heardRoom bot.RoomID = "timonel:heard"
	heardFact string     = "until"
)

// upkeep does what nobody asks for: it notes that the bot hears, and deletes what has been kept long enough.
type upkeep struct {
	app      *app
	db       *storage.DB
	adapters []bot.Adapter
	keep     time.Duration // zero keeps everything
	lookout  *lookout
	log      zerolog.Logger
	pruned   time.Time
	last     time.Time // when it last looked, by the machine's clock
}

// run works until ctx ends.
func (u *upkeep) run(ctx context.Context) error {
	for beats := 0; ; beats++ {
		u.once(ctx)
		if beats < settling {
			debug.FreeOSMemory() // what the start took to read plans and languages is given back
		}
		select {
		case <-ctx.Done():
			return nil
		case <-u.app.after(cmp.Or(u.app.beat, beat)):
		}
	}
}

func (u *upkeep) once(ctx context.Context) {
	now := u.app.now()
	u.clock(ctx, now)
	u.lookout.once(ctx)
	for _, a := range u.adapters {
		if state := a.Health(); !state.OK || state.Behind {
			continue // an instance that begins now must know since when it has to read
		}
		if err := noteHeard(ctx, u.db, a.Platform(), now); err != nil && ctx.Err() == nil {
			u.log.Warn().Err(err).Msg("note that the bot hears")
		}
	}
	if u.keep <= 0 || now.Sub(u.pruned) < pruneEvery {
		return
	}
	n, err := u.db.Prune(ctx, now.Add(-u.keep))
	if err != nil {
		if ctx.Err() == nil {
			u.log.Warn().Err(err).Msg("delete what was kept long enough")
		}
		return
	}
	u.pruned = now
	if n > 0 {
		u.log.Info().Int("rows", n).Msg("old messages deleted")
	}
}

// jump is by how much longer than a beat the time between two may be before that is told.
const jump = 5 * time.Minute

// clock tells of a clock that was set, and mends what a wrong one wrote. Nothing is lost by it: what falls due is decided by
// the state, and what went out is known by its identity.
func (u *upkeep) clock(ctx context.Context, now time.Time) {
	now = now.Round(0) // the wall clock's alone
	before := u.last
	u.last = now
	if before.IsZero() {
		return
	}
	switch passed := now.Sub(before); {
	case passed > beat+jump:
		u.log.Warn().Dur("by", passed).Msg("the clock was set forward, or the machine slept: what is due meanwhile goes out as after a downtime")
	case passed < 0:
		n, err := u.db.ClockBack(ctx)
		u.log.Warn().Dur("by", -passed).Int64("messages", n).AnErr("problem", err).Msg("the clock was set back: what was put off until a moment that is far away now is tried again")
	}
}

func noteHeard(ctx context.Context, db *storage.DB, platform bot.Platform, at time.Time) error {
	return db.Update(ctx, func(tx *storage.Tx) error {
		return tx.PutRoom(&storage.Room{
			Platform: platform, ID: heardRoom, Left: true, Facts: map[string]string{heardFact: at.UTC().Format(time.RFC3339)},
		})
	})
}

// heardUntil is the last moment at which an earlier run noted that it heard; zero if none did.
func heardUntil(ctx context.Context, db *storage.DB, platform bot.Platform) (at time.Time, err error) {
	err = db.View(ctx, func(tx *storage.Tx) error {
		room, err := tx.Room(platform, heardRoom)
		if errors.Is(err, storage.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		at, err = time.Parse(time.RFC3339, room.Facts[heardFact])
		return err
	})
	return at, err
}
