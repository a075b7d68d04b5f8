package bot

import (
	"sync"
	"time"
)

// Pace is how fast a platform may be written to, and how a failed message is tried again.
type Pace struct {
	// Room is the mean time between two messages to one room, after Burst messages without any.
	Room  time.Duration
	Burst int
	// All is the time between any two messages of the platform.
	All time.Duration
	// Jitter lengthens each wait by up to this, so that the bot does not tick like a machine.
	Jitter time.Duration
	// AtOnce is how many messages may be on their way at the same time.
	AtOnce int
	// FirstRetry is the wait after the first failure; it doubles with each further one up to MaxRetry.
	FirstRetry, MaxRetry time.Duration
	// GiveUp is the age at which a message that still cannot be sent is given up.
	GiveUp time.Duration
	// SendTimeout ends one attempt.
	SendTimeout time.Duration
}

// Paces holds the pace of each platform. Slack allows about one message a second and channel, with short bursts; a
// WhatsApp number that writes like a machine is banned.
var Paces = map[Platform]Pace{
	Slack: {
		Room: time.Second, Burst: 5, AtOnce: 16,
		FirstRetry: time.Second, MaxRetry: 5 * time.Minute, GiveUp: 72 * time.Hour, SendTimeout: 30 * time.Second,
	},
	WhatsApp: {
		Room: 3 * time.Second, Burst: 2, All: 700 * time.Millisecond, Jitter: 600 * time.Millisecond, AtOnce: 2,
		FirstRetry: 5 * time.Second, MaxRetry: 10 * time.Minute, GiveUp: 72 * time.Hour, SendTimeout: time.Minute,
	},
	Web:      localPace,
	Terminal: localPace,
}

// localPace is for platforms of our own, which have no limits.
var localPace = Pace{
	AtOnce: 4, FirstRetry: time.Second, MaxRetry: time.Minute, GiveUp: 24 * time.Hour, SendTimeout: 10 * time.Second,
}

// retryAfter returns the wait before the attempt that follows attempt (counted from 1); r in [0,1) spreads it by a
// quarter, so that what failed together does not come back together.
func (p Pace) retryAfter(attempt int, r float64) time.Duration {
	wait := p.FirstRetry << min(max(attempt-1, 0), 20)
	if wait > p.MaxRetry || wait <= 0 {
		wait = p.MaxRetry
	}
	return wait + time.Duration(r*float64(wait)/4)
}

// meter tells how long to wait before each message of one platform. It keeps, per room and for all, the moment up to
// which the allowance is used (the virtual scheduling form of a token bucket).
type meter struct {
	pace Pace
	mu   sync.Mutex
	all  time.Time
	room map[RoomID]time.Time
}

func newMeter(p Pace) *meter { return &meter{pace: p, room: map[RoomID]time.Time{}} }

// book takes the next place in a room and returns how long after now it is.
func (m *meter) book(now time.Time, room RoomID, r float64) time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := later(now, m.all)
	if m.pace.Room > 0 {
		used := later(now, m.room[room])
		allowance := m.pace.Room * time.Duration(max(m.pace.Burst-1, 0))
		at = later(at, used.Add(-allowance))
		m.room[room] = later(used, at).Add(m.pace.Room)
		m.forget(now)
	}
	if m.pace.Jitter > 0 && at.After(now) {
		at = at.Add(time.Duration(r * float64(m.pace.Jitter)))
	}
	m.all = at.Add(m.pace.All)
	return at.Sub(now)
}

// forget drops the rooms whose allowance is whole again, now and then.
func (m *meter) forget(now time.Time) {
	if len(m.room) < 1000 {
		return
	}
	for room, used := range m.room {
		if used.Before(now) {
			delete(m.room, room)
		}
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
