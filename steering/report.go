package steering

import "strings"

// remark adds something worth saying; args are names and values in turn.
func (o *Outcome) remark(key string, args ...any) {
	r := Remark{Key: key, Args: map[string]any{}}
	for i := 0; i+1 < len(args); i += 2 {
		r.Args[args[i].(string)] = args[i+1]
	}
	o.Remarks = append(o.Remarks, r)
}

func (c CompleteMilestone) run(a *act) (Outcome, error) {
	m, err := a.mayReport(c.Key)
	if err != nil {
		return Outcome{}, err
	}
	return a.complete(m, c.On)
}

// complete reports the work done on a day; what asks for sign-off waits for it, the rest is done.
func (a *act) complete(m *Milestone, on Date) (Outcome, error) {
	if err := a.notLater(on); err != nil {
		return Outcome{}, err
	}
	out := Outcome{Milestone: m.Key}
	if m.Status == Done || m.Status == Submitted {
		return a.completeAgain(m, on)
	}
	if err := a.mayClose(m); err != nil {
		return Outcome{}, err
	}
	if on == 0 {
		on = a.today
	}
	a.remarkOpenBefore(&out, m)
	m.DoneOn, m.BlockedBy = on, ""
	if len(m.AskedSides()) == 0 {
		a.p.Record("milestone.done", m.Key)
		out.Remarks = append(out.Remarks, a.close(m)...)
		out.Closed = true
		return out, nil
	}
	m.Status, m.SignOff.Given = Submitted, nil
	a.p.Record("milestone.submitted", m.Key)
	a.await(&out, m)
	return out, nil
}

// completeAgain corrects the day when another one is said, and is nothing new otherwise.
func (a *act) completeAgain(m *Milestone, on Date) (Outcome, error) {
	out := Outcome{Milestone: m.Key, Closed: m.Status == Done}
	a.await(&out, m)
	if on == 0 || on == m.DoneOn {
		out.NothingNew = true
		return out, nil
	}
	m.DoneOn = on
	if out.Closed {
		a.p.Record("milestone.done", m.Key)
		out.Remarks = append(out.Remarks, a.warrantyFollows()...)
		return out, nil
	}
	a.p.Record("milestone.submitted", m.Key)
	return out, nil
}

// await tells whose sign-off a submitted milestone waits for.
func (a *act) await(out *Outcome, m *Milestone) {
	if m.Status != Submitted {
		return
	}
	out.Waiting, out.Deciders = m.WaitingSides(), a.p.signers(m).who
	for _, side := range out.Waiting {
		if len(a.p.holders(side, RoleSponsor, RoleProductOwner).who) == 0 {
			out.remark(RemarkNoSigner, "milestone", m.Key, "side", side)
		}
	}
}

// close makes a milestone done, and the project live when it was the go-live.
func (a *act) close(m *Milestone) []Remark {
	goLive := a.p.GoLive()
	m.Status = Done
	if m.DoneOn == 0 {
		m.DoneOn = a.today
	}
	if m != goLive {
		return nil
	}
	var out Outcome
	if a.p.Status != ProjectLive {
		a.p.Status = ProjectLive
		a.p.Record("project.live", "project")
		out.remark(RemarkLive, "milestone", m.Key)
	}
	return append(out.Remarks, a.warrantyFollows()...)
}

func (c StartMilestone) run(a *act) (Outcome, error) {
	m, err := a.mayReport(c.Key)
	if err != nil {
		return Outcome{}, err
	}
	if err := unfinished(m); err != nil {
		return Outcome{}, err
	}
	if m.Status == InProgress {
		return Outcome{Milestone: m.Key, NothingNew: true}, nil
	}
	m.Status, m.BlockedBy = InProgress, ""
	a.p.Record("milestone.started", m.Key)
	return Outcome{Milestone: m.Key}, nil
}

// unfinished refuses what waits for sign-off or is done: it has to be reopened before work on it is reported.
func unfinished(m *Milestone) error {
	args := map[string]any{"milestones": []string{m.Key}}
	switch m.Status {
	case Done:
		return conflict(KeyDone, args)
	case Submitted:
		return conflict(KeySubmitted, args)
	}
	return nil
}

func (c ReportProgress) run(a *act) (Outcome, error) {
	m, err := a.mayReport(c.Key)
	if err != nil {
		return Outcome{}, err
	}
	if c.Percent < 0 || c.Percent > 100 {
		return Outcome{}, invalid(KeyBadValue, map[string]any{"field": "progress", "value": c.Percent})
	}
	if c.Percent == 100 {
		out, err := a.complete(m, 0)
		if err == nil && !out.NothingNew {
			m.Progress = 100
		}
		return out, err
	}
	if err := unfinished(m); err != nil {
		return Outcome{}, err
	}
	out := Outcome{Milestone: m.Key}
	if m.Status == Blocked { // a percentage says nothing about what is in the way
		out.remark(RemarkStillBlocked, "milestone", m.Key, "reason", m.BlockedBy)
	}
	if m.Progress == c.Percent && (m.Status != Pending || c.Percent == 0) {
		out.NothingNew = true
		return out, nil
	}
	m.Progress = c.Percent
	if m.Status == Pending {
		m.Status = InProgress
	}
	a.p.Record("milestone.progress", m.Key)
	return out, nil
}

func (c BlockMilestone) run(a *act) (Outcome, error) {
	m, err := a.mayReport(c.Key)
	if err != nil {
		return Outcome{}, err
	}
	if err := unfinished(m); err != nil {
		return Outcome{}, err
	}
	reason := strings.TrimSpace(c.Reason)
	out := Outcome{Milestone: m.Key, NeedReason: reason == "" && m.BlockedBy == ""}
	if m.Status == Blocked && (reason == "" || reason == m.BlockedBy) {
		out.NothingNew = true
		return out, nil
	}
	m.Status = Blocked
	if reason != "" {
		m.BlockedBy = reason
	}
	a.p.Record("milestone.blocked", m.Key)
	return out, nil
}

func (c UnblockMilestone) run(a *act) (Outcome, error) {
	m, err := a.mayReport(c.Key)
	if err != nil {
		return Outcome{}, err
	}
	if m.Status != Blocked {
		return Outcome{Milestone: m.Key, NothingNew: true}, nil
	}
	m.Status, m.BlockedBy = m.atWork(), ""
	if c.Was == Pending || c.Was == InProgress {
		m.Status = c.Was
	}
	a.p.Record("milestone.unblocked", m.Key)
	return Outcome{Milestone: m.Key}, nil
}

// atWork is the status of open work that nothing holds up: in progress if it had progress.
func (m *Milestone) atWork() Status {
	if m.Progress > 0 {
		return InProgress
	}
	return Pending
}

func (c ReopenMilestone) run(a *act) (Outcome, error) {
	m, err := a.milestone(c.Key)
	if err != nil {
		return Outcome{}, err
	}
	if err := a.mayPlan(); err != nil {
		return Outcome{}, err
	}
	out := Outcome{Milestone: m.Key}
	if m.IsOpen() && m.Status != Submitted {
		out.NothingNew = true
		return out, nil
	}
	if behind := a.p.closedBehind(m); len(behind) > 0 && m.Status != Cancelled {
		out.remark(RemarkClosedBehind, "milestone", m.Key, "milestones", behind)
	}
	wasLive := m == a.p.GoLive() && m.Status == Done
	m.Status, m.DoneOn = m.atWork(), 0
	if m.Progress == 100 { // complete it was; how much of it is left nobody has said
		m.Progress = 0
	}
	if m.SignOff != nil {
		m.SignOff.Given = nil
	}
	a.p.Record("milestone.reopened", m.Key)
	if wasLive {
		if a.p.Status == ProjectLive {
			a.p.Status = ProjectActive
			a.p.Record("project.active", "project")
		}
		out.Remarks = append(out.Remarks, a.warrantyFollows()...)
	}
	return out, nil
}
