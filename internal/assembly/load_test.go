package assembly

import (
	"context"
	"flag"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"timonel/bot"
	"timonel/conversations"
	"timonel/conversations/understand"
	"timonel/internal/pgtest"
	"timonel/internal/spread"
	"timonel/steering"
	"timonel/steering/plan"
	"timonel/storage"
)

var (
	loadTime  = flag.Duration("load", 0, "measure under load for so long; 0 skips the measurements")
	loadCrowd = flag.Int("load-crowd", 20_000, "how many projects owe a digest at once")
	loadDelay = flag.Duration("load-delay", 0, "how far away PostgreSQL is, there and back; 0 is on the same machine")
	loadRooms = flag.Int("load-rooms", 48, "how many rooms speak at the same time")
)

// hub is a platform without a network: whoever sends a message wakes who waits for it in its room.
type hub struct {
	mu      sync.Mutex
	waiting map[bot.RoomID]chan string
	sent    atomic.Int64
	others  atomic.Int64 // messages for which nobody waits
}

// Platform implements bot.Adapter.
func (h *hub) Platform() bot.Platform { return bot.Slack }

// Run implements bot.Adapter; feeders hand events to the intake by themselves.
func (h *hub) Run(ctx context.Context, _ bot.Sink) error { <-ctx.Done(); return nil }

// Capabilities implements bot.Adapter.
func (h *hub) Capabilities() bot.Capabilities {
	return bot.Capabilities{Buttons: true, MaxText: 40000, MaxOptions: 10}
}

// Health implements bot.Adapter.
func (h *hub) Health() bot.Health { return bot.Health{OK: true} }

// Send implements bot.Adapter.
func (h *hub) Send(_ context.Context, out bot.Outgoing) (bot.MessageID, error) {
	h.sent.Add(1)
	h.mu.Lock()
	c := h.waiting[out.Room]
	h.mu.Unlock()
	if c == nil || out.Unasked() {
		h.others.Add(1)
	} else {
		c <- out.Text
	}
	return bot.MessageID(fmt.Sprint("m", out.ID)), nil
}

// fleet is instances of the bot that share a database, and people who speak to them in many rooms.
type fleet struct {
	t         testing.TB
	url       string
	hub       *hub
	instances []*Bot
	said      atomic.Int64
	lag       time.Duration // of the real clock behind the instances'; set before they start
}

func (f *fleet) now() time.Time { return time.Now().Add(f.lag) }

// newFleet makes projects in rooms, and starts instances: alone in its process on SQLite, sharing by River on PostgreSQL.
func newFleet(t testing.TB, url string, instances, rooms int) *fleet {
	t.Helper()
	f := &fleet{t: t, url: url, hub: &hub{waiting: map[bot.RoomID]chan string{}}}
	model, err := understand.Load()
	f.must(err)
	plans, err := plan.Open("")
	f.must(err)
	pace := bot.Paces[bot.Slack]
	pace.Room = 0 // the platform's own limits are not what is measured
	for i := range instances {
		db, err := OpenDatabase(t.Context(), url, f.now)
		f.must(err)
		b := New(db, Options{
			Now: f.now, Plans: plans, Policy: steering.DefaultPolicy(), Model: model, Timezone: "UTC", Language: "es", Adapters: []bot.Adapter{f.hub},
			Courier: func(o *bot.CourierOptions) { o.Paces = map[bot.Platform]bot.Pace{bot.Slack: pace} }, Gather: 3 * time.Second, Log: zerolog.New(zerolog.NewTestWriter(t)).Level(zerolog.WarnLevel),
		})
		if i == 0 {
			f.furnish(b, plans, rooms)
		}
		if isPostgres := len(url) > 8 && url[:8] == "postgres"; isPostgres {
			f.must(b.Share(t.Context(), url, spread.Options{}))
		}
		f.instances = append(f.instances, b)
	}
	return f
}

// start runs the instances until the test ends.
func (f *fleet) start() {
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	for _, b := range f.instances {
		running.Go(func() {
			if err := b.Run(ctx); err != nil {
				f.t.Error(err)
			}
			if err := b.DB.Close(); err != nil {
				f.t.Error(err)
			}
		})
	}
	f.t.Cleanup(func() { stop(); running.Wait() })
}

func (f *fleet) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

func (f *fleet) furnish(b *Bot, plans *plan.Library, rooms int) {
	f.t.Helper()
	pl, err := plans.Find("fieldpro-custom")
	f.must(err)
	for r := range rooms {
		f.must(b.DB.Update(f.t.Context(), func(tx *storage.Tx) error {
			name := strconv.Itoa(r)
			who := &steering.Person{ID: steering.PersonID("ana" + name), Name: "Ana Ruiz", Handles: map[string]string{"slack": "U" + name}}
			room := &storage.Room{Platform: bot.Slack, ID: bot.RoomID("C" + name), Language: "es"}
			if err := b.Engine.Place(tx, room, who, steering.Member{Person: who.ID, Side: steering.SideVendor, Roles: []steering.Role{steering.RoleLead}}); err != nil {
				return err
			}
			_, err := b.Engine.OpenProject(tx, conversations.Opening{
				Plan: pl, Key: "P-" + name, Name: "P-" + name, Start: steering.DateOf(time.Now()) + 30, Language: "es", Timezone: "UTC", Via: "slack",
				Chat: steering.Chat{Platform: "slack", ID: "C" + name, Audience: steering.AudienceCommittee},
			})
			return err
		}))
	}
}

// speak lets people in every room give one command after the other, each when the one before is answered, for a while. It
// returns how many were answered a second, and how long each took, sorted.
func (f *fleet) speak(rooms int, long time.Duration) (rate float64, took []time.Duration) {
	f.t.Helper()
	var mu sync.Mutex
	var people sync.WaitGroup
	began := time.Now()
	for r := range rooms {
		room := bot.RoomID("C" + strconv.Itoa(r))
		answered := make(chan string, 16)
		f.hub.mu.Lock()
		f.hub.waiting[room] = answered
		f.hub.mu.Unlock()
		people.Go(func() {
			var mine []time.Duration
			for n := 0; time.Since(began) < long; n++ {
				asked := time.Now()
				in := bot.Incoming{
					Platform: bot.Slack, ID: bot.MessageID(fmt.Sprint("e", f.said.Add(1))), Kind: bot.TextMessage, Room: room, From: bot.UserID("U" + strconv.Itoa(r)),
					FromName: "Ana Ruiz", ToBot: true, At: f.now(), Text: fmt.Sprintf("la configuración va en %d %%", 10+n%80),
				}
				if err := f.instances[(r+n)%len(f.instances)].Intake.Receive(context.Background(), in); err != nil {
					f.t.Error(err)
					return
				}
				select {
				case <-answered:
				case <-time.After(20 * time.Second):
					f.t.Errorf("%s is not answered", room)
					return
				}
				mine = append(mine, time.Since(asked))
			}
			mu.Lock()
			defer mu.Unlock()
			took = append(took, mine...)
		})
	}
	people.Wait()
	slices.Sort(took)
	return float64(len(took)) / time.Since(began).Seconds(), took
}

func quantile(sorted []time.Duration, q float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)].Round(time.Millisecond)
}

// TestThroughput measures full commands, from the adapter's event to the adapter's sending of the answer: on PostgreSQL with
// one instance and with three, on SQLite with one. Half a second of it shows that it works.
func TestThroughput(t *testing.T) {
	if testing.Short() {
		t.Skip("it is a measurement")
	}
	long := max(*loadTime, 500*time.Millisecond)
	rates := map[string]float64{}
	for _, c := range []struct {
		name      string
		url       func() string
		instances int
	}{
		{"sqlite", func() string { return filepath.Join(t.TempDir(), "load.db") }, 1},
		{"postgres-1", func() string { return distant(t, pgtest.URL(t), *loadDelay) }, 1},
		{"postgres-3", func() string { return distant(t, pgtest.URL(t), *loadDelay) }, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFleet(t, c.url(), c.instances, *loadRooms)
			f.start()
			f.speak(*loadRooms, long/4) // warm up
			rate, took := f.speak(*loadRooms, long)
			rates[c.name] = rate
			t.Logf("%.0f commands a second, p50 %s, p99 %s", rate, quantile(took, 0.5), quantile(took, 0.99))
		})
	}
	if rates["postgres-1"] > 0 {
		t.Logf("three instances answer %.2f times as many as one", rates["postgres-3"]/rates["postgres-1"])
	}
}
