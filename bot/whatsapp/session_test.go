package whatsapp_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/types/events"

	"timonel/bot"
	"timonel/bot/whatsapp"
	"timonel/internal/fakewhatsapp"
	"timonel/internal/pgtest"
)

// What could not be stored is asked for until it can, and what follows waits for it.
func TestNothingIsLostWhileItCannotBeStored(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		refusals int
		told     bool
	}{{"a stumble", 2, false}, {"a while", 5, true}, {"beyond the handler's time", 14, true}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h, ana, group := atWork(t)
			h.sink.refuse(c.refusals)
			for _, text := range []string{"uno", "dos", "tres"} {
				ana.Says(group, text)
			}
			for _, want := range []string{"uno", "dos", "tres"} {
				if in := h.sink.expect(t, bot.TextMessage); in.Text != want {
					t.Errorf("got %q, want %q", in.Text, want)
				}
			}
			if c.told {
				h.awaitTrouble(whatsapp.NotStored, false)
				h.awaitTrouble(whatsapp.NotStored, true)
			} else if n := h.reported(whatsapp.NotStored); n > 0 {
				t.Errorf("it was reported %d times", n)
			}
			h.awaitOnline()
			h.cast.Settled()
			if n := len(h.sink.all()); n != 4 {
				t.Errorf("%d events came, want 4", n)
			}
		})
	}
}

// What cannot be decrypted because the device's store fails is asked for until it can.
func TestNothingIsLostWhileTheStoreFails(t *testing.T) {
	t.Parallel()
	h, ana, group := atWork(t)
	device, err := sql.Open("sqlite", "file:"+h.store+"?_pragma=busy_timeout(10000)&_txlock=immediate")
	must(t, err)
	defer device.Close()
	tables := []string{"whatsmeow_event_buffer", "whatsmeow_sender_keys", "timonel_facts"}
	for _, table := range tables {
		_, err := device.ExecContext(t.Context(), `CREATE TRIGGER full_`+table+` BEFORE INSERT ON `+table+` BEGIN SELECT RAISE(ABORT, 'the disk is full'); END`)
		must(t, err)
	}
	for _, text := range []string{"uno", "dos", "tres"} {
		ana.Says(group, text)
	}
	h.awaitTrouble(whatsapp.NotStored, false)
	room, err := device.BeginTx(t.Context(), nil) // there is room for all again, or for none
	must(t, err)
	for _, table := range tables {
		_, err := room.ExecContext(t.Context(), `DROP TRIGGER full_`+table)
		must(t, err)
	}
	must(t, room.Commit())
	var came []string
	for range 3 {
		came = append(came, h.sink.expect(t, bot.TextMessage).Text)
	}
	slices.Sort(came)
	if want := []string{"dos", "tres", "uno"}; !slices.Equal(came, want) {
		t.Errorf("got %q", came)
	}
	h.awaitTrouble(whatsapp.NotStored, true)
	if n := h.adapter.Unread(); n > 0 {
		t.Errorf("%d messages count as unreadable", n)
	}
}

// What came while the process died before it stored anything is offered to the next one.
func TestAKilledProcessLosesNothing(t *testing.T) {
	t.Parallel()
	h, ana, group := atWork(t)
	h.sink.refuse(1 << 30)
	ana.Says(group, "no se pierde")
	ana.Says(group, "ni esto")
	h.await("a refusal", func() bool { h.sink.mu.Lock(); defer h.sink.mu.Unlock(); return h.sink.refused > 0 })
	h.restart()
	h.sink.refuse(0)
	for _, want := range []string{"no se pierde", "ni esto"} {
		if in := h.sink.expect(t, bot.TextMessage); in.Text != want {
			t.Errorf("got %q, want %q", in.Text, want)
		}
	}
	h.awaitOnline()
	h.cast.Settled()
}

func TestDuplicatesHaveOneID(t *testing.T) {
	t.Parallel()
	h, ana, group := atWork(t)
	h.cast.Repeat(h.me, 1)
	said := ana.Says(group, "una vez")
	first := h.sink.expect(t, bot.TextMessage)
	ana.Repeats(said) // sealed anew: the library cannot know
	again := h.sink.expect(t, bot.TextMessage)
	if first.ID != again.ID || first.Room != again.Room {
		t.Errorf("the repetition of %s is %s", first.ID, again.ID)
	}
	h.cast.Settled()
	if n := len(h.sink.all()); n != 3 {
		t.Errorf("%d events, want the addition, the message and its repetition", n)
	}
}

func TestDropsDelaysAndTimeOffline(t *testing.T) {
	t.Parallel()
	h, ana, group := atWork(t)
	h.cast.Drop(h.me)
	ana.Says(group, "tras la caída")
	h.sink.expect(t, bot.TextMessage)
	h.cast.Settled()
	h.stop()
	for _, text := range []string{"uno", "dos", "tres"} {
		ana.Says(group, text)
	}
	h.open()
	h.run()
	for _, want := range []string{"uno", "dos", "tres"} {
		if in := h.sink.expect(t, bot.TextMessage); in.Text != want {
			t.Errorf("got %q, want %q", in.Text, want)
		}
	}
	h.awaitOnline()
	h.cast.Restart(h.me)
	h.writes(group, "sigo aquí")
	ana.ExpectText("sigo aquí")
	if n := h.reported(whatsapp.Offline); n > 0 {
		t.Errorf("short losses of the connection were reported %d times", n)
	}
}

func TestLongLossesAreTold(t *testing.T) {
	t.Parallel()
	h, ana, group := atWork(t)
	h.cast.Unavailable(h.me)
	h.await("an unhealthy adapter", func() bool { return !h.adapter.Health().OK })
	if _, err := h.send(bot.Outgoing{Room: room(group), Text: "ahora no"}); err == nil || bot.IsPermanent(err) {
		t.Errorf("sending without a connection gave %v", err)
	}
	h.clock.advance(11 * time.Minute)
	h.awaitTrouble(whatsapp.Offline, false)
	h.cast.Pardon(h.me)
	h.awaitTrouble(whatsapp.Offline, true)
	ana.Says(group, "bienvenido")
	h.sink.expect(t, bot.TextMessage)
}

func TestUnreadableMessagesComeAgain(t *testing.T) {
	t.Parallel()
	h, ana, group := atWork(t)
	h.cast.UndecryptableNext(h.me, 1)
	said := ana.Says(group, "ilegible al principio")
	if in := h.sink.expect(t, bot.TextMessage); in.ID != bot.MessageID(said.ID) {
		t.Errorf("got %+v", in)
	}
	// One whose sender cannot send it again stays missing, and that is told.
	release := h.cast.Hold(ana) // she does not hear that she is asked
	h.cast.UndecryptableNext(h.me, 1)
	ana.Says(group, "ilegible por ahora")
	h.await("an unreadable message", func() bool { return h.adapter.Unread() == 1 })
	h.clock.advance(20 * time.Minute)
	if trouble := h.awaitTrouble(whatsapp.Unreadable, false); trouble.Count != 1 {
		t.Errorf("reported: %+v", trouble)
	}
	if health := h.adapter.Health(); !health.OK || !strings.Contains(health.Problem, "could not be read") {
		t.Errorf("health: %+v", health)
	}
	release()
	h.sink.expect(t, bot.TextMessage)
	h.awaitTrouble(whatsapp.Unreadable, true)
}

// Whoever cannot read a message of the bot's gets it again, also from a bot that was restarted meanwhile.
func TestWhoCannotReadTheBotGetsItAgain(t *testing.T) {
	t.Parallel()
	h, ana, group := atWork(t)
	release := h.cast.Hold(ana)
	h.cast.UndecryptableNext(ana, 1)
	h.writes(group, "léelo")
	h.restart()
	h.awaitOnline()
	release()
	ana.ExpectKind(fakewhatsapp.Undecryptable)
	ana.ExpectText("léelo")
}

func TestLoggedOutAndLinkedAgain(t *testing.T) {
	t.Parallel()
	h, ana, group := atWork(t)
	h.cast.LogOut(h.me)
	trouble := h.awaitTrouble(whatsapp.LoggedOut, false)
	if !trouble.Grave() || !strings.Contains(trouble.Words(), "timonel whatsapp link") {
		t.Errorf("told: %q", trouble.Words())
	}
	if health := h.adapter.Health(); health.OK || !strings.Contains(health.Problem, "timonel whatsapp link") {
		t.Errorf("health: %+v", health)
	}
	if _, err := h.send(bot.Outgoing{Room: room(group), Text: "espera"}); err == nil || bot.IsPermanent(err) {
		t.Errorf("what waits is not kept: %v", err)
	}
	// Another process links the number; the running one takes it up.
	h.await("a forgotten device", func() bool { number, err := h.adapter.Linked(t.Context()); return number == "" && err == nil })
	other, err := whatsapp.Open(t.Context(), h.config)
	must(t, err)
	if _, err := other.Link(t.Context(), "", scanBy(t, h.cast, h.me)); err != nil {
		t.Fatal(err)
	}
	must(t, other.Close())
	h.awaitTrouble(whatsapp.LoggedOut, true)
	h.awaitOnline()
	h.writes(group, "de vuelta")
	ana.ExpectText("de vuelta")
	if n := h.reported(whatsapp.LoggedOut); n != 1 {
		t.Errorf("it was told %d times", n)
	}
}

func TestStartedBeforeItIsLinked(t *testing.T) {
	t.Parallel()
	h := unlinked(t)
	h.open()
	h.run()
	h.awaitTrouble(whatsapp.NotLinked, false)
	other, err := whatsapp.Open(t.Context(), h.config)
	must(t, err)
	defer other.Close()
	if _, err := other.Link(t.Context(), "", scanBy(t, h.cast, h.me)); err != nil {
		t.Fatal(err)
	}
	h.awaitTrouble(whatsapp.NotLinked, true)
	h.awaitOnline()
	// Now the session is the running process's.
	if err := other.Unlink(t.Context()); !errors.Is(err, whatsapp.ErrInUse) {
		t.Errorf("unlinking under a running bot gave %v", err)
	}
	if _, err := other.Link(t.Context(), "", nil); !errors.Is(err, whatsapp.ErrLinked) {
		t.Errorf("linking twice gave %v", err)
	}
}

func TestEndsThatOnlyAPersonMends(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		problem whatsapp.Problem
		befall  func(*house)
		words   string
	}{
		{whatsapp.Replaced, func(h *house) { h.cast.ReplaceStream(h.me) }, "stop the other process"},
		{whatsapp.Outdated, func(h *house) { h.cast.ClientOutdated(h.me) }, "update Timonel"},
	} {
		t.Run(string(c.problem), func(t *testing.T) {
			t.Parallel()
			h, _, group := atWork(t)
			c.befall(h)
			select {
			case err := <-h.ended:
				if err == nil || !strings.Contains(err.Error(), c.words) {
					t.Errorf("Run ended with %v", err)
				}
				h.ended <- err
			case <-time.After(patience):
				t.Fatal("Run did not end")
			}
			h.awaitTrouble(c.problem, false)
			if health := h.adapter.Health(); health.OK || !strings.Contains(health.Problem, c.words) {
				t.Errorf("health: %+v", health)
			}
			if _, err := h.send(bot.Outgoing{Room: room(group), Text: "x"}); err == nil || bot.IsPermanent(err) {
				t.Errorf("what waits is not kept: %v", err)
			}
		})
	}
}

func TestABanIsWaitedOut(t *testing.T) {
	t.Parallel()
	h, ana, group := atWork(t)
	h.cast.TempBan(h.me, events.TempBanSentToTooManyPeople, 20*time.Minute) // six seconds of the test's
	trouble := h.awaitTrouble(whatsapp.Banned, false)
	if trouble.Until.Sub(h.clock.now()) < 15*time.Minute || !trouble.Grave() {
		t.Errorf("told: %+v", trouble)
	}
	ana.Says(group, "¿y el bot?")
	h.cast.Pardon(h.me)
	h.awaitTrouble(whatsapp.Banned, true)
	h.awaitOnline()
	h.sink.expect(t, bot.TextMessage)
}

func TestThePhoneIsMissed(t *testing.T) {
	t.Parallel()
	h, _, _ := atWork(t)
	h.clock.advance(12 * 24 * time.Hour)
	if trouble := h.awaitTrouble(whatsapp.PhoneSilent, false); trouble.Grave() || !strings.Contains(trouble.Words(), "14 days") {
		t.Errorf("told: %q", trouble.Words())
	}
	if health := h.adapter.Health(); !health.OK || health.Problem == "" {
		t.Errorf("health: %+v", health)
	}
	h.cast.OpenPhone(h.me)
	h.awaitTrouble(whatsapp.PhoneSilent, true)
}

func TestTwoProcessesTakeTurns(t *testing.T) {
	t.Parallel()
	h, ana, group := atWork(t)
	second, err := whatsapp.Open(t.Context(), h.config)
	must(t, err)
	defer second.Close()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- second.Run(ctx, h.sink) }()
	h.await("a second process that stands by", func() bool { return strings.Contains(second.Health().Problem, "stands by") })
	if !h.adapter.Health().OK {
		t.Errorf("the second process threw the first one out: %+v", h.adapter.Health())
	}
	groups, err := second.Groups(t.Context())
	if err != nil || len(groups) != 1 || groups[0].Name != "Comité" || groups[0].Members != 2 {
		t.Errorf("the groups, told beside a running session: %+v, %v", groups, err)
	}
	h.stop()
	h.await("the second process's turn", func() bool { return second.Health().OK })
	ana.Says(group, "¿quién está?")
	h.sink.expect(t, bot.TextMessage)
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestLinkByPairCodeGroupsAndUnlink(t *testing.T) {
	t.Parallel()
	h := unlinked(t)
	h.open()
	defer func() { must(t, h.adapter.Close()) }()
	if number, err := h.adapter.Linked(t.Context()); number != "" || err != nil {
		t.Errorf("before linking: %q, %v", number, err)
	}
	if _, err := h.adapter.Groups(t.Context()); !errors.Is(err, whatsapp.ErrNotLinked) {
		t.Errorf("groups without a number: %v", err)
	}
	number, err := h.adapter.Link(t.Context(), "+"+botPhone, func(s whatsapp.Shown) {
		if len(s.Code) != 9 || s.QR != "" {
			t.Errorf("shown: %+v", s)
		}
		go func() { _ = h.cast.ApprovePairCode(t.Context(), h.me, s.Code) }()
	})
	if err != nil || number != botPhone {
		t.Fatalf("linked %q: %v", number, err)
	}
	if number, err := h.adapter.Linked(t.Context()); number != botPhone || err != nil {
		t.Errorf("after linking: %q, %v", number, err)
	}
	ana := h.cast.Member("Ana", anaPhone)
	h.cast.Group("Comité B", ana, h.me)
	h.cast.NumberGroup("Comité A", ana, h.me)
	groups, err := h.adapter.Groups(t.Context())
	if err != nil || len(groups) != 2 || groups[0].Name != "Comité A" || groups[0].Members != 2 || !strings.HasSuffix(groups[0].ID, "@g.us") {
		t.Errorf("groups: %+v, %v", groups, err)
	}
	must(t, h.adapter.Unlink(t.Context()))
	if h.me.Linked() != 0 {
		t.Error("the device is still linked")
	}
	if err := h.adapter.Unlink(t.Context()); !errors.Is(err, whatsapp.ErrNotLinked) {
		t.Errorf("unlinking twice: %v", err)
	}
	info, err := os.Stat(h.store)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the device's keys can be read by others: %v, %v", info.Mode(), err)
	}
}

func TestAMemberWhoLinksAnew(t *testing.T) {
	t.Parallel()
	h, ana, group := atWork(t)
	h.writes(group, "antes")
	ana.ExpectText("antes")
	must(t, h.cast.Relink(t.Context(), ana.Member))
	h.cast.Settled()
	h.writes(group, "después")
	ana.ExpectText("después")
	ana.Says(group, "te leo")
	if in := h.sink.expect(t, bot.TextMessage); in.From != user(ana) {
		t.Errorf("got %+v", in)
	}
}

func TestGroupsOfTwoHundred(t *testing.T) {
	t.Parallel()
	h := settled(t)
	ana := h.cast.Member("Ana", anaPhone)
	group, err := h.cast.Crowd("Todos", 200, ana, h.me)
	must(t, err)
	h.sink.expect(t, bot.Joined)
	ana.Says(group, "timonel ¿cómo vamos?")
	h.sink.expect(t, bot.TextMessage)
	h.writes(group, "vamos bien")
	ana.ExpectText("vamos bien")
}

func TestAStoreInPostgreSQL(t *testing.T) {
	t.Parallel()
	h := unlinked(t)
	h.config.Store = pgtest.URL(t)
	h.open()
	h.link()
	h.run()
	h.awaitOnline()
	ana := h.cast.Member("Ana", anaPhone)
	group := h.cast.Group("Comité", ana, h.me)
	h.sink.expect(t, bot.Joined)
	ana.Says(group, "timonel ¿cómo vamos?")
	h.sink.expect(t, bot.TextMessage)
	id := h.mustSend(bot.Outgoing{Room: room(group), Text: "bien", Poll: &bot.Poll{Question: "¿Sí?", Options: []string{"sí", "no"}}})
	ana.ExpectText("bien")
	ana.Votes(ana.ExpectKind(fakewhatsapp.Poll), "sí")
	if in := h.sink.expect(t, bot.PollVote); in.Quote != id {
		t.Errorf("got %+v", in)
	}
	h.restart()
	h.awaitOnline()
	second, err := whatsapp.Open(t.Context(), h.config)
	must(t, err)
	defer second.Close()
	if err := second.Unlink(t.Context()); !errors.Is(err, whatsapp.ErrInUse) {
		t.Errorf("two processes have the session: %v", err)
	}
}

func TestBadStoresAndAddresses(t *testing.T) {
	t.Parallel()
	config := whatsapp.Config{Store: t.TempDir() + "/nowhere/whatsapp.db"}
	if _, err := whatsapp.Open(t.Context(), config); err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("a store in no folder: %v", err)
	}
	config.Store = "postgres://timonel:geheim@127.0.0.1:1/none"
	if _, err := whatsapp.Open(t.Context(), config); err == nil || strings.Contains(err.Error(), "geheim") {
		t.Errorf("a store that is not there: %v", err)
	}
}
