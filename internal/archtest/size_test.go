package archtest

import (
	"go/ast"
	"regexp"
	"strings"
	"testing"
)

// A file that outgrows its subject is two files.
func TestFileLength(t *testing.T) {
	for _, f := range source(t) {
		limit := maxLines
		if f.test {
			limit = maxTestLines
		}
		if lines := strings.Count(f.text, "\n"); lines > limit {
			t.Errorf("%s has %d lines, the limit is %d: give its second subject a file of its own", f.name, lines, limit)
		}
	}
}

// A function that does not fit a screen does several things.
func TestFunctionLength(t *testing.T) {
	for _, f := range source(t) {
		for _, decl := range f.ast.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || fn.Body == nil || f.test {
				continue
			}
			if lines := f.fset.Position(fn.End()).Line - f.line(fn) - tableLines(f, fn.Body); lines > maxFunction {
				t.Errorf("%s:%d: %s has %d lines, the limit is %d", f.name, f.line(fn), fn.Name.Name, lines, maxFunction)
			}
		}
	}
}

// tableLines counts the lines of the composite literals in a body: data, whatever its length.
func tableLines(f *file, body ast.Node) int {
	lines := 0
	ast.Inspect(body, func(n ast.Node) bool {
		table, ok := n.(*ast.CompositeLit)
		if ok {
			lines += f.fset.Position(table.End()).Line - f.line(table)
		}
		return !ok
	})
	return lines
}

var unfinished = regexp.MustCompile(`\b(TODO|FIXME|XXX|HACK)\b`)

// What is not done stands in the report of who left it, not in the code.
func TestNothingUnfinished(t *testing.T) {
	for _, f := range source(t) {
		for _, group := range f.ast.Comments {
			if mark := unfinished.FindString(group.Text()); mark != "" {
				t.Errorf("%s:%d: a comment says %s", f.name, f.line(group), mark)
			}
		}
	}
}
