package slack

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"timonel/bot"
	"timonel/internal/fakeslack"
)

// tour does with one app everything that the adapter can do, and returns what came of it: what was heard, what people saw.
func tour(t *testing.T, scopes, events []string) string {
	var trace []string
	synctest.Test(t, func(t *testing.T) {
		c := fakeslack.NewCast(t, fakeslack.Options{Scopes: scopes, Events: events, Retries: []time.Duration{0}})
		line := c.Pipe()
		t.Cleanup(line.HTTP.CloseIdleConnections)
		ana, bruno := c.Member("Ana Ruiz"), c.Member("Bruno Díaz")
		open, hidden, old := c.Place("abierto", ana, bruno), c.Place("cerrado", ana, bruno).MakePrivate(), c.Place("viejo", ana)
		oldHidden := c.Place("viejo cerrado", ana).MakePrivate()
		cfg := testConfig(c, line)
		cfg.Screens = &screens{}
		r := &rig{t: t, log: &journal{}, heard: &inbox{ids: map[bot.MessageID]bool{}}, Cast: c, a: New(cfg), ana: ana, bruno: bruno, room: open}
		r.start()
		note := func(what string, err error) { trace = append(trace, fmt.Sprint(what, " ", err == nil)) }
		hear := func(what string) {
			time.Sleep(20 * time.Second)
			var texts []string
			for _, in := range r.heard.all() {
				texts = append(texts, fmt.Sprint(in.Kind, in.Room == bot.RoomID(hidden.ID), in.Text, in.FromName, in.RoomName, in.SelfJoined, in.Quote != "", hashes(in.Files)))
			}
			r.heard.mu.Lock()
			r.heard.list = nil
			r.heard.mu.Unlock()
			trace = append(trace, what+" "+strings.Join(texts, "; "))
		}
		for _, room := range []*fakeslack.Channel{open, hidden} {
			r.room = room
			said, _ := ana.Person.Says(room, "hola")
			hear("says")
			_, _ = ana.Person.Mentions(room, "listo")
			hear("mention")
			_, err := r.trySend(bot.Outgoing{ID: 1, Text: "¿Cuál?", Thread: messageID(room.ID, said.TS), Ask: "milestone", Options: []bot.Option{{Label: "Mover", Action: "move:ACME:3"}}})
			note("send", err)
			_, there, err := r.a.Sent(t.Context(), bot.Outgoing{ID: 9, Room: bot.RoomID(room.ID), Text: "x", At: time.Now()})
			note(fmt.Sprint("sent ", there), err)
			_, err = r.trySend(bot.Outgoing{ID: 2, Text: "Archivo", Files: []bot.File{{Name: "a.png", Data: []byte("x")}, {Name: "a.ics", Data: []byte("x")}}})
			note("files", err)
			if posted := last(c.SentIn(room)); posted != nil {
				_ = ana.Person.Reacts(posted.Message, "✅")
			}
			hear("reaction")
			if d, err := ana.Person.Clicks(room, "Mover"); err == nil {
				note("press", d.Wait(t.Context()))
			}
			trace = append(trace, fmt.Sprint("modal ", ana.Modal() != nil))
			ana.Closes()
			_, err = ana.Person.Slash(room, "/timonel", "status")
			note("slash", err)
			_, _ = ana.Person.Shares(room, "acta.pdf", []byte("acta"), "@timonel acta")
			hear("slash and file")
			bruno.Leaves(room)
			bruno.Joins(room)
			hear("members")
		}
		_, _ = ana.Person.SaysTo("directo")
		hear("direct")
		_, err := r.trySend(bot.Outgoing{ID: 3, Direct: bot.UserID(bruno.ID), Text: "Recordatorio"})
		note("direct message", err)
		_, _, err = r.a.Sent(t.Context(), bot.Outgoing{ID: 9, Direct: bot.UserID(bruno.ID), Text: "x", At: time.Now()})
		note("in doubt", err)
		ana.OpensHome()
		time.Sleep(20 * time.Second)
		trace = append(trace, fmt.Sprint("home ", ana.Home() != nil))
		list, err := r.a.mine(t.Context())
		note(fmt.Sprint("channels ", len(list)), err)
		ana.Archives(old)
		hear("archived")
		ana.Archives(oldHidden)
		hear("archived, private")
		ana.Removes(open)
		hear("removed")
		ana.Removes(hidden)
		hear("removed, private")
	})
	return strings.Join(trace, "\n")
}

func hashes(files []bot.File) string {
	out := ""
	for _, f := range files {
		out += f.Name + f.SHA256
	}
	return out
}

func last(sent []*fakeslack.Sent) *fakeslack.Sent {
	if len(sent) == 0 {
		return nil
	}
	return sent[len(sent)-1]
}

// TestTheManifestIsWhatTheCodeUses holds that the app does everything with the manifest's scopes and events, and less
// with any one of them taken away. Mentions come twice when all is well; their own event is what still works where an
// administrator does not let the app read channels.
func TestTheManifestIsWhatTheCodeUses(t *testing.T) {
	everything := tour(t, nil, nil)
	whole := tour(t, Scopes, Events)
	if everything != whole {
		t.Errorf("with all scopes and events of Slack's:\n%s\n\nwith the manifest's:\n%s", everything, whole)
	}
	if strings.Contains(whole, "false\n") && strings.Contains(whole, "send false") {
		t.Errorf("something fails: %s", whole)
	}
	without := func(list []string, some ...string) []string {
		return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(some, s) })
	}
	unread := without(Events, "message.channels", "message.groups")
	least := tour(t, Scopes, unread)
	for _, scope := range Scopes {
		if tour(t, without(Scopes, scope), Events) == whole && tour(t, without(Scopes, scope), unread) == least {
			t.Errorf("the scope %s is needed by nothing", scope)
		}
	}
	for _, event := range Events {
		if tour(t, Scopes, without(Events, event)) == whole && tour(t, Scopes, without(unread, event)) == least {
			t.Errorf("the event %s is needed by nothing", event)
		}
	}
}

func TestManifest(t *testing.T) {
	raw, err := Manifest()
	if err != nil {
		t.Fatal(err)
	}
	var m struct {
		OAuth struct {
			Scopes struct{ Bot []string } `json:"scopes"`
		} `json:"oauth_config"`
		Settings struct {
			Socket bool `json:"socket_mode_enabled"`
			Events struct {
				Bot []string `json:"bot_events"`
			} `json:"event_subscriptions"`
		} `json:"settings"`
		Features struct {
			Commands []struct{ Command, Description string } `json:"slash_commands"`
		} `json:"features"`
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(m.OAuth.Scopes.Bot, Scopes) || !slices.Equal(m.Settings.Events.Bot, Events) || !m.Settings.Socket ||
		len(m.Features.Commands) != 1 || m.Features.Commands[0].Command != "/timonel" {
		t.Errorf("manifest: %s", raw)
	}
	if !slices.IsSorted(Scopes) || !slices.IsSorted(Events) {
		t.Error("the lists are not in order")
	}
}
