package assembly

import (
	"io"
	"net"
	"net/url"
	"path/filepath"
	"testing"
	"time"
)

// distant is the address of a PostgreSQL server as from another machine: each way there and back takes so long.
func distant(t testing.TB, address string, away time.Duration) string {
	t.Helper()
	if away == 0 {
		return address
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	folder := q.Get("host")
	if folder == "" {
		t.Skip("the server is on no socket of this machine")
	}
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return // the test is over
			}
			var dialer net.Dialer
			far, err := dialer.DialContext(t.Context(), "unix", filepath.Join(folder, ".s.PGSQL.5432"))
			if err != nil {
				_ = near.Close()
				continue
			}
			go late(far, near, away/2)
			go late(near, far, away/2)
		}
	}()
	host, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	q.Set("host", host)
	q.Set("port", port)
	u.RawQuery = q.Encode()
	return u.String()
}

// late copies what comes, each piece so much later.
func late(to io.WriteCloser, from io.ReadCloser, by time.Duration) {
	type piece struct {
		at   time.Time
		data []byte
	}
	way := make(chan piece, 1024)
	go func() {
		defer close(way)
		for {
			data := make([]byte, 32<<10)
			n, err := from.Read(data)
			if n > 0 {
				way <- piece{time.Now().Add(by), data[:n]}
			}
			if err != nil {
				return
			}
		}
	}()
	for p := range way {
		<-time.After(time.Until(p.at))
		if _, err := to.Write(p.data); err != nil {
			break
		}
	}
	_, _ = to.Close(), from.Close()
}
