package understand

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"timonel/steering"
)

// TestRecall reads what people of many countries would say for one and the same thing: a file per language, what must change,
// who says it, what is said. A line with "%" sets what the following ones find: milestones submitted, blocked, done.
func TestRecall(t *testing.T) {
	m := model(t)
	for _, lang := range languages {
		data, err := os.ReadFile("testdata/recall/" + lang + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		state := ""
		for n, line := range strings.Split(string(data), "\n") {
			if strings.HasPrefix(line, "%") {
				state = strings.TrimSpace(line[1:])
			}
			part := strings.SplitN(line, "|", 3)
			if len(part) != 3 || line[0] == '#' || line[0] == '%' {
				continue
			}
			want, by, say := strings.TrimSpace(part[0]), strings.TrimSpace(part[1]), strings.TrimSpace(part[2])
			w := newWorld(lang)
			w.lenient = true
			if f := strings.Fields(state); len(f) == 2 {
				w.status[f[1]] = f[0]
				w.lenient = f[0] != "submitted"
				if f[0] == "proposal" {
					w.status[f[1]], w.proposals = "pending", []string{f[1]}
				}
			}
			claims, got := w.say(m, by, say, nil)
			if problem := differs(want, claims); problem != "" {
				t.Errorf("%s:%d [%s] %q: %s; read %s", lang, n+1, by, say, problem, brief(&got))
			}
		}
	}
}

// differs says how the claims differ from those wanted: each of these names an intent and words that the claim must hold.
func differs(want string, claims []string) string {
	var wants []string
	for _, f := range strings.Fields(want) {
		if claimVerbs[f] || f == "set_setting" || len(wants) == 0 {
			wants = append(wants, f)
		} else {
			wants[len(wants)-1] += " " + f
		}
	}
	if len(wants) != len(claims) {
		return fmt.Sprintf("want %q, got %q", wants, claims)
	}
	for i, w := range wants {
		f := strings.Fields(w)
		if len(f) == 3 && (f[0] == "move" || f[0] == "propose") && (f[2][0] == '+' || f[2][0] == '-') {
			f[2] = planDay(f[1], f[2])
		}
		if !strings.HasPrefix(claims[i], f[0]) {
			return fmt.Sprintf("want %q, got %q", wants, claims)
		}
		for _, word := range f[1:] {
			if !strings.Contains(strings.ToLower(claims[i])+" ", strings.ToLower(word)) {
				return fmt.Sprintf("want %q, got %q", wants, claims)
			}
		}
	}
	return ""
}

// planDay is the milestone's day in the plan, moved by so many days.
func planDay(key, by string) string {
	n := 0
	if _, err := fmt.Sscanf(by, "%d", &n); err != nil {
		return by
	}
	due := day(planDue[smallNumber(key)-1])
	return (due + steering.Date(n)).String()
}
