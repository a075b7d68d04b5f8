package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/sync/errgroup"

	"timonel/bot"
	"timonel/conversations"
	"timonel/conversations/understand"
	"timonel/internal/assembly"
	"timonel/internal/config"
	"timonel/locale"
	"timonel/storage"
	"timonel/web"
)

type serveCommand struct{}

// shutdownTime is how long the pages may take to finish what they answer.
const shutdownTime = 5 * time.Second

// gatherTime is how long an unasked message waits for what other projects owe the same chat at that moment.
const gatherTime = 3 * time.Second

// Run is the real bot until it is told to stop.
func (c *serveCommand) Run(a *app) (err error) {
	conf, err := a.checked()
	if err != nil {
		return err
	}
	log := a.logger(conf.Log)
	warnExposed(log, storage.File(conf.Storage.URL))
	if conf.WhatsApp.WebsocketURL != "" {
		log.Warn().Str("websocket_url", conf.WhatsApp.WebsocketURL).Msg("WhatsApp is redirected: this is no connection to WhatsApp itself")
	}
	db, err := assembly.OpenDatabase(a.ctx, conf.Storage.URL, a.now)
	if err != nil {
		return err
	}
	defer closing(db, &err)
	o := a.operator(conf, db, log)
	rest := joined{db: db, screens: &screens{}}
	adapters, err := a.platforms(conf, rest, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeAll(adapters)) }()
	options, err := a.assemblyOptions(conf, log, adapters)
	if err != nil {
		return err
	}
	o.adapters = adapters
	h := a.health(conf, db, adapters)
	options.Operator, options.Courier, options.Watch = o.tell, a.deliver, h.metrics.watch()
	b := assembly.New(db, options)
	if db.Shared() {
		if err := b.Share(a.ctx, conf.Storage.URL, a.sharing); err != nil {
			return err
		}
	}
	rest.screens.engine.Store(b.Engine)
	return a.serve(conf, b, &service{db: db, adapters: adapters, health: h, operator: o, log: log})
}

// assemblyOptions is the bot by the configuration.
func (a *app) assemblyOptions(c config.Config, log zerolog.Logger, adapters []bot.Adapter) (assembly.Options, error) {
	if err := locale.Check(); err != nil {
		return assembly.Options{}, err
	}
	plans, err := library(c)
	if err != nil {
		return assembly.Options{}, err
	}
	model, err := understand.Load()
	if err != nil {
		return assembly.Options{}, err
	}
	return assembly.Options{
		Now: a.now, After: a.after, Plans: plans, Policy: c.Policy(), Model: model, Timezone: c.Defaults.Timezone, Country: c.Defaults.Country,
		Language: c.Defaults.Language, MayCreate: mayCreate(c.Rooms), Adapters: adapters, Gather: gatherTime, Log: log,
	}, nil
}

// mayCreate says who may open a project: where the operator allows it, whom the operator names, and who leads one already.
// Without any of them the first on a platform may, who leads from then on.
func mayCreate(r config.Rooms) func(conversations.Opener) bool {
	return func(o conversations.Opener) bool {
		in := slices.Contains(r.Allow, string(o.Platform)+":"+string(o.Room)) || slices.Contains(r.Allow, string(o.Platform)+":*") && !o.Guest
		by := slices.Contains(r.Creators, string(o.Platform)+":"+string(o.User))
		switch {
		case len(r.Creators) > 0 && len(r.Allow) > 0:
			return in && by || o.Leads
		case len(r.Creators) > 0:
			return by || o.Leads
		}
		return in || o.Leads || o.First && !o.Guest
	}
}

// service is what runs beside the bot itself.
type service struct {
	db       *storage.DB
	adapters []bot.Adapter
	health   *health
	operator *operator
	log      zerolog.Logger
}

// health is how a bot by the configuration tells how it stands.
func (a *app) health(c config.Config, db *storage.DB, adapters []bot.Adapter) *health {
	h := &health{db: db, adapters: adapters, metrics: newMetrics(a.now, adapters), now: a.now, late: time.Duration(c.Rooms.AlarmMinutes) * time.Minute}
	if file := storage.File(c.Storage.URL); file != "" {
		h.folder = filepath.Dir(file)
	}
	return h
}

// serve runs the bot and its pages until the program is told to stop or one of them cannot go on.
func (a *app) serve(c config.Config, b *assembly.Bot, s *service) error {
	all, ctx := errgroup.WithContext(a.ctx)
	log := s.log
	if c.HTTP.Addr != "" {
		listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.HTTP.Addr)
		if err != nil {
			return fmt.Errorf("serve pages: %w (set http.addr to a free address)", err)
		}
		links, err := a.links(s.db)
		if err != nil {
			return errors.Join(err, listener.Close())
		}
		pages := web.Pages{DB: s.db, Links: links, Log: log}
		log.Info().Str("addr", listener.Addr().String()).Msg("pages served")
		all.Go(func() error { return servePages(ctx, listener, s.health.handler(pages.Register)) })
	}
	for _, p := range s.adapters {
		log.Info().Str("adapter", string(p.Platform())).Msg("platform enabled")
	}
	if len(s.adapters) == 0 {
		log.Warn().Msg("no platform is enabled: nobody can talk to the bot (set slack.app_token and slack.bot_token, or whatsapp.enabled)")
	}
	keeper := &upkeep{app: a, db: s.db, adapters: s.adapters, keep: time.Duration(c.Storage.KeepDays) * day, log: log}
	keeper.lookout = &lookout{app: a, db: s.db, health: s.health, operator: s.operator, log: log}
	all.Go(func() error { return keeper.run(ctx) })
	log.Info().Str("version", version).Str("commit", commit()).Msg("started")
	all.Go(func() error { return b.Run(ctx) })
	err := all.Wait()
	log.Info().Msg("stopped")
	if a.ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// servePages serves until ctx ends, then lets the open requests finish.
func servePages(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 32 << 10, BaseContext: func(net.Listener) context.Context { return ctx },
	}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
		defer cancel()
		stopped <- server.Shutdown(late)
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve pages: %w", err)
	}
	return <-stopped
}
