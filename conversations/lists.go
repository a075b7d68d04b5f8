package conversations

import (
	"slices"
	"strings"
	"time"

	"timonel/bot"
	"timonel/conversations/understand"
	"timonel/internal/markup"
	"timonel/locale"
	"timonel/steering"
)

// tellList lists what was asked for, short and sorted by date.
func (t *turn) tellList(f understand.Frame) error {
	today := t.today()
	switch w := f.Slots.Window; w {
	case "actions", "risks", "issues", "decisions", "changes", "requests", "invoices", "meetings", "proposals":
		return t.listEntries(w)
	case "next":
		return t.tellNext(f.Slots)
	case "mine":
		return t.listMine()
	}
	window, list := t.wanted(f.Slots, today)
	return t.listMilestones(window, of(list, f.Slots), t.alsoLate(f.Slots, today)...)
}

// alsoLate is a line for lists of days to come: what should have been ready before is still to do.
func (t *turn) alsoLate(s understand.Slots, today steering.Date) []string {
	from := today
	switch s.Window {
	case "this_week":
		from = today.Monday()
	case "today", "this_month":
	default:
		return nil
	}
	n := 0
	for _, m := range of(t.p.Overdue(today), s) {
		if m.Due < from {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return []string{t.say.Text("list.also_late", locale.Args{"n": n})}
}

// of keeps the milestones of the person and the side that were asked about.
func of(list []*steering.Milestone, s understand.Slots) []*steering.Milestone {
	var out []*steering.Milestone
	for _, m := range list {
		if (s.Person == "" || m.Owner == steering.PersonID(s.Person)) && (s.Side == "" || m.Side == s.Side || m.Side == steering.SideBoth) {
			out = append(out, m)
		}
	}
	return out
}

// maxNext is how many milestones "what's next" tells.
const maxNext = 3

// tellNext lists the open milestones that come first, overdue ones included.
func (t *turn) tellNext(s understand.Slots) error {
	open := of(t.with((*steering.Milestone).IsOpen), s)
	return t.listMilestones("next", open[:min(len(open), maxNext)])
}

// wanted returns the milestones of a list, and the words that the list has in the catalogues.
func (t *turn) wanted(s understand.Slots, today steering.Date) (window string, list []*steering.Milestone) {
	switch w := s.Window; w {
	case "overdue":
		return w, t.p.Overdue(today)
	case "today":
		return w, t.p.DueBetween(today, today)
	case "date":
		if s.Date != nil {
			return w, t.p.DueBetween(s.Date.Date, s.Date.Date)
		}
	case "this_week":
		return w, t.p.DueBetween(today.Monday(), today.Monday()+6)
	case "next_week":
		return w, t.p.DueBetween(today.Monday()+7, today.Monday()+13)
	case "this_month":
		return w, t.p.DueBetween(today, today.EndOfMonth())
	case "month":
		first := t.monthAhead(time.Month(s.Number))
		return w, t.p.DueBetween(first, first.EndOfMonth())
	case "blocked":
		return w, t.p.Blocked()
	case "waiting":
		return w, t.with(func(m *steering.Milestone) bool { return m.Status == steering.Submitted })
	case "done":
		return w, t.with(func(m *steering.Milestone) bool { return m.Status == steering.Done })
	}
	return "open", t.with((*steering.Milestone).IsOpen)
}

// monthAhead is the first day of the month that is meant: this year's unless it is over.
func (t *turn) monthAhead(m time.Month) steering.Date {
	year, month, _ := t.today().Civil()
	if m < month {
		year++
	}
	return steering.NewDate(year, m, 1)
}

func (t *turn) with(keep func(*steering.Milestone) bool) []*steering.Milestone {
	var out []*steering.Milestone
	for _, m := range t.p.Milestones {
		if keep(m) {
			out = append(out, m)
		}
	}
	slices.SortStableFunc(out, func(a, b *steering.Milestone) int { return int(a.Due - b.Due) })
	return out
}

// maxLines is how long a list in a chat may be before the rest is counted.
const maxLines = 20

// listMilestones sends a list under the words of its window, then the lines that belong below it.
func (t *turn) listMilestones(window string, list []*steering.Milestone, below ...string) error {
	if len(list) == 0 {
		return t.reply(strings.Join(append([]string{t.say.Text("list.none_"+window, nil)}, below...), "\n"))
	}
	lines := []string{t.say.Text("list.head_"+window, locale.Args{"n": len(list)})}
	var keys []string
	for _, m := range list[:min(len(list), maxLines)] {
		lines = append(lines, t.listLine(m))
		keys = append(keys, m.Key)
	}
	if more := len(list) - maxLines; more > 0 {
		lines = append(lines, t.say.Text("reply.more", locale.Args{"n": more}))
	}
	return t.sendReply(bot.Outgoing{Kind: bot.KindReply, Text: strings.Join(append(lines, below...), "\n"), Milestones: keys, Ephemeral: window == "mine"})
}

func (t *turn) listLine(m *steering.Milestone) string {
	day := m.Due
	if m.Status == steering.Done {
		day = m.DoneOn
	}
	line := t.say.Text("list.line", locale.Args{"milestone": locale.Marked(t.ref(m)), "date": t.say.ShortDate(day, t.today())})
	if m.Owner != "" && m.IsOpen() {
		line += " · " + markup.Strip(firstName(t.plainName(m.Owner)))
	}
	switch {
	case m.Status == steering.Blocked, m.Status == steering.Submitted:
		line += " · " + t.say.Text("status."+string(m.Status), nil)
	case m.IsOpen() && m.Due < t.today():
		line += " · " + t.say.Text("describe.late", locale.Args{"n": t.p.Calendar.Between(m.Due, t.today())})
	}
	return line
}

// listMine lists the speaker's milestones and actions.
func (t *turn) listMine() error {
	mine := t.p.Mine(t.person.ID)
	var actions []string
	for _, a := range t.p.Actions {
		if a.Owner == t.person.ID && a.Status == steering.EntryOpen {
			actions = append(actions, t.actionLine(a))
		}
	}
	if len(actions) == 0 {
		return t.listMilestones("mine", mine)
	}
	lines := []string{t.say.Text("list.head_mine", locale.Args{"n": len(mine) + len(actions)})}
	var keys []string
	for _, m := range mine {
		lines, keys = append(lines, t.listLine(m)), append(keys, m.Key)
	}
	return t.sendReply(bot.Outgoing{Kind: bot.KindReply, Text: strings.Join(append(lines, actions...), "\n"), Milestones: keys, Ephemeral: true})
}

func (t *turn) actionLine(a *steering.Action) string {
	line := t.entryLine(steering.KindAction, a.ID, a.Text)
	if a.Owner != "" {
		line += " · " + markup.Strip(firstName(t.plainName(a.Owner)))
	}
	if a.Due != 0 {
		line += " · " + t.say.ShortDate(a.Due, t.today())
	}
	return line
}

func (t *turn) entryLine(kind steering.EntryKind, id int, text string) string {
	return t.say.Text("list.entry", locale.Args{"kind": t.say.Text("kind."+string(kind), nil), "id": id, "text": text})
}

// listEntries lists the open entries of one register, decisions all.
func (t *turn) listEntries(register string) error {
	lines, err := t.entries(register)
	if err != nil {
		return err
	}
	if len(lines) == 0 {
		return t.reply(t.say.Text("list.none_"+register, nil))
	}
	head := t.say.Text("list.head_"+register, locale.Args{"n": len(lines)})
	if more := len(lines) - maxLines; more > 0 {
		lines = append(lines[:maxLines], t.say.Text("reply.more", locale.Args{"n": more}))
	}
	return t.reply(strings.Join(append([]string{head}, lines...), "\n"))
}

func (t *turn) entries(register string) ([]string, error) {
	seen, err := t.seen(t.p)
	if err != nil {
		return nil, err
	}
	var lines []string
	switch register {
	case "actions":
		open := slices.DeleteFunc(slices.Clone(t.p.Actions), func(a *steering.Action) bool { return a.Status != steering.EntryOpen })
		slices.SortStableFunc(open, func(a, b *steering.Action) int { return int(a.Due - b.Due) })
		for _, a := range open {
			lines = append(lines, t.actionLine(a))
		}
	case "risks":
		for _, r := range seen.Risks {
			if r.Status == steering.EntryOpen {
				lines = append(lines, t.entryLine(steering.KindRisk, r.ID, r.Text))
			}
		}
	case "issues":
		for _, r := range seen.Issues {
			if r.Status == steering.EntryOpen {
				lines = append(lines, t.entryLine(steering.KindIssue, r.ID, r.Text))
			}
		}
	case "decisions":
		for _, d := range t.p.Decisions {
			lines = append(lines, t.entryLine(steering.KindDecision, d.ID, d.Text)+" · "+t.say.ShortDate(t.p.Today(d.At), t.today()))
		}
	case "changes":
		for _, c := range t.p.Changes {
			if c.Status == steering.EntryOpen {
				lines = append(lines, t.entryLine(steering.KindChange, c.ID, c.Text))
			}
		}
	case "requests":
		for _, r := range t.p.Requests {
			if r.Status == steering.EntryOpen {
				lines = append(lines, t.entryLine(steering.KindRequest, r.ID, r.Text))
			}
		}
	case "proposals":
		for _, pr := range t.p.Proposals {
			if m := t.p.Milestone(pr.Milestone); pr.Status == steering.ProposalOpen && m != nil {
				lines = append(lines, t.entryLine(steering.KindProposal, pr.ID, m.Name+" → "+t.say.ShortDate(pr.Due, t.today())))
			}
		}
	case "meetings":
		lines = t.meetingLines()
	case "invoices":
		lines = t.invoiceLines()
	}
	return lines, nil
}

func (t *turn) meetingLines() []string {
	var lines []string
	for _, m := range t.p.Meetings {
		text := t.say.Text("meeting_status."+string(m.Status), nil)
		if !m.At.IsZero() {
			text = markup.Plain(string(t.say.Moment(m.At.In(t.p.Location())))) + " · " + text
		}
		lines = append(lines, t.entryLine(steering.KindMeeting, m.ID, text))
	}
	return lines
}

// invoiceLines shows invoices to those whom they concern; in a group nobody sees them.
func (t *turn) invoiceLines() []string {
	member := t.p.Member(t.person.ID)
	if !t.in.Direct || !member.Has(steering.RoleLead) && !member.Has(steering.RoleCSM) && !member.Has(steering.RoleSponsor) {
		return nil
	}
	var lines []string
	for _, v := range t.p.Invoices {
		lines = append(lines, t.entryLine(steering.KindInvoice, v.ID, v.For)+" · "+t.say.ShortDate(v.Due, t.today())+" · "+t.say.Text("invoice_status."+string(v.Status), nil))
	}
	return lines
}
