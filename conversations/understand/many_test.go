package understand

import (
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

var (
	inputs    = flag.Int("inputs", 20_000, "how many mutated messages to read")
	inputSeed = flag.Uint64("seed", 1, "which messages those are")
)

// TestManyInputs reads messages that people could have sent, mutated: cut, joined, misspelt, repeated, with marks, emoji and
// bytes in them, in scenes with and without an open question, a quotation, something that waits. None may panic or give
// what lies outside of the text. The long run is one command, see docs/performance.md.
func TestManyInputs(t *testing.T) {
	m := model(t)
	g := &mutator{rand: rand.New(rand.NewPCG(*inputSeed, 2)), texts: plausible(t)}
	if len(g.texts) < 1000 {
		t.Fatalf("only %d texts to start from", len(g.texts))
	}
	var text string
	var scene Scene
	var at int
	defer func() {
		if p := recover(); p != nil {
			t.Fatalf("input %d: %v in %s %q, open %+v", at, p, scene.Language, text, scene.Open)
		}
	}()
	for at = range *inputs {
		text, scene = g.text(), g.scene()
		scene.Mentions = mentionsIn(text)
		got := m.Read(text, scene)
		for i := range got.Frames {
			fr := &got.Frames[i]
			if fr.Start < 0 || fr.End > len(text) || fr.Start > fr.End {
				t.Fatalf("input %d: span %d to %d of %q", at, fr.Start, fr.End, text)
			}
			if !(fr.Confidence >= 0 && fr.Confidence <= 1) {
				t.Fatalf("input %d: confidence %v of %q", at, fr.Confidence, text)
			}
			if utf8.ValidString(text) && !utf8.ValidString(fr.Slots.Text+fr.Slots.Reason+fr.Slots.Name) {
				t.Fatalf("input %d: a slot cuts a letter of %q", at, text)
			}
		}
		if (at+1)%1_000_000 == 0 {
			t.Logf("%d inputs read", at+1)
		}
	}
}

// plausible are the messages of the training corpora and of our own phrases.
func plausible(t *testing.T) []string {
	var out []string
	corpora, _ := filepath.Glob("../corpus/*-train*.jsonl")
	for _, path := range corpora {
		for _, c := range loadCorpus(t, path) {
			out = append(out, c.Say)
		}
	}
	for _, pattern := range []string{"testdata/*-*.txt", "testdata/recall/*.txt", "testdata/traps/*.txt"} {
		paths, _ := filepath.Glob(pattern)
		for _, path := range paths {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(string(data)) {
				if k := strings.LastIndexByte(line, '|'); k >= 0 {
					out = append(out, strings.TrimSpace(line[k+1:]))
				}
			}
		}
	}
	return out
}

// mutator makes messages and scenes.
type mutator struct {
	rand  *rand.Rand
	texts []string
}

// bits are put between words: marks, pictures, numbers, days, and what has no business in a text.
var bits = []string{
	" ", "\n", "\n\n", ", ", ". ", "; ", ": ", "? ", "! ", "¿", "¡", "…", "-", " - ", "–", "/", "\\", "(", ")", "\"", "“", "”", "'", "’", "*", "_", "~", "`",
	"#", "@", "@bruno", "@dana ", "%", "100%", "50 %", "🙏", "👍🏽", "✅", "❌", "👨‍👩‍👧", "\u200b", "\u202e", "\u0301", "\ufeff", "\x00", "\xff", "\xc3", "ñ", "ç", "ẞ", "İ",
	"1", "11", "0", "-1", "99999999999999999999", "3.5", "1.2.3", "31/02", "29/2", "2026-13-45", "10:99", "lunes", "sexta", "Monday", "next", "ayer", "não", "no", "not",
	"si ", "se ", "if ", "todavía ", "y ", "e ", "and ", "el 3", "o 4", "hito ", "marco ", "milestone ", "riesgo: ", "nota en el 3: ", "undo", "ok", "sí", "日本", "привет", "עברית",
}

func (g *mutator) pick() string { return g.texts[g.rand.IntN(len(g.texts))] }

func (g *mutator) text() string {
	s := g.pick()
	for range g.rand.IntN(5) {
		s = g.mutate(s)
	}
	if len(s) > 4000 {
		s = s[:4000]
	}
	return s
}

func (g *mutator) mutate(s string) string {
	cut := func() int { return g.rand.IntN(len(s) + 1) }
	switch g.rand.IntN(12) {
	case 0: // two halves of two messages
		o := g.pick()
		return s[:cut()] + o[g.rand.IntN(len(o)+1):]
	case 1:
		return s + bits[g.rand.IntN(len(bits))] + g.pick()
	case 2, 3:
		i := cut()
		return s[:i] + bits[g.rand.IntN(len(bits))] + s[i:]
	case 4: // something is left out
		i, k := cut(), cut()
		return s[:min(i, k)] + s[max(i, k):]
	case 5: // said twice
		i, k := cut(), cut()
		return s + s[min(i, k):max(i, k)]
	case 6:
		return strings.ToUpper(s)
	case 7, 8: // words change places, or one goes
		w := strings.Fields(s)
		if len(w) < 2 {
			return s
		}
		i, k := g.rand.IntN(len(w)), g.rand.IntN(len(w))
		if w[i], w[k] = w[k], w[i]; i == k {
			w = append(w[:i], w[i+1:]...)
		}
		return strings.Join(w, " ")
	case 9: // a letter slips
		if s == "" {
			return s
		}
		b := []byte(s)
		i := g.rand.IntN(len(b))
		b[i] = byte(g.rand.IntN(256))
		return string(b)
	case 10: // a word of another message
		o := strings.Fields(g.pick())
		if len(o) == 0 {
			return s
		}
		i := cut()
		return s[:i] + " " + o[g.rand.IntN(len(o))] + " " + s[i:]
	}
	return strings.Repeat(s[:cut()], g.rand.IntN(4)+1)
}

// scene is one of the moments in which a message can come.
func (g *mutator) scene() Scene {
	s := corpusScene(languages[g.rand.IntN(len(languages))], committee[g.rand.IntN(len(committee))].ID)
	switch g.rand.IntN(6) {
	case 0:
		asks := []string{"milestone", "date", "reason", "confirm", "owner", "name", "slot", "alignment", "text", "block_reason"}
		s.Open = &OpenQuestion{Asks: asks[g.rand.IntN(len(asks))], Options: []string{"2. Datos · 13 mar", "6. Migración · 27 mar", "Ninguno de estos"}}
	case 1:
		s.Quoted = []string{"3"}
	case 2:
		s.Awaiting, s.Proposals = []string{"3"}, g.rand.IntN(2)
	case 3:
		s.Focus, s.Meeting, s.File = []string{"6"}, true, true
	case 4:
		s.Slash = true
	}
	if g.rand.IntN(20) == 0 {
		s.Milestones, s.People = nil, nil
	}
	return s
}
