package whatsapp

import (
	"context"
	"sync"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
)

// turn lets messages and the answers to those who could not read one be sealed one after the other. The library does both at
// once: then two of them can get the same key, or an answer runs ahead of a message with the key that comes after it, and
// who gets them drops one without a word.
type turn struct {
	free chan struct{} // holds one token while nobody seals anything

	mu    sync.Mutex
	lease int // of the answer that has the turn, 0 for none
	count int
}

func newTurn() *turn {
	t := &turn{free: make(chan struct{}, 1)}
	t.free <- struct{}{}
	return t
}

// take waits for the turn; false means that ctx ended first.
func (t *turn) take(ctx context.Context) bool {
	select {
	case <-t.free:
		return true
	case <-ctx.Done():
		return false
	}
}

func (t *turn) giveBack() { t.free <- struct{}{} }

// answerTime is how long an answer may take to be sealed and handed over: the library tells only when it begins.
const answerTime = 400 * time.Millisecond

// answer takes the turn for an answer. Answers come one at a time: one that begins says that the one before is done.
func (t *turn) answer(after func(time.Duration) <-chan time.Time) {
	t.mu.Lock()
	if t.lease == 0 {
		t.mu.Unlock()
		<-t.free // who sends has bounded time
		t.mu.Lock()
	}
	t.count++
	mine := t.count
	t.lease = mine
	t.mu.Unlock()
	over := after(answerTime)
	go func() {
		<-over
		t.mu.Lock()
		defer t.mu.Unlock()
		if t.lease == mine {
			t.lease = 0
			t.giveBack()
		}
	}()
}

// takeTurns makes a client answer one at a time, and only while nothing is sent.
func (a *Adapter) takeTurns(client *whatsmeow.Client) {
	client.SetMaxParallelRetryReceiptHandling(1)
	client.PreRetryCallback = func(*events.Receipt, types.MessageID, int, *waE2E.Message) bool {
		a.turn.answer(a.cfg.After)
		return true
	}
}
