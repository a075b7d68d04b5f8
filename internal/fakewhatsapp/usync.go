package fakewhatsapp

import (
	"fmt"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// handleUsync says what is known of people: which devices they have, their
// hidden address, whether a number has WhatsApp.
func (s *Server) handleUsync(q *query) {
	asked := map[string]bool{}
	queryNode := q.child.GetChildByTag("query")
	for _, one := range queryNode.GetChildren() {
		asked[one.Tag] = true
	}
	listNode := q.child.GetChildByTag("list")
	var list []waBinary.Node
	for _, user := range listNode.GetChildren() {
		if contact, ok := user.GetOptionalChildByTag("contact"); ok {
			list = append(list, s.lookUpNumber(contact))
			continue
		}
		jid := user.AttrGetter().OptionalJIDOrEmpty("jid")
		account := s.find(jid)
		if account == nil {
			continue // WhatsApp leaves out whom it does not know
		}
		list = append(list, describe(account, jid, asked))
	}
	q.result(waBinary.Node{Tag: "usync", Attrs: q.child.Attrs, Content: []waBinary.Node{
		{Tag: "result"},
		{Tag: "list", Content: list},
	}})
}

func describe(a *Account, jid types.JID, asked map[string]bool) waBinary.Node {
	var content []waBinary.Node
	if asked["devices"] {
		var devices []waBinary.Node
		for _, d := range a.devices {
			devices = append(devices, waBinary.Node{Tag: "device", Attrs: waBinary.Attrs{
				"id": fmt.Sprint(d.number), "is_hosted": "false",
			}})
		}
		content = append(content, waBinary.Node{Tag: "devices", Content: []waBinary.Node{
			{Tag: "device-list", Content: devices},
		}})
	}
	if asked["lid"] {
		content = append(content, waBinary.Node{Tag: "lid", Attrs: waBinary.Attrs{"val": a.LID()}})
	}
	if asked["status"] {
		content = append(content, waBinary.Node{Tag: "status"})
	}
	return waBinary.Node{Tag: "user", Attrs: waBinary.Attrs{"jid": jid}, Content: content}
}

// lookUpNumber says whether a phone number has WhatsApp.
func (s *Server) lookUpNumber(contact waBinary.Node) waBinary.Node {
	asked, _ := contact.Content.([]byte)
	account := s.accounts[onlyDigits(string(asked))]
	if account == nil {
		return waBinary.Node{
			Tag:     "user",
			Attrs:   waBinary.Attrs{"jid": types.NewJID(onlyDigits(string(asked)), types.DefaultUserServer)},
			Content: []waBinary.Node{{Tag: "contact", Attrs: waBinary.Attrs{"type": "out"}, Content: asked}},
		}
	}
	return waBinary.Node{
		Tag:     "user",
		Attrs:   waBinary.Attrs{"jid": account.LID(), "pn_jid": account.JID()},
		Content: []waBinary.Node{{Tag: "contact", Attrs: waBinary.Attrs{"type": "in"}, Content: asked}},
	}
}
