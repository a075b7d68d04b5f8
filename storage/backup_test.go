package storage

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"timonel/bot"
	"timonel/steering"
)

// TestBackupUnderLoad copies a database again and again while messages come in and projects change, and restores every copy:
// each is whole, verifies, and holds all that was acknowledged before it began.
func TestBackupUnderLoad(t *testing.T) {
	ctx, c := context.Background(), newClock()
	folder := t.TempDir()
	db := openURL(t, filepath.Join(folder, "live.db"), c)
	seed(t, db, "ACME")
	var acknowledged atomic.Int64
	var work sync.WaitGroup
	stop := make(chan struct{})
	work.Go(func() {
		for n := 1; ; n++ {
			select {
			case <-stop:
				return
			default:
			}
			if _, err := db.Receive(ctx, bot.Incoming{Platform: bot.Slack, ID: bot.MessageID(fmt.Sprint(n)), Room: "C1", Text: "hola"}); err != nil {
				t.Errorf("message %d: %v", n, err)
				return
			}
			acknowledged.Store(int64(n))
			if err := db.Update(ctx, func(tx *Tx) error {
				p, err := tx.Project("ACME")
				if err != nil {
					return err
				}
				p.Milestones[0].Progress = n % 100
				p.Record("milestone.progress", "1")
				_, err = tx.Save(p, steering.Actor{Person: "ana"})
				return err
			}); err != nil {
				t.Errorf("change %d: %v", n, err)
				return
			}
		}
	})
	for i := range 5 {
		before := acknowledged.Load()
		for acknowledged.Load() < before+20 && !t.Failed() {
			if _, err := db.Ages(ctx); err != nil { // something to do until more came in
				t.Fatal(err)
			}
		}
		before = acknowledged.Load()
		file := filepath.Join(folder, fmt.Sprintf("copy-%d", i))
		if err := db.Backup(ctx, file); err != nil {
			t.Fatal(err)
		}
		during := acknowledged.Load() - before
		url := filepath.Join(folder, fmt.Sprintf("restored-%d.db", i))
		if err := Restore(ctx, file, url); err != nil {
			t.Fatal(err)
		}
		copied := openURL(t, url, c)
		for _, f := range copied.Check(ctx) {
			if f.Err != nil {
				t.Errorf("copy %d: %s: %v", i, f.Name, f.Err)
			}
		}
		stats, err := copied.QueueStats(ctx)
		if err != nil || int64(stats.InboxWaiting) < before {
			t.Errorf("copy %d holds %d messages of %d that were acknowledged before, %v", i, stats.InboxWaiting, before, err)
		}
		t.Logf("copy %d: %d messages before it, %d during it", i, before, during)
	}
	close(stop)
	work.Wait()
}
