package main

import (
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// row is one figure of every bot, and what is asked of the first beside the second.
type row struct {
	name  string
	value func(*result) string
	bar   func(ours, theirs *result) (words string, met bool)
}

var rows = []row{
	{"commands a second", func(r *result) string { return fmt.Sprintf("%.0f", r.rate()) }, func(a, b *result) (string, bool) {
		return fmt.Sprintf("%.2f times as many; asked: more", a.rate()/b.rate()), a.rate() > b.rate()
	}},
	{"to ack, p50", func(r *result) string { return short(at(r.acks, 50)) }, nil},
	{"to ack, p99", func(r *result) string { return short(at(r.acks, 99)) }, func(a, _ *result) (string, bool) {
		return "asked: under 100 ms", at(a.acks, 99) < 100*time.Millisecond
	}},
	{"to answer, p50", func(r *result) string { return short(at(r.answer, 50)) }, nil},
	{"to answer, p99", func(r *result) string { return short(at(r.answer, 99)) }, nil},
	{"memory idle", func(r *result) string { return megabytes(r.idle) }, func(a, b *result) (string, bool) {
		return fmt.Sprintf("%.2f of it; asked: a quarter", float64(a.idle)/float64(b.idle)), a.idle*4 <= b.idle
	}},
	{"memory under load", func(r *result) string { return megabytes(r.busy) }, func(a, b *result) (string, bool) {
		return fmt.Sprintf("%.2f of it; asked: a quarter", float64(a.busy)/float64(b.busy)), a.busy*4 <= b.busy
	}},
	{"memory at most", func(r *result) string { return megabytes(r.peak) }, nil},
	{"start to hello", func(r *result) string { return short(r.started) }, nil},
	{"processor time a command", func(r *result) string {
		return (r.cpu / time.Duration(max(len(r.acks), 1))).Round(time.Microsecond).String()
	}, nil},
}

// compare prints the figures of every bot side by side; missed counts the bars that the first does not reach.
func compare(out io.Writer, s settings, bots []string, results []*result) (missed int, err error) {
	fmt.Fprintf(out, "%d commands in %d channels, %d in flight; %d processors\n\n", s.commands, s.channels, s.flight, runtime.NumCPU())
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "\t%s\n", strings.Join(bots, "\t"))
	for _, w := range rows {
		fmt.Fprint(table, w.name)
		for _, r := range results {
			fmt.Fprint(table, "\t", w.value(r))
		}
		if w.bar != nil && len(results) == 2 {
			words, met := w.bar(results[0], results[1])
			if !met {
				words, missed = words+" (missed)", missed+1
			}
			fmt.Fprint(table, "\t", words)
		}
		fmt.Fprintln(table)
	}
	return missed, table.Flush()
}

func (r *result) rate() float64 { return float64(len(r.acks)) / r.took.Seconds() }

func short(d time.Duration) string { return d.Round(100 * time.Microsecond).String() }

func megabytes(n int) string { return fmt.Sprintf("%.1f MB", float64(n)/(1<<20)) }

// at is a percentile.
func at(list []time.Duration, percent int) time.Duration {
	if len(list) == 0 {
		return 0
	}
	list = slices.Clone(list)
	slices.Sort(list)
	return list[min(len(list)-1, len(list)*percent/100)].Round(100 * time.Microsecond)
}
