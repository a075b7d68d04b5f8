package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
)

type healthCommand struct {
	Ready bool `help:"Fail also while a platform is away, not only when the bot cannot work at all."`
}

// Run asks the bot that runs by this configuration how it stands, prints its words, and fails when it is not well: for a
// container's health check, where there is no other program to ask with.
func (c *healthCommand) Run(a *app) error {
	conf, err := a.checked("http")
	if err != nil {
		return err
	}
	if conf.HTTP.Addr == "" {
		return usage("ask for health: http.addr is empty, so there is nobody to ask (set it)")
	}
	path := "/healthz"
	if c.Ready {
		path = "/readyz"
	}
	ctx, cancel := context.WithTimeout(a.ctx, 3*askTime)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+reachable(conf.HTTP.Addr)+path, nil)
	if err != nil {
		return fmt.Errorf("ask for health: %w", err)
	}
	answer, err := (&http.Client{Transport: &http.Transport{Proxy: nil}}).Do(request)
	if err != nil {
		return fmt.Errorf("ask for health: %w (is timonel serve running, with this configuration?)", err)
	}
	defer answer.Body.Close()
	words, err := io.ReadAll(io.LimitReader(answer.Body, 64<<10))
	if err != nil {
		return fmt.Errorf("ask for health: %w", err)
	}
	fmt.Fprintln(a.stdout, strings.TrimSpace(string(words)))
	if answer.StatusCode != http.StatusOK {
		return errSilent
	}
	return nil
}

// reachable is an address to ask at: one that means every interface is reached on this machine's own.
func reachable(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if ip := net.ParseIP(host); err == nil && (host == "" || ip != nil && ip.IsUnspecified()) {
		return net.JoinHostPort("localhost", port)
	}
	return addr
}
