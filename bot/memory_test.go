package bot

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

var errNothing = errors.New("nothing waits")

// memoryInbox is an inbox that can be told to fail.
type memoryInbox struct {
	mu      sync.Mutex
	rows    []*inRow
	receive func() error // called before each Receive
}

type inRow struct {
	in       Incoming
	state    string // "waiting", "handled", "parked"
	attempts int
	problem  string
}

func (m *memoryInbox) Receive(_ context.Context, in Incoming) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.receive != nil {
		if err := m.receive(); err != nil {
			return false, err
		}
	}
	if m.find(in) != nil {
		return false, nil
	}
	m.rows = append(m.rows, &inRow{in: in, state: "waiting"})
	return true, nil
}

func (m *memoryInbox) find(in Incoming) *inRow {
	for _, r := range m.rows {
		if r.in.Platform == in.Platform && r.in.ID == in.ID {
			return r
		}
	}
	return nil
}

func (m *memoryInbox) Waiting(_ context.Context, limit int) ([]Incoming, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []Incoming
	seen := map[RoomID]bool{}
	for _, r := range m.rows {
		if r.state == "waiting" && !seen[r.in.Room] && len(list) < limit {
			seen[r.in.Room] = true
			list = append(list, r.in)
		}
	}
	return list, nil
}

func (m *memoryInbox) OldestIncoming(_ context.Context, platform Platform, room RoomID) (Incoming, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var waiting []Incoming
	for _, r := range m.rows {
		if r.state == "waiting" && r.in.Platform == platform && r.in.Room == room {
			waiting = append(waiting, r.in)
		}
	}
	if len(waiting) == 0 {
		return Incoming{}, false, errNothing
	}
	return waiting[0], len(waiting) > 1, nil
}

func (m *memoryInbox) FailIncoming(_ context.Context, in Incoming, problem string, max int) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.find(in)
	r.attempts++
	r.problem = problem
	if r.attempts >= max {
		r.state = "parked"
	}
	return r.state == "parked", nil
}

func (m *memoryInbox) handled(in Incoming) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.find(in).state = "handled"
}

func (m *memoryInbox) states() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []string
	for _, r := range m.rows {
		list = append(list, string(r.in.ID)+" "+r.state)
	}
	return list
}

// memoryOutbox is an outbox that can be told to fail.
type memoryOutbox struct {
	mu       sync.Mutex
	now      func() time.Time
	rows     []*outRow
	markSent func() error
}

type outRow struct {
	out      Outgoing
	state    string // "pending", "sending", "sent", "failed", "cancelled"
	at       time.Time
	lease    time.Time
	id       MessageID
	problem  string
	attempts int
}

func (r *outRow) live() bool { return r.state == "pending" || r.state == "sending" }

func (m *memoryOutbox) put(outs ...Outgoing) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, out := range outs {
		out.ID = int64(len(m.rows) + 1)
		if out.Platform == "" {
			out.Platform = Web
		}
		if out.At.IsZero() {
			out.At = m.now()
		}
		m.rows = append(m.rows, &outRow{out: out, state: "pending", at: out.At})
	}
}

func (m *memoryOutbox) ClaimOutgoing(_ context.Context, platform Platform, limit int, lease time.Duration) ([]Outgoing, error) {
	return m.claim(platform, limit, lease, func(Kind) bool { return true })
}

func (m *memoryOutbox) ClaimAnswers(_ context.Context, platform Platform, limit int, lease time.Duration) ([]Outgoing, error) {
	return m.claim(platform, limit, lease, Kind.IsAnswer)
}

func (m *memoryOutbox) claim(platform Platform, limit int, lease time.Duration, wanted func(Kind) bool) ([]Outgoing, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []Outgoing
	blocked := map[RoomID]bool{}
	for _, r := range m.rows {
		if r.out.Platform != platform || !r.live() || blocked[lane(r.out)] || len(list) == limit {
			continue
		}
		blocked[lane(r.out)] = true
		if r.state == "sending" || r.at.After(m.now()) || !wanted(r.out.Kind) {
			continue
		}
		r.state, r.lease = "sending", m.now().Add(lease)
		r.attempts++
		r.out.Attempt = r.attempts
		list = append(list, r.out)
	}
	return list, nil
}

func (m *memoryOutbox) InDoubt(_ context.Context, platform Platform, limit int, lease time.Duration) ([]Outgoing, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []Outgoing
	for _, r := range m.rows {
		if r.out.Platform == platform && r.state == "sending" && !r.lease.After(m.now()) && len(list) < limit {
			r.lease = m.now().Add(lease)
			list = append(list, r.out)
		}
	}
	return list, nil
}

func (m *memoryOutbox) NextOutgoingAt(_ context.Context, platform Platform) (time.Time, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var next time.Time
	for _, r := range m.rows {
		at := r.at
		if r.state == "sending" {
			at = r.lease
		}
		if r.out.Platform == platform && r.live() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next, nil
}

func (m *memoryOutbox) MarkSent(_ context.Context, id int64, platformID MessageID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.markSent != nil {
		if err := m.markSent(); err != nil {
			return err
		}
	}
	m.rows[id-1].state, m.rows[id-1].id = "sent", platformID
	return nil
}

func (m *memoryOutbox) MarkRetry(_ context.Context, id int64, at time.Time, problem string) error {
	return m.mark(id, "pending", problem, at)
}

func (m *memoryOutbox) MarkFailed(_ context.Context, id int64, problem string) error {
	return m.mark(id, "failed", problem, time.Time{})
}

func (m *memoryOutbox) MarkCancelled(_ context.Context, id int64, problem string) error {
	return m.mark(id, "cancelled", problem, time.Time{})
}

func (m *memoryOutbox) mark(id int64, state, problem string, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.rows[id-1]
	r.state, r.problem, r.at = state, problem, at
	return nil
}

func (m *memoryOutbox) states() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []string
	for _, r := range m.rows {
		list = append(list, r.state)
	}
	return joined(list)
}

func joined(list []string) string {
	var s string
	for i, item := range list {
		if i > 0 {
			s += " "
		}
		s += item
	}
	return s
}

// platform is an adapter whose sending the test decides.
type platform struct {
	mu    sync.Mutex
	name  Platform
	sent  []Outgoing
	at    []time.Time
	now   func() time.Time
	fails func(out Outgoing) error // called before each sending; InDoubt errors count as delivered when lost is set
	lost  bool
	slow  func()
	mute  atomic.Bool // it cannot send, and says so
}

func (p *platform) Platform() Platform              { return p.name }
func (p *platform) Run(context.Context, Sink) error { return nil }
func (p *platform) Capabilities() Capabilities      { return Capabilities{} }
func (p *platform) Health() Health                  { return Health{OK: !p.mute.Load(), CannotSend: p.mute.Load()} }

func (p *platform) Send(_ context.Context, out Outgoing) (MessageID, error) {
	if p.slow != nil {
		p.slow()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fails != nil {
		if err := p.fails(out); err != nil {
			var d *DeliveryError
			if p.lost && errors.As(err, &d) && d.InDoubt {
				p.keep(out)
			}
			return "", err
		}
	}
	p.keep(out)
	return messageName(out), nil
}

func (p *platform) keep(out Outgoing) {
	p.sent = append(p.sent, out)
	if p.now != nil {
		p.at = append(p.at, p.now())
	}
}

func messageName(out Outgoing) MessageID { return MessageID("m" + out.Text) }

func (p *platform) texts() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var list []string
	for _, out := range p.sent {
		list = append(list, out.Text)
	}
	return list
}

// askable is a platform that can tell what it has.
type askable struct{ platform }

func (p *askable) Sent(_ context.Context, out Outgoing) (MessageID, bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	there := slices.ContainsFunc(p.sent, func(s Outgoing) bool { return s.ID == out.ID })
	return messageName(out), there, nil
}
