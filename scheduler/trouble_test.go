package scheduler

import (
	"context"
	"database/sql"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"timonel/steering"
)

// What changes while a message waits for its platform takes back what it says.
func TestStillTrue(t *testing.T) {
	two := func() *steering.Project {
		p := small("ACME", 13)
		more := *p.Milestones[0]
		more.Key, more.Name = "2", "Lista de productos"
		p.Milestones = append(p.Milestones, &more)
		return p
	}
	for _, c := range []struct {
		name   string
		change func(w *world)
		want   []string
	}{
		{"nothing", func(w *world) {}, []string{"03-16 12:00 comite overdue 1,2"}},
		{"one done", func(w *world) { w.do("ACME", "bruno", steering.CompleteMilestone{Key: "1"}) }, []string{"03-16 12:00 comite overdue 2"}},
		{"both done", func(w *world) {
			w.do("ACME", "bruno", steering.CompleteMilestone{Key: "1"}, steering.CompleteMilestone{Key: "2"})
		}, nil},
		{"one moved", func(w *world) { w.do("ACME", "ana", steering.MoveMilestone{Key: "1", To: day(20)}) }, []string{"03-16 12:00 comite overdue 2"}},
		{"one cancelled", func(w *world) { w.do("ACME", "ana", steering.CancelMilestone{Key: "2"}) }, []string{"03-16 12:00 comite overdue 1"}},
		{"muted by everyone", func(w *world) {
			w.do("ACME", "ana", steering.MuteNotices{Until: day(20), Everyone: true})
		}, nil},
		{"paused", func(w *world) { w.do("ACME", "ana", steering.SetProjectStatus{Status: steering.ProjectPaused}) }, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, "2026-03-13 10:00")
			w.committee()
			w.create(two())
			w.offline = true
			w.until("2026-03-16 11:00")
			c.change(w)
			w.until("2026-03-16 12:00")
			w.offline = false
			w.sweep()
			w.lawful()
			w.expect(c.want...)
			var told []string
			for _, o := range w.delivered {
				told = append(told, o.Identities...)
			}
			if sent := w.project("ACME").Sent; len(sent) != len(told) {
				t.Errorf("it counts as sent: %v, told was %v", sent, told)
			}
		})
	}
}

// A message that its platform could not take in the evening waits for the morning, and then says what is true by then.
func TestNothingIsDeliveredByNight(t *testing.T) {
	w := newWorld(t, "2026-03-13 10:00")
	w.committee()
	w.create(small("ACME", 13))
	w.offline = true
	w.until("2026-03-16 21:00")
	w.offline = false
	w.sweep()
	w.expect()
	w.until("2026-03-17 12:00")
	w.lawful()
	w.expect("03-17 08:00 comite overdue 1")
}

// What piled up while a platform could not be reached is one message.
func TestOutageEndsInOneMessage(t *testing.T) {
	w := newWorld(t, "2026-03-09 10:00")
	w.committee()
	p := small("ACME", 12)
	p.Settings.Digest = ""
	w.create(p)
	w.offline = true
	w.until("2026-03-13 17:00")
	w.offline = false
	w.sweep()
	w.lawful()
	w.expect("03-13 17:00 comite overdue+digest 1")
}

// After days of downtime: the newest nag, the escalation, a late summary, and one line about it.
func TestDowntime(t *testing.T) {
	for _, c := range []struct{ name, back, want, says string }{
		{"back within the working day", "2026-03-19 11:30", "03-19 11:30 comite escalation+overdue 1,2", "Estuve fuera de línea"},
		{"back by night", "2026-03-19 23:00", "03-20 08:00 comite escalation+overdue 1,2", "Estuve fuera de línea"},
		{"back after the summary", "2026-03-20 18:30", "03-20 18:30 comite escalation+overdue+digest 1,2", "sale con atraso"},
		{"back too late for the summary", "2026-03-26 08:10", "03-26 08:10 comite escalation+overdue 1,2", "Estuve fuera de línea"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, "2026-03-10 10:00")
			w.committee()
			p := rollout("ACME")
			p.Settings.Portfolio = "off"
			p.Milestones = p.Milestones[:2]
			p.Milestones[0].Due, p.Milestones[1].Due, p.Milestones[1].Owner = day(11), day(17), "bruno"
			w.create(p)
			w.until("2026-03-12 12:00")
			w.delivered, w.at = nil, nil
			w.now = moment(t, c.back)
			w.sweep()
			w.sweep()
			w.pass(moment(t, c.back).Add(11 * time.Hour))
			w.lawful()
			if got := w.log(); len(got) == 0 || got[0] != c.want {
				t.Fatalf("went out: %v, want first %s", got, c.want)
			}
			if n := strings.Count(w.transcript(), c.says); n != 1 {
				t.Errorf("%q stands %d times in\n%s", c.says, n, w.transcript())
			}
		})
	}
}

// A quiet room hears nothing about downtime.
func TestDowntimeWithNothingDue(t *testing.T) {
	w := newWorld(t, "2026-03-10 10:00")
	w.committee()
	w.create(small("ACME", 30))
	w.until("2026-03-11 10:00")
	w.now = moment(t, "2026-03-18 10:00")
	w.sweep()
	w.expect()
}

// What fell due before a change and was not looked at is owed after it.
func TestChangeWhileBehind(t *testing.T) {
	w := newWorld(t, "2026-03-12 10:00")
	w.committee()
	w.create(small("ACME", 13))
	w.until("2026-03-13 08:00")
	w.now = moment(t, "2026-03-13 09:20") // nobody looked at nine
	w.do("ACME", "bruno", steering.AddNote{Key: "1", Text: "casi"})
	w.sweep()
	w.expect("03-13 09:20 comite reminder 1")
}

// Two schedulers on one database, each with a connection of its own, ticking at the same moments, again and again.
func TestSecondInstance(t *testing.T) {
	w := newWorld(t, "2026-03-02 07:00")
	w.committee()
	for _, key := range []string{"ACME", "BETA", "GAMA"} {
		p := rollout(key)
		p.Chats[0].ID = strings.ToLower(key)
		w.create(p)
	}
	file := filepath.Join(t.TempDir(), "timonel.db")
	if err := w.db.Backup(context.Background(), file); err != nil {
		t.Fatal(err)
	}
	alone := &world{t: t, now: w.now}
	alone.db = alone.open(file)
	alone.s = alone.scheduler(alone.db)
	alone.until("2026-03-20 20:00")

	other := w.scheduler(w.open(filepath.Join(filepath.Dir(w.file()), "timonel.db")))
	for end := moment(t, "2026-03-20 20:00"); ; {
		next, err := w.s.Next(context.Background(), w.now)
		if err != nil {
			t.Fatal(err)
		}
		if next.IsZero() || next.After(end) {
			break
		}
		w.now = next
		var both sync.WaitGroup
		for _, s := range []*Scheduler{w.s, other, w.s} {
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
	one, two := alone.log(), w.log()
	slices.Sort(one)
	slices.Sort(two)
	if !slices.Equal(one, two) {
		t.Errorf("alone:\n%s\ntogether:\n%s", strings.Join(one, "\n"), strings.Join(two, "\n"))
	}
}

// A project that cannot be read stops no other, and is tried again.
func TestBrokenProject(t *testing.T) {
	w := newWorld(t, "2026-03-13 07:00")
	w.committee()
	for _, key := range []string{"ACME", "BETA", "GAMA"} {
		p := small(key, 13)
		p.Chats[0].ID = strings.ToLower(key)
		w.create(p)
	}
	raw, err := sql.Open("sqlite", w.file())
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	var doc string
	if err := raw.QueryRow(`SELECT doc FROM projects WHERE key = 'BETA'`).Scan(&doc); err != nil {
		t.Fatal(err)
	}
	breakIt := func(doc string) {
		if _, err := raw.Exec(`UPDATE projects SET doc = $1, version = version + 1 WHERE key = 'BETA'`, doc); err != nil {
			t.Fatal(err)
		}
	}
	breakIt("{")
	w.now = moment(t, "2026-03-13 09:00")
	result, err := w.s.Sweep(context.Background(), w.now)
	if err == nil || !strings.Contains(err.Error(), "BETA") || result.Failed != 1 {
		t.Errorf("result %+v, error %v", result, err)
	}
	w.deliver()
	w.expect("03-13 09:00 acme reminder 1", "03-13 09:00 gama reminder 1")
	breakIt(doc)
	w.until("2026-03-13 10:00")
	w.lawful()
	w.expect("03-13 09:00 acme reminder 1", "03-13 09:00 gama reminder 1", "03-13 09:05 beta reminder 1")
}
