package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/rs/zerolog"
	"go.mau.fi/whatsmeow"
	wastore "go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
	waLog "go.mau.fi/whatsmeow/util/log"

	"timonel/bot"
)

// Config says how the bot's number is reached.
type Config struct {
	// Store is the device's database: a file, or the postgres:// address of a database in which it gets a schema of its own.
	// It is not the bot's database, because it holds other secrets.
	Store string
	// WebsocketURL and RootKey lead to a local WhatsApp; empty means WhatsApp's own.
	WebsocketURL, RootKey string
	// Dial opens the connections to a local WhatsApp; over the network if nil.
	Dial Dial
	// Name is what people see as the bot's name; Timonel if empty.
	Name string
	// DailyCap bounds the messages of a day, so that a fault never gets the number banned; 0 means 1,000.
	DailyCap int
	// Now is the clock, After waits: time.Now and time.After if nil.
	Now   func() time.Time
	After func(time.Duration) <-chan time.Time
	// Log takes what the adapter and the library have to tell.
	Log zerolog.Logger
	// Report hears once of each trouble that somebody has to look after, and once that it is over. May be nil.
	Report func(Trouble)
}

// ErrNotLinked means that no number is linked yet.
var ErrNotLinked = errors.New("no WhatsApp number is linked (run: timonel whatsapp link)")

// Adapter implements bot.Adapter and bot.Reconciler: the bot is a linked device of a number of its own.
type Adapter struct {
	cfg    Config
	store  *store
	limits limits
	health health
	talk   talk
	awaits unread
	turn   *turn

	mu        sync.Mutex
	client    *whatsmeow.Client // of the session, nil without one
	me        self
	sink      bot.Sink
	ended     chan ending   // why the session cannot go on
	online    chan struct{} // closed while the session can send
	stalled   bool          // something could not be stored: nothing that follows it may be taken before it
	shownAt   time.Time     // when the bot last showed itself as present
	modes     map[string]string
	lookedFor map[string]bool // numbers whose hidden address WhatsApp was asked for
}

// self is the bot's own addresses.
type self struct{ number, lid types.JID }

// Open opens the device store; it does not connect.
func Open(ctx context.Context, cfg Config) (*Adapter, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.After == nil {
		cfg.After = time.After
	}
	if cfg.Name == "" {
		cfg.Name = "Timonel"
	}
	if cfg.DailyCap == 0 {
		cfg.DailyCap = 1000
	}
	quietSignal()
	s, err := openStore(ctx, cfg)
	if err != nil {
		return nil, err
	}
	a := &Adapter{
		cfg: cfg, store: s, ended: make(chan ending, 1), online: make(chan struct{}),
		modes: map[string]string{}, lookedFor: map[string]bool{}, turn: newTurn(),
	}
	a.limits.cap = cfg.DailyCap
	a.health = newHealth(cfg.Now)
	return a, nil
}

// library is the log of a part of the library: what it informs of is detail to us.
func (c Config) library(part string) waLog.Logger {
	return waLog.Zerolog(c.Log.With().Str("library", "whatsmeow").Logger().Hook(quieter{})).Sub(part)
}

// quieter drops what the library tells below a warning.
type quieter struct{}

// Run implements zerolog.Hook.
func (quieter) Run(e *zerolog.Event, level zerolog.Level, _ string) {
	if level < zerolog.WarnLevel && level != zerolog.TraceLevel {
		e.Discard()
	}
}

// Close closes the store. Run must have ended.
func (a *Adapter) Close() error { return a.store.Close() }

// Platform implements bot.Adapter.
func (a *Adapter) Platform() bot.Platform { return bot.WhatsApp }

// maxText keeps one message readable on a phone; WhatsApp folds longer ones and finally cuts them. A longer text is sent
// as several.
const maxText = 3500

// maxPoll is how many options a poll may have.
const maxPoll = 12

// Capabilities implements bot.Adapter. WhatsApp's apps show no buttons: options are numbered lines.
func (a *Adapter) Capabilities() bot.Capabilities {
	return bot.Capabilities{Polls: true, Edits: true, Files: true, MaxOptions: maxPoll}
}

// newClient makes a client of the library on a device.
func (a *Adapter) newClient(device *wastore.Device) (*whatsmeow.Client, error) {
	client := whatsmeow.NewClient(device, a.cfg.library("Client"))
	// WhatsApp hears that a message arrived only when it is stored: what was not acknowledged is offered again.
	client.SynchronousAck = true
	client.EnableDecryptedEventBuffer = true
	// Who cannot read a message of ours asks for it again, perhaps after a restart.
	client.UseRetryMessageStore = true
	client.AutomaticMessageRerequestFromPhone = true
	a.takeTurns(client)
	client.EnableAutoReconnect, client.InitialAutoReconnect = true, true
	client.ManualHistorySyncDownload = true // history is no conversation
	if a.cfg.WebsocketURL != "" {
		if err := RedirectThrough(client, a.cfg.WebsocketURL, a.cfg.RootKey, a.cfg.Dial); err != nil {
			return nil, err
		}
	}
	return client, nil
}

// session returns the client of the session, nil without one.
func (a *Adapter) session() *whatsmeow.Client {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.client
}

// Health implements bot.Adapter.
func (a *Adapter) Health() bot.Health { return a.health.now() }

// Linked returns the number that is linked, "" if none is.
func (a *Adapter) Linked(ctx context.Context) (string, error) {
	device, err := a.device(ctx)
	if err != nil || device == nil {
		return "", err
	}
	return device.ID.User, nil
}

// device returns the linked device, nil if there is none.
func (a *Adapter) device(ctx context.Context) (*wastore.Device, error) {
	device, err := a.store.container.GetFirstDevice(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the linked device: %w", err)
	}
	if device == nil || device.ID == nil {
		return nil, nil
	}
	return device, nil
}
