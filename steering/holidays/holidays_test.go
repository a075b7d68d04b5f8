package holidays

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"timonel/steering"
)

// The official lists: AR argentina.gob.ar/interior/feriados (2026); BR Portaria MGI of 30 December 2025; CL
// feriados.cl; CO Ley 51 de 1983; CR Ministerio de Trabajo (no moves in 2026); EC calendar 2026-2030 of the
// Viceministerio de Turismo; ES BOE of 28 October 2025 (national days without substitution); MX Ley Federal del Trabajo
// art. 74; PA Mitradel; PE gob.pe/feriados; PT Código do Trabalho art. 234; UY Ministerio de Trabajo; US opm.gov;
// GB gov.uk/bank-holidays (England and Wales); DE and FR by law. 2027 follows from the same laws.
var official = map[string]map[int]string{
	"AR": {
		2026: "01-01 02-16 02-17 03-24 04-02 04-03 05-01 05-25 06-15 06-20 07-09 08-17 10-12 11-23 12-08 12-25",
		2027: "01-01 02-08 02-09 03-24 03-26 04-02 05-01 05-25 06-20 06-21 07-09 08-16 10-11 11-20 12-08 12-25",
	},
	"BR": {
		2026: "01-01 04-03 04-21 05-01 09-07 10-12 11-02 11-15 11-20 12-25",
		2027: "01-01 03-26 04-21 05-01 09-07 10-12 11-02 11-15 11-20 12-25",
	},
	"CL": {
		2026: "01-01 04-03 04-04 05-01 05-21 06-21 06-29 07-16 08-15 09-18 09-19 10-12 10-31 11-01 12-08 12-25",
		2027: "01-01 03-26 03-27 05-01 05-21 06-21 06-28 07-16 08-15 09-17 09-18 09-19 10-11 10-31 11-01 12-08 12-25",
	},
	"CO": {
		2026: "01-01 01-12 03-23 04-02 04-03 05-01 05-18 06-08 06-15 06-29 07-20 08-07 08-17 10-12 11-02 11-16 12-08 12-25",
		2027: "01-01 01-11 03-22 03-25 03-26 05-01 05-10 05-31 06-07 07-05 07-20 08-07 08-16 10-18 11-01 11-15 12-08 12-25",
	},
	"CR": {
		2026: "01-01 04-02 04-03 04-11 05-01 07-25 08-02 08-15 08-31 09-15 12-01 12-25",
		2027: "01-01 03-25 03-26 04-11 05-01 07-25 08-02 08-15 08-31 09-15 12-01 12-25",
	},
	"DE": {
		2026: "01-01 04-03 04-06 05-01 05-14 05-25 10-03 12-25 12-26",
		2027: "01-01 03-26 03-29 05-01 05-06 05-17 10-03 12-25 12-26",
	},
	"EC": {
		2026: "01-01 02-16 02-17 04-03 05-01 05-25 08-10 10-09 11-02 11-03 12-25",
		2027: "01-01 02-08 02-09 03-26 04-30 05-24 08-09 10-08 11-01 11-02 12-24 12-25 12-31",
	},
	"ES": {
		2026: "01-01 01-06 04-03 05-01 08-15 10-12 11-01 12-06 12-08 12-25",
		2027: "01-01 01-06 03-26 05-01 08-15 10-12 11-01 12-06 12-08 12-25",
	},
	"FR": {
		2026: "01-01 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25",
		2027: "01-01 03-29 05-01 05-06 05-08 05-17 07-14 08-15 11-01 11-11 12-25",
	},
	"GB": {
		2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-26 12-28",
		2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-25 12-26 12-27 12-28",
	},
	"MX": {
		2026: "01-01 02-02 03-16 05-01 09-16 11-16 12-25",
		2027: "01-01 02-01 03-15 05-01 09-16 11-15 12-25",
	},
	"PA": {
		2026: "01-01 01-09 02-17 04-03 05-01 11-03 11-05 11-10 11-28 12-08 12-20 12-21 12-25",
		2027: "01-01 01-09 02-09 03-26 05-01 11-03 11-05 11-10 11-28 11-29 12-08 12-20 12-25",
	},
	"PE": {
		2026: "01-01 04-02 04-03 05-01 06-07 06-29 07-23 07-28 07-29 08-06 08-30 10-08 11-01 12-08 12-09 12-25",
		2027: "01-01 03-25 03-26 05-01 06-07 06-29 07-23 07-28 07-29 08-06 08-30 10-08 11-01 12-08 12-09 12-25",
	},
	"PT": {
		2026: "01-01 04-03 04-05 04-25 05-01 06-04 06-10 08-15 10-05 11-01 12-01 12-08 12-25",
		2027: "01-01 03-26 03-28 04-25 05-01 05-27 06-10 08-15 10-05 11-01 12-01 12-08 12-25",
	},
	"US": {
		2026: "01-01 01-19 02-16 05-25 06-19 07-03 07-04 09-07 10-12 11-11 11-26 12-25",
		2027: "01-01 01-18 02-15 05-31 06-18 06-19 07-04 07-05 09-06 10-11 11-11 11-25 12-24 12-25 12-31",
	},
	"UY": {
		2026: "01-01 01-06 02-16 02-17 04-02 04-03 04-19 05-01 05-18 06-19 07-18 08-25 10-12 11-02 12-25",
		2027: "01-01 01-06 02-08 02-09 03-25 03-26 04-19 05-01 05-17 06-19 07-18 08-25 10-11 11-02 12-25",
	},
}

func TestOfficialLists(t *testing.T) {
	for iso, years := range official {
		isHoliday, ok := ForCountry(iso)
		if !ok {
			t.Errorf("%s is not known", iso)
			continue
		}
		for year, want := range years {
			var got []string
			for d := steering.NewDate(year, 1, 1); d <= steering.NewDate(year, 12, 31); d++ {
				if isHoliday(d) {
					got = append(got, d.String()[5:])
				}
			}
			if s := strings.Join(got, " "); s != want {
				t.Errorf("%s %d:\n got %s\nwant %s", iso, year, s, want)
			}
		}
	}
}

func TestCountriesAreAllTested(t *testing.T) {
	var tested []string
	for iso := range official {
		tested = append(tested, iso)
	}
	slices.Sort(tested)
	if got := Countries(); !slices.Equal(got, tested) {
		t.Errorf("Countries() = %v, tested %v", got, tested)
	}
}

// TestMoves checks the rules against years in which the moves were officially announced.
func TestMoves(t *testing.T) {
	for _, c := range []struct {
		iso, day string
		want     bool
	}{
		{"EC", "2022-11-03", true}, {"EC", "2022-11-04", true}, {"EC", "2022-11-02", false},
		{"EC", "2024-11-01", true}, {"EC", "2024-11-04", true}, {"EC", "2024-05-03", true}, {"EC", "2024-05-01", false},
		{"EC", "2025-11-03", true}, {"EC", "2025-11-04", true}, {"EC", "2024-08-09", true},
		{"UY", "2018-04-23", true}, {"UY", "2018-04-19", false}, {"UY", "2022-10-10", true}, {"UY", "2018-05-21", true},
		{"CL", "2023-06-26", true}, {"CL", "2023-10-27", true}, {"CL", "2021-09-17", true}, {"CL", "2025-06-20", true},
		{"CL", "2022-06-27", true}, {"CL", "2023-01-02", true}, {"CL", "2024-09-20", true},
		{"MX", "2024-10-01", true}, {"MX", "2025-10-01", false}, {"MX", "2030-10-01", true},
		{"BR", "2023-11-20", false}, {"BR", "2024-11-20", true}, {"BR", "2026-02-17", false},
		{"UY", "2030-03-01", true}, {"PA", "2029-07-01", true}, {"US", "2021-12-31", true},
	} {
		d, err := steering.ParseDate(c.day)
		if err != nil {
			t.Fatal(err)
		}
		isHoliday, _ := ForCountry(c.iso)
		if got := isHoliday(d); got != c.want {
			t.Errorf("%s %s: holiday %v (%q), want %v", c.iso, c.day, got, Name(c.iso, d), c.want)
		}
	}
}

func TestEaster(t *testing.T) {
	for year, want := range map[int]string{2024: "2024-03-31", 2025: "2025-04-20", 2026: "2026-04-05", 2027: "2027-03-28", 2038: "2038-04-25"} {
		if got := easter(year).String(); got != want {
			t.Errorf("easter(%d) = %s, want %s", year, got, want)
		}
	}
}

func TestNames(t *testing.T) {
	d := steering.NewDate(2026, 6, 15)
	if got := Name("ar", d); !strings.Contains(got, "Güemes") {
		t.Errorf("Name(ar, %s) = %q", d, got)
	}
	if got := Name("uk", steering.NewDate(2026, 8, 31)); got != "Summer Bank Holiday" {
		t.Errorf("Name(uk) = %q", got)
	}
	for _, iso := range []string{"", "XX", "ARG"} {
		if _, ok := ForCountry(iso); ok || Name(iso, d) != "" {
			t.Errorf("%q is no country", iso)
		}
	}
	if got := Name("AR", steering.NewDate(1800, 1, 1)); got != "" {
		t.Errorf("a year outside the rules has holiday %q", got)
	}
}

// TestConcurrentUse asks for many years from many sides; the race detector watches.
func TestConcurrentUse(t *testing.T) {
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for _, iso := range Countries() {
				isHoliday, _ := ForCountry(iso)
				for y := 2020; y < 2060; y++ {
					if !isHoliday(steering.NewDate(y, 12, 25)) {
						t.Errorf("%s %d: no Christmas", iso, y)
					}
				}
			}
		})
	}
	wg.Wait()
}

func TestBrokenRules(t *testing.T) {
	for _, text := range []string{
		"[XX]\n13-01 Nope", "[XX]\n01-01", "[XX]\n01-01 move=nowhere Nope", "[XX]\n01-01 only=someday Nope",
		"[XX]\n01-01 colour=red Nope", "[moves]\na: xyz+1", "[moves]\na: mon+x", "[XX]\neasterx Nope", "[XX]\n01/xyz/1 Nope",
		"[XX]\n01-01 since=soon Nope", "[XX]\n01-01 every=often Nope",
	} {
		if _, err := parse(text); err == nil {
			t.Errorf("parse(%q): no error", text)
		}
	}
}

func BenchmarkIsHoliday(b *testing.B) {
	isHoliday, _ := ForCountry("CO")
	d := steering.NewDate(2026, 5, 18)
	for b.Loop() {
		isHoliday(d)
	}
}
