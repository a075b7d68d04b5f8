package conversations

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"timonel/bot"
	"timonel/locale"
	"timonel/steering"
	"timonel/storage"
)

const (
	// goneFact is the fact of a room that says when its leads were told that the bot cannot write there.
	goneFact = "gone_told"
	// goneAgain is after how long they are told once more, if it is still so.
	goneAgain = 24 * time.Hour
)

// Unreachable tells the leads of a project, directly and once, that the bot cannot write in a chat: the group that out was
// for, or to the person that it was for.
func (e *Engine) Unreachable(tx *storage.Tx, out bot.Outgoing) error {
	id := out.Room
	if out.Direct != "" {
		id = bot.RoomID("@" + string(out.Direct))
	}
	keys := []string{out.Project}
	if out.Direct == "" {
		var err error
		if keys, err = tx.ProjectsByChat(out.Platform, out.Room); err != nil {
			return err
		}
	}
	return e.tellGone(tx, out.Platform, id, out.Direct, slices.DeleteFunc(keys, func(k string) bool { return k == "" }))
}

// left tells the leads when the bot was taken out of a chat.
func (t *turn) left() error {
	if !t.in.SelfJoined || t.in.Direct {
		return nil
	}
	return t.Unreachable(t.tx, bot.Outgoing{Platform: t.in.Platform, Room: t.in.Room})
}

func (e *Engine) tellGone(tx *storage.Tx, platform bot.Platform, id bot.RoomID, user bot.UserID, keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	room, err := roomOf(tx, platform, id)
	if err != nil {
		return err
	}
	if last, err := time.Parse(time.RFC3339, room.Facts[goneFact]); err == nil && tx.Now().Sub(last) < goneAgain {
		return nil
	}
	if room.Facts == nil {
		room.Facts = map[string]string{}
	}
	room.Facts[goneFact] = tx.Now().UTC().Format(time.RFC3339)
	if err := tx.PutRoom(room); err != nil {
		return fmt.Errorf("note that a chat cannot be written in: %w", err)
	}
	if user == "" {
		return e.tellLeads(tx, platform, "", keys, func(say locale.Printer, _ *steering.Project) string {
			return say.Text("gone.chat", locale.Args{"chat": roomName(room), "projects": strings.Join(keys, ", ")})
		})
	}
	who, err := tx.PersonByHandle(platform, user)
	if errors.Is(err, storage.ErrNotFound) {
		who, err = &steering.Person{Name: string(user)}, nil
	}
	if err != nil {
		return fmt.Errorf("look for who cannot be reached: %w", err)
	}
	return e.tellLeads(tx, platform, who.ID, keys, func(say locale.Printer, p *steering.Project) string {
		return say.Text("gone.person", locale.Args{"who": who.Name, "project": p.Name})
	})
}

// tellLeads writes to each lead of some projects but one, once, directly and in their own language: on the platform first
// if they can be reached there. Words say it of the first project that they lead.
func (e *Engine) tellLeads(tx *storage.Tx, first bot.Platform, but steering.PersonID, keys []string, words func(locale.Printer, *steering.Project) string) error {
	told := map[steering.PersonID]bool{but: true}
	for _, key := range keys {
		p, err := tx.Project(key)
		if err != nil {
			return err
		}
		for _, id := range p.With(steering.RoleLead, "") {
			if told[id] {
				continue
			}
			told[id] = true
			lead, err := tx.Person(id)
			if errors.Is(err, storage.ErrNotFound) {
				continue
			}
			if err != nil {
				return fmt.Errorf("look for a lead: %w", err)
			}
			out, ok, err := e.directTo(tx, lead, first)
			if err != nil {
				return err
			}
			if !ok {
				continue
			}
			out.Kind, out.Project, out.Text, out.At = bot.KindNotice, p.Key, words(locale.For(lead.Language, p.Language), p), tx.Now()
			if _, err := tx.Enqueue(out); err != nil {
				return fmt.Errorf("tell a lead: %w", err)
			}
		}
	}
	return nil
}

func roomName(r *storage.Room) string {
	if r.Name != "" {
		return r.Name
	}
	return string(r.ID)
}

// directTo addresses a person directly, on the platform first where something went wrong. On WhatsApp only who has
// written to the bot is written to.
func (e *Engine) directTo(tx *storage.Tx, who *steering.Person, first bot.Platform) (bot.Outgoing, bool, error) {
	for _, platform := range []bot.Platform{first, bot.Slack, bot.WhatsApp, bot.Web} {
		user := bot.UserID(who.Handles[string(platform)])
		if user == "" || e.opt.Capabilities != nil && e.opt.Capabilities(platform) == (bot.Capabilities{}) {
			continue
		}
		room, err := tx.DirectRoom(platform, user)
		if err != nil && !errors.Is(err, storage.ErrNotFound) {
			return bot.Outgoing{}, false, err
		}
		if platform == bot.WhatsApp && (err != nil || room.WroteAt.IsZero()) {
			continue
		}
		out := bot.Outgoing{Platform: platform, Direct: user}
		if err == nil {
			out.Room = room.ID
		}
		return out, true, nil
	}
	return bot.Outgoing{}, false, nil
}
