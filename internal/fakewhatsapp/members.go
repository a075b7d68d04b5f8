package fakewhatsapp

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/store/sqlstore"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	_ "modernc.org/sqlite" // the members' stores

	"timonel/bot/whatsapp"
)

// Member is a person with a real client of the library, linked to the person's
// telephone, with a store of its own in memory.
type Member struct {
	*Account
	// Client is the person's client. It changes with Relink.
	Client *whatsmeow.Client

	srv       *Server
	db        *sql.DB
	configure []func(*whatsmeow.Client)

	// turn holds a token while nothing is sealed: the library seals messages and answers to retry receipts at once, and then
	// some get the same key. People's own apps do not.
	turn chan struct{}

	lock     sync.Mutex
	changed  chan struct{} // closed and replaced whenever something arrives
	inbox    []*Message
	expected map[*Message]bool
	events   []any // not yet awaited
	options  map[types.MessageID][]string
}

// NewMember opens an account, if there is none, links a client to it and waits
// until the client is connected. The functions change the client before that.
func (s *Server) NewMember(ctx context.Context, name, phone string, configure ...func(*whatsmeow.Client)) (*Member, error) {
	account, err := s.NewAccount(name, phone)
	if err != nil {
		return nil, err
	}
	m := &Member{
		Account: account, srv: s, configure: configure,
		turn: make(chan struct{}, 1), changed: make(chan struct{}), expected: map[*Message]bool{}, options: map[types.MessageID][]string{},
	}
	m.turn <- struct{}{}
	if err = m.link(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("let %s in: %w", name, err), m.close())
	}
	s.mu.Lock()
	s.members = append(s.members, m)
	s.mu.Unlock()
	return m, nil
}

// answerTime is how long a client may take to answer a retry receipt.
const answerTime = 100 * time.Millisecond

var storeNumber atomic.Int64

// openStore opens an empty store in memory, shared by its connections.
func (m *Member) openStore(ctx context.Context) (*sqlstore.Container, error) {
	dsn := fmt.Sprintf("file:/fakewhatsapp-%d?vfs=memdb&_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_txlock=immediate",
		storeNumber.Add(1))
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, fmt.Errorf("open a store: %w", err)
	}
	// One connection: who waits for the pool waits in Go, where who waits for SQLite's lock sleeps, while the library holds
	// a mutex over it: in virtual time that sleep never ends. The database lives as long as its connection.
	db.SetMaxOpenConns(1)
	m.db = db
	container := sqlstore.NewWithDB(db, "sqlite3", m.srv.opts.Log)
	if err = container.Upgrade(ctx); err != nil {
		return nil, fmt.Errorf("prepare a store: %w", err)
	}
	return container, nil
}

// link makes a client, connects it, scans its QR code with the person's
// telephone and waits until it is connected as the person's device.
func (m *Member) link(ctx context.Context) error {
	container, err := m.openStore(ctx)
	if err != nil {
		return err
	}
	m.Client = whatsmeow.NewClient(container.NewDevice(), m.srv.opts.Log.Sub(m.Name))
	m.Client.SetMaxParallelRetryReceiptHandling(1)
	m.Client.PreRetryCallback = func(*events.Receipt, types.MessageID, int, *waE2E.Message) bool {
		<-m.turn
		m.srv.opts.After(answerTime, func() { m.turn <- struct{}{} })
		return true
	}
	for _, change := range m.configure {
		change(m.Client)
	}
	if err = whatsapp.RedirectThrough(m.Client, m.srv.WebsocketURL(), m.srv.RootKey(), m.srv.Dial()); err != nil {
		return err
	}
	client := m.Client
	client.AddEventHandler(func(event any) { m.hear(client, event) })
	if err = m.Client.Connect(); err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	shown, err := AwaitEvent[*events.QR](ctx, m, nil)
	if err != nil {
		return err
	}
	if err = m.srv.ScanQR(ctx, shown.Codes[0], m); err != nil {
		return err
	}
	if err = m.awaitConnected(ctx); err != nil {
		return err
	}
	m.Client.Store.PushName = m.Name
	if err = m.Client.Store.Save(ctx); err != nil {
		return fmt.Errorf("save the push name: %w", err)
	}
	return nil
}

func (m *Member) awaitConnected(ctx context.Context) error {
	_, err := AwaitEvent[*events.Connected](ctx, m, nil)
	return err
}

// GoesOffline hangs up; what is sent to the person waits on the server.
func (m *Member) GoesOffline() { m.hangUp() }

// hangUp ends the connection from the server's side: the library stops taking what comes in before it stops reading, so a
// client that hangs up by itself while something comes in keeps a goroutine for ever.
func (m *Member) hangUp() {
	if !m.Client.IsConnected() {
		m.Client.Disconnect() // it may be on its way back
		return
	}
	m.ForgetEvents()
	m.Client.EnableAutoReconnect = false
	m.srv.Drop(m)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	_, _ = AwaitEvent[*events.Disconnected](ctx, m, nil) // one that was told to leave makes no event of it
	m.Client.Disconnect()
}

// ComesBack connects again and waits until it receives.
func (m *Member) ComesBack(ctx context.Context) error {
	m.ForgetEvents()
	m.Client.EnableAutoReconnect = true
	if err := m.Client.Connect(); err != nil {
		return fmt.Errorf("%s comes back: %w", m.Name, err)
	}
	return m.awaitConnected(ctx)
}

// Relink unlinks the member's client and links a new one, with new keys, to the
// same telephone: others must learn that the old device is gone.
func (s *Server) Relink(ctx context.Context, m *Member) error {
	m.hangUp()
	s.LogOut(m)
	if err := m.db.Close(); err != nil {
		return fmt.Errorf("link %s anew: %w", m.Name, err)
	}
	m.ForgetEvents()
	if err := m.link(ctx); err != nil {
		return fmt.Errorf("link %s anew: %w", m.Name, err)
	}
	return nil
}

// close disconnects the client and drops its store.
func (m *Member) close() error {
	if m.Client != nil {
		m.hangUp()
	}
	if m.db == nil {
		return nil
	}
	return m.db.Close()
}
