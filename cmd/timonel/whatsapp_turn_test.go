package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"timonel/internal/fakewhatsapp"
	"timonel/internal/pgtest"
)

// takeoverTime is within what another instance has to have the WhatsApp session when its holder died.
const takeoverTime = 30 * time.Second

// TestWhatsAppIsTakenOver lets two instances share a database and a number, each a process of its own: one has the session,
// the other stands by. The one that has it is killed; what people write is answered by the other within half a minute, and
// so it goes on in turns. Nothing is answered twice.
func TestWhatsAppIsTakenOver(t *testing.T) {
	if testing.Short() {
		t.Skip("it starts and kills processes")
	}
	state, device := pgtest.URL(t), pgtest.URL(t)
	cast := fakewhatsapp.NewCast(t, fakewhatsapp.Options{})
	account := cast.Account("Timonel", numberOfBot)
	ana := cast.Member("Ana Ruiz", "573001112233")
	folder := t.TempDir()
	conf := settings(t, folder, state, "127.0.0.1:0", onWhatsApp(cast, device))
	linkByCommand(t, cast, account, conf)
	room := cast.Group("Comité", ana, account)

	launch := func() (*exec.Cmd, *printed) {
		t.Helper()
		log := newPrinted()
		cmd := exec.CommandContext(context.Background(), "timonel", "serve", "--config", conf)
		cmd.Stderr = log
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
		return cmd, log
	}
	holder, _ := launch()
	ana.Says(room, "timonel, nuevo proyecto ACME con el plan fieldpro-template desde hoy")
	ana.ExpectText("ACME")
	for n := range 2 {
		next, log := launch()
		untilHealth(t, log.until(t, address), "another Timonel has the WhatsApp session")
		if err := holder.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = holder.Wait()
		began := time.Now()
		risk := fmt.Sprintf("que falte el archivo %d", n)
		ana.Says(room, "timonel riesgo: "+risk)
		patience, cancel := context.WithTimeout(t.Context(), 2*takeoverTime)
		if _, err := ana.Member.ExpectText(patience, risk); err != nil {
			t.Fatalf("%v: %s", err, log)
		}
		cancel()
		took := time.Since(began)
		t.Logf("taken over and answered after %s", took.Round(100*time.Millisecond))
		if took > takeoverTime {
			t.Errorf("that is more than %s: %s", takeoverTime, log)
		}
		holder = next
	}
	cast.Settled()
	if err := holder.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_ = holder.Wait()
	var risks []string
	for _, list := range exportedRisks(t, state) {
		risks = append(risks, list...)
	}
	if want := []string{"que falte el archivo 0", "que falte el archivo 1"}; !slices.Equal(risks, want) {
		t.Errorf("risks %q, want %q", risks, want)
	}
}

// untilHealth waits until the health page says something.
func untilHealth(t *testing.T, addr, words string) {
	t.Helper()
	late := time.After(takeoverTime)
	for {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+addr+"/healthz", nil)
		if err != nil {
			t.Fatal(err)
		}
		body := []byte("no answer")
		if answer, err := http.DefaultClient.Do(request); err == nil {
			body, _ = io.ReadAll(answer.Body)
			_ = answer.Body.Close()
		}
		if strings.Contains(string(body), words) {
			return
		}
		select {
		case <-late:
			t.Fatalf("/healthz does not say %q but %q", words, body)
		case <-time.After(50 * time.Millisecond):
		}
	}
}
