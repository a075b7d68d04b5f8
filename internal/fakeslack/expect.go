package fakeslack

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// SentKind says how the bot spoke.
type SentKind string

// The kinds of what the bot sends.
const (
	Posted    SentKind = "posted"    // a message in a channel or a direct chat
	Whispered SentKind = "whispered" // a message that only To sees
	Changed   SentKind = "changed"   // a message or a view has another content
	Deleted   SentKind = "deleted"
	Opened    SentKind = "opened"    // a modal
	Published SentKind = "published" // a home tab
)

// Sent is one thing that the bot sent, as it was then.
type Sent struct {
	Kind    SentKind
	Channel *Channel
	Message *Message
	View    *View
	To      *Person // of a whisper or a view
	At      time.Time
	// Text is what people read, buttons in brackets; Pings is whom it calls.
	Text  string
	Pings []string
	taken bool
}

// note records what the bot sent. Called with the lock held.
func (s *Server) note(sent *Sent) {
	sent.At = s.opt.Now()
	if m := sent.Message; m != nil {
		shown := *m
		sent.Message = &shown
		sent.Text, sent.Pings = s.readMessage(&shown)
	}
	if v := sent.View; v != nil {
		sent.Text, sent.Pings = s.readShown(v)
	}
	if s.opt.Sent != nil {
		s.opt.Sent(sent)
	}
	s.seen = append(s.seen, sent)
	s.wakeLocked()
}

// sees reports whether a person can see what was sent.
func (p *Person) sees(sent *Sent) bool {
	if sent.View != nil || sent.Kind == Whispered {
		return sent.To == p
	}
	return sent.Channel.has(p.ID)
}

// Expect waits for something that the bot sent, that the person can see, that nobody expected before and that fits. Fits
// is called without the server's lock: it may ask the server and its people.
func (p *Person) Expect(ctx context.Context, fits func(*Sent) bool) (*Sent, error) {
	s := p.srv
	refused := map[*Sent]bool{}
	for {
		var candidates []*Sent
		err := s.await(ctx, func() bool {
			for _, sent := range s.seen {
				if !sent.taken && !refused[sent] && p.sees(sent) {
					candidates = append(candidates, sent)
				}
			}
			return len(candidates) > 0
		})
		if err != nil {
			return nil, fmt.Errorf("%s waits: %w; sent and not expected: %s", p.Name, err, s.list(s.Unexpected()))
		}
		for _, sent := range candidates {
			if fits(sent) && s.take(sent) {
				return sent, nil
			}
			refused[sent] = true
		}
	}
}

// take claims what was sent for whoever expected it; false when somebody else did before.
func (s *Server) take(sent *Sent) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if sent.taken {
		return false
	}
	sent.taken = true
	return true
}

// ExpectText waits for something in which all the words can be read.
func (p *Person) ExpectText(ctx context.Context, words ...string) (*Sent, error) {
	sent, err := p.Expect(ctx, func(sent *Sent) bool {
		return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(sent.Text, w) })
	})
	if err != nil {
		return nil, fmt.Errorf("expect %q: %w", words, err)
	}
	return sent, nil
}

// Unexpected lists what the bot sent that nobody expected, and forgets none of it.
func (s *Server) Unexpected() []*Sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []*Sent
	for _, sent := range s.seen {
		if !sent.taken {
			list = append(list, sent)
		}
	}
	return list
}

// Sent lists everything that the bot sent so far, oldest first.
func (s *Server) Sent() []*Sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.seen)
}

// SentIn lists what the bot sent to a channel so far, oldest first.
func (s *Server) SentIn(c *Channel) []*Sent {
	return slices.DeleteFunc(s.Sent(), func(sent *Sent) bool { return sent.Channel != c })
}

// AwaitSent waits until the bot sent n things to a channel.
func (s *Server) AwaitSent(ctx context.Context, c *Channel, n int) ([]*Sent, error) {
	err := s.await(ctx, func() bool {
		count := 0
		for _, sent := range s.seen {
			if sent.Channel == c {
				count++
			}
		}
		return count >= n
	})
	if err != nil {
		return nil, fmt.Errorf("wait for %d messages in %s, have %s: %w", n, c.Name, s.list(s.SentIn(c)), err)
	}
	return s.SentIn(c), nil
}

func (s *Server) list(sent []*Sent) string {
	if len(sent) == 0 {
		return "nothing"
	}
	var lines []string
	for _, x := range sent {
		where := "a view"
		if x.Channel != nil {
			where = x.Channel.Name
			if x.Channel.IM {
				where = "direct"
			}
		}
		lines = append(lines, fmt.Sprintf("%s in %s: %q", x.Kind, where, x.Text))
	}
	return strings.Join(lines, "; ")
}

// Messages lists the messages of a channel as a person sees them, oldest first: "Name: text".
func (c *Channel) Messages(as *Person) []string {
	s := c.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []string
	for _, m := range c.messages {
		if m.deleted || m.EphemeralTo != "" && (as == nil || m.EphemeralTo != as.ID) {
			continue
		}
		text, _ := s.readMessage(m)
		list = append(list, s.people[m.User].Name+": "+text)
	}
	return list
}
