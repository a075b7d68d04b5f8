package plan

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"timonel/steering"
)

// contract is the example of the contract, as it stands there.
const contract = `key = "fieldpro-custom"
name = "FieldPro · entorno personalizado"     # or a table: name.es, name.pt, name.en
mode = "implementation"                        # implementation | onboarding
language = "es"

[[stage]]
key = "setup"
name = "Configuración"

[[milestone]]
id = "handover"
name = "Traspaso"
weeks = [2, 3]

[[milestone]]
id = "scope"                        # names it inside the plan
name = "Alcance firmado"            # or name.es / name.pt / name.en
aliases = ["alcance", "scope"]      # further names people use
stage = "setup"
side = "client"                     # vendor | client | both
owner = "role:lead"                 # role:ROLE, or a member's id; left out = the lead of its side
offset = "5bd"
depends_on = ["handover"]
gate = true                         # nothing that depends on it can be closed before it is
signoff = ["client"]                # sides that must accept it before it is done
optional = true                     # left out unless asked for
checklist = ["…"]
`

func TestReadContract(t *testing.T) {
	got, err := Read("plan.toml", []byte(contract))
	if err != nil {
		t.Fatal(err)
	}
	want := &Plan{
		Key: "fieldpro-custom", Name: Text{"": "FieldPro · entorno personalizado"}, Mode: steering.ModeImplementation, Language: "es",
		Stages: []Stage{{"setup", Text{"": "Configuración"}}},
		Milestones: []*Milestone{
			{ID: "handover", Name: Text{"": "Traspaso"}, When: When{Weeks: []int{2, 3}}},
			{
				ID: "scope", Name: Text{"": "Alcance firmado"}, Aliases: Texts{"": {"alcance", "scope"}}, Stage: "setup",
				Side: steering.SideClient, Owner: []Owner{{Role: steering.RoleLead}}, When: When{Offset: &Offset{5, WorkingDays}},
				DependsOn: []string{"handover"}, Gate: true, SignOff: []steering.Side{steering.SideClient}, Optional: true,
				Checklist: Texts{"": {"…"}},
			},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// The fields may be written in every way that TOML has.
func TestReadSpellings(t *testing.T) {
	got, err := Read("a/tiny.toml", []byte(`
name = { es = "Uno", en = "One" }
milestone = [
  { name.pt = "Marco", owner = ["role:csm", "bruno"], due = 2026-03-13, aliases.en = ["x"] },
  { id = "b", name = """Dos
  líneas""", due = "2026-03-14", optional = true },
  { name = "c", week = 0x10, week_with.b = 20 },
]
[settings]
alignment = "on"
review = "quarterly"
invoice_every_months = 12
`))
	if err != nil {
		t.Fatal(err)
	}
	want := &Plan{
		Key: "tiny", Name: Text{"es": "Uno", "en": "One"}, Mode: steering.ModeImplementation,
		Settings: steering.Settings{Alignment: "on", Review: "quarterly", InvoiceEvery: 12},
		Milestones: []*Milestone{
			{
				Name: Text{"pt": "Marco"}, Owner: []Owner{{Role: steering.RoleCSM}, {Person: "bruno"}},
				When: When{Due: steering.NewDate(2026, 3, 13)}, Aliases: Texts{"en": {"x"}},
			},
			{ID: "b", Name: Text{"": "Dos líneas"}, When: When{Due: steering.NewDate(2026, 3, 14)}, Optional: true},
			{Name: Text{"": "c"}, When: When{Weeks: []int{16}, With: map[string]int{"b": 20}}},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// Every problem of a file comes at once, each on its line. The files stand in testdata/wrong, with what is said about
// them in comments that begin with "#!".
func TestReadProblems(t *testing.T) {
	files, err := filepath.Glob("testdata/wrong/*.toml")
	if err != nil || len(files) < 10 {
		t.Fatalf("found %d files, %v", len(files), err)
	}
	for _, path := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".toml"), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var want []string
			for line := range strings.Lines(string(data)) {
				if said, ok := strings.CutPrefix(line, "#! "); ok {
					want = append(want, strings.TrimSpace(said))
				}
			}
			p, err := Read("wrong.toml", data)
			if p != nil {
				t.Error("a plan came with the problems")
			}
			var got []string
			for _, problem := range List(err) {
				got = append(got, problem.Error())
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		})
	}
}

func TestProblemsOnOneLine(t *testing.T) {
	_, err := Read("p.toml", []byte("mode = 3\nx = 1"))
	if want := `p.toml:1: mode: want a text (and 2 more)`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	_, err = ReadFile(filepath.Join(t.TempDir(), "none.toml"))
	if err == nil || List(err) != nil {
		t.Errorf("a file that is not there: got %v", err)
	}
}

func TestReadTooMuch(t *testing.T) {
	_, err := Read("p.toml", []byte(strings.Repeat("# a\n", maxBytes/4+1)))
	if err == nil || !strings.Contains(err.Error(), "larger than") {
		t.Errorf("a large file: got %v", err)
	}
	_, err = Read("p.toml", []byte("name = \"x\"\n"+strings.Repeat("[[milestone]]\nname = \"m\"\n", maxMilestones+1)))
	if err == nil || !strings.Contains(err.Error(), "more than 1000") {
		t.Errorf("many milestones: got %v", err)
	}
	name := filepath.Join(t.TempDir(), "p.toml")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(name, 1<<40); err != nil { // takes no room
		t.Skip(err)
	}
	if _, err = ReadFile(name); err == nil || !strings.Contains(err.Error(), "larger than") {
		t.Errorf("a file larger than the memory: got %v", err)
	}
}
