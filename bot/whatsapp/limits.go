package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"

	"timonel/bot"
)

// quietTime is how long nothing is sent after WhatsApp said that it is too fast.
const quietTime = 15 * time.Minute

// sentFact holds the day and how many messages it has had, so that a restart counts on.
const sentFact = "sent"

// limits keep the number from being banned: a number of messages a day, and quiet when WhatsApp asks for it.
type limits struct {
	mu          sync.Mutex
	cap         int
	quietUntil  time.Time
	cappedUntil time.Time
}

// passed reports whether the quiet, or the day whose messages were used up, has passed.
func (l *limits) passed(p Problem, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if p == TooFast {
		return !now.Before(l.quietUntil)
	}
	return !now.Before(l.cappedUntil)
}

// allowed counts a message, or says how long it must wait.
func (a *Adapter) allowed(ctx context.Context) error {
	l, now := &a.limits, a.cfg.Now().UTC()
	l.mu.Lock()
	defer l.mu.Unlock()
	if wait := l.quietUntil.Sub(now); wait > 0 {
		return bot.Temporary(errors.New("WhatsApp asked for quiet"), wait)
	}
	today := now.Format(time.DateOnly)
	day, n := "", 0
	text, err := a.store.fact(ctx, sentFact)
	if err != nil {
		return bot.Temporary(fmt.Errorf("count the day's messages: %w", err), 0)
	}
	if _, err := fmt.Sscan(text, &day, &n); err != nil || day != today {
		n = 0
	}
	if n >= l.cap {
		l.cappedUntil = now.Truncate(24 * time.Hour).Add(24 * time.Hour)
		a.trouble(Trouble{Problem: CapReached, Until: l.cappedUntil})
		return bot.Temporary(fmt.Errorf("the day's %d messages are used up", l.cap), l.cappedUntil.Sub(now))
	}
	if err := a.store.putFact(ctx, sentFact, fmt.Sprint(today, " ", n+1)); err != nil {
		return bot.Temporary(fmt.Errorf("count the day's messages: %w", err), 0)
	}
	return nil
}

// quiet stops sending for a while.
func (a *Adapter) quiet(said string) time.Duration {
	until := a.cfg.Now().Add(quietTime)
	a.limits.mu.Lock()
	a.limits.quietUntil = until
	a.limits.mu.Unlock()
	a.trouble(Trouble{Problem: TooFast, Detail: said, Until: until})
	return quietTime
}

var serverCode = regexp.MustCompile(`server returned error (\d+)`)

// Codes with which WhatsApp refuses a message.
var (
	goneCodes    = []string{"403", "404", "405", "406", "410"} // the bot is not in the group, or may not write in it
	tooFastCodes = []string{"429", "463", "479"}
)

// classify says whether a failed send may be repeated.
func (a *Adapter) classify(err error) error {
	if err == nil {
		return nil
	}
	said := fmt.Errorf("send to WhatsApp: %w", err)
	switch {
	case errors.Is(err, whatsmeow.ErrNotInGroup), errors.Is(err, whatsmeow.ErrGroupNotFound), errors.Is(err, whatsmeow.ErrUnknownServer),
		strings.Contains(err.Error(), "no LID found for"):
		return bot.Permanent(said)
	case errors.Is(err, whatsmeow.ErrServerReturnedError):
		code := ""
		if found := serverCode.FindStringSubmatch(err.Error()); found != nil {
			code = found[1]
		}
		if slices.Contains(goneCodes, code) {
			return bot.Permanent(said)
		}
		if slices.Contains(tooFastCodes, code) {
			return bot.Temporary(said, a.quiet("code "+code))
		}
		return bot.Temporary(said, 0)
	case errors.Is(err, whatsmeow.ErrNotConnected), errors.Is(err, whatsmeow.ErrNotLoggedIn), errors.Is(err, whatsmeow.ErrIQTimedOut):
		return bot.Temporary(said, 0)
	}
	return bot.InDoubt(said)
}

// talk counts what was said in each chat since the status message there, so that one far up is not edited unseen.
type talk struct {
	mu    sync.Mutex
	after map[types.JID]said
}

type said struct {
	card string
	n    int
}

func (t *talk) said(chat types.JID) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if s, counted := t.after[chat.ToNonAD()]; counted {
		s.n++
		t.after[chat.ToNonAD()] = s
	}
}

// stands begins to count from a status message.
func (t *talk) stands(chat types.JID, message string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.after == nil {
		t.after = map[types.JID]said{}
	}
	t.after[chat.ToNonAD()] = said{card: message}
}

// since returns how much was said since a status message, 0 if that is not known.
func (t *talk) since(chat types.JID, message string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	if s := t.after[chat.ToNonAD()]; s.card == message {
		return s.n
	}
	return 0
}
