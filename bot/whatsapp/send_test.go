package whatsapp_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"timonel/bot"
	"timonel/bot/whatsapp"
	"timonel/internal/fakewhatsapp"
	"timonel/internal/markup"
)

// picture is a PNG that does not compress to nothing.
func picture(t *testing.T, w, h int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		img.Set(i%w, i/w, color.RGBA{uint8(i * 7), uint8(i * 13), uint8(i >> 3), 255})
	}
	var out bytes.Buffer
	must(t, png.Encode(&out, img))
	return out.Bytes()
}

func TestMentionsNotify(t *testing.T) {
	inBothModes(t, func(t *testing.T, h *house, newGroup func(string, ...fakewhatsapp.Someone) *fakewhatsapp.Group) {
		ana, bruno := h.cast.Member("Ana", anaPhone), h.cast.Member("Bruno", brunoPhone)
		group := newGroup("Comité", ana, bruno, h.me)
		h.sink.expect(t, bot.Joined)
		shown := ana.Says(group, "yo soy @Bruno", bruno) // how the group itself mentions
		h.sink.expect(t, bot.TextMessage)
		for _, handle := range []string{string(user(bruno)), bruno.JID().String()} {
			h.writes(group, markup.Bold("Atrasado")+": "+markup.Mention(handle, "Bruno Díaz")+", el 3")
			got := ana.ExpectText("Atrasado")
			if !slices.Equal(got.Mentions, shown.Mentions) {
				t.Errorf("%s was mentioned as %q, the group does it as %q", handle, got.Mentions, shown.Mentions)
			}
			digits, _, _ := strings.Cut(shown.Mentions[0], "@")
			if want := "*Atrasado*: @" + digits + ", el 3"; got.Text != want {
				t.Errorf("got %q, want %q", got.Text, want)
			}
		}
		h.writes(group, "y "+markup.Mention("U0123", "Carla"))
		if got := ana.ExpectText("Carla"); got.Text != "y Carla" || len(got.Mentions) > 0 {
			t.Errorf("somebody whom WhatsApp does not know came as %+v", got)
		}
		// In a caption too.
		h.mustSend(bot.Outgoing{Room: room(group), Text: "mira " + markup.Mention(string(user(bruno)), "Bruno"), Files: []bot.File{{Name: "x.png", MIME: "image/png", Data: picture(t, 9, 9)}}})
		if got := bruno.ExpectKind(fakewhatsapp.Image); !slices.Equal(got.Mentions, shown.Mentions) {
			t.Errorf("the picture mentions %q", got.Mentions)
		}
	})
}

func TestWhatPeopleWroteIsShownAsWritten(t *testing.T) {
	t.Parallel()
	h, ana, group := atWork(t)
	for _, c := range []struct{ text, want string }{
		{"<!channel> @everyone *_~ =cmd() <b>x</b>", "<!channel> @everyone *_~ =cmd() <b>x</b>"},
		{"5*3 y 4*2", "5*3 y 4*2"},
		{"nombre_con_guiones", "nombre_con_guiones"},
		{"*grito*", "*\u200Agrito\u200A*"},
		{"un _énfasis_ y ~tachado~", "un _\u200Aénfasis\u200A_ y ~\u200Atachado\u200A~"},
		{"```código```", "ˋˋˋcódigoˋˋˋ"},
		{markup.Bold("Salud") + " 🟢", "*Salud* 🟢"},
		{markup.Bold("dos\nlíneas "), "*dos*\n*líneas* "},
		{"\uE010x\uE011y\uE012", "xy"},
	} {
		h.writes(group, c.text)
		if got := ana.ExpectKind(fakewhatsapp.Text); got.Text != c.want {
			t.Errorf("%q came as %q, want %q", c.text, got.Text, c.want)
		}
	}
}

func TestLongTextsAreSplitWhereOneCanRead(t *testing.T) {
	t.Parallel()
	h, ana, group := atWork(t)
	text := long(9000)
	id := h.writes(group, text)
	var parts []string
	var last *fakewhatsapp.Message
	for range 3 {
		last = ana.ExpectKind(fakewhatsapp.Text)
		if n := utf8.RuneCountInString(last.Text); n > 3500 {
			t.Errorf("a part has %d runes", n)
		}
		parts = append(parts, last.Text)
	}
	if got := strings.Join(parts, "\n"); got != text {
		t.Errorf("the parts are not the text: %d and %d bytes", len(got), len(text))
	}
	ana.Quotes(last, "listo")
	if in := h.sink.expect(t, bot.TextMessage); in.Quote != id {
		t.Errorf("the last part is quoted as %s, want %s", in.Quote, id)
	}
	word := strings.Repeat("ñ", 8000) // no place to split at
	h.writes(group, word)
	got := ""
	for range 3 {
		got += ana.ExpectKind(fakewhatsapp.Text).Text
	}
	if got != word {
		t.Error("a word of 8,000 letters did not arrive whole")
	}
	h.cast.Quiet()
}

func TestPicturesAndFilesArriveWhole(t *testing.T) {
	t.Parallel()
	h, ana, group := atWork(t)
	timeline, invitation := picture(t, 900, 600), []byte("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
	h.mustSend(bot.Outgoing{Room: room(group), Text: "Resumen", Files: []bot.File{
		{Name: "acme.png", MIME: "image/png", Data: timeline}, {Name: "acme-1.ics", MIME: "text/calendar", Data: invitation},
	}})
	pic := ana.ExpectKind(fakewhatsapp.Image)
	if pic.Text != "Resumen" || !bytes.Equal(ana.Opens(pic), timeline) || pic.Content.GetImageMessage().GetWidth() != 900 {
		t.Errorf("the picture came as %+v", pic)
	}
	doc := ana.ExpectKind(fakewhatsapp.Document)
	if doc.FileName != "acme-1.ics" || doc.MIME != "text/calendar" || !bytes.Equal(ana.Opens(doc), invitation) {
		t.Errorf("the invitation came as %+v", doc)
	}
	// A text too long for a caption stands by itself.
	h.mustSend(bot.Outgoing{Room: room(group), Text: long(1500), Files: []bot.File{{Name: "acme.png", MIME: "image/png", Data: timeline}}})
	if got := ana.ExpectKind(fakewhatsapp.Text); !strings.Contains(got.Text, "y el final") {
		t.Errorf("got %q", got.Text)
	}
	if got := ana.ExpectKind(fakewhatsapp.Image); got.Text != "" || !bytes.Equal(ana.Opens(got), timeline) {
		t.Errorf("got %+v", got)
	}
	h.cast.Quiet()
}

func TestOptionsAreNumberedAndAPollStandsBeside(t *testing.T) {
	t.Parallel()
	h, ana, group := atWork(t)
	slots := []bot.Option{{Label: "jueves 12 mar, 10:00", Action: "vote:A:1:0"}, {Label: "jueves 12 mar, 15:00", Action: "vote:A:1:1"}}
	labels, actions := []string{slots[0].Label, slots[1].Label}, []string{slots[0].Action, slots[1].Action}
	h.mustSend(bot.Outgoing{Room: room(group), Text: "¿Cuándo?", Options: slots, Poll: &bot.Poll{Question: "Elijan", Options: labels, Actions: actions}})
	if got := ana.ExpectKind(fakewhatsapp.Text); got.Text != "¿Cuándo?\n1. jueves 12 mar, 10:00\n2. jueves 12 mar, 15:00" {
		t.Errorf("got %q", got.Text)
	}
	if got := ana.ExpectKind(fakewhatsapp.Poll); !slices.Equal(got.Options, labels) {
		t.Errorf("got %q", got.Options)
	}
	// A poll that WhatsApp could not show stands in the text.
	twice := &bot.Poll{Question: "¿Cuál?", Options: []string{"igual", "igual"}}
	h.mustSend(bot.Outgoing{Room: room(group), Text: "Hay dos.", Poll: twice})
	if got := ana.ExpectKind(fakewhatsapp.Text); !strings.Contains(got.Text, "1. igual") || !strings.Contains(got.Text, "2. igual") {
		t.Errorf("got %q", got.Text)
	}
	h.cast.Quiet()
}

func TestTheStatusMessageIsEdited(t *testing.T) {
	t.Parallel()
	h, ana, group := atWork(t)
	card := func(text string) bot.MessageID {
		return h.mustSend(bot.Outgoing{Room: room(group), Text: text, Card: "status:ACME"})
	}
	first := card("🟢 va bien")
	ana.ExpectText("va bien")
	if again := card("🟡 va regular"); again != first {
		t.Errorf("the edited message is called %s, want %s", again, first)
	}
	if got := ana.ExpectKind(fakewhatsapp.Edit); got.Target != string(first) || got.Text != "🟡 va regular" {
		t.Errorf("got %+v", got)
	}
	// After a restart it is still known; other cards and chats have their own.
	h.restart()
	h.awaitOnline()
	card("🟡 sigue")
	ana.ExpectKind(fakewhatsapp.Edit)
	h.mustSend(bot.Outgoing{Room: room(group), Text: "otro proyecto", Card: "status:OTRO"})
	ana.ExpectKind(fakewhatsapp.Text)
	// Past the window it is posted anew.
	h.clock.advance(15 * time.Minute)
	second := card("🔴 va mal")
	if got := ana.ExpectKind(fakewhatsapp.Text); got.ID != string(second) || second == first {
		t.Errorf("got %+v", got)
	}
	// So it is when it has scrolled out of sight.
	for i := range 10 {
		ana.Says(group, fmt.Sprint("charla ", i))
		h.sink.expect(t, bot.TextMessage)
	}
	third := card("🔴 va peor")
	if got := ana.ExpectKind(fakewhatsapp.Text); got.ID != string(third) {
		t.Errorf("got %+v", got)
	}
	ana.Quotes(&fakewhatsapp.Message{ID: string(third), Chat: group.JID(), Group: true, Sender: h.me.LID()}, "¿por qué?")
	if in := h.sink.expect(t, bot.TextMessage); in.Quote != third {
		t.Errorf("got %+v", in)
	}
	h.cast.Quiet()
}

// A repeat is the same message: after a lost acknowledgement, after a restart, for every part, with the same poll.
func TestARepeatIsTheSameMessage(t *testing.T) {
	t.Parallel()
	h, ana, group := atWork(t)
	out := bot.Outgoing{
		ID: 77, At: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), Room: room(group), Text: long(5000),
		Poll: &bot.Poll{Question: "¿Sí?", Options: []string{"sí", "no"}},
	}
	ctx, cancel := context.WithCancel(t.Context())
	h.cast.LoseAcks(h.me, 2) // of the message and of the library's own second attempt
	done := make(chan error, 1)
	go func() {
		_, err := h.adapter.Send(ctx, out)
		done <- err
	}()
	ana.ExpectKind(fakewhatsapp.Text)
	cancel()
	<-done
	h.restart()
	h.awaitOnline()
	if _, there, err := h.adapter.Sent(t.Context(), out); there || err != nil {
		t.Errorf("an unfinished message counts as sent: %v, %v", there, err)
	}
	id := h.mustSend(out)
	if got, there, err := h.adapter.Sent(t.Context(), out); got != id || !there || err != nil {
		t.Errorf("a finished message: %s, %v, %v", got, there, err)
	}
	h.mustSend(out) // all is taken: nothing goes out
	poll := ana.ExpectKind(fakewhatsapp.Poll)
	ana.Votes(poll, "no")
	if in := h.sink.expect(t, bot.PollVote); in.Text != "no" || in.Quote != id {
		t.Errorf("got %+v", in)
	}
	seen := map[string]int{}
	for _, m := range ana.Inbox() {
		if m.Sender == h.me.LID() {
			seen[m.ID]++
		}
	}
	if len(seen) != 3 || seen[string(id)] < 2 {
		t.Errorf("the parts came as %v, want three messages and the first repeated", seen)
	}
	// Another message has another id, also with the same text.
	out.ID++
	if other := h.mustSend(out); other == id {
		t.Error("two messages have one id")
	}
}

func TestRefusalsAreClassified(t *testing.T) {
	t.Parallel()
	h, ana, group := atWork(t)
	announcements := h.cast.Group("Avisos", ana, h.me)
	h.cast.AnnouncementsOnly(announcements, true)
	if _, err := h.send(bot.Outgoing{Room: room(announcements), Text: "x"}); !bot.IsPermanent(err) {
		t.Errorf("where only admins write: %v", err)
	}
	h.cast.RefuseMessages(h.me, 500)
	if _, err := h.send(bot.Outgoing{Room: room(group), Text: "x"}); err == nil || bot.IsPermanent(err) {
		t.Errorf("an error of the server's: %v", err)
	}
	h.cast.RefuseMessages(h.me, 429)
	if _, err := h.send(bot.Outgoing{Room: room(group), Text: "x"}); err == nil || bot.IsPermanent(err) {
		t.Errorf("too fast: %v", err)
	}
	h.awaitTrouble(whatsapp.TooFast, false)
	if _, err := h.send(bot.Outgoing{Room: room(group), Text: "y"}); err == nil || !strings.Contains(err.Error(), "quiet") {
		t.Errorf("while it is quiet: %v", err)
	}
	if health := h.adapter.Health(); !health.OK || !strings.Contains(health.Problem, "quiet") {
		t.Errorf("health: %+v", health)
	}
	h.clock.advance(16 * time.Minute)
	h.awaitTrouble(whatsapp.TooFast, true)
	h.writes(group, "z")
	ana.ExpectText("z")
	h.cast.Quiet()
}

func TestTheDaysCap(t *testing.T) {
	t.Parallel()
	h := unlinked(t)
	h.config.DailyCap = 3
	h.open()
	h.link()
	h.run()
	h.awaitOnline()
	ana := h.cast.Member("Ana", anaPhone)
	group := h.cast.Group("Comité", ana, h.me)
	for range 2 {
		h.writes(group, "uno más")
	}
	h.restart() // it goes on counting
	h.awaitOnline()
	h.writes(group, "el tercero")
	if _, err := h.send(bot.Outgoing{Room: room(group), Text: "el cuarto"}); err == nil || bot.IsPermanent(err) {
		t.Errorf("past the cap: %v", err)
	}
	h.awaitTrouble(whatsapp.CapReached, false)
	h.clock.advance(24 * time.Hour)
	h.writes(group, "mañana")
	ana.ExpectText("mañana")
	h.awaitTrouble(whatsapp.CapReached, true)
}
