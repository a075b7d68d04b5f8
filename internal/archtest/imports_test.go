package archtest

import (
	"slices"
	"strconv"
	"strings"
	"testing"
)

// ruleFor returns the rule of a folder: the longest that holds it.
func ruleFor(folder string) *rule {
	var best *rule
	for i := range rules {
		r := &rules[i]
		if within(folder, r.folder) && (best == nil || len(r.folder) > len(best.folder)) {
			best = r
		}
	}
	return best
}

func within(folder, of string) bool { return folder == of || strings.HasPrefix(folder, of+"/") }

// allows reports whether the rule lets a package import another.
func (r *rule) allows(imported string) bool {
	if ours, ok := strings.CutPrefix(imported, module); ok {
		return slices.ContainsFunc(r.ours, func(p string) bool {
			below, tree := strings.CutSuffix(p, "/...")
			return p == "..." || p == ours || (tree && within(ours, below))
		})
	}
	if first, _, _ := strings.Cut(imported, "/"); !strings.Contains(first, ".") {
		return r.folder != "steering" || !slices.Contains(pure, imported)
	}
	return slices.ContainsFunc(r.libs, func(p string) bool { return p == "any" || strings.HasPrefix(imported, p) })
}

func TestImports(t *testing.T) {
	for _, f := range source(t) {
		r := ruleFor(f.folder())
		if r == nil {
			t.Errorf("%s: no rule says what %s may import; add one with its reason", f.name, f.folder())
			continue
		}
		for _, spec := range f.ast.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if !f.test && !r.allows(imported) {
				t.Errorf("%s:%d: %s must not import %s. %s", f.name, f.line(spec), r.folder, imported, r.why)
			}
			ours, ok := strings.CutPrefix(imported, module)
			if ok && !f.test && slices.ContainsFunc(onlyHere, func(p string) bool { return within(ours, p) }) &&
				!within(f.folder(), "internal") && !within(f.folder(), "cmd") {
				t.Errorf("%s:%d: %s is for the program and for tests", f.name, f.line(spec), imported)
			}
		}
	}
}

// A rule about a folder that is gone would read as if it held something.
func TestRulesAreAboutSomething(t *testing.T) {
	seen := map[*rule]bool{}
	for _, f := range source(t) {
		seen[ruleFor(f.folder())] = true
	}
	for i := range rules {
		if !seen[&rules[i]] {
			t.Errorf("there is no code in %s: the rule goes", rules[i].folder)
		}
		if rules[i].why == "" {
			t.Errorf("the rule for %s gives no reason", rules[i].folder)
		}
	}
}

func TestRulesRefuse(t *testing.T) {
	for _, test := range []struct {
		folder, imported string
		want             bool
	}{
		{"steering", "time", true},
		{"steering", "os", false},
		{"steering", "timonel/locale", false},
		{"steering", "github.com/rs/zerolog", false},
		{"steering/plan", "os", true},
		{"steering/plan", "timonel/steering", true},
		{"steering/plan", "timonel/storage", false},
		{"bot/slack", "timonel/steering", false},
		{"bot/slack", "timonel/bot", true},
		{"bot/slack", "go.mau.fi/whatsmeow", false},
		{"conversations", "timonel/scheduler", false},
		{"conversations", "timonel/conversations/dates", true},
		{"scheduler", "timonel/conversations/dates", false},
		{"storage", "github.com/jackc/pgx/v5/stdlib", true},
		{"internal/virtual/script", "timonel/bot", true},
		{"cmd/timonel", "github.com/alecthomas/kong", true},
	} {
		r := ruleFor(test.folder)
		if r == nil {
			t.Fatalf("no rule for %s", test.folder)
		}
		if got := r.allows(test.imported); got != test.want {
			t.Errorf("%s imports %s: %v, want %v", test.folder, test.imported, got, test.want)
		}
	}
}
