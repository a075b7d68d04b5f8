package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"

	"timonel/steering"
)

// ImportResult counts what Import stored.
type ImportResult struct {
	Projects []string // their keys, in the file's order
	People   int      // new ones and known ones
	Audit    int
}

// Import reads what Export wrote and stores all of it or nothing. What is wrong in the file is an *InputError. A project
// whose key is there already is refused. A person whose id is there already stays, with what the file adds: its handles on
// platforms where the person has none, its name and language where they are empty; a handle that differs, or that is
// somebody else's, is refused. The audit is appended and its chains of hashes computed anew.
func (db *DB) Import(ctx context.Context, r io.Reader, progress Progress) (ImportResult, error) {
	var result ImportResult
	// One attempt: what was read cannot be read again.
	err := db.attempt(ctx, func(tx *Tx) (err error) {
		result, err = tx.importFrom(r, progress)
		return err
	})
	if err != nil {
		return ImportResult{}, wrap("import", err)
	}
	return result, nil
}

func (tx *Tx) importFrom(r io.Reader, progress Progress) (ImportResult, error) {
	source := &portions{r: r, left: mostElement}
	im := &importer{
		tx: tx, source: source, d: json.NewDecoder(source), progress: progress,
		people: map[steering.PersonID]bool{}, named: map[steering.PersonID]string{}, histories: map[string]*history{},
		first: map[string]string{},
	}
	im.d.UseNumber()
	err := im.run()
	return im.result, err
}

// importer reads one file. Its top-level lists may stand in any order, so references between them are checked at the end.
type importer struct {
	tx        *Tx
	source    *portions
	d         *json.Decoder // of source
	progress  Progress
	result    ImportResult
	format    bool
	people    map[steering.PersonID]bool   // whom the file lists
	named     map[steering.PersonID]string // whom it names, and where first
	order     []steering.PersonID          // … in the order of the file
	histories map[string]*history          // by project
	pending   []entry                      // audit entries not written yet
	first     map[string]string            // where the audit names a project first
}

// mostElement bounds one project, person or entry of a file, in bytes: it is held in memory as a whole. A project of ours is
// some hundred kilobytes.
const mostElement = 16 << 20

var errElement = errors.New("the element is too large")

// portions gives out a file as far as the reader's present element may reach.
type portions struct {
	r    io.Reader
	left int64
}

// Read implements io.Reader.
func (p *portions) Read(b []byte) (int, error) {
	if p.left <= 0 {
		return 0, errElement
	}
	n, err := p.r.Read(b[:min(int64(len(b)), p.left)])
	p.left -= int64(n)
	return n, err
}

// more reports whether another element follows, and lets it be read: what was read of it ahead stays in the decoder.
func (im *importer) more() bool {
	im.source.left = mostElement
	return im.d.More()
}

func (im *importer) run() error {
	if err := im.open('{', ""); err != nil {
		return err
	}
	seen := map[string]bool{}
	for im.more() {
		token, err := im.d.Token()
		if err != nil {
			return im.broken("", err)
		}
		name := token.(string) // the decoder gives nothing else in this place
		if seen[name] {
			return badInput(name, "keep one of them", "the field is there twice")
		}
		seen[name] = true
		if err := im.section(name); err != nil {
			return err
		}
	}
	if _, err := im.d.Token(); err != nil {
		return im.broken("", err)
	}
	if _, err := im.d.Token(); err != io.EOF {
		return badInput("", "", "something follows the end of the export")
	}
	if !im.format {
		return badInput("format", "it must be 1", "the field is missing")
	}
	return im.finish()
}

func (im *importer) section(name string) error {
	switch name {
	case "format":
		var n json.RawMessage
		if err := im.d.Decode(&n); err != nil || string(n) != fmt.Sprint(exportFormat) {
			return badInput("format", "export it anew with this version", "this version reads format %d only", exportFormat)
		}
		im.format = true
		return nil
	case "people":
		return im.list(name, im.person)
	case "projects":
		return im.list(name, im.project)
	case "audit":
		return im.list(name, im.entry)
	}
	return badInput(name, "an export has format, people, projects and audit", "unknown field")
}

// list calls each for the documents of a top-level list.
func (im *importer) list(name string, each func(doc []byte, path string) error) error {
	if err := im.open('[', name); err != nil {
		return err
	}
	for i := 0; im.more(); i++ {
		path := fmt.Sprintf("%s[%d]", name, i)
		var doc json.RawMessage
		if err := im.d.Decode(&doc); err != nil {
			return im.broken(path, err)
		}
		if err := each(doc, path); err != nil {
			return err
		}
	}
	_, err := im.d.Token()
	return im.broken(name, err)
}

func (im *importer) open(delim json.Delim, path string) error {
	token, err := im.d.Token()
	if err != nil {
		return im.broken(path, err)
	}
	if token != delim {
		return badInput(path, "", "want %q, not %s", delim.String(), shown(token))
	}
	return nil
}

// broken explains that the file is no JSON, with the place; nil stays nil.
func (im *importer) broken(path string, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, errElement) {
		return badInput(path, "is it an export of Timonel's?", "it is larger than %d MiB", mostElement>>20)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return badInput(path, "is it complete?", "the file ends in the middle")
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return badInput(path, "", "no JSON at byte %d: %v", syntax.Offset, err)
	}
	return err // the reader's own error
}

// read checks a document's shape and reads it.
func read[T any](doc []byte, path string) (*T, error) {
	if err := checkShape(doc, reflect.TypeFor[T](), path); err != nil {
		return nil, err
	}
	v := new(T)
	if err := json.Unmarshal(doc, v); err != nil {
		return nil, badInput(path, "", "%v", err)
	}
	return v, nil
}

// name notes that the file names a person at path.
func (im *importer) name(id steering.PersonID, path string) {
	if _, ok := im.named[id]; !ok && id != "" {
		im.named[id] = path
		im.order = append(im.order, id)
	}
}

func (im *importer) person(doc []byte, path string) error {
	p, err := read[steering.Person](doc, path)
	if err != nil {
		return err
	}
	if p.ID == "" {
		return badInput(path+".id", "", "it is empty")
	}
	if im.people[p.ID] {
		return badInput(path+".id", "keep one of them", "person %q is there twice", p.ID)
	}
	im.people[p.ID] = true
	have, err := im.tx.Person(p.ID)
	switch {
	case err == nil:
		if err := mergePerson(have, p, path); err != nil {
			return err
		}
		p = have
	case !errors.Is(err, ErrNotFound):
		return err
	}
	im.result.People++
	err = im.tx.PutPerson(p)
	var refused *steering.Error
	if errors.As(err, &refused) && refused.Key == KeyHandleTaken {
		return badInput(fmt.Sprintf("%s.handles.%s", path, refused.Args["platform"]), "correct one of the two",
			"%q is the handle of %q", refused.Args["handle"], refused.Args["person"])
	}
	return err
}

// mergePerson adds to a known person what the file knows more.
func mergePerson(have, p *steering.Person, path string) error {
	if have.Name == "" {
		have.Name = p.Name
	}
	if have.Language == "" {
		have.Language = p.Language
	}
	for _, platform := range sortedKeys(p.Handles) {
		known, handle := have.Handles[platform], p.Handles[platform]
		if known != "" && known != handle {
			return badInput(path+".handles."+platform, "correct it, or give the person another id",
				"%q is known here with another handle, %q", p.ID, known)
		}
		if have.Handles == nil {
			have.Handles = map[string]string{}
		}
		have.Handles[platform] = handle
	}
	return nil
}

func (im *importer) project(doc []byte, path string) error {
	p, err := read[steering.Project](doc, path)
	if err != nil {
		return err
	}
	if err := p.Validate(); err != nil {
		return &InputError{Problem: err.Error()} // it says where and what to do
	}
	if err := checkSent(p, path); err != nil {
		return err
	}
	eachPlace(reflect.ValueOf(p).Elem(), path, im.name)
	_, err = im.tx.insertProject(p)
	var refused *steering.Error
	if errors.As(err, &refused) {
		return badInput(path+".key", "import it under another key, or into an empty database", "project %s is there already", p.Key)
	}
	if err == nil {
		// What fell due while the state was on its way is owed: it is settled by its sent notices alone.
		err = im.tx.SetSchedule(p.Key, im.tx.now, time.Unix(0, 0))
	}
	if err != nil {
		return err
	}
	// What is kept to know it later is not needed, and a large file would fill the memory with it.
	im.history(p.Key).lastKey = im.tx.stored[p.Key].lastKey
	delete(im.tx.stored, p.Key)
	delete(im.tx.saved, p.Key)
	delete(im.tx.handed, p)
	im.history(p.Key).stored = true
	im.result.Projects = append(im.result.Projects, p.Key)
	im.progress.tell(len(im.result.Projects), 0)
	return nil
}

// checkSent refuses a notice that is there twice: stored, it would be there once.
func checkSent(p *steering.Project, path string) error {
	seen := map[steering.Sent]bool{}
	for i, s := range p.Sent {
		s.At = time.Time{}
		if seen[s] {
			return badInput(fmt.Sprintf("%s.sent[%d]", path, i), "keep one of them", "this notice is there twice")
		}
		seen[s] = true
	}
	return nil
}

// eachPlace calls f for every person that v names, with the path to the name.
func eachPlace(v reflect.Value, path string, f func(steering.PersonID, string)) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			eachPlace(v.Elem(), path, f)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			if name != "" && name != "-" {
				eachPlace(v.Field(i), path+"."+name, f)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			eachPlace(v.Index(i), fmt.Sprintf("%s[%d]", path, i), f)
		}
	case reflect.String:
		if id, ok := v.Interface().(steering.PersonID); ok {
			f(id, path)
		}
	}
}
