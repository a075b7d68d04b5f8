package spread

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog" //nolint:depguard // what River logs by; it ends in zerolog
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/rs/zerolog"
	"golang.org/x/sync/errgroup"

	"timonel/bot"
	"timonel/storage"
)

// Parts are what the work is done with.
type Parts struct {
	DB    *storage.DB
	Rooms *bot.Rooms
	// Sweep sweeps once and returns early when ctx ends.
	Sweep func(ctx context.Context)
	Log   zerolog.Logger
}

// Options sets how River spreads the work; zero fields have the defaults.
type Options struct {
	// Now is the clock of the rescues, After waits: time.Now and time.After if nil. River keeps its own time.
	Now   func() time.Time
	After func(time.Duration) <-chan time.Time
	// SweepEvery is how often a sweep is asked for, at full multiples of it (1 minute).
	SweepEvery time.Duration
	// Beat is how often an instance says that it is alive (5 s); one that was silent for three beats is taken for dead, and
	// what it held is given to others.
	Beat time.Duration
	// Cooldown is the least time between two looks for jobs, Poll the most (20 ms, 2 s).
	Cooldown, Poll time.Duration
	// AtOnce is how many rooms an instance works at the same time (8).
	AtOnce int
}

func (o Options) filled() Options {
	o.SweepEvery, o.Beat = cmp.Or(o.SweepEvery, time.Minute), cmp.Or(o.Beat, 5*time.Second)
	o.Cooldown, o.Poll = cmp.Or(o.Cooldown, 20*time.Millisecond), cmp.Or(o.Poll, 2*time.Second)
	o.AtOnce = cmp.Or(o.AtOnce, 8)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.After == nil {
		o.After = time.After
	}
	return o
}

// The queues: a long sweep keeps no room waiting.
const (
	roomQueue  = "rooms"
	sweepQueue = "sweep"
)

const (
	// poolConnections bounds River's own connections; its work is done on the bot's.
	poolConnections = 6
	// roomTime bounds the work on one job of a room, which is a few transactions.
	roomTime = 5 * time.Minute
	// kept is how long River's rows of finished jobs stay: nobody reads them.
	kept = 10 * time.Minute
	// lookEvery is how often the inbox is searched for events of which no job tells.
	lookEvery = time.Minute
	// restAfterError keeps a database that cannot be reached from being asked in a tight loop.
	restAfterError = time.Second
	// stopTime is how long the work in hand may take when the instance stops; it is a few transactions.
	stopTime = 30 * time.Second
)

// River shares the work with every instance on the same database: a unique job for each room in which something waits, one
// for the sweep that River's leader asks for, and a lease by which each instance shows that it lives.
type River[D riverdriver.Driver[T], T any] struct {
	parts  Parts
	opt    Options
	driver D
	client *river.Client[T]
	wakes  wakes
	ending context.Context // ends when the instance is to stop
	stop   context.CancelFunc
	close  func()
}

// OnPostgres opens River on the PostgreSQL database that the bot works on, and brings River's own tables up to date.
func OnPostgres(ctx context.Context, url string, parts Parts, opt Options) (Runner, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("spread the work: %w", err)
	}
	config.MaxConns = poolConnections
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("spread the work: %w", err)
	}
	r, err := newRiver[*riverpgxv5.Driver, pgx.Tx](riverpgxv5.New(pool), parts, opt, pool.Close)
	if err == nil {
		err = migrateAlone(ctx, pool, r.migrate)
	}
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("spread the work: %w", err)
	}
	return r, nil
}

// migrateAlone lets one instance at a time make River's tables: several may start at once.
func migrateAlone(ctx context.Context, pool *pgxpool.Pool, migrate func(context.Context) error) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	const lock = `(hashtext('timonel river ' || current_schema()))`
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock`+lock); err != nil {
		return err
	}
	err = migrate(ctx)
	_, unlocked := conn.Exec(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock`+lock)
	return errors.Join(err, unlocked)
}

func newRiver[D riverdriver.Driver[T], T any](driver D, parts Parts, opt Options, closing func()) (*River[D, T], error) {
	r := &River[D, T]{parts: parts, opt: opt.filled(), driver: driver, wakes: newWakes(), close: closing}
	r.ending, r.stop = context.WithCancel(context.Background()) //nolint:gosec // Run and Close call it
	workers := river.NewWorkers()
	river.AddWorker(workers, &roomWorker[D, T]{River: r})
	river.AddWorker(workers, &sweepWorker[D, T]{River: r})
	client, err := river.NewClient[T](driver, &river.Config{
		ID: parts.DB.Instance(), Workers: workers, Logger: slog.New(zerolog.NewSlogHandler(parts.Log.Level(zerolog.WarnLevel))),
		Queues:        map[string]river.QueueConfig{roomQueue: {MaxWorkers: r.opt.AtOnce}, sweepQueue: {MaxWorkers: 1}},
		FetchCooldown: r.opt.Cooldown, FetchPollInterval: r.opt.Poll,
		JobTimeout: roomTime, RescueStuckJobsAfter: 2 * roomTime, // for what no lease tells
		CompletedJobRetentionPeriod: kept, CancelledJobRetentionPeriod: kept, DiscardedJobRetentionPeriod: 24 * time.Hour,
		PeriodicJobs: []*river.PeriodicJob{river.NewPeriodicJob(fullMultiples(r.opt.SweepEvery), func() (river.JobArgs, *river.InsertOpts) {
			return sweepJob{}, nil
		}, &river.PeriodicJobOpts{RunOnStart: true})},
	})
	if err != nil {
		return nil, err
	}
	r.client = client
	return r, nil
}

func (r *River[D, T]) migrate(ctx context.Context) error {
	migrator, err := rivermigrate.New[T](r.driver, &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	_, err = migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

// fullMultiples is a schedule at the full multiples of a time.
type fullMultiples time.Duration

// Next implements river.PeriodicSchedule.
func (d fullMultiples) Next(t time.Time) time.Time {
	return t.Truncate(time.Duration(d)).Add(time.Duration(d))
}

// Run implements Runner.
func (r *River[D, T]) Run(ctx context.Context) error {
	if err := r.beat(ctx); err != nil {
		return fmt.Errorf("spread the work: %w", err)
	}
	r.look(ctx)
	own := context.WithoutCancel(ctx)
	if err := r.client.Start(own); err != nil {
		return fmt.Errorf("spread the work: %w", err)
	}
	work, working := errgroup.WithContext(ctx)
	work.Go(func() error { r.tell(working); return nil })
	work.Go(func() error { r.live(working); return nil })
	<-working.Done()
	r.stop()
	late, cancel := context.WithTimeout(own, stopTime)
	defer cancel()
	err := r.client.Stop(late)
	err = errors.Join(err, work.Wait(), r.parts.DB.DropLease(late, instancePrefix+r.parts.DB.Instance()))
	if err != nil {
		return fmt.Errorf("stop sharing the work: %w", err)
	}
	return nil
}

// Close implements Runner.
func (r *River[D, T]) Close(ctx context.Context) error {
	defer r.close()
	r.stop()
	return r.insert(ctx, r.wakes.take())
}
