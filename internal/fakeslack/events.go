package fakeslack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// knownEvents lists the events that an app can subscribe to here.
var knownEvents = []string{
	"app_home_opened", "app_mention", "channel_archive", "channel_left", "group_archive", "group_left", "member_joined_channel",
	"member_left_channel", "message.channels", "message.groups", "message.im", "reaction_added", "reaction_removed",
}

// eventScopes are the scopes without which Slack does not deliver an event.
var eventScopes = map[string]string{
	"app_mention": "app_mentions:read", "message.channels": "channels:history", "message.groups": "groups:history",
	"message.im": "im:history", "reaction_added": "reactions:read", "reaction_removed": "reactions:read",
	"channel_left": "channels:read", "channel_archive": "channels:read", "group_left": "groups:read", "group_archive": "groups:read",
}

// event is something that the app may be told of.
type event struct {
	subscription string // "message.channels", "app_mention" …
	channel      *Channel
	body         obj
}

// envelope is one thing on its way to the app.
type envelope struct {
	id       string
	kind     string // events_api, slash_commands, interactive
	payload  json.RawMessage
	response bool
	retries  []time.Duration
	acked    chan struct{}
	ended    bool
	answer   json.RawMessage
	lost     chan struct{}
	onAck    func(json.RawMessage) // with the lock held
}

// tell sends events to the app, those that it may have. Called with the lock held.
func (s *Server) tell(events ...event) {
	s.told = nil
	for _, e := range events {
		if !s.events[e.subscription] || s.lacks(eventScopes[e.subscription]) != nil {
			continue
		}
		if strings.HasPrefix(e.subscription, "member_") && s.lacks(readScopes[e.channel.kind()]) != nil {
			continue
		}
		// Of a channel that it is not in, an app hears only that it left.
		if e.channel != nil && !e.channel.has(s.botUser) && e.subscription != "channel_left" && e.subscription != "group_left" {
			continue
		}
		s.emitEvent(e)
	}
}

func (s *Server) emitEvent(e event) {
	s.serial++
	payload := encode(obj{
		"token": "verification", "team_id": s.team, "context_team_id": s.team, "api_app_id": s.app, "event": e.body,
		"type": "event_callback", "event_id": fmt.Sprintf("Ev%08d", s.serial), "event_time": s.opt.Now().Unix(),
		"authorizations":        []obj{{"enterprise_id": nil, "team_id": s.team, "user_id": s.botUser, "is_bot": true, "is_enterprise_install": false}},
		"is_ext_shared_channel": e.channel != nil && e.channel.extShared, "event_context": fmt.Sprintf("4-%08d", s.serial),
	})
	s.told = append(s.told, payload)
	s.emit(&envelope{kind: "events_api", payload: payload, retries: s.opt.Retries})
	if s.faults.socket.repeatEvents > 0 {
		s.faults.socket.repeatEvents--
		s.faults.made["event repeated"]++
		s.emit(&envelope{kind: "events_api", payload: payload, retries: s.opt.Retries})
	}
}

// emit sends an envelope, or holds it back when that is due. Called with the lock held.
func (s *Server) emit(e *envelope) {
	s.serial++
	e.id = fmt.Sprintf("env-%08d", s.serial)
	e.acked, e.lost = make(chan struct{}), make(chan struct{})
	if s.sockets.pending == nil {
		s.sockets.pending = map[string]*envelope{}
	}
	s.sockets.pending[e.id] = e
	f := &s.faults.socket
	if f.hold > 0 {
		f.held = append(f.held, e)
		if f.hold--; f.hold == 0 {
			s.faults.made["out of order"]++
			s.letGo()
		}
		return
	}
	s.start(e)
}

// start hands an envelope to a connection now, so that order is kept, and watches over it.
func (s *Server) start(e *envelope) {
	if lag := s.faults.socket.lag; lag > 0 {
		s.work.Go(func() { s.watch(e, lag, nil) })
		return
	}
	sock := s.hand(e, 0)
	s.work.Go(func() { s.watch(e, 0, sock) })
}

// hand queues an envelope on a connection; nil when there is none. Called with the lock held.
func (s *Server) hand(e *envelope, attempt int) *socket {
	sock := s.pick()
	if sock == nil {
		return nil
	}
	frame := obj{"envelope_id": e.id, "type": e.kind, "payload": e.payload, "accepts_response_payload": e.response}
	if e.kind == "events_api" {
		frame["retry_attempt"], frame["retry_reason"] = attempt, ""
		if attempt > 0 {
			frame["retry_reason"] = "timeout"
		}
	}
	raw := encode(frame)
	sock.send(raw)
	if s.faults.socket.duplicate > 0 {
		s.faults.socket.duplicate--
		s.faults.made["envelope repeated"]++
		if other := s.pick(); other != nil {
			other.send(raw)
		}
	}
	return sock
}

// watch waits for the acknowledgement and offers the envelope again as Slack does.
func (s *Server) watch(e *envelope, lag time.Duration, sock *socket) {
	if lag > 0 {
		if !s.sleep(lag) {
			return
		}
		s.mu.Lock()
		sock = s.hand(e, 0)
		s.mu.Unlock()
	}
	for attempt := 1; ; attempt++ {
		if s.answered(e, sock) {
			return
		}
		if attempt > len(e.retries) {
			s.giveUp(e)
			return
		}
		if wait := e.retries[attempt-1]; wait > 0 && !s.sleepUnless(wait, e.acked) {
			return
		}
		s.mu.Lock()
		if e.ended {
			s.mu.Unlock()
			return
		}
		s.sockets.redelivered++
		sock = s.hand(e, attempt)
		s.mu.Unlock()
	}
}

// answered waits for the acknowledgement, for as long as Slack does or until the connection breaks.
func (s *Server) answered(e *envelope, sock *socket) bool {
	if sock == nil {
		return false
	}
	select {
	case <-e.acked:
		return true
	case <-sock.ended:
	case <-s.opt.After(s.opt.AckWithin):
	case <-s.ended:
		return true
	}
	select {
	case <-e.acked:
		return true
	default:
		return false
	}
}

func (s *Server) sleep(d time.Duration) bool { return s.sleepUnless(d, nil) }

func (s *Server) sleepUnless(d time.Duration, done <-chan struct{}) bool {
	select {
	case <-s.opt.After(d):
		return true
	case <-done:
		return false
	case <-s.ended:
		return false
	}
}

func (s *Server) giveUp(e *envelope) {
	s.change(func() {
		if !e.ended {
			e.ended = true
			delete(s.sockets.pending, e.id)
			s.lost = append(s.lost, e.kind+" "+string(e.payload))
			close(e.lost)
		}
	})
}

// acknowledge ends an envelope. An answer that is too long is dropped as Slack drops it: as if it had never come.
func (s *Server) acknowledge(id string, answer json.RawMessage, size int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.sockets.pending[id]
	if e == nil || e.ended || size >= maxAck {
		return
	}
	if s.faults.socket.loseAcks > 0 {
		s.faults.socket.loseAcks--
		s.faults.made["lost acknowledgement"]++
		return
	}
	e.ended, e.answer = true, answer
	delete(s.sockets.pending, id)
	if e.onAck != nil {
		e.onAck(answer)
	}
	close(e.acked)
	s.wakeLocked()
}

// Delivery is an interaction on its way to the app.
type Delivery struct {
	srv *Server
	env *envelope
}

// Wait waits for the app's acknowledgement; without one the person sees an error.
func (d *Delivery) Wait(ctx context.Context) error {
	select {
	case <-d.env.acked:
		return nil
	case <-d.env.lost:
		return errors.New("operation_timeout: the app did not respond")
	case <-ctx.Done():
		return fmt.Errorf("wait for the app: %w", ctx.Err())
	case <-d.srv.ended:
		return errors.New("the fake Slack was closed")
	}
}

// LoseAcks ignores the next n acknowledgements.
func (s *Server) LoseAcks(n int) { s.change(func() { s.faults.socket.loseAcks = n }) }

// RepeatEnvelopes delivers each of the next n envelopes twice.
func (s *Server) RepeatEnvelopes(n int) { s.change(func() { s.faults.socket.duplicate = n }) }

// RepeatEvents delivers each of the next n events again in an envelope of its own.
func (s *Server) RepeatEvents(n int) { s.change(func() { s.faults.socket.repeatEvents = n }) }

// RepeatLast delivers the events of what last happened once more.
func (s *Server) RepeatLast() {
	s.change(func() {
		for _, payload := range s.told {
			s.faults.made["event repeated"]++
			s.emit(&envelope{kind: "events_api", payload: payload, retries: s.opt.Retries})
		}
	})
}

// Reorder holds the next n envelopes back and sends them in reverse; 0 lets go what is held.
func (s *Server) Reorder(n int) {
	s.change(func() {
		if s.faults.socket.hold = n; n == 0 {
			s.letGo()
		}
	})
}

// letGo sends what was held back, the newest first. Called with the lock held.
func (s *Server) letGo() {
	f := &s.faults.socket
	for i := len(f.held) - 1; i >= 0; i-- {
		s.start(f.held[i])
	}
	f.held = nil
}

// Delay makes every envelope late.
func (s *Server) Delay(d time.Duration) { s.change(func() { s.faults.socket.lag = d }) }

// Lost lists what the app never acknowledged.
func (s *Server) Lost() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.lost...)
}

// Settle waits until everything sent to the app is acknowledged or lost.
func (s *Server) Settle(ctx context.Context) error {
	return s.await(ctx, func() bool { return len(s.sockets.pending) == 0 })
}

// WaitConnected waits for n open connections.
func (s *Server) WaitConnected(ctx context.Context, n int) error {
	return s.await(ctx, func() bool { return len(s.sockets.open) >= n })
}

// Calls counts the calls of a method of the Web API so far.
func (s *Server) Calls(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[method]
}
