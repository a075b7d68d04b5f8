package score

import (
	"fmt"
	"slices"
	"strings"
)

// nothing is the kind of a case in which nothing changes.
const nothing = "nothing"

// Confusion is a table of what should have changed against what did, by kind, one line each pair: the most frequent first.
// It shows no case.
func Confusion(results []Result) []string {
	type pair struct{ want, got string }
	count := map[pair]int{}
	for _, r := range results {
		got := r.Changed
		if r.Verdict == Right {
			got = "as it should"
		}
		count[pair{wanted(r.Case), got}]++
	}
	pairs := make([]pair, 0, len(count))
	for p := range count {
		pairs = append(pairs, p)
	}
	slices.SortFunc(pairs, func(a, b pair) int {
		if a.want != b.want {
			return strings.Compare(a.want, b.want)
		}
		if d := count[b] - count[a]; d != 0 {
			return d
		}
		return strings.Compare(a.got, b.got)
	})
	var out []string
	for _, p := range pairs {
		out = append(out, fmt.Sprintf("%4d  %-32s %s", count[p], p.want, p.got))
	}
	return out
}

// wanted is the kind of what a case should change.
func wanted(c Case) string {
	var kinds []string
	for path, value := range c.Expect {
		kinds = append(kinds, kindOf(path, value))
	}
	return joined(kinds)
}

// changedKinds is the kind of what changed.
func changedKinds(got, control Flat) string {
	var kinds []string
	for _, path := range differing(got, control) {
		if !strings.HasSuffix(path, ".forecast") {
			kinds = append(kinds, kindOf(path, got[path]))
		}
	}
	return joined(kinds)
}

func joined(kinds []string) string {
	slices.Sort(kinds)
	kinds = slices.DeleteFunc(slices.Compact(kinds), func(k string) bool { return k == "" })
	if len(kinds) == 0 {
		return nothing
	}
	return strings.Join(kinds, " ")
}

// kindOf names what a path of the export is about; what follows from another change has none.
func kindOf(path string, value any) string {
	parts := strings.Split(path, ".")
	if parts[0] != "milestones" || len(parts) < 3 {
		return strings.TrimSuffix(parts[0], "s")
	}
	switch parts[2] {
	case "status":
		if text, ok := value.(string); ok {
			return text
		}
		return "status"
	case "due", "owner", "depends_on", "name", "progress", "notes":
		return parts[2]
	case "signoff":
		return "sign-off"
	}
	return ""
}
