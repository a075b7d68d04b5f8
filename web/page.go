package web

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"html/template"
	"net/http"
	"time"

	"github.com/rs/zerolog"

	"timonel/internal/markup"
	"timonel/locale"
	"timonel/report"
	"timonel/steering"
	"timonel/storage"
)

//go:embed page.html
var pageText string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// Pages serve a project to who has a signed link: how it stands, its milestones, its timeline. They change nothing, and hold
// neither what was raised as a risk nor anything of the vendor's own.
type Pages struct {
	DB    *storage.DB
	Links Links
	Log   zerolog.Logger
}

// Register adds the pages to a server.
func (p Pages) Register(mux *http.ServeMux) {
	mux.HandleFunc("GET "+linkPath, func(w http.ResponseWriter, _ *http.Request) { nothing(w) })
	mux.HandleFunc("GET "+linkPath+"{project}/{end}/{signature}/{$}", func(w http.ResponseWriter, r *http.Request) {
		p.serve(w, r, "text/html; charset=utf-8", renderPage)
	})
	mux.HandleFunc("GET "+linkPath+"{project}/{end}/{signature}/timeline.svg", func(w http.ResponseWriter, r *http.Request) {
		p.serve(w, r, "image/svg+xml", func(s *steering.Project, today steering.Date, say locale.Printer) ([]byte, error) {
			return report.TimelineSVG(s, today, say)
		})
	})
}

// pageTime bounds how long a page may take.
const pageTime = 20 * time.Second

func (p Pages) serve(w http.ResponseWriter, r *http.Request, mime string, render func(*steering.Project, steering.Date, locale.Printer) ([]byte, error)) {
	key := p.Links.opens(r)
	if key == "" {
		nothing(w)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), pageTime)
	defer cancel()
	var data []byte
	err := p.DB.View(ctx, func(tx *storage.Tx) error {
		project, err := tx.Project(key)
		if err != nil {
			return err
		}
		today := project.Today(p.Links.Now())
		project.Refresh(today) // the database has the forecast of its last sweep
		data, err = render(project, today, locale.For(project.Language))
		return err
	})
	if err != nil {
		if !errors.Is(err, storage.ErrNotFound) {
			p.Log.Error().Err(err).Msg("serve a page")
		}
		nothing(w)
		return
	}
	protect(w.Header())
	send(w, mime, data)
}

// pageView is what the template fills in; it escapes every text.
type pageView struct {
	Lang, Name, Light, Health, GoLive, GoLiveWord, AsOf string
	Heads                                               []string
	Rows                                                []pageRow
}

type pageRow struct {
	Key, Name, State, Due, Forecast string
	Gate, Late                      bool
}

func renderPage(p *steering.Project, today steering.Date, say locale.Printer) ([]byte, error) {
	health, _ := report.HealthWords(p, today, say)
	v := pageView{
		Lang: say.Lang(), Name: p.Name, Light: say.Text("health."+string(health)+".light", nil), Health: say.Text("health."+string(health)+".word", nil),
		AsOf:  say.Text("page.as_of", locale.Args{"date": markup.Strip(say.Date(today, today))}),
		Heads: []string{"", say.Text("page.milestone", nil), say.Text("page.state", nil), say.Text("page.due", nil), say.Text("page.forecast", nil)},
	}
	if g := p.GoLive(); g != nil {
		v.GoLiveWord, v.GoLive = say.Text("page.golive", nil), say.Date(max(g.Forecast, g.Due), today)
	}
	for _, m := range p.Milestones {
		row := pageRow{Key: m.Key, Name: m.Name, State: say.Text("status."+string(m.Status), nil), Due: say.ShortDate(m.Due, today), Gate: m.Gate, Late: m.IsOpen() && m.Due < today}
		if m.IsOpen() && m.Forecast > m.Due {
			row.Forecast = say.ShortDate(m.Forecast, today)
		}
		v.Rows = append(v.Rows, row)
	}
	var b bytes.Buffer
	err := pageTemplate.Execute(&b, v)
	return b.Bytes(), err
}
