package script

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"timonel/bot"
	"timonel/internal/nearest"
	"timonel/locale"
	"timonel/steering"
)

func parseZone(words []string) (Action, *problem) {
	if len(words) != 1 {
		return nil, wrong("want one zone", "")
	}
	loc, err := time.LoadLocation(words[0])
	if err != nil || words[0] == "Local" || words[0] == "" {
		return nil, wrong("there is no zone "+words[0], "name one of the IANA database, as America/Bogota")
	}
	return Zone{loc}, nil
}

var (
	shift = regexp.MustCompile(`^\+(?:\d{1,6}[mhdw])+$`)
	step  = regexp.MustCompile(`(\d+)([mhdw])`)
	clock = regexp.MustCompile(`^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$`)
)

func parseClock(words []string) (Action, *problem) {
	if len(words) == 1 && strings.HasPrefix(words[0], "+") {
		return parseShift(words[0])
	}
	if len(words) == 1 {
		words = strings.Split(words[0], "T")
	}
	if len(words) == 1 {
		words = append(words, "00:00")
	}
	if len(words) != 2 {
		return nil, wrong("want a date and a time", "")
	}
	d, p := date(words[0])
	if p != nil {
		return nil, p
	}
	m := clock.FindStringSubmatch(words[1])
	if m == nil {
		return nil, wrong("there is no time "+words[1], "write HH:MM, as 09:00")
	}
	c := Clock{Date: d}
	c.Hour, _ = strconv.Atoi(m[1])
	c.Minute, _ = strconv.Atoi(m[2])
	c.Second, _ = strconv.Atoi(m[3]) // zero when left out
	return c, nil
}

func parseShift(word string) (Action, *problem) {
	if !shift.MatchString(word) {
		return nil, wrong("cannot move on by "+word, "write +10m, +2h, +3d or +1w")
	}
	var c Clock
	for _, m := range step.FindAllStringSubmatch(word, -1) {
		n, err := strconv.Atoi(m[1])
		if err != nil {
			return nil, wrong("cannot move on by "+word, "")
		}
		switch m[2] {
		case "m":
			c.Shift += time.Duration(n) * time.Minute
		case "h":
			c.Shift += time.Duration(n) * time.Hour
		case "d":
			c.Days += n
		case "w":
			c.Days += 7 * n
		}
	}
	if c.Days > maxDays || c.Shift > maxDays*24*time.Hour {
		return nil, wrong("cannot move on by "+word, "a script may cross ten years")
	}
	return c, nil
}

// maxDays bounds one move of the clock: what a slip of the finger could ask for would play for hours.
const maxDays = 3660

// date reads a date within the centuries that a plan can name.
func date(word string) (steering.Date, *problem) {
	d, err := steering.ParseDate(word)
	if err != nil {
		return 0, wrong("there is no date "+word, "write YYYY-MM-DD")
	}
	if y, _, _ := d.Civil(); y < 2000 || y > 2200 {
		return 0, wrong("the year of "+word+" is out of reach", "take one from 2000 to 2200")
	}
	return d, nil
}

// At returns the moment that a clock statement names, counted from now, in the script's zone.
func (c Clock) At(now time.Time, loc *time.Location) time.Time {
	if !c.Date.IsZero() {
		return c.Date.At(c.Hour, c.Minute, loc).Add(time.Duration(c.Second) * time.Second)
	}
	if c.Days > 0 {
		local := now.In(loc)
		within := time.Duration(local.Second())*time.Second + time.Duration(local.Nanosecond())
		now = steering.DateOf(local).AddDays(c.Days).At(local.Hour(), local.Minute(), loc).Add(within)
	}
	return now.Add(c.Shift)
}

// platforms lists where a chat can be.
var platforms = []string{string(bot.Slack), string(bot.WhatsApp), string(bot.Web)}

func parseChat(words []string) (Action, *problem) {
	if len(words) == 0 {
		return nil, wrong("the chat has no id", "")
	}
	c := Chat{ID: words[0]}
	if !isID(c.ID) {
		return nil, wrong(c.ID+" is no id", "ids are lower-case letters, digits, - and _")
	}
	p := pairs(words[1:], map[string]func(string) *problem{
		"platform": func(v string) *problem { c.Platform = bot.Platform(v); return oneOf("platform", v, platforms) },
		"lang":     func(v string) *problem { c.Language = v; return oneOf("language", v, locale.Languages) },
	})
	if p != nil {
		return nil, p
	}
	return c, nil
}

func parseMember(words []string) (Action, *problem) {
	if len(words) < 2 {
		return nil, wrong("a member has an id and a name", "")
	}
	m := Member{ID: words[0], Name: strings.TrimSpace(words[1])}
	switch {
	case !isID(m.ID):
		return nil, wrong(m.ID+" is no id", "ids are lower-case letters, digits, - and _")
	case m.ID == BotName:
		return nil, wrong(m.ID+" is the bot", "give the member another id")
	case m.Name == "" || strings.Contains(m.Name, "="):
		return nil, wrong("the member has no name", "")
	}
	p := pairs(words[2:], map[string]func(string) *problem{
		"side": func(v string) *problem { m.Side = steering.Side(v); return oneOf("side", v, sides) },
		"role": func(v string) *problem { m.Roles = append(m.Roles, steering.Role(v)); return oneOf("role", v, roles) },
	})
	if p != nil {
		return nil, p
	}
	return m, nil
}

// BotName is the id by which a script mentions the bot.
const BotName = "timonel"

var (
	sides = []string{string(steering.SideVendor), string(steering.SideClient)}
	roles = func() []string {
		var names []string
		for _, r := range steering.Roles {
			names = append(names, string(r))
		}
		return names
	}()
	projectKey = regexp.MustCompile(`^[A-Z0-9-]{2,20}$`)
)

func parsePlan(words []string) (Action, *problem) {
	if len(words) == 0 || words[0] == "" {
		return nil, wrong("no plan is named", "")
	}
	pl := Plan{Source: words[0]}
	p := pairs(words[1:], map[string]func(string) *problem{
		"start": func(v string) (p *problem) { pl.Start, p = date(v); return p },
		"key": func(v string) *problem {
			pl.Key = v
			if !projectKey.MatchString(v) {
				return wrong(v+" is no project key", "2 to 20 capitals, digits and dashes")
			}
			return nil
		},
	})
	if p != nil {
		return nil, p
	}
	return pl, nil
}

func parseImport(words []string) (Action, *problem) {
	if len(words) != 1 || words[0] == "" {
		return nil, wrong("want one file", "")
	}
	return Import{words[0]}, nil
}

// pairs reads NAME=VALUE words.
func pairs(words []string, set map[string]func(string) *problem) *problem {
	names := slices.Sorted(maps.Keys(set))
	for _, w := range words {
		name, value, ok := strings.Cut(w, "=")
		if !ok {
			return wrong(w+" means nothing here", "")
		}
		if set[name] == nil {
			return unknown("setting", name, names)
		}
		if p := set[name](value); p != nil {
			return p
		}
	}
	return nil
}

func oneOf(kind, value string, known []string) *problem {
	if slices.Contains(known, value) {
		return nil
	}
	return unknown(kind, value, known)
}

func unknown(kind, value string, known []string) *problem {
	what := fmt.Sprintf("there is no %s %q", kind, value)
	if near := nearest.Of(value, known); near != "" {
		return wrong(what, "did you mean "+near+"?")
	}
	return wrong(what, "there are "+strings.Join(known, ", "))
}
