package main

import (
	"fmt"
	"io"
	"os"
	"time"
)

// progressAfter is how long a work runs before it shows how far it is: short ones only flicker.
const progressAfter = 500 * time.Millisecond

// progress shows on a terminal how far a long work is, and nothing elsewhere.
type progress struct {
	out   io.Writer // nil shows nothing
	what  string
	now   func() time.Time
	since time.Time
	shown bool
}

func (a *app) progress(what string) *progress {
	p := &progress{what: what, now: a.now, since: a.now()}
	if isTerminal(a.stderr) {
		p.out = a.stderr
	}
	return p
}

func isTerminal(w any) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// tell is a storage.Progress.
func (p *progress) tell(done, total int) {
	if p.out == nil || p.now().Sub(p.since) < progressAfter {
		return
	}
	p.shown = true
	if total > 0 {
		fmt.Fprintf(p.out, "\r%s: %d of %d", p.what, done, total)
		return
	}
	fmt.Fprintf(p.out, "\r%s: %d", p.what, done)
}

func (p *progress) end() {
	if p.shown {
		fmt.Fprint(p.out, "\r\x1b[K")
		p.shown = false
	}
}
