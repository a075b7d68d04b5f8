package main

import (
	"context"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"timonel/conversations"
	"timonel/conversations/understand"
	"timonel/internal/assembly"
	"timonel/steering"
	"timonel/steering/plan"
	"timonel/storage"
)

// arrange changes the state of a database by a bot that serves nobody; o says by which clock, in which zone and language.
func arrange(t testing.TB, database string, o assembly.Options, change func(*assembly.Bot, *storage.Tx) error) {
	t.Helper()
	if o.Now == nil {
		o.Now = time.Now
	}
	db, err := assembly.OpenDatabase(context.Background(), database, o.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if o.Plans, err = plan.Open(""); err != nil {
		t.Fatal(err)
	}
	if o.Model, err = understand.Load(); err != nil {
		t.Fatal(err)
	}
	o.Policy, o.Log = steering.DefaultPolicy(), zerolog.Nop()
	b := assembly.New(db, o)
	if err := db.Update(context.Background(), func(tx *storage.Tx) error { return change(b, tx) }); err != nil {
		t.Fatal(err)
	}
}

// builtin is a plan of ours.
func builtin(t testing.TB, key string) *plan.Plan {
	t.Helper()
	plans, err := plan.Open("")
	if err != nil {
		t.Fatal(err)
	}
	p, err := plans.Find(key)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// openLed opens a project in a chat that Ana leads, who has a handle there.
func openLed(b *assembly.Bot, tx *storage.Tx, room storage.Room, handle string, o conversations.Opening) error {
	who := &steering.Person{ID: "ana", Name: "Ana Ruiz", Handles: map[string]string{string(room.Platform): handle}}
	room.Language = "es"
	err := b.Engine.Place(tx, &room, who, steering.Member{Person: "ana", Side: steering.SideVendor, Roles: []steering.Role{steering.RoleLead}})
	if err != nil {
		return err
	}
	o.Language, o.Via = "es", string(room.Platform)
	o.Chat = steering.Chat{Platform: string(room.Platform), ID: string(room.ID), Audience: steering.AudienceCommittee}
	_, err = b.Engine.OpenProject(tx, o)
	return err
}
