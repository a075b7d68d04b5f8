package bot

import (
	"context"
	"fmt"
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

// listens turns a panic into an error: one strange message must not end an adapter.
func (i *Intake) listens(ctx context.Context, in Incoming) (yes bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = caught(p)
		}
	}()
	return i.listener.Listens(ctx, in)
}
