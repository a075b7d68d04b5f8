package fakewhatsapp_test

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"timonel/internal/fakewhatsapp"
)

const lid = types.AddressingModeLID

func TestDropAndReconnect(t *testing.T) {
	t.Parallel()
	cast, ana, bruno, group := committee(t, lid)
	cast.Drop(bruno)
	fakewhatsapp.Sees[*events.Disconnected](bruno, nil)
	ana.Says(group, "¿sigues ahí?")
	fakewhatsapp.Sees[*events.Connected](bruno, nil)
	bruno.ExpectText("¿sigues ahí?")
	bruno.Says(group, "sí")
	ana.ExpectText("sí")
	cast.Quiet()
}

func TestOfflineQueue(t *testing.T) {
	t.Parallel()
	inBothModes(t, func(t *testing.T, mode types.AddressingMode) {
		cast, ana, bruno, group := committee(t, mode)
		bruno.GoesOffline()
		if bruno.Online() {
			t.Error("Bruno is online after he went offline")
		}
		for _, text := range []string{"uno", "dos", "tres"} {
			ana.Says(group, text)
		}
		ana.Says(bruno, "y esto a ti")
		bruno.ComesBack()
		bruno.ExpectText("y esto a ti")
		var texts []string
		for _, msg := range bruno.Inbox() {
			texts = append(texts, msg.Text)
		}
		if want := []string{"uno", "dos", "tres", "y esto a ti"}; !slices.Equal(texts, want) {
			t.Errorf("it came as %q, want %q", texts, want)
		}
		if preview := fakewhatsapp.Sees[*events.OfflineSyncPreview](bruno, nil); preview.Messages != 4 {
			t.Errorf("%d messages were announced, want 4", preview.Messages)
		}
		fakewhatsapp.Sees[*events.OfflineSyncCompleted](bruno, nil)
		cast.Settled()
	})
}

// A message that the reader's program did not take is still the server's: the
// library acknowledges only what the handler accepts, and the server sends the
// rest again on the next connection.
func TestRefusedMessageComesAgain(t *testing.T) {
	t.Parallel()
	cast := fakewhatsapp.NewCast(t, fakewhatsapp.Options{})
	ana := cast.Member("Ana", anaPhone)
	var refusing atomic.Bool
	refused := make(chan string, 1)
	bruno := cast.Member("Bruno", brunoPhone, func(client *whatsmeow.Client) {
		client.SynchronousAck, client.EnableDecryptedEventBuffer = true, true
		client.AddEventHandlerWithSuccessStatus(func(event any) bool {
			msg, ok := event.(*events.Message)
			if !ok || msg.Message.GetConversation() == "" || !refusing.Load() {
				return true
			}
			refused <- msg.Info.ID
			return false
		})
	})
	group := cast.Group("Comité", ana, bruno)
	refusing.Store(true)
	sent := ana.Says(group, "no se pierde")
	if id := <-refused; id != sent.ID {
		t.Fatalf("%s was refused, want %s", id, sent.ID)
	}
	refusing.Store(false)
	cast.Drop(bruno)
	if got := bruno.ExpectText("no se pierde"); got.ID != sent.ID {
		t.Errorf("it came again as %s, want %s", got.ID, sent.ID)
	}
	cast.Quiet()
}

func TestRetryReceipt(t *testing.T) {
	t.Parallel()
	inBothModes(t, func(t *testing.T, mode types.AddressingMode) {
		cast, ana, bruno, group := committee(t, mode)
		for _, chat := range []fakewhatsapp.Chat{group, bruno} {
			cast.UndecryptableNext(bruno, 1)
			sent := ana.Says(chat, "ilegible al principio")
			if got := bruno.ExpectKind(fakewhatsapp.Undecryptable); got.ID != sent.ID {
				t.Errorf("%s is undecryptable, want %s", got.ID, sent.ID)
			}
			if got := bruno.ExpectText("ilegible"); got.ID != sent.ID || got.Retries != 1 {
				t.Errorf("got %+v, want %s after one retry", got, sent.ID)
			}
		}
		cast.Quiet()
	})
}

// With synchronous acknowledgement the library also asks its own telephone for
// the message; the telephone keeps silent and the sender's second copy counts.
func TestRetryWithSynchronousAck(t *testing.T) {
	t.Parallel()
	cast := fakewhatsapp.NewCast(t, fakewhatsapp.Options{})
	ana := cast.Member("Ana", anaPhone)
	bruno := cast.Member("Bruno", brunoPhone, func(client *whatsmeow.Client) {
		client.SynchronousAck, client.EnableDecryptedEventBuffer = true, true
		client.AutomaticMessageRerequestFromPhone = true
	})
	bruno.Says(ana, "así conozco a mi propio teléfono")
	ana.ExpectText("teléfono")
	cast.UndecryptableNext(bruno, 1)
	ana.Says(bruno, "ilegible al principio")
	bruno.ExpectKind(fakewhatsapp.Undecryptable)
	bruno.ExpectText("ilegible")
	cast.Quiet()
}

func TestRepeatReachesThePersonOnce(t *testing.T) {
	t.Parallel()
	cast, ana, bruno, group := committee(t, lid)
	cast.Repeat(bruno, 1)
	ana.Says(group, "una sola vez")
	ana.Says(group, "fin")
	bruno.ExpectText("una sola vez")
	bruno.ExpectText("fin")
	cast.Quiet()
}

func TestSameIDSealedAnewComesTwice(t *testing.T) {
	t.Parallel()
	cast, ana, bruno, group := committee(t, lid)
	sent := ana.Says(group, "otra vez")
	ana.Repeats(sent)
	if first, second := bruno.ExpectText("otra vez"), bruno.ExpectText("otra vez"); first.ID != sent.ID || second.ID != sent.ID {
		t.Errorf("got %s and %s, want %s twice", first.ID, second.ID, sent.ID)
	}
	cast.Quiet()
}

func TestReorder(t *testing.T) {
	t.Parallel()
	cast, ana, bruno, group := committee(t, lid)
	ana.Says(group, "cero")
	bruno.ExpectText("cero")
	cast.Reorder(bruno, 2)
	ana.Says(group, "uno")
	ana.Says(group, "dos")
	first := bruno.Expect(func(*fakewhatsapp.Message) bool { return true })
	second := bruno.Expect(func(*fakewhatsapp.Message) bool { return true })
	if first.Text != "dos" || second.Text != "uno" {
		t.Errorf("it came as %q, %q, want dos, uno", first.Text, second.Text)
	}
	cast.Quiet()
}

func TestHoldAndDelay(t *testing.T) {
	t.Parallel()
	var later func()
	armed := make(chan struct{}, 1)
	cast := fakewhatsapp.NewCast(t, fakewhatsapp.Options{After: func(d time.Duration, f func()) {
		if d == time.Hour {
			later = f
			armed <- struct{}{}
			return
		}
		time.AfterFunc(d, f)
	}})
	ana, bruno := cast.Member("Ana", anaPhone), cast.Member("Bruno", brunoPhone)
	release := cast.Hold(bruno)
	ana.Says(bruno, "retenido")
	cast.Settled()
	if got := bruno.Inbox(); len(got) > 0 {
		t.Errorf("%s came although it was held", got[0])
	}
	release()
	bruno.ExpectText("retenido")
	cast.Settled()
	cast.Delay(bruno, time.Hour)
	ana.Says(bruno, "tarde")
	<-armed
	if got := bruno.Unexpected(); len(got) > 0 {
		t.Errorf("%s came although it is delayed", got[0])
	}
	later()
	bruno.ExpectText("tarde")
	cast.Delay(bruno, 0)
	cast.Quiet()
}

func TestLogOut(t *testing.T) {
	t.Parallel()
	cast, ana, bruno, group := committee(t, lid)
	cast.LogOut(bruno)
	if out := fakewhatsapp.Sees[*events.LoggedOut](bruno, nil); out.OnConnect {
		t.Errorf("got %+v, want to be logged out while connected", out)
	}
	if bruno.Linked() != 0 {
		t.Errorf("%d devices are linked after logging out", bruno.Linked())
	}
	ana.Says(group, "¿Bruno?")
	cast.Quiet()
}

func TestLogOutWhileAway(t *testing.T) {
	t.Parallel()
	cast, _, bruno, _ := committee(t, lid)
	bruno.GoesOffline()
	cast.LogOut(bruno)
	if err := bruno.Client.Connect(); err != nil {
		t.Fatal(err)
	}
	if out := fakewhatsapp.Sees[*events.LoggedOut](bruno, nil); !out.OnConnect || out.Reason != events.ConnectFailureLoggedOut {
		t.Errorf("got %+v, want to be logged out on connecting", out)
	}
}

func TestLeavingByOneself(t *testing.T) {
	t.Parallel()
	_, _, bruno, _ := committee(t, lid)
	if err := bruno.Client.Logout(t.Context()); err != nil {
		t.Fatal(err)
	}
	if bruno.Linked() != 0 {
		t.Errorf("%d devices are linked after logging out", bruno.Linked())
	}
}

func TestReplaceStream(t *testing.T) {
	t.Parallel()
	cast, ana, bruno, group := committee(t, lid)
	cast.ReplaceStream(bruno)
	fakewhatsapp.Sees[*events.StreamReplaced](bruno, nil)
	ana.Says(group, "cuando vuelvas")
	bruno.Client.Disconnect()
	bruno.ComesBack()
	bruno.ExpectText("cuando vuelvas")
	cast.Quiet()
}

func TestRefusedLogins(t *testing.T) {
	t.Parallel()
	cast, ana, bruno, group := committee(t, lid)
	cast.TempBan(bruno, events.TempBanSentToTooManyPeople, 2*time.Hour)
	if ban := fakewhatsapp.Sees[*events.TemporaryBan](bruno, nil); ban.Code != events.TempBanSentToTooManyPeople || ban.Expire != 2*time.Hour {
		t.Errorf("got %+v", ban)
	}
	cast.Pardon(bruno)
	bruno.Client.Disconnect()
	bruno.ComesBack()
	cast.ClientOutdated(bruno)
	fakewhatsapp.Sees[*events.ClientOutdated](bruno, nil)
	cast.Pardon(bruno)
	bruno.Client.Disconnect()
	bruno.ComesBack()
	cast.Unavailable(bruno)
	fakewhatsapp.Sees[*events.Disconnected](bruno, nil) // by the drop
	fakewhatsapp.Sees[*events.Disconnected](bruno, nil) // by the refused login
	cast.Pardon(bruno)
	bruno.Client.Disconnect()
	ana.Says(group, "bienvenido")
	bruno.ComesBack()
	bruno.ExpectText("bienvenido")
	cast.Quiet()
}

func TestRestartAndOutage(t *testing.T) {
	t.Parallel()
	cast, ana, bruno, group := committee(t, lid)
	bruno.ForgetEvents()
	cast.Restart(bruno)
	fakewhatsapp.Sees[*events.Connected](bruno, nil)
	bruno.GoesOffline()
	cast.Outage(true)
	if err := bruno.Client.Connect(); err == nil || !strings.Contains(err.Error(), "503") {
		t.Errorf("connecting during an outage gives %v, want 503", err)
	}
	cast.Outage(false)
	ana.Client.Disconnect() // it would try again by itself, but only after seconds
	ana.ComesBack()
	bruno.ComesBack()
	ana.Says(group, "de vuelta")
	bruno.ExpectText("de vuelta")
	cast.Quiet()
}

func TestLostMessageAndLostAck(t *testing.T) {
	t.Parallel()
	cast, ana, bruno, group := committee(t, lid)
	cast.LoseMessages(ana, 1)
	lost := ana.Says(group, "se cae antes") // the library sends it again
	if got := bruno.ExpectText("se cae antes"); got.ID != lost.ID {
		t.Errorf("got %s, want %s", got.ID, lost.ID)
	}
	cast.LoseAcks(ana, 1)
	sent := ana.Says(group, "se cae después")
	if got := bruno.ExpectText("se cae después"); got.ID != sent.ID {
		t.Errorf("got %s, want %s", got.ID, sent.ID)
	}
	cast.RefuseMessages(ana, 479)
	if _, err := ana.Member.Says(t.Context(), group, "no"); err == nil || !strings.Contains(err.Error(), "479") {
		t.Errorf("a refused message gives %v", err)
	}
	cast.Quiet()
}

func TestMessageInDoubt(t *testing.T) {
	t.Parallel()
	cast, ana, bruno, group := committee(t, lid)
	ana.Client.EnableAutoReconnect = false
	cast.LoseAcks(ana, 1)
	ctx, cancel := context.WithCancel(t.Context())
	sending := make(chan error, 1)
	go func() {
		_, err := ana.Member.Says(ctx, group, "¿llegó?")
		sending <- err
	}()
	bruno.ExpectText("¿llegó?")
	ana.Client.Disconnect()
	cancel()
	if err := <-sending; err == nil {
		t.Error("the sender was told that a message arrived whose acknowledgement was lost")
	}
	cast.Quiet()
}
