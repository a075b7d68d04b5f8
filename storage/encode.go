package storage

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// stampLayout is how moments stand in columns: of one length, so that they sort as text.
const stampLayout = "2006-01-02T15:04:05.000000000Z"

// stamp writes a moment for a column; the zero moment is ”.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(stampLayout)
}

// unstamp reads what stamp wrote.
func unstamp(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(stampLayout, s)
	if err != nil {
		return time.Time{}, fmt.Errorf("moment %q in the database: %w", s, err)
	}
	return t, nil
}

// encode writes v as the export does: compact, nothing escaped that need not be.
func encode(v any) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return "", fmt.Errorf("encode %T: %w", v, err)
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}

func decode(doc string, into any) error {
	if err := json.Unmarshal([]byte(doc), into); err != nil {
		return fmt.Errorf("decode %T: %w", into, err)
	}
	return nil
}

// fields splits a document into its top-level fields.
func fields(doc string) (map[string]json.RawMessage, error) {
	if doc == "" {
		return nil, nil
	}
	var m map[string]json.RawMessage
	return m, decode(doc, &m)
}

// canonical writes JSON with the keys of every object in order, so that equal values have equal bytes.
func canonical(v any) (string, error) {
	raw, err := encode(v)
	if err != nil {
		return "", err
	}
	d := json.NewDecoder(strings.NewReader(raw))
	d.UseNumber() // numbers stay as they were written
	var tree any
	if err := d.Decode(&tree); err != nil {
		return "", fmt.Errorf("read JSON: %w", err)
	}
	return encode(tree)
}

// clean makes foreign text fit for a column: PostgreSQL refuses NUL and what is not UTF-8.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}
