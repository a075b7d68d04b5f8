package main

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"timonel/bot"
	"timonel/internal/assembly"
	"timonel/internal/config"
	"timonel/internal/markup"
	"timonel/steering"
	"timonel/storage"
)

// platformStub is an adapter whose health a test sets, and which keeps what is sent past the outbox.
type platformStub struct {
	name  bot.Platform
	state bot.Health
	sent  []bot.Outgoing
}

func (p *platformStub) Platform() bot.Platform              { return p.name }
func (p *platformStub) Run(context.Context, bot.Sink) error { return nil }
func (p *platformStub) Capabilities() bot.Capabilities      { return bot.Capabilities{} }
func (p *platformStub) Health() bot.Health                  { return p.state }
func (p *platformStub) Send(_ context.Context, out bot.Outgoing) (bot.MessageID, error) {
	p.sent = append(p.sent, out)
	return "1", nil
}

// watched is a bot's database with two platforms, its lookout and its health, at a time of the test's own.
type watched struct {
	*lookout
	slack, whatsapp *platformStub
	at              time.Time
	heard           []string
}

func newWatched(t *testing.T, change func(*config.Config)) *watched {
	t.Helper()
	w := &watched{
		slack:    &platformStub{name: bot.Slack, state: bot.Health{OK: true}},
		whatsapp: &platformStub{name: bot.WhatsApp, state: bot.Health{OK: true}},
		at:       time.Date(2026, 3, 2, 14, 0, 0, 0, time.UTC),
	}
	a := &app{ctx: t.Context(), now: func() time.Time { return w.at }}
	c := config.Default()
	c.Storage.URL = filepath.Join(t.TempDir(), "w.db")
	c.Rooms.Operator, c.Defaults.Language = "whatsapp:ops@g.us", "en"
	if change != nil {
		change(&c)
	}
	db, err := assembly.OpenDatabase(t.Context(), c.Storage.URL, a.now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	adapters := []bot.Adapter{w.slack, w.whatsapp}
	o := a.operator(c, db, zerolog.Nop())
	o.adapters = adapters
	w.lookout = &lookout{app: a, db: db, health: a.health(c, db, adapters), operator: o, log: zerolog.Nop()}
	return w
}

// look lets a minute pass and looks.
func (w *watched) look(t *testing.T) {
	t.Helper()
	w.once(t.Context())
	w.deliver(t)
	w.at = w.at.Add(time.Minute)
}

// told lists what the operator heard since the last call.
func (w *watched) told(t *testing.T) []string {
	t.Helper()
	list := w.heard
	w.heard = nil
	return list
}

// deliver hands out what there is to say to the operator, on a platform that works.
func (w *watched) deliver(t *testing.T) {
	t.Helper()
	for _, p := range []*platformStub{w.slack, w.whatsapp} {
		for p.state.OK {
			claimed, err := w.db.ClaimOutgoing(t.Context(), p.name, 10, time.Hour)
			if err != nil || len(claimed) == 0 {
				break
			}
			for _, out := range claimed {
				if out.Kind == bot.KindNotice {
					w.heard = append(w.heard, string(p.name)+":"+string(out.Room)+string(out.Direct)+": "+markup.Strip(out.Text))
					if err := w.db.MarkSent(t.Context(), out.ID, "x"); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	}
}

// stick leaves a message in the inbox that nobody works.
func (w *watched) stick(t *testing.T, id bot.MessageID) bot.Incoming {
	t.Helper()
	in := bot.Incoming{Platform: bot.Slack, ID: id, Room: "C1", From: "U1", Kind: bot.TextMessage, Text: "hola", At: w.at}
	if _, err := w.db.Receive(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	return in
}

func TestTheOperatorHearsOnceOfWhatWaits(t *testing.T) {
	w := newWatched(t, nil)
	w.look(t)
	in := w.stick(t, "1")
	for range 10 {
		w.look(t)
	}
	if told := w.told(t); len(told) != 0 {
		t.Fatalf("told before it is late: %q", told)
	}
	for range 30 {
		w.look(t)
	}
	told := w.told(t)
	if len(told) != 1 || !strings.HasPrefix(told[0], "whatsapp:ops@g.us: ⚠️ A message on Slack has waited for its answer since ") || !strings.HasSuffix(told[0], "Monday 2 Mar, 14:01.") {
		t.Fatalf("told %q", told)
	}
	// Another instance, or this one after a restart, does not tell again.
	w.lookout = &lookout{app: w.app, db: w.db, health: w.health, operator: w.operator, log: zerolog.Nop()}
	for range 30 {
		w.look(t)
	}
	if told := w.told(t); len(told) != 0 {
		t.Errorf("told again: %q", told)
	}
	if err := w.db.Update(t.Context(), func(tx *storage.Tx) error { return tx.MarkHandled(in) }); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		w.look(t)
	}
	if told := w.told(t); len(told) != 1 || told[0] != "whatsapp:ops@g.us: ✅ Messages on Slack are answered again." {
		t.Errorf("when it was over it told %q", told)
	}
}

// Whose platform is down cannot be told there: the fallback is, or without one the leads who are known elsewhere.
func TestTheAlarmGoesOverTheOtherPlatform(t *testing.T) {
	late := func(w *watched) {
		w.whatsapp.state = bot.Health{Problem: "not connected to WhatsApp", Since: w.at}
		if err := w.db.Update(t.Context(), func(tx *storage.Tx) error {
			_, err := tx.Enqueue(bot.Outgoing{Platform: bot.WhatsApp, Room: "g@g.us", Kind: bot.KindReply, Text: "x", At: w.at})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.db.ClaimOutgoing(t.Context(), bot.WhatsApp, 1, time.Minute); err != nil { // somebody tries
			t.Fatal(err)
		}
		for range 15 {
			w.look(t)
		}
	}
	t.Run("fallback", func(t *testing.T) {
		w := newWatched(t, func(c *config.Config) { c.Rooms.OperatorFallback = "slack:C9" })
		late(w)
		told := w.told(t)
		if len(told) != 1 || !strings.HasPrefix(told[0], "slack:C9: ⚠️ A message for WhatsApp has waited to go out since") || !strings.HasSuffix(told[0], "not connected to WhatsApp") {
			t.Errorf("told %q", told)
		}
	})
	t.Run("leads", func(t *testing.T) {
		w := newWatched(t, nil)
		if err := w.db.Update(t.Context(), func(tx *storage.Tx) error {
			ana := &steering.Person{ID: "ana", Name: "Ana", Handles: map[string]string{"slack": "U1", "whatsapp": "1@s"}}
			if err := tx.PutPerson(ana); err != nil {
				return err
			}
			err := tx.CreateProject(&steering.Project{
				Key: "ACME", Name: "ACME", Mode: steering.ModeImplementation, Language: "es", Timezone: "UTC", Status: steering.ProjectActive,
				Chats:   []steering.Chat{{Platform: "whatsapp", ID: "g@g.us", Audience: steering.AudienceCommittee}},
				Members: []steering.Member{{Person: "ana", Side: steering.SideVendor, Roles: []steering.Role{steering.RoleLead}}},
			}, steering.Actor{Person: "ana"})
			return errors.Join(err, tx.SetSchedule("ACME", w.at.AddDate(0, 0, 7), time.Time{}))
		}); err != nil {
			t.Fatal(err)
		}
		late(w)
		if told := w.told(t); len(told) != 1 || !strings.HasPrefix(told[0], "slack:U1: ⚠️ A message for WhatsApp") {
			t.Errorf("told %q", told)
		}
	})
}

// When every platform is down the alarm waits in the operator's chat and goes out first, before the word that it is over.
func TestTheAlarmWaitsWhileNothingWorks(t *testing.T) {
	w := newWatched(t, nil)
	w.look(t)
	in := w.stick(t, "1")
	w.slack.state, w.whatsapp.state = bot.Health{Problem: "no network"}, bot.Health{Problem: "no network"}
	for range 15 {
		w.look(t)
	}
	if told := w.told(t); len(told) != 0 {
		t.Fatalf("told over platforms that are down: %q", told)
	}
	w.slack.state, w.whatsapp.state = bot.Health{OK: true}, bot.Health{OK: true}
	if err := w.db.Update(t.Context(), func(tx *storage.Tx) error { return tx.MarkHandled(in) }); err != nil {
		t.Fatal(err)
	}
	w.look(t)
	if told := w.told(t); len(told) != 2 || !strings.Contains(told[0], "⚠️ A message on Slack") || !strings.Contains(told[1], "✅") {
		t.Errorf("told %q", told)
	}
}

// A clock that jumps a day makes everything old for a moment, and so does a downtime: neither is an alarm.
func TestNoAlarmForWhatIsOnItsWay(t *testing.T) {
	for name, before := range map[string]bool{"downtime": true, "jump": false} {
		t.Run(name, func(t *testing.T) {
			w := newWatched(t, nil)
			if !before {
				w.look(t)
			}
			in := w.stick(t, "1")
			w.at = w.at.Add(24 * time.Hour)
			w.look(t)
			if err := w.db.Update(t.Context(), func(tx *storage.Tx) error { return tx.MarkHandled(in) }); err != nil {
				t.Fatal(err)
			}
			w.look(t)
			w.look(t)
			if told := w.told(t); len(told) != 0 {
				t.Errorf("told %q", told)
			}
		})
	}
}

// When nothing can be stored the operator hears of it past the outbox, the health says so, and both see its end.
func TestTheOperatorHearsThatNothingCanBeStored(t *testing.T) {
	w := newWatched(t, nil)
	handler := w.health.handler()
	ready := func() (int, string) {
		r := httptest.NewRecorder()
		handler.ServeHTTP(r, httptest.NewRequest(http.MethodGet, "/readyz", nil))
		return r.Code, r.Body.String()
	}
	w.look(t)
	full := errors.New("disk full")
	w.health.wrote(full)
	if code, text := ready(); code != 200 {
		t.Fatalf("what can be written again: %d %s", code, text)
	}
	_ = w.db.Close()
	w.once(t.Context())
	w.once(t.Context())
	if len(w.whatsapp.sent) != 1 || !strings.Contains(w.whatsapp.sent[0].Text, "Nothing can be stored: write: begin: the database is closed.") {
		t.Errorf("sent %+v", w.whatsapp.sent)
	}
	if code, text := ready(); code != 503 || !strings.HasPrefix(text, "database: count what waits: begin: the database is closed") {
		t.Errorf("%d %s", code, text)
	}
}

func TestReadyInWords(t *testing.T) {
	w := newWatched(t, nil)
	handler := w.health.handler()
	for _, c := range []struct {
		path  string
		state bot.Health
		code  int
		want  string
	}{
		{"/readyz", bot.Health{OK: true}, 200, "whatsapp: ok\n"},
		{"/readyz", bot.Health{OK: true, Problem: "the day's messages are used up"}, 200, "whatsapp: ok, but the day's messages are used up\n"},
		{"/readyz", bot.Health{Problem: "unlinked", Since: w.at}, 503, "whatsapp: unlinked, since 2026-03-02T14:00:00Z\n"},
		{"/healthz", bot.Health{Problem: "unlinked", Since: w.at}, 200, "whatsapp: unlinked, since 2026-03-02T14:00:00Z\n"},
		{"/readyz", bot.Health{Problem: "another has the session", Since: w.at, StandsBy: true}, 200, "whatsapp: another has the session, since"},
	} {
		w.whatsapp.state = c.state
		r := httptest.NewRecorder()
		handler.ServeHTTP(r, httptest.NewRequest(http.MethodGet, c.path, nil))
		if text := r.Body.String(); r.Code != c.code || !strings.Contains(text, c.want) || !strings.Contains(text, "database: ok") || !strings.Contains(text, "slack: ok\n") {
			t.Errorf("%s of %+v: %d %s", c.path, c.state, r.Code, text)
		}
	}
	w.whatsapp.state = bot.Health{OK: true}
	w.stick(t, "1")
	w.at = w.at.Add(time.Hour)
	r := httptest.NewRecorder()
	handler.ServeHTTP(r, httptest.NewRequest(http.MethodGet, "/readyz", nil))
	if text := r.Body.String(); !strings.Contains(text, "slack: ok; 1 message to be worked since 2026-03-02T14:00:00Z") {
		t.Error(text)
	}
}

func TestMetricsHaveEverySeries(t *testing.T) {
	w := newWatched(t, nil)
	w.look(t)
	w.stick(t, "1")
	w.at = w.at.Add(90 * time.Second)
	told := w.health.metrics.watch()
	told.Handled(bot.Incoming{Platform: bot.Slack}, 20*time.Millisecond, nil)
	told.Settled(bot.Outgoing{Platform: bot.WhatsApp, At: w.at.Add(-3 * time.Second)}, bot.EndedSent)
	told.Settled(bot.Outgoing{Platform: bot.WhatsApp}, bot.EndedRetry)
	told.Ended(bot.Slack, "missed")
	r := httptest.NewRecorder()
	w.health.handler().ServeHTTP(r, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	text := r.Body.String()
	for _, line := range []string{
		`timonel_messages_total{platform="slack",result="handled"} 1`, `timonel_messages_total{platform="whatsapp",result="failed"} 0`,
		`timonel_message_seconds_bucket{platform="slack",le="0.025"} 1`, `timonel_understanding_total{outcome="missed",platform="slack"} 1`,
		`timonel_deliveries_total{platform="whatsapp",result="retry"} 1`, `timonel_delivery_delay_seconds_sum{platform="whatsapp"} 3`,
		`timonel_sweeps_total{result="done"} 0`, `timonel_queue_age_seconds{direction="in",platform="slack"} 90`,
		`timonel_queue_waiting{direction="in",platform="slack"} 1`, `timonel_queue_age_seconds{direction="out",platform="whatsapp"} 0`,
		`timonel_platform_up{platform="slack"} 1`, `timonel_database_writable 1`, `timonel_inbox{state="waiting"} 1`,
	} {
		if !slices.Contains(strings.Split(text, "\n"), line) {
			t.Errorf("no line %s", line)
		}
	}
	for _, name := range []string{"timonel_database_bytes", "timonel_disk_free_bytes", "timonel_sweep_seconds_bucket", "go_goroutines", "process_resident_memory_bytes"} {
		if !strings.Contains(text, "\n"+name) {
			t.Errorf("no %s", name)
		}
	}
	if strings.Contains(text, "hola") {
		t.Error("a text of a message is in the metrics")
	}
}

// A clock that was set is told of, once each time; ordinary minutes are not.
func TestTheLogTellsOfAClockThatWasSet(t *testing.T) {
	w := newWatched(t, nil)
	var log bytes.Buffer
	u := &upkeep{app: w.app, db: w.db, adapters: w.health.adapters, lookout: w.lookout, log: zerolog.New(&log)}
	for _, step := range []struct {
		by   time.Duration
		word string
	}{{beat, ""}, {beat + 2*time.Second, ""}, {24 * time.Hour, "the clock was set forward"}, {beat, ""}, {-10 * time.Minute, "the clock was set back"}, {beat, ""}} {
		u.once(t.Context())
		log.Reset()
		w.at = w.at.Add(step.by)
		u.once(t.Context())
		if text := log.String(); (step.word == "") != (text == "") || !strings.Contains(text, step.word) {
			t.Errorf("after %v: %s", step.by, text)
		}
	}
}
