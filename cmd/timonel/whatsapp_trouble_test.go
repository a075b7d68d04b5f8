package main

import (
	"bufio"
	"context"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.mau.fi/whatsmeow/types/events"

	"timonel/bot/whatsapp"
	"timonel/internal/fakeslack"
)

// TestWhatsAppsTroublesAreToldElsewhere: what stops WhatsApp is told once to the log and to the lead on Slack, with what to
// do; Slack works on, and what waited goes out when it is over.
func TestWhatsAppsTroublesAreToldElsewhere(t *testing.T) {
	folder := fastFolder(t)
	calmly(t)
	synctest.Test(t, func(t *testing.T) {
		w := newTwoPlaces(t, folder)
		time.Sleep(time.Until(time.Date(2026, 3, 2, 9, 30, 0, 0, w.zone)))
		w.gather()
		ana, carla := w.office.Member("Ana Ruiz"), w.office.Member("Carla Vega")
		w.channel = w.office.Place("acme-internal", ana, carla)
		w.start()
		w.office.Connected()
		w.opens(ana, carla)
		w.banned(ana)
		w.loggedOut(ana)
		w.unreadable(ana)
		w.replaced(ana)
		w.quit()
	})
}

// told holds that the log and Ana's desk on Slack heard of a trouble once, in words.
func (w *twoPlaces) told(ana *fakeslack.Actor, problem string, words ...string) {
	w.t.Helper()
	w.expect("Ana's desk", w.atDesk(ana), append(words, "⚠️")...)
	if n := strings.Count(w.log.String(), `"problem":"`+problem+`"`); n != 1 {
		w.t.Errorf("%s stands in the log %d times", problem, n)
	}
}

func (w *twoPlaces) banned(ana *fakeslack.Actor) {
	w.t.Helper()
	w.TempBan(w.me, events.TempBanSentToTooManyPeople, 40*time.Minute)
	time.Sleep(time.Minute)
	w.told(ana, "banned", "suspendió el número", "lunes 2 mar, 10:11")
	w.types(ana, "decision: we wait")
	w.expect("channel", w.inChannel(), "we wait")
	said := w.people["sofia"].Says(w.room, "timonel ¿cómo vamos?")
	time.Sleep(20 * time.Minute)
	w.nothing("desk", w.atDesk(ana))
	w.nothing("group", w.inGroup())
	w.Pardon(w.me)
	time.Sleep(30 * time.Minute)
	w.expect("Ana's desk", w.atDesk(ana), "✅")
	if got := strings.Join(w.inGroup(), "\n"); !strings.Contains(got, "we wait") || !strings.Contains(got, "Go-live") {
		w.t.Errorf("after the ban the group got %q (asked at %s)", got, said.At)
	}
}

func (w *twoPlaces) loggedOut(ana *fakeslack.Actor) {
	w.t.Helper()
	w.LogOut(w.me)
	time.Sleep(time.Minute)
	w.told(ana, "logged_out", "timonel whatsapp link")
	w.types(ana, "decision: we link again")
	w.inChannel()
	time.Sleep(10 * time.Minute)
	w.link()
	time.Sleep(15 * time.Minute)
	w.expect("Ana's desk", w.atDesk(ana), "✅")
	w.expect("group", w.inGroup(), "we link again")
}

// unreadable: a message that cannot be decrypted and whose author is gone before it could be asked for again.
func (w *twoPlaces) unreadable(ana *fakeslack.Actor) {
	w.t.Helper()
	release := w.Hold(w.me)
	w.UndecryptableNext(w.me, 1)
	w.people["bruno"].Says(w.room, "timonel ¿cómo vamos?")
	w.people["bruno"].GoesOffline()
	release()
	time.Sleep(50 * time.Minute)
	w.told(ana, "unreadable", "No pude leer un mensaje")
	w.people["bruno"].ComesBack()
	w.idle()
	w.inGroup()
	time.Sleep(50 * time.Minute)
	w.expect("Ana's desk", w.atDesk(ana), "✅")
}

func (w *twoPlaces) replaced(ana *fakeslack.Actor) {
	w.t.Helper()
	w.ReplaceStream(w.me)
	time.Sleep(time.Minute)
	w.told(ana, "replaced", "Otro programa", "reinicie Timonel")
	w.types(ana, "status")
	w.expect("channel", w.inChannel(), "ACME")
}

// TestASilentPhoneAndAnOutdatedClient: each is told once in the log, on the health page and to the lead on Slack, with what
// to do. With the first the bot works on; with the second what waits is kept on both sides, for the version that WhatsApp takes.
func TestASilentPhoneAndAnOutdatedClient(t *testing.T) {
	b := newBoth(t, "[defaults]\nlanguage = \"es\"\n")
	var ahead atomic.Int64
	now := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	b.serveBy(now)
	b.bruno.Says(b.group, "timonel, nuevo proyecto ACME con el plan fieldpro-template desde hoy")
	b.bruno.ExpectText("ACME")
	b.ana.SaysTo("código de enlace")
	code := b.ana.Expect(func(s *fakeslack.Sent) bool { return linkCode.MatchString(s.Text) })
	b.bruno.Says(b.me, linkCode.FindString(code.Text))
	b.ana.ExpectText("WhatsApp") // Bruno on WhatsApp, who leads, and Ana on Slack are one person now
	b.ana.Mentions(b.channel, "este es el canal interno de ACME")
	b.ana.ExpectText("ACME")

	ahead.Add(int64(12 * day))
	b.tells("phone_silent", "whatsapp: ok, but nothing was seen of the bot's phone since", "El teléfono del bot no da señales")
	b.bruno.Says(b.group, "timonel riesgo: que el teléfono siga apagado")
	b.bruno.ExpectText("que el teléfono siga apagado")
	b.toldOnce("phone_silent", "El teléfono del bot no da señales")
	b.whatsapp.OpenPhone(b.me)
	b.ana.ExpectText("✅")
	untilHealth(t, b.log.until(t, address), "whatsapp: ok\n")

	b.whatsapp.ClientOutdated(b.me)
	b.tells("outdated", "whatsapp: WhatsApp refuses this version as outdated: update Timonel", "hasta que se actualice Timonel")
	b.bruno.Says(b.group, "timonel riesgo: que nadie actualice")
	b.ana.Mentions(b.channel, "decisión: actualizamos el lunes")
	b.ana.ExpectText("actualizamos el lunes")
	b.toldOnce("outdated", "hasta que se actualice Timonel")
	ahead.Add(int64(time.Hour)) // it is told in the group by now, if that could be
	b.slack.Settled()
	b.stop()
	b.whatsapp.Pardon(b.me) // the new version
	b.serveBy(now)
	b.bruno.ExpectText("que nadie actualice")
	b.bruno.ExpectText("actualizamos el lunes")
	b.whatsapp.Settled()
	for _, text := range []string{"que nadie actualice", "actualizamos el lunes"} {
		if n := b.inGroup(text); n != 1 {
			t.Errorf("%q came %d times", text, n)
		}
	}
	b.stop()
}

// serveBy runs the bot by a clock, with short waits on WhatsApp, until stop.
func (b *both) serveBy(now func() time.Time) {
	b.t.Helper()
	ctx, cancel := context.WithCancel(b.t.Context())
	b.log = newPrinted()
	a := &app{
		ctx: ctx, stdin: strings.NewReader(""), stdout: bufio.NewWriter(io.Discard), stderr: b.log, now: now, after: capped(200 * time.Millisecond),
		reachWhatsApp: func(c *whatsapp.Config) {
			c.After = func(d time.Duration) <-chan time.Time { return time.After(max(d/20, min(d, 100*time.Millisecond))) }
		},
	}
	ended := make(chan error, 1)
	go func() { ended <- a.run([]string{"serve", "--config", b.conf}) }()
	b.slack.Connected()
	b.stop = func() {
		b.t.Helper()
		cancel()
		if err := <-ended; err != nil {
			b.t.Errorf("serve: %v; %s", err, b.log)
		}
	}
}

// tells holds that a trouble stands in the log once, on the health page and at the lead's desk on Slack.
func (b *both) tells(problem, health, words string) {
	b.t.Helper()
	b.ana.ExpectText(words)
	untilHealth(b.t, b.log.until(b.t, address), health)
	b.toldOnce(problem, words)
}

func (b *both) toldOnce(problem, words string) {
	b.t.Helper()
	if n := strings.Count(b.log.String(), `"problem":"`+problem+`"`); n != 1 {
		b.t.Errorf("%s stands in the log %d times", problem, n)
	}
	told := 0
	for _, sent := range b.slack.SentIn(b.ana.Direct()) {
		if strings.Contains(sent.Text, words) {
			told++
		}
	}
	if told != 1 {
		b.t.Errorf("the lead was told of %s %d times", problem, told)
	}
}

// inGroup counts the bot's messages in the group with some words.
func (b *both) inGroup(words string) (n int) {
	for _, m := range b.bruno.Inbox() {
		if m.Group && m.Sender.User == b.me.LID().User && strings.Contains(m.Text, words) {
			n++
		}
	}
	return n
}
