package bot

import (
	"context"
	"time"
)

// Inbox keeps what came in until it was handled. Its rows outlive the process.
type Inbox interface {
	// Receive stores an event; fresh is false when it was received before. It is on disk when Receive returns.
	Receive(ctx context.Context, in Incoming) (fresh bool, err error)
	// Waiting returns the oldest event of each room that waits, oldest first.
	Waiting(ctx context.Context, limit int) ([]Incoming, error)
	// OldestIncoming returns the oldest event that waits in a room and whether more do, or an error when none does.
	OldestIncoming(ctx context.Context, platform Platform, room RoomID) (in Incoming, more bool, err error)
	// FailIncoming notes that handling failed; after max failures the event is parked and its room goes on.
	FailIncoming(ctx context.Context, in Incoming, problem string, max int) (parked bool, err error)
}

// Outbox keeps what goes out until it was delivered, dropped or given up. Its rows outlive the process.
type Outbox interface {
	// ClaimOutgoing takes messages for sending, at most one of each room, in order; they are the caller's until the lease
	// ends.
	ClaimOutgoing(ctx context.Context, platform Platform, limit int, lease time.Duration) ([]Outgoing, error)
	// ClaimAnswers is ClaimOutgoing for answers alone.
	ClaimAnswers(ctx context.Context, platform Platform, limit int, lease time.Duration) ([]Outgoing, error)
	// InDoubt takes the messages whose sending was begun and whose lease has ended: whether they arrived is not known.
	InDoubt(ctx context.Context, platform Platform, limit int, lease time.Duration) ([]Outgoing, error)
	// NextOutgoingAt says when the next message of the platform may be claimed, zero if none waits.
	NextOutgoingAt(ctx context.Context, platform Platform) (time.Time, error)
	// MarkSent notes that a message arrived under the platform's id.
	MarkSent(ctx context.Context, id int64, platformID MessageID) error
	// MarkRetry sets a message back, to be sent again from at on; its room waits for it.
	MarkRetry(ctx context.Context, id int64, at time.Time, problem string) error
	// MarkFailed gives a message up; its room goes on.
	MarkFailed(ctx context.Context, id int64, problem string) error
	// MarkCancelled drops a claimed message that is not true any more.
	MarkCancelled(ctx context.Context, id int64, problem string) error
}

// Listener says whether an event is for the bot. What is not is neither answered nor stored.
type Listener interface {
	Listens(ctx context.Context, in Incoming) (bool, error)
}

// Handler works one event of the inbox and marks it handled in the same transaction as everything that it changes.
type Handler interface {
	Handle(ctx context.Context, in Incoming) error
}
