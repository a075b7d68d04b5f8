package main

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"timonel/bot"
	"timonel/bot/slack"
	"timonel/conversations"
	"timonel/internal/config"
	"timonel/storage"
)

// screens fills forms and home pages. The adapters that show them are made before the conversations that fill them.
type screens struct {
	engine atomic.Pointer[conversations.Engine]
}

// Form implements slack.Screens.
func (s *screens) Form(ctx context.Context, in bot.Incoming) (bot.Form, bool, error) {
	if e := s.engine.Load(); e != nil {
		return e.Form(ctx, in)
	}
	return bot.Form{}, false, nil
}

// Check implements slack.Screens.
func (s *screens) Check(ctx context.Context, in bot.Incoming) (string, map[string]string, error) {
	if e := s.engine.Load(); e != nil {
		return e.Check(ctx, in)
	}
	return "", nil, nil
}

// Home implements slack.Screens.
func (s *screens) Home(ctx context.Context, in bot.Incoming) (bot.Home, error) {
	if e := s.engine.Load(); e != nil {
		return e.Home(ctx, in)
	}
	return bot.Home{}, errors.New("the bot is starting")
}

func connectSlack(a *app, c config.Config, rest joined, o *operator) (bot.Adapter, error) {
	s := a.slackConfig(c.Slack)
	s.Log = o.log.With().Str("adapter", string(bot.Slack)).Logger()
	s.Screens = rest.screens
	s.HeardUntil = func(ctx context.Context) (time.Time, error) { return heardUntil(ctx, rest.db, bot.Slack) }
	s.Card = func(ctx context.Context, room bot.RoomID, card string) (id bot.MessageID, found bool) {
		err := rest.db.View(ctx, func(tx *storage.Tx) error {
			m, err := tx.Card(bot.Slack, room, card)
			if err == nil {
				id, found = m.ID, true
			}
			return err
		})
		if err != nil && !errors.Is(err, storage.ErrNotFound) {
			o.log.Warn().Err(err).Msg("look for a card")
		}
		return id, found
	}
	return slack.New(s), nil
}

func (a *app) slackConfig(c config.Slack) slack.Config {
	s := slack.Config{AppToken: c.AppToken, BotToken: c.BotToken, ConfigToken: c.ConfigToken, APIURL: c.APIURL, Now: a.now}
	if a.reachSlack != nil {
		a.reachSlack(&s)
	}
	return s
}
