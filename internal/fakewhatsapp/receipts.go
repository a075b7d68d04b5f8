package fakewhatsapp

import (
	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// handleReceipt hears that a device has a message, or has read it, or cannot
// read it and wants it again, and tells the sender. A receipt also acknowledges
// the message to the server, except for a retry, which is followed by an ack.
func (s *Server) handleReceipt(c *conn, node *waBinary.Node) {
	if c.dev == nil {
		return
	}
	ag := node.AttrGetter()
	id, kind := ag.OptionalString("id"), types.ReceiptType(ag.OptionalString("type"))
	to, participant := ag.OptionalJIDOrEmpty("to"), ag.OptionalJIDOrEmpty("participant")
	switch kind {
	case types.ReceiptTypeDelivered, types.ReceiptTypeInactive, types.ReceiptTypeSender:
		c.dev.acknowledge("message", id, to, participant)
	}
	c.send(waBinary.Node{Tag: "ack", Attrs: waBinary.Attrs{
		"class": "receipt", "id": id, "from": to, "t": s.unix(), "type": string(kind),
	}})
	switch kind {
	case types.ReceiptTypeDelivered, types.ReceiptTypeInactive, types.ReceiptTypeRead,
		types.ReceiptTypePlayed, types.ReceiptTypeRetry:
		s.forwardReceipt(c.dev, node, to, participant)
	}
}

// forwardReceipt hands a receipt to the device that sent the message, or to all
// of the sender's devices if the receipt does not say which.
func (s *Server) forwardReceipt(reader *device, node *waBinary.Node, to, participant types.JID) {
	attrs := waBinary.Attrs{"id": node.Attrs["id"], "type": node.Attrs["type"], "t": s.unix()}
	target := to
	if to.Server == types.GroupServer {
		g := s.findGroup(to)
		if g == nil {
			return
		}
		target = participant
		for key, value := range g.messageAttrs(reader) {
			attrs[key] = value
		}
	} else {
		for key, value := range s.directAttrs(reader, reader, reader.account) {
			attrs[key] = value
		}
	}
	account := s.find(target)
	if account == nil || account == reader.account {
		return
	}
	receipt := waBinary.Node{Tag: "receipt", Attrs: attrs, Content: node.Content}
	for _, d := range account.clients() {
		if target.Device == 0 || target.Device == d.number {
			d.push(receipt)
		}
	}
}

// OpenPhone lets somebody look at WhatsApp on the telephone, of which the linked devices hear: it reads what was said.
func (s *Server) OpenPhone(whose Someone) {
	phone := whose.who().JID()
	s.eachDevice(whose, func(d *device) {
		d.push(waBinary.Node{Tag: "receipt", Attrs: waBinary.Attrs{
			"id": s.newID(), "from": phone, "type": string(types.ReceiptTypeReadSelf), "t": s.unix(),
		}})
	})
}
