package scheduler

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"timonel/internal/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// On PostgreSQL the same goes out as on SQLite, also when two schedulers tick at the same moments.
func TestOnPostgres(t *testing.T) {
	url := pgtest.URL(t)
	lite := newWorld(t, "2026-03-02 07:00")
	office(lite)
	lite.until("2026-03-13 20:00")

	w := &world{t: t, now: moment(t, "2026-03-02 07:00")}
	w.db = w.open(url)
	w.s = w.scheduler(w.db)
	office(w)
	other := w.scheduler(w.open(url))
	for end := moment(t, "2026-03-13 20:00"); ; {
		next, err := w.s.Next(context.Background(), w.now)
		if err != nil {
			t.Fatal(err)
		}
		if next.IsZero() || next.After(end) {
			break
		}
		w.now = next
		var both sync.WaitGroup
		for _, s := range []*Scheduler{w.s, other} {
			both.Go(func() {
				if _, err := s.Sweep(context.Background(), next); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		w.deliver()
	}
	w.lawful()
	a, b := lite.log(), w.log()
	slices.Sort(a)
	slices.Sort(b)
	if !slices.Equal(a, b) {
		t.Errorf("SQLite:\n%s\nPostgreSQL:\n%s", strings.Join(a, "\n"), strings.Join(b, "\n"))
	}
}
