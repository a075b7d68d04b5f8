package plan

import (
	"os"
	"path/filepath"
	"testing"

	"timonel/steering"
)

// FuzzRead: no file makes the reader panic or hang; what it refuses has a line that the file has, and what it accepts
// makes a project whose milestones depend on milestones that are there.
func FuzzRead(f *testing.F) {
	for _, pattern := range []string{"builtin/*.toml", "testdata/wrong/*.toml"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			f.Fatalf("%s: %v", pattern, err)
		}
		for _, path := range files {
			data, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	f.Add([]byte(contract))
	f.Add([]byte(optional))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Read("fuzz.toml", data)
		if err != nil {
			problems := List(err)
			if len(problems) == 0 {
				t.Fatalf("an error without problems: %v", err)
			}
			for _, problem := range problems {
				if problem.Line < 1 || problem.Line > len(lineStarts(data)) || problem.What == "" {
					t.Errorf("a problem that is nowhere: %v", problem)
				}
			}
			return
		}
		project, err := p.Instantiate(Spec{
			Key: "FUZZ", Name: "Fuzz", Start: steering.NewDate(2026, 3, 2), Members: cast, Options: allOptions(p),
		})
		if err != nil {
			t.Fatalf("a plan that was accepted makes no project: %v", err)
		}
		for _, m := range project.Milestones {
			for _, key := range m.DependsOn {
				if project.Milestone(key) == nil || key == m.Key {
					t.Errorf("milestone %s depends on %q", m.Key, key)
				}
			}
			if m.Baseline != m.Due || m.Status != steering.Pending || m.Name == "" {
				t.Errorf("milestone %+v", m)
			}
		}
	})
}
