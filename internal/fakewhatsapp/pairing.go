package fakewhatsapp

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.mau.fi/libsignal/ecc"
	"go.mau.fi/whatsmeow"
	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waAdv"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

// refsOffered is how many QR codes a client gets to show, one after the other.
const refsOffered = 6

// pairing is a client that waits to be linked to a telephone.
type pairing struct {
	refs []string
	// hello is what the client sent when it asked for a pair code.
	hello *codeHello
	// Set while a telephone links it.
	account *Account
	device  *device
	request string // id of the pair-success
	done    chan error
}

// offerPairing gives a new client references to show as QR codes. s.mu is held.
func (s *Server) offerPairing(c *conn) {
	p := &pairing{}
	var children []waBinary.Node
	for range refsOffered {
		ref := "2@" + base64.StdEncoding.EncodeToString(s.random(24))
		p.refs = append(p.refs, ref)
		s.refs[ref] = c
		children = append(children, waBinary.Node{Tag: "ref", Content: []byte(ref)})
	}
	c.pairing = p
	c.send(waBinary.Node{
		Tag:     "iq",
		Attrs:   waBinary.Attrs{"from": types.ServerJID, "type": "set", "xmlns": "md", "id": s.newID()},
		Content: []waBinary.Node{{Tag: "pair-device", Content: children}},
	})
}

// ScanQR does what a person does who scans the QR code: it links the client that
// shows it to the person's telephone, and returns once the client has accepted.
// The client then connects anew by itself.
func (s *Server) ScanQR(ctx context.Context, code string, by Someone) error {
	_, after, found := strings.Cut(code, "#")
	if !found {
		after = code
	}
	parts := strings.Split(after, ",")
	if len(parts) < 4 {
		return fmt.Errorf("scan the QR code %q: it has %d parts and should have 5", code, len(parts))
	}
	var keyParts [3][]byte
	for i := range keyParts {
		var err error
		if keyParts[i], err = base64.StdEncoding.DecodeString(parts[i+1]); err != nil || len(keyParts[i]) != 32 {
			return fmt.Errorf("scan the QR code %q: its key %d is not 32 bytes in base64", code, i+1)
		}
	}
	s.mu.Lock()
	c := s.refs[parts[0]]
	if c == nil {
		s.mu.Unlock()
		return errors.New("scan the QR code: its reference is not known or has been used")
	}
	if !slices.Equal(c.static[:], keyParts[0]) {
		s.mu.Unlock()
		return errors.New("scan the QR code: its noise key is not that of the client that shows it")
	}
	done, err := s.vouch(c, by.who(), keyParts[1], keyParts[2])
	s.mu.Unlock()
	if err != nil {
		return err
	}
	return await(ctx, done, "scan the QR code")
}

func await(ctx context.Context, done <-chan error, what string) error {
	select {
	case err := <-done:
		if err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%s: the client does not answer: %w", what, ctx.Err())
	}
}

// vouch sends the client the telephone's word that it is one of its devices. The
// secret proves that the word comes from whoever saw the code. s.mu is held.
func (s *Server) vouch(c *conn, a *Account, identity, secret []byte) (<-chan error, error) {
	p := c.pairing
	if p.done != nil {
		return nil, errors.New("link a device: somebody is linking it already")
	}
	a.linked++
	details, err := proto.Marshal(&waAdv.ADVDeviceIdentity{
		RawID:     proto.Uint32(uint32(len(s.people))),
		Timestamp: proto.Uint64(uint64(s.unix())),
		KeyIndex:  proto.Uint32(uint32(a.linked)),
	})
	if err != nil {
		return nil, fmt.Errorf("write a device's identity: %w", err)
	}
	message := slices.Concat(whatsmeow.AdvAccountSignaturePrefix, details, identity)
	signature := ecc.CalculateSignature(ecc.NewDjbECPrivateKey(*a.identity.Priv), message)
	signed, err := proto.Marshal(&waAdv.ADVSignedDeviceIdentity{
		Details: details, AccountSignatureKey: a.identity.Pub[:], AccountSignature: signature[:],
	})
	if err != nil {
		return nil, fmt.Errorf("write a signed device's identity: %w", err)
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write(signed)
	container, err := proto.Marshal(&waAdv.ADVSignedDeviceIdentityHMAC{Details: signed, HMAC: mac.Sum(nil)})
	if err != nil {
		return nil, fmt.Errorf("write a sealed device's identity: %w", err)
	}
	p.account, p.device = a, s.deviceToBe(c, a, identity)
	p.request, p.done = s.newID(), make(chan error, 1)
	c.send(waBinary.Node{
		Tag:   "iq",
		Attrs: waBinary.Attrs{"from": types.ServerJID, "type": "set", "xmlns": "md", "id": p.request, "t": s.unix()},
		Content: []waBinary.Node{{Tag: "pair-success", Content: []waBinary.Node{
			{Tag: "device-identity", Content: container},
			{Tag: "device", Attrs: waBinary.Attrs{"jid": p.device.jid(), "lid": p.device.lid()}},
			{Tag: "platform", Attrs: waBinary.Attrs{"name": "android"}},
		}}},
	})
	return p.done, nil
}

// deviceToBe is the device that the client becomes if it accepts.
func (s *Server) deviceToBe(c *conn, a *Account, identity []byte) *device {
	registration := c.login.GetDevicePairingData()
	return &device{
		srv: s, account: a, number: a.linked, noise: c.static, identity: identity,
		registration: registration.GetERegid(),
		signedPreKey: waBinary.Node{Tag: "skey", Content: []waBinary.Node{
			{Tag: "id", Content: registration.GetESkeyID()},
			{Tag: "value", Content: registration.GetESkeyVal()},
			{Tag: "signature", Content: registration.GetESkeySig()},
		}},
	}
}

// handlePairAnswer hears whether the client accepts to be linked. One that does
// signs its identity, and is told to connect anew.
func (s *Server) handlePairAnswer(c *conn, node *waBinary.Node) {
	p := c.pairing
	ag := node.AttrGetter()
	if p == nil || p.done == nil || ag.OptionalString("id") != p.request {
		return // the answer to a ping or to pair-device
	}
	err := p.check(node)
	p.done <- err
	p.done = nil
	if err != nil {
		return
	}
	for _, ref := range p.refs {
		delete(s.refs, ref)
	}
	c.pairing = nil
	s.link(p.account, p.device)
	c.send(waBinary.Node{Tag: "stream:error", Attrs: waBinary.Attrs{"code": "515"}})
	// The client hangs up by itself; the timer is for one that does not.
	s.opts.After(patience, c.cut)
}

// check verifies the client's signature under the identity that it got.
func (p *pairing) check(node *waBinary.Node) error {
	if node.AttrGetter().OptionalString("type") == "error" {
		reason := node.GetChildByTag("error")
		return fmt.Errorf("the client refuses: %s", reason.AttrGetter().OptionalString("text"))
	}
	sealed := node.GetChildByTag("pair-device-sign", "device-identity")
	data, _ := sealed.Content.([]byte)
	var identity waAdv.ADVSignedDeviceIdentity
	if err := proto.Unmarshal(data, &identity); err != nil {
		return fmt.Errorf("read the client's signed identity: %w", err)
	}
	if len(identity.GetDeviceSignature()) != 64 || len(p.device.identity) != 32 {
		return errors.New("the client's identity is not signed")
	}
	message := slices.Concat(whatsmeow.AdvDeviceSignaturePrefix, identity.GetDetails(), p.device.identity, p.account.identity.Pub[:])
	key := ecc.NewDjbECPublicKey([32]byte(p.device.identity))
	if !ecc.VerifySignature(key, message, [64]byte(identity.GetDeviceSignature())) {
		return errors.New("the client's signature does not match its identity")
	}
	return nil
}

// abandonPairing ends a pairing whose client is gone. s.mu is held.
func (s *Server) abandonPairing(c *conn, why error) {
	p := c.pairing
	if p == nil {
		return
	}
	for _, ref := range p.refs {
		delete(s.refs, ref)
	}
	if p.done != nil {
		p.done <- why
		p.done = nil
	}
	if p.hello != nil {
		p.hello.end(why)
	}
	c.pairing = nil
}
