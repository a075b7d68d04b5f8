package fakewhatsapp

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/util/keys"
)

// Account is a person (or a bot) with a telephone that has WhatsApp. The
// telephone itself only swallows what it gets; clients are linked to it.
type Account struct {
	Name  string // as others see it
	Phone string // digits, with the country's code

	srv      *Server
	lid      string
	pushName string
	identity *keys.KeyPair // of the telephone; it vouches for the linked devices
	devices  []*device     // the telephone first, then in the order of linking
	linked   uint16        // number of the newest linked device
	refusal  *refusal      // what a login gets instead of success
	sending  sendFaults
}

// Someone is a person on the server: an Account or a Member.
type Someone interface {
	Chat
	who() *Account
}

// Chat is where something can be said: a Group, or a person for a direct chat.
type Chat interface {
	// ChatJID is the chat's address: a group's, or the hidden one (LID) of a person.
	ChatJID() types.JID
}

// device is the telephone of an account or a client linked to it.
type device struct {
	srv     *Server
	account *Account
	number  uint16
	phone   bool

	noise        [32]byte
	identity     []byte
	registration []byte
	signedPreKey waBinary.Node
	preKeys      []waBinary.Node

	conn    *conn
	pending []*stanza
	faults  deliveryFaults
}

// NewAccount makes a person known to the server, without any client. The phone
// number may be written with spaces, dashes and a plus. An account that is
// known already is returned as it is.
func (s *Server) NewAccount(name, phone string) (*Account, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.newAccount(name, phone)
}

func (s *Server) newAccount(name, phone string) (*Account, error) {
	digits := onlyDigits(phone)
	if len(digits) < 7 || digits[0] == '0' {
		return nil, fmt.Errorf("open an account: %q is not an international phone number", phone)
	}
	if known := s.accounts[digits]; known != nil {
		return known, nil
	}
	a := &Account{
		Name: name, Phone: digits, srv: s,
		lid: lidFor(digits), pushName: name, identity: s.newKeyPair(),
	}
	if other := s.byLID[a.lid]; other != nil {
		return nil, fmt.Errorf("open an account: %s and %s would share a hidden number", other.Phone, digits)
	}
	signed := s.signedPreKey(a.identity)
	a.devices = []*device{{
		srv: s, account: a, phone: true,
		identity: a.identity.Pub[:], registration: s.random(4), signedPreKey: signed,
	}}
	s.accounts[digits], s.byLID[a.lid] = a, a
	s.people = append(s.people, a)
	return a, nil
}

// lidFor gives the hidden number of a phone, the same in every run.
func lidFor(phone string) string {
	sum := sha256.Sum256([]byte("lid:" + phone))
	return fmt.Sprint(100_000_000_000_000 + binary.BigEndian.Uint64(sum[:])%900_000_000_000_000)
}

func onlyDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}

// JID is the person's address by phone number.
func (a *Account) JID() types.JID { return types.NewJID(a.Phone, types.DefaultUserServer) }

// LID is the person's hidden address, which groups show.
func (a *Account) LID() types.JID { return types.NewJID(a.lid, types.HiddenUserServer) }

// ChatJID is the direct chat with this person.
func (a *Account) ChatJID() types.JID { return a.LID() }

func (a *Account) who() *Account { return a }

// Linked says how many devices are linked to the account's telephone.
func (a *Account) Linked() int {
	a.srv.mu.Lock()
	defer a.srv.mu.Unlock()
	return len(a.devices) - 1
}

// Online says whether a linked device is connected and receives.
func (a *Account) Online() bool {
	a.srv.mu.Lock()
	defer a.srv.mu.Unlock()
	for _, d := range a.devices {
		if d.conn != nil && d.conn.active {
			return true
		}
	}
	return false
}

func (a *Account) address(mode types.AddressingMode) types.JID {
	if mode == types.AddressingModeLID {
		return a.LID()
	}
	return a.JID()
}

func (a *Account) device(number uint16) *device {
	for _, d := range a.devices {
		if d.number == number {
			return d
		}
	}
	return nil
}

// clients are the linked devices, without the telephone.
func (a *Account) clients() []*device {
	return a.devices[1:]
}

func (d *device) jid() types.JID {
	jid := d.account.JID()
	jid.Device = d.number
	return jid
}

func (d *device) lid() types.JID {
	jid := d.account.LID()
	jid.Device = d.number
	return jid
}

func (d *device) address(mode types.AddressingMode) types.JID {
	if mode == types.AddressingModeLID {
		return d.lid()
	}
	return d.jid()
}

// find gives the account behind either kind of address, or nil. s.mu is held.
func (s *Server) find(jid types.JID) *Account {
	switch jid.Server {
	case types.DefaultUserServer, types.LegacyUserServer:
		return s.accounts[onlyDigits(jid.User)]
	case types.HiddenUserServer:
		return s.byLID[jid.User]
	}
	return nil
}

// findDevice gives the device behind an address, or nil. s.mu is held.
func (s *Server) findDevice(jid types.JID) *device {
	if a := s.find(jid); a != nil {
		return a.device(jid.Device)
	}
	return nil
}

// link adds a client to an account and tells the others. s.mu is held.
func (s *Server) link(a *Account, d *device) {
	a.devices = append(a.devices, d)
	s.announceDevice("add", d)
	s.wake()
}

// unlink forgets a client and tells the others. s.mu is held.
func (s *Server) unlink(d *device) {
	a := d.account
	for i, other := range a.devices {
		if other == d {
			a.devices = append(a.devices[:i:i], a.devices[i+1:]...)
			s.announceDevice("remove", d)
			break
		}
	}
	s.wake()
}

// announceDevice tells every other device of a change in the list of a person's
// devices, once for each kind of address, because a client keeps both lists.
func (s *Server) announceDevice(change string, d *device) {
	for _, mode := range []types.AddressingMode{types.AddressingModePN, types.AddressingModeLID} {
		var list []types.JID
		for _, one := range d.account.devices {
			list = append(list, one.address(mode))
		}
		node := waBinary.Node{
			Tag: "notification",
			Attrs: waBinary.Attrs{
				"type": "devices", "from": d.account.address(mode), "id": s.newID(), "t": s.unix(),
			},
			Content: []waBinary.Node{{
				Tag:     change,
				Attrs:   waBinary.Attrs{"device_hash": participantHash(list)},
				Content: []waBinary.Node{{Tag: "device", Attrs: waBinary.Attrs{"jid": d.address(mode)}}},
			}},
		}
		for _, a := range s.people {
			for _, other := range a.clients() {
				if other != d {
					other.push(node)
				}
			}
		}
	}
}
