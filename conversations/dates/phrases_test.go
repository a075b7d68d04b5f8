package dates

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"timonel/steering"
)

func readTable(t *testing.T, lang string) []corpusCase {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", lang+".tsv"))
	if err != nil {
		t.Fatal(err)
	}
	var cases []corpusCase
	for line := range strings.Lines(string(data)) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if len(f) == 3 && !strings.HasPrefix(line, "#") {
			cases = append(cases, corpusCase{f[0], f[1], f[2]})
		}
	}
	if len(cases) < 300 {
		t.Fatalf("%s: only %d phrases", lang, len(cases))
	}
	return cases
}

func TestPhrases(t *testing.T) {
	for _, lang := range Languages {
		for _, c := range readTable(t, lang) {
			if got := c.read(t, lang); got != c.want {
				t.Errorf("%s, on %s, %q: got %s, want %s", lang, c.ref, c.phrase, got, c.want)
			}
		}
	}
}

// TestPhrasesInOtherClothes says every phrase again in ways that must not change what it means.
func TestPhrasesInOtherClothes(t *testing.T) {
	frames := map[string][]string{
		"es": {"%s!!", "%s porfa", "¿%s?", "ok: %s", "dale, %s 🙏", "  %s  ", "(%s)", "«%s»", "hola equipo\n%s\ngracias"},
		"pt": {"%s!!", "%s pfv", "%s?", "ok: %s", "beleza, %s 🙏", "  %s  ", "(%s)", "oi gente\n%s\nobrigado"},
		"en": {"%s!!", "%s pls", "%s?", "ok: %s", "great, %s 🙏", "  %s  ", "(%s)", "hi team\n%s\nthanks"},
	}
	for _, lang := range Languages {
		for _, c := range readTable(t, lang) {
			for _, frame := range frames[lang] {
				dressed := corpusCase{c.ref, strings.Replace(frame, "%s", c.phrase, 1), c.want}
				// A length of time that is the whole answer is a date; inside a sentence it is none.
				if got := dressed.read(t, lang); got != c.want && !isAmount(c, lang) {
					t.Errorf("%s %q: got %s, want %s", lang, dressed.phrase, got, c.want)
				}
			}
		}
	}
}

func isAmount(c corpusCase, lang string) bool {
	today, _ := steering.ParseDate(c.ref)
	f, ok := First(c.phrase, Options{Lang: lang, Today: today})
	return ok && f.Kind == KindAmount
}

// TestWithoutAccents checks that dates survive keyboards without accents. What only an accent tells (a verb in the
// past) may get lost.
func TestWithoutAccents(t *testing.T) {
	plain := strings.NewReplacer("á", "a", "é", "e", "í", "i", "ó", "o", "ú", "u", "ã", "a", "õ", "o", "â", "a", "ê", "e", "ô", "o", "à", "a", "ñ", "n", "ü", "u")
	for _, lang := range []string{"es", "pt"} {
		for _, c := range readTable(t, lang) {
			today, _ := steering.ParseDate(c.ref)
			f, _ := First(c.phrase, Options{Lang: lang, Today: today})
			bare := corpusCase{c.ref, plain.Replace(c.phrase), c.want}
			if got := bare.read(t, lang); got != c.want && !f.Past && c.want != "-" {
				t.Errorf("%s %q: got %s, want %s", lang, bare.phrase, got, c.want)
			}
		}
	}
}

// TestCapitals checks phrases that people shout, but for names and abbreviations, which capitals tell apart.
func TestCapitals(t *testing.T) {
	for _, lang := range Languages {
		for _, c := range readTable(t, lang) {
			loud := corpusCase{c.ref, strings.ToUpper(c.phrase), c.want}
			if got := loud.read(t, lang); got != c.want && c.want != "-" {
				t.Errorf("%s %q: got %s, want %s", lang, loud.phrase, got, c.want)
			}
		}
	}
}
