package main

import (
	"context"
	"runtime"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"timonel/bot"
	"timonel/conversations"
	"timonel/internal/assembly"
	"timonel/scheduler"
)

// metrics counts what the bot does. What can be read from the database is read when it is asked for, see health.
type metrics struct {
	registry   *prometheus.Registry
	handled    *prometheus.CounterVec
	handling   *prometheus.HistogramVec
	understood *prometheus.CounterVec
	deliveries *prometheus.CounterVec
	delay      *prometheus.HistogramVec
	sweeps     *prometheus.CounterVec
	sweeping   prometheus.Histogram
	swept      *prometheus.CounterVec
	lastSweep  prometheus.Gauge
	now        func() time.Time
}

// The bounds of the histograms, in seconds: of work in this process, and of waits that a platform's pace makes.
var (
	workBuckets = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60}
	waitBuckets = []float64{.05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 86400}
)

// newMetrics makes every series of the enabled platforms at once, so that a rate over them has a beginning.
func newMetrics(now func() time.Time, adapters []bot.Adapter) *metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "timonel", Name: name, Help: help}, labels)
	}
	histogram := func(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
		return prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: "timonel", Name: name, Help: help, Buckets: buckets}, labels)
	}
	m := &metrics{
		registry:   prometheus.NewRegistry(),
		handled:    counter("messages_total", "Messages from people that were worked, by how that ended: handled, or failed and tried again or parked.", "platform", "result"),
		handling:   histogram("message_seconds", "How long one message was worked, its commit included.", workBuckets, "platform"),
		understood: counter("understanding_total", "How messages ended: changed, told, asked, refused, missed, silent.", "platform", "outcome"),
		deliveries: counter("deliveries_total", "Attempts to send a message, by how they ended: sent, retry, failed, cancelled.", "platform", "result"),
		delay:      histogram("delivery_delay_seconds", "From the moment from which a message could go out until it arrived.", waitBuckets, "platform"),
		sweeps:     counter("sweeps_total", "Looks for what is owed, by how they ended.", "result"),
		sweeping: prometheus.NewHistogram(prometheus.HistogramOpts{
			Namespace: "timonel", Name: "sweep_seconds", Help: "How long one look for what is owed took.", Buckets: workBuckets,
		}),
		swept:     counter("swept_total", "What the sweeps looked at, stored for delivery, held for want of a way to its reader, and failed at.", "what"),
		lastSweep: prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "timonel", Name: "last_sweep_timestamp_seconds", Help: "When a sweep last ended well."}),
		now:       now,
	}
	m.registry.MustRegister(m.handled, m.handling, m.understood, m.deliveries, m.delay, m.sweeps, m.sweeping, m.swept, m.lastSweep,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, a := range adapters {
		p := string(a.Platform())
		for _, result := range []string{"handled", "failed"} {
			m.handled.WithLabelValues(p, result)
		}
		for _, o := range conversations.Outcomes {
			m.understood.WithLabelValues(p, string(o))
		}
		for _, e := range bot.Ends {
			m.deliveries.WithLabelValues(p, string(e))
		}
		m.handling.WithLabelValues(p)
		m.delay.WithLabelValues(p)
	}
	for _, result := range []string{"done", "failed"} {
		m.sweeps.WithLabelValues(result)
	}
	m.count(scheduler.Result{})
	return m
}

// watch is what the parts of the bot tell.
func (m *metrics) watch() assembly.Watch {
	return assembly.Watch{
		Handled: func(in bot.Incoming, took time.Duration, err error) {
			result := "handled"
			if err != nil {
				result = "failed"
			}
			m.handled.WithLabelValues(string(in.Platform), result).Inc()
			m.handling.WithLabelValues(string(in.Platform)).Observe(took.Seconds())
		},
		Ended: func(p bot.Platform, o conversations.Outcome) {
			m.understood.WithLabelValues(string(p), string(o)).Inc()
		},
		Settled: func(out bot.Outgoing, ended bot.Ended) {
			m.deliveries.WithLabelValues(string(out.Platform), string(ended)).Inc()
			if ended == bot.EndedSent && !out.At.IsZero() {
				m.delay.WithLabelValues(string(out.Platform)).Observe(max(m.now().Sub(out.At), 0).Seconds())
			}
		},
		Swept: m.sweep,
	}
}

func (m *metrics) sweep(r scheduler.Result, took time.Duration, err error) {
	result := "done"
	if err != nil {
		result = "failed"
	} else {
		m.lastSweep.Set(float64(m.now().Unix()))
	}
	m.sweeps.WithLabelValues(result).Inc()
	m.sweeping.Observe(max(took, 0).Seconds())
	m.count(r)
}

func (m *metrics) count(r scheduler.Result) {
	for what, n := range map[string]int{"projects": r.Projects, "messages": r.Messages, "held": r.Held, "failed": r.Failed} {
		m.swept.WithLabelValues(what).Add(float64(n))
	}
}

var (
	describeBuild    = prometheus.NewDesc("timonel_build_info", "What is running.", []string{"version", "commit", "go"}, nil)
	describeInbox    = prometheus.NewDesc("timonel_inbox", "Messages that came in, by state.", []string{"state"}, nil)
	describeOutbox   = prometheus.NewDesc("timonel_outbox", "Messages to be sent, by state.", []string{"state"}, nil)
	describeOldest   = prometheus.NewDesc("timonel_oldest_waiting_timestamp_seconds", "Moment of the oldest message that could be handled or sent by now; 0 if none waits.", nil, nil)
	describeAge      = prometheus.NewDesc("timonel_queue_age_seconds", "How long the oldest message has waited that could be worked (in) or sent (out); 0 if none waits.", []string{"platform", "direction"}, nil)
	describeWaiting  = prometheus.NewDesc("timonel_queue_waiting", "Messages that could be worked (in) or sent (out) by now.", []string{"platform", "direction"}, nil)
	describeOverdue  = prometheus.NewDesc("timonel_sweep_overdue_seconds", "How long the scheduler has owed a project a look; 0 if it owes none.", nil, nil)
	describeAdapter  = prometheus.NewDesc("timonel_platform_up", "Whether a platform is connected.", []string{"platform"}, nil)
	describeWritable = prometheus.NewDesc("timonel_database_writable", "Whether the last thing to be written was.", nil, nil)
	describeBytes    = prometheus.NewDesc("timonel_database_bytes", "How large the database is.", nil, nil)
	describeFree     = prometheus.NewDesc("timonel_disk_free_bytes", "What may still be written beside the database, where it is a file.", nil, nil)
	describeAlarm    = prometheus.NewDesc("timonel_alarm", "What the operator was told is wrong and has not been told is over.", []string{"about"}, nil)
)

// Describe implements prometheus.Collector.
func (h *health) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		describeBuild, describeInbox, describeOutbox, describeOldest, describeAge, describeWaiting, describeOverdue, describeAdapter,
		describeWritable, describeBytes, describeFree, describeAlarm,
	} {
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
		gauge(describeAdapter, asFloat(a.Health().OK), string(a.Platform()))
	}
	gauge(describeWritable, asFloat(h.writing() == nil))
	if h.folder != "" {
		if free, err := freeSpace(h.folder); err == nil {
			gauge(describeFree, float64(free))
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), askTime)
	defer cancel()
	s, err := h.look(ctx)
	if err != nil {
		return // /healthz says why
	}
	gauge(describeInbox, float64(s.stats.InboxWaiting), "waiting")
	gauge(describeInbox, float64(s.stats.InboxParked), "parked")
	for _, state := range []string{"pending", "sending", "retry", "failed"} {
		gauge(describeOutbox, float64(s.stats.Outbox[state]), state)
	}
	gauge(describeOldest, unix(s.stats.OldestWaiting))
	for _, a := range h.adapters {
		p, w := string(a.Platform()), s.ages[a.Platform()]
		gauge(describeAge, h.age(w.OldestIncoming).Seconds(), p, "in")
		gauge(describeAge, h.age(w.OldestOutgoing).Seconds(), p, "out")
		gauge(describeWaiting, float64(w.Incoming), p, "in")
		gauge(describeWaiting, float64(w.Outgoing), p, "out")
	}
	gauge(describeOverdue, h.age(s.overdue).Seconds())
	gauge(describeBytes, float64(s.bytes))
	for _, about := range s.alarms {
		gauge(describeAlarm, 1, about)
	}
}

func asFloat(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// unix is a moment as Prometheus wants it, 0 for none.
func unix(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.Unix())
}
