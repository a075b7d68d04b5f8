package understand

import (
	"fmt"
	"sort"
	"strings"
	"testing"
)

// TestReliability prints how often readings of a confidence that would be acted upon are right, over the training corpora and
// our own phrases. Whatever acts must be right in all but a few of a hundred cases; a band that is not has to be lowered
// below ActAt.
func TestReliability(t *testing.T) {
	m := model(t)
	right, all := map[string]int{}, map[string]int{}
	strangeRight, strangeAll := map[string]int{}, map[string]int{}
	for _, lang := range languages {
		for _, part := range []string{"train", "train2"} {
			cases := loadCorpus(t, "../corpus/"+lang+"-"+part+".jsonl")
			for i := range cases {
				c := &cases[i]
				if c.Raw || c.At != "" {
					continue
				}
				claims, got, alone := playCase(m, lang, c)
				if alone || len(claims) == 0 {
					continue
				}
				band, marks := bandOf(&got)
				ok := verdict(expected(c), claims) == "right"
				all[band]++
				for _, k := range marks {
					strangeAll[k]++
					if ok {
						strangeRight[k]++
					}
				}
				if ok {
					right[band]++
				} else if *verbose {
					t.Logf("%s [%s] %s %v %q want %v got %v", band, c.By, c.ID, marks, c.Say, expected(c), claims)
				}
			}
		}
	}
	for _, table := range []struct{ all, right map[string]int }{{all, right}, {strangeAll, strangeRight}} {
		keys := make([]string, 0, len(table.all))
		for k := range table.all {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		for _, k := range keys {
			t.Logf("%-40s %4d readings, %5.1f %% right", k, table.all[k], 100*float64(table.right[k])/float64(table.all[k]))
		}
	}
	for band, n := range all {
		if share := float64(right[band]) / float64(n); n >= 50 && share < 0.9 {
			t.Errorf("readings of %s are acted upon and right only %.1f %% of the time", band, 100*share)
		}
	}
}

// playCase says a case and what comes before it.
func playCase(m *Model, lang string, c *corpusCase) ([]string, Reading, bool) {
	w := newWorld(lang)
	var open *OpenQuestion
	for _, line := range c.Before {
		by, text, ok := strings.Cut(line, ": ")
		if !ok || strings.ContainsAny(by, " @") {
			continue
		}
		_, got := w.say(m, by, strings.TrimPrefix(text, "@timonel "), nil)
		open = openAfter(by, c.By, &got)
	}
	claims, got := w.say(m, c.By, c.Say, open)
	return claims, got, open != nil && got.Answer != nil && got.Answer.Alone
}

// bandOf is the band of confidence of the least sure frame that acts, and what the readings were marked with.
func bandOf(got *Reading) (string, []string) {
	least, marks := 1.0, []string{}
	for i := range got.Frames {
		fr := &got.Frames[i]
		if !fr.Intent.Changes() || !fr.Stance.Acts() {
			continue
		}
		least = min(least, fr.Confidence)
		for _, w := range fr.Why {
			if strings.HasPrefix(w.Name, "strange") {
				marks = append(marks, fmt.Sprintf("%s %.0f", w.Name, -w.Weight))
			}
		}
	}
	return fmt.Sprintf("confidence %.2f to %.2f", float64(int(least*20))/20, float64(int(least*20)+1)/20), marks
}
