package main

import (
	"context"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"timonel/bot/slack"
	"timonel/internal/fakeslack"
)

// workspace is a local Slack with a committee, and the configuration of a bot that belongs to it.
type workspace struct {
	*fakeslack.Cast
	room       *fakeslack.Channel
	ana, bruno *fakeslack.Actor
	conf       string
}

func newWorkspace(t *testing.T) *workspace {
	t.Helper()
	w := &workspace{Cast: fakeslack.NewCast(t, fakeslack.Options{
		Scopes: slack.Scopes, Events: slack.Events,
		Retries: []time.Duration{100 * time.Millisecond, time.Second, 5 * time.Second, 10 * time.Second}, // Slack waits minutes
	})}
	if err := w.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	w.ana, w.bruno = w.Member("Ana Ruiz"), w.Member("Bruno Díaz")
	w.room = w.Place("comite", w.ana, w.bruno)
	folder := t.TempDir()
	w.conf = settings(t, folder, filepath.Join(folder, "s.db"), "", onSlack(w.Cast))
	return w
}

// serve runs the bot until stop.
func (w *workspace) serve(t *testing.T) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	log := newPrinted()
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, []string{"serve", "--config", w.conf}, nil, strings.NewReader(""), io.Discard, log)
	}()
	w.Connected()
	return func() {
		t.Helper()
		cancel()
		if got := <-code; got != exitDone {
			t.Errorf("exit code %d: %s", got, log)
		}
		if strings.Contains(log.String(), `"level":"error"`) {
			t.Errorf("errors in the log: %s", log)
		}
	}
}

// TestServeOnSlack is the whole program against a Slack of our own: a project is made, a restart in between loses nothing,
// what is said while it is away is answered afterwards, and ordinary talk is left alone.
func TestServeOnSlack(t *testing.T) {
	w := newWorkspace(t)
	stop := w.serve(t)
	w.ana.Mentions(w.room, "nuevo proyecto ACME con el plan fieldpro-template desde hoy")
	w.ana.ExpectText("ACME")
	w.ana.Says(w.room, "nos vemos mañana")
	w.bruno.SaysTo("hola")
	w.bruno.Expect(func(s *fakeslack.Sent) bool { return true })
	w.Settled()
	stop()

	w.ana.Mentions(w.room, "riesgo: que falte el archivo")
	stop = w.serve(t)
	w.ana.ExpectText("que falte el archivo")
	w.Quiet()
	stop()
}
