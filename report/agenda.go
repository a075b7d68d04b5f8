// Package report draws and sums up what a project is: the digest, the agenda, the portfolio, the timeline, and every file
// that a project can be written as.
// Everything in it is pure: state and words in, bytes out.
package report

import (
	"slices"
	"strings"

	"timonel/locale"
	"timonel/steering"
)

// Agenda words what a meeting is about, as it stands on a day: missed dates, scope and changes, the open actions of both
// sides, the decisions needed. A periodic review looks at use instead of dates. It mentions nobody.
func Agenda(p *steering.Project, m *steering.Meeting, today steering.Date, say locale.Printer, names Names) string {
	d := &summary{p: p, today: today, say: say, names: names}
	head := locale.Args{"project": p.Name, "at": say.Text("agenda.unscheduled", nil)}
	if !m.At.IsZero() {
		head["at"] = say.Moment(m.At.In(p.Location()))
	}
	d.line("agenda.head_"+string(m.Kind), head)
	if m.Kind == steering.MeetingReview {
		for _, topic := range []string{"adoption", "performance", "changes", "features"} {
			d.line("agenda.review_"+topic, nil)
		}
		d.block("agenda.review_actions", d.actionsBySide(), "agenda.actions_none")
		return strings.Join(d.lines, "\n")
	}
	d.block("agenda.missed", d.missed(m), "agenda.missed_none")
	d.block("agenda.scope", d.scope(), "agenda.scope_none")
	d.block("agenda.actions", d.actionsBySide(), "agenda.actions_none")
	d.block("agenda.decisions", d.decisions(m), "agenda.decisions_none")
	return strings.Join(d.lines, "\n")
}

// block is a section that stands also when it is empty: a committee wants to see that there is nothing.
func (d *summary) block(heading string, items []string, none string) {
	if d.section(heading, items) == 0 {
		d.lines = append(d.lines, "", d.say.Text(heading, nil), d.say.Text(none, nil))
	}
}

// missed lists the dates that the meeting was called for, as they stand now, and whatever else is overdue.
func (d *summary) missed(meeting *steering.Meeting) []string {
	var out []string
	for _, key := range meeting.Milestones {
		m := d.p.Milestone(key)
		if m == nil || m.Status == steering.Cancelled || m.IsOverdue(d.today) {
			continue
		}
		args := locale.Args{"milestone": d.ref(m), "done": d.date(m.DoneOn), "to": d.date(m.Due)}
		switch {
		case m.Status == steering.Done:
			out = append(out, d.say.Text("agenda.missed_done", args))
		case len(m.Slips) > 0:
			args["from"] = d.date(m.Slips[len(m.Slips)-1].From)
			out = append(out, d.say.Text("agenda.missed_moved", args))
		}
	}
	for _, m := range d.open(func(m *steering.Milestone) bool { return m.IsOverdue(d.today) }) {
		line := d.say.Text("digest.overdue_item", locale.Args{
			"milestone": d.ref(m), "n": d.p.Calendar.Between(m.Due, d.today), "date": d.date(m.Due),
		})
		out = append(out, d.owned(line, m.Owner))
	}
	return d.capped(out, maxListed)
}

func (d *summary) scope() []string {
	var out []string
	for _, c := range d.p.Changes {
		if c.Status != steering.EntryOpen {
			continue
		}
		key := "agenda.scope_open"
		switch {
		case c.Scope == steering.ScopeIn:
			key = "agenda.scope_in"
		case c.Billable:
			key = "agenda.scope_billable"
		case c.Scope == steering.ScopeOut:
			key = "agenda.scope_out"
		}
		out = append(out, d.say.Text(key, locale.Args{"text": c.Text}))
	}
	return d.capped(out, maxListed)
}

// actionsBySide lists the open actions under the side of their owners, those of nobody last.
func (d *summary) actionsBySide() []string {
	heading := map[steering.Side]string{
		steering.SideClient: "digest.overdue_client", steering.SideVendor: "digest.overdue_vendor",
		steering.SideBoth: "digest.overdue_both", "": "agenda.unowned",
	}
	items := map[steering.Side][]string{}
	for _, a := range d.openActions() {
		side := d.sideOfPerson(a.Owner)
		if a.Owner == "" {
			side = ""
		}
		items[side] = append(items[side], d.action(a))
	}
	var out []string
	for _, side := range []steering.Side{steering.SideClient, steering.SideVendor, steering.SideBoth, ""} {
		if len(items[side]) > 0 {
			out = append(out, d.say.Text(heading[side], nil))
			out = append(out, d.capped(items[side], maxListed)...)
		}
	}
	return out
}

// decisions lists what only the committee can settle: proposed dates, missing acceptances, new dates for what is late, the
// way out for what is blocked.
func (d *summary) decisions(meeting *steering.Meeting) []string {
	var out, proposed []string
	for _, pr := range d.p.Proposals {
		m := d.p.Milestone(pr.Milestone)
		if pr.Status != steering.ProposalOpen || m == nil || !m.IsOpen() {
			continue
		}
		proposed = append(proposed, m.Key)
		out = append(out, d.say.Text("agenda.decide_date", locale.Args{
			"milestone": d.ref(m), "to": d.date(pr.Due), "by": d.names.of(pr.By),
		}))
	}
	for _, m := range d.open(func(*steering.Milestone) bool { return true }) {
		switch {
		case m.Status == steering.Submitted:
			out = append(out, d.say.Text("agenda.decide_signoff", locale.Args{"milestone": d.ref(m), "who": d.signers(m)}))
		case m.Status == steering.Blocked:
			out = append(out, d.say.Text("agenda.decide_blocked", locale.Args{"milestone": d.ref(m), "reason": d.reason(m)}))
		case m.IsOverdue(d.today) && !slices.Contains(proposed, m.Key):
			out = append(out, d.say.Text("agenda.decide_new_date", locale.Args{"milestone": d.ref(m), "date": d.date(m.Due)}))
		}
	}
	return d.capped(out, maxListed)
}
