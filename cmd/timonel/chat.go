package main

import (
	"context"
	"errors"
	"io"
	"os/user"
	"strings"

	"github.com/rs/zerolog"

	"timonel/bot"
	"timonel/bot/terminal"
	"timonel/internal/assembly"
	"timonel/internal/config"
)

type chatCommand struct {
	As   string `help:"Your name in the chat (default: the one you are logged in with)." placeholder:"NAME"`
	Lang string `enum:",es,pt,en" default:"" help:"Your language: es, pt or en." placeholder:"LANG"`
	databaseFlag
}

// Run talks until the input ends.
func (c *chatCommand) Run(a *app) (err error) {
	conf, err := a.checked("storage", "plans", "defaults", "notices", "log")
	if err != nil {
		return err
	}
	if c.DB != "" {
		conf.Storage.URL = c.DB
	}
	if c.Lang != "" {
		conf.Defaults.Language = c.Lang
	}
	conf.Rooms = config.Rooms{} // a terminal is its owner's
	db, err := assembly.OpenDatabase(a.ctx, conf.Storage.URL, a.now)
	if err != nil {
		return err
	}
	defer closing(db, &err)
	keyboard := c.keyboard(a)
	log := a.logger(conf.Log).Level(zerolog.ErrorLevel)
	options, err := a.assemblyOptions(conf, log, []bot.Adapter{keyboard})
	if err != nil {
		return err
	}
	if isTerminal(a.stdin) {
		a.announce("Timonel keeps its state in %s. Write to it; a number picks an option; Ctrl-D ends.", conf.Storage.URL)
	}
	return converse(a.ctx, assembly.New(db, options), keyboard)
}

func (c *chatCommand) keyboard(a *app) *terminal.Adapter {
	name := c.As
	if name == "" {
		name = "me"
		if u, err := user.Current(); err == nil && u.Username != "" {
			name = u.Username
		}
	}
	o := terminal.Options{User: bot.UserID(strings.ToLower(name)), Name: name, Language: c.Lang, Now: a.now}
	if isTerminal(a.stdin) && isTerminal(a.stderr) {
		o.Prompt = "> "
	}
	return terminal.New(a.stdin, flushed{a}, o)
}

// flushed writes to stdout at once: a chat cannot wait for a full buffer.
type flushed struct{ app *app }

func (f flushed) Write(p []byte) (int, error) {
	n, err := f.app.stdout.Write(p)
	if err != nil {
		return n, err
	}
	return n, f.app.stdout.Flush()
}

// converse runs the bot until the person is gone, then answers what is still open.
func converse(ctx context.Context, b *assembly.Bot, keyboard *terminal.Adapter) error {
	ctx, gone := context.WithCancel(ctx)
	defer gone()
	running := make(chan error, 1)
	go func() { running <- b.Work(ctx) }()
	heard := keyboard.Run(ctx, b.Intake)
	gone()
	err := <-running
	if errors.Is(heard, io.EOF) {
		heard = nil
	}
	last := context.WithoutCancel(ctx)
	if err == nil && heard == nil {
		if err = b.Rooms.Drain(last); err == nil {
			_, err = b.Courier.Flush(last)
		}
	}
	return errors.Join(heard, err)
}
