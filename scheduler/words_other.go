package scheduler

import (
	"fmt"
	"time"

	"timonel/locale"
	"timonel/report"
	"timonel/steering"
	"timonel/storage"
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
func (w *writer) digests(notices []steering.Notice) error {
	for _, n := range notices {
		closed, err := w.closed()
		if err != nil {
			return err
		}
		seen, err := w.seen()
		if err != nil {
			return err
		}
		week := report.Week{Since: w.subject.digest, Late: n.Late && !w.subject.moved, Closed: closed}
		w.paragraph(report.Weekly(seen, w.today, week, w.say, w.dir.name))
		w.picture()
	}
	return nil
}

// seen is the project as those who read the chat may see it: what is the vendor's own business stays in the vendor's chat.
func (w *writer) seen() (*steering.Project, error) {
	p := w.subject.p
	if p.IsVendors(string(w.chat.platform), string(w.chat.room)) {
		return p, nil
	}
	internal, err := w.tx.Internal(p)
	if err != nil {
		return nil, fmt.Errorf("see what is internal: %w", err)
	}
	return p.Without(internal), nil
}

// lookedBack is how many entries of the audit a summary looks back on for what was closed: more than a week's.
const lookedBack = 200

// closed tells when milestones were last reported or accepted as done.
func (w *writer) closed() (map[string]time.Time, error) {
	entries, err := w.tx.Audit(w.subject.p.Key, storage.AuditFilter{
		Actions: []string{"milestone.done", "milestone.signed"}, Limit: lookedBack, Newest: true,
	})
	if err != nil {
		return nil, fmt.Errorf("look for what was closed: %w", err)
	}
	out := map[string]time.Time{}
	for _, e := range entries {
		if e.At.After(out[e.Object]) {
			out[e.Object] = e.At
		}
	}
	return out, nil
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
