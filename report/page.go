package report

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"strings"

	"timonel/internal/markup"
	"timonel/locale"
	"timonel/steering"
)

//go:embed page.html
var pageHTML string

var pageTemplate = template.Must(template.New("page").Parse(pageHTML))

// pageView is what the page shows; everything in it is text but the timeline, which is a drawing of ours.
type pageView struct {
	Lang, Title string
	Status      [][]markup.Part // line by line
	Timeline    template.HTML
	Tables      []tableView
}

type tableView struct {
	Title string
	Heads []string
	Rows  [][]string
}

// HTML writes the project as one page that needs nothing else: the status, the timeline, the milestones and the registers.
func HTML(p *steering.Project, today steering.Date, say locale.Printer, names Names) ([]byte, error) {
	picture, err := TimelineSVG(p, today, say)
	if err != nil {
		return nil, err
	}
	drawing := string(picture)
	if i := strings.Index(drawing, "<svg"); i > 0 { // what stands before it has no place within a page
		drawing = drawing[i:]
	}
	v := pageView{Lang: say.Lang(), Title: p.Name, Timeline: template.HTML(drawing)} //nolint:gosec // drawn by us: texts in it are paths
	for _, line := range statusLines(p, today, say, names) {
		v.Status = append(v.Status, markup.Parts(line))
	}
	for _, t := range tables(p, say, names) {
		v.Tables = append(v.Tables, tableView{say.Text("table."+t.key, nil), t.heads(say), t.rows})
	}
	var out bytes.Buffer
	if err := pageTemplate.Execute(&out, v); err != nil {
		return nil, fmt.Errorf("write page: %w", err)
	}
	return out.Bytes(), nil
}

// statusLines is the summary of the week, line by line.
func statusLines(p *steering.Project, today steering.Date, say locale.Printer, names Names) []string {
	return strings.Split(Weekly(p, today, Week{}, say, names), "\n")
}
