package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"timonel/bot"
)

func incoming(id, room, text string) bot.Incoming {
	return bot.Incoming{
		Platform: bot.Slack, ID: bot.MessageID(id), Kind: bot.TextMessage, Room: bot.RoomID(room), From: "U1", Text: text,
		At: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), Mentions: []bot.MentionSpan{{User: "U2", Start: 1, End: 3}},
	}
}

func receive(t testing.TB, db *DB, in bot.Incoming) bool {
	t.Helper()
	fresh, err := db.Receive(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	return fresh
}

func next(t testing.TB, db *DB, room string) string {
	t.Helper()
	in, err := db.NextIncoming(context.Background(), bot.Slack, bot.RoomID(room))
	if errors.Is(err, ErrNotFound) {
		return ""
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(in.ID)
}

func TestInbox(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		ctx := context.Background()
		wake, stop := db.Subscribe()
		defer stop()
		first := incoming("m1", "r1", "hola \x00 \xff <b>")
		if !receive(t, db, first) {
			t.Error("the first is not fresh")
		}
		if _, more, err := db.OldestIncoming(ctx, first.Platform, first.Room); more || err != nil {
			t.Errorf("one waits, and more %v, %v", more, err)
		}
		if receive(t, db, first) {
			t.Error("the same again is fresh")
		}
		select {
		case <-wake:
			t.Error("a signal, though nothing is to be sent")
		default:
		}
		receive(t, db, incoming("m2", "r2", "otra sala"))
		receive(t, db, incoming("m3", "r1", "segunda"))
		if in, more, err := db.OldestIncoming(ctx, first.Platform, first.Room); in.ID != "m1" || !more || err != nil {
			t.Errorf("two wait, the oldest %s, and more %v, %v", in.ID, more, err)
		}
		heads, err := db.Waiting(ctx, 10)
		if err != nil || len(heads) != 2 || heads[0].ID != "m1" || heads[1].ID != "m2" {
			t.Fatalf("waiting %v, %v", heads, err)
		}
		if heads[0].Mentions[0].User != "U2" || !heads[0].At.Equal(first.At) || heads[0].Text != "hola   \uFFFD <b>" {
			t.Errorf("came back as %+v", heads[0])
		}
		update(t, db, func(tx *Tx) error { return tx.MarkHandled(heads[0]) })
		if got := next(t, db, "r1"); got != "m3" {
			t.Errorf("next %q", got)
		}
		err = db.Update(ctx, func(tx *Tx) error { return tx.MarkHandled(heads[0]) })
		if !errors.Is(err, ErrHandled) {
			t.Errorf("handled twice: %v", err)
		}
		if receive(t, db, first) {
			t.Error("a redelivery after the handling is fresh")
		}
		update(t, db, func(tx *Tx) error { return tx.MarkHandled(incoming("never-stored", "r1", "")) })
		view(t, db, func(tx *Tx) error {
			kept, err := tx.texts(`SELECT doc FROM inbox WHERE state = 'handled'`)
			if err != nil || !slices.Equal(kept, []string{"{}"}) {
				t.Errorf("kept of what was handled: %q, %v", kept, err)
			}
			return nil
		})
	})
}

func TestInboxParksWhatFails(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		ctx := context.Background()
		receive(t, db, incoming("m1", "r1", "veneno"))
		receive(t, db, incoming("m2", "r1", "después"))
		for i := 1; i <= 3; i++ {
			if got := next(t, db, "r1"); got != "m1" {
				t.Fatalf("before failure %d: %q", i, got)
			}
			parked, err := db.FailIncoming(ctx, incoming("m1", "r1", ""), "panic", 3)
			if err != nil || parked != (i == 3) {
				t.Errorf("failure %d: parked %v, %v", i, parked, err)
			}
		}
		if got := next(t, db, "r1"); got != "m2" {
			t.Errorf("the room does not go on: %q", got)
		}
		stats, err := db.QueueStats(ctx)
		if err != nil || stats.InboxWaiting != 1 || stats.InboxParked != 1 || !stats.OldestWaiting.Equal(c.at) {
			t.Errorf("%+v, %v", stats, err)
		}
	})
}

func enqueue(t testing.TB, db *DB, out bot.Outgoing) (id int64) {
	t.Helper()
	update(t, db, func(tx *Tx) (err error) {
		if out.Platform == "" {
			out.Platform = bot.Slack
		}
		id, err = tx.Enqueue(out)
		return err
	})
	return id
}

// claim claims all that can go and returns the texts.
func claim(t testing.TB, db *DB) (texts []string) {
	t.Helper()
	list, err := db.ClaimOutgoing(context.Background(), bot.Slack, 10, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	for _, out := range list {
		texts = append(texts, fmt.Sprintf("%s/%d", out.Text, out.Attempt))
	}
	return texts
}

func TestOutbox(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		ctx := context.Background()
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		expect := func(what string, want ...string) {
			t.Helper()
			if got := claim(t, db); !slices.Equal(got, want) {
				t.Errorf("%s: claimed %q, want %q", what, got, want)
			}
		}
		a1 := enqueue(t, db, bot.Outgoing{Room: "a", Text: "a1", Files: []bot.File{{Name: "x.png", Data: []byte{0, 1, 255}}}})
		later := enqueue(t, db, bot.Outgoing{Room: "a", Text: "later", At: c.at.Add(time.Hour)})
		a2 := enqueue(t, db, bot.Outgoing{Room: "a", Text: "a2"})
		b1 := enqueue(t, db, bot.Outgoing{Room: "b", Text: "b1"})
		enqueue(t, db, bot.Outgoing{Platform: bot.WhatsApp, Room: "a", Text: "another platform"})
		expect("one of each room", "a1/1", "b1/1")
		expect("rooms are busy")
		must(db.MarkSent(ctx, a1, "ts1"))
		expect("the next of the room, past one that waits for its hour", "a2/1")
		must(db.MarkRetry(ctx, a2, c.at.Add(2*time.Minute), "429"))
		a3 := enqueue(t, db, bot.Outgoing{Room: "a", Text: "a3"})
		expect("the room waits for the retry")
		at, err := db.NextOutgoingAt(ctx, bot.Slack)
		if err != nil || !at.Equal(c.at.Add(time.Minute)) {
			t.Errorf("next at %v, %v; want the end of b1's lease", at, err)
		}
		must(db.MarkFailed(ctx, b1, "channel_not_found"))
		if at, err = db.NextOutgoingAt(ctx, bot.Slack); err != nil || !at.Equal(c.at.Add(2*time.Minute)) {
			t.Errorf("next at %v, %v; want the retry", at, err)
		}
		c.at = c.at.Add(2 * time.Minute)
		expect("the retry, first", "a2/2")
		must(db.MarkCancelled(ctx, a2, "not true any more"))
		expect("then the rest", "a3/1")
		must(db.MarkSent(ctx, a3, ""))
		c.at = c.at.Add(time.Hour)
		update(t, db, func(tx *Tx) error {
			if done, err := tx.CancelOutgoing(later); err != nil || !done {
				t.Errorf("cancel: %v, %v", done, err)
			}
			if done, err := tx.CancelOutgoing(a3); err != nil || done {
				t.Errorf("cancel what was sent: %v, %v", done, err)
			}
			return nil
		})
		expect("nothing is left")
		if at, err = db.NextOutgoingAt(ctx, bot.Slack); err != nil || !at.IsZero() {
			t.Errorf("next at %v, %v; want never", at, err)
		}
		must(db.MarkSent(ctx, a1, "again")) // a late second note changes nothing
		view(t, db, func(tx *Tx) error {
			m, err := tx.Message(bot.Slack, "ts1")
			if err != nil || m.Outbox != a1 || m.Room != "a" {
				t.Errorf("message %+v, %v", m, err)
			}
			list, err := tx.OutgoingSince(bot.Slack, "a", "", c.at.Add(-2*time.Hour))
			var texts []string
			for _, out := range list {
				texts = append(texts, out.Text)
			}
			if err != nil || !slices.Equal(texts, []string{"a1", "a3"}) {
				t.Errorf("since: %q, %v", texts, err)
			}
			if len(list) > 0 && (list[0].Files[0].Name != "x.png" || list[0].Files[0].Data != nil) {
				t.Errorf("the file of a sent message: %+v", list[0].Files)
			}
			return nil
		})
	})
}

func TestOutboxInDoubt(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		ctx := context.Background()
		id := enqueue(t, db, bot.Outgoing{Room: "a", Text: "a1", PlatformID: "chosen"})
		enqueue(t, db, bot.Outgoing{Room: "a", Text: "a2"})
		claim(t, db)
		doubt := func() []bot.Outgoing {
			t.Helper()
			list, err := db.InDoubt(ctx, bot.Slack, 10, time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			return list
		}
		if got := doubt(); got != nil {
			t.Errorf("in doubt while the lease runs: %v", got)
		}
		c.at = c.at.Add(time.Minute)
		if got := claim(t, db); got != nil {
			t.Errorf("claimed though in doubt: %v", got)
		}
		if got := doubt(); len(got) != 1 || got[0].ID != id || got[0].PlatformID != "chosen" || got[0].Attempt != 1 {
			t.Errorf("in doubt: %+v", got)
		}
		if got := doubt(); got != nil {
			t.Errorf("a second process takes it too: %v", got)
		}
		if err := db.MarkSent(ctx, id, ""); err != nil {
			t.Fatal(err)
		}
		view(t, db, func(tx *Tx) error {
			if _, err := tx.Message(bot.Slack, "chosen"); err != nil {
				t.Errorf("the chosen id is not remembered: %v", err)
			}
			return nil
		})
		if got := claim(t, db); !slices.Equal(got, []string{"a2/1"}) {
			t.Errorf("the room goes on with %v", got)
		}
	})
}

// A message to a user and one to the user's known room are in one line.
func TestOutboxDirectRoom(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		enqueue(t, db, bot.Outgoing{Direct: "U7", Text: "before we know the room"})
		update(t, db, func(tx *Tx) error { return tx.PutRoom(&Room{Platform: bot.Slack, ID: "D7", Direct: true, User: "U7"}) })
		enqueue(t, db, bot.Outgoing{Direct: "U7", Text: "to the user"})
		enqueue(t, db, bot.Outgoing{Room: "D7", Text: "to the room"})
		if got := claim(t, db); !slices.Equal(got, []string{"before we know the room/1", "to the user/1"}) {
			t.Errorf("claimed %q", got)
		}
	})
}

// Many couriers, of two processes, deliver everything once and in order.
func TestOutboxOnceAndInOrder(t *testing.T) {
	for _, e := range []engine{sqliteEngine, postgresEngine} {
		t.Run(string(e), func(t *testing.T) {
			c, url := newClock(), urlOn(t, e)
			dbs := []*DB{openURL(t, url, c), openURL(t, url, c)}
			const rooms, each = 4, 8
			for n := range each {
				for r := range rooms {
					enqueue(t, dbs[0], bot.Outgoing{Room: bot.RoomID(fmt.Sprint(r)), Text: fmt.Sprint(n)})
				}
			}
			var mu sync.Mutex
			got := map[bot.RoomID][]string{}
			deliver := func(db *DB) error {
				for total := 0; total < rooms*each; {
					list, err := db.ClaimOutgoing(context.Background(), bot.Slack, 2, time.Minute)
					if err != nil {
						return err
					}
					mu.Lock()
					for _, out := range list {
						got[out.Room] = append(got[out.Room], out.Text)
					}
					total = 0
					for _, texts := range got {
						total += len(texts)
					}
					mu.Unlock()
					for _, out := range list {
						if err := db.MarkSent(context.Background(), out.ID, bot.MessageID(fmt.Sprint(out.ID))); err != nil {
							return err
						}
					}
				}
				return nil
			}
			var workers sync.WaitGroup
			for i := range 4 {
				workers.Go(func() {
					if err := deliver(dbs[i%2]); err != nil {
						t.Error(err)
					}
				})
			}
			workers.Wait()
			for room, texts := range got {
				if want := []string{"0", "1", "2", "3", "4", "5", "6", "7"}; !slices.Equal(texts, want) {
					t.Errorf("room %s: %q", room, texts)
				}
			}
		})
	}
}

// Two processes handle the same event: one of them wins, and only its effects are there.
func TestHandledOnceByTwoProcesses(t *testing.T) {
	for _, e := range []engine{sqliteEngine, postgresEngine} {
		t.Run(string(e), func(t *testing.T) {
			c, url := newClock(), urlOn(t, e)
			dbs := []*DB{openURL(t, url, c), openURL(t, url, c)}
			seed(t, dbs[0], "ACME")
			const events = 10
			for i := range events {
				receive(t, dbs[0], incoming(fmt.Sprint(i), "r", "suma"))
			}
			var workers sync.WaitGroup
			for _, db := range dbs {
				workers.Go(func() {
					for i := range events {
						err := db.Update(context.Background(), func(tx *Tx) error {
							p, err := tx.Project("ACME")
							if err != nil {
								return err
							}
							p.Milestones[1].Progress++
							if _, err := tx.Save(p, ana); err != nil {
								return err
							}
							if _, err := tx.Enqueue(bot.Outgoing{Platform: bot.Slack, Room: "r", Text: "hecho"}); err != nil {
								return err
							}
							return tx.MarkHandled(incoming(fmt.Sprint(i), "r", ""))
						})
						if err != nil && !errors.Is(err, ErrHandled) {
							t.Error(err)
						}
					}
				})
			}
			workers.Wait()
			if got := project(t, dbs[1], "ACME").Milestones[1].Progress; got != 40+events {
				t.Errorf("progress %d, want %d", got, 40+events)
			}
			stats, err := dbs[0].QueueStats(context.Background())
			if err != nil || stats.Outbox["pending"] != events || stats.InboxWaiting != 0 {
				t.Errorf("%+v, %v", stats, err)
			}
			if _, err := dbs[0].VerifyAudit(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestPrune(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		ctx := context.Background()
		receive(t, db, incoming("old", "r", ""))
		receive(t, db, incoming("waits", "r", ""))
		sent, failed := enqueue(t, db, bot.Outgoing{Room: "a"}), enqueue(t, db, bot.Outgoing{Room: "b"})
		enqueue(t, db, bot.Outgoing{Room: "c"})
		claim(t, db)
		update(t, db, func(tx *Tx) error {
			return errors.Join(tx.MarkHandled(incoming("old", "r", "")), tx.PutDialogue(bot.Slack, "r", "U1", "x", c.at.Add(time.Minute)))
		})
		if err := errors.Join(db.MarkSent(ctx, sent, "ts"), db.MarkFailed(ctx, failed, "gone")); err != nil {
			t.Fatal(err)
		}
		if n, err := db.Prune(ctx, c.at); err != nil || n != 0 {
			t.Errorf("pruned %d at once, %v", n, err)
		}
		// The handled event, the sent message and its memory, the dialogue.
		if n, err := db.Prune(ctx, c.at.Add(time.Hour)); err != nil || n != 4 {
			t.Errorf("pruned %d, want 4; %v", n, err)
		}
		stats, err := db.QueueStats(ctx)
		if err != nil || stats.InboxWaiting != 1 || stats.Outbox["failed"] != 1 || stats.Outbox["sending"] != 1 {
			t.Errorf("%+v, %v", stats, err)
		}
	})
}

// Who asked is answered before anybody hears what nobody asked for, in the same room too, unless that is on its way already.
func TestAnswersGoFirst(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, _ *clock) {
		ctx := context.Background()
		say := func(room bot.RoomID, kind bot.Kind, text string) {
			update(t, db, func(tx *Tx) error {
				_, err := tx.Enqueue(bot.Outgoing{Platform: bot.Slack, Room: room, Kind: kind, Text: text})
				return err
			})
		}
		claim := func(limit int, answers bool) (texts []string) {
			t.Helper()
			take := db.ClaimOutgoing
			if answers {
				take = db.ClaimAnswers
			}
			list, err := take(ctx, bot.Slack, limit, time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range list {
				texts = append(texts, o.Text)
				if err := db.MarkSent(ctx, o.ID, ""); err != nil {
					t.Fatal(err)
				}
			}
			return texts
		}
		say("a", bot.KindDigest, "digest a")
		say("b", bot.KindDigest, "digest b")
		say("b", bot.KindReply, "answer b 1")
		say("c", bot.KindReply, "answer c")
		say("b", bot.KindReply, "answer b 2")
		var got [][]string
		for _, answers := range []bool{true, true, true} {
			got = append(got, claim(1, answers))
		}
		got = append(got, claim(10, true), claim(10, false))
		want := [][]string{{"answer b 1"}, {"answer c"}, {"answer b 2"}, nil, {"digest a", "digest b"}}
		if !slices.EqualFunc(got, want, slices.Equal[[]string]) {
			t.Errorf("sent %q", got)
		}
		say("d", bot.KindDigest, "digest d")
		if held, err := db.ClaimOutgoing(ctx, bot.Slack, 1, time.Minute); err != nil || len(held) != 1 {
			t.Fatal(held, err)
		}
		say("d", bot.KindReply, "answer d")
		if early := claim(1, true); len(early) > 0 {
			t.Errorf("%q went while the digest before it was on its way", early)
		}
	})
}

// Whoever delivers is told when something may be sent, and of nothing else.
func TestSignals(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, _ *clock) {
		ctx := context.Background()
		wake, stop := db.Subscribe()
		defer stop()
		told := func(what string, want bool) {
			t.Helper()
			select {
			case <-wake:
				if !want {
					t.Errorf("%s: a signal for nothing", what)
				}
			default:
				if want {
					t.Errorf("%s: no signal", what)
				}
			}
		}
		receive(t, db, incoming("m1", "r1", "hola"))
		told("received", false)
		var id int64
		update(t, db, func(tx *Tx) (err error) {
			id, err = tx.Enqueue(bot.Outgoing{Platform: bot.Slack, Room: "r1", Text: "hola"})
			return err
		})
		told("enqueued", true)
		if list, err := db.ClaimOutgoing(ctx, bot.Slack, 3, time.Minute); err != nil || len(list) != 1 {
			t.Fatalf("claimed %v, %v", list, err)
		}
		told("claimed", false)
		if err := db.MarkSent(ctx, id, "1.1"); err != nil {
			t.Fatal(err)
		}
		told("sent", true)
	})
}

// An answer passes what nobody waits for, also what could not be sent at first, but not what is being sent; among themselves
// both keep their order.
func TestAnswersPass(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		ctx := context.Background()
		put := func(text string, kind bot.Kind) {
			update(t, db, func(tx *Tx) error {
				_, err := tx.Enqueue(bot.Outgoing{Platform: bot.Slack, Room: "a", Text: text, Kind: kind})
				return err
			})
		}
		taken := func(want string) (id int64) {
			t.Helper()
			at, err := db.NextOutgoingAt(ctx, bot.Slack)
			if due := !at.IsZero() && !at.After(c.at); err != nil || want != "" && !due {
				t.Errorf("next at %v, %v; want %q now", at, err, want)
			}
			list, err := db.ClaimOutgoing(ctx, bot.Slack, 10, time.Minute)
			if err != nil || len(list) > 1 || len(list) == 0 && want != "" || len(list) > 0 && list[0].Text != want {
				t.Fatalf("claimed %v, %v; want %q", list, err, want)
			}
			if len(list) > 0 {
				id = list[0].ID
			}
			return id
		}
		put("digest", bot.KindDigest)
		put("reminder", bot.KindReminder)
		digest := taken("digest")
		put("answer", bot.KindReply)
		taken("")
		if err := db.MarkRetry(ctx, digest, c.at.Add(time.Minute), "429"); err != nil {
			t.Fatal(err)
		}
		answer := taken("answer")
		put("second answer", bot.KindReply)
		if err := db.MarkRetry(ctx, answer, c.at.Add(time.Second), "503"); err != nil {
			t.Fatal(err)
		}
		taken("")
		c.at = c.at.Add(time.Second)
		for _, want := range []string{"answer", "second answer"} {
			if err := db.MarkSent(ctx, taken(want), bot.MessageID(want)); err != nil {
				t.Fatal(err)
			}
		}
		taken("")
		c.at = c.at.Add(time.Minute)
		for _, want := range []string{"digest", "reminder"} {
			if err := db.MarkSent(ctx, taken(want), bot.MessageID(want)); err != nil {
				t.Fatal(err)
			}
		}
	})
}
