package understand

import (
	"os"
	"strings"
	"testing"
)

// TestTraps reads what sounds like a change and is none: objects that are no milestones, regrets, conditions, hearsay,
// denials, jokes, tags, days that do not exist, numbers of other things. None may act.
func TestTraps(t *testing.T) {
	m := model(t)
	for _, lang := range languages {
		data, err := os.ReadFile("testdata/traps/" + lang + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		n, wrong := 0, 0
		for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
			by, say, ok := strings.Cut(line, "|")
			if strings.HasPrefix(line, "#") || !ok {
				continue
			}
			n++
			w := newWorld(lang)
			w.status["3"] = "submitted"
			w.lenient = true
			if claims, got := w.say(m, by, say, nil); len(claims) > 0 {
				wrong++
				t.Errorf("%s [%s] %q: %v, read %s", lang, by, say, claims, brief(&got))
			}
		}
		t.Logf("%s: %d traps, %d caught", lang, n, n-wrong)
	}
}
