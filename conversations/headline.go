package conversations

import (
	"strconv"
	"strings"

	"timonel/locale"
	"timonel/steering"
)

// sentence is a text without its full stop, where the catalogue sets one, and without what only joined it to the next.
func sentence(text string) string {
	text = strings.TrimRight(strings.TrimSpace(text), ",;: ")
	if strings.HasSuffix(text, "..") {
		return text
	}
	return strings.TrimSuffix(text, ".")
}

func itoa(n int) string { return strconv.Itoa(n) }

// headline says in one line what a command did.
func (t *turn) headline(o steering.Outcome) string {
	args := locale.Args{"by": t.plainName(t.person.ID), "id": o.EntryID}
	if m := t.p.Milestone(o.Milestone); m != nil {
		args["milestone"] = locale.Marked(t.ref(m))
		args["due"] = t.date(m.Due)
		args["done"] = t.date(m.DoneOn)
		args["progress"] = m.Progress
		if m.Owner != "" {
			args["owner"] = t.plainName(m.Owner)
		}
	}
	if o.NothingNew {
		return t.nothingNew(o, args)
	}
	if s := t.milestoneLine(o, args); s != "" {
		return s
	}
	if s := t.registerLine(o, args); s != "" {
		return s
	}
	return t.settingLine(o, args)
}

// nothingNew says that things are so already, and how.
func (t *turn) nothingNew(o steering.Outcome, args locale.Args) string {
	switch o.Command.(type) {
	case steering.DecideProposal:
		return t.say.Text("refused.proposal_decided", locale.Args{"id": o.Proposal})
	case steering.CloseMeeting:
		return t.say.Text("reply.meeting_held_already", args)
	}
	line := t.say.Text("reply.nothing_new", args)
	if m := t.p.Milestone(o.Milestone); m != nil {
		line += " " + t.describe(m)
	}
	return line
}

// milestoneLine words the commands about a milestone, "" for others.
func (t *turn) milestoneLine(o steering.Outcome, args locale.Args) string {
	switch c := o.Command.(type) {
	case steering.AddMilestone:
		return t.say.Text("reply.added", args)
	case steering.MoveMilestone:
		return t.moveLine(o, args)
	case steering.DecideProposal:
		return t.proposalLine(o, c.Accept, args)
	case steering.CompleteMilestone, steering.ReportProgress, steering.GiveSignOff:
		return t.progressLine(o, args)
	case steering.StartMilestone:
		return t.say.Text("reply.started", args)
	case steering.BlockMilestone:
		if c.Reason == "" {
			return t.say.Text("reply.blocked", args)
		}
		args["reason"] = sentence(c.Reason)
		return t.say.Text("reply.blocked_by", args)
	case steering.UnblockMilestone:
		return t.say.Text("reply.unblocked", args)
	case steering.ReopenMilestone:
		return t.say.Text("reply.reopened", args)
	case steering.CancelMilestone:
		return t.say.Text("reply.cancelled", args)
	case steering.RenameMilestone:
		return t.say.Text("reply.renamed", args)
	case steering.AssignMilestone:
		return t.say.Text("reply.assigned", args)
	case steering.AddDependency:
		args["on"] = t.refs(c.On)
		return t.say.Text("reply.depends", args)
	case steering.DropDependency:
		args["on"] = t.refs(c.On)
		return t.say.Text("reply.depends_no_more", args)
	case steering.AddNote:
		return t.say.Text("reply.noted", args)
	case steering.RejectSignOff:
		args["reason"] = sentence(c.Reason)
		return t.say.Text(t.told("rejected"), args)
	case steering.AttachDocument:
		args["file"], args["sha"] = c.Name, c.SHA256[:min(8, len(c.SHA256))]
		return t.say.Text("reply.document", args)
	}
	return ""
}

func (t *turn) moveLine(o steering.Outcome, args locale.Args) string {
	if o.Proposal != 0 {
		if pr := t.p.Proposal(o.Proposal); pr != nil {
			args["to"] = t.date(pr.Due)
		}
		args["id"], args["who"] = o.Proposal, t.anyOf(o.Deciders)
		return t.say.Text("reply.proposed", args)
	}
	if len(o.Moves) > 0 {
		args["from"], args["to"] = t.date(o.Moves[0].From), t.date(o.Moves[0].To)
	}
	return t.say.Text("reply.moved", args)
}

func (t *turn) proposalLine(o steering.Outcome, accepted bool, args locale.Args) string {
	args["id"] = o.Proposal
	if pr := t.p.Proposal(o.Proposal); pr != nil {
		args["to"], args["who"] = t.date(pr.Due), locale.Marked(t.mention(pr.By))
	}
	if accepted {
		return t.say.Text(t.told("proposal_accepted"), args)
	}
	return t.say.Text(t.told("proposal_rejected"), args)
}

// told is the key of a text that names who did it, or, in a line for another chat, which begins with that name, the one
// that does not.
func (t *turn) told(key string) string {
	if t.quiet {
		return "echo." + key
	}
	return "reply." + key
}

// progressLine covers work reported: a percentage, complete, waiting for a sign-off, closed by one.
func (t *turn) progressLine(o steering.Outcome, args locale.Args) string {
	_, signed := o.Command.(steering.GiveSignOff)
	switch {
	case signed && o.Closed:
		return t.say.Text(t.told("accepted"), args)
	case signed:
		args["sides"] = t.sides(o.Waiting)
		return t.say.Text(t.told("accepted_in_part"), args)
	case len(o.Waiting) > 0:
		args["who"] = t.signers(o)
		return t.say.Text("reply.submitted", args)
	case o.Closed:
		return t.say.Text("reply.done", args)
	}
	return t.say.Text("reply.progress", args)
}

// registerLine words the commands about the registers, "" for others.
func (t *turn) registerLine(o steering.Outcome, args locale.Args) string {
	switch c := o.Command.(type) {
	case steering.AddEntry:
		args["text"] = sentence(c.Text)
		line := t.say.Text("reply."+string(c.Kind), args)
		if c.Owner != "" {
			line += " " + t.say.Text("reply.with_owner", locale.Args{"owner": locale.Marked(t.mention(c.Owner))})
		}
		if c.Due != 0 {
			line += " " + t.say.Text("reply.with_due", locale.Args{"due": t.date(c.Due)})
		}
		return line
	case steering.CloseEntry:
		return t.say.Text("reply.closed_"+string(c.Kind), args)
	case steering.RaiseChange:
		return t.changeLine(o, args)
	case steering.RuleChange:
		return t.changeLine(o, args)
	case steering.RaiseRequest:
		args["text"] = sentence(c.Text)
		return t.say.Text("reply.request", args)
	case steering.RuleRequest:
		if c.Covered {
			return t.say.Text("reply.request_covered", args)
		}
		return t.say.Text("reply.request_not_covered", args)
	case steering.AddInvoice:
		args["due"] = t.date(c.Due)
		return t.say.Text("reply.invoice", args)
	case steering.PayInvoice:
		return t.say.Text("reply.paid", args)
	case steering.AnswerAlignment:
		return t.say.Text("reply.alignment", args)
	}
	return t.meetingLine(o, args)
}

func (t *turn) changeLine(o steering.Outcome, args locale.Args) string {
	for _, c := range t.p.Changes {
		if c.ID != o.EntryID {
			continue
		}
		args["text"] = sentence(c.Text)
		key := "reply.change"
		switch {
		case c.Scope == steering.ScopeIn:
			key = "reply.change_in"
		case c.Billable:
			key = "reply.change_billable"
		case c.Scope == steering.ScopeOut:
			key = "reply.change_out"
		}
		return t.say.Text(key, args)
	}
	return ""
}

func (t *turn) meetingLine(o steering.Outcome, args locale.Args) string {
	m := t.p.Meeting(o.EntryID)
	if m == nil || o.Entry != steering.KindMeeting {
		return ""
	}
	if !m.At.IsZero() {
		args["at"] = t.say.Moment(m.At.In(t.p.Location()))
	}
	switch c := o.Command.(type) {
	case steering.ProposeMeeting:
		if o.Scheduled {
			return t.say.Text("reply.meeting_scheduled", args)
		}
		return t.say.Text("reply.meeting_proposed", args)
	case steering.ScheduleMeeting:
		return t.say.Text("reply.meeting_scheduled", args)
	case steering.VoteSlot:
		if o.Scheduled {
			return t.say.Text("reply.meeting_scheduled", args)
		}
		args["slot"] = t.say.Moment(m.Slots[c.Slot].At.In(t.p.Location()))
		return t.say.Text("reply.voted", args)
	case steering.RecordMinutes:
		return t.say.Text("reply.minutes", args)
	case steering.CloseMeeting:
		return t.say.Text("reply.meeting_held", args)
	case steering.CancelMeeting:
		return t.say.Text("reply.meeting_cancelled", args)
	}
	return ""
}

func (t *turn) settingLine(o steering.Outcome, args locale.Args) string {
	switch c := o.Command.(type) {
	case steering.ChangeSettings:
		return t.settings(c.Set)
	case steering.MuteNotices:
		args["until"] = t.date(c.Until)
		return t.say.Text("reply.muted"+about(c.Milestone, c.Everyone), args)
	case steering.Unmute:
		return t.say.Text("reply.unmuted", args)
	case steering.SetRoles:
		return t.roleLine(c)
	case steering.SetWarranty:
		return t.warrantyLine()
	case steering.SetLanguage:
		t.say = locale.For(c.Language)
		return t.say.Text("reply.language", nil)
	case steering.RecordTraining:
		args["who"] = t.plainName(c.Person)
		return t.say.Text("reply.trained", args)
	case steering.SetProjectStatus:
		return t.say.Text("reply.project_"+string(c.Status), locale.Args{"project": t.p.Name})
	}
	return t.say.Text("reply.ok", nil)
}

// about picks the wording of a mute: of a milestone or of all, the speaker's or everyone's.
func about(milestone string, everyone bool) string {
	key := "_all"
	if milestone != "" {
		key = "_one"
	}
	if everyone {
		key += "_everyone"
	}
	return key
}

func (t *turn) settings(s steering.Settings) string {
	switch {
	case s.Digest == "off":
		return t.say.Text("reply.digest_off", nil)
	case s.Digest != "":
		hour, minute, day := scheduleParts(s.Digest)
		return t.say.Text("reply.digest_at", locale.Args{"when": t.scheduleWords(hour, minute, day)})
	case len(s.ClosedDays) > 0:
		var days []string
		for _, d := range s.ClosedDays {
			days = append(days, t.say.ShortDate(d, t.today()))
		}
		return t.say.Text("reply.closed_days", locale.Args{"days": t.say.Join(days)})
	case s.Alignment == "off":
		return t.say.Text("reply.alignment_off", nil)
	case s.Alignment != "":
		return t.say.Text("reply.alignment_on", nil)
	}
	return t.say.Text("reply.ok", nil)
}

func (t *turn) roleLine(c steering.SetRoles) string {
	m := t.p.Member(c.Person)
	if m == nil {
		return t.say.Text("reply.role_gone", locale.Args{"who": t.plainName(c.Person)})
	}
	args := locale.Args{"who": locale.Marked(t.mention(c.Person)), "roles": t.roles(m.Roles)}
	if m.Side == "" {
		return t.say.Text("reply.role", args)
	}
	args["side"] = t.say.Text("side."+string(m.Side), nil)
	return t.say.Text("reply.role_side", args)
}

func (t *turn) warrantyLine() string {
	w := t.p.Warranty
	if w == nil {
		return t.say.Text("reply.ok", nil)
	}
	line := t.say.Text("reply.warranty", locale.Args{"from": t.date(w.From), "until": t.date(w.Until)})
	if len(w.Covered) > 0 {
		line += "\n" + t.say.Text("reply.warranty_covered", locale.Args{"list": t.say.Join(w.Covered)})
	}
	if len(w.NotCovered) > 0 {
		line += "\n" + t.say.Text("reply.warranty_not_covered", locale.Args{"list": t.say.Join(w.NotCovered)})
	}
	return line
}
