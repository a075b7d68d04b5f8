package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"timonel/bot/slack"
	"timonel/internal/config"
	"timonel/locale"
	"timonel/report"
	"timonel/steering"
	"timonel/steering/holidays"
	"timonel/storage"
)

type doctorCommand struct{}

// grade is how a check ended.
type grade string

const (
	well    grade = "ok"
	warning grade = "warn"
	failure grade = "fail"
)

// finding is one line of the doctor's.
type finding struct {
	grade  grade
	name   string
	detail string
	remedy string
}

// Run checks everything and prints a line each; it fails when a check does.
func (c *doctorCommand) Run(a *app) error {
	conf, warnings, err := config.Load(a.file, a.env)
	list := checkConfig(a.file, conf, warnings, err)
	if err == nil {
		list = slices.Concat(list, a.checkPlatforms(conf), checkDatabase(a, conf), checkClock(a.now()), checkZones(conf), checkPlans(conf), checkFonts(a.now()), checkDisk(conf))
	}
	failed := false
	for _, f := range list {
		failed = failed || f.grade == failure
		line := fmt.Sprintf("%-4s  %-9s  %s", f.grade, f.name, oneLine(f.detail))
		if f.remedy != "" {
			line += " (" + f.remedy + ")"
		}
		fmt.Fprintln(a.stdout, line)
	}
	if failed {
		return errSilent
	}
	return nil
}

func checkConfig(file string, c config.Config, warnings []string, err error) []finding {
	if err != nil {
		return []finding{{failure, "config", err.Error(), ""}}
	}
	var list []finding
	for _, p := range c.Check() {
		list = append(list, finding{failure, "config", p.Key + " " + p.What, p.Remedy})
	}
	for _, w := range warnings {
		list = append(list, finding{warning, "config", w, ""})
	}
	if len(list) > 0 {
		return list
	}
	if file == "" {
		return []finding{{well, "config", "the defaults, and what the environment says; no file", ""}}
	}
	return []finding{{well, "config", file, ""}}
}

// checkPlatforms looks at the platforms that are enabled, and asks them.
func (a *app) checkPlatforms(c config.Config) []finding {
	list := append(a.checkSlack(c), a.checkWhatsApp(c))
	if c.WhatsApp.WebsocketURL != "" {
		list = append(list, finding{warning, "whatsapp", "redirected to " + c.WhatsApp.WebsocketURL, "empty whatsapp.websocket_url and whatsapp.root_key for WhatsApp itself"})
	}
	return list
}

// checkTime bounds what a platform is asked.
const checkTime = 20 * time.Second

func (a *app) checkSlack(c config.Config) []finding {
	if !c.Slack.Enabled() {
		return []finding{{warning, "slack", "not enabled", "set slack.app_token and slack.bot_token to use it"}}
	}
	ctx, cancel := context.WithTimeout(a.ctx, checkTime)
	defer cancel()
	var list []finding
	for _, f := range slack.Check(ctx, a.slackConfig(c.Slack)) {
		list = append(list, finding{grade(f.Level), "slack", strings.TrimPrefix(f.Name, "slack.") + ": " + f.Found, f.Do})
	}
	return list
}

func missing(file string) bool {
	_, err := os.Stat(file)
	return errors.Is(err, os.ErrNotExist)
}

func checkDatabase(a *app, c config.Config) []finding {
	url, file := c.Storage.URL, storage.File(c.Storage.URL)
	if file != "" && missing(file) {
		return []finding{{warning, "database", url + " is not there yet", "it is made by the first start, or by timonel migrate"}}
	}
	db, err := storage.Open(a.ctx, url, storage.Options{Now: a.now, Calendar: holidays.Calendar})
	if err != nil {
		return []finding{{failure, "database", err.Error(), ""}}
	}
	defer db.Close()
	var list []finding
	for _, f := range db.Check(a.ctx) {
		if f.Err != nil {
			list = append(list, finding{failure, "database", f.Name + ": " + f.Err.Error(), ""})
			continue
		}
		list = append(list, finding{well, "database", strings.TrimRight(f.Name+" "+f.Detail, " "), ""})
	}
	if w := config.Exposed(file); w != "" {
		list = append(list, finding{warning, "database", w, ""})
	}
	return append(list, checkQueues(a.ctx, db, a.now())...)
}

// longWait is how old a message that could go out may be before something is wrong.
const longWait = 10 * time.Minute

func checkQueues(ctx context.Context, db *storage.DB, now time.Time) []finding {
	stats, err := db.QueueStats(ctx)
	switch {
	case err != nil:
		return []finding{{failure, "queues", err.Error(), ""}}
	case stats.InboxParked > 0:
		return []finding{{warning, "queues", count(stats.InboxParked, "message") + " could not be handled", "the log of serve says why"}}
	case !stats.OldestWaiting.IsZero() && now.Sub(stats.OldestWaiting) > longWait:
		return []finding{{warning, "queues", "a message has waited since " + stats.OldestWaiting.Format(time.RFC3339), "is timonel serve running, and its platform connected?"}}
	}
	return []finding{{well, "queues", "nothing waits longer than it should", ""}}
}

// builtAfter is a moment before which no right clock can be.
var builtAfter = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func checkClock(now time.Time) []finding {
	if now.Before(builtAfter) {
		return []finding{{failure, "clock", "it shows " + now.Format(time.RFC3339), "set the machine's clock, and let NTP keep it"}}
	}
	return []finding{{well, "clock", now.UTC().Format(time.RFC3339), ""}}
}

// zonesToKnow have to be in the zone database: countries of the projects, and one whose rules are odd.
var zonesToKnow = []string{"America/Bogota", "America/Sao_Paulo", "America/Mexico_City", "America/Santiago", "Europe/Madrid", "Europe/Lisbon"}

func checkZones(c config.Config) []finding {
	for _, zone := range append([]string{c.Defaults.Timezone}, zonesToKnow...) {
		if _, err := time.LoadLocation(zone); err != nil {
			return []finding{{failure, "zones", zone + " is unknown", "this build lacks the zone database: take another, or install tzdata"}}
		}
	}
	return []finding{{well, "zones", "new projects are in " + c.Defaults.Timezone, ""}}
}

func checkPlans(c config.Config) []finding {
	plans, err := library(c)
	if err != nil {
		return []finding{{failure, "plans", err.Error(), "timonel plan check FILE says all"}}
	}
	return []finding{{well, "plans", count(len(plans.Keys()), "plan"), ""}}
}

// checkFonts draws a small picture: what is missing in the build shows there.
func checkFonts(now time.Time) []finding {
	today := steering.DateOf(now)
	p := &steering.Project{Key: "DOCTOR", Name: "Ñandú & Maçã", Start: today, Milestones: []*steering.Milestone{{Key: "1", Name: "Año", Due: today + 7, Baseline: today + 7, Status: steering.Pending}}}
	for _, lang := range locale.Languages {
		if _, err := report.TimelinePNG(p, today, locale.For(lang)); err != nil {
			return []finding{{failure, "fonts", err.Error(), "this build is broken: take another"}}
		}
	}
	return []finding{{well, "fonts", "built in", ""}}
}

// lowDisk is the free space under which a database may soon not grow any more.
const lowDisk = 500 << 20

func checkDisk(c config.Config) []finding {
	file := storage.File(c.Storage.URL)
	if file == "" {
		return []finding{{well, "disk", "the database is elsewhere", ""}}
	}
	folder := filepath.Dir(file)
	free, err := freeSpace(folder)
	switch {
	case err != nil:
		return []finding{{warning, "disk", "cannot ask how much is free in " + folder + ": " + err.Error(), ""}}
	case free < lowDisk:
		return []finding{{warning, "disk", fmt.Sprintf("only %d MB free in %s", free>>20, folder), "make room: a full disk stops the bot"}}
	}
	return []finding{{well, "disk", fmt.Sprintf("%d MB free in %s", free>>20, folder), ""}}
}
