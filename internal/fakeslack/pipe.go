package fakeslack

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
)

// pipeHost is the name under which an in-process server is known; nothing resolves it.
const pipeHost = "slack.invalid"

// Line is the way to an in-process server: no socket of the machine is used, so that it works in a synctest bubble.
type Line struct {
	HTTP *http.Client
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
}

// Pipe serves in process until Close.
func (s *Server) Pipe() Line {
	l := &pipeListener{conns: make(chan net.Conn), ended: make(chan struct{})}
	s.url = "http://" + pipeHost
	s.serve(l)
	return Line{HTTP: &http.Client{Transport: &http.Transport{DialContext: l.dial, MaxIdleConnsPerHost: 32}}, Dial: l.dial}
}

type pipeListener struct {
	conns chan net.Conn
	ended chan struct{}
	once  sync.Once
}

func (l *pipeListener) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case l.conns <- there:
		return here, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-l.ended:
		return nil, errors.New("connection refused")
	}
}

// Accept implements net.Listener.
func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.ended:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.ended) })
	return nil
}

// Addr implements net.Listener.
func (l *pipeListener) Addr() net.Addr { return pipeAddr{} }

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return pipeHost }
