package main

import (
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"timonel/internal/config"
	"timonel/storage"
)

var root = filepath.Join("..", "..")

// texts reads the files below the module's root that end so, by their paths from there.
func texts(t *testing.T, ending string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if base := d.Name(); d.IsDir() && name != root && (strings.HasPrefix(base, ".") || base == "testdata" || base == "node_modules") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ending) {
			return nil
		}
		raw, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		found[filepath.ToSlash(rel)] = string(raw)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// documents are the documents, which must name something of what a test looks for.
func documents(t *testing.T, names *regexp.Regexp, each func(document, name string)) {
	t.Helper()
	found := 0
	for document, text := range texts(t, ".md") {
		for _, m := range names.FindAllStringSubmatch(text, -1) {
			found++
			each(document, m[1])
		}
	}
	if found == 0 {
		t.Errorf("no document holds anything like %s", names)
	}
}

// What a document links to is there.
func TestDocumentsLinkToWhatIsThere(t *testing.T) {
	documents(t, regexp.MustCompile(`\]\(([^)#:]+)(?:#[^)]*)?\)`), func(document, link string) {
		if _, err := os.Stat(filepath.Join(root, filepath.Dir(document), filepath.FromSlash(link))); err != nil {
			t.Errorf("%s links to %s, which is not there", document, link)
		}
	})
}

// The tests that a document tells to run exist.
func TestDocumentsNameTestsThatExist(t *testing.T) {
	var tests []string
	for _, text := range texts(t, "_test.go") {
		for _, m := range regexp.MustCompile(`(?m)^func ((?:Test|Benchmark|Fuzz)\w+)\(`).FindAllStringSubmatch(text, -1) {
			tests = append(tests, m[1])
		}
	}
	documents(t, regexp.MustCompile(`-(?:run|bench|fuzz)[ =]'?([A-Z][\w|$]+)`), func(document, pattern string) {
		for name := range strings.SplitSeq(pattern, "|") {
			if !slices.ContainsFunc(tests, regexp.MustCompile(name).MatchString) {
				t.Errorf("%s tells to run %s, and no test is called so", document, name)
			}
		}
	})
}

// The variables that a document names are read by something: by a test, or as a key of the configuration.
func TestDocumentsNameVariablesThatAreRead(t *testing.T) {
	known := map[string]bool{}
	for _, text := range texts(t, ".go") {
		for _, m := range regexp.MustCompile(`"(TIMONEL_[A-Z_]+)"`).FindAllStringSubmatch(text, -1) {
			known[m[1]] = true
		}
	}
	section := ""
	for line := range strings.Lines(texts(t, "config.example.toml")["config.example.toml"]) {
		if name, found := strings.CutPrefix(strings.TrimSpace(line), "["); found {
			section, _, _ = strings.Cut(name, "]")
		} else if key, _, found := strings.Cut(strings.TrimLeft(line, "# "), " ="); found {
			known[strings.ToUpper(config.EnvPrefix+section+"_"+key)] = true
		}
	}
	documents(t, regexp.MustCompile(`\b(TIMONEL_[A-Z_]*[A-Z])\b`), func(document, name string) {
		if !known[name] && !known[strings.TrimSuffix(name, "_SEED")] {
			t.Errorf("%s names %s, which nothing reads", document, name)
		}
	})
}

// The metrics that a document names are there, in a bot to which everything has happened.
func TestDocumentsNameMetricsThatAreThere(t *testing.T) {
	w := newWatched(t, nil)
	w.look(t)
	if err := w.db.Update(t.Context(), func(tx *storage.Tx) error { _, err := tx.RaiseAlarm("disk"); return err }); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRecorder()
	w.health.handler().ServeHTTP(r, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	there := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^# TYPE (\w+) `).FindAllStringSubmatch(r.Body.String(), -1) {
		there[m[1]] = true
	}
	documents(t, regexp.MustCompile(`\b(timonel_[a-z_]+[a-z])\b`), func(document, name string) {
		if !there[name] {
			t.Errorf("%s names the metric %s; there are %v", document, name, slices.Sorted(maps.Keys(there)))
		}
	})
}
