package storage

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"timonel/bot"
	"timonel/steering"
)

// crashURL makes this test binary, run as a child, write until it is killed.
const crashURL = "TIMONEL_TEST_CRASH_URL"

// TestCrashChild is the child of TestCrash: it handles events for ever, each in one transaction of everything that a message
// causes, and says what it acknowledged.
func TestCrashChild(t *testing.T) {
	url := os.Getenv(crashURL)
	if url == "" {
		t.Skip("it is run by TestCrash")
	}
	ctx := context.Background()
	db, err := Open(ctx, url, Options{})
	if err != nil {
		t.Fatal(err)
	}
	// What an earlier child received and did not handle comes first, as after any restart.
	left, err := db.Waiting(ctx, 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range left {
		handle(t, db, in)
	}
	start := time.Now().UnixNano()
	for n := 0; ; n++ {
		in := incoming(fmt.Sprintf("%d-%d", start, n), "r", "hola")
		if _, err := db.Receive(ctx, in); err != nil {
			t.Fatal(err)
		}
		fmt.Println("received", in.ID)
		handle(t, db, in)
		fmt.Println("handled", in.ID)
	}
}

func handle(t testing.TB, db *DB, in bot.Incoming) {
	t.Helper()
	update(t, db, func(tx *Tx) error {
		if err := tx.MarkHandled(in); err != nil {
			return err
		}
		p, err := tx.Project("ACME")
		if err != nil {
			return err
		}
		m := p.Milestones[1]
		m.Notes = append(m.Notes[:0:0], steering.Note{Text: string(in.ID), At: tx.Now()})
		p.Record("milestone.noted", m.Key)
		if _, err := tx.Save(p, ana); err != nil {
			return err
		}
		_, err = tx.Enqueue(bot.Outgoing{Platform: bot.Slack, Room: in.Room, Text: string(in.ID)})
		return err
	})
}

// Children are killed at random moments. What they acknowledged is there, and never half of anything.
func TestCrash(t *testing.T) {
	if testing.Short() {
		t.Skip("it starts and kills processes")
	}
	for _, e := range []engine{sqliteEngine, postgresEngine} {
		t.Run(string(e), func(t *testing.T) {
			url, c := urlOn(t, e), newClock()
			db, err := Open(context.Background(), url, Options{Now: c.now, Migrate: true})
			if err != nil {
				t.Fatal(err)
			}
			seed(t, db, "ACME")
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			random := rand.New(rand.NewPCG(1, 2))
			received, handled := map[string]bool{}, map[string]bool{}
			for range 8 {
				runAndKill(t, url, 1+random.IntN(60), received, handled)
			}
			db = openURL(t, url, c)
			checkCrashed(t, db, received, handled)
			t.Logf("%d events were acknowledged, %d handled", len(received), len(handled))
		})
	}
}

// runAndKill lets a child work until it has said so many lines, and kills it in the middle of whatever comes next.
func runAndKill(t *testing.T, url string, lines int, received, handled map[string]bool) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run", "^TestCrashChild$", "-test.v")
	cmd.Env = append(os.Environ(), crashURL+"="+url)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer cmd.Process.Kill()
	reader := bufio.NewScanner(out)
	for said := 0; reader.Scan(); {
		word, id, _ := strings.Cut(reader.Text(), " ")
		switch word {
		case "received":
			received[id] = true
		case "handled":
			handled[id] = true
		default:
			continue
		}
		if said++; said == lines {
			cmd.Process.Kill()
		}
	}
	if err := reader.Err(); err != nil && !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	if len(received) == 0 {
		t.Fatal("the child did nothing")
	}
}

func checkCrashed(t *testing.T, db *DB, received, handled map[string]bool) {
	t.Helper()
	for _, f := range db.Check(context.Background()) {
		if f.Err != nil {
			t.Errorf("%s: %v", f.Name, f.Err)
		}
	}
	view(t, db, func(tx *Tx) error {
		states := map[string]string{}
		rows, err := tx.texts(`SELECT message_id || ' ' || state FROM inbox`)
		if err != nil {
			return err
		}
		for _, row := range rows {
			id, state, _ := strings.Cut(row, " ")
			states[id] = state
		}
		for id := range received {
			if states[id] == "" {
				t.Errorf("%s was acknowledged and is gone", id)
			}
		}
		for id := range handled {
			if states[id] != inboxHandled {
				t.Errorf("%s was handled and is %q", id, states[id])
			}
		}
		replies, err := tx.outgoing(`state = 'pending' ORDER BY id`)
		if err != nil {
			return err
		}
		noted, err := tx.Audit("ACME", AuditFilter{Actions: []string{"milestone.noted"}})
		if err != nil {
			return err
		}
		done := 0
		for _, state := range states {
			if state == inboxHandled {
				done++
			}
		}
		if len(replies) != done || len(noted) != done {
			t.Errorf("%d handled, %d replies, %d in the audit", done, len(replies), len(noted))
		}
		for _, out := range replies {
			if states[out.Text] != inboxHandled {
				t.Errorf("the reply to %s is there, the event is %q", out.Text, states[out.Text])
			}
		}
		p, err := tx.Project("ACME")
		if err != nil {
			return err
		}
		if last := p.Milestones[1].Notes[0].Text; last != replies[len(replies)-1].Text {
			t.Errorf("the project knows of %s, the last reply is to %s", last, replies[len(replies)-1].Text)
		}
		var version string
		if _, err := tx.find([]any{&version}, `SELECT version FROM projects WHERE key = 'ACME'`); err != nil {
			return err
		}
		if version != strconv.Itoa(1+done) {
			t.Errorf("version %s after %d changes", version, done)
		}
		return nil
	})
}
