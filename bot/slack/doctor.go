package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"
)

// Level says how bad a finding is.
type Level string

// The levels.
const (
	OK   Level = "ok"
	Warn Level = "warn"
	Fail Level = "fail"
)

// Finding is the result of one check: what was looked at, what was found, and what to do.
type Finding struct {
	Name  string
	Level Level
	Found string
	Do    string
}

// skewWarn is how far the clocks may lie apart before reminders go out at noticeably wrong moments.
const skewWarn = 30 * time.Second

// Check looks at the tokens, at what Slack says of them, and at the clock. It changes nothing in Slack.
func Check(ctx context.Context, cfg Config) []Finding {
	var out []Finding
	add := func(name string, level Level, found, do string) { out = append(out, Finding{name, level, found, do}) }
	shapes := shape(cfg, add)
	if !shapes {
		return out
	}
	a := New(cfg)
	before := a.cfg.Now()
	r, err := a.api.AuthTestContext(ctx)
	if err != nil {
		add("slack.bot_token", Fail, err.Error(), todo(err, "look at the network and at slack.api_url"))
		return out
	}
	add("slack.bot_token", OK, fmt.Sprintf("%s in %s (%s)", r.User, r.Team, r.URL), "")
	checkScopes(r.Header.Get("X-OAuth-Scopes"), add)
	checkClock(r.Header, before, a.cfg.Now(), add)
	if _, _, err := a.api.StartSocketModeContext(ctx); err != nil {
		add("slack.app_token", Fail, err.Error(), todo(err, "create an app-level token with connections:write under Basic Information and switch Socket Mode on"))
	} else {
		add("slack.app_token", OK, "Socket Mode is on", "")
	}
	checkChannels(ctx, a, add)
	checkSettings(ctx, a, add)
	return out
}

func todo(err error, otherwise string) string {
	if tip := advice[code(err)]; tip != "" {
		return tip
	}
	return otherwise
}

// shape looks at the tokens without asking anybody.
func shape(cfg Config, add func(string, Level, string, string)) bool {
	ok := true
	for _, t := range []struct{ name, token, prefix, where string }{
		{"slack.app_token", cfg.AppToken, "xapp-", "Basic Information → App-Level Tokens, with the scope connections:write"},
		{"slack.bot_token", cfg.BotToken, "xoxb-", "OAuth & Permissions → Bot User OAuth Token"},
	} {
		switch {
		case t.token == "":
			add(t.name, Fail, "not set", "copy it from "+t.where)
			ok = false
		case !strings.HasPrefix(t.token, t.prefix) || strings.ContainsAny(t.token, " \t\n\"'"):
			add(t.name, Fail, "does not look like a token: it must begin with "+t.prefix, "copy it from "+t.where)
			ok = false
		}
	}
	return ok
}

func checkScopes(header string, add func(string, Level, string, string)) {
	if header == "" {
		add("slack.scopes", Warn, "Slack did not say which scopes the token has", "compare them with `timonel slack manifest`")
		return
	}
	if lacking := missing(strings.Split(strings.ReplaceAll(header, " ", ""), ",")); len(lacking) > 0 {
		add("slack.scopes", Fail, "missing: "+strings.Join(lacking, ", "), advice["missing_scope"])
		return
	}
	add("slack.scopes", OK, fmt.Sprintf("all %d", len(Scopes)), "")
}

// checkClock compares the machine's clock with Slack's, which says the time in whole seconds.
func checkClock(h http.Header, before, after time.Time, add func(string, Level, string, string)) {
	theirs, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		add("slack.clock", Warn, "Slack did not say what time it is", "")
		return
	}
	skew := before.Add(after.Sub(before) / 2).Sub(theirs).Round(time.Second)
	if skew.Abs() > skewWarn {
		add("slack.clock", Warn, fmt.Sprintf("this machine's clock is %s off Slack's", skew), "set the clock: reminders go out by it")
		return
	}
	add("slack.clock", OK, "within "+skewWarn.String()+" of Slack's", "")
}

// checkChannels tells whether the bot is anywhere.
func checkChannels(ctx context.Context, a *Adapter, add func(string, Level, string, string)) {
	list, _, err := a.api.GetConversationsForUserContext(ctx, &slackgo.GetConversationsForUserParameters{
		Types: []string{"public_channel", "private_channel"}, Limit: 100, ExcludeArchived: true,
	})
	switch {
	case err != nil:
		add("slack.channels", Warn, err.Error(), todo(err, ""))
	case len(list) == 0:
		add("slack.channels", Warn, "the bot is in no channel", "invite it where the committee talks: /invite @timonel")
	default:
		add("slack.channels", OK, fmt.Sprintf("in %d", len(list)), "")
	}
}

// checkSettings compares the app's settings in Slack with what the code needs. Only a configuration token may read them;
// without one, what is missing shows in the log at the first mention.
func checkSettings(ctx context.Context, a *Adapter, add func(string, Level, string, string)) {
	if a.cfg.ConfigToken == "" {
		add("slack.events", OK, "not compared with the app's settings, which takes slack.config_token; what is missing shows in the log at the first mention", "")
		return
	}
	raw, err := a.api.ExportManifestRawContext(ctx, a.cfg.ConfigToken, appOf(a.cfg.AppToken))
	if err != nil {
		add("slack.events", Warn, "the app's settings cannot be read: "+err.Error(), "create a new configuration token under Your App Configuration Tokens on api.slack.com/apps")
		return
	}
	var app struct {
		Settings struct {
			Events struct {
				Bot []string `json:"bot_events"`
			} `json:"event_subscriptions"`
			Interactivity struct {
				On bool `json:"is_enabled"`
			} `json:"interactivity"`
		} `json:"settings"`
	}
	if err := json.Unmarshal(raw, &app); err != nil {
		add("slack.events", Warn, "the app's settings cannot be read: "+err.Error(), advice["missing_scope"])
		return
	}
	var lacking []string
	for _, event := range Events {
		if !slices.Contains(app.Settings.Events.Bot, event) {
			lacking = append(lacking, event)
		}
	}
	if len(lacking) > 0 {
		add("slack.events", Fail, "missing: "+strings.Join(lacking, ", "), advice["missing_scope"])
	} else {
		add("slack.events", OK, fmt.Sprintf("all %d", len(Events)), "")
	}
	if !app.Settings.Interactivity.On {
		add("slack.interactivity", Fail, "off: buttons and forms do nothing", advice["missing_scope"])
	}
}

// appOf is the id of the app, which stands in its token: xapp-1-A0123456789-…
func appOf(token string) string {
	parts := strings.Split(token, "-")
	if len(parts) < 3 {
		return ""
	}
	return parts[2]
}
