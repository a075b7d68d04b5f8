// Package holidays knows the national public holidays of the countries in which Timonel is used. Those of Germany,
// Spain, France, Great Britain and the United States come from github.com/rickar/cal, checked for 2026 and 2027;
// the others from rules.txt: the library has no rules for them, or wrong ones (Argentina's moves and Good Friday,
// Brazil's optional days and the holiday of 20 November). Days off of regions, cities and single sectors are left
// to the project's own closed days.
package holidays

import (
	"slices"
	"strings"
	"sync"

	"timonel/steering"
)

// Years outside of these have no holidays here: the rules say nothing about them.
const firstYear, lastYear = 1990, 2150

// country computes and keeps the holidays of one country.
type country struct {
	// year lists the holidays that fall, or are moved, into a year.
	year  func(year int) map[steering.Date]string
	years sync.Map // int to map[steering.Date]string, never changed once stored
}

var countries = sync.OnceValue(load)

// load panics when the embedded rules are broken: a test sees that before anybody else does.
func load() map[string]*country {
	out := map[string]*country{}
	rules, err := parse(rulesFile)
	if err != nil {
		panic(err)
	}
	for iso, list := range rules {
		out[iso] = &country{year: list.year}
	}
	for iso, list := range libraryCountries {
		out[iso] = &country{year: libraryYear(list)}
	}
	return out
}

// find accepts the ISO 3166 code of two letters, in any case, and "UK".
func find(iso string) (*country, bool) {
	iso = strings.ToUpper(strings.TrimSpace(iso))
	if iso == "UK" {
		iso = "GB"
	}
	c, ok := countries()[iso]
	return c, ok
}

// ForCountry returns the function that tells the public holidays of a country (ISO 3166, two letters), for
// steering.Calendar, and whether the country is known. It is safe for concurrent use and keeps what it computed.
func ForCountry(iso string) (func(steering.Date) bool, bool) {
	c, ok := find(iso)
	if !ok {
		return nil, false
	}
	return func(d steering.Date) bool { return c.name(d) != "" }, true
}

// Name returns what the holiday of a day is called in the country's language, or "".
func Name(iso string, d steering.Date) string {
	c, ok := find(iso)
	if !ok {
		return ""
	}
	return c.name(d)
}

// Countries returns the codes of the known countries in alphabetical order.
func Countries() []string {
	var out []string
	for iso := range countries() {
		out = append(out, iso)
	}
	slices.Sort(out)
	return out
}

func (c *country) name(d steering.Date) string {
	year, _, _ := d.Civil()
	if year < firstYear || year > lastYear {
		return ""
	}
	days, ok := c.years.Load(year)
	if !ok {
		days, _ = c.years.LoadOrStore(year, c.year(year))
	}
	return days.(map[steering.Date]string)[d]
}
