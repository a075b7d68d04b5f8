package storage

import (
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"timonel/steering"
)

// InputError says what is wrong in a file that was to be imported: where, what, and what to do.
type InputError struct {
	Path    string // as in projects[0].milestones[2].due
	Problem string
	Remedy  string
}

// Error is one line.
func (e *InputError) Error() string {
	s := e.Problem
	if e.Path != "" {
		s = e.Path + ": " + s
	}
	if e.Remedy != "" {
		s += " (" + e.Remedy + ")"
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return '\uFFFD' // a name in the file may hold anything
		}
		return r
	}, s)
}

func badInput(path, remedy, problem string, args ...any) error {
	return &InputError{Path: path, Problem: fmt.Sprintf(problem, args...), Remedy: remedy}
}

var (
	typeDate   = reflect.TypeFor[steering.Date]()
	typeMoment = reflect.TypeFor[time.Time]()
)

// allowed lists the values of the enumerations.
var allowed = map[reflect.Type][]string{
	reflect.TypeFor[steering.Mode]():           texts(steering.ModeImplementation, steering.ModeOnboarding),
	reflect.TypeFor[steering.ProjectStatus]():  texts(steering.ProjectActive, steering.ProjectPaused, steering.ProjectLive, steering.ProjectClosed),
	reflect.TypeFor[steering.Health]():         texts(steering.Green, steering.Amber, steering.Red),
	reflect.TypeFor[steering.Audience]():       texts(steering.AudienceCommittee, steering.AudienceVendor),
	reflect.TypeFor[steering.Side]():           texts(steering.SideVendor, steering.SideClient, steering.SideBoth),
	reflect.TypeFor[steering.Role]():           texts(steering.Roles...),
	reflect.TypeFor[steering.Status]():         texts(steering.Pending, steering.InProgress, steering.Blocked, steering.Submitted, steering.Done, steering.Cancelled),
	reflect.TypeFor[steering.ProposalStatus](): texts(steering.ProposalOpen, steering.ProposalAccepted, steering.ProposalRejected, steering.ProposalWithdrawn),
	reflect.TypeFor[steering.EntryStatus]():    texts(steering.EntryOpen, steering.EntryClosed),
	reflect.TypeFor[steering.Level]():          texts(steering.Low, steering.Medium, steering.High),
	reflect.TypeFor[steering.Scope]():          texts(steering.ScopeIn, steering.ScopeOut),
	reflect.TypeFor[steering.MeetingKind]():    texts(steering.MeetingSteering, steering.MeetingReview, steering.MeetingHandover),
	reflect.TypeFor[steering.MeetingStatus]():  texts(steering.MeetingProposed, steering.MeetingScheduled, steering.MeetingHeld, steering.MeetingCancelled),
	reflect.TypeFor[steering.InvoiceStatus]():  texts(steering.InvoiceOpen, steering.InvoicePaid),
}

func texts[T ~string](values ...T) []string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = string(v)
	}
	return list
}

// mostDepth bounds how deep a file nests, so that an absurd one is refused instead of followed.
const mostDepth = 64

// checkShape reads one JSON value and refuses, by path, whatever a value of type t cannot hold: unknown, repeated and missing
// fields, nulls, wrong kinds, dates, moments and words that are none.
func checkShape(doc []byte, t reflect.Type, path string) error {
	d := json.NewDecoder(strings.NewReader(string(doc)))
	d.UseNumber()
	c := &shape{d}
	if err := c.value(t, path, 0); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return badInput(path, "", "something follows its end")
	}
	return nil
}

type shape struct{ d *json.Decoder }

func (c *shape) value(t reflect.Type, path string, depth int) error {
	if depth > mostDepth {
		return badInput(path, "", "nested too deep")
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	token, err := c.d.Token()
	if err != nil {
		return badInput(path, "", "no JSON: %v", err)
	}
	if token == nil {
		return badInput(path, "leave the field out instead", "null is not allowed")
	}
	switch {
	case t == typeDate, t == typeMoment, t.Kind() == reflect.String:
		return checkText(token, t, path)
	case t.Kind() == reflect.Struct:
		return c.object(token, t, path, depth)
	case t.Kind() == reflect.Map:
		return c.dictionary(token, t.Elem(), path, depth)
	case t.Kind() == reflect.Slice:
		return c.list(token, t.Elem(), path, depth)
	case t.Kind() == reflect.Interface:
		return c.anything(token, path, depth)
	case t.Kind() == reflect.Bool:
		if _, ok := token.(bool); !ok {
			return badInput(path, "", "want true or false, not %s", shown(token))
		}
		return nil
	}
	n, ok := token.(json.Number)
	if !ok {
		return badInput(path, "", "want a whole number, not %s", shown(token))
	}
	if i, err := n.Int64(); err != nil || i < -1<<31 || i >= 1<<31 {
		return badInput(path, "", "want a whole number, not %s", n)
	}
	return nil
}

func shown(token json.Token) string {
	switch v := token.(type) {
	case json.Delim:
		if v == '{' {
			return "an object"
		}
		return "a list"
	case string:
		return fmt.Sprintf("%q", v)
	}
	return fmt.Sprint(token)
}

func checkText(token json.Token, t reflect.Type, path string) error {
	s, ok := token.(string)
	if !ok {
		return badInput(path, "", "want a text in quotes, not %s", shown(token))
	}
	switch {
	case t == typeDate:
		if d, err := steering.ParseDate(s); err != nil || d.String() != s {
			return badInput(path, "write it as YYYY-MM-DD, or leave the field out", "%q is no date", s)
		}
	case t == typeMoment:
		if _, err := time.Parse(time.RFC3339, s); err != nil {
			return badInput(path, "write it as 2026-03-02T14:00:00Z", "%q is no moment", s)
		}
	case allowed[t] != nil:
		if !slices.Contains(allowed[t], s) {
			return badInput(path, "want one of "+strings.Join(allowed[t], ", "), "%q is unknown", s)
		}
	case strings.ContainsRune(s, 0):
		return badInput(path, "", "it holds a NUL character")
	}
	return nil
}

// fieldOf is what a struct says of one of its JSON fields.
type fieldOf struct {
	t        reflect.Type
	required bool
}

// knownFields keeps what fieldsOf found, by type.
var knownFields sync.Map

func fieldsOf(t reflect.Type) map[string]fieldOf {
	if m, ok := knownFields.Load(t); ok {
		return m.(map[string]fieldOf)
	}
	m := map[string]fieldOf{}
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name != "" && name != "-" {
			m[name] = fieldOf{f.Type, options == ""} // what may be absent says omitempty or omitzero
		}
	}
	knownFields.Store(t, m)
	return m
}

func (c *shape) object(token json.Token, t reflect.Type, path string, depth int) error {
	if token != json.Delim('{') {
		return badInput(path, "", "want an object, not %s", shown(token))
	}
	known, seen := fieldsOf(t), map[string]bool{}
	for c.d.More() {
		name, err := c.name(path, seen)
		if err != nil {
			return err
		}
		f, ok := known[name]
		if !ok {
			return badInput(join(path, name), "take it out, or correct its name: "+strings.Join(sortedKeys(known), ", "), "unknown field")
		}
		if err := c.value(f.t, join(path, name), depth+1); err != nil {
			return err
		}
	}
	for _, name := range sortedKeys(known) {
		if known[name].required && !seen[name] {
			return badInput(join(path, name), "", "the field is missing")
		}
	}
	return c.end(path)
}

// name reads the next field's name and refuses one that was there.
func (c *shape) name(path string, seen map[string]bool) (string, error) {
	token, err := c.d.Token()
	if err != nil {
		return "", badInput(path, "", "no JSON: %v", err)
	}
	name := token.(string) // the decoder gives nothing else in this place
	if seen[name] {
		return "", badInput(join(path, name), "keep one of them", "the field is there twice")
	}
	seen[name] = true
	return name, nil
}

func (c *shape) end(path string) error {
	if _, err := c.d.Token(); err != nil {
		return badInput(path, "", "no JSON: %v", err)
	}
	return nil
}

func (c *shape) list(token json.Token, t reflect.Type, path string, depth int) error {
	if token != json.Delim('[') {
		return badInput(path, "", "want a list, not %s", shown(token))
	}
	for i := 0; c.d.More(); i++ {
		if err := c.value(t, fmt.Sprintf("%s[%d]", path, i), depth+1); err != nil {
			return err
		}
	}
	return c.end(path)
}

func (c *shape) dictionary(token json.Token, t reflect.Type, path string, depth int) error {
	if token != json.Delim('{') {
		return badInput(path, "", "want an object, not %s", shown(token))
	}
	seen := map[string]bool{}
	for c.d.More() {
		name, err := c.name(path, seen)
		if err != nil {
			return err
		}
		if err := c.value(t, join(path, name), depth+1); err != nil {
			return err
		}
	}
	return c.end(path)
}

// anything follows a value of any kind, as the audit's fields are.
func (c *shape) anything(token json.Token, path string, depth int) error {
	switch token {
	case json.Delim('{'):
		return c.dictionary(token, reflect.TypeFor[any](), path, depth)
	case json.Delim('['):
		return c.list(token, reflect.TypeFor[any](), path, depth)
	}
	if n, ok := token.(json.Number); ok {
		if _, err := n.Float64(); err != nil {
			return badInput(path, "", "%s is out of range", n)
		}
	}
	return nil
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
