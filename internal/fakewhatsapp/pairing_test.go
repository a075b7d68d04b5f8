package fakewhatsapp_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/store/sqlstore"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"

	"timonel/bot/whatsapp"
	"timonel/internal/fakewhatsapp"
)

const botPhone = "573009998877"

// stranger is a client of the library's, redirected but not linked: what the
// bot's own client is to the server.
func stranger(t *testing.T, cast *fakewhatsapp.Cast) (client *whatsmeow.Client, heard chan any) {
	t.Helper()
	dsn := "file:" + filepath.Join(t.TempDir(), "bot.db") +
		"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(normal)&_pragma=foreign_keys(1)&_txlock=immediate"
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		t.Fatal(err)
	}
	container := sqlstore.NewWithDB(db, "sqlite3", nil)
	if err = container.Upgrade(t.Context()); err != nil {
		t.Fatal(err)
	}
	client = whatsmeow.NewClient(container.NewDevice(), nil)
	if err = whatsapp.Redirect(client, cast.WebsocketURL(), cast.RootKey()); err != nil {
		t.Fatal(err)
	}
	heard = make(chan any, 100)
	client.AddEventHandler(func(event any) { heard <- event })
	t.Cleanup(func() {
		client.Disconnect()
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if err = client.Connect(); err != nil {
		t.Fatal(err)
	}
	return client, heard
}

// next waits for an event of a type.
func next[E any](t *testing.T, heard chan any) E {
	t.Helper()
	for {
		select {
		case event := <-heard:
			if e, ok := event.(E); ok {
				return e
			}
		case <-t.Context().Done():
			t.Fatal("the event does not come")
		}
	}
}

func checkLinked(t *testing.T, cast *fakewhatsapp.Cast, client *whatsmeow.Client, bot *fakewhatsapp.Account) {
	t.Helper()
	if got := client.Store.ID; got == nil || got.ToNonAD() != bot.JID() || client.Store.LID.ToNonAD() != bot.LID() {
		t.Fatalf("the client is %v and %s, want %s and %s", client.Store.ID, client.Store.LID, bot.JID(), bot.LID())
	}
	ana := cast.Member("Ana", anaPhone)
	group := cast.Group("Comité", ana, bot)
	content := &waE2E.Message{Conversation: proto.String("estoy aquí")}
	if _, err := client.SendMessage(t.Context(), group.JID(), content); err != nil {
		t.Fatal(err)
	}
	if got := ana.ExpectText("estoy aquí"); got.SenderName != "Timonel" || got.Sender != bot.LID() {
		t.Errorf("got %+v, want it from %s", got, bot.LID())
	}
}

func TestLinkByQR(t *testing.T) {
	t.Parallel()
	cast := fakewhatsapp.NewCast(t, fakewhatsapp.Options{})
	bot := cast.Account("Timonel", botPhone)
	client, heard := stranger(t, cast)
	codes := next[*events.QR](t, heard).Codes
	if len(codes) != 6 {
		t.Errorf("%d QR codes are offered, want 6", len(codes))
	}
	if err := cast.ScanQR(t.Context(), codes[2], bot); err != nil {
		t.Fatal(err)
	}
	next[*events.Connected](t, heard)
	checkLinked(t, cast, client, bot)
	if err := cast.ScanQR(t.Context(), codes[2], bot); err == nil {
		t.Error("a QR code was scanned twice")
	}
}

func TestScanNonsense(t *testing.T) {
	t.Parallel()
	cast := fakewhatsapp.NewCast(t, fakewhatsapp.Options{})
	bot := cast.Account("Timonel", botPhone)
	_, heard := stranger(t, cast)
	code := next[*events.QR](t, heard).Codes[0]
	parts := strings.Split(code, ",")
	for name, nonsense := range map[string]string{
		"not a code":    "hola",
		"no base64":     parts[0] + ",?,?,?,0",
		"unknown ref":   strings.Join(append([]string{"2@nobody"}, parts[1:]...), ","),
		"another noise": strings.Join([]string{parts[0], parts[2], parts[2], parts[3], parts[4]}, ","),
		"wrong secret":  strings.Join([]string{parts[0], parts[1], parts[2], parts[1], parts[4]}, ","),
	} {
		if err := cast.ScanQR(t.Context(), nonsense, bot); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
	if bot.Linked() != 0 {
		t.Errorf("%d devices are linked, want none", bot.Linked())
	}
}

func TestLinkByPairCode(t *testing.T) {
	t.Parallel()
	cast := fakewhatsapp.NewCast(t, fakewhatsapp.Options{})
	bot := cast.Account("Timonel", botPhone)
	client, heard := stranger(t, cast)
	next[*events.QR](t, heard)
	code, err := client.PairPhone(t.Context(), botPhone, true, whatsmeow.PairClientChrome, "Chrome (Linux)")
	if err != nil {
		t.Fatal(err)
	}
	if err = cast.ApprovePairCode(t.Context(), bot, "AAAA-AAAA"); err == nil {
		t.Error("a wrong code was accepted")
	}
	if err = cast.ApprovePairCode(t.Context(), bot, code); err != nil {
		t.Fatal(err)
	}
	next[*events.Connected](t, heard)
	checkLinked(t, cast, client, bot)
	if err = cast.ApprovePairCode(t.Context(), bot, code); err == nil {
		t.Error("a code was accepted twice")
	}
}

func TestRejectedLinking(t *testing.T) {
	t.Parallel()
	cast := fakewhatsapp.NewCast(t, fakewhatsapp.Options{})
	bot := cast.Account("Timonel", botPhone)
	client, heard := stranger(t, cast)
	client.PrePairCallback = func(types.JID, string, string) bool { return false }
	if err := cast.ScanQR(t.Context(), next[*events.QR](t, heard).Codes[0], bot); err == nil {
		t.Error("a client that refused was linked")
	}
}

func TestSecondDeviceOfOnePerson(t *testing.T) {
	t.Parallel()
	cast := fakewhatsapp.NewCast(t, fakewhatsapp.Options{})
	ana, desk, bruno := cast.Member("Ana", anaPhone), cast.Member("Ana", anaPhone), cast.Member("Bruno", brunoPhone)
	group := cast.Group("Comité", ana, bruno)
	if ana.Linked() != 2 {
		t.Fatalf("Ana has %d devices, want 2", ana.Linked())
	}
	bruno.Says(group, "a las dos")
	ana.ExpectText("a las dos")
	desk.ExpectText("a las dos")
	ana.Says(bruno, "te escribo del teléfono")
	bruno.ExpectText("teléfono")
	if own := desk.ExpectText("teléfono"); !own.FromMe || own.Chat != bruno.LID() {
		t.Errorf("her other device sees %+v, want her own message to %s", own, bruno.LID())
	}
	cast.Quiet()
}

func TestRelink(t *testing.T) {
	t.Parallel()
	inBothModes(t, func(t *testing.T, mode types.AddressingMode) {
		cast, ana, bruno, group := committee(t, mode)
		ana.Says(group, "antes")
		bruno.ExpectText("antes")
		if err := cast.Relink(t.Context(), bruno.Member); err != nil {
			t.Fatal(err)
		}
		cast.Settled() // Ana has heard of the change
		ana.Says(group, "después")
		if got := bruno.ExpectText("después"); got.Retries != 0 {
			t.Errorf("got %+v, want it readable at once", got)
		}
		bruno.Says(group, "soy yo")
		ana.ExpectText("soy yo")
		cast.Quiet()
	})
}

func TestRedirectRefusesNonsense(t *testing.T) {
	t.Parallel()
	cast := fakewhatsapp.NewCast(t, fakewhatsapp.Options{})
	client := whatsmeow.NewClient(sqlstore.NewWithDB(nil, "sqlite3", nil).NewDevice(), nil)
	for _, bad := range []struct{ url, key string }{
		{"http://127.0.0.1:1/ws/chat", cast.RootKey()},
		{"ws://127.0.0.1:1/", cast.RootKey()},
		{"ws:///ws/chat", cast.RootKey()},
		{"ws://[::1/ws/chat", cast.RootKey()},
		{cast.WebsocketURL(), "abc"},
		{cast.WebsocketURL(), "abcd"},
	} {
		if err := whatsapp.Redirect(client, bad.url, bad.key); err == nil {
			t.Errorf("%v was accepted", bad)
		}
	}
}

func TestAccountNeedsAPhone(t *testing.T) {
	t.Parallel()
	cast := fakewhatsapp.NewCast(t, fakewhatsapp.Options{})
	for _, phone := range []string{"", "12", "0573001112233", "Ana"} {
		if _, err := cast.NewAccount("Ana", phone); err == nil {
			t.Errorf("an account was opened for %q", phone)
		}
	}
	first, again := cast.Account("Ana", anaPhone), cast.Account("Otra", "573001112233")
	if first != again {
		t.Error("one number has two accounts")
	}
	if _, err := cast.NewMember(cancelled(t), "Ana", anaPhone); err == nil {
		t.Error("a member came in without time to do so")
	}
}

func cancelled(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}
