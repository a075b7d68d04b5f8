package main

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"

	"timonel/internal/virtual/stage"
	"timonel/web"
)

type demoCommand struct {
	Addr string `default:"127.0.0.1:8080" help:"Where to serve it." placeholder:"HOST:PORT"`
	DB   string `name:"db" help:"Keep the state in this file; without it, in a temporary folder." placeholder:"FILE"`
	Lang string `enum:"es,pt,en" default:"es" help:"Language of the sample: es, pt or en." placeholder:"LANG"`
}

// Run serves the demo until it is interrupted. Each sample gets a database of its own in a temporary folder.
func (c *demoCommand) Run(a *app) (err error) {
	options, err := a.worldOptions()
	if err != nil {
		return err
	}
	options.Database = c.DB
	folder, err := os.MkdirTemp("", "timonel-demo-")
	if err != nil {
		return fmt.Errorf("make a folder for the demo: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	world, err := stage.Open(a.ctx, options, folder, c.Lang)
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	defer func() { err = errors.Join(err, world.Close()) }()
	handler, err := web.Demo(world)
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	return c.serve(a, handler)
}

func (c *demoCommand) serve(a *app, handler http.Handler) error {
	listener, err := (&net.ListenConfig{}).Listen(a.ctx, "tcp", c.Addr)
	if err != nil {
		return fmt.Errorf("demo: %w (choose another address with --addr)", err)
	}
	fmt.Fprintf(flushed{a}, "Timonel's demo: http://%s (stop it with Ctrl+C)\n", listener.Addr())
	return servePages(a.ctx, listener, handler)
}
