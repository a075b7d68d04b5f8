package fakewhatsapp

import (
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
)

// The faults below befall all the linked devices of somebody.

// eachDevice runs do on the linked devices, under the lock.
func (s *Server) eachDevice(whose Someone, do func(*device)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range append([]*device(nil), whose.who().clients()...) {
		do(d)
	}
	s.wake()
}

// Drop cuts the connection without a word, as a lost network does.
func (s *Server) Drop(whose Someone) {
	s.eachDevice(whose, func(d *device) {
		if d.conn != nil {
			d.conn.active = false
			d.conn.cut()
			d.conn = nil
		}
	})
}

// Restart tells the client that the server restarts (503) and hangs up; the
// client comes back by itself.
func (s *Server) Restart(whose Someone) {
	s.eachDevice(whose, func(d *device) {
		if c := d.conn; c != nil {
			d.conn = nil
			c.send(waBinary.Node{Tag: "stream:error", Attrs: waBinary.Attrs{"code": "503"}})
			c.end()
		}
	})
}

// Outage makes the server answer every new connection with HTTP 503, and drops
// everybody when it begins.
func (s *Server) Outage(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.outage = on
	if !on {
		return
	}
	for _, c := range s.conns {
		if c.dev != nil && c.dev.conn == c {
			c.dev.conn = nil
		}
		c.active = false
		c.cut()
	}
	s.wake()
}

// Hold keeps everything for somebody back, in order, until the returned
// function is called, once for each Hold.
func (s *Server) Hold(whose Someone) (release func()) {
	var held []*device
	s.eachDevice(whose, func(d *device) {
		d.faults.holds++
		held = append(held, d)
	})
	released := false
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if released {
			return
		}
		released = true
		for _, d := range held {
			d.faults.holds--
			d.flush()
		}
		s.wake()
	}
}

// Delay makes everything for somebody come that much later from now on; zero
// ends it.
func (s *Server) Delay(whose Someone, by time.Duration) {
	s.eachDevice(whose, func(d *device) { d.faults.delay = by })
}

// Repeat delivers the next n messages twice, sealed the same. (Somebody who
// sends a message twice is Member.Repeats.)
func (s *Server) Repeat(whose Someone, n int) {
	s.eachDevice(whose, func(d *device) { d.faults.repeat += n })
}

// Reorder waits for the next n messages and delivers them last first; zero delivers what waits.
func (s *Server) Reorder(whose Someone, n int) {
	s.eachDevice(whose, func(d *device) {
		d.faults.reorder = n
		d.flush()
	})
}

// UndecryptableNext spoils the next n messages on the way, so that the client
// cannot decrypt them and asks for them again.
func (s *Server) UndecryptableNext(whose Someone, n int) {
	s.eachDevice(whose, func(d *device) { d.faults.corrupt += n })
}

// LogOut unlinks somebody's devices from the telephone. Those that are away
// learn it when they come back.
func (s *Server) LogOut(whose Someone) {
	s.eachDevice(whose, func(d *device) {
		c := d.conn
		d.conn = nil
		s.unlink(d)
		if c == nil {
			return
		}
		c.send(waBinary.Node{
			Tag:     "stream:error",
			Attrs:   waBinary.Attrs{"code": "401"},
			Content: []waBinary.Node{{Tag: "conflict", Attrs: waBinary.Attrs{"type": "device_removed"}}},
		})
		c.end()
	})
}

// ReplaceStream tells the client that another one has connected with its keys.
func (s *Server) ReplaceStream(whose Someone) {
	s.eachDevice(whose, func(d *device) {
		if d.conn != nil {
			s.replace(d.conn)
		}
	})
}

// TempBan refuses somebody's logins with a temporary ban, from now on until
// Pardon, and drops the connection.
func (s *Server) TempBan(whose Someone, code events.TempBanReason, expires time.Duration) {
	s.refuseLogins(whose, &refusal{
		reason: int(events.ConnectFailureTempBanned),
		attrs:  waBinary.Attrs{"code": int(code), "expire": int(expires.Seconds())},
	})
}

// ClientOutdated refuses somebody's logins because the client is too old, from
// now on until Pardon, and drops the connection.
func (s *Server) ClientOutdated(whose Someone) {
	s.refuseLogins(whose, &refusal{reason: int(events.ConnectFailureClientOutdated)})
}

// Unavailable refuses somebody's logins with 503, from now on until Pardon, and
// drops the connection; the client tries again by itself, ever later.
func (s *Server) Unavailable(whose Someone) {
	s.refuseLogins(whose, &refusal{reason: int(events.ConnectFailureServiceUnavailable)})
}

func (s *Server) refuseLogins(whose Someone, why *refusal) {
	s.mu.Lock()
	whose.who().refusal = why
	s.mu.Unlock()
	s.Drop(whose)
}

// Pardon lets somebody log in again.
func (s *Server) Pardon(whose Someone) {
	s.mu.Lock()
	defer s.mu.Unlock()
	whose.who().refusal = nil
}

// LoseMessages makes the next n messages that somebody sends disappear: the
// connection is cut before they arrive.
func (s *Server) LoseMessages(whose Someone, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	whose.who().sending.loseMessages += n
}

// LoseAcks makes the next n messages that somebody sends arrive without the
// sender hearing of it: the connection is cut instead of the acknowledgement.
func (s *Server) LoseAcks(whose Someone, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	whose.who().sending.loseAcks += n
}

// RefuseMessages refuses the next messages that somebody sends, one for each
// code.
func (s *Server) RefuseMessages(whose Someone, codes ...int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	whose.who().sending.refusals = append(whose.who().sending.refusals, codes...)
}

// LoseMedia makes all media answer 404, as what has expired does.
func (s *Server) LoseMedia(lost bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lost = lost
}

// NameDirectBy chooses whether direct messages name their sender by hidden
// address or by phone number; WhatsApp does either.
func (s *Server) NameDirectBy(mode types.AddressingMode) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.direct = mode
}
