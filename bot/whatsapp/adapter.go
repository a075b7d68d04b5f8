package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.mau.fi/whatsmeow"
	waLog "go.mau.fi/whatsmeow/util/log"

	"timonel/bot"
)

// Config says how the bot's number is reached.
type Config struct {
	// Store is the device's database: a file of its own, since it holds other secrets than the bot's state.
	Store string
	// WebsocketURL and RootKey lead to a local WhatsApp; empty means WhatsApp's own.
	WebsocketURL, RootKey string
	// Name is what people see as the bot's name.
	Name string
	// DailyCap bounds the messages of a day, so that a fault never gets the number banned; 0 means 1,000.
	DailyCap int
	// Now is the clock; time.Now if nil.
	Now func() time.Time
	// Log takes the library's own log; nothing if nil.
	Log waLog.Logger
	// Report hears once of each problem that an operator must know, and once that it is over ("").
	Report func(problem string)
}

// ErrNotLinked means that no number is linked yet.
var ErrNotLinked = errors.New("no WhatsApp number is linked: run 'timonel whatsapp link'")

// Adapter is the bot on WhatsApp: a linked device of a number of its own.
type Adapter struct {
	cfg    Config
	store  *store
	client *whatsmeow.Client
	pace   cap24h

	mu     sync.Mutex
	health bot.Health
	sink   bot.Sink
	ended  chan struct{} // closed when the session cannot come back by itself
	once   *sync.Once
}

// Open opens the device store and prepares the client; it does not connect.
func Open(ctx context.Context, cfg Config) (*Adapter, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = waLog.Noop
	}
	if cfg.Name == "" {
		cfg.Name = "Timonel"
	}
	if cfg.DailyCap == 0 {
		cfg.DailyCap = 1000
	}
	quietSignal()
	s, err := openStore(ctx, cfg.Store, cfg.Log)
	if err != nil {
		return nil, err
	}
	device, err := s.container.GetFirstDevice(ctx)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("read the linked device: %w", err), s.Close())
	}
	a := &Adapter{cfg: cfg, store: s, client: whatsmeow.NewClient(device, cfg.Log), pace: cap24h{max: cfg.DailyCap}}
	a.health = bot.Health{Problem: "not connected yet", Since: cfg.Now()}
	a.ended, a.once = make(chan struct{}), &sync.Once{}
	// The server hears that a message arrived only when it is stored: what was not acknowledged is offered again.
	a.client.SynchronousAck = true
	a.client.EnableDecryptedEventBuffer = true
	a.client.EnableAutoReconnect, a.client.InitialAutoReconnect = true, true
	a.client.ManualHistorySyncDownload = true // history is no conversation
	a.client.AddEventHandlerWithSuccessStatus(a.hear)
	if cfg.WebsocketURL != "" {
		if err := Redirect(a.client, cfg.WebsocketURL, cfg.RootKey); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	return a, nil
}

// Close disconnects and closes the store.
func (a *Adapter) Close() error {
	a.client.Disconnect()
	return a.store.Close()
}

// Platform implements bot.Adapter.
func (a *Adapter) Platform() bot.Platform { return bot.WhatsApp }

// maxText keeps one message readable on a phone; WhatsApp itself folds and finally cuts much longer ones.
const maxText = 3500

// Capabilities implements bot.Adapter. Buttons are not shown by WhatsApp's clients: options are numbered lines.
func (a *Adapter) Capabilities() bot.Capabilities {
	return bot.Capabilities{Polls: true, Edits: true, Files: true, MaxText: maxText, MaxOptions: 12}
}

// Run implements bot.Adapter. The library reconnects by itself; Run returns when ctx ends or the session is over.
func (a *Adapter) Run(ctx context.Context, sink bot.Sink) error {
	if a.client.Store.ID == nil {
		a.problem(ErrNotLinked.Error())
		return ErrNotLinked
	}
	a.mu.Lock()
	a.sink = sink
	a.mu.Unlock()
	a.client.BackgroundEventCtx = ctx
	if a.client.Store.PushName == "" {
		a.client.Store.PushName = a.cfg.Name
	}
	if err := a.client.ConnectContext(ctx); err != nil {
		return fmt.Errorf("connect to WhatsApp: %w", err)
	}
	defer a.client.Disconnect()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-a.ended:
		return fmt.Errorf("the WhatsApp session ended: %s", a.Health().Problem)
	}
}

// Health implements bot.Adapter.
func (a *Adapter) Health() bot.Health {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.health
}

// problem notes what is wrong, in words for the operator, and reports it once.
func (a *Adapter) problem(words string) {
	a.mu.Lock()
	again := !a.health.OK && a.health.Problem == words
	a.health = bot.Health{Problem: words, Since: a.cfg.Now()}
	a.mu.Unlock()
	if !again && a.cfg.Report != nil {
		a.cfg.Report(words)
	}
}

func (a *Adapter) well() {
	a.mu.Lock()
	was := a.health
	a.health = bot.Health{OK: true, Since: a.cfg.Now()}
	a.mu.Unlock()
	if !was.OK && a.cfg.Report != nil {
		a.cfg.Report("")
	}
}

// over ends the session: what happened cannot be mended by connecting again.
func (a *Adapter) over(words string) {
	a.problem(words)
	a.once.Do(func() { close(a.ended) })
}
