package fakewhatsapp

import (
	"maps"
	"slices"
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// stanza is something sent to a device, kept until the device acknowledges it.
// What is not acknowledged when a connection ends is sent again on the next.
type stanza struct {
	node  waBinary.Node
	sent  bool
	early bool // Delay holds it back
	old   bool // it waited while the device was away, or was sent before
	tried bool // it was sent before
}

// deliveryFaults is what happens to stanzas on their way to a device.
type deliveryFaults struct {
	holds   int // nothing goes out while positive
	reorder int // that many messages are gathered and go out backwards
	repeat  int // that many messages go out twice
	corrupt int // that many messages cannot be decrypted
	delay   time.Duration
}

func (d *device) held() bool { return d.faults.holds > 0 || d.faults.reorder > 0 }

// push queues a stanza for a device and sends it if it can. The telephone
// itself swallows everything. The server's lock is held.
func (d *device) push(node waBinary.Node) {
	if d.phone {
		return
	}
	st := &stanza{node: node, old: d.conn == nil || !d.conn.active}
	d.pending = append(d.pending, st)
	if d.faults.delay > 0 {
		st.early = true
		d.srv.opts.After(d.faults.delay, func() {
			d.srv.mu.Lock()
			defer d.srv.mu.Unlock()
			st.early = false
			d.flush()
		})
	}
	d.flush()
}

// flush sends what can be sent, in order.
func (d *device) flush() {
	if d.conn == nil || !d.conn.active || d.faults.holds > 0 {
		return
	}
	var ready []*stanza
	messages := 0
	for _, st := range d.pending {
		if st.early {
			break
		}
		if st.sent {
			continue
		}
		ready = append(ready, st)
		if st.node.Tag == "message" {
			messages++
		}
	}
	if d.faults.reorder > 0 {
		if messages < d.faults.reorder {
			return
		}
		d.faults.reorder = 0
		slices.Reverse(ready)
	}
	for _, st := range ready {
		d.transmit(st)
	}
}

// transmit sends one stanza, with the faults that are due.
func (d *device) transmit(st *stanza) {
	again := st.tried
	st.sent, st.tried = true, true
	node := st.node
	if st.old {
		node.Attrs = maps.Clone(node.Attrs)
		node.Attrs["offline"] = "1"
	}
	// Of what was sent before, the device may have read the good copy already.
	if node.Tag == "message" && d.faults.corrupt > 0 && !again {
		d.faults.corrupt--
		node = corrupted(node)
	}
	d.conn.send(node)
	if node.Tag == "message" && d.faults.repeat > 0 {
		d.faults.repeat--
		d.conn.send(node)
	}
}

// corrupted spoils the last byte of everything that is encrypted.
func corrupted(node waBinary.Node) waBinary.Node {
	children := slices.Clone(node.GetChildren())
	for i, child := range children {
		content, ok := child.Content.([]byte)
		if child.Tag != "enc" || !ok || len(content) == 0 {
			continue
		}
		content = slices.Clone(content)
		content[len(content)-1] ^= 0xff
		children[i].Content = content
	}
	node.Content = children
	return node
}

// rewind makes everything that was not acknowledged go out again.
func (d *device) rewind() {
	for _, st := range d.pending {
		st.sent, st.old = false, true
	}
}

// preview announces what waits for a device that comes back.
func (d *device) preview() waBinary.Node {
	count := map[string]int{}
	for _, st := range d.pending {
		count[st.node.Tag]++
	}
	return waBinary.Node{Tag: "ib", Attrs: waBinary.Attrs{"from": types.ServerJID}, Content: []waBinary.Node{{
		Tag: "offline_preview",
		Attrs: waBinary.Attrs{
			"count": len(d.pending), "message": count["message"], "receipt": count["receipt"],
			"notification": count["notification"], "appdata": 0,
		},
	}}}
}

// acknowledge forgets a stanza that the device has handled.
func (d *device) acknowledge(tag, id string, from, participant types.JID) {
	for i, st := range d.pending {
		ag := st.node.AttrGetter()
		if st.sent && st.node.Tag == tag && ag.OptionalString("id") == id &&
			ag.OptionalJIDOrEmpty("from") == from && ag.OptionalJIDOrEmpty("participant") == participant {
			d.pending = slices.Delete(d.pending, i, i+1)
			d.srv.wake()
			return
		}
	}
}

// handleAck hears that a device has handled a stanza.
func (s *Server) handleAck(c *conn, node *waBinary.Node) {
	ag := node.AttrGetter()
	id := ag.OptionalString("id")
	if then, ok := c.fences[id]; ok {
		delete(c.fences, id)
		then()
		return
	}
	if c.dev != nil {
		c.dev.acknowledge(ag.OptionalString("class"), id, ag.OptionalJIDOrEmpty("to"), ag.OptionalJIDOrEmpty("participant"))
	}
}
