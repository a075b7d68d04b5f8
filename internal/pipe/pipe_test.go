package pipe_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"

	"timonel/internal/pipe"
)

func TestServesWithinTheProcess(t *testing.T) {
	l := pipe.Listen("server.invalid")
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Host) })}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	client := &http.Client{Transport: &http.Transport{DialContext: l.Dial}}
	answer, err := client.Get("http://" + l.Addr().String() + "/")
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(answer.Body)
	if err := errors.Join(err, answer.Body.Close()); err != nil || string(body) != "server.invalid" {
		t.Errorf("answered %q, %v", body, err)
	}
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
		t.Errorf("ended with %v", err)
	}
	if _, err := l.Dial(t.Context(), "", ""); err == nil {
		t.Error("dialled a listener that is closed")
	}
	if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("accepted: %v", err)
	}
}

func TestDialEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := pipe.Listen("nobody.invalid").Dial(ctx, "", ""); !errors.Is(err, context.Canceled) {
		t.Errorf("dialled: %v", err)
	}
}
