package slack

import (
	"sync"
	"time"
)

// pairTime is how long the second of two events about one message may take.
const pairTime = time.Minute

// subscriptions notices events that Slack does not send: a mention in a channel comes as a message and as a mention, and
// when one of the two never comes, the app is not subscribed to it.
type subscriptions struct {
	mu      sync.Mutex
	waiting map[string]half
	told    map[string]bool
}

// half is the first of two events about a message.
type half struct {
	event string
	at    time.Time
}

// heard takes note of an event about a mention, and tells the operator once what seems to be missing.
func (s *subscriptions) heard(a *Adapter, h heard) {
	self := a.identity().user
	mention := h.event == "app_mention" || h.event == "message" && containsUser(h.raw, self)
	if !mention || h.in.Direct || h.in.Kind != "text" {
		return
	}
	now := a.cfg.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waiting == nil {
		s.waiting, s.told = map[string]half{}, map[string]bool{}
	}
	id := string(h.in.ID)
	if first, known := s.waiting[id]; known && first.event != h.event {
		delete(s.waiting, id)
	} else if !known {
		s.waiting[id] = half{h.event, now}
	}
	for id, first := range s.waiting {
		if now.Sub(first.at) < pairTime {
			continue
		}
		delete(s.waiting, id)
		missing := "app_mention"
		if first.event == "app_mention" {
			missing = "message.channels or message.groups"
		}
		if !s.told[missing] {
			s.told[missing] = true
			a.cfg.Log.Error().Str("event", missing).Msg("Slack does not send an event that the bot needs: " +
				"update the app with `timonel slack manifest` and reinstall it")
		}
	}
}

func containsUser(raw, user string) bool {
	for _, m := range mentioned.FindAllStringSubmatch(raw, -1) {
		if m[1] == user {
			return true
		}
	}
	return false
}
