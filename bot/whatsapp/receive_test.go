package whatsapp_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"testing"

	"go.mau.fi/whatsmeow/types"

	"timonel/bot"
	"timonel/internal/fakewhatsapp"
)

// inBothModes runs a test in a group that shows hidden addresses and in one that shows numbers.
func inBothModes(t *testing.T, run func(t *testing.T, h *house, group func(name string, members ...fakewhatsapp.Someone) *fakewhatsapp.Group)) {
	t.Parallel()
	t.Run("lid", func(t *testing.T) {
		t.Parallel()
		h := settled(t)
		run(t, h, h.cast.Group)
	})
	t.Run("pn", func(t *testing.T) {
		t.Parallel()
		h := settled(t)
		run(t, h, h.cast.NumberGroup)
	})
}

func TestMentionsOfTheBotAndOfOthers(t *testing.T) {
	inBothModes(t, func(t *testing.T, h *house, newGroup func(string, ...fakewhatsapp.Someone) *fakewhatsapp.Group) {
		ana, bruno := h.cast.Member("Ana Ruiz", anaPhone), h.cast.Member("Bruno", brunoPhone)
		group := newGroup("Comité", ana, bruno, h.me)
		if in := h.sink.expect(t, bot.Joined); !in.SelfJoined || in.Room != room(group) || in.RoomName != "Comité" || in.From != user(ana) {
			t.Errorf("the bot was added as %+v", in)
		}
		bruno.Says(group, "hola a todos")
		if in := h.sink.expect(t, bot.TextMessage); in.ToBot || in.From != user(bruno) || in.Also != bot.UserID(bruno.JID().String()) ||
			in.FromName != "Bruno" || in.RoomName != "Comité" || in.Direct || in.At.IsZero() {
			t.Errorf("got %+v", in)
		}
		for _, c := range []struct {
			said     string
			mentions []fakewhatsapp.Mention
			want     string
			toBot    bool
			spans    []string
		}{
			{"@Timonel ¿cómo vamos?", []fakewhatsapp.Mention{h.me}, "¿cómo vamos?", true, nil},
			{"@Timonel, listo el 2", []fakewhatsapp.Mention{fakewhatsapp.ByLID(h.me)}, "listo el 2", true, nil},
			{"gracias @Timonel, listo el 2", []fakewhatsapp.Mention{fakewhatsapp.ByNumber(h.me)}, "gracias, listo el 2", true, nil},
			{"oye @Timonel mueve el 3", []fakewhatsapp.Mention{h.me}, "oye mueve el 3", true, nil},
			{"@Timonel el 3 es de @Bruno y el 4 de @Bruno", []fakewhatsapp.Mention{h.me, bruno}, "el 3 es de @Bruno y el 4 de @Bruno", true, []string{"@Bruno", "@Bruno"}},
			{"@Bruno ¿vienes?", []fakewhatsapp.Mention{fakewhatsapp.ByNumber(bruno)}, "@Bruno ¿vienes?", false, []string{"@Bruno"}},
		} {
			ana.Says(group, c.said, c.mentions...)
			in := h.sink.expect(t, bot.TextMessage)
			if in.Text != c.want || in.ToBot != c.toBot {
				t.Errorf("%q came as %q, to the bot: %v", c.said, in.Text, in.ToBot)
			}
			var spans []string
			for _, m := range in.Mentions {
				spans = append(spans, in.Text[m.Start:m.End])
				if m.User != user(bruno) || m.Also != bot.UserID(bruno.JID().String()) || m.Name != "Bruno" {
					t.Errorf("%q mentions %+v", c.said, m)
				}
			}
			if !slices.Equal(spans, c.spans) {
				t.Errorf("%q has the spans %q", c.said, spans)
			}
		}
	})
}

func TestAnswersToTheBotsMessages(t *testing.T) {
	inBothModes(t, func(t *testing.T, h *house, newGroup func(string, ...fakewhatsapp.Someone) *fakewhatsapp.Group) {
		ana := h.cast.Member("Ana", anaPhone)
		group := newGroup("Comité", ana, h.me)
		h.sink.expect(t, bot.Joined)
		id := h.mustSend(bot.Outgoing{
			Room: room(group), Text: "¿Cuándo?", Files: []bot.File{{Name: "plan.ics", MIME: "text/calendar", Data: []byte("BEGIN:VCALENDAR")}},
			Poll: &bot.Poll{Question: "Elijan", Options: []string{"jue 10:00", "vie 15:00"}},
		})
		text := ana.ExpectText("¿Cuándo?")
		file := ana.ExpectKind(fakewhatsapp.Document)
		poll := ana.ExpectKind(fakewhatsapp.Poll)
		if text.ID != string(id) {
			t.Errorf("the message is %s and was called %s", text.ID, id)
		}
		for _, part := range []*fakewhatsapp.Message{text, file, poll} {
			ana.Quotes(part, "listo")
			if in := h.sink.expect(t, bot.TextMessage); in.Quote != id || !in.ToBot || in.Text != "listo" {
				t.Errorf("the quote of %s came as %+v", part.Kind, in)
			}
			ana.Reacts(part, "✅")
			if in := h.sink.expect(t, bot.Reaction); in.Quote != id || in.Text != "✅" || in.From != user(ana) {
				t.Errorf("the reaction on %s came as %+v", part.Kind, in)
			}
		}
		ana.Reacts(text, "") // taken back: says nothing
		ana.Votes(poll, "vie 15:00")
		if in := h.sink.expect(t, bot.PollVote); in.Quote != id || in.Text != "vie 15:00" || in.From != user(ana) {
			t.Errorf("the vote came as %+v", in)
		}
		ana.Votes(poll) // taken back
		// What answers others is only talk.
		own := ana.Says(group, "una nota")
		h.sink.expect(t, bot.TextMessage)
		ana.Reacts(own, "👍")
		ana.Quotes(own, "me corrijo")
		if in := h.sink.expect(t, bot.TextMessage); in.Quote != "" || in.ToBot {
			t.Errorf("a quote of somebody else's message came as %+v", in)
		}
	})
}

func TestEditsAndDeletions(t *testing.T) {
	inBothModes(t, func(t *testing.T, h *house, newGroup func(string, ...fakewhatsapp.Someone) *fakewhatsapp.Group) {
		ana := h.cast.Member("Ana", anaPhone)
		group := newGroup("Comité", ana, h.me)
		h.sink.expect(t, bot.Joined)
		said := ana.Says(group, "@Timonel mueve el 3 al jueves", h.me)
		first := h.sink.expect(t, bot.TextMessage)
		ana.Edits(said, "mueve el 3 al viernes")
		edit := h.sink.expect(t, bot.Edited)
		if edit.Quote != first.ID || edit.Text != "mueve el 3 al viernes" || edit.ID == first.ID {
			t.Errorf("the edit came as %+v", edit)
		}
		ana.Deletes(said)
		if in := h.sink.expect(t, bot.Deleted); in.Quote != first.ID {
			t.Errorf("the deletion came as %+v", in)
		}
	})
}

func TestFilesComeWithTheirDigest(t *testing.T) {
	t.Parallel()
	h, ana, group := atWork(t)
	data := []byte("alcance;firmado\n")
	sum := sha256.Sum256(data)
	digest := hex.EncodeToString(sum[:])
	ana.SendsDocument(group, data, "alcance.csv", "@timonel para firma del hito 3")
	in := h.sink.expect(t, bot.TextMessage)
	if len(in.Files) != 1 || in.Files[0].Name != "alcance.csv" || in.Files[0].SHA256 != digest || in.Files[0].Bytes != len(data) || in.Text != "@timonel para firma del hito 3" {
		t.Errorf("the document came as %+v", in)
	}
	ana.SendsDocument(group, data, "sin-palabras.csv", "")
	png := picture(t, 40, 30)
	ana.SendsImage(group, png, "timonel: nota en el 3: así se ve")
	in = h.sink.expect(t, bot.TextMessage)
	if len(in.Files) != 1 || in.Files[0].MIME != "image/png" || in.Files[0].Name == "" || in.Files[0].Bytes != len(png) {
		t.Errorf("the picture came as %+v", in)
	}
	// A file that WhatsApp has lost is still a message.
	h.cast.LoseMedia(true)
	ana.SendsDocument(ana, data, "x", "") // to oneself: nobody's business
	h.cast.LoseMedia(false)
}

func TestDirectMessages(t *testing.T) {
	t.Parallel()
	for _, mode := range []types.AddressingMode{types.AddressingModeLID, types.AddressingModePN} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			h := settled(t)
			h.cast.NameDirectBy(mode)
			ana := h.cast.Member("Ana", anaPhone)
			ana.SaysTo(botPhone, "hola")
			in := h.sink.expect(t, bot.TextMessage)
			if !in.Direct || in.From != user(ana) || in.Room != bot.RoomID(user(ana)) || in.Also != bot.UserID(ana.JID().String()) {
				t.Errorf("got %+v", in)
			}
			id := h.mustSend(bot.Outgoing{Direct: in.From, Text: "buenas"})
			back := ana.ExpectText("buenas")
			if back.Group || back.ID != string(id) {
				t.Errorf("it answered %+v", back)
			}
			ana.Quotes(back, "listo el 3")
			if in := h.sink.expect(t, bot.TextMessage); in.Quote != id || !in.Direct {
				t.Errorf("the quote came as %+v", in)
			}
			ana.Reacts(back, "👍")
			if in := h.sink.expect(t, bot.Reaction); in.Quote != id || !in.Direct {
				t.Errorf("the reaction came as %+v", in)
			}
			h.mustSend(bot.Outgoing{Direct: bot.UserID(ana.JID().String()), Text: "por número"}) // she is the same person
			ana.ExpectText("por número")
		})
	}
}

func TestWhoNeverWroteIsNotWrittenTo(t *testing.T) {
	t.Parallel()
	h := settled(t)
	ana, bruno := h.cast.Member("Ana", anaPhone), h.cast.Member("Bruno", brunoPhone)
	h.cast.Group("Comité", ana, bruno, h.me)
	h.sink.expect(t, bot.Joined)
	for _, to := range []bot.UserID{user(bruno), bot.UserID(bruno.JID().String()), bot.UserID(carlaPhone + "@s.whatsapp.net")} {
		if _, err := h.send(bot.Outgoing{Direct: to, Text: "en frío"}); !bot.IsPermanent(err) {
			t.Errorf("a cold message to %s gave %v", to, err)
		}
	}
	for _, to := range []bot.RoomID{"", "nadie", "x@newsletter", "status@broadcast"} {
		if _, err := h.send(bot.Outgoing{Room: to, Text: "a ninguna parte"}); !bot.IsPermanent(err) {
			t.Errorf("a message to %q gave %v", to, err)
		}
	}
	bruno.Says(h.me, "hola")
	h.sink.expect(t, bot.TextMessage)
	h.mustSend(bot.Outgoing{Direct: user(bruno), Text: "ahora sí"})
	bruno.ExpectText("ahora sí")
	h.restart() // it is remembered
	h.awaitOnline()
	h.mustSend(bot.Outgoing{Direct: user(bruno), Text: "y después"})
	bruno.ExpectText("y después")
	h.cast.Quiet()
}

func TestWhoComesAndGoes(t *testing.T) {
	inBothModes(t, func(t *testing.T, h *house, newGroup func(string, ...fakewhatsapp.Someone) *fakewhatsapp.Group) {
		ana, bruno := h.cast.Member("Ana", anaPhone), h.cast.Member("Bruno", brunoPhone)
		group := newGroup("Comité", ana, h.me)
		h.sink.expect(t, bot.Joined)
		must(t, h.cast.AddToGroup(group, bruno))
		in := h.sink.expect(t, bot.Joined)
		if in.From != user(bruno) || in.SelfJoined || in.FromName == "" {
			t.Errorf("the new member came as %+v", in)
		}
		must(t, h.cast.RemoveFromGroup(group, bruno))
		if in := h.sink.expect(t, bot.Left); in.From != user(bruno) || in.SelfJoined {
			t.Errorf("the leaving member came as %+v", in)
		}
		must(t, h.cast.RemoveFromGroup(group, h.me))
		if in := h.sink.expect(t, bot.Left); !in.SelfJoined {
			t.Errorf("the bot's removal came as %+v", in)
		}
		if _, err := h.send(bot.Outgoing{Room: room(group), Text: "¿siguen ahí?"}); !bot.IsPermanent(err) {
			t.Errorf("sending to a group that the bot was removed from gave %v", err)
		}
		must(t, h.cast.AddToGroup(group, h.me))
		if in := h.sink.expect(t, bot.Joined); !in.SelfJoined {
			t.Errorf("the bot came back as %+v", in)
		}
		h.writes(group, "de vuelta")
		ana.ExpectText("de vuelta")
		ids := map[bot.MessageID]bool{}
		for _, in := range h.sink.all() {
			if ids[in.ID] {
				t.Errorf("two events have the id %s", in.ID)
			}
			ids[in.ID] = true
		}
	})
}

// A person is the same in groups that show numbers, in those that do not, and in a direct chat.
func TestOnePersonByBothAddresses(t *testing.T) {
	t.Parallel()
	h := settled(t)
	ana := h.cast.Member("Ana", anaPhone)
	hidden, numbers := h.cast.Group("Oculto", ana, h.me), h.cast.NumberGroup("Números", ana, h.me)
	h.cast.HideNumbers(hidden, true)
	h.sink.expect(t, bot.Joined)
	h.sink.expect(t, bot.Joined)
	ana.Says(hidden, "aquí")
	ana.Says(numbers, "allá")
	ana.Says(h.me, "y aquí")
	h.cast.SwitchAddressing(numbers, types.AddressingModeLID)
	ana.Says(numbers, "otra vez")
	for range 4 {
		if in := h.sink.expect(t, bot.TextMessage); in.From != user(ana) {
			t.Errorf("%q came from %s, want %s", in.Text, in.From, user(ana))
		}
	}
}

// What the number's owner types on the phone counts as that person's word; what goes to others is no business of the bot.
func TestTheOwnersPhone(t *testing.T) {
	t.Parallel()
	h := settled(t)
	ana := h.cast.Member("Ana", anaPhone)
	phone := h.cast.Member("Timonel", botPhone) // a second device of the bot's own account
	group := h.cast.Group("Comité", ana, h.me)
	h.sink.expect(t, bot.Joined)
	phone.Says(group, "timonel ¿cómo vamos?")
	in := h.sink.expect(t, bot.TextMessage)
	if in.From != user(h.me) || in.Text != "timonel ¿cómo vamos?" {
		t.Errorf("the owner's word came as %+v", in)
	}
	phone.Says(ana, "esto es entre nosotras")
	id := h.writes(group, "¿Qué hito?")
	phone.Quotes(phone.ExpectText("¿Qué hito?"), "el 3")
	if in := h.sink.expect(t, bot.TextMessage); in.Quote != id || in.Text != "el 3" {
		t.Errorf("the owner's answer came as %+v", in)
	}
	ana.Says(group, "fin")
	h.sink.expect(t, bot.TextMessage)
	// The bot's own messages are not heard.
	for _, in := range h.sink.all() {
		if in.Text == "¿Qué hito?" || in.Text == "esto es entre nosotras" {
			t.Errorf("heard: %+v", in)
		}
	}
}

// Two Timonels in one group do not answer each other.
func TestTwoTimonels(t *testing.T) {
	t.Parallel()
	h := settled(t)
	ana := h.cast.Member("Ana", anaPhone)
	other := unlinked(t)
	other.config.WebsocketURL, other.config.RootKey = h.cast.WebsocketURL(), h.cast.RootKey()
	other.me, other.cast = h.cast.Account("Otro", brunoPhone), h.cast
	other.open()
	if _, err := other.adapter.Link(t.Context(), "", scanBy(t, h.cast, other.me)); err != nil {
		t.Fatal(err)
	}
	other.run()
	other.awaitOnline()
	group := h.cast.Group("Comité", ana, h.me, other.me)
	h.sink.expect(t, bot.Joined)
	other.sink.expect(t, bot.Joined)
	other.mustSend(bot.Outgoing{Room: room(group), Text: "timonel ¿cómo vamos?"})
	ana.ExpectText("cómo vamos")
	ana.Says(group, "timonel hola")
	if in := h.sink.expect(t, bot.TextMessage); in.From != user(ana) {
		t.Errorf("the other Timonel was heard: %+v", in)
	}
}

func TestOrderOfTwoHundred(t *testing.T) {
	t.Parallel()
	h, ana, group := atWork(t)
	const n = 200
	for i := range n {
		ana.Says(group, fmt.Sprintf("mensaje %03d", i))
	}
	for i := range n {
		if in, want := h.sink.expect(t, bot.TextMessage), fmt.Sprintf("mensaje %03d", i); in.Text != want {
			t.Fatalf("got %q, want %q", in.Text, want)
		}
	}
}
