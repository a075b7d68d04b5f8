package steering

import (
	"slices"
	"strconv"
	"strings"
)

// run opens a support request; only guardians may, and the refusal names them.
func (c RaiseRequest) run(a *act) (Outcome, error) {
	if err := a.need(KeyNotGuardian, a.p.holders("", RoleGuardian)); err != nil {
		return Outcome{}, err
	}
	text := strings.TrimSpace(c.Text)
	if text == "" {
		return Outcome{}, missing("text")
	}
	id := a.p.NextNumber(KindRequest)
	a.p.Requests = append(a.p.Requests, &Request{ID: id, Text: text, By: a.by, Status: EntryOpen, At: a.now})
	a.p.Record("request.raised", object(KindRequest, id))
	return Outcome{Entry: KindRequest, EntryID: id}, nil
}

func (c RuleRequest) run(a *act) (Outcome, error) {
	r := a.p.Request(c.ID)
	if r == nil {
		return Outcome{}, notFound(KeyNoEntry, map[string]any{"kind": KindRequest, "id": c.ID})
	}
	if err := a.need(KeyWarranty, a.p.clerks()); err != nil {
		return Outcome{}, err
	}
	out := Outcome{Entry: KindRequest, EntryID: c.ID}
	if r.Covered != nil && *r.Covered == c.Covered {
		out.NothingNew = true
		return out, nil
	}
	covered := c.Covered
	r.Covered = &covered
	a.p.Record("request.ruled", object(KindRequest, c.ID))
	return out, nil
}

// run sets the warranty's terms. It begins with the go-live's day, until then its due date; an end that is said as a
// date is a length from there, so it moves along with the go-live.
func (c SetWarranty) run(a *act) (Outcome, error) {
	if err := a.need(KeyWarranty, a.p.clerks()); err != nil {
		return Outcome{}, err
	}
	if c.Days < 0 || c.Days > 36500 {
		return Outcome{}, invalid(KeyBadValue, map[string]any{"field": "days", "value": c.Days})
	}
	if err := sane(c.Until); err != nil {
		return Outcome{}, err
	}
	var w Warranty
	if a.p.Warranty != nil {
		w = *a.p.Warranty
	}
	if c.Days == 0 && c.Until == 0 && c.Covered == nil && c.NotCovered == nil {
		return Outcome{}, missing("warranty")
	}
	if c.Days != 0 || c.Until != 0 {
		from := a.p.goLiveDay()
		switch {
		case from == 0:
			return Outcome{}, conflict(KeyNoGoLive, nil)
		case c.Until != 0 && c.Until < from:
			return Outcome{}, invalid(KeyBadDate, map[string]any{"date": c.Until})
		}
		w.From, w.Until = from, c.Until
		if w.Until == 0 {
			w.Until = from.AddDays(c.Days)
		}
	}
	if c.Covered != nil {
		w.Covered = slices.Clone(c.Covered)
	}
	if c.NotCovered != nil {
		w.NotCovered = slices.Clone(c.NotCovered)
	}
	if a.p.Warranty != nil && w.equal(*a.p.Warranty) {
		return Outcome{NothingNew: true}, nil
	}
	a.p.Warranty = &w
	a.p.Record("warranty.set", "warranty")
	return Outcome{}, nil
}

func (w Warranty) equal(o Warranty) bool {
	return w.From == o.From && w.Until == o.Until && slices.Equal(w.Covered, o.Covered) && slices.Equal(w.NotCovered, o.NotCovered)
}

// daysToPay is how long an invoice may stand when nobody says otherwise.
const daysToPay = 30

func (c AddInvoice) run(a *act) (Outcome, error) {
	if err := a.need(KeyInvoice, a.p.clerks()); err != nil {
		return Outcome{}, err
	}
	issued, due := c.Issued, c.Due
	if issued == 0 {
		issued = a.today
	}
	if due == 0 {
		due = issued.AddDays(daysToPay)
	}
	for _, d := range []Date{issued, due} {
		if err := sane(d); err != nil {
			return Outcome{}, err
		}
	}
	if due < issued {
		return Outcome{}, invalid(KeyBadDate, map[string]any{"date": due})
	}
	id := a.p.NextNumber(KindInvoice)
	a.p.Invoices = append(a.p.Invoices, &Invoice{ID: id, For: strings.TrimSpace(c.For), Issued: issued, Due: due, Status: InvoiceOpen})
	a.p.Record("invoice.added", object(KindInvoice, id))
	return Outcome{Entry: KindInvoice, EntryID: id}, nil
}

func (c PayInvoice) run(a *act) (Outcome, error) {
	v := a.p.Invoice(c.ID)
	if v == nil {
		return Outcome{}, notFound(KeyNoEntry, map[string]any{"kind": KindInvoice, "id": c.ID})
	}
	if err := a.need(KeyInvoice, a.p.clerks()); err != nil {
		return Outcome{}, err
	}
	if err := a.notLater(c.On); err != nil {
		return Outcome{}, err
	}
	out := Outcome{Entry: KindInvoice, EntryID: c.ID}
	if v.Status == InvoicePaid && (c.On == 0 || c.On == v.PaidOn) {
		out.NothingNew = true
		return out, nil
	}
	v.Status, v.PaidOn = InvoicePaid, c.On
	if v.PaidOn == 0 {
		v.PaidOn = a.today
	}
	a.p.Record("invoice.paid", object(KindInvoice, c.ID))
	return out, nil
}

// The questions of the weekly alignment, in their order.
const (
	QuestionChanged = "changed" // what changed at the client lately, and how the service changed with it
	QuestionUnused  = "unused"  // what was delivered and is not used, and why
	QuestionDoing   = "doing"   // what is being done now, and what is hard about it
	QuestionInitial = "initial" // what the first tasks were
	QuestionGoals   = "goals"   // what the tasks and goals are now
)

// Questions lists the alignment's questions in their order.
var Questions = []string{QuestionChanged, QuestionUnused, QuestionDoing, QuestionInitial, QuestionGoals}

// run writes an answer down in the current week; a second one of the same person to the same question replaces it.
func (c AnswerAlignment) run(a *act) (Outcome, error) {
	if !slices.Contains(Questions, c.Question) {
		return Outcome{}, invalid(KeyQuestion, map[string]any{"question": c.Question})
	}
	text := strings.TrimSpace(c.Text)
	if text == "" {
		return Outcome{}, missing("text")
	}
	week := a.today.Week()
	a.p.Answers = slices.DeleteFunc(slices.Clone(a.p.Answers), func(x *Answer) bool {
		return x.Question == c.Question && x.Week == week && x.By == a.by
	})
	a.p.Answers = append(a.p.Answers, &Answer{Question: c.Question, Week: week, Text: text, By: a.by, At: a.now})
	a.p.Record("alignment.answered", c.Question+" "+week)
	return Outcome{}, nil
}

// Week names the date's ISO week: "2026-W12".
func (d Date) Week() string {
	year, week := d.midnight().ISOWeek()
	name := strconv.Itoa(week)
	if week < 10 {
		name = "0" + name
	}
	return strconv.Itoa(year) + "-W" + name
}

// run says that a person was trained: the vendor's people say it, and whoever was.
func (c RecordTraining) run(a *act) (Outcome, error) {
	if err := a.isMember(c.Person); err != nil {
		return Outcome{}, err
	}
	self := a.p.granted(nil, func(m *Member) bool { return m.Person == c.Person })
	if err := a.need(KeyTraining, a.p.clerks().and(a.p, a.p.committee(SideVendor)).and(a.p, self)); err != nil {
		return Outcome{}, err
	}
	if c.Milestone != "" {
		if _, err := a.milestone(c.Milestone); err != nil {
			return Outcome{}, err
		}
	}
	on := c.On
	if on == 0 {
		on = a.today
	}
	if err := a.notLater(on); err != nil {
		return Outcome{}, err
	}
	wanted := Training{Person: c.Person, Milestone: c.Milestone, On: on}
	for _, t := range a.p.Training {
		if t.Person == c.Person && t.Milestone == c.Milestone {
			if *t == wanted {
				return Outcome{Milestone: c.Milestone, NothingNew: true}, nil
			}
			*t = wanted
			a.p.Record("training.recorded", "member "+string(c.Person))
			return Outcome{Milestone: c.Milestone}, nil
		}
	}
	a.p.Training = append(a.p.Training, &wanted)
	a.p.Record("training.recorded", "member "+string(c.Person))
	return Outcome{Milestone: c.Milestone}, nil
}
