package slack

import (
	"bytes"
	"strings"
	"sync"

	"github.com/rs/zerolog"
)

// journal keeps what the adapter logs.
type journal struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.String()
}

func (j *journal) logger() zerolog.Logger { return zerolog.New(j) }

// refusalsOf returns what the adapter had to say of refused forms since the last call.
func refusalsOf(a *Adapter) func() string {
	j := &journal{}
	a.cfg.Log = j.logger()
	read := 0
	return func() string {
		all := j.String()
		fresh := all[read:]
		read = len(all)
		var list []string
		for l := range strings.SplitSeq(fresh, "\n") {
			if strings.Contains(l, "refused a message's form") {
				list = append(list, l)
			}
		}
		return strings.Join(list, "\n")
	}
}
