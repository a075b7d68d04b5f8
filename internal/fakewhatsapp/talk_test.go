package fakewhatsapp_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"slices"
	"strings"
	"testing"

	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"timonel/internal/fakewhatsapp"
)

const (
	anaPhone   = "+57 300 111 2233"
	brunoPhone = "573001112244"
	carlaPhone = "5491155556666"
)

// committee is two people and a group of them, of each kind of addressing.
func committee(t *testing.T, mode types.AddressingMode) (cast *fakewhatsapp.Cast, ana, bruno *fakewhatsapp.Actor, group *fakewhatsapp.Group) {
	t.Helper()
	cast = fakewhatsapp.NewCast(t, fakewhatsapp.Options{})
	ana, bruno = cast.Member("Ana", anaPhone), cast.Member("Bruno", brunoPhone)
	if mode == types.AddressingModePN {
		return cast, ana, bruno, cast.NumberGroup("Comité", ana, bruno)
	}
	return cast, ana, bruno, cast.Group("Comité", ana, bruno)
}

// inBothModes runs a test in a group with hidden addresses and in one with
// phone numbers.
func inBothModes(t *testing.T, run func(t *testing.T, mode types.AddressingMode)) {
	for _, mode := range []types.AddressingMode{types.AddressingModeLID, types.AddressingModePN} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			run(t, mode)
		})
	}
}

func TestGroupText(t *testing.T) {
	t.Parallel()
	inBothModes(t, func(t *testing.T, mode types.AddressingMode) {
		cast, ana, bruno, group := committee(t, mode)
		sent := ana.Says(group, "¿Cerramos el hito 3?")
		got := bruno.ExpectText("hito 3")
		sender, other := ana.LID(), ana.JID()
		if mode == types.AddressingModePN {
			sender, other = other, sender
		}
		if got.ID != sent.ID || got.Chat != group.JID() || !got.Group || got.Sender != sender || got.SenderAlt != other {
			t.Errorf("got %+v, want it from %s (%s) in %s with id %s", got, sender, other, group.JID(), sent.ID)
		}
		if got.SenderName != "Ana" || got.Text != "¿Cerramos el hito 3?" || got.Kind != fakewhatsapp.Text {
			t.Errorf("got %+v", got)
		}
		bruno.Says(group, "Sí")
		ana.ExpectText("Sí")
		cast.Quiet()
		if unknown := cast.Unknown(); len(unknown) > 0 {
			t.Errorf("the server did not understand %q", unknown)
		}
	})
}

func TestDirectText(t *testing.T) {
	t.Parallel()
	for _, mode := range []types.AddressingMode{types.AddressingModeLID, types.AddressingModePN} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			cast := fakewhatsapp.NewCast(t, fakewhatsapp.Options{Direct: mode})
			ana, bruno := cast.Member("Ana", anaPhone), cast.Member("Bruno", brunoPhone)
			ana.SaysTo(brunoPhone, "hola")
			got := bruno.ExpectText("hola")
			if got.Group || got.Chat != got.Sender || got.Sender.Server != map[types.AddressingMode]string{
				types.AddressingModeLID: types.HiddenUserServer, types.AddressingModePN: types.DefaultUserServer,
			}[mode] {
				t.Errorf("got %+v", got)
			}
			answer := bruno.Quotes(got, "buenas")
			back := ana.ExpectText("buenas")
			if back.Target != got.ID || back.ID != answer.ID {
				t.Errorf("the answer is %+v and should quote %s", back, got.ID)
			}
			cast.Quiet()
		})
	}
}

func TestNumberWithoutWhatsApp(t *testing.T) {
	t.Parallel()
	cast, ana, bruno, _ := committee(t, types.AddressingModeLID)
	if _, err := ana.Member.SaysTo(t.Context(), "34600000000", "hola"); err == nil {
		t.Error("a message to a number without WhatsApp was sent")
	}
	found, err := ana.Client.IsOnWhatsApp(t.Context(), []string{"+34600000000", "+" + brunoPhone})
	if err != nil || len(found) != 2 || found[0].IsIn || !found[1].IsIn || found[1].JID != bruno.LID() || found[1].PhoneNumber != bruno.JID() {
		t.Errorf("looking the numbers up gives %+v, %v", found, err)
	}
	cast.Quiet()
}

func TestReactionAndItsWithdrawal(t *testing.T) {
	t.Parallel()
	inBothModes(t, func(t *testing.T, mode types.AddressingMode) {
		cast, ana, bruno, group := committee(t, mode)
		sent := ana.Says(group, "Hecho")
		bruno.Reacts(bruno.ExpectText("Hecho"), "✅")
		if got := ana.ExpectKind(fakewhatsapp.Reaction); got.Text != "✅" || got.Target != sent.ID {
			t.Errorf("got %+v, want ✅ on %s", got, sent.ID)
		}
		bruno.Reacts(sent, "")
		if got := ana.ExpectKind(fakewhatsapp.Reaction); got.Text != "" || got.Target != sent.ID {
			t.Errorf("got %+v, want the reaction on %s taken back", got, sent.ID)
		}
		cast.Quiet()
	})
}

func TestQuoteWithMention(t *testing.T) {
	t.Parallel()
	inBothModes(t, func(t *testing.T, mode types.AddressingMode) {
		cast, ana, bruno, group := committee(t, mode)
		ana.Says(group, "¿Quién valida?")
		asked := bruno.ExpectText("valida")
		bruno.Quotes(asked, "@Ana, tú", ana)
		got := ana.ExpectText(", tú")
		want := ana.LID()
		if mode == types.AddressingModePN {
			want = ana.JID()
		}
		if got.Target != asked.ID || !slices.Equal(got.Mentions, []string{want.String()}) || got.Text != "@"+want.User+", tú" {
			t.Errorf("got %+v, want it to quote %s and mention %s", got, asked.ID, want)
		}
		if quoted := got.Content.GetExtendedTextMessage().GetContextInfo().GetQuotedMessage().GetConversation(); quoted != "¿Quién valida?" {
			t.Errorf("it quotes %q", quoted)
		}
		bruno.Says(group, "y @Ana por número", fakewhatsapp.ByNumber(ana))
		if got = ana.ExpectText("por número"); !slices.Equal(got.Mentions, []string{ana.JID().String()}) {
			t.Errorf("it mentions %q, want the number %s", got.Mentions, ana.JID())
		}
		cast.Quiet()
	})
}

func TestPollAndVote(t *testing.T) {
	t.Parallel()
	inBothModes(t, func(t *testing.T, mode types.AddressingMode) {
		cast, ana, bruno, group := committee(t, mode)
		poll := ana.Asks(group, "¿Aprobamos?", "Sí", "No", "Con cambios")
		seen := bruno.ExpectKind(fakewhatsapp.Poll)
		if seen.Text != "¿Aprobamos?" || !slices.Equal(seen.Options, []string{"Sí", "No", "Con cambios"}) {
			t.Errorf("got %+v", seen)
		}
		bruno.Votes(seen, "Con cambios")
		if got := ana.ExpectKind(fakewhatsapp.Vote); got.Target != poll.ID || !slices.Equal(got.Options, []string{"Con cambios"}) {
			t.Errorf("got %+v, want a vote for Con cambios in %s", got, poll.ID)
		}
		bruno.Votes(seen)
		if got := ana.ExpectKind(fakewhatsapp.Vote); len(got.Options) != 0 {
			t.Errorf("got %+v, want the vote taken back", got)
		}
		ana.Votes(poll, "Sí")
		if got := bruno.ExpectKind(fakewhatsapp.Vote); !slices.Equal(got.Options, []string{"Sí"}) {
			t.Errorf("got %+v, want the author's own vote for Sí", got)
		}
		cast.Quiet()
	})
}

func TestImageAndDocument(t *testing.T) {
	t.Parallel()
	cast, ana, bruno, group := committee(t, types.AddressingModeLID)
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 300, 200))); err != nil {
		t.Fatal(err)
	}
	ana.SendsImage(group, picture.Bytes(), "el Gantt")
	got := bruno.ExpectText("el Gantt")
	if got.Kind != fakewhatsapp.Image || got.MIME != "image/png" || !bytes.Equal(bruno.Opens(got), picture.Bytes()) {
		t.Errorf("the picture came as %+v, or with other bytes", got)
	}
	book := bytes.Repeat([]byte("semana;hito;estado\n"), 100_000)
	ana.SendsDocument(group, book, "plan.csv", "el plan")
	got = bruno.ExpectText("el plan")
	if got.Kind != fakewhatsapp.Document || got.FileName != "plan.csv" || !bytes.Equal(bruno.Opens(got), book) {
		t.Errorf("the document came as %+v, or with other bytes", got)
	}
	ana.SendsDocument(bruno, []byte("acta"), "acta.txt", "")
	if got = bruno.ExpectKind(fakewhatsapp.Document); got.Group || string(bruno.Opens(got)) != "acta" {
		t.Errorf("the document came as %+v, or with other bytes", got)
	}
	cast.LoseMedia(true)
	if _, err := bruno.Member.Opens(t.Context(), got); err == nil {
		t.Error("a file that the server has lost was opened")
	}
	cast.Quiet()
}

func TestEditAndRevoke(t *testing.T) {
	t.Parallel()
	inBothModes(t, func(t *testing.T, mode types.AddressingMode) {
		cast, ana, bruno, group := committee(t, mode)
		sent := ana.Says(group, "el jueves")
		bruno.ExpectText("el jueves")
		ana.Edits(sent, "el viernes")
		if got := bruno.ExpectKind(fakewhatsapp.Edit); got.Text != "el viernes" || got.Target != sent.ID {
			t.Errorf("got %+v, want %s edited", got, sent.ID)
		}
		ana.Deletes(sent)
		if got := bruno.ExpectKind(fakewhatsapp.Revoke); got.Target != sent.ID {
			t.Errorf("got %+v, want %s taken back", got, sent.ID)
		}
		cast.Quiet()
	})
}

func TestReceipts(t *testing.T) {
	t.Parallel()
	inBothModes(t, func(t *testing.T, mode types.AddressingMode) {
		cast, ana, bruno, group := committee(t, mode)
		sent := ana.Says(group, "léelo")
		got := bruno.ExpectText("léelo")
		isOf := func(kinds ...types.ReceiptType) func(*events.Receipt) bool {
			return func(r *events.Receipt) bool {
				return r.Chat == group.JID() && slices.Equal(r.MessageIDs, []string{sent.ID}) && slices.Contains(kinds, r.Type)
			}
		}
		fakewhatsapp.Sees(ana, isOf(types.ReceiptTypeDelivered, types.ReceiptTypeInactive))
		bruno.Reads(got)
		read := fakewhatsapp.Sees(ana, isOf(types.ReceiptTypeRead))
		if reader := read.Sender.ToNonAD(); reader != bruno.LID() && reader != bruno.JID() {
			t.Errorf("it was read by %s, want Bruno", reader)
		}
		direct := ana.Says(bruno, "y esto")
		bruno.Reads(bruno.ExpectText("y esto"))
		fakewhatsapp.Sees(ana, func(r *events.Receipt) bool {
			return r.Type == types.ReceiptTypeRead && slices.Equal(r.MessageIDs, []string{direct.ID})
		})
		cast.Quiet()
	})
}

func TestQuietFailsOnSurprises(t *testing.T) {
	t.Parallel()
	recorder := &recordingTB{T: t}
	cast := fakewhatsapp.NewCast(recorder, fakewhatsapp.Options{})
	ana, bruno := cast.Member("Ana", anaPhone), cast.Member("Bruno", brunoPhone)
	ana.Says(bruno, "sorpresa")
	cast.Quiet()
	if !strings.Contains(recorder.failure, "Bruno received") || !strings.Contains(recorder.failure, "sorpresa") {
		t.Errorf("the failure says %q", recorder.failure)
	}
}

// recordingTB notes a failure instead of failing.
type recordingTB struct {
	*testing.T
	failure string
}

func (r *recordingTB) Fatalf(format string, args ...any) {
	r.failure = strings.TrimSpace(fmt.Sprintf(format, args...))
}
