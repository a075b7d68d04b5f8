package fakeslack

import (
	"math"
	"time"
)

// tier is how often a method may be called.
type tier int

// The tiers: calls a minute and method; tierPost is a message a second and channel.
const (
	tierFree tier = iota
	tier1
	tier2
	tier3
	tier4
	tierPost
)

var perMinute = map[tier]int{tier1: 1, tier2: 20, tier3: 50, tier4: 100}

// limiter keeps the moments of the calls that count.
type limiter struct {
	calls map[string][]time.Time
	posts map[string]time.Time // per channel: up to when the allowance is used
}

func newLimiter() limiter {
	return limiter{calls: map[string][]time.Time{}, posts: map[string]time.Time{}}
}

// take counts a call and returns the seconds to wait when it is one too many.
func (l *limiter) take(s *Server, t tier, c *call) int {
	if !s.opt.Limits || t == tierFree {
		return 0
	}
	now := s.opt.Now()
	if t == tierPost {
		return l.takePost(now, c.get("channel"), s.opt.Burst)
	}
	return l.takeTier(now, t, c.method)
}

// takePost allows a message a second and channel after a burst.
func (l *limiter) takePost(now time.Time, channel string, burst int) int {
	used := l.posts[channel]
	if used.Before(now) {
		used = now
	}
	if ahead := used.Sub(now) - time.Duration(burst-1)*time.Second; ahead > 0 {
		return int(math.Ceil(ahead.Seconds()))
	}
	l.posts[channel] = used.Add(time.Second)
	return 0
}

// takeTier allows what the tier allows in any minute; tier 1 says "1+" and lets short bursts of reconnects through.
func (l *limiter) takeTier(now time.Time, t tier, method string) int {
	allowed := perMinute[t]
	if t == tier1 {
		allowed = 10
	}
	recent := l.calls[method][:0]
	for _, at := range l.calls[method] {
		if now.Sub(at) < time.Minute {
			recent = append(recent, at)
		}
	}
	l.calls[method] = recent
	if len(recent) >= allowed {
		return int(math.Ceil((time.Minute - now.Sub(recent[0])).Seconds()))
	}
	l.calls[method] = append(recent, now)
	return 0
}
