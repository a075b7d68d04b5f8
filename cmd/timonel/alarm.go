package main

import (
	"context"
	"time"

	"github.com/rs/zerolog"

	"timonel/locale"
	"timonel/storage"
)

// lookout sees what nobody would notice: messages that wait too long, a schedule that stands still, a disk that fills, a
// database that takes nothing any more. The operator hears of each once, and once when it is over, from whichever instance.
type lookout struct {
	app      *app
	db       *storage.DB
	health   *health
	operator *operator
	log      zerolog.Logger

	began time.Time
	seen  map[string]bool // what was so at the last look, told or not
	deaf  bool            // the operator was told that nothing can be stored
}

// concern is something that may be wrong.
type concern struct {
	name  string // of the alarm, and the key of its words
	key   string
	wrong bool
	over  bool // that it is not wrong, beyond doubt
	args  locale.Args
}

// once looks at everything.
func (l *lookout) once(ctx context.Context) {
	if l.began.IsZero() {
		l.began, l.seen = l.app.now(), map[string]bool{}
	}
	if !l.storing(ctx) {
		return
	}
	state, err := l.health.look(ctx)
	if err != nil {
		if ctx.Err() == nil {
			l.log.Error().Err(err).Msg("look for what waits")
		}
		return
	}
	for _, c := range l.concerns(state) {
		if err := l.settle(ctx, c); err != nil && ctx.Err() == nil {
			l.log.Error().Err(err).Str("about", c.name).Msg("raise or end an alarm")
		}
	}
}

// storing writes something, and tells past the outbox when that begins to fail.
func (l *lookout) storing(ctx context.Context) bool {
	err := l.db.Beat(ctx)
	if ctx.Err() != nil {
		return false
	}
	l.health.wrote(err)
	switch {
	case err != nil && !l.deaf:
		l.deaf = true
		l.log.Error().Err(err).Msg("nothing can be stored")
		l.operator.sayNow(ctx, l.operator.words("alarm.store", locale.Args{"problem": oneLine(err.Error())}))
	case err == nil && l.deaf:
		l.deaf = false
		l.log.Info().Msg("what comes in can be stored again")
		l.operator.say(ctx, l.operator.words("alarm.store_over", nil))
	}
	return err == nil
}

// concerns lists what may be wrong, whether it is or not.
func (l *lookout) concerns(s state) []concern {
	var list []concern
	say := locale.For(l.operator.language)
	waits := func(name, key string, since time.Time, args locale.Args) {
		args["since"] = say.Moment(since.UTC())
		list = append(list, concern{name, key, l.late(since), !l.health.old(since), args})
	}
	for _, a := range l.health.adapters {
		p, w := string(a.Platform()), s.ages[a.Platform()]
		args := func(n int) locale.Args {
			return locale.Args{"n": n, "platform": say.Text("platform."+p, nil), "problem": a.Health().Problem}
		}
		waits("in:"+p, "alarm.in", w.OldestIncoming, args(w.Incoming))
		waits("out:"+p, "alarm.out", w.OldestOutgoing, args(w.Outgoing))
	}
	waits("schedule", "alarm.schedule", s.overdue, locale.Args{})
	if l.health.folder != "" {
		if free, err := freeSpace(l.health.folder); err == nil {
			list = append(list, concern{"disk", "alarm.disk", free < lowDisk, free > lowDisk+lowDisk/10, locale.Args{"n": int(free >> 20)}})
		}
	}
	return list
}

// late reports whether something is old, the time before this process not counted: after a downtime everything is, and is
// on its way.
func (l *lookout) late(since time.Time) bool {
	if since.IsZero() {
		return false
	}
	if since.Before(l.began) {
		since = l.began
	}
	return l.health.old(since)
}

// settle raises or ends an alarm. What is seen for the first time may be over at the next look: a clock that jumps a day
// makes everything old for a moment.
func (l *lookout) settle(ctx context.Context, c concern) error {
	before := l.seen[c.name]
	l.seen[c.name] = c.wrong
	if c.wrong && !before || !c.wrong && !c.over {
		return nil
	}
	return l.db.Update(ctx, func(tx *storage.Tx) error {
		if !c.wrong {
			was, err := tx.EndAlarm(c.name)
			if err != nil || !was {
				return err
			}
			l.log.Info().Str("about", c.name).Msg("alarm over")
			return l.operator.post(tx, l.operator.words(c.key+"_over", c.args))
		}
		fresh, err := tx.RaiseAlarm(c.name)
		if err != nil || !fresh {
			return err
		}
		l.log.Error().Str("about", c.name).Msg("alarm")
		return l.operator.post(tx, l.operator.words(c.key, c.args))
	})
}
