package slack

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"timonel/bot"
	"timonel/internal/fakeslack"
)

// screens fills one form for every press of "move" and the command "new", and a home page.
type screens struct {
	mu    sync.Mutex
	slow  time.Duration
	fail  error
	homes int
}

func (s *screens) Form(ctx context.Context, in bot.Incoming) (bot.Form, bool, error) {
	if s.fail != nil {
		return bot.Form{}, false, s.fail
	}
	select {
	case <-ctx.Done():
		return bot.Form{}, false, ctx.Err()
	case <-time.After(s.slow):
	}
	if !strings.HasPrefix(in.Action, "move:") && in.Text != "/timonel new" {
		return bot.Form{}, false, nil
	}
	return bot.Form{
		Action: "move:ACME:3", Title: "Mover el hito", Submit: "Mover", Cancel: "Cancelar", Intro: "3. Datos maestros", Preview: "Elige una fecha.",
		Fields: []bot.Field{
			{Name: "date", Label: "Nueva fecha", Kind: bot.FieldDate, Live: true},
			{Name: "why", Label: "Motivo", Kind: bot.FieldLong, Optional: true},
			{Name: "mode", Label: "Modo", Kind: bot.FieldChoice, Options: []bot.Option{{Label: "Uno", Action: "one"}, {Label: "Dos", Action: "two"}}, Value: "one"},
		},
	}, true, nil
}

func (s *screens) Check(_ context.Context, in bot.Incoming) (string, map[string]string, error) {
	if in.Form["date"] < "2026-03-01" {
		return "", map[string]string{"date": "Ya pasó."}, nil
	}
	return "El go-live pasa al 11 de mayo.", nil, nil
}

func (s *screens) Home(context.Context, bot.Incoming) (bot.Home, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.homes++
	return bot.Home{
		Title: "Hola, Ana", Options: []bot.Option{{Label: "Nuevo proyecto", Action: "new"}},
		Sections: []bot.HomeSection{
			{Title: "Mis hitos", Items: []bot.HomeItem{{Text: "3. Datos & <maestros>", Options: []bot.Option{
				{Label: "Listo", Action: "done:ACME:3"}, {Label: "Mañana", Action: "snooze:ACME:3"}}}}},
			{Title: "Mis acciones", Empty: "Nada pendiente."},
		},
	}, nil
}

func inFormRig(t *testing.T, run func(r *rig, s *screens)) {
	s := &screens{}
	inRig(t, func(_ *fakeslack.Options, c *Config) { c.Screens = s }, func(r *rig) {
		r.start()
		run(r, s)
	})
}

func TestAFormIsFilledAndStored(t *testing.T) {
	inFormRig(t, func(r *rig, _ *screens) {
		id := r.send(bot.Outgoing{ID: 1, Text: "Vence el 3", Options: []bot.Option{{Label: "Mover", Action: "move:ACME:3"}}})
		r.ana.ExpectText("Vence el 3")
		r.ana.Clicks(r.room, "Mover")
		v := r.ana.ExpectModal()
		if list := r.hears(); len(list) != 0 {
			t.Errorf("a press that opens a form was heard: %+v", list)
		}
		r.ana.Fills(v, "Nueva fecha", "2026-03-20")
		if sent := r.ana.Expect(func(s *fakeslack.Sent) bool { return s.Kind == fakeslack.Changed }); !strings.Contains(sent.Text, "El go-live pasa al 11 de mayo.") {
			t.Errorf("preview: %s", sent.Text)
		}
		r.ana.Submits(v, map[string]string{"Nueva fecha": "2025-01-01"})
		if p := v.Problems(); len(p) != 1 || p[0] != "Ya pasó." || v.Closed() {
			t.Errorf("problems: %v", p)
		}
		r.RepeatEnvelopes(2)
		r.ana.Submits(v, map[string]string{"Nueva fecha": "2026-03-20", "Motivo": "falta el archivo", "Modo": "Dos"})
		in := r.one()
		if in.Kind != bot.Press || in.Action != "move:ACME:3" || in.Form["date"] != "2026-03-20" || in.Form["why"] != "falta el archivo" || in.Form["mode"] != "two" {
			t.Errorf("submitted: %+v", in)
		}
		if in.Room != bot.RoomID(r.room.ID) || in.Quote != id || in.FromName != "Ana Ruiz" || !v.Closed() {
			t.Errorf("submitted: %+v", in)
		}
		r.ana.Slash(r.room, "new")
		r.ana.ExpectModal()
		r.Quiet()
	})
}

// TestAFormThatCannotOpenIsAskedInWords makes the program slow, broken, and Slack refuse: the press is worked as it is.
func TestAFormThatCannotOpenIsAskedInWords(t *testing.T) {
	inFormRig(t, func(r *rig, s *screens) {
		r.send(bot.Outgoing{ID: 1, Text: "Vence el 3", Options: []bot.Option{{Label: "Mover", Action: "move:ACME:3"}}})
		r.ana.ExpectText("Vence el 3")
		for _, x := range []struct {
			name string
			slow time.Duration
			fail error
			do   func()
		}{
			{"slow", 10 * time.Second, nil, func() {}},
			{"broken", 0, errors.New("the database is gone"), func() {}},
			{"refused", 0, nil, func() { r.Server.Fail(fakeslack.Fault{Method: "views.open", Error: "expired_trigger_id"}) }},
		} {
			s.slow, s.fail = x.slow, x.fail
			x.do()
			r.ana.Clicks(r.room, "Mover")
			if in := r.one(); in.Action != "move:ACME:3" || in.Form != nil {
				t.Errorf("%s: heard %+v", x.name, in)
			}
		}
		r.Quiet()
	})
}

func TestHome(t *testing.T) {
	inFormRig(t, func(r *rig, s *screens) {
		r.ana.OpensHome()
		r.ana.ExpectText("Hola, Ana", "[Nuevo proyecto]", "3. Datos & <maestros>", "(Listo)", "Nada pendiente.")
		if _, err := r.ana.Person.Clicks(nil, "Nuevo proyecto"); err != nil {
			t.Fatal(err)
		}
		if in := r.one(); in.Action != "new" || !in.Direct || in.Room != bot.RoomID(r.ana.Direct().ID) {
			t.Errorf("press at home: %+v", in)
		}
		act := func() (*fakeslack.Delivery, error) {
			return r.ana.Person.Chooses(nil, "Listo")
		}
		if _, err := act(); err != nil {
			t.Fatal(err)
		}
		if in := r.one(); in.Action != "done:ACME:3" {
			t.Errorf("choice at home: %+v", in)
		}
		// The answer goes to the direct chat, and the page follows.
		r.send(bot.Outgoing{ID: 1, Room: bot.RoomID(r.ana.Direct().ID), Direct: bot.UserID(r.ana.ID), Text: "Listo el 3."})
		r.ana.ExpectText("Listo el 3.")
		r.ana.Expect(func(x *fakeslack.Sent) bool { return x.Kind == fakeslack.Published })
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.homes != 2 {
			t.Errorf("%d home pages were made", s.homes)
		}
		r.Quiet()
	})
}
