package understand

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestQuestions holds what people ask, in many voices: which answer they want, of which list and about which milestone.
func TestQuestions(t *testing.T) {
	m, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range languages {
		w := newWorld(lang)
		data, err := os.ReadFile(filepath.Join("..", "corpus", lang+"-questions.tsv"))
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			line = strings.TrimSpace(line)
			if line == "" || strings.HasPrefix(line, "#") {
				continue
			}
			cols := strings.Split(line, "\t")
			text, intent, about := cols[0], Intent(cols[1]), ""
			if len(cols) > 2 {
				about = cols[2]
			}
			if got, why := asked(m.Read(text, w.sceneFor("ana")), intent, about); !got {
				t.Errorf("%s %q: want %s %s, read as %s", lang, text, intent, about, why)
			}
		}
	}
}

// asked reports whether a reading is the question that was meant; otherwise it says what was read.
func asked(r Reading, intent Intent, about string) (bool, string) {
	if len(r.Frames) == 0 {
		return false, "nothing"
	}
	fr := r.Frames[0]
	got := string(fr.Intent) + " " + string(fr.Stance) + " " + fr.Slots.Window
	if fr.Intent.Changes() && fr.Stance.Acts() {
		return false, got + ", which changes something"
	}
	switch {
	case intent == WhatIf && fr.Intent == Move && fr.Stance == Hypothesis: // answered as a supposition, too
	case fr.Intent != intent:
		return false, got
	}
	switch {
	case about == "":
		return true, ""
	case intent == List:
		return fr.Slots.Window == about, got
	}
	for _, ref := range fr.Slots.Milestones {
		if ref.Key == about {
			return true, ""
		}
	}
	return false, got + " about another milestone"
}
