package slack

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"timonel/bot"
	"timonel/internal/fakeslack"
)

func TestWhereAnAnswerStands(t *testing.T) {
	inRig(t, nil, func(r *rig) {
		r.start()
		asked := r.ana.Mentions(r.room, "listo el 3")
		id := r.one().ID
		long := strings.Repeat("una línea de una lista larga\n", 80)
		for i, x := range []struct {
			name   string
			out    bot.Outgoing
			thread bool
		}{
			{"a confirmation", bot.Outgoing{Kind: bot.KindReply, Text: "Listo el 3."}, false},
			{"a long list", bot.Outgoing{Kind: bot.KindReply, Text: long}, true},
			{"a question back", bot.Outgoing{Kind: bot.KindQuestion, Text: "¿Cuál?", Ask: "milestone"}, true},
			{"a request to others", bot.Outgoing{Kind: bot.KindSignOff, Text: "¿Aprobado?"}, false},
			{"a card", bot.Outgoing{Kind: bot.KindReply, Text: "ACME\n" + long, Card: "status:ACME"}, false},
		} {
			x.out.ID, x.out.Thread = int64(i+1), id
			r.send(x.out)
			sent := r.ana.Expect(func(*fakeslack.Sent) bool { return true })
			if in := sent.Message.ThreadTS == asked.TS; in != x.thread {
				t.Errorf("%s: in a thread: %v", x.name, in)
			}
		}
		deep := r.ana.Threads(asked, "@timonel ¿y el 4?")
		r.send(bot.Outgoing{ID: 9, Text: "El 4 vence el viernes.", Thread: r.one().ID})
		if sent := r.ana.ExpectText("El 4"); sent.Message.ThreadTS != asked.TS || deep.ThreadTS != asked.TS {
			t.Error("an answer left its thread")
		}
		r.send(bot.Outgoing{ID: 10, Direct: bot.UserID(r.ana.ID), Text: "En privado."})
		if sent := r.ana.ExpectText("En privado."); sent.Channel != r.ana.Direct() {
			t.Errorf("a direct message went to %s", sent.Channel.Name)
		}
		r.send(bot.Outgoing{ID: 11, Text: "No puedes.", Ephemeral: true, Only: bot.UserID(r.ana.ID)})
		if sent := r.ana.ExpectText("No puedes."); sent.Kind != fakeslack.Whispered {
			t.Errorf("a refusal was %s", sent.Kind)
		}
		r.Quiet()
	})
}

func TestACommandIsAnsweredWhereTheBotIsNoMember(t *testing.T) {
	inRig(t, nil, func(r *rig) {
		r.start()
		far := r.EmptyChannel("lejos", r.ana.Person)
		r.ana.Slash(far, "ayuda")
		in := r.one()
		if _, err := r.trySend(bot.Outgoing{ID: 1, Room: in.Room, Thread: in.ID, Text: "Ayuda", Ephemeral: true, Only: in.From}); err != nil {
			t.Fatal(err)
		}
		if sent := r.ana.ExpectText("Ayuda"); sent.Kind != fakeslack.Whispered {
			t.Errorf("answered as %s", sent.Kind)
		}
		var d *bot.DeliveryError
		if _, err := r.trySend(bot.Outgoing{ID: 2, Room: bot.RoomID(far.ID), Text: "unasked"}); !errors.As(err, &d) || !d.Permanent || !strings.Contains(err.Error(), "/invite") {
			t.Errorf("unasked: %v", err)
		}
	})
}

func TestACardIsEdited(t *testing.T) {
	inRig(t, nil, func(r *rig) {
		r.start()
		card := bot.Outgoing{ID: 1, Kind: bot.KindReply, Card: "status:ACME", Text: "ACME: verde\nGo-live: 4 de mayo"}
		first := r.send(card)
		r.ana.ExpectText("ACME: verde")
		r.ana.Mentions(r.room, "¿cómo vamos?")
		card.ID, card.Text, card.Thread = 2, "ACME: rojo\nGo-live: 11 de mayo", r.one().ID
		if id := r.send(card); id != first {
			t.Errorf("the card became %s, was %s", id, first)
		}
		if sent := r.ana.Expect(func(s *fakeslack.Sent) bool { return s.Kind == fakeslack.Changed }); !strings.Contains(sent.Text, "rojo") {
			t.Errorf("edited to %q", sent.Text)
		}
		if sent := r.ana.ExpectText("ACME: rojo"); sent.Kind != fakeslack.Posted || sent.Message.ThreadTS == "" || strings.Contains(sent.Text, "11") {
			t.Errorf("who asked was led by %+v", sent)
		}
		r.ana.Slash(r.room, "status")
		card.ID, card.Thread = 3, r.one().ID
		r.send(card)
		r.ana.Expect(func(s *fakeslack.Sent) bool { return s.Kind == fakeslack.Changed })
		if sent := r.ana.ExpectText("ACME: rojo"); sent.Kind != fakeslack.Whispered {
			t.Errorf("after a command who asked was led by %s", sent.Kind)
		}
		r.Quiet()

	})
}

func TestFiles(t *testing.T) {
	inRig(t, nil, func(r *rig) {
		r.start()
		picture := bot.File{Name: "acme.png", MIME: "image/png", Data: []byte("png")}
		calendar := bot.File{Name: "acme.ics", MIME: "text/calendar", Data: []byte("ics")}
		r.send(bot.Outgoing{ID: 1, Kind: bot.KindDigest, Text: "Resumen ACME\nTodo bien", Files: []bot.File{picture, calendar}})
		if sent := r.ana.ExpectText("Resumen ACME", "Todo bien", "[image: acme.png]"); sent.Message.Blocks[0]["type"] != "header" {
			t.Errorf("a digest begins with %v", sent.Message.Blocks[0])
		}
		r.ana.ExpectText("[acme.ics]")
		if string(r.Find("acme.png").Data) != "png" || string(r.Find("acme.ics").Data) != "ics" {
			t.Error("a file changed on its way")
		}
		r.SlowFiles(2)
		r.send(bot.Outgoing{ID: 2, Text: "Cronograma", Files: []bot.File{picture}})
		r.ana.ExpectText("Cronograma", "[image: acme.png]")
		r.SlowFiles(50)
		r.send(bot.Outgoing{ID: 3, Text: "Cronograma", Files: []bot.File{picture}})
		r.ana.ExpectText("Cronograma")
		r.ana.ExpectText("[acme.png]")
		r.Quiet()
	})
}

// TestEachFaultIsAnsweredRightly makes every fault befall a message, then settles it as the courier does: by asking when in
// doubt and repeating. The message arrives once.
func TestEachFaultIsAnsweredRightly(t *testing.T) {
	inRig(t, nil, func(r *rig) {
		r.start()
		picture := bot.File{Name: "acme.png", MIME: "image/png", Data: []byte("png")}
		calendar := bot.File{Name: "acme.ics", MIME: "text/calendar", Data: []byte("ics")}
		messages := []bot.Outgoing{
			{Text: "short"}, {Text: monsters(60)}, {Kind: bot.KindDigest, Text: "Head\nbody", Files: []bot.File{picture, calendar}},
			{Text: "file", Files: []bot.File{calendar}}, {Direct: bot.UserID(r.ana.ID), Text: "direct"}, {Text: "ACME", Card: "status:ACME"},
		}
		methods := []string{"chat.postMessage", "files.completeUploadExternal", "files.getUploadURLExternal", "upload", "conversations.open", "chat.update", "conversations."}
		faults := []fakeslack.Fault{
			{RetryAfter: time.Minute}, {Status: 503}, {Status: 502, Taken: true}, {Break: true}, {Break: true, Taken: true}, {Hang: true, Taken: true},
			{Hang: true}, {Error: "fatal_error", Taken: true}, {Error: "internal_error"}, {Delay: 20 * time.Second},
		}
		n, made := int64(0), 0
		for _, m := range messages {
			for _, method := range methods {
				for _, f := range faults {
					for skip := range 2 { // the first or the second call of the method
						n++
						f.Method, f.Times = method, 1
						if skip == 1 {
							r.Server.Fail(fakeslack.Fault{Method: method, Delay: time.Millisecond})
						}
						r.Server.Fail(f)
						m.ID, m.At, m.Attempt = n, time.Now(), 0
						r.settle(m)
						made++
						r.Mend()
						r.arrivedOnce(m, fmt.Sprintf("%q with %s %+v", m.Text[:4], method, f))
						time.Sleep(time.Minute)
					}
				}
			}
		}
		t.Logf("%d messages, faults %v", made, r.Faults())
	})
}

// settle sends a message until it is delivered, as the courier does.
func (r *rig) settle(out bot.Outgoing) {
	r.t.Helper()
	for range 20 {
		out.Attempt++
		_, err := r.trySend(out)
		var d *bot.DeliveryError
		switch {
		case err == nil:
			return
		case !errors.As(err, &d), d.Permanent:
			r.t.Fatalf("given up: %v", err)
		case d.InDoubt:
			if out.Room == "" && out.Direct == "" {
				out.Room = bot.RoomID(r.room.ID)
			}
			if _, there, err := r.a.Sent(r.t.Context(), out); err == nil && there {
				return
			}
		}
		time.Sleep(max(d.RetryAfter, time.Second))
	}
	r.t.Fatal("never delivered")
}

// arrivedOnce takes what was sent and checks that each part of the message came once.
func (r *rig) arrivedOnce(out bot.Outgoing, when string) {
	r.t.Helper()
	count := map[string]int{}
	for _, sent := range r.Unexpected() {
		if sent.Kind == fakeslack.Posted {
			count[sent.Text]++
		}
	}
	r.Forget()
	for text, n := range count {
		if n != 1 {
			r.t.Errorf("%s: %d times %.60q", when, n, text)
		}
	}
	parts := len(render(out, nil).pages)
	if len(out.Files) > 0 {
		parts++ // the calendar; the picture stands within the message
	}
	if out.Card != "" && len(count) == 0 {
		return // edited
	}
	if len(count) != parts {
		r.t.Errorf("%s: %d parts arrived, want %d: %.200v", when, len(count), parts, count)
	}
}

func TestErrorsSayWhatToDo(t *testing.T) {
	inRig(t, nil, func(r *rig) {
		old := r.Place("viejo", r.ana)
		r.ana.Archives(old)
		gone := r.Member("Eva Sol")
		gone.Goes()
		for _, x := range []struct {
			name      string
			out       bot.Outgoing
			fault     string
			permanent bool
			doubt     bool
			says      string
		}{
			{"archived", bot.Outgoing{Room: bot.RoomID(old.ID)}, "", true, false, "unarchive"},
			{"unknown", bot.Outgoing{Room: "C99999999"}, "", true, false, "/invite"},
			{"gone", bot.Outgoing{Direct: bot.UserID(gone.ID)}, "", true, false, "user_disabled"},
			{"revoked", bot.Outgoing{}, "token_revoked", false, false, "reinstall"},
			{"removed", bot.Outgoing{}, "account_inactive", false, false, "reinstall"},
			{"unclear", bot.Outgoing{}, "fatal_error", false, true, "fatal_error"},
			{"busy", bot.Outgoing{}, "ratelimited", false, false, "ratelimited"},
			{"new code", bot.Outgoing{}, "something_new", true, false, "something_new"},
		} {
			if x.fault != "" {
				r.Server.Fail(fakeslack.Fault{Method: "chat.postMessage", Error: x.fault})
			}
			x.out.ID, x.out.Text = 1, "hola"
			_, err := r.trySend(x.out)
			var d *bot.DeliveryError
			if !errors.As(err, &d) || d.Permanent != x.permanent || d.InDoubt != x.doubt || !strings.Contains(err.Error(), x.says) {
				t.Errorf("%s: %v", x.name, err)
			}
		}
	})
}
