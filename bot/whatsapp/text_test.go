package whatsapp_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"timonel/bot/whatsapp"
)

// formats finds what WhatsApp would format in a text, told apart from the code's own way: an opening sign after no letter
// and before no space, and the same sign again on the line after no space.
var formats = regexp.MustCompile("(?m)(^|[^\\pL\\pN])(\\*[^\\s\\pZ*]([^\\n*]*[^\\s\\pZ*])?\\*|_[^\\s\\pZ_]([^\\n_]*[^\\s\\pZ_])?_|~[^\\s\\pZ~]([^\\n~]*[^\\s\\pZ~])?~)|`[^`\\n]+`")

// TestInertIsPlain: no text of people's is formatted, and nothing but hairs is added to it.
func TestInertIsPlain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := string(rapid.SliceOf(rapid.SampledFrom([]rune("ab* _~`\n.ñ"))).Draw(t, "text"))
		got := whatsapp.Inert(s)
		if formats.MatchString(got) {
			t.Fatalf("%q would be formatted: %q", got, formats.FindString(got))
		}
		back := strings.NewReplacer("\u200A", "", "\u02CB", "`").Replace(got)
		if back != s {
			t.Fatalf("%q became %q", s, got)
		}
	})
}

// TestSplitKeepsAll: parts are short enough, and together they are the text but for the spaces where it was cut.
func TestSplitKeepsAll(t *testing.T) {
	squeeze := strings.NewReplacer(" ", "", "\n", "")
	rapid.Check(t, func(t *rapid.T) {
		s := string(rapid.SliceOf(rapid.SampledFrom([]rune("abñ🟢 \n"))).Draw(t, "text"))
		limit := rapid.IntRange(1, 40).Draw(t, "limit")
		parts := whatsapp.Split(s, limit)
		for _, p := range parts {
			if utf8.RuneCountInString(p) > limit {
				t.Fatalf("%q is longer than %d", p, limit)
			}
		}
		if squeeze.Replace(strings.Join(parts, "")) != squeeze.Replace(s) {
			t.Fatalf("%q became %q", s, parts)
		}
	})
}

func TestCutMention(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"@57", ""},
		{"@57 hola", "hola"},
		{"@57, hola", "hola"},
		{"@57: hola", "hola"},
		{"hola @57", "hola"},
		{"hola @57, listo", "hola, listo"},
		{"hola @57 listo @57", "hola listo"},
		{"hola\n@57 listo", "hola\nlisto"},
		{"@573 no es", "@573 no es"},
		{"@573 y @57 sí", "@573 y sí"},
	} {
		if got := whatsapp.CutMention(c.text, "@57"); got != c.want {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
		}
	}
}

func TestSpans(t *testing.T) {
	text, list := whatsapp.Spans("@1 y @12, @1 y @9", []string{"@1", "@12", "@9"}, []string{"Ana Ruiz", "Bruno", ""})
	if text != "@Ana y @Bruno, @Ana y @9" {
		t.Errorf("got %q", text)
	}
	var words []string
	for _, m := range list {
		words = append(words, text[m.Start:m.End]+"="+string(m.User))
	}
	if got := strings.Join(words, " "); got != "@Ana=@1 @Bruno=@12 @Ana=@1 @9=@9" {
		t.Errorf("got %q", got)
	}
}

func TestTimonelsID(t *testing.T) {
	seen := map[string]bool{}
	rapid.Check(t, func(t *rapid.T) {
		of := rapid.String().Draw(t, "of")
		id := whatsapp.TimonelsID(of)
		if len(id) != 22 || !strings.HasPrefix(id, "3EB0") || strings.ToUpper(id) != id {
			t.Fatalf("%s is no id of WhatsApp's", id)
		}
		if !whatsapp.IsTimonels(id) || whatsapp.IsTimonels(id[:21]+"G") || whatsapp.IsTimonels("3EB0"+strings.Repeat("A", 18)) {
			t.Fatalf("%s is not told apart", id)
		}
		seen[id] = true
	})
	if len(seen) < 50 {
		t.Errorf("only %d ids", len(seen))
	}
}
