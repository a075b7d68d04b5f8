package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
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

// roundsEnv sets how often the bot is killed: 200 for the figures in docs/performance.md.
const roundsEnv = "TIMONEL_KILLS"

// hasty is the program with short waits, so that a test sees in seconds what otherwise takes minutes: an interrupted
// sending is looked into after a second, and an attempt may take half of one.
func hasty() {
	a := &app{
		ctx: context.Background(), env: os.Environ(), stdin: os.Stdin, stdout: bufio.NewWriter(os.Stdout), screen: os.Stdout, stderr: os.Stderr,
		now: time.Now, after: time.After,
		deliver: func(o *bot.CourierOptions) {
			pace := bot.Paces[bot.Slack]
			pace.SendTimeout, pace.Room, pace.FirstRetry, pace.MaxRetry = 600*time.Millisecond, 10*time.Millisecond, 100*time.Millisecond, 300*time.Millisecond
			o.Lease, o.Paces = time.Second, map[bot.Platform]bot.Pace{bot.Slack: pace}
		},
		reachSlack: func(c *slack.Config) { c.After = func(d time.Duration) <-chan time.Time { return time.After(d / 10) } },
	}
	if err := a.run(os.Args[1:]); err != nil {
		os.Exit(complain(os.Stderr, err))
	}
}

// ordeal is a bot that is killed again and again while committees work with it.
type ordeal struct {
	*fakeslack.Cast
	t      *testing.T
	rand   *rand.Rand
	folder string
	rooms  []*fakeslack.Channel
	keys   []string
	ana    *fakeslack.Actor
	log    *os.File

	mu     sync.Mutex
	said   []map[string]bool // by room: what must have happened once
	maybe  []map[string]bool // commands that Slack's answer to the person leaves open
	number int
	// slashes are the commands that Slack has not yet told the person about.
	slashes sync.WaitGroup
}

// TestKilledAtRandomMoments kills serve with SIGKILL at random moments while Slack misbehaves in every way: every command
// counts once, every answer comes once, in the order of each channel.
func TestKilledAtRandomMoments(t *testing.T) {
	rounds := 6
	if n, err := strconv.Atoi(os.Getenv(roundsEnv)); err == nil {
		rounds = n
	}
	o := newOrdeal(t)
	for range rounds {
		o.round()
	}
	o.calm()
	stop := o.start()
	o.answered()
	stop(os.Interrupt)
	o.judge(rounds)
}

func newOrdeal(t *testing.T) *ordeal {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	retries := []time.Duration{0, 100 * time.Millisecond, 300 * time.Millisecond, 500 * time.Millisecond}
	for range 200 {
		retries = append(retries, time.Second)
	}
	o := &ordeal{t: t, rand: rand.New(rand.NewPCG(seed, 1)), folder: t.TempDir()}
	o.Cast = fakeslack.NewCast(t, fakeslack.Options{
		Scopes: slack.Scopes, Events: slack.Events, Seed: seed, AckWithin: 700 * time.Millisecond, Retries: retries,
	})
	o.Patience = 3 * time.Minute
	if err := o.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	o.ana = o.Member("Ana Ruiz")
	for i := range 4 {
		o.rooms = append(o.rooms, o.Place(fmt.Sprintf("comite-%d", i), o.ana))
		o.keys = append(o.keys, fmt.Sprintf("P-%d", i))
		o.said, o.maybe = append(o.said, map[string]bool{}), append(o.maybe, map[string]bool{})
	}
	o.prepare()
	log, err := os.Create(filepath.Join(o.folder, "serve.log"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = log.Close() })
	o.log = log
	return o
}

func (o *ordeal) database() string { return filepath.Join(o.folder, "kill.db") }

// prepare makes a project in every room.
func (o *ordeal) prepare() {
	o.t.Helper()
	pl, start := builtin(o.t, "fieldpro-template"), steering.DateOf(time.Now())+30
	arrange(o.t, o.database(), assembly.Options{Timezone: "UTC", Language: "es"}, func(b *assembly.Bot, tx *storage.Tx) error {
		for i, room := range o.rooms {
			opening := conversations.Opening{Plan: pl, Key: o.keys[i], Name: o.keys[i], Start: start}
			if err := openLed(b, tx, storage.Room{Platform: bot.Slack, ID: bot.RoomID(room.ID)}, o.ana.ID, opening); err != nil {
				return err
			}
		}
		return nil
	})
	settings(o.t, o.folder, o.database(), "", onSlack(o.Cast))
}

func (o *ordeal) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

// start starts the bot as a process of its own; stop ends it with a signal.
func (o *ordeal) start() (stop func(os.Signal)) {
	o.t.Helper()
	_, before := o.Connections()
	cmd := exec.Command("timonel-hasty", "serve", "--config", filepath.Join(o.folder, "timonel.toml"))
	cmd.Stderr, cmd.Stdout = o.log, io.Discard
	o.must(cmd.Start())
	o.t.Cleanup(func() { _ = cmd.Process.Kill() })
	o.waitConnection(before)
	return func(s os.Signal) {
		_ = cmd.Process.Signal(s)
		_ = cmd.Wait()
	}
}

func (o *ordeal) waitConnection(before int) {
	o.t.Helper()
	o.await("the bot does not connect", func() bool {
		_, ever := o.Connections()
		return ever > before
	})
}

// await waits for something that shows in Slack.
func (o *ordeal) await(otherwise string, done func() bool) {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(o.t.Context(), o.Patience)
	defer cancel()
	if err := o.Await(ctx, done); err != nil {
		o.t.Fatalf("%s: %v", otherwise, err)
	}
}

// round starts the bot, works with it in all rooms while Slack misbehaves, and kills it.
func (o *ordeal) round() {
	stop := o.start()
	for range 1 + o.rand.IntN(2) {
		o.misbehave()
	}
	for range 1 + o.rand.IntN(4) {
		o.command()
	}
	alive := time.Duration(o.rand.IntN(300)) * time.Millisecond
	if o.rand.IntN(2) == 0 { // long enough to look after what the kill before it interrupted
		alive += 1200 * time.Millisecond
	}
	time.Sleep(alive) // the random moment
	stop(os.Kill)
}

// command gives one command in one room: by a mention, which Slack offers until it is acknowledged, or by a slash.
func (o *ordeal) command() {
	i := o.rand.IntN(len(o.rooms))
	o.number++
	text := fmt.Sprintf("falla %04d", o.number)
	if o.rand.IntN(4) > 0 {
		o.ana.Mentions(o.rooms[i], "riesgo: "+text)
		o.mu.Lock()
		defer o.mu.Unlock()
		o.said[i][text] = true
		return
	}
	d, err := o.ana.Person.Slash(o.rooms[i], "/timonel", "riesgo: "+text)
	o.must(err)
	o.slashes.Go(func() {
		err := d.Wait(context.Background())
		o.mu.Lock()
		defer o.mu.Unlock()
		if err == nil {
			o.said[i][text] = true
		} else {
			o.maybe[i][text] = true // the person saw an error; the bot may have taken it all the same
		}
	})
}

func (o *ordeal) misbehave() {
	post := fakeslack.Fault{Method: "chat.postMessage", Times: 1}
	switch o.rand.IntN(14) {
	case 0:
		post.RetryAfter = time.Second
		o.Fail(post)
	case 1:
		post.Status = 503
		o.Fail(post)
	case 2:
		post.Status, post.Taken = 502, true
		o.Fail(post)
	case 3:
		post.Break = true
		o.Fail(post)
	case 4:
		post.Break, post.Taken = true, true
		o.Fail(post)
	case 5:
		post.Hang, post.Taken = true, true
		o.Fail(post)
	case 6:
		post.Delay = 300 * time.Millisecond
		o.Fail(post)
	case 7:
		o.Fail(fakeslack.Fault{Method: "conversations.history", Status: 500})
	case 8:
		o.DropSockets()
	case 9:
		o.RepeatEnvelopes(3)
	case 10:
		o.RepeatEvents(2)
	case 11:
		o.LoseAcks(1)
	case 12:
		o.Reorder(2)
	case 13:
		o.Disconnect([]string{"warning", "refresh_requested"}[o.rand.IntN(2)])
	}
}

// calm ends all faults.
func (o *ordeal) calm() {
	o.Mend()
	o.LoseAcks(0)
	o.RepeatEnvelopes(0)
	o.RepeatEvents(0)
	o.Reorder(0)
}

// answered waits until everything was heard and every answer came.
func (o *ordeal) answered() {
	o.t.Helper()
	o.Settled()
	o.slashes.Wait()
	for i, room := range o.rooms {
		o.await(o.keys[i]+": answers did not come", func() bool { return o.missing(i, room) == 0 })
	}
}

// missing counts the commands of a room that were not answered yet.
func (o *ordeal) missing(i int, room *fakeslack.Channel) int {
	answered := tally(o.answers(room))
	o.mu.Lock()
	defer o.mu.Unlock()
	n := 0
	for text := range o.said[i] {
		n += zero(answered[text])
	}
	return n
}

// answers lists the commands that the bot answered in a room, in order.
func (o *ordeal) answers(room *fakeslack.Channel) []string {
	var list []string
	for _, sent := range o.SentIn(room) {
		if _, text, found := strings.Cut(sent.Text, "falla "); found && sent.Kind == fakeslack.Posted && len(text) >= 4 {
			list = append(list, "falla "+text[:4])
		}
	}
	return list
}

// judge compares what was said with the state and with what people read.
func (o *ordeal) judge(rounds int) {
	risks := exportedRisks(o.t, o.database())
	o.mu.Lock()
	defer o.mu.Unlock()
	lost, twice, unanswered, answeredTwice, disordered, commands := 0, 0, 0, 0, 0, 0
	for i, key := range o.keys {
		done := risks[key]
		count, answers := tally(done), o.answers(o.rooms[i])
		answered := tally(answers)
		for text := range o.said[i] {
			commands++
			lost += zero(count[text])
			unanswered += zero(answered[text])
		}
		twice += surplus(count)
		answeredTwice += surplus(answered)
		// Of what was heard last, and nobody waits for, the answer may still be on its way.
		if len(answers) > len(done) || !slices.Equal(answers, done[:len(answers)]) {
			disordered++
			o.t.Errorf("%s: answered %v, done %v", key, answers, done)
		}
		for text := range count {
			if !o.said[i][text] && !o.maybe[i][text] {
				o.t.Errorf("%s: nobody said %q", key, text)
			}
		}
	}
	total := 0
	for _, n := range o.Faults() {
		total += n
	}
	o.t.Logf("%d kills, %d commands, %d faults, %d redeliveries: %v", rounds, commands, total, o.Redeliveries(), o.Faults())
	o.t.Logf("lost %d, done twice %d, unanswered %d, answered twice %d, rooms out of order %d", lost, twice, unanswered, answeredTwice, disordered)
	if lost+twice+unanswered+answeredTwice > 0 {
		o.t.Error("not exactly once")
	}
}

func tally(list []string) map[string]int {
	count := map[string]int{}
	for _, text := range list {
		count[text]++
	}
	return count
}

func zero(n int) int {
	if n == 0 {
		return 1
	}
	return 0
}

func surplus(count map[string]int) int {
	n := 0
	for v := range maps.Values(count) {
		n += max(v-1, 0)
	}
	return n
}
