package storage

import (
	"encoding/json"
	"slices"
	"strings"

	"timonel/steering"
)

// blank stands where a person's words were. It is of no language.
const blank = "[…]"

// Fields by their names in the export, wherever they are nested: those that hold what people wrote, and those that hold who
// somebody is.
var (
	textFields   = []string{"text", "reason", "because", "blocked_by", "minutes"}
	personFields = []string{"by", "person", "owner", "raised_by"}
	peopleFields = []string{"votes", "who"}
)

// scrubber replaces one person in documents, and their words. It first gathers the words, because a change of another person
// carries them along as what was there before.
type scrubber struct {
	old, new string
	words    map[string]bool
	taken    int // how many texts were replaced
}

func newScrubber(old, replacement string) *scrubber {
	return &scrubber{old: old, new: replacement, words: map[string]bool{}}
}

// document returns a JSON document without the person, and whether they were in it. Authored says that the whole is theirs;
// gather only learns their words.
func (s *scrubber) document(doc string, authored, gather bool) (string, bool, error) {
	if doc == "" {
		return "", false, nil
	}
	var tree any
	d := json.NewDecoder(strings.NewReader(doc))
	d.UseNumber()
	if err := d.Decode(&tree); err != nil {
		return "", false, err
	}
	w := &scrubbing{scrubber: s, gather: gather}
	tree = w.value(tree, authored)
	if gather || !w.met {
		return doc, w.met, nil
	}
	text, err := canonical(tree)
	return text, true, err
}

type scrubbing struct {
	*scrubber
	gather, met bool
}

func (w *scrubbing) value(v any, authored bool) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = w.value(v[i], authored)
		}
	case map[string]any:
		for _, name := range []string{"by", "person"} {
			if author, says := v[name].(string); says {
				authored = author == w.old
			}
		}
		for _, name := range sortedKeys(v) {
			v[name] = w.field(name, v[name], authored)
		}
	}
	return v
}

func (w *scrubbing) field(name string, v any, authored bool) any {
	text, isText := v.(string)
	switch {
	case isText && slices.Contains(personFields, name):
		return w.person(text)
	case isText && slices.Contains(textFields, name):
		return w.text(text, authored)
	case slices.Contains(peopleFields, name):
		if list, ok := v.([]any); ok {
			for i := range list {
				if who, ok := list[i].(string); ok {
					list[i] = w.person(who)
				}
			}
		}
		return v
	}
	return w.value(v, authored)
}

func (w *scrubbing) person(id string) string {
	if id != w.old {
		return id
	}
	w.met = true
	return w.new
}

// text replaces what the person wrote. What the bot itself put there is nobody's.
func (w *scrubbing) text(text string, authored bool) string {
	if text == "" || text == blank || text == steering.MeetingReasonMissed || !authored && !w.words[text] {
		return text
	}
	w.met = true
	if w.gather {
		w.words[text] = true
		return text
	}
	w.taken++
	return blank
}

// entry takes the person out of an entry of the audit, and reports whether they were in it.
func (s *scrubber) entry(e *entry) (changed bool, err error) {
	own := string(e.By) == s.old
	taken := s.taken
	defer func() { s.taken = taken }() // texts are counted where they stand now
	before, was, err := s.document(e.before, false, false)
	if err != nil {
		return false, err
	}
	after, is, err := s.document(e.after, own, false)
	if err != nil {
		return false, err
	}
	object, ref := s.about(e), e.ref
	if slices.Contains([]string{kindMember, kindTraining, kindMute, kindAnswer}, e.kind) {
		ref = s.object(ref)
	}
	changed = own || was || is || object != e.Object || ref != e.ref
	if own {
		e.By = steering.PersonID(s.new)
	}
	if e.Project == "" && e.Object == s.old { // about nobody but them
		before, after, ref = "", "", s.new
	}
	e.before, e.after, e.Object, e.ref = before, after, object, ref
	return changed, nil
}

// about is the name of the object of an entry, without the person.
func (s *scrubber) about(e *entry) string {
	if e.Project == "" && e.Object == s.old {
		return s.new
	}
	return s.object(e.Object)
}

// object is an object's name, or its id, without the person: both hold people in whole parts.
func (s *scrubber) object(name string) string {
	for _, mark := range []string{" ", "/"} {
		parts := strings.Split(name, mark)
		for i, part := range parts {
			if part == s.old && len(parts) > 1 {
				parts[i] = s.new
			}
		}
		name = strings.Join(parts, mark)
	}
	first, rest, spaced := strings.Cut(name, " ")
	if spaced && strings.Contains(rest, "/") {
		return first + " " + s.object(rest)
	}
	return name
}

// project returns a copy of a project without the person, and whether they were in it.
func (s *scrubber) project(p *steering.Project, gather bool) (*steering.Project, bool, error) {
	own := p.Clone()
	own.Normalize()
	w := &scrubbing{scrubber: s, gather: gather}
	for _, a := range own.Actions {
		a.Text = w.text(a.Text, string(a.RaisedBy) == s.old)
		a.RaisedBy = steering.PersonID(w.person(string(a.RaisedBy)))
	}
	for _, r := range own.Risks {
		r.Text = w.text(r.Text, string(r.RaisedBy) == s.old)
		r.RaisedBy = steering.PersonID(w.person(string(r.RaisedBy)))
	}
	for _, i := range own.Issues {
		i.Text = w.text(i.Text, string(i.RaisedBy) == s.old)
		i.RaisedBy = steering.PersonID(w.person(string(i.RaisedBy)))
	}
	doc, err := encode(own)
	if err != nil {
		return nil, false, err
	}
	text, met, err := s.document(doc, false, gather)
	if err != nil || gather {
		return nil, met || w.met, err
	}
	clean := &steering.Project{}
	if err := decode(text, clean); err != nil {
		return nil, false, err
	}
	for i, a := range own.Actions {
		clean.Actions[i].RaisedBy = a.RaisedBy
	}
	for i, r := range own.Risks {
		clean.Risks[i].RaisedBy = r.RaisedBy
	}
	for i, e := range own.Issues {
		clean.Issues[i].RaisedBy = e.RaisedBy
	}
	clean.Normalize()
	return clean, met || w.met, nil
}

// mentions reports whether a document holds the person's name, a handle or words of theirs.
func (s *scrubber) mentions(doc string, p *steering.Person) bool {
	inner := func(text string) string { q := quoted(text); return q[1 : len(q)-1] }
	if p.Name != "" && strings.Contains(doc, inner(p.Name)) {
		return true
	}
	for _, handle := range p.Handles {
		if handle != "" && strings.Contains(doc, inner(handle)) {
			return true
		}
	}
	for word := range s.words {
		if len(word) > 3 && strings.Contains(doc, inner(word)) {
			return true
		}
	}
	return false
}
