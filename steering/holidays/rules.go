package holidays

import (
	_ "embed" // for the rules
	"fmt"
	"strconv"
	"strings"
	"time"

	"timonel/steering"
)

//go:embed rules.txt
var rulesFile string

// rule is one holiday as rules.txt has it.
type rule struct {
	name         string
	month        time.Month // 0: counted from Easter
	day          int        // of the month, or days from Easter
	weekday      time.Weekday
	nth          int // with it, the nth weekday of the month, from the end when negative
	since, until int // 0: open
	every, from  int
	only         [7]bool // weekdays on which it is held, when restricted
	restricted   bool
	move         *move
}

// move says how many days to add by weekday, and whether the day itself stays a holiday.
type move struct {
	days [7]int
	keep bool
}

type ruleList []rule

// year lists the holidays of a year. A move can cross into a neighbouring year, so those are looked at too.
func (l ruleList) year(year int) map[steering.Date]string {
	out := map[steering.Date]string{}
	for y := year - 1; y <= year+1; y++ {
		for _, r := range l {
			d, ok := r.on(y)
			if !ok {
				continue
			}
			if r.move == nil || r.move.keep {
				put(out, year, d, r.name)
			}
			if r.move != nil {
				put(out, year, d.AddDays(r.move.days[d.Weekday()]), r.name)
			}
		}
	}
	return out
}

// on returns the day of the holiday in a year, before it is moved.
func (r rule) on(year int) (steering.Date, bool) {
	if r.since > 0 && year < r.since || r.until > 0 && year > r.until {
		return 0, false
	}
	if r.every > 0 && (year < r.from || (year-r.from)%r.every != 0) {
		return 0, false
	}
	var d steering.Date
	switch {
	case r.month == 0:
		d = easter(year).AddDays(r.day)
	case r.nth != 0:
		d = nthWeekday(year, r.month, r.weekday, r.nth)
	default:
		d = steering.NewDate(year, r.month, r.day)
	}
	if r.restricted && !r.only[d.Weekday()] {
		return 0, false
	}
	return d, true
}

func nthWeekday(year int, month time.Month, w time.Weekday, n int) steering.Date {
	if n < 0 {
		d := steering.NewDate(year, month+1, 0)
		return d.AddDays(-(int(d.Weekday()-w)+7)%7 + 7*(n+1))
	}
	d := steering.NewDate(year, month, 1)
	return d.AddDays((int(w-d.Weekday())+7)%7 + 7*(n-1))
}

// easter returns Easter Sunday of the Gregorian calendar (Meeus, Jones, Butcher).
func easter(year int) steering.Date {
	a, b, c := year%19, year/100, year%100
	h := (19*a + b - b/4 - (b-(b+8)/25+1)/3 + 15) % 30
	l := (32 + 2*(b%4) + 2*(c/4) - h - c%4) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return steering.NewDate(year, time.Month(n/31), n%31+1)
}

var weekdays = map[string]time.Weekday{
	"sun": time.Sunday, "mon": time.Monday, "tue": time.Tuesday, "wed": time.Wednesday, "thu": time.Thursday,
	"fri": time.Friday, "sat": time.Saturday,
}

// parse reads rules.txt.
func parse(text string) (map[string]ruleList, error) {
	out, moves, section := map[string]ruleList{}, map[string]*move{}, ""
	for n, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		var err error
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			section = strings.Trim(line, "[]")
		case section == "moves":
			err = parseMove(line, moves)
		default:
			var r rule
			r, err = parseRule(line, moves)
			out[section] = append(out[section], r)
		}
		if err != nil {
			return nil, fmt.Errorf("read holiday rules, line %d: %w", n+1, err)
		}
	}
	return out, nil
}

func parseMove(line string, moves map[string]*move) error {
	name, days, _ := strings.Cut(line, ":")
	var m move
	for _, f := range strings.Fields(days) {
		if f == "keep" {
			m.keep = true
			continue
		}
		w, ok := weekdays[f[:min(3, len(f))]]
		if !ok {
			return fmt.Errorf("move %q: no weekday in %q", name, f)
		}
		n, err := strconv.Atoi(f[3:])
		if err != nil {
			return fmt.Errorf("move %q: %q: %w", name, f, err)
		}
		m.days[w] = n
	}
	moves[name] = &m
	return nil
}

func parseRule(line string, moves map[string]*move) (rule, error) {
	fields := strings.Fields(line)
	var r rule
	if err := r.when(fields[0]); err != nil {
		return r, err
	}
	fields = fields[1:]
	for len(fields) > 0 && strings.Contains(fields[0], "=") {
		if err := r.option(fields[0], moves); err != nil {
			return r, err
		}
		fields = fields[1:]
	}
	if len(fields) == 0 {
		return r, fmt.Errorf("%q: no name", line)
	}
	r.name = strings.Join(fields, " ")
	return r, nil
}

// when reads MM-DD, easter+N or MM/mon/2.
func (r *rule) when(s string) error {
	if days, ok := strings.CutPrefix(s, "easter"); ok {
		n, err := strconv.Atoi(days)
		r.day = n
		return err
	}
	if parts := strings.Split(s, "/"); len(parts) == 3 {
		m, err := strconv.Atoi(parts[0])
		if err != nil {
			return err
		}
		w, ok := weekdays[parts[1]]
		n, err := strconv.Atoi(parts[2])
		if !ok || err != nil {
			return fmt.Errorf("want MM/mon/2, not %q", s)
		}
		r.month, r.weekday, r.nth = time.Month(m), w, n
		return nil
	}
	t, err := time.Parse("2006-01-02", "2000-"+s)
	r.month, r.day = t.Month(), t.Day()
	return err
}

func (r *rule) option(s string, moves map[string]*move) error {
	key, value, _ := strings.Cut(s, "=")
	var err error
	switch key {
	case "since":
		r.since, err = strconv.Atoi(value)
	case "until":
		r.until, err = strconv.Atoi(value)
	case "every":
		_, err = fmt.Sscanf(value, "%d@%d", &r.every, &r.from)
	case "only":
		r.restricted = true
		for name := range strings.SplitSeq(value, ",") {
			w, ok := weekdays[name]
			if !ok {
				return fmt.Errorf("no weekday: %q", name)
			}
			r.only[w] = true
		}
	case "move":
		m, ok := moves[value]
		if !ok {
			return fmt.Errorf("no move: %q", value)
		}
		r.move = m
	default:
		return fmt.Errorf("no such option: %q", s)
	}
	return err
}
