package storage

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"timonel/bot"
	"timonel/steering"
)

// everything reads every row of every table as text.
func everything(t *testing.T, db *DB) string {
	t.Helper()
	var b strings.Builder
	tables := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`
	row := `SELECT json_group_array(%s) FROM "%s"`
	columns := `SELECT name FROM pragma_table_info('%s')`
	if db.engine == postgresEngine {
		tables = `SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename`
	}
	view(t, db, func(tx *Tx) error {
		names, err := tx.texts(tables)
		for _, name := range names {
			query := fmt.Sprintf(`SELECT COALESCE(json_agg(t)::text, '') FROM %q t`, name)
			if db.engine == sqliteEngine {
				list, err := tx.texts(fmt.Sprintf(columns, name))
				if err != nil {
					return err
				}
				query = fmt.Sprintf(row, `"`+strings.Join(list, `" || ' | ' || "`)+`"`, name)
			}
			text, err := tx.texts(query)
			if err != nil {
				return err
			}
			fmt.Fprintf(&b, "%s: %s\n", name, text)
		}
		return err
	})
	return b.String()
}

// TestForget removes Bruno after he did a bit of everything: nothing in the whole database tells of him or holds his words,
// the audit verifies, the others' words stand, and what was done before can still be undone and exported.
func TestForget(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		seed(t, db, "ACME")
		seedAnother := sample("GLOBEX")
		update(t, db, func(tx *Tx) error { return tx.CreateProject(seedAnother, ana) })
		makeHistory(t, db, c, "ACME")
		before := export(t, db, "")
		change(t, db, "ACME", bruno, func(p *steering.Project) {
			p.Milestones[0].Notes = append(p.Milestones[0].Notes, steering.Note{Text: "nota violeta", By: "bruno", At: c.at}, steering.Note{Text: "nota de Ana", By: "ana", At: c.at})
			p.Milestones[1].BlockedBy = "bloqueo violeta"
			p.Milestones[1].Slips = append(p.Milestones[1].Slips, steering.Slip{From: day("2026-03-20"), To: day("2026-03-27"), Reason: "motivo violeta", By: "bruno", At: c.at})
			p.Decisions = append(p.Decisions, &steering.Decision{ID: 7, Text: "decisión violeta", By: "bruno", At: c.at})
			p.Actions = append(p.Actions, &steering.Action{ID: 7, Text: "acción violeta", Owner: "ana", RaisedBy: "bruno", Status: steering.EntryOpen})
			p.Requests = append(p.Requests, &steering.Request{ID: 7, Text: "petición violeta", By: "bruno", At: c.at, Status: steering.EntryOpen})
			p.Answers = append(p.Answers, &steering.Answer{Question: "changed", Week: "2026-W12", Text: "respuesta violeta", By: "bruno", At: c.at})
			p.Training = append(p.Training, &steering.Training{Person: "bruno", Milestone: "2", On: day("2026-03-20")})
			p.Mutes = append(p.Mutes, &steering.Mute{Person: "bruno", Milestone: "2", Until: day("2026-03-27")})
			p.Meetings = append(p.Meetings, &steering.Meeting{ID: 7, Kind: steering.MeetingSteering, Reason: "missed", Status: steering.MeetingHeld, Minutes: "acta violeta", Slots: []steering.Slot{{At: c.at, Votes: []steering.PersonID{"ana", "bruno"}}}})
			p.Record("decision.added", "decision 7")
		})
		c.tick()
		change(t, db, "ACME", ana, func(p *steering.Project) { // Ana's change carries his words along as what was there
			p.Milestones[1].BlockedBy = ""
			p.Decisions = append(p.Decisions, &steering.Decision{ID: 8, Text: "decisión de Ana", By: "ana", At: c.at})
		})
		update(t, db, func(tx *Tx) error {
			room := &Room{Platform: bot.WhatsApp, ID: "57301@s.whatsapp.net", Direct: true, User: "57301@s.whatsapp.net", Name: "Bruno Díaz"}
			group := &Room{Platform: bot.WhatsApp, ID: "comite", Facts: map[string]string{"members": `{"bruno":{"side":"client"}}`}}
			_, err := tx.Enqueue(bot.Outgoing{Platform: bot.WhatsApp, Direct: "57301@s.whatsapp.net", Text: "Bruno, te toca", Kind: bot.KindReminder})
			_, err2 := tx.Enqueue(bot.Outgoing{Platform: bot.WhatsApp, Room: "comite", Text: "Bruno Díaz dijo: decisión violeta", Kind: bot.KindReply, Project: "ACME"})
			return errors.Join(err, err2, tx.PutRoom(room), tx.PutRoom(group),
				tx.PutDialogue(bot.WhatsApp, "comite", "57301@s.whatsapp.net", map[string]string{"text": "diálogo violeta"}, c.at.Add(time.Hour)))
		})
		in := bot.Incoming{Platform: bot.WhatsApp, ID: "m1", Room: "comite", From: "57301@s.whatsapp.net", FromName: "Bruno Díaz", Text: "mensaje violeta"}
		if _, err := db.Receive(context.Background(), in); err != nil {
			t.Fatal(err)
		}
		if _, err := db.FailIncoming(context.Background(), in, "cannot", 1); err != nil {
			t.Fatal(err)
		}
		list, err := db.ClaimOutgoing(context.Background(), bot.WhatsApp, 10, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		for _, out := range list {
			if out.Room != "" {
				if err := db.MarkSent(context.Background(), out.ID, "w1"); err != nil {
					t.Fatal(err)
				}
			} else if err := db.MarkRetry(context.Background(), out.ID, c.at.Add(time.Hour), "later"); err != nil {
				t.Fatal(err)
			}
		}

		f, err := db.Forget(context.Background(), "bruno")
		if err != nil {
			t.Fatal(err)
		}
		if f.As != "forgotten-1" || f.Texts < 9 || f.Entries < 4 || f.Messages < 2 || strings.Join(f.Projects, " ") != "ACME GLOBEX" {
			t.Errorf("%+v", f)
		}
		all := everything(t, db)
		for _, gone := range []string{"violeta", "Bruno", "bruno", "57301"} {
			if i := strings.Index(all, gone); i >= 0 {
				t.Errorf("%q is left: …%s…", gone, all[max(i-200, 0):min(i+60, len(all))])
			}
		}
		for _, kept := range []string{"nota de Ana", "decisión de Ana", "Ana Ruiz", "missed"} {
			if !strings.Contains(all, kept) {
				t.Errorf("%q is gone", kept)
			}
		}
		if _, err := db.VerifyAudit(context.Background()); err != nil {
			t.Errorf("the audit: %v", err)
		}
		for _, finding := range db.Check(context.Background()) {
			if finding.Err != nil {
				t.Errorf("%s: %v", finding.Name, finding.Err)
			}
		}
		view(t, db, func(tx *Tx) error {
			p, err := tx.Project("ACME")
			if err == nil && (p.Member("forgotten-1") == nil || p.Milestones[0].SignOff.Given[0].Person != "forgotten-1" || p.Decisions[len(p.Decisions)-2].By != "forgotten-1") {
				t.Error("what was done has nobody's name on it")
			}
			return err
		})
		after := export(t, db, "")
		copied := openOn(t, sqliteEngine, c)
		if _, err := copied.Import(context.Background(), strings.NewReader(after), nil); err != nil {
			t.Fatalf("import what is left: %v", err)
		}
		if again := export(t, copied, ""); again != after {
			t.Error("export, import and export differ")
		}
		if len(after) < len(before)/2 {
			t.Error("more is gone than was theirs")
		}
		// What Ana changed after him can still be taken back.
		if _, err := undo(t, db, "ACME", ana); err != nil {
			t.Errorf("undo: %v", err)
		}
		if _, err := db.Forget(context.Background(), "bruno"); !errors.Is(err, ErrNotFound) {
			t.Errorf("twice: %v", err)
		}
		if f, err := db.Forget(context.Background(), "ana"); err != nil || strings.Join(f.Leads, " ") != "ACME GLOBEX" {
			t.Errorf("the only lead: %+v, %v", f, err)
		}
		if _, err := db.VerifyAudit(context.Background()); err != nil {
			t.Errorf("the audit, afterwards: %v", err)
		}
	})
}

// What is forgotten is not in the file either: SQLite overwrites what it deletes.
func TestForgottenBytesAreGone(t *testing.T) {
	c := newClock()
	db := openOn(t, sqliteEngine, c)
	seed(t, db, "ACME")
	change(t, db, "ACME", bruno, func(p *steering.Project) {
		p.Decisions = append(p.Decisions, &steering.Decision{ID: 7, Text: "decisión violeta", By: "bruno", At: c.at})
	})
	path := db.sqlite.path
	if _, err := db.Forget(context.Background(), "bruno"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, gone := range []string{"violeta", "Bruno", "57301"} {
		if strings.Contains(string(data), gone) {
			t.Errorf("%q is in the file", gone)
		}
	}
}
