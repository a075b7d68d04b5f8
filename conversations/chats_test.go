package conversations_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"timonel/bot"
	"timonel/steering"
	"timonel/storage"
)

const channel = bot.RoomID("C1")

var carlaS = someone{bot.Slack, "U7", "", "Carla"}

// twoRooms is a project with its committee on WhatsApp, in Spanish, and the vendor's own channel on Slack, in English. Ana
// leads and is on both, Bruno signs for the client on WhatsApp, Carla is the vendor's on Slack only.
func twoRooms(t *testing.T) *town {
	t.Helper()
	w := committeeOf(t)
	w.says(anaW, "", w.code(anaS, "link code"))
	out := w.one(w.says(anaS, channel, "this is the internal channel of ACME"))
	if len(w.project("ACME").Chats) != 2 {
		t.Fatalf("answered %q; chats: %+v", out.Text, w.project("ACME").Chats)
	}
	w.says(anaS, channel, "@Carla is a vendor member", carlaS)
	return w
}

// in are the messages of a list that go to a room.
func in(room bot.RoomID, list []bot.Outgoing) []bot.Outgoing {
	return slices.DeleteFunc(slices.Clone(list), func(o bot.Outgoing) bool { return o.Room != room })
}

// later lets time pass and takes what goes out.
func (w *town) later(d time.Duration) []bot.Outgoing {
	w.now = w.now.Add(d)
	return w.sent()
}

func TestADecisionInOneRoomIsToldInTheOther(t *testing.T) {
	w := twoRooms(t)
	w.now = time.Date(2026, 3, 3, 15, 0, 0, 0, time.UTC) // ten in Bogota
	for _, c := range []struct {
		who      someone
		room     bot.RoomID
		says     string
		other    bot.RoomID
		told     []string // words of the line in the other room
		language string
	}{
		{anaW, group, "mueve el 6 al viernes 27 porque falta el archivo", channel, []string{"6. ", "moves", "WhatsApp", "Ana"}, "en"},
		{anaS, channel, "move 6 to April 1 because the file came late", group, []string{"6. ", "pasa al", "Slack", "Ana"}, "es"},
		{anaW, group, "decisión: el tablero de ventas queda para la fase 2", channel, []string{"tablero de ventas", "WhatsApp"}, "en"},
		{anaS, channel, "decision: we go live on a Monday", group, []string{"go live on a Monday", "Slack"}, "es"},
	} {
		now := w.says(c.who, c.room, c.says)
		if len(in(c.other, now)) > 0 || len(in(c.room, now)) != 1 {
			t.Errorf("%q: at once there is %+v", c.says, now)
		}
		echo := w.one(w.later(3 * time.Minute))
		if echo.Room != c.other || echo.Kind != bot.KindNotice || strings.Contains(echo.Text, "\n") {
			t.Errorf("%q is told as %+v", c.says, echo)
		}
		for _, word := range c.told {
			if !strings.Contains(echo.Text, word) {
				t.Errorf("%q is told as %q, without %q", c.says, echo.Text, word)
			}
		}
	}
}

func TestWhatIsInternalStaysInTheVendorsRoom(t *testing.T) {
	w := twoRooms(t)
	w.now = time.Date(2026, 3, 3, 15, 0, 0, 0, time.UTC)
	w.says(anaS, channel, "risk: the client may not pay")
	w.says(anaS, channel, "issue: their IT does not answer")
	w.says(anaW, group, "riesgo: el proveedor de datos puede no entregar")
	w.says(anaS, channel, "start 6")
	if told := w.later(10 * time.Minute); len(told) > 0 {
		t.Errorf("told elsewhere: %+v", told)
	}
	open := w.one(w.says(brunoW, group, "¿qué riesgos hay?")).Text
	if strings.Contains(open, "pay") || !strings.Contains(open, "proveedor de datos") {
		t.Errorf("the committee sees %q", open)
	}
	if text := w.one(w.says(anaS, channel, "which risks are open?")).Text; !strings.Contains(text, "pay") || !strings.Contains(text, "proveedor de datos") {
		t.Errorf("the vendor sees %q", text)
	}
	for who, sees := range map[someone]bool{anaW: true, brunoW: false} {
		if text := w.one(w.says(who, "", "¿qué riesgos hay?")).Text; strings.Contains(text, "pay") != sees {
			t.Errorf("%s sees directly: %q", who.name, text)
		}
	}
	if text := w.one(w.says(brunoW, group, "manda el resumen")).Text; strings.Contains(text, "pay") {
		t.Errorf("the summary says %q", text)
	}
}

// What has to be decided is put where those read who decide, in their words.
func TestRequestsGoToThoseWhoDecide(t *testing.T) {
	w := twoRooms(t)
	w.now = time.Date(2026, 3, 3, 15, 0, 0, 0, time.UTC)
	sent := w.says(anaS, channel, "5 is done, and risk: they may not sign")
	ask := w.one(in(group, sent))
	if ask.Kind != bot.KindSignOff || len(ask.Options) != 2 || !strings.Contains(ask.Text, "5. ") || strings.Contains(ask.Text, "may not sign") || ask.Options[0].Label == "Accept" {
		t.Errorf("the committee is asked %+v", ask)
	}
	if answer := w.one(in(channel, sent)); answer.Kind != bot.KindReply || len(answer.Options) > 0 || !strings.Contains(answer.Text, "may not sign") {
		t.Errorf("the vendor gets %+v", answer)
	}
	w.quotes(brunoW, group, ask, "1")
	if w.project("ACME").Milestone("5").Status != steering.Done {
		t.Errorf("5 is %s", w.project("ACME").Milestone("5").Status)
	}
	if echo := w.one(w.later(3 * time.Minute)); echo.Room != channel || !strings.Contains(echo.Text, "5. ") || !strings.Contains(echo.Text, "Bruno") {
		t.Errorf("the signature is told as %+v", echo)
	}
	// The committee is convened from the vendor's room: there it is an invitation to vote, here a word.
	sent = w.says(anaS, channel, "call a committee meeting for Thursday March 12")
	if meeting := w.one(in(group, sent)); meeting.Kind != bot.KindMeeting || meeting.Poll == nil {
		t.Errorf("the committee is invited by %+v", meeting)
	}
	if answer := w.one(in(channel, sent)); answer.Kind != bot.KindReply || answer.Poll != nil {
		t.Errorf("the vendor gets %+v", answer)
	}
	if told := w.later(3 * time.Minute); len(told) > 0 {
		t.Errorf("told twice: %+v", told)
	}
}

// A lead who is on Slack only decides there what the client proposes on WhatsApp.
func TestALeadOfTheOtherRoom(t *testing.T) {
	w := twoRooms(t)
	w.check(w.db.Update(t.Context(), func(tx *storage.Tx) error {
		ana, err := tx.PersonByHandle(bot.Slack, "U1")
		if err != nil {
			return err
		}
		delete(ana.Handles, "whatsapp")
		return tx.PutPerson(ana)
	}))
	w.now = time.Date(2026, 3, 3, 15, 0, 0, 0, time.UTC)
	sent := w.says(brunoW, group, "pasemos el 6 al viernes 27")
	if answer := w.one(in(group, sent)); len(answer.Options) > 0 {
		t.Errorf("the question stands where nobody decides: %+v", answer)
	}
	ask := w.one(in(channel, sent))
	if ask.Kind != bot.KindQuestion || len(ask.Options) != 2 || !strings.Contains(ask.Text, "U1") {
		t.Errorf("the lead is asked %+v", ask)
	}
	w.does(anaS, channel, bot.Incoming{Kind: bot.Press, Action: ask.Options[0].Action, ToBot: true})
	if got := w.project("ACME").Milestone("6").Due; got != steering.NewDate(2026, 3, 27) {
		t.Errorf("6 is due on %s", got)
	}
	if echo := w.one(w.later(3 * time.Minute)); echo.Room != group {
		t.Errorf("the decision is told as %+v", echo)
	}
}

func TestEchoesKeepHoursAndUndo(t *testing.T) {
	w := twoRooms(t)
	w.now = time.Date(2026, 3, 3, 15, 0, 0, 0, time.UTC)
	// Undone before it was told: nobody hears of it.
	w.says(anaW, group, "mueve el 6 al viernes 27")
	w.says(anaW, group, "deshacer")
	if told := w.later(5 * time.Minute); len(told) > 0 {
		t.Errorf("told: %+v", told)
	}
	// Undone afterwards: that is told too.
	w.says(anaW, group, "mueve el 6 al viernes 27")
	w.later(5 * time.Minute)
	w.says(anaW, group, "deshacer")
	if echo := w.one(w.later(5 * time.Minute)); !strings.Contains(echo.Text, "Undone") {
		t.Errorf("the undo is told as %+v", echo)
	}
	// Several within a moment are one message.
	w.says(anaW, group, "decisión: lunes")
	w.says(anaW, group, "decisión: martes")
	if echo := w.one(w.later(5 * time.Minute)); strings.Count(echo.Text, "\n") != 1 {
		t.Errorf("two decisions are told as %q", echo.Text)
	}
	// At night it waits for the morning of the next working day.
	w.now = time.Date(2026, 3, 7, 3, 0, 0, 0, time.UTC) // Friday, ten in the evening in Bogota
	w.says(anaW, group, "decisión: miércoles")
	if told := w.later(8 * time.Hour); len(told) > 0 {
		t.Errorf("told on a Saturday: %+v", told)
	}
	w.now = time.Date(2026, 3, 9, 13, 5, 0, 0, time.UTC)
	w.one(w.sent())
	// The fourth unasked message of a day waits for the next.
	for range 2 {
		w.says(anaW, group, "decisión: jueves")
		w.one(w.later(5 * time.Minute))
	}
	w.says(anaW, group, "decisión: viernes")
	if told := w.later(6 * time.Hour); len(told) > 0 {
		t.Errorf("a fourth message in a day: %+v", told)
	}
	w.one(w.later(24 * time.Hour))
}

func TestAddingAChat(t *testing.T) {
	w := committeeOf(t)
	for _, c := range []struct {
		who  someone
		room bot.RoomID
		text string
	}{
		{brunoW, "otro@g.us", "este es el canal interno de ACME"},   // not the lead
		{anaS, channel, "this is the internal channel of ACME"},     // nobody knows that she is Ana
		{anaW, "otro@g.us", "este es el canal interno de NADA"},     // no such project
		{anaW, group, "este es el canal interno del proyecto ACME"}, // the committee's own cannot become the vendor's
	} {
		w.says(c.who, c.room, c.text)
		if n := len(w.project("ACME").Chats); n != 1 {
			t.Errorf("%q made it %d chats", c.text, n)
		}
	}
	w.says(anaW, "otro@g.us", "este es el canal interno del proyecto ACME")
	if chats := w.project("ACME").Chats; len(chats) != 2 || chats[1].Audience != steering.AudienceVendor && chats[0].Audience != steering.AudienceVendor {
		t.Errorf("chats: %+v", chats)
	}
	w.says(anaW, "otro@g.us", "deshacer")
	if n := len(w.project("ACME").Chats); n != 1 {
		t.Errorf("after undo there are %d chats", n)
	}
	w.export()
}

// TestAddingAChatAsPeopleSayIt: in a chat without a project its lead hears how it becomes one more, nobody else does, and
// any of the ways to say so will do.
func TestAddingAChatAsPeopleSayIt(t *testing.T) {
	w := committeeOf(t)
	for who, told := range map[someone]bool{anaW: true, brunoW: false} {
		if text := w.one(w.says(who, "otro@g.us", "¿cómo vamos?")).Text; strings.Contains(text, "«este chat es del proyecto ACME»") != told {
			t.Errorf("%s hears %q", who.name, text)
		}
	}
	for i, said := range []string{
		"este chat es del proyecto ACME", "este grupo también es de ACME", "este chat também é do projeto ACME", "this chat belongs to ACME too", "this chat is also for ACME",
	} {
		room := bot.RoomID("otro" + string(rune('a'+i)) + "@g.us")
		text := w.one(w.says(anaW, room, said)).Text
		if chats := w.project("ACME").Chats; len(chats) != i+2 {
			t.Errorf("%q makes it %d chats: %q", said, len(chats), text)
		}
	}
}
