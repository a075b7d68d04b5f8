package config

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

const example = "../../config.example.toml"

func TestExampleHoldsEveryKeyWithItsDefault(t *testing.T) {
	data, err := os.ReadFile(example)
	if err != nil {
		t.Fatal(err)
	}
	var got Config
	if err := decode(example, data, &got); err != nil {
		t.Fatal(err)
	}
	if want := Default(); !reflect.DeepEqual(got, want) {
		t.Errorf("the example says\n%+v\nthe defaults are\n%+v", got, want)
	}
	lines := "\n" + string(data)
	for _, key := range Keys() {
		_, name, _ := strings.Cut(key, ".")
		if !strings.Contains(lines, "\n"+name+" = ") {
			t.Errorf("the example does not name %s", key)
		}
	}
}

func TestDefaultsAreGood(t *testing.T) {
	if list := Default().Check(); len(list) > 0 {
		t.Error(Joined(list))
	}
	p := Default().Policy()
	if p.Next == nil || p.MaxPerDay != 3 || len(p.ReminderDays) != 4 || p.InvoiceEvery != 12 {
		t.Errorf("policy %+v", p)
	}
}

func write(t *testing.T, text string) string {
	path := filepath.Join(t.TempDir(), "timonel.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLoadLaysOneOverTheOther(t *testing.T) {
	path := write(t, "[storage]\nurl = \"file.db\"\n[http]\naddr = \":1\"\n[notices]\nreminder_days = [5]\nreview = \"monthly\"\n")
	c, warnings, err := Load(path, []string{"TIMONEL_HTTP_ADDR=:2", "TIMONEL_NOTICES_MEETING_HOURS=09:30, 16:00",
		"TIMONEL_NOTICES_REMINDER_DAYS=14,2", "TIMONEL_WHATSAPP_ENABLED=true", "TIMONEL_NOTICES_MAX_PER_DAY=1", "PATH=x", "TIMONEL_CONFIG=y"})
	if err != nil || len(warnings) > 0 {
		t.Fatal(err, warnings)
	}
	want := Default()
	want.Storage.URL, want.HTTP.Addr, want.WhatsApp.Enabled = "file.db", ":2", true
	want.Notices.Review, want.Notices.MaxPerDay = "monthly", 1
	want.Notices.ReminderDays, want.Notices.MeetingHours = []int{14, 2}, []string{"09:30", "16:00"}
	if !reflect.DeepEqual(c, want) {
		t.Errorf("got\n%+v\nwant\n%+v", c, want)
	}
}

func TestLoadRefuses(t *testing.T) {
	for _, c := range []struct{ name, text, env, want string }{
		{"unknown key", "[http]\naddr = \":1\"\nport = 80\n", "", ":3: there is no key http.port"},
		{"nearly a key", "[storage]\nulr = \"x\"\n", "", ":2: there is no key storage.ulr (did you mean storage.url?)"},
		{"nearly a section", "\n[notice]\nmax_per_day = 1\n", "", "there is no key notice"},
		{"wrong type", "[http]\naddr = 80\n", "", ":2: "},
		{"no TOML", "[http\n", "", ":1: "},
		{"number in the environment", "", "TIMONEL_NOTICES_MAX_PER_DAY=many", `TIMONEL_NOTICES_MAX_PER_DAY: "many" is no number`},
		{"switch in the environment", "", "TIMONEL_WHATSAPP_ENABLED=on", "neither true nor false"},
		{"list in the environment", "", "TIMONEL_NOTICES_REMINDER_DAYS=7;3", `"7;3" is no number`},
		{"secret's file is not there", "[slack]\nbot_token_file = \"/nowhere/token\"\n", "", "slack.bot_token_file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var env []string
			if c.env != "" {
				env = append(env, c.env)
			}
			_, _, err := Load(write(t, c.text), env)
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, want %q in one line", err, c.want)
			}
		})
	}
	if _, _, err := Load("/nowhere/timonel.toml", nil); err == nil || !strings.Contains(err.Error(), "/nowhere/timonel.toml") {
		t.Errorf("got %v", err)
	}
}

func TestSecretsInFiles(t *testing.T) {
	token := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(token, []byte("xoxb-1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	path := write(t, "[slack]\napp_token = \"xapp-1\"\nbot_token_file = \""+token+"\"\n")
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	c, warnings, err := Load(path, []string{"TIMONEL_SLACK_BOTTOKEN=x"})
	if err != nil || c.Slack.BotToken != "xoxb-1" || !c.Slack.Enabled() || len(c.Check()) > 0 {
		t.Errorf("got %+v, %v, %v", c.Slack, c.Check(), err)
	}
	all := strings.Join(warnings, "\n")
	for _, want := range []string{"chmod 600 " + path, "chmod 600 " + token, "TIMONEL_SLACK_BOTTOKEN means nothing (did you mean TIMONEL_SLACK_BOT_TOKEN?)"} {
		if !strings.Contains(all, want) {
			t.Errorf("no warning %q in %q", want, all)
		}
	}
}

func TestCheck(t *testing.T) {
	for key, break1 := range map[string]func(*Config){
		"storage.url":                  func(c *Config) { c.Storage.URL = "" },
		"storage.keep_days":            func(c *Config) { c.Storage.KeepDays = 1 },
		"http.addr":                    func(c *Config) { c.HTTP.Addr = "8080" },
		"log.level":                    func(c *Config) { c.Log.Level = "loud" },
		"log.format":                   func(c *Config) { c.Log.Format = "xml" },
		"plans.dir":                    func(c *Config) { c.Plans.Dir = "/nowhere" },
		"defaults.timezone":            func(c *Config) { c.Defaults.Timezone = "Bogota" },
		"defaults.country":             func(c *Config) { c.Defaults.Country = "Colombia" },
		"defaults.language":            func(c *Config) { c.Defaults.Language = "fr" },
		"rooms.allow":                  func(c *Config) { c.Rooms.Allow = []string{"C0123"} },
		"rooms.creators":               func(c *Config) { c.Rooms.Creators = []string{"ana"} },
		"rooms.operator":               func(c *Config) { c.Rooms.Operator = "C0123" },
		"slack.api_url":                func(c *Config) { c.Slack.APIURL = "slack.com" },
		"slack.app_token":              func(c *Config) { c.Slack.AppToken, c.Slack.BotToken = "xoxb-1", "xoxb-1" },
		"slack.bot_token":              func(c *Config) { c.Slack.AppToken = "xapp-1" },
		"whatsapp.name":                func(c *Config) { c.WhatsApp.Name = "" },
		"whatsapp.daily_cap":           func(c *Config) { c.WhatsApp.DailyCap = 0 },
		"whatsapp.store":               func(c *Config) { c.WhatsApp.Enabled, c.WhatsApp.Store = true, "" },
		"whatsapp.websocket_url":       func(c *Config) { c.WhatsApp.WebsocketURL, c.WhatsApp.RootKey = "http://x", strings.Repeat("0", 64) },
		"whatsapp.root_key":            func(c *Config) { c.WhatsApp.WebsocketURL = "ws://127.0.0.1:1/ws/chat" },
		"notices.digest":               func(c *Config) { c.Notices.Digest = "fridays" },
		"notices.portfolio":            func(c *Config) { c.Notices.Portfolio = "on" },
		"notices.alignment":            func(c *Config) { c.Notices.Alignment = "0 25 * * *" },
		"notices.reminder_days":        func(c *Config) { c.Notices.ReminderDays = []int{3, -1} },
		"notices.notice_at":            func(c *Config) { c.Notices.NoticeAt = "9" },
		"notices.work_until":           func(c *Config) { c.Notices.WorkUntil = "07:00" },
		"notices.meeting_hours":        func(c *Config) { c.Notices.MeetingHours = nil },
		"notices.overdue_every":        func(c *Config) { c.Notices.OverdueEvery = 0 },
		"notices.max_per_day":          func(c *Config) { c.Notices.MaxPerDay = -1 },
		"notices.review":               func(c *Config) { c.Notices.Review = "yearly" },
		"notices.invoice_every_months": func(c *Config) { c.Notices.InvoiceEveryMonths = -1 },
	} {
		c := Default()
		break1(&c)
		list := c.Check()
		if len(list) != 1 || list[0].Key != key || list[0].Remedy == "" {
			t.Errorf("%s: got %v", key, list)
		}
	}
}
