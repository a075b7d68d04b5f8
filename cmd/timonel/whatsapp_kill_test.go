package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"
	waLog "go.mau.fi/whatsmeow/util/log"

	"timonel/bot"
	"timonel/bot/whatsapp"
	"timonel/conversations"
	"timonel/internal/assembly"
	"timonel/internal/fakewhatsapp"
	"timonel/steering"
	"timonel/storage"
)

// whatsappRoundsEnv sets how often the bot is killed on WhatsApp: 200 for the figures in docs/performance.md.
const whatsappRoundsEnv = "TIMONEL_WHATSAPP_KILLS"

// besiegedOnWhatsApp is the program with a clock that the test sets forward, and short waits.
func besiegedOnWhatsApp() {
	clock, err := openClock(os.Getenv(clockEnv), os.O_RDONLY)
	if err != nil {
		os.Exit(complain(os.Stderr, err))
	}
	a := &app{
		ctx: context.Background(), env: os.Environ(), stdin: os.Stdin, stdout: bufio.NewWriter(os.Stdout), screen: os.Stdout, stderr: os.Stderr,
		now: clock.now, after: capped(50 * time.Millisecond),
		deliver: func(o *bot.CourierOptions) {
			pace := bot.Paces[bot.WhatsApp]
			pace.Room, pace.All, pace.Jitter = 10*time.Millisecond, 0, 0
			pace.SendTimeout, pace.FirstRetry, pace.MaxRetry = 1500*time.Millisecond, 50*time.Millisecond, 200*time.Millisecond
			o.Lease, o.Paces, o.After = 2500*time.Millisecond, map[bot.Platform]bot.Pace{bot.WhatsApp: pace}, capped(50*time.Millisecond)
		},
		reachWhatsApp: func(c *whatsapp.Config) {
			c.After = func(d time.Duration) <-chan time.Time { return time.After(max(d/20, min(d, 100*time.Millisecond))) }
		},
	}
	if err := a.run(os.Args[1:]); err != nil {
		os.Exit(complain(os.Stderr, err))
	}
}

// storm is a bot on WhatsApp that is killed again and again while committees work with it and WhatsApp misbehaves.
type storm struct {
	*fakewhatsapp.Cast
	t      *testing.T
	rand   *rand.Rand
	folder string
	clock  sharedClock
	state  *storage.DB
	me     *fakewhatsapp.Account
	ana    *fakewhatsapp.Actor
	rooms  []*fakewhatsapp.Group
	keys   []string
	said   []map[string]bool // by room: what must have happened once
	due    map[string][]string
	faults map[string]int
	log    *os.File
	number int
	kills  int
	away   time.Duration // how long the bot was offline altogether, by its clock
}

// TestKilledOnWhatsApp kills serve with SIGKILL at random moments while WhatsApp drops, repeats, reorders, delays and spoils
// messages, while weeks of notices fall due: every command counts once, every answer and every notice comes once, in order.
func TestKilledOnWhatsApp(t *testing.T) {
	if testing.Short() {
		t.Skip("it starts and kills processes")
	}
	rounds := 5
	if n, err := strconv.Atoi(os.Getenv(whatsappRoundsEnv)); err == nil {
		rounds = n
	}
	s := newStorm(t)
	for range rounds {
		s.round()
	}
	s.calm()
	stop := s.start()
	s.quiet()
	stop(os.Interrupt)
	s.Settled()
	s.judge()
}

func newStorm(t *testing.T) *storm {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	s := &storm{t: t, rand: rand.New(rand.NewPCG(seed, 3)), folder: fastFolder(t), due: map[string][]string{}, faults: map[string]int{}}
	var err error
	s.clock, err = openClock(filepath.Join(s.folder, "clock"), os.O_RDWR|os.O_CREATE)
	s.must(err)
	t.Cleanup(func() { _ = s.clock.file.Close() })
	s.must(s.clock.set(time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)))
	members := waLog.Zerolog(zerolog.New(s.file("members.log")).Level(zerolog.WarnLevel))
	s.Cast = fakewhatsapp.NewCast(t, fakewhatsapp.Options{Now: s.clock.now, Log: members})
	s.ana, s.me = s.Member("Ana Ruiz", "573001110010"), s.Account("Timonel", numberOfBot)
	linkByScan(t, s.Cast, s.me, filepath.Join(s.folder, "device.db"))
	for i := range 3 {
		s.rooms = append(s.rooms, s.Group(fmt.Sprintf("Comité %d", i), s.ana, s.me))
		s.keys, s.said = append(s.keys, fmt.Sprintf("P-%d", i)), append(s.said, map[string]bool{})
	}
	s.state, err = assembly.OpenDatabase(context.Background(), s.database(), s.clock.now)
	s.must(err)
	t.Cleanup(func() { _ = s.state.Close() })
	s.prepare()
	s.log = s.file("serve.log")
	return s
}

func (s *storm) file(name string) *os.File {
	s.t.Helper()
	f, err := os.Create(filepath.Join(s.folder, name))
	s.must(err)
	s.t.Cleanup(func() { _ = f.Close() })
	return f
}

func (s *storm) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *storm) database() string { return filepath.Join(s.folder, "storm.db") }

// prepare makes a project in every room and notes which notices will fall due in it.
func (s *storm) prepare() {
	s.t.Helper()
	pl, start := builtin(s.t, "fieldpro-template"), steering.DateOf(s.clock.now())
	arrange(s.t, s.database(), assembly.Options{Now: s.clock.now, Timezone: "UTC", Language: "es"}, func(b *assembly.Bot, tx *storage.Tx) error {
		for i, room := range s.rooms {
			place := storage.Room{Platform: bot.WhatsApp, ID: bot.RoomID(room.JID().String())}
			opening := conversations.Opening{Plan: pl, Key: s.keys[i], Name: s.keys[i], Start: start, Timezone: "UTC"}
			if err := openLed(b, tx, place, s.ana.LID().String(), opening); err != nil {
				return err
			}
		}
		return nil
	})
	settings(s.t, s.folder, s.database(), "", onWhatsApp(s.Cast, filepath.Join(s.folder, "device.db")), "daily_cap = 20000\n",
		"[defaults]\ntimezone = \"UTC\"\nlanguage = \"es\"\n")
	var out, problems bytes.Buffer
	a := &app{ctx: s.t.Context(), stdin: strings.NewReader(""), stdout: bufio.NewWriter(&out), screen: &out, stderr: &problems, now: s.clock.now, after: time.After}
	s.must(a.run([]string{"preview", "--json", "--until", "2026-12-31", "--config", s.conf()}))
	s.must(a.stdout.Flush())
	for line := range strings.Lines(out.String()) {
		var l struct{ At, Chat, Text string }
		s.must(json.Unmarshal([]byte(line), &l))
		s.due[l.Chat] = append(s.due[l.Chat], l.At[:10]+" "+opening(l.Text))
	}
}

func (s *storm) conf() string { return filepath.Join(s.folder, "timonel.toml") }

// opening is how a message begins: the rest may tell of what was noted meanwhile.
func opening(text string) string {
	r := []rune(words(text))
	return string(r[:min(len(r), 24)])
}

// start runs the bot as a process of its own and waits until it is connected; stop ends it with a signal.
func (s *storm) start() (stop func(os.Signal)) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	s.must(s.WaitOnline(ctx, s.me, false))
	cmd := exec.Command("timonel-whatsapp", "serve", "--config", s.conf())
	cmd.Env = append(os.Environ(), clockEnv+"="+s.clock.file.Name())
	cmd.Stderr, cmd.Stdout = s.log, io.Discard
	s.must(cmd.Start())
	s.t.Cleanup(func() { _ = cmd.Process.Kill() })
	if err := s.WaitOnline(ctx, s.me, true); err != nil {
		s.t.Fatalf("%v; %s", err, s.tail())
	}
	return func(with os.Signal) {
		_ = cmd.Process.Signal(with)
		_ = cmd.Wait()
	}
}

// tail is the end of what the bot and the people's clients logged.
func (s *storm) tail() string {
	var ends []string
	for _, name := range []string{"serve.log", "members.log"} {
		log, _ := os.ReadFile(filepath.Join(s.folder, name))
		ends = append(ends, name+": "+string(log[max(0, len(log)-3000):]))
	}
	return strings.Join(ends, "\n")
}

// round works with the bot while WhatsApp misbehaves, lets time pass, and kills it at a random moment.
func (s *storm) round() {
	if s.rand.IntN(3) == 0 { // said while nobody is there, perhaps for hours
		s.command()
		s.offline()
	}
	stop := s.start()
	s.quiet()
	for range 1 + s.rand.IntN(2) {
		s.misbehave()
	}
	if next := s.next(); !next.IsZero() && s.rand.IntN(3) > 0 {
		s.must(s.clock.set(next))
	}
	for range 1 + s.rand.IntN(3) {
		s.command()
	}
	time.Sleep(time.Duration(s.rand.IntN(700)) * time.Millisecond) // the random moment
	stop(os.Kill)
	s.kills++
	s.calm()
}

// offline lets two hours pass in which the bot is not there, if nothing falls due in them.
func (s *storm) offline() {
	now := s.clock.now()
	if next := s.next(); next.IsZero() || next.Sub(now) > 3*time.Hour {
		s.must(s.clock.set(now.Add(2 * time.Hour)))
		s.away += 2 * time.Hour
	}
}

// command says one thing in one group.
func (s *storm) command() {
	i := s.rand.IntN(len(s.rooms))
	s.number++
	text := fmt.Sprintf("falla %04d", s.number)
	said := s.ana.Says(s.rooms[i], "timonel riesgo: "+text)
	s.said[i][text] = true
	if s.rand.IntN(5) == 0 {
		s.ana.Repeats(said)
		s.faults["said twice under one id"]++
	}
}

func (s *storm) misbehave() {
	faults := []struct {
		name string
		do   func()
	}{
		{"connection lost", func() { s.Drop(s.me) }},
		{"server restarts", func() { s.Restart(s.me) }},
		{"bot's message lost", func() { s.LoseMessages(s.me, 1) }},
		{"bot's message arrives, its acknowledgement does not", func() { s.LoseAcks(s.me, 1) }},
		{"bot's message refused", func() { s.RefuseMessages(s.me, 500) }},
		{"delivered twice to the bot", func() { s.Repeat(s.me, 2) }},
		{"delivered twice to people", func() { s.Repeat(s.ana, 2) }},
		{"out of order to the bot", func() { s.Reorder(s.me, 2) }},
		{"late to the bot", func() { s.Delay(s.me, 150*time.Millisecond) }},
		{"unreadable to the bot, asked for again", func() { s.UndecryptableNext(s.me, 1) }},
		{"unreadable to people, asked for again", func() { s.UndecryptableNext(s.ana, 1) }},
	}
	f := faults[s.rand.IntN(len(faults))]
	f.do()
	s.faults[f.name]++
}

// calm ends the faults that last.
func (s *storm) calm() {
	s.Reorder(s.me, 0)
	s.Delay(s.me, 0)
}

// next is when something is due next, a notice or a message that waits for its time.
func (s *storm) next() time.Time {
	s.t.Helper()
	var at time.Time
	s.must(s.state.View(context.Background(), func(tx *storage.Tx) (err error) {
		at, err = tx.NextProjectAt()
		return err
	}))
	out, err := s.state.NextOutgoingAt(context.Background(), bot.WhatsApp)
	s.must(err)
	if !out.IsZero() && (at.IsZero() || out.Before(at)) {
		at = out
	}
	return at
}

// quiet waits until everything that was said is handled and everything that is due has been sent.
func (s *storm) quiet() {
	s.t.Helper()
	late := time.Now().Add(time.Minute)
	for {
		stats, err := s.state.QueueStats(context.Background())
		s.must(err)
		next := s.next()
		if stats.InboxWaiting == 0 && stats.Outbox["sending"] == 0 && (next.IsZero() || next.After(s.clock.now())) && s.missing() == 0 {
			return
		}
		if time.Now().After(late) {
			s.t.Fatalf("it does not come to rest: %+v, %d commands are unanswered, next at %s; %s", stats, s.missing(), next, s.tail())
		}
		time.Sleep(20 * time.Millisecond) // a process of its own signals nothing else
	}
}

// missing counts the commands that were not answered yet.
func (s *storm) missing() int {
	n := 0
	for i := range s.rooms {
		answers, _ := s.read(i)
		answered := tally(answers)
		for text := range s.said[i] {
			n += zero(answered[text])
		}
	}
	return n
}

// read lists what people see in a group: the answers to commands and the notices, in the order in which they came. What comes
// again under the same id people's apps show once.
func (s *storm) read(i int) (answers, notices []string) {
	var order []string
	shown := map[string]*fakewhatsapp.Message{}
	for _, m := range s.ana.Inbox() {
		if m.Chat != s.rooms[i].JID() || m.Sender.User != s.me.LID().User {
			continue
		}
		old, known := shown[m.ID]
		if !known {
			order = append(order, m.ID)
		}
		if !known || old.Kind == fakewhatsapp.Undecryptable {
			shown[m.ID] = m
		}
	}
	for _, id := range order {
		m := shown[id]
		if _, after, found := strings.Cut(m.Text, ": falla "); found && strings.HasPrefix(m.Text, "⚠️") {
			answers = append(answers, "falla "+after[:4])
		} else if m.Text != "" && m.Kind != fakewhatsapp.Poll && m.Kind != fakewhatsapp.Undecryptable {
			notices = append(notices, m.At.UTC().Format(time.DateOnly)+" "+opening(strings.ReplaceAll(m.Text, "@"+s.ana.LID().User, "Ana Ruiz")))
		}
	}
	return answers, notices
}

// judge compares what was said with the state, and what people read with it and with what had to fall due.
func (s *storm) judge() {
	risks := exportedRisks(s.t, s.database())
	lost, twice, unanswered, answeredTwice, disordered, commands := 0, 0, 0, 0, 0, 0
	told, wanted := 0, 0
	for i, key := range s.keys {
		done := risks[key]
		answers, notices := s.read(i)
		count, answered := tally(done), tally(answers)
		for text := range s.said[i] {
			commands++
			lost, unanswered = lost+zero(count[text]), unanswered+zero(answered[text])
		}
		twice, answeredTwice = twice+surplus(count), answeredTwice+surplus(answered)
		if !slices.Equal(answers, done) {
			disordered++
			s.t.Errorf("%s: answered %v, done %v", key, answers, done)
		}
		told += len(notices)
		wanted += s.compareNotices(key, s.rooms[i].JID().String(), notices)
	}
	total := 0
	for _, n := range s.faults {
		total += n
	}
	s.t.Logf("%d kills, %d commands, %d notices, %d faults, %v offline; the clock went to %s: %v", s.kills, commands, told, total, s.away, s.clock.now().Format(time.DateOnly), s.faults)
	s.t.Logf("commands lost %d, done twice %d, unanswered %d, answered twice %d, groups out of order %d; notices told %d, due %d", lost, twice, unanswered, answeredTwice, disordered, told, wanted)
	if lost+twice+unanswered+answeredTwice > 0 {
		s.t.Error("not exactly once")
	}
	if s.t.Failed() {
		s.t.Logf("the end of the log: %s", s.tail())
	}
}

// compareNotices holds that a group was told what fell due, once and in order, and returns how much that was.
func (s *storm) compareNotices(key, chat string, told []string) int {
	today := s.clock.now().Format(time.DateOnly)
	var due []string
	for _, d := range s.due[chat] {
		if d[:10] < today || d[:10] == today && len(due) < len(told) {
			due = append(due, d)
		}
	}
	if !slices.Equal(told, due) {
		s.t.Errorf("%s was told\n%s\nand had to be told\n%s", key, strings.Join(told, "\n"), strings.Join(due, "\n"))
	}
	return len(due)
}
