package main

import (
	"context"
	"maps"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"timonel/bot"
	"timonel/internal/assembly"
	"timonel/internal/fakeslack"
	"timonel/internal/virtual/script"
)

// wholeEnv plays all eight weeks through faults; without it the first two. seedEnv repeats a run with its faults.
const (
	wholeEnv = "TIMONEL_FAULTS"
	seedEnv  = "TIMONEL_FAULTS_SEED"
)

// TestTheGoldenProjectThroughFaults plays the golden project while Slack misbehaves in every way at every step: the state at
// the end is replay's, and every chat was told the same, once, in order.
func TestTheGoldenProjectThroughFaults(t *testing.T) {
	if testing.Short() {
		t.Skip("eight weeks of connections")
	}
	seed := uint64(time.Now().UnixNano())
	if n, err := strconv.ParseUint(os.Getenv(seedEnv), 10, 64); err == nil {
		seed = n
	}
	text := goldenStory(t)
	if os.Getenv(wholeEnv) == "" {
		text = text[:strings.Index(string(text), "# Week 3")]
	}
	folder := fastFolder(t)
	want, said := replayed(t, folder, text)
	statements, err := script.Parse("story.script", text)
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		s := newTeller(t, folder)
		chance := rand.New(rand.NewPCG(seed, 3))
		s.rest, s.Patience = s.comeToRest, time.Hour
		for _, f := range everyFault {
			s.Fail(f)
		}
		for _, st := range statements {
			switch st.Do.(type) {
			case script.Press, script.Vote: // Slack offers these once, and shows the person when nobody takes them
				s.steady()
			default:
				s.shake(chance)
			}
			s.do(st)
		}
		s.calm()
		s.idle()
		s.quit()
		if got := s.normal(s.state()); days(got) != days(want) {
			t.Errorf("the state differs from replay's:\n%s", difference(days(want), days(got)))
		}
		heard := s.heard()
		for chat, list := range said {
			compareTalk(t, chat, list, heard[chat])
		}
		for chat := range heard {
			if said[chat] == nil {
				t.Errorf("%s was told what replay does not say: %q", chat, heard[chat])
			}
		}
		total := 0
		for n := range maps.Values(s.Faults()) {
			total += n
		}
		t.Logf("seed %d: %d faults, %d redeliveries, %d messages: %v", seed, total, s.Redeliveries(), len(s.Sent()), s.Faults())
		if t.Failed() {
			t.Log(s.log)
		}
	})
}

// everyFault is how calls go wrong throughout: refused, slow, broken off, with and without effect. What one person alone is
// shown cannot be looked up, so there nothing is left in doubt.
var everyFault = []fakeslack.Fault{
	{Method: "chat.postMessage", Times: -1, Chance: 0.05, RetryAfter: time.Minute},
	{Method: "chat.postMessage", Times: -1, Chance: 0.05, Status: 503},
	{Method: "chat.postMessage", Times: -1, Chance: 0.05, Status: 502, Taken: true},
	{Method: "chat.postMessage", Times: -1, Chance: 0.05, Break: true},
	{Method: "chat.postMessage", Times: -1, Chance: 0.05, Break: true, Taken: true},
	{Method: "chat.postMessage", Times: -1, Chance: 0.05, Hang: true, Taken: true},
	{Method: "chat.postMessage", Times: -1, Chance: 0.05, Hang: true},
	{Method: "chat.postMessage", Times: -1, Chance: 0.05, Error: "internal_error"},
	{Method: "chat.postMessage", Times: -1, Chance: 0.05, Delay: 5 * time.Second},
	{Method: "chat.postEphemeral", Times: -1, Chance: 0.1, RetryAfter: 3 * time.Second},
	{Method: "chat.update", Times: -1, Chance: 0.2, Status: 503},
	{Method: "conversations.", Times: -1, Chance: 0.2, Status: 500},
	{Method: "users.info", Times: -1, Chance: 0.2, Status: 500},
	{Method: "files.", Times: -1, Chance: 0.15, Status: 503},
	{Method: "upload", Times: -1, Chance: 0.15, Break: true},
}

// shake does something to the connections.
func (s *teller) shake(chance *rand.Rand) {
	switch chance.IntN(6) {
	case 0:
		s.DropSockets()
	case 1:
		s.RepeatEnvelopes(2)
	case 2:
		s.RepeatEvents(2)
	case 3:
		s.LoseAcks(1)
	case 4:
		s.Disconnect([]string{"warning", "refresh_requested"}[chance.IntN(2)])
	case 5:
		s.Delay(time.Duration(chance.IntN(3000)) * time.Millisecond)
	}
}

// calm ends the faults.
func (s *teller) calm() {
	s.Mend()
	s.steady()
}

// steady ends those of the connections.
func (s *teller) steady() {
	s.RepeatEnvelopes(0)
	s.RepeatEvents(0)
	s.LoseAcks(0)
	s.Delay(0)
	if s.stop != nil {
		s.Connected()
	}
}

// comeToRest waits until everything that was said is handled and everything that is due has arrived.
func (s *teller) comeToRest() {
	s.t.Helper()
	ctx := context.Background()
	db, err := assembly.OpenDatabase(ctx, s.database(), time.Now)
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close()
	for late := time.Now().Add(time.Hour); time.Now().Before(late); time.Sleep(10 * time.Second) {
		s.Settled()
		waiting, err := db.Waiting(ctx, 1)
		if err != nil {
			s.t.Fatal(err)
		}
		stats, err := db.QueueStats(ctx)
		if err != nil {
			s.t.Fatal(err)
		}
		next, err := db.NextOutgoingAt(ctx, bot.Slack)
		if err != nil {
			s.t.Fatal(err)
		}
		if len(waiting) == 0 && stats.Outbox["sending"] == 0 && (next.IsZero() || next.After(time.Now().Add(10*time.Minute))) {
			return
		}
	}
	s.t.Fatal("it does not come to rest")
}

// heard lists what each chat was told, files apart: Slack shows a calendar in a message of its own.
func (s *teller) heard() map[string][]string {
	heard := map[string][]string{}
	for _, sent := range s.Sent() {
		if len(sent.Message.Files) == 0 && slices.Contains([]fakeslack.SentKind{fakeslack.Posted, fakeslack.Whispered}, sent.Kind) {
			heard[s.place(sent)] = append(heard[s.place(sent)], s.normal(sent.Text))
		}
	}
	return heard
}

var moments = regexp.MustCompile(`(\d{4}-\d\d-\d\d)T\d\d:\d\d`)

// days writes moments as days: with faults things take minutes.
func days(text string) string { return strings.TrimSpace(moments.ReplaceAllString(text, "$1")) }
