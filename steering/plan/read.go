package plan

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"timonel/internal/nearest"
	"timonel/steering"
)

// maxBytes and maxMilestones bound a plan file: it is written by hand, so that what is larger is another kind of file.
const (
	maxBytes      = 1 << 20
	maxMilestones = 1000
	maxText       = 500 // characters of one text
)

// ReadFile reads and checks a plan file. What is wrong with it comes as Problems, all of it at once.
func ReadFile(path string) (*Plan, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read plan: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxBytes+1)) // whatever the file is: a byte more is too much already
	if err != nil {
		return nil, fmt.Errorf("read plan: %w", err)
	}
	return Read(path, data)
}

// Read reads and checks a plan; name stands for the file in Problems and, without folder and extension, for the plan's
// key if the file gives none.
func Read(name string, data []byte) (*Plan, error) {
	r := &reader{report: report{file: name}, at: map[*Milestone]*place{}}
	if len(data) > maxBytes {
		r.add(1, "the file is larger than %d KiB", maxBytes>>10)
		return nil, r.err()
	}
	root, broken := parse(data)
	if broken != nil {
		r.add(broken.Line, "%s", broken.What)
		return nil, r.err()
	}
	p := &Plan{Mode: steering.ModeImplementation}
	fill(r, root, "plan", planForm, p)
	if p.Key == "" {
		p.Key = strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
	}
	if root.get("name") == nil {
		r.add(1, "the plan's name is missing")
	}
	r.check(p)
	if err := r.err(); err != nil {
		return nil, err
	}
	return p, nil
}

// reader reads one file. at keeps where things stand, for what can be checked only when everything is read.
type reader struct {
	report
	at     map[*Milestone]*place
	stages []*node
}

// place is where a milestone and its fields stand.
type place struct {
	line    int
	fields  map[string]int
	depends []int // the line of each of depends_on
}

// entry is one field that a table may hold.
type entry[T any] struct {
	key  string
	read func(r *reader, f field, into *T)
}

// fill reads a table by its form; what says which table it is.
func fill[T any](r *reader, table *node, what string, form []entry[T], into *T) {
	for _, f := range table.fields {
		i := slices.IndexFunc(form, func(e entry[T]) bool { return e.key == f.key })
		if i < 0 {
			r.unknown(f.line, what, "field", f.key, keys(form))
			continue
		}
		form[i].read(r, f, into)
	}
}

func keys[T any](form []entry[T]) []string {
	out := make([]string, len(form))
	for i, e := range form {
		out[i] = e.key
	}
	return out
}

// unknown reports a word that is none of those known, with the nearest of them or, when they are few, all.
func (r *reader) unknown(line int, what, kind, word string, known []string) {
	hint := ""
	if near := nearest.Of(word, known); near != "" {
		hint = fmt.Sprintf(" (did you mean %q?)", near)
	} else if len(known) > 0 && len(known) <= 8 {
		hint = " (one of: " + strings.Join(known, ", ") + ")"
	}
	r.add(line, "%s: unknown %s %q%s", what, kind, word, hint)
}

var planForm = []entry[Plan]{
	{"key", func(r *reader, f field, p *Plan) {
		if p.Key = r.text(f.key, f.value); strings.ContainsAny(p.Key, " \t\n") {
			r.add(f.line, "key %q: a key is one word, because people say it", p.Key)
		}
	}},
	{"name", func(r *reader, f field, p *Plan) { p.Name = r.textByLanguage(f.key, f.value) }},
	{"summary", func(r *reader, f field, p *Plan) { p.Summary = r.textByLanguage(f.key, f.value) }},
	{"mode", func(r *reader, f field, p *Plan) {
		p.Mode = oneOf(r, f.key, f.value, steering.ModeImplementation, steering.ModeOnboarding)
	}},
	{"language", func(r *reader, f field, p *Plan) { p.Language = oneOf(r, f.key, f.value, Languages...) }},
	{"settings", func(r *reader, f field, p *Plan) {
		if r.want(f.key, f.value, kindTable) {
			fill(r, f.value, "settings", settingsForm, &p.Settings)
		}
	}},
	{"stage", func(r *reader, f field, p *Plan) {
		for _, n := range r.tables(f) {
			var s Stage
			fill(r, n, label("stage", n, "key", len(p.Stages)+1), stageForm, &s)
			p.Stages, r.stages = append(p.Stages, s), append(r.stages, n)
		}
	}},
	{"milestone", func(r *reader, f field, p *Plan) {
		for _, n := range r.tables(f) {
			m := &Milestone{}
			r.at[m] = &place{line: n.line, fields: map[string]int{}}
			for _, g := range n.fields {
				r.at[m].fields[g.key] = g.line
			}
			fill(r, n, label("milestone", n, "id", len(p.Milestones)+1), milestoneForm, m)
			p.Milestones = append(p.Milestones, m)
		}
	}},
}

// label names a table of a list by its id, or by its place.
func label(what string, n *node, key string, place int) string {
	if id := n.get(key); id != nil && id.kind == kindText && id.text != "" {
		return fmt.Sprintf("%s %q", what, id.text)
	}
	return fmt.Sprintf("%s %d", what, place)
}

var stageForm = []entry[Stage]{
	{"key", func(r *reader, f field, s *Stage) { s.Key = r.text(f.key, f.value) }},
	{"name", func(r *reader, f field, s *Stage) { s.Name = r.textByLanguage(f.key, f.value) }},
}

// settingsForm holds the settings that belong to a kind of project rather than to a committee.
var settingsForm = []entry[steering.Settings]{
	{"alignment", func(r *reader, f field, s *steering.Settings) { s.Alignment = oneOf(r, f.key, f.value, "on", "off") }},
	{"review", func(r *reader, f field, s *steering.Settings) {
		s.Review = oneOf(r, f.key, f.value, "monthly", "quarterly", "off")
	}},
	{"invoice_every_months", func(r *reader, f field, s *steering.Settings) {
		s.InvoiceEvery = r.within(f.key, f.value, 1, 60)
	}},
}

var milestoneForm = []entry[Milestone]{
	{"id", func(r *reader, f field, m *Milestone) { m.ID = r.text(f.key, f.value) }},
	{"name", func(r *reader, f field, m *Milestone) { m.Name = r.textByLanguage(f.key, f.value) }},
	{"aliases", func(r *reader, f field, m *Milestone) { m.Aliases = r.textsByLanguage(f.key, f.value) }},
	{"stage", func(r *reader, f field, m *Milestone) { m.Stage = r.text(f.key, f.value) }},
	{"module", func(r *reader, f field, m *Milestone) { m.Module = r.text(f.key, f.value) }},
	{"side", func(r *reader, f field, m *Milestone) {
		m.Side = oneOf(r, f.key, f.value, steering.SideVendor, steering.SideClient, steering.SideBoth)
	}},
	{"owner", func(r *reader, f field, m *Milestone) { m.Owner = r.owners(f.key, f.value) }},
	{"week", func(r *reader, f field, m *Milestone) { m.When.Weeks = []int{r.within(f.key, f.value, 1, maxWeek)} }},
	{"weeks", func(r *reader, f field, m *Milestone) { m.When.Weeks = r.weeks(f.key, f.value) }},
	{"week_with", func(r *reader, f field, m *Milestone) { m.When.With = r.weekWith(f.key, f.value) }},
	{"due", func(r *reader, f field, m *Milestone) { m.When.Due = r.date(f.key, f.value) }},
	{"offset", func(r *reader, f field, m *Milestone) { m.When.Offset = r.offset(f.key, f.value) }},
	{"depends_on", func(r *reader, f field, m *Milestone) {
		m.DependsOn = r.texts(f.key, f.value)
		for _, n := range f.value.items {
			r.at[m].depends = append(r.at[m].depends, n.line)
		}
	}},
	{"gate", func(r *reader, f field, m *Milestone) { m.Gate = r.truth(f.key, f.value) }},
	{"signoff", func(r *reader, f field, m *Milestone) { m.SignOff = r.sides(f.key, f.value) }},
	{"optional", func(r *reader, f field, m *Milestone) { m.Optional = r.truth(f.key, f.value) }},
	{"checklist", func(r *reader, f field, m *Milestone) { m.Checklist = r.textsByLanguage(f.key, f.value) }},
}
