package main

import (
	"context"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"timonel/internal/fakewhatsapp"
)

// TestServeOnWhatsApp is the whole program against a WhatsApp of our own: a number is linked by its QR code, the group is
// listed, a project is made in it, a restart loses nothing, and ordinary talk is left alone.
func TestServeOnWhatsApp(t *testing.T) {
	cast := fakewhatsapp.NewCast(t, fakewhatsapp.Options{})
	account := cast.Account("Timonel", "573009998877")
	ana, bruno := cast.Member("Ana Ruiz", "573001112233"), cast.Member("Bruno", "573004445566")
	folder := t.TempDir()
	conf := settings(t, folder, filepath.Join(folder, "s.db"), "", onWhatsApp(cast, filepath.Join(folder, "w.db")))
	linkByCommand(t, cast, account, conf)
	room := cast.Group("Comité", ana, bruno, account)
	groups := newPrinted()
	if got := run(t.Context(), []string{"whatsapp", "groups", "--config", conf}, nil, strings.NewReader(""), groups, groups); got != exitDone || !strings.Contains(groups.String(), room.JID().String()) {
		t.Errorf("exit code %d: %s", got, groups)
	}

	doctor := func(words string) {
		t.Helper()
		said := newPrinted()
		run(t.Context(), []string{"doctor", "--config", conf}, nil, strings.NewReader(""), said, said)
		if !strings.Contains(said.String(), words) {
			t.Errorf("doctor says nothing of %q: %s", words, said)
		}
	}
	doctor("ok    whatsapp   573009998877 is linked, and WhatsApp accepts it")

	code := make(chan int, 1)
	serve := func() (stop func()) {
		ctx, cancel := context.WithCancel(t.Context())
		log := newPrinted()
		go func() {
			code <- run(ctx, []string{"serve", "--config", conf}, nil, strings.NewReader(""), io.Discard, log)
		}()
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
	stop := serve()
	ana.Says(room, "timonel, nuevo proyecto ACME con el plan fieldpro-template desde hoy")
	ana.ExpectText("ACME")
	bruno.ExpectText("ACME")
	doctor("ok    whatsapp   573009998877 is linked, and the running bot uses it")
	ana.Says(room, "nos vemos mañana")
	cast.Settled()
	stop()
	ana.Says(room, "timonel riesgo: que falte el archivo")
	stop = serve()
	ana.ExpectText("que falte el archivo")
	bruno.ExpectText("que falte el archivo")
	stop()
	cast.LogOut(account)
	doctor("fail  whatsapp   573009998877 is linked, but: WhatsApp unlinked this device")
	doctor("fail  whatsapp   no number is linked (run: timonel whatsapp link)")
}
