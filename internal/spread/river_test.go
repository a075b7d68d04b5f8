package spread

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"timonel/bot"
	"timonel/internal/pgtest"
	"timonel/storage"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// hand handles events as the conversations do: handled and answered in one transaction.
type hand struct {
	db   *storage.DB
	hook func(bot.Incoming) error
}

// Handle implements bot.Handler.
func (h hand) Handle(ctx context.Context, in bot.Incoming) error {
	if h.hook != nil {
		if err := h.hook(in); err != nil {
			return err
		}
	}
	err := h.db.Update(ctx, func(tx *storage.Tx) error {
		if _, err := tx.Enqueue(bot.Outgoing{Platform: in.Platform, Room: in.Room, Text: in.Text}); err != nil {
			return err
		}
		return tx.MarkHandled(in)
	})
	if errors.Is(err, storage.ErrHandled) {
		return nil
	}
	return err
}

// instance is one of several on a database.
type instance struct {
	db     *storage.DB
	runner Runner
	stop   func()
}

// quick are short waits.
var quick = Options{SweepEvery: time.Second, Beat: 300 * time.Millisecond, Cooldown: 5 * time.Millisecond, Poll: 100 * time.Millisecond}

func launch(t *testing.T, url string, opt Options, hook func(bot.Incoming) error, sweep func(context.Context)) *instance {
	t.Helper()
	ctx := context.Background()
	db, err := storage.Open(ctx, url, storage.Options{Migrate: true})
	if err != nil {
		t.Fatal(err)
	}
	if sweep == nil {
		sweep = func(context.Context) {}
	}
	rooms := bot.NewRooms(db, hand{db, hook}, bot.RoomsOptions{})
	runner, err := OnPostgres(ctx, url, Parts{DB: db, Rooms: rooms, Sweep: sweep, Log: zerolog.New(zerolog.NewTestWriter(t))}, opt)
	if err != nil {
		t.Fatal(err)
	}
	running, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- runner.Run(running) }()
	i := &instance{db: db, runner: runner}
	i.stop = sync.OnceFunc(func() {
		cancel()
		if err := errors.Join(<-ended, runner.Close(ctx), db.Close()); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(i.stop)
	return i
}

// say stores an event with one instance, and tells of it as an adapter's intake does.
func (i *instance) say(t *testing.T, room, text string) {
	t.Helper()
	in := bot.Incoming{Platform: bot.Slack, Room: bot.RoomID(room), ID: bot.MessageID(room + " " + text), Text: text}
	if fresh, err := i.db.Receive(context.Background(), in); err != nil || !fresh {
		t.Fatal(fresh, err)
	}
	i.runner.Wake(bot.Slack, in.Room)
}

// answers lists what was answered in a room, in order.
func answers(t *testing.T, db *storage.DB, room string) (list []string) {
	t.Helper()
	err := db.View(context.Background(), func(tx *storage.Tx) error {
		out, err := tx.OutgoingSince(bot.Slack, bot.RoomID(room), "", time.Time{})
		for _, o := range out {
			list = append(list, o.Text)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// await waits until something is so.
func await(t *testing.T, what string, so func() bool) {
	t.Helper()
	late := time.After(30 * time.Second)
	for !so() {
		select {
		case <-late:
			t.Fatal("not in time: " + what)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Three instances take the events of many rooms: each is handled once, in its room's order, and all three have a share. One
// that stops in the middle leaves nothing behind.
func TestInstancesShareRooms(t *testing.T) {
	url := pgtest.URL(t)
	const rooms, each = 12, 25
	var shares [3]atomic.Int64
	var all []*instance
	for n := range shares {
		all = append(all, launch(t, url, quick, func(bot.Incoming) error { shares[n].Add(1); return nil }, nil))
	}
	var want []string
	for n := range each {
		want = append(want, fmt.Sprint(n))
		for r := range rooms {
			i := all[(n*7+r)%len(all)]
			i.say(t, fmt.Sprintf("room-%d", r), fmt.Sprint(n))
		}
		if n == each/2 {
			all[2].stop()
			all = all[:2]
		}
	}
	await(t, "every answer", func() bool {
		for r := range rooms {
			if len(answers(t, all[0].db, fmt.Sprintf("room-%d", r))) < each {
				return false
			}
		}
		return true
	})
	for r := range rooms {
		if got := answers(t, all[0].db, fmt.Sprintf("room-%d", r)); !slices.Equal(got, want) {
			t.Errorf("room %d: %v", r, got)
		}
	}
	for n := range shares {
		if shares[n].Load() == 0 {
			t.Errorf("instance %d had no share", n)
		}
	}
}

// An event that fails rests with its room, and is tried again; another instance's rooms go on.
func TestFailedEventIsTriedAgain(t *testing.T) {
	url := pgtest.URL(t)
	var failures atomic.Int64
	i := launch(t, url, quick, func(in bot.Incoming) error {
		if in.Text == "bad" && failures.Add(1) == 1 {
			return errors.New("not today")
		}
		return nil
	}, nil)
	i.say(t, "r", "bad")
	i.say(t, "r", "good")
	i.say(t, "other", "good")
	await(t, "the other room", func() bool { return len(answers(t, i.db, "other")) == 1 })
	await(t, "the answers", func() bool { return len(answers(t, i.db, "r")) == 2 })
	if got := answers(t, i.db, "r"); !slices.Equal(got, []string{"bad", "good"}) {
		t.Errorf("answers %v", got)
	}
}

// An instance that falls silent over an event loses it to another within a few beats, once, and with it what it was
// sending; when it wakes up it does nothing twice.
func TestSilentInstanceIsReplaced(t *testing.T) {
	url := pgtest.URL(t)
	silent := quick
	silent.After = func(time.Duration) <-chan time.Time { return nil } // it beats once and never again
	silent.AtOnce = 1                                                  // and takes nothing more
	asleep, wake := make(chan struct{}), make(chan struct{})
	fallAsleep := sync.OnceFunc(func() { close(asleep) })
	first := launch(t, url, silent, func(bot.Incoming) error {
		fallAsleep()
		<-wake
		return nil
	}, nil)
	first.say(t, "r", "one")
	<-asleep
	second := launch(t, url, quick, nil, nil)
	if _, err := first.db.Receive(context.Background(), bot.Incoming{Platform: bot.Slack, Room: "untold", ID: "u", Text: "two"}); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	await(t, "the answer", func() bool { return len(answers(t, second.db, "r")) == 1 && len(answers(t, second.db, "untold")) == 1 })
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("taken over after %s", took)
	}
	close(wake)
	second.say(t, "r", "three")
	await(t, "the next answer", func() bool { return len(answers(t, second.db, "r")) >= 2 })
	if got := answers(t, second.db, "r"); !slices.Equal(got, []string{"one", "three"}) {
		t.Errorf("answers %v", got)
	}
}

// Of three instances one sweeps at a time, and another when that one stops.
func TestOneSweeps(t *testing.T) {
	url := pgtest.URL(t)
	var sweeping, together, sweeps atomic.Int64
	sweep := func(ctx context.Context) {
		if sweeping.Add(1) > 1 {
			together.Add(1)
		}
		select {
		case <-ctx.Done():
		case <-time.After(400 * time.Millisecond):
		}
		sweeping.Add(-1)
		sweeps.Add(1)
	}
	var all []*instance
	for range 3 {
		all = append(all, launch(t, url, quick, nil, sweep))
	}
	for n, i := range all {
		want := sweeps.Load() + 2
		await(t, "sweeps", func() bool { return sweeps.Load() >= want })
		if n < 2 {
			i.stop()
		}
	}
	if n := together.Load(); n > 0 {
		t.Errorf("%d sweeps ran beside another", n)
	}
}
