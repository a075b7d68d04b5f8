package storage

import (
	"context"
	"errors"
	"maps"
	"testing"
	"time"

	"timonel/bot"
	"timonel/steering"
)

func TestPeople(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		seed(t, db, "ACME")
		view(t, db, func(tx *Tx) error {
			p, err := tx.PersonByHandle(bot.WhatsApp, "57301@s.whatsapp.net")
			if err != nil || p.ID != "bruno" || p.Name != "Bruno Díaz" {
				t.Errorf("by handle: %+v, %v", p, err)
			}
			if p, err = tx.Person("ana"); err != nil || p.Language != "es" || p.Handles["slack"] != "U1" {
				t.Errorf("by id: %+v, %v", p, err)
			}
			if _, err = tx.Person("nobody"); !errors.Is(err, ErrNotFound) {
				t.Errorf("no such person: %v", err)
			}
			if _, err = tx.PersonByHandle(bot.Slack, "57301@s.whatsapp.net"); !errors.Is(err, ErrNotFound) {
				t.Errorf("no such handle: %v", err)
			}
			return nil
		})
		err := db.Update(context.Background(), func(tx *Tx) error {
			return tx.PutPerson(&steering.Person{ID: "carla", Name: "Carla", Handles: map[string]string{"slack": "U1"}})
		})
		var refused *steering.Error
		if !errors.As(err, &refused) || refused.Key != KeyHandleTaken || refused.Args["person"] != steering.PersonID("ana") {
			t.Errorf("a handle taken: %v", err)
		}
		update(t, db, func(tx *Tx) error { // ana lets go of one and changes the other; then it is free
			if err := tx.PutPerson(&steering.Person{ID: "ana", Name: "Ana", Handles: map[string]string{"whatsapp": "99@lid"}}); err != nil {
				return err
			}
			return tx.PutPerson(&steering.Person{ID: "carla", Name: "Carla", Handles: map[string]string{"slack": "U1"}})
		})
		view(t, db, func(tx *Tx) error {
			p, err := tx.PersonByHandle(bot.Slack, "U1")
			if err != nil || p.ID != "carla" {
				t.Errorf("the freed handle: %+v, %v", p, err)
			}
			people, err := tx.People()
			if err != nil || len(people) != 3 || people[0].ID != "ana" || people[2].ID != "carla" {
				t.Errorf("people: %v, %v", people, err)
			}
			return nil
		})
	})
}

func TestRooms(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		want := Room{Platform: bot.Slack, ID: "D1", Direct: true, User: "U1", Language: "pt", WroteAt: c.at, Facts: map[string]string{"a": "b"}}
		update(t, db, func(tx *Tx) error {
			return errors.Join(tx.PutRoom(&want), tx.PutRoom(&Room{Platform: bot.Slack, ID: "C1", Name: "old"}),
				tx.PutRoom(&Room{Platform: bot.Slack, ID: "C1", Name: "comité"}))
		})
		view(t, db, func(tx *Tx) error {
			for name, find := range map[string]func() (*Room, error){
				"by id":   func() (*Room, error) { return tx.Room(bot.Slack, "D1") },
				"by user": func() (*Room, error) { return tx.DirectRoom(bot.Slack, "U1") },
			} {
				if got, err := find(); err != nil || asJSON(t, got) != asJSON(t, want) {
					t.Errorf("%s: %+v, %v", name, got, err)
				}
			}
			if _, err := tx.Room(bot.WhatsApp, "D1"); !errors.Is(err, ErrNotFound) {
				t.Errorf("another platform: %v", err)
			}
			if _, err := tx.DirectRoom(bot.Slack, ""); !errors.Is(err, ErrNotFound) {
				t.Errorf("no user: %v", err)
			}
			rooms, err := tx.Rooms(bot.Slack)
			if err != nil || len(rooms) != 2 || rooms[0].Name != "comité" {
				t.Errorf("rooms: %v, %v", rooms, err)
			}
			return nil
		})
	})
}

func TestDialogues(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		read := func() (string, error) {
			var text string
			err := db.View(context.Background(), func(tx *Tx) error {
				raw, err := tx.Dialogue(bot.Slack, "r", "U1")
				text = string(raw)
				return err
			})
			return text, err
		}
		put := func(doc any) {
			update(t, db, func(tx *Tx) error { return tx.PutDialogue(bot.Slack, "r", "U1", doc, c.at.Add(10*time.Minute)) })
		}
		put(map[string]int{"step": 1})
		put(map[string]int{"step": 2})
		if got, err := read(); err != nil || got != `{"step":2}` {
			t.Errorf("%q, %v", got, err)
		}
		c.at = c.at.Add(10 * time.Minute)
		if _, err := read(); !errors.Is(err, ErrNotFound) {
			t.Errorf("expired: %v", err)
		}
		put("again")
		update(t, db, func(tx *Tx) error { return tx.DropDialogue(bot.Slack, "r", "U1") })
		if _, err := read(); !errors.Is(err, ErrNotFound) {
			t.Errorf("dropped: %v", err)
		}
	})
}

func TestHints(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		seed(t, db, "ACME")
		update(t, db, func(tx *Tx) error {
			return errors.Join(tx.PutHint("ACME", "la carga", "2"), tx.PutHint("ACME", "la carga", "3"), tx.PutHint("ACME", "otro", "1"), tx.PutHint("ACME", "otro", ""))
		})
		view(t, db, func(tx *Tx) error {
			hints, err := tx.Hints("ACME")
			if err != nil || !maps.Equal(hints, map[string]string{"la carga": "3"}) {
				t.Errorf("%v, %v", hints, err)
			}
			return nil
		})
	})
}

func TestNotices(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		seed(t, db, "ACME")
		notice := steering.Sent{Kind: "overdue", Object: "2", About: "2026-03-20"}
		was := func() (was bool) {
			view(t, db, func(tx *Tx) (err error) { was, err = tx.WasSent("ACME", notice); return err })
			return was
		}
		if was() {
			t.Error("it was sent before it was")
		}
		for i, want := range []bool{true, false} {
			update(t, db, func(tx *Tx) error {
				fresh, err := tx.MarkSent("ACME", notice)
				if fresh != want {
					t.Errorf("mark %d: fresh %v", i, fresh)
				}
				return err
			})
		}
		view(t, db, func(tx *Tx) error {
			list, err := tx.Sent("ACME")
			if err != nil || len(list) != 2 || list[1].Kind != "overdue" || !list[1].At.Equal(c.at) {
				t.Errorf("%v, %v", list, err)
			}
			return nil
		})
		update(t, db, func(tx *Tx) error { return tx.UnmarkSent("ACME", notice) })
		if was() {
			t.Error("it was taken back")
		}
	})
}

func TestMessages(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		ctx := context.Background()
		for i, text := range []string{"one", "two"} {
			id := enqueue(t, db, bot.Outgoing{
				Room: "a", Text: text, Kind: bot.KindQuestion, Project: "ACME", Milestones: []string{"3"}, Card: "status:ACME",
				Options: []bot.Option{{Label: "Sí", Action: "yes"}}, Poll: &bot.Poll{Question: "¿?", Options: []string{"x"}, Actions: []string{"y"}},
			})
			claim(t, db)
			if err := db.MarkSent(ctx, id, bot.MessageID([]string{"ts1", "ts2"}[i])); err != nil {
				t.Fatal(err)
			}
		}
		view(t, db, func(tx *Tx) error {
			m, err := tx.Message(bot.Slack, "ts1")
			if err != nil || m.Project != "ACME" || m.Milestones[0] != "3" || m.Options[0].Action != "yes" || m.Poll.Actions[0] != "y" ||
				m.Kind != bot.KindQuestion || !m.At.Equal(c.at) {
				t.Errorf("%+v, %v", m, err)
			}
			if _, err := tx.Message(bot.Slack, "ts9"); !errors.Is(err, ErrNotFound) {
				t.Errorf("no such message: %v", err)
			}
			last, err := tx.LastMessages(bot.Slack, "a", 5)
			if err != nil || len(last) != 2 || last[0].ID != "ts2" {
				t.Errorf("last: %v, %v", last, err)
			}
			card, err := tx.Card(bot.Slack, "a", "status:ACME")
			if err != nil || card.ID != "ts2" {
				t.Errorf("card: %v, %v", card, err)
			}
			return nil
		})
	})
}
