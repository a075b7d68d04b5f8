package plan

import (
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"timonel/internal/golden"
	"timonel/steering"
)

// cast is a committee as the plans expect one.
var cast = []steering.Member{
	{Person: "ana", Side: steering.SideVendor, Roles: []steering.Role{steering.RoleLead}},
	{Person: "bruno", Side: steering.SideClient, Roles: []steering.Role{steering.RoleProductOwner}},
	{Person: "carla", Side: steering.SideVendor, Roles: []steering.Role{steering.RoleCSM}},
	{Person: "sofia", Side: steering.SideClient, Roles: []steering.Role{steering.RoleSponsor}},
}

// each calls f with every built-in plan.
func each(t *testing.T, f func(*testing.T, *Plan)) {
	t.Helper()
	l, err := Open("")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"cesla", "deployment", "extended-support", "fieldpro-custom", "fieldpro-template", "onboarding"}
	if !slices.Equal(l.Keys(), want) {
		t.Fatalf("built-in plans: %v, want %v", l.Keys(), want)
	}
	for _, key := range l.Keys() {
		p, err := l.Find(key)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(key, func(t *testing.T) { f(t, p) })
	}
}

func allOptions(p *Plan) []string {
	var ids []string
	for _, o := range p.Options("es") {
		ids = append(ids, o.ID)
	}
	return ids
}

// TestBuiltinGolden keeps what a project made of each plan looks like, in words: with the options and without.
func TestBuiltinGolden(t *testing.T) {
	each(t, func(t *testing.T, p *Plan) {
		var b strings.Builder
		for i, options := range [][]string{nil, allOptions(p)} {
			if i > 0 && len(options) == 0 {
				break
			}
			project := instantiate(t, p, "2026-03-04", func(s *Spec) { s.Members, s.Options, s.Country = cast, options, "CO" })
			fmt.Fprintf(&b, "%s, %s, with %q, alignment %q, review %q\n", project.Plan, project.Mode, options, project.Settings.Alignment, project.Settings.Review)
			stage := ""
			for _, m := range project.Milestones {
				if m.Stage != stage {
					stage = m.Stage
					fmt.Fprintf(&b, "  %s\n", stage)
				}
				b.WriteString(outline(m))
			}
		}
		golden.Equal(t, filepath.Join("testdata", "builtin", p.Key+".txt"), b.String())
	})
}

func outline(m *steering.Milestone) string {
	s := fmt.Sprintf("    %2s %-42s %-6s %-5s", m.Key, m.Name, m.Side, m.Owner)
	if m.Start != 0 {
		s += " " + m.Start.String() + " to"
	}
	s += " " + m.Due.String()
	if len(m.DependsOn) > 0 {
		s += " after " + strings.Join(m.DependsOn, ",")
	}
	if m.Gate {
		s += " gate"
	}
	if m.SignOff != nil {
		s += fmt.Sprintf(" signed by %v", m.SignOff.Sides)
	}
	return s + "\n"
}

// Whatever day and country a project starts in, nothing is due before what it depends on, everybody's work has an owner,
// and the go-live is the one that the plan means. A start after the last working day of its week has its week 1 behind it, as
// the contract says.
func TestBuiltinOrder(t *testing.T) {
	each(t, func(t *testing.T, p *Plan) {
		for _, country := range []string{"", "AR", "BR", "CO", "ES", "MX", "US"} {
			for _, start := range []string{"2026-01-01", "2026-02-16", "2026-03-04", "2026-03-07", "2026-03-08", "2026-03-30", "2026-06-26", "2026-12-21"} {
				for _, options := range [][]string{nil, allOptions(p)} {
					project := instantiate(t, p, start, func(s *Spec) { s.Members, s.Country, s.Options = cast, country, options })
					order(t, project, country+" "+start)
				}
			}
		}
	})
}

func order(t *testing.T, project *steering.Project, where string) {
	t.Helper()
	for _, m := range project.Milestones {
		if week1 := project.Calendar.OnOrBefore(project.Start.Monday() + 6); m.Due < min(project.Start, week1) || m.Start > m.Due {
			t.Errorf("%s: %s runs from %s to %s, the start is %s", where, m.Name, m.Start, m.Due, project.Start)
		}
		if m.Owner == "" {
			t.Errorf("%s: %s has no owner", where, m.Name)
		}
		for _, key := range m.DependsOn {
			if need := project.Milestone(key); need.Due > m.Due {
				t.Errorf("%s: %s is due %s, before %s on %s", where, m.Name, m.Due, need.Name, need.Due)
			}
			if key == m.Key {
				t.Errorf("%s: %s depends on itself", where, m.Name)
			}
		}
	}
	want := map[string]string{
		"extended-support": "Implementación y configuración asistidas", "onboarding": "Activación", "deployment": "Día de despliegue",
	}[project.Plan]
	if want == "" {
		want = "Go live"
	}
	if got := project.GoLive(); got == nil || got.Name != want {
		t.Errorf("%s: the go-live is %v", where, got)
	}
}

// What people read stands in all three languages, and no name means two milestones of a plan.
func TestBuiltinNames(t *testing.T) {
	each(t, func(t *testing.T, p *Plan) {
		spoken(t, "plan", p.Name)
		spoken(t, "summary", p.Summary)
		for _, s := range p.Stages {
			spoken(t, "stage "+s.Key, s.Name)
		}
		meant := map[string]string{}
		for _, m := range p.Milestones {
			spoken(t, m.ID, m.Name)
			if m.Stage == "" || m.Side == "" || len(m.Owner) == 0 || m.ID == "" {
				t.Errorf("milestone %q lacks a stage, a side, an owner or an id", m.ID)
			}
			if n := len(m.Checklist); n != 0 && n != len(Languages) {
				t.Errorf("%s: its checklist stands in %d languages", m.ID, n)
			}
			for _, lang := range Languages {
				if len(m.Checklist[lang]) != len(m.Checklist["es"]) {
					t.Errorf("%s: the checklist in %s has %d items, in es %d", m.ID, lang, len(m.Checklist[lang]), len(m.Checklist["es"]))
				}
			}
			names := append(m.names("es"), m.Name["es"])
			for _, name := range names {
				if other := meant[strings.ToLower(name)]; other != "" && other != m.ID {
					t.Errorf("%q means %s and %s", name, other, m.ID)
				}
				meant[strings.ToLower(name)] = m.ID
			}
		}
	})
}

func spoken(t *testing.T, what string, text Text) {
	t.Helper()
	for _, lang := range Languages {
		if text[lang] == "" {
			t.Errorf("%s has no text in %s", what, lang)
		}
	}
}

// The same plan and spec give the same project.
func TestInstantiateIsDeterministic(t *testing.T) {
	each(t, func(t *testing.T, p *Plan) {
		project := func() *steering.Project {
			made := instantiate(t, p, "2026-03-04", func(s *Spec) { s.Members, s.Options = cast, allOptions(p) })
			made.Calendar = steering.Calendar{}
			return made
		}
		first := project()
		for range 5 {
			if again := project(); !reflect.DeepEqual(first, again) {
				t.Fatalf("got %+v, then %+v", first, again)
			}
		}
	})
}
