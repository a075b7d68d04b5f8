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

// standard stands for what lets a package import the standard library.
const standard = "std"

// allowing returns what in the rule lets a package import another, "" if nothing does.
func (r *rule) allowing(imported string) string {
	list, allows := r.libs, func(p string) bool { return p == "any" || strings.HasPrefix(imported, p) }
	if ours, ok := strings.CutPrefix(imported, module); ok {
		list, allows = r.ours, func(p string) bool {
			below, tree := strings.CutSuffix(p, "/...")
			return p == "..." || p == ours || (tree && within(ours, below))
		}
	} else if first, _, _ := strings.Cut(imported, "/"); !strings.Contains(first, ".") {
		list, allows = []string{standard}, func(string) bool { return r.folder != "steering" || !slices.Contains(pure, imported) }
	}
	if i := slices.IndexFunc(list, allows); i >= 0 {
		return list[i]
	}
	return ""
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
			if !f.test && r.allowing(imported) == "" {
				t.Errorf("%s:%d: %s must not import %s. %s", f.name, f.line(spec), r.folder, imported, r.why)
			}
		}
	}
}

// A rule about a folder that is gone would read as if it held something, and one that allows what nobody needs as if
// somebody did.
func TestRulesAreAboutSomething(t *testing.T) {
	used := map[*rule]map[string]bool{}
	for _, f := range source(t) {
		r := ruleFor(f.folder())
		if used[r] == nil {
			used[r] = map[string]bool{}
		}
		if f.test {
			continue
		}
		for _, spec := range f.ast.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			used[r][r.allowing(imported)] = true
		}
	}
	for i := range rules {
		r := &rules[i]
		if used[r] == nil {
			t.Errorf("there is no code in %s: the rule goes", r.folder)
			continue
		}
		for _, p := range slices.Concat(r.ours, r.libs) {
			if p != "any" && p != "..." && !used[r][p] {
				t.Errorf("%s may import %s and does not: it need not be allowed", r.folder, p)
			}
		}
		if r.why == "" {
			t.Errorf("the rule for %s gives no reason", r.folder)
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
		if got := r.allowing(test.imported) != ""; got != test.want {
			t.Errorf("%s imports %s: %v, want %v", test.folder, test.imported, got, test.want)
		}
	}
}
