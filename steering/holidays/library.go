package holidays

import (
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/de"
	"github.com/rickar/cal/v2/es"
	"github.com/rickar/cal/v2/fr"
	"github.com/rickar/cal/v2/gb"
	"github.com/rickar/cal/v2/us"

	"timonel/steering"
)

// libraryCountries are those whose national holidays the library has right (rickar/cal v2.1.13).
var libraryCountries = map[string][]*cal.Holiday{
	"DE": de.Holidays,
	"ES": es.Holidays,
	"FR": fr.Holidays,
	"GB": gb.Holidays,
	"US": us.Holidays,
}

// libraryYear lists the library's holidays by year, on their day and on the day they are observed. A New Year's Day
// on a Saturday is observed in the year before, so the neighbours are looked at too.
func libraryYear(list []*cal.Holiday) func(int) map[steering.Date]string {
	return func(year int) map[steering.Date]string {
		out := map[steering.Date]string{}
		for y := year - 1; y <= year+1; y++ {
			for _, h := range list {
				actual, observed := h.Calc(y)
				put(out, year, civil(actual), h.Name)
				put(out, year, civil(observed), h.Name)
			}
		}
		return out
	}
}

// civil turns a moment of the library into a date. It gives midnights of the machine's zone, which a clock change may
// have moved an hour back to the day before.
func civil(t time.Time) steering.Date {
	if t.IsZero() {
		return 0
	}
	return steering.DateOf(t.Add(2 * time.Hour))
}

// put adds a holiday when it lies in the year and has not been named yet.
func put(out map[steering.Date]string, year int, d steering.Date, name string) {
	if y, _, _ := d.Civil(); y != year || d.IsZero() {
		return
	}
	if _, named := out[d]; !named {
		out[d] = name
	}
}
