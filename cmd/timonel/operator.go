package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"timonel/bot"
	"timonel/internal/config"
	"timonel/locale"
	"timonel/storage"
)

// operator hears of what somebody has to look after: in the log always, in a chat if the configuration names one, in another
// when that one's platform is down.
type operator struct {
	app      *app
	db       *storage.DB
	log      zerolog.Logger
	chats    []operatorChat
	language string
	adapters []bot.Adapter // set before anything runs

	mu   sync.Mutex
	told map[string]time.Time
}

// operatorChat is a place in which the operator reads.
type operatorChat struct {
	platform bot.Platform
	room     bot.RoomID
}

// tellAgain is after how long the same problem is told once more.
const tellAgain = 6 * time.Hour

// tellTime bounds the storing of a note.
const tellTime = 10 * time.Second

func (a *app) operator(c config.Config, db *storage.DB, log zerolog.Logger) *operator {
	o := &operator{app: a, db: db, log: log, language: c.Defaults.Language, told: map[string]time.Time{}}
	for _, chat := range []string{c.Rooms.Operator, c.Rooms.OperatorFallback} {
		if platform, room, found := strings.Cut(chat, ":"); found {
			o.chats = append(o.chats, operatorChat{bot.Platform(platform), bot.RoomID(room)})
		}
	}
	return o
}

// tell notes a problem; the same one in the chat only every few hours.
func (o *operator) tell(problem error) {
	o.log.Error().Err(problem).Msg("somebody has to look after this")
	text := oneLine(problem.Error())
	if len(o.chats) == 0 || !o.fresh(text) {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(o.app.ctx), tellTime)
	defer cancel()
	o.say(ctx, o.words("service.operator", locale.Args{"problem": text}))
}

func (o *operator) words(key string, args locale.Args) string {
	return strings.TrimSpace(locale.For(o.language).Text(key, args))
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

// say brings a text to the operator's chat; where nothing can be stored, past the outbox.
func (o *operator) say(ctx context.Context, text string) {
	err := o.db.Update(ctx, func(tx *storage.Tx) error { return o.post(tx, text) })
	if err == nil {
		return
	}
	o.log.Error().Err(err).Msg("tell the operator")
	o.sayNow(ctx, text)
}

// post stores a text for the operator's chat, with the transaction in which it became true. Where only other platforms work
// it goes to the leads who can be reached there, and where none does, or nobody can, it waits in the operator's chat.
func (o *operator) post(tx *storage.Tx, text string) error {
	chat, up := o.place()
	if chat.room == "" {
		return nil
	}
	if !up {
		if told, err := o.postToLeads(tx, text); told || err != nil {
			return err
		}
	}
	_, err := tx.Enqueue(bot.Outgoing{Platform: chat.platform, Room: chat.room, Kind: bot.KindNotice, Text: text, At: tx.Now()})
	return err
}

// place is the first of the operator's chats whose platform works; up is false if none does, or none is named.
func (o *operator) place() (chat operatorChat, up bool) {
	for _, c := range o.chats {
		if a := o.adapter(c.platform); a != nil && a.Health().OK {
			return c, true
		}
	}
	if len(o.chats) > 0 {
		return o.chats[0], false
	}
	return operatorChat{}, false
}

func (o *operator) adapter(p bot.Platform) bot.Adapter {
	for _, a := range o.adapters {
		if a.Platform() == p {
			return a
		}
	}
	return nil
}

// postToLeads stores a text for the leads of the projects on platforms that are down, on the first that works; told is false
// if none of them can be reached.
func (o *operator) postToLeads(tx *storage.Tx, text string) (told bool, err error) {
	i := slices.IndexFunc(o.adapters, func(a bot.Adapter) bool { return a.Health().OK })
	if i < 0 {
		return false, nil
	}
	for _, down := range o.adapters {
		if down.Health().OK {
			continue
		}
		leads, err := leadsOn(tx, down.Platform(), o.adapters[i].Platform())
		if err != nil {
			return false, err
		}
		if err := writeTo(tx, o.adapters[i].Platform(), leads, func(aLead) string { return text }); err != nil {
			return false, err
		}
		told = told || len(leads) > 0
	}
	return told, nil
}

// errNowhere says that no chat of the operator's can be reached.
var errNowhere = errors.New("no chat of the operator's is on a platform that works")

// sayNow sends a text past the outbox, once, for the case that nothing can be stored.
func (o *operator) sayNow(ctx context.Context, text string) {
	err := errNowhere
	if chat, up := o.place(); up {
		_, err = o.adapter(chat.platform).Send(ctx, bot.Outgoing{
			Platform: chat.platform, Room: chat.room, Kind: bot.KindNotice, Text: text, At: o.app.now(), Attempt: 1,
		})
	}
	if err != nil {
		o.log.Error().Err(err).Msg("tell the operator without the outbox")
	}
}
