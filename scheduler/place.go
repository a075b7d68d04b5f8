package scheduler

import (
	"errors"
	"fmt"
	"slices"

	"timonel/bot"
	"timonel/internal/markup"
	"timonel/locale"
	"timonel/steering"
	"timonel/storage"
)

// chat is a place that a message can go to: a group, or the direct chat with a person.
type chat struct {
	platform bot.Platform
	room     bot.RoomID
	person   steering.PersonID // of a direct chat …
	user     bot.UserID        // … and who that is on the platform
	audience steering.Audience // of a group
	shared   bool              // a group of several projects
}

func (c chat) direct() bool { return c.person != "" }

// name is the chat's key within one round.
func (c chat) name() string {
	if c.direct() {
		return string(c.platform) + " @" + string(c.user)
	}
	return string(c.platform) + " " + string(c.room)
}

// directory looks people and places up within one transaction, each once.
type directory struct {
	tx     *storage.Tx
	joined func(bot.Platform) bool
	people map[steering.PersonID]*steering.Person
	chats  map[string]chat
	rooms  map[string]*storage.Room
}

func newDirectory(tx *storage.Tx, joined func(bot.Platform) bool) *directory {
	return &directory{
		tx: tx, joined: joined, people: map[steering.PersonID]*steering.Person{}, chats: map[string]chat{}, rooms: map[string]*storage.Room{},
	}
}

// roomOf returns what is known of a chat, nil if nothing is.
func (d *directory) roomOf(c chat) (*storage.Room, error) {
	if room, looked := d.rooms[c.name()]; looked {
		return room, nil
	}
	var room *storage.Room
	var err error
	if c.direct() {
		room, err = d.tx.DirectRoom(c.platform, c.user)
	} else {
		room, err = d.tx.Room(c.platform, c.room)
	}
	if errors.Is(err, storage.ErrNotFound) {
		room, err = nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for a chat: %w", err)
	}
	d.rooms[c.name()] = room
	return room, nil
}

// person returns somebody of whom at least the id is known.
func (d *directory) person(id steering.PersonID) (*steering.Person, error) {
	if p := d.people[id]; p != nil {
		return p, nil
	}
	p, err := d.tx.Person(id)
	if errors.Is(err, storage.ErrNotFound) {
		p, err = &steering.Person{ID: id, Name: string(id)}, nil
	}
	if err != nil {
		return nil, err
	}
	d.people[id] = p
	return p, nil
}

// name is report.Names over the directory; an unreadable person is called by their id.
func (d *directory) name(id steering.PersonID) string {
	p, err := d.person(id)
	if err != nil || p.Name == "" {
		return string(id)
	}
	return p.Name
}

// otherPlatforms are where people are sought directly, after those of their project's chats.
var otherPlatforms = []bot.Platform{bot.Slack, bot.Web, bot.Terminal, bot.WhatsApp}

// direct finds the chat in which a person may be written to: on the platforms of the project's chats first. Nobody is
// written to on WhatsApp who has not written to the bot there before: that is what numbers are banned for.
func (d *directory) direct(p *steering.Project, id steering.PersonID) (chat, bool, error) {
	who, err := d.person(id)
	if err != nil {
		return chat{}, false, err
	}
	for _, platform := range platformsOf(p) {
		user := bot.UserID(who.Handles[string(platform)])
		if user == "" || !d.joined(platform) {
			continue
		}
		c := chat{platform: platform, person: id, user: user}
		room, err := d.roomOf(c)
		if err != nil {
			return chat{}, false, err
		}
		switch {
		case room == nil && platform == bot.WhatsApp, room != nil && room.Left:
		case room != nil && platform == bot.WhatsApp && room.WroteAt.IsZero():
		default:
			return d.keep(c), true, nil
		}
	}
	return chat{}, false, nil
}

func platformsOf(p *steering.Project) []bot.Platform {
	var out []bot.Platform
	for _, c := range p.Chats {
		if platform := bot.Platform(c.Platform); c.Audience != steering.AudienceVendor && !slices.Contains(out, platform) {
			out = append(out, platform)
		}
	}
	for _, platform := range otherPlatforms {
		if !slices.Contains(out, platform) {
			out = append(out, platform)
		}
	}
	return out
}

// groups are the chats of a project that a notice for the group goes to: the committee's, and of a digest the vendor's
// own too. A reminder that cannot be given directly goes where its reader can be mentioned, if there is such a chat.
func (d *directory) groups(p *steering.Project, n steering.Notice) ([]chat, error) {
	var all, mentioning []chat
	for _, c := range p.Chats {
		if c.Audience == steering.AudienceVendor && n.Kind != steering.NoticeDigest && hasCommittee(p) {
			continue
		}
		platform, room := bot.Platform(c.Platform), bot.RoomID(c.ID)
		known, err := d.roomOf(chat{platform: platform, room: room})
		if err != nil {
			return nil, err
		}
		if known != nil && known.Left {
			continue
		}
		place, err := d.group(platform, room, c.Audience)
		if err != nil {
			return nil, err
		}
		all = append(all, place)
		if d.knows(platform, n.To) {
			mentioning = append(mentioning, place)
		}
	}
	if n.Direct && len(mentioning) > 0 {
		return mentioning, nil
	}
	return all, nil
}

// hasCommittee reports whether a chat of the project is the committee's; without one its only chats stand for it.
func hasCommittee(p *steering.Project) bool {
	return slices.ContainsFunc(p.Chats, func(c steering.Chat) bool { return c.Audience != steering.AudienceVendor })
}

func (d *directory) group(platform bot.Platform, room bot.RoomID, audience steering.Audience) (chat, error) {
	c := chat{platform: platform, room: room, audience: audience}
	if known, ok := d.chats[c.name()]; ok {
		return known, nil
	}
	keys, err := d.tx.ProjectsByChat(platform, room)
	c.shared = len(keys) > 1
	return d.keep(c), err
}

func (d *directory) keep(c chat) chat {
	if known, ok := d.chats[c.name()]; ok {
		return known
	}
	d.chats[c.name()] = c
	return c
}

// knows reports whether somebody of those can be mentioned on the platform.
func (d *directory) knows(platform bot.Platform, ids []steering.PersonID) bool {
	return slices.ContainsFunc(ids, func(id steering.PersonID) bool {
		who, err := d.person(id)
		return err == nil && who.Handles[string(platform)] != ""
	})
}

// mention names a person in a chat: as a mention where the platform knows them.
func (d *directory) mention(c chat, id steering.PersonID) string {
	who, err := d.person(id)
	if err == nil && who.Handles[string(c.platform)] != "" && !c.direct() {
		return markup.Mention(who.Handles[string(c.platform)], who.Name)
	}
	return markup.Strip(d.name(id))
}

// language is the one in which a chat is written to: a person's own, a project's; where a project has several chats,
// each has its own.
func (d *directory) language(c chat, p *steering.Project) string {
	if c.direct() {
		if who, err := d.person(c.person); err == nil && locale.Known(who.Language) {
			return who.Language
		}
		return p.Language
	}
	if len(p.Chats) > 1 || p.Language == "" {
		if room, err := d.roomOf(c); err == nil && room != nil && locale.Known(room.Language) {
			return room.Language
		}
	}
	return p.Language
}
