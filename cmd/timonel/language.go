package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"timonel/conversations/dates"
	"timonel/conversations/understand"
	"timonel/steering"
	"timonel/steering/holidays"
	"timonel/steering/plan"
)

// maxLine bounds one line of input, in bytes.
const maxLine = 1 << 20

// lines calls each for every line of the input and writes what it printed line by line, so that a program can converse
// with it.
func (a *app) lines(each func(text string) error) error {
	s := bufio.NewScanner(a.stdin)
	s.Buffer(make([]byte, 64<<10), maxLine)
	for s.Scan() {
		if err := a.ctx.Err(); err != nil {
			return err
		}
		if err := each(strings.TrimRight(s.Text(), "\r")); err != nil {
			return err
		}
		if err := a.stdout.Flush(); err != nil {
			return fmt.Errorf("write the result: %w", err)
		}
	}
	if err := s.Err(); err != nil {
		return usage("read the input: %w (one phrase a line, of at most 1 MB)", err)
	}
	return nil
}

type datesCommand struct {
	Lang string `required:"" enum:"es,pt,en" help:"Language of the phrases: es, pt or en." placeholder:"LANG"`
	Ref  string `required:"" help:"The day on which they are said." placeholder:"YYYY-MM-DD"`
}

// Run writes the date of each line, or - for none.
func (c *datesCommand) Run(a *app) error {
	today, err := steering.ParseDate(c.Ref)
	if err != nil {
		return usage("read --ref: %w", err)
	}
	return a.lines(func(text string) error {
		found, ok := dates.First(text, dates.Options{Lang: c.Lang, Today: today})
		if !ok {
			fmt.Fprintln(a.stdout, "-")
			return nil
		}
		fmt.Fprintln(a.stdout, found.Date)
		return nil
	})
}

type understandCommand struct {
	Lang string `required:"" enum:"es,pt,en" help:"Language of the chat: es, pt or en." placeholder:"LANG"`
	Plan string `help:"A plan file, or a built-in plan's key: its milestones can be named." placeholder:"FILE"`
	Now  string `help:"The moment at which it is said (RFC 3339, or YYYY-MM-DD); now if left out." placeholder:"TIME"`
}

// Run writes how each line is understood.
func (c *understandCommand) Run(a *app) error {
	at, err := c.moment(a.now())
	if err != nil {
		return err
	}
	scene, err := c.scene(a, at)
	if err != nil {
		return err
	}
	model, err := understand.Load()
	if err != nil {
		return err
	}
	e := json.NewEncoder(a.stdout)
	e.SetEscapeHTML(false)
	return a.lines(func(text string) error {
		reading, weighed := model.Explain(text, scene)
		return e.Encode(explain(text, reading, weighed))
	})
}

func (c *understandCommand) moment(now time.Time) (time.Time, error) {
	if c.Now == "" {
		return now, nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04", "2006-01-02 15:04", time.DateOnly} {
		if t, err := time.Parse(layout, c.Now); err == nil {
			return t, nil
		}
	}
	return time.Time{}, usage("read --now: there is no moment %q (write 2026-03-10T10:00:00Z, or 2026-03-10)", c.Now)
}

// scene is a project made of the plan on that day, whose milestones can be named.
func (c *understandCommand) scene(a *app, at time.Time) (understand.Scene, error) {
	s := understand.Scene{Language: c.Lang, Now: at, Today: steering.DateOf(at)}
	conf, err := a.checked("plans", "defaults")
	if err != nil {
		return s, err
	}
	plans, err := library(conf)
	if err != nil {
		return s, err
	}
	s.Plans = plans.Keys()
	if c.Plan == "" {
		return s, nil
	}
	pl, err := planNamed(plans, c.Plan)
	if err != nil {
		return s, err
	}
	p, err := pl.Instantiate(plan.Spec{Key: "PLAN", Name: pl.Title(c.Lang), Start: s.Today, Language: c.Lang, Country: conf.Defaults.Country})
	if err != nil {
		return s, fmt.Errorf("make a project of the plan: %w", err)
	}
	s.Calendar = holidays.Calendar(p)
	for _, m := range p.Milestones {
		s.Milestones = append(s.Milestones, understand.Named{
			Key: m.Key, Name: m.Name, Aliases: m.Aliases, Status: m.Status, Due: m.Due, Owner: string(m.Owner),
			SignOff: m.SignOff != nil && len(m.SignOff.Sides) > 0,
		})
	}
	for _, st := range p.Stages {
		s.Stages = append(s.Stages, st.Name)
	}
	return s, nil
}
