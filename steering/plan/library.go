package plan

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"timonel/steering"
)

//go:embed builtin/*.toml
var builtin embed.FS

// Library is the plans that a project can be made from: the built-in ones and the operator's own. It does not change
// once it is opened, and any number of goroutines may use it.
type Library struct {
	keys  []string
	plans map[string]*Plan
}

// builtins reads the built-in plans once; a test reads them all, so that no error is left for people.
var builtins = sync.OnceValues(func() (*Library, error) {
	l := &Library{plans: map[string]*Plan{}}
	files, err := fs.Glob(builtin, "builtin/*.toml")
	if err != nil {
		return nil, fmt.Errorf("list built-in plans: %w", err)
	}
	for _, name := range files {
		data, err := builtin.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read built-in plan: %w", err)
		}
		p, err := Read(name, data)
		if err != nil {
			return nil, fmt.Errorf("read built-in plan: %w", err)
		}
		l.put(p)
	}
	return l, nil
})

// Open returns the built-in plans together with the plan files (*.toml) of a folder, which may be "" for none. A file
// with a built-in plan's key takes its place. If any file is wrong, its Problems are in the error and no library is
// returned, so that an operator hears of it at the start and not from a committee.
func Open(dir string) (*Library, error) {
	base, err := builtins()
	if err != nil || dir == "" {
		return base, err
	}
	l := &Library{keys: slices.Clone(base.keys), plans: map[string]*Plan{}}
	for key, p := range base.plans {
		l.plans[key] = p
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("read the folder of plans: %w", err)
	}
	files := map[string]string{}
	var wrong []error
	for _, e := range entries {
		if e.IsDir() || filepath.Ext(e.Name()) != ".toml" || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		p, err := ReadFile(filepath.Join(dir, e.Name()))
		switch {
		case err != nil:
			wrong = append(wrong, err)
		case files[p.Key] != "":
			wrong = append(wrong, fmt.Errorf("plan %q stands in %s and in %s", p.Key, files[p.Key], e.Name()))
		default:
			files[p.Key] = e.Name()
			l.put(p)
		}
	}
	if err := errors.Join(wrong...); err != nil {
		return nil, err
	}
	return l, nil
}

func (l *Library) put(p *Plan) {
	l.plans[p.Key] = p
	if i, found := slices.BinarySearch(l.keys, p.Key); !found {
		l.keys = slices.Insert(l.keys, i, p.Key)
	}
}

// Keys lists the plans' keys in order.
func (l *Library) Keys() []string { return slices.Clone(l.keys) }

// Find returns the plan with that key, whatever its capitals. An unknown one is refused as a *steering.Error that names
// those there are.
func (l *Library) Find(key string) (*Plan, error) {
	if p := l.plans[key]; p != nil {
		return p, nil
	}
	for _, k := range l.keys {
		if strings.EqualFold(k, key) {
			return l.plans[k], nil
		}
	}
	refusal := refuse(KeyNoPlan, "plan", key, "known", strings.Join(l.keys, ", "))
	refusal.Code = steering.CodeNotFound
	return nil, refusal
}
