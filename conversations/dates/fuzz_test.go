package dates

import (
	"slices"
	"strings"
	"testing"
	"time"

	"timonel/steering"
)

var fuzzSeeds = []string{
	"", "el viernes en ocho", "del 3 al 7 de abril", "na segunda quinzena de abril", "a week from Friday at 10:30",
	"2 días hábiles después del 20/3", "último viernes del mes", "mar. 17, no, mié 18", "24/7", "1.2.3.4", "15 de março de dois mil e vinte e seis",
	"the day before the day after tomorrow", "29/2", "31 de abril", "99999999999999", "20261340", "en 9999 años",
	"\xff\xfe el viernes", "e\u0301l 27", "hoooooy", "‮15/3", "\u2028lunes", "entre entre entre", "a a a a a a a a", "de de del del al al",
}

// FuzzFind checks, in every language, what must hold for any text: no panic, spans inside the text and in order, the
// same answer twice, dates within reach of today.
func FuzzFind(f *testing.F) {
	for _, s := range fuzzSeeds {
		f.Add(s, 0)
		f.Add(s, 20000)
	}
	f.Fuzz(func(t *testing.T, text string, today int) {
		o := Options{Today: steering.Date(min(max(today, 1), 40000))}
		for _, lang := range []string{"es", "pt", "en", ""} {
			o.Lang = lang
			found := Find(text, o)
			if again := Find(text, o); !slices.Equal(found, again) {
				t.Fatalf("%s %q: two answers: %v and %v", lang, text, found, again)
			}
			end := 0
			for _, d := range found {
				if d.Start < end || d.End <= d.Start || d.End > len(text) || d.Outer > d.Start || d.Outer < 0 {
					t.Fatalf("%s %q: span %d %d %d after %d", lang, text, d.Outer, d.Start, d.End, end)
				}
				end = d.End
				if y, _, _ := d.Date.Civil(); y < -20000 || y > 60000 {
					t.Fatalf("%s %q: year %d", lang, text, y)
				}
			}
			for _, s := range FindShifts(text, o) {
				if s.Start < 0 || s.End > len(text) || s.End <= s.Start || s.N <= 0 {
					t.Fatalf("%s %q: shift %+v", lang, text, s)
				}
				_ = s.From(o.Today, o.Calendar)
			}
			for _, c := range FindTime(text, o) {
				if c.Hour < 0 || c.Hour > 23 || c.Minute < 0 || c.Minute > 59 || c.End > len(text) {
					t.Fatalf("%s %q: clock %+v", lang, text, c)
				}
			}
		}
	})
}

// TestLongTexts checks that no text of 100 kB takes long, whatever it repeats: a message is read in its handler.
func TestLongTexts(t *testing.T) {
	seeds := append([]string{"x", "9", "-", "del 3 al ", "3 días después de ", "a week from ", "eod ", "el el ", "15/", "mañanaaaa", "viernes, ", "y ", "no no "}, fuzzSeeds...)
	for _, lang := range Languages {
		for _, s := range seeds {
			if s == "" {
				continue
			}
			text := strings.Repeat(s+" ", 100_000/(len(s)+1))
			best := time.Hour
			for range 2 {
				start := time.Now()
				Find(text, Options{Lang: lang, Today: 20522})
				best = min(best, time.Since(start))
			}
			// Measured: at most 20 ms. A hundred times that, because the machine may be busy; what it guards against
			// is quadratic work, which takes longer still.
			if best > 2*time.Second {
				t.Errorf("%s: 100 kB of %q: %v", lang, s, best)
			}
		}
	}
}

func BenchmarkFind(b *testing.B) {
	for _, c := range []struct{ lang, text string }{
		{"es", "mueve el hito 6 al viernes 3 de abril porque el cliente no entregó accesos"},
		{"es", "el viernes en ocho"},
		{"pt", "adia a migração pra quinta da semana que vem, faltou o acesso ao banco"},
		{"en", "can we move go-live to Tuesday next week? the client signed on March 3rd"},
		{"es", "listo el 2"},
	} {
		b.Run(c.lang, func(b *testing.B) {
			o := Options{Lang: c.lang, Today: 20522}
			Find(c.text, o)
			b.ReportAllocs()
			for b.Loop() {
				Find(c.text, o)
			}
		})
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		for _, lang := range Languages {
			mustLoad(lang)
		}
	}
}
