package scheduler

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"timonel/bot"
	"timonel/locale"
	"timonel/steering"
)

// readers is what the same persons are told, in order of date.
type readers struct {
	who     []steering.PersonID
	notices []steering.Notice
}

// byReaders groups notices by whom they are for, so that each is named once; first come those who have the oldest date.
func byReaders(notices []steering.Notice, who func(steering.Notice) []steering.PersonID) []readers {
	list := slices.Clone(notices)
	slices.SortStableFunc(list, func(a, b steering.Notice) int { return cmp.Compare(a.Due, b.Due) })
	var out []readers
	for _, n := range list {
		ids := who(n)
		i := slices.IndexFunc(out, func(r readers) bool { return slices.Equal(r.who, ids) })
		if i < 0 {
			i = len(out)
			out = append(out, readers{who: ids})
		}
		out[i].notices = append(out[i].notices, n)
	}
	return out
}

func everybody(n steering.Notice) []steering.PersonID { return n.To }

// list words several notices of one kind: a heading, and under each reader's name what is theirs.
func (w *writer) list(heading string, groups []readers, line func(steering.Notice) string) string {
	text := w.say.Text(heading, nil)
	for _, g := range groups {
		if !w.chat.direct() {
			name := w.to(g.who)
			if name == "" {
				name = locale.Marked(w.say.Text("notice.to", locale.Args{"who": w.say.Text("notice.nobody", nil)}))
			}
			text += "\n" + strings.TrimSpace(string(name))
		}
		for _, n := range g.notices {
			text += "\n" + line(n)
			w.about(n.Milestones...)
		}
	}
	return text
}

// reminders words what is coming due.
func (w *writer) reminders(notices []steering.Notice) {
	if len(notices) == 0 {
		return
	}
	if len(notices) > 1 {
		w.paragraph(w.list("notice.reminder_head", byReaders(notices, everybody), func(n steering.Notice) string {
			return w.say.Text("notice.reminder_item", locale.Args{"item": w.item(n), "when": w.when(n.Due)})
		}))
		return
	}
	n := notices[0]
	key := "notice.reminder"
	if n.Reason == steering.ForSnooze {
		key += "_snoozed"
	}
	if n.Due < w.today {
		key += "_late"
	}
	w.about(n.Milestones...)
	w.paragraph(w.say.Text(key, locale.Args{"to": w.to(n.To), "item": w.item(n), "when": w.when(n.Due), "date": w.date(n.Due)}))
}

// when says how far off a date is, with its weekday.
func (w *writer) when(d steering.Date) string {
	args := locale.Args{"date": w.date(d), "n": d.Sub(w.today)}
	switch {
	case d == w.today:
		return w.say.Text("notice.today", args)
	case d == w.today+1:
		return w.say.Text("notice.tomorrow", args)
	case d > w.today:
		return w.say.Text("notice.in_days", args)
	}
	return w.say.Text("notice.on", args)
}

// overdue words what is late: who it waits for, since when, and the ways out. The leads of their sides get a copy.
func (w *writer) overdue(notices []steering.Notice) {
	if len(notices) == 0 {
		return
	}
	if len(notices) == 1 {
		w.oneOverdue(notices[0])
		return
	}
	text := w.list("notice.overdue_head", byReaders(notices, w.ownerOf), func(n steering.Notice) string {
		return w.say.Text("notice.overdue_item", locale.Args{"item": w.item(n), "date": w.date(n.Due), "n": n.Days})
	})
	for _, n := range notices {
		if len(n.Milestones) > 0 {
			text += "\n" + w.say.Text("notice.overdue_ask_several", locale.Args{"key": n.Milestones[0]})
			break
		}
	}
	w.paragraph(w.withCopy(text, notices))
}

func (w *writer) oneOverdue(n steering.Notice) {
	text := w.say.Text("notice.overdue", locale.Args{
		"to": w.to(w.ownerOf(n)), "item": w.item(n), "date": w.date(n.Due), "n": n.Days,
	})
	if n.Entry == steering.KindAction {
		text += "\n" + w.say.Text("notice.overdue_ask_action", locale.Args{"id": n.EntryID})
	} else {
		text += " " + w.say.Text("notice.overdue_ask", nil)
		w.about(n.Milestones...)
		w.offer(n)
	}
	w.paragraph(w.withCopy(text, []steering.Notice{n}))
}

// offer adds the three ways out of an overdue milestone, unless the message asks for something else too: a button does not
// say what it is about.
func (w *writer) offer(n steering.Notice) {
	if !w.single {
		return
	}
	for _, o := range []struct{ verb, style string }{{"done", "primary"}, {"move", ""}, {"snooze", ""}} {
		w.out.Options = append(w.out.Options, bot.Option{
			Label: w.say.Text("button."+o.verb, nil), Action: fmt.Sprintf("%s:%s:%s", o.verb, n.Project, n.Object), Style: o.style,
		})
	}
}

// ownerOf is the one of a notice's readers whose turn it is; without an owner it is whoever hears of it.
func (w *writer) ownerOf(n steering.Notice) []steering.PersonID {
	if m := w.subject.p.Milestone(n.Object); m != nil && slices.Contains(n.To, m.Owner) {
		return []steering.PersonID{m.Owner}
	}
	return n.To
}

// withCopy names the readers who were not named yet.
func (w *writer) withCopy(text string, notices []steering.Notice) string {
	var more []steering.PersonID
	for _, n := range notices {
		for _, id := range n.To {
			if !w.named[id] && !slices.Contains(more, id) {
				more = append(more, id)
			}
		}
	}
	if len(more) == 0 || w.chat.direct() {
		return text
	}
	return text + "\n" + w.say.Text("notice.copy", locale.Args{"who": w.people(more)})
}

// signOffs words what waits for its readers' acceptance.
func (w *writer) signOffs(notices []steering.Notice) {
	switch len(notices) {
	case 0:
		return
	case 1:
		n := notices[0]
		w.about(n.Milestones...)
		w.paragraph(w.say.Text("notice.signoff", locale.Args{"to": w.to(n.To), "item": w.item(n), "date": w.date(w.doneOn(n))}))
		w.offerSigning(n)
		return
	}
	text := w.list("notice.signoff_head", byReaders(notices, everybody), func(n steering.Notice) string {
		return w.say.Text("notice.signoff_item", locale.Args{"item": w.item(n), "date": w.date(w.doneOn(n))})
	})
	w.paragraph(text + "\n" + w.say.Text("notice.signoff_ask", locale.Args{"key": notices[0].Milestones[0]}))
}

func (w *writer) offerSigning(n steering.Notice) {
	if !w.single {
		return
	}
	w.out.Options = append(w.out.Options,
		bot.Option{Label: w.say.Text("button.accept", nil), Action: fmt.Sprintf("sign:%s:%s", n.Project, n.Milestones[0]), Style: "primary"},
		bot.Option{Label: w.say.Text("button.reject", nil), Action: fmt.Sprintf("unsign:%s:%s", n.Project, n.Milestones[0]), Style: "danger"})
}

// doneOn is the day on which the work on a submitted milestone was reported complete.
func (w *writer) doneOn(n steering.Notice) steering.Date {
	for _, key := range n.Milestones {
		if m := w.subject.p.Milestone(key); m != nil && m.DoneOn != 0 {
			return m.DoneOn
		}
	}
	return n.Due
}
