// Package fakeslack is a Slack for tests: a workspace with people, channels and one installed app, the Web API and
// Socket Mode in front of it. It keeps state, answers with Slack's own error codes, redelivers what is not
// acknowledged, and refuses what Slack refuses. Tests drive people, not endpoints: a person says, clicks, reacts and
// expects. It is not part of the program.
package fakeslack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"time"
)

// Options set up a server; zero fields have the defaults.
type Options struct {
	// Now is the clock, After waits: time.Now and time.After if nil. Message times, limits and redelivery go by them.
	Now   func() time.Time
	After func(time.Duration) <-chan time.Time
	// Seed makes every random choice of the server's repeatable.
	Seed uint64
	// Limits switches Slack's rate limits on: tiers by method, a message a second and channel.
	Limits bool
	// Burst is how many messages a channel takes at once before the limit of one a second counts (1).
	Burst int
	// AckWithin is how long the server waits for an acknowledgement (3 s).
	AckWithin time.Duration
	// Retries are the waits before each redelivery of an event that was not acknowledged (0, 1 and 5 minutes).
	Retries []time.Duration
	// Ping is the time between two pings of a socket (10 s).
	Ping time.Duration
	// OldClients makes people read with clients that do not know Slack's dates and show the wording that comes with them.
	OldClients bool
	// Sent is told of everything that the bot sends, as it is sent; it must be quick and must not call the server.
	Sent func(*Sent)
	// TeamName and BotName name the workspace and the app's bot user ("Acme", "timonel").
	TeamName, BotName string
	// Scopes and Events are what the app was installed with; all that the server knows if nil.
	Scopes, Events []string
}

// Server is one workspace with one installed app.
type Server struct {
	opt   Options
	rand  *rand.Rand
	url   string // of what serves Handler, without a slash at the end
	http  *http.Server
	ended chan struct{}
	work  sync.WaitGroup

	mu       sync.Mutex
	changed  chan struct{} // closed and replaced at every change, for those who wait
	serial   int
	lastTS   int64 // microseconds of the newest timestamp
	team     string
	app      string
	appToken string
	botToken string
	botUser  string
	botID    string
	scopes   map[string]bool
	events   map[string]bool
	people   map[string]*Person
	channels map[string]*Channel
	order    []*Channel
	files    map[string]*File
	views    map[string]*View
	triggers map[string]*trigger
	answers  map[string]*responseURL
	sockets  sockets
	limits   limiter
	faults   faults
	seen     []*Sent
	calls    map[string]int
	lost     []string
	told     []json.RawMessage // the events of what last happened
}

// New returns a server that nothing serves yet: see Listen, Pipe and Handler.
func New(opt Options) *Server {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.After == nil {
		opt.After = time.After
	}
	if opt.Burst <= 0 {
		opt.Burst = 1
	}
	if opt.AckWithin <= 0 {
		opt.AckWithin = 3 * time.Second
	}
	if opt.Retries == nil {
		opt.Retries = []time.Duration{0, time.Minute, 5 * time.Minute}
	}
	if opt.Ping <= 0 {
		opt.Ping = 10 * time.Second
	}
	if opt.TeamName == "" {
		opt.TeamName = "Acme"
	}
	if opt.BotName == "" {
		opt.BotName = "timonel"
	}
	s := &Server{
		opt: opt, rand: rand.New(rand.NewPCG(opt.Seed, 0x5ac)), ended: make(chan struct{}), changed: make(chan struct{}),
		people: map[string]*Person{}, channels: map[string]*Channel{}, files: map[string]*File{}, views: map[string]*View{},
		triggers: map[string]*trigger{}, answers: map[string]*responseURL{}, calls: map[string]int{},
		limits: newLimiter(), faults: newFaults(),
	}
	s.install()
	return s
}

// install makes the workspace, the app and its bot user.
func (s *Server) install() {
	s.team, s.app = "T00000001", "A00000001"
	s.appToken, s.botToken = "xapp-1-A00000001-1111111111-fakefakefake", "xoxb-1111111111-2222222222-fakefakefake"
	bot := s.newPerson(s.opt.BotName, s.team)
	bot.bot = true
	s.botUser, s.botID = bot.ID, "B00000001"
	s.scopes, s.events = map[string]bool{}, map[string]bool{}
	for _, scope := range orAll(s.opt.Scopes, knownScopes()) {
		s.scopes[scope] = true
	}
	for _, event := range orAll(s.opt.Events, knownEvents) {
		s.events[event] = true
	}
}

func orAll(chosen, all []string) []string {
	if chosen == nil {
		return all
	}
	return chosen
}

// Listen serves on a TCP address ("127.0.0.1:0" finds a free port) until Close.
func (s *Server) Listen(addr string) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("serve the fake Slack: %w", err)
	}
	s.url = "http://" + l.Addr().String()
	s.serve(l)
	return nil
}

func (s *Server) serve(l net.Listener) {
	s.http = &http.Server{Handler: s.Handler(), ReadHeaderTimeout: time.Minute}
	s.work.Go(func() { _ = s.http.Serve(l) })
}

// URL is the address of what Listen or Pipe serves.
func (s *Server) URL() string { return s.url }

// APIURL is what an app sets as Slack's API address.
func (s *Server) APIURL() string { return s.url + "/api/" }

// AppToken is the app's token for Socket Mode.
func (s *Server) AppToken() string { s.mu.Lock(); defer s.mu.Unlock(); return s.appToken }

// BotToken is the token of the installation.
func (s *Server) BotToken() string { s.mu.Lock(); defer s.mu.Unlock(); return s.botToken }

// BotUser is the user id of the bot.
func (s *Server) BotUser() string { return s.botUser }

// Team is the workspace's id.
func (s *Server) Team() string { return s.team }

// Close ends every connection and waits for what runs.
func (s *Server) Close() error {
	s.mu.Lock()
	select {
	case <-s.ended:
		s.mu.Unlock()
		return nil
	default:
		close(s.ended)
	}
	s.wakeLocked()
	s.mu.Unlock()
	s.DropSockets()
	var err error
	if s.http != nil {
		err = s.http.Close()
	}
	s.work.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return err
}

// wakeLocked tells everybody who waits that something changed.
func (s *Server) wakeLocked() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// await waits until done, called with the lock held, reports true.
func (s *Server) await(ctx context.Context, done func() bool) error {
	for {
		s.mu.Lock()
		if done() {
			s.mu.Unlock()
			return nil
		}
		changed := s.changed
		s.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		case <-s.ended:
			return errors.New("the fake Slack was closed")
		}
	}
}

// Await waits until done reports true; it is asked again after everything that happens, without the server's lock.
func (s *Server) Await(ctx context.Context, done func() bool) error {
	var changed chan struct{}
	for {
		s.mu.Lock()
		changed = s.changed
		s.mu.Unlock()
		if done() {
			return nil
		}
		if err := s.await(ctx, func() bool { return s.changed != changed }); err != nil {
			return err
		}
	}
}

// stop reports whether the server is closed.
func (s *Server) stop() bool {
	select {
	case <-s.ended:
		return true
	default:
		return false
	}
}

// id makes a new identifier with a letter in front. Called with the lock held or before anybody else knows the server.
func (s *Server) id(letter string) string {
	s.serial++
	return fmt.Sprintf("%s%08d", letter, s.serial)
}

// ts makes a message's timestamp: the moment, but always later than the one before. Called with the lock held.
func (s *Server) ts() string {
	micro := s.opt.Now().UnixMicro()
	if micro <= s.lastTS {
		micro = s.lastTS + 1
	}
	s.lastTS = micro
	return fmt.Sprintf("%d.%06d", micro/1e6, micro%1e6)
}
