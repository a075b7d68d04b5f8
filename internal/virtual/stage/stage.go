// Package stage puts a world in virtual time behind the demo's page: a sample project already in trouble, in three
// languages, with people to speak as.
package stage

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"sync"
	"time"

	"timonel/bot"
	"timonel/internal/virtual"
	"timonel/internal/virtual/replay"
	"timonel/internal/virtual/script"
	"timonel/locale"
	"timonel/report"
	"timonel/steering"
	"timonel/storage"
	"timonel/web"
)

//go:embed samples/*.script
var samples embed.FS

// group is the sample's chat, and platform where it lives.
const (
	group    = "comite"
	platform = bot.Web
)

// Stage is the demo's world. It implements web.World.
type Stage struct {
	opt    virtual.Options
	folder string

	mu      sync.Mutex
	world   *virtual.World
	lang    string
	version int
}

// Open plays the sample of a language. With a database in opt it is kept there, and found again; without one every sample
// has a file of its own in folder, or lives in memory when folder is "".
func Open(ctx context.Context, opt virtual.Options, folder, lang string) (*Stage, error) {
	s := &Stage{opt: opt, folder: folder}
	if err := s.play(ctx, lang); err != nil {
		return nil, err
	}
	return s, nil
}

// Close ends the world.
func (s *Stage) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.world.Close()
}

// play begins the sample of a language in a world of its own.
func (s *Stage) play(ctx context.Context, lang string) error {
	if !locale.Known(lang) {
		return fmt.Errorf("%w: there is no sample in %q; there are es, pt and en", web.ErrBadDeed, lang)
	}
	name := "samples/" + lang + ".script"
	text, err := samples.ReadFile(name)
	if err != nil {
		return fmt.Errorf("read the sample: %w", err)
	}
	statements, err := script.Parse(name, text)
	if err != nil {
		return fmt.Errorf("read the sample: %w", err)
	}
	world, err := virtual.Open(ctx, s.options())
	if err != nil {
		return fmt.Errorf("open the demo's world: %w", err)
	}
	if kept, err := s.goOn(ctx, world, lang); kept || err != nil {
		return err
	}
	if err := replay.New(world, s.opt.Plans, name, io.Discard, true).Play(ctx, statements); err != nil {
		return errors.Join(fmt.Errorf("play the sample: %w", err), world.Close())
	}
	if s.world != nil {
		err = s.world.Close()
	}
	s.world, s.lang = world, lang
	s.version++
	return err
}

// options gives each sample a database of its own unless one is kept.
func (s *Stage) options() virtual.Options {
	opt := s.opt
	if opt.Database == "" && s.folder != "" {
		opt.Database = filepath.Join(s.folder, fmt.Sprintf("demo-%d.db", s.version+1))
	}
	return opt
}

// goOn takes a world whose database holds the sample already; its clock stands where the last change was made.
func (s *Stage) goOn(ctx context.Context, world *virtual.World, lang string) (kept bool, err error) {
	if s.opt.Database == "" {
		return false, nil
	}
	if _, err := project(ctx, world); errors.Is(err, storage.ErrNotFound) {
		return false, nil
	} else if err != nil {
		return false, errors.Join(err, world.Close())
	}
	var last time.Time
	err = world.View(ctx, func(tx *storage.Tx) error {
		keys, err := tx.ProjectKeys()
		for _, key := range keys {
			entries, auditErr := tx.Audit(key, storage.AuditFilter{Limit: 1, Newest: true})
			err = errors.Join(err, auditErr)
			for _, e := range entries {
				last = e.At
			}
		}
		return err
	})
	if err == nil {
		_, err = world.Chat(ctx, virtual.Chat{ID: group, Platform: platform, Language: lang})
	}
	if err == nil {
		err = world.Advance(ctx, last)
	}
	if s.world != nil {
		err = errors.Join(err, s.world.Close())
	}
	s.world, s.lang = world, lang
	s.version++
	return true, err
}

// project loads the sample's project.
func (s *Stage) project(ctx context.Context) (*steering.Project, error) { return project(ctx, s.world) }

func project(ctx context.Context, world *virtual.World) (p *steering.Project, err error) {
	err = world.View(ctx, func(tx *storage.Tx) error {
		keys, err := tx.ProjectsByChat(platform, group)
		if err != nil || len(keys) == 0 {
			return errors.Join(err, storage.ErrNotFound)
		}
		p, err = tx.Project(keys[len(keys)-1])
		return err
	})
	return p, err
}

// Timeline implements web.World.
func (s *Stage) Timeline(ctx context.Context) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.project(ctx)
	if err != nil {
		return nil, err
	}
	return report.TimelineSVG(p, p.Today(s.world.Now()), locale.For(s.lang))
}

// File implements web.World.
func (s *Stage) File(_ context.Context, sha string) (name, mime string, data []byte, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.world.Entries(0) {
		var files []bot.File
		if e.Said != nil {
			files = e.Said.Files
		} else if e.Heard != nil {
			files = e.Heard.Files
		}
		for _, f := range files {
			if f.SHA256 == sha && f.Data != nil {
				return f.Name, f.MIME, f.Data, nil
			}
		}
	}
	return "", "", nil, fmt.Errorf("file %s: %w", sha, storage.ErrNotFound)
}

// Do implements web.World.
func (s *Stage) Do(ctx context.Context, d web.Deed) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d.Kind == "language" || d.Kind == "restart" {
		lang := d.Text
		if lang == "" {
			lang = s.lang
		}
		return s.play(ctx, lang)
	}
	if err := s.act(ctx, d); err != nil {
		var m *virtual.Mistake
		if errors.As(err, &m) {
			return fmt.Errorf("%w: %w", web.ErrBadDeed, m)
		}
		return err
	}
	s.version++
	return nil
}

func (s *Stage) act(ctx context.Context, d web.Deed) error {
	if d.Kind == "advance" {
		return s.advance(ctx, d.Text)
	}
	chat, err := s.world.Chat(ctx, virtual.Chat{ID: group, Platform: platform})
	if err != nil {
		return err
	}
	by := virtual.Act{Who: d.As, Chat: chat, Direct: d.Direct}
	if d.Kind == "file" {
		return s.world.SendFile(ctx, by, d.Name, d.Data, d.Text)
	}
	kind, ok := map[string]bot.IncomingKind{"say": bot.TextMessage, "press": bot.Press, "react": bot.Reaction, "vote": bot.PollVote}[d.Kind]
	if !ok {
		return fmt.Errorf("%w: nobody can %q here", web.ErrBadDeed, d.Kind)
	}
	quote, err := s.messageID(d.Message)
	if err != nil {
		return err
	}
	return s.world.Do(ctx, by, func(in *bot.Incoming) error {
		in.Kind, in.Text, in.Action, in.Quote, in.ToBot = kind, d.Text, d.Action, quote, quote != ""
		return nil
	})
}

// messageID is the platform's id of the message that stands at a place, "" for 0.
func (s *Stage) messageID(place int) (bot.MessageID, error) {
	if place == 0 {
		return "", nil
	}
	for _, e := range s.world.Entries(place - 1) {
		if e.Place == place && e.Said != nil {
			return e.Message, nil
		}
	}
	return "", fmt.Errorf("%w: that message is not there", web.ErrBadDeed)
}

// maxWait is how far "to the next notice" looks ahead.
const maxWait = 120 * 24 * time.Hour

// advance moves the clock by a step, or on until the bot says something unasked.
func (s *Stage) advance(ctx context.Context, step string) error {
	now := s.world.Now()
	switch step {
	case "1h":
		return s.world.Advance(ctx, now.Add(time.Hour))
	case "1d":
		return s.world.Advance(ctx, now.AddDate(0, 0, 1))
	case "1w":
		return s.world.Advance(ctx, now.AddDate(0, 0, 7))
	case "next":
		return s.world.AdvanceToNext(ctx, now.Add(maxWait))
	}
	return fmt.Errorf("%w: the clock goes 1h, 1d, 1w or next", web.ErrBadDeed)
}
