package storage

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"reflect"
	"time"

	"timonel/steering"
)

// exportFormat is the number of the export's format; import reads no other.
const exportFormat = 1

// Progress is told how much of a long work is done; total is 0 when it is not known. A nil Progress is told nothing.
type Progress func(done, total int)

func (p Progress) tell(done, total int) {
	if p != nil {
		p(done, total)
	}
}

// Export writes the state of one project, or of everything with key "", as the contract's JSON: indented, in a stable
// order, the same bytes for the same state. It streams: one project is in memory at a time.
func (db *DB) Export(ctx context.Context, w io.Writer, key string, progress Progress) error {
	return db.View(ctx, func(tx *Tx) error {
		return wrap("export", tx.exportTo(w, key, progress))
	})
}

func (tx *Tx) exportTo(w io.Writer, key string, progress Progress) error {
	out := bufio.NewWriterSize(w, 1<<16)
	e := &exporter{tx: tx, w: out, progress: progress}
	if err := e.run(key); err != nil {
		return err
	}
	return out.Flush()
}

// ExportState is what Export writes, as a value.
func (tx *Tx) ExportState(key string) (*steering.State, error) {
	var b bytes.Buffer
	if err := tx.exportTo(&b, key, nil); err != nil {
		return nil, wrap("export", err)
	}
	state := &steering.State{}
	return state, wrap("export", decode(b.String(), state))
}

// exporter writes one export.
type exporter struct {
	tx       *Tx
	w        *bufio.Writer
	progress Progress
	list     string // the list that is open
}

func (e *exporter) run(key string) error {
	keys := []string{key}
	if key == "" {
		var err error
		if keys, err = e.tx.ProjectKeys(); err != nil {
			return err
		}
	}
	io.WriteString(e.w, "{\n  \"format\": 1") // the writer keeps its first error for Flush
	if err := e.people(key); err != nil {
		return err
	}
	for i, k := range keys {
		p, err := e.tx.whole(k)
		if err != nil {
			return err
		}
		if err := e.add("projects", p); err != nil {
			return err
		}
		e.progress.tell(len(keys)+i+1, 2*len(keys)) // finding the people was the first half
	}
	if err := e.audit(key); err != nil {
		return err
	}
	e.close()
	_, err := io.WriteString(e.w, "\n}\n")
	return err
}

// whole loads a project with Sent, and lets go of what loading kept.
func (tx *Tx) whole(key string) (*steering.Project, error) {
	s, err := tx.snapshot(key)
	if err != nil {
		return nil, err
	}
	delete(tx.stored, key)
	p := s.project.Clone()
	if p.Sent, err = tx.Sent(key); err != nil {
		return nil, err
	}
	p.Normalize()
	return p, nil
}

// people writes everybody, or of one project those whom it or its audit names. Whoever is named without being known gets
// an entry of that id, so that what is exported can be imported.
func (e *exporter) people(key string) error {
	known, err := e.tx.People()
	if err != nil {
		return err
	}
	named := map[steering.PersonID]bool{}
	keys := []string{key}
	if key == "" {
		if keys, err = e.tx.ProjectKeys(); err != nil {
			return err
		}
	}
	for i, k := range keys {
		e.progress.tell(i, 2*len(keys))
		s, err := e.tx.snapshot(k)
		if err != nil {
			return err
		}
		delete(e.tx.stored, k)
		eachPerson(reflect.ValueOf(s.project), func(id steering.PersonID) { named[id] = true })
	}
	query, args := `SELECT DISTINCT person FROM audit WHERE person <> ''`, []any{}
	if key != "" {
		query, args = query+` AND project = $1`, append(args, key)
	}
	actors, err := e.tx.texts(query+` ORDER BY person`, args...)
	if err != nil {
		return err
	}
	for _, id := range actors {
		named[steering.PersonID(id)] = true
	}
	people := map[steering.PersonID]*steering.Person{}
	for _, p := range known {
		if key == "" || named[p.ID] {
			people[p.ID] = p
		}
	}
	for id := range named {
		if people[id] == nil {
			people[id] = &steering.Person{ID: id, Name: string(id)}
		}
	}
	for _, id := range sortedKeys(people) {
		if err := e.add("people", people[id]); err != nil {
			return err
		}
	}
	return nil
}

// eachPerson calls f for every person that v names, itself or in its fields.
func eachPerson(v reflect.Value, f func(steering.PersonID)) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			eachPerson(v.Elem(), f)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				eachPerson(v.Field(i), f)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			eachPerson(v.Index(i), f)
		}
	case reflect.String:
		if id, ok := v.Interface().(steering.PersonID); ok && id != "" {
			f(id)
		}
	}
}

// auditRow is an audit entry as the export writes it: before and after are the text that the chain of hashes covers.
type auditRow struct {
	At      time.Time         `json:"at"`
	Project string            `json:"project,omitempty"`
	By      steering.PersonID `json:"by,omitempty"`
	Action  string            `json:"action"`
	Object  string            `json:"object,omitempty"`
	Before  json.RawMessage   `json:"before,omitempty"`
	After   json.RawMessage   `json:"after,omitempty"`
	Via     string            `json:"via,omitempty"`
}

func (e *exporter) audit(key string) error {
	each := func(a *entry) error {
		return e.add("audit", auditRow{a.At, a.Project, a.By, a.Action, a.Object, json.RawMessage(a.before), json.RawMessage(a.after), a.Via})
	}
	if key == "" {
		return e.tx.entries(each, `seq > 0 ORDER BY at, seq`)
	}
	return e.tx.entries(each, `project = $1 ORDER BY at, seq`, key)
}

// add writes an element of one of the top-level lists, which it opens and closes as needed.
func (e *exporter) add(list string, element any) error {
	doc, err := encode(element)
	if err != nil {
		return err
	}
	if e.list != list {
		e.close()
		io.WriteString(e.w, ",\n  \""+list+"\": [\n    ")
		e.list = list
	} else {
		io.WriteString(e.w, ",\n    ")
	}
	var b bytes.Buffer
	if err := json.Indent(&b, []byte(doc), "    ", "  "); err != nil {
		return err
	}
	_, err = b.WriteTo(e.w)
	return err
}

func (e *exporter) close() {
	if e.list != "" {
		io.WriteString(e.w, "\n  ]")
	}
	e.list = ""
}
