package main

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"timonel/bot/slack"
	"timonel/internal/fakeslack"
	"timonel/internal/fakewhatsapp"
)

// both is a bot on a Slack and a WhatsApp of our own, with real libraries on all ends.
type both struct {
	t         *testing.T
	slack     *fakeslack.Cast
	whatsapp  *fakewhatsapp.Cast
	me        *fakewhatsapp.Account
	channel   *fakeslack.Channel
	group     *fakewhatsapp.Group
	ana       *fakeslack.Actor
	bruno     *fakewhatsapp.Actor
	conf      string
	folder    string
	log       *printed
	stop      func()
	botSecret string
	appSecret string
}

func newBoth(t *testing.T, more string) *both {
	t.Helper()
	b := &both{t: t, folder: t.TempDir()}
	b.slack = fakeslack.NewCast(t, fakeslack.Options{Scopes: slack.Scopes, Events: slack.Events, Retries: []time.Duration{100 * time.Millisecond, time.Second, 5 * time.Second}})
	if err := b.slack.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	b.ana = b.slack.Member("Ana Ruiz")
	b.channel = b.slack.Place("comite", b.ana)
	b.whatsapp = fakewhatsapp.NewCast(t, fakewhatsapp.Options{})
	b.me = b.whatsapp.Account("Timonel", numberOfBot)
	b.bruno = b.whatsapp.Member("Bruno Díaz", "573004445566")
	linkByScan(t, b.whatsapp, b.me, b.device())
	b.group = b.whatsapp.Group("Comité", b.bruno, b.me)
	b.botSecret, b.appSecret = b.slack.BotToken(), b.slack.AppToken()
	b.conf = settings(t, b.folder, filepath.Join(b.folder, "s.db"), "127.0.0.1:0", onSlack(b.slack), onWhatsApp(b.whatsapp, b.device()), more)
	return b
}

func (b *both) device() string { return filepath.Join(b.folder, "device.db") }

// serve runs the bot until stop.
func (b *both) serve(env ...string) {
	b.t.Helper()
	ctx, cancel := context.WithCancel(b.t.Context())
	b.log = newPrinted()
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, []string{"serve", "--config", b.conf}, env, strings.NewReader(""), io.Discard, b.log)
	}()
	b.slack.Connected()
	b.stop = func() {
		b.t.Helper()
		cancel()
		if got := <-code; got != exitDone {
			b.t.Errorf("exit code %d: %s", got, b.log)
		}
	}
}

// deviceKeys are the secrets of the linked device, in the ways in which bytes are written.
func (b *both) deviceKeys() []string {
	b.t.Helper()
	db, err := sql.Open("sqlite", "file:"+b.device()+"?mode=ro")
	if err != nil {
		b.t.Fatal(err)
	}
	defer db.Close()
	var noise, identity, adv []byte
	if err := db.QueryRow(`SELECT noise_key, identity_key, adv_key FROM whatsmeow_device`).Scan(&noise, &identity, &adv); err != nil {
		b.t.Fatal(err)
	}
	var list []string
	for _, key := range [][]byte{noise, identity, adv} {
		list = append(list, hex.EncodeToString(key), base64.StdEncoding.EncodeToString(key), base64.RawURLEncoding.EncodeToString(key), fmt.Sprint(key))
	}
	return list
}

// TestTheLogHoldsNoSecretAndNoText lets real traffic run, with everything logged that can be, with platforms that fail, and
// looks for what must not be there: secrets nowhere, what people and the bot wrote in no line above debug.
func TestTheLogHoldsNoSecretAndNoText(t *testing.T) {
	b := newBoth(t, "[log]\nlevel = \"trace\"\nformat = \"json\"\n")
	b.serve()
	b.ana.Mentions(b.channel, "nuevo proyecto ACME con el plan fieldpro-template desde hoy")
	b.ana.ExpectText("ACME")
	b.bruno.Says(b.group, "timonel, nuevo proyecto GLOBEX con el plan fieldpro-template desde hoy")
	b.bruno.ExpectText("GLOBEX")
	b.slack.Fail(fakeslack.Fault{Method: "chat.postMessage", RetryAfter: time.Second, Times: 1})
	b.ana.Mentions(b.channel, "riesgo: zanahoria violeta en el puerto")
	b.ana.ExpectText("zanahoria violeta en el puerto")
	b.slack.Fail(fakeslack.Fault{Method: "chat.postMessage", Error: "msg_blocks_too_long", Times: 1})
	b.ana.Mentions(b.channel, "decisión: zanahoria violeta al horno")
	b.whatsapp.Drop(b.me)
	b.bruno.Says(b.group, "timonel riesgo: zanahoria violeta en el almacén")
	b.bruno.ExpectText("zanahoria violeta en el almacén")
	b.bruno.Says(b.group, "la zanahoria violeta no es para el bot")
	b.whatsapp.UndecryptableNext(b.me, 1)
	b.bruno.Says(b.group, "timonel riesgo: zanahoria violeta ilegible")
	b.bruno.SaysTo(numberOfBot, "zanahoria violeta directa")
	b.ana.SaysTo("zanahoria violeta directa")
	b.ana.Expect(func(s *fakeslack.Sent) bool { return true })
	b.whatsapp.Settled()
	b.slack.Settled()
	b.slack.RevokeTokens(true, false)
	b.ana.Mentions(b.channel, "riesgo: zanahoria violeta sin llave")
	b.log.until(t, func(s string) string {
		if strings.Contains(s, "token_revoked") || strings.Contains(s, "invalid_auth") || strings.Contains(s, "account_inactive") {
			return s
		}
		return ""
	})
	b.stop()
	secrets := append(b.deviceKeys(), b.botSecret, b.appSecret)
	lines := 0
	for line := range strings.Lines(b.log.String()) {
		lines++
		for _, secret := range secrets {
			if strings.Contains(line, secret) {
				t.Errorf("a secret is in the log: %s", line)
			}
		}
		var l struct{ Level string }
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Errorf("a line that is no JSON: %s", line)
		}
		if strings.Contains(strings.ToLower(line), "zanahoria") && l.Level != "debug" && l.Level != "trace" {
			t.Errorf("what was written is in the log: %s", line)
		}
	}
	t.Logf("%d lines, %d bytes", lines, len(b.log.String()))
	if lines < 10 {
		t.Errorf("only %d lines were logged", lines)
	}
}

// TestNoPasswordInErrors asks for a database that is not there by an address that holds a password.
func TestNoPasswordInErrors(t *testing.T) {
	for _, address := range []string{
		"postgres://timonel:hunter2secret@127.0.0.1:1/timonel", "postgres://timonel:hunter2secret@127.0.0.1:none/timonel",
		"postgres://timonel:hunter2secret@%zz/timonel", "postgresql://timonel@127.0.0.1:1/timonel?password=hunter2secret",
		"mysql://timonel:hunter2secret@127.0.0.1/timonel",
	} {
		for _, command := range [][]string{{"serve"}, {"migrate"}, {"doctor"}, {"export"}} {
			out := newPrinted()
			env := []string{"TIMONEL_STORAGE_URL=" + address, "TIMONEL_HTTP_ADDR=127.0.0.1:0"}
			if code := run(t.Context(), command, env, strings.NewReader(""), out, out); code == exitDone {
				t.Errorf("%s with %s worked", command, address)
			}
			if strings.Contains(out.String(), "hunter2secret") {
				t.Errorf("%s with %s says %s", command, address, out)
			}
		}
	}
}
