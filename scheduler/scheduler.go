// Package scheduler turns time into what goes out unasked. It finds the projects that something may be owed to, asks the
// domain what, words it, and stores words and identities in one transaction; delivering is the courier's. It is
// level-triggered: a tick carries no meaning, so one that was missed, repeated or made by a second process changes nothing.
package scheduler

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/rs/zerolog"

	"timonel/bot"
	"timonel/locale"
	"timonel/report"
	"timonel/steering"
	"timonel/storage"
)

// Options are what an operator, or a test, may set about the scheduler.
type Options struct {
	// Now is the clock of Run and StillTrue, After waits: time.Now and time.After if nil.
	Now   func() time.Time
	After func(time.Duration) <-chan time.Time
	// Policy holds the defaults of the notices; without a reader of cron expressions it gets ours.
	Policy steering.Policy
	// Picture draws the timeline that a digest carries; report.TimelinePNG if nil. No bytes mean no picture.
	Picture func(p *steering.Project, lang string, today steering.Date) (png []byte, err error)
	// Joined says which platforms the bot is connected to: nobody is written to directly on another. Nil means all.
	Joined func(bot.Platform) bool
	// Gather is how long a message waits for what other projects owe the same chat at the same moment. Zero suits virtual
	// time, where nothing is delivered during a sweep.
	Gather time.Duration
	// Swept is told of each sweep that Run made: what it did and how long it took; it may be nil.
	Swept func(Result, time.Duration, error)
	// Log takes what the scheduler has to tell.
	Log zerolog.Logger
}

// Scheduler sends what is owed.
type Scheduler struct {
	db      *storage.DB
	opt     Options
	drawing chan struct{} // a place for one who plans or draws: a picture takes a processor for itself, and others have work too
}

// New returns a scheduler on a database. No goroutine is started.
func New(db *storage.DB, o Options) *Scheduler {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.After == nil {
		o.After = time.After
	}
	if o.Policy.Next == nil {
		o.Policy.Next = func(expr string, after time.Time) time.Time { return NextCron(expr, after, after.Location()) }
	}
	if o.Joined == nil {
		o.Joined = func(bot.Platform) bool { return true }
	}
	if o.Picture == nil {
		o.Picture = func(p *steering.Project, lang string, today steering.Date) ([]byte, error) {
			return report.TimelinePNG(p, today, locale.For(lang))
		}
	}
	return &Scheduler{db: db, opt: o, drawing: make(chan struct{}, 1)}
}

// Every is how often Run looks, at full minutes: a notice is at most that late, and a look that finds nothing is one indexed
// read.
const Every = time.Minute

// Run sweeps now and every minute until ctx ends, and then waits for the sweep that is under way.
func (s *Scheduler) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		s.Tick(ctx)
		now := s.opt.Now()
		select {
		case <-ctx.Done():
		case <-s.opt.After(now.Truncate(Every).Add(Every).Sub(now)):
		}
	}
	return nil
}

// Tick sweeps once and tells the log what came of it. A sweep that panics is told of and tried again like one that failed.
func (s *Scheduler) Tick(ctx context.Context) {
	defer func() {
		if p := recover(); p != nil {
			s.opt.Log.Error().Str("problem", fmt.Sprint(p)).Bytes("stack", debug.Stack()).Msg("sweep")
		}
	}()
	if ctx.Err() != nil {
		return
	}
	began := s.opt.Now()
	result, err := s.Sweep(ctx, began)
	if s.opt.Swept != nil && ctx.Err() == nil {
		s.opt.Swept(result, s.opt.Now().Sub(began), err)
	}
	if err != nil && !errors.Is(err, context.Canceled) {
		s.opt.Log.Error().Err(err).Msg("sweep")
	}
	if result.Projects > 0 {
		s.opt.Log.Debug().Int("projects", result.Projects).Int("messages", result.Messages).Int("held", result.Held).Msg("swept")
	}
}

// Next returns the earliest moment, not before after, at which a sweep may find something; zero if none ever.
func (s *Scheduler) Next(ctx context.Context, after time.Time) (next time.Time, err error) {
	err = s.db.View(ctx, func(tx *storage.Tx) error {
		next, err = tx.NextProjectAt()
		return err
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("find the next sweep: %w", err)
	}
	if !next.IsZero() && next.Before(after) {
		next = after
	}
	return next, nil
}
