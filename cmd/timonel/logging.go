package main

import (
	"fmt"

	"github.com/rs/zerolog"

	"timonel/internal/config"
)

// logger writes to stderr: as text on a terminal, else as JSON, unless the configuration says which.
func (a *app) logger(c config.Log) zerolog.Logger {
	level, err := zerolog.ParseLevel(c.Level)
	if err != nil {
		level = zerolog.InfoLevel // the check of the configuration has refused it before
	}
	w := a.stderr
	if c.Format == "text" || c.Format == "auto" && isTerminal(a.stderr) {
		w = zerolog.ConsoleWriter{Out: a.stderr, TimeFormat: "2006-01-02 15:04:05", NoColor: !isTerminal(a.stderr)}
	}
	return zerolog.New(w).Level(level).Hook(stamp{a})
}

// stamp puts the program's own clock into each line.
type stamp struct{ app *app }

// Run implements zerolog.Hook.
func (s stamp) Run(e *zerolog.Event, _ zerolog.Level, _ string) {
	e.Time(zerolog.TimestampFieldName, s.app.now())
}

// warnExposed warns about a file that others may read.
func warnExposed(log zerolog.Logger, file string) {
	if w := config.Exposed(file); w != "" {
		log.Warn().Msg(w)
	}
}

// announce tells the person at a terminal where something is.
func (a *app) announce(format string, args ...any) {
	fmt.Fprintf(a.stderr, format+"\n", args...)
}
