package whatsapp_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/rs/zerolog"

	"timonel/bot"
	"timonel/bot/whatsapp"
	"timonel/internal/fakewhatsapp"
	"timonel/internal/pgtest"
)

// pair are two processes that share a number whose device is in PostgreSQL: the first has the session, the second stands by.
type pair struct {
	*house
	second   *whatsapp.Adapter
	replaced int
	ana      *fakewhatsapp.Actor
	group    *fakewhatsapp.Group
	database *sql.DB
	n        int
}

// newPair has a way for the first one to reach the database, and a change of its configuration.
func newPair(t *testing.T, reach func(address string) string, change func(*whatsapp.Config)) *pair {
	t.Helper()
	h := unlinked(t)
	address := pgtest.URL(t)
	h.config.Store = reach(address)
	change(&h.config)
	h.open()
	h.link()
	h.run()
	h.awaitOnline()
	p := &pair{house: h}
	p.ana, p.group = h.company()
	database, err := sql.Open("pgx", address)
	must(t, err)
	p.database = database
	t.Cleanup(func() { must(t, database.Close()) })
	config := h.config
	config.Store = address
	config.Report = func(trouble whatsapp.Trouble) {
		if trouble.Problem == whatsapp.Replaced {
			h.mu.Lock()
			p.replaced++
			h.mu.Unlock()
		}
	}
	p.second, err = whatsapp.Open(t.Context(), config)
	must(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.second.Run(ctx, h.sink) }()
	t.Cleanup(func() {
		cancel()
		must(t, errors.Join(<-done, p.second.Close()))
	})
	h.await("a second process that stands by", func() bool { return standsBy(p.second) })
	return p
}

func standsBy(a *whatsapp.Adapter) bool { return strings.Contains(a.Health().Problem, "stands by") }

func (p *pair) exec(statement string, args ...any) {
	p.t.Helper()
	_, err := p.database.ExecContext(p.t.Context(), statement, args...)
	must(p.t, err)
}

// heard holds that what is said now comes once.
func (p *pair) heard() {
	p.t.Helper()
	p.comes(p.says())
}

func (p *pair) says() (text string) {
	p.t.Helper()
	p.n++
	text = fmt.Sprint("mensaje ", p.n)
	p.ana.Says(p.group, text)
	return text
}

func (p *pair) comes(text string) {
	p.t.Helper()
	if in := p.sink.expect(p.t, bot.TextMessage); in.Text != text {
		p.t.Errorf("got %q, want %q", in.Text, text)
	}
}

// undisturbed holds that no session ever threw the other one out: WhatsApp allows one, and tells of a second.
func (p *pair) undisturbed() {
	p.t.Helper()
	p.cast.Settled()
	p.mu.Lock()
	second := p.replaced
	p.mu.Unlock()
	if first := p.reported(whatsapp.Replaced); first+second > 0 {
		p.t.Errorf("the first was thrown out %d times, the second %d times", first, second)
	}
}

// What a broken connection to the database costs is that connection: the session goes on.
func TestBrokenConnectionsOfTheStoreCostNothing(t *testing.T) {
	t.Parallel()
	name := fmt.Sprint("holder ", time.Now().UnixNano())
	p := newPair(t, func(address string) string { return address + "&application_name=" + url.QueryEscape(name) }, func(*whatsapp.Config) {})
	for range 5 {
		p.exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1`, name)
		p.heard()
		if !standsBy(p.second) {
			t.Errorf("the second process is at %+v", p.second.Health())
		}
	}
	p.undisturbed()
	if n := p.reported(whatsapp.Offline); n > 0 {
		t.Errorf("%d losses of the connection were told", n)
	}
}

// Who cannot reach the database gives the session up before another one has it, and stands by afterwards.
func TestWhoLosesTheDatabaseGivesTheSessionUp(t *testing.T) {
	t.Parallel()
	g := &gate{t: t}
	p := newPair(t, g.before, func(c *whatsapp.Config) { c.Log = zerolog.Nop() })
	p.heard()
	began := time.Now()
	g.shut()
	meanwhile := p.says()
	p.await("the first to give up", func() bool { return !p.adapter.Health().OK })
	gaveUp := time.Since(began)
	if p.second.Health().OK {
		t.Error("both have the session")
	}
	p.await("the second's turn", func() bool { return p.second.Health().OK })
	t.Logf("given up after %v, taken over after %v", gaveUp.Round(time.Millisecond), time.Since(began).Round(time.Millisecond))
	if p.adapter.Health().OK {
		t.Error("both have the session")
	}
	p.comes(meanwhile)
	p.heard()
	g.open()
	p.await("the first to stand by", func() bool { return standsBy(p.adapter) })
	p.heard()
	p.undisturbed()
}

// A process that stood still for longer than its claim lasts stands by: it does not take who has the session now for a thief.
func TestWhoStoodStillStandsBy(t *testing.T) {
	t.Parallel()
	p := newPair(t, func(address string) string { return address }, func(c *whatsapp.Config) {
		hurried := c.After
		c.After = func(d time.Duration) <-chan time.Time {
			if d == whatsapp.LeaseLook {
				return nil // it does not come to look
			}
			return hurried(d)
		}
	})
	p.exec(`UPDATE timonel_lease SET holder = 'another', until = now() + interval '2 seconds'`)
	p.cast.ReplaceStream(p.me)
	p.await("the first to stand by", func() bool { return standsBy(p.adapter) })
	p.await("somebody's turn", func() bool { return p.adapter.Health().OK || p.second.Health().OK })
	p.heard()
	p.undisturbed()
}

// gate is a way to the database that can be shut.
type gate struct {
	t  *testing.T
	mu sync.Mutex

	network, server string
	listener        net.Listener
	through         []net.Conn
	closed          bool
}

// before returns the address of the gate before a database.
func (g *gate) before(address string) string {
	g.t.Helper()
	config, err := pgx.ParseConfig(address)
	must(g.t, err)
	g.network, g.server = pgconn.NetworkAddress(config.Host, config.Port)
	var listen net.ListenConfig
	g.listener, err = listen.Listen(g.t.Context(), "tcp", "127.0.0.1:0")
	must(g.t, err)
	g.t.Cleanup(func() { _ = g.listener.Close(); g.shut() })
	go func() {
		for {
			near, err := g.listener.Accept()
			if err != nil {
				return // the test is over
			}
			g.pass(near)
		}
	}()
	u, err := url.Parse(address)
	must(g.t, err)
	host, port, err := net.SplitHostPort(g.listener.Addr().String())
	must(g.t, err)
	q := u.Query()
	q.Set("host", host)
	q.Set("port", port)
	u.RawQuery = q.Encode()
	return u.String()
}

func (g *gate) pass(near net.Conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	far, err := (&net.Dialer{}).DialContext(context.Background(), g.network, g.server)
	if err != nil || g.closed {
		_ = near.Close()
		if err == nil {
			_ = far.Close()
		}
		return
	}
	g.through = append(g.through, near, far)
	go func() { _, _ = io.Copy(near, far); _ = near.Close() }()
	go func() { _, _ = io.Copy(far, near); _ = far.Close() }()
}

// shut ends all connections and lets no new one through.
func (g *gate) shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
	for _, c := range g.through {
		_ = c.Close()
	}
	g.through = nil
}

func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = false
}
