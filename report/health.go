package report

import (
	"strings"

	"timonel/locale"
	"timonel/steering"
)

// maxReasons is how many kinds of reason a health is explained with: the gravest say enough.
const maxReasons = 3

// maxNamed is how many milestones a reason names before it counts the rest.
const maxNamed = 3

// HealthWords returns the project's health on a day and why it is so, as part of a sentence: "gate 2. Scope is
// overdue; 3 milestones are overdue".
func HealthWords(p *steering.Project, today steering.Date, say locale.Printer) (steering.Health, locale.Marked) {
	health, reasons := p.Assess(today)
	byCode := map[steering.ReasonCode][]steering.Reason{}
	var order []steering.ReasonCode
	for _, r := range reasons {
		if byCode[r.Code] == nil {
			order = append(order, r.Code)
		}
		byCode[r.Code] = append(byCode[r.Code], r)
	}
	var words []string
	for _, code := range order[:min(len(order), maxReasons)] {
		further := byCode[steering.ReasonGateOverdue] != nil
		words = append(words, reasonWords(p, code, byCode[code], further, say))
	}
	return health, locale.Marked(strings.Join(words, "; "))
}

// reasonWords words all reasons of one kind together; further says that a gate was named as overdue before.
func reasonWords(p *steering.Project, code steering.ReasonCode, reasons []steering.Reason, further bool, say locale.Printer) string {
	var names []string
	worst := 0
	for _, r := range reasons {
		if m := p.Milestone(r.Milestone); m != nil {
			names = append(names, say.Text("digest.ref", locale.Args{"key": m.Key, "name": m.Name}))
		}
		worst = max(worst, r.Days)
	}
	args := locale.Args{"list": locale.Marked(say.JoinSome(names, maxNamed)), "n": len(reasons)}
	switch code {
	case steering.ReasonEscalated:
		return say.Text("health_why.escalation", args)
	case steering.ReasonGateOverdue:
		if g := p.GoLive(); len(reasons) == 1 && g != nil && reasons[0].Milestone == g.Key {
			return say.Text("health_why.golive_overdue", nil)
		}
		return say.Text("health_why.gate_overdue", args)
	case steering.ReasonForecastLate, steering.ReasonGoLiveLate:
		args["n"] = worst
		if len(reasons) > 1 {
			return say.Text("health_why.late_several", args)
		}
		return say.Text("health_why.late", args)
	case steering.ReasonOverdue:
		if further {
			return say.Text("health_why.overdue_more", args)
		}
		return say.Text("health_why.overdue", args)
	case steering.ReasonBlocked:
		return say.Text("health_why.blocked", args)
	case steering.ReasonOnTrack:
		if g := p.GoLive(); g != nil && g.Status == steering.Done {
			return say.Text("health_why.well_live", nil)
		}
		return say.Text("health_why.well", nil)
	}
	return ""
}
