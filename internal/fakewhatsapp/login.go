package fakewhatsapp

import (
	"strconv"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// refusal is why a login fails; its attributes are those of <failure>.
type refusal struct {
	reason int
	attrs  waBinary.Attrs
}

// logIn answers a client that says which device it is. s.mu is held.
func (s *Server) logIn(c *conn) {
	phone := strconv.FormatUint(c.login.GetUsername(), 10)
	var dev *device
	account := s.accounts[phone]
	if account != nil {
		dev = account.device(uint16(c.login.GetDevice()))
	}
	switch {
	case dev == nil || dev.phone || dev.noise != c.static:
		s.refuse(c, &refusal{reason: 401})
		return
	case account.refusal != nil:
		s.refuse(c, account.refusal)
		return
	}
	if old := dev.conn; old != nil {
		s.replace(old)
	}
	c.dev, dev.conn = dev, c
	c.send(waBinary.Node{Tag: "success", Attrs: waBinary.Attrs{
		"t":            s.unix(),
		"lid":          dev.lid(),
		"display_name": account.Name,
	}})
}

// refuse ends a login with a <failure>. s.mu is held.
func (s *Server) refuse(c *conn, why *refusal) {
	attrs := waBinary.Attrs{"reason": why.reason, "location": "fake"}
	for key, value := range why.attrs {
		attrs[key] = value
	}
	c.send(waBinary.Node{Tag: "failure", Attrs: attrs})
	c.end()
}

// replace tells a connection that another one has taken its place. s.mu is held.
func (s *Server) replace(c *conn) {
	if c.dev != nil && c.dev.conn == c {
		c.dev.conn = nil
	}
	c.send(waBinary.Node{Tag: "stream:error", Content: []waBinary.Node{
		{Tag: "conflict", Attrs: waBinary.Attrs{"type": "replaced"}},
	}})
	c.end()
}

// handlePassive hears whether a device wants to receive; what waits for it is
// sent when it does.
func (s *Server) handlePassive(q *query) {
	dev := q.conn.dev
	if dev == nil {
		q.refuse(401, "not-authorized")
		return
	}
	q.result()
	q.conn.active = q.child.Tag == "active"
	if !q.conn.active {
		return
	}
	dev.rewind()
	if waiting := len(dev.pending); waiting > 0 && !dev.held() {
		q.conn.send(dev.preview())
	}
	dev.flush()
	q.conn.send(waBinary.Node{Tag: "ib", Attrs: waBinary.Attrs{"from": types.ServerJID}, Content: []waBinary.Node{
		{Tag: "offline", Attrs: waBinary.Attrs{"count": len(dev.pending)}},
	}})
	s.wake()
}

// handlePresence learns the name under which a person appears to others.
func (s *Server) handlePresence(c *conn, node *waBinary.Node) {
	if name := node.AttrGetter().OptionalString("name"); name != "" && c.dev != nil {
		c.dev.account.pushName = name
	}
}
