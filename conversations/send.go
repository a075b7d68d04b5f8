package conversations

import (
	"fmt"

	"timonel/bot"
	"timonel/locale"
	"timonel/steering"
)

// reply answers with a text about no milestone in particular.
func (t *turn) reply(text string) error {
	return t.sendReply(bot.Outgoing{Kind: bot.KindReply, Text: text})
}

// sendReply answers in the room of the message.
func (t *turn) sendReply(out bot.Outgoing) error {
	out.Platform, out.Room, out.InReplyTo, out.Thread = t.in.Platform, t.in.Room, t.in.Ref, t.in.ID
	if t.in.Direct {
		out.Direct = t.in.From
	}
	if out.Ephemeral {
		out.Only = t.in.From
	}
	return t.send(out)
}

// send stores a message for delivery; it goes out with the commit of the turn.
func (t *turn) send(out bot.Outgoing) error {
	out.At = t.now
	if t.p != nil && out.Project == "" {
		out.Project = t.p.Key
	}
	if _, err := t.tx.Enqueue(out); err != nil {
		return fmt.Errorf("store answer: %w", err)
	}
	t.sent = true
	if out.Kind == bot.KindQuestion {
		t.outcome = Asked
	}
	return t.focusOn(out.Milestones...)
}

func (t *turn) people(ids []steering.PersonID) locale.Marked {
	var names []string
	for _, id := range ids {
		names = append(names, t.mention(id))
	}
	return locale.Marked(t.say.Join(names))
}

// anyOf names people of whom one is enough.
func (t *turn) anyOf(ids []steering.PersonID) locale.Marked {
	var names []string
	for _, id := range ids {
		names = append(names, t.mention(id))
	}
	return locale.Marked(t.say.JoinAny(names))
}

// signers names whose sign-off is missing: any one of a side, and one of each side.
func (t *turn) signers(o steering.Outcome) locale.Marked {
	var sides []string
	for _, side := range o.Waiting {
		var names []string
		for _, id := range o.Deciders {
			if m := t.p.Member(id); m != nil && m.Side == side {
				names = append(names, t.mention(id))
			}
		}
		if len(names) == 0 {
			names = []string{t.say.Text("side."+string(side), nil)}
		}
		sides = append(sides, t.say.JoinAny(names))
	}
	return locale.Marked(t.say.Join(sides))
}

// ref is how a milestone is named in an answer.
func (t *turn) ref(m *steering.Milestone) string {
	return t.say.Text("milestone.ref", locale.Args{"key": m.Key, "name": m.Name})
}

func (t *turn) refs(keys []string) locale.Marked {
	var names []string
	for _, key := range keys {
		if m := t.p.Milestone(key); m != nil {
			names = append(names, t.ref(m))
		}
	}
	return locale.Marked(t.say.Join(names))
}

func (t *turn) date(d steering.Date) string { return t.say.Date(d, t.today()) }

func keysOf(args map[string]any) []string {
	keys, _ := args["milestones"].([]string)
	return keys
}
