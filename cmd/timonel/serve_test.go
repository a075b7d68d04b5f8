package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// printed is what a running command has written so far, with a signal for each write.
type printed struct {
	mu      sync.Mutex
	buf     bytes.Buffer
	changed chan struct{}
}

func newPrinted() *printed { return &printed{changed: make(chan struct{}, 1)} }

func (p *printed) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case p.changed <- struct{}{}:
	default:
	}
	return p.buf.Write(b)
}

func (p *printed) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.buf.String()
}

// until waits until find returns something in what was printed.
func (p *printed) until(t *testing.T, find func(string) string) string {
	t.Helper()
	late := time.After(20 * time.Second)
	for {
		if found := find(p.String()); found != "" {
			return found
		}
		select {
		case <-p.changed:
		case <-late:
			t.Fatalf("not printed in time; so far: %s", p)
		}
	}
}

// address finds where the pages are in a JSON log.
func address(log string) string {
	for line := range strings.Lines(log) {
		var l struct{ Message, Addr string }
		if json.Unmarshal([]byte(line), &l) == nil && l.Message == "pages served" {
			return l.Addr
		}
	}
	return ""
}

func TestServeWithoutPlatforms(t *testing.T) {
	folder := t.TempDir()
	conf := filepath.Join(folder, "timonel.toml")
	text := "[storage]\nurl = \"" + filepath.Join(folder, "s.db") + "\"\n[http]\naddr = \"127.0.0.1:0\"\n"
	if err := os.WriteFile(conf, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	log := newPrinted()
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, []string{"serve", "--config", conf}, nil, strings.NewReader(""), io.Discard, log)
	}()
	addr := log.until(t, address)
	for path, want := range map[string]string{"/healthz": "database: ok", "/readyz": "database: ok", "/metrics": "timonel_inbox{state=\"waiting\"} 0"} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+addr+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || answer.StatusCode != http.StatusOK || !strings.Contains(string(body), want) {
			t.Errorf("%s: %d %s %v", path, answer.StatusCode, body, err)
		}
	}
	for _, args := range [][]string{{"health"}, {"health", "--ready"}} {
		out := newPrinted()
		env := []string{"TIMONEL_HTTP_ADDR=" + strings.Replace(addr, "127.0.0.1", "0.0.0.0", 1)}
		if got := run(t.Context(), args, env, strings.NewReader(""), out, out); got != exitDone || !strings.HasPrefix(out.String(), "database: ok") {
			t.Errorf("%v: exit code %d: %s", args, got, out)
		}
	}
	stop()
	if got := <-code; got != exitDone {
		t.Errorf("exit code %d: %s", got, log)
	}
	gone := newPrinted()
	if got := run(t.Context(), []string{"health"}, []string{"TIMONEL_HTTP_ADDR=" + addr}, strings.NewReader(""), gone, gone); got != exitFailed || !strings.Contains(gone.String(), "is timonel serve running") {
		t.Errorf("when it is gone: exit code %d: %s", got, gone)
	}
	if all := log.String(); !strings.Contains(all, "chmod 600 "+conf) {
		t.Errorf("no warning about a configuration that all can read: %s", all)
	}
}

// TestChat talks to the bot through the terminal: a project is made and answers about it come back.
func TestChat(t *testing.T) {
	db := filepath.Join(t.TempDir(), "c.db")
	keys, typed := io.Pipe()
	out := newPrinted()
	code := make(chan int, 1)
	go func() {
		code <- run(t.Context(), []string{"chat", "--db", db, "--as", "Ana"}, nil, keys, out, io.Discard)
	}()
	for _, step := range []struct{ say, want string }{
		{"nuevo proyecto ACME con el plan fieldpro-template desde el 2 de marzo", "ACME"},
		{"¿qué falta?", "1."},
	} {
		before := len(out.String())
		if _, err := io.WriteString(typed, step.say+"\n"); err != nil {
			t.Fatal(err)
		}
		out.until(t, func(s string) string {
			if strings.Contains(s[before:], step.want) {
				return s
			}
			return ""
		})
	}
	typed.Close()
	if got := <-code; got != exitDone {
		t.Errorf("exit code %d", got)
	}
	for line := range strings.Lines(out.String()) {
		if !strings.HasPrefix(line, "│ ") {
			t.Errorf("line %q does not stand apart", line)
		}
	}
}

// TestServeInMemory runs the bot on a database of its own that is gone with it.
func TestServeInMemory(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	log, code := newPrinted(), make(chan int, 1)
	go func() {
		code <- run(ctx, []string{"serve"}, []string{"TIMONEL_STORAGE_URL=:memory:", "TIMONEL_HTTP_ADDR=127.0.0.1:0"}, strings.NewReader(""), io.Discard, log)
	}()
	if status, text := ask(t, log, "/readyz"); status != http.StatusOK || !strings.HasPrefix(text, "database: ok") {
		t.Errorf("%d %s", status, text)
	}
	cancel()
	if got := <-code; got != exitDone {
		t.Errorf("exit code %d: %s", got, log)
	}
}

// TestThePageBehindALink makes a project, asks for its link as an operator does, and opens it in the running bot; a link that
// was revoked opens nothing.
func TestThePageBehindALink(t *testing.T) {
	folder := t.TempDir()
	state := filepath.Join(folder, "s.json")
	if err := os.WriteFile(state, []byte(`{"format": 1, "projects": [{"key": "ACME", "name": "ACME Norte", "mode": "implementation",
		"language": "es", "timezone": "UTC", "status": "active"}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	env := []string{"TIMONEL_STORAGE_URL=" + filepath.Join(folder, "s.db"), "TIMONEL_HTTP_ADDR=127.0.0.1:0", "TIMONEL_HTTP_URL=https://timonel.example.com/"}
	do := func(args ...string) string {
		t.Helper()
		out := newPrinted()
		if code := run(t.Context(), args, env, strings.NewReader(""), out, io.Discard); code != exitDone {
			t.Fatalf("%v: exit code %d: %s", args, code, out)
		}
		return strings.TrimSpace(out.String())
	}
	do("import", state)
	link := func(args ...string) string {
		path, whole := strings.CutPrefix(do(append([]string{"link", "--project", "ACME"}, args...)...), "https://timonel.example.com/p/ACME/")
		if !whole {
			t.Fatalf("the link is %s", path)
		}
		return "/p/ACME/" + path
	}
	path := link()
	serve := func() (log *printed, stop func()) {
		ctx, cancel := context.WithCancel(t.Context())
		log, code := newPrinted(), make(chan int, 1)
		go func() { code <- run(ctx, []string{"serve"}, env, strings.NewReader(""), io.Discard, log) }()
		return log, func() {
			cancel()
			if got := <-code; got != exitDone {
				t.Errorf("exit code %d: %s", got, log)
			}
		}
	}
	log, stop := serve()
	if code, text := ask(t, log, path); code != http.StatusOK || !strings.Contains(text, "ACME Norte") {
		t.Errorf("%d %s", code, text)
	}
	changed := path[:len(path)-6] + flipped(path[len(path)-6]) + path[len(path)-5:]
	if code, text := ask(t, log, changed); code != http.StatusNotFound || strings.Contains(text, "ACME") {
		t.Errorf("a changed link: %d %s", code, text)
	}
	stop()
	fresh := link("--revoke", "--days", "1")
	log, stop = serve()
	if code, _ := ask(t, log, path); code != http.StatusNotFound {
		t.Errorf("a revoked link: %d", code)
	}
	if code, _ := ask(t, log, fresh); code != http.StatusOK {
		t.Errorf("a new link: %d", code)
	}
	stop()
}

// ask gets one of the bot's pages.
func ask(t *testing.T, log *printed, path string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+log.until(t, address)+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

// flipped is another letter than the one given.
func flipped(c byte) string {
	if c == 'A' {
		return "B"
	}
	return "A"
}
