package report

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"timonel/locale"
	"timonel/steering"
)

// Portfolio words a lead's projects, worst first: by health, then by how far the go-live slipped, then by how much is late.
// now is the moment of the summary; each project's days are counted in its own zone, the head's date in that of the
// first.
func Portfolio(projects []*steering.Project, now time.Time, say locale.Printer) string {
	if len(projects) == 0 {
		return ""
	}
	lines := []string{say.Text("portfolio.head", locale.Args{"date": say.Date(projects[0].Today(now), nil)})}
	for _, s := range ranked(projects, now, say) {
		lines = append(lines, "")
		lines = append(lines, s.lines()...)
	}
	return strings.Join(lines, "\n")
}

// standing is one project of a portfolio.
type standing struct {
	*summary
	health                    steering.Health
	slip                      int
	overdue, blocked, waiting []string
}

func ranked(projects []*steering.Project, now time.Time, say locale.Printer) []*standing {
	var out []*standing
	for _, p := range projects {
		s := &standing{summary: &summary{p: p, today: p.Today(now), say: say}}
		s.health, _ = p.Assess(s.today)
		if g := p.GoLive(); g != nil && g.IsOpen() {
			s.slip = p.Calendar.Between(g.Baseline, max(g.Due, g.Forecast))
		}
		s.overdue = s.listed(func(m *steering.Milestone) bool { return m.IsOverdue(s.today) && m.Status != steering.Submitted })
		s.blocked = s.listed(func(m *steering.Milestone) bool { return m.Status == steering.Blocked })
		s.waiting = s.listed(func(m *steering.Milestone) bool { return m.Status == steering.Submitted })
		out = append(out, s)
	}
	grade := map[steering.Health]int{steering.Red: 0, steering.Amber: 1, steering.Green: 2}
	slices.SortStableFunc(out, func(a, b *standing) int {
		return cmp.Or(cmp.Compare(grade[a.health], grade[b.health]), cmp.Compare(b.slip, a.slip),
			cmp.Compare(len(b.overdue), len(a.overdue)), cmp.Compare(a.p.Key, b.p.Key))
	})
	return out
}

func (s *standing) listed(fits func(*steering.Milestone) bool) []string {
	var out []string
	for _, m := range s.open(fits) {
		out = append(out, s.ref(m))
	}
	return out
}

func (s *standing) lines() []string {
	out := []string{s.say.Text("portfolio.item", locale.Args{
		"light": s.say.Text("health."+string(s.health)+".light", nil), "project": s.p.Name, "golive": s.goLive(),
	})}
	if s.p.Status == steering.ProjectPaused {
		return append(out, s.say.Text("portfolio.paused", nil))
	}
	counted := func(key string, names []string) {
		if len(names) > 0 {
			out = append(out, s.say.Text(key, locale.Args{"n": len(names), "list": s.say.JoinSome(names, maxNamed)}))
		}
	}
	counted("portfolio.overdue", s.overdue)
	counted("portfolio.blocked", s.blocked)
	counted("portfolio.waiting", s.waiting)
	if len(out) == 1 {
		out = append(out, s.say.Text("portfolio.well", nil))
	}
	next := s.open(func(m *steering.Milestone) bool { return m.Due >= s.today && m.Status != steering.Submitted })
	if len(next) > 0 {
		out = append(out, s.say.Text("portfolio.next", locale.Args{"milestone": s.ref(next[0]), "date": s.date(next[0].Due)}))
	}
	return out
}

func (s *standing) goLive() string {
	m := s.p.GoLive()
	switch {
	case m == nil:
		return s.say.Text("portfolio.no_golive", nil)
	case m.Status == steering.Done:
		return s.say.Text("portfolio.live", locale.Args{"date": s.date(m.DoneOn)})
	case s.slip > 0:
		return s.say.Text("portfolio.golive_late", locale.Args{"date": s.date(max(m.Due, m.Forecast)), "n": s.slip})
	}
	return s.say.Text("portfolio.golive", locale.Args{"date": s.date(m.Due)})
}
