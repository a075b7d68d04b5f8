package main

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"timonel/bot"
	"timonel/internal/config"
	"timonel/locale"
	"timonel/storage"
)

// operator hears of what somebody has to look after: in the log always, in a chat if the configuration names one.
type operator struct {
	app      *app
	db       *storage.DB
	log      zerolog.Logger
	platform bot.Platform
	room     bot.RoomID // "" for none
	language string

	mu   sync.Mutex
	told map[string]time.Time
}

// tellAgain is after how long the same problem is told once more.
const tellAgain = 6 * time.Hour

// tellTime bounds the storing of a note.
const tellTime = 10 * time.Second

func (a *app) operator(c config.Config, db *storage.DB, log zerolog.Logger) *operator {
	o := &operator{app: a, db: db, log: log, language: c.Defaults.Language, told: map[string]time.Time{}}
	if platform, room, found := strings.Cut(c.Rooms.Operator, ":"); found {
		o.platform, o.room = bot.Platform(platform), bot.RoomID(room)
	}
	return o
}

// tell notes a problem; the same one in the chat only every few hours.
func (o *operator) tell(problem error) {
	o.log.Error().Err(problem).Msg("somebody has to look after this")
	text := oneLine(problem.Error())
	if o.room == "" || !o.fresh(text) {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(o.app.ctx), tellTime)
	defer cancel()
	err := o.db.Update(ctx, func(tx *storage.Tx) error {
		_, err := tx.Enqueue(bot.Outgoing{
			Platform: o.platform, Room: o.room, Kind: bot.KindNotice, At: tx.Now(),
			Text: locale.For(o.language).Text("service.operator", locale.Args{"problem": text}),
		})
		return err
	})
	if err != nil {
		o.log.Error().Err(err).Msg("tell the operator")
	}
}

func (o *operator) fresh(text string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	now := o.app.now()
	if last, told := o.told[text]; told && now.Sub(last) < tellAgain {
		return false
	}
	o.told[text] = now
	return true
}
