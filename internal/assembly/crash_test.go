package assembly

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"timonel/bot"
	"timonel/conversations"
	"timonel/conversations/understand"
	"timonel/internal/pgtest"
	"timonel/steering"
	"timonel/steering/plan"
	"timonel/storage"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// boundary is a step of a message's way after which something is kept somewhere else.
type boundary string

const (
	atInbox  boundary = "inbox insert"
	atAck    boundary = "ack"
	atCommit boundary = "commit"
	atSweep  boundary = "sweep"
	atClaim  boundary = "claim"
	atSend   boundary = "send"
	atSent   boundary = "mark sent"
)

// fault is what goes wrong at a boundary.
type fault string

const (
	failsUndone fault = "fails, did not persist"
	failsDone   fault = "fails, did persist"
	diesBefore  fault = "process dies before"
	diesAfter   fault = "process dies after"
)

// knowledge is what a platform lets us know of a message whose sending was interrupted.
type knowledge string

const (
	askable  knowledge = "can be asked"         // as Slack
	choosing knowledge = "takes one id once"    // as WhatsApp
	mute     knowledge = "lets us know nothing" // none of ours
)

var errInjected = errors.New("injected")

// trap springs once, at one boundary.
type trap struct {
	at     boundary
	fault  fault
	sprung bool
}

// through does what a boundary does, or what goes wrong there. A process that dies does not come back from it: its
// goroutine ends, as does everything that it had in memory.
func (p *trap) through(at boundary, do func() error) error {
	if p.sprung || at != p.at {
		return do()
	}
	p.sprung = true
	switch p.fault {
	case failsUndone:
		return errInjected
	case failsDone:
		return errors.Join(errInjected, do())
	case diesBefore:
		runtime.Goexit()
	case diesAfter:
		if err := do(); err != nil {
			return err
		}
		runtime.Goexit()
	}
	return nil
}

// trappedBox is the inbox and the outbox, with a trap.
type trappedBox struct {
	*storage.DB
	trap *trap
}

// Receive implements bot.Inbox.
func (b trappedBox) Receive(ctx context.Context, in bot.Incoming) (fresh bool, err error) {
	err = b.trap.through(atInbox, func() error { fresh, err = b.DB.Receive(ctx, in); return err })
	return fresh, err
}

// ClaimOutgoing implements bot.Outbox.
func (b trappedBox) ClaimOutgoing(ctx context.Context, p bot.Platform, limit int, lease time.Duration) (list []bot.Outgoing, err error) {
	err = b.trap.through(atClaim, func() error { list, err = b.DB.ClaimOutgoing(ctx, p, limit, lease); return err })
	if err != nil {
		return nil, err
	}
	return list, nil
}

// MarkSent implements bot.Outbox.
func (b trappedBox) MarkSent(ctx context.Context, id int64, as bot.MessageID) error {
	return b.trap.through(atSent, func() error { return b.DB.MarkSent(ctx, id, as) })
}

// trappedHandler is the conversations, with a trap.
type trappedHandler struct {
	bot.Handler
	trap *trap
}

// Handle implements bot.Handler.
func (h trappedHandler) Handle(ctx context.Context, in bot.Incoming) error {
	return h.trap.through(atCommit, func() error { return h.Handler.Handle(ctx, in) })
}

// shore is a platform: it outlives the bot's processes, offers what people said until it is acknowledged, and shows what
// was sent.
type shore struct {
	trap    *trap
	knows   knowledge
	offered []bot.Incoming
	shown   []string        // texts, as people see them
	taken   map[int64]bool  // messages that arrived, by the number that the bot gave them
	sends   map[int64]int64 // how often each was sent
}

// Platform implements bot.Adapter.
func (s *shore) Platform() bot.Platform { return bot.Slack }

// Run implements bot.Adapter; the test connects by itself.
func (s *shore) Run(context.Context, bot.Sink) error { return nil }

// Capabilities implements bot.Adapter.
func (s *shore) Capabilities() bot.Capabilities { return bot.Capabilities{} }

// Health implements bot.Adapter.
func (s *shore) Health() bot.Health { return bot.Health{OK: true} }

// Send implements bot.Adapter.
func (s *shore) Send(_ context.Context, out bot.Outgoing) (bot.MessageID, error) {
	err := s.trap.through(atSend, func() error {
		s.sends[out.ID]++
		if !s.taken[out.ID] || s.knows != choosing {
			s.shown = append(s.shown, out.Text)
		}
		s.taken[out.ID] = true
		return nil
	})
	if err != nil {
		return "", bot.InDoubt(err)
	}
	return bot.MessageID(fmt.Sprint("m", out.ID)), nil
}

// asked is a shore that can be asked.
type asked struct{ *shore }

// Sent implements bot.Reconciler.
func (s asked) Sent(_ context.Context, out bot.Outgoing) (bot.MessageID, bool, error) {
	return bot.MessageID(fmt.Sprint("m", out.ID)), s.taken[out.ID], nil
}

func (s *shore) adapter() bot.Adapter {
	if s.knows == askable {
		return asked{s}
	}
	return s
}

// offer hands the bot what it has not acknowledged, and forgets what it does.
func (s *shore) offer(ctx context.Context, sink bot.Sink) {
	for len(s.offered) > 0 {
		if err := sink.Receive(ctx, s.offered[0]); err != nil {
			return // it is offered again
		}
		_ = s.trap.through(atAck, func() error { s.offered = s.offered[1:]; return nil }) // an adapter cannot do anything about it
	}
}

// voyage is a project, a platform, and one bot process after the other.
type voyage struct {
	t    *testing.T
	url  string
	now  time.Time
	opt  Options
	from *shore
	trap *trap
}

func (v *voyage) must(err error) {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
}

func (v *voyage) open() *storage.DB {
	v.t.Helper()
	db, err := OpenDatabase(v.t.Context(), v.url, func() time.Time { return v.now })
	v.must(err)
	return db
}

// process is one process from its start to its end: it hears, works, sweeps and delivers until nothing is left to do, or
// dies on the way.
func (v *voyage) process() {
	v.t.Helper()
	db := v.open()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		ctx := context.Background()
		b := New(db, v.opt)
		box := trappedBox{db, v.trap}
		rooms := bot.NewRooms(box, trappedHandler{b.Engine, v.trap}, bot.RoomsOptions{})
		courier := bot.NewCourier(box, bot.CourierOptions{
			Now: v.opt.Now, StillTrue: b.Scheduler.StillTrue, Random: func() float64 { return 0 },
		}, v.from.adapter())
		v.from.offer(ctx, bot.NewIntake(b.Engine, box, nil))
		_ = rooms.Drain(ctx)
		_ = v.trap.through(atSweep, func() error { _, err := b.Scheduler.Sweep(ctx, v.now); return err })
		_, _ = courier.Flush(ctx) // what failed is tried by the next process
	}()
	<-ended
	v.must(db.Close())
	v.now = v.now.Add(5 * time.Minute) // whatever a dead process had claimed is in doubt by then
}

// begin makes a project with a milestone that is due today, and lets somebody add a risk.
func begin(t *testing.T, url string, model *understand.Model, knows knowledge, p *trap) *voyage {
	t.Helper()
	plans, err := plan.Open("")
	if err != nil {
		t.Fatal(err)
	}
	v := &voyage{t: t, url: url, now: time.Date(2026, 3, 2, 8, 30, 0, 0, time.UTC), trap: p}
	v.from = &shore{trap: p, knows: knows, taken: map[int64]bool{}, sends: map[int64]int64{}}
	v.opt = Options{
		Now: func() time.Time { return v.now }, Plans: plans, Policy: steering.DefaultPolicy(), Model: model, Timezone: "UTC", Language: "es",
		Adapters: []bot.Adapter{v.from.adapter()}, Log: zerolog.Nop(),
	}
	db := v.open()
	defer func() { v.must(db.Close()) }()
	b := New(db, v.opt)
	pl, err := plans.Find("fieldpro-template")
	v.must(err)
	v.must(db.Update(t.Context(), func(tx *storage.Tx) error {
		who := &steering.Person{ID: "ana", Name: "Ana Ruiz", Handles: map[string]string{"slack": "U1"}}
		room := &storage.Room{Platform: bot.Slack, ID: "C1", Language: "es"}
		if err := b.Engine.Place(tx, room, who, steering.Member{Person: "ana", Side: steering.SideVendor, Roles: []steering.Role{steering.RoleLead}}); err != nil {
			return err
		}
		_, err := b.Engine.OpenProject(tx, conversations.Opening{
			Plan: pl, Key: "ACME", Name: "ACME", Start: steering.DateOf(v.now), Language: "es", Via: "slack",
			Chat: steering.Chat{Platform: "slack", ID: "C1", Audience: steering.AudienceCommittee},
		})
		return err
	}))
	v.now = v.now.Add(3*24*time.Hour + time.Hour) // the day before its first milestones are due
	v.from.offered = []bot.Incoming{{
		Platform: bot.Slack, ID: "e1", Room: "C1", From: "U1", FromName: "Ana Ruiz", Kind: bot.TextMessage, ToBot: true, At: v.now,
		Text: "riesgo: el proveedor no entrega",
	}}
	return v
}

// tally is what came of a voyage: risks in the state, notices marked as sent, and how often people see each message.
func (v *voyage) tally() (risks, notices int, seen map[string]int) {
	v.t.Helper()
	db := v.open()
	defer func() { v.must(db.Close()) }()
	v.must(db.View(v.t.Context(), func(tx *storage.Tx) error {
		p, err := tx.Project("ACME")
		if err != nil {
			return err
		}
		sent, err := tx.Sent("ACME")
		risks, notices = len(p.Risks), len(sent)
		return err
	}))
	seen = map[string]int{}
	for _, text := range v.from.shown {
		seen[text]++
	}
	return risks, notices, seen
}

// TestCrashMatrix lets every boundary of a message's way fail in every manner, on both engines and with platforms that let
// us know more or less: what was said counts exactly once, what is owed is told at least once, and people see one copy
// wherever the platform lets us know of the first.
func TestCrashMatrix(t *testing.T) {
	model, err := understand.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, engine := range []string{"sqlite", "postgres"} {
		for _, knows := range []knowledge{askable, choosing, mute} {
			if testing.Short() && knows != askable {
				continue
			}
			t.Run(engine+"/"+string(knows), func(t *testing.T) {
				calm := matrixRun(t, matrixURL(t, engine), model, knows, &trap{sprung: true})
				if len(calm.seen) < 2 || calm.notices == 0 {
					t.Fatalf("without any fault: %+v", calm)
				}
				for _, at := range []boundary{atInbox, atAck, atCommit, atSweep, atClaim, atSend, atSent} {
					for _, f := range []fault{failsUndone, failsDone, diesBefore, diesAfter} {
						t.Run(fmt.Sprintf("%s/%s", at, f), func(t *testing.T) {
							p := &trap{at: at, fault: f}
							got := matrixRun(t, matrixURL(t, engine), model, knows, p)
							if !p.sprung {
								t.Fatal("nothing went wrong")
							}
							compareRuns(t, calm, got, knows)
						})
					}
				}
			})
		}
	}
}

func matrixURL(t *testing.T, engine string) string {
	if engine == "postgres" {
		return pgtest.URL(t)
	}
	return filepath.Join(t.TempDir(), "crash.db")
}

// outcome is what a voyage ended with.
type outcome struct {
	risks, notices int
	seen           map[string]int
}

func matrixRun(t *testing.T, url string, model *understand.Model, knows knowledge, p *trap) outcome {
	t.Helper()
	v := begin(t, url, model, knows, p)
	for range 4 {
		v.process()
	}
	if len(v.from.offered) > 0 {
		t.Errorf("%d events were never acknowledged", len(v.from.offered))
	}
	var o outcome
	o.risks, o.notices, o.seen = v.tally()
	return o
}

func compareRuns(t *testing.T, want, got outcome, knows knowledge) {
	t.Helper()
	if got.risks != 1 || got.notices != want.notices {
		t.Errorf("%d risks, want 1; %d notices, want %d", got.risks, got.notices, want.notices)
	}
	for text := range maps.Keys(want.seen) {
		if got.seen[text] == 0 {
			t.Errorf("never seen: %s", text)
		}
	}
	for text, n := range got.seen {
		if want.seen[text] == 0 {
			t.Errorf("not seen without the fault: %s", text)
		}
		if n > want.seen[text] && knows != mute {
			t.Errorf("seen %d times: %s", n, text)
		}
	}
}
