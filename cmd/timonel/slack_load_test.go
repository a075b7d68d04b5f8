package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"timonel/bot"
	"timonel/bot/slack"
	"timonel/conversations"
	"timonel/internal/assembly"
	"timonel/internal/fakeslack"
	"timonel/steering"
	"timonel/storage"
)

// channelsEnv sets how many channels are owed a digest at the same minute: 300 for the figures in docs/performance.md, where
// the answers' time is held too.
const channelsEnv = "TIMONEL_CHANNELS"

// speakers people give commands, each in one channel after the other and no sooner in the same channel than after talk: a
// message a second is what Slack lets a channel have, and digests are among them.
const (
	speakers = 4
	talk     = 2 * time.Second
)

// rush is a workspace in which many channels are owed a digest at the same minute while people give commands.
type rush struct {
	*fakeslack.Cast
	t        *testing.T
	ana      *fakeslack.Actor
	channels []*fakeslack.Channel
	folder   string
	now      func() time.Time

	mu      sync.Mutex
	waiting map[string]chan time.Time
	digests map[string]int // by channel
	told    chan struct{}  // closed when every channel has its digest
}

// TestManyDigestsAtOnce lets many digests fall due at one minute: each channel gets its own, once, at the pace that Slack
// allows, and commands are answered meanwhile, in order.
func TestManyDigestsAtOnce(t *testing.T) {
	channels, full := 12, false
	if n, err := strconv.Atoi(os.Getenv(channelsEnv)); err == nil {
		channels, full = n, true
	}
	r := newRush(t, channels)
	stop := r.serve()
	begun := time.Now()
	var answers []time.Duration
	var mu sync.Mutex
	var people sync.WaitGroup
	for who := range speakers {
		people.Go(func() {
			for n := 0; !r.over(); n++ {
				next := time.After(speakers * talk / time.Duration(channels))
				took := r.command(who, n)
				mu.Lock()
				answers = append(answers, took)
				mu.Unlock()
				<-next
			}
		})
	}
	people.Wait()
	took := time.Since(begun)
	stop()
	slices.Sort(answers)
	p50, p99 := answers[len(answers)/2], answers[len(answers)*99/100]
	t.Logf("%d digests in %s; %d commands meanwhile, answered in p50 %s, p99 %s", len(r.digests),
		took.Round(time.Second), len(answers), p50.Round(time.Millisecond), p99.Round(time.Millisecond))
	for name, n := range r.digests {
		if n != 1 {
			t.Errorf("%s had %d digests", name, n)
		}
	}
	if full && p99 > time.Second {
		t.Errorf("commands waited %s (p99)", p99)
	}
}

func newRush(t *testing.T, channels int) *rush {
	t.Helper()
	friday := time.Date(2026, 3, 6, 15, 59, 57, 0, time.UTC)
	ahead := time.Until(friday)
	r := &rush{
		t: t, folder: fastFolder(t), now: func() time.Time { return time.Now().Add(ahead) },
		waiting: map[string]chan time.Time{}, digests: map[string]int{}, told: make(chan struct{}),
	}
	r.Cast = fakeslack.NewCast(t, fakeslack.Options{Scopes: slack.Scopes, Events: slack.Events, Limits: true, Burst: 5, Now: r.now, Sent: r.sent})
	r.Patience = 10 * time.Minute
	if err := r.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	r.ana = r.Member("Ana Ruiz")
	for i := range channels {
		r.channels = append(r.channels, r.Place(fmt.Sprintf("comite-%03d", i), r.ana))
	}
	r.prepare()
	return r
}

// prepare opens a project in every channel.
func (r *rush) prepare() {
	r.t.Helper()
	pl := builtin(r.t, "fieldpro-custom")
	arrange(r.t, r.database(), assembly.Options{Now: r.now, Timezone: "UTC", Language: "es"}, func(b *assembly.Bot, tx *storage.Tx) error {
		for i, c := range r.channels {
			opening := conversations.Opening{Plan: pl, Key: fmt.Sprintf("P-%03d", i), Name: fmt.Sprintf("Proyecto %03d", i), Start: steering.NewDate(2026, 4, 6)}
			if err := openLed(b, tx, storage.Room{Platform: bot.Slack, ID: bot.RoomID(c.ID)}, r.ana.ID, opening); err != nil {
				return err
			}
		}
		return nil
	})
}

func (r *rush) database() string { return filepath.Join(r.folder, "rush.db") }

// serve runs the bot by the workspace's clock until stop.
func (r *rush) serve() (stop func()) {
	r.t.Helper()
	conf := settings(r.t, r.folder, r.database(), "", onSlack(r.Cast))
	ctx, cancel := context.WithCancel(context.Background())
	log := newPrinted()
	a := &app{ctx: ctx, stdin: strings.NewReader(""), stdout: bufio.NewWriter(io.Discard), stderr: log, now: r.now, after: time.After}
	ended := make(chan error, 1)
	go func() { ended <- a.run([]string{"serve", "--config", conf}) }()
	r.Connected()
	return func() {
		cancel()
		if err := <-ended; err != nil {
			r.t.Errorf("serve: %v", err)
		}
		if strings.Contains(log.String(), `"level":"error"`) {
			r.t.Errorf("errors in the log: %s", log)
		}
	}
}

// sent finds out what was answered, and which channels have their digest.
func (r *rush) sent(s *fakeslack.Sent) {
	at := time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	if s.Kind == fakeslack.Posted && strings.Contains(s.Text, "resumen al viernes") {
		if r.digests[s.Channel.Name]++; len(r.digests) == len(r.channels) && r.digests[s.Channel.Name] == 1 {
			close(r.told)
		}
	}
	if _, rest, found := strings.Cut(s.Text, "carga-"); found && len(rest) >= 7 {
		if answered := r.waiting[rest[:7]]; answered != nil {
			answered <- at
			delete(r.waiting, rest[:7])
		}
	}
}

func (r *rush) over() bool {
	select {
	case <-r.told:
		return true
	default:
		return false
	}
}

// command gives one command and returns how long its answer took.
func (r *rush) command(who, n int) time.Duration {
	mark := fmt.Sprintf("%02d%05d", who, n)
	answered := make(chan time.Time, 1)
	r.mu.Lock()
	r.waiting[mark] = answered
	r.mu.Unlock()
	c := r.channels[(n*7+who*3)%len(r.channels)]
	begun := time.Now()
	r.ana.Slash(c, "riesgo: carga-"+mark+" puede faltar el archivo")
	select {
	case at := <-answered:
		return at.Sub(begun)
	case <-time.After(r.Patience):
		r.t.Errorf("%s was never answered", mark)
		return r.Patience
	}
}
