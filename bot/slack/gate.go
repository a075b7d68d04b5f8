package slack

import (
	"net/http"
	"strings"
	"sync"
	"time"
)

// How often a connection may be asked for. slack-go asks again without any delay when a connection ends, 4,255 times in
// two seconds when Slack ends each one after its hello.
const (
	steadyFor  = time.Minute // a connection that stood this long may be replaced at once
	firstPause = time.Second // doubles with each connection that did not
	longPause  = time.Minute
)

// gate passes requests on to Slack and makes those for a new connection wait for their turn.
type gate struct {
	now    func() time.Time
	after  func(time.Duration) <-chan time.Time
	random func() float64
	next   interface {
		Do(*http.Request) (*http.Response, error)
	}
	mu   sync.Mutex
	last time.Time // when a connection was last asked for
	row  int       // how many were asked for shortly after each other
}

// Do implements slack-go's HTTP client.
func (g *gate) Do(req *http.Request) (*http.Response, error) {
	if strings.HasSuffix(req.URL.Path, "/apps.connections.open") {
		select {
		case <-req.Context().Done():
			return nil, req.Context().Err()
		case <-g.turn():
		}
	}
	return g.next.Do(req)
}

// turn returns what fires when the next connection may be asked for.
func (g *gate) turn() <-chan time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	if g.last.IsZero() || now.Sub(g.last) >= steadyFor {
		g.row = 0
	} else {
		g.row++
	}
	wait := time.Duration(0)
	if g.row > 0 {
		wait = min(firstPause<<min(g.row-1, 10), longPause)
		wait += time.Duration(g.random() * float64(wait) / 4)
	}
	g.last = now.Add(wait)
	return g.after(wait)
}
