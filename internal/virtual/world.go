// Package virtual is a whole Timonel in virtual time: the real conversations, rules, storage and scheduler, with
// simulated chats and a clock that only moves when told. Whatever falls due on the way happens at its own moment. The
// same use gives the same result, byte for byte.
package virtual

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"timonel/bot"
	"timonel/bot/simulated"
	"timonel/conversations/understand"
	"timonel/internal/assembly"
	"timonel/steering"
	"timonel/steering/plan"
	"timonel/storage"
)

// Mistake is something that cannot be done in this world as it stands: the caller's to mend, not a failure.
type Mistake struct {
	What   string
	Remedy string
}

// Error implements error: what is wrong (what to do).
func (m *Mistake) Error() string {
	if m.Remedy == "" {
		return m.What
	}
	return m.What + " (" + m.Remedy + ")"
}

func mistake(remedy, what string, args ...any) error {
	return &Mistake{What: fmt.Sprintf(what, args...), Remedy: remedy}
}

// Options says what a world is made of.
type Options struct {
	// Database is a file or a postgres:// address; "" keeps the state in memory.
	Database string
	// Start is what the clock shows before it is set; 2026-01-01 if zero.
	Start time.Time
	// Plans, Policy and Model are those of the real bot.
	Plans  *plan.Library
	Policy steering.Policy
	Model  *understand.Model
	// Timezone, Country and Language are the defaults of new projects.
	Timezone, Country, Language string
	Log                         zerolog.Logger
}

// platforms are the simulated ones, in the order in which their messages go out.
var platforms = []bot.Platform{bot.Slack, bot.WhatsApp, bot.Web}

// World is the bot, its chats and its clock. Its methods may be called from several goroutines; one acts at a time.
type World struct {
	opt     Options
	network *simulated.Network
	random  io.Reader

	clockMu sync.RWMutex
	now     time.Time

	mu       sync.Mutex
	started  bool // the clock was set, or somebody spoke
	down     bool
	db       *storage.DB
	bot      *assembly.Bot
	chats    map[string]*Chat
	members  map[string]*member
	imported []string // projects, before the clock was set
	problems []error
}

// Open makes a world.
func Open(ctx context.Context, opt Options) (*World, error) {
	if opt.Timezone == "" {
		opt.Timezone = "UTC"
	}
	if opt.Language == "" {
		opt.Language = "es"
	}
	if opt.Start.IsZero() {
		opt.Start = defaultStart
	}
	w := &World{opt: opt, now: opt.Start.UTC(), chats: map[string]*Chat{}, members: map[string]*member{}, random: rand.NewChaCha8([32]byte{})}
	w.network = simulated.New(w.Now)
	return w, w.open(ctx)
}

// open opens the database and joins the parts on it.
func (w *World) open(ctx context.Context) error {
	url := w.opt.Database
	if url == "" {
		url = ":memory:"
	}
	db, err := assembly.OpenDatabase(ctx, url, w.Now)
	if err != nil {
		return err
	}
	w.db = db
	w.join()
	return nil
}

// join makes the bot's parts anew on the open database.
func (w *World) join() {
	var adapters []bot.Adapter
	for _, p := range platforms {
		adapters = append(adapters, w.network.Adapter(p))
	}
	w.bot = assembly.New(w.db, assembly.Options{
		Now: w.Now, Plans: w.opt.Plans, Policy: w.opt.Policy, Model: w.opt.Model, Timezone: w.opt.Timezone,
		Country: w.opt.Country, Language: w.opt.Language, Random: w.random, Adapters: adapters, Log: w.opt.Log,
		Operator: func(problem error) { w.problems = append(w.problems, problem) },
	})
}

// Close ends the world. A database in a file stays.
func (w *World) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.db.Close()
}

// Now is what the clock shows.
func (w *World) Now() time.Time {
	w.clockMu.RLock()
	defer w.clockMu.RUnlock()
	return w.now
}

func (w *World) setClock(t time.Time) {
	w.clockMu.Lock()
	defer w.clockMu.Unlock()
	w.now = t.UTC()
}

// SetZone sets the zone of projects that are made from now on.
func (w *World) SetZone(zone string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.opt.Timezone = zone
	w.join()
}

// Down stops the bot: what is said from now on waits on the platforms.
func (w *World) Down() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.down {
		return mistake("say @up before the next @down", "the bot is down already")
	}
	w.down = true
	return nil
}

// Up starts the bot again on the same state. The platforms redeliver in order what was said meanwhile, then what has
// fallen due is sent.
func (w *World) Up(ctx context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.down {
		return mistake("say @down first", "the bot is not down")
	}
	if err := w.reopen(ctx); err != nil {
		return err
	}
	w.down = false
	return w.settle(ctx)
}

// Restart stops the bot and starts it again on the same state.
func (w *World) Restart(ctx context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.mustBeUp(); err != nil {
		return err
	}
	if err := w.reopen(ctx); err != nil {
		return err
	}
	return w.settle(ctx)
}

// reopen closes and opens the database and makes the parts anew. In memory, where closing would forget everything, only
// the parts are.
func (w *World) reopen(ctx context.Context) error {
	if w.opt.Database == "" {
		w.join()
		return nil
	}
	if err := w.db.Close(); err != nil {
		return fmt.Errorf("close database: %w", err)
	}
	return w.open(ctx)
}

func (w *World) mustBeUp() error {
	if w.down {
		return mistake("say @up first", "the bot is down")
	}
	return nil
}

// Problems returns what an operator would have been told since the last call: messages that could not be handled or sent.
func (w *World) Problems() []error {
	w.mu.Lock()
	defer w.mu.Unlock()
	list := w.problems
	w.problems = nil
	return list
}

// Entries returns what stands in the chats after a place, 0 for all, messages from before this world left out.
func (w *World) Entries(after int) []simulated.Entry { return w.network.Entries(after) }

// View reads the state in one transaction.
func (w *World) View(ctx context.Context, read func(*storage.Tx) error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.db.View(ctx, read)
}
