package scheduler

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"timonel/steering"
	"timonel/storage"
)

var million = flag.Bool("million", false, "benchmark with 1,000,000 open milestones instead of 100,000")

// perProject is how many milestones a project of the benchmark has; of each hundred projects one is due with all of them.
const perProject = 50

// crowd fills a database with copies of two projects: of one nothing is due for months, of the other everything is today.
// It returns the file, to be copied for each run.
func crowd(b *testing.B, quiet, due int) string {
	b.Helper()
	w := &world{t: b, now: moment(b, "2026-03-13 09:00"), path: filepath.Join(b.TempDir(), "crowd.db")}
	w.db = w.open(w.path)
	w.committee()
	for name, on := range map[string]steering.Date{"QUIET0": steering.NewDate(2026, 9, 1), "DUE0": day(13)} {
		p := rollout(name)
		p.Chats[0].ID = name
		p.Settings = steering.Settings{Digest: "off", Portfolio: "off"}
		p.Milestones = nil
		for i := range perProject {
			p.Milestones = append(p.Milestones, &steering.Milestone{
				Key: fmt.Sprint(i + 1), Name: fmt.Sprintf("Hito número %d", i+1), Side: steering.SideClient, Owner: "bruno",
				Status: steering.Pending, Baseline: on, Due: on, Forecast: on,
			})
		}
		w.create(p)
	}
	w.update(func(tx *storage.Tx) error {
		if err := tx.SetSchedule("QUIET0", moment(b, "2026-08-25 09:00"), time.Time{}); err != nil {
			return err
		}
		return tx.SetSchedule("DUE0", w.now, time.Time{})
	})
	if err := w.db.Close(); err != nil {
		b.Fatal(err)
	}
	raw, err := sql.Open("sqlite", w.path)
	if err != nil {
		b.Fatal(err)
	}
	defer raw.Close()
	raw.SetMaxOpenConns(1)
	for name, n := range map[string]int{"QUIET": quiet, "DUE": due} {
		copies := fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)`, n-1)
		for _, query := range []string{
			`INSERT INTO projects SELECT '%[1]s' || i, version, status, next_at, owed_at, last_key, replace(doc, '"%[1]s0"', '"%[1]s' || i || '"') FROM projects, n WHERE key = '%[1]s0'`,
			`INSERT INTO chats SELECT platform, '%[1]s' || i, '%[1]s' || i, audience, position FROM chats, n WHERE project = '%[1]s0'`,
			`INSERT INTO members SELECT '%[1]s' || i, person, side, roles FROM members, n WHERE project = '%[1]s0'`,
			`INSERT INTO milestones SELECT '%[1]s' || i, key, position, status, open, due_on, owner, side, doc FROM milestones, n WHERE project = '%[1]s0'`,
		} {
			if _, err := raw.Exec(copies + fmt.Sprintf(query, name)); err != nil {
				b.Fatal(err)
			}
		}
	}
	if _, err := raw.Exec(`ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
		b.Fatal(err)
	}
	return w.path
}

func copyFile(b *testing.B, from, to string) {
	b.Helper()
	in, err := os.Open(from)
	if err != nil {
		b.Fatal(err)
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		b.Fatal(err)
	}
	defer out.Close()
	if _, err := io.Copy(out, in); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkSweep measures a whole sweep beside the bare indexed query for the due milestones, and beside a sweep of as
// many due ones among a tenth of the others.
func BenchmarkSweep(b *testing.B) {
	projects := 2_000
	if *million {
		projects = 20_000
	}
	due := projects / 100
	for _, c := range []struct {
		name  string
		quiet int
	}{{"tenth", projects/10 - due}, {"all", projects - due}} {
		file := crowd(b, c.quiet, due)
		b.Run(c.name+"/query", func(b *testing.B) { benchmarkQuery(b, file, due*perProject) })
		b.Run(c.name+"/idle", func(b *testing.B) { benchmarkIdle(b, file) })
		b.Run(c.name+"/sweep", func(b *testing.B) { benchmarkSweep(b, file, due) })
	}
}

func benchmarkQuery(b *testing.B, file string, want int) {
	w := &world{t: b, now: moment(b, "2026-03-13 09:00")}
	db := w.open(file)
	for b.Loop() {
		err := db.View(context.Background(), func(tx *storage.Tx) error {
			list, err := tx.DueMilestones(day(13), want+1)
			if err == nil && len(list) != want {
				err = fmt.Errorf("%d milestones, want %d", len(list), want)
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// benchmarkIdle sweeps at a moment at which nothing is due.
func benchmarkIdle(b *testing.B, file string) {
	w := &world{t: b, now: moment(b, "2026-03-13 08:59")}
	s := w.scheduler(w.open(file))
	for b.Loop() {
		if result, err := s.Sweep(context.Background(), w.now); err != nil || result.Projects != 0 {
			b.Fatalf("%+v, %v", result, err)
		}
	}
}

// benchmarkSweep sweeps a fresh copy each time: every due project is loaded, worded, stored and scheduled anew.
func benchmarkSweep(b *testing.B, file string, due int) {
	for b.Loop() {
		b.StopTimer()
		w := &world{t: b, now: moment(b, "2026-03-13 09:00")}
		path := filepath.Join(b.TempDir(), "copy.db")
		copyFile(b, file, path)
		db := w.open(path)
		s := w.scheduler(db)
		b.StartTimer()
		result, err := s.Sweep(context.Background(), w.now)
		b.StopTimer()
		if err != nil || result.Messages != due {
			b.Fatalf("%+v, %v", result, err)
		}
		db.Close()
		os.Remove(path)
		b.StartTimer()
	}
}
