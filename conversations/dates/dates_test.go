package dates

import (
	"strings"
	"testing"

	"timonel/steering"
)

var tuesday = steering.NewDate(2026, 3, 10)

func TestSpansAndRoles(t *testing.T) {
	for _, c := range []struct {
		lang, text, words, outer string
		role                     Role
		kind                     Kind
	}{
		{"es", "agrega el hito Migración para el 20 de marzo, responsable @bruno", "20 de marzo", "para el 20 de marzo", RoleTo, KindDate},
		{"es", "mueve el 3 al viernes 20 porque falta el archivo", "viernes 20", "al viernes 20", RoleTo, KindDay},
		{"es", "acción: @bruno envía la lista antes del viernes", "viernes", "antes del viernes", RoleBy, KindWeekday},
		{"es", "arrancamos a partir del día 20", "20", "a partir del día 20", RoleFrom, KindDay},
		{"es", "mañana", "mañana", "mañana", RoleNone, KindRelative},
		{"es", "a fin de mes", "fin de mes", "a fin de mes", RoleTo, KindPeriod},
		{"pt", "novo marco Integração pra 17/04, responsável @dana", "17/04", "pra 17/04", RoleTo, KindDate},
		{"pt", "manda a lista até sexta", "sexta", "até sexta", RoleBy, KindWeekday},
		{"pt", "até o dia 20", "20", "até o dia 20", RoleBy, KindDay},
		{"en", "add milestone SAP due April 17 owner @dana", "April 17", "due April 17", RoleBy, KindDate},
		{"en", "send it by the 20th", "20th", "by the 20th", RoleBy, KindDay},
		{"en", "next week please", "next week", "next week", RoleNone, KindWeek},
		{"en", "e\u0301té — Friday", "Friday", "Friday", RoleNone, KindWeekday},
	} {
		f, ok := First(c.text, Options{Lang: c.lang, Today: tuesday})
		if !ok {
			t.Errorf("%q: no date", c.text)
			continue
		}
		words, outer := c.text[f.Start:f.End], c.text[f.Outer:f.End]
		if words != c.words || outer != c.outer || f.Role != c.role || f.Kind != c.kind {
			t.Errorf("%q: got %q in %q, %q, %s", c.text, words, outer, f.Role, f.Kind)
		}
	}
}

func TestFindAll(t *testing.T) {
	for _, c := range []struct{ lang, text, want string }{
		{"es", "listo el 2 ayer y mueve el 4 al 25/3", "2026-03-09 2026-03-25"},
		{"es", "del 3 al 7 de abril", "2026-04-03..2026-04-07"},
		{"es", "no el viernes, el lunes", "!2026-03-13 2026-03-16"},
		{"es", "mañana, miércoles 11", "2026-03-11"},
		{"es", "el 3 y 4 de abril", "2026-04-03 2026-04-04"},
		{"en", "from Monday March 16 to Friday March 20", "2026-03-16..2026-03-20"},
		{"en", "move 6 to april 3, no wait, april 6", "!2026-04-03 2026-04-06"},
		{"pt", "terça ou quarta", "2026-03-17 2026-03-11"},
		{"es", "", ""},
	} {
		var got []string
		for _, f := range Find(c.text, Options{Lang: c.lang, Today: tuesday}) {
			s := f.Date.String()
			if !f.From.IsZero() {
				s = f.From.String() + ".." + s
			}
			if f.Rejected {
				s = "!" + s
			}
			got = append(got, s)
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s %q: got %s, want %s", c.lang, c.text, s, c.want)
		}
	}
}

func TestSkippedSpans(t *testing.T) {
	text := "mueve Cierre de abril 20 al viernes"
	at := strings.Index(text, "Cierre")
	o := Options{Lang: "es", Today: tuesday, Skip: [][2]int{{at, at + len("Cierre de abril 20")}}}
	found := Find(text, o)
	if len(found) != 1 || found[0].Date != steering.NewDate(2026, 3, 13) {
		t.Errorf("got %+v, want only the Friday", found)
	}
}

func TestPastOption(t *testing.T) {
	for _, c := range []struct{ lang, text, ahead, done string }{
		{"es", "listo el alcance, 5 de febrero", "2027-02-05", "2026-02-05"},
		{"es", "el lunes", "2026-03-16", "2026-03-09"},
		{"pt", "dia 27", "2026-03-27", "2026-02-27"},
		{"en", "Tuesday", "2026-03-17", "2026-03-03"},
		{"en", "next Friday", "2026-03-13", "2026-03-13"},
		{"es", "mañana", "2026-03-11", "2026-03-11"},
	} {
		ahead, _ := First(c.text, Options{Lang: c.lang, Today: tuesday})
		done, _ := First(c.text, Options{Lang: c.lang, Today: tuesday, Past: true})
		if ahead.Date.String() != c.ahead || done.Date.String() != c.done {
			t.Errorf("%q: got %s and, done, %s; want %s and %s", c.text, ahead.Date, done.Date, c.ahead, c.done)
		}
	}
}

func TestWorkingDaysUseTheCalendar(t *testing.T) {
	cal := steering.Calendar{Closed: map[steering.Date]bool{steering.NewDate(2026, 3, 12): true}}
	for lang, text := range map[string]string{"es": "en 3 días hábiles", "pt": "em 3 dias úteis", "en": "in 3 business days"} {
		if f, _ := First(text, Options{Lang: lang, Today: tuesday, Calendar: cal}); f.Date != steering.NewDate(2026, 3, 16) {
			t.Errorf("%q over a closed Thursday: got %s", text, f.Date)
		}
	}
	if f, _ := First("primer día hábil de abril", Options{Lang: "es", Today: tuesday, Calendar: steering.Calendar{
		Closed: map[steering.Date]bool{steering.NewDate(2026, 4, 1): true},
	}}); f.Date != steering.NewDate(2026, 4, 2) {
		t.Errorf("first working day: got %s", f.Date)
	}
}

// TestOtherLanguages checks what people borrow from the other languages, and that borrowing brings in no wrong date.
func TestOtherLanguages(t *testing.T) {
	for _, c := range []struct{ lang, text, want string }{
		{"es", "deadline: Friday", "2026-03-13"},
		{"es", "fica pra amanhã", "2026-03-11"},
		{"pt", "el viernes", "2026-03-13"},
		{"en", "el próximo lunes", "2026-03-16"},
		{"es", "segunda etapa", ""},
		{"es", "ya quedó la sexta versión", ""},
		{"en", "marco 3", ""},
		{"en", "Mar del Plata store", ""},
		{"", "na próxima sexta-feira", "2026-03-13"},
		{"", "next Tuesday", "2026-03-17"},
		{"", "el jueves que viene", "2026-03-12"},
		{"xx", "the 27th", "2026-03-27"},
	} {
		got := ""
		if f, ok := First(c.text, Options{Lang: c.lang, Today: tuesday}); ok {
			got = f.Date.String()
		}
		if got != c.want {
			t.Errorf("%q %q: got %q, want %q", c.lang, c.text, got, c.want)
		}
	}
}

func TestLexiconFiles(t *testing.T) {
	for _, lang := range Languages {
		l := mustLoad(lang)
		if len(l.names) < 15 || len(l.ids) < 800 {
			t.Errorf("%s: %d names, %d words", lang, len(l.names), len(l.ids))
		}
		for word := range l.ordinary {
			for _, n := range l.names {
				if word == n.text {
					t.Errorf("%s: %q is both a name and an ordinary word", lang, word)
				}
			}
		}
	}
	for _, broken := range []string{"[nosuch]\n1: x", "[month]\nenero", "[month]\nx: enero", "1: enero"} {
		if _, err := parseLexicon("es", broken); err == nil {
			t.Errorf("%q: no error", broken)
		}
	}
}
