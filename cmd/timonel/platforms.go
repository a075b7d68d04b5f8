package main

import (
	"errors"

	"github.com/rs/zerolog"

	"timonel/bot"
	"timonel/internal/config"
)

// connector makes the adapter of a platform by the configuration.
type connector struct {
	platform bot.Platform
	enabled  func(config.Config) bool
	connect  func(*app, config.Config, zerolog.Logger) (bot.Adapter, error)
}

// connectors are the platforms that serve can join.
var connectors = []connector{
	{bot.Slack, func(c config.Config) bool { return c.Slack.Enabled() }, nil},
	{bot.WhatsApp, func(c config.Config) bool { return c.WhatsApp.Enabled }, nil},
}

var errNoAdapter = errors.New("its adapter is not in this build yet (leave it out of the configuration)")

// platforms returns the adapters that the configuration enables.
func (a *app) platforms(c config.Config, log zerolog.Logger) ([]bot.Adapter, error) {
	var list []bot.Adapter
	for _, k := range connectors {
		if !k.enabled(c) {
			continue
		}
		if k.connect == nil {
			return nil, platformError(k.platform, errNoAdapter)
		}
		adapter, err := k.connect(a, c, log)
		if err != nil {
			return nil, platformError(k.platform, err)
		}
		list = append(list, adapter)
	}
	return list, nil
}

func platformError(p bot.Platform, err error) error {
	return errors.Join(errors.New("connect " + string(p) + ": " + err.Error()))
}

type slackCommands struct {
	Manifest slackManifestCommand `cmd:"" help:"The app manifest to paste into Slack."`
}

type slackManifestCommand struct{}

// Run prints the manifest.
func (c *slackManifestCommand) Run(*app) error { return platformError(bot.Slack, errNoAdapter) }

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
