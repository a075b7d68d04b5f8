package conversations

import (
	"fmt"
	"slices"

	"timonel/locale"
	"timonel/steering"
)

// People from outside the vendor's workspace (Slack Connect) are the client's until the lead says otherwise, and a channel in
// which they read is nobody's internal one.

// outside reports whether somebody who is spoken of, or speaks, is from outside the vendor's workspace.
func (t *turn) outside(id steering.PersonID) bool {
	if id == t.person.ID {
		return t.in.Guest
	}
	return slices.Contains(t.guests, id)
}

// sideOf is the side on which a person is placed when none is said: the one they have, for somebody from outside the client's.
func (t *turn) sideOf(p *steering.Project, id steering.PersonID) steering.Side {
	if m := p.Member(id); m != nil && m.Side != "" || !t.outside(id) {
		return ""
	}
	return steering.SideClient
}

// opensUp ends that this chat is a project's internal one, when people from outside read in it: nothing of the vendor's own goes
// there any more. The leads hear of it directly.
func (t *turn) opensUp() error {
	keys, err := t.tx.ProjectsByChat(t.in.Platform, t.in.Room)
	if err != nil {
		return err
	}
	for _, key := range keys {
		p, err := t.tx.Project(key)
		if err != nil {
			return err
		}
		internal := func(c steering.Chat) bool {
			return c.Platform == string(t.in.Platform) && c.ID == string(t.in.Room) && c.Audience == steering.AudienceVendor
		}
		i := slices.IndexFunc(p.Chats, internal)
		if i < 0 {
			continue
		}
		p = p.Clone()
		p.Chats[i].Audience = steering.AudienceCommittee
		p.Record("chat.added", "chat "+string(t.in.Platform))
		if _, err := t.tx.Save(p, steering.Actor{Via: string(t.in.Platform)}); err != nil {
			return fmt.Errorf("note that a chat is shared: %w", err)
		}
		err = t.tellLeads(t.tx, t.in.Platform, "", []string{key}, func(say locale.Printer, p *steering.Project) string {
			return say.Text("shared.opened", locale.Args{"chat": roomName(t.room), "project": p.Name})
		})
		if err != nil {
			return err
		}
	}
	return nil
}
