package whatsapp

import (
	"context"
	"fmt"
	"time"

	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"timonel/bot"
)

// storeTimeout bounds the work on one event before it is acknowledged; the server offers it again otherwise.
const storeTimeout = 30 * time.Second

// hear takes every event of the library. It returns false when the event must be offered again.
func (a *Adapter) hear(event any) bool {
	ctx, cancel := context.WithTimeout(context.Background(), storeTimeout)
	defer cancel()
	switch e := event.(type) {
	case *events.Message:
		return a.hearMessage(ctx, e)
	case *events.JoinedGroup:
		return a.deliver(ctx, bot.Incoming{
			ID: bot.MessageID("joined:" + e.JID.String() + ":" + fmt.Sprint(e.GroupCreated.Unix())), Kind: bot.Joined,
			Room: bot.RoomID(e.JID.String()), RoomName: e.Name, SelfJoined: true, At: a.cfg.Now(),
		})
	case *events.GroupInfo:
		return a.hearGroup(ctx, e)
	default:
		a.hearState(event)
	}
	return true
}

func (a *Adapter) hearMessage(ctx context.Context, e *events.Message) bool {
	if !heeded(e) {
		return true
	}
	in, ok, err := a.convert(ctx, e)
	if err != nil {
		a.cfg.Log.Errorf("read message %s: %v", e.Info.ID, err)
		return false
	}
	if !ok {
		return true
	}
	if in.Direct {
		if err := a.store.rememberWriter(ctx, string(in.From)); err != nil {
			a.cfg.Log.Errorf("remember who wrote: %v", err)
			return false
		}
	}
	if !a.deliver(ctx, in) {
		return false
	}
	if in.Kind == bot.TextMessage && (in.Direct || in.ToBot) {
		a.typing(ctx, e.Info.Chat)
	}
	return true
}

// heeded drops what is no conversation: status posts, newsletters, broadcast lists, history, and the first of the two
// events of a group message, which only carries a key.
func heeded(e *events.Message) bool {
	chat := e.Info.Chat
	switch {
	case chat.Server == types.NewsletterServer, chat.Server == types.BroadcastServer, chat.IsBroadcastList():
		return false
	case e.SourceWebMsg != nil, e.Message == nil:
		return false
	}
	return true
}

// deliver hands an event to the bot; false means that it was not stored and must come again.
func (a *Adapter) deliver(ctx context.Context, in bot.Incoming) bool {
	a.mu.Lock()
	sink := a.sink
	a.mu.Unlock()
	if sink == nil {
		return false
	}
	in.Platform = bot.WhatsApp
	if err := sink.Receive(ctx, in); err != nil {
		a.cfg.Log.Errorf("store event %s: %v", in.ID, err)
		return false
	}
	return true
}

// hearGroup tells who came and went.
func (a *Adapter) hearGroup(ctx context.Context, e *events.GroupInfo) bool {
	ok := true
	tell := func(kind bot.IncomingKind, who []types.JID) {
		for _, jid := range who {
			user, err := a.canonical(ctx, jid, types.EmptyJID)
			if err != nil {
				ok = false
				continue
			}
			ok = a.deliver(ctx, bot.Incoming{
				ID: bot.MessageID(fmt.Sprintf("%s:%s:%s:%d", kind, e.JID, user, e.Timestamp.UnixMilli())), Kind: kind,
				Room: bot.RoomID(e.JID.String()), From: bot.UserID(user.String()), FromName: a.contactName(ctx, jid),
				SelfJoined: a.isMe(jid), At: e.Timestamp,
			}) && ok
		}
	}
	tell(bot.Joined, e.Join)
	tell(bot.Left, e.Leave)
	return ok
}

// hearState keeps the operator's picture of the connection: each problem in words that say what to do.
func (a *Adapter) hearState(event any) {
	switch e := event.(type) {
	case *events.Connected:
		a.well()
	case *events.KeepAliveRestored:
		a.well()
	case *events.Disconnected:
		a.problem("the connection to WhatsApp was lost; it is being restored")
	case *events.KeepAliveTimeout:
		a.problem("WhatsApp does not answer; the connection is being restored")
	case *events.LoggedOut:
		a.over("WhatsApp logged this device out: link the number again with 'timonel whatsapp link'")
	case *events.StreamReplaced:
		a.over("another process uses this WhatsApp session: stop it, then restart Timonel")
	case *events.TemporaryBan:
		a.over(fmt.Sprintf("WhatsApp banned the number for %s (%s): wait, then restart Timonel", e.Expire, e.Code))
	case *events.ClientOutdated:
		a.over("WhatsApp refuses this version as outdated: update Timonel")
	case *events.ConnectFailure:
		a.problem(fmt.Sprintf("WhatsApp refused the connection (%s): %s", e.Reason, e.Message))
	case *events.UndecryptableMessage:
		a.cfg.Log.Warnf("a message could not be read yet; its sender's phone is asked to send it again")
	}
}

// typing shows in the chat that the bot is at work; it is a courtesy, so an error is only logged.
func (a *Adapter) typing(ctx context.Context, chat types.JID) {
	if err := a.client.SendChatPresence(ctx, chat, types.ChatPresenceComposing, types.ChatPresenceMediaText); err != nil {
		a.cfg.Log.Debugf("show typing: %v", err)
	}
}
