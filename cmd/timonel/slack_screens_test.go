package main

import (
	"context"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"timonel/internal/fakeslack"
)

// withProject is a workspace in which Ana leads ACME and Bruno is the client's product owner; the bot runs.
func withProject(t *testing.T) (w *workspace, stop func()) {
	t.Helper()
	w = newWorkspace(t)
	stop = w.serve(t)
	w.ana.Mentions(w.room, "nuevo proyecto ACME con el plan fieldpro-template desde hoy")
	w.ana.ExpectText("ACME", "en marcha")
	w.ana.Mentions(w.room, "@bruno es dueño de producto del cliente")
	w.ana.ExpectText("Bruno")
	w.Settled()
	w.Forget()
	return w, stop
}

// TestScreensOnSlack opens a project and moves a date by forms, looks at the home page and acts from there.
func TestScreensOnSlack(t *testing.T) {
	w, stop := withProject(t)
	w.ana.OpensHome()
	home := w.ana.ExpectText("Mis hitos", "Mi portafolio", "ACME").View
	if !strings.Contains(w.ana.Person.Home().ID, "V") || home == nil {
		t.Fatal("no home page")
	}
	// An action is closed there, and is gone from the page.
	w.ana.Mentions(w.room, "acción: @ana prepara el taller para el viernes")
	w.ana.ExpectText("Acción 1")
	w.ana.OpensHome()
	w.ana.ExpectText("Mis acciones", "prepara el taller")
	w.ana.Clicks(nil, "close:ACME:1")
	w.ana.Expect(func(s *fakeslack.Sent) bool { return s.Kind == fakeslack.Posted && s.Channel == w.ana.Direct() })
	w.ana.Expect(func(s *fakeslack.Sent) bool {
		return s.Kind == fakeslack.Published && !strings.Contains(s.Text, "prepara el taller")
	})
	// Moving from the home page: the form says what would follow before anything is changed.
	if _, err := w.ana.Person.Chooses(nil, "Nueva fecha"); err != nil {
		t.Fatal(err)
	}
	form := w.ana.ExpectModal()
	w.ana.Fills(form, "Nueva fecha", time.Now().AddDate(0, 2, 0).Format(time.DateOnly))
	w.ana.ExpectText("pasara al", "Go-live")
	w.ana.Submits(form, map[string]string{"Motivo": "falta el archivo"})
	w.ana.Expect(func(s *fakeslack.Sent) bool { return s.Kind == fakeslack.Posted && s.Channel == w.ana.Direct() })
	w.ana.Expect(func(s *fakeslack.Sent) bool { return s.Kind == fakeslack.Published })

	// A project by a form, in another channel; a name that is taken is refused at its field.
	other := w.Place("otro", w.ana)
	w.ana.Slash(other, "nuevo")
	form = w.ana.ExpectModal()
	w.ana.Submits(form, map[string]string{"Nombre": "ACME"})
	if p := form.Problems(); len(p) != 1 || !strings.Contains(p[0], "ACME") || form.Closed() {
		t.Errorf("a name that is taken: %v", p)
	}
	w.ana.Submits(form, map[string]string{"Nombre": "Beta", "Plan": "cesla", "Quién fija las fechas": "onboarding", "Idioma": "pt"})
	w.ana.Expect(func(s *fakeslack.Sent) bool { return s.Channel == other && strings.Contains(s.Text, "Beta") })
	if !form.Closed() {
		t.Error("the form stays open")
	}
	w.Settled()
	stop()
}

// TestTheLeadHearsOfALostChannel removes the bot and archives a channel: the lead is told directly, once.
func TestTheLeadHearsOfALostChannel(t *testing.T) {
	w, stop := withProject(t)
	w.ana.Archives(w.room)
	w.ana.Expect(func(s *fakeslack.Sent) bool {
		return s.Channel == w.ana.Direct() && strings.Contains(s.Text, "comite") && strings.Contains(s.Text, "ACME")
	})
	w.Quiet()
	stop()
}

// TestAnInstallationThatLacksAScope says at the start what to do in Slack, and goes on with what it may do.
func TestAnInstallationThatLacksAScope(t *testing.T) {
	w := newWorkspace(t)
	w.TakeScope("files:write")
	ctx, cancel := context.WithCancel(t.Context())
	log := newPrinted()
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, []string{"serve", "--config", w.conf}, nil, strings.NewReader(""), io.Discard, log)
	}()
	w.Connected()
	w.bruno.SaysTo("hola")
	w.bruno.Expect(func(*fakeslack.Sent) bool { return true })
	cancel()
	<-code
	told := ""
	for line := range strings.Lines(log.String()) {
		if strings.Contains(line, "files:write") {
			told += line
		}
	}
	if strings.Count(told, "\n") != 1 || !strings.Contains(told, "timonel slack manifest") {
		t.Errorf("told of the scope: %s", told)
	}
}

// TestSlackThatRefusesTheBot starts with tokens that are no good: one line says what to do, and the program goes on.
func TestSlackThatRefusesTheBot(t *testing.T) {
	w := newWorkspace(t)
	raw, err := os.ReadFile(w.conf)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct{ name, from, to, says string }{
		{"bot token", w.BotToken(), "xoxb-wrong", "invalid_auth"},
		{"app token", w.AppToken(), "xapp-wrong", "invalid_auth"},
		{"revoked", "", "", "token_revoked"},
	} {
		w.RevokeTokens(x.name == "revoked", false)
		if err := os.WriteFile(w.conf, []byte(strings.Replace(string(raw), x.from, x.to, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		log := newPrinted()
		code := make(chan int, 1)
		go func() {
			code <- run(ctx, []string{"serve", "--config", w.conf}, nil, strings.NewReader(""), io.Discard, log)
		}()
		line := log.until(t, func(s string) string {
			for l := range strings.Lines(s) {
				if strings.Contains(l, "platform given up") {
					return l
				}
			}
			return ""
		})
		if !strings.Contains(line, x.says) || !strings.Contains(line, "api.slack.com") && !strings.Contains(line, "Install App") {
			t.Errorf("%s: %s", x.name, line)
		}
		select {
		case <-code:
			t.Errorf("%s: the program ended: %s", x.name, log)
		default:
		}
		cancel()
		if got := <-code; got != exitDone {
			t.Errorf("%s: exit code %d", x.name, got)
		}
	}
}
