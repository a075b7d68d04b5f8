package assembly

import (
	"context"
	"time"

	"timonel/bot"
	"timonel/conversations"
	"timonel/scheduler"
)

// Watch hears what the parts do, for metrics. Its functions are called from many goroutines and must not block; those that
// are nil are left out.
type Watch struct {
	// Handled is told of each attempt to work a message: how long it took and, if it failed, why.
	Handled func(in bot.Incoming, took time.Duration, err error)
	// Ended is told how each message ended that was worked.
	Ended func(bot.Platform, conversations.Outcome)
	// Settled is told how each attempt to send a message ended.
	Settled func(bot.Outgoing, bot.Ended)
	// Swept is told of each sweep.
	Swept func(result scheduler.Result, took time.Duration, err error)
}

// timed is a handler that says how long it takes.
type timed struct {
	bot.Handler
	now  func() time.Time
	tell func(bot.Incoming, time.Duration, error)
}

// Handle implements bot.Handler.
func (h timed) Handle(ctx context.Context, in bot.Incoming) error {
	began := h.now()
	err := h.Handler.Handle(ctx, in)
	h.tell(in, h.now().Sub(began), err)
	return err
}

// handler is the conversations, watched if anybody wants it.
func (b *Bot) handler() bot.Handler {
	if b.opt.Watch.Handled == nil {
		return b.Engine
	}
	return timed{b.Engine, b.opt.Now, b.opt.Watch.Handled}
}
