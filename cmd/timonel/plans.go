package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"timonel/internal/nearest"
	"timonel/steering/plan"
)

type planCommands struct {
	List  planListCommand  `cmd:"" help:"The plans that there are."`
	Show  planShowCommand  `cmd:"" help:"The stages and milestones of a plan."`
	Check planCheckCommand `cmd:"" help:"Say what is wrong in a plan file, line by line."`
}

type planListCommand struct {
	Lang string `enum:"es,pt,en" default:"en" help:"Language of the names: es, pt or en." placeholder:"LANG"`
}

// Run lists the plans.
func (c *planListCommand) Run(a *app) error {
	plans, err := a.library()
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	for _, key := range plans.Keys() {
		p, err := plans.Find(key)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%d milestones\n", p.Key, p.Mode, p.Title(c.Lang), len(p.Milestones))
	}
	return w.Flush()
}

func (a *app) library() (*plan.Library, error) {
	c, err := a.checked("plans")
	if err != nil {
		return nil, err
	}
	return library(c)
}

// planNamed takes a file where one is, else the plan with that key.
func planNamed(plans *plan.Library, name string) (*plan.Plan, error) {
	if info, err := os.Stat(name); err == nil && !info.IsDir() {
		return plan.ReadFile(name)
	}
	p, err := plans.Find(name)
	if err == nil {
		return p, nil
	}
	remedy := "timonel plan list says which there are"
	if near := nearest.Of(name, plans.Keys()); near != "" {
		remedy = "did you mean " + near + "?"
	}
	return nil, usage("find plan %s: there is neither a file nor a plan of that name (%s)", name, remedy)
}

type planShowCommand struct {
	Key  string `arg:"" help:"A plan's key, or a plan file." placeholder:"KEY"`
	Lang string `enum:"es,pt,en" default:"en" help:"Language of the names: es, pt or en." placeholder:"LANG"`
}

// Run shows a plan.
func (c *planShowCommand) Run(a *app) error {
	plans, err := a.library()
	if err != nil {
		return err
	}
	p, err := planNamed(plans, c.Key)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "%s  %s (%s)\n", p.Key, p.Title(c.Lang), p.Mode)
	if s := p.Summary.In(c.Lang); s != "" {
		fmt.Fprintln(a.stdout, s)
	}
	for _, st := range p.Stages {
		fmt.Fprintf(a.stdout, "\n%s\n", st.Name.In(c.Lang))
		showMilestones(a, p, st.Key, c.Lang)
	}
	showMilestones(a, p, "", c.Lang)
	return nil
}

// showMilestones lists those of one stage; the numbers are those that a project with every optional milestone has.
func showMilestones(a *app, p *plan.Plan, stage, lang string) {
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	number := map[string]int{}
	for i, m := range p.Milestones {
		number[m.ID] = i + 1
	}
	for i, m := range p.Milestones {
		if m.Stage != stage {
			continue
		}
		var notes []string
		if m.Gate {
			notes = append(notes, "gate")
		}
		if m.Optional {
			notes = append(notes, "optional")
		}
		for _, s := range m.SignOff {
			notes = append(notes, "signed by the "+string(s))
		}
		var after []string
		for _, id := range m.DependsOn {
			after = append(after, fmt.Sprint(number[id]))
		}
		if len(after) > 0 {
			notes = append(notes, "after "+strings.Join(after, ", "))
		}
		for _, id := range slices.Sorted(maps.Keys(m.When.With)) {
			notes = append(notes, fmt.Sprintf("week %d with %d", m.When.With[id], number[id]))
		}
		fmt.Fprintf(w, "  %d.\t%s\t%s\t%s\t%s\n", i+1, m.Name.In(lang), m.Side, when(m.When), strings.Join(notes, ", "))
	}
	if err := w.Flush(); err != nil {
		return // a.stdout reports its error at the end
	}
}

// when words a relative date.
func when(w plan.When) string {
	switch {
	case len(w.Weeks) == 1:
		return fmt.Sprintf("week %d", w.Weeks[0])
	case len(w.Weeks) > 1:
		return fmt.Sprintf("weeks %d-%d", w.Weeks[0], w.Weeks[len(w.Weeks)-1])
	case !w.Due.IsZero():
		return w.Due.String()
	case w.Offset != nil:
		unit := map[plan.Unit]string{plan.Days: "day", plan.WorkingDays: "working day", plan.Weeks: "week"}[w.Offset.Unit]
		return count(w.Offset.N, unit) + " later"
	}
	return "no date"
}

type planCheckCommand struct {
	File string `arg:"" help:"The plan file." placeholder:"FILE"`
}

// Run says everything that is wrong in a plan file, one line each.
func (c *planCheckCommand) Run(a *app) error {
	p, err := plan.ReadFile(c.File)
	if err != nil {
		list := plan.List(err)
		if len(list) == 0 {
			return usage("check plan: %w", plainPath(err))
		}
		for _, problem := range list[1:] {
			fmt.Fprintln(a.stderr, problem)
		}
		return usage("check plan: %w", list[0])
	}
	fmt.Fprintf(a.stdout, "%s: plan %s, %s, %s: well\n", c.File, p.Key, count(len(p.Stages), "stage"), count(len(p.Milestones), "milestone"))
	return nil
}
