package main

type demoCommand struct {
	Addr string `default:"127.0.0.1:8080" help:"Where to serve it." placeholder:"HOST:PORT"`
	DB   string `name:"db" help:"Keep the state in this file; without it, in a temporary folder." placeholder:"FILE"`
	Lang string `enum:"es,pt,en" default:"es" help:"Language of the sample: es, pt or en." placeholder:"LANG"`
}

func (c *demoCommand) Run(a *app) error { return nil }
