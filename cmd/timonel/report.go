package main

import (
	"cmp"
	"fmt"
	"os"

	"timonel/locale"
	"timonel/report"
	"timonel/steering"
	"timonel/storage"
)

type reportCommand struct {
	Project projectKey `required:"" help:"The project." placeholder:"KEY"`
	Format  string     `required:"" enum:"png,svg,pdf,xlsx,ics,html,csv" help:"png, svg, pdf, xlsx, ics, html or csv." placeholder:"FORMAT"`
	Out     string     `required:"" short:"o" help:"The file to write; - is the standard output." placeholder:"FILE"`
	Lang    string     `enum:",es,pt,en" default:"" help:"Language: es, pt or en (default: the project's)." placeholder:"LANG"`
	databaseFlag
}

// Run renders one file.
func (c *reportCommand) Run(a *app) (err error) {
	db, err := c.open(a)
	if err != nil {
		return err
	}
	defer closing(db, &err)
	v := report.View{Now: a.now()}
	names := map[steering.PersonID]string{}
	err = db.View(a.ctx, func(tx *storage.Tx) error {
		if v.Project, err = tx.Project(string(c.Project)); err != nil {
			return err
		}
		people, err := tx.People()
		for _, p := range people {
			names[p.ID] = p.Name
		}
		return err
	})
	if err != nil {
		return unknownProject(c.Project, err)
	}
	v.Names = func(id steering.PersonID) string { return cmp.Or(names[id], string(id)) }
	v.Say, v.Today = locale.For(c.Lang, v.Project.Language), v.Project.Today(v.Now)
	v.Project.Refresh(v.Today) // the database has the forecast of its last sweep
	data, err := report.Formats[c.Format].Write(v)
	if err != nil {
		return fmt.Errorf("draw the %s: %w", c.Format, err)
	}
	return c.write(a, data)
}

func (c *reportCommand) write(a *app, data []byte) error {
	if c.Out == "-" {
		_, err := a.stdout.Write(data)
		return err
	}
	if err := os.WriteFile(c.Out, data, 0o600); err != nil {
		return fmt.Errorf("write report: %w", plainPath(err))
	}
	return nil
}
