package locale

import (
	"fmt"
	"time"

	"timonel/internal/markup"
)

// names holds how a language calls its days and months. English, too, is written day first here: a committee of three
// languages reads one order.
type names struct {
	days, shortDays, months, shortMonths []string
}

var calendars = map[string]names{
	"es": {
		days:        []string{"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"},
		shortDays:   []string{"dom", "lun", "mar", "mié", "jue", "vie", "sáb"},
		months:      []string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
		shortMonths: []string{"ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"},
	},
	"pt": {
		days:        []string{"domingo", "segunda", "terça", "quarta", "quinta", "sexta", "sábado"},
		shortDays:   []string{"dom", "seg", "ter", "qua", "qui", "sex", "sáb"},
		months:      []string{"janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro", "dezembro"},
		shortMonths: []string{"jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez"},
	},
	"en": {
		days:        []string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		shortDays:   []string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
		months:      []string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		shortMonths: []string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
	},
}

// Civil is a civil date, as steering.Date gives it.
type Civil interface {
	Civil() (int, time.Month, int)
	Weekday() time.Weekday
	IsZero() bool
}

// Date writes weekday, day and month: "viernes 13 mar". A date in another year than ref carries its year; with ref nil
// none does.
func (p Printer) Date(d Civil, ref Civil) string {
	return p.date(d, ref, calendars[p.lang].days)
}

// ShortDate is Date with the weekday shortened: "vie 13 mar".
func (p Printer) ShortDate(d Civil, ref Civil) string {
	return p.date(d, ref, calendars[p.lang].shortDays)
}

func (p Printer) date(d Civil, ref Civil, days []string) string {
	if d.IsZero() {
		return p.Text("date.none", nil)
	}
	y, m, day := d.Civil()
	s := fmt.Sprintf("%s %d %s", days[d.Weekday()], day, calendars[p.lang].shortMonths[m-1])
	if ref != nil {
		if ry, _, _ := ref.Civil(); ry != y {
			s += fmt.Sprintf(" %d", y)
		}
	}
	return s
}

// DayMonth writes day and month alone, for axes and tables: "13 mar".
func (p Printer) DayMonth(d Civil) string {
	_, m, day := d.Civil()
	return fmt.Sprintf("%d %s", day, calendars[p.lang].shortMonths[m-1])
}

// Weekday names a day of the week.
func (p Printer) Weekday(w time.Weekday) string { return calendars[p.lang].days[w] }

// Month names a month, short.
func (p Printer) Month(m time.Month) string { return calendars[p.lang].shortMonths[m-1] }

// Clock writes the time of day: "10:00".
func (p Printer) Clock(t time.Time) string { return t.Format("15:04") }

// Moment writes date and time of t in its own zone, as a moment that a platform may show in the reader's: "jueves 12 mar,
// 10:00".
func (p Printer) Moment(t time.Time) Marked {
	text := fmt.Sprintf("%s %d %s, %s", calendars[p.lang].days[t.Weekday()], t.Day(), calendars[p.lang].shortMonths[t.Month()-1], t.Format("15:04"))
	return Marked(markup.Moment(t, text))
}
