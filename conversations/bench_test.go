package conversations_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"timonel/bot"
	"timonel/conversations"
	"timonel/conversations/understand"
	"timonel/steering"
	"timonel/steering/holidays"
	"timonel/steering/plan"
	"timonel/storage"
)

// BenchmarkCommand is one full command as it arrives in a group: stored, understood, authorised, written with its audit
// entries, answered. Beside it stand the same rows, written as they are in the same two transactions on the same kind of
// file: what a command costs over what the disk and the database ask for anyway.
func BenchmarkCommand(b *testing.B) {
	b.Run("full", func(b *testing.B) {
		s := newCommittee(b)
		n := 0
		for b.Loop() {
			n++
			s.command(b, n)
		}
	})
	b.Run("raw", benchmarkRaw)
}

func benchmarkRaw(b *testing.B) {
	s := newCommittee(b)
	s.command(b, 1)
	before := s.rows(b)
	s.command(b, 2)
	received, handled := s.written(before, s.rows(b))
	raw := s.open(b)
	n := 0
	for b.Loop() {
		n++
		for _, writes := range [][]write{received, handled} {
			inTransaction(b, raw, writes, n)
		}
	}
}

// committee is a project in a group chat on a database file.
type committee struct {
	db     *storage.DB
	file   string
	engine *conversations.Engine
	now    time.Time
}

func newCommittee(b *testing.B) *committee {
	b.Helper()
	s := &committee{file: filepath.Join(b.TempDir(), "bench.db"), now: time.Date(2026, 3, 3, 10, 0, 0, 0, time.UTC)}
	ctx := context.Background()
	db, err := storage.Open(ctx, s.file, storage.Options{Now: func() time.Time { return s.now }, Migrate: true, Calendar: holidays.Calendar})
	check(b, err)
	s.db = db
	b.Cleanup(func() { check(b, db.Close()) })
	model, err := understand.Load()
	check(b, err)
	plans, err := plan.Open("")
	check(b, err)
	s.engine = conversations.New(db, model, conversations.Options{Now: func() time.Time { return s.now }, Plans: plans, Policy: steering.DefaultPolicy()})
	custom, err := plans.Find("fieldpro-custom")
	check(b, err)
	check(b, db.Update(ctx, func(tx *storage.Tx) error {
		room := &storage.Room{Platform: bot.WhatsApp, ID: "comite", Language: "es"}
		who := &steering.Person{ID: "ana", Name: "Ana Ruiz", Handles: map[string]string{"whatsapp": "ana"}}
		if err := s.engine.Place(tx, room, who, steering.Member{Person: "ana", Side: steering.SideVendor, Roles: []steering.Role{steering.RoleLead}}); err != nil {
			return err
		}
		_, err := s.engine.OpenProject(tx, conversations.Opening{
			Plan: custom, Key: "ACME", Name: "ACME", Start: steering.NewDate(2026, 3, 2), Language: "es", Timezone: "America/Bogota", Country: "CO",
			Chat: steering.Chat{Platform: "whatsapp", ID: "comite", Audience: steering.AudienceCommittee},
		})
		return err
	}))
	return s
}

// command reports progress on one milestone, a different percentage each time.
func (s *committee) command(b *testing.B, n int) {
	b.Helper()
	in := bot.Incoming{
		Platform: bot.WhatsApp, ID: bot.MessageID(fmt.Sprintf("M%08d", n)), Kind: bot.TextMessage, Room: "comite", From: "ana", FromName: "Ana Ruiz",
		ToBot: true, At: s.now, Text: fmt.Sprintf("la configuración va en %d %%", 10+n%80),
	}
	if _, err := s.db.Receive(context.Background(), in); err != nil {
		b.Fatal(err)
	}
	if err := s.engine.Handle(context.Background(), in); err != nil {
		b.Fatal(err)
	}
}

// open opens the file once more, with the same guarantees, for writing rows as they are.
func (s *committee) open(b *testing.B) *sql.DB {
	b.Helper()
	raw, err := sql.Open("sqlite", "file:"+s.file+"?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_txlock=immediate")
	check(b, err)
	raw.SetMaxOpenConns(1)
	b.Cleanup(func() { check(b, raw.Close()) })
	return raw
}

// tables are those that a command writes to; in the ones that only grow the database gives the first column.
var tables = []struct {
	name  string
	grows bool
}{
	{"projects", false}, {"milestones", false}, {"changes", false}, {"audit", true}, {"chains", false}, {"dialogues", false}, {"rooms", false},
	{"outbox", true}, {"inbox", true},
}

// row is one row of a table, as values by column.
type row struct {
	table   string
	grows   bool
	columns []string
	values  []any
}

func (s *committee) rows(b *testing.B) map[string]row {
	b.Helper()
	raw := s.open(b)
	all := map[string]row{}
	for _, t := range tables {
		found, err := raw.Query("SELECT * FROM " + t.name)
		check(b, err)
		columns, err := found.Columns()
		check(b, err)
		for found.Next() {
			values := make([]any, len(columns))
			into := make([]any, len(columns))
			for i := range values {
				into[i] = &values[i]
			}
			check(b, found.Scan(into...))
			all[t.name+fmt.Sprint(values)] = row{t.name, t.grows, columns, values}
		}
		check(b, found.Err())
		check(b, found.Close())
	}
	return all
}

// write is one statement with its values; column is where a number makes each repetition a row of its own, -1 for none.
type write struct {
	query  string
	values []any
	column int
}

// written turns the rows that a command left into statements: the event's arrival, and what its handling wrote.
func (s *committee) written(before, after map[string]row) (received, handled []write) {
	for _, t := range tables {
		for key, r := range after {
			if _, old := before[key]; old || r.table != t.name {
				continue
			}
			w := statement(r)
			if r.table == "inbox" {
				received = append(received, w)
				handled = append(handled, write{"UPDATE inbox SET state = 'handled', doc = '' WHERE platform = 'whatsapp' AND message_id = ?", []any{""}, 0})
				continue
			}
			handled = append(handled, w)
		}
	}
	return received, handled
}

func statement(r row) write {
	w := write{column: -1}
	columns := r.columns
	values := r.values
	verb := "INSERT OR REPLACE INTO "
	if r.grows {
		columns, values, verb = columns[1:], values[1:], "INSERT INTO "
	}
	for i, c := range columns {
		if c == "message_id" {
			w.column = i
		}
	}
	w.values = values
	w.query = verb + r.table + " (" + strings.Join(columns, ", ") + ") VALUES (" + strings.TrimSuffix(strings.Repeat("?, ", len(columns)), ", ") + ")"
	return w
}

func inTransaction(b *testing.B, raw *sql.DB, writes []write, n int) {
	b.Helper()
	tx, err := raw.Begin()
	check(b, err)
	for _, w := range writes {
		values := append([]any(nil), w.values...)
		if w.column >= 0 {
			values[w.column] = fmt.Sprintf("R%08d", n)
		}
		if _, err := tx.Exec(w.query, values...); err != nil {
			b.Fatalf("%s: %v", w.query, err)
		}
	}
	check(b, tx.Commit())
}

func check(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}
