// Package replay plays a script in a virtual world and prints what the bot sends, as JSON or as the chats read.
package replay

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"timonel/internal/virtual"
	"timonel/internal/virtual/script"
	"timonel/steering/plan"
	"timonel/storage"
)

// Player plays one script in one world.
type Player struct {
	world   *virtual.World
	plans   *plan.Library
	name    string // of the script, as it stands in errors
	folder  string // to which the script's paths are relative
	zone    *time.Location
	chat    *virtual.Chat
	printed int
	print   printer
}

// printer writes the entries of the chats that are new.
type printer interface {
	entry(ctx context.Context, e view) error
	end() error
}

// New returns a player of the script with that name, which prints to out: JSON lines, or a transcript.
func New(world *virtual.World, plans *plan.Library, name string, out io.Writer, asJSON bool) *Player {
	p := &Player{world: world, plans: plans, name: name, folder: filepath.Dir(name), zone: time.UTC}
	if asJSON {
		p.print = newJSONPrinter(out)
	} else {
		p.print = newTranscript(out)
	}
	return p
}

// Play plays the statements to the end or to the first that cannot be done, which is a *script.Error.
func (p *Player) Play(ctx context.Context, statements []script.Statement) error {
	for _, s := range statements {
		if err := p.step(ctx, s); err != nil {
			return errors.Join(p.blame(s, err), p.flush(ctx))
		}
		if err := p.flush(ctx); err != nil {
			return err
		}
	}
	return p.print.end()
}

// blame puts a line to an error that the script is to be mended for; a failure of ours stays one.
func (p *Player) blame(s script.Statement, err error) error {
	e := &script.Error{Script: p.name, Line: s.Line, Cause: err}
	var m *virtual.Mistake
	var input *storage.InputError
	var path *fs.PathError
	switch {
	case errors.As(err, &m):
		e.What, e.Remedy = m.What, m.Remedy
	case errors.As(err, &input):
		e.What = input.Error()
	case errors.As(err, &path):
		e.What, e.Remedy = fmt.Sprintf("%s: %v", path.Path, path.Err), "paths are relative to the script"
	case len(plan.List(err)) > 0:
		e.What = plan.List(err)[0].Error()
	default:
		return fmt.Errorf("%s:%d: %w", p.name, s.Line, err)
	}
	return e
}

func (p *Player) step(ctx context.Context, s script.Statement) error {
	switch a := s.Do.(type) {
	case script.Zone:
		p.zone = a.Location
		p.world.SetZone(a.Location.String())
		return nil
	case script.Clock:
		return p.world.Advance(ctx, a.At(p.world.Now(), p.zone))
	case script.Chat:
		c, err := p.world.Chat(ctx, virtual.Chat{ID: a.ID, Platform: a.Platform, Language: a.Language})
		p.chat = c
		return err
	case script.Member:
		if err := p.inChat(); err != nil {
			return err
		}
		return p.world.Place(ctx, p.chat, virtual.Member{ID: a.ID, Name: a.Name, Side: a.Side, Roles: a.Roles})
	case script.Plan:
		return p.openProject(ctx, a)
	case script.Import:
		data, err := os.ReadFile(p.path(a.File))
		if err != nil {
			return err
		}
		return p.world.Import(ctx, bytes.NewReader(data))
	case script.Restart:
		return p.world.Restart(ctx)
	case script.Down:
		return p.world.Down()
	case script.Up:
		return p.world.Up(ctx)
	}
	return p.act(ctx, s)
}

func (p *Player) act(ctx context.Context, s script.Statement) error {
	by := virtual.Act{Who: script.Speaker(s.Do), Chat: p.chat, Ref: s.Line}
	switch a := s.Do.(type) {
	case script.Say:
		by.Direct = a.Direct
		return p.world.Say(ctx, by, a.Text, a.Quote)
	case script.React:
		return p.world.React(ctx, by, a.Emoji)
	case script.Press:
		return p.world.Press(ctx, by, a.Named)
	case script.Vote:
		return p.world.Vote(ctx, by, a.Option)
	case script.File:
		data, err := os.ReadFile(p.path(a.Path))
		if err != nil {
			return err
		}
		return p.world.SendFile(ctx, by, a.Path, data, a.Caption)
	}
	return fmt.Errorf("statement %T means nothing to the player", s.Do)
}

func (p *Player) inChat() error {
	if p.chat == nil {
		return &virtual.Mistake{What: "there is no chat yet", Remedy: "declare one: @chat ID"}
	}
	return nil
}

func (p *Player) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(p.folder, name)
}

// openProject takes a file where one is, else the plan with that key.
func (p *Player) openProject(ctx context.Context, a script.Plan) error {
	if err := p.inChat(); err != nil {
		return err
	}
	pl, err := p.plan(a.Source)
	if err != nil {
		return err
	}
	_, err = p.world.OpenProject(ctx, p.chat, pl, a.Start, a.Key)
	return err
}

func (p *Player) plan(source string) (*plan.Plan, error) {
	if info, err := os.Stat(p.path(source)); err == nil && !info.IsDir() {
		return plan.ReadFile(p.path(source))
	}
	pl, err := p.plans.Find(source)
	if err != nil {
		return nil, &virtual.Mistake{
			What:   "there is neither a file nor a built-in plan " + source,
			Remedy: "timonel plan list names the built-in ones; files are relative to the script",
		}
	}
	return pl, nil
}

// flush prints what is new in the chats.
func (p *Player) flush(ctx context.Context) error {
	for _, e := range p.world.Entries(p.printed) {
		p.printed = e.Place
		if e.Recalled {
			continue
		}
		v, err := p.see(ctx, e)
		if err != nil {
			return err
		}
		if err := p.print.entry(ctx, v); err != nil {
			return fmt.Errorf("print: %w", err)
		}
	}
	return nil
}
