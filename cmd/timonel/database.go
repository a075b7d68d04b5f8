package main

import (
	"fmt"
	"slices"
	"strings"

	"timonel/internal/config"
	"timonel/steering/holidays"
	"timonel/steering/plan"
	"timonel/storage"
)

// databaseFlag is the --db of the commands that work on the stored state.
type databaseFlag struct {
	DB string `name:"db" help:"SQLite file or postgres:// address (default: storage.url of the configuration)." placeholder:"FILE"`
}

// settings loads the configuration and prints its warnings.
func (a *app) settings() (config.Config, error) {
	c, warnings, err := config.Load(a.file, a.env)
	if err != nil {
		return c, usageError{err}
	}
	for _, w := range warnings {
		fmt.Fprintln(a.stderr, "timonel: warning: "+w)
	}
	return c, nil
}

// checked is settings whose values can be used: those of the named sections, or all.
func (a *app) checked(sections ...string) (config.Config, error) {
	c, err := a.settings()
	if err != nil {
		return c, err
	}
	problems := slices.DeleteFunc(c.Check(), func(p config.Problem) bool {
		section, _, _ := strings.Cut(p.Key, ".")
		return len(sections) > 0 && !slices.Contains(sections, section)
	})
	if len(problems) > 0 {
		return c, fmt.Errorf("read config: %w", config.Joined(problems))
	}
	return c, nil
}

// url is where the state is: the flag's place, else the configuration's.
func (d databaseFlag) url(a *app) (string, error) {
	if d.DB != "" {
		return d.DB, nil
	}
	c, err := a.settings()
	return c.Storage.URL, err
}

// open opens a database that has to be there, with the schema that it has.
func (d databaseFlag) open(a *app) (*storage.DB, error) {
	url, err := d.url(a)
	if err != nil {
		return nil, err
	}
	if file := storage.File(url); file != "" && missing(file) {
		return nil, usage("open database %s: it is not there (name another with --db, or create it: timonel migrate --db FILE)", url)
	}
	return storage.Open(a.ctx, url, storage.Options{Now: a.now, Calendar: holidays.Calendar})
}

// create opens a database, makes it if it is new, and brings its schema up to date.
func (d databaseFlag) create(a *app) (*storage.DB, error) {
	url, err := d.url(a)
	if err != nil {
		return nil, err
	}
	return storage.Open(a.ctx, url, storage.Options{Now: a.now, Calendar: holidays.Calendar, Migrate: true})
}

// library opens the built-in plans and those of the configured folder.
func library(c config.Config) (*plan.Library, error) {
	l, err := plan.Open(c.Plans.Dir)
	if err != nil {
		return nil, fmt.Errorf("open plans: %w", err)
	}
	return l, nil
}
