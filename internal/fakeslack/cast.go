package fakeslack

import (
	"context"
	"strings"
	"time"
)

// TB is what a Cast needs of a *testing.T.
type TB interface {
	Helper()
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
	Cleanup(func())
	Context() context.Context
}

// castPatience is how long an actor waits before the test fails. A busy machine may be slow; what does not come in this
// time never does.
const castPatience = 20 * time.Second

// Cast is a server and its people in a test: whatever fails, fails the test.
type Cast struct {
	*Server
	t TB
	// Patience is how long actors wait.
	Patience time.Duration
}

// Actor is a Person whose words need no context and no error.
type Actor struct {
	*Person
	c *Cast
}

// NewCast makes a server that closes with the test; Listen or Pipe serve it.
func NewCast(t TB, opt Options) *Cast {
	t.Helper()
	c := &Cast{Server: New(opt), t: t, Patience: castPatience}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Errorf("close the fake Slack: %v", err)
		}
	})
	return c
}

// Member lets a person in.
func (c *Cast) Member(name string) *Actor { return &Actor{c.Server.Person(name), c} }

// Outsider lets a person of another workspace in.
func (c *Cast) Outsider(name string) *Actor { return &Actor{c.Server.Stranger(name), c} }

// Place makes a channel with the bot and people in it.
func (c *Cast) Place(name string, actors ...*Actor) *Channel {
	var people []*Person
	for _, a := range actors {
		people = append(people, a.Person)
	}
	return c.Channel(name, people...)
}

func must[V any](c *Cast, do func(ctx context.Context) (V, error)) V {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), c.Patience)
	defer cancel()
	v, err := do(ctx)
	if err != nil {
		c.t.Fatalf("%v", err)
	}
	return v
}

func mustDo(c *Cast, do func(ctx context.Context) error) {
	c.t.Helper()
	must(c, func(ctx context.Context) (struct{}, error) { return struct{}{}, do(ctx) })
}

// Connected waits for the app's first connection.
func (c *Cast) Connected() {
	c.t.Helper()
	mustDo(c, func(ctx context.Context) error { return c.WaitConnected(ctx, 1) })
}

// Settled waits until everything sent to the app is acknowledged.
func (c *Cast) Settled() {
	c.t.Helper()
	mustDo(c, c.Settle)
}

// Quiet waits until all is acknowledged and fails the test if the bot sent something that nobody expected.
func (c *Cast) Quiet() {
	c.t.Helper()
	c.Settled()
	if rest := c.Unexpected(); len(rest) > 0 {
		c.t.Fatalf("nobody expected this: %s", c.list(rest))
	}
}

// Forget takes everything that was sent so far as expected.
func (c *Cast) Forget() {
	c.change(func() {
		for _, sent := range c.seen {
			sent.taken = true
		}
	})
}

// Says is Person.Says.
func (a *Actor) Says(ch *Channel, text string) *Message {
	a.c.t.Helper()
	return must(a.c, func(context.Context) (*Message, error) { return a.Person.Says(ch, text) })
}

// SaysTo is Person.SaysTo.
func (a *Actor) SaysTo(text string) *Message {
	a.c.t.Helper()
	return must(a.c, func(context.Context) (*Message, error) { return a.Person.SaysTo(text) })
}

// Mentions is Person.Mentions.
func (a *Actor) Mentions(ch *Channel, text string) *Message {
	a.c.t.Helper()
	return must(a.c, func(context.Context) (*Message, error) { return a.Person.Mentions(ch, text) })
}

// Threads is Person.Threads.
func (a *Actor) Threads(m *Message, text string) *Message {
	a.c.t.Helper()
	return must(a.c, func(context.Context) (*Message, error) { return a.Person.Threads(m, text) })
}

// Shares is Person.Shares.
func (a *Actor) Shares(ch *Channel, name string, data []byte, caption string) *Message {
	a.c.t.Helper()
	return must(a.c, func(context.Context) (*Message, error) { return a.Person.Shares(ch, name, data, caption) })
}

// Edits is Person.Edits.
func (a *Actor) Edits(m *Message, text string) {
	a.c.t.Helper()
	mustDo(a.c, func(context.Context) error { return a.Person.Edits(m, text) })
}

// Deletes is Person.Deletes.
func (a *Actor) Deletes(m *Message) {
	a.c.t.Helper()
	mustDo(a.c, func(context.Context) error { return a.Person.Deletes(m) })
}

// Reacts is Person.Reacts.
func (a *Actor) Reacts(m *Message, emoji string) {
	a.c.t.Helper()
	mustDo(a.c, func(context.Context) error { return a.Person.Reacts(m, emoji) })
}

// acked waits until the app has acknowledged an interaction.
func (a *Actor) acked(do func() (*Delivery, error)) {
	a.c.t.Helper()
	mustDo(a.c, func(ctx context.Context) error {
		d, err := do()
		if err != nil || d == nil {
			return err
		}
		return d.Wait(ctx)
	})
}

// Slash gives /timonel with a text and waits for the acknowledgement.
func (a *Actor) Slash(ch *Channel, text string) {
	a.c.t.Helper()
	a.acked(func() (*Delivery, error) { return a.Person.Slash(ch, "/timonel", text) })
}

// Clicks is Person.Clicks with the acknowledgement.
func (a *Actor) Clicks(ch *Channel, label string) {
	a.c.t.Helper()
	a.acked(func() (*Delivery, error) { return a.Person.Clicks(ch, label) })
}

// Picks is Person.Picks with the acknowledgement.
func (a *Actor) Picks(ch *Channel, option string) {
	a.c.t.Helper()
	a.acked(func() (*Delivery, error) { return a.Person.Picks(ch, option) })
}

// PicksDate is Person.PicksDate with the acknowledgement.
func (a *Actor) PicksDate(ch *Channel, date string) {
	a.c.t.Helper()
	a.acked(func() (*Delivery, error) { return a.Person.PicksDate(ch, date) })
}

// Fills is Person.Fills with the acknowledgement.
func (a *Actor) Fills(v *View, field, value string) {
	a.c.t.Helper()
	a.acked(func() (*Delivery, error) { return a.Person.Fills(v, field, value) })
}

// Submits is Person.Submits with the acknowledgement.
func (a *Actor) Submits(v *View, values map[string]string) {
	a.c.t.Helper()
	a.acked(func() (*Delivery, error) { return a.Person.Submits(v, values) })
}

// Expect is Person.Expect.
func (a *Actor) Expect(fits func(*Sent) bool) *Sent {
	a.c.t.Helper()
	return must(a.c, func(ctx context.Context) (*Sent, error) { return a.Person.Expect(ctx, fits) })
}

// ExpectText is Person.ExpectText.
func (a *Actor) ExpectText(words ...string) *Sent {
	a.c.t.Helper()
	return must(a.c, func(ctx context.Context) (*Sent, error) { return a.Person.ExpectText(ctx, words...) })
}

// ExpectModal waits for a modal to open.
func (a *Actor) ExpectModal() *View {
	a.c.t.Helper()
	a.Expect(func(s *Sent) bool { return s.Kind == Opened })
	return a.Modal()
}

// Seen lists what the actor can see of the bot's in a channel.
func (a *Actor) Seen(ch *Channel) []string {
	var list []string
	bot := a.c.opt.BotName + ": "
	for _, line := range ch.Messages(a.Person) {
		if text, ok := strings.CutPrefix(line, bot); ok {
			list = append(list, text)
		}
	}
	return list
}
