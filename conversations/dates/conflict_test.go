package dates

import (
	"testing"

	"timonel/steering"
)

// TestConflict holds what contradicts itself against what only looks so.
func TestConflict(t *testing.T) {
	today, _ := steering.ParseDate("2026-03-10")
	for _, c := range []struct {
		lang, text string
		want       bool
	}{
		{"es", "mueve el 6 al viernes 4 de abril", true},
		{"es", "mueve el 6 al sábado 4 de abril", false},
		{"es", "la migración al 31 de abril", true},
		{"es", "la migración al 30 de febrero", true},
		{"es", "la migración al 31 de marzo", false},
		{"es", "pasa el 7 al lunes, 8 de abril", true},
		{"es", "pásalo al viernes 20", false},
		{"es", "pásalo al viernes 21", true},
		{"es", "pásalo al 8 de abril (lunes)", true},
		{"es", "pásalo al 8 de abril (miércoles)", false},
		{"es", "se firmó el viernes 6 de marzo", false},
		{"pt", "move o 6 pra sexta 4 de abril", true},
		{"pt", "a migração pra 31 de abril", true},
		{"pt", "passa pra segunda-feira, 13 de abril", false},
		{"pt", "passa pra segunda 8/4", true},
		{"pt", "passa pra quarta 8/4", false},
		{"en", "move 6 to Friday April 4", true},
		{"en", "put training on Monday, April 8", true},
		{"en", "put training on Monday, April 13", false},
		{"en", "move migration to the 31st of April", true},
		{"en", "move migration to 4 April, Friday", true},
		{"en", "move migration to March 31", false},
	} {
		got := false
		for _, f := range Find(c.text, Options{Lang: c.lang, Today: today}) {
			got = got || f.Conflict
		}
		if got != c.want {
			t.Errorf("%s %q: conflict %v, want %v: %+v", c.lang, c.text, got, c.want, Find(c.text, Options{Lang: c.lang, Today: today}))
		}
	}
}
