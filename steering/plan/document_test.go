package plan

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDocumentedPlan: what docs/plans.md shows as a plan file is one.
func TestDocumentedPlan(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "plans.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, after, found := strings.Cut(string(text), "```toml\n")
	shown, _, ended := strings.Cut(after, "```")
	if !found || !ended {
		t.Fatal("docs/plans.md shows no plan file")
	}
	name := filepath.Join(t.TempDir(), "shown.toml")
	if err := os.WriteFile(name, []byte(shown), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := ReadFile(name)
	if err != nil {
		t.Fatalf("docs/plans.md shows a plan that is none: %v", err)
	}
	if m := p.find("scope"); m == nil || !m.Gate || !m.Optional || len(m.DependsOn) != 1 || len(m.SignOff) != 1 {
		t.Errorf("the milestone that it explains reads as %+v", m)
	}
}
