package scheduler

import (
	"errors"
	"slices"
	"time"

	"timonel/steering"
	"timonel/storage"
)

// subject is one project in one round: its state, its policy, and what was given.
type subject struct {
	p      *steering.Project
	policy steering.Policy
	since  time.Time // everything up to here is settled
	moved  bool      // the state came from elsewhere, and nobody knows how long it was on its way
	sent   map[steering.Sent]bool
	digest time.Time // when the newest digest went out

	changed bool      // to be saved
	held    time.Time // of the oldest notice that found no way out, zero if none
}

// round is the work of one transaction at one moment.
type round struct {
	*Scheduler
	tx       *storage.Tx
	now      time.Time
	dir      *directory
	subjects map[string]*subject
	posted   int
	held     []steering.Notice

	schedules  map[string]storage.Schedule // read ahead, with …
	identities map[string][]steering.Sent  // … what went out for these projects
	marks      []storage.Given             // what goes out now and is not written yet
}

func (s *Scheduler) round(tx *storage.Tx, now time.Time) *round {
	return &round{Scheduler: s, tx: tx, now: now, dir: newDirectory(tx, s.opt.Joined), subjects: map[string]*subject{}}
}

// ahead reads what is to be swept together, and returns those that are still due: somebody else may have been first.
func (r *round) ahead(keys []string) (due []string, err error) {
	if r.schedules, err = r.tx.Schedules(keys); err != nil {
		return nil, err
	}
	for _, key := range keys {
		if next := r.schedules[key].Next; !next.IsZero() && !next.After(r.now) {
			due = append(due, key)
		}
	}
	if len(due) == 0 {
		return nil, nil
	}
	if err := r.tx.Preload(due); err != nil {
		return nil, err
	}
	r.identities, err = r.tx.SentOf(due)
	return due, err
}

// schedule is when a project was to be looked at.
func (r *round) schedule(key string) (storage.Schedule, error) {
	if s, known := r.schedules[key]; known {
		return s, nil
	}
	next, owed, err := r.tx.Schedule(key)
	return storage.Schedule{Next: next, Owed: owed}, err
}

// open loads a project with its forecast and health brought to the day, once in a round.
func (r *round) open(key string) (*subject, error) {
	if s := r.subjects[key]; s != nil {
		return s, nil
	}
	p, err := r.tx.Project(key)
	if err != nil {
		return nil, err
	}
	schedule, err := r.schedule(key)
	if err != nil {
		return nil, err
	}
	s := &subject{p: p, policy: r.opt.Policy.With(p.Settings), sent: map[steering.Sent]bool{}}
	from := schedule.Next
	if owed := schedule.Owed; !owed.IsZero() {
		from = owed
		s.moved = owed.Unix() == 0
	}
	if from.IsZero() || from.After(r.now) {
		from = r.now
	}
	s.since = from.Add(-time.Nanosecond)
	if err := r.given(s); err != nil {
		return nil, err
	}
	s.changed = p.Refresh(p.Today(r.now))
	r.subjects[key] = s
	return s, nil
}

// given notes what went out for a project.
func (r *round) given(s *subject) (err error) {
	list := r.identities[s.p.Key]
	if _, known := r.schedules[s.p.Key]; !known {
		if list, err = r.tx.Sent(s.p.Key); err != nil {
			return err
		}
	}
	for _, sent := range list {
		if sent.Kind == string(steering.NoticeDigest) && sent.At.After(s.digest) {
			s.digest = sent.At
		}
		sent.At = time.Time{}
		s.sent[sent] = true
	}
	return nil
}

func (s *subject) was(kind, object, about string) bool {
	return s.sent[steering.Sent{Kind: kind, Object: object, About: about}]
}

// owed is all that is owed for one project at the round's moment, the portfolios of which it is the home included.
func (r *round) owed(s *subject) ([]steering.Notice, error) {
	notices := s.p.Due(s.policy, s.since, r.now, s.was)
	portfolios, err := r.portfolios(s, s.since, func(project, kind, object, about string) bool {
		home := r.subjects[project]
		return home != nil && home.was(kind, object, about)
	})
	return append(notices, portfolios...), err
}

// portfolios are those owed to the leads whose first project this is: the others' homes see to theirs.
func (r *round) portfolios(s *subject, since time.Time, sent func(project, kind, object, about string) bool) ([]steering.Notice, error) {
	// Most sweeps are not about it: a look at this project alone tells whether the schedule fired.
	if len(steering.Portfolio([]*steering.Project{s.p}, r.opt.Policy, since, r.now, nil)) == 0 {
		return nil, nil
	}
	var out []steering.Notice
	for _, lead := range s.p.Lead() {
		projects, err := r.led(lead, s.p.Key)
		if err != nil || len(projects) == 0 {
			return out, err
		}
		for _, n := range steering.Portfolio(projects, r.opt.Policy, since, r.now, sent) {
			if n.Object == "member "+string(lead) {
				out = append(out, n)
			}
		}
	}
	return out, nil
}

func (s *subject) runs() bool {
	return s.p.Status != steering.ProjectPaused && s.p.Status != steering.ProjectClosed
}

// led loads the running projects that a person leads, if the first of them is home; else none.
func (r *round) led(lead steering.PersonID, home string) ([]*steering.Project, error) {
	keys, err := r.tx.ProjectsOf(lead)
	if err != nil {
		return nil, err
	}
	var out []*steering.Project
	for _, key := range keys {
		s, err := r.open(key)
		if err != nil { // one that cannot be read is told of where it is swept
			r.opt.Log.Warn().Str("project_id", key).Err(err).Msg("left out of a portfolio")
			continue
		}
		if !s.runs() || !slices.Contains(s.p.Lead(), lead) {
			continue
		}
		if out = append(out, s.p); out[0].Key != home {
			return nil, nil
		}
	}
	return out, nil
}

// places names the chats of a notice for steering.Bundle. What cannot be looked up is told at the end.
func (r *round) places(problem *error) func(n steering.Notice, person steering.PersonID) []string {
	return func(n steering.Notice, person steering.PersonID) []string {
		s := r.subjects[n.Project]
		if person != "" {
			c, found, err := r.dir.direct(s.p, person)
			*problem = errors.Join(*problem, err)
			if !found {
				return nil
			}
			return []string{c.name()}
		}
		chats, err := r.dir.groups(s.p, n)
		*problem = errors.Join(*problem, err)
		var names []string
		for _, c := range chats {
			names = append(names, c.name())
		}
		return names
	}
}

// nextLook is when the project is to be looked at again, and from when on something is still owed.
func (r *round) nextLook(s *subject) (next, owed time.Time) {
	next = s.p.NextMoment(s.policy, r.now, s.was)
	if next.IsZero() {
		return next, owed // paused or closed
	}
	working := s.p.NextWorkingMoment(s.policy, r.now)
	earliest := func(t time.Time) {
		if !t.IsZero() && t.After(r.now) && t.Before(next) {
			next = t
		}
	}
	if len(s.p.Lead()) > 0 {
		earliest(steering.NextPortfolio([]*steering.Project{s.p}, s.policy, r.now))
	}
	earliest(s.nextForecast(r.now))
	switch {
	case working.After(r.now) && !s.p.NextWorkingMoment(s.policy, s.since).After(r.now):
		// Something may have been owed within the last working moments; outside of them nothing was settled.
		owed = s.since.Add(time.Nanosecond)
		earliest(working)
	case !s.held.IsZero():
		owed = s.held
		earliest(s.tomorrow(r.now))
	}
	if s.moved && !owed.IsZero() {
		owed = time.Unix(0, 0)
	}
	return next, owed
}

// nextForecast is the next midnight while something is late or becomes so: a late milestone's forecast moves with the day.
func (s *subject) nextForecast(now time.Time) time.Time {
	today := s.p.Today(now)
	if len(s.p.DueBetween(1, today)) == 0 {
		return time.Time{}
	}
	return (today + 1).At(0, 0, s.p.Location())
}

// tomorrow is when the next working day begins.
func (s *subject) tomorrow(now time.Time) time.Time {
	return s.p.NextWorkingMoment(s.policy, (s.p.Today(now)+1).At(0, 0, s.p.Location()))
}

// settle writes what the round gave and changed of projects, and when they are to be looked at again.
func (r *round) settle(swept []*subject) error {
	if err := r.writeMarks(); err != nil {
		return err
	}
	again := make(map[string]storage.Schedule, len(swept))
	for _, s := range swept {
		if s.changed {
			if _, err := r.tx.Save(s.p, steering.Actor{Via: actorVia}); err != nil {
				return err
			}
		}
		next, owed := r.nextLook(s)
		again[s.p.Key] = storage.Schedule{Next: next, Owed: owed}
	}
	return r.tx.SetSchedules(again)
}

// actorVia is how the audit names what the scheduler did.
const actorVia = "timonel"
