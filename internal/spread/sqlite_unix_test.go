//go:build unix

package spread

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/rs/zerolog"

	"timonel/bot"
	"timonel/storage"
)

var compare = flag.Duration("compare", 0, "measure River on SQLite beside the work in process: so long at rest, then under load")

// onSQLite is River on the bot's own SQLite file, with a connection of its own. The program does not use it: the figures in
// docs/performance.md say why.
func onSQLite(t *testing.T, file string, parts Parts) Runner {
	t.Helper()
	pool, err := sql.Open("sqlite", "file:"+file+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	pool.SetMaxOpenConns(1)
	r, err := newRiver[*riversqlite.Driver, *sql.Tx](riversqlite.New(pool), parts, Options{}, func() { _ = pool.Close() })
	if err == nil {
		err = r.migrate(context.Background())
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// figures are what one way of spreading the work costs.
type figures struct {
	idle    float64       // of one processor, at rest
	heap    float64       // megabytes in use at rest
	rate    float64       // events a second
	latency time.Duration // from the intake's wake to the answer, for one event at a time
}

// TestRiverBesideInProcess measures River on SQLite beside the same work in process: at rest, one event at a time, and with
// many rooms at once. Without -compare it only shows that both do the work.
func TestRiverBesideInProcess(t *testing.T) {
	rest, events, rooms := *compare, 40, 4
	if rest > 0 {
		events, rooms = 2000, 40
	}
	all := map[string]figures{}
	for _, name := range []string{"in process", "River"} {
		t.Run(name, func(t *testing.T) { all[name] = measure(t, name == "River", rest, events, rooms) })
	}
	for name, f := range all {
		t.Logf("%s: at rest %.2f %% of a processor and %.1f MB of heap, one event in %s, %.0f events a second", name, 100*f.idle, f.heap, f.latency.Round(100*time.Microsecond), f.rate)
	}
}

func measure(t *testing.T, river bool, rest time.Duration, events, rooms int) figures {
	t.Helper()
	ctx := context.Background()
	file := filepath.Join(t.TempDir(), "spread.db")
	db, err := storage.Open(ctx, file, storage.Options{Migrate: true})
	if err != nil {
		t.Fatal(err)
	}
	work := bot.NewRooms(db, hand{db, func(bot.Incoming) error { return nil }}, bot.RoomsOptions{})
	parts := Parts{DB: db, Rooms: work, Sweep: func(context.Context) {}, Log: zerolog.Nop()}
	var runner Runner = InProcess{Rooms: work, Sweep: func(ctx context.Context) error { <-ctx.Done(); return nil }}
	if river {
		runner = onSQLite(t, file, parts)
	}
	running, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- runner.Run(running) }()
	defer func() {
		stop()
		if err := errors.Join(<-ended, runner.Close(ctx), db.Close()); err != nil {
			t.Error(err)
		}
	}()
	i := &instance{db: db, runner: runner}
	var f figures
	i.say(t, "warm", "0")
	await(t, "the first answer", func() bool { return len(answers(t, db, "warm")) == 1 })
	if rest > 0 {
		before, began := processor(t), time.Now()
		<-time.After(rest)
		f.idle = (processor(t) - before).Seconds() / time.Since(began).Seconds()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		f.heap = float64(m.HeapAlloc) / 1e6
	}
	const alone = 20
	signal, end := db.Subscribe()
	defer end()
	began := time.Now()
	for n := range alone {
		i.say(t, "alone", fmt.Sprint(n))
		for len(answers(t, db, "alone")) <= n {
			<-signal
		}
	}
	f.latency = time.Since(began) / alone
	began = time.Now()
	var people sync.WaitGroup
	for r := range rooms {
		people.Go(func() {
			for n := range events / rooms {
				i.say(t, fmt.Sprint("room", r), fmt.Sprint(n))
			}
		})
	}
	people.Wait()
	await(t, "every answer", func() bool {
		stats, err := db.QueueStats(ctx)
		return err == nil && stats.InboxWaiting == 0
	})
	f.rate = float64(events) / time.Since(began).Seconds()
	return f
}

// processor is the processor time that this process has used.
func processor(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
