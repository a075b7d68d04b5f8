// Package conversations turns what people write into changes of a project and words the answers. It owns the dialogue:
// who speaks in which chat about which project, what the bot asked and how that was answered. Decisions are steering's,
// reading is understand's, sending is bot's; one message is one transaction.
package conversations

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"time"

	"timonel/bot"
	"timonel/conversations/understand"
	"timonel/locale"
	"timonel/steering"
	"timonel/steering/plan"
	"timonel/storage"
)

// Options are what an operator may set about conversations.
type Options struct {
	// Now is the clock; time.Now if nil.
	Now func() time.Time
	// Plans are the built-in plans and the operator's own.
	Plans *plan.Library
	// Policy holds the defaults of the notices, for the schedules that people ask about.
	Policy steering.Policy
	// Timezone and Country are those of new projects.
	Timezone, Country string
	// Language is the one of chats and people of whom nothing is known.
	Language string
	// MayCreate says who may open a project where; nil lets everybody.
	MayCreate func(Opener) bool
	// Random gives the codes by which people link their platforms; crypto/rand if nil.
	Random io.Reader
	// Capabilities of the platforms, for what depends on buttons.
	Capabilities func(bot.Platform) bot.Capabilities
	// Ended is told how each message ended, once that is on the disk; it may be nil.
	Ended func(bot.Platform, Outcome)
}

// Engine answers people.
type Engine struct {
	db    *storage.DB
	model *understand.Model
	opt   Options
}

// New returns an engine on a database with a loaded model of the languages.
func New(db *storage.DB, model *understand.Model, opt Options) *Engine {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Random == nil {
		opt.Random = rand.Reader
	}
	if opt.Language == "" {
		opt.Language = "es"
	}
	if opt.Timezone == "" {
		opt.Timezone = "UTC"
	}
	return &Engine{db: db, model: model, opt: opt}
}

// Handle works one message of the inbox: everything it changes, the audit, the dialogue, the answers and the mark that it
// was handled are one transaction.
func (e *Engine) Handle(ctx context.Context, in bot.Incoming) error {
	var outcome Outcome
	e.db.Warm(ctx, in.Platform, in.Room)
	err := e.db.Update(ctx, func(tx *storage.Tx) error {
		outcome = Silent
		said := in
		withdrawn, err := amend(tx, &in)
		if err != nil || withdrawn {
			return errors.Join(err, tx.MarkHandled(said))
		}
		t, err := e.newTurn(tx, in)
		if err != nil {
			return err
		}
		if err := t.keepRoom(); err != nil {
			return err
		}
		if err := t.keepPerson(); err != nil {
			return err
		}
		if err := t.handle(); err != nil {
			return fmt.Errorf("handle message %s/%s: %w", in.Platform, in.ID, err)
		}
		outcome = t.ended()
		return tx.MarkHandled(in)
	})
	if errors.Is(err, storage.ErrHandled) {
		return nil // another instance was first
	}
	if err == nil && e.opt.Ended != nil {
		e.opt.Ended(in.Platform, outcome)
	}
	return err
}

// amend gives a message the words that it was changed to before it was worked on, or reports that it was taken back.
func amend(tx *storage.Tx, in *bot.Incoming) (withdrawn bool, err error) {
	if in.Kind != bot.TextMessage {
		return false, nil
	}
	later, err := tx.WaitingAfter(*in)
	if err != nil {
		return false, err
	}
	for _, l := range later {
		if l.Quote != in.ID || l.From != in.From || l.Kind != bot.Edited && l.Kind != bot.Deleted {
			continue
		}
		if err := tx.MarkHandled(l); err != nil {
			return false, err
		}
		if l.Kind == bot.Deleted {
			return true, nil
		}
		in.Text, in.Mentions, in.ToBot = l.Text, l.Mentions, in.ToBot || l.ToBot
	}
	return false, nil
}

// turn is the work on one incoming message.
type turn struct {
	*Engine
	tx     *storage.Tx
	in     bot.Incoming
	now    time.Time // the message's own moment: redelivered ones count by when they were said
	person *steering.Person
	met    []*steering.Person  // of whom nothing is stored yet
	guests []steering.PersonID // who is spoken of and from outside the vendor's workspace
	room   *storage.Room
	talk   *dialogue // the speaker's in this room
	focus  *roomFocus
	p      *steering.Project
	looked *steering.Project // the last that was looked into for the speaker, to be entered without loading it again
	change int               // the number of the project's change that this turn made, for undo
	say    locale.Printer
	text   string // what is to be understood, without the bot's name
	slash  bool
	sent   bool
	quiet  bool // what is worded pings nobody
	// outcome is how the turn ended, where that is not plain from what it did.
	outcome Outcome
}

func (e *Engine) newTurn(tx *storage.Tx, in bot.Incoming) (*turn, error) {
	t := &turn{Engine: e, tx: tx, in: in, now: in.At, say: locale.For(e.opt.Language)}
	if t.now.IsZero() {
		t.now = tx.Now()
	}
	var err error
	if t.room, err = roomOf(tx, in.Platform, in.Room); err != nil {
		return nil, err
	}
	if t.person, err = t.meet(in.From, in.Also, in.FromName); err != nil {
		return nil, err
	}
	if t.talk, t.focus, err = t.openDialogue(); err != nil {
		return nil, err
	}
	t.text, t.slash = addressed(in.Text)
	return t, nil
}

func (t *turn) handle() error {
	switch t.in.Kind {
	case bot.TextMessage:
		return t.hear()
	case bot.Press:
		return t.pressed(t.in.Action)
	case bot.Reaction:
		return t.reacted()
	case bot.PollVote:
		return t.voted()
	case bot.Edited:
		return t.edited()
	case bot.Joined:
		return t.joined()
	case bot.Left:
		return t.left()
	case bot.Deleted, bot.Opened:
		return nil
	}
	return nil
}

// actor is the speaker as the domain and the audit know them.
func (t *turn) actor() steering.Actor {
	return steering.Actor{Person: t.person.ID, Via: string(t.in.Platform)}
}

// today is the day where the project is; without one, where a new one would be.
func (t *turn) today() steering.Date {
	if t.p != nil {
		return t.p.Today(t.now)
	}
	zone, err := time.LoadLocation(t.opt.Timezone)
	if err != nil {
		zone = time.UTC
	}
	return steering.DateOf(t.now.In(zone))
}
