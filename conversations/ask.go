package conversations

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"timonel/bot"
	"timonel/conversations/understand"
	"timonel/internal/markup"
	"timonel/locale"
	"timonel/steering"
)

// maxChoices is how many options a question offers besides "none of these".
const maxChoices = 4

// Values of choices that are no content.
const (
	valueNone = "none"
	valueYes  = "yes"
	valueNo   = "no"
)

// ask puts the question for a slot that a frame lacks, and remembers the message until it is answered.
func (t *turn) ask(frames []understand.Frame, i int, n need) error {
	q := &question{Asks: n.slot, Frames: frames, Index: i, Text: t.text, Choices: n.choices, Asked: t.now}
	if len(n.choices) > 0 && n.slot != "confirm" {
		q.Choices = append(slices.Clip(q.Choices[:min(len(q.Choices), maxChoices)]), choice{t.say.Text("ask.none_of_these", nil), valueNone})
	}
	text := t.say.Text("ask."+n.slot, t.askArgs(frames[i]))
	if n.slot == "plan" && len(n.choices) > maxChoices {
		q.Named = n.choices[maxChoices:]
		text += " " + t.say.Text("ask.more_plans", locale.Args{"plans": t.say.Join(values(q.Named))})
	}
	return t.put(q, text+t.howToAnswer(n.slot))
}

// howToAnswer says in a group how any words reach the bot: plain talk after a question is for the others (contract/replay.md),
// unless it reads as an answer, which words of one's own never do.
func (t *turn) howToAnswer(slot string) string {
	if t.in.Direct || !wantsText(slot) {
		return ""
	}
	return " " + t.say.Text("ask.by_reply", nil)
}

// values are what stands behind choices.
func values(choices []choice) []string {
	var out []string
	for _, c := range choices {
		out = append(out, c.Value)
	}
	return out
}

// askArgs names what the question is about.
func (t *turn) askArgs(f understand.Frame) locale.Args {
	about := t.say.Text("intent."+string(f.Intent), nil)
	if t.p != nil && len(f.Slots.Milestones) > 0 {
		if m := t.p.Milestone(f.Slots.Milestones[0].Key); m != nil {
			about = t.ref(m)
		}
	}
	return locale.Args{"about": locale.Marked(about)}
}

// put sends a question with its options and opens it to the speaker.
func (t *turn) put(q *question, text string) error {
	if t.p != nil {
		q.Project = t.p.Key
	}
	t.talk.Question = q
	out := bot.Outgoing{Kind: bot.KindQuestion, Text: text, Ask: q.Asks}
	for i, c := range q.Choices {
		out.Options = append(out.Options, bot.Option{Label: c.Label, Action: "pick:" + strconv.Itoa(i)})
	}
	if t.p != nil {
		out.Milestones = q.milestones(t.p)
	}
	if err := t.sendReply(out); err != nil {
		return err
	}
	return t.keepDialogue()
}

// milestones returns what the question is about, so that an answer may quote it.
func (q *question) milestones(p *steering.Project) []string {
	var keys []string
	if q.Index < len(q.Frames) {
		for _, r := range q.Frames[q.Index].Slots.Milestones {
			if p.Milestone(r.Key) != nil {
				keys = append(keys, r.Key)
			}
		}
	}
	return keys
}

// confirm asks whether a reading that is likely, but not sure, is meant.
func (t *turn) confirm(frames []understand.Frame, i int) error {
	for j, f := range frames {
		if _, n := t.commands(t.p, f); n != nil {
			return t.ask(frames, j, *n)
		}
	}
	q := &question{Asks: "confirm", Frames: frames, Index: i, Text: t.text, Asked: t.now, Choices: []choice{
		{t.say.Text("ask.yes", nil), valueYes}, {t.say.Text("ask.no", nil), valueNo},
	}}
	var wishes []string
	for _, f := range frames {
		wishes = append(wishes, t.restate(f))
	}
	return t.put(q, t.say.Text("ask.confirm", locale.Args{"wish": locale.Marked(strings.Join(wishes, "; "))}))
}

// restate says in the bot's own words what a frame would do.
func (t *turn) restate(f understand.Frame) string {
	intent := f.Intent
	if intent == understand.Reopen && len(f.Slots.Milestones) == 0 && t.p.Status == steering.ProjectClosed {
		intent = understand.ResumeProject
	}
	var about, details []string
	for _, r := range f.Slots.Milestones {
		if m := t.p.Milestone(r.Key); m != nil {
			about = append(about, t.ref(m))
		}
	}
	if f.Slots.Person != "" {
		details = append(details, markup.Strip(t.plainName(steering.PersonID(f.Slots.Person))))
	}
	if f.Slots.Percent > 0 {
		details = append(details, fmt.Sprintf("%d %%", f.Slots.Percent))
	}
	if text := f.Slots.Name + f.Slots.Text; text != "" {
		details = append(details, t.say.Text("ask.quoted", locale.Args{"text": excerpt(text)}))
	}
	if len(about) == 0 && len(details) > 0 {
		about, details = details[:1], details[1:]
	}
	if d := t.wishedDate(f); d != 0 {
		details = append(details, t.date(d))
	}
	wish := strings.TrimSpace(t.say.Text("intent."+string(intent), nil) + " " + t.say.Join(about))
	if len(details) > 0 {
		wish += " (" + strings.Join(details, ", ") + ")"
	}
	return wish
}

// wishedDate is the date that a frame names, or the one that its shift leads to; 0 for none.
func (t *turn) wishedDate(f understand.Frame) steering.Date {
	if d := dated(f); d != 0 || f.Slots.Shift == nil || len(f.Slots.Milestones) == 0 {
		return d
	}
	if m := t.p.Milestone(f.Slots.Milestones[0].Key); m != nil {
		return f.Slots.Shift.From(m.Due, t.p.Calendar)
	}
	return 0
}

// whichMilestone asks for the milestone; what is likely stands first: the speaker's own open ones by date.
func (t *turn) whichMilestone(f understand.Frame) *need {
	var keys []string
	for _, r := range f.Slots.Milestones {
		keys = append(keys, r.Candidates...)
	}
	return &need{"milestone", t.milestoneChoices(keys)}
}

func (t *turn) milestoneChoices(keys []string) []choice {
	var list []*steering.Milestone
	for _, k := range keys {
		if m := t.p.Milestone(k); m != nil && !slices.Contains(list, m) {
			list = append(list, m)
		}
	}
	if len(list) == 0 {
		list = t.likely()
	}
	var out []choice
	for _, m := range list[:min(len(list), maxChoices)] {
		label := fmt.Sprintf("%s · %s", numbered(m), t.say.ShortDate(m.Due, t.today()))
		if m.Owner != "" {
			label += " · " + firstName(t.plainName(m.Owner))
		}
		out = append(out, choice{label, m.Key})
	}
	return out
}

// numbered names a milestone in a list of options: its number stands behind, because where there are no buttons the
// option's own number stands before.
func numbered(m *steering.Milestone) string { return m.Name + " (#" + m.Key + ")" }

// likely returns the open milestones, the speaker's own first, each by due date.
func (t *turn) likely() []*steering.Milestone {
	var open []*steering.Milestone
	for _, m := range t.p.Milestones {
		if m.IsOpen() {
			open = append(open, m)
		}
	}
	slices.SortStableFunc(open, func(a, b *steering.Milestone) int {
		if mine := a.Owner == t.person.ID; mine != (b.Owner == t.person.ID) {
			if mine {
				return -1
			}
			return 1
		}
		return int(a.Due - b.Due)
	})
	return open
}

func firstName(name string) string {
	first, _, _ := strings.Cut(name, " ")
	return first
}

func (t *turn) peopleChoices() []choice {
	var out []choice
	for _, m := range t.p.Members {
		if !m.Has(steering.RoleObserver) && len(out) < maxChoices {
			out = append(out, choice{t.plainName(m.Person), string(m.Person)})
		}
	}
	return out
}

func (t *turn) slotChoices(m *steering.Meeting) []choice {
	var out []choice
	for i, s := range m.Slots {
		out = append(out, choice{markup.Plain(string(t.say.Moment(s.At.In(t.p.Location())))), strconv.Itoa(i + 1)})
	}
	return out
}

// entryChoices lists the open entries of a register, or of all of them when the kind is not said.
func (t *turn) entryChoices(p *steering.Project, kind steering.EntryKind) []choice {
	p, err := t.seen(p)
	if err != nil {
		return nil // better no choice than what is not to be seen
	}
	var out []choice
	add := func(k steering.EntryKind, id int, text string) {
		if kind == "" || kind == k {
			out = append(out, choice{fmt.Sprintf("%s %d: %s", t.say.Text("kind."+string(k), nil), id, excerpt(text)), string(k) + " " + strconv.Itoa(id)})
		}
	}
	for _, e := range p.Actions {
		if e.Status == steering.EntryOpen {
			add(steering.KindAction, e.ID, e.Text)
		}
	}
	for _, e := range p.Risks {
		if e.Status == steering.EntryOpen {
			add(steering.KindRisk, e.ID, e.Text)
		}
	}
	for _, e := range p.Issues {
		if e.Status == steering.EntryOpen {
			add(steering.KindIssue, e.ID, e.Text)
		}
	}
	for _, e := range p.Changes {
		if e.Status == steering.EntryOpen {
			add(steering.KindChange, e.ID, e.Text)
		}
	}
	for _, e := range p.Invoices {
		if e.Status == steering.InvoiceOpen && kind == steering.KindInvoice {
			add(steering.KindInvoice, e.ID, e.For)
		}
	}
	return out
}

func (t *turn) askProject(keys []string) error {
	q := &question{Asks: "project", Text: t.text, Asked: t.now}
	if old := t.talk.Question; old != nil && old.Asks == "project" {
		q.Text = old.Text
	}
	for _, key := range keys {
		p, err := t.tx.Project(key)
		if err != nil {
			return err
		}
		q.Choices = append(q.Choices, choice{key + " · " + p.Name, key})
	}
	t.say = locale.For(t.language())
	return t.put(q, t.say.Text("ask.project", nil))
}
