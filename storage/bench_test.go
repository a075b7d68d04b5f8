package storage

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"timonel/bot"
	"timonel/steering"
)

// large is a project as a long roll-out has it: 60 milestones with their slips and notes, 60 register entries.
func large(key string) *steering.Project {
	p := sample(key)
	at := p.Decisions[0].At
	p.Milestones = nil
	for i := 1; i <= 60; i++ {
		m := &steering.Milestone{
			Key: fmt.Sprint(i), Name: fmt.Sprintf("Hito número %d del despliegue", i), Stage: "s1", Side: steering.SideClient, Owner: "bruno",
			Status: steering.Pending, Baseline: day("2026-03-06") + steering.Date(i), Due: day("2026-03-13") + steering.Date(i), Forecast: day("2026-03-13") + steering.Date(i),
			Notes: []steering.Note{{Text: "el cliente pidió otro formato", By: "ana", At: at}},
			Slips: []steering.Slip{{From: day("2026-03-06") + steering.Date(i), To: day("2026-03-13") + steering.Date(i), Reason: "falta el archivo", By: "ana", At: at}},
		}
		if i > 1 {
			m.DependsOn = []string{fmt.Sprint(i - 1)}
		}
		p.Milestones = append(p.Milestones, m)
	}
	for i := 2; i <= 30; i++ {
		p.Actions = append(p.Actions, &steering.Action{ID: i, Text: "enviar la lista de productos", Owner: "bruno", Due: day("2026-03-10"), Status: steering.EntryOpen})
		p.Risks = append(p.Risks, &steering.Risk{ID: i, Text: "el proveedor puede no entregar", Owner: "ana", Status: steering.EntryOpen})
	}
	return p
}

func benchOn(b *testing.B, run func(b *testing.B, db *DB, c *clock)) {
	for _, e := range []engine{sqliteEngine, postgresEngine} {
		b.Run(string(e), func(b *testing.B) {
			c := newClock()
			db := openOn(b, e, c)
			seed(b, db, "SEED")
			update(b, db, func(tx *Tx) error { return tx.CreateProject(large("ACME"), ana) })
			b.ReportAllocs()
			b.ResetTimer()
			run(b, db, c)
		})
	}
}

func BenchmarkLoad(b *testing.B) {
	benchOn(b, func(b *testing.B, db *DB, c *clock) {
		for b.Loop() {
			project(b, db, "ACME")
		}
	})
}

func BenchmarkLoadUncached(b *testing.B) {
	benchOn(b, func(b *testing.B, db *DB, c *clock) {
		for b.Loop() {
			db.projects = newProjectCache()
			project(b, db, "ACME")
		}
	})
}

func BenchmarkSaveOneChange(b *testing.B) {
	benchOn(b, func(b *testing.B, db *DB, c *clock) {
		n := 0
		for b.Loop() {
			n++
			change(b, db, "ACME", ana, func(p *steering.Project) { p.Milestones[30].Progress = n % 100 })
		}
	})
}

// BenchmarkMessage is everything that one message costs the database: received, handled with a change and a reply, claimed,
// sent. Each step is a transaction of its own, on the disk before the next.
func BenchmarkMessage(b *testing.B) {
	benchOn(b, func(b *testing.B, db *DB, c *clock) {
		n := 0
		for b.Loop() {
			n++
			message(b, db, n)
		}
	})
}

// BenchmarkMessages is the same for 16 rooms at once, with a courier beside them.
func BenchmarkMessages(b *testing.B) {
	benchOn(b, func(b *testing.B, db *DB, c *clock) {
		const rooms = 16
		for r := range rooms {
			update(b, db, func(tx *Tx) error { return tx.CreateProject(large(fmt.Sprint("ROOM-", r)), ana) })
		}
		b.ResetTimer()
		var received, sent atomic.Int64
		var all sync.WaitGroup
		for r := range rooms {
			all.Go(func() {
				for n := received.Add(1); n <= int64(b.N); n = received.Add(1) {
					in := incoming(fmt.Sprint(n), fmt.Sprint(r), "mueve el 31 al viernes")
					receive(b, db, in)
					answer(b, db, in, fmt.Sprint("ROOM-", r), int(n))
				}
			})
		}
		for range 4 {
			all.Go(func() {
				for sent.Load() < int64(b.N) {
					list, err := db.ClaimOutgoing(context.Background(), bot.Slack, 8, time.Minute)
					if err != nil {
						b.Error(err)
					}
					for _, out := range list {
						if err := db.MarkSent(context.Background(), out.ID, bot.MessageID(fmt.Sprint(out.ID))); err != nil {
							b.Error(err)
						}
						sent.Add(1)
					}
				}
			})
		}
		all.Wait()
	})
}

// answer is what the handling of a message writes.
func answer(b *testing.B, db *DB, in bot.Incoming, key string, n int) {
	update(b, db, func(tx *Tx) error {
		p, err := tx.Project(key)
		if err != nil {
			return err
		}
		p.Milestones[30].Due = day("2026-05-01").AddDays(n % 50)
		p.Record("milestone.moved", "31")
		if _, err := tx.Save(p, ana); err != nil {
			return err
		}
		if _, err := tx.Enqueue(bot.Outgoing{Platform: bot.Slack, Room: in.Room, Text: "Movido.", Project: key, Milestones: []string{"31"}}); err != nil {
			return err
		}
		return tx.MarkHandled(in)
	})
}

func message(b *testing.B, db *DB, n int) {
	ctx := context.Background()
	in := incoming(fmt.Sprint(n), "room", "mueve el 31 al viernes")
	receive(b, db, in)
	answer(b, db, in, "ACME", n)
	list, err := db.ClaimOutgoing(ctx, bot.Slack, 10, time.Minute)
	if err != nil || len(list) != 1 {
		b.Fatal(list, err)
	}
	if err := db.MarkSent(ctx, list[0].ID, bot.MessageID(fmt.Sprint(n))); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkRawRows is the measure for BenchmarkSaveOneChange: the same rows in one transaction, and nothing around them.
func BenchmarkRawRows(b *testing.B) {
	benchOn(b, func(b *testing.B, db *DB, c *clock) {
		doc := asJSON(b, large("ACME").Milestones[30])
		n := 0
		for b.Loop() {
			n++
			update(b, db, func(tx *Tx) error {
				for _, w := range []struct {
					query string
					args  []any
				}{
					{`UPDATE projects SET version = version + 1, next_at = $2 WHERE key = $1`, []any{"ACME", stamp(c.at)}},
					{`UPDATE milestones SET doc = $2 WHERE project = $1 AND key = '31'`, []any{"ACME", doc}},
					{`INSERT INTO audit (project, at, person, action, object, before, after, via, change_no, kind, ref, op, prev_hash, hash)
						VALUES ($1, $2, 'ana', 'milestone.progress', '31', '{"progress":1}', '{"progress":2}', 'slack', 1, 'milestone', '31', 'changed', $3, $3)`,
						[]any{"RAW", stamp(c.at), strings.Repeat("0", 64)}},
					{`UPDATE chains SET entries = entries + 1 WHERE project = $1`, []any{"ACME"}},
					{`INSERT INTO changes (project, change_no, person, at, undo, undone_by) VALUES ($1, $2, 'ana', $3, 0, 0)`, []any{"ACME", n + 1000000, stamp(c.at)}},
				} {
					if _, err := tx.exec(w.query, w.args...); err != nil {
						return err
					}
				}
				return nil
			})
		}
	})
}

// BenchmarkReceive is many adapters' events at once: one wait for the disk serves several.
func BenchmarkReceive(b *testing.B) {
	benchOn(b, func(b *testing.B, db *DB, c *clock) {
		var n atomic.Int64
		b.SetParallelism(16)
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				receive(b, db, incoming(fmt.Sprint(n.Add(1)), "room", "hola"))
			}
		})
	})
}
