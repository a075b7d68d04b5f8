package main

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
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
}

func newHealth(db *storage.DB, adapters []bot.Adapter) *health { return &health{db, adapters} }

func (h *health) handler() http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(h, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) { h.answer(w, r, false) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) { h.answer(w, r, true) })
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	return mux
}

// answer says in words how each part stands. Alive is who reaches the database; ready is whose platforms are well too.
func (h *health) answer(w http.ResponseWriter, r *http.Request, strict bool) {
	ctx, cancel := context.WithTimeout(r.Context(), askTime)
	defer cancel()
	var lines []string
	code := http.StatusOK
	stats, err := h.db.QueueStats(ctx)
	if err != nil {
		code = http.StatusServiceUnavailable
		lines = append(lines, "database: "+oneLine(err.Error()))
	} else {
		lines = append(lines, fmt.Sprintf("database: ok, %d messages to handle, %d parked", stats.InboxWaiting, stats.InboxParked))
	}
	for _, a := range h.adapters {
		state := a.Health()
		if state.OK {
			lines = append(lines, strings.TrimSuffix(string(a.Platform())+": ok, but "+state.Problem, ", but "))
			continue
		}
		if strict {
			code = http.StatusServiceUnavailable
		}
		lines = append(lines, fmt.Sprintf("%s: %s, since %s", a.Platform(), state.Problem, state.Since.UTC().Format(time.RFC3339)))
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(code)
	fmt.Fprintln(w, strings.Join(lines, "\n"))
}

var (
	describeBuild   = prometheus.NewDesc("timonel_build_info", "What is running.", []string{"version", "commit", "go"}, nil)
	describeInbox   = prometheus.NewDesc("timonel_inbox", "Messages that came in, by state.", []string{"state"}, nil)
	describeOutbox  = prometheus.NewDesc("timonel_outbox", "Messages to be sent, by state.", []string{"state"}, nil)
	describeOldest  = prometheus.NewDesc("timonel_oldest_waiting_timestamp_seconds", "Moment of the oldest message that could be handled or sent by now; 0 if none waits.", nil, nil)
	describeAdapter = prometheus.NewDesc("timonel_platform_up", "Whether a platform is connected.", []string{"platform"}, nil)
)

// Describe implements prometheus.Collector.
func (h *health) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{describeBuild, describeInbox, describeOutbox, describeOldest, describeAdapter} {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (h *health) Collect(out chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	gauge(describeBuild, 1, version, commit(), runtime.Version())
	for _, a := range h.adapters {
		up := 0.0
		if a.Health().OK {
			up = 1
		}
		gauge(describeAdapter, up, string(a.Platform()))
	}
	ctx, cancel := context.WithTimeout(context.Background(), askTime)
	defer cancel()
	stats, err := h.db.QueueStats(ctx)
	if err != nil {
		return // /healthz says why
	}
	gauge(describeInbox, float64(stats.InboxWaiting), "waiting")
	gauge(describeInbox, float64(stats.InboxParked), "parked")
	for state, n := range stats.Outbox {
		gauge(describeOutbox, float64(n), state)
	}
	oldest := 0.0
	if !stats.OldestWaiting.IsZero() {
		oldest = float64(stats.OldestWaiting.Unix())
	}
	gauge(describeOldest, oldest)
}
