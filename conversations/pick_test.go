package conversations_test

import (
	"strings"
	"testing"

	"timonel/bot"
	"timonel/steering"
	"timonel/storage"
)

// quotes makes somebody answer one of the bot's messages.
func (w *town) quotes(who someone, room bot.RoomID, out bot.Outgoing, text string) []bot.Outgoing {
	w.t.Helper()
	return w.does(who, room, bot.Incoming{Kind: bot.TextMessage, Text: text, ToBot: true, Quote: bot.MessageID("out" + itoa(out.ID))})
}

func itoa(n int64) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}

// committeeOf gives Ana the lead and Bruno the client's signature.
func committeeOf(t *testing.T) *town {
	t.Helper()
	w := newTown(t)
	w.openACME(anaW)
	w.says(anaW, group, "@Bruno es sponsor del cliente", brunoW)
	for _, text := range []string{"listos el 1, el 2 y el 3", "listo el 4"} {
		w.says(anaW, group, text)
	}
	return w
}

// A sign-off request is answered by the number or the words of its options, quoted; the number alone is no answer in a
// group, where it may be meant for anybody.
func TestOptionsArePickedByQuoting(t *testing.T) {
	for _, said := range []string{"1", "1.", "aceptar", "Aceptar ✅"} {
		w := committeeOf(t)
		ask := w.one(w.says(anaW, group, "listo el 5"))
		if ask.Kind != bot.KindSignOff || len(ask.Options) != 2 {
			t.Fatalf("got %+v", ask)
		}
		w.quotes(brunoW, group, ask, said)
		if m := w.project("ACME").Milestone("5"); m.Status != steering.Done {
			t.Errorf("%q: 5 is %s", said, m.Status)
		}
	}
	w := committeeOf(t)
	ask := w.one(w.says(anaW, group, "listo el 5"))
	for _, who := range []someone{anaW, brunoW} {
		listens, err := w.engine.Listens(t.Context(), bot.Incoming{
			Platform: bot.WhatsApp, ID: "x", Room: group, Kind: bot.TextMessage, From: who.user, Text: "1", At: w.now,
		})
		if listens || err != nil {
			t.Errorf("a bare number of %s's is heard: %v", who.name, err)
		}
	}
	w.quotes(anaW, group, ask, "1") // not hers to sign
	if m := w.project("ACME").Milestone("5"); m.Status != steering.Submitted {
		t.Errorf("5 is %s", m.Status)
	}
}

func TestOptionsArePickedInADirectChat(t *testing.T) {
	w := committeeOf(t)
	out := w.says(brunoW, "", "pasemos el 6 al viernes 27")
	if len(out) == 0 {
		t.Fatal("no answer")
	}
	// The lead decides in the group, where the proposal stands.
	var asked bot.Outgoing
	for _, o := range out {
		if len(o.Options) == 2 {
			asked = o
		}
	}
	w.quotes(anaW, group, asked, "2")
	if pr := w.project("ACME").Proposals; len(pr) != 1 || pr[0].Status != steering.ProposalRejected {
		t.Errorf("proposals: %+v", pr)
	}
}

// What was changed or taken back before it was worked on counts as it is now.
func TestEditedAndDeletedBeforeTheyWereHandled(t *testing.T) {
	w := committeeOf(t)
	receive := func(in bot.Incoming) bot.Incoming {
		in.Platform, in.Room, in.From, in.FromName, in.At = bot.WhatsApp, group, anaW.user, anaW.name, w.now
		if _, err := w.db.Receive(t.Context(), in); err != nil {
			t.Fatal(err)
		}
		return in
	}
	first := receive(bot.Incoming{ID: "a", Kind: bot.TextMessage, Text: "arrancamos con el 6", ToBot: true})
	receive(bot.Incoming{ID: "b", Kind: bot.Edited, Quote: "a", Text: "arrancamos con el 7", ToBot: true})
	w.check(w.engine.Handle(t.Context(), first))
	w.sent()
	p := w.project("ACME")
	if p.Milestone("6").Status != steering.Pending || p.Milestone("7").Status != steering.InProgress {
		t.Errorf("6 is %s, 7 is %s", p.Milestone("6").Status, p.Milestone("7").Status)
	}
	second := receive(bot.Incoming{ID: "c", Kind: bot.TextMessage, Text: "arrancamos con el 8", ToBot: true})
	receive(bot.Incoming{ID: "d", Kind: bot.Deleted, Quote: "c"})
	w.check(w.engine.Handle(t.Context(), second))
	if sent := w.sent(); len(sent) > 0 || w.project("ACME").Milestone("8").Status != steering.Pending {
		t.Errorf("a message that was taken back is answered: %+v", sent)
	}
	waiting, err := w.db.Waiting(t.Context(), 10)
	if err != nil || len(waiting) > 0 {
		t.Errorf("waiting: %+v, %v", waiting, err)
	}
}

// Chatter that is edited or deleted stays chatter, and who comes into a group without a project is nobody's business.
func TestWhatIsNotForTheBotIsNotHeard(t *testing.T) {
	w := committeeOf(t)
	if _, err := w.db.Receive(t.Context(), bot.Incoming{Platform: bot.WhatsApp, ID: "a", Room: group, From: anaW.user, Text: "listo", ToBot: true}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		in   bot.Incoming
		want bool
	}{
		{bot.Incoming{Kind: bot.TextMessage, Text: "nos vemos el jueves"}, false},
		{bot.Incoming{Kind: bot.TextMessage, Text: "listo el 6"}, false},
		{bot.Incoming{Kind: bot.Edited, Text: "nos vemos el viernes", Quote: "z"}, false},
		{bot.Incoming{Kind: bot.Edited, Text: "timonel, listo el 6", Quote: "z"}, true},
		{bot.Incoming{Kind: bot.Edited, Text: "listo el 7", Quote: "a"}, true},
		{bot.Incoming{Kind: bot.Deleted, Quote: "z"}, false},
		{bot.Incoming{Kind: bot.Deleted, Quote: "a"}, true},
		{bot.Incoming{Kind: bot.Joined}, true},
		{bot.Incoming{Kind: bot.Joined, Room: "otro@g.us"}, false},
		{bot.Incoming{Kind: bot.Left, Room: "otro@g.us", SelfJoined: true}, true},
	} {
		c.in.Platform, c.in.From, c.in.ID = bot.WhatsApp, brunoW.user, "q"
		if c.in.Room == "" {
			c.in.Room = group
		}
		if got, err := w.engine.Listens(t.Context(), c.in); got != c.want || err != nil {
			t.Errorf("%+v: heard %v, %v", c.in, got, err)
		}
	}
}

// The bot's removal from a group, and its return, are remembered.
func TestARoomThatTheBotLeft(t *testing.T) {
	w := committeeOf(t)
	left := func() (left bool) {
		w.view(func(tx *storage.Tx) error {
			r, err := tx.Room(bot.WhatsApp, group)
			if err == nil {
				left = r.Left
			}
			return err
		})
		return left
	}
	w.does(anaW, group, bot.Incoming{Kind: bot.Left, SelfJoined: true})
	if !left() {
		t.Error("the bot thinks it is still there")
	}
	w.does(anaW, group, bot.Incoming{Kind: bot.Joined, SelfJoined: true})
	if left() {
		t.Error("the bot does not know that it is back")
	}
	if sent := w.does(someone{bot.WhatsApp, "999@lid", "", "Zoe"}, group, bot.Incoming{Kind: bot.Joined}); len(sent) != 1 || !strings.Contains(sent[0].Text, "Zoe") || !strings.Contains(sent[0].Text, "111@lid") {
		t.Errorf("a new participant is shown to the lead as %+v", sent)
	}
}
