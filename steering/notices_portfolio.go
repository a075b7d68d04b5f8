package steering

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Portfolio returns the portfolios that are owed at now: to every lead all of their projects, worst first, by the
// schedule, zone and working days of the first of them by key that runs; the notice is of that project. policy is the
// config's; settings of the projects are laid over it here. since and sent are as for Due.
func Portfolio(projects []*Project, policy Policy, since, now time.Time, sent func(project, kind, object, about string) bool) []Notice {
	var out []Notice
	for _, f := range portfolios(projects) {
		home := f.projects[0]
		d := home.desk(policy.With(home.Settings), since, now, func(kind, object, about string) bool {
			return sent != nil && slices.ContainsFunc(f.projects, func(p *Project) bool { return sent(p.Key, kind, object, about) })
		})
		on, at, ok := d.fired(d.policy.Portfolio, now)
		if !ok || !d.isWorking(now) || now.Sub(at) >= digestStands {
			continue
		}
		d.offer(Notice{
			Kind: NoticePortfolio, Object: "member " + string(f.lead), About: DateOf(on).String(), At: at, To: []PersonID{f.lead},
			Direct: true, Reason: ForSchedule, Projects: worstFirst(f.projects),
		})
		out = append(out, d.out...)
	}
	return out
}

// NextPortfolio returns the next moment after `after` at which Portfolio could owe something, zero if never.
func NextPortfolio(projects []*Project, policy Policy, after time.Time) time.Time {
	s := soonest{after: after}
	for _, f := range portfolios(projects) {
		home := f.projects[0]
		d := home.desk(policy.With(home.Settings), after, after, nil)
		s.see(d.fires(d.policy.Portfolio, after))
		if !d.isWorking(after) {
			s.see(d.nextWorking(after))
		}
	}
	return s.at
}

// folder is what one lead leads.
type folder struct {
	lead     PersonID
	projects []*Project // that run, by key
}

// portfolios collects who leads what, by lead; closed projects are no longer led, and paused ones keep silent.
func portfolios(projects []*Project) []folder {
	led := map[PersonID][]*Project{}
	var leads []PersonID
	for _, p := range projects {
		if p.Status == ProjectClosed || p.Status == ProjectPaused {
			continue
		}
		for _, id := range p.lead().who {
			if led[id] == nil {
				leads = append(leads, id)
			}
			led[id] = append(led[id], p)
		}
	}
	slices.Sort(leads)
	out := make([]folder, 0, len(leads))
	for _, id := range leads {
		list := led[id]
		slices.SortStableFunc(list, func(a, b *Project) int { return strings.Compare(a.Key, b.Key) })
		out = append(out, folder{id, list})
	}
	return out
}

// worstFirst lists the keys of projects by health, then by how far the go-live is behind.
func worstFirst(projects []*Project) []string {
	list := slices.Clone(projects)
	slices.SortStableFunc(list, func(a, b *Project) int {
		return cmp.Or(b.Health.gravity()-a.Health.gravity(), b.goLiveSlip()-a.goLiveSlip(), strings.Compare(a.Key, b.Key))
	})
	keys := make([]string, len(list))
	for i, p := range list {
		keys[i] = p.Key
	}
	return keys
}

func (h Health) gravity() int { return slices.Index([]Health{Green, Amber, Red}, h) }

func (p *Project) goLiveSlip() int {
	if m := p.GoLive(); m != nil {
		return p.Slip(m)
	}
	return 0
}
