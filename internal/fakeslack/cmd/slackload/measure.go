package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"timonel/internal/fakeslack"
)

// load is one measurement.
type load struct {
	settings
	bot      string
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
		answer <- time.Now()
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

var serial struct {
	sync.Mutex
	n int
}

// next numbers the commands of all measurements.
func next() int {
	serial.Lock()
	defer serial.Unlock()
	serial.n++
	return serial.n
}

// measure gives n commands, flight of them at the same time, each once the one before it in its place was answered.
func (l *load) measure(ctx context.Context, n int) (*result, error) {
	r := &result{}
	jobs := make(chan int)
	failed := make(chan error, l.flight)
	var workers sync.WaitGroup
	var mu sync.Mutex
	for range l.flight {
		workers.Go(func() {
			for i := range jobs {
				ack, answer, err := l.command(ctx, i%len(l.channels))
				if err != nil {
					failed <- err
					return
				}
				mu.Lock()
				r.acks, r.answer = append(r.acks, ack), append(r.answer, answer)
				mu.Unlock()
			}
		})
	}
	begun := time.Now()
	err := func() error {
		defer close(jobs)
		for i := range n {
			select {
			case jobs <- i:
			case err := <-failed:
				return err
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	}()
	workers.Wait()
	select {
	case late := <-failed:
		err = errors.Join(err, late)
	default:
	}
	r.took = time.Since(begun)
	return r, err
}

// command gives one command and waits for its acknowledgement and its answer.
func (l *load) command(ctx context.Context, channel int) (ack, answer time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	mark := fmt.Sprintf("carga-%07d", next())
	answered := make(chan time.Time, 1)
	l.mu.Lock()
	l.waiting[mark] = answered
	l.mu.Unlock()
	begun := time.Now()
	d, err := l.lead(channel).Slash(l.channels[channel], "/timonel", "riesgo: "+mark+" el proveedor puede no entregar")
	if err != nil {
		return 0, 0, err
	}
	if err := d.Wait(ctx); err != nil {
		return 0, 0, fmt.Errorf("%s: %w", mark, err)
	}
	ack = time.Since(begun)
	select {
	case at := <-answered:
		return ack, at.Sub(begun), nil
	case <-ctx.Done():
		return 0, 0, fmt.Errorf("%s was never answered", mark)
	}
}
