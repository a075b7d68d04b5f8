package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"timonel/internal/fakeslack"
)

// load is one measurement.
type load struct {
	settings
	bot      string
	now      func() time.Time
	slack    *fakeslack.Server
	people   []*fakeslack.Person
	channels []*fakeslack.Channel

	mu      sync.Mutex
	waiting map[string]chan time.Time // by the command's mark
}

// populate makes the workspace: as many leads as commands may be in flight, each in every channel of theirs.
func (l *load) populate() {
	for i := range l.flight {
		l.people = append(l.people, l.slack.Person(fmt.Sprintf("Ana %02d", i)))
	}
	for i := range l.settings.channels {
		l.channels = append(l.channels, l.slack.Channel(fmt.Sprintf("comite-%04d", i), l.people[i%len(l.people)]))
	}
}

// lead is who speaks in a channel.
func (l *load) lead(channel int) *fakeslack.Person { return l.people[channel%len(l.people)] }

// sent finds out which command was answered: its mark stands in the answer.
func (l *load) sent(s *fakeslack.Sent) {
	if s.Kind != fakeslack.Posted && s.Kind != fakeslack.Whispered {
		return
	}
	at := strings.Index(s.Text, "carga-")
	if at < 0 {
		return
	}
	mark := s.Text[at : at+min(len(s.Text)-at, len("carga-0000000"))]
	l.mu.Lock()
	defer l.mu.Unlock()
	if answer := l.waiting[mark]; answer != nil {
		answer <- l.now()
		delete(l.waiting, mark)
	}
}

// result is what a measurement found.
type result struct {
	took         time.Duration
	acks, answer []time.Duration
	started      time.Duration // from the start of the process to its connection
	cpu          time.Duration // processor time of the bot
	// What the bot held resident, in bytes: before the first command, after the last, and at most.
	idle, busy, peak int
}

// serial numbers the commands of all measurements.
var serial atomic.Int64

// measure gives n commands, flight of them at the same time, each once the one before it in its place was answered.
func (l *load) measure(ctx context.Context, n int) (*result, error) {
	r := &result{}
	var mu sync.Mutex
	begun := l.now()
	all, going := errgroup.WithContext(ctx)
	all.SetLimit(l.flight)
	for i := range n {
		if going.Err() != nil {
			break
		}
		all.Go(func() error {
			ack, answer, err := l.command(going, i%len(l.channels))
			if err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			r.acks, r.answer = append(r.acks, ack), append(r.answer, answer)
			return nil
		})
	}
	err := all.Wait()
	r.took = l.now().Sub(begun)
	return r, errors.Join(err, ctx.Err())
}

// command gives one command and waits for its acknowledgement and its answer.
func (l *load) command(ctx context.Context, channel int) (ack, answer time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	mark := fmt.Sprintf("carga-%07d", serial.Add(1))
	answered := make(chan time.Time, 1)
	l.mu.Lock()
	l.waiting[mark] = answered
	l.mu.Unlock()
	begun := l.now()
	d, err := l.lead(channel).Slash(l.channels[channel], "/timonel", "riesgo: "+mark+" el proveedor puede no entregar")
	if err != nil {
		return 0, 0, err
	}
	if err := d.Wait(ctx); err != nil {
		return 0, 0, fmt.Errorf("%s: %w", mark, err)
	}
	ack = l.now().Sub(begun)
	select {
	case at := <-answered:
		return ack, at.Sub(begun), nil
	case <-ctx.Done():
		return 0, 0, fmt.Errorf("%s was never answered", mark)
	}
}
