package fakeslack

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Fault is one way in which requests to the Web API go wrong.
type Fault struct {
	// Method is the method it befalls: its name, a prefix that ends in ".", or "" for all. "upload" and "response" stand for
	// those addresses.
	Method string
	// Channel narrows it to one channel.
	Channel string
	// Times is how often it happens; negative means until Mend.
	Times int
	// Chance makes it happen only so often, in (0,1]; 0 means always.
	Chance float64

	// What happens, the first that is set: an answer after Delay; Status with an HTML page, as Slack's load balancers
	// send; 429 with RetryAfter; the error code; the connection broken without an answer; no answer at all until the
	// client gives up.
	Delay      time.Duration
	Status     int
	RetryAfter time.Duration
	Error      string
	Break      bool
	Hang       bool
	// Taken lets the request have its effect before the fault.
	Taken bool
}

type faults struct {
	plan                []*Fault
	revoked, revokedApp string
	made                map[string]int
	socket              socketFaults
}

func newFaults() faults { return faults{made: map[string]int{}} }

// Fail adds a fault.
func (s *Server) Fail(f Fault) {
	s.change(func() {
		if f.Times == 0 {
			f.Times = 1
		}
		s.faults.plan = append(s.faults.plan, &f)
	})
}

// Mend ends all faults of the Web API.
func (s *Server) Mend() { s.change(func() { s.faults.plan = nil }) }

// Faults counts the faults made so far, by kind.
func (s *Server) Faults() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]int{}
	for k, n := range s.faults.made {
		out[k] = n
	}
	return out
}

// RevokeTokens makes the bot's token, or the app's, invalid as when the app was removed or the token was revoked.
func (s *Server) RevokeTokens(bot, app bool) {
	s.change(func() {
		if bot {
			s.faults.revoked = s.botToken
		}
		if app {
			s.faults.revokedApp = s.appToken
		}
	})
}

// TakeScope takes a scope from the installation, GiveScope adds one.
func (s *Server) TakeScope(scope string) { s.change(func() { delete(s.scopes, scope) }) }

// GiveScope adds a scope.
func (s *Server) GiveScope(scope string) { s.change(func() { s.scopes[scope] = true }) }

// Unsubscribe ends the app's subscription to an event.
func (s *Server) Unsubscribe(event string) { s.change(func() { delete(s.events, event) }) }

// next returns the fault that befalls a request, if any.
func (s *Server) nextFault(method, channel string) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, f := range s.faults.plan {
		if !f.befalls(method, channel) || f.Chance > 0 && s.rand.Float64() >= f.Chance {
			continue
		}
		if f.Times > 0 {
			if f.Times--; f.Times == 0 {
				s.faults.plan = slices.Delete(s.faults.plan, i, i+1)
			}
		}
		s.faults.made[f.kind()]++
		return f
	}
	return nil
}

func (f *Fault) befalls(method, channel string) bool {
	fits := f.Method == "" || f.Method == method || strings.HasSuffix(f.Method, ".") && strings.HasPrefix(method, f.Method)
	return fits && (f.Channel == "" || f.Channel == channel)
}

func (f *Fault) kind() string {
	kind := "slow"
	switch {
	case f.Status > 0:
		kind = strconv.Itoa(f.Status)
	case f.RetryAfter > 0:
		kind = "429"
	case f.Error != "":
		kind = f.Error
	case f.Break:
		kind = "broken"
	case f.Hang:
		kind = "timeout"
	}
	if f.Taken {
		kind += " after it was taken"
	}
	return kind
}

// befall answers a request through work, unless a fault is due.
func (s *Server) befall(w http.ResponseWriter, r *http.Request, method, channel string, work func() (int, http.Header, []byte)) {
	f := s.nextFault(method, channel)
	if f == nil {
		status, h, body := work()
		send(w, status, h, body)
		return
	}
	if f.Taken || f.plain() {
		status, h, body := work()
		if f.plain() {
			s.pause(r, f.Delay)
			send(w, status, h, body)
			return
		}
	}
	s.pause(r, f.Delay)
	s.goWrong(w, r, f)
}

// plain reports whether the fault is only slowness.
func (f *Fault) plain() bool {
	return f.Status == 0 && f.RetryAfter == 0 && f.Error == "" && !f.Break && !f.Hang
}

func (s *Server) goWrong(w http.ResponseWriter, r *http.Request, f *Fault) {
	switch {
	case f.Status > 0:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(f.Status)
		_, _ = w.Write([]byte("<html><body>Server Error</body></html>"))
	case f.RetryAfter > 0:
		w.Header().Set("Retry-After", strconv.Itoa(int((f.RetryAfter+time.Second-1)/time.Second)))
		send(w, http.StatusTooManyRequests, nil, encode(fails("ratelimited")))
	case f.Error != "":
		send(w, http.StatusOK, nil, encode(fails(f.Error)))
	case f.Hang:
		s.pause(r, time.Hour)
		panic(http.ErrAbortHandler)
	default:
		panic(http.ErrAbortHandler)
	}
}

func (s *Server) pause(r *http.Request, d time.Duration) {
	if d <= 0 {
		return
	}
	select {
	case <-s.opt.After(d):
	case <-r.Context().Done():
	case <-s.ended:
	}
}

func send(w http.ResponseWriter, status int, h http.Header, body []byte) {
	for k, v := range h {
		w.Header()[k] = v
	}
	if len(body) > 0 && h.Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
	}
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// encode writes an answer; it holds nothing that JSON cannot.
func encode(o obj) []byte {
	raw, err := json.Marshal(o)
	if err != nil {
		return []byte(`{"ok":false,"error":"internal_error"}`)
	}
	return raw
}
