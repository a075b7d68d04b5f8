package fakewhatsapp

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"go.mau.fi/libsignal/ecc"
	"go.mau.fi/whatsmeow/proto/waCert"
	"go.mau.fi/whatsmeow/proto/waWa6"
	"go.mau.fi/whatsmeow/socket"
	"go.mau.fi/whatsmeow/util/keys"
	"golang.org/x/crypto/curve25519"
	"google.golang.org/protobuf/proto"
)

// noise is the responder's half of Noise_XX_25519_AESGCM_SHA256, which the
// library has only as initiator.
type noise struct {
	hash    []byte
	salt    []byte
	key     cipher.AEAD
	counter uint32
}

func newNoise(header []byte) (*noise, error) {
	n := &noise{hash: []byte(socket.NoiseStartPattern), salt: []byte(socket.NoiseStartPattern)}
	var err error
	if n.key, err = newGCM(n.hash); err != nil {
		return nil, err
	}
	n.authenticate(header)
	return n, nil
}

func (n *noise) authenticate(data []byte) {
	sum := sha256.Sum256(append(append([]byte(nil), n.hash...), data...))
	n.hash = sum[:]
}

func (n *noise) encrypt(plaintext []byte) []byte {
	ciphertext := n.key.Seal(nil, nonce(n.counter), plaintext, n.hash)
	n.counter++
	n.authenticate(ciphertext)
	return ciphertext
}

func (n *noise) decrypt(ciphertext []byte) ([]byte, error) {
	plaintext, err := n.key.Open(nil, nonce(n.counter), ciphertext, n.hash)
	if err != nil {
		return nil, err
	}
	n.counter++
	n.authenticate(ciphertext)
	return plaintext, nil
}

func (n *noise) mix(private, public []byte) error {
	secret, err := curve25519.X25519(private, public)
	if err != nil {
		return fmt.Errorf("agree on a key: %w", err)
	}
	first, second, err := n.expand(secret)
	if err != nil {
		return err
	}
	n.salt, n.counter = first, 0
	n.key, err = newGCM(second)
	return err
}

func (n *noise) expand(secret []byte) (first, second []byte, err error) {
	both, err := hkdf.Key(sha256.New, secret, n.salt, "", 64)
	if err != nil {
		return nil, nil, fmt.Errorf("derive keys: %w", err)
	}
	return both[:32], both[32:], nil
}

// split gives the ciphers of the connection: the first key is the client's to write with.
func (n *noise) split() (read, write cipher.AEAD, err error) {
	first, second, err := n.expand(nil)
	if err != nil {
		return nil, nil, err
	}
	if read, err = newGCM(first); err != nil {
		return nil, nil, err
	}
	write, err = newGCM(second)
	return read, write, err
}

func newGCM(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

func nonce(counter uint32) []byte {
	iv := make([]byte, 12)
	binary.BigEndian.PutUint32(iv[8:], counter)
	return iv
}

// handshake greets the client whose hello has come and says what it must send
// next; finish reads that. In between the client checks the certificates.
func (s *Server) handshake(header, hello []byte) (*noise, *keys.KeyPair, []byte, error) {
	var message waWa6.HandshakeMessage
	if err := proto.Unmarshal(hello, &message); err != nil {
		return nil, nil, nil, fmt.Errorf("read the client's hello: %w", err)
	}
	clientEphemeral := message.GetClientHello().GetEphemeral()
	n, err := newNoise(header)
	if err != nil {
		return nil, nil, nil, err
	}
	n.authenticate(clientEphemeral)
	ephemeral := s.newKeyPair()
	n.authenticate(ephemeral.Pub[:])
	if err = n.mix(ephemeral.Priv[:], clientEphemeral); err != nil {
		return nil, nil, nil, err
	}
	static := n.encrypt(s.static.Pub[:])
	if err = n.mix(s.static.Priv[:], clientEphemeral); err != nil {
		return nil, nil, nil, err
	}
	answer, err := proto.Marshal(&waWa6.HandshakeMessage{ServerHello: &waWa6.HandshakeMessage_ServerHello{
		Ephemeral: ephemeral.Pub[:],
		Static:    static,
		Payload:   n.encrypt(s.certificates),
	}})
	return n, ephemeral, answer, err
}

// finish reads the client's static key and its payload, which says whether it
// logs in or wants to be paired.
func (n *noise) finish(ephemeral *keys.KeyPair, data []byte) (static [32]byte, payload *waWa6.ClientPayload, err error) {
	var message waWa6.HandshakeMessage
	if err = proto.Unmarshal(data, &message); err != nil {
		return static, nil, fmt.Errorf("read the client's finish: %w", err)
	}
	public, err := n.decrypt(message.GetClientFinish().GetStatic())
	if err != nil {
		return static, nil, fmt.Errorf("decrypt the client's static key: %w", err)
	}
	if len(public) != len(static) {
		return static, nil, fmt.Errorf("read the client's static key: it has %d bytes", len(public))
	}
	copy(static[:], public)
	if err = n.mix(ephemeral.Priv[:], public); err != nil {
		return static, nil, err
	}
	plain, err := n.decrypt(message.GetClientFinish().GetPayload())
	if err != nil {
		return static, nil, fmt.Errorf("decrypt the client's payload: %w", err)
	}
	payload = &waWa6.ClientPayload{}
	if err = proto.Unmarshal(plain, payload); err != nil {
		return static, nil, fmt.Errorf("read the client's payload: %w", err)
	}
	return static, payload, nil
}

// The certificates hold for a century around today, because the client checks
// them by its own clock, which is not the server's.
const (
	certNotBefore   = 946684800  // 2000-01-01
	certNotAfter    = 4102444800 // 2100-01-01
	intermediateNum = 1
	leafNum         = 2
)

// newCertificates signs the chain that a client asks for: the root signs an
// intermediate key (issuer serial 0), which signs the server's static key.
func newCertificates(root, intermediate, static *keys.KeyPair) ([]byte, error) {
	middle, err := certify(root, intermediate.Pub[:], intermediateNum, 0)
	if err != nil {
		return nil, err
	}
	leaf, err := certify(intermediate, static.Pub[:], leafNum, intermediateNum)
	if err != nil {
		return nil, err
	}
	return proto.Marshal(&waCert.CertChain{Intermediate: middle, Leaf: leaf})
}

func certify(issuer *keys.KeyPair, subject []byte, serial, issuerSerial uint32) (*waCert.CertChain_NoiseCertificate, error) {
	details, err := proto.Marshal(&waCert.CertChain_NoiseCertificate_Details{
		Serial:       proto.Uint32(serial),
		IssuerSerial: proto.Uint32(issuerSerial),
		Key:          subject,
		NotBefore:    proto.Uint64(certNotBefore),
		NotAfter:     proto.Uint64(certNotAfter),
	})
	if err != nil {
		return nil, fmt.Errorf("write a certificate: %w", err)
	}
	signature := ecc.CalculateSignature(ecc.NewDjbECPrivateKey(*issuer.Priv), details)
	return &waCert.CertChain_NoiseCertificate{Details: details, Signature: signature[:]}, nil
}
