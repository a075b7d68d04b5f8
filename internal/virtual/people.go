package virtual

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"timonel/bot"
	"timonel/bot/simulated"
	"timonel/steering"
	"timonel/storage"
)

// Chat is a group chat.
type Chat struct {
	ID       string
	Platform bot.Platform
	Language string // "" if the caller gave none
}

// Room is the chat's id on its platform.
func (c *Chat) Room() bot.RoomID { return bot.RoomID(c.ID) }

// Member is somebody in a chat. With a side or a role they have a place in the chat's project.
type Member struct {
	ID, Name string
	Side     steering.Side
	Roles    []steering.Role
}

// member is what the world knows of a person: who they are on each platform.
type member struct {
	id, name string
	home     bot.Platform // the platform of the chat they were first put into
	users    map[bot.Platform]bot.UserID
}

// historyLength is how many of the bot's earlier messages of a chat can be quoted and pressed.
const historyLength = 20

// Chat declares a group chat, or finds it again. Empty fields of a chat that is there already are what they were.
func (w *World) Chat(ctx context.Context, c Chat) (*Chat, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if old := w.chats[c.ID]; old != nil {
		if c.Platform != "" && c.Platform != old.Platform {
			return nil, mistake("give the chat another id", "chat %s is on %s already", c.ID, old.Platform)
		}
		if c.Language == "" || c.Language == old.Language {
			return old, nil
		}
		old.Language = c.Language
		return old, w.putRoom(ctx, old)
	}
	if c.Platform == "" {
		c.Platform = bot.Web
	}
	w.chats[c.ID] = &c
	return &c, w.putRoom(ctx, &c)
}

func (w *World) putRoom(ctx context.Context, c *Chat) error {
	err := w.db.Update(ctx, func(tx *storage.Tx) error {
		room, err := roomOf(tx, c)
		if err != nil {
			return err
		}
		if c.Language != "" || room.Language == "" {
			room.Language = c.Language
		}
		if room.Language == "" {
			room.Language = w.opt.Language
		}
		return tx.PutRoom(room)
	})
	if err != nil {
		return fmt.Errorf("declare chat %s: %w", c.ID, err)
	}
	return w.recall(ctx, c)
}

func roomOf(tx *storage.Tx, c *Chat) (*storage.Room, error) {
	room, err := tx.Room(c.Platform, c.Room())
	if errors.Is(err, storage.ErrNotFound) {
		return &storage.Room{Platform: c.Platform, ID: c.Room(), Name: c.ID}, nil
	}
	return room, err
}

// recall brings back what the bot said in a chat before this world, from the database.
func (w *World) recall(ctx context.Context, c *Chat) error {
	return w.db.View(ctx, func(tx *storage.Tx) error {
		list, err := tx.LastMessages(c.Platform, c.Room(), historyLength)
		for _, m := range slices.Backward(list) {
			w.network.Recall(m.ID, bot.Outgoing{
				ID: m.Outbox, Platform: m.Platform, Room: m.Room, Kind: m.Kind, Project: m.Project,
				Milestones: m.Milestones, Options: m.Options, Poll: m.Poll, At: m.At,
			})
		}
		return err
	})
}

// Place puts a member into a chat, and into its project, now or when it is made.
func (w *World) Place(ctx context.Context, c *Chat, m Member) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	err := w.db.Update(ctx, func(tx *storage.Tx) error {
		person, err := w.person(tx, c.Platform, m)
		if err != nil {
			return err
		}
		room, err := roomOf(tx, c)
		if err != nil {
			return err
		}
		return w.bot.Engine.Place(tx, room, person, steering.Member{Person: person.ID, Side: m.Side, Roles: m.Roles})
	})
	if err != nil {
		return fmt.Errorf("place %s: %w", m.ID, err)
	}
	return nil
}

// person finds or makes the person behind a member, known on the platform by the handle they have there, else by their id.
func (w *World) person(tx *storage.Tx, platform bot.Platform, m Member) (*steering.Person, error) {
	p, err := tx.Person(steering.PersonID(m.ID))
	if errors.Is(err, storage.ErrNotFound) {
		p, err = &steering.Person{ID: steering.PersonID(m.ID)}, nil
	}
	if err != nil {
		return nil, err
	}
	p.Name = m.Name
	if p.Handles == nil {
		p.Handles = map[string]string{}
	}
	if p.Handles[string(platform)] == "" {
		p.Handles[string(platform)] = m.ID
	}
	known := w.members[m.ID]
	if known == nil {
		known = &member{id: m.ID, home: platform, users: map[bot.Platform]bot.UserID{}}
		w.members[m.ID] = known
	}
	known.name = m.Name
	known.users[platform] = bot.UserID(p.Handles[string(platform)])
	return p, nil
}

// speaker finds a member by id, also one that only the database knows, and who they are on a platform. With platform "" it
// is the one that they are known on.
func (w *World) speaker(ctx context.Context, id string, platform bot.Platform) (*member, bot.UserID, error) {
	m := w.members[id]
	if m == nil {
		var err error
		if m, err = w.stored(ctx, id); err != nil {
			return nil, "", err
		}
	}
	if user := m.users[platform]; user != "" {
		return m, user, nil
	}
	// Somebody of another chat speaks here: on this platform nobody knows them yet.
	return m, bot.UserID(id), nil
}

func (w *World) stored(ctx context.Context, id string) (*member, error) {
	var p *steering.Person
	err := w.db.View(ctx, func(tx *storage.Tx) (err error) {
		p, err = tx.Person(steering.PersonID(id))
		return err
	})
	if errors.Is(err, storage.ErrNotFound) {
		return nil, mistake(fmt.Sprintf("declare: @member %s %q", id, "Full Name"), "%s is no member of any chat", id)
	}
	if err != nil {
		return nil, err
	}
	m := &member{id: id, name: p.Name, users: map[bot.Platform]bot.UserID{}}
	for _, platform := range platforms {
		if user := p.Handles[string(platform)]; user != "" {
			m.users[platform] = bot.UserID(user)
			if m.home == "" {
				m.home = platform
			}
		}
	}
	w.members[id] = m
	return m, nil
}

// MemberOf names the member behind a platform's user; a user of whom nothing is known is named by the user's own id.
func (w *World) MemberOf(ctx context.Context, platform bot.Platform, user bot.UserID) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, m := range w.members {
		if m.users[platform] == user {
			return m.id, nil
		}
	}
	name := string(user)
	err := w.db.View(ctx, func(tx *storage.Tx) error {
		p, err := tx.PersonByHandle(platform, user)
		if errors.Is(err, storage.ErrNotFound) {
			return nil
		}
		if err == nil {
			name = string(p.ID)
		}
		return err
	})
	return name, err
}

// Name returns the full name of a member, or the id of one that is not known.
func (w *World) Name(id string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if m := w.members[id]; m != nil {
		return m.name
	}
	return id
}

// ChatOf names the chat of an entry as a script does: a group by its id, a direct chat as dm:ID.
func (w *World) ChatOf(ctx context.Context, e simulated.Entry) (string, error) {
	if e.Direct == "" {
		return string(e.Room), nil
	}
	id, err := w.MemberOf(ctx, e.Platform, e.Direct)
	return "dm:" + id, err
}
