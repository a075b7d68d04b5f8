package whatsapp

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"timonel/bot"
)

// hear takes every event of a session's client. It returns false when the event must be offered again.
func (a *Adapter) hear(ctx context.Context, client *whatsmeow.Client, event any) (taken bool) {
	defer func() {
		if p := recover(); p != nil {
			// The same event would do the same again; the library would lose it without a word.
			a.cfg.Log.Error().Str("event", fmt.Sprintf("%T", event)).Any("panic", p).Bytes("stack", debug.Stack()).Msg("an event could not be read and is lost")
			taken = true
		}
	}()
	switch e := event.(type) {
	case *events.Message:
		return a.hearMessage(ctx, client, e)
	case *events.JoinedGroup:
		return a.hearJoinedGroup(ctx, client, e)
	case *events.GroupInfo:
		return a.hearGroup(ctx, client, e)
	default:
		a.hearState(ctx, client, event)
	}
	return true
}

func (a *Adapter) hearMessage(ctx context.Context, client *whatsmeow.Client, e *events.Message) bool {
	a.awaits.came(e.Info.ID)
	if e.Info.IsFromMe && e.Info.Sender.Device == 0 {
		a.seePhone(ctx)
	}
	if !heeded(e) {
		return true
	}
	c := reader{ctx, a, client}
	in, ok, err := c.convert(e)
	if err != nil {
		if ctx.Err() == nil {
			a.cfg.Log.Error().Err(err).Str("message_id", e.Info.ID).Msg("read message")
		}
		return a.refuse(ctx, client, err)
	}
	a.talk.said(e.Info.Chat)
	if !ok {
		return true
	}
	if in.Direct {
		if err := a.store.rememberWriter(ctx, string(in.From)); err != nil {
			return a.refuse(ctx, client, fmt.Errorf("remember who wrote: %w", err))
		}
	}
	if !a.deliver(ctx, client, in) {
		return false
	}
	if in.Kind == bot.TextMessage && (in.Direct || in.ToBot) {
		a.typing(ctx, client, e.Info.Chat)
	}
	return true
}

// heeded drops what is no conversation: status posts, channels, broadcast lists, the platform's own bots, other
// Timonels, and what the number's owner writes to others from the phone.
func heeded(e *events.Message) bool {
	chat := e.Info.Chat
	switch {
	case e.Message == nil, chat.Server == types.NewsletterServer, chat.Server == types.BroadcastServer:
		return false
	case e.Info.Sender.IsBot(), e.Info.MsgBotInfo.EditType != "", isTimonels(e.Info.ID):
		return false
	case !e.Info.IsGroup && e.Info.IsFromMe && e.Info.Sender.User != chat.User:
		return false
	}
	return chat.Server == types.GroupServer || !e.Info.IsGroup
}

// storePauses are the waits between attempts to store one event. While they last the library hands over nothing else of
// importance, so that order is kept; it gives a handler five minutes.
var storePauses = []time.Duration{
	200 * time.Millisecond, time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 20 * time.Second, 30 * time.Second, time.Minute, time.Minute,
}

// deliver hands an event to the bot; false means that it was not stored and must come again.
func (a *Adapter) deliver(ctx context.Context, client *whatsmeow.Client, in bot.Incoming) bool {
	a.mu.Lock()
	sink, stalled := a.sink, a.stalled
	a.mu.Unlock()
	if sink == nil || stalled {
		return false
	}
	in.Platform = bot.WhatsApp
	for _, pause := range storePauses {
		err := sink.Receive(ctx, in)
		if err == nil {
			a.over(NotStored)
			return true
		}
		if ctx.Err() != nil {
			return false
		}
		a.cfg.Log.Error().Err(err).Str("message_id", string(in.ID)).Dur("pause", pause).Msg("store message")
		if pause > time.Second {
			a.trouble(Trouble{Problem: NotStored, Detail: err.Error()})
		}
		if !a.wait(ctx, pause) {
			return false
		}
	}
	return a.refuse(ctx, client, fmt.Errorf("message %s was not stored", in.ID))
}

// refusePause is how long a refused connection rests: what was already on its way is refused meanwhile.
const refusePause = 5 * time.Second

// refusing reports whether what comes on this connection is left to WhatsApp.
func (a *Adapter) refusing() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.stalled
}

// refuse leaves an event to WhatsApp, and everything after it until the connection is a new one: there WhatsApp offers
// again, in order, all that was not acknowledged.
func (a *Adapter) refuse(ctx context.Context, client *whatsmeow.Client, cause error) bool {
	a.mu.Lock()
	already := a.stalled
	a.stalled = true
	a.mu.Unlock()
	if already {
		return false
	}
	go func() { // who calls may be in a transaction of the store
		a.trouble(Trouble{Problem: NotStored, Detail: cause.Error()})
		client.Disconnect()
		a.offline()
		for a.wait(ctx, refusePause) && a.session() == client {
			a.mu.Lock()
			a.stalled = false
			a.mu.Unlock()
			err := client.ConnectContext(ctx)
			if err == nil {
				return
			}
			if ctx.Err() == nil {
				a.cfg.Log.Error().Err(err).Msg("connect to WhatsApp again")
			}
		}
	}()
	return false
}

// typing shows in the chat that the bot is at work; it is a courtesy, so an error is only logged.
func (a *Adapter) typing(ctx context.Context, client *whatsmeow.Client, chat types.JID) {
	a.present(ctx, client, true)
	if err := client.SendChatPresence(ctx, chat, types.ChatPresenceComposing, types.ChatPresenceMediaText); err != nil {
		a.cfg.Log.Debug().Err(err).Msg("show typing")
	}
}

// presentFor is how long the bot is shown as present after it was spoken to. All the time would silence the phone.
const presentFor = 2 * time.Minute

func (a *Adapter) present(ctx context.Context, client *whatsmeow.Client, now bool) {
	a.mu.Lock()
	was, at := !a.shownAt.IsZero(), a.cfg.Now()
	switch {
	case now:
		a.shownAt = at
	case was && at.Sub(a.shownAt) < presentFor:
		a.mu.Unlock()
		return
	default:
		a.shownAt = time.Time{}
	}
	a.mu.Unlock()
	if was == now {
		return
	}
	state := types.PresenceUnavailable
	if now {
		state = types.PresenceAvailable
	}
	if err := client.SendPresence(ctx, state); err != nil {
		a.cfg.Log.Debug().Err(err).Msg("show presence")
	}
}
