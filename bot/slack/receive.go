package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack/socketmode"

	"timonel/bot"
)

const (
	lanesAtOnce = 16
	laneLength  = 256
	// handIn is how long one envelope may take from its arrival to its acknowledgement; Slack waits three seconds and then
	// offers it again, which does no harm.
	handIn = 25 * time.Second
	// insist is how often storing an interaction is tried: Slack does not offer it again.
	insist      = 4
	insistPause = 300 * time.Millisecond
)

// envelope is one thing that Slack hands over and wants acknowledged.
type envelope struct {
	ID      string          `json:"envelope_id"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload"`
	Attempt int             `json:"retry_attempt"`
}

// lanes work envelopes: those of one room one after the other in the order of their arrival, different rooms at the same
// time.
type lanes struct {
	queues []chan func()
	done   sync.WaitGroup
}

func newLanes() *lanes {
	l := &lanes{queues: make([]chan func(), lanesAtOnce)}
	for i := range l.queues {
		queue := make(chan func(), laneLength)
		l.queues[i] = queue
		l.done.Go(func() {
			for work := range queue {
				work()
			}
		})
	}
	return l
}

func (l *lanes) do(room string, work func()) {
	h := fnv.New32a()
	h.Write([]byte(room))
	l.queues[h.Sum32()%lanesAtOnce] <- work
}

// drain works what waits and ends the lanes.
func (l *lanes) drain() {
	for _, q := range l.queues {
		close(q)
	}
	l.done.Wait()
}

// read takes the envelope out of an event of slack-go's; ok is false for what is none. An event that slack-go cannot read
// is read here: Slack offers it for minutes unless it is acknowledged.
func read(e socketmode.Event) (envelope, bool) {
	switch e.Type {
	case socketmode.EventTypeEventsAPI, socketmode.EventTypeSlashCommand, socketmode.EventTypeInteractive:
		return envelope{ID: e.Request.EnvelopeID, Type: e.Request.Type, Payload: e.Request.Payload, Attempt: e.Request.RetryAttempt}, true
	case socketmode.EventTypeErrorBadMessage:
		bad, ok := e.Data.(*socketmode.ErrorBadMessage)
		if !ok {
			return envelope{}, false
		}
		var env envelope
		if json.Unmarshal(bad.Message, &env) != nil || env.ID == "" {
			return envelope{}, false
		}
		return env, true
	}
	return envelope{}, false
}

// roomOf names the lane of an envelope: its channel, or its user when it is about no channel.
func roomOf(env envelope) string {
	var p struct {
		Channel   json.RawMessage `json:"channel"`
		ChannelID string          `json:"channel_id"`
		User      json.RawMessage `json:"user"`
		Container struct {
			ChannelID string `json:"channel_id"`
		} `json:"container"`
		Event struct {
			Channel string `json:"channel"`
			User    string `json:"user"`
			Item    item   `json:"item"`
		} `json:"event"`
	}
	_ = json.Unmarshal(env.Payload, &p)
	for _, room := range []string{p.ChannelID, p.Event.Channel, p.Event.Item.Channel, p.Container.ChannelID, p.Event.User, string(p.Channel)} {
		if room != "" {
			return room
		}
	}
	return string(p.User)
}

// hand works one envelope and acknowledges it once it is stored. What cannot be stored is left to Slack to offer again.
func (a *Adapter) hand(ctx context.Context, sink bot.Sink, env envelope) {
	ctx, cancel := context.WithTimeout(ctx, handIn)
	defer cancel()
	answer, err := a.take(ctx, sink, env)
	if err != nil {
		a.cfg.Log.Warn().Err(err).Str("envelope", env.Type).Int("attempt", env.Attempt).Msg("event not stored; Slack offers it again")
		return
	}
	if err := a.socket.SendCtx(ctx, socketmode.Response{EnvelopeID: env.ID, Payload: answer}); err != nil && !ended(ctx, err) {
		a.cfg.Log.Warn().Err(err).Msg("acknowledge an event")
	}
}

// take stores what an envelope holds and returns what Slack is answered with, nil for a bare acknowledgement.
func (a *Adapter) take(ctx context.Context, sink bot.Sink, env envelope) (answer any, err error) {
	switch env.Type {
	case "events_api":
		return nil, a.takeEvent(ctx, sink, env)
	case "slash_commands":
		return nil, a.takeCommand(ctx, sink, env)
	case "interactive":
		return a.takeInteraction(ctx, sink, env)
	}
	return nil, nil
}

// lastAttempt is the attempt after which Slack gives an event up: then what is not known is done without.
const lastAttempt = 3

func (a *Adapter) takeEvent(ctx context.Context, sink bot.Sink, env envelope) error {
	self := a.identity()
	h, ok, err := convert(env.Payload, self)
	if err != nil {
		a.cfg.Log.Error().Err(err).Msg("event that cannot be read")
		return nil // it would come again as it is
	}
	if channel, root, ts := ownWords(env.Payload, self); channel != "" {
		a.talks.spoke(channel, root, ts)
	}
	if !ok {
		return nil
	}
	a.subs.heard(a, h)
	last := env.Attempt >= lastAttempt
	if channel := string(h.in.Room); channel != "" {
		// What was said there before it comes first.
		if err := a.catchUpOnce(ctx, sink, channel); err != nil && !last && passing(err) {
			return fmt.Errorf("read what was said before: %w", err)
		}
	}
	if err := a.complete(ctx, &h, last); err != nil {
		return err
	}
	if !h.forBot(self) {
		return nil
	}
	if h.in.Kind == bot.Opened && a.cfg.Screens != nil {
		return a.openHome(ctx, h.in)
	}
	return sink.Receive(ctx, h.in)
}

// complete asks Slack for what an event does not tell. With last set, what Slack does not say now is done without.
func (a *Adapter) complete(ctx context.Context, h *heard, last bool) error {
	for _, ask := range []func(context.Context, *heard) error{a.addPerson, a.addPlace, a.addText, a.addThread, a.addFiles} {
		if err := ask(ctx, h); err != nil && !last {
			return err
		}
	}
	return nil
}

func (a *Adapter) addPerson(ctx context.Context, h *heard) error { return a.addWho(ctx, &h.in) }

// addWho adds what Slack knows of the person.
func (a *Adapter) addWho(ctx context.Context, in *bot.Incoming) error {
	if string(in.From) == a.identity().user {
		return nil
	}
	p, err := a.meet(ctx, string(in.From))
	if err != nil {
		return err
	}
	if p.name != "" {
		in.FromName = p.name
	}
	in.Language, in.Zone, in.Guest = p.language, p.zone, p.guest
	return nil
}

func (a *Adapter) addPlace(ctx context.Context, h *heard) error {
	h.in.Shared = h.shared
	return a.addWhere(ctx, &h.in)
}

// addWhere adds what Slack knows of the channel.
func (a *Adapter) addWhere(ctx context.Context, in *bot.Incoming) error {
	c, err := a.place(ctx, string(in.Room))
	if err != nil {
		return err
	}
	in.RoomName, in.Shared = c.name, in.Shared || c.shared
	return nil
}

func (a *Adapter) addText(ctx context.Context, h *heard) error {
	self := a.identity().user
	var asked error
	for _, user := range usersIn(h.raw, self) {
		if _, err := a.meet(ctx, user); err != nil {
			asked = err
		}
	}
	if h.raw != "" {
		t := readText(h.raw, self, a.who.name)
		for i := range t.mentions {
			who, _ := a.who.person(string(t.mentions[i].User))
			t.mentions[i].Guest = who.guest
		}
		h.in.Text, h.in.Mentions, h.in.ToBot = t.text, t.mentions, h.in.ToBot || t.toBot
	}
	return asked
}

func (a *Adapter) addThread(ctx context.Context, h *heard) error {
	if h.root == "" || h.in.Kind != bot.TextMessage && h.in.Kind != bot.Edited {
		return nil
	}
	quote, err := a.answered(ctx, string(h.in.Room), h.root, h.parent)
	if err != nil {
		return err
	}
	// What is heard late may be older than what the bot said there since: then it was no answer.
	if quote != "" && readID(quote).ts < readID(h.in.ID).ts {
		h.in.ToBot = true
		if h.in.Kind == bot.TextMessage {
			h.in.Quote = quote
		}
	}
	return nil
}

// forBot reports whether something that was changed or taken back may ever have concerned the bot: nothing else of what
// people do among themselves leaves the adapter. New messages are judged by who knows what is open.
func (h *heard) forBot(self identity) bool {
	if h.in.Kind != bot.Edited && h.in.Kind != bot.Deleted || h.in.Direct || h.in.ToBot {
		return true
	}
	for _, text := range []string{h.raw, h.before} {
		words := strings.ToLower(strings.TrimLeft(text, " /@"))
		if strings.Contains(text, "<@"+self.user+">") || self.name != "" && strings.HasPrefix(words, self.name) {
			return true
		}
	}
	return false
}

func (a *Adapter) takeCommand(ctx context.Context, sink bot.Sink, env envelope) error {
	c, in, err := convertCommand(env.Payload)
	if err != nil {
		a.cfg.Log.Error().Err(err).Msg("command that cannot be read")
		return nil
	}
	in.At = a.cfg.Now().UTC()
	a.asked.keep(in.ID, c.ResponseURL)
	h := heard{in: in, raw: strings.TrimSpace(c.Command + " " + c.Text)}
	if err := a.complete(ctx, &h, true); err != nil {
		return err
	}
	if opened := a.openForm(ctx, h.in, c.Trigger); opened {
		return nil
	}
	return a.insist(ctx, sink, h.in)
}

// insist stores what Slack does not offer again, more than once if the database stumbles.
func (a *Adapter) insist(ctx context.Context, sink bot.Sink, in bot.Incoming) error {
	var err error
	for range insist {
		if err = sink.Receive(ctx, in); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("store what %s did: %w", in.From, err)
		case <-a.cfg.After(insistPause):
		}
	}
	return err
}
