package report

import (
	"strings"
	"time"

	"timonel/internal/markup"
	"timonel/locale"
	"timonel/steering"
)

// Names gives a person's name; nil shows ids.
type Names func(steering.PersonID) string

func (n Names) of(id steering.PersonID) string {
	if n == nil {
		return markup.Strip(string(id))
	}
	return markup.Strip(n(id))
}

// Lengths of a digest's lists: it is read on a phone, and whoever wants all of it has the page and the workbook.
const (
	maxListed = 6
	maxRisks  = 3
)

// Digest is Weekly for whoever asks for the summary at any time; since zero is a week ago.
func Digest(p *steering.Project, today steering.Date, since time.Time, say locale.Printer, names Names, late bool) string {
	return Weekly(p, today, Week{Since: since, Late: late}, say, names)
}

// Week is what a summary looks back on.
type Week struct {
	Since time.Time // of the summary before; zero for a week ago
	Late  bool      // it should have come earlier
	// Closed tells when milestones were reported or accepted as done, by key, where that is known. What is not in it
	// counts by its day alone, and on the day of the summary before then stands in both.
	Closed map[string]time.Time
}

// Weekly words the weekly summary of a project on a day: health and why, the go-live and its slip, the stages, and what was
// done, comes next, is late, waits, is blocked, was decided, may go wrong and is to be done. It mentions nobody, so that
// it can be forwarded as it is. The text carries internal/markup marks.
func Weekly(p *steering.Project, today steering.Date, week Week, say locale.Printer, names Names) string {
	d := &summary{p: p, today: today, say: say, names: names, week: week}
	if week.Since.IsZero() {
		d.week.Since = today.AddDays(-7).At(0, 0, p.Location())
	}
	d.line("digest.head", locale.Args{"project": p.Name, "date": say.Date(today, nil)})
	if week.Late {
		d.line("digest.late", nil)
	}
	if p.Status == steering.ProjectPaused {
		d.line("digest.paused", nil)
	}
	d.health()
	d.goLive()
	d.section("digest.stages", d.stages())
	quiet := d.section("digest.done", d.doneItems()) + d.section("digest.next", d.nextItems())
	quiet += d.section("digest.overdue", d.overdueItems())
	quiet += d.section("digest.waiting", d.waitingItems())
	quiet += d.section("digest.blocked", d.blockedItems())
	quiet += d.section("digest.decisions", d.decisionItems())
	quiet += d.section("digest.risks", d.riskItems())
	quiet += d.section("digest.actions", d.actionItems())
	if quiet == 0 {
		d.lines = append(d.lines, "")
		d.line("digest.quiet", nil)
	}
	return strings.Join(d.lines, "\n")
}

// summary is a text about a project under way.
type summary struct {
	p     *steering.Project
	today steering.Date
	week  Week
	say   locale.Printer
	names Names
	lines []string
}

func (d *summary) line(key string, args locale.Args) {
	d.lines = append(d.lines, d.say.Text(key, args))
}

// section adds a heading and its lines, nothing when there are none, and returns how many there were.
func (d *summary) section(heading string, items []string) int {
	if len(items) == 0 {
		return 0
	}
	d.lines = append(d.lines, "", d.say.Text(heading, nil))
	d.lines = append(d.lines, items...)
	return len(items)
}

func (d *summary) date(date steering.Date) string { return d.say.Date(date, d.today) }

// ref names a milestone without emphasis: a list of bold names is read as none.
func (d *summary) ref(m *steering.Milestone) string {
	return d.say.Text("digest.ref", locale.Args{"key": m.Key, "name": m.Name})
}

// owned adds the owner to a line.
func (d *summary) owned(line string, owner steering.PersonID) string {
	if owner == "" {
		return line
	}
	return line + " · " + d.names.of(owner)
}

func (d *summary) health() {
	health, why := HealthWords(d.p, d.today, d.say)
	d.line("digest.health", locale.Args{
		"light": d.say.Text("health."+string(health)+".light", nil), "health": d.say.Text("health."+string(health)+".word", nil),
		"why": why,
	})
}

func (d *summary) goLive() {
	m := d.p.GoLive()
	if m == nil {
		return
	}
	if m.Status == steering.Done {
		d.line("digest.live", locale.Args{"date": d.date(m.DoneOn)})
		return
	}
	slip := d.p.Calendar.Between(m.Baseline, m.Due)
	args := locale.Args{"date": d.date(m.Due), "baseline": d.date(m.Baseline), "n": max(slip, -slip)}
	switch {
	case m.Baseline != 0 && m.Due > m.Baseline:
		d.line("digest.golive_late", args)
	case m.Due < m.Baseline:
		d.line("digest.golive_early", args)
	case m.Forecast > m.Due:
		d.line("digest.golive_due", args)
	default:
		d.line("digest.golive", args)
	}
	if m.Forecast > m.Due {
		d.line("digest.golive_forecast", locale.Args{"date": d.date(m.Forecast)})
	}
}

// stages draws one bar for each stage that has milestones, in plan order; a plan without stages is one bar.
func (d *summary) stages() []string {
	var out []string
	for _, g := range Stages(d.p) {
		name := g.Name
		switch {
		case name == "" && len(d.p.Stages) == 0:
			name = d.say.Text("digest.whole_plan", nil)
		case name == "":
			name = d.say.Text("digest.other_stage", nil)
		}
		out = append(out, d.say.Text("digest.stage", locale.Args{
			"bar": Bar(g.Percent), "percent": g.Percent, "stage": name, "done": g.Done, "total": g.Total,
		}))
	}
	return out
}

// barCells is the width of a progress bar in characters.
const barCells = 10

// Bar draws a percentage with block characters, which every phone and both platforms show at the same width. Full and
// empty are said only of what is so.
func Bar(percent int) string {
	full := percent * barCells / 100
	if percent > 0 && full == 0 {
		full = 1
	}
	full = min(max(full, 0), barCells)
	return strings.Repeat("█", full) + strings.Repeat("░", barCells-full)
}
