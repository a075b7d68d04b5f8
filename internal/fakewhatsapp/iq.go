package fakewhatsapp

import (
	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// query is an <iq> of a client's that wants an answer.
type query struct {
	conn  *conn
	node  *waBinary.Node
	id    string
	to    types.JID
	get   bool
	child waBinary.Node // the first child, or an empty node
}

func (q *query) result(content ...waBinary.Node) {
	answer := waBinary.Node{Tag: "iq", Attrs: waBinary.Attrs{"id": q.id, "type": "result", "from": q.to}}
	if len(content) > 0 {
		answer.Content = content
	}
	q.conn.send(answer)
}

func (q *query) refuse(code int, text string) {
	q.conn.send(waBinary.Node{
		Tag:     "iq",
		Attrs:   waBinary.Attrs{"id": q.id, "type": "error", "from": q.to},
		Content: []waBinary.Node{{Tag: "error", Attrs: waBinary.Attrs{"code": code, "text": text}}},
	})
}

// handleIQ answers a query, or hears the answer to one of the server's own.
func (s *Server) handleIQ(c *conn, node *waBinary.Node) {
	ag := node.AttrGetter()
	id, kind := ag.OptionalString("id"), ag.OptionalString("type")
	if kind == "result" || kind == "error" {
		s.handlePairAnswer(c, node)
		return
	}
	q := &query{conn: c, node: node, id: id, to: ag.OptionalJIDOrEmpty("to"), get: kind == "get"}
	if q.to.IsEmpty() {
		q.to = types.ServerJID
	}
	if children := node.GetChildren(); len(children) > 0 {
		q.child = children[0]
	}
	namespace := ag.OptionalString("xmlns")
	if c.dev == nil && namespace != "md" && namespace != "w:p" {
		q.refuse(401, "not-authorized")
		return
	}
	s.answer(q, namespace)
}

func (s *Server) answer(q *query, namespace string) {
	switch namespace {
	case "w:p":
		q.result()
	case "passive":
		s.handlePassive(q)
	case "encrypt":
		s.handlePreKeys(q)
	case "usync":
		s.handleUsync(q)
	case "w:g2":
		s.handleGroupQuery(q)
	case "w:m":
		s.handleMediaConn(q)
	case "md":
		s.handleLinking(q)
	case "privacy":
		s.handlePrivacy(q)
	case "w:sync:app:state":
		s.handleAppState(q)
	case "blocklist":
		q.result(waBinary.Node{Tag: "list", Attrs: waBinary.Attrs{"dhash": "none"}})
	case "status", "disappearing_mode", "urn:xmpp:whatsapp:push":
		q.result()
	case "w:profile:picture", "w:biz", "w:qr", "w:mex", "newsletter":
		q.refuse(404, "item-not-found")
	default:
		s.notUnderstood(q.node)
		q.refuse(501, "feature-not-implemented")
	}
}

// handlePrivacy says that everything is open, and takes the tokens that clients
// give each other without passing them on.
func (s *Server) handlePrivacy(q *query) {
	if !q.get {
		q.result()
		return
	}
	var settings []waBinary.Node
	for _, name := range []string{"readreceipts", "last", "online", "profile", "status", "groupadd"} {
		settings = append(settings, waBinary.Node{Tag: "category", Attrs: waBinary.Attrs{"name": name, "value": "all"}})
	}
	q.result(waBinary.Node{Tag: "privacy", Content: settings})
}

// handleAppState says that nothing is synchronised: no chat is muted, pinned or
// archived.
func (s *Server) handleAppState(q *query) {
	name := q.child.GetChildByTag("collection")
	q.result(waBinary.Node{Tag: "sync", Content: []waBinary.Node{{
		Tag:   "collection",
		Attrs: waBinary.Attrs{"name": name.AttrGetter().OptionalString("name"), "version": 0, "type": "result"},
	}}})
}
