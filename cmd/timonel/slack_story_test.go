package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"timonel/bot"
	"timonel/bot/slack"
	"timonel/conversations"
	"timonel/internal/assembly"
	"timonel/internal/fakeslack"
	"timonel/internal/virtual/script"
	"timonel/steering"
	"timonel/steering/plan"
	"timonel/storage"
)

// teller plays a script through serve and the fake Slack, in virtual time.
type teller struct {
	*fakeslack.Cast
	t      *testing.T
	line   fakeslack.Line
	folder string
	zone   *time.Location
	room   *fakeslack.Channel
	people map[string]*fakeslack.Actor
	names  map[string]string // ids of Slack's to those of the script
	lang   string
	plan   *plan.Plan // opened in place of a built-in one, if set
	stop   func()
	log    *printed
	rest   func()           // lets the bot hear and answer; a wait if nil
	now    func() time.Time // time.Now if nil
	db     string           // where the state is; a file in folder if ""
}

func (s *teller) moment() time.Time {
	if s.now != nil {
		return s.now()
	}
	return time.Now()
}

// goldenStory is the script of the core's golden project, on Slack.
func goldenStory(t *testing.T) []byte {
	t.Helper()
	text, err := os.ReadFile("../../internal/virtual/testdata/eight-weeks-es.script")
	if err != nil {
		t.Fatal(err)
	}
	return bytes.ReplaceAll(text, []byte("platform=whatsapp"), []byte("platform=slack"))
}

// TestTheGoldenProjectOnSlack plays the golden project through the real serve and the fake Slack: the state at the end is
// replay's, and so is what the committee read.
func TestTheGoldenProjectOnSlack(t *testing.T) {
	if testing.Short() {
		t.Skip("eight weeks of connections")
	}
	text := goldenStory(t)
	folder := fastFolder(t)
	want, said := replayed(t, folder, text)
	statements, err := script.Parse("story.script", text)
	if err != nil {
		t.Fatal(err)
	}
	var got string
	var heard map[string][]string
	synctest.Test(t, func(t *testing.T) {
		s := newTeller(t, folder)
		for _, st := range statements {
			s.do(st)
		}
		s.idle()
		s.quit()
		got = s.normal(s.state())
		heard = s.heard()
		if lost := s.Lost(); len(lost) > 0 && !strings.Contains(s.log.String(), "silence") {
			t.Errorf("never heard: %d events", len(lost))
		}
		if strings.Contains(s.log.String(), `"level":"error"`) {
			t.Errorf("errors in the log: %s", s.log)
		}
	})
	if got != want {
		t.Errorf("the state differs from replay's:\n%s", difference(want, got))
	}
	for chat, list := range said {
		compareTalk(t, chat, list, heard[chat])
	}
	for chat := range heard {
		if said[chat] == nil {
			t.Errorf("%s was told what replay does not say: %q", chat, heard[chat])
		}
	}
}

// fastFolder is a temporary folder in memory where the machine has one: eight weeks are many writes to disk.
func fastFolder(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("/dev/shm", "timonel")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	return folder
}

// replayed is the state and the talk that replay ends with.
func replayed(t *testing.T, folder string, text []byte) (state string, said map[string][]string) {
	t.Helper()
	file, export := filepath.Join(folder, "story.script"), filepath.Join(folder, "replay.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	var out, problems bytes.Buffer
	if code := run(t.Context(), []string{"replay", "--json", "--export", export, file}, nil, strings.NewReader(""), &out, &problems); code != exitDone {
		t.Fatalf("replay: %d %s", code, &problems)
	}
	raw, err := os.ReadFile(export)
	if err != nil {
		t.Fatal(err)
	}
	said = map[string][]string{}
	for line := range strings.Lines(out.String()) {
		var l struct{ Chat, Text string }
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatal(err)
		}
		said[l.Chat] = append(said[l.Chat], l.Text)
	}
	return (&teller{names: map[string]string{}}).normal(string(raw)), said
}

var seconds = regexp.MustCompile(`(\d{4}-\d\d-\d\dT\d\d:\d\d):\d\d(\.\d+)?Z`)

// normal writes ids of Slack's as those of the script and moments to the minute: in Slack people take seconds.
func (s *teller) normal(text string) string {
	for id, name := range s.names {
		text = strings.ReplaceAll(text, id, name)
	}
	return seconds.ReplaceAllString(text, "$1")
}

func (s *teller) place(sent *fakeslack.Sent) string {
	if sent.Channel == s.room {
		return s.names[s.room.ID]
	}
	for name, a := range s.people {
		if sent.Channel == a.Direct() {
			return "dm:" + name
		}
	}
	return sent.Channel.ID
}

func (s *teller) do(st script.Statement) {
	s.t.Helper()
	switch a := st.Do.(type) {
	case script.Zone:
		s.zone = a.Location
	case script.Clock:
		at := a.At(time.Now(), s.zone)
		time.Sleep(time.Until(at))
		if s.stop != nil {
			s.idle()
		}
	case script.Chat:
		s.room, s.lang = s.Place(a.ID), a.Language
		s.names[s.room.ID] = a.ID
	case script.Member:
		p := s.Member(a.Name)
		s.people[a.ID], s.names[p.ID] = p, a.ID
		p.Joins(s.room)
		s.prepare(func(b *assembly.Bot, tx *storage.Tx) error {
			who := &steering.Person{ID: steering.PersonID(a.ID), Name: a.Name, Handles: map[string]string{"slack": p.ID}}
			room := &storage.Room{Platform: bot.Slack, ID: bot.RoomID(s.room.ID), Name: a.ID, Language: s.lang}
			if old, err := tx.Room(bot.Slack, room.ID); err == nil {
				room = old
			}
			return b.Engine.Place(tx, room, who, steering.Member{Person: who.ID, Side: a.Side, Roles: a.Roles})
		})
	case script.Plan:
		s.open(a)
		s.start()
	case script.Restart:
		s.quit()
		s.start()
	case script.Down:
		s.quit()
	case script.Up:
		s.start()
		s.idle()
	default:
		s.act(st)
	}
}

func (s *teller) open(a script.Plan) {
	s.t.Helper()
	s.prepare(func(b *assembly.Bot, tx *storage.Tx) error {
		pl, err := s.outline(a.Source)
		if err != nil {
			return err
		}
		_, err = b.Engine.OpenProject(tx, conversations.Opening{
			Plan: pl, Key: a.Key, Name: pl.Title(s.lang), Start: a.Start, Language: s.lang, Timezone: s.zone.String(), Via: "slack",
			Chat: steering.Chat{Platform: "slack", ID: s.room.ID, Audience: steering.AudienceCommittee},
		})
		return err
	})
}

// outline is the plan that a project is made from.
func (s *teller) outline(source string) (*plan.Plan, error) {
	if s.plan != nil {
		return s.plan, nil
	}
	plans, err := plan.Open("")
	if err != nil {
		return nil, err
	}
	return plans.Find(source)
}

// act does what a member does, then lets the bot answer.
func (s *teller) act(st script.Statement) {
	s.t.Helper()
	who := s.people[script.Speaker(st.Do)]
	switch a := st.Do.(type) {
	case script.Say:
		switch {
		case a.Direct:
			who.SaysTo(a.Text)
		case a.Quote:
			who.Threads(s.newest(), a.Text)
		default:
			who.Says(s.room, a.Text)
		}
	case script.React:
		who.Reacts(s.newest(), a.Emoji)
	case script.Press:
		who.Clicks(s.room, a.Named)
	case script.Vote:
		who.Clicks(s.room, s.vote(a.Option))
	default:
		s.t.Fatalf("line %d: %T is not told here", st.Line, a)
	}
	if s.stop != nil {
		s.idle()
	}
}

// newest is the bot's newest message in the room.
func (s *teller) newest() *fakeslack.Message {
	sent := s.SentIn(s.room)
	return sent[len(sent)-1].Message
}

var voting = regexp.MustCompile(`"action_id":"(vote:[^"]+)"`)

// vote is the action of the newest poll's option with that number.
func (s *teller) vote(number string) string {
	s.t.Helper()
	for _, sent := range slices.Backward(s.SentIn(s.room)) {
		raw, err := json.Marshal(sent.Message.Blocks)
		if err != nil {
			s.t.Fatal(err)
		}
		if found := voting.FindAllSubmatch(raw, -1); len(found) > 0 {
			return string(found[int(number[0]-'1')][1])
		}
	}
	s.t.Fatal("there is no poll")
	return ""
}

// idle lets the bot hear and answer.
func (s *teller) idle() {
	s.t.Helper()
	if s.rest != nil {
		s.rest()
		return
	}
	time.Sleep(10 * time.Second)
}

func (s *teller) database() string {
	if s.db != "" {
		return s.db
	}
	return filepath.Join(s.folder, "slack.db")
}

// prepare changes the state while serve does not run.
func (s *teller) prepare(change func(*assembly.Bot, *storage.Tx) error) {
	s.t.Helper()
	arrange(s.t, s.database(), assembly.Options{Now: s.moment, Timezone: s.zone.String(), Language: s.lang}, change)
}

// start runs serve as the command does, but for the way to Slack.
func (s *teller) start() {
	s.t.Helper()
	conf := settings(s.t, s.folder, s.database(), "", onSlack(s.Cast), fmt.Sprintf("[defaults]\ntimezone = %q\nlanguage = %q\n", s.zone, s.lang))
	if s.log == nil {
		s.log = newPrinted()
	}
	ctx, cancel := context.WithCancel(context.Background())
	a := &app{
		ctx: ctx, stdin: strings.NewReader(""), stdout: bufio.NewWriter(io.Discard), stderr: s.log, now: time.Now, after: time.After,
		reachSlack: func(c *slack.Config) { c.HTTP, c.Dial = s.line.HTTP, s.line.Dial },
	}
	ended := make(chan error, 1)
	go func() { ended <- a.run([]string{"serve", "--config", conf}) }()
	s.stop = func() {
		cancel()
		if err := <-ended; err != nil {
			s.t.Errorf("serve: %v", err)
		}
	}
	s.Connected()
}

func (s *teller) quit() {
	s.t.Helper()
	if s.stop != nil {
		s.stop()
		s.stop = nil
	}
}

func (s *teller) state() string {
	s.t.Helper()
	return exported(s.t, s.database())
}

// difference shows the first lines in which two texts differ.
func difference(want, got string) string {
	a, b := strings.Split(indent(want), "\n"), strings.Split(indent(got), "\n")
	var out []string
	for i := 0; i < max(len(a), len(b)) && len(out) < 24; i++ {
		x, y := "", ""
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if x != y {
			out = append(out, fmt.Sprintf("%d: - %s\n%d: + %s", i, x, i, y))
		}
	}
	return strings.Join(out, "\n")
}

func indent(raw string) string {
	var out bytes.Buffer
	if json.Indent(&out, []byte(raw), "", " ") != nil {
		return raw
	}
	return out.String()
}

var unread = regexp.MustCompile(`[^\pL\pN]+`)

// words are what is read of a text, without signs and layout.
func words(s string) string { return strings.TrimSpace(unread.ReplaceAllString(s, " ")) }

// compareTalk holds that a chat was told the same, in the same order.
func compareTalk(t *testing.T, chat string, want, got []string) {
	t.Helper()
	for i := range max(len(want), len(got)) {
		x, y := "", ""
		if i < len(want) {
			x = words(want[i])
		}
		if i < len(got) {
			y = words(got[i])
		}
		if x == "" || y == "" || !strings.HasPrefix(y, x[:min(len(x), 40)]) {
			t.Errorf("%s, message %d:\n- %s\n+ %s", chat, i, x, y)
			return
		}
	}
}
