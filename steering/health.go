package steering

// ReasonCode says why a project's health is what it is.
type ReasonCode string

// The reasons of a health, gravest first.
const (
	ReasonEscalated    ReasonCode = "escalated"     // a meeting about missed dates is to be held
	ReasonGateOverdue  ReasonCode = "gate_overdue"  // a gate or the go-live is overdue
	ReasonForecastLate ReasonCode = "forecast_late" // a gate or the go-live is forecast far behind its baseline
	ReasonOverdue      ReasonCode = "overdue"       // anything else is overdue
	ReasonBlocked      ReasonCode = "blocked"       // something is blocked
	ReasonGoLiveLate   ReasonCode = "golive_late"   // the go-live is forecast behind its baseline
	ReasonOnTrack      ReasonCode = "on_track"      // nothing of the kind
)

// Reason is one thing that decides the health. Days are working days: overdue for, or forecast behind the baseline.
type Reason struct {
	Code      ReasonCode
	Health    Health // the health that this alone would give
	Milestone string // its key, "" where it is about none
	Meeting   int    // id of the meeting of an escalation
	Days      int
}

// redAfter is how many working days a gate or the go-live may be forecast behind its baseline before that is red.
const redAfter = 10

// Assess returns the project's health on a day, and all that speaks for it, gravest first: the first reason decides.
// An escalation is open while the meeting that it proposed is to be held and one of its milestones is still open: the
// committee's look at a missed date is what it asks for, whether or not the date has been moved meanwhile.
func (p *Project) Assess(today Date) (Health, []Reason) {
	reasons := p.escalations()
	dates, goLive := p.forecasts(today), p.GoLive()
	var red, overdue, blocked, late []Reason
	for _, m := range p.Milestones {
		if !m.IsOpen() {
			continue
		}
		vital := m.Gate || m == goLive
		if m.IsOverdue(today) {
			r := Reason{Code: ReasonOverdue, Health: Amber, Milestone: m.Key, Days: p.Calendar.Between(m.Due, today)}
			if vital {
				r.Code, r.Health = ReasonGateOverdue, Red
				red = append(red, r)
			} else {
				overdue = append(overdue, r)
			}
		}
		if m.Status == Blocked {
			blocked = append(blocked, Reason{Code: ReasonBlocked, Health: Amber, Milestone: m.Key})
		}
		if !vital || m.IsOverdue(today) || m.Baseline == 0 || dates[m.Key] <= m.Baseline {
			continue // an overdue one has its reason
		}
		switch behind := p.Calendar.Between(m.Baseline, dates[m.Key]); {
		case behind > redAfter:
			red = append(red, Reason{Code: ReasonForecastLate, Health: Red, Milestone: m.Key, Days: behind})
		case m == goLive:
			late = append(late, Reason{Code: ReasonGoLiveLate, Health: Amber, Milestone: m.Key, Days: behind})
		}
	}
	for _, more := range [][]Reason{red, overdue, blocked, late} {
		reasons = append(reasons, more...)
	}
	if len(reasons) == 0 {
		reasons = []Reason{{Code: ReasonOnTrack, Health: Green}}
	}
	return reasons[0].Health, reasons
}

// escalations lists the escalations that are open.
func (p *Project) escalations() []Reason {
	var out []Reason
	for _, meeting := range p.Meetings {
		if meeting.Reason != MeetingReasonMissed || !meeting.ahead() {
			continue
		}
		for _, key := range meeting.Milestones {
			if m := p.Milestone(key); m != nil && m.IsOpen() {
				out = append(out, Reason{Code: ReasonEscalated, Health: Red, Milestone: key, Meeting: meeting.ID})
				break
			}
		}
	}
	return out
}
