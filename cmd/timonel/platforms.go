package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"timonel/bot"
	"timonel/bot/slack"
	"timonel/internal/config"
	"timonel/storage"
)

// joined is what an adapter may ask of the rest of the program.
type joined struct{ db *storage.DB }

// connector makes the adapter of a platform by the configuration.
type connector struct {
	platform bot.Platform
	enabled  func(config.Config) bool
	connect  func(*app, config.Config, joined, *operator) (bot.Adapter, error)
}

// connectors are the platforms that serve can join.
var connectors = []connector{
	{bot.Slack, func(c config.Config) bool { return c.Slack.Enabled() }, connectSlack},
	{bot.WhatsApp, func(c config.Config) bool { return c.WhatsApp.Enabled }, connectWhatsApp},
}

// platforms returns the adapters that the configuration enables.
func (a *app) platforms(c config.Config, rest joined, o *operator) ([]bot.Adapter, error) {
	var list []bot.Adapter
	for _, k := range connectors {
		if !k.enabled(c) {
			continue
		}
		adapter, err := k.connect(a, c, rest, o)
		if err != nil {
			return nil, errors.Join(platformError(k.platform, err), closeAll(list))
		}
		list = append(list, adapter)
	}
	return list, nil
}

// closeAll closes the adapters that hold something open.
func closeAll(list []bot.Adapter) error {
	var errs []error
	for _, a := range list {
		if c, ok := a.(io.Closer); ok {
			errs = append(errs, c.Close())
		}
	}
	return errors.Join(errs...)
}

func platformError(p bot.Platform, err error) error { return fmt.Errorf("connect %s: %w", p, err) }

func connectSlack(a *app, c config.Config, rest joined, o *operator) (bot.Adapter, error) {
	s := a.slackConfig(c.Slack)
	s.Log = o.log.With().Str("adapter", string(bot.Slack)).Logger()
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
	return slack.Config{AppToken: c.AppToken, BotToken: c.BotToken, APIURL: c.APIURL, Now: a.now}
}

type slackCommands struct {
	Manifest slackManifestCommand `cmd:"" help:"The app manifest to paste into Slack."`
}

type slackManifestCommand struct{}

// Run prints the manifest, with exactly the scopes and events that the code uses.
func (c *slackManifestCommand) Run(a *app) error {
	manifest, err := slack.Manifest()
	if err != nil {
		return fmt.Errorf("write the manifest: %w", err)
	}
	fmt.Fprintln(a.stdout, strings.TrimRight(string(manifest), "\n"))
	return nil
}
