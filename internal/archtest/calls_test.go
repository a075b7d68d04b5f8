package archtest

import (
	"go/ast"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// forbidden tells why a name must not be used outside tests; how says when it may be: as the default of a field, which
// a test can set, or not at all.
var forbidden = map[string]struct{ how, why string }{
	"time.Now":   {"default", "virtual time breaks here: take the moment as an argument or from a Now field"},
	"time.After": {"default", "virtual time breaks here: wait through a field of which this is the default"},
	"time.Sleep": {"never", "virtual time breaks here: wait for the event"},
	"time.Tick":  {"never", "virtual time breaks here, and it never stops"},
	"time.Since": {"never", "it reads the clock: subtract from the moment that was given"},
	"time.Until": {"never", "it reads the clock: subtract from the moment that was given"},
	"os.Exit":    {"never", "a library returns its errors; only the program ends itself"},
	"log.Fatal":  {"never", "a library returns its errors; only the program ends itself"},
	"panic":      {"never", "what can go wrong while people talk is an error"},
}

// chance names the generators that a caller could not repeat.
var chance = []string{"Float64", "Float32", "Int", "IntN", "Int64", "Int64N", "Int32", "Int32N", "N", "Perm", "Shuffle", "Uint32", "Uint64", "NormFloat64", "ExpFloat64"}

func TestForbiddenCalls(t *testing.T) {
	for _, f := range source(t) {
		if f.test {
			continue
		}
		for _, use := range uses(f) {
			if !allowed(f, use) {
				t.Errorf("%s:%d: %s: %s", f.name, use.line, use.name, use.why)
			}
		}
	}
}

// use is one place that names something forbidden.
type use struct {
	name, how, why string
	line           int
	isDefault      bool // it is the value that an assignment gives a field or a variable
}

func allowed(f *file, u use) bool {
	return u.how == "default" && u.isDefault && !within(f.folder(), "steering") || slices.ContainsFunc(exempt, func(e exemption) bool { return e.covers(f, u) })
}

func (e exemption) covers(f *file, u use) bool {
	return strings.HasPrefix(f.name, e.file) && slices.Contains(strings.Fields(e.call), u.name)
}

// What is exempt from a rule and need not be hides the next mistake.
func TestExemptionsAreNeeded(t *testing.T) {
	for _, e := range exempt {
		for call := range strings.FieldsSeq(e.call) {
			one := exemption{e.file, call, e.why}
			needed := slices.ContainsFunc(source(t), func(f *file) bool {
				return !f.test && slices.ContainsFunc(uses(f), func(u use) bool { return one.covers(f, u) })
			})
			if !needed {
				t.Errorf("nothing in %s uses %s: the exemption goes", e.file, call)
			}
		}
	}
}

// uses finds what is forbidden in a file, each place once.
func uses(f *file) []use {
	names := imports(f)
	var defaults []ast.Expr
	ast.Inspect(f.ast, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			defaults = append(defaults, n.Rhs...)
		case *ast.KeyValueExpr:
			defaults = append(defaults, n.Value)
		}
		return true
	})
	var found []use
	add := func(n ast.Expr, name, how, why string) {
		found = append(found, use{name, how, why, f.line(n), slices.Contains(defaults, n)})
	}
	ast.Inspect(f.ast, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if id, ok := n.Fun.(*ast.Ident); ok && id.Name == "panic" {
				add(id, "panic", forbidden["panic"].how, forbidden["panic"].why)
			}
		case *ast.SelectorExpr:
			pkg, ok := n.X.(*ast.Ident)
			if !ok {
				return true
			}
			name := names[pkg.Name] + "." + n.Sel.Name
			if rule, bad := forbidden[name]; bad {
				add(n, name, rule.how, rule.why)
			}
			if strings.HasPrefix(names[pkg.Name], "math/rand") && slices.Contains(chance, n.Sel.Name) {
				add(n, "rand."+n.Sel.Name, "default", "nobody can repeat it: draw through a field of which this is the default")
			}
		}
		return true
	})
	return found
}

// imports maps the names in a file to the packages they stand for.
func imports(f *file) map[string]string {
	names := map[string]string{}
	for _, spec := range f.ast.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		name := path.Base(imported)
		if name == "v2" {
			name = path.Base(path.Dir(imported))
		}
		if spec.Name != nil {
			name = spec.Name.Name
		}
		names[name] = imported
	}
	return names
}
