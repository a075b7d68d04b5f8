package report

import (
	"time"

	"timonel/locale"
	"timonel/steering"
)

// View is what a file shows: a project on a day, in a language, with people by their names.
type View struct {
	Project *steering.Project
	Today   steering.Date
	Now     time.Time // when the file is written; a calendar says so
	Say     locale.Printer
	Names   Names
}

// Format is a kind of file that a project can be written as.
type Format struct {
	MIME  string
	Write func(View) ([]byte, error)
}

// Formats are all kinds, by the extension of their files.
var Formats = map[string]Format{
	"png":  {"image/png", func(v View) ([]byte, error) { return TimelinePNG(v.Project, v.Today, v.Say) }},
	"svg":  {"image/svg+xml", func(v View) ([]byte, error) { return TimelineSVG(v.Project, v.Today, v.Say) }},
	"ics":  {"text/calendar", func(v View) ([]byte, error) { return ProjectICS(v.Project, v.Say, v.Now) }},
	"csv":  {"text/csv", func(v View) ([]byte, error) { return CSV(v.Project, v.Say, v.Names) }},
	"html": {"text/html", func(v View) ([]byte, error) { return HTML(v.Project, v.Today, v.Say, v.Names) }},
	"pdf":  {"application/pdf", func(v View) ([]byte, error) { return PDF(v.Project, v.Today, v.Say, v.Names) }},
	"xlsx": {
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		func(v View) ([]byte, error) { return Workbook(v.Project, v.Today, v.Say, v.Names) },
	},
}
