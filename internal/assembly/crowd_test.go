package assembly

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"timonel/internal/pgtest"
	"timonel/steering"
	"timonel/storage"
)

// crowd copies a project many times, each into a room of its own, all with a digest due at a moment.
func (f *fleet) crowd(key string, copies int, due time.Time) {
	f.t.Helper()
	driver := "sqlite"
	if strings.HasPrefix(f.url, "postgres") {
		driver = "pgx"
	}
	raw, err := sql.Open(driver, f.url)
	f.must(err)
	defer raw.Close()
	raw.SetMaxOpenConns(1)
	ctx := f.t.Context()
	f.must(f.instances[0].DB.Update(ctx, func(tx *storage.Tx) error { return tx.SetSchedule(key, due, time.Time{}) }))
	numbers := fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) `, copies)
	for _, query := range []string{
		`INSERT INTO projects (key, version, status, next_at, owed_at, last_key, doc)
			SELECT 'X' || i, version, status, next_at, owed_at, last_key, replace(replace(doc, '"' || key || '"', '"X' || i || '"'), '"C0"', '"X' || i || '"') FROM projects, n WHERE key = '` + key + `'`,
		`INSERT INTO chats (platform, chat, project, audience, position) SELECT platform, 'X' || i, 'X' || i, audience, position FROM chats, n WHERE project = '` + key + `'`,
		`INSERT INTO members (project, person, side, roles) SELECT 'X' || i, person, side, roles FROM members, n WHERE project = '` + key + `'`,
		`INSERT INTO milestones (project, key, position, status, open, due_on, owner, side, doc)
			SELECT 'X' || i, key, position, status, open, due_on, owner, side, doc FROM milestones, n WHERE project = '` + key + `'`,
	} {
		_, err := raw.ExecContext(ctx, numbers+query)
		f.must(err)
	}
	_, err = raw.ExecContext(ctx, "ANALYZE")
	f.must(err)
}

// TestManyDigestsAtOnce lets 20,000 projects (200 without -load) owe a digest at the same moment, while people in other rooms
// give commands: how long until all are planned, and how long an answer takes meanwhile.
func TestManyDigestsAtOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("it is a measurement")
	}
	copies, rooms := 200, 4
	if *loadTime > 0 {
		copies, rooms = *loadCrowd, 8
	}
	for _, name := range []string{"sqlite", "postgres"} {
		t.Run(name, func(t *testing.T) {
			url := filepath.Join(t.TempDir(), "crowd.db")
			if name == "postgres" {
				url = pgtest.URL(t)
			}
			f := newFleet(t, url, 1, rooms)
			friday := nextFriday(time.Now())
			f.crowd("P-0", copies, friday)
			f.withoutDigests(rooms)
			f.lag = time.Until(friday.Add(time.Second)) // from here on everything is due
			planned := f.planned(friday)
			f.start()
			var answers []time.Duration
			var most time.Duration
			for all := time.Duration(0); all == 0 && !t.Failed(); {
				_, took := f.speak(rooms, time.Second)
				answers, most = append(answers, took...), max(most, quantile(took, 1))
				select {
				case all = <-planned:
					slices.Sort(answers)
					t.Logf("%d digests planned in %s; meanwhile %d commands answered, p50 %s, p99 %s, the slowest %s, and %d messages sent",
						copies, all.Round(10*time.Millisecond), len(answers), quantile(answers, 0.5), quantile(answers, 0.99), most, f.hub.others.Load())
				default:
				}
			}
		})
	}
}

// withoutDigests lets the rooms in which people speak owe none: a room whose own digest is being drawn would wait for it.
func (f *fleet) withoutDigests(rooms int) {
	f.t.Helper()
	f.must(f.instances[0].DB.Update(f.t.Context(), func(tx *storage.Tx) error {
		for r := range rooms {
			p, err := tx.Project(fmt.Sprint("P-", r))
			if err != nil {
				return err
			}
			p.Settings.Digest = "off"
			if _, err := tx.Save(p, steering.Actor{Via: "test"}); err != nil {
				return err
			}
		}
		return nil
	}))
}

// planned tells how long it took from now until nothing of a moment is owed any more.
func (f *fleet) planned(due time.Time) <-chan time.Duration {
	done, began := make(chan time.Duration, 1), time.Now()
	ctx := f.t.Context()
	go func() {
		for ctx.Err() == nil {
			next, err := f.instances[0].Scheduler.Next(ctx, time.Time{})
			if err == nil && next.After(due) {
				done <- time.Since(began)
				return
			}
			select {
			case <-ctx.Done():
			case <-time.After(100 * time.Millisecond):
			}
		}
	}()
	return done
}

// nextFriday is the next Friday at 16:00, when digests are due.
func nextFriday(now time.Time) time.Time {
	day := steering.DateOf(now.UTC()) + 1
	for day.At(0, 0, time.UTC).Weekday() != time.Friday {
		day++
	}
	return day.At(16, 0, time.UTC)
}
