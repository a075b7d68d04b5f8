// Package fakewhatsapp is a WhatsApp server for tests. The library that the bot
// uses, whatsmeow, is at both ends: the bot's client and the clients of the
// people it talks with connect to it over loopback, do the real handshake, pair,
// encrypt for each other and recover from what the server does to them.
//
// A test speaks of people, not of stanzas: a Member says, quotes, reacts and
// votes, and expects; the Server loses, repeats and reorders what they send. The
// package knows nothing of the bot.
package fakewhatsapp

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/util/keys"
	waLog "go.mau.fi/whatsmeow/util/log"

	"timonel/bot/whatsapp"
	"timonel/internal/pipe"
)

// Options are the parts of a Server that a test may want to choose. The zero
// value is a server with the wall clock and a random seed.
type Options struct {
	// Now is the server's clock, for the times of messages and groups.
	Now func() time.Time
	// After calls f once d has passed; it serves Delay and the patience with
	// clients that do not hang up. The default is time.AfterFunc.
	After func(d time.Duration, f func())
	// Rand gives keys, ids and pairing references.
	Rand rand.Source
	// Root signs the server's certificates. All servers of a process share one
	// by default, because the library keeps the root it trusts in a variable.
	Root *keys.KeyPair
	// Direct is how the server names the sender of a direct message.
	Direct types.AddressingMode
	// Log receives the library's log of every member. The default drops it.
	Log waLog.Logger
	// Pipe makes Start serve within the process, without any socket of the machine, so that it works in virtual time
	// (testing/synctest). Whoever connects from elsewhere needs Dial.
	Pipe bool
}

// Server is a fake WhatsApp. Its methods may be called from any goroutine.
type Server struct {
	opts         Options
	root, static *keys.KeyPair
	certificates []byte

	randLock sync.Mutex
	rand     *rand.Rand

	mu       sync.Mutex
	changed  chan struct{} // closed and replaced whenever something settles
	accounts map[string]*Account
	byLID    map[string]*Account
	people   []*Account // in the order in which they came
	groups   []*Group
	conns    []*conn // in the order in which they came
	refs     map[string]*conn
	media    map[string][]byte
	outage   bool
	lost     bool // media answers 404
	direct   types.AddressingMode
	unknown  []string
	closed   bool

	listener net.Listener
	pipe     *pipe.Listener
	http     *http.Server
	members  []*Member
}

var sharedRoot = sync.OnceValue(keys.NewKeyPair)

// New makes a server that does not listen yet.
func New(opts Options) (*Server, error) {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.After == nil {
		opts.After = func(d time.Duration, f func()) { time.AfterFunc(d, f) }
	}
	if opts.Rand == nil {
		opts.Rand = rand.NewPCG(rand.Uint64(), rand.Uint64())
	}
	if opts.Root == nil {
		opts.Root = sharedRoot()
	}
	if opts.Direct == "" {
		opts.Direct = types.AddressingModeLID
	}
	if opts.Log == nil {
		opts.Log = waLog.Noop
	}
	s := &Server{
		opts:     opts,
		root:     opts.Root,
		rand:     rand.New(opts.Rand),
		changed:  make(chan struct{}),
		accounts: map[string]*Account{},
		byLID:    map[string]*Account{},
		refs:     map[string]*conn{},
		media:    map[string][]byte{},
		direct:   opts.Direct,
	}
	s.static = s.newKeyPair()
	var err error
	s.certificates, err = newCertificates(s.root, s.newKeyPair(), s.static)
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Listen starts to serve on a TCP address, such as 127.0.0.1:0.
func (s *Server) Listen(addr string) error {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("listen as WhatsApp: %w", err)
	}
	return s.serve(listener)
}

func (s *Server) serve(listener net.Listener) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listener != nil {
		return errors.Join(errors.New("listen as WhatsApp: it listens already"), listener.Close())
	}
	s.listener = listener
	s.http = &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.http.Serve(listener) }() // it ends with the error of a closed listener
	return nil
}

// Start makes a server that listens on a free port of this machine.
func Start(opts Options) (*Server, error) {
	s, err := New(opts)
	if err != nil {
		return nil, err
	}
	if opts.Pipe {
		s.pipe = pipe.Listen("whatsapp.invalid")
		return s, s.serve(s.pipe)
	}
	return s, s.Listen("127.0.0.1:0")
}

// Dial opens a connection to a server that serves within the process, whatever the address. It is nil for one that
// listens on a socket.
func (s *Server) Dial() whatsapp.Dial {
	if s.pipe == nil {
		return nil
	}
	return s.pipe.Dial
}

// WebsocketURL is where clients connect: ws://HOST:PORT/ws/chat.
func (s *Server) WebsocketURL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listener == nil {
		return ""
	}
	return "ws://" + s.listener.Addr().String() + websocketPath
}

// RootKey is the public key that clients must trust, in hexadecimal.
func (s *Server) RootKey() string {
	return hex.EncodeToString(s.root.Pub[:])
}

// Close hangs up on everybody, closes the members' clients and stores, and
// stops listening.
func (s *Server) Close() error {
	s.mu.Lock()
	members, server := s.members, s.http
	s.members, s.closed = nil, true
	s.mu.Unlock()
	var errs []error
	for _, m := range members {
		errs = append(errs, m.close())
	}
	s.mu.Lock()
	for _, c := range s.conns {
		c.cut()
	}
	s.mu.Unlock()
	if server != nil {
		errs = append(errs, server.Close())
	}
	return errors.Join(errs...)
}

// Settle waits until every connected device has acknowledged all that was sent
// to it. Devices on Hold and devices that are away do not count.
func (s *Server) Settle(ctx context.Context) error {
	for {
		s.mu.Lock()
		busy := s.busy()
		changed := s.changed
		s.mu.Unlock()
		if busy == "" {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("settle: %s: %w", busy, ctx.Err())
		}
	}
}

// busy names what has not settled, or "". s.mu is held.
func (s *Server) busy() string {
	for _, a := range s.people {
		for _, d := range a.devices {
			if d.conn != nil && d.conn.active && !d.held() && len(d.pending) > 0 {
				return fmt.Sprintf("%s has not acknowledged %d stanzas, first %s", a.Name, len(d.pending), d.pending[0].node.String())
			}
		}
	}
	return ""
}

// wake tells those who wait that something changed. s.mu is held.
func (s *Server) wake() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// Unknown lists the requests that the server did not know, in order: what to
// look at when a client waits in vain.
func (s *Server) Unknown() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.unknown...)
}

func (s *Server) notUnderstood(n *waBinary.Node) {
	s.unknown = append(s.unknown, n.String())
}

func (s *Server) random(n int) []byte {
	s.randLock.Lock()
	defer s.randLock.Unlock()
	data := make([]byte, n)
	for i := range data {
		data[i] = byte(s.rand.Uint32())
	}
	return data
}

func (s *Server) newKeyPair() *keys.KeyPair {
	private := [32]byte(s.random(32))
	private[0] &= 248
	private[31] &= 127
	private[31] |= 64
	return keys.NewKeyPairFromPrivateKey(private)
}

// newID names a stanza of the server's own.
func (s *Server) newID() string {
	return hex.EncodeToString(s.random(8))
}

func (s *Server) unix() int64 {
	return s.opts.Now().Unix()
}

// WaitOnline waits until somebody has a client that is connected and receives,
// or, with online false, has none.
func (s *Server) WaitOnline(ctx context.Context, whose Someone, online bool) error {
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if whose.who().Online() == online {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("wait until %s is online (%t): %w", whose.who().Name, online, ctx.Err())
		}
	}
}

// Who gives the account behind an address of either kind, or nil.
func (s *Server) Who(jid types.JID) *Account {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.find(jid)
}
