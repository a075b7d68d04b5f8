package fakeslack

import (
	"context"
	"net"
	"net/http"

	"timonel/internal/pipe"
)

// Line is the way to an in-process server: no socket of the machine is used, so that it works in a synctest bubble.
type Line struct {
	HTTP *http.Client
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
}

// Pipe serves in process until Close.
func (s *Server) Pipe() Line {
	l := pipe.Listen("slack.invalid")
	s.url = "http://" + l.Addr().String()
	s.serve(l)
	return Line{HTTP: &http.Client{Transport: &http.Transport{DialContext: l.Dial, MaxIdleConnsPerHost: 32}}, Dial: l.Dial}
}
