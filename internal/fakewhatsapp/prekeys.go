package fakewhatsapp

import (
	"bytes"

	"go.mau.fi/libsignal/ecc"
	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/util/keys"
)

// fewPreKeys is how many one-time keys a device has left when it is told to
// upload more; the library wants it told below five.
const fewPreKeys = 5

// signedPreKey makes the key with which a session to a telephone can begin.
func (s *Server) signedPreKey(identity *keys.KeyPair) waBinary.Node {
	key := s.newKeyPair()
	signature := identity.Sign(key)
	return waBinary.Node{Tag: "skey", Content: []waBinary.Node{
		{Tag: "id", Content: []byte{0, 0, 1}},
		{Tag: "value", Content: key.Pub[:]},
		{Tag: "signature", Content: signature[:]},
	}}
}

func (s *Server) handlePreKeys(q *query) {
	switch {
	case !q.get:
		s.takePreKeys(q)
	case q.child.Tag == "count":
		q.result(waBinary.Node{Tag: "count", Attrs: waBinary.Attrs{"value": len(q.conn.dev.preKeys)}})
	case q.child.Tag == "key":
		s.givePreKeys(q)
	default:
		q.refuse(400, "bad-request")
	}
}

// takePreKeys adds the keys that a device uploads to those it has.
func (s *Server) takePreKeys(q *query) {
	dev := q.conn.dev
	for _, child := range q.node.GetChildren() {
		switch child.Tag {
		case "registration":
			dev.registration, _ = child.Content.([]byte)
		case "identity":
			if key, _ := child.Content.([]byte); !bytes.Equal(key, dev.identity) {
				q.refuse(406, "not-acceptable")
				return
			}
		case "list":
			dev.preKeys = append(dev.preKeys, child.GetChildren()...)
		case "skey":
			dev.signedPreKey = child
		}
	}
	q.result()
	s.wake()
}

// givePreKeys gives one bundle of keys for each device that is asked for; a
// one-time key is given once.
func (s *Server) givePreKeys(q *query) {
	var list []waBinary.Node
	var drained []*device
	for _, user := range q.child.GetChildren() {
		jid := user.AttrGetter().OptionalJIDOrEmpty("jid")
		answer := waBinary.Node{Tag: "user", Attrs: waBinary.Attrs{"jid": jid, "t": s.unix()}}
		dev := s.findDevice(jid)
		if dev == nil {
			answer.Content = []waBinary.Node{{Tag: "error", Attrs: waBinary.Attrs{"code": 404, "text": "item-not-found"}}}
			list = append(list, answer)
			continue
		}
		bundle := []waBinary.Node{
			{Tag: "registration", Content: dev.registration},
			{Tag: "type", Content: []byte{ecc.DjbType}},
			{Tag: "identity", Content: dev.identity},
			dev.signedPreKey,
		}
		if len(dev.preKeys) > 0 {
			bundle = append(bundle, dev.preKeys[0])
			dev.preKeys = dev.preKeys[1:]
			if len(dev.preKeys) == fewPreKeys-1 {
				drained = append(drained, dev)
			}
		}
		answer.Content = bundle
		list = append(list, answer)
	}
	q.result(waBinary.Node{Tag: "list", Content: list})
	for _, dev := range drained {
		dev.push(waBinary.Node{
			Tag:     "notification",
			Attrs:   waBinary.Attrs{"type": "encrypt", "from": types.ServerJID, "id": s.newID(), "t": s.unix()},
			Content: []waBinary.Node{{Tag: "count", Attrs: waBinary.Attrs{"value": len(dev.preKeys)}}},
		})
	}
}
