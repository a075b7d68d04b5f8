package scheduler

import (
	"slices"
	"strings"

	"timonel/bot"
	"timonel/internal/markup"
	"timonel/locale"
	"timonel/steering"
)

// compose words a parcel for its chat: what several projects owe stands under each one's name, gravest first within it.
func (r *round) compose(parcel steering.Parcel, c chat, pictures bool) (bot.Outgoing, error) {
	home := r.subjects[parcel.Notices[0].Project]
	out := bot.Outgoing{
		Platform: c.platform, Room: c.room, Direct: c.user, Project: home.p.Key, Kind: bot.Kind(parcel.Kind.Message()),
	}
	if len(parcel.Kinds) > 1 {
		for _, k := range parcel.Kinds {
			out.Kinds = append(out.Kinds, bot.Kind(k.Message()))
		}
	}
	w := &writer{round: r, chat: c, say: locale.For(r.dir.language(c, home.p)), out: &out, named: map[steering.PersonID]bool{}, pictures: pictures}
	w.single = asksOnce(parcel)
	if r.wasAway(parcel) {
		w.paragraph(w.say.Text("notice.away", nil))
	}
	for _, key := range projectsOf(parcel) {
		w.subject = r.subjects[key]
		w.today = w.subject.p.Today(r.now)
		if err := w.project(parcel, key); err != nil {
			return out, err
		}
	}
	for _, n := range parcel.Notices {
		out.Identities = append(out.Identities, identify(n))
	}
	out.Text = strings.Join(append(w.paragraphs, w.closing...), "\n\n")
	return out, nil
}

func projectsOf(parcel steering.Parcel) []string {
	var keys []string
	for _, n := range parcel.Notices {
		if !slices.Contains(keys, n.Project) {
			keys = append(keys, n.Project)
		}
	}
	slices.Sort(keys)
	return keys
}

// wasAway reports whether a message must say that the bot was away: something in it should have come earlier, and a
// digest does not say so itself. What nobody could be told before is no sign of that.
func (r *round) wasAway(parcel steering.Parcel) bool {
	late := false
	for _, n := range parcel.Notices {
		if !n.Late || r.subjects[n.Project].moved || !n.Group && n.Kind != steering.NoticePortfolio {
			continue
		}
		if n.Kind == steering.NoticeDigest {
			return false
		}
		late = true
	}
	return late
}

// writer words one message.
type writer struct {
	*round
	chat       chat
	say        locale.Printer
	out        *bot.Outgoing
	paragraphs []string
	closing    []string // what stands last, above the options that answer it
	named      map[steering.PersonID]bool
	pictures   bool
	single     bool // the message asks for one thing only

	subject *subject // the project that is being worded …
	today   steering.Date
}

// asksOnce reports whether a message asks its readers about one thing only.
func asksOnce(parcel steering.Parcel) bool {
	asks := 0
	for _, n := range parcel.Notices {
		switch n.Kind {
		case steering.NoticeOverdue, steering.NoticeSignOff:
			asks++
		case steering.NoticeEscalation:
			return false
		}
	}
	return asks == 1
}

func (w *writer) paragraph(text string) { w.paragraphs = append(w.paragraphs, text) }

// project words what one project owes the chat.
func (w *writer) project(parcel steering.Parcel, key string) error {
	byKind := map[steering.NoticeKind][]steering.Notice{}
	for _, n := range parcel.Notices {
		if n.Project == key {
			byKind[n.Kind] = append(byKind[n.Kind], n)
		}
	}
	first := len(w.paragraphs)
	w.escalations(byKind[steering.NoticeEscalation])
	w.overdue(uncovered(byKind[steering.NoticeOverdue], byKind[steering.NoticeEscalation]))
	w.signOffs(byKind[steering.NoticeSignOff])
	w.invoices(byKind[steering.NoticeInvoice])
	w.agendas(byKind[steering.NoticeMeeting])
	w.reviews(byKind[steering.NoticeReview])
	w.reminders(byKind[steering.NoticeReminder])
	w.surveys(byKind[steering.NoticeSurvey])
	w.warranties(byKind[steering.NoticeWarranty])
	if err := w.digests(byKind[steering.NoticeDigest]); err != nil {
		return err
	}
	if err := w.portfolios(byKind[steering.NoticePortfolio]); err != nil {
		return err
	}
	if (w.chat.direct() || w.chat.shared) && !saysItself(byKind) && len(w.paragraphs) > first {
		head := w.say.Text("notice.project", locale.Args{"project": w.subject.p.Name})
		w.paragraphs[first] = head + "\n" + w.paragraphs[first]
	}
	return nil
}

// saysItself reports whether all that is said names its project already.
func saysItself(byKind map[steering.NoticeKind][]steering.Notice) bool {
	for kind := range byKind {
		switch kind {
		case steering.NoticeDigest, steering.NoticePortfolio, steering.NoticeMeeting:
		default:
			return false
		}
	}
	return true
}

// uncovered leaves out the nags about what the escalations beside them are about.
func uncovered(nags, escalations []steering.Notice) []steering.Notice {
	return slices.DeleteFunc(slices.Clone(nags), func(n steering.Notice) bool {
		return slices.ContainsFunc(escalations, func(e steering.Notice) bool { return e.Object == n.Object })
	})
}

// about notes the milestones that the message is about, in its order.
func (w *writer) about(keys ...string) {
	for _, key := range keys {
		if !slices.Contains(w.out.Milestones, key) {
			w.out.Milestones = append(w.out.Milestones, key)
		}
	}
}

func (w *writer) date(d steering.Date) string { return w.say.Date(d, w.today) }

// item names what a notice is about: a milestone, or an action.
func (w *writer) item(n steering.Notice) locale.Marked {
	if n.Entry == steering.KindAction {
		for _, a := range w.subject.p.Actions {
			if a.ID == n.EntryID {
				return locale.Marked(w.say.Text("notice.action", locale.Args{"id": a.ID, "text": a.Text}))
			}
		}
	}
	var names []string
	for _, key := range n.Milestones {
		if m := w.subject.p.Milestone(key); m != nil {
			names = append(names, w.ref(m))
		}
	}
	return locale.Marked(w.say.Join(names))
}

func (w *writer) ref(m *steering.Milestone) string {
	return w.say.Text("milestone.ref", locale.Args{"key": m.Key, "name": m.Name})
}

// people names persons: each is mentioned once in a message, and called by name after that.
func (w *writer) people(ids []steering.PersonID) locale.Marked {
	var names []string
	for _, id := range ids {
		names = append(names, w.person(id))
	}
	return locale.Marked(w.say.Join(names))
}

func (w *writer) person(id steering.PersonID) string {
	if w.named[id] {
		return markup.Strip(w.dir.name(id))
	}
	w.named[id] = true
	return w.dir.mention(w.chat, id)
}

// to addresses a sentence in a group; in a direct chat it is clear whom it is for.
func (w *writer) to(ids []steering.PersonID) locale.Marked {
	if w.chat.direct() || len(ids) == 0 {
		return ""
	}
	return locale.Marked(w.say.Text("notice.to", locale.Args{"who": w.people(ids)}))
}
