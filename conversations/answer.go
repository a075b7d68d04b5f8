package conversations

import (
	"strconv"
	"strings"

	"timonel/conversations/understand"
	"timonel/locale"
	"timonel/steering"
)

// answer takes a message, or a tapped option, as the answer to the open question and goes on where the question stopped.
func (t *turn) answer(q *question, a understand.Answer) error {
	t.talk.Question = nil
	value := ""
	if offered := q.offered(); a.Option >= 0 && a.Option < len(offered) {
		value = offered[a.Option].Value
	}
	if a.None || value == valueNone || a.No && q.Asks != "confirm" && value == "" && !wantsText(q.Asks) {
		return t.noneOfThese(q)
	}
	if len(q.Frames) == 0 {
		return t.answerAfterwards(q, a)
	}
	if q.Asks == "confirm" {
		return t.confirmed(q, value == valueYes || value == "" && a.Yes)
	}
	frames := append([]understand.Frame(nil), q.Frames...)
	if !fill(&frames[q.Index], q, a, value) {
		if q.Again {
			return t.noneOfThese(q)
		}
		t.talk.Question, q.Again = q, true
		return t.put(q, t.say.Text("ask.again", locale.Args{"question": locale.Marked(t.askedAgain(q, frames[q.Index]))}))
	}
	if q.Asks == "milestone" && value != "" {
		if err := t.rememberHint(q, value); err != nil {
			return err
		}
	}
	return t.carryOn(frames)
}

// askedAgain is the text of a question that is put again.
func (t *turn) askedAgain(q *question, f understand.Frame) string {
	if isDecision(f.Intent) && q.Asks == "milestone" {
		return t.say.Text("decide.which", nil)
	}
	return t.say.Text("ask."+q.Asks, t.askArgs(f))
}

// carryOn does what a message wanted, now that what it lacked is known.
func (t *turn) carryOn(frames []understand.Frame) error {
	if len(frames) == 1 {
		if special := t.special(frames[0].Intent); special != nil {
			return special(frames[0])
		}
	}
	if err := t.perform(frames); err != nil {
		return err
	}
	return t.keepDialogue()
}

// noneOfThese drops the question; the person says it in other words.
func (t *turn) noneOfThese(*question) error {
	if err := t.reply(t.say.Text("ask.dropped", nil)); err != nil {
		return err
	}
	return t.keepDialogue()
}

func (t *turn) confirmed(q *question, yes bool) error {
	if !yes {
		return t.noneOfThese(q)
	}
	frames := q.Frames
	for i := range frames {
		frames[i].Confidence = 1
	}
	return t.carryOn(frames)
}

// fill puts the answer into the slot that was asked for; it reports whether the answer fits.
func fill(f *understand.Frame, q *question, a understand.Answer, value string) bool {
	switch q.Asks {
	case "milestone":
		return value != "" && fillMilestone(f, value)
	case "date", "start":
		if a.Date != 0 {
			f.Slots.Date, f.Slots.Shift = &understand.Dated{Date: a.Date}, nil
		} else {
			f.Slots.Shift = a.Shift
		}
		return a.Date != 0 || a.Shift != nil
	case "owner", "person":
		f.Slots.Person = value
		return value != ""
	case "entry":
		kind, id, _ := strings.Cut(value, " ")
		n, err := strconv.Atoi(id)
		f.Slots.Entry, f.Slots.Number = steering.EntryKind(kind), n
		return err == nil
	case "slot":
		n, err := strconv.Atoi(value)
		f.Slots.Number = n
		return err == nil
	case "plan":
		f.Slots.Plan = value
		return value != ""
	case "percent":
		n, err := strconv.Atoi(strings.Trim(a.Text, "% "))
		f.Slots.Percent = n
		return err == nil && n >= 0 && n <= 100
	case "reason":
		f.Slots.Reason = a.Text
	case "name":
		f.Slots.Name = a.Text
	case "text":
		f.Slots.Text = a.Text
	case "alignment":
		f.Slots.Topic = value
		return value != ""
	default:
		return false
	}
	return strings.TrimSpace(a.Text) != ""
}

// fillMilestone settles the first reference that is open, or adds one where none was named.
func fillMilestone(f *understand.Frame, key string) bool {
	for _, refs := range [][]understand.Ref{f.Slots.Milestones, f.Slots.After} {
		for i := range refs {
			if refs[i].Key == "" {
				refs[i].Key = key
				return true
			}
		}
	}
	if f.Intent == understand.Depend && len(f.Slots.Milestones) > 0 {
		f.Slots.After = append(f.Slots.After, understand.Ref{Key: key})
		return true
	}
	f.Slots.Milestones = append(f.Slots.Milestones, understand.Ref{Key: key})
	return true
}

// rememberHint keeps what this project's people call a milestone, when they picked it for words of their own.
func (t *turn) rememberHint(q *question, key string) error {
	for _, r := range q.Frames[q.Index].Slots.Milestones {
		if said := strings.TrimSpace(r.Text); len([]rune(said)) >= 4 && !strings.ContainsAny(said, "0123456789") && len(r.Candidates) > 0 {
			return t.tx.PutHint(t.p.Key, strings.ToLower(said), key)
		}
	}
	return nil
}

// answerAfterwards takes what was asked for after a change was made: the reason of a block.
func (t *turn) answerAfterwards(q *question, a understand.Answer) error {
	if q.Asks == "project" {
		return t.answerProject(q, a)
	}
	if q.Asks != "block_reason" || strings.TrimSpace(a.Text) == "" {
		return t.noneOfThese(q)
	}
	f := understand.Frame{Intent: understand.Block, Confidence: 1, Stance: understand.Report}
	f.Slots.Milestones = []understand.Ref{{Key: q.Key}}
	f.Slots.Reason = a.Text
	if err := t.perform([]understand.Frame{f}); err != nil {
		return err
	}
	return t.keepDialogue()
}

// answerProject goes on with the message for which the project was asked.
func (t *turn) answerProject(q *question, a understand.Answer) error {
	if a.Option < 0 || a.Option >= len(q.Choices) {
		return t.noneOfThese(q)
	}
	if err := t.enter(q.Choices[a.Option].Value); err != nil {
		return err
	}
	t.text = q.Text
	scene, err := t.scene()
	if err != nil {
		return err
	}
	reading := t.model.Read(t.text, scene)
	t.speak(reading)
	return t.hearInside(reading)
}
