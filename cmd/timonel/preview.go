package main

type previewCommand struct {
	Project string `help:"Only this project." placeholder:"KEY"`
	Until   string `help:"The last day (default: in two weeks)." placeholder:"YYYY-MM-DD"`
	JSON    bool   `name:"json" help:"Print JSON, one object a line."`
	databaseFlag
}

func (c *previewCommand) Run(a *app) error { return nil }
