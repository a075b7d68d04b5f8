package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"timonel/bot"
	"timonel/bot/slack"
	"timonel/internal/config"
	"timonel/storage"
)

// joined is what an adapter may ask of the rest of the program.
type joined struct {
	db      *storage.DB
	screens *screens
}

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
