package fakeslack

import (
	"encoding/json"
	"slices"
	"strings"
)

// obj is a JSON object on its way out.
type obj = map[string]any

// Person is somebody in the workspace, or in another one that shares a channel with it.
type Person struct {
	srv  *Server
	ID   string
	Name string // full name
	Team string
	// TZ and Locale are what Slack tells of the person; set them before the app asks.
	TZ, Locale string
	Restricted bool // a guest account of this workspace
	deleted    bool
	bot        bool
	home       *View
}

// Channel is a channel, or the direct chat of a person with the bot.
type Channel struct {
	srv       *Server
	ID        string
	Name      string
	Private   bool
	IM        bool
	user      string // of a direct chat
	archived  bool
	extShared bool
	members   []string
	messages  []*Message
	index     map[string]*Message // what is not ephemeral, by timestamp
}

// Message is a message in a channel.
type Message struct {
	Channel     *Channel
	TS          string
	ThreadTS    string // of the thread it answers in, "" at the top
	User        string
	Bot         bool
	Text        string // as Slack stores it: escaped, with <@U…> for mentions
	Blocks      []obj
	Metadata    json.RawMessage
	Files       []*File
	EphemeralTo string
	Broadcast   bool
	Edited      string              // timestamp of the last edit
	Edits       int                 // how often it was changed
	reactions   map[string][]string // emoji name to who
	deleted     bool
	answers     int // in the thread that it began
	lastAnswer  string
}

// File is an uploaded file.
type File struct {
	ID, Name, Title, MIME string
	Data                  []byte
	by                    string
	token                 string // of its upload address
	complete              bool
	notReady              int // how many posts that show it are still refused
}

// View is a modal or a home tab.
type View struct {
	ID, Type, CallbackID, PrivateMetadata, Hash string
	Title, Submit, Close                        string
	Blocks                                      []obj
	user                                        string
	channel                                     string
	closed                                      bool
	updates                                     int
	values                                      map[string]obj // filled in, by block and action
	problems                                    []string
}

// newPerson is called with the lock held or before the server is known.
func (s *Server) newPerson(name, team string) *Person {
	p := &Person{srv: s, ID: s.id("U"), Name: name, Team: team, TZ: "America/Bogota", Locale: "es-ES"}
	s.people[p.ID] = p
	return p
}

// Person adds a member of the workspace.
func (s *Server) Person(name string) *Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.newPerson(name, s.team)
}

// Stranger adds a person of another workspace, who can be in channels that are shared with it.
func (s *Server) Stranger(name string) *Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.newPerson(name, "T00000099")
}

// Channel makes a public channel with the bot and people in it. Nobody is told of their joining.
func (s *Server) Channel(name string, people ...*Person) *Channel {
	c := s.EmptyChannel(name, people...)
	s.mu.Lock()
	defer s.mu.Unlock()
	c.members = append(c.members, s.botUser)
	return c
}

// EmptyChannel makes a public channel without the bot.
func (s *Server) EmptyChannel(name string, people ...*Person) *Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &Channel{srv: s, ID: s.id("C"), Name: name}
	for _, p := range people {
		c.members = append(c.members, p.ID)
		c.extShared = c.extShared || p.Team != s.team
	}
	s.channels[c.ID] = c
	s.order = append(s.order, c)
	return c
}

// MakePrivate makes a channel private.
func (c *Channel) MakePrivate() *Channel { c.srv.change(func() { c.Private = true }); return c }

// Share shares a channel with another workspace.
func (c *Channel) Share() { c.srv.change(func() { c.extShared = true }) }

// change runs f with the lock held and wakes who waits.
func (s *Server) change(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
	s.wakeLocked()
}

// direct returns the direct chat between a person and the bot. Called with the lock held.
func (s *Server) direct(user string) *Channel {
	for _, c := range s.order {
		if c.IM && c.user == user {
			return c
		}
	}
	c := &Channel{srv: s, ID: s.id("D"), IM: true, user: user, members: []string{user, s.botUser}}
	s.channels[c.ID] = c
	s.order = append(s.order, c)
	return c
}

func (c *Channel) has(user string) bool { return slices.Contains(c.members, user) }

// add stores a message.
func (c *Channel) add(m *Message) {
	m.Channel = c
	c.messages = append(c.messages, m)
	if m.EphemeralTo != "" {
		return
	}
	if c.index == nil {
		c.index = map[string]*Message{}
	}
	c.index[m.TS] = m
	if root := c.index[m.ThreadTS]; root != nil && root != m {
		root.answers, root.lastAnswer = root.answers+1, m.TS
	}
}

func (c *Channel) message(ts string) *Message {
	if m := c.index[ts]; m != nil && !m.deleted {
		return m
	}
	return nil
}

func (c *Channel) kind() string {
	switch {
	case c.IM:
		return "im"
	case c.Private:
		return "group"
	}
	return "channel"
}

func (c *Channel) json(s *Server) obj {
	o := obj{
		"id": c.ID, "name": c.Name, "name_normalized": c.Name, "is_channel": !c.IM && !c.Private, "is_group": c.Private,
		"is_im": c.IM, "is_private": c.Private || c.IM, "is_archived": c.archived, "is_member": c.has(s.botUser),
		"is_ext_shared": c.extShared, "is_shared": c.extShared, "is_org_shared": false, "is_mpim": false,
		"num_members": len(c.members), "created": 1, "context_team_id": s.team,
	}
	if c.IM {
		o["user"] = c.user
		delete(o, "name")
	}
	return o
}

func (p *Person) json() obj {
	handle := strings.ToLower(strings.ReplaceAll(p.Name, " ", "."))
	first, _, _ := strings.Cut(p.Name, " ")
	return obj{
		"id": p.ID, "team_id": p.Team, "name": handle, "real_name": p.Name, "deleted": p.deleted, "is_bot": p.bot,
		"is_restricted": p.Restricted, "is_ultra_restricted": false, "is_stranger": p.Team != p.srv.team, "tz": p.TZ,
		"tz_label": p.TZ, "tz_offset": 0, "locale": p.Locale, "is_app_user": false, "updated": 1,
		"profile": obj{"real_name": p.Name, "display_name": first, "real_name_normalized": p.Name, "team": p.Team},
	}
}

func (m *Message) json(s *Server, metadata bool) obj {
	o := obj{"type": "message", "ts": m.TS, "text": m.Text, "team": s.team}
	if m.User != "" {
		o["user"] = m.User
	}
	if m.Bot {
		o["bot_id"], o["app_id"] = s.botID, s.app
	}
	if m.Blocks != nil {
		o["blocks"] = m.Blocks
	}
	if m.ThreadTS != "" {
		o["thread_ts"] = m.ThreadTS
		if root := m.Channel.message(m.ThreadTS); root != nil && m.ThreadTS != m.TS {
			o["parent_user_id"] = root.User
		}
	}
	if m.answers > 0 {
		o["thread_ts"], o["reply_count"], o["latest_reply"] = m.TS, m.answers, m.lastAnswer
	}
	if m.Edited != "" {
		o["edited"] = obj{"user": m.User, "ts": m.Edited}
	}
	if len(m.Files) > 0 {
		o["files"], o["upload"] = s.filesJSON(m.Files), true
	}
	if len(m.reactions) > 0 {
		o["reactions"] = m.reactionsJSON()
	}
	if metadata && len(m.Metadata) > 0 {
		o["metadata"] = m.Metadata
	}
	return o
}

func (m *Message) reactionsJSON() []obj {
	var list []obj
	for _, name := range sortedKeys(m.reactions) {
		list = append(list, obj{"name": name, "users": m.reactions[name], "count": len(m.reactions[name])})
	}
	return list
}

func (s *Server) filesJSON(files []*File) []obj {
	var list []obj
	for _, f := range files {
		list = append(list, obj{
			"id": f.ID, "name": f.Name, "title": f.Title, "mimetype": f.MIME, "size": len(f.Data), "mode": "hosted",
			"user": f.by, "url_private": s.url + "/files/" + f.ID + "/" + f.Name,
			"url_private_download": s.url + "/files/" + f.ID + "/download/" + f.Name, "permalink": s.url + "/permalink/" + f.ID,
		})
	}
	return list
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
