package locale

import "testing"

func TestJoins(t *testing.T) {
	names := []string{"Ana", "Bruno", "Olga", "Inés", "Dana"}
	for _, c := range []struct{ lang, all, any, some string }{
		{"es", "Ana, Bruno, Olga, Inés y Dana", "Ana, Bruno, Olga, Inés o Dana", "Ana, Bruno y 3 más"},
		{"pt", "Ana, Bruno, Olga, Inés e Dana", "Ana, Bruno, Olga, Inés ou Dana", "Ana, Bruno e mais 3"},
		{"en", "Ana, Bruno, Olga, Inés and Dana", "Ana, Bruno, Olga, Inés or Dana", "Ana, Bruno and 3 more"},
	} {
		p := For(c.lang)
		if all, either, some := p.Join(names), p.JoinAny(names), p.JoinSome(names, 2); all != c.all || either != c.any || some != c.some {
			t.Errorf("%s: %q, %q, %q", c.lang, all, either, some)
		}
		// One too many is named rather than counted.
		if got := p.JoinSome(names[:3], 2); got != p.Join(names[:3]) {
			t.Errorf("%s: %q", c.lang, got)
		}
		if p.JoinAny(names[:1]) != "Ana" || p.JoinAny(nil) != "" {
			t.Errorf("%s: one is %q, none %q", c.lang, p.JoinAny(names[:1]), p.JoinAny(nil))
		}
	}
	es := For("es")
	if got := es.JoinAny([]string{"Bruno", "Olga"}); got != "Bruno u Olga" {
		t.Errorf("before an o: %q", got)
	}
	if got := es.Join([]string{"Bruno", "Inés"}); got != "Bruno e Inés" {
		t.Errorf("before an i: %q", got)
	}
}

func TestForTheFirstLanguageThatIsSpoken(t *testing.T) {
	for _, c := range []struct {
		languages []string
		want      string
	}{{[]string{"en", "pt"}, "en"}, {[]string{"", "pt", "en"}, "pt"}, {[]string{"fr", "de"}, "es"}, {nil, "es"}} {
		if got := For(c.languages...).Lang(); got != c.want {
			t.Errorf("%q: %s, want %s", c.languages, got, c.want)
		}
	}
}
