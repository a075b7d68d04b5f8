package dates

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"timonel/steering"
)

var (
	monthNames = map[string][]string{
		"es": {"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
		"pt": {"janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro", "dezembro"},
		"en": {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	}
	dayNames = map[string][]string{
		"es": {"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"},
		"pt": {"domingo", "segunda", "terça", "quarta", "quinta", "sexta", "sábado"},
		"en": {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
	}
)

func drawDay(t *rapid.T, label string, from, to steering.Date) steering.Date {
	return steering.Date(rapid.IntRange(int(from), int(to)).Draw(t, label))
}

// writings says a full date in the ways of a language.
func writings(lang string, d steering.Date) []string {
	y, m, day := d.Civil()
	month, weekday := monthNames[lang][m-1], dayNames[lang][d.Weekday()]
	out := []string{d.String(), fmt.Sprintf("%d/%02d/%02d", y, m, day)}
	switch lang {
	case "en":
		return append(out,
			fmt.Sprintf("%s %d, %d", month, day, y), fmt.Sprintf("%d %s %d", day, month, y),
			fmt.Sprintf("%s, %s %d %d", weekday, month, day, y), fmt.Sprintf("%d/%d/%d", m, day, y),
			fmt.Sprintf("%d-%s-%d", day, month[:3], y), fmt.Sprintf("move it to %s %d %d please", month, day, y))
	case "pt":
		return append(out,
			fmt.Sprintf("%d de %s de %d", day, month, y), fmt.Sprintf("%s, %d de %s de %d", weekday, day, month, y),
			fmt.Sprintf("%02d/%02d/%d", day, m, y), fmt.Sprintf("%d.%d.%d", day, m, y),
			fmt.Sprintf("dia %d de %s de %d às 10h", day, month, y), fmt.Sprintf("adia o 3 para %d/%d/%d", day, m, y))
	}
	return append(out,
		fmt.Sprintf("%d de %s de %d", day, month, y), fmt.Sprintf("%s %d de %s del %d", weekday, day, month, y),
		fmt.Sprintf("%02d/%02d/%d", day, m, y), fmt.Sprintf("%d-%d-%d", day, m, y),
		fmt.Sprintf("el %d de %s de %d a las 10:30", day, month, y), fmt.Sprintf("mueve el 3 al %d/%d/%d", day, m, y))
}

// TestWritesAndReads reads any date back from the ways in which it is written.
func TestWritesAndReads(t *testing.T) {
	from, to := steering.NewDate(2024, 1, 1), steering.NewDate(2035, 12, 31)
	rapid.Check(t, func(t *rapid.T) {
		today, d := drawDay(t, "today", from, to), drawDay(t, "date", from, to)
		lang := rapid.SampledFrom(Languages).Draw(t, "lang")
		for _, text := range writings(lang, d) {
			f, ok := First(text, Options{Lang: lang, Today: today})
			if !ok || f.Date != d || !f.HasYear {
				t.Fatalf("%s %q on %s: got %v %v", lang, text, today, f.Date, f.HasYear)
			}
		}
	})
}

// TestRulesOfTheCalendar checks the rules for what has to be found from today, against a plain search.
func TestRulesOfTheCalendar(t *testing.T) {
	from, to := steering.NewDate(2024, 1, 1), steering.NewDate(2035, 12, 31)
	search := func(d steering.Date, step int, fits func(steering.Date) bool) steering.Date {
		for !fits(d) {
			d = d.AddDays(step)
		}
		return d
	}
	rapid.Check(t, func(t *rapid.T) {
		today := drawDay(t, "today", from, to)
		w := time.Weekday(rapid.IntRange(0, 6).Draw(t, "weekday"))
		day := rapid.IntRange(13, 28).Draw(t, "day")
		month := rapid.IntRange(1, 12).Draw(t, "month")
		n := rapid.IntRange(1, 60).Draw(t, "n")
		isW := func(d steering.Date) bool { return d.Weekday() == w }
		isDay := func(d steering.Date) bool { _, _, x := d.Civil(); return x == day }
		isDayMonth := func(d steering.Date) bool { _, m, x := d.Civil(); return x == day && int(m) == month }
		nextW, lastW := search(today+1, 1, isW), search(today-1, -1, isW)
		weekLater := today.Monday().AddDays(7 + (int(w)+6)%7)
		check := func(lang, text string, want steering.Date) {
			if f, ok := First(text, Options{Lang: lang, Today: today}); !ok || f.Date != want {
				t.Fatalf("%s %q on %s (%s): got %v, want %v", lang, text, today, today.Weekday(), f.Date, want)
			}
		}
		es, pt, en := dayNames["es"][w], dayNames["pt"][w], dayNames["en"][w]
		check("es", "el "+es, nextW)
		check("es", "el próximo "+es, nextW)
		check("pt", pt+" que vem", nextW)
		check("en", "next "+en, nextW)
		check("es", "se firmó el "+es, lastW)
		check("pt", "na última "+pt, lastW)
		check("en", "last "+en, lastW)
		check("es", "el "+es+" de la semana que viene", weekLater)
		check("pt", pt+" da semana que vem", weekLater)
		check("en", en+" next week", weekLater)
		check("es", "el "+es+" en ocho", nextW+7)
		check("en", "a week from "+en, nextW+7)
		check("es", fmt.Sprintf("el %d", day), search(today, 1, isDay))
		check("pt", fmt.Sprintf("dia %d", day), search(today, 1, isDay))
		check("en", fmt.Sprintf("the %dth", day), search(today, 1, func(d steering.Date) bool { return isDay(d) }))
		check("es", fmt.Sprintf("se pagó el %d", day), search(today, -1, isDay))
		check("es", fmt.Sprintf("%d de %s", day, monthNames["es"][month-1]), search(today, 1, isDayMonth))
		check("pt", fmt.Sprintf("foi assinado em %d/%02d", day, month), search(today, -1, isDayMonth))
		check("en", fmt.Sprintf("signed on %s %d", monthNames["en"][month-1], day), search(today, -1, isDayMonth))
		check("es", fmt.Sprintf("en %d días", n+1), today.AddDays(n+1))
		check("pt", fmt.Sprintf("daqui a %d semanas", n+1), today.AddDays(7*(n+1)))
		check("en", fmt.Sprintf("in %d months", n+1), today.AddMonths(n+1))
		check("es", fmt.Sprintf("en %d días hábiles", n+1), steering.Calendar{}.Add(today, n+1))
		check("en", fmt.Sprintf("%d days ago", n+1), today.AddDays(-n-1))
		check("es", "fin de mes", today.EndOfMonth())
		check("pt", "semana que vem", today.Monday()+7)
	})
}
