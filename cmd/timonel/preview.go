package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"timonel/bot"
	"timonel/bot/simulated"
	"timonel/internal/markup"
	"timonel/internal/virtual/replay"
	"timonel/scheduler"
	"timonel/steering"
	"timonel/storage"
)

type previewCommand struct {
	Project projectKey `help:"Only this project." placeholder:"KEY"`
	Until   string     `help:"The last day (default: in two weeks)." placeholder:"YYYY-MM-DD"`
	JSON    bool       `name:"json" help:"Print JSON, one object a line, as replay does."`
	databaseFlag
}

// previewDays is how far a preview looks when nobody says.
const previewDays = 14

// Run prints what would go out, without sending or storing anything.
func (c *previewCommand) Run(a *app) (err error) {
	conf, err := a.checked("plans", "defaults", "notices")
	if err != nil {
		return err
	}
	until := steering.DateOf(a.now()).AddDays(previewDays)
	if c.Until != "" {
		if until, err = steering.ParseDate(c.Until); err != nil {
			return usage("read --until: %w", err)
		}
	}
	db, err := c.open(a)
	if err != nil {
		return err
	}
	defer closing(db, &err)
	zones, err := projectZones(a, db, string(c.Project))
	if err != nil {
		return unknownProject(c.Project, err)
	}
	planned, err := scheduler.New(db, scheduler.Options{Now: a.now, Policy: conf.Policy()}).Preview(a.ctx, string(c.Project), endOf(until, zones))
	if err != nil {
		return unknownProject(c.Project, err)
	}
	return c.print(a, planned, zones, until)
}

// projectZones maps each project to its zone.
func projectZones(a *app, db *storage.DB, key string) (map[string]*time.Location, error) {
	zones := map[string]*time.Location{}
	return zones, db.View(a.ctx, func(tx *storage.Tx) error {
		keys := []string{key}
		if key == "" {
			var err error
			if keys, err = tx.ProjectKeys(); err != nil {
				return err
			}
		}
		for _, k := range keys {
			p, err := tx.Project(k)
			if err != nil {
				return err
			}
			zones[k] = p.Location()
		}
		return nil
	})
}

// endOf is the last moment of a day in the zone where it ends last.
func endOf(day steering.Date, zones map[string]*time.Location) time.Time {
	last := day.AddDays(1).At(0, 0, time.UTC)
	for _, zone := range zones {
		if end := day.AddDays(1).At(0, 0, zone); end.After(last) {
			last = end
		}
	}
	return last.Add(-time.Second)
}

func (c *previewCommand) print(a *app, planned []scheduler.Planned, zones map[string]*time.Location, until steering.Date) error {
	e := replay.Encoder(a.stdout)
	day := ""
	for _, p := range planned {
		zone := zones[p.Message.Project]
		if zone == nil {
			zone = time.UTC
		}
		at := p.At.In(zone)
		if steering.DateOf(at) > until {
			continue
		}
		if c.JSON {
			if err := e.Encode(describe(p, at)); err != nil {
				return err
			}
			continue
		}
		if d := at.Format("Mon 2006-01-02"); d != day {
			if day != "" {
				fmt.Fprintln(a.stdout)
			}
			day = d
			fmt.Fprintf(a.stdout, "── %s ──\n", day)
		}
		printPlanned(a.stdout, p, at)
	}
	return nil
}

// plannedLine is a line of the preview: what nobody could be reached with says so.
type plannedLine struct {
	replay.Line
	Held bool `json:"held,omitempty"`
}

func describe(p scheduler.Planned, at time.Time) plannedLine {
	var to []string
	for _, id := range p.To {
		to = append(to, string(id))
	}
	return plannedLine{replay.Describe(p.Message, at, place(p), to, markup.Plain(p.Message.Text)), p.Held}
}

// place names the chat: a group by its id, a direct chat by the person's.
func place(p scheduler.Planned) string {
	if p.Message.Room == "" && len(p.To) > 0 {
		return string(simulated.DirectRoom(bot.UserID(p.To[0])))
	}
	return string(p.Message.Room)
}

func printPlanned(out io.Writer, p scheduler.Planned, at time.Time) {
	if p.Held {
		fmt.Fprintf(out, "%s  nobody can be reached: %s %s %s\n", at.Format("15:04"), p.Message.Project, p.Message.Kind, strings.Join(p.Message.Milestones, ", "))
		return
	}
	fmt.Fprintf(out, "%s  %s, to %s:\n", at.Format("15:04"), p.Message.Kind, place(p))
	for line := range strings.SplitSeq(markup.Plain(p.Message.Text), "\n") {
		fmt.Fprintln(out, strings.TrimRight("       "+line, " "))
	}
}
