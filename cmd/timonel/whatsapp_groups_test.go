package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"timonel/internal/fakewhatsapp"
)

// TestGroupsAsTheyAre is serve in groups as there are: shown by hidden address or by number, of two hundred, with a thousand
// messages that are not for it, people who link anew or leave, and one out of which it is taken.
func TestGroupsAsTheyAre(t *testing.T) {
	if testing.Short() {
		t.Skip("a thousand messages")
	}
	for _, c := range []struct {
		name    string
		chatter int // how much is said that is not for the bot
		open    func(*twoPlaces) *fakewhatsapp.Group
	}{
		{"hidden addresses, two hundred people", 50, func(w *twoPlaces) *fakewhatsapp.Group {
			g, err := w.Crowd("Comité", 200, w.people["ana"], w.people["bruno"], w.people["sofia"], w.me)
			if err != nil {
				w.t.Fatal(err)
			}
			return g
		}},
		{"phone numbers", 1000, func(w *twoPlaces) *fakewhatsapp.Group {
			return w.NumberGroup("Comité", w.people["ana"], w.people["bruno"], w.people["sofia"], w.me)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			folder := fastFolder(t)
			calmly(t)
			synctest.Test(t, func(t *testing.T) {
				w := newTwoPlaces(t, folder)
				w.config, w.reach = "", nil
				time.Sleep(time.Until(time.Date(2026, 3, 2, 9, 0, 0, 0, w.zone)))
				w.gather()
				w.room = c.open(w)
				w.start()
				w.lives(c.chatter)
				w.quit()
				if strings.Contains(w.log.String(), `"level":"error"`) {
					t.Errorf("errors in the log: %s", w.log)
				}
			})
		})
	}
}

// lives is what happens in one group.
func (w *twoPlaces) lives(chatter int) {
	w.t.Helper()
	w.people["ana"].Says(w.me, "hola") // so that it may write to her
	w.idle()
	w.alone("ana")
	w.says("ana", "@timonel nuevo proyecto ACME con el plan fieldpro-custom desde el 2 de marzo")
	w.expect("group", w.inGroup(), "ACME")
	w.says("ana", "@timonel @bruno es product owner del cliente y @sofia es sponsor del cliente")
	w.expect("group", w.inGroup(), "product owner", "sponsor")

	began := w.rows()
	for i := range chatter {
		w.people["bruno"].Says(w.room, fmt.Sprintf("cháchara %d: el martes movemos la reunión y listo", i))
	}
	time.Sleep(5 * time.Minute)
	w.nothing("group after chatter", w.inGroup())
	if now := w.rows(); now != began {
		w.t.Errorf("chatter made the state grow from %s to %s", began, now)
	}
	if w.inState("cháchara") {
		w.t.Error("chatter was stored")
	}

	if err := w.Relink(context.Background(), w.people["bruno"].Member); err != nil {
		w.t.Fatal(err)
	}
	w.says("bruno", "@timonel ¿cómo vamos?")
	w.expect("group after a new link", w.inGroup(), "Go-live")
	w.people["bruno"].ExpectText("Go-live")

	if err := w.RemoveFromGroup(w.room, w.people["sofia"]); err != nil {
		w.t.Fatal(err)
	}
	w.idle()
	w.inGroup()
	w.says("ana", "@timonel riesgo: que falte el archivo")
	w.expect("group after somebody left", w.inGroup(), "que falte el archivo")

	if err := w.RemoveFromGroup(w.room, w.me); err != nil {
		w.t.Fatal(err)
	}
	time.Sleep(5 * time.Minute)
	w.expect("the lead, of the group that is gone", w.alone("ana"), "Comité", "ACME")
	time.Sleep(36 * time.Hour)
	w.nothing("a group that it is not in", w.inGroup())
	if err := w.AddToGroup(w.room, w.me); err != nil {
		w.t.Fatal(err)
	}
	time.Sleep(time.Minute)
	w.inGroup()
	w.says("ana", "@timonel ¿cómo vamos?")
	w.expect("group after the return", w.inGroup(), "Go-live")
}

// rows is how much the state holds of messages.
func (w *twoPlaces) rows() string {
	w.t.Helper()
	return fmt.Sprintf("%d bytes of export", len(w.state()))
}

// inState reports whether some words stand anywhere in the files of the state.
func (w *twoPlaces) inState(words string) bool {
	w.t.Helper()
	files, err := filepath.Glob(w.database() + "*")
	if err != nil || len(files) == 0 {
		w.t.Fatalf("%v, %v", files, err)
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			w.t.Fatal(err)
		}
		if bytes.Contains(raw, []byte(words)) {
			return true
		}
	}
	return false
}
