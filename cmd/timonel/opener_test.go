package main

import (
	"testing"

	"timonel/bot"
	"timonel/conversations"
	"timonel/internal/config"
)

// Only where the operator allows it, or who leads a project already, or the very first.
func TestWhoMayOpenAProject(t *testing.T) {
	byDefault := config.Default().Rooms
	strict := config.Rooms{Allow: []string{"slack:C1"}, Creators: []string{"slack:U1", "whatsapp:1@lid"}}
	people := config.Rooms{Creators: []string{"slack:U1"}}
	on := func(p bot.Platform, room bot.RoomID, user bot.UserID) conversations.Opener {
		return conversations.Opener{Platform: p, Room: room, User: user}
	}
	guest, leads, first := on(bot.Slack, "C1", "U9"), on(bot.WhatsApp, "g", "2@lid"), on(bot.WhatsApp, "g", "2@lid")
	guest.Guest, leads.Leads, first.First = true, true, true
	for _, c := range []struct {
		name  string
		rooms config.Rooms
		who   conversations.Opener
		want  bool
	}{
		{"one's own workspace", byDefault, on(bot.Slack, "C1", "U1"), true},
		{"a guest there", byDefault, guest, false},
		{"a stranger's group", byDefault, on(bot.WhatsApp, "g", "2@lid"), false},
		{"the first on WhatsApp", byDefault, first, true},
		{"a known lead on WhatsApp", byDefault, leads, true},
		{"chat and person named", strict, on(bot.Slack, "C1", "U1"), true},
		{"another chat", strict, on(bot.Slack, "C2", "U1"), false},
		{"another person", strict, on(bot.Slack, "C1", "U2"), false},
		{"another platform's chat", strict, on(bot.WhatsApp, "C1", "1@lid"), false},
		{"a known lead elsewhere", strict, leads, true},
		{"not even the first", strict, first, false},
		{"a person named", people, on(bot.Slack, "C7", "U1"), true},
		{"nobody named", people, on(bot.Slack, "C7", "U2"), false},
		{"nowhere", config.Rooms{}, on(bot.Slack, "C1", "U1"), false},
	} {
		if got := mayCreate(c.rooms)(c.who); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
