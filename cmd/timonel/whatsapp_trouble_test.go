package main

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.mau.fi/whatsmeow/types/events"

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
