package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.mau.fi/whatsmeow"

	"timonel/bot"
	"timonel/bot/whatsapp"
	"timonel/conversations"
	"timonel/internal/assembly"
	"timonel/internal/fakewhatsapp"
	"timonel/internal/virtual/script"
	"timonel/steering"
	"timonel/steering/plan"
	"timonel/storage"
)

const (
	numberOfBot = "573009998877"
	// heardWithin is how long the bot may take to answer, at WhatsApp's pace.
	heardWithin = 15 * time.Second
)

// committeeStory tells a script on the fake WhatsApp: serve is the real one, and its members have the library's own clients.
type committeeStory struct {
	*fakewhatsapp.Cast
	t      *testing.T
	folder string
	zone   *time.Location
	lang   string
	me     *fakewhatsapp.Account
	room   *fakewhatsapp.Group
	roomID string
	people map[string]*fakewhatsapp.Actor
	order  []string
	names  map[string]string // addresses to the script's names
	full   map[string]string // digits of addresses to full names
	stop   func()
	log    *printed
	// config and reach are what serve needs besides, as for a second platform.
	config string
	reach  func(*app)
}

// newCommitteeStory makes a WhatsApp whose connections live in virtual time.
func newCommitteeStory(t *testing.T, folder string) *committeeStory {
	t.Helper()
	return &committeeStory{
		Cast: fakewhatsapp.NewCast(t, fakewhatsapp.Options{Pipe: true}), t: t, folder: folder, zone: time.UTC,
		people: map[string]*fakewhatsapp.Actor{}, names: map[string]string{}, full: map[string]string{},
	}
}

// calmly makes the library's clients ask seldom whether the server is there: eight weeks of questions take their time, in
// virtual time too.
func calmly(t *testing.T) {
	t.Helper()
	least, most := whatsmeow.KeepAliveIntervalMin, whatsmeow.KeepAliveIntervalMax
	whatsmeow.KeepAliveIntervalMin, whatsmeow.KeepAliveIntervalMax = 11*time.Hour, 12*time.Hour
	t.Cleanup(func() { whatsmeow.KeepAliveIntervalMin, whatsmeow.KeepAliveIntervalMax = least, most })
}

// seldom lets the adapter look around every half hour instead of every minute: there are eighty thousand minutes in eight weeks.
func seldom(d time.Duration) <-chan time.Time {
	if d == time.Minute {
		d = 30 * time.Minute
	}
	return time.After(d)
}

// TestTheGoldenProjectOnWhatsApp plays the golden project through the real serve, a WhatsApp of our own and members with
// real clients: the state at the end is replay's, and so is what the committee and each of them alone read.
func TestTheGoldenProjectOnWhatsApp(t *testing.T) {
	if testing.Short() {
		t.Skip("eight weeks of connections")
	}
	text, err := os.ReadFile("../../internal/virtual/testdata/eight-weeks-es.script")
	if err != nil {
		t.Fatal(err)
	}
	folder := fastFolder(t)
	want, said := replayed(t, folder, text)
	statements, err := script.Parse("story.script", text)
	if err != nil {
		t.Fatal(err)
	}
	calmly(t)
	var got string
	var heard map[string][]string
	files, began := map[string]int{}, time.Now()
	synctest.Test(t, func(t *testing.T) {
		s := newCommitteeStory(t, folder)
		for _, st := range statements {
			s.do(st)
		}
		s.idle()
		s.quit()
		got = s.normal(s.state())
		heard = s.heard(files)
		if strings.Contains(s.log.String(), `"level":"error"`) {
			t.Errorf("errors in the log: %s", s.log)
		}
	})
	t.Logf("eight weeks in %v; files and pictures that arrived whole: %v", time.Since(began).Round(time.Second), files)
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
	if files["image/png"] == 0 || files["text/calendar"] == 0 {
		t.Errorf("no picture or no invitation arrived: %v", files)
	}
}

// normal writes addresses as the names of the script and moments to the minute: in WhatsApp people take seconds.
func (s *committeeStory) normal(text string) string {
	for id, name := range s.names {
		text = strings.ReplaceAll(text, id, name)
	}
	return seconds.ReplaceAllString(text, "$1")
}

// heard is what people read of the bot's, by chat, and counts the files that open.
func (s *committeeStory) heard(files map[string]int) map[string][]string {
	heard := map[string][]string{}
	for i, id := range s.order {
		seen := map[string]bool{}
		for _, m := range s.people[id].Inbox() {
			if m.Sender.User != s.me.LID().User || seen[m.ID] || m.Group && i > 0 {
				continue
			}
			seen[m.ID] = true
			if m.Kind == fakewhatsapp.Image || m.Kind == fakewhatsapp.Document {
				if data := s.people[id].Opens(m); len(data) > 0 {
					files[m.MIME]++
				}
			}
			if m.Text == "" || m.Kind == fakewhatsapp.Poll {
				continue
			}
			chat := "dm:" + id
			if m.Group {
				chat = s.roomID
			}
			text := m.Text
			for digits, name := range s.full {
				text = strings.ReplaceAll(text, "@"+digits, name)
			}
			heard[chat] = append(heard[chat], text)
		}
	}
	return heard
}

func (s *committeeStory) do(st script.Statement) {
	s.t.Helper()
	switch a := st.Do.(type) {
	case script.Zone:
		s.zone = a.Location
	case script.Clock:
		time.Sleep(time.Until(a.At(time.Now(), s.zone)))
		if s.stop != nil {
			s.idle()
		}
	case script.Chat:
		s.roomID, s.lang = a.ID, a.Language
	case script.Member:
		s.place(a)
	case script.Plan:
		s.open(a)
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

// place lets a person in. The group is made, and the bot's number linked, when the first of them is there.
func (s *committeeStory) place(a script.Member) {
	s.t.Helper()
	p := s.Member(a.Name, fmt.Sprintf("5730011100%02d", len(s.order)+10))
	s.people[a.ID], s.order = p, append(s.order, a.ID)
	s.names[p.LID().String()], s.full[p.LID().User] = a.ID, a.Name
	if s.room == nil {
		s.me = s.Account("Timonel", numberOfBot)
		s.link()
		s.room = s.Group("Comité", p, s.me)
		s.names[s.room.JID().String()] = s.roomID
	} else if err := s.AddToGroup(s.room, p); err != nil {
		s.t.Fatal(err)
	}
	s.prepare(func(b *assembly.Bot, tx *storage.Tx) error {
		who := &steering.Person{ID: steering.PersonID(a.ID), Name: a.Name, Handles: map[string]string{"whatsapp": p.LID().String()}}
		room := &storage.Room{Platform: bot.WhatsApp, ID: bot.RoomID(s.room.JID().String()), Name: a.ID, Language: s.lang}
		if old, err := tx.Room(bot.WhatsApp, room.ID); err == nil {
			room = old
		}
		return b.Engine.Place(tx, room, who, steering.Member{Person: who.ID, Side: a.Side, Roles: a.Roles})
	})
}

func (s *committeeStory) whatsapp() string { return filepath.Join(s.folder, "device.db") }

func (s *committeeStory) link() {
	s.t.Helper()
	linkByScan(s.t, s.Cast, s.me, s.whatsapp())
}

func (s *committeeStory) open(a script.Plan) {
	s.t.Helper()
	s.prepare(func(b *assembly.Bot, tx *storage.Tx) error {
		plans, err := plan.Open("")
		if err != nil {
			return err
		}
		pl, err := plans.Find(a.Source)
		if err != nil {
			return err
		}
		_, err = b.Engine.OpenProject(tx, conversations.Opening{
			Plan: pl, Key: a.Key, Name: pl.Title(s.lang), Start: a.Start, Language: s.lang, Via: "whatsapp",
			Chat: steering.Chat{Platform: "whatsapp", ID: s.room.JID().String(), Audience: steering.AudienceCommittee},
		})
		return err
	})
	s.start()
}

// act does what a member does, then lets the bot answer.
func (s *committeeStory) act(st script.Statement) {
	s.t.Helper()
	who := s.people[script.Speaker(st.Do)]
	switch a := st.Do.(type) {
	case script.Say:
		text, mentions := s.addressed(a.Text)
		switch {
		case a.Direct:
			who.Says(s.me, a.Text)
		case a.Quote:
			who.Quotes(s.newest(who, nil), text, mentions...)
		default:
			who.Says(s.room, text, mentions...)
		}
	case script.React:
		who.Reacts(s.newest(who, nil), a.Emoji)
	case script.Press:
		who.Quotes(s.newest(who, func(m *fakewhatsapp.Message) bool { return strings.Contains(m.Text, "\n1. ") }), a.Named)
	case script.Vote:
		poll := s.newest(who, func(m *fakewhatsapp.Message) bool { return m.Kind == fakewhatsapp.Poll })
		who.Votes(poll, poll.Options[int(a.Option[0]-'1')])
	default:
		s.t.Fatalf("line %d: %T is not told here", st.Line, a)
	}
	if s.stop != nil {
		s.idle()
	}
}

// addressed makes real mentions of the script's.
func (s *committeeStory) addressed(text string) (string, []fakewhatsapp.Mention) {
	var mentions []fakewhatsapp.Mention
	if strings.Contains(text, "@timonel") {
		text, mentions = strings.ReplaceAll(text, "@timonel", "@"+s.me.Name), append(mentions, s.me)
	}
	for id, p := range s.people {
		if strings.Contains(text, "@"+id) {
			text, mentions = strings.ReplaceAll(text, "@"+id, "@"+p.Name), append(mentions, p)
		}
	}
	return text, mentions
}

// newest is the bot's newest message in the group that fits, as somebody received it.
func (s *committeeStory) newest(who *fakewhatsapp.Actor, fits func(*fakewhatsapp.Message) bool) *fakewhatsapp.Message {
	s.t.Helper()
	for _, m := range slices.Backward(who.Inbox()) {
		if m.Group && m.Sender.User == s.me.LID().User && m.Kind != fakewhatsapp.Edit && (fits == nil || fits(m)) {
			return m
		}
	}
	s.t.Fatal("the bot has said no such thing")
	return nil
}

// idle lets the bot hear and answer.
func (s *committeeStory) idle() {
	s.t.Helper()
	time.Sleep(heardWithin)
	synctest.Wait()
}

func (s *committeeStory) database() string { return filepath.Join(s.folder, "whatsapp-story.db") }

// prepare changes the state while serve does not run.
func (s *committeeStory) prepare(change func(*assembly.Bot, *storage.Tx) error) {
	s.t.Helper()
	arrange(s.t, s.database(), assembly.Options{Timezone: s.zone.String(), Language: s.lang}, change)
}

// start runs serve as the command does, but for the way to WhatsApp.
func (s *committeeStory) start() {
	s.t.Helper()
	conf := settings(s.t, s.folder, s.database(), "", onWhatsApp(s.Cast, s.whatsapp()), s.config,
		fmt.Sprintf("[defaults]\ntimezone = %q\nlanguage = %q\n", s.zone, s.lang))
	if s.log == nil {
		s.log = newPrinted()
	}
	ctx, cancel := context.WithCancel(context.Background())
	a := &app{
		ctx: ctx, stdin: strings.NewReader(""), stdout: bufio.NewWriter(io.Discard), stderr: s.log, now: time.Now, after: time.After, beat: 30 * time.Minute,
		reachWhatsApp: func(c *whatsapp.Config) { c.Dial, c.After = s.Dial(), seldom },
	}
	if s.reach != nil {
		s.reach(a)
	}
	ended := make(chan error, 1)
	go func() { ended <- a.run([]string{"serve", "--config", conf}) }()
	s.stop = func() {
		cancel()
		if err := <-ended; err != nil {
			s.t.Errorf("serve: %v", err)
		}
	}
	online, done := context.WithTimeout(context.Background(), time.Minute)
	defer done()
	if err := s.WaitOnline(online, s.me, true); err != nil {
		s.t.Fatalf("%v; %s", err, s.log)
	}
}

func (s *committeeStory) quit() {
	s.t.Helper()
	if s.stop != nil {
		s.stop()
		s.stop = nil
	}
}

func (s *committeeStory) state() string {
	s.t.Helper()
	return exported(s.t, s.database())
}
