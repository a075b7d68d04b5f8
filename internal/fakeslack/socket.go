package fakeslack

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/gorilla/websocket"
)

// maxSockets is how many connections an app may have; maxAck is where Slack drops an answer silently.
const (
	maxSockets = 10
	maxAck     = 20 * 1024
)

// sockets are the connections of the app.
type sockets struct {
	tickets     map[string]bool
	open        []*socket
	next        int
	opened      int
	hellos      int
	redelivered int
	pending     map[string]*envelope
}

// socketFaults is what goes wrong on sockets.
type socketFaults struct {
	dropAfterHello, loseAcks, duplicate, repeatEvents int
	hold                                              int // envelopes still to be held back, then sent in reverse
	held                                              []*envelope
	refuse                                            bool
	lag                                               time.Duration
	slowFiles                                         int
}

// socket is one connection.
type socket struct {
	name  string
	conn  *websocket.Conn
	out   chan []byte
	ended chan struct{}
}

func (s *Server) connectionsOpen(*call) obj {
	if s.faults.socket.refuse {
		return fails("internal_error")
	}
	s.serial++
	ticket := fmt.Sprintf("ticket-%d-%08x", s.serial, s.rand.Uint32())
	if s.sockets.tickets == nil {
		s.sockets.tickets = map[string]bool{}
	}
	s.sockets.tickets[ticket] = true
	return obj{"url": "ws" + s.url[len("http"):] + "/socket/" + ticket + "?app_id=" + s.app}
}

// serveSocket holds one connection until it ends.
func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	if !s.useTicket(r.PathValue("ticket")) {
		http.Error(w, "unknown ticket", http.StatusForbidden)
		return
	}
	up := websocket.Upgrader{ReadBufferSize: 32 << 10, WriteBufferSize: 32 << 10, CheckOrigin: func(*http.Request) bool { return true }}
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	sock := s.admit(conn)
	s.work.Go(func() { s.write(sock) })
	s.read(sock)
	s.leave(sock)
}

func (s *Server) useTicket(ticket string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	known := s.sockets.tickets[ticket]
	delete(s.sockets.tickets, ticket)
	return known && !s.stop()
}

// admit greets a new connection. The oldest one leaves when there are too many.
func (s *Server) admit(conn *websocket.Conn) *socket {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sockets.opened++
	sock := &socket{name: fmt.Sprintf("applink-%d", s.sockets.opened), conn: conn, out: make(chan []byte, 4096), ended: make(chan struct{})}
	if len(s.sockets.open) >= maxSockets {
		s.sockets.open[0].send(disconnectFrame(s.sockets.open[0], "too_many_websockets"))
		s.sockets.open = s.sockets.open[1:]
	}
	s.sockets.open = append(s.sockets.open, sock)
	s.sockets.hellos++
	sock.send(encode(obj{
		"type": "hello", "num_connections": len(s.sockets.open), "connection_info": obj{"app_id": s.app},
		"debug_info": obj{"host": sock.name, "build_number": 1, "approximate_connection_time": 18060},
	}))
	if s.faults.socket.dropAfterHello > 0 {
		s.faults.socket.dropAfterHello--
		s.faults.made["dropped after hello"]++
		sock.send(nil)
	}
	s.wakeLocked()
	return sock
}

// send queues a frame; nil ends the connection without a closing handshake.
func (k *socket) send(frame []byte) {
	select {
	case k.out <- frame:
	default: // a client that reads nothing loses the connection's frames, as with Slack
	}
}

func disconnectFrame(k *socket, reason string) []byte {
	return encode(obj{"type": "disconnect", "reason": reason, "debug_info": obj{"host": k.name}})
}

// write sends frames and pings until the connection ends.
func (s *Server) write(k *socket) {
	defer k.conn.Close()
	ping := s.opt.After(s.opt.Ping)
	for {
		select {
		case frame := <-k.out:
			if frame == nil {
				return
			}
			if err := k.conn.WriteMessage(websocket.TextMessage, frame); err != nil {
				return
			}
		case <-ping:
			ping = s.opt.After(s.opt.Ping)
			if err := k.conn.WriteMessage(websocket.PingMessage, []byte("Ping from "+k.name)); err != nil {
				return
			}
		case <-k.ended:
			return
		case <-s.ended:
			return
		}
	}
}

// read takes acknowledgements until the connection ends.
func (s *Server) read(k *socket) {
	for {
		_, raw, err := k.conn.ReadMessage()
		if err != nil {
			return
		}
		var ack struct {
			EnvelopeID string          `json:"envelope_id"`
			Payload    json.RawMessage `json:"payload"`
		}
		if json.Unmarshal(raw, &ack) == nil && ack.EnvelopeID != "" {
			s.acknowledge(ack.EnvelopeID, ack.Payload, len(raw))
		}
	}
}

// leave forgets a connection; what it did not acknowledge goes to another.
func (s *Server) leave(k *socket) {
	close(k.ended)
	s.change(func() {
		for i, open := range s.sockets.open {
			if open == k {
				s.sockets.open = append(s.sockets.open[:i:i], s.sockets.open[i+1:]...)
				break
			}
		}
	})
}

// pick chooses the connection that gets the next envelope, nil if there is none. Called with the lock held.
func (s *Server) pick() *socket {
	if len(s.sockets.open) == 0 {
		return nil
	}
	s.sockets.next++
	return s.sockets.open[s.sockets.next%len(s.sockets.open)]
}

// DropSockets breaks every connection without a word.
func (s *Server) DropSockets() {
	s.change(func() {
		for _, k := range s.sockets.open {
			s.faults.made["dropped socket"]++
			_ = k.conn.UnderlyingConn().Close()
		}
	})
}

// Disconnect announces the end of every connection: "warning" ends it ten seconds later, "refresh_requested" leaves it to
// the app, "link_disabled" ends it at once and refuses new ones until Enable.
func (s *Server) Disconnect(reason string) {
	s.change(func() {
		s.faults.made["disconnect "+reason]++
		if reason == "link_disabled" {
			s.faults.socket.refuse = true
		}
		for _, k := range s.sockets.open {
			k.send(disconnectFrame(k, reason))
			if reason == "link_disabled" {
				k.send(nil)
			}
			if reason == "warning" {
				s.work.Go(func() { s.endLater(k) })
			}
		}
	})
}

func (s *Server) endLater(k *socket) {
	select {
	case <-s.opt.After(10 * time.Second):
		k.send(nil)
	case <-k.ended:
	case <-s.ended:
	}
}

// Enable lets the app connect again after Disconnect("link_disabled") or RefuseSockets.
func (s *Server) Enable() { s.change(func() { s.faults.socket.refuse = false }) }

// RefuseSockets makes apps.connections.open fail until Enable.
func (s *Server) RefuseSockets() { s.change(func() { s.faults.socket.refuse = true }) }

// DropAfterHello ends the next n connections right after their hello.
func (s *Server) DropAfterHello(n int) { s.change(func() { s.faults.socket.dropAfterHello = n }) }

// Connections counts those that are open, and all that ever were.
func (s *Server) Connections() (open, ever int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sockets.open), s.sockets.hellos
}

// Redeliveries counts the envelopes that were offered again.
func (s *Server) Redeliveries() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sockets.redelivered
}
