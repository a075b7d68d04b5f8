package scheduler

import (
	"fmt"

	"timonel/locale"
	"timonel/report"
	"timonel/steering"
)

// invoices words what the commercial side is told in private.
func (w *writer) invoices(notices []steering.Notice) {
	for _, n := range notices {
		args := locale.Args{"invoice": w.invoice(n.EntryID), "date": w.date(n.Due), "n": n.Days}
		key := "notice.invoice_due"
		switch {
		case n.Reason == steering.ForRenewal:
			key = "notice.invoice_renews"
		case n.Reason == steering.ForSuspension:
			key = "notice.invoice_suspension"
		case n.Due < w.today:
			key = "notice.invoice_overdue"
		case n.Due == w.today:
			key = "notice.invoice_today"
		}
		w.paragraph(w.say.Text(key, args))
	}
}

func (w *writer) invoice(id int) string {
	for _, v := range w.subject.p.Invoices {
		if v.ID == id && v.For != "" {
			return w.say.Text("notice.invoice", locale.Args{"id": id, "for": v.For})
		}
	}
	return w.say.Text("notice.invoice_plain", locale.Args{"id": id})
}

// agendas words what a meeting that begins in an hour is about.
func (w *writer) agendas(notices []steering.Notice) {
	for _, n := range notices {
		if m := w.subject.p.Meeting(n.EntryID); m != nil {
			w.paragraph(report.Agenda(w.subject.p, m, w.today, w.say, w.dir.name))
			w.about(m.Milestones...)
		}
	}
}

func (w *writer) reviews(notices []steering.Notice) {
	for _, n := range notices {
		w.paragraph(w.say.Text("notice.review_soon", locale.Args{"date": w.date(n.Due)}))
	}
}

func (w *writer) surveys(notices []steering.Notice) {
	for _, n := range notices {
		w.paragraph(w.say.Text("notice.survey_head", nil) + "\n" + w.say.Text("notice.survey_"+n.Question, nil) + "\n" + w.say.Text("notice.survey_ask", nil))
	}
}

func (w *writer) warranties(notices []steering.Notice) {
	for _, n := range notices {
		key := "notice.warranty"
		if n.Due == w.today {
			key = "notice.warranty_today"
		}
		w.paragraph(w.say.Text(key, locale.Args{"date": w.date(n.Due), "n": n.Due.Sub(w.today)}))
	}
}

// digests words the weekly summary and attaches its picture.
func (w *writer) digests(notices []steering.Notice) {
	for _, n := range notices {
		late := n.Late && !w.subject.moved
		w.paragraph(report.Digest(w.subject.p, w.today, w.subject.digest, w.say, w.dir.name, late))
		w.picture()
	}
}

// portfolios words all projects of a lead.
func (w *writer) portfolios(notices []steering.Notice) error {
	for _, n := range notices {
		var projects []*steering.Project
		for _, key := range n.Projects {
			s, err := w.open(key)
			if err != nil {
				return fmt.Errorf("word the portfolio of %s: %w", n.Object, err)
			}
			projects = append(projects, s.p)
		}
		w.paragraph(report.Portfolio(projects, w.now, w.say))
	}
	return nil
}
