package slack

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"timonel/bot"
)

const (
	firstWait = time.Second // before Slack is asked again who the bot is; doubles
	longWait  = time.Minute
	// drainTime is how long the end of Run waits for events in hand.
	drainTime = 5 * time.Second
)

// Run implements bot.Adapter. It returns an error only for what somebody has to mend in Slack: a token that is no good.
func (a *Adapter) Run(ctx context.Context, sink bot.Sink) error {
	self, err := a.enter(ctx)
	if err != nil || ctx.Err() != nil {
		return err
	}
	a.cfg.Log.Info().Str("user", self.user).Str("team", self.team).Msg("Slack knows the bot")
	for _, scope := range missing(self.scopes) {
		a.cfg.Log.Error().Str("scope", scope).Msg("the app lacks a scope: update it with `timonel slack manifest` and reinstall it")
	}
	// Events in hand are finished and acknowledged after ctx has ended.
	open, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	ended := make(chan error, 1)
	go func() { ended <- a.socket.RunContext(open) }()
	work := newLanes()
	for {
		select {
		case <-ctx.Done():
			a.leave(work)
			end()
			stopped := <-ended
			a.cfg.Log.Debug().Err(stopped).Msg("socket closed")
			a.ill("stopped")
			return nil
		case err := <-ended:
			work.drain()
			return a.broken(err)
		case e := <-a.socket.Events:
			if err := a.note(open, sink, e); err != nil {
				end()
				stopped := <-ended
				a.cfg.Log.Debug().Err(stopped).Msg("socket closed")
				work.drain()
				return a.broken(err)
			}
			if env, ok := read(e); ok {
				work.do(roomOf(env), func() { a.hand(open, sink, env) })
			}
		}
	}
}

// enter asks Slack who the bot is until Slack answers.
func (a *Adapter) enter(ctx context.Context) (identity, error) {
	for wait := firstWait; ; wait = min(2*wait, longWait) {
		self, err := a.introduce(ctx)
		if err == nil {
			return self, nil
		}
		if ctx.Err() != nil {
			return identity{}, nil //nolint:nilerr // the bot is being stopped: nothing is wrong
		}
		if deadly(err) {
			return identity{}, a.broken(err)
		}
		a.ill("Slack cannot be asked who the bot is: " + err.Error())
		a.cfg.Log.Warn().Err(withAdvice(err)).Dur("wait", wait).Msg("ask Slack who the bot is")
		var limited *slackgo.RateLimitedError
		if errors.As(err, &limited) {
			wait = max(wait, limited.RetryAfter)
		}
		select {
		case <-ctx.Done():
			return identity{}, nil
		case <-a.cfg.After(wait):
		}
	}
}

// broken words why no connection is possible.
func (a *Adapter) broken(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return nil
	}
	err = fmt.Errorf("connect to Slack: %w", withAdvice(err))
	a.setHealth(bot.Health{Problem: err.Error(), CannotSend: true})
	return err
}

// leave finishes the events in hand.
func (a *Adapter) leave(work *lanes) {
	done := make(chan struct{})
	go func() { work.drain(); close(done) }()
	select {
	case <-done:
	case <-a.cfg.After(drainTime):
	}
}

// note takes what slack-go tells of the connection. An error is one that no further attempt can mend, which slack-go does
// not always see.
func (a *Adapter) note(ctx context.Context, sink bot.Sink, e socketmode.Event) error {
	switch e.Type {
	case socketmode.EventTypeHello:
		a.well()
		a.catchUp(ctx, sink)
	case socketmode.EventTypeConnecting:
		if a.Health().OK {
			a.away.lost(a.cfg.Now())
			a.ill("reconnecting")
		}
	case socketmode.EventTypeConnectionError:
		c, ok := e.Data.(*slackgo.ConnectionErrorEvent)
		if !ok {
			return nil
		}
		if deadly(c.ErrorObj) {
			return c.ErrorObj
		}
		err := withAdvice(c.ErrorObj)
		a.ill("no connection: " + err.Error())
		a.cfg.Log.Warn().Err(err).Int("attempt", c.Attempt).Msg("connect to Slack")
	case socketmode.EventTypeIncomingError:
		if c, ok := e.Data.(*slackgo.IncomingEventError); ok {
			a.cfg.Log.Info().Err(c.ErrorObj).Msg("the connection to Slack ended")
		}
	}
	return nil
}

// missing lists the scopes that the app needs and lacks; nothing when Slack did not say which it has.
func missing(scopes []string) []string {
	if len(scopes) == 0 {
		return nil
	}
	have := "," + strings.Join(scopes, ",") + ","
	var list []string
	for _, s := range Scopes {
		if !strings.Contains(have, ","+s+",") {
			list = append(list, s)
		}
	}
	return list
}
