package scheduler

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"timonel/bot"
	"timonel/steering"
	"timonel/storage"
)

// recipe is how a message names the timeline that it carries: drawing one takes longer than all the rest of a digest, so
// it is drawn when the message is sent.
const recipe = "timeline"

// picture attaches a project's timeline, to be drawn.
func (w *writer) picture() {
	if !w.pictures {
		return
	}
	p := w.subject.p
	w.out.Files = append(w.out.Files, bot.File{
		Name: fmt.Sprintf("%s-%s.png", strings.ToLower(p.Key), w.today), MIME: "image/png",
		Recipe: strings.Join([]string{recipe, p.Key, w.say.Lang(), w.today.String()}, "|"),
	})
}

// Finish draws the pictures of a message that is about to be sent. A digest without one is better than none: what cannot be
// drawn is left out and told to the log.
func (s *Scheduler) Finish(ctx context.Context, out bot.Outgoing) bot.Outgoing {
	if !slices.ContainsFunc(out.Files, func(f bot.File) bool { return f.Recipe != "" }) {
		return out
	}
	var files []bot.File
	for _, f := range out.Files {
		if f.Recipe != "" && f.Data == nil {
			png, err := s.draw(ctx, f.Recipe)
			if err != nil {
				s.opt.Log.Error().Int64("outbox_id", out.ID).Err(err).Msg("draw the timeline")
			}
			if len(png) == 0 {
				continue
			}
			sum := sha256.Sum256(png)
			f.Data, f.Bytes, f.SHA256 = png, len(png), hex.EncodeToString(sum[:])
		}
		files = append(files, f)
	}
	out.Files = files
	return out
}

// draw makes the picture of a recipe from the project as it is now.
func (s *Scheduler) draw(ctx context.Context, text string) ([]byte, error) {
	parts := strings.Split(text, "|")
	if len(parts) != 4 || parts[0] != recipe {
		return nil, fmt.Errorf("recipe %q is unknown", text)
	}
	var today steering.Date
	if err := today.UnmarshalText([]byte(parts[3])); err != nil {
		return nil, err
	}
	var p *steering.Project
	err := s.db.View(ctx, func(tx *storage.Tx) (err error) {
		p, err = tx.Project(parts[1])
		return err
	})
	if err != nil {
		return nil, err
	}
	p.Refresh(today)
	s.drawing <- struct{}{}
	defer func() { <-s.drawing }()
	return s.opt.Picture(p, parts[2], today)
}
