package steering

import "time"

// act is one command being carried out: who gives it, and when.
type act struct {
	p     *Project
	by    PersonID
	me    *Member
	now   time.Time // UTC, whole milliseconds, as it is stored
	today Date      // in the project's zone
}

// Do checks that the actor may give the command, changes the project, notes what changed in the journal and tells what
// followed. A refusal is an *Error; then, and when there was nothing new, the project is as it was.
func (p *Project) Do(cmd Command, who Actor, now time.Time) (Outcome, error) {
	a := &act{p: p, by: who.Person, me: p.Member(who.Person), now: now.UTC().Truncate(time.Millisecond), today: p.Today(now)}
	if err := a.admit(cmd); err != nil {
		return Outcome{}, err
	}
	before := p.goLiveForecast(a.today)
	out, err := cmd.run(a)
	if err != nil {
		return Outcome{}, err
	}
	out.Command = cmd
	if out.NothingNew {
		return out, nil
	}
	p.Refresh(a.today)
	if after := p.goLiveForecast(a.today); before.Key == after.Key && before.To != after.To {
		out.GoLive = Move{Key: after.Key, From: before.To, To: after.To}
	}
	return out, nil
}

// admit turns away who may not command at all: strangers, who learn nothing, and observers; and a closed project takes
// no command but the one that opens it again.
func (a *act) admit(cmd Command) error {
	if a.me == nil {
		return &Error{Code: CodeForbidden, Key: KeyNotMember}
	}
	if a.me.Has(RoleObserver) {
		return forbidden(KeyObserver, a.p.committee(""))
	}
	if _, reopens := cmd.(SetProjectStatus); a.p.Status == ProjectClosed && !reopens {
		return conflict(KeyProjectClosed, nil)
	}
	return nil
}

// goLiveForecast is the go-live's key and forecast of the day, as a move to it.
func (p *Project) goLiveForecast(today Date) Move {
	m := p.GoLive()
	if m == nil {
		return Move{}
	}
	return Move{Key: m.Key, To: p.forecasts(today)[m.Key]}
}

// milestone looks a key up for a command.
func (a *act) milestone(key string) (*Milestone, error) {
	if m := a.p.Milestone(key); m != nil {
		return m, nil
	}
	return nil, notFound(KeyNoMilestone, map[string]any{"key": key})
}

// mayReport looks a milestone up that the actor may report on, and that is not cancelled.
func (a *act) mayReport(key string) (*Milestone, error) {
	m, err := a.milestone(key)
	if err != nil {
		return nil, err
	}
	if !a.p.MayReport(m, a.by) {
		return nil, forbidden(KeyNotYours, a.p.reporters(m), "milestones", []string{m.Key})
	}
	if m.Status == Cancelled {
		return nil, conflict(KeyCancelled, map[string]any{"milestones": []string{m.Key}})
	}
	return m, nil
}

// mayPlan refuses whoever may not change the plan.
func (a *act) mayPlan() error {
	return a.need(KeyPlan, a.p.planners())
}

// need refuses, under key, whoever the grant does not name.
func (a *act) need(key string, g grant) error {
	if g.has(a.by) {
		return nil
	}
	return forbidden(key, g)
}

// isMember refuses a person who has no place in the project.
func (a *act) isMember(id PersonID) error {
	if a.p.Member(id) != nil {
		return nil
	}
	return invalid(KeyNotPlaced, map[string]any{"person": id})
}

// notLater refuses a day that has not come yet.
func (a *act) notLater(d Date) error {
	if d > a.today {
		return invalid(KeyFuture, map[string]any{"date": d})
	}
	return sane(d)
}

// sane refuses dates that no project of ours can mean.
func sane(d Date) error {
	if d == 0 || (d >= firstSane && d <= lastSane) {
		return nil
	}
	return invalid(KeyBadDate, map[string]any{"date": d})
}

var (
	firstSane = NewDate(1990, time.January, 1)
	lastSane  = NewDate(2100, time.December, 31)
)
