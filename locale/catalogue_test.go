package locale

import (
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"
)

var argument = regexp.MustCompile(`\{[^}]*\}`)

// TestCatalogues holds the three languages together: the same keys, the same arguments, nothing empty.
func TestCatalogues(t *testing.T) {
	if err := Check(); err != nil {
		t.Fatal(err)
	}
	reference := For(Languages[0])
	for _, lang := range Languages[1:] {
		p := For(lang)
		for _, key := range reference.Keys() {
			if _, ok := p.texts[key]; !ok {
				t.Errorf("%s: key %s is missing", lang, key)
				continue
			}
			if a, b := arguments(reference.Raw(key)), arguments(p.Raw(key)); !slices.Equal(a, b) {
				t.Errorf("%s: key %s has arguments %v, %s has %v", lang, key, b, Languages[0], a)
			}
		}
		for _, key := range p.Keys() {
			if _, ok := reference.texts[key]; !ok {
				t.Errorf("%s: key %s stands in no %s catalogue", lang, key, Languages[0])
			}
		}
	}
	for _, lang := range Languages {
		p := For(lang)
		for _, key := range p.Keys() {
			if strings.TrimSpace(p.Raw(key)) == "" {
				t.Errorf("%s: key %s is empty", lang, key)
			}
			if base, ok := strings.CutSuffix(key, ".one"); ok {
				if _, ok := p.texts[base+".other"]; !ok {
					t.Errorf("%s: key %s has no form for many", lang, key)
				}
			}
		}
	}
}

func arguments(s string) []string {
	found := argument.FindAllString(s, -1)
	sort.Strings(found)
	return slices.Compact(found)
}

func TestPersonsTextIsInert(t *testing.T) {
	p := For("en")
	p.texts = map[string]string{"x": embolden("*{a}* is {b}")}
	got := p.Text("x", Args{"a": "\uE002U1\uE006*all*\uE003", "b": "<!channel>"})
	if want := "\uE000U1*all*\uE001 is <!channel>"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
