package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"timonel/bot"
	"timonel/bot/slack"
	"timonel/bot/whatsapp"
	"timonel/internal/config"
	"timonel/internal/spread"
	"timonel/internal/virtual/script"
	"timonel/steering"
	"timonel/steering/plan"
	"timonel/storage"
)

// Exit codes.
const (
	exitDone   = 0
	exitFailed = 1 // it failed while running
	exitUsage  = 2 // bad usage or bad input
)

// commands is the command line. No field's type does anything at program start: --help must answer at once.
type commands struct {
	Config string `help:"Configuration file (TOML)." placeholder:"FILE" env:"TIMONEL_CONFIG"`

	Demo       demoCommand       `cmd:"" help:"A group chat and the project's page in the browser, with a virtual clock. Nothing else needed."`
	Chat       chatCommand       `cmd:"" help:"The bot as a chat in this terminal."`
	Serve      serveCommand      `cmd:"" help:"The real bot, on every platform that the configuration enables."`
	Replay     replayCommand     `cmd:"" help:"Play a group chat from a script, in virtual time."`
	Export     exportCommand     `cmd:"" help:"Write the state as JSON."`
	Import     importCommand     `cmd:"" help:"Read what export wrote."`
	Preview    previewCommand    `cmd:"" help:"Every notice that would go out if nobody did anything. Sends and stores nothing."`
	Dates      datesCommand      `cmd:"" help:"Read the date in each line of the input."`
	Understand understandCommand `cmd:"" help:"Show how each line of the input is understood, and why."`
	Plan       planCommands      `cmd:"" help:"The plans that projects are made from."`
	Report     reportCommand     `cmd:"" help:"Write a project's report to a file."`
	Doctor     doctorCommand     `cmd:"" help:"Check configuration, database and machine, and say what to do."`
	Health     healthCommand     `cmd:"" help:"Ask the running bot how it stands; fails when it is not well."`
	Backup     backupCommand     `cmd:"" help:"Write a consistent copy of the database, while the bot runs."`
	Restore    restoreCommand    `cmd:"" help:"Put a copy where the database is to be. Never overwrites one."`
	Forget     forgetCommand     `cmd:"" help:"Remove a person for good: name, accounts and what they wrote. The audit stays and verifies."`
	Link       linkCommand       `cmd:"" help:"The address of a project's page for whoever gets it, signed, for a time."`
	Migrate    migrateCommand    `cmd:"" help:"Bring the database to this version's schema."`
	Slack      slackCommands     `cmd:"" help:"What Slack needs to know."`
	Whatsapp   whatsappCommands  `cmd:"" name:"whatsapp" help:"The WhatsApp number that the bot uses."`
	Version    versionCommand    `cmd:"" help:"Version, commit and Go version."`
}

// app is what every command runs with.
type app struct {
	ctx    context.Context
	env    []string
	stdin  io.Reader
	stdout *bufio.Writer
	screen io.Writer // what is behind stdout
	stderr io.Writer
	now    func() time.Time
	after  func(time.Duration) <-chan time.Time
	file   string // the configuration's, "" for none
	// reachSlack and reachWhatsApp change how the platforms are reached, for tests in virtual time; nil leaves it.
	reachSlack    func(*slack.Config)
	reachWhatsApp func(*whatsapp.Config)
	// beat is how often a running bot looks after itself; a minute if zero.
	beat time.Duration
	// deliver changes how messages are delivered, for tests that cannot wait; nil leaves it.
	deliver func(*bot.CourierOptions)
	// sharing sets how instances share their work, for tests that cannot wait; zero has the defaults.
	sharing spread.Options
}

// usageError marks what the caller has to write otherwise.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func usage(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// run is the program: it returns the exit code. Results go to stdout, everything else to stderr.
func run(ctx context.Context, args, env []string, stdin io.Reader, stdout, stderr io.Writer) int {
	out := bufio.NewWriter(stdout)
	a := &app{ctx: ctx, env: env, stdin: stdin, stdout: out, screen: stdout, stderr: stderr, now: time.Now, after: time.After}
	err := a.run(args)
	if flushed := out.Flush(); flushed != nil && err == nil {
		err = fmt.Errorf("write the result: %w", flushed)
	}
	if err != nil {
		return complain(stderr, err)
	}
	return exitDone
}

func (a *app) run(args []string) error {
	var c commands
	helped := false // the parser goes on after it has shown the help
	parser, err := kong.New(&c, kong.Name("timonel"), kong.Writers(a.stdout, a.stderr), kong.Exit(func(int) { helped = true }),
		kong.Description("A bot that keeps a project's steering committee on course in its group chat."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 110}))
	if err != nil {
		return fmt.Errorf("read the command line: %w", err)
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	switch {
	case helped:
		return nil
	case err != nil:
		// Of a flag that may be left out the parser names the empty value too, which nobody would type.
		return usage("read the command line: %s (timonel --help says what there is)", strings.Replace(err.Error(), `one of "",`, "one of ", 1))
	}
	a.file = c.Config
	return parsed.Run(a)
}

// complain writes an error as one line and returns its exit code.
func complain(stderr io.Writer, err error) int {
	if errors.Is(err, errSilent) {
		return exitFailed
	}
	fmt.Fprintln(stderr, "timonel: "+oneLine(err.Error()))
	if isInput(err) {
		return exitUsage
	}
	return exitFailed
}

// errSilent ends a command that has already said what is wrong.
var errSilent = errors.New("said already")

func oneLine(s string) string {
	var lines []string
	for line := range strings.SplitSeq(s, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "; ")
}

// isInput reports whether an error is the caller's to mend: bad usage or bad input.
func isInput(err error) bool {
	var refusal *steering.Error
	return errors.As(err, new(usageError)) || errors.As(err, new(*script.Error)) || errors.As(err, new(*storage.InputError)) ||
		errors.As(err, new(config.Problem)) || errors.As(err, &refusal) || len(plan.List(err)) > 0 || errors.Is(err, fs.ErrNotExist)
}
