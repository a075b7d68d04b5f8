package golden_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"timonel/internal/golden"
)

// witness hears what a test says of itself.
type witness struct {
	testing.TB
	said string
}

func (w *witness) Helper() {}

func (w *witness) Errorf(format string, args ...any) { w.said = fmt.Sprintf(format, args...) }

func TestEqualShowsTheDifference(t *testing.T) {
	if golden.Updating() {
		t.Skip("nothing is compared")
	}
	file := filepath.Join(t.TempDir(), "said.txt")
	if err := os.WriteFile(file, []byte("one\ntwo\nthree\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w := &witness{TB: t}
	if golden.Equal(w, file, "one\ntwo\nthree\n"); w.said != "" {
		t.Errorf("the same: %s", w.said)
	}
	golden.Equal(w, file, "one\n2\nthree\n")
	if !strings.Contains(w.said, "it has\ntwo\nthree\n\nand this was made\n2\nthree\n") || strings.Contains(w.said, "one") {
		t.Errorf("another: %s", w.said)
	}
}
