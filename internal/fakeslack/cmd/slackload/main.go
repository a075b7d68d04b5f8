// Command slackload measures Slack bots from outside: it plays a workspace, starts each bot as a process of its own, one
// after the other, and lets people give slash commands, many at the same time. It prints side by side how many commands a
// second were answered, how long acknowledgement and answer took, how long the start took and how much memory was used.
//
//	(cd internal/fakeslack/cmd/slackload/bolt && npm install)
//	go run ./internal/fakeslack/cmd/slackload
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"time"

	"timonel/internal/fakeslack"
)

type settings struct {
	bots, program, bolt string
	commands, flight    int
	channels            int
	keep                string
}

func main() {
	var s settings
	flag.StringVar(&s.bots, "bots", "timonel,bolt", "what is measured, the first beside the second")
	flag.StringVar(&s.program, "program", "", "the timonel program; built if empty")
	flag.StringVar(&s.bolt, "bolt", "internal/fakeslack/cmd/slackload/bolt", "the folder of the bolt bot, after npm install there")
	flag.IntVar(&s.commands, "n", 10_000, "commands")
	flag.IntVar(&s.flight, "flight", 16, "commands in flight")
	flag.IntVar(&s.channels, "channels", 2_000, "channels, each with a project")
	flag.StringVar(&s.keep, "keep", "", "folder for databases and logs, kept afterwards; a temporary one if empty")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, s)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "slackload:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, s settings) (err error) {
	folder := s.keep
	if folder == "" {
		if folder, err = os.MkdirTemp("", "slackload"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	}
	if s.program == "" {
		s.program = filepath.Join(folder, "timonel")
		if out, err := exec.CommandContext(ctx, "go", "build", "-o", s.program, "./cmd/timonel").CombinedOutput(); err != nil {
			return fmt.Errorf("build timonel: %w: %s", err, out)
		}
	}
	bots := strings.Split(s.bots, ",")
	var results []*result
	for _, bot := range bots {
		l := &load{settings: s, bot: bot, now: time.Now, waiting: map[string]chan time.Time{}}
		r, err := l.run(ctx, filepath.Join(folder, bot+"-load"))
		if err != nil {
			return fmt.Errorf("measure %s: %w", bot, err)
		}
		results = append(results, r)
	}
	missed, err := compare(os.Stdout, s, bots, results)
	if missed > 0 {
		err = errors.Join(err, fmt.Errorf("%d bars are missed", missed))
	}
	return err
}

// run measures one bot.
func (l *load) run(ctx context.Context, folder string) (r *result, err error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	l.slack = fakeslack.New(fakeslack.Options{Sent: l.sent})
	if err := l.slack.Listen("127.0.0.1:0"); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, l.slack.Close()) }()
	l.populate()
	bot, err := l.prepare(ctx, folder)
	if err != nil {
		return nil, err
	}
	if err := l.start(ctx, bot); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, bot.stop()) }()
	idle, err := bot.usage()
	if err != nil {
		return nil, err
	}
	if _, err := l.measure(ctx, min(l.commands/10, 500)); err != nil { // caches, connections
		return nil, err
	}
	before, err := bot.usage()
	if err != nil {
		return nil, err
	}
	if r, err = l.measure(ctx, l.commands); err != nil {
		return nil, err
	}
	after, err := bot.usage()
	r.started, r.idle, r.busy, r.peak, r.cpu = bot.started, idle.memory, after.memory, after.peak, after.cpu-before.cpu
	return r, err
}
