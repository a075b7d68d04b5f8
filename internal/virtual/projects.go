package virtual

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"timonel/conversations"
	"timonel/locale"
	"timonel/steering"
	"timonel/steering/plan"
	"timonel/storage"
)

// OpenProject makes a project in a chat from a plan. Start is today if zero, key is made of the plan's if empty; it
// returns the project's key.
func (w *World) OpenProject(ctx context.Context, c *Chat, pl *plan.Plan, start steering.Date, key string) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.mustBeUp(); err != nil {
		return "", err
	}
	zone, err := time.LoadLocation(w.opt.Timezone)
	if err != nil {
		return "", fmt.Errorf("open project: %w", err)
	}
	if start.IsZero() {
		start = steering.DateOf(w.Now().In(zone))
	}
	if !w.started {
		w.setClock(start.At(0, 0, zone)) // for the audit; nothing falls due before the clock is set
	}
	err = w.db.Update(ctx, func(tx *storage.Tx) error {
		if key == "" {
			if key, err = freeKey(tx, pl.Key); err != nil {
				return err
			}
		}
		_, err := w.bot.Engine.OpenProject(tx, conversations.Opening{
			Plan: pl, Key: key, Name: pl.Title(w.languageOf(c, pl)), Start: start, Language: w.languageOf(c, pl),
			Chat: steering.Chat{Platform: string(c.Platform), ID: c.ID, Audience: steering.AudienceCommittee}, Via: string(c.Platform),
		})
		return err
	})
	if err != nil {
		return "", refused(err, key)
	}
	if !w.started {
		return key, nil
	}
	return key, w.work(ctx)
}

// languageOf is the language of a project made in a chat: the chat's own, else the plan's, else the world's.
func (w *World) languageOf(c *Chat, pl *plan.Plan) string {
	for _, lang := range []string{c.Language, pl.Language} {
		if locale.Known(lang) {
			return lang
		}
	}
	return w.opt.Language
}

// freeKey makes a project key of a plan's, numbered when it is taken.
func freeKey(tx *storage.Tx, planKey string) (string, error) {
	taken, err := tx.ProjectKeys()
	if err != nil {
		return "", err
	}
	base := strings.ToUpper(planKey)
	base = strings.Trim(base[:min(len(base), 17)], "-")
	key := base
	for n := 2; slices.Contains(taken, key); n++ {
		key = fmt.Sprintf("%s-%d", base, n)
	}
	return key, nil
}

// refused words what speaks against a project in English, for whoever drives the world.
func refused(err error, key string) error {
	var refusal *steering.Error
	if errors.As(err, &refusal) {
		return mistake("", "the project cannot be made: %s", locale.For("en").Text(refusal.Key, refusal.Args))
	}
	if errors.Is(err, storage.ErrTaken) {
		return mistake("give it another key", "there is a project %s already", key)
	}
	return fmt.Errorf("open project: %w", err)
}

// Import reads what Export wrote, all or nothing.
func (w *World) Import(ctx context.Context, r io.Reader) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.mustBeUp(); err != nil {
		return err
	}
	result, err := w.db.Import(ctx, r, nil)
	if err != nil {
		return err
	}
	if !w.started {
		w.imported = append(w.imported, result.Projects...)
		return nil // nothing falls due before the clock is set
	}
	return w.work(ctx)
}

// Export writes the state as JSON.
func (w *World) Export(ctx context.Context, out io.Writer) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.db.Export(ctx, out, "", nil)
}

// Zone returns the zone of a project, UTC for one that is not there.
func (w *World) Zone(ctx context.Context, key string) (*time.Location, error) {
	loc := time.UTC
	err := w.View(ctx, func(tx *storage.Tx) error {
		p, err := tx.Project(key)
		if errors.Is(err, storage.ErrNotFound) {
			return nil
		}
		if err == nil {
			loc = p.Location()
		}
		return err
	})
	return loc, err
}
