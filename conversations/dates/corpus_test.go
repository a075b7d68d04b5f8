package dates

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"timonel/steering"
)

// corpusCase is one line of a corpus file: the day it is said, the phrase, and the date or "-".
type corpusCase struct{ ref, phrase, want string }

func readCorpus(t *testing.T, name string) []corpusCase {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "corpus", name))
	if err != nil {
		t.Fatalf("read corpus: %v", err)
	}
	var cases []corpusCase
	for line := range strings.SplitSeq(string(data), "\n") {
		f := strings.Split(strings.TrimRight(line, "\r"), "\t")
		if len(f) == 3 && !strings.HasPrefix(line, "#") {
			cases = append(cases, corpusCase{f[0], f[1], f[2]})
		}
	}
	if len(cases) == 0 {
		t.Fatalf("corpus %s holds no case", name)
	}
	return cases
}

func (c corpusCase) read(t *testing.T, lang string) string {
	t.Helper()
	today, err := steering.ParseDate(c.ref)
	if err != nil {
		t.Fatalf("corpus: %v", err)
	}
	if f, ok := First(c.phrase, Options{Lang: lang, Today: today}); ok {
		return f.Date.String()
	}
	return "-"
}

// TestCorpus scores the dates corpora. The held ones are kept unseen by whoever works on the rules, so that their
// share says what strangers would get: it prints no case of them.
func TestCorpus(t *testing.T) {
	for _, lang := range Languages {
		for _, part := range []struct {
			name string
			want float64
			show bool
		}{{"train", 99, true}, {"held", 97, false}} {
			t.Run(lang+"/"+part.name, func(t *testing.T) {
				cases := readCorpus(t, lang+"-dates-"+part.name+".tsv")
				right := 0
				for _, c := range cases {
					got := c.read(t, lang)
					if got == c.want {
						right++
					} else if part.show {
						t.Logf("%s %q: got %s, want %s", c.ref, c.phrase, got, c.want)
					}
				}
				share := 100 * float64(right) / float64(len(cases))
				t.Logf("%s %s: %d cases, %.1f %% exact day", lang, part.name, len(cases), share)
				if share < part.want {
					t.Errorf("%s %s: %.1f %% exact day, want at least %.0f", lang, part.name, share, part.want)
				}
			})
		}
	}
}
