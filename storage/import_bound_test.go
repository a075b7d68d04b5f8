package storage

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
)

// endless never ends, and counts what was taken of it.
type endless struct {
	text  string
	taken int
}

// Read implements io.Reader.
func (e *endless) Read(b []byte) (int, error) {
	n := copy(b, bytes.Repeat([]byte(e.text), len(b)/len(e.text)+1)[:len(b)])
	e.taken += n
	return n, nil
}

// A file may be as large as it likes, but none of its elements: each is held in memory.
func TestImportOfAnEndlessElement(t *testing.T) {
	const refused = "it is larger than 16 MiB (is it an export of Timonel's?)"
	for name, c := range map[string]struct{ begins, goesOn, want string }{
		"a text":        {`{"format": 1, "projects": [{"key": "`, "A", "import: projects[0]: " + refused},
		"a list":        {`{"format": 1, "people": [{"id": "a", "name": "A"}, {"id": [`, "1", "import: people[1]: " + refused},
		"nested":        {`{"format": 1, "audit": [`, "[", "import: audit[0]: no JSON at byte"},
		"a name":        {`{"`, "format", "import: " + refused},
		"nothing":       {`{"format": 1, "audit": [`, " ", "import: audit: " + refused},
		"no JSON":       {"", "\x00", "import: no JSON at byte"},
		"another value": {`{"format": `, "1", "import: format: this version reads format 1 only"},
	} {
		t.Run(name, func(t *testing.T) {
			db, source := openOn(t, sqliteEngine, newClock()), &endless{text: c.goesOn}
			_, err := db.Import(context.Background(), io.MultiReader(strings.NewReader(c.begins), source), nil)
			var bad *InputError
			if !errors.As(err, &bad) || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("it says %v, want %s", err, c.want)
			}
			if source.taken > mostElement+1<<20 {
				t.Errorf("%d bytes were read", source.taken)
			}
		})
	}
}

// Elements that are allowed one by one are allowed together, however large the file is.
func TestImportOfALargeFile(t *testing.T) {
	if testing.Short() {
		t.Skip("it reads some 40 MB")
	}
	element := `{"at": "2026-01-01T00:00:00Z", "action": "x", "after": {"text": "` + strings.Repeat("a", mostElement/3) + `"}}`
	parts := []io.Reader{strings.NewReader(`{"format": 1, "audit": [` + element)}
	for i := range 7 {
		parts = append(parts, strings.NewReader(", "+strings.Replace(element, `"x"`, `"`+strings.Repeat("y", i+1)+`"`, 1)))
	}
	db := openOn(t, sqliteEngine, newClock())
	result, err := db.Import(context.Background(), io.MultiReader(append(parts, strings.NewReader("]}"))...), nil)
	if err != nil || result.Audit != 8 {
		t.Errorf("%+v, %v", result, err)
	}
}
