package conversations

import (
	"strings"
	"time"

	"timonel/conversations/understand"
	"timonel/steering"
)

func buildEntry(kind steering.EntryKind) builder {
	return func(t *turn, _ *steering.Project, f understand.Frame) ([]steering.Command, *need) {
		if f.Slots.Text == "" {
			return nil, &need{slot: "text"}
		}
		return []steering.Command{steering.AddEntry{
			Kind: kind, Text: t.withoutOwner(sentence(f.Slots.Text), f.Slots.Person), Owner: steering.PersonID(f.Slots.Person), Due: t.dueOf(f),
			Probability: f.Slots.Probability, Impact: f.Slots.Impact,
		}}, nil
	}
}

// withoutOwner cuts "@bruno" from the front of what bruno has to do: the owner stands beside it. A mention may be of
// several words, as the platform shows the name.
func (t *turn) withoutOwner(text, owner string) string {
	if owner == "" || !strings.HasPrefix(text, "@") {
		return text
	}
	first, _, _ := strings.Cut(text, " ")
	for _, m := range t.in.Mentions {
		if m.Start < 0 || m.End > len(t.in.Text) || m.Start >= m.End {
			continue
		}
		if said := clean(t.in.Text[m.Start:m.End]); len(said) > len(first) && strings.HasPrefix(text, said) {
			first = said
		}
	}
	if rest := strings.TrimLeft(text[len(first):], " ,:"); rest != "" {
		return rest
	}
	return text
}

func (t *turn) dueOf(f understand.Frame) steering.Date {
	if d := dated(f); d != 0 {
		return d
	}
	if f.Slots.Shift != nil {
		return f.Slots.Shift.From(t.today(), t.p.Calendar)
	}
	return 0
}

func buildClose(t *turn, p *steering.Project, f understand.Frame) ([]steering.Command, *need) {
	if f.Slots.Entry == "" || f.Slots.Number == 0 {
		return nil, &need{"entry", t.entryChoices(p, f.Slots.Entry)}
	}
	return []steering.Command{steering.CloseEntry{Kind: f.Slots.Entry, ID: f.Slots.Number}}, nil
}

func buildChange(_ *turn, _ *steering.Project, f understand.Frame) ([]steering.Command, *need) {
	if f.Slots.Text == "" {
		return nil, &need{slot: "text"}
	}
	return []steering.Command{steering.RaiseChange{Text: f.Slots.Text}}, nil
}

func buildRule(t *turn, p *steering.Project, f understand.Frame) ([]steering.Command, *need) {
	id := f.Slots.Number
	if id == 0 {
		if id = onlyOpenChange(p); id == 0 {
			return nil, &need{"entry", t.entryChoices(p, steering.KindChange)}
		}
	}
	return []steering.Command{steering.RuleChange{ID: id, Scope: f.Slots.Scope, Billable: f.Slots.Billable}}, nil
}

func onlyOpenChange(p *steering.Project) int {
	id := 0
	for _, c := range p.Changes {
		if c.Status == steering.EntryOpen {
			if id != 0 {
				return 0
			}
			id = c.ID
		}
	}
	return id
}

// buildMeeting convenes: at a day and an hour it is one slot, on a day the usual hours of it, else the next ones.
func buildMeeting(t *turn, p *steering.Project, f understand.Frame) ([]steering.Command, *need) {
	c := steering.ProposeMeeting{Kind: steering.MeetingSteering, Reason: f.Slots.Reason, Milestones: keysOfRefs(f.Slots.Milestones)}
	policy := t.opt.Policy.With(p.Settings)
	switch day := dated(f); {
	case day != 0 && f.Slots.Clock != nil:
		c.Slots = []time.Time{t.at(day, f.Slots.Clock.Hour, f.Slots.Clock.Minute)}
	case day != 0:
		c.Slots = p.SlotsOn(policy, day)
	default:
		c.Slots = p.NextSlots(policy, t.now)
	}
	return []steering.Command{c}, nil
}

func buildMinutes(_ *turn, _ *steering.Project, f understand.Frame) ([]steering.Command, *need) {
	if f.Slots.Text == "" {
		return nil, &need{slot: "text"}
	}
	return []steering.Command{steering.RecordMinutes{Text: f.Slots.Text}}, nil
}

func buildCancelMeeting(_ *turn, p *steering.Project, _ understand.Frame) ([]steering.Command, *need) {
	for i := len(p.Meetings) - 1; i >= 0; i-- {
		if m := p.Meetings[i]; m.Status == steering.MeetingProposed || m.Status == steering.MeetingScheduled {
			return []steering.Command{steering.CancelMeeting{Meeting: m.ID}}, nil
		}
	}
	return nil, &need{slot: "meeting"}
}

// openMeeting returns the newest meeting that is put to the vote, or nil.
func openMeeting(p *steering.Project) *steering.Meeting {
	for i := len(p.Meetings) - 1; i >= 0; i-- {
		if m := p.Meetings[i]; m.Status == steering.MeetingProposed && len(m.Slots) > 0 {
			return m
		}
	}
	return nil
}

// buildVote finds the slot by its number, or by the day and hour that were said.
func buildVote(t *turn, p *steering.Project, f understand.Frame) ([]steering.Command, *need) {
	m := openMeeting(p)
	if m == nil {
		return nil, &need{slot: "meeting"}
	}
	if n := f.Slots.Number; n >= 1 && n <= len(m.Slots) {
		return []steering.Command{steering.VoteSlot{Meeting: m.ID, Slot: n - 1}}, nil
	}
	var fits []int
	for i, s := range m.Slots {
		at := s.At.In(p.Location())
		if day := dated(f); day != 0 && steering.DateOf(at) != day {
			continue
		}
		if c := f.Slots.Clock; c != nil && (at.Hour() != c.Hour || at.Minute() != c.Minute) {
			continue
		}
		fits = append(fits, i)
	}
	if len(fits) == 1 {
		return []steering.Command{steering.VoteSlot{Meeting: m.ID, Slot: fits[0]}}, nil
	}
	return nil, &need{"slot", t.slotChoices(m)}
}

func buildRequest(_ *turn, _ *steering.Project, f understand.Frame) ([]steering.Command, *need) {
	if f.Slots.Text == "" {
		return nil, &need{slot: "text"}
	}
	return []steering.Command{steering.RaiseRequest{Text: f.Slots.Text}}, nil
}

func buildWarranty(_ *turn, _ *steering.Project, f understand.Frame) ([]steering.Command, *need) {
	c := steering.SetWarranty{Days: f.Slots.Days, Until: dated(f), Covered: f.Slots.Covered, NotCovered: f.Slots.NotCovered}
	if c.Days == 0 && c.Until == 0 && len(c.Covered) == 0 && len(c.NotCovered) == 0 {
		return nil, &need{slot: "warranty"}
	}
	return []steering.Command{c}, nil
}

func buildPaid(t *turn, p *steering.Project, f understand.Frame) ([]steering.Command, *need) {
	id := f.Slots.Number
	if id == 0 {
		if id = onlyOpenInvoice(p); id == 0 {
			return nil, &need{"entry", t.entryChoices(p, steering.KindInvoice)}
		}
	}
	return []steering.Command{steering.PayInvoice{ID: id, On: dated(f)}}, nil
}

func onlyOpenInvoice(p *steering.Project) int {
	id := 0
	for _, v := range p.Invoices {
		if v.Status == steering.InvoiceOpen {
			if id != 0 {
				return 0
			}
			id = v.ID
		}
	}
	return id
}

func buildInvoice(t *turn, _ *steering.Project, f understand.Frame) ([]steering.Command, *need) {
	due := t.dueOf(f)
	if due == 0 {
		return nil, &need{slot: "date"}
	}
	return []steering.Command{steering.AddInvoice{For: f.Slots.Text, Issued: t.today(), Due: due}}, nil
}

func buildAnswer(t *turn, _ *steering.Project, f understand.Frame) ([]steering.Command, *need) {
	if f.Slots.Text == "" {
		return nil, &need{slot: "text"}
	}
	question := f.Slots.Topic
	if question == "" && t.talk.Question != nil {
		question = t.talk.Question.Key
	}
	if question == "" {
		return nil, &need{slot: "alignment"}
	}
	return []steering.Command{steering.AnswerAlignment{Question: question, Text: f.Slots.Text}}, nil
}
