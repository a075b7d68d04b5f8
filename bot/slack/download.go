package slack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/url"
	"time"

	slackgo "github.com/slack-go/slack"

	"timonel/bot"
)

const (
	// maxDownload bounds what is read of a file to know its hash; a larger one has none.
	maxDownload  = 64 << 20
	downloadTime = 20 * time.Second
	maxFiles     = 20
)

var errTooLarge = errors.New("the file is too large")

// digest hashes what is written to it, up to a limit.
type digest struct {
	hash hash.Hash
	n    int
}

func (d *digest) Write(p []byte) (int, error) {
	if d.n += len(p); d.n > maxDownload {
		return 0, errTooLarge
	}
	return d.hash.Write(p)
}

// addFiles adds the files of a message, each with the hash of its content. A file that cannot be read comes without one.
func (a *Adapter) addFiles(ctx context.Context, h *heard) error {
	if h.in.Kind != bot.TextMessage {
		return nil
	}
	var failed error
	for i, f := range h.files {
		if i == maxFiles || f.Mode == "tombstone" {
			continue
		}
		file := bot.File{Name: f.Name, MIME: f.MIME, Bytes: f.Size}
		if sum, n, err := a.hashOf(ctx, f); err == nil {
			file.SHA256, file.Bytes = sum, n
		} else if mayMend(err) {
			failed = fmt.Errorf("read the file %s: %w", f.ID, err)
		} else {
			a.cfg.Log.Warn().Err(withAdvice(err)).Str("file", f.ID).Msg("read a file")
		}
		h.in.Files = append(h.in.Files, file)
	}
	if failed != nil {
		h.in.Files = nil
		for _, f := range h.files[:min(len(h.files), maxFiles)] {
			h.in.Files = append(h.in.Files, bot.File{Name: f.Name, MIME: f.MIME, Bytes: f.Size})
		}
	}
	return failed
}

// mayMend reports whether a download may succeed in a moment; without the scope Slack leads to its sign-in page instead.
func mayMend(err error) bool {
	var limited *slackgo.RateLimitedError
	var status slackgo.StatusCodeError
	var broken *url.Error
	return errors.As(err, &limited) || errors.As(err, &status) && status.Code >= 500 || errors.As(err, &broken) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, context.DeadlineExceeded)
}

func (a *Adapter) hashOf(ctx context.Context, f sharedFile) (string, int, error) {
	if f.Size > maxDownload {
		return "", 0, errTooLarge
	}
	address := f.Download
	if address == "" {
		address = f.Private
	}
	ctx, cancel := context.WithTimeout(ctx, downloadTime)
	defer cancel()
	d := &digest{hash: sha256.New()}
	if err := a.api.GetFileContext(ctx, address, d); err != nil {
		return "", 0, err
	}
	return hex.EncodeToString(d.hash.Sum(nil)), d.n, nil
}
