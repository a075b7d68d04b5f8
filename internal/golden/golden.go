// Package golden compares what tests make with files that people read: `go test ./folder -update` writes the files, and what
// has changed shows in the difference.
package golden

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite what tests compare with")

// Updating reports whether the files are to be written instead of compared with.
func Updating() bool { return *update }

// Equal fails the test if a file differs from what was made, and shows where.
func Equal(t testing.TB, file, got string) {
	t.Helper()
	if Updating() {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil { //nolint:gosec // as any folder of the tree
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil { //nolint:gosec // as any file of the tree
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v (-update writes it)", err)
	}
	if got != string(want) {
		t.Errorf("%s differs (look, then -update):\n%s", file, difference(string(want), got))
	}
}

// shown is how many lines of a difference are shown.
const shown = 20

// difference shows two texts from the first line in which they differ.
func difference(want, got string) string {
	a, b := strings.SplitAfter(want, "\n"), strings.SplitAfter(got, "\n")
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	a, b = a[n:], b[n:]
	return "it has\n" + strings.Join(a[:min(len(a), shown)], "") + "\nand this was made\n" + strings.Join(b[:min(len(b), shown)], "")
}
