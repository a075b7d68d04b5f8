package fakewhatsapp

import (
	"context"
	"strings"
	"time"

	"go.mau.fi/whatsmeow"
)

// TB is what a Cast needs of a *testing.T.
type TB interface {
	Helper()
	Fatalf(format string, args ...any)
	Cleanup(func())
	Context() context.Context
}

// castPatience is how long an actor waits before the test fails. A busy machine
// may be slow; a message that does not come in this time never does.
const castPatience = 20 * time.Second

// Cast is a server and its people in a test: whatever fails, fails the test.
type Cast struct {
	*Server
	t      TB
	actors []*Actor
}

// Actor is a Member whose words need no context and no error: what fails, fails
// the test.
type Actor struct {
	*Member
	t TB
}

// NewCast starts a server on this machine that closes with the test.
func NewCast(t TB, opts Options) *Cast {
	t.Helper()
	s, err := Start(opts)
	if err != nil {
		t.Fatalf("start a fake WhatsApp: %v", err)
	}
	c := &Cast{Server: s, t: t}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Fatalf("close the fake WhatsApp: %v", err)
		}
	})
	return c
}

// must runs do with a deadline and fails the test on error.
func must[V any](t TB, do func(ctx context.Context) (V, error)) V {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), castPatience)
	defer cancel()
	v, err := do(ctx)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return v
}

func mustDo(t TB, do func(ctx context.Context) error) {
	t.Helper()
	must(t, func(ctx context.Context) (struct{}, error) { return struct{}{}, do(ctx) })
}

// Member lets a person with a client of its own in.
func (c *Cast) Member(name, phone string, configure ...func(*whatsmeow.Client)) *Actor {
	c.t.Helper()
	m := must(c.t, func(ctx context.Context) (*Member, error) { return c.NewMember(ctx, name, phone, configure...) })
	a := &Actor{Member: m, t: c.t}
	c.actors = append(c.actors, a)
	return a
}

// Account opens an account to which a client can be linked by ScanQR or
// ApprovePairCode.
func (c *Cast) Account(name, phone string) *Account {
	c.t.Helper()
	return must(c.t, func(context.Context) (*Account, error) { return c.NewAccount(name, phone) })
}

// Group makes a group with hidden addresses.
func (c *Cast) Group(name string, members ...Someone) *Group {
	c.t.Helper()
	return must(c.t, func(context.Context) (*Group, error) { return c.Server.Group(name, members...) })
}

// NumberGroup makes a group with phone numbers.
func (c *Cast) NumberGroup(name string, members ...Someone) *Group {
	c.t.Helper()
	return must(c.t, func(context.Context) (*Group, error) { return c.Server.NumberGroup(name, members...) })
}

// Settled waits until all that was sent has been acknowledged.
func (c *Cast) Settled() {
	c.t.Helper()
	mustDo(c.t, c.Settle)
}

// Quiet waits until the server has settled and fails the test if any actor has
// received something that it did not expect.
func (c *Cast) Quiet() {
	c.t.Helper()
	c.Settled()
	var surprises []string
	for _, a := range c.actors {
		if rest := a.Unexpected(); len(rest) > 0 {
			surprises = append(surprises, a.Name+" received "+list(rest))
		}
	}
	if len(surprises) > 0 {
		c.t.Fatalf("nobody expected this: %s", strings.Join(surprises, "; "))
	}
}

// Says is Member.Says.
func (a *Actor) Says(chat Chat, text string, mentions ...Mention) *Message {
	a.t.Helper()
	return must(a.t, func(ctx context.Context) (*Message, error) { return a.Member.Says(ctx, chat, text, mentions...) })
}

// SaysTo is Member.SaysTo.
func (a *Actor) SaysTo(phone, text string) *Message {
	a.t.Helper()
	return must(a.t, func(ctx context.Context) (*Message, error) { return a.Member.SaysTo(ctx, phone, text) })
}

// Quotes is Member.Quotes.
func (a *Actor) Quotes(quoted *Message, text string, mentions ...Mention) *Message {
	a.t.Helper()
	return must(a.t, func(ctx context.Context) (*Message, error) { return a.Member.Quotes(ctx, quoted, text, mentions...) })
}

// Reacts is Member.Reacts.
func (a *Actor) Reacts(to *Message, emoji string) *Message {
	a.t.Helper()
	return must(a.t, func(ctx context.Context) (*Message, error) { return a.Member.Reacts(ctx, to, emoji) })
}

// Asks is Member.Asks.
func (a *Actor) Asks(chat Chat, question string, options ...string) *Message {
	a.t.Helper()
	return must(a.t, func(ctx context.Context) (*Message, error) { return a.Member.Asks(ctx, chat, question, options...) })
}

// Votes is Member.Votes.
func (a *Actor) Votes(poll *Message, options ...string) *Message {
	a.t.Helper()
	return must(a.t, func(ctx context.Context) (*Message, error) { return a.Member.Votes(ctx, poll, options...) })
}

// Edits is Member.Edits.
func (a *Actor) Edits(own *Message, text string) *Message {
	a.t.Helper()
	return must(a.t, func(ctx context.Context) (*Message, error) { return a.Member.Edits(ctx, own, text) })
}

// Deletes is Member.Deletes.
func (a *Actor) Deletes(own *Message) *Message {
	a.t.Helper()
	return must(a.t, func(ctx context.Context) (*Message, error) { return a.Member.Deletes(ctx, own) })
}

// Repeats is Member.Repeats.
func (a *Actor) Repeats(own *Message) *Message {
	a.t.Helper()
	return must(a.t, func(ctx context.Context) (*Message, error) { return a.Member.Repeats(ctx, own) })
}

// Reads is Member.Reads.
func (a *Actor) Reads(msg *Message) {
	a.t.Helper()
	mustDo(a.t, func(ctx context.Context) error { return a.Member.Reads(ctx, msg) })
}

// SendsImage is Member.SendsImage.
func (a *Actor) SendsImage(chat Chat, data []byte, caption string) *Message {
	a.t.Helper()
	return must(a.t, func(ctx context.Context) (*Message, error) { return a.Member.SendsImage(ctx, chat, data, caption) })
}

// SendsDocument is Member.SendsDocument.
func (a *Actor) SendsDocument(chat Chat, data []byte, name, caption string) *Message {
	a.t.Helper()
	return must(a.t, func(ctx context.Context) (*Message, error) {
		return a.Member.SendsDocument(ctx, chat, data, name, caption)
	})
}

// Opens is Member.Opens.
func (a *Actor) Opens(msg *Message) []byte {
	a.t.Helper()
	return must(a.t, func(ctx context.Context) ([]byte, error) { return a.Member.Opens(ctx, msg) })
}

// Expect is Member.Expect.
func (a *Actor) Expect(fits func(*Message) bool) *Message {
	a.t.Helper()
	return must(a.t, func(ctx context.Context) (*Message, error) { return a.Member.Expect(ctx, fits) })
}

// ExpectText is Member.ExpectText.
func (a *Actor) ExpectText(words string) *Message {
	a.t.Helper()
	return must(a.t, func(ctx context.Context) (*Message, error) { return a.Member.ExpectText(ctx, words) })
}

// ExpectKind is Member.ExpectKind.
func (a *Actor) ExpectKind(kind Kind) *Message {
	a.t.Helper()
	return must(a.t, func(ctx context.Context) (*Message, error) { return a.Member.ExpectKind(ctx, kind) })
}

// ComesBack is Member.ComesBack.
func (a *Actor) ComesBack() {
	a.t.Helper()
	mustDo(a.t, a.Member.ComesBack)
}

// Sees waits for an event of the actor's client of one type, as AwaitEvent does.
func Sees[E any](a *Actor, fits func(E) bool) E {
	a.t.Helper()
	return must(a.t, func(ctx context.Context) (E, error) { return AwaitEvent(ctx, a.Member, fits) })
}
