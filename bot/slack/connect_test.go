package slack

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"timonel/bot"
	"timonel/internal/fakeslack"
)

// TestReconnectsAtItsOwnPace ends every connection right after its hello, which slack-go answers without any delay.
func TestReconnectsAtItsOwnPace(t *testing.T) {
	inRig(t, nil, func(r *rig) {
		r.start()
		r.DropAfterHello(1000)
		r.DropSockets()
		time.Sleep(10 * time.Minute)
		_, ever := r.Connections()
		if ever > 20 || ever < 5 {
			t.Errorf("%d connections in ten minutes", ever)
		}
		r.DropAfterHello(0)
		time.Sleep(2 * time.Minute)
		r.ana.Mentions(r.room, "¿sigues ahí?")
		if in := r.one(); in.Text != "¿sigues ahí?" || !r.a.Health().OK {
			t.Errorf("heard %+v, health %+v", in, r.a.Health())
		}
	})
}

func TestEveryKindOfDisconnection(t *testing.T) {
	inRig(t, nil, func(r *rig) {
		r.start()
		for _, reason := range []string{"warning", "refresh_requested", "link_disabled", "too_many_websockets", "broken"} {
			if reason == "broken" {
				r.DropSockets()
			} else {
				r.Disconnect(reason)
			}
			if reason == "link_disabled" {
				time.Sleep(time.Minute)
				if h := r.a.Health(); h.OK || !strings.Contains(h.Problem, "internal_error") {
					t.Errorf("while disabled: %+v", h)
				}
				r.Enable()
			}
			time.Sleep(3 * time.Minute)
			r.ana.Mentions(r.room, reason)
			if in := r.one(); in.Text != reason {
				t.Errorf("%s: heard %+v", reason, in)
			}
			if h := r.a.Health(); !h.OK {
				t.Errorf("%s: %+v", reason, h)
			}
		}
		r.Quiet()
	})
}

func TestATokenThatIsNoGood(t *testing.T) {
	inRig(t, nil, func(r *rig) {
		for _, x := range []struct {
			name   string
			change func(*Config)
			says   string
		}{
			{"wrong bot token", func(c *Config) { c.BotToken = "xoxb-wrong" }, "invalid_auth"},
			{"wrong app token", func(c *Config) { c.AppToken = "xapp-wrong" }, "invalid_auth"},
			{"tokens exchanged", func(c *Config) { c.AppToken, c.BotToken = c.BotToken, c.AppToken }, "xapp-"},
		} {
			cfg := r.a.cfg
			x.change(&cfg)
			a := New(cfg)
			err := a.Run(context.Background(), r.heard)
			if err == nil || !strings.Contains(err.Error(), x.says) || !strings.Contains(err.Error(), "(") || strings.Contains(err.Error(), "\n") {
				t.Errorf("%s: %v", x.name, err)
			}
			if h := a.Health(); h.OK || !h.CannotSend || !strings.Contains(h.Problem, x.says) {
				t.Errorf("%s: health %+v", x.name, h)
			}
		}
		stop := r.start()
		r.RevokeTokens(true, true)
		r.DropSockets()
		time.Sleep(time.Minute)
		if err := stop(); err == nil || !strings.Contains(err.Error(), "token_revoked") {
			t.Errorf("revoked while running: %v", err)
		}
	})
}

func TestWhatTheInstallationLacks(t *testing.T) {
	inRig(t, func(o *fakeslack.Options, _ *Config) {
		o.Scopes = []string{"chat:write", "commands", "app_mentions:read", "users:read"}
		o.Events = []string{"app_mention"}
	}, func(r *rig) {
		r.start()
		r.ana.Mentions(r.room, "uno")
		time.Sleep(2 * time.Minute)
		r.ana.Mentions(r.room, "dos")
		if list := r.hears(); len(list) != 2 || list[0].Text != "uno" {
			t.Errorf("heard %+v", list)
		}
		for _, want := range []string{`"scope":"im:write"`, `"event":"message.channels or message.groups"`} {
			if !r.logs(want) {
				t.Errorf("the operator was not told of %s", want)
			}
		}
		if r.logs(`"event":"app_mention"`) {
			t.Error("an event that comes is called missing")
		}
	})
}

func TestSlackCannotBeReachedAtTheStart(t *testing.T) {
	inRig(t, nil, func(r *rig) {
		r.Server.Fail(fakeslack.Fault{Method: "auth.test", Times: 4, Status: 502})
		r.start()
		r.ana.Mentions(r.room, "hola")
		if in := r.one(); in.Text != "hola" {
			t.Errorf("heard %+v", in)
		}
	})
}

// TestWhatWasSaidInALongSilenceIsRead keeps the bot away for longer than Slack offers events.
func TestWhatWasSaidInALongSilenceIsRead(t *testing.T) {
	until := time.Time{}
	inRig(t, func(_ *fakeslack.Options, c *Config) {
		c.HeardUntil = func(context.Context) (time.Time, error) { return until, nil }
	}, func(r *rig) {
		stop := r.start()
		r.ana.Mentions(r.room, "antes")
		posted := r.ana.Mentions(r.room, "en hilo")
		id := r.hears()[1].ID
		r.send(bot.Outgoing{ID: 1, Text: "¿Cuál?", Ask: "milestone", Thread: id})
		r.ana.ExpectText("¿Cuál?")
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		until = time.Now()
		time.Sleep(time.Minute)
		for _, text := range []string{"uno", "dos"} {
			r.ana.Mentions(r.room, text)
			time.Sleep(time.Minute)
		}
		r.ana.Threads(posted, "tres")
		r.bruno.SaysTo("cuatro")
		r.ana.Says(r.room, "entre nosotros")
		time.Sleep(2 * time.Hour)
		r.a = New(r.a.cfg)
		r.start()
		time.Sleep(time.Minute)
		texts := map[string]int{}
		for _, in := range r.hears() {
			texts[in.Text]++
			if in.Text == "tres" && (in.Quote == "" || !in.ToBot) {
				t.Errorf("an answer in a thread: %+v", in)
			}
			if in.At.After(until.Add(10 * time.Minute)) {
				t.Errorf("%s is said to be of %s", in.Text, in.At)
			}
		}
		if len(texts) != 5 || texts["uno"] != 1 || texts["tres"] != 1 || texts["cuatro"] != 1 || texts["antes"] != 0 {
			t.Errorf("heard %v", texts)
		}
	})
}

// TestWhatWasSaidBeforeComesFirst: an event that Slack offers on the return does not pass what was said before it in its
// channel and is still to be read there.
func TestWhatWasSaidBeforeComesFirst(t *testing.T) {
	until := time.Time{}
	inRig(t, func(_ *fakeslack.Options, c *Config) {
		c.HeardUntil = func(context.Context) (time.Time, error) { return until, nil }
	}, func(r *rig) {
		stop := r.start()
		r.ana.Mentions(r.room, "antes")
		synctest.Wait()
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		until = time.Now()
		time.Sleep(time.Hour)
		r.ana.Mentions(r.room, "uno")
		time.Sleep(time.Hour)
		r.Server.Fail(fakeslack.Fault{Method: "users.conversations", Times: 1, RetryAfter: 20 * time.Second})
		r.a = New(r.a.cfg)
		r.start()
		time.Sleep(5 * time.Second)
		if !r.a.Health().Behind {
			t.Error("it is not reading what was said")
		}
		r.ana.Mentions(r.room, "dos")
		time.Sleep(time.Minute)
		var texts []string
		for _, in := range r.hears() {
			texts = append(texts, in.Text)
		}
		if got := strings.Join(texts, " "); !strings.HasSuffix(got, "uno dos") {
			t.Errorf("heard %s", got)
		}
		if r.a.Health().Behind {
			t.Error("it is still reading")
		}
	})
}

func TestRunEndsInOrder(t *testing.T) {
	inRig(t, nil, func(r *rig) {
		stop := r.start()
		r.ana.Mentions(r.room, "lo último")
		synctest.Wait()
		if err := stop(); err != nil {
			t.Error(err)
		}
		if list := r.heard.all(); len(list) != 1 {
			t.Errorf("heard %+v", list)
		}
		r.Settled() // it was acknowledged as well
	})
}

func TestDoctor(t *testing.T) {
	inRig(t, nil, func(r *rig) {
		worst := func(cfg Config) (Level, string) {
			level, all := OK, ""
			for _, f := range Check(context.Background(), cfg) {
				all += f.Name + " " + string(f.Level) + ": " + f.Found + " → " + f.Do + "\n"
				if f.Level == Fail || f.Level == Warn && level == OK {
					level = f.Level
				}
				if f.Level != OK && f.Do == "" {
					t.Errorf("%s says nothing of what to do", f.Name)
				}
			}
			return level, all
		}
		check := func(what string, cfg Config, level Level, says string) {
			t.Helper()
			if got, all := worst(cfg); got != level || !strings.Contains(all, says) {
				t.Errorf("%s: %s\n%s", what, got, all)
			}
		}
		cfg := r.a.cfg
		check("all well", cfg, OK, "all 14")
		bad := cfg
		bad.BotToken = ""
		check("no token", bad, Fail, "not set")
		bad.BotToken = "xoxp-123"
		check("wrong token", bad, Fail, "must begin with xoxb-")
		bad.BotToken = "xoxb-123"
		check("unknown token", bad, Fail, "invalid_auth")
		r.TakeScope("files:write")
		check("missing scope", cfg, Fail, "files:write")
		r.GiveScope("files:write")
		settings := cfg
		settings.ConfigToken = r.ConfigToken()
		check("the app's settings", settings, OK, "slack.events ok: all 12")
		r.Unsubscribe("message.groups")
		check("missing event", settings, Fail, "missing: message.groups")
		settings.ConfigToken = "xoxe-old"
		check("a token of yesterday", settings, Warn, "invalid_auth")
		late := cfg
		late.Now = func() time.Time { return time.Now().Add(-10 * time.Minute) }
		check("clock", late, Warn, "10m0s off")
		r.RefuseSockets()
		check("no socket mode", cfg, Fail, "Socket Mode")
	})
}

func TestGivesUpOnNothingThatPasses(t *testing.T) {
	inRig(t, nil, func(r *rig) {
		r.start()
		r.Server.Fail(fakeslack.Fault{Method: "users.info", RetryAfter: time.Minute, Times: 2})
		r.ana.Mentions(r.room, "listo el 3")
		if in := r.one(); in.FromName != "Ana Ruiz" {
			t.Errorf("heard %+v", in)
		}
	})
}
