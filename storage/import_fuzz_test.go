package storage

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Whatever the file: it is refused as bad input, in one line, or it is stored and comes out again as something that can be
// imported, the same each time.
func FuzzImport(f *testing.F) {
	golden, err := os.ReadFile(filepath.Join("testdata", "export.json"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(golden))
	f.Add(`{"format":1}`)
	f.Add(`{"format":1,"people":[{"id":"a","name":"A","handles":{"slack":"U"}}],"audit":[{"at":"2026-01-01T00:00:00Z","action":"x","before":{"n":1.0}}]}`)
	f.Add(`{"format":1,"projects":[{"key":"AA","name":"n","mode":"onboarding","language":"es","timezone":"UTC","status":"active"}]}`)
	db := openURL(f, ":memory:", newClock())
	f.Fuzz(func(t *testing.T, text string) {
		first, err := through(t, db, text)
		if err != nil {
			var bad *InputError
			if !errors.As(err, &bad) {
				t.Fatalf("refused otherwise than as bad input: %v", err)
			}
			if strings.ContainsAny(err.Error(), "\n\r") {
				t.Errorf("the refusal has several lines: %q", err)
			}
			return
		}
		if second, err := through(t, db, first); err != nil || second != first {
			t.Errorf("out came\n%s\nthen\n%s\n%v", first, second, err)
		}
	})
}
