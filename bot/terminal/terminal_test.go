package terminal

import (
	"bytes"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"timonel/bot"
	"timonel/bot/bottest"
)

// keyboard is a stage made of two pipes.
type keyboard struct {
	adapter *Adapter
	keys    *io.PipeWriter
	screen  *screen
}

// screen keeps what was printed, and can be closed.
type screen struct {
	mu     sync.Mutex
	buf    bytes.Buffer
	closed bool
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return 0, io.ErrClosedPipe
	}
	return s.buf.Write(p)
}

func open(t *testing.T) bottest.Stage {
	r, w := io.Pipe()
	t.Cleanup(func() { w.Close() })
	k := &keyboard{keys: w, screen: &screen{}}
	k.adapter = New(r, k.screen, Options{User: "ana", Name: "Ana Ruiz", Now: func() time.Time {
		return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	}})
	return k
}

func (k *keyboard) Adapter() bot.Adapter { return k.adapter }
func (k *keyboard) Room() bot.RoomID     { return Room }
func (k *keyboard) Say(text string)      { io.WriteString(k.keys, text+"\n") }
func (k *keyboard) Repeat() bool         { return false }
func (k *keyboard) Redelivers() bool     { return false }

// Seen joins the lines of one message: each begins with the bar, and the messages of the suite end where another begins.
func (k *keyboard) Seen() []string {
	k.screen.mu.Lock()
	defer k.screen.mu.Unlock()
	text := strings.TrimSuffix(strings.ReplaceAll(k.screen.buf.String(), "│ ", ""), "\n")
	return strings.Split(text, "\n")
}

func (k *keyboard) Fail(f bottest.Failure) bool {
	if f != bottest.Gone {
		return false
	}
	k.screen.mu.Lock()
	defer k.screen.mu.Unlock()
	k.screen.closed = true
	return true
}

func TestAdapter(t *testing.T) { bottest.Suite(t, open) }

func TestANumberPicksFromTheNewestChoices(t *testing.T) {
	a := New(strings.NewReader(""), io.Discard, Options{User: "ana"})
	if in := a.incoming("2"); in.Kind != bot.TextMessage {
		t.Errorf("without choices: %+v", in)
	}
	id, err := a.Send(t.Context(), bot.Outgoing{Text: "which?", Options: []bot.Option{{Label: "a", Action: "x"}, {Label: "b", Action: "y"}}})
	if err != nil {
		t.Fatal(err)
	}
	if in := a.incoming("2"); in.Kind != bot.Press || in.Action != "y" || in.Quote != id {
		t.Errorf("a number in range: %+v", in)
	}
	if in := a.incoming("3"); in.Kind != bot.TextMessage {
		t.Errorf("a number out of range: %+v", in)
	}
	if in := a.incoming("mueve el 2"); in.Kind != bot.TextMessage {
		t.Errorf("a sentence: %+v", in)
	}
}

func TestNothingMovesTheCursor(t *testing.T) {
	var out bytes.Buffer
	a := New(strings.NewReader(""), &out, Options{})
	if _, err := a.Send(t.Context(), bot.Outgoing{Text: "hito \x1b[2J\x07 listo"}); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(out.String(), "\x1b\x07") {
		t.Errorf("control characters in %q", out.String())
	}
}
