// Package slack joins the bot to a Slack workspace through Socket Mode: it turns Slack's events into bot.Incoming and
// bot.Outgoing into messages that fit Slack's limits by construction. It knows nothing of projects and holds no words for
// people: labels come with what it is given.
package slack

import (
	"context"
	"io"
	"log" //nolint:depguard // slack-go takes no other logger
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/rs/zerolog"
	slackgo "github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"timonel/bot"
)

// Config says how to reach Slack, and what the adapter may ask of the rest of the program.
type Config struct {
	// AppToken (xapp-…) opens the connection, BotToken (xoxb-…) speaks.
	AppToken, BotToken string
	// ConfigToken (xoxe…) lets Check read the app's settings; "" leaves them unread.
	ConfigToken string
	// APIURL is another address than Slack's own (GovSlack, a proxy, a local Slack); "" for Slack's.
	APIURL string
	// HTTP and Dial reach it; the defaults if nil.
	HTTP *http.Client
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// Now is the clock, After waits, Random returns numbers in [0,1): time.Now, time.After and rand.Float64 if nil.
	Now    func() time.Time
	After  func(time.Duration) <-chan time.Time
	Random func() float64
	// Screens fills forms and home pages; without it every press is passed on and no home page is shown.
	Screens Screens
	// Card finds the message that shows a card since an earlier run; nil if nobody remembers.
	Card func(ctx context.Context, room bot.RoomID, card string) (bot.MessageID, bool)
	// HeardUntil says up to when an earlier run heard everything, so that what was said since can be fetched; zero or nil: it
	// is not fetched.
	HeardUntil func(ctx context.Context) (time.Time, error)
	// Log takes what the adapter has to tell.
	Log zerolog.Logger
}

// Screens answers what the adapter asks while a person waits for a screen. Each must answer within two seconds.
type Screens interface {
	// Form returns the form that a press or a command opens; ok is false when it opens none and is to be worked as it is.
	Form(ctx context.Context, in bot.Incoming) (form bot.Form, ok bool, err error)
	// Check looks at the fields filled in so far (in.Action, in.Form): what would follow, as marked text, and what is wrong
	// with which field, in plain words.
	Check(ctx context.Context, in bot.Incoming) (preview string, problems map[string]string, err error)
	// Home is the person's home page.
	Home(ctx context.Context, in bot.Incoming) (bot.Home, error)
}

// Adapter implements bot.Adapter and bot.Reconciler.
type Adapter struct {
	cfg    Config
	api    *slackgo.Client
	socket *socketmode.Client
	gate   *gate
	who    directory
	talks  threads
	cards  cards
	files  uploads
	asked  responses
	homes  homes
	subs   subscriptions
	away   silences

	mu     sync.Mutex
	self   identity
	health bot.Health
}

// identity is who the bot is in the workspace.
type identity struct {
	user, bot, team, name string
	scopes                []string
}

// New returns an adapter; nothing is connected before Run or the first Send.
func New(cfg Config) *Adapter {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.After == nil {
		cfg.After = time.After
	}
	if cfg.Random == nil {
		cfg.Random = rand.Float64
	}
	if cfg.HTTP == nil {
		cfg.HTTP = &http.Client{Transport: transport()}
	}
	a := &Adapter{cfg: cfg, health: bot.Health{Problem: "not connected yet", Since: cfg.Now()}}
	a.gate = &gate{now: cfg.Now, after: cfg.After, random: cfg.Random, next: cfg.HTTP}
	options := []slackgo.Option{
		slackgo.OptionAppLevelToken(cfg.AppToken), slackgo.OptionHTTPClient(a.gate), slackgo.OptionLog(log.New(io.Discard, "", 0)),
	}
	if cfg.APIURL != "" {
		options = append(options, slackgo.OptionAPIURL(strings.TrimRight(cfg.APIURL, "/")+"/"))
	}
	a.api = slackgo.New(cfg.BotToken, options...)
	dialer := &websocket.Dialer{
		Proxy: http.ProxyFromEnvironment, HandshakeTimeout: 20 * time.Second, WriteBufferSize: 32 << 10, NetDialContext: cfg.Dial,
	}
	a.socket = socketmode.New(a.api, socketmode.OptionDialer(dialer), socketmode.OptionLog(log.New(io.Discard, "", 0)), socketmode.OptionReadLimit(8<<20))
	a.who = newDirectory(cfg.Now)
	return a
}

// transport keeps as many connections as the courier sends messages at once.
func transport() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = 32
	t.ResponseHeaderTimeout = 25 * time.Second
	return t
}

// Platform implements bot.Adapter.
func (a *Adapter) Platform() bot.Platform { return bot.Slack }

// Capabilities implements bot.Adapter. Polls are shown as buttons; texts of any length are laid out on several messages.
func (a *Adapter) Capabilities() bot.Capabilities {
	return bot.Capabilities{
		Buttons: true, Polls: true, Threads: true, Edits: true, Ephemeral: true, Files: true, MaxOptions: maxElements,
	}
}

// Health implements bot.Adapter.
func (a *Adapter) Health() bot.Health {
	a.mu.Lock()
	defer a.mu.Unlock()
	state := a.health
	state.Behind = a.away.reading()
	return state
}

// well notes that the connection stands; ill that it does not, and why.
func (a *Adapter) well() { a.setHealth(bot.Health{OK: true}) }

// ill does not mean that nothing can be sent: that goes another way than what comes in.
func (a *Adapter) ill(problem string) { a.setHealth(bot.Health{Problem: problem}) }

func (a *Adapter) setHealth(state bot.Health) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if state.Since = a.health.Since; state != a.health {
		state.Since = a.cfg.Now()
		a.health = state
	}
}
