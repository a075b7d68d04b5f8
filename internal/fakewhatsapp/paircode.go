package fakewhatsapp

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/pbkdf2"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/util/keys"
	"golang.org/x/crypto/curve25519"
)

// codeRounds is how often a pair code is hashed into a key.
const codeRounds = 2 << 16

// codeHello is a client's wish to be linked by a code that a person types into
// the telephone.
type codeHello struct {
	account  *Account
	ref      string
	wrapped  []byte // salt, iv and the client's ephemeral key under the code
	approval *codeApproval
}

// codeApproval is a telephone into which the code has been typed.
type codeApproval struct {
	ephemeral *keys.KeyPair
	shared    []byte
	started   chan codeStart
}

// codeStart says that the pairing goes on by pair-success, or why it does not.
type codeStart struct {
	done <-chan error
	err  error
}

func (h *codeHello) end(why error) {
	if h.approval != nil {
		h.approval.started <- codeStart{err: why}
		h.approval = nil
	}
}

// handleLinking takes the steps of linking by code, and a device that unlinks
// itself.
func (s *Server) handleLinking(q *query) {
	switch q.child.Tag {
	case "link_code_companion_reg":
		if q.conn.pairing == nil {
			q.refuse(400, "bad-request")
			return
		}
		if q.child.AttrGetter().OptionalString("stage") == "companion_hello" {
			s.handleCodeHello(q)
			return
		}
		s.handleCodeFinish(q)
	case "remove-companion-device":
		dev := q.conn.dev
		q.result()
		if dev != nil {
			dev.conn = nil
			q.conn.dev = nil
			s.unlink(dev)
		}
	default:
		s.notUnderstood(q.node)
		q.refuse(501, "feature-not-implemented")
	}
}

// handleCodeHello keeps what a client needs to be linked by code. The person
// gets the code from the client, not from the server.
func (s *Server) handleCodeHello(q *query) {
	account := s.find(q.child.AttrGetter().OptionalJIDOrEmpty("jid"))
	wrappedNode := q.child.GetChildByTag("link_code_pairing_wrapped_companion_ephemeral_pub")
	wrapped, _ := wrappedNode.Content.([]byte)
	if account == nil || len(wrapped) != 80 {
		q.refuse(400, "bad-request")
		return
	}
	hello := &codeHello{account: account, ref: "3@" + s.newID(), wrapped: wrapped}
	q.conn.pairing.hello = hello
	q.result(waBinary.Node{
		Tag:     "link_code_companion_reg",
		Attrs:   waBinary.Attrs{"stage": "companion_hello"},
		Content: []waBinary.Node{{Tag: "link_code_pairing_ref", Content: []byte(hello.ref)}},
	})
	s.wake()
}

// ApprovePairCode does what a person does who types the code into the
// telephone: it links the client that asked for it, and returns once the client
// has accepted. A code that is not the client's is an error.
func (s *Server) ApprovePairCode(ctx context.Context, by Someone, code string) error {
	code = strings.ToUpper(strings.ReplaceAll(code, "-", ""))
	approval := &codeApproval{ephemeral: s.newKeyPair(), started: make(chan codeStart, 1)}
	s.mu.Lock()
	c := s.waitingFor(by.who())
	if c == nil {
		s.mu.Unlock()
		return fmt.Errorf("type the pair code: no client waits to be linked to %s", by.who().Phone)
	}
	hello := c.pairing.hello
	s.mu.Unlock()

	// Outside the lock: hashing the code is slow on purpose.
	wrapped, err := approval.open(s, hello.wrapped, code)
	if err != nil {
		return err
	}
	s.mu.Lock()
	if c.pairing == nil || c.pairing.hello != hello {
		s.mu.Unlock()
		return errors.New("type the pair code: the client does not wait any more")
	}
	hello.approval = approval
	c.send(waBinary.Node{
		Tag: "notification",
		Attrs: waBinary.Attrs{
			"type": "link_code_companion_reg", "from": types.ServerJID, "id": s.newID(), "t": s.unix(),
		},
		Content: []waBinary.Node{{
			Tag:   "link_code_companion_reg",
			Attrs: waBinary.Attrs{"stage": "primary_hello"},
			Content: []waBinary.Node{
				{Tag: "link_code_pairing_wrapped_primary_ephemeral_pub", Content: wrapped},
				{Tag: "primary_identity_pub", Content: hello.account.identity.Pub[:]},
				{Tag: "link_code_pairing_ref", Content: []byte(hello.ref)},
			},
		}},
	})
	s.mu.Unlock()
	select {
	case start := <-approval.started:
		if start.err != nil {
			return fmt.Errorf("type the pair code: %w", start.err)
		}
		return await(ctx, start.done, "type the pair code")
	case <-ctx.Done():
		return fmt.Errorf("type the pair code: the client does not answer: %w", ctx.Err())
	}
}

// waitingFor gives the newest client that wants to be linked to the account.
func (s *Server) waitingFor(a *Account) *conn {
	for _, c := range slices.Backward(s.conns) {
		if c.pairing != nil && c.pairing.hello != nil && c.pairing.hello.account == a {
			return c
		}
	}
	return nil
}

// open unwraps the client's ephemeral key with the code, agrees on a secret and
// wraps the telephone's own ephemeral key for the way back.
func (p *codeApproval) open(s *Server, wrapped []byte, code string) ([]byte, error) {
	public, err := underCode(code, wrapped[:32], wrapped[32:48], wrapped[48:80])
	if err != nil {
		return nil, err
	}
	if p.shared, err = curve25519.X25519(p.ephemeral.Priv[:], public); err != nil {
		return nil, fmt.Errorf("agree on a key with the client: %w", err)
	}
	salt, iv := s.random(32), s.random(16)
	own, err := underCode(code, salt, iv, p.ephemeral.Pub[:])
	if err != nil {
		return nil, err
	}
	return slices.Concat(salt, iv, own), nil
}

// underCode encrypts or decrypts, which is the same, with a key made of a code.
func underCode(code string, salt, iv, data []byte) ([]byte, error) {
	key, err := pbkdf2.Key(sha256.New, code, salt, codeRounds, 32)
	if err != nil {
		return nil, fmt.Errorf("derive a key from the pair code: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	out := make([]byte, len(data))
	cipher.NewCTR(block, iv).XORKeyStream(out, data)
	return out, nil
}

// handleCodeFinish takes the client's keys, from which both sides make the
// secret that seals the pair-success. It can open them only if the code was right.
func (s *Server) handleCodeFinish(q *query) {
	hello := q.conn.pairing.hello
	if hello == nil || hello.approval == nil {
		q.refuse(400, "bad-request")
		return
	}
	approval := hello.approval
	hello.approval = nil
	bundle := q.child.GetChildByTag("link_code_pairing_wrapped_key_bundle")
	wrapped, _ := bundle.Content.([]byte)
	identity, secret, err := approval.secret(hello.account, wrapped)
	if err != nil {
		q.refuse(401, "not-authorized")
		approval.started <- codeStart{err: err}
		return
	}
	q.result()
	done, err := s.vouch(q.conn, hello.account, identity, secret)
	approval.started <- codeStart{done: done, err: err}
}

var errWrongCode = errors.New("the code is not the one that the client shows")

// secret opens the client's bundle (salt, nonce, and encrypted: the client's
// identity, the telephone's, a random part) and derives the shared secret.
func (p *codeApproval) secret(a *Account, wrapped []byte) (identity, secret []byte, err error) {
	if len(wrapped) != 32+12+96+16 {
		return nil, nil, fmt.Errorf("read the client's keys: they have %d bytes", len(wrapped))
	}
	key, err := hkdf.Key(sha256.New, p.shared, wrapped[:32], "link_code_pairing_key_bundle_encryption_key", 32)
	if err != nil {
		return nil, nil, fmt.Errorf("derive the key of the client's keys: %w", err)
	}
	gcm, err := newGCM(key)
	if err != nil {
		return nil, nil, err
	}
	plain, err := gcm.Open(nil, wrapped[32:44], wrapped[44:], nil)
	if err != nil {
		return nil, nil, errWrongCode
	}
	identity, primary, random := plain[:32], plain[32:64], plain[64:]
	if !slices.Equal(primary, a.identity.Pub[:]) {
		return nil, nil, errors.New("the client took another telephone's identity")
	}
	common, err := curve25519.X25519(a.identity.Priv[:], identity)
	if err != nil {
		return nil, nil, fmt.Errorf("agree on a key with the client: %w", err)
	}
	secret, err = hkdf.Key(sha256.New, slices.Concat(p.shared, common, random), nil, "adv_secret", 32)
	return identity, secret, err
}
