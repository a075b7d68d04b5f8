package whatsapp_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"timonel/bot"
	"timonel/bot/whatsapp"
	"timonel/internal/fakewhatsapp"
)

const (
	botPhone   = "573009998877"
	anaPhone   = "573001112233"
	brunoPhone = "5491155556666"
	carlaPhone = "5511987654321"
)

// patience is how long anything may take before a test fails.
const patience = 20 * time.Second

// hurry is how much shorter the adapter's pauses are in tests.
const hurry = 200

// clock is the adapter's clock: it runs by itself, and can be moved on.
type clock struct {
	mu    sync.Mutex
	ahead time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
}

// house is a bot linked to a fake WhatsApp.
type house struct {
	t       *testing.T
	cast    *fakewhatsapp.Cast
	me      *fakewhatsapp.Account
	store   string
	clock   *clock
	config  whatsapp.Config
	adapter *whatsapp.Adapter
	sink    *sink
	stop    func()
	ended   chan error

	mu       sync.Mutex
	troubles []whatsapp.Trouble
	told     chan struct{}
}

// unlinked is a house whose bot has no number yet.
func unlinked(t *testing.T) *house {
	t.Helper()
	cast := fakewhatsapp.NewCast(t, fakewhatsapp.Options{})
	h := &house{
		t: t, cast: cast, me: cast.Account("Timonel", botPhone), store: filepath.Join(t.TempDir(), "whatsapp.db"),
		clock: &clock{}, sink: newSink(), told: make(chan struct{}),
	}
	h.config = whatsapp.Config{
		Store: h.store, WebsocketURL: cast.WebsocketURL(), RootKey: cast.RootKey(), Now: h.clock.now, Report: h.report,
		After: func(d time.Duration) <-chan time.Time { return time.After(d / hurry) },
		Log:   zerolog.New(zerolog.NewTestWriter(t)).Level(zerolog.WarnLevel),
	}
	return h
}

// open opens the adapter, which closes with the test.
func (h *house) open() {
	h.t.Helper()
	a, err := whatsapp.Open(h.t.Context(), h.config)
	if err != nil {
		h.t.Fatal(err)
	}
	h.adapter = a
}

// link links the number by a QR code.
func (h *house) link() {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), patience)
	defer cancel()
	number, err := h.adapter.Link(ctx, "", func(s whatsapp.Shown) {
		go func() { _ = h.cast.ScanQR(ctx, s.QR, h.me) }()
	})
	if err != nil || number != botPhone {
		h.t.Fatalf("linked %q: %v", number, err)
	}
}

// run starts the adapter; it stops with the test at latest.
func (h *house) run() {
	h.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	h.ended = make(chan error, 1)
	adapter, ended := h.adapter, h.ended
	go func() { ended <- adapter.Run(ctx, h.sink) }()
	once := sync.Once{}
	h.stop = func() {
		once.Do(func() {
			cancel()
			select {
			case <-ended:
			case <-time.After(patience):
				h.t.Error("Run did not end with its context")
			}
			if err := adapter.Close(); err != nil {
				h.t.Error(err)
			}
		})
	}
	h.t.Cleanup(h.stop)
}

func (h *house) awaitOnline() {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), patience)
	defer cancel()
	if err := h.cast.WaitOnline(ctx, h.me, true); err != nil {
		h.t.Fatal(err)
	}
	h.await("a healthy adapter", func() bool { return h.adapter.Health().OK })
}

// await waits until something is so. Nothing tells of it, so it is looked for.
func (h *house) await(what string, ok func() bool) {
	h.t.Helper()
	late := time.After(patience)
	for !ok() {
		select {
		case <-time.After(2 * time.Millisecond):
		case <-late:
			h.t.Fatalf("%s: it did not come to that; %+v", what, h.adapter.Health())
		}
	}
}

// settled is a running, linked bot.
func settled(t *testing.T) *house {
	t.Helper()
	h := unlinked(t)
	h.open()
	h.link()
	h.run()
	h.awaitOnline()
	return h
}

// company is Ana, and a group with her and the bot, of which the bot has heard.
func (h *house) company() (*fakewhatsapp.Actor, *fakewhatsapp.Group) {
	h.t.Helper()
	ana := h.cast.Member("Ana", anaPhone)
	group := h.cast.Group("Comité", ana, h.me)
	h.sink.expect(h.t, bot.Joined)
	return ana, group
}

// atWork is a house with Ana and the bot in a group.
func atWork(t *testing.T) (*house, *fakewhatsapp.Actor, *fakewhatsapp.Group) {
	t.Helper()
	h := settled(t)
	ana, group := h.company()
	h.cast.Settled()
	return h, ana, group
}

// restart ends the adapter and opens a new one on the same store.
func (h *house) restart() {
	h.t.Helper()
	h.stop()
	h.open()
	h.run()
}

func (h *house) report(t whatsapp.Trouble) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.troubles = append(h.troubles, t)
	close(h.told)
	h.told = make(chan struct{})
}

// awaitTrouble waits for a report.
func (h *house) awaitTrouble(p whatsapp.Problem, over bool) whatsapp.Trouble {
	h.t.Helper()
	late := time.After(patience)
	for {
		h.mu.Lock()
		told, list := h.told, slices.Clone(h.troubles)
		h.mu.Unlock()
		for _, r := range list {
			if r.Problem == p && r.Over == over {
				return r
			}
		}
		select {
		case <-told:
		case <-late:
			h.t.Fatalf("%s (over: %v) was not reported; reported was %+v", p, over, list)
		}
	}
}

func (h *house) reported(p whatsapp.Problem) (n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, r := range h.troubles {
		if r.Problem == p && !r.Over {
			n++
		}
	}
	return n
}

var outbox struct {
	sync.Mutex
	n int64
}

func number(out *bot.Outgoing) {
	if out.ID == 0 {
		outbox.Lock()
		defer outbox.Unlock()
		outbox.n++
		out.ID = outbox.n
	}
}

// send sends a message, whose id is made up where it has none.
func (h *house) send(out bot.Outgoing) (bot.MessageID, error) {
	h.t.Helper()
	number(&out)
	out.Platform = bot.WhatsApp
	if out.Kind == "" {
		out.Kind = bot.KindReply
	}
	ctx, cancel := context.WithTimeout(h.t.Context(), patience)
	defer cancel()
	return h.adapter.Send(ctx, out)
}

// mustSend sends as the courier does: again, while that may help.
func (h *house) mustSend(out bot.Outgoing) bot.MessageID {
	h.t.Helper()
	number(&out)
	late := time.After(patience)
	for {
		id, err := h.send(out)
		if err == nil {
			return id
		}
		select {
		case <-late:
		case <-time.After(20 * time.Millisecond):
			if !bot.IsPermanent(err) {
				continue
			}
		}
		h.t.Fatalf("send %q: %v", out.Text, err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func scanBy(t *testing.T, cast *fakewhatsapp.Cast, who fakewhatsapp.Someone) func(whatsapp.Shown) {
	return func(s whatsapp.Shown) {
		go func() { _ = cast.ScanQR(t.Context(), s.QR, who) }()
	}
}

// writes sends a text to a group.
func (h *house) writes(g *fakewhatsapp.Group, text string) bot.MessageID {
	h.t.Helper()
	return h.mustSend(bot.Outgoing{Room: room(g), Text: text})
}

func room(g *fakewhatsapp.Group) bot.RoomID { return bot.RoomID(g.JID().String()) }

func user(who fakewhatsapp.Someone) bot.UserID { return bot.UserID(who.ChatJID().String()) }

// long is a text of about n runes in lines.
func long(n int) string {
	var b strings.Builder
	for i := 0; b.Len() < n; i++ {
		fmt.Fprintf(&b, "línea %05d de una lista larga\n", i)
	}
	b.WriteString("y el final")
	return b.String()
}
