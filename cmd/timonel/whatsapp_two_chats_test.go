package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"timonel/bot/slack"
	"timonel/internal/fakeslack"
	"timonel/internal/fakewhatsapp"
)

// twoPlaces is one project with its committee in a WhatsApp group, in Spanish, and the vendor's own channel on Slack, in
// English, on one serve.
type twoPlaces struct {
	*committeeStory
	office  *teller
	channel *fakeslack.Channel
	read    map[string]int // how much of each place was read
}

func newTwoPlaces(t *testing.T, folder string) *twoPlaces {
	t.Helper()
	w := &twoPlaces{committeeStory: newCommitteeStory(t, folder), office: newTeller(t, folder), read: map[string]int{}}
	w.lang = "es"
	zone, err := time.LoadLocation("America/Bogota")
	if err != nil {
		t.Fatal(err)
	}
	w.zone = zone
	w.config = onSlack(w.office.Cast)
	w.reach = func(a *app) {
		a.reachSlack = func(c *slack.Config) { c.HTTP, c.Dial = w.office.line.HTTP, w.office.line.Dial }
	}
	return w
}

// inGroup is what the bot said in the committee's group since it was asked last.
func (w *twoPlaces) inGroup() []string {
	var said []string
	for _, m := range w.people["ana"].Inbox() {
		if m.Group && w.isBots(m) && m.Kind != fakewhatsapp.Poll {
			said = append(said, m.Text)
		}
	}
	return w.since("group", said)
}

// isBots reports whether the bot wrote a message, under either of its addresses.
func (w *twoPlaces) isBots(m *fakewhatsapp.Message) bool {
	return m.Sender.User == w.me.LID().User || m.Sender.User == w.me.JID().User
}

func (w *twoPlaces) inChannel() []string {
	var said []string
	for _, sent := range w.office.SentIn(w.channel) {
		said = append(said, sent.Text)
	}
	return w.since("channel", said)
}

// alone is what the bot wrote to a member directly on WhatsApp.
func (w *twoPlaces) alone(id string) []string {
	var said []string
	for _, m := range w.people[id].Inbox() {
		if !m.Group && w.isBots(m) {
			said = append(said, m.Text)
		}
	}
	return w.since("dm:"+id, said)
}

func (w *twoPlaces) atDesk(a *fakeslack.Actor) []string {
	var said []string
	for _, sent := range w.office.SentIn(a.Direct()) {
		said = append(said, sent.Text)
	}
	return w.since("desk:"+a.ID, said)
}

func (w *twoPlaces) since(place string, said []string) []string {
	fresh := said[w.read[place]:]
	w.read[place] = len(said)
	for _, text := range fresh {
		w.t.Logf("%s  %s  %s", time.Now().In(w.zone).Format("Mon 15:04"), place, text)
	}
	return fresh
}

// says speaks in the committee's group and lets the bot answer.
func (w *twoPlaces) says(id, text string) {
	w.t.Helper()
	w.t.Logf("%s  group  %s: %s", time.Now().In(w.zone).Format("Mon 15:04"), id, text)
	text, mentions := w.addressed(text)
	w.people[id].Says(w.room, text, mentions...)
	w.idle()
}

// types speaks in the vendor's channel and lets the bot answer.
func (w *twoPlaces) types(a *fakeslack.Actor, text string) {
	w.t.Helper()
	w.t.Logf("%s  channel  %s: %s", time.Now().In(w.zone).Format("Mon 15:04"), a.Name, text)
	a.Mentions(w.channel, text)
	w.idle()
}

// expect holds that one message came to a place, with some words and without others (those with a minus before them).
func (w *twoPlaces) expect(where string, got []string, words ...string) {
	w.t.Helper()
	if len(got) != 1 {
		w.t.Errorf("%s: %d messages: %q", where, len(got), got)
		return
	}
	for _, word := range words {
		unwanted, without := strings.CutPrefix(word, "-")
		if strings.Contains(got[0], strings.TrimPrefix(word, "-")) == without {
			w.t.Errorf("%s: %q; %q is wanted: %v", where, got[0], unwanted, !without)
		}
	}
}

func (w *twoPlaces) nothing(where string, got []string) {
	w.t.Helper()
	if len(got) > 0 {
		w.t.Errorf("%s: %q", where, got)
	}
}

var linkCode = regexp.MustCompile(`[A-Z2-9]{4}-[A-Z2-9]{4}`)

// TestOneProjectOnWhatsAppAndSlack is a project in two places on one serve: each reads its own language, what is internal
// stays in Slack, a decision in one is told in the other, and who is on both is one person.
func TestOneProjectOnWhatsAppAndSlack(t *testing.T) {
	folder := fastFolder(t)
	calmly(t)
	synctest.Test(t, func(t *testing.T) {
		w := newTwoPlaces(t, folder)
		time.Sleep(time.Until(time.Date(2026, 3, 2, 8, 30, 0, 0, w.zone)))
		w.gather()
		ana, carla := w.office.Member("Ana Ruiz"), w.office.Member("Carla Vega")
		w.channel = w.office.Place("acme-internal", ana, carla)
		w.start()
		w.office.Connected()
		w.opens(ana, carla)
		w.decides(ana, carla)
		w.keepsInternal(ana)
		w.meets(ana)
		w.quit()
		state := w.state()
		if strings.Count(state, `"name":"Ana Ruiz"`)+strings.Count(state, `"name": "Ana Ruiz"`) != 1 {
			t.Error("Ana is two people in the exported state")
		}
		if strings.Contains(w.log.String(), `"level":"error"`) {
			t.Errorf("errors in the log: %s", w.log)
		}
	})
}

// gather makes the group of those who are on WhatsApp.
func (w *twoPlaces) gather() {
	w.t.Helper()
	names := []string{"ana", "bruno", "sofia"}
	for i, name := range []string{"Ana Ruiz", "Bruno Díaz", "Sofía Pérez"} {
		w.people[names[i]] = w.Member(name, fmt.Sprintf("57300111001%d", i))
	}
	w.order = names
	w.me = w.Account("Timonel", numberOfBot)
	w.link()
	w.room = w.Group("Comité ACME", w.people["ana"], w.people["bruno"], w.people["sofia"], w.me)
}

// opens makes the project in the group, links Ana's two accounts and adds the vendor's channel.
func (w *twoPlaces) opens(ana, carla *fakeslack.Actor) {
	w.t.Helper()
	w.says("ana", "@timonel nuevo proyecto ACME con el plan fieldpro-custom desde el 2 de marzo")
	if got := w.inGroup(); len(got) == 0 || !strings.Contains(strings.Join(got, " "), "ACME") {
		w.t.Fatalf("the project is answered by %q", got)
	}
	w.says("ana", "@timonel @bruno es product owner del cliente y @sofia es sponsor del cliente")
	w.inGroup()
	ana.SaysTo("link code")
	w.idle()
	got := w.atDesk(ana)
	if len(got) != 1 || !linkCode.MatchString(got[0]) {
		w.t.Fatalf("the wish for a code is answered by %q", got)
	}
	w.people["ana"].Says(w.me, linkCode.FindString(got[0]))
	w.idle()
	w.expect("dm", w.alone("ana"), "Slack", "misma persona")
	w.expect("Ana's desk", w.atDesk(ana), "your account on WhatsApp")
	w.types(ana, "this is the internal channel of ACME")
	w.expect("channel", w.inChannel(), "ACME", "committee")
	w.types(ana, "@carla is a vendor member")
	w.expect("channel", w.inChannel(), "Carla")
	w.nothing("group", w.inGroup())
}

// decides moves a date on each side; the other hears of it in its own words.
func (w *twoPlaces) decides(ana, carla *fakeslack.Actor) {
	w.t.Helper()
	w.says("ana", "@timonel mueve el 6 al viernes 27 porque falta el archivo")
	w.expect("group", w.inGroup(), "viernes")
	w.nothing("channel at once", w.inChannel())
	time.Sleep(3 * time.Minute)
	w.expect("channel", w.inChannel(), "6. ", "Fri", "WhatsApp", "Ana", "-viernes")
	w.types(ana, "decision: we go live on a Monday")
	w.expect("channel", w.inChannel(), "Monday")
	time.Sleep(3 * time.Minute)
	w.expect("group", w.inGroup(), "Slack", "Ana", "go live on a Monday", "-ecision: ")
	w.types(carla, "push 6 back one week")
	w.expect("channel", w.inChannel(), "Ana", "6. ")
	w.nothing("group", w.inGroup()) // what one of the vendor's wishes is for the lead to hear first
	ana.Clicks(w.channel, "Accept")
	w.idle()
	w.expect("channel", w.inChannel(), "Proposal 1 accepted") // a button has no language but the chat's
	time.Sleep(3 * time.Minute)
	w.expect("group", w.inGroup(), "6. ", "pasa al", "Slack")
}

// keepsInternal notes a risk among the vendor's people: the committee never reads of it.
func (w *twoPlaces) keepsInternal(ana *fakeslack.Actor) {
	w.t.Helper()
	w.types(ana, "risk: the client may not pay")
	w.inChannel()
	time.Sleep(10 * time.Minute)
	w.nothing("group", w.inGroup())
	w.says("sofia", "@timonel ¿qué riesgos hay?")
	w.expect("group", w.inGroup(), "-pay")
	w.says("sofia", "@timonel manda el resumen")
	if got := strings.Join(w.inGroup(), "\n"); got == "" || strings.Contains(got, "may not pay") {
		w.t.Errorf("the digest in the group: %q", got)
	}
	w.types(ana, "which risks are open?")
	w.expect("channel", w.inChannel(), "may not pay")
}

// meets convenes the committee from Slack: those on WhatsApp vote, in a poll of their own.
func (w *twoPlaces) meets(ana *fakeslack.Actor) {
	w.t.Helper()
	w.types(ana, "call a committee meeting for Thursday March 5")
	w.inChannel()
	if got := w.inGroup(); len(got) != 1 || !strings.Contains(got[0], "jueves") {
		w.t.Errorf("the committee is invited by %q", got)
	}
	polls := slices.DeleteFunc(w.people["bruno"].Inbox(), func(m *fakewhatsapp.Message) bool { return m.Kind != fakewhatsapp.Poll })
	if len(polls) != 1 {
		w.t.Fatalf("%d polls", len(polls))
	}
	w.people["bruno"].Votes(polls[0], polls[0].Options[0])
	w.idle()
	w.people["ana"].Votes(polls[0], polls[0].Options[0])
	w.idle()
	if got := w.inGroup(); len(got) == 0 || !strings.Contains(strings.Join(got, " "), "convocado") {
		w.t.Errorf("the votes are answered by %q", got)
	}
	time.Sleep(10 * time.Minute)
	w.expect("channel", w.inChannel(), "Thursday 5 Mar", "WhatsApp", "-invitation")
}
