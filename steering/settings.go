package steering

import (
	"slices"
	"strings"
)

// settingDefault resets a text field to the config's default.
const settingDefault = "default"

// run changes settings. The digest's schedule, reviews and the invoices' period are also the csm's; the rest is the
// lead's alone.
func (c ChangeSettings) run(a *act) (Outcome, error) {
	g := a.p.lead()
	if onlyClerical(c.Set) {
		g = a.p.clerks()
	}
	if err := a.need(KeySettings, g); err != nil {
		return Outcome{}, err
	}
	if field, value, ok := c.Set.problem(); !ok {
		return Outcome{}, invalid(KeyBadValue, map[string]any{"field": field, "value": value})
	}
	merged := a.p.Settings.with(c.Set)
	if merged.equal(a.p.Settings) {
		return Outcome{NothingNew: true}, nil
	}
	a.p.Settings = merged
	a.p.closeDays()
	a.p.Record("settings.changed", "settings")
	return Outcome{}, nil
}

// onlyClerical reports whether a change touches nothing but what the csm may set too.
func onlyClerical(s Settings) bool {
	s.Digest, s.Review, s.InvoiceEvery = "", "", 0
	return s.equal(Settings{})
}

func (s Settings) equal(o Settings) bool {
	return s.texts() == o.texts() && s.numbers() == o.numbers() && slices.Equal(s.ReminderDays, o.ReminderDays) &&
		slices.Equal(s.MeetingHours, o.MeetingHours) && slices.Equal(s.ClosedDays, o.ClosedDays)
}

func (s Settings) texts() [7]string {
	return [7]string{s.Digest, s.Portfolio, s.Alignment, s.NoticeAt, s.WorkFrom, s.WorkUntil, s.Review}
}

func (s Settings) numbers() [5]int {
	return [5]int{s.OverdueEvery, s.EscalateAfter, s.EscalateGate, s.MaxPerDay, s.InvoiceEvery}
}

// problem names the first field that cannot be, by its key, and what it holds; ok if there is none.
func (s Settings) problem() (field, value string, ok bool) {
	for _, f := range []struct{ name, value string }{{"digest", s.Digest}, {"portfolio", s.Portfolio}, {"alignment", s.Alignment}} {
		if !isSchedule(f.value) && !(f.name == "alignment" && f.value == "on") {
			return f.name, f.value, false
		}
	}
	for _, f := range []struct{ name, value string }{{"notice_at", s.NoticeAt}, {"work_from", s.WorkFrom}, {"work_until", s.WorkUntil}} {
		if _, fine := parseClock(f.value); f.value != "" && f.value != settingDefault && !fine {
			return f.name, f.value, false
		}
	}
	for _, hour := range s.MeetingHours {
		if _, fine := parseClock(hour); !fine {
			return "meeting_hours", hour, false
		}
	}
	if !slices.Contains([]string{"", settingDefault, "off", reviewMonthly, reviewQuarterly}, s.Review) {
		return "review", s.Review, false
	}
	return s.badNumber()
}

func (s Settings) badNumber() (field, value string, ok bool) {
	for _, n := range s.numbers() {
		if n < 0 || n > 1000 {
			return "number", "", false
		}
	}
	for _, n := range s.ReminderDays {
		if n < 0 || n > 366 {
			return "reminder_days", "", false
		}
	}
	for _, d := range s.ClosedDays {
		if d == 0 || sane(d) != nil {
			return "closed_days", d.String(), false
		}
	}
	return "", "", true
}

// isSchedule takes nothing, a word, or five fields; what the fields mean is for whoever reads cron expressions.
func isSchedule(s string) bool {
	return s == "" || s == "off" || s == settingDefault || len(strings.Fields(s)) == 5
}

// with lays the fields of set that are not zero over s; "default" empties a text field.
func (s Settings) with(set Settings) Settings {
	text := func(to *string, from string) {
		switch from {
		case "":
		case settingDefault:
			*to = ""
		default:
			*to = from
		}
	}
	number := func(to *int, from int) {
		if from != 0 {
			*to = from
		}
	}
	text(&s.Digest, set.Digest)
	text(&s.Portfolio, set.Portfolio)
	text(&s.Alignment, set.Alignment)
	text(&s.NoticeAt, set.NoticeAt)
	text(&s.WorkFrom, set.WorkFrom)
	text(&s.WorkUntil, set.WorkUntil)
	text(&s.Review, set.Review)
	number(&s.OverdueEvery, set.OverdueEvery)
	number(&s.EscalateAfter, set.EscalateAfter)
	number(&s.EscalateGate, set.EscalateGate)
	number(&s.MaxPerDay, set.MaxPerDay)
	number(&s.InvoiceEvery, set.InvoiceEvery)
	if len(set.ReminderDays) > 0 {
		s.ReminderDays = sortedUnique(set.ReminderDays)
		slices.Reverse(s.ReminderDays)
	}
	if len(set.MeetingHours) > 0 {
		s.MeetingHours = sortedUnique(set.MeetingHours)
	}
	if len(set.ClosedDays) > 0 {
		s.ClosedDays = sortedUnique(set.ClosedDays)
	}
	return s
}

// closeDays gives the calendar the days that the project closes by itself.
func (p *Project) closeDays() {
	p.Calendar.Closed = make(map[Date]bool, len(p.Settings.ClosedDays))
	for _, d := range p.Settings.ClosedDays {
		p.Calendar.Closed[d] = true
	}
}

// UseHolidays sets the project's calendar: the public holidays that are given (nil for none) and its own closed days.
func (p *Project) UseHolidays(holiday func(Date) bool) {
	p.Calendar.Holiday = holiday
	p.closeDays()
}
