package main

import (
	"context"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"timonel/bot/whatsapp"
	"timonel/internal/fakewhatsapp"
)

// linkByScan links a number to a device store: its telephone scans the code.
func linkByScan(t testing.TB, cast *fakewhatsapp.Cast, number *fakewhatsapp.Account, device string) {
	t.Helper()
	ctx := context.Background()
	a, err := whatsapp.Open(ctx, whatsapp.Config{Store: device, WebsocketURL: cast.WebsocketURL(), RootKey: cast.RootKey(), Dial: cast.Dial(), Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if _, err := a.Link(ctx, "", func(shown whatsapp.Shown) {
		go func() { _ = cast.ScanQR(ctx, shown.QR, number) }()
	}); err != nil {
		t.Fatal(err)
	}
}

// linkByCommand links a number as the operator does: its telephone scans what `whatsapp link` shows.
func linkByCommand(t *testing.T, cast *fakewhatsapp.Cast, number *fakewhatsapp.Account, conf string) {
	t.Helper()
	said := newPrinted()
	code := make(chan int, 1)
	go func() {
		code <- run(t.Context(), []string{"whatsapp", "link", "--config", conf}, nil, strings.NewReader(""), said, said)
	}()
	qr := said.until(t, func(s string) string {
		line, _, whole := strings.Cut(s, "\n")
		if qr, found := strings.CutPrefix(line, "QR "); found && whole {
			return qr
		}
		return ""
	})
	if err := cast.ScanQR(t.Context(), qr, number); err != nil {
		t.Fatal(err)
	}
	if got := <-code; got != exitDone || !strings.Contains(said.String(), "linked: "+number.Phone) {
		t.Fatalf("exit code %d: %s", got, said)
	}
}
