package plan

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"timonel/locale"
	"timonel/steering"
)

func read(t *testing.T, text string) *Plan {
	t.Helper()
	p, err := Read("test.toml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func day(t *testing.T, s string) steering.Date {
	t.Helper()
	d, err := steering.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// instantiate makes a project of a plan that starts on a day; edit may change the rest of the spec.
func instantiate(t *testing.T, p *Plan, start string, edit func(*Spec)) *steering.Project {
	t.Helper()
	spec := Spec{Key: "ACME", Name: "Acme", Start: day(t, start), Timezone: "America/Bogota"}
	if edit != nil {
		edit(&spec)
	}
	project, err := p.Instantiate(spec)
	if err != nil {
		t.Fatal(err)
	}
	return project
}

// TestDates holds every way of saying when, against days counted by hand. 2026-03-02 is a Monday.
func TestDates(t *testing.T) {
	for _, test := range []struct {
		name, when, start string
		closed            []string
		from, due         string
	}{
		{"week 1 from Monday", `week = 1`, "2026-03-02", nil, "", "2026-03-06"},
		{"week 1 from Wednesday", `week = 1`, "2026-03-04", nil, "", "2026-03-06"},
		{"week 1 from Friday", `week = 1`, "2026-03-06", nil, "", "2026-03-06"},
		{"week 1 holds the Sunday before the Monday", `week = 1`, "2026-03-08", nil, "", "2026-03-06"},
		{"week 4", `week = 4`, "2026-03-04", nil, "", "2026-03-27"},
		{"week whose Friday is closed", `week = 2`, "2026-03-02", []string{"2026-03-13"}, "", "2026-03-12"},
		{"week that is closed ends in the week before", `week = 2`, "2026-03-02",
			[]string{"2026-03-09", "2026-03-10", "2026-03-11", "2026-03-12", "2026-03-13"}, "", "2026-03-06"},
		{"weeks", `weeks = [2, 3]`, "2026-03-04", nil, "2026-03-09", "2026-03-20"},
		{"weeks from the first begin with the start", `weeks = [1, 3]`, "2026-03-04", nil, "2026-03-04", "2026-03-20"},
		{"one week of weeks", `weeks = [3]`, "2026-03-04", nil, "", "2026-03-20"},
		{"due", `due = "2026-03-14"`, "2026-03-02", nil, "", "2026-03-14"},
		{"days after the start", `offset = "10d"`, "2026-03-04", nil, "", "2026-03-14"},
		{"working days after the start", `offset = "5bd"`, "2026-03-02", []string{"2026-03-05"}, "", "2026-03-10"},
		{"weeks after the start", `offset = "2w"`, "2026-03-07", nil, "", "2026-03-21"},
		{"at the start", `offset = "0bd"`, "2026-03-07", nil, "", "2026-03-07"},
		{"working days after the latest before it", "offset = \"2bd\"\ndepends_on = [\"a\", \"b\"]", "2026-03-02", nil, "", "2026-03-17"},
		{"after what has no date", "offset = \"1d\"\ndepends_on = [\"undated\"]", "2026-03-02", nil, "", "2026-03-03"},
		{"no date", ``, "2026-03-02", nil, "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := read(t, `name = "P"
[[milestone]]
name = "It"
`+test.when+`
[[milestone]]
id = "a"
name = "A"
week = 1
[[milestone]]
id = "b"
name = "B"
week = 2
[[milestone]]
id = "undated"
name = "U"
`)
			project := instantiate(t, p, test.start, func(s *Spec) {
				for _, c := range test.closed {
					s.Closed = append(s.Closed, day(t, c))
				}
			})
			it := project.Milestones[0]
			if it.Start.String() != test.from || it.Due.String() != test.due {
				t.Errorf("from %s due %s, want from %s due %s", it.Start, it.Due, test.from, test.due)
			}
			if it.Baseline != it.Due {
				t.Errorf("baseline %s, due %s", it.Baseline, it.Due)
			}
		})
	}
}

const optional = `name = "P"
[[stage]]
key = "build"
name = "Build"
[[stage]]
key = "pilot"
name = "Pilot"
[[stage]]
key = "later"
name = "Later"
[[milestone]]
id = "live"
name = "Live"
week = 4
week_with = { pilot = 8 }
depends_on = ["pilot", "setup"]
[[milestone]]
id = "pilot"
name = "Pilot"
stage = "pilot"
weeks = [5, 8]
depends_on = ["rehearsal"]
optional = true
[[milestone]]
id = "rehearsal"
name = "Rehearsal"
stage = "pilot"
offset = "2bd"
depends_on = ["setup", "data"]
optional = true
[[milestone]]
id = "setup"
name = "Set-up"
stage = "build"
week = 2
[[milestone]]
id = "data"
name = "Data"
week = 3
`

// What is left out hands on its dependencies, its stage and its number.
func TestOptions(t *testing.T) {
	for _, test := range []struct {
		options string
		want    string
	}{
		{"", "build later | 1 Live 2026-03-27 <2,3> | 2 Set-up 2026-03-13 <> | 3 Data 2026-03-20 <>"},
		{"pilot", "build pilot later | 1 Live 2026-04-24 <2,3> | 2 Pilot 2026-04-24 <3,4> | 3 Set-up 2026-03-13 <> | 4 Data 2026-03-20 <>"},
		{"rehearsal", "build pilot later | 1 Live 2026-03-27 <2,3> | 2 Rehearsal 2026-03-24 <3,4> | 3 Set-up 2026-03-13 <> | 4 Data 2026-03-20 <>"},
		{"rehearsal pilot", "build pilot later | 1 Live 2026-04-24 <2,4> | 2 Pilot 2026-04-24 <3> | 3 Rehearsal 2026-03-24 <4,5> | 4 Set-up 2026-03-13 <> | 5 Data 2026-03-20 <>"},
	} {
		t.Run(test.options, func(t *testing.T) {
			project := instantiate(t, read(t, optional), "2026-03-02", func(s *Spec) { s.Options = strings.Fields(test.options) })
			var stages, parts []string
			for _, s := range project.Stages {
				stages = append(stages, s.Key)
			}
			parts = append(parts, strings.Join(stages, " "))
			for _, m := range project.Milestones {
				parts = append(parts, m.Key+" "+m.Name+" "+m.Due.String()+" <"+strings.Join(m.DependsOn, ",")+">")
			}
			if got := strings.Join(parts, " | "); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
	if got, want := read(t, optional).Options("en"), []Option{{"pilot", "Pilot"}, {"rehearsal", "Rehearsal"}}; !reflect.DeepEqual(got, want) {
		t.Errorf("options %v, want %v", got, want)
	}
}

func TestOwners(t *testing.T) {
	member := func(id steering.PersonID, side steering.Side, roles ...steering.Role) steering.Member {
		return steering.Member{Person: id, Side: side, Roles: roles}
	}
	full := []steering.Member{
		member("bruno", steering.SideClient, steering.RoleProductOwner),
		member("zoe", steering.SideVendor, steering.RoleCSM),
		member("carla", steering.SideClient, steering.RoleLead, steering.RoleSponsor),
		member("ana", steering.SideVendor, steering.RoleLead),
		member("dana", steering.SideVendor, steering.RoleCSM),
	}
	for _, test := range []struct {
		name, side, owner string
		members           []steering.Member
		want              steering.PersonID
	}{
		{"left out: the lead of the vendor", "vendor", "", full, "ana"},
		{"left out: the lead of the client", "client", "", full, "carla"},
		{"left out, both: the vendor's lead", "both", "", full, "ana"},
		{"left out, nobody leads", "client", "", full[:2], ""},
		{"role on its side", "client", `"role:lead"`, full, "carla"},
		{"role on the other side", "client", `"role:csm"`, full, "dana"},
		{"role, both: the vendor's first", "both", `"role:lead"`, full, "ana"},
		{"nobody has the role: the lead of its side", "vendor", `"role:guardian"`, full, "ana"},
		{"nobody at all", "vendor", `"role:guardian"`, nil, ""},
		{"a member", "client", `"zoe"`, full, "zoe"},
		{"no member", "client", `"pia"`, full, "carla"},
		{"several: the first that its side has", "client", `["role:guardian", "role:product_owner", "role:lead"]`, full, "bruno"},
		{"several: its side before the other", "client", `["role:csm", "role:product_owner"]`, full, "bruno"},
		{"several: nobody on its side", "client", `["role:guardian", "role:csm"]`, full, "dana"},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := "name = \"P\"\n[[milestone]]\nname = \"A\"\nside = \"" + test.side + "\"\n"
			if test.owner != "" {
				text += "owner = " + test.owner + "\n"
			}
			project := instantiate(t, read(t, text), "2026-03-02", func(s *Spec) { s.Members = test.members })
			if got := project.Milestones[0].Owner; got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// A milestone without a side takes its owner's, else that of who does the work.
func TestSideLeftOut(t *testing.T) {
	p := read(t, "name = \"P\"\n[[milestone]]\nname = \"A\"\nowner = \"bruno\"\n[[milestone]]\nname = \"B\"\n")
	for mode, want := range map[steering.Mode]string{steering.ModeImplementation: "client vendor", steering.ModeOnboarding: "client client"} {
		project := instantiate(t, p, "2026-03-02", func(s *Spec) {
			s.Mode = mode
			s.Members = []steering.Member{{Person: "bruno", Side: steering.SideClient}}
		})
		if got := string(project.Milestones[0].Side) + " " + string(project.Milestones[1].Side); got != want {
			t.Errorf("%s: got %s, want %s", mode, got, want)
		}
	}
}

func TestNames(t *testing.T) {
	p := read(t, `name = "P"
[[milestone]]
name = { es = "Configuración", pt = "Configuração", en = "Set-up" }
aliases = { es = ["entorno"], en = ["setup", "Entorno"] }
checklist = { es = ["uno"], en = ["one", "two"] }
[[milestone]]
name = "Go live"
aliases = ["launch", "go LIVE"]
checklist = ["x"]
`)
	for lang, want := range map[string]string{
		"es": "Configuración [entorno Configuração Set-up setup] [uno] Go live [launch] [x]",
		"pt": "Configuração [Configuración entorno Set-up setup] [uno] Go live [launch] [x]",
		"en": "Set-up [setup Entorno Configuración Configuração] [one two] Go live [launch] [x]",
	} {
		project := instantiate(t, p, "2026-03-02", func(s *Spec) { s.Language = lang })
		var parts []string
		for _, m := range project.Milestones {
			parts = append(parts, m.Name, "["+strings.Join(m.Aliases, " ")+"]", "["+strings.Join(m.Checklist, " ")+"]")
		}
		if got := strings.Join(parts, " "); got != want {
			t.Errorf("%s: got %s, want %s", lang, got, want)
		}
	}
}

// A project keeps its own copy: nothing that it does later reaches the plan or another project.
func TestOwnCopy(t *testing.T) {
	p := read(t, contract)
	all := func(s *Spec) { s.Options = []string{"scope"} }
	one := instantiate(t, p, "2026-03-02", all)
	before := instantiate(t, p, "2026-03-02", all)
	m := one.Milestones[1]
	m.Aliases[0], m.Checklist[0], m.SignOff.Sides[0], m.DependsOn[0] = "x", "x", steering.SideVendor, "9"
	if after := instantiate(t, p, "2026-03-02", all); !reflect.DeepEqual(after, before) {
		t.Errorf("a project changed the plan: %+v", after)
	}
}

func TestRefusals(t *testing.T) {
	p := read(t, optional)
	for _, test := range []struct {
		name string
		edit func(*Spec)
		want string
	}{
		{"lower-case key", func(s *Spec) { s.Key = "acme" }, KeyBadKey},
		{"short key", func(s *Spec) { s.Key = "A" }, KeyBadKey},
		{"long key", func(s *Spec) { s.Key = strings.Repeat("A", 21) }, KeyBadKey},
		{"no name", func(s *Spec) { s.Name = " \n" }, KeyBadName},
		{"long name", func(s *Spec) { s.Name = strings.Repeat("ñ", 121) }, KeyBadName},
		{"no start", func(s *Spec) { s.Start = 0 }, steering.KeyMissing},
		{"language", func(s *Spec) { s.Language = "fr" }, KeyBadLanguage},
		{"zone", func(s *Spec) { s.Timezone = "Bogota" }, KeyBadZone},
		{"this machine's zone", func(s *Spec) { s.Timezone = "Local" }, KeyBadZone},
		{"country", func(s *Spec) { s.Country = "Colombia" }, KeyBadCountry},
		{"country of which no holidays are known", func(s *Spec) { s.Country = "XX" }, KeyBadCountry},
		{"mode", func(s *Spec) { s.Mode = "both" }, KeyBadMode},
		{"option", func(s *Spec) { s.Options = []string{"pilots"} }, KeyBadOption},
		{"option that is none", func(s *Spec) { s.Options = []string{"live"} }, KeyBadOption},
	} {
		t.Run(test.name, func(t *testing.T) {
			spec := Spec{Key: "ACME", Name: "Acme", Start: day(t, "2026-03-02")}
			test.edit(&spec)
			project, err := p.Instantiate(spec)
			var refusal *steering.Error
			if !errors.As(err, &refusal) || refusal.Key != test.want || project != nil {
				t.Fatalf("got %v, %v, want %s", project, err, test.want)
			}
			for _, lang := range locale.Languages {
				if words := locale.For(lang).Text(refusal.Key, refusal.Args); strings.Contains(words, "<nil>") || words == refusal.Key {
					t.Errorf("%s: %q", lang, words)
				}
			}
		})
	}
	_, err := read(t, "name = \"P\"").Instantiate(Spec{Key: "ACME", Name: "Acme", Start: 1, Options: []string{"pilot"}})
	var refusal *steering.Error
	if !errors.As(err, &refusal) || refusal.Key != KeyNoOptions {
		t.Errorf("a plan without options: got %v", err)
	}
}

func TestDefaults(t *testing.T) {
	p := read(t, "name = \"P\"\nmode = \"onboarding\"\nlanguage = \"pt\"\n[settings]\nreview = \"monthly\"")
	got, err := p.Instantiate(Spec{Key: "ACME-2", Name: "  Acme \n dois ", Start: day(t, "2026-03-02")})
	if err != nil {
		t.Fatal(err)
	}
	got.Calendar = steering.Calendar{}
	want := &steering.Project{
		Key: "ACME-2", Name: "Acme dois", Plan: "test", Mode: steering.ModeOnboarding, Language: "pt", Timezone: "UTC",
		Start: day(t, "2026-03-02"), Status: steering.ProjectActive, Settings: steering.Settings{Review: "monthly"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// Every refusal has its words in every language.
func TestRefusalsHaveWords(t *testing.T) {
	for _, lang := range locale.Languages {
		for _, key := range RefusalKeys {
			if !locale.For(lang).Has(key) {
				t.Errorf("%s: %s is missing", lang, key)
			}
		}
	}
}
