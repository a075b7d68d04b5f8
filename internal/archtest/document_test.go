package archtest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"timonel/internal/golden"
)

const (
	tableBegins = "<!-- imports: written by go test ./internal/archtest -update -->\n"
	tableEnds   = "<!-- end of imports -->\n"
)

// ARCHITECTURE.md shows the rules as they are.
func TestDocument(t *testing.T) {
	name := filepath.Join(root, "ARCHITECTURE.md")
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(data), tableBegins)
	got, after, closed := strings.Cut(rest, tableEnds)
	if !found || !closed {
		t.Fatalf("%s has no table between its two marks", name)
	}
	want := table()
	if golden.Updating() {
		if err := os.WriteFile(name, []byte(before+tableBegins+want+tableEnds+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != want {
		t.Errorf("the table in ARCHITECTURE.md is not that of the rules (go test ./internal/archtest -update writes it)")
	}
}

// table writes the rules as Markdown.
func table() string {
	var b strings.Builder
	b.WriteString("| folder | may import of ours | libraries | why |\n| --- | --- | --- | --- |\n")
	for _, r := range rules {
		b.WriteString("| `" + r.folder + "` | " + words(r.ours, "anything") + " | " + words(r.libs, "any") + " | " + r.why + " |\n")
	}
	return b.String()
}

func words(names []string, all string) string {
	switch {
	case len(names) == 0:
		return "–"
	case names[0] == "..." || names[0] == "any":
		return all
	}
	return "`" + strings.Join(names, "`, `") + "`"
}
