package fakewhatsapp

import (
	"context"
	"crypto/cipher"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waWa6"
	"go.mau.fi/whatsmeow/socket"
	"go.mau.fi/whatsmeow/types"
)

const websocketPath = "/ws/chat"

// patience is how long the server waits for a client to handle its last stanza
// or to hang up, before it cuts the connection. A client that lives answers in
// milliseconds; only one that hangs is waited for.
const patience = 3 * time.Second

// conn is one websocket of one client.
type conn struct {
	srv    *Server
	ws     *websocket.Conn
	buf    []byte
	static [32]byte
	login  *waWa6.ClientPayload
	gone   chan struct{} // closed when the reader has ended

	// Guarded by the server's lock.
	dev     *device
	active  bool
	pairing *pairing
	fences  map[string]func()

	queueLock sync.Mutex
	queue     []waBinary.Node
	wake      chan struct{}
}

// ServeHTTP takes websockets and media, as WhatsApp's hosts do.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == websocketPath:
		s.serveSocket(w, r)
	case strings.HasPrefix(r.URL.Path, uploadPath), strings.HasPrefix(r.URL.Path, downloadPath):
		s.serveMedia(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	outage := s.outage || s.closed
	s.mu.Unlock()
	if outage {
		http.Error(w, "out of service", http.StatusServiceUnavailable)
		return
	}
	ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return // Accept has answered
	}
	ws.SetReadLimit(socket.FrameMaxSize)
	c := &conn{srv: s, ws: ws, gone: make(chan struct{}), fences: map[string]func(){}, wake: make(chan struct{}, 1)}
	if err = c.serve(context.WithoutCancel(r.Context())); err != nil {
		s.opts.Log.Debugf("connection ended: %v", err)
	}
}

// serve shakes hands and then reads until the client is gone.
func (c *conn) serve(ctx context.Context) error {
	defer func() { _ = c.ws.CloseNow() }() // the client may have closed it already
	read, write, err := c.shakeHands(ctx)
	if err != nil {
		return err
	}
	go c.writeLoop(ctx, write)
	c.srv.arrive(c)
	err = c.readLoop(ctx, read)
	close(c.gone)
	c.srv.leave(c)
	return err
}

func (c *conn) shakeHands(ctx context.Context) (read, write cipher.AEAD, err error) {
	header, err := c.readBytes(ctx, len(socket.WAConnHeader))
	if err != nil {
		return nil, nil, err
	}
	hello, err := c.readFrame(ctx)
	if err != nil {
		return nil, nil, err
	}
	n, ephemeral, answer, err := c.srv.handshake(header, hello)
	if err != nil {
		return nil, nil, err
	}
	if err = c.writeFrame(ctx, answer); err != nil {
		return nil, nil, err
	}
	finish, err := c.readFrame(ctx)
	if err != nil {
		return nil, nil, err
	}
	if c.static, c.login, err = n.finish(ephemeral, finish); err != nil {
		return nil, nil, err
	}
	return n.split()
}

func (c *conn) readBytes(ctx context.Context, size int) ([]byte, error) {
	for len(c.buf) < size {
		_, data, err := c.ws.Read(ctx)
		if err != nil {
			return nil, err
		}
		c.buf = append(c.buf, data...)
	}
	data := c.buf[:size:size]
	c.buf = c.buf[size:]
	return data, nil
}

func (c *conn) readFrame(ctx context.Context) ([]byte, error) {
	head, err := c.readBytes(ctx, socket.FrameLengthSize)
	if err != nil {
		return nil, err
	}
	return c.readBytes(ctx, int(head[0])<<16|int(head[1])<<8|int(head[2]))
}

func (c *conn) writeFrame(ctx context.Context, data []byte) error {
	if len(data) >= socket.FrameMaxSize {
		return fmt.Errorf("write a frame of %d bytes: too large", len(data))
	}
	frame := append([]byte{byte(len(data) >> 16), byte(len(data) >> 8), byte(len(data))}, data...)
	return c.ws.Write(ctx, websocket.MessageBinary, frame)
}

func (c *conn) readLoop(ctx context.Context, key cipher.AEAD) error {
	for counter := uint32(0); ; counter++ {
		frame, err := c.readFrame(ctx)
		if err != nil {
			return err
		}
		plain, err := key.Open(nil, nonce(counter), frame, nil)
		if err != nil {
			return fmt.Errorf("decrypt a frame: %w", err)
		}
		if len(plain) == 0 {
			return errors.New("unpack a frame: it is empty")
		}
		if plain, err = waBinary.Unpack(plain); err != nil {
			return fmt.Errorf("unpack a frame: %w", err)
		}
		node, err := waBinary.Unmarshal(plain)
		if err != nil {
			return fmt.Errorf("read a stanza: %w", err)
		}
		c.srv.receive(c, node)
	}
}

func (c *conn) writeLoop(ctx context.Context, key cipher.AEAD) {
	for counter := uint32(0); ; {
		select {
		case <-c.wake:
		case <-c.gone:
			return
		}
		for _, node := range c.takeQueue() {
			plain, err := waBinary.Marshal(node)
			if err == nil {
				err = c.writeFrame(ctx, key.Seal(nil, nonce(counter), plain, nil))
			}
			if err != nil {
				c.cut()
				return
			}
			counter++
		}
	}
}

func (c *conn) takeQueue() []waBinary.Node {
	c.queueLock.Lock()
	defer c.queueLock.Unlock()
	queue := c.queue
	c.queue = nil
	return queue
}

// send queues a stanza; it never blocks.
func (c *conn) send(node waBinary.Node) {
	c.queueLock.Lock()
	c.queue = append(c.queue, node)
	c.queueLock.Unlock()
	select {
	case c.wake <- struct{}{}:
	default: // the writer is awake already
	}
}

// cut closes the connection without a word, as a lost network does.
func (c *conn) cut() {
	go func() { _ = c.ws.CloseNow() }() // it may be closed already; either way it is now
}

// after calls then when the client has handled every stanza sent so far. A
// client works through stanzas in order and acknowledges any notification, so
// one that it does not know marks the place. s.mu is held here and in then.
func (c *conn) after(then func()) {
	id := c.srv.newID()
	c.fences[id] = then
	c.send(waBinary.Node{Tag: "notification", Attrs: waBinary.Attrs{
		"from": types.ServerJID, "type": "server", "id": id, "t": c.srv.unix(),
	}})
}

// end closes the connection once the client has handled what was sent, because
// a client forgets what it has not handled when the connection closes.
// s.mu is held.
func (c *conn) end() {
	c.active = false
	c.after(c.cut)
	c.srv.opts.After(patience, c.cut)
}

// arrive takes a client that has shaken hands.
func (s *Server) arrive(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conns = append(s.conns, c)
	if s.closed {
		c.cut()
		return
	}
	if c.login.GetDevicePairingData() != nil {
		s.offerPairing(c)
		return
	}
	s.logIn(c)
}

// leave forgets a client that has hung up.
func (s *Server) leave(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conns = slices.DeleteFunc(s.conns, func(other *conn) bool { return other == c })
	if c.dev != nil && c.dev.conn == c {
		c.dev.conn = nil
	}
	s.abandonPairing(c, errHungUp)
	s.wake()
}

var errHungUp = errors.New("the client hung up")

// receive handles one stanza of a client's.
func (s *Server) receive(c *conn, node *waBinary.Node) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch node.Tag {
	case "iq":
		s.handleIQ(c, node)
	case "message":
		s.handleMessage(c, node)
	case "receipt":
		s.handleReceipt(c, node)
	case "ack":
		s.handleAck(c, node)
	case "presence":
		s.handlePresence(c, node)
	case "chatstate", "ib", "call":
		// who types, telemetry and calls go nowhere
	default:
		s.notUnderstood(node)
	}
}
