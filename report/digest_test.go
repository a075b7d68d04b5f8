package report

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"timonel/internal/golden"
	"timonel/internal/markup"
	"timonel/locale"
	"timonel/steering"
)

// fixture is a project in the middle of its life, with something of everything.
func fixture(t *testing.T) *steering.Project {
	t.Helper()
	day := func(month time.Month, d int) steering.Date { return steering.NewDate(2026, month, d) }
	at := func(month time.Month, d, hour int) time.Time {
		return time.Date(2026, month, d, hour, 0, 0, 0, bogota(t))
	}
	p := &steering.Project{
		Key: "ACME", Name: "ACME <Norte>", Mode: steering.ModeImplementation, Language: "es", Timezone: "America/Bogota",
		Start: day(3, 2), Status: steering.ProjectActive,
		Members: []steering.Member{
			{Person: "ana", Side: steering.SideVendor, Roles: []steering.Role{steering.RoleLead}},
			{Person: "bruno", Side: steering.SideClient, Roles: []steering.Role{steering.RoleLead}},
			{Person: "carla", Side: steering.SideClient, Roles: []steering.Role{steering.RoleSponsor}},
		},
		Stages: []steering.Stage{{Key: "setup", Name: "Preparación"}, {Key: "conf", Name: "Configuración"}, {Key: "live", Name: "Salida"}},
		Milestones: []*steering.Milestone{
			{Key: "1", Name: "Traspaso de ventas", Stage: "setup", Side: steering.SideVendor, Owner: "ana", Status: steering.Done, Baseline: day(3, 6), Due: day(3, 6), DoneOn: day(3, 5)},
			{Key: "2", Name: "Archivo de datos", Stage: "setup", Side: steering.SideClient, Owner: "bruno", Status: steering.Done, Baseline: day(3, 6), Due: day(3, 10), DoneOn: day(3, 10),
				SignOff: &steering.SignOff{Sides: []steering.Side{steering.SideClient}, Given: []steering.Given{{Person: "carla", Side: steering.SideClient, At: at(3, 17, 9)}}}},
			{Key: "3", Name: "Lista de productos", Stage: "setup", Side: steering.SideClient, Owner: "bruno", Status: steering.InProgress, Progress: 60, Baseline: day(3, 13), Due: day(3, 16), DependsOn: []string{"2"},
				Slips: []steering.Slip{{From: day(3, 13), To: day(3, 16), By: "ana", At: at(3, 12, 10)}}},
			{Key: "4", Name: "Reglas de negocio", Stage: "conf", Side: steering.SideVendor, Owner: "ana", Status: steering.Submitted, Baseline: day(3, 18), Due: day(3, 18), DoneOn: day(3, 18),
				SignOff: &steering.SignOff{Sides: []steering.Side{steering.SideClient}}},
			{Key: "5", Name: "Tableros", Stage: "conf", Side: steering.SideVendor, Owner: "ana", Status: steering.Blocked, Progress: 20, BlockedBy: "faltan accesos al servidor", Baseline: day(3, 27), Due: day(3, 27), DependsOn: []string{"3"}},
			{Key: "6", Name: "Capacitación", Stage: "conf", Side: steering.SideBoth, Status: steering.Pending, Baseline: day(3, 25), Due: day(3, 25)},
			{Key: "7", Name: "Piloto", Stage: "live", Status: steering.Cancelled, Baseline: day(4, 1), Due: day(4, 1)},
			{Key: "8", Name: "Go-live", Stage: "live", Side: steering.SideBoth, Owner: "ana", Status: steering.Pending, Gate: true, Baseline: day(4, 3), Due: day(4, 7), DependsOn: []string{"5", "6"}},
		},
		Proposals: []*steering.Proposal{{ID: 1, Milestone: "6", Due: day(3, 27), By: "bruno", At: at(3, 19, 9), Status: steering.ProposalOpen}},
		Actions: []*steering.Action{
			{ID: 1, Text: "Enviar accesos", Owner: "bruno", Due: day(3, 18), Status: steering.EntryOpen},
			{ID: 2, Text: "Reservar sala", Owner: "ana", Due: day(3, 24), Status: steering.EntryOpen},
			{ID: 3, Text: "Revisar cifras", Status: steering.EntryOpen},
			{ID: 4, Text: "Firmar", Owner: "bruno", Status: steering.EntryClosed},
		},
		Risks: []*steering.Risk{
			{ID: 1, Text: "Feriados de abril", Probability: steering.Low, Impact: steering.Low, Status: steering.EntryOpen},
			{ID: 2, Text: "El proveedor puede no entregar", Owner: "ana", Probability: steering.High, Impact: steering.High, Status: steering.EntryOpen},
		},
		Decisions: []*steering.Decision{
			{ID: 1, Text: "Plan a medida", At: at(3, 2, 9)}, {ID: 2, Text: "Sin piloto", By: "carla", At: at(3, 17, 11)},
		},
		Changes: []*steering.Change{{ID: 1, Text: "Un tablero de ventas", Status: steering.EntryOpen}, {ID: 2, Text: "Otro idioma", Scope: steering.ScopeOut, Billable: true, Status: steering.EntryOpen}},
	}
	return p
}

func nameOf(id steering.PersonID) string {
	return map[steering.PersonID]string{"ana": "Ana Ruiz", "bruno": "Bruno Díaz", "carla": "Carla Sáenz"}[id]
}

// compare compares a text, its marks made visible, with a file.
func compare(t *testing.T, name, text string) {
	t.Helper()
	got := markup.Renderer{
		Bold:    func(s string) string { return "*" + s + "*" },
		Mention: func(user, _ string) string { return "@" + user },
		Moment:  func(_ int64, s string) string { return "<" + s + ">" },
	}.Render(text) + "\n"
	golden.Equal(t, filepath.Join("testdata", name+".txt"), got)
}

func TestDigest(t *testing.T) {
	friday := steering.NewDate(2026, 3, 20)
	for _, lang := range locale.Languages {
		p, say := fixture(t), locale.For(lang)
		p.Refresh(friday)
		compare(t, "digest-"+lang, Digest(p, friday, time.Time{}, say, nameOf, false))
		m := &steering.Meeting{ID: 1, Kind: steering.MeetingSteering, Milestones: []string{"2", "3"}, At: time.Date(2026, 3, 23, 15, 0, 0, 0, time.UTC)}
		compare(t, "agenda-"+lang, Agenda(p, m, friday, say, nameOf))
		m.Kind = steering.MeetingReview
		compare(t, "agenda-review-"+lang, Agenda(p, m, friday, say, nameOf))
	}
}

func TestDigestQuiet(t *testing.T) {
	p := &steering.Project{Key: "NEW", Name: "Nuevo", Timezone: "America/Bogota", Status: steering.ProjectActive,
		Milestones: []*steering.Milestone{{Key: "1", Name: "Go-live", Status: steering.Pending, Baseline: steering.NewDate(2026, 6, 1), Due: steering.NewDate(2026, 6, 1)}}}
	compare(t, "digest-quiet", Digest(p, steering.NewDate(2026, 3, 20), time.Time{}, locale.For("es"), nil, true))
}

func TestPortfolio(t *testing.T) {
	well := &steering.Project{Key: "WELL", Name: "Al día", Timezone: "America/Bogota", Status: steering.ProjectActive,
		Milestones: []*steering.Milestone{{Key: "1", Name: "Go-live", Status: steering.Pending, Baseline: steering.NewDate(2026, 6, 1), Due: steering.NewDate(2026, 6, 1)}}}
	live := &steering.Project{Key: "LIVE", Name: "En vivo", Timezone: "America/Bogota", Status: steering.ProjectLive,
		Milestones: []*steering.Milestone{{Key: "1", Name: "Go-live", Status: steering.Done, Baseline: steering.NewDate(2026, 2, 2), Due: steering.NewDate(2026, 2, 2), DoneOn: steering.NewDate(2026, 2, 2)}}}
	now := time.Date(2026, 3, 23, 13, 0, 0, 0, time.UTC)
	for _, lang := range locale.Languages {
		compare(t, "portfolio-"+lang, Portfolio([]*steering.Project{well, live, fixture(t)}, now, locale.For(lang)))
	}
	if Portfolio(nil, now, locale.For("es")) != "" {
		t.Error("a portfolio of nothing says something")
	}
}

// TestDigestIsForwardable: nobody is pinged by it, whatever people wrote, and a long plan stays a message for a phone.
func TestDigestIsForwardable(t *testing.T) {
	p := fixture(t)
	for i := range 200 {
		p.Milestones = append(p.Milestones, &steering.Milestone{Key: "9" + strings.Repeat("1", i%3), Name: markup.Mention("U1", "todos") + strings.Repeat("x", 80),
			Status: steering.Pending, Due: steering.NewDate(2026, 3, 1+i%28), Baseline: steering.NewDate(2026, 3, 1)})
	}
	text := Digest(p, steering.NewDate(2026, 3, 20), time.Time{}, locale.For("es"), nil, false)
	if got := markup.Mentioned(text); len(got) != 0 {
		t.Errorf("it mentions %v", got)
	}
	if n := len([]rune(markup.Plain(text))); n > 4000 {
		t.Errorf("%d characters", n)
	}
}

func TestBar(t *testing.T) {
	for percent, want := range map[int]string{0: "░░░░░░░░░░", 1: "█░░░░░░░░░", 55: "█████░░░░░", 99: "█████████░", 100: "██████████"} {
		if got := Bar(percent); got != want {
			t.Errorf("Bar(%d) = %s, want %s", percent, got, want)
		}
	}
}

func TestHealthWords(t *testing.T) {
	p := fixture(t)
	p.Refresh(steering.NewDate(2026, 4, 8))
	for _, m := range p.Milestones[:7] {
		m.Status = steering.Done
	}
	for lang, want := range map[string]string{
		"es": "el go-live está atrasado", "pt": "o go-live está atrasado", "en": "the go-live is overdue",
	} {
		health, why := HealthWords(p, steering.NewDate(2026, 4, 8), locale.For(lang))
		if health != steering.Red || !strings.HasPrefix(string(why), want) {
			t.Errorf("%s: %s, %s", lang, health, why)
		}
	}
}

// TestGoLiveOfTheDigest: a go-live that today's delays push back is not said to be as planned.
func TestGoLiveOfTheDigest(t *testing.T) {
	planned := steering.NewDate(2026, 4, 24)
	for _, c := range []struct {
		forecast steering.Date
		want     string
	}{
		{planned, "Go-live: viernes 24 abr, según lo planeado."},
		{steering.NewDate(2026, 5, 1), "Go-live: viernes 24 abr según el plan.\nCon los atrasos de hoy se prevé para el viernes 1 may."},
	} {
		p := &steering.Project{Key: "ACME", Name: "ACME", Timezone: "UTC", Milestones: []*steering.Milestone{
			{Key: "1", Name: "Go live", Gate: true, Status: steering.Pending, Baseline: planned, Due: planned, Forecast: c.forecast},
		}}
		if got := markup.Plain(Weekly(p, steering.NewDate(2026, 3, 13), Week{}, locale.For("es"), people)); !strings.Contains(got, c.want) {
			t.Errorf("forecast %s: no %q in\n%s", c.forecast, c.want, got)
		}
	}
}
