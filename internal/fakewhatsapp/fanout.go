package fakewhatsapp

import (
	"maps"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// sendFaults is what happens to the messages that an account sends.
type sendFaults struct {
	loseMessages int   // that many disappear, and the connection with them
	loseAcks     int   // that many arrive but are not acknowledged, and the connection is cut
	refusals     []int // the codes with which the next ones are refused
}

// Codes with which a message is refused.
const (
	refusedNotMember  = 403
	refusedNoSuchChat = 404
)

// envelope is a message on its way: what its sender wrote on the outside.
type envelope struct {
	from  *device
	node  *waBinary.Node
	id    string
	to    types.JID
	t     int64
	own   map[*device]waBinary.Node // each device's own enc
	share []waBinary.Node           // what all get
}

// handleMessage acknowledges a message and hands it on to the devices of those
// who should have it. What is in it stays sealed: texts, polls, votes, edits
// and files are all the same to the server.
func (s *Server) handleMessage(c *conn, node *waBinary.Node) {
	if c.dev == nil {
		return
	}
	e := s.open(c.dev, node)
	faults := &c.dev.account.sending
	switch {
	case faults.loseMessages > 0:
		faults.loseMessages--
		c.active = false
		c.cut()
		return
	case len(faults.refusals) > 0:
		code := faults.refusals[0]
		faults.refusals = faults.refusals[1:]
		s.acknowledgeMessage(c, e, waBinary.Attrs{"error": code})
		return
	}
	attrs, deliver := s.route(e)
	if deliver != nil {
		deliver()
		s.phoneHears(e)
	}
	if faults.loseAcks > 0 {
		faults.loseAcks--
		c.active = false
		c.cut()
		return
	}
	s.acknowledgeMessage(c, e, attrs)
}

func (s *Server) acknowledgeMessage(c *conn, e *envelope, extra waBinary.Attrs) {
	attrs := waBinary.Attrs{"class": "message", "id": e.id, "from": e.to, "t": e.t}
	maps.Copy(attrs, extra)
	c.send(waBinary.Node{Tag: "ack", Attrs: attrs})
}

// open reads the outside of a message.
func (s *Server) open(from *device, node *waBinary.Node) *envelope {
	ag := node.AttrGetter()
	e := &envelope{
		from: from, node: node, id: ag.OptionalString("id"), to: ag.OptionalJIDOrEmpty("to"), t: s.unix(),
		own: map[*device]waBinary.Node{},
	}
	for _, child := range node.GetChildren() {
		if child.Tag != "participants" {
			e.share = append(e.share, child)
			continue
		}
		for _, to := range child.GetChildren() {
			dev := s.findDevice(to.AttrGetter().OptionalJIDOrEmpty("jid"))
			if enc := to.GetChildren(); dev != nil && len(enc) == 1 {
				e.own[dev] = enc[0]
			}
		}
	}
	return e
}

// phoneHears lets the sender's own telephone confirm that it has its copy of what a linked device has said.
func (s *Server) phoneHears(e *envelope) {
	account := e.from.account
	attrs := waBinary.Attrs{"id": e.id, "type": string(types.ReceiptTypeSender), "t": e.t}
	if g := s.findGroup(e.to); g != nil {
		attrs["from"], attrs["participant"] = g.jid, account.address(g.mode)
	} else {
		attrs["from"], attrs["recipient"] = account.address(s.direct), e.to
	}
	e.from.push(waBinary.Node{Tag: "receipt", Attrs: attrs})
}

// route finds who gets the message, and what the acknowledgement says.
func (s *Server) route(e *envelope) (attrs waBinary.Attrs, deliver func()) {
	ag := e.node.AttrGetter()
	if ag.OptionalString("category") == "peer" {
		return nil, nil // between a client and its own telephone
	}
	if e.to.Server == types.GroupServer {
		return s.routeGroup(e, ag.OptionalJIDOrEmpty("participant"))
	}
	account := s.find(e.to)
	if account == nil {
		return waBinary.Attrs{"error": refusedNoSuchChat}, nil
	}
	if e.to.Device > 0 {
		return nil, func() { s.deliverRetry(e, s.findDevice(e.to)) }
	}
	return nil, func() { s.deliverDirect(e, account) }
}

func (s *Server) routeGroup(e *envelope, only types.JID) (waBinary.Attrs, func()) {
	g := s.findGroup(e.to)
	if g == nil {
		return waBinary.Attrs{"error": refusedNoSuchChat}, nil
	}
	member := g.member(e.from.account)
	if member == nil || g.announcements && member.rank == "" {
		return waBinary.Attrs{"error": refusedNotMember}, nil
	}
	if !only.IsEmpty() {
		return nil, func() { s.deliverRetry(e, s.findDevice(only)) }
	}
	attrs := waBinary.Attrs{}
	if expected := participantHash(g.devices()); e.node.AttrGetter().OptionalString("phash") != expected {
		attrs["phash"] = expected // the sender's list of people or devices is old
	}
	return attrs, func() {
		for _, p := range g.members {
			for _, d := range p.account.clients() {
				if d != e.from {
					d.push(e.seal(d, g.messageAttrs(e.from)))
				}
			}
		}
	}
}

// messageAttrs names the sender of a message as the group shows people.
func (g *Group) messageAttrs(from *device) waBinary.Attrs {
	attrs := waBinary.Attrs{
		"from": g.jid, "participant": from.address(g.mode), "addressing_mode": string(g.mode),
	}
	switch {
	case g.mode == types.AddressingModePN:
		attrs["participant_lid"] = from.account.LID()
	case !g.hideNumbers:
		attrs["participant_pn"] = from.account.JID()
	}
	return attrs
}

// deliverDirect hands a direct message to the other person's devices, and to the
// sender's own other devices.
func (s *Server) deliverDirect(e *envelope, to *Account) {
	for _, d := range to.clients() {
		if d != e.from {
			d.push(e.seal(d, s.directAttrs(e.from, d, to)))
		}
	}
	if to == e.from.account {
		return
	}
	for _, d := range e.from.account.clients() {
		if d != e.from {
			d.push(e.seal(d, s.directAttrs(e.from, d, to)))
		}
	}
}

// directAttrs names the sender of a direct message, and for the sender's own
// devices whom it was for.
func (s *Server) directAttrs(from, reader *device, to *Account) waBinary.Attrs {
	attrs := waBinary.Attrs{"from": from.address(s.direct)}
	if s.direct == types.AddressingModePN {
		attrs["sender_lid"] = from.account.LID()
	} else {
		attrs["sender_pn"] = from.account.JID()
	}
	if reader.account == from.account && to != from.account {
		attrs["recipient"] = to.address(s.direct)
		if s.direct == types.AddressingModePN {
			attrs["peer_recipient_lid"] = to.LID()
		} else {
			attrs["peer_recipient_pn"] = to.JID()
		}
	}
	return attrs
}

// deliverRetry hands a message that a device asked for again to that device
// alone.
func (s *Server) deliverRetry(e *envelope, to *device) {
	if to == nil {
		return
	}
	if g := s.findGroup(e.to); g != nil {
		to.push(e.seal(to, g.messageAttrs(e.from)))
		return
	}
	to.push(e.seal(to, s.directAttrs(e.from, to, to.account)))
}

// seal writes the message as one device gets it: its own enc first, then what
// all share.
func (e *envelope) seal(to *device, attrs waBinary.Attrs) waBinary.Node {
	ag := e.node.AttrGetter()
	attrs["id"] = e.id
	attrs["t"] = e.t
	attrs["type"] = ag.OptionalString("type")
	attrs["notify"] = e.from.account.pushName
	if edit := ag.OptionalString("edit"); edit != "" {
		attrs["edit"] = edit
	}
	var content []waBinary.Node
	if own, ok := e.own[to]; ok {
		content = append(content, own)
	}
	content = append(content, e.share...)
	return waBinary.Node{Tag: "message", Attrs: attrs, Content: content}
}
