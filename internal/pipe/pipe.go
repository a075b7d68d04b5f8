// Package pipe lets a server listen within the process: no socket of the machine is used, so that servers and clients work
// in virtual time (testing/synctest).
package pipe

import (
	"context"
	"errors"
	"net"
	"sync"
)

// Listener is a net.Listener whose connections come from its own Dial.
type Listener struct {
	host  string
	conns chan net.Conn
	ended chan struct{}
	once  sync.Once
}

// Listen returns a listener under a name that nothing resolves.
func Listen(host string) *Listener {
	return &Listener{host: host, conns: make(chan net.Conn), ended: make(chan struct{})}
}

// Dial connects, whatever network and address are asked for. It waits until the server takes the connection, ctx ends or
// the listener is closed.
func (l *Listener) Dial(ctx context.Context, _, _ string) (net.Conn, error) {
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
func (l *Listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.ended:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (l *Listener) Close() error {
	l.once.Do(func() { close(l.ended) })
	return nil
}

// Addr implements net.Listener.
func (l *Listener) Addr() net.Addr { return address(l.host) }

type address string

// Network implements net.Addr.
func (address) Network() string { return "pipe" }

// String implements net.Addr.
func (a address) String() string { return string(a) }
