// Package config is the operator's configuration: a strict TOML file under TIMONEL_* environment variables, with a
// default for every key. config.example.toml names them all.
package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"timonel/locale"
	"timonel/scheduler"
	"timonel/steering"
)

// Config is everything that an operator may set.
type Config struct {
	Storage  Storage  `toml:"storage"`
	HTTP     HTTP     `toml:"http"`
	Log      Log      `toml:"log"`
	Plans    Plans    `toml:"plans"`
	Defaults Defaults `toml:"defaults"`
	Rooms    Rooms    `toml:"rooms"`
	Slack    Slack    `toml:"slack"`
	WhatsApp WhatsApp `toml:"whatsapp"`
	Notices  Notices  `toml:"notices"`
}

// Storage says where the state is.
type Storage struct {
	URL string `toml:"url"`
	// KeepDays is for how many days messages are kept that were handled or sent; 0 keeps them all.
	KeepDays int `toml:"keep_days"`
}

// HTTP says where the pages, the health and the metrics are served; "" serves none.
type HTTP struct {
	Addr string `toml:"addr"`
	// URL is where people reach that address, through a proxy that speaks TLS; "" means the address itself.
	URL string `toml:"url"`
}

// Log says what is logged and how.
type Log struct {
	Level  string `toml:"level"`
	Format string `toml:"format"`
}

// Plans says where the operator's own plans are.
type Plans struct {
	Dir string `toml:"dir"`
}

// Defaults are those of new projects, and of people of whom nothing is known.
type Defaults struct {
	Timezone string `toml:"timezone"`
	Country  string `toml:"country"`
	Language string `toml:"language"`
}

// Rooms says in which chats projects may be opened, and by whom.
type Rooms struct {
	Allow    []string `toml:"allow"`    // PLATFORM:ID, or PLATFORM:* for every chat there
	Creators []string `toml:"creators"` // PLATFORM:USER
	// Operator is the chat that hears of what somebody has to look after, "" for none: PLATFORM:ID.
	Operator string `toml:"operator"`
	// OperatorFallback is the chat that hears it while the other one's platform is down, "" for none.
	OperatorFallback string `toml:"operator_fallback"`
	// AlarmMinutes is for how long a message may wait before the operator hears of it; 0 is for ever.
	AlarmMinutes int `toml:"alarm_minutes"`
}

// Slack is the Slack app.
type Slack struct {
	APIURL       string `toml:"api_url"`
	AppToken     string `toml:"app_token"`
	AppTokenFile string `toml:"app_token_file"`
	BotToken     string `toml:"bot_token"`
	BotTokenFile string `toml:"bot_token_file"`
	// ConfigToken lets doctor read the app's settings; nothing else uses it.
	ConfigToken string `toml:"config_token"`
}

// Enabled reports whether the bot is to connect to Slack.
func (s Slack) Enabled() bool { return s.AppToken != "" || s.BotToken != "" }

// WhatsApp is the number that the bot is a linked device of.
type WhatsApp struct {
	Enabled      bool   `toml:"enabled"`
	Store        string `toml:"store"`
	Name         string `toml:"name"`
	DailyCap     int    `toml:"daily_cap"`
	WebsocketURL string `toml:"websocket_url"`
	RootKey      string `toml:"root_key"`
}

// Notices are the defaults of what goes out unasked, by the same names as a project's settings.
type Notices struct {
	Digest             string   `toml:"digest"`
	Portfolio          string   `toml:"portfolio"`
	Alignment          string   `toml:"alignment"`
	ReminderDays       []int    `toml:"reminder_days"`
	NoticeAt           string   `toml:"notice_at"`
	OverdueEvery       int      `toml:"overdue_every"`
	EscalateAfter      int      `toml:"escalate_after"`
	EscalateGateAfter  int      `toml:"escalate_gate_after"`
	WorkFrom           string   `toml:"work_from"`
	WorkUntil          string   `toml:"work_until"`
	MeetingHours       []string `toml:"meeting_hours"`
	MaxPerDay          int      `toml:"max_per_day"`
	Review             string   `toml:"review"`
	InvoiceEveryMonths int      `toml:"invoice_every_months"`
}

// Default holds every default.
func Default() Config {
	p := steering.DefaultPolicy()
	var hours []string
	for _, h := range p.MeetingHours {
		hours = append(hours, h.String())
	}
	return Config{
		Storage:  Storage{URL: "timonel.db", KeepDays: 90},
		HTTP:     HTTP{Addr: "127.0.0.1:8080"},
		Log:      Log{Level: "info", Format: "auto"},
		Defaults: Defaults{Timezone: "UTC", Language: "es"},
		Rooms:    Rooms{Allow: []string{"slack:*"}, Creators: []string{}, AlarmMinutes: 10},
		Slack:    Slack{APIURL: "https://slack.com/api/"},
		WhatsApp: WhatsApp{Store: "whatsapp.db", Name: "Timonel", DailyCap: 1000},
		Notices: Notices{
			Digest: p.Digest, Portfolio: p.Portfolio, Alignment: p.Alignment, ReminderDays: p.ReminderDays,
			NoticeAt: p.NoticeAt.String(), OverdueEvery: p.OverdueEvery, EscalateAfter: p.EscalateAfter,
			EscalateGateAfter: p.EscalateGate, WorkFrom: p.WorkFrom.String(), WorkUntil: p.WorkUntil.String(),
			MeetingHours: hours, MaxPerDay: p.MaxPerDay, Review: p.Review, InvoiceEveryMonths: p.InvoiceEvery,
		},
	}
}

// Policy returns the notices as the domain wants them, with a reader of cron expressions.
func (c Config) Policy() steering.Policy {
	n := c.Notices
	p := steering.DefaultPolicy().With(steering.Settings{
		Digest: n.Digest, Portfolio: n.Portfolio, Alignment: n.Alignment, ReminderDays: n.ReminderDays,
		NoticeAt: n.NoticeAt, OverdueEvery: n.OverdueEvery, EscalateAfter: n.EscalateAfter, EscalateGate: n.EscalateGateAfter,
		WorkFrom: n.WorkFrom, WorkUntil: n.WorkUntil, MeetingHours: n.MeetingHours, MaxPerDay: n.MaxPerDay,
		Review: n.Review, InvoiceEvery: n.InvoiceEveryMonths,
	})
	p.ReminderDays, p.InvoiceEvery = n.ReminderDays, n.InvoiceEveryMonths // none and never are values too
	p.Next = nextCron
	return p
}

// nextCron reads a schedule by the wall clock of after's zone.
func nextCron(expr string, after time.Time) time.Time {
	return scheduler.NextCron(expr, after, after.Location())
}

// Problem is a value that cannot be used.
type Problem struct {
	Key, What, Remedy string
}

// Error implements error.
func (p Problem) Error() string { return fmt.Sprintf("%s: %s (%s)", p.Key, p.What, p.Remedy) }

// minKeep is for how many days duplicates may still come and quotes be made.
const minKeep = 7

// Check returns every value that cannot be used, in the order of the file.
func (c Config) Check() []Problem {
	var list []Problem
	bad := func(wrong bool, key, what, remedy string) {
		if wrong {
			list = append(list, Problem{key, what, remedy})
		}
	}
	bad(!isDatabase(c.Storage.URL), "storage.url", "is no database", "name a SQLite file or a postgres:// address")
	bad(c.Storage.KeepDays < 0 || c.Storage.KeepDays > 0 && c.Storage.KeepDays < minKeep, "storage.keep_days", fmt.Sprintf("cannot be %d", c.Storage.KeepDays), "7 or more, or 0 for ever")
	_, _, err := net.SplitHostPort(c.HTTP.Addr)
	bad(c.HTTP.Addr != "" && err != nil, "http.addr", "is no address", "write HOST:PORT, as 127.0.0.1:8080")
	bad(c.HTTP.URL != "" && !isURL(c.HTTP.URL, "http", "https"), "http.url", "is no address", "write https://timonel.example.com, or leave it empty")
	_, err = zerolog.ParseLevel(c.Log.Level)
	bad(err != nil || c.Log.Level == "", "log.level", "is no level", "one of trace, debug, info, warn, error")
	bad(!slices.Contains([]string{"auto", "text", "json"}, c.Log.Format), "log.format", "is no format", "one of auto, text, json")
	info, err := os.Stat(c.Plans.Dir)
	bad(c.Plans.Dir != "" && (err != nil || !info.IsDir()), "plans.dir", "is no folder", "create "+c.Plans.Dir+" or name another")
	_, err = time.LoadLocation(c.Defaults.Timezone)
	bad(err != nil || c.Defaults.Timezone == "" || c.Defaults.Timezone == "Local", "defaults.timezone", "is no zone", "name one of the IANA database, as America/Bogota")
	bad(c.Defaults.Country != "" && !country.MatchString(c.Defaults.Country), "defaults.country", "is no country", "two capitals, as CO")
	bad(!locale.Known(c.Defaults.Language), "defaults.language", "is no language of Timonel's", "one of "+strings.Join(locale.Languages, ", "))
	list = append(list, c.checkPlatforms()...)
	return append(list, c.Notices.check()...)
}

var (
	country = regexp.MustCompile(`^[A-Z]{2}$`)
	place   = regexp.MustCompile(`^(slack|whatsapp|web|terminal):\S+$`)
	rootKey = regexp.MustCompile(`^[0-9a-fA-F]{64}$`)
)

func (c Config) checkPlatforms() []Problem {
	var list []Problem
	bad := func(wrong bool, key, what, remedy string) {
		if wrong {
			list = append(list, Problem{key, what, remedy})
		}
	}
	for _, id := range c.Rooms.Allow {
		bad(!place.MatchString(id), "rooms.allow", fmt.Sprintf("%q is no chat", id), "write PLATFORM:ID, as slack:C0123456789")
	}
	for _, id := range c.Rooms.Creators {
		bad(!place.MatchString(id), "rooms.creators", fmt.Sprintf("%q is nobody", id), "write PLATFORM:USER, as slack:U0123456789")
	}
	bad(c.Rooms.Operator != "" && !place.MatchString(c.Rooms.Operator), "rooms.operator", fmt.Sprintf("%q is no chat", c.Rooms.Operator), "write PLATFORM:ID, as slack:C0123456789")
	f := c.Rooms.OperatorFallback
	bad(f != "" && !place.MatchString(f), "rooms.operator_fallback", fmt.Sprintf("%q is no chat", f), "write PLATFORM:ID, as whatsapp:120363000000000000@g.us")
	bad(c.Rooms.AlarmMinutes < 0 || c.Rooms.AlarmMinutes > 10_000, "rooms.alarm_minutes", fmt.Sprintf("cannot be %d", c.Rooms.AlarmMinutes), "1 to 10000, or 0 for no alarm")
	bad(!isURL(c.Slack.APIURL, "https", "http"), "slack.api_url", "is no address", "write https://slack.com/api/")
	if c.Slack.Enabled() {
		bad(!strings.HasPrefix(c.Slack.AppToken, "xapp-"), "slack.app_token", "is no app-level token", "it begins with xapp-; see Basic Information in the app's settings")
		bad(!strings.HasPrefix(c.Slack.BotToken, "xoxb-"), "slack.bot_token", "is no bot token", "it begins with xoxb-; see OAuth & Permissions in the app's settings")
	}
	w := c.WhatsApp
	bad(w.Enabled && w.Store == "", "whatsapp.store", "is empty", "name a file for the device's keys")
	bad(w.Name == "" || len(w.Name) > 25, "whatsapp.name", "is no name", "1 to 25 letters, as people are to see it")
	bad(w.DailyCap < 1 || w.DailyCap > 20_000, "whatsapp.daily_cap", fmt.Sprintf("cannot be %d", w.DailyCap), "1 to 20000")
	bad(w.WebsocketURL != "" && !isURL(w.WebsocketURL, "ws", "wss"), "whatsapp.websocket_url", "is no address", "write ws://HOST:PORT/ws/chat, or leave it empty")
	bad(w.RootKey != "" && !rootKey.MatchString(w.RootKey), "whatsapp.root_key", "is no key", "64 hexadecimal digits, or leave it empty")
	bad((w.RootKey == "") != (w.WebsocketURL == ""), "whatsapp.root_key", "goes with whatsapp.websocket_url", "set both or neither")
	return list
}

// isDatabase reports whether an address is a file or of a scheme that we know.
func isDatabase(address string) bool {
	scheme, _, remote := strings.Cut(address, "://")
	return address != "" && (!remote || slices.Contains([]string{"file", "postgres", "postgresql"}, scheme))
}

func isURL(s string, schemes ...string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && slices.Contains(schemes, u.Scheme)
}

var clock = regexp.MustCompile(`^([01]?\d|2[0-3]):[0-5]\d$`)

func (n Notices) check() []Problem {
	var list []Problem
	bad := func(wrong bool, key, what, remedy string) {
		if wrong {
			list = append(list, Problem{"notices." + key, what, remedy})
		}
	}
	for _, s := range []struct{ key, value string }{{"digest", n.Digest}, {"portfolio", n.Portfolio}, {"alignment", n.Alignment}} {
		if s.value != "off" && (s.value != "on" || s.key != "alignment") {
			bad(scheduler.CheckCron(s.value) != nil, s.key, "is no schedule", `write minute hour day month weekday, as "0 16 * * 5", or "off"`)
		}
	}
	for _, d := range n.ReminderDays {
		bad(d < 0 || d > 365, "reminder_days", fmt.Sprintf("%d is no number of days before", d), "0 to 365")
	}
	for _, s := range []struct{ key, value string }{{"notice_at", n.NoticeAt}, {"work_from", n.WorkFrom}, {"work_until", n.WorkUntil}} {
		bad(!clock.MatchString(s.value), s.key, "is no time of day", "write HH:MM")
	}
	bad(minutes(n.WorkFrom) >= minutes(n.WorkUntil), "work_until", "is not after work_from", "let the day begin before it ends")
	bad(len(n.MeetingHours) == 0, "meeting_hours", "is empty", `write times of day, as ["10:00", "15:00"]`)
	for _, h := range n.MeetingHours {
		bad(!clock.MatchString(h), "meeting_hours", h+" is no time of day", "write HH:MM")
	}
	for _, s := range []struct {
		key   string
		value int
	}{{"overdue_every", n.OverdueEvery}, {"escalate_after", n.EscalateAfter}, {"escalate_gate_after", n.EscalateGateAfter}, {"max_per_day", n.MaxPerDay}} {
		bad(s.value < 1 || s.value > 365, s.key, fmt.Sprintf("cannot be %d", s.value), "1 to 365")
	}
	bad(!slices.Contains([]string{"off", "monthly", "quarterly"}, n.Review), "review", "is no rhythm", "one of off, monthly, quarterly")
	bad(n.InvoiceEveryMonths < 0 || n.InvoiceEveryMonths > 120, "invoice_every_months", fmt.Sprintf("cannot be %d", n.InvoiceEveryMonths), "0 to 120")
	return list
}

// minutes reads a time of day, -1 for none.
func minutes(s string) int {
	t, err := time.Parse("15:04", s)
	if err != nil {
		return -1
	}
	return t.Hour()*60 + t.Minute()
}

// Joined is the problems as one error, nil if there are none.
func Joined(list []Problem) error {
	var errs []error
	for _, p := range list {
		errs = append(errs, p)
	}
	return errors.Join(errs...)
}
