package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"go.mau.fi/whatsmeow"
)

// Session is what is known of the linked number's session.
type Session struct {
	// Number is the linked number, "" if none is.
	Number string
	// InUse says that another process has the session: then it was not tried out, and Troubles are what that process has told
	// of and what is not over.
	InUse    bool
	Troubles []string
	// PhoneSeen is when something was last seen of the number's phone, zero if nothing was yet; PhoneSilent says that this is
	// too long ago.
	PhoneSeen   time.Time
	PhoneSilent bool
}

// Check looks after the session: what is kept of it, and, if no other process has it, whether WhatsApp accepts it. The error
// says why it does not, and what to do.
func (a *Adapter) Check(ctx context.Context) (Session, error) {
	var s Session
	var err error
	if s.Number, err = a.Linked(ctx); err != nil || s.Number == "" {
		return s, err
	}
	seen, err := a.store.fact(ctx, phoneFact)
	if err != nil {
		return s, fmt.Errorf("read when the phone was seen: %w", err)
	}
	if unix, bad := strconv.ParseInt(seen, 10, 64); bad == nil {
		s.PhoneSeen = time.Unix(unix, 0)
		s.PhoneSilent = a.cfg.Now().Sub(s.PhoneSeen) >= phoneAfter
	}
	err = a.visit(ctx, func(*whatsmeow.Client) error { return nil })
	if !errors.Is(err, ErrInUse) {
		return s, err
	}
	s.InUse = true
	if s.Troubles, err = a.store.factsUnder(ctx, troubleFact); err != nil {
		return s, fmt.Errorf("read what the running Timonel has told of: %w", err)
	}
	return s, nil
}

// troubleFact begins the names of the facts that hold the words of each trouble that was told and is not over, for who looks
// at the session from another process.
const troubleFact = "trouble:"

// noteTrouble keeps the words of a trouble, or drops them when it is over.
func (a *Adapter) noteTrouble(t Trouble) {
	ctx, cancel := context.WithTimeout(context.Background(), noteTime)
	defer cancel()
	var err error
	if t.Over {
		err = a.store.dropFacts(ctx, troubleFact+string(t.Problem))
	} else {
		err = a.store.putFact(ctx, troubleFact+string(t.Problem), t.Words())
	}
	if err != nil {
		a.cfg.Log.Warn().Err(err).Msg("keep what is wrong with the session")
	}
}

// noteTime bounds the keeping of a trouble.
const noteTime = 5 * time.Second
