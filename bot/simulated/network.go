// Package simulated is a chat platform without a network, for virtual time: it stands for Slack, WhatsApp or the web demo
// by their capabilities, keeps every chat's transcript, and offers again what was not acknowledged. The same use gives
// the same transcript, byte for byte. It knows nothing of projects.
package simulated

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"timonel/bot"
)

// Entry is one thing that somebody sees in a chat: what a person did, or what the bot sent.
type Entry struct {
	Place    int // from 1, over all chats
	At       time.Time
	Platform bot.Platform
	Room     bot.RoomID
	Direct   bot.UserID    // the person, in a direct chat with the bot
	Message  bot.MessageID // its id on the platform
	// Heard is set for what a person did, Said for what the bot sent.
	Heard *bot.Incoming
	Said  *bot.Outgoing
	// Recalled marks a message from before this network, which is known but was not seen now.
	Recalled bool
}

// Network is all the chats of all simulated platforms.
type Network struct {
	now func() time.Time

	mu      sync.Mutex
	entries []Entry
	queue   []bot.Incoming // not acknowledged yet, in order
	posted  int
	offered chan struct{}
}

// New returns a network without chats; now is its clock.
func New(now func() time.Time) *Network {
	return &Network{now: now, offered: make(chan struct{}, 1)}
}

// DirectRoom names the direct chat of a person with the bot.
func DirectRoom(user bot.UserID) bot.RoomID { return "dm:" + bot.RoomID(user) }

// Post makes a person do something: it stands in the transcript at once, and is offered to the bot. Room, kind and person
// must be set; id and moment are filled in. It returns the entry's place.
func (n *Network) Post(in bot.Incoming) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.posted++
	in.At = n.now()
	in.ID = bot.MessageID(fmt.Sprintf("in-%d-%d", in.At.UnixMilli(), n.posted))
	e := Entry{At: in.At, Platform: in.Platform, Room: in.Room, Message: in.ID, Heard: &in}
	if in.Direct {
		e.Direct = in.From
	}
	n.queue = append(n.queue, in)
	select {
	case n.offered <- struct{}{}:
	default:
	}
	return n.write(e)
}

// write is called with mu held.
func (n *Network) write(e Entry) int {
	e.Place = len(n.entries) + 1
	n.entries = append(n.entries, e)
	return e.Place
}

// Deliver offers what waits to sink, in order, and calls after for each event that was taken. What sink refuses stays
// first in the queue, and the refusal is returned.
func (n *Network) Deliver(ctx context.Context, sink bot.Sink, after func() error) error {
	for {
		in, waits := n.first()
		if !waits {
			return nil
		}
		if err := sink.Receive(ctx, in); err != nil {
			return err
		}
		n.acknowledge(in)
		if after == nil {
			continue
		}
		if err := after(); err != nil {
			return err
		}
	}
}

func (n *Network) first() (bot.Incoming, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.queue) == 0 {
		return bot.Incoming{}, false
	}
	return n.queue[0], true
}

func (n *Network) acknowledge(in bot.Incoming) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.queue = slices.DeleteFunc(n.queue, func(q bot.Incoming) bool { return q.ID == in.ID })
}

// Entries returns the transcript after a place.
func (n *Network) Entries(after int) []Entry {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.entries[min(max(after, 0), len(n.entries)):])
}

// Recall puts a message that the bot sent earlier into a chat's transcript, so that it can be quoted and pressed.
func (n *Network) Recall(id bot.MessageID, out bot.Outgoing) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, e := range n.entries {
		if e.Platform == out.Platform && e.Message == id {
			return
		}
	}
	n.write(Entry{At: out.At, Platform: out.Platform, Room: room(out), Direct: out.Direct, Message: id, Said: &out, Recalled: true})
}

// Newest returns the bot's newest message in a chat that viewer can see and that fits; nil fits any.
func (n *Network) Newest(platform bot.Platform, room bot.RoomID, viewer bot.UserID, fits func(bot.Outgoing) bool) (Entry, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, e := range slices.Backward(n.entries) {
		if e.Said == nil || e.Platform != platform || e.Room != room || !sees(viewer, e) {
			continue
		}
		if fits == nil || fits(*e.Said) {
			return e, true
		}
	}
	return Entry{}, false
}

// sees reports whether a person can see a message: one for their eyes only is hidden from the others.
func sees(viewer bot.UserID, e Entry) bool {
	hidden := e.Said.Ephemeral && e.Said.Only != "" && CapabilitiesOf(e.Platform).Ephemeral
	return !hidden || e.Said.Only == viewer
}

func room(out bot.Outgoing) bot.RoomID {
	if out.Room == "" {
		return DirectRoom(out.Direct)
	}
	return out.Room
}
