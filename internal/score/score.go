// Package score holds what the bot does with utterances against what it should do. A case is said once in a fresh group
// chat; the exported state afterwards is compared with the case's expectation and with a control chat in which it was not
// said. Right: all that is expected holds and nothing else differs. Kept: nothing differs although something should.
// Wrong: anything else, the worst outcome.
package score

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// Case is one utterance and what it must do to the state.
type Case struct {
	ID     string         `json:"id"`
	Lang   string         `json:"lang"`
	By     string         `json:"by"`
	Say    string         `json:"say"`
	Raw    bool           `json:"raw"`
	At     string         `json:"at"`
	Before []string       `json:"before"`
	Expect map[string]any `json:"expect"`
	May    []string       `json:"may"`
	Intent string         `json:"intent"` // of our own cases: what they are an example of
}

// Acts reports whether the case should change something.
func (c Case) Acts() bool { return len(c.Expect) > 0 }

// Read reads cases, one JSON object a line.
func Read(r io.Reader) ([]Case, error) {
	var cases []Case
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		c := Case{At: "2026-03-10 10:00"}
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			return nil, fmt.Errorf("read case in line %d: %w", n, err)
		}
		cases = append(cases, c)
	}
	return cases, lines.Err()
}

// Verdict is how a case ended.
type Verdict string

// The verdicts.
const (
	Right Verdict = "right"
	Kept  Verdict = "kept"
	Wrong Verdict = "wrong"
)

// Flat is an exported project as leaves by their path.
type Flat map[string]any

// ignored are the fields in which two chats of the same story differ.
var ignored = map[string]bool{"key": true, "name": true, "chats": true, "health": true, "sent": true}

// Flatten turns one exported project into leaves; entries of a list are named by key, id, person or place from 1.
func Flatten(project map[string]any) Flat {
	out := Flat{}
	for k, v := range project {
		if !ignored[k] {
			flatten(out, k, v)
		}
	}
	return out
}

func flatten(out Flat, path string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for k, item := range v {
			flatten(out, path+"."+k, item)
		}
	case []any:
		flattenList(out, path, v)
	default:
		out[path] = v
	}
}

func flattenList(out Flat, path string, list []any) {
	if len(list) > 0 {
		if _, objects := list[0].(map[string]any); !objects {
			var words []string
			for _, item := range list {
				words = append(words, fmt.Sprint(item))
			}
			sort.Strings(words)
			out[path] = strings.Join(words, ",")
			return
		}
	}
	for i, item := range list {
		object, _ := item.(map[string]any)
		flatten(out, path+"."+entryName(path, object, i), item)
	}
}

func entryName(path string, object map[string]any, i int) string {
	for _, field := range []string{"key", "id"} {
		if v, ok := object[field]; ok && path != "members" {
			return fmt.Sprint(v)
		}
	}
	if person, ok := object["person"].(string); ok && path == "members" {
		return person
	}
	return strconv.Itoa(i + 1)
}

// Judge holds the state after the saying against the case and the control.
func Judge(c Case, got, control Flat) (Verdict, string) {
	changed := differing(got, control)
	var missing []string
	for path, want := range c.Expect {
		if !holds(want, got[path]) {
			missing = append(missing, fmt.Sprintf("%s is %v", path, got[path]))
		}
	}
	slices.Sort(missing)
	allowed := allowance(c, control)
	extra := slices.DeleteFunc(slices.Clone(changed), func(p string) bool {
		return covered(p, allowed) || strings.HasPrefix(p, "milestones.") && strings.HasSuffix(p, ".forecast")
	})
	switch {
	case len(missing) == 0 && len(extra) == 0:
		return Right, ""
	case len(changed) == 0:
		return Kept, "missing " + strings.Join(missing, "; ")
	}
	var more []string
	for _, p := range extra {
		more = append(more, fmt.Sprintf("%s = %v", p, got[p]))
	}
	return Wrong, "missing [" + strings.Join(missing, "; ") + "] extra [" + strings.Join(more, "; ") + "]"
}

func differing(a, b Flat) []string {
	var out []string
	for p := range a {
		if w, ok := b[p]; !ok || fmt.Sprint(a[p]) != fmt.Sprint(w) {
			out = append(out, p)
		}
	}
	for p := range b {
		if _, ok := a[p]; !ok {
			out = append(out, p)
		}
	}
	sort.Strings(out)
	return out
}

// allowance lists what may change with the expected changes: their own entry, their slips, what follows a status.
func allowance(c Case, control Flat) []string {
	allowed := slices.Clone(c.May)
	for path := range c.Expect {
		parts := strings.Split(path, ".")
		entry := strings.Join(parts[:min(2, len(parts))], ".")
		known := false
		for p := range control {
			known = known || strings.HasPrefix(p, entry+".")
		}
		if parts[0] == "milestones" && known {
			allowed = append(allowed, entry+".slips")
		} else {
			allowed = append(allowed, entry)
		}
		allowed = append(allowed, path)
		if due, ok := strings.CutSuffix(path, ".due"); ok {
			allowed = append(allowed, due+".forecast")
		}
		if parts[0] == "milestones" && slices.Contains([]string{"status", "done_on", "progress", "blocked_by"}, parts[len(parts)-1]) {
			for _, f := range []string{"status", "done_on", "progress", "blocked_by", "forecast", "signoff"} {
				allowed = append(allowed, entry+"."+f)
			}
		}
	}
	return allowed
}

func covered(path string, allowed []string) bool {
	return slices.ContainsFunc(allowed, func(a string) bool { return path == a || strings.HasPrefix(path, a+".") })
}

func holds(want, got any) bool {
	pattern, ok := want.(map[string]any)
	if !ok {
		return got != nil && fmt.Sprint(want) == fmt.Sprint(got)
	}
	if absent, _ := pattern["absent"].(bool); absent {
		return got == nil
	}
	text, _ := pattern["~"].(string)
	matched, err := regexp.MatchString("(?is)"+text, fmt.Sprint(got))
	return got != nil && err == nil && matched
}
