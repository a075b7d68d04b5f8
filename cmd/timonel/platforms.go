package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/rs/zerolog"

	"timonel/bot"
	"timonel/bot/slack"
	"timonel/internal/config"
	"timonel/storage"
)

// connector makes the adapter of a platform by the configuration.
type connector struct {
	platform bot.Platform
	enabled  func(config.Config) bool
	connect  func(*app, config.Config, *storage.DB, zerolog.Logger) (bot.Adapter, error)
}

// connectors are the platforms that serve can join.
var connectors = []connector{
	{bot.Slack, func(c config.Config) bool { return c.Slack.Enabled() }, connectSlack},
	{bot.WhatsApp, func(c config.Config) bool { return c.WhatsApp.Enabled }, nil},
}

var errNoAdapter = errors.New("its adapter is not in this build yet (leave it out of the configuration)")

// platforms returns the adapters that the configuration enables.
func (a *app) platforms(c config.Config, db *storage.DB, log zerolog.Logger) ([]bot.Adapter, error) {
	var list []bot.Adapter
	for _, k := range connectors {
		if !k.enabled(c) {
			continue
		}
		if k.connect == nil {
			return nil, platformError(k.platform, errNoAdapter)
		}
		adapter, err := k.connect(a, c, db, log)
		if err != nil {
			return nil, platformError(k.platform, err)
		}
		list = append(list, adapter)
	}
	return list, nil
}

func platformError(p bot.Platform, err error) error { return fmt.Errorf("connect %s: %w", p, err) }

func connectSlack(a *app, c config.Config, db *storage.DB, log zerolog.Logger) (bot.Adapter, error) {
	s := a.slackConfig(c.Slack)
	s.Log = log.With().Str("adapter", string(bot.Slack)).Logger()
	s.Card = func(ctx context.Context, room bot.RoomID, card string) (id bot.MessageID, found bool) {
		err := db.View(ctx, func(tx *storage.Tx) error {
			m, err := tx.Card(bot.Slack, room, card)
			if err == nil {
				id, found = m.ID, true
			}
			return err
		})
		if err != nil && !errors.Is(err, storage.ErrNotFound) {
			log.Warn().Err(err).Msg("look for a card")
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

type whatsappCommands struct {
	Link   whatsappLinkCommand   `cmd:"" help:"Pair a number, by QR code or by a code to type."`
	Groups whatsappGroupsCommand `cmd:"" help:"The groups that the number is in, with their ids."`
	Unlink whatsappUnlinkCommand `cmd:"" help:"Forget the device."`
}

type whatsappLinkCommand struct {
	Phone string `help:"Pair by a code to type on the phone with this number, instead of a QR code." placeholder:"N"`
}

// Run pairs a number.
func (c *whatsappLinkCommand) Run(*app) error { return platformError(bot.WhatsApp, errNoAdapter) }

type whatsappGroupsCommand struct{}

// Run lists the groups.
func (c *whatsappGroupsCommand) Run(*app) error { return platformError(bot.WhatsApp, errNoAdapter) }

type whatsappUnlinkCommand struct{}

// Run forgets the device.
func (c *whatsappUnlinkCommand) Run(*app) error { return platformError(bot.WhatsApp, errNoAdapter) }
