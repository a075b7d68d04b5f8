package steering

import (
	"slices"
	"testing"
)

func TestRequests(t *testing.T) {
	p := pilot()
	e := refused(t, p, "bruno", RaiseRequest{Text: "no login"}, KeyNotGuardian)
	if who := e.Args["who"].([]PersonID); !slices.Equal(who, []PersonID{"gus"}) {
		t.Errorf("guardians: %v", who)
	}
	must(t, p, "gus", tuesday, RaiseRequest{Text: "no login"})
	if r := p.Requests[0]; r.By != "gus" || r.Covered != nil || r.Status != EntryOpen || !r.At.Equal(tuesday) {
		t.Errorf("request %+v", r)
	}
	refused(t, p, "gus", RuleRequest{ID: 1, Covered: true}, KeyWarranty)
	must(t, p, "carla", tuesday, RuleRequest{ID: 1, Covered: true})
	if c := p.Requests[0].Covered; c == nil || !*c {
		t.Error("not covered")
	}
	nothingNew(t, p, "ana", RuleRequest{ID: 1, Covered: true})
	refused(t, p, "ana", RuleRequest{ID: 2}, KeyNoEntry)
	refused(t, p, "gus", RaiseRequest{}, KeyMissing)
}

func TestWarranty(t *testing.T) {
	p := pilot()
	refused(t, p, "bruno", SetWarranty{Days: 90}, KeyWarranty)
	refused(t, p, "ana", SetWarranty{}, KeyMissing)
	refused(t, p, "ana", SetWarranty{Days: -1}, KeyBadValue)
	refused(t, p, "ana", SetWarranty{Until: day("2026-05-01")}, KeyBadDate)
	must(t, p, "carla", tuesday, SetWarranty{Until: day("2026-08-01"), NotCovered: []string{"new boards"}})
	must(t, p, "carla", tuesday, SetWarranty{Covered: []string{"bugs"}})
	w := p.Warranty
	if w.From != day("2026-05-04") || w.Until != day("2026-08-01") || w.Covered[0] != "bugs" || w.NotCovered[0] != "new boards" {
		t.Errorf("warranty %+v", w)
	}
	nothingNew(t, p, "carla", SetWarranty{Covered: []string{"bugs"}})
	p.Milestones = nil
	refused(t, p, "ana", SetWarranty{Days: 90}, KeyNoGoLive)
}

func TestInvoices(t *testing.T) {
	p := pilot()
	refused(t, p, "sofia", AddInvoice{For: "fee"}, KeyInvoice)
	must(t, p, "carla", tuesday, AddInvoice{For: "fee"}, AddInvoice{For: "next", Issued: day("2026-04-01"), Due: day("2026-04-15")})
	if v := p.Invoices[0]; v.Issued != day("2026-03-10") || v.Due != day("2026-04-09") || v.Status != InvoiceOpen {
		t.Errorf("invoice %+v", v)
	}
	refused(t, p, "carla", AddInvoice{Issued: day("2026-04-01"), Due: day("2026-03-15")}, KeyBadDate)
	refused(t, p, "bruno", PayInvoice{ID: 1}, KeyInvoice)
	refused(t, p, "ana", PayInvoice{ID: 1, On: day("2026-03-11")}, KeyFuture)
	refused(t, p, "ana", PayInvoice{ID: 3}, KeyNoEntry)
	must(t, p, "ana", tuesday, PayInvoice{ID: 1})
	if v := p.Invoices[0]; v.PaidOn != day("2026-03-10") || v.Status != InvoicePaid {
		t.Errorf("invoice %+v", v)
	}
	nothingNew(t, p, "ana", PayInvoice{ID: 1})
}

func TestAlignmentAnswers(t *testing.T) {
	p := pilot()
	p.Timezone = "America/Bogota"
	sunday := moment("2026-03-16 02:00") // Sunday evening in Bogotá, the week before the Monday of UTC
	must(t, p, "bruno", sunday, AnswerAlignment{QuestionChanged, "new stores"}, AnswerAlignment{QuestionChanged, "two new stores"})
	must(t, p, "gus", sunday, AnswerAlignment{QuestionChanged, "nothing"})
	if len(p.Answers) != 2 || p.Answers[0].Week != "2026-W11" || p.Answers[0].Text != "two new stores" {
		t.Errorf("answers %+v %+v", p.Answers[0], p.Answers[1])
	}
	refused(t, p, "gus", AnswerAlignment{"weather", "fine"}, KeyQuestion)
	refused(t, p, "gus", AnswerAlignment{QuestionChanged, " "}, KeyMissing)
	if w := day("2027-01-03").Week(); w != "2026-W53" {
		t.Errorf("week %s", w)
	}
	if w := day("2026-01-01").Week(); w != "2026-W01" {
		t.Errorf("week %s", w)
	}
}

func TestTraining(t *testing.T) {
	p := pilot()
	must(t, p, "dana", tuesday, RecordTraining{Person: "gus", Milestone: "7"})
	if tr := p.Training[0]; *tr != (Training{"gus", "7", day("2026-03-10")}) {
		t.Errorf("training %+v", tr)
	}
	nothingNew(t, p, "gus", RecordTraining{Person: "gus", Milestone: "7"})
	must(t, p, "gus", tuesday, RecordTraining{Person: "gus", Milestone: "7", On: day("2026-03-09")})
	refused(t, p, "bruno", RecordTraining{Person: "gus"}, KeyTraining)
	refused(t, p, "ana", RecordTraining{Person: "nobody"}, KeyNotPlaced)
	refused(t, p, "ana", RecordTraining{Person: "gus", Milestone: "70"}, KeyNoMilestone)
	refused(t, p, "ana", RecordTraining{Person: "gus", On: day("2026-03-19")}, KeyFuture)
}
