package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

const module = "timonel/"

// file is one Go file of ours; test tells whether only tests are built with it.
type file struct {
	name string // slash-separated, from the module's root
	test bool
	ast  *ast.File
	fset *token.FileSet
	text string
}

func (f *file) folder() string { return path.Dir(f.name) }

func (f *file) line(n ast.Node) int { return f.fset.Position(n.Pos()).Line }

// root is the module's root, two folders up.
var root = filepath.Join("..", "..")

var parsed = sync.OnceValues(func() ([]*file, error) {
	var files []*file
	fset := token.NewFileSet()
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if base := d.Name(); d.IsDir() && name != root && (strings.HasPrefix(base, ".") || base == "testdata" || base == "node_modules") {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(name) != ".go" {
			return nil
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		tree, err := parser.ParseFile(fset, name, data, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		files = append(files, &file{filepath.ToSlash(rel), strings.HasSuffix(name, "_test.go"), tree, fset, string(data)})
		return nil
	})
	return files, err
})

// source returns the Go files of the module.
func source(t *testing.T) []*file {
	t.Helper()
	files, err := parsed()
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 50 {
		t.Fatalf("found %d Go files: this is not the module", len(files))
	}
	return files
}
