// Package assembly puts the bot's parts together: one database, the conversations, the scheduler, the room workers and
// the courier. The real bot and virtual time are the same assembly; only clock and adapters differ.
package assembly

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/sync/errgroup"

	"timonel/bot"
	"timonel/conversations"
	"timonel/conversations/understand"
	"timonel/internal/spread"
	"timonel/locale"
	"timonel/scheduler"
	"timonel/steering"
	"timonel/steering/holidays"
	"timonel/steering/plan"
	"timonel/storage"
)

// Options says what the bot is made of.
type Options struct {
	// Now is the clock, After waits: time.Now and time.After if nil.
	Now   func() time.Time
	After func(time.Duration) <-chan time.Time
	// Plans, Policy and Model are read once and shared.
	Plans  *plan.Library
	Policy steering.Policy
	Model  *understand.Model
	// Timezone, Country and Language are the defaults of new projects.
	Timezone, Country, Language string
	// MayCreate says who may open a project where; nil lets everybody.
	MayCreate func(conversations.Opener) bool
	// Adapters join the platforms.
	Adapters []bot.Adapter
	// Gather is how long an unasked message waits for what other projects owe the same chat; 0 in virtual time.
	Gather time.Duration
	// Courier changes how messages are delivered; nil leaves the defaults.
	Courier func(*bot.CourierOptions)
	// Random gives the codes by which people link their platforms; crypto/rand if nil.
	Random io.Reader
	// Operator hears of what a person has to look after: a message that could not be handled or delivered. May be nil.
	Operator func(problem error)
	// Watch hears what the parts do.
	Watch Watch
	Log   zerolog.Logger
}

// OpenDatabase opens a database with the projects' calendars, and brings its schema up to date.
func OpenDatabase(ctx context.Context, url string, now func() time.Time) (*storage.DB, error) {
	return storage.Open(ctx, url, storage.Options{Now: now, Migrate: true, Calendar: holidays.Calendar})
}

// Bot is the parts, joined.
type Bot struct {
	DB        *storage.DB
	Engine    *conversations.Engine
	Scheduler *scheduler.Scheduler
	Rooms     *bot.Rooms
	Courier   *bot.Courier
	Intake    *bot.Intake

	opt    Options
	runner spread.Runner
}

// New joins the parts on an open database, which stays the caller's. No goroutine is started.
func New(db *storage.DB, opt Options) *Bot {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Operator == nil {
		opt.Operator = func(error) {}
	}
	b := &Bot{DB: db, opt: opt}
	b.Engine = conversations.New(db, opt.Model, conversations.Options{
		Now: opt.Now, Plans: opt.Plans, Policy: opt.Policy, Timezone: opt.Timezone, Country: opt.Country,
		Language: opt.Language, MayCreate: opt.MayCreate, Capabilities: b.capabilities, Random: opt.Random,
		Ended: opt.Watch.Ended,
	})
	b.Scheduler = scheduler.New(db, scheduler.Options{Now: opt.Now, Policy: opt.Policy, Joined: b.joined, Gather: opt.Gather, Swept: opt.Watch.Swept, After: opt.After, Log: opt.Log})
	b.Rooms = bot.NewRooms(db, b.handler(), bot.RoomsOptions{Parked: b.parked, After: opt.After, Log: opt.Log})
	b.runner = spread.InProcess{Rooms: b.Rooms, Sweep: b.Scheduler.Run}
	b.Intake = bot.NewIntake(b.Engine, db, func(p bot.Platform, room bot.RoomID) { b.runner.Wake(p, room) })
	delivery := bot.CourierOptions{
		Now: opt.Now, Subscribe: db.Subscribe, StillTrue: b.Scheduler.StillTrue, Finish: b.Scheduler.Finish, Failed: b.undelivered, Settled: opt.Watch.Settled,
		Log: opt.Log,
	}
	if opt.Courier != nil {
		opt.Courier(&delivery)
	}
	b.Courier = bot.NewCourier(db, delivery, opt.Adapters...)
	return b
}

// Share lets this instance share the work with every other one on the same PostgreSQL database. It is called before Run.
func (b *Bot) Share(ctx context.Context, url string, opt spread.Options) error {
	if opt.After == nil {
		opt.After = b.opt.After
	}
	parts := spread.Parts{DB: b.DB, Rooms: b.Rooms, Sweep: b.Scheduler.Tick, Log: b.opt.Log}
	runner, err := spread.OnPostgres(ctx, url, parts, opt)
	if err != nil {
		return err
	}
	b.runner = runner
	return nil
}

// joined reports whether the bot is on a platform at all; where it is not, nobody is written to directly.
func (b *Bot) joined(p bot.Platform) bool {
	return slices.ContainsFunc(b.opt.Adapters, func(a bot.Adapter) bool { return a.Platform() == p })
}

// capabilities returns what a platform can show; nothing is known of one that is not joined.
func (b *Bot) capabilities(p bot.Platform) bot.Capabilities {
	for _, a := range b.opt.Adapters {
		if a.Platform() == p {
			return a.Capabilities()
		}
	}
	return bot.Capabilities{}
}

// Run runs every part until ctx ends, then finishes what is in hand: the workers first, then the courier, while the
// platforms are still connected. What comes in meanwhile is stored and handled at the next start. A platform that cannot
// go on is the operator's to mend; the others go on without it.
func (b *Bot) Run(ctx context.Context) error {
	connected, disconnect := context.WithCancel(context.WithoutCancel(ctx))
	defer disconnect()
	var platforms sync.WaitGroup
	for _, a := range b.opt.Adapters {
		platforms.Go(func() {
			if err := a.Run(connected, b.Intake); err != nil && connected.Err() == nil {
				b.opt.Log.Error().Str("adapter", string(a.Platform())).Err(err).Msg("platform given up")
				b.opt.Operator(fmt.Errorf("run %s: %w", a.Platform(), err))
			}
		})
	}
	err := b.Work(ctx)
	disconnect()
	platforms.Wait()
	return errors.Join(err, b.runner.Close(context.WithoutCancel(ctx)))
}

// Work runs everything but the platforms until ctx ends, and finishes what is in hand.
func (b *Bot) Work(ctx context.Context) error {
	work, ctx := errgroup.WithContext(ctx)
	work.Go(func() error { return b.runner.Run(ctx) })
	work.Go(func() error { return b.Courier.Run(ctx) })
	return work.Wait()
}

// parked apologises for a message that could not be handled, under a reference by which the log has the rest.
func (b *Bot) parked(ctx context.Context, in bot.Incoming, cause error) {
	ref := Reference(in)
	b.opt.Log.Error().Str("ref", ref).Str("adapter", string(in.Platform)).Err(cause).Msg("message could not be handled")
	b.opt.Operator(fmt.Errorf("message %s could not be handled: %w", ref, cause))
	if in.Kind != bot.TextMessage && in.Kind != bot.Press {
		return
	}
	err := b.DB.Update(ctx, func(tx *storage.Tx) error {
		lang := b.opt.Language
		if room, err := tx.Room(in.Platform, in.Room); err == nil && room.Language != "" {
			lang = room.Language
		}
		out := bot.Outgoing{
			Platform: in.Platform, Room: in.Room, Kind: bot.KindError, Thread: in.ID, InReplyTo: in.Ref,
			Text: locale.For(lang).Text("service.apology", locale.Args{"ref": ref}), At: tx.Now(),
		}
		if in.Direct {
			out.Direct = in.From
		}
		_, err := tx.Enqueue(out)
		return err
	})
	if err != nil {
		b.opt.Log.Error().Str("ref", ref).Err(err).Msg("apologise")
	}
}

// Reference is a short name of an event for people and log; it tells nothing of the event.
func Reference(in bot.Incoming) string {
	sum := sha256.Sum256([]byte(string(in.Platform) + "/" + string(in.ID)))
	return hex.EncodeToString(sum[:4])
}

// undelivered tells the operator, and where it will not pass by itself the project's leads, elsewhere; of a note to the
// operator only the log does.
func (b *Bot) undelivered(ctx context.Context, out bot.Outgoing, cause error) {
	if out.Project == "" && out.Kind == bot.KindNotice {
		return
	}
	b.opt.Operator(fmt.Errorf("a %s for %s could not be delivered on %s: %w", out.Kind, out.Project, out.Platform, cause))
	if !bot.IsPermanent(cause) {
		return
	}
	if err := b.DB.Update(ctx, func(tx *storage.Tx) error { return b.Engine.Unreachable(tx, out) }); err != nil {
		b.opt.Log.Error().Err(err).Msg("tell a lead what could not be delivered")
	}
}
