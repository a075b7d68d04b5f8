package slack

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"testing"
	"time"

	"timonel/bot"
	"timonel/internal/fakeslack"
)

func TestHearsMessages(t *testing.T) {
	inRig(t, nil, func(r *rig) {
		r.start()
		for _, x := range []struct {
			name     string
			do       func()
			text     string
			toBot    bool
			direct   bool
			mentions int
		}{
			{"mention", func() { r.ana.Mentions(r.room, "mueve el 3 al viernes") }, "mueve el 3 al viernes", true, false, 0},
			{"mention with a comma", func() { r.ana.Says(r.room, "@timonel, listo el 3 & <ya>") }, "listo el 3 & <ya>", true, false, 0},
			{"mention in the middle", func() { r.ana.Says(r.room, "gracias @timonel por todo") }, "gracias por todo", true, false, 0},
			{"talk", func() { r.ana.Says(r.room, "timonel listo el 3") }, "timonel listo el 3", false, false, 0},
			{"mention of a person", func() { r.ana.Mentions(r.room, "el 3 es de @bruno") }, "el 3 es de @Bruno Díaz", true, false, 1},
			{"direct", func() { r.ana.SaysTo("¿cómo vamos?") }, "¿cómo vamos?", false, true, 0},
			{"emoji", func() { r.ana.SaysTo(":white_check_mark: :+1::skin-tone-3: 12:30:45") }, "✅ 👍 12:30:45", false, true, 0},
			{"slash", func() { r.ana.Slash(r.room, "listo el 3 @bruno") }, "/timonel listo el 3 @Bruno Díaz", true, false, 1},
			{"slash alone", func() { r.ana.Slash(r.room, "") }, "/timonel", true, false, 0},
		} {
			x.do()
			in := r.one()
			if in.Kind != bot.TextMessage || in.Text != x.text || in.ToBot != x.toBot || in.Direct != x.direct || len(in.Mentions) != x.mentions {
				t.Errorf("%s: %+v", x.name, in)
			}
			if in.FromName != "Ana Ruiz" || in.Language != "es" || in.Zone != "America/Bogota" || in.Guest || in.At.IsZero() || in.Platform != bot.Slack {
				t.Errorf("%s: who or when is wrong: %+v", x.name, in)
			}
			for _, m := range in.Mentions {
				if in.Text[m.Start:m.End] != "@Bruno Díaz" || m.User != bot.UserID(r.bruno.ID) {
					t.Errorf("%s: mention %+v", x.name, m)
				}
			}
		}
		if r.heard.again == 0 {
			t.Error("a mention comes as two events; both should have been offered")
		}
		r.Quiet()
	})
}

func TestHearsThreads(t *testing.T) {
	inRig(t, nil, func(r *rig) {
		stop := r.start()
		notice := r.send(bot.Outgoing{ID: 1, Text: "Vence el 3"})
		posted := r.ana.ExpectText("Vence el 3").Message
		r.ana.Threads(posted, "listo")
		if in := r.one(); in.Quote != notice || !in.ToBot {
			t.Errorf("an answer to the bot: %+v", in)
		}
		talk := r.ana.Says(r.room, "algo entre nosotros")
		r.hears()
		r.bruno.Threads(talk, "sí")
		if in := r.one(); in.Quote != "" || in.ToBot {
			t.Errorf("an answer among people: %+v", in)
		}
		asked := r.ana.Mentions(r.room, "mueve el 3")
		question := r.send(bot.Outgoing{ID: 2, Text: "¿Para cuándo?", Ask: "date", Thread: r.one().ID})
		if sent := r.ana.ExpectText("¿Para cuándo?"); sent.Message.ThreadTS != asked.TS {
			t.Errorf("a question is not in the thread of what it asks about")
		}
		answer := func(what string) {
			t.Helper()
			r.ana.Threads(asked, "el viernes")
			if in := r.one(); in.Quote != question || !in.ToBot || readID(in.ID).root != asked.TS {
				t.Errorf("%s: %+v", what, in)
			}
		}
		answer("an answer in a thread of the bot's")
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		r.a = New(r.a.cfg) // a new process remembers nothing
		r.start()
		answer("the same after a restart")
		r.Quiet()
	})
}

func TestHearsWhatPeopleDo(t *testing.T) {
	inRig(t, nil, func(r *rig) {
		r.start()
		mine := r.send(bot.Outgoing{ID: 1, Text: "¿Aprobado?"})
		posted := r.ana.ExpectText("¿Aprobado?").Message
		said := r.ana.Says(r.room, "hola a todos")
		command := r.ana.Mentions(r.room, "listo el 4")
		r.hears()

		r.ana.Reacts(posted, "✅")
		if in := r.one(); in.Kind != bot.Reaction || in.Text != "✅" || in.Quote != mine {
			t.Errorf("reaction: %+v", in)
		}
		r.bruno.Reacts(said, "✅")
		r.ana.Edits(said, "hola a todas")
		r.ana.Deletes(said)
		if list := r.hears(); len(list) != 0 {
			t.Errorf("what people do among themselves was heard: %+v", list)
		}
		r.ana.Edits(command, "@timonel listo el 5")
		if in := r.one(); in.Kind != bot.Edited || in.Text != "listo el 5" || in.Quote != messageID(r.room.ID, command.TS) {
			t.Errorf("edit: %+v", in)
		}
		r.ana.Deletes(command)
		if in := r.one(); in.Kind != bot.Deleted || in.Quote != messageID(r.room.ID, command.TS) {
			t.Errorf("deletion: %+v", in)
		}
		data := []byte("contract")
		sum := sha256.Sum256(data)
		r.ana.Shares(r.room, "acta.pdf", data, "@timonel para firma del hito 3")
		in := r.one()
		if len(in.Files) != 1 || in.Files[0].Name != "acta.pdf" || in.Files[0].SHA256 != hex.EncodeToString(sum[:]) || in.Files[0].Bytes != len(data) {
			t.Errorf("file: %+v", in.Files)
		}
		carla := r.Outsider("Carla Souza")
		carla.Joins(r.room)
		if in := r.one(); in.Kind != bot.Joined || in.FromName != "Carla Souza" || !in.Guest || !in.Shared {
			t.Errorf("joined: %+v", in)
		}
		carla.Mentions(r.room, "status")
		if in := r.one(); !in.Guest || !in.Shared {
			t.Errorf("a guest: %+v", in)
		}
		carla.Leaves(r.room)
		if in := r.one(); in.Kind != bot.Left || in.From != bot.UserID(carla.ID) {
			t.Errorf("left: %+v", in)
		}
		other := r.EmptyChannel("otro", r.ana.Person)
		r.ana.Invites(other)
		if in := r.one(); in.Kind != bot.Joined || !in.SelfJoined || in.Room != bot.RoomID(other.ID) || in.RoomName != "otro" {
			t.Errorf("invited: %+v", in)
		}
		r.ana.Removes(other)
		if in := r.one(); in.Kind != bot.Left || !in.SelfJoined {
			t.Errorf("removed: %+v", in)
		}
		r.ana.OpensHome()
		if in := r.one(); in.Kind != bot.Opened || !in.Direct || in.From != bot.UserID(r.ana.ID) {
			t.Errorf("home: %+v", in)
		}
		r.Quiet()
	})
}

func TestHearsPresses(t *testing.T) {
	inRig(t, nil, func(r *rig) {
		r.start()
		few := []bot.Option{{Label: "Aceptar", Action: "sign:ACME:3", Style: "primary"}, {Label: "Rechazar", Action: "unsign:ACME:3", Style: "danger"}}
		id := r.send(bot.Outgoing{ID: 1, Text: "¿Aprobado?", Options: few})
		r.ana.ExpectText("[Aceptar]", "[Rechazar]")
		r.ana.Clicks(r.room, "Aceptar")
		in := r.one()
		if in.Kind != bot.Press || in.Action != "sign:ACME:3" || in.Quote != id || in.FromName != "Ana Ruiz" {
			t.Errorf("press: %+v", in)
		}
		r.ana.Clicks(r.room, "unsign:ACME:3") // by its action id
		if in := r.one(); in.Action != "unsign:ACME:3" {
			t.Errorf("press by action: %+v", in)
		}
		var many []bot.Option
		for _, name := range []string{"a", "b", "c", "d", "e", "f"} {
			many = append(many, bot.Option{Label: "Hito " + name, Action: "pick:" + name})
		}
		r.send(bot.Outgoing{ID: 2, Text: "¿Cuál?", Options: many, Ephemeral: true, Only: bot.UserID(r.ana.ID)})
		if sent := r.ana.ExpectText("¿Cuál?", "(Hito f)"); sent.Kind != fakeslack.Whispered {
			t.Errorf("sent %s", sent.Kind)
		}
		r.ana.Picks(r.room, "Hito f")
		if in := r.one(); in.Kind != bot.Press || in.Action != "pick:f" {
			t.Errorf("choice: %+v", in)
		}
		r.send(bot.Outgoing{ID: 3, Text: "¿Para cuándo?", Ask: "date"})
		r.ana.ExpectText("¿Para cuándo?", "[datepicker]")
		r.ana.PicksDate(r.room, "2026-03-20")
		if in := r.one(); in.Kind != bot.TextMessage || in.Text != "2026-03-20" || !in.ToBot || in.Quote == "" {
			t.Errorf("day: %+v", in)
		}
		r.send(bot.Outgoing{ID: 4, Text: "Comité", Poll: &bot.Poll{Question: "¿Cuándo?", Options: []string{"jue 10:00"}, Actions: []string{"vote:ACME:1:0"}}})
		r.ana.ExpectText("Comité", "¿Cuándo?", "[jue 10:00]")
		r.ana.Clicks(r.room, "jue 10:00")
		if in := r.one(); in.Action != "vote:ACME:1:0" {
			t.Errorf("vote: %+v", in)
		}
		r.Quiet()
	})
}

// TestTheSameIsHeardOnce repeats, delays, loses and shuffles what Slack delivers.
func TestTheSameIsHeardOnce(t *testing.T) {
	inRig(t, nil, func(r *rig) {
		r.start()
		r.RepeatEnvelopes(5)
		r.RepeatEvents(5)
		r.LoseAcks(3)
		r.ana.Mentions(r.room, "uno")
		r.ana.Slash(r.room, "dos")
		r.send(bot.Outgoing{ID: 1, Text: "?", Options: []bot.Option{{Label: "Sí", Action: "pick:0"}}})
		r.ana.ExpectText("[Sí]")
		r.RepeatEnvelopes(3)
		r.ana.Clicks(r.room, "Sí")
		time.Sleep(10 * time.Minute)
		if list := r.hears(); len(list) != 3 {
			t.Errorf("heard %+v", list)
		}
		r.RepeatLast() // hours later
		time.Sleep(3 * time.Hour)
		r.Reorder(4)
		for _, text := range []string{"a", "b", "c", "d"} {
			r.ana.SaysTo(text)
		}
		if list := r.hears(); len(list) != 4 {
			t.Errorf("heard %+v", list)
		}
		r.Quiet()
	})
}

func TestWhatCannotBeStoredComesAgain(t *testing.T) {
	inRig(t, nil, func(r *rig) {
		r.start()
		r.heard.refuse = errors.New("the disk is full")
		r.ana.Mentions(r.room, "listo el 3")
		time.Sleep(30 * time.Second)
		r.heard.mu.Lock()
		r.heard.refuse = nil
		r.heard.mu.Unlock()
		if in := r.one(); in.Text != "listo el 3" {
			t.Errorf("heard %+v", in)
		}
		if !r.logs("the disk is full") {
			t.Error("the operator was not told")
		}
	})
}
