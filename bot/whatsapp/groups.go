package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"timonel/bot"
)

// Group is a group that the number was added to.
type Group struct {
	ID, Name string
	Members  int
}

// Groups lists the groups that the number is in, by name: as WhatsApp says, or, while another process has the session, as
// that one knows them.
func (a *Adapter) Groups(ctx context.Context) ([]Group, error) {
	err := a.visit(ctx, func(client *whatsmeow.Client) error { return a.fetchRooms(ctx, client) })
	if err != nil && !errors.Is(err, ErrInUse) {
		return nil, err
	}
	list, err := a.store.rooms(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the groups: %w", err)
	}
	var groups []Group
	for _, r := range list {
		groups = append(groups, Group{ID: r.jid, Name: r.name, Members: r.members})
	}
	return groups, nil
}

func roomOf(g *types.GroupInfo) room {
	mode := g.AddressingMode
	if mode == "" {
		mode = types.AddressingModePN
	}
	return room{jid: g.JID.String(), name: g.Name, members: len(g.Participants), mode: string(mode)}
}

func (a *Adapter) fetchRooms(ctx context.Context, client *whatsmeow.Client) error {
	joined, err := client.GetJoinedGroups(ctx)
	if err != nil {
		return fmt.Errorf("list the groups: %w", err)
	}
	var list []room
	for _, g := range joined {
		list = append(list, roomOf(g))
	}
	if err := a.store.putRooms(ctx, list); err != nil {
		return fmt.Errorf("keep the list of groups: %w", err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	clear(a.modes)
	for _, r := range list {
		a.modes[r.jid] = r.mode
	}
	return nil
}

// listRooms learns the groups once in each session.
func (a *Adapter) listRooms(ctx context.Context, client *whatsmeow.Client) {
	a.mu.Lock()
	known := len(a.modes) > 0
	a.mu.Unlock()
	if known {
		return
	}
	if err := a.fetchRooms(ctx, client); err != nil && ctx.Err() == nil {
		a.cfg.Log.Warn().Err(err).Msg("learn the groups")
	}
}

// mode says how a group shows people: by hidden address or by number.
func (a *Adapter) mode(ctx context.Context, jid types.JID) types.AddressingMode {
	a.mu.Lock()
	mode := a.modes[jid.String()]
	a.mu.Unlock()
	if mode == "" {
		if r, known, err := a.store.room(ctx, jid.String()); err == nil && known {
			mode = r.mode
		}
	}
	return types.AddressingMode(mode)
}

// learnMode takes how a group shows people from a message in it.
func (a *Adapter) learnMode(jid types.JID, mode types.AddressingMode) {
	if mode == "" {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.modes[jid.String()] = string(mode)
}

// roomName is a group's name as it was last heard, "" if it never was.
func (a *Adapter) roomName(ctx context.Context, jid types.JID) string {
	r, _, err := a.store.room(ctx, jid.String())
	if err != nil {
		return ""
	}
	return r.name
}

// hearJoinedGroup tells that the bot was added to a group.
func (a *Adapter) hearJoinedGroup(ctx context.Context, client *whatsmeow.Client, e *events.JoinedGroup) bool {
	if err := a.store.putRoom(ctx, roomOf(&e.GroupInfo)); err != nil {
		return a.refuse(ctx, client, fmt.Errorf("keep the group: %w", err))
	}
	a.learnMode(e.JID, e.AddressingMode)
	in := bot.Incoming{
		ID:   bot.MessageID(fmt.Sprintf("joined:%s:%d:%s", e.JID.User, e.GroupCreated.Unix(), e.ParticipantVersionID)),
		Kind: bot.Joined, Room: bot.RoomID(e.JID.String()), RoomName: e.Name, SelfJoined: true, At: a.cfg.Now(),
	}
	if e.Sender != nil {
		by, err := reader{ctx, a, client}.person(*e.Sender, alternative(e.SenderPN))
		if err != nil {
			return a.refuse(ctx, client, err)
		}
		in.From, in.Also, in.FromName = by.user, by.also, by.name
		if e.Notify != "" {
			in.FromName = e.Notify
		}
	}
	return a.deliver(ctx, client, in)
}

func alternative(jid *types.JID) types.JID {
	if jid == nil {
		return types.EmptyJID
	}
	return *jid
}

// hearGroup tells who came and went, and keeps the group's name.
func (a *Adapter) hearGroup(ctx context.Context, client *whatsmeow.Client, e *events.GroupInfo) bool {
	c := reader{ctx, a, client}
	for _, change := range []struct {
		kind bot.IncomingKind
		who  []types.JID
	}{{bot.Joined, e.Join}, {bot.Left, e.Leave}} {
		for _, jid := range change.who {
			p, err := c.person(jid, types.EmptyJID)
			if err != nil {
				return a.refuse(ctx, client, err)
			}
			in := bot.Incoming{
				ID:   bot.MessageID(fmt.Sprintf("%s:%s:%s:%d:%s", change.kind, e.JID.User, p.user, e.Timestamp.Unix(), e.ParticipantVersionID)),
				Kind: change.kind, Room: bot.RoomID(e.JID.String()), RoomName: a.roomName(ctx, e.JID), From: p.user, Also: p.also, FromName: p.name,
				SelfJoined: c.isMe(jid), At: e.Timestamp,
			}
			if !a.deliver(ctx, client, in) {
				return false
			}
		}
	}
	if err := a.keepChange(ctx, c, e); err != nil {
		return a.refuse(ctx, client, fmt.Errorf("keep the group: %w", err))
	}
	return true
}

// keepChange follows a change in the list of groups.
func (a *Adapter) keepChange(ctx context.Context, c reader, e *events.GroupInfo) error {
	r, known, err := a.store.room(ctx, e.JID.String())
	if err != nil || !known {
		return err
	}
	if slices.ContainsFunc(e.Leave, c.isMe) {
		return a.store.dropRoom(ctx, e.JID.String())
	}
	if e.Name != nil {
		r.name = e.Name.Name
	}
	r.members += len(e.Join) - len(e.Leave)
	return a.store.putRoom(ctx, r)
}
