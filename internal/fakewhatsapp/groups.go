package fakewhatsapp

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// Group is a group chat.
type Group struct {
	srv *Server
	jid types.JID

	// Guarded by the server's lock.
	name          string
	mode          types.AddressingMode
	hideNumbers   bool
	announcements bool
	created       time.Time
	version       int64
	members       []*participant
}

type participant struct {
	account *Account
	rank    string // "superadmin", "admin" or ""
}

// JID is the group's address.
func (g *Group) JID() types.JID { return g.jid }

// ChatJID is the group's address.
func (g *Group) ChatJID() types.JID { return g.jid }

// Name is the group's name as it is now.
func (g *Group) Name() string {
	g.srv.mu.Lock()
	defer g.srv.mu.Unlock()
	return g.name
}

// Group makes a group whose people are known to each other by hidden addresses
// (LID), as new groups are. The first member is its creator. Those who have
// clients are told.
func (s *Server) Group(name string, members ...Someone) (*Group, error) {
	return s.newGroup(name, types.AddressingModeLID, members)
}

// NumberGroup makes a group whose people are known to each other by phone
// numbers, as old groups are.
func (s *Server) NumberGroup(name string, members ...Someone) (*Group, error) {
	return s.newGroup(name, types.AddressingModePN, members)
}

func (s *Server) newGroup(name string, mode types.AddressingMode, members []Someone) (*Group, error) {
	if len(members) == 0 {
		return nil, errors.New("make a group: it needs a member")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.opts.Now()
	g := &Group{
		srv: s, name: name, mode: mode, created: now, version: now.UnixMicro(),
		jid: types.NewJID(fmt.Sprintf("120363%012d", len(s.groups)+1), types.GroupServer),
	}
	for i, one := range members {
		if g.member(one.who()) != nil {
			return nil, fmt.Errorf("make a group: %s is in it twice", one.who().Name)
		}
		p := &participant{account: one.who()}
		if i == 0 {
			p.rank = "superadmin"
		}
		g.members = append(g.members, p)
	}
	s.groups = append(s.groups, g)
	for _, p := range g.members {
		g.notify(p.account, g.creation("new"))
	}
	return g, nil
}

// findGroup gives the group with an address, or nil. s.mu is held.
func (s *Server) findGroup(jid types.JID) *Group {
	for _, g := range s.groups {
		if g.jid == jid.ToNonAD() {
			return g
		}
	}
	return nil
}

func (g *Group) member(a *Account) *participant {
	for _, p := range g.members {
		if p.account == a {
			return p
		}
	}
	return nil
}

func (g *Group) creator() *Account { return g.members[0].account }

// AddToGroup adds people to a group, as its creator would.
func (s *Server) AddToGroup(g *Group, people ...Someone) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range people {
		if g.member(one.who()) != nil {
			return fmt.Errorf("add to a group: %s is in it already", one.who().Name)
		}
	}
	before := slices.Clone(g.members)
	for _, one := range people {
		g.members = append(g.members, &participant{account: one.who()})
	}
	g.version++
	for _, p := range before {
		g.notify(p.account, g.change("add", people))
	}
	for _, one := range people {
		g.notify(one.who(), g.creation(""))
	}
	return nil
}

// RemoveFromGroup takes people out of a group; they are told, and are refused
// what only members may do.
func (s *Server) RemoveFromGroup(g *Group, people ...Someone) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return g.remove(people)
}

func (g *Group) remove(people []Someone) error {
	before := slices.Clone(g.members)
	for _, one := range people {
		p := g.member(one.who())
		if p == nil {
			return fmt.Errorf("remove from a group: %s is not in it", one.who().Name)
		}
		if len(g.members) == 1 {
			return errors.New("remove from a group: somebody must stay")
		}
		g.members = slices.DeleteFunc(g.members, func(other *participant) bool { return other == p })
	}
	g.version++
	for _, p := range before {
		g.notify(p.account, g.change("remove", people))
	}
	return nil
}

// Rename gives a group another name.
func (s *Server) Rename(g *Group, name string, by Someone) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g.rename(name, by.who())
}

func (g *Group) rename(name string, by *Account) {
	g.name = name
	node := waBinary.Node{Tag: "subject", Attrs: waBinary.Attrs{
		"subject": name, "s_t": g.srv.unix(), "s_o": by.address(g.mode),
	}}
	for _, p := range g.members {
		g.notify(p.account, node)
	}
}

// SwitchAddressing changes whether a group shows hidden addresses or phone
// numbers. As on WhatsApp, nobody is told: clients learn it from the next message.
func (s *Server) SwitchAddressing(g *Group, mode types.AddressingMode) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g.mode = mode
}

// HideNumbers makes a group with hidden addresses keep the phone numbers back
// everywhere, as WhatsApp does for people who are not in one's address book.
func (s *Server) HideNumbers(g *Group, hide bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g.hideNumbers = hide
}

// AnnouncementsOnly lets only the creator and admins write in a group.
func (s *Server) AnnouncementsOnly(g *Group, only bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g.announcements = only
	tag := "not_announcement"
	if only {
		tag = "announcement"
	}
	for _, p := range g.members {
		g.notify(p.account, waBinary.Node{Tag: tag, Attrs: waBinary.Attrs{"v_id": strconv.FormatInt(g.version, 10)}})
	}
}

// notify tells the clients of a person of a change in the group.
func (g *Group) notify(a *Account, content waBinary.Node) {
	node := waBinary.Node{
		Tag: "notification",
		Attrs: waBinary.Attrs{
			"type": "w:gp2", "from": g.jid, "participant": g.creator().address(g.mode),
			"id": g.srv.newID(), "t": g.srv.unix(), "addressing_mode": string(g.mode),
			"notify": g.creator().pushName,
		},
		Content: []waBinary.Node{content},
	}
	if g.mode == types.AddressingModeLID && !g.hideNumbers {
		node.Attrs["participant_pn"] = g.creator().JID()
	}
	for _, d := range a.clients() {
		d.push(node)
	}
}

// creation describes the group to somebody for whom it is new.
func (g *Group) creation(kind string) waBinary.Node {
	attrs := waBinary.Attrs{}
	if kind != "" {
		attrs["type"] = kind
	}
	return waBinary.Node{Tag: "create", Attrs: attrs, Content: []waBinary.Node{g.describe()}}
}

func (g *Group) change(tag string, people []Someone) waBinary.Node {
	node := waBinary.Node{Tag: tag, Attrs: waBinary.Attrs{
		"prev_v_id": strconv.FormatInt(g.version-1, 10), "v_id": strconv.FormatInt(g.version, 10),
	}}
	var list []waBinary.Node
	for _, one := range people {
		list = append(list, g.describeMember(&participant{account: one.who()}))
	}
	node.Content = list
	return node
}

func (g *Group) describeMember(p *participant) waBinary.Node {
	attrs := waBinary.Attrs{"jid": p.account.address(g.mode)}
	switch {
	case g.mode == types.AddressingModePN:
		attrs["lid"] = p.account.LID()
	case !g.hideNumbers:
		attrs["phone_number"] = p.account.JID()
	}
	if p.rank != "" {
		attrs["type"] = p.rank
	}
	return waBinary.Node{Tag: "participant", Attrs: attrs}
}

func (g *Group) describe() waBinary.Node {
	node := waBinary.Node{
		Tag: "group",
		Attrs: waBinary.Attrs{
			"id": g.jid.User, "subject": g.name, "s_t": g.created.Unix(), "s_o": g.creator().address(g.mode),
			"creation": g.created.Unix(), "creator": g.creator().address(g.mode), "size": len(g.members),
			"addressing_mode": string(g.mode), "p_v_id": strconv.FormatInt(g.version, 10),
		},
	}
	var content []waBinary.Node
	for _, p := range g.members {
		content = append(content, g.describeMember(p))
	}
	if g.announcements {
		content = append(content, waBinary.Node{Tag: "announcement"})
	}
	node.Content = content
	return node
}

// handleGroupQuery answers questions about groups, and what a bot may do to one:
// leave it or rename it.
func (s *Server) handleGroupQuery(q *query) {
	account := q.conn.dev.account
	switch q.child.Tag {
	case "participating":
		var list []waBinary.Node
		for _, g := range s.groups {
			if g.member(account) != nil {
				list = append(list, g.describe())
			}
		}
		q.result(waBinary.Node{Tag: "groups", Content: list})
		return
	case "leave":
		group := q.child.GetChildByTag("group")
		s.withGroup(q, group.AttrGetter().OptionalJIDOrEmpty("id"), func(g *Group) {
			if err := g.remove([]Someone{account}); err != nil {
				q.refuse(406, "not-acceptable")
				return
			}
			q.result(waBinary.Node{Tag: "leave"})
		})
	case "query":
		s.withGroup(q, q.to, func(g *Group) { q.result(g.describe()) })
	case "subject":
		name, _ := q.child.Content.([]byte)
		s.withGroup(q, q.to, func(g *Group) {
			q.result()
			g.rename(string(name), account)
		})
	default:
		s.notUnderstood(q.node)
		q.refuse(501, "feature-not-implemented")
	}
}

// withGroup runs do if the group exists and the asker is in it.
func (s *Server) withGroup(q *query, jid types.JID, do func(*Group)) {
	g := s.findGroup(jid)
	switch {
	case g == nil:
		q.refuse(404, "item-not-found")
	case g.member(q.conn.dev.account) == nil:
		q.refuse(403, "forbidden")
	default:
		do(g)
	}
}

// participantHash is how client and server compare lists of devices.
func participantHash(devices []types.JID) string {
	names := make([]string, len(devices))
	for i, jid := range devices {
		names[i] = jid.ADString()
	}
	slices.Sort(names)
	sum := sha256.Sum256([]byte(strings.Join(names, "")))
	return "2:" + base64.RawStdEncoding.EncodeToString(sum[:6])
}

// devices are the addresses of all devices of all members.
func (g *Group) devices() []types.JID {
	var list []types.JID
	for _, p := range g.members {
		for _, d := range p.account.devices {
			list = append(list, d.address(g.mode))
		}
	}
	return list
}

// Crowd makes a group of the given people and as many others as it takes to
// reach size members, who have telephones but no clients.
func (s *Server) Crowd(name string, size int, members ...Someone) (*Group, error) {
	for n := len(members); n < size; n++ {
		extra, err := s.NewAccount(fmt.Sprintf("Extra %03d", n), fmt.Sprintf("999000%06d", n))
		if err != nil {
			return nil, err
		}
		members = append(members, extra)
	}
	return s.Group(name, members...)
}
