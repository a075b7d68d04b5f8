package conversations

import (
	"errors"
	"slices"
	"strings"

	"timonel/bot"
	"timonel/conversations/understand"
	"timonel/locale"
	"timonel/steering"
	"timonel/storage"
)

// hear answers a text: it finds the project, reads the text in its scene, and answers an open question, makes the changes
// that were asked for, or tells what was asked.
func (t *turn) hear() error {
	if done, err := t.link(); done || err != nil {
		return err
	}
	if done, err := t.addsChat(); done || err != nil {
		return err
	}
	if action, found, err := t.picks(); found || err != nil {
		if err != nil {
			return err
		}
		return t.pressed(action)
	}
	where, keys, err := t.settle()
	if err != nil {
		return err
	}
	if where == several {
		return t.askProject(keys)
	}
	scene, err := t.scene()
	if err != nil {
		return err
	}
	reading := t.model.Read(t.text, scene)
	t.speak(reading)
	if err := t.finishesQuoted(&reading); err != nil {
		return err
	}
	if reading.LanguageSure {
		if err := t.keepLanguage(reading.Language); err != nil {
			return err
		}
	}
	if where != placed {
		return t.hearOutside(where, reading)
	}
	return t.hearInside(reading)
}

// speak picks the language of the answer: the message's when that is clear, else the project's.
func (t *turn) speak(r understand.Reading) {
	lang := t.language()
	if r.LanguageSure && locale.Known(r.Language) {
		lang = r.Language
	}
	t.say = locale.For(lang)
}

// hearOutside answers somebody who is in no project here: they can open one, and learn nothing about any other.
func (t *turn) hearOutside(where place, r understand.Reading) error {
	for _, f := range r.Frames {
		if f.Intent == understand.CreateProject && where == noProject && (f.Stance.Acts() || t.leavesOut(f)) {
			return t.createProject(f)
		}
	}
	if q := t.talk.Question; q != nil && r.Answer != nil && len(q.Frames) == 1 && q.Frames[0].Intent == understand.CreateProject && !asksTheBot(q, r) {
		return t.answer(q, *r.Answer)
	}
	if where == stranger || t.in.Direct {
		return t.outsider()
	}
	if slices.ContainsFunc(r.Frames, func(f understand.Frame) bool {
		return f.Intent == understand.Help || f.Intent == understand.Hello || f.Intent == understand.CreateProject
	}) {
		return t.welcome()
	}
	hint, err := t.otherChat()
	if err != nil {
		return err
	}
	return t.reply(t.say.Text("outside.no_project", nil) + hint)
}

// welcome says in a chat without a project who the bot is and how a project begins.
func (t *turn) welcome() error {
	var plans []string
	for _, c := range t.planChoices() {
		plans = append(plans, "• "+c.Label)
	}
	return t.reply(t.say.Text("outside.welcome", locale.Args{"who": t.person.Name, "plans": locale.Marked(strings.Join(plans, "\n"))}))
}

func (t *turn) hearInside(r understand.Reading) error {
	acting, telling := sortFrames(r.Frames)
	if q := t.talk.Question; q != nil {
		if r.Answer == nil && len(acting) == 0 && wantsText(q.Asks) {
			r.Answer = &understand.Answer{Option: -1, Text: t.text}
		}
		if t.assentsToOther(q, r.Answer) {
			t.talk.Question = nil
			return t.decide(understand.Frame{Intent: understand.Yes, Stance: understand.Request, Confidence: 1}, true)
		}
		if r.Answer != nil && (r.Answer.Alone || len(acting) == 0 && !asksTheBot(q, r)) {
			return t.answer(q, *r.Answer)
		}
	}
	t.talk.Question = nil
	if !t.surelyActs(acting) {
		if answered, err := t.answerSurvey(); answered || err != nil {
			return err
		}
	}
	if len(acting) > 0 {
		if err := t.act(acting, r.Unread); err != nil {
			return err
		}
		return t.keepDialogue()
	}
	if err := t.tell(telling, r); err != nil {
		return err
	}
	return t.keepDialogue()
}

// assentsToOther reports whether a yes cannot be meant for the open question, which asks what or when, while something else
// waits for the speaker's word.
func (t *turn) assentsToOther(q *question, a *understand.Answer) bool {
	if a == nil || !a.Yes || a.Option >= 0 || a.Date != 0 || a.Shift != nil {
		return false
	}
	switch q.Asks {
	case "milestone", "date", "owner", "person", "entry", "percent":
		return len(q.Frames) > 0 && q.Frames[q.Index].Intent.Changes() && !isDecision(q.Frames[q.Index].Intent) && len(t.waitingDecisions(true, "")) > 0
	}
	return false
}

func isDecision(i understand.Intent) bool {
	return i == understand.Accept || i == understand.Reject || i == understand.Yes || i == understand.No
}

// surelyActs reports whether there is something to do, and all of it is sure and complete.
func (t *turn) surelyActs(acting []understand.Frame) bool {
	for _, f := range acting {
		if f.Confidence < understand.ActAt {
			return false
		}
		if _, missing := t.commands(t.p, f); missing != nil {
			return false
		}
	}
	return len(acting) > 0
}

// answerSurvey takes any words that quote the week's alignment question as its answer.
func (t *turn) answerSurvey() (bool, error) {
	if t.in.Quote == "" || isWordless(t.text) {
		return false, nil
	}
	msg, err := t.tx.Message(t.in.Platform, t.in.Quote)
	if errors.Is(err, storage.ErrNotFound) {
		return false, nil
	}
	if err != nil || msg.Kind != bot.KindSurvey || msg.Project != t.p.Key {
		return false, err
	}
	f := understand.Frame{Intent: understand.AlignmentAnswer, Stance: understand.Report, Confidence: 1}
	f.Slots.Topic, f.Slots.Text = t.p.WeekQuestion(t.p.Today(msg.At)), t.text
	if err := t.perform([]understand.Frame{f}); err != nil {
		return true, err
	}
	return true, t.keepDialogue()
}

// wantsText reports whether any words can answer a question.
func wantsText(asks string) bool {
	switch asks {
	case "reason", "block_reason", "name", "text":
		return true
	}
	return false
}

// readsAsAnswer reports whether a message that nobody addressed to the bot answers the question open to the speaker.
func (t *turn) readsAsAnswer() (bool, error) {
	where, _, err := t.settle()
	if err != nil || where == several {
		return where == several && len(t.text) < 40, err
	}
	scene, err := t.scene()
	if err != nil {
		return false, err
	}
	r := t.model.Read(t.text, scene)
	return r.Answer != nil && r.Answer.Alone, nil
}

// surelyAsked is the confidence from which a question to the bot is no clumsy answer to the bot's own.
const surelyAsked = 0.85

// asksTheBot reports whether the message is a question of its own rather than an answer to the open one: "status",
// "help" or "who has 3?" said while the bot waits for a milestone.
func asksTheBot(q *question, r understand.Reading) bool {
	a := r.Answer
	if a == nil || a.Alone || a.Option >= 0 || a.Yes || a.No || a.None {
		return false
	}
	if (q.Asks == "date" || q.Asks == "start" || q.Asks == "slot") && (a.Date != 0 || a.Shift != nil) {
		return false
	}
	return slices.ContainsFunc(r.Frames, func(f understand.Frame) bool {
		switch f.Intent {
		case understand.None, understand.Chatter, understand.Hello, understand.Thanks, understand.Yes, understand.No, understand.CreateProject:
			return false
		}
		return !changes(f.Intent) && f.Confidence >= surelyAsked
	})
}

// sortFrames parts what may change something from what only asks or talks.
func sortFrames(frames []understand.Frame) (acting, telling []understand.Frame) {
	for _, f := range frames {
		if changes(f.Intent) && f.Stance.Acts() {
			acting = append(acting, f)
		} else {
			telling = append(telling, f)
		}
	}
	return acting, telling
}

// act makes all changes of a message, or none.
func (t *turn) act(frames []understand.Frame, unread []string) error {
	if len(frames) == 1 {
		if special := t.special(frames[0].Intent); special != nil {
			return special(frames[0])
		}
	}
	for _, f := range frames {
		if f.Intent == understand.MoveMeeting {
			return t.cannotMoveMeeting()
		}
	}
	if i, sure := leastSure(frames); sure < understand.ActAt {
		return t.confirm(frames, i)
	}
	if len(unread) > 0 {
		return t.reply(t.say.Text("unclear.part", locale.Args{"part": excerpt(unread[0])}))
	}
	return t.perform(frames)
}

// special returns the handler of an intent that is no command of one project.
func (t *turn) special(i understand.Intent) func(understand.Frame) error {
	switch i {
	case understand.CreateProject:
		return t.createProject
	case understand.Undo:
		return func(understand.Frame) error { return t.undo() }
	case understand.Accept, understand.Yes:
		return func(f understand.Frame) error { return t.decide(f, true) }
	case understand.Reject, understand.No:
		return func(f understand.Frame) error { return t.decide(f, false) }
	}
	return nil
}

// done is one command with what followed from it.
type done struct {
	frame understand.Frame
	out   steering.Outcome
}

// perform tries the commands of all frames on a copy; only when every one is allowed is the copy kept.
func (t *turn) perform(frames []understand.Frame) error {
	trial := t.p.Clone()
	var results []done
	minuted := 0 // the meeting whose minutes this message holds
	for i, f := range frames {
		commands, need := t.commands(trial, f)
		if need != nil {
			return t.ask(frames, i, *need)
		}
		for _, c := range commands {
			out, err := trial.Do(ofMeeting(c, minuted), t.actor(), t.now)
			if err != nil {
				return t.refuse(frames, i, err)
			}
			if _, minutes := c.(steering.RecordMinutes); minutes {
				minuted = out.EntryID
			}
			results = append(results, done{f, out})
		}
	}
	if len(results) == 0 {
		return t.reply(t.say.Text("unclear.nothing", nil))
	}
	return t.keep(trial, results)
}

// ofMeeting notes with a decision or an action the meeting in whose minutes it stands.
func ofMeeting(c steering.Command, meeting int) steering.Command {
	if e, ok := c.(steering.AddEntry); ok && (e.Kind == steering.KindDecision || e.Kind == steering.KindAction) {
		e.Meeting = meeting
		return e
	}
	return c
}

// keep stores the changed copy and answers.
func (t *turn) keep(trial *steering.Project, results []done) error {
	if err := t.store(trial); err != nil {
		return err
	}
	if err := t.markInternal(results); err != nil {
		return err
	}
	if err := t.confirmAll(results); err != nil {
		return err
	}
	return t.echo(results)
}

func (t *turn) store(p *steering.Project) error {
	p.Refresh(p.Today(t.now))
	if err := t.keepMet(p); err != nil {
		return err
	}
	change, err := t.tx.Save(p, t.actor())
	if err != nil {
		return err
	}
	t.p, t.change = p, change
	return nil
}

// refuse says why a command may not be done; a missing word is asked for instead.
func (t *turn) refuse(frames []understand.Frame, i int, err error) error {
	var refusal *steering.Error
	if !errors.As(err, &refusal) {
		return err
	}
	if refusal.Code == steering.CodeMissing {
		slot, _ := refusal.Args["slot"].(string)
		return t.ask(frames, i, need{slot: slot})
	}
	if refusal.Key == "refused.convene" {
		return t.wishToConvene(frames[i])
	}
	text := t.refusal(refusal)
	if len(frames) > 1 {
		text = t.say.Text("refused.part", locale.Args{"n": i + 1, "why": locale.Marked(text)})
	}
	return t.sendReply(bot.Outgoing{Kind: bot.KindReply, Text: text, Milestones: keysOf(refusal.Args), Ephemeral: true})
}

// leastSure is the frame of which the reading is least sure, and how sure. In minutes, what is called by its name with a
// colon behind, "decisión: …", is meant so, however it goes on.
func leastSure(frames []understand.Frame) (int, float64) {
	minutes := slices.ContainsFunc(frames, func(f understand.Frame) bool { return f.Intent == understand.Minutes })
	least, sure := 0, 1.0
	for i, f := range frames {
		c := f.Confidence
		if minutes && slices.ContainsFunc(f.Why, func(w understand.Feature) bool { return strings.HasPrefix(w.Name, "head:") }) {
			c = max(c, understand.ActAt)
		}
		if c < sure {
			least, sure = i, c
		}
	}
	return least, sure
}

func excerpt(s string) string {
	r := []rune(s)
	if len(r) > 60 {
		return string(r[:57]) + "…"
	}
	return s
}
