package conversations

import (
	"slices"

	"timonel/bot"
	"timonel/locale"
	"timonel/steering"
)

// A project may have several chats: the committee's, the vendor's own. What somebody must decide is put where that person
// reads it, in the words of that chat; what is the vendor's own business stays where it was said.

// here is the chat that the turn is in, as the project knows it; ok is false for a direct chat and for one of no project's.
func (t *turn) here() (c steering.Chat, ok bool) {
	if t.in.Direct || t.p == nil {
		return c, false
	}
	for _, c := range t.p.Chats {
		if c.Platform == string(t.in.Platform) && c.ID == string(t.in.Room) {
			return c, true
		}
	}
	return c, false
}

// amongVendors reports whether only the vendor's people read this chat.
func (t *turn) amongVendors() bool {
	return !t.in.Direct && t.p != nil && t.p.IsVendors(string(t.in.Platform), string(t.in.Room))
}

// committee are the chats in which the committee reads; the project's only ones stand for them.
func (t *turn) committee() []steering.Chat {
	var chats []steering.Chat
	for _, c := range t.p.Chats {
		if c.Audience != steering.AudienceVendor {
			chats = append(chats, c)
		}
	}
	if len(chats) == 0 {
		return t.p.Chats
	}
	return chats
}

// chatsOf are the chats in which at least one of some people can be reached: where they are spoken of, if they read there;
// what one of the vendor's says directly, in the vendor's own; else the committee's if there is one.
func (t *turn) chatsOf(ids []steering.PersonID) []steering.Chat {
	var theirs []steering.Chat
	for _, c := range t.p.Chats {
		if slices.ContainsFunc(ids, func(id steering.PersonID) bool { return t.isOn(c.Platform, id) }) {
			theirs = append(theirs, c)
		}
	}
	among := func(c steering.Chat) bool { return t.p.IsVendors(c.Platform, c.ID) }
	open := slices.DeleteFunc(slices.Clone(theirs), among)
	here, known := t.here()
	member := t.p.Member(t.person.ID)
	own := slices.IndexFunc(theirs, among)
	switch {
	case known && slices.Contains(theirs, here):
		return []steering.Chat{here}
	case t.in.Direct && own >= 0 && member != nil && member.Side == steering.SideVendor:
		return theirs[own : own+1]
	case len(open) > 0:
		return open
	case len(theirs) > 0:
		return theirs
	}
	return t.committee()
}

func (t *turn) isOn(platform string, id steering.PersonID) bool {
	p, err := t.tx.Person(id)
	return err == nil && p.Handles[platform] != ""
}

// putTo answers here and puts a question to some chats: when this is one of them, answer and question are one message.
// Elsewhere only the outcome that is asked about is told, in the words of each chat.
func (t *turn) putTo(chats []steering.Chat, answer bot.Outgoing, o steering.Outcome, ask func(bot.Outgoing) (bot.Outgoing, error)) error {
	here, known := t.here()
	if !t.in.Direct && (!known || len(chats) == 0 || slices.Contains(chats, here)) {
		asked, err := ask(answer)
		if err != nil {
			return err
		}
		return t.sendReply(asked)
	}
	answer.Kind, answer.Options, answer.Poll = bot.KindReply, nil, nil
	if err := t.sendReply(answer); err != nil {
		return err
	}
	for _, c := range chats {
		err := t.there(c, func() error {
			told := answer
			if o.Command != nil {
				told = t.worded(o)
			}
			asked, err := ask(told)
			if err != nil {
				return err
			}
			asked.Platform, asked.Room, asked.Direct = bot.Platform(c.Platform), bot.RoomID(c.ID), ""
			return t.send(asked)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// there lets f word something for another chat of the project: in its language, with the ids of its platform.
func (t *turn) there(c steering.Chat, f func() error) error {
	in, say := t.in, t.say
	defer func() { t.in, t.say = in, say }()
	room, err := roomOf(t.tx, bot.Platform(c.Platform), bot.RoomID(c.ID))
	if err != nil || room.Left {
		return err
	}
	t.say = locale.For(t.p.Language, room.Language)
	if len(t.p.Chats) > 1 {
		t.say = locale.For(room.Language, t.p.Language)
	}
	t.in.Platform, t.in.Room, t.in.Direct = room.Platform, room.ID, false
	return f()
}

// markInternal notes which risks and issues were raised among the vendor's own people, so that the committee is not shown
// them.
func (t *turn) markInternal(results []done) error {
	for _, c := range t.p.Chats {
		for _, r := range results {
			entry, ok := r.out.Command.(steering.AddEntry)
			if !ok || entry.Kind != steering.KindRisk && entry.Kind != steering.KindIssue {
				continue
			}
			room, err := roomOf(t.tx, bot.Platform(c.Platform), bot.RoomID(c.ID))
			if err != nil {
				return err
			}
			own := t.amongVendors() && t.in.Platform == room.Platform && t.in.Room == room.ID
			if err := t.tx.MarkInternal(room, t.p.Key, entry.Kind, r.out.EntryID, own); err != nil {
				return err
			}
		}
	}
	return nil
}

// seen is a project as those who read this chat may see it.
func (t *turn) seen(p *steering.Project) (*steering.Project, error) {
	member := p.Member(t.person.ID)
	if t.amongVendors() || t.in.Direct && member != nil && member.Side == steering.SideVendor {
		return p, nil
	}
	internal, err := t.tx.Internal(p)
	if err != nil {
		return nil, err
	}
	return p.Without(internal), nil
}
