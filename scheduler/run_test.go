package scheduler

import (
	"context"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"timonel/steering"
	"timonel/storage"
)

// Run by the real ticker: every notice at its minute, and an end when it is told to.
func TestRun(t *testing.T) {
	file := filepath.Join(t.TempDir(), "timonel.db")
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(context.Background())
		w := &world{t: t, now: time.Now()}
		db, err := storage.Open(ctx, file, storage.Options{Migrate: true})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		w.db = db
		w.committee()
		p := small("ACME", 1)
		p.Timezone = "UTC"
		p.Start = steering.NewDate(2000, 1, 1)
		p.Milestones[0].Due, p.Milestones[0].Baseline = steering.NewDate(2000, 1, 7), steering.NewDate(2000, 1, 7)
		w.create(p)
		s := New(db, Options{Policy: steering.DefaultPolicy(), Picture: noPicture})
		ended := make(chan error, 1)
		go func() { ended <- s.Run(ctx) }()
		w.s = s
		time.Sleep(10 * time.Hour)
		for range 8 {
			w.now = time.Now()
			w.deliver()
			time.Sleep(24 * time.Hour)
		}
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		var got []string
		for _, o := range w.delivered {
			got = append(got, o.At.UTC().Format("01-02 15:04 ")+string(o.Kind))
		}
		want := []string{"01-04 09:00 reminder", "01-06 09:00 reminder", "01-07 09:00 reminder"}
		if !slices.Equal(got, want) {
			t.Errorf("went out: %v, want %v", got, want)
		}
	})
}

// What projects of two transactions owe one chat at one moment is one message, as long as it waits.
func TestGather(t *testing.T) {
	w := newWorld(t, "2026-03-09 07:00")
	w.s.opt.Gather = 5 * time.Second
	w.committee()
	for _, key := range []string{"ACME", "BETA"} {
		p := small(key, 16)
		p.Milestones[0].Owner = "ana"
		w.create(p)
	}
	w.until("2026-03-09 08:59")
	w.now = moment(t, "2026-03-09 09:00")
	for _, key := range []string{"ACME", "BETA"} {
		if _, err := w.s.sweepTogether(context.Background(), []string{key}, w.now); err != nil {
			t.Fatal(err)
		}
		w.deliver()
	}
	w.expect()
	w.until("2026-03-09 09:01")
	w.lawful()
	w.expect("03-09 09:00 @S-ana reminder 1")
	if n := len(w.delivered[0].Identities); n != 2 {
		t.Errorf("it holds %d notices", n)
	}
}
