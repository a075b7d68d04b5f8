package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"timonel/bot"
	"timonel/bot/slack"
	"timonel/internal/assembly"
	"timonel/internal/fakeslack"
	"timonel/internal/pgtest"
	"timonel/internal/spread"
	"timonel/internal/virtual/script"
	"timonel/storage"
)

// siegeEnv sets how often serve is killed on each database: 1000 for the figures in docs/performance.md. Without it the
// first two weeks of the story are played with a few kills.
const siegeEnv = "TIMONEL_PROJECT_KILLS"

// clockEnv names the file by which the processes of a siege share their time.
const clockEnv = "TIMONEL_TEST_CLOCK"

// sharedClock is a clock that several processes read: it goes as fast as the real one and is set forward by one of them.
type sharedClock struct{ file *os.File }

func openClock(name string, flag int) (sharedClock, error) {
	f, err := os.OpenFile(name, flag, 0o600)
	return sharedClock{f}, err
}

// now is the real time plus what the file says.
func (c sharedClock) now() time.Time {
	var raw [8]byte
	if _, err := c.file.ReadAt(raw[:], 0); err != nil {
		panic(err) // a test without its clock
	}
	return time.Now().Add(time.Duration(binary.LittleEndian.Uint64(raw[:])))
}

// set lets it be a moment.
func (c sharedClock) set(t time.Time) error {
	var raw [8]byte
	binary.LittleEndian.PutUint64(raw[:], uint64(time.Until(t)))
	_, err := c.file.WriteAt(raw[:], 0)
	return err
}

// capped waits no longer than most: whoever waits for a moment of the shared clock looks again soon.
func capped(most time.Duration) func(time.Duration) <-chan time.Time {
	return func(d time.Duration) <-chan time.Time { return time.After(min(d, most)) }
}

// besieged is the program in the time of a siege: all of it is real but for the clock and the lengths of its waits.
func besieged() {
	clock, err := openClock(os.Getenv(clockEnv), os.O_RDONLY)
	if err != nil {
		os.Exit(complain(os.Stderr, err))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt) // as in main
	defer stop()
	a := &app{
		ctx: ctx, env: os.Environ(), stdin: os.Stdin, stdout: bufio.NewWriter(os.Stdout), screen: os.Stdout, stderr: os.Stderr,
		now: clock.now, after: capped(50 * time.Millisecond),
		deliver: func(o *bot.CourierOptions) {
			pace := bot.Paces[bot.Slack]
			pace.SendTimeout, pace.Room, pace.FirstRetry, pace.MaxRetry = 600*time.Millisecond, 10*time.Millisecond, 50*time.Millisecond, 200*time.Millisecond
			o.Lease, o.Paces, o.After = 1500*time.Millisecond, map[bot.Platform]bot.Pace{bot.Slack: pace}, capped(50*time.Millisecond)
		},
		reachSlack: func(c *slack.Config) { c.After = func(d time.Duration) <-chan time.Time { return time.After(d / 20) } },
		sharing: spread.Options{
			SweepEvery: 250 * time.Millisecond, Beat: 400 * time.Millisecond, Cooldown: 5 * time.Millisecond, Poll: 100 * time.Millisecond,
			After: time.After,
		},
	}
	if err := a.run(os.Args[1:]); err != nil {
		os.Exit(complain(os.Stderr, err))
	}
}

// siege is a project of eight weeks whose bot is killed again and again.
type siege struct {
	*teller
	clock   sharedClock
	state   *storage.DB
	rand    *rand.Rand
	program []*exec.Cmd // the instances; nil while none runs
	output  *os.File
	moments int // at which something happened
	kills   int
	chance  float64 // of a kill at each moment
}

// TestProjectUnderKills plays the golden project through serve, in processes of their own, and kills them at random moments
// with SIGKILL: one on SQLite, one of three on PostgreSQL. At the end the state is replay's, and so is what every chat was
// told: no command and no notice was lost or came twice.
func TestProjectUnderKills(t *testing.T) {
	if testing.Short() {
		t.Skip("it starts and kills processes")
	}
	text, kills := goldenStory(t), 20
	if n, err := strconv.Atoi(os.Getenv(siegeEnv)); err == nil {
		kills = n
	} else {
		text = text[:strings.Index(string(text), "# Week 3")]
	}
	seed := uint64(time.Now().UnixNano())
	if n, err := strconv.ParseUint(os.Getenv(siegeEnv+"_SEED"), 10, 64); err == nil {
		seed = n
	}
	for _, c := range []struct {
		name      string
		instances int
		database  func(t *testing.T, folder string) string
	}{
		{"sqlite", 1, func(_ *testing.T, folder string) string { return filepath.Join(folder, "siege.db") }},
		{"postgres", 3, func(t *testing.T, _ string) string { return pgtest.URL(t) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			total, moments, rounds := 0, 0, 0
			for ; total < kills; rounds++ {
				folder := fastFolder(t)
				s := newSiege(t, seed+uint64(rounds), folder, c.database(t, folder), c.instances)
				s.chance = min(1, float64(kills-total)/20)
				s.play(text)
				total, moments = total+s.kills, moments+s.moments
				if t.Failed() {
					break
				}
			}
			t.Logf("seed %d: %d kills in %d projects of %d instances, at %d moments: nothing lost, nothing twice: %v", seed, total, rounds, c.instances, moments, !t.Failed())
		})
	}
}

func newSiege(t *testing.T, seed uint64, folder, database string, instances int) *siege {
	t.Helper()
	name := filepath.Join(folder, "clock")
	clock, err := openClock(name, os.O_RDWR|os.O_CREATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = clock.file.Close() })
	s := &siege{clock: clock, rand: rand.New(rand.NewPCG(seed, 2)), program: make([]*exec.Cmd, instances)}
	s.teller = &teller{t: t, folder: folder, people: map[string]*fakeslack.Actor{}, names: map[string]string{}, zone: time.UTC, now: clock.now, db: database}
	if err := clock.set(time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	retries := []time.Duration{0, 100 * time.Millisecond, 300 * time.Millisecond}
	for range 400 {
		retries = append(retries, 500*time.Millisecond)
	}
	s.Cast = fakeslack.NewCast(t, fakeslack.Options{
		Scopes: slack.Scopes, Events: slack.Events, Seed: seed, Now: clock.now, AckWithin: 700 * time.Millisecond, Retries: retries, OldClients: true,
	})
	s.Patience = 2 * time.Minute
	if err := s.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	if s.output, err = os.Create(filepath.Join(folder, "serve.log")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.output.Close() })
	return s
}

// play tells the story and compares its end with replay's.
func (s *siege) play(text []byte) {
	s.t.Helper()
	want, said := replayed(s.t, s.folder, text)
	statements, err := script.Parse("story.script", text)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, st := range statements {
		s.tell(st)
	}
	s.quiet()
	s.end(os.Interrupt)
	if got := s.normal(s.teller.state()); got != want {
		s.t.Errorf("the state differs from replay's:\n%s", difference(want, got))
	}
	heard := map[string][]string{}
	for _, sent := range s.Sent() {
		if len(sent.Message.Files) == 0 && (sent.Kind == fakeslack.Posted || sent.Kind == fakeslack.Whispered) {
			heard[s.place(sent)] = append(heard[s.place(sent)], s.normal(sent.Text))
		}
	}
	for chat, list := range said {
		compareTalk(s.t, chat, list, heard[chat])
	}
	for chat := range heard {
		if said[chat] == nil {
			s.t.Errorf("%s was told what replay does not say: %q", chat, heard[chat])
		}
	}
	if s.t.Failed() {
		if log, err := os.ReadFile(s.output.Name()); err == nil {
			s.t.Logf("the end of the log: %s", log[max(0, len(log)-6000):])
		}
	}
}

// tell does what one line of the story says, and kills meanwhile.
func (s *siege) tell(st script.Statement) {
	s.t.Helper()
	switch a := st.Do.(type) {
	case script.Clock:
		s.pass(a.At(s.clock.now(), s.zone))
	case script.Plan:
		s.open(a)
		s.begin()
	case script.Restart:
		s.quiet()
		for i := range s.program { // one after the other, as an operator does
			s.signal(i, os.Interrupt)
			s.launch(i)
		}
	case script.Down:
		s.quiet()
		s.end(os.Interrupt)
	case script.Up:
		s.launchAll()
		s.quiet()
	default:
		s.do(st)
		if s.state != nil && s.program[0] != nil {
			s.strike(80 * time.Millisecond)
			s.quiet()
		}
	}
}

// begin opens the state to look at and starts the bot.
func (s *siege) begin() {
	s.t.Helper()
	var err error
	if s.state, err = assembly.OpenDatabase(context.Background(), s.database(), s.clock.now); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = s.state.Close() })
	settings(s.t, s.folder, s.database(), "", onSlack(s.Cast), fmt.Sprintf("[defaults]\ntimezone = %q\nlanguage = %q\n", s.zone, s.lang))
	s.launchAll()
}

// pass lets time pass, from one moment at which something is due to the next, with kills at each.
func (s *siege) pass(to time.Time) {
	s.t.Helper()
	if s.state == nil || s.program[0] == nil { // nobody is there to do anything
		s.set(to)
		return
	}
	for {
		s.quiet()
		next := s.next()
		if next.IsZero() || next.After(to) {
			break
		}
		s.set(next)
		s.strike(350 * time.Millisecond)
	}
	s.set(to)
	s.quiet()
}

func (s *siege) set(to time.Time) {
	s.t.Helper()
	if to.Before(s.clock.now()) {
		return
	}
	if err := s.clock.set(to); err != nil {
		s.t.Fatal(err)
	}
}

// next is when something is due next, a notice or a message that waits for its time.
func (s *siege) next() time.Time {
	s.t.Helper()
	var at time.Time
	err := s.state.View(context.Background(), func(tx *storage.Tx) (err error) {
		at, err = tx.NextProjectAt()
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	out, err := s.state.NextOutgoingAt(context.Background(), bot.Slack)
	if err != nil {
		s.t.Fatal(err)
	}
	if !out.IsZero() && (at.IsZero() || out.Before(at)) {
		at = out
	}
	return at
}

// quiet waits until everything that was said is handled and everything that is due has been sent.
func (s *siege) quiet() {
	s.t.Helper()
	if s.state == nil || s.program[0] == nil {
		return
	}
	s.Settled()
	late := time.Now().Add(s.Patience)
	for {
		stats, err := s.state.QueueStats(context.Background())
		if err != nil {
			s.t.Fatal(err)
		}
		next := s.next()
		if stats.InboxWaiting == 0 && stats.Outbox["sending"] == 0 && (next.IsZero() || next.After(s.clock.now())) {
			return
		}
		if time.Now().After(late) {
			log, _ := os.ReadFile(s.output.Name())
			s.t.Fatalf("it does not come to rest: %+v, next at %s; %s", stats, next, log[max(0, len(log)-3000):])
		}
		time.Sleep(10 * time.Millisecond) // processes of their own signal nothing else
	}
}

// strike kills an instance, by chance, at a random moment of what has just begun, and starts it again.
func (s *siege) strike(within time.Duration) {
	s.t.Helper()
	s.moments++
	if s.rand.Float64() >= s.chance {
		return
	}
	time.Sleep(time.Duration(s.rand.Int64N(int64(within)))) // the random moment
	victims := []int{s.rand.IntN(len(s.program))}
	if len(s.program) > 1 && s.rand.IntN(10) == 0 { // all at once
		victims = []int{0, 1, 2}
	}
	for _, i := range victims {
		s.signal(i, os.Kill)
		s.kills++
	}
	if len(s.program) > 1 {
		time.Sleep(time.Duration(s.rand.Int64N(int64(300 * time.Millisecond))))
	}
	for _, i := range victims {
		s.launch(i)
	}
}

func (s *siege) launchAll() {
	for i := range s.program {
		s.launch(i)
	}
}

// launch starts an instance and waits until it is connected.
func (s *siege) launch(i int) {
	s.t.Helper()
	_, before := s.Connections()
	cmd := exec.Command("timonel-besieged", "serve", "--config", filepath.Join(s.folder, "timonel.toml"))
	cmd.Env = append(os.Environ(), clockEnv+"="+s.clock.file.Name())
	cmd.Stderr = s.output
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = cmd.Process.Kill() })
	s.program[i] = cmd
	ctx, cancel := context.WithTimeout(context.Background(), s.Patience)
	defer cancel()
	if err := s.Await(ctx, func() bool { _, ever := s.Connections(); return ever > before }); err != nil {
		log, _ := os.ReadFile(s.output.Name())
		s.t.Fatalf("the bot does not connect: %v; %s", err, log[max(0, len(log)-3000):])
	}
}

func (s *siege) signal(i int, with os.Signal) {
	if cmd := s.program[i]; cmd != nil {
		_ = cmd.Process.Signal(with)
		_ = cmd.Wait()
		s.program[i] = nil
	}
}

func (s *siege) end(with os.Signal) {
	for i := range s.program {
		s.signal(i, with)
	}
}
