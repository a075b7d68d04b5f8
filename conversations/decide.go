package conversations

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"timonel/bot"
	"timonel/conversations/understand"
	"timonel/locale"
	"timonel/steering"
	"timonel/storage"
)

// decide takes a yes or a no that names nothing, or only a milestone: it is about what waits for the speaker, if exactly
// one thing does.
func (t *turn) decide(f understand.Frame, yes bool) error {
	words, err := commandWords()
	if err != nil {
		return err
	}
	plain := yes && words.yes[bare(t.text)] // a yes and nothing else leaves no doubt but about what it is
	if f.Confidence < understand.ActAt && !plain && (f.Intent == understand.Accept || f.Intent == understand.Reject) {
		return t.confirm([]understand.Frame{f}, 0)
	}
	if f.Slots.Entry == steering.KindProposal && f.Slots.Number > 0 {
		return t.run(f, steering.DecideProposal{ID: f.Slots.Number, Accept: yes, Reason: f.Slots.Reason})
	}
	if len(f.Slots.Milestones) > 0 {
		return t.decideOn(f, yes)
	}
	waiting := t.waitingDecisions(yes, f.Slots.Reason)
	switch {
	case len(waiting) == 1:
		return t.run(f, waiting[0].command)
	case len(waiting) == 0:
		if wished, err := t.decideWish(yes); wished || err != nil {
			return err
		}
	}
	switch {
	case len(waiting) == 0 && (f.Intent == understand.Yes || f.Intent == understand.No):
		return t.reply(t.say.Text("decide.nothing_open", nil))
	case len(waiting) == 0:
		return t.reply(t.say.Text("decide.nothing_waits", nil))
	}
	q := &question{Asks: "milestone", Frames: []understand.Frame{f}, Text: t.text, Asked: t.now}
	for _, w := range waiting[:min(len(waiting), maxChoices)] {
		q.Choices = append(q.Choices, choice{w.label, w.key})
	}
	q.Choices = append(q.Choices, choice{t.say.Text("ask.none_of_these", nil), valueNone})
	return t.put(q, t.say.Text("decide.which", nil))
}

// decideOn accepts or rejects what waits about the milestones that were named: their sign-off, or a proposed date.
func (t *turn) decideOn(f understand.Frame, yes bool) error {
	if n := t.ambiguous(f); n != nil {
		return t.ask([]understand.Frame{f}, 0, *n)
	}
	var commands []steering.Command
	for _, r := range f.Slots.Milestones {
		commands = append(commands, t.decisionOn(r.Key, yes, f.Slots.Reason))
	}
	return t.run(f, commands...)
}

// decisionOn prefers the proposed date when the milestone has one that the speaker may decide and waits for no sign-off.
func (t *turn) decisionOn(key string, yes bool, reason string) steering.Command {
	m := t.p.Milestone(key)
	if m != nil && m.Status != steering.Submitted {
		for _, pr := range t.p.Proposals {
			if pr.Milestone == key && pr.Status == steering.ProposalOpen && t.p.MayDecideDates(t.person.ID) {
				return steering.DecideProposal{ID: pr.ID, Accept: yes, Reason: reason}
			}
		}
	}
	if yes {
		return steering.GiveSignOff{Key: key}
	}
	return steering.RejectSignOff{Key: key, Reason: reason}
}

// waitingDecision is one thing that only the speaker's word is missing for.
type waitingDecision struct {
	key, label string
	command    steering.Command
}

func (t *turn) waitingDecisions(yes bool, reason string) []waitingDecision {
	var out []waitingDecision
	for _, m := range t.p.Milestones {
		if m.Status != steering.Submitted || !t.p.MaySign(m, t.person.ID) {
			continue
		}
		var c steering.Command = steering.GiveSignOff{Key: m.Key}
		if !yes {
			c = steering.RejectSignOff{Key: m.Key, Reason: reason}
		}
		out = append(out, waitingDecision{m.Key, numbered(m), c})
	}
	if !t.p.MayDecideDates(t.person.ID) {
		return out
	}
	for _, pr := range t.p.Proposals {
		if m := t.p.Milestone(pr.Milestone); pr.Status == steering.ProposalOpen && m != nil && m.IsOpen() {
			label := numbered(m) + " → " + t.say.ShortDate(pr.Due, t.today())
			out = append(out, waitingDecision{m.Key, label, steering.DecideProposal{ID: pr.ID, Accept: yes, Reason: reason}})
		}
	}
	return out
}

// run does commands that are already clear.
func (t *turn) run(f understand.Frame, commands ...steering.Command) error {
	trial := t.p.Clone()
	var results []done
	for _, c := range commands {
		out, err := trial.Do(c, t.actor(), t.now)
		if err != nil {
			return t.refuse([]understand.Frame{f}, 0, err)
		}
		results = append(results, done{f, out})
	}
	if err := t.keep(trial, results); err != nil {
		return err
	}
	return t.keepDialogue()
}

// pressed does what a button says: an option of the open question, or an action that names its object.
func (t *turn) pressed(action string) error {
	verb, rest, _ := strings.Cut(action, ":")
	if verb == "pick" {
		return t.picked(rest)
	}
	if action == actionNew {
		return t.pressedNew()
	}
	project, object, _ := strings.Cut(rest, ":")
	if err := t.enterFor(project); err != nil {
		return t.reply(t.say.Text("outside.stranger", nil))
	}
	f := understand.Frame{Intent: understand.Accept, Stance: understand.Request, Confidence: 1}
	n, _ := strconv.Atoi(object)
	switch verb {
	case "sign":
		return t.run(f, steering.GiveSignOff{Key: object})
	case "unsign":
		f.Intent, f.Slots.Milestones = understand.Reject, []understand.Ref{{Key: object}}
		return t.decideOn(f, false)
	case "agree", "decline":
		return t.run(f, steering.DecideProposal{ID: n, Accept: verb == "agree"})
	case "inscope", "billable":
		pays := verb == "billable"
		scope := steering.ScopeIn
		if pays {
			scope = steering.ScopeOut
		}
		return t.run(f, steering.RuleChange{ID: n, Scope: scope, Billable: &pays})
	case "done":
		return t.run(f, steering.CompleteMilestone{Key: object})
	case "close":
		return t.run(f, steering.CloseEntry{Kind: steering.KindAction, ID: n})
	case "vote":
		return t.pressedVote(object)
	case "convene":
		return t.pressedConvene(object)
	case "snooze":
		return t.run(f, steering.MuteNotices{Milestone: object, Until: t.p.Calendar.OnOrAfter(t.today() + 1)})
	case "move":
		if t.in.Form != nil {
			return t.movedByForm(object)
		}
		f.Intent, f.Slots.Milestones = understand.Move, []understand.Ref{{Key: object}}
		return t.perform([]understand.Frame{f})
	case "keep": // the wish was refused: nothing changes
		return t.reply(t.say.Text("decide.kept", nil))
	}
	return t.reply(t.say.Text("unclear.short", nil))
}

func (t *turn) pressedVote(object string) error {
	meeting, slot, _ := strings.Cut(object, ":")
	m, errM := strconv.Atoi(meeting)
	s, errS := strconv.Atoi(slot)
	if errM != nil || errS != nil {
		return t.reply(t.say.Text("unclear.short", nil))
	}
	return t.run(understand.Frame{Intent: understand.Vote}, steering.VoteSlot{Meeting: m, Slot: s})
}

// enterFor opens the project that a button belongs to, if the presser has a place in it.
func (t *turn) enterFor(key string) error {
	p, err := t.tx.Project(key)
	if err != nil {
		return err
	}
	if p.Member(t.person.ID) == nil {
		return storage.ErrNotFound
	}
	return t.enter(key)
}

// picked takes option n of the question open to the speaker.
func (t *turn) picked(n string) error {
	i, err := strconv.Atoi(n)
	q := t.talk.Question
	if err != nil || q == nil || i < 0 || i >= len(q.Choices) {
		return t.reply(t.say.Text("ask.over", nil))
	}
	if q.Project != "" {
		if err := t.enterFor(q.Project); err != nil {
			return t.reply(t.say.Text("outside.stranger", nil))
		}
	}
	return t.answer(q, understand.Answer{Option: i, Alone: true, Yes: q.Choices[i].Value == valueYes})
}

// Reactions that mean yes and no; any other says nothing to the bot.
var (
	yesReactions = []string{"✅", "👍", "✔", "☑", "👌", "white_check_mark", "+1", "thumbsup", "heavy_check_mark", "ok_hand"}
	noReactions  = []string{"❌", "👎", "✖", "🚫", "x", "-1", "thumbsdown", "no_entry_sign"}
)

// reacted takes a reaction on one of the bot's messages as the press of its accepting or refusing button.
func (t *turn) reacted() error {
	style := reactionStyle(t.in.Text)
	if style == "" {
		return nil
	}
	msg, err := t.tx.Message(t.in.Platform, t.in.Quote)
	if errors.Is(err, storage.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, o := range msg.Options {
		if o.Style == style {
			return t.pressed(o.Action)
		}
	}
	if q := t.talk.Question; q != nil && q.Asks == "confirm" {
		return t.answerConfirm(q, style == "primary")
	}
	return nil
}

func (t *turn) answerConfirm(q *question, yes bool) error {
	if err := t.enterFor(q.Project); err != nil {
		return nil //nolint:nilerr // a reaction of somebody who has no place there says nothing
	}
	t.talk.Question = nil
	return t.confirmed(q, yes)
}

func reactionStyle(emoji string) string {
	bare := strings.TrimRight(strings.Trim(emoji, ": "), "\uFE0F🏻🏼🏽🏾🏿")
	for _, e := range yesReactions {
		if bare == e {
			return "primary"
		}
	}
	for _, e := range noReactions {
		if bare == e {
			return "danger"
		}
	}
	return ""
}

// voted takes a vote in a poll: the option means what the poll's action says.
func (t *turn) voted() error {
	msg, err := t.tx.Message(t.in.Platform, t.in.Quote)
	if errors.Is(err, storage.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if msg.Poll == nil {
		return nil
	}
	for i, option := range msg.Poll.Options {
		if strings.EqualFold(strings.TrimSpace(option), strings.TrimSpace(t.in.Text)) && i < len(msg.Poll.Actions) {
			return t.pressed(msg.Poll.Actions[i])
		}
	}
	return nil
}

// edited answers a message that was changed after it was worked on: the bot asks instead of guessing.
func (t *turn) edited() error {
	where, _, err := t.settle()
	if err != nil || where != placed {
		return err
	}
	scene, err := t.scene()
	if err != nil {
		return err
	}
	r := t.model.Read(t.text, scene)
	t.speak(r)
	acting, _ := sortFrames(r.Frames)
	if len(acting) == 0 {
		return nil
	}
	return t.confirm(acting, 0)
}

// joined points a new member out to the lead: until placed they can ask nothing.
func (t *turn) joined() error {
	keys, err := t.tx.ProjectsByChat(t.in.Platform, t.in.Room)
	if err != nil || len(keys) == 0 || t.in.SelfJoined {
		return err
	}
	if err := t.enter(keys[len(keys)-1]); err != nil {
		return err
	}
	if t.p.Member(t.person.ID) != nil {
		return nil
	}
	t.talk.PointedOut = true // the lead is not asked again when the person writes
	if err := t.keepDialogue(); err != nil {
		return err
	}
	return t.pointOut()
}

// pointOut shows a new member to the leads: here if they read here, else where they do.
func (t *turn) pointOut() error {
	leads := t.p.With(steering.RoleLead, "")
	note := func() bot.Outgoing {
		return bot.Outgoing{Kind: bot.KindNotice, Text: t.say.Text("joined.unknown", locale.Args{"who": t.in.FromName, "lead": t.people(leads)})}
	}
	chats := t.chatsOf(leads)
	if here, known := t.here(); !known || len(chats) == 0 || slices.Contains(chats, here) {
		return t.sendReply(note())
	}
	for _, c := range chats {
		err := t.there(c, func() error {
			out := note()
			out.Platform, out.Room = bot.Platform(c.Platform), bot.RoomID(c.ID)
			return t.send(out)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
