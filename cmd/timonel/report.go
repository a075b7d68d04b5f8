package main

import (
	"fmt"
	"os"

	"timonel/locale"
	"timonel/report"
	"timonel/steering"
	"timonel/storage"
)

type reportCommand struct {
	Project string `required:"" help:"The project." placeholder:"KEY"`
	Format  string `required:"" enum:"png,svg,pdf,xlsx,ics,html,csv" help:"png, svg, pdf, xlsx, ics, html or csv." placeholder:"FORMAT"`
	Out     string `required:"" short:"o" help:"The file to write; - is the standard output." placeholder:"FILE"`
	Lang    string `enum:",es,pt,en" default:"" help:"Language: es, pt or en (default: the project's)." placeholder:"LANG"`
	databaseFlag
}

// rendering is what a renderer draws from.
type rendering struct {
	project *steering.Project
	names   map[steering.PersonID]string
	today   steering.Date
	say     locale.Printer
	app     *app
}

// renderers hold the formats that the flag names.
var renderers = map[string]func(rendering) ([]byte, error){
	"png": func(r rendering) ([]byte, error) { return report.TimelinePNG(r.project, r.today, r.say) },
	"svg": func(r rendering) ([]byte, error) { return report.TimelineSVG(r.project, r.today, r.say) },
	"ics": func(r rendering) ([]byte, error) { return report.ProjectICS(r.project, r.say, r.app.now()) },
	"csv": func(r rendering) ([]byte, error) { return report.CSV(r.project, r.say, r.name) },
	"html": func(r rendering) ([]byte, error) {
		return report.HTML(r.project, r.today, r.say, r.name)
	},
	"xlsx": func(r rendering) ([]byte, error) {
		return report.Workbook(r.project, r.today, r.say, r.name)
	},
	"pdf": func(r rendering) ([]byte, error) { return report.PDF(r.project, r.today, r.say, r.name) },
}

// name is how a person is called in a report.
func (r rendering) name(id steering.PersonID) string {
	if name := r.names[id]; name != "" {
		return name
	}
	return string(id)
}

// Run renders one file.
func (c *reportCommand) Run(a *app) (err error) {
	db, err := c.open(a)
	if err != nil {
		return err
	}
	defer closing(db, &err)
	r := rendering{app: a, names: map[steering.PersonID]string{}}
	err = db.View(a.ctx, func(tx *storage.Tx) error {
		if r.project, err = tx.Project(c.Project); err != nil {
			return err
		}
		people, err := tx.People()
		for _, p := range people {
			r.names[p.ID] = p.Name
		}
		return err
	})
	if err != nil {
		return unknownProject(c.Project, err)
	}
	lang := c.Lang
	if lang == "" {
		lang = r.project.Language
	}
	r.say, r.today = locale.For(lang), r.project.Today(a.now())
	r.project.Refresh(r.today) // the database has the forecast of its last sweep
	data, err := renderers[c.Format](r)
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
