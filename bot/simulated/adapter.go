package simulated

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"timonel/bot"
)

// capabilities is what the platforms can show, as their own adapters have it.
var capabilities = map[bot.Platform]bot.Capabilities{
	bot.Slack:    {Buttons: true, Polls: true, Threads: true, Edits: true, Ephemeral: true, Files: true, MaxOptions: 25},
	bot.WhatsApp: {Polls: true, Threads: true, Files: true, MaxText: 60_000, MaxOptions: 12},
	bot.Web:      {Buttons: true, Polls: true, Threads: true, Files: true},
}

// CapabilitiesOf returns what a platform can show.
func CapabilitiesOf(p bot.Platform) bot.Capabilities { return capabilities[p] }

// Adapter is one platform of a network.
type Adapter struct {
	network  *Network
	platform bot.Platform

	mu   sync.Mutex
	fail error
}

// Adapter returns the adapter of a platform.
func (n *Network) Adapter(p bot.Platform) *Adapter { return &Adapter{network: n, platform: p} }

// Platform implements bot.Adapter.
func (a *Adapter) Platform() bot.Platform { return a.platform }

// Capabilities implements bot.Adapter.
func (a *Adapter) Capabilities() bot.Capabilities { return CapabilitiesOf(a.platform) }

// Health implements bot.Adapter: a simulated platform is always well.
func (a *Adapter) Health() bot.Health { return bot.Health{OK: true} }

// Run offers what people do until ctx ends. In virtual time Network.Deliver does it instead, at the caller's pace.
func (a *Adapter) Run(ctx context.Context, sink bot.Sink) error {
	for {
		// A refusal leaves the event first in the queue: it is offered again.
		if err := a.network.Deliver(ctx, sink, nil); err != nil && ctx.Err() == nil {
			continue
		}
		select {
		case <-ctx.Done():
			return nil
		case <-a.network.offered:
		}
	}
}

// FailNext makes the next sending fail with err.
func (a *Adapter) FailNext(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.fail = err
}

func (a *Adapter) failure() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	err := a.fail
	a.fail = nil
	return err
}

// Send implements bot.Adapter: the message stands in the transcript.
func (a *Adapter) Send(_ context.Context, out bot.Outgoing) (bot.MessageID, error) {
	if err := a.failure(); err != nil {
		return "", err
	}
	if out.Room == "" && out.Direct == "" {
		return "", bot.Permanent(errors.New("the message names neither a chat nor a person"))
	}
	return a.network.say(a.platform, out), nil
}

// Sent implements bot.Reconciler.
func (a *Adapter) Sent(_ context.Context, out bot.Outgoing) (bot.MessageID, bool, error) {
	a.network.mu.Lock()
	defer a.network.mu.Unlock()
	for _, e := range a.network.entries {
		if e.Said != nil && e.Platform == a.platform && e.Said.ID == out.ID && !e.Recalled {
			return e.Message, true, nil
		}
	}
	return "", false, nil
}

func (n *Network) say(platform bot.Platform, out bot.Outgoing) bot.MessageID {
	n.mu.Lock()
	defer n.mu.Unlock()
	id := out.PlatformID
	if id == "" {
		id = bot.MessageID(fmt.Sprintf("out-%d", out.ID))
	}
	n.write(Entry{At: n.now(), Platform: platform, Room: room(out), Direct: out.Direct, Message: id, Said: &out})
	return id
}
