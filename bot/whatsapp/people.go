package whatsapp

import (
	"context"
	"fmt"
	"strings"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"

	"timonel/bot"
)

// reader turns what the library hands over into what the bot understands, within one event.
type reader struct {
	ctx    context.Context
	a      *Adapter
	client *whatsmeow.Client
}

// someone is a person as the bot knows them: by the hidden address where it is known, since groups show no other, and
// also by the number. The name is the one that they gave themselves, else their number.
type someone struct {
	user, also bot.UserID
	name       string
}

// person finds out who an address is. alt is the other address that came with it, if any.
func (c reader) person(jid, alt types.JID) (someone, error) {
	lid, number, err := c.addresses(jid.ToNonAD(), alt.ToNonAD())
	if err != nil {
		return someone{}, err
	}
	p := someone{user: bot.UserID(lid.String()), also: bot.UserID(number.String())}
	switch {
	case lid.IsEmpty():
		p.user, p.also = bot.UserID(number.String()), ""
	case number.IsEmpty():
		p.also = ""
	}
	p.name = c.nameOf(lid, number)
	return p, nil
}

// addresses returns both addresses of a person, as far as they are known.
func (c reader) addresses(jid, alt types.JID) (lid, number types.JID, err error) {
	for _, one := range []types.JID{jid, alt} {
		switch one.Server {
		case types.HiddenUserServer:
			lid = one
		case types.DefaultUserServer:
			number = one
		}
	}
	switch {
	case lid.IsEmpty() && number.IsEmpty():
		return lid, number, fmt.Errorf("read the address %s: it is nobody's", jid)
	case number.IsEmpty():
		number, err = c.client.Store.LIDs.GetPNForLID(c.ctx, lid)
	case lid.IsEmpty():
		lid, err = c.hidden(number)
	}
	if err != nil {
		return lid, number, fmt.Errorf("look up the other address of %s: %w", jid, err)
	}
	return lid.ToNonAD(), number.ToNonAD(), nil
}

// askTime bounds the question who has a number.
const askTime = 10 * time.Second

// hidden finds the hidden address of a number; WhatsApp is asked once for one that is not known.
func (c reader) hidden(number types.JID) (types.JID, error) {
	lid, err := c.client.Store.LIDs.GetLIDForPN(c.ctx, number)
	if err != nil || !lid.IsEmpty() {
		return lid, err
	}
	c.a.mu.Lock()
	asked := c.a.lookedFor[number.User]
	c.a.lookedFor[number.User] = true
	c.a.mu.Unlock()
	if asked || !c.client.IsLoggedIn() {
		return types.EmptyJID, nil
	}
	ctx, cancel := context.WithTimeout(c.ctx, askTime)
	defer cancel()
	info, err := c.client.GetUserInfo(ctx, []types.JID{number})
	if err != nil {
		c.a.cfg.Log.Warn().Err(err).Msg("ask who has a number")
		return types.EmptyJID, nil // it is known by the number then
	}
	return info[number].LID, nil
}

func (c reader) nameOf(lid, number types.JID) string {
	for _, jid := range []types.JID{lid, number} {
		if jid.IsEmpty() {
			continue
		}
		contact, err := c.client.Store.Contacts.GetContact(c.ctx, jid)
		if err != nil || !contact.Found {
			continue
		}
		for _, name := range []string{contact.PushName, contact.FullName, contact.BusinessName} {
			if name = strings.TrimSpace(name); name != "" {
				return name
			}
		}
	}
	if number.IsEmpty() {
		return ""
	}
	return "+" + number.User
}

// isMe reports whether an address is the bot's own.
func (c reader) isMe(jid types.JID) bool {
	me := c.a.self()
	return jid.User != "" && (jid.ToNonAD() == me.number || jid.ToNonAD() == me.lid)
}

func (a *Adapter) self() self {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.me
}
