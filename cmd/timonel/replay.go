package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"

	"timonel/conversations/understand"
	"timonel/internal/virtual"
	"timonel/internal/virtual/replay"
	"timonel/internal/virtual/script"
)

type replayCommand struct {
	Script string `arg:"" help:"The script." placeholder:"SCRIPT"`
	JSON   bool   `name:"json" help:"Print what the bot sends as JSON, one object a line."`
	DB     string `name:"db" help:"Keep the state in this SQLite file or postgres:// database; without it, in memory." placeholder:"FILE"`
	Export string `help:"Write the final state to this file, as export would." placeholder:"FILE"`
}

// Run plays the script. Of the configuration only the plans and the defaults count: what the script does not say must
// not depend on the machine.
func (c *replayCommand) Run(a *app) (err error) {
	text, err := os.ReadFile(c.Script)
	if err != nil {
		return usage("read script: %w", plainPath(err))
	}
	statements, err := script.Parse(c.Script, text)
	if err != nil {
		return err
	}
	options, err := a.worldOptions()
	if err != nil {
		return err
	}
	options.Database = c.DB
	world, err := virtual.Open(a.ctx, options)
	if err != nil {
		return fmt.Errorf("replay: %w", err)
	}
	defer func() { err = errors.Join(err, world.Close()) }()
	err = replay.New(world, options.Plans, c.Script, a.stdout, c.JSON).Play(a.ctx, statements)
	for _, problem := range world.Problems() {
		fmt.Fprintln(a.stderr, "timonel: warning: "+oneLine(problem.Error()))
	}
	if err != nil || c.Export == "" {
		return err
	}
	return c.export(a, world)
}

func (c *replayCommand) export(a *app, world *virtual.World) error {
	var state bytes.Buffer
	if err := world.Export(a.ctx, &state); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	if err := os.WriteFile(c.Export, state.Bytes(), 0o600); err != nil {
		return fmt.Errorf("export: %w", plainPath(err))
	}
	return nil
}

// worldOptions is a world by the configuration's plans and defaults, without a database.
func (a *app) worldOptions() (virtual.Options, error) {
	c, err := a.checked("plans", "defaults", "notices")
	if err != nil {
		return virtual.Options{}, err
	}
	plans, err := library(c)
	if err != nil {
		return virtual.Options{}, err
	}
	model, err := understand.Load()
	if err != nil {
		return virtual.Options{}, err
	}
	return virtual.Options{
		Plans: plans, Policy: c.Policy(), Model: model,
		Timezone: c.Defaults.Timezone, Country: c.Defaults.Country, Language: c.Defaults.Language,
	}, nil
}
