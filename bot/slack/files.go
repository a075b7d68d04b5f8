package slack

import (
	"bytes"
	"context"
	"errors"
	"path"
	"strings"
	"sync"
	"time"

	slackgo "github.com/slack-go/slack"

	"timonel/bot"
)

const (
	pictureTries = 3           // how often a message with a fresh picture is tried
	pictureWait  = time.Second // Slack takes a moment to prepare one
	uploadsKept  = 200
)

// uploads remembers the files of messages that could not be posted at once, so that they are uploaded once.
type uploads struct {
	mu   sync.Mutex
	done map[string][]picture
}

func (u *uploads) get(name string) []picture {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.done[name]
}

func (u *uploads) keep(name string, p []picture) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.done == nil || len(u.done) > uploadsKept {
		u.done = map[string][]picture{}
	}
	u.done[name] = p
}

func (u *uploads) forget(name string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.done, name)
}

// isPicture reports whether Slack shows a file within a message.
func isPicture(f bot.File) bool {
	switch strings.ToLower(path.Ext(f.Name)) {
	case ".png", ".jpg", ".jpeg", ".gif":
		return true
	}
	return f.MIME == "image/png" || f.MIME == "image/jpeg" || f.MIME == "image/gif"
}

// pictureFiles are the files that Slack shows within the message, otherFiles those that follow it.
func (d *delivery) pictureFiles() (list []bot.File) { return d.filesThat(isPicture) }

func (d *delivery) otherFiles() (list []bot.File) {
	return d.filesThat(func(f bot.File) bool { return !isPicture(f) })
}

func (d *delivery) filesThat(fit func(bot.File) bool) (list []bot.File) {
	for _, f := range d.out.Files {
		if fit(f) && len(f.Data) > 0 {
			list = append(list, f)
		}
	}
	return list
}

// pictures uploads the pictures of the message without showing them anywhere.
func (d *delivery) pictures(ctx context.Context) ([]picture, error) {
	if kept := d.files.get(d.name()); kept != nil {
		return kept, nil
	}
	files := d.pictureFiles()
	if len(files) == 0 {
		return nil, nil
	}
	list, err := d.put(ctx, files)
	if err != nil {
		return nil, err
	}
	if _, err := d.api.CompleteUploadExternalContext(ctx, slackgo.CompleteUploadExternalParameters{Files: list}); err != nil {
		return nil, err
	}
	var out []picture
	for _, f := range list {
		out = append(out, picture{file: f.ID, name: f.Title})
	}
	d.files.keep(d.name(), out)
	return out, nil
}

// put uploads the bytes of files.
func (d *delivery) put(ctx context.Context, files []bot.File) ([]slackgo.FileSummary, error) {
	var list []slackgo.FileSummary
	for _, f := range files {
		name := shorten(orEllipsis(oneLine(f.Name)), 200)
		u, err := d.api.GetUploadURLExternalContext(ctx, slackgo.GetUploadURLExternalParameters{FileName: name, FileSize: len(f.Data)})
		if err != nil {
			return nil, err
		}
		if err := d.api.UploadToURL(ctx, slackgo.UploadToURLParameters{UploadURL: u.UploadURL, Reader: bytes.NewReader(f.Data), Filename: name}); err != nil {
			return nil, err
		}
		list = append(list, slackgo.FileSummary{ID: u.FileID, Title: name})
	}
	return list, nil
}

// share shows files after the message, in its thread if it stands in one. Slack makes one message of them.
func (d *delivery) share(ctx context.Context, files []bot.File) error {
	d.files.forget(d.name())
	if len(files) == 0 || d.landed["files"] != "" {
		return nil
	}
	list, err := d.put(ctx, files)
	if err != nil {
		return classify(err, "upload a file", true)
	}
	where := slackgo.CompleteUploadExternalParameters{Channel: d.channel, ThreadTimestamp: d.thread, Files: list}
	if _, err := d.api.CompleteUploadExternalContext(ctx, where); err != nil {
		return classify(err, "share files in "+d.channel, false)
	}
	return nil
}

// unready reports that Slack did not take the pictures of a message: it may not have prepared them yet.
func unready(err error) bool { return code(err) == "invalid_blocks" }

// patiently posts a page whose pictures may still be in the making, more than once if need be.
func (d *delivery) patiently(ctx context.Context, post func() (string, error)) (string, error) {
	for try := 1; ; try++ {
		ts, err := post()
		if !unready(err) || try == pictureTries {
			return ts, err
		}
		select {
		case <-ctx.Done():
			return "", errors.Join(err, ctx.Err())
		case <-d.cfg.After(pictureWait << (try - 1)):
		}
	}
}
