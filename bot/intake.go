package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Intake is the Sink of every adapter: what is for the bot is stored, then its room is woken, then the adapter may
// acknowledge. An error means that nothing was stored and the platform must offer the event again.
type Intake struct {
	listener Listener
	inbox    Inbox
	wake     func(Platform, RoomID)
}

// NewIntake joins a listener and an inbox; wake is called for each new event, usually Rooms.Wake. It may be nil.
func NewIntake(listener Listener, inbox Inbox, wake func(Platform, RoomID)) *Intake {
	if wake == nil {
		wake = func(Platform, RoomID) {}
	}
	return &Intake{listener: listener, inbox: inbox, wake: wake}
}

// Receive implements Sink. An event that was received before is acknowledged and nothing else.
func (i *Intake) Receive(ctx context.Context, in Incoming) error {
	in = bounded(in)
	forBot, err := i.listens(ctx, in)
	if err != nil {
		return fmt.Errorf("ask whether %s/%s is for the bot: %w", in.Platform, in.ID, err)
	}
	if !forBot {
		return nil
	}
	fresh, err := i.inbox.Receive(ctx, in)
	if err != nil {
		return fmt.Errorf("store %s/%s: %w", in.Platform, in.ID, err)
	}
	if fresh {
		i.wake(in.Platform, in.Room)
	}
	return nil
}

// What one message may hold. The platforms allow about as much; whoever writes more is not read to the end.
const (
	maxText  = 64 << 10 // bytes
	maxFiles = 50
)

// bounded cuts what is longer than any message for the bot.
func bounded(in Incoming) Incoming {
	if len(in.Text) > maxText {
		in.Text = strings.ToValidUTF8(in.Text[:maxText], "")
		in.Mentions = slices.DeleteFunc(slices.Clone(in.Mentions), func(m MentionSpan) bool { return m.End > len(in.Text) })
	}
	in.Files = in.Files[:min(len(in.Files), maxFiles)]
	return in
}

// listens turns a panic into an error: one strange message must not end an adapter.
func (i *Intake) listens(ctx context.Context, in Incoming) (yes bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = caught(p)
		}
	}()
	return i.listener.Listens(ctx, in)
}
