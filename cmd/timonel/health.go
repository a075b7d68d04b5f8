package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"timonel/bot"
	"timonel/storage"
)

// askTime bounds how long a health question may take.
const askTime = 3 * time.Second

// health tells whether the bot is well: to load balancers, to people, and as numbers.
type health struct {
	db       *storage.DB
	adapters []bot.Adapter
	metrics  *metrics
	now      func() time.Time
	folder   string // of the database's file, "" if it is none
	late     time.Duration

	mu      sync.Mutex
	written error     // why the last thing to be written was not
	tried   time.Time // when that was
}

// state is what the database says of itself and of what waits.
type state struct {
	stats   storage.QueueStats
	ages    map[bot.Platform]storage.Waiting
	overdue time.Time
	bytes   int64
	alarms  []string
}

func (h *health) look(ctx context.Context) (s state, err error) {
	stats, err := h.db.QueueStats(ctx)
	ages, err2 := h.db.Ages(ctx)
	overdue, err3 := h.db.Overdue(ctx)
	bytes, err4 := h.db.Bytes(ctx)
	err5 := h.db.View(ctx, func(tx *storage.Tx) (err error) {
		s.alarms, err = tx.Alarms()
		return err
	})
	s.stats, s.ages, s.overdue, s.bytes = stats, ages, overdue, bytes
	return s, errors.Join(err, err2, err3, err4, err5)
}

// wrote notes whether something could be written.
func (h *health) wrote(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.written, h.tried = err, h.now()
}

func (h *health) writing() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.written
}

// age is how long ago a moment was; none, and one ahead of a clock that was set back, are no age.
func (h *health) age(since time.Time) time.Duration {
	if since.IsZero() {
		return 0
	}
	return max(h.now().Sub(since), 0)
}

// old reports whether something has waited for longer than the operator wants, since a moment; nothing has since none.
func (h *health) old(since time.Time) bool { return h.late > 0 && h.age(since) > h.late }

func (h *health) handler(more ...func(*http.ServeMux)) http.Handler {
	h.metrics.registry.MustRegister(h)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) { h.answer(w, r, false) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) { h.answer(w, r, true) })
	mux.Handle("GET /metrics", promhttp.HandlerFor(h.metrics.registry, promhttp.HandlerOpts{}))
	for _, register := range more {
		register(mux)
	}
	return mux
}

// answer says in words how each part stands, a line each. Alive is who reaches the database: a restart may help who does
// not. Ready is who can also store something and whose platforms are well.
func (h *health) answer(w http.ResponseWriter, r *http.Request, strict bool) {
	ctx, cancel := context.WithTimeout(r.Context(), askTime)
	defer cancel()
	lines, alive, ready := h.words(ctx)
	code := http.StatusOK
	if !alive || strict && !ready {
		code = http.StatusServiceUnavailable
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	fmt.Fprintln(w, strings.Join(lines, "\n"))
}

func (h *health) words(ctx context.Context) (lines []string, alive, ready bool) {
	alive, ready = true, true
	s, err := h.look(ctx)
	if err != nil {
		alive, ready = false, false
		lines = append(lines, "database: "+oneLine(err.Error()))
	} else if err := h.store(ctx); err != nil {
		ready = false
		lines = append(lines, "database: it can be read, but nothing can be stored: "+oneLine(err.Error()))
	} else {
		lines = append(lines, fmt.Sprintf("database: ok, %d messages to handle, %d parked", s.stats.InboxWaiting, s.stats.InboxParked))
	}
	for _, a := range h.adapters {
		line, well := platformWords(a)
		ready = ready && well
		if wait := h.waits(s.ages[a.Platform()]); wait != "" {
			line += "; " + wait
		}
		lines = append(lines, line)
	}
	if h.old(s.overdue) {
		lines = append(lines, "schedule: what is owed since "+s.overdue.UTC().Format(time.RFC3339)+" has not been looked at")
	}
	return lines, alive, ready
}

// freshness is for how long an answer holds to the question whether something can be stored.
const freshness = 15 * time.Second

// store tells whether something can be stored. It tries unless that was done just before; where it failed then, who asks
// hears at once that it is over.
func (h *health) store(ctx context.Context) error {
	h.mu.Lock()
	known := h.written == nil && !h.tried.IsZero() && h.now().Sub(h.tried).Abs() < freshness
	h.mu.Unlock()
	if known {
		return nil
	}
	err := h.db.Beat(ctx)
	h.wrote(err)
	return err
}

// platformWords says how a platform stands, and whether the bot does its part there. Who stands by does.
func platformWords(a bot.Adapter) (line string, well bool) {
	state := a.Health()
	if state.OK {
		return strings.TrimSuffix(string(a.Platform())+": ok, but "+state.Problem, ", but "), true
	}
	return fmt.Sprintf("%s: %s, since %s", a.Platform(), state.Problem, state.Since.UTC().Format(time.RFC3339)), state.StandsBy
}

// waits says what waits longer than it should on a platform, "" if nothing does.
func (h *health) waits(w storage.Waiting) string {
	var list []string
	if h.old(w.OldestIncoming) {
		list = append(list, fmt.Sprintf("%s to be worked since %s", count(w.Incoming, "message"), w.OldestIncoming.UTC().Format(time.RFC3339)))
	}
	if h.old(w.OldestOutgoing) {
		list = append(list, fmt.Sprintf("%s to be sent since %s", count(w.Outgoing, "message"), w.OldestOutgoing.UTC().Format(time.RFC3339)))
	}
	return strings.Join(list, "; ")
}
