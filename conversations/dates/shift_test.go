package dates

import (
	"fmt"
	"strings"
	"testing"

	"timonel/steering"
)

// show writes a movement the way the tables below have it.
func (s Shift) show(text string) string {
	out := fmt.Sprintf("%d %s", s.N, s.Unit)
	if s.Extra != 0 {
		out += fmt.Sprintf("+%d", s.Extra)
	}
	if s.Working {
		out += " working"
	}
	if s.Negative {
		out += " back"
	}
	return out + " | " + text[s.Start:s.End]
}

func TestFindShifts(t *testing.T) {
	today := steering.NewDate(2026, 3, 10)
	for _, c := range []struct{ lang, text, want string }{
		{"es", "corre la migración una semana", "1 week | una semana"},
		{"es", "dos semanas más", "2 week | dos semanas"},
		{"es", "atrasa el 6 tres días hábiles", "3 day working | tres días hábiles"},
		{"es", "5 hábiles", "5 day working | 5 hábiles"},
		{"es", "retrásalo en dos semanas", "2 week | dos semanas"},
		{"es", "medio mes", "15 day | medio mes"},
		{"es", "un mes y medio", "1 month+15 | un mes y medio"},
		{"es", "adelanta la migración dos días antes", "2 day back | dos días antes"},
		{"es", "¿y si se atrasa dos semanas?", "2 week | dos semanas"},
		{"es", "una quincena", "15 day | una quincena"},
		{"es", "garantía 90 días desde el go-live", "90 day | 90 días"},
		{"es", "2 o 3 semanas", "3 week | 2 o 3 semanas"},
		{"es", "dentro de dos semanas", ""},
		{"es", "hace 3 días", ""},
		{"es", "mueve el 3 al viernes", ""},
		{"es", "el 2 va en 40%", ""},
		{"pt", "adia a migração em uma semana", "1 week | uma semana"},
		{"pt", "empurra o treinamento uma semaninha", "1 week | uma semaninha"},
		{"pt", "adia em 3 dias úteis", "3 day working | 3 dias úteis"},
		{"pt", "antecipa a carga em dois dias", "2 day | dois dias"},
		{"pt", "um mês e meio", "1 month+15 | um mês e meio"},
		{"pt", "daqui a 3 dias", ""},
		{"en", "push go-live back two weeks", "2 week | two weeks"},
		{"en", "PUSH GO LIVE TWO WEEKS", "2 week | TWO WEEKS"},
		{"en", "delay by 10 business days", "10 day working | 10 business days"},
		{"en", "bring training forward one week", "1 week | one week"},
		{"en", "a fortnight", "2 week | a fortnight"},
		{"en", "give UAT another week", "1 week | another week"},
		{"en", "a two-week slip", "2 week | two-week"},
		{"en", "three months from go live", "3 month | three months"},
		{"en", "two days earlier", "2 day back | two days earlier"},
		{"en", "in two weeks", ""},
	} {
		var got []string
		for _, s := range FindShifts(c.text, Options{Lang: c.lang, Today: today}) {
			got = append(got, s.show(c.text))
		}
		if s := strings.Join(got, "; "); s != c.want {
			t.Errorf("%s %q: got %q, want %q", c.lang, c.text, s, c.want)
		}
	}
}

func TestShiftFrom(t *testing.T) {
	holiday := steering.NewDate(2026, 3, 23)
	cal := steering.Calendar{Closed: map[steering.Date]bool{holiday: true}}
	for _, c := range []struct {
		shift Shift
		from  string
		want  string
	}{
		{Shift{N: 1, Unit: Weeks}, "2026-03-27", "2026-04-03"},
		{Shift{N: 1, Unit: Months}, "2026-01-31", "2026-02-28"},
		{Shift{N: 1, Unit: Months, Extra: 15}, "2026-01-10", "2026-02-25"},
		{Shift{N: 1, Unit: Years}, "2028-02-29", "2029-02-28"},
		{Shift{N: 2, Unit: Days, Working: true}, "2026-03-20", "2026-03-25"},
		{Shift{N: 2, Unit: Days, Working: true, Negative: true}, "2026-03-25", "2026-03-20"},
		{Shift{N: 1, Unit: Weeks, Working: true}, "2026-03-18", "2026-03-26"},
		{Shift{N: 3, Unit: Days, Negative: true}, "2026-03-01", "2026-02-26"},
	} {
		from, _ := steering.ParseDate(c.from)
		if got := c.shift.From(from, cal).String(); got != c.want {
			t.Errorf("%+v from %s: got %s, want %s", c.shift, c.from, got, c.want)
		}
	}
	if got := (Shift{N: 1 << 40, Unit: Years}).From(holiday, cal); got < holiday {
		t.Errorf("an absurd length went back to %d", got)
	}
}
