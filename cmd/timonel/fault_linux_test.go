package main

import (
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"timonel/bot/slack"
	"timonel/internal/fakeslack"
)

// ground mounts a small disk of the test's own; who may not mount skips.
func ground(t *testing.T, size string) string {
	t.Helper()
	folder := t.TempDir()
	if err := syscall.Mount("timonel-test", folder, "tmpfs", 0, "size="+size+",mode=0700"); err != nil {
		t.Skipf("cannot mount a disk for the test: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(folder, syscall.MNT_DETACH) })
	return folder
}

// newFaulty is a workspace whose bot keeps its state on a disk of its own and tells how it stands.
func newFaulty(t *testing.T, folder string) *workspace {
	t.Helper()
	var retries []time.Duration
	for range 200 {
		retries = append(retries, 300*time.Millisecond)
	}
	w := &workspace{Cast: fakeslack.NewCast(t, fakeslack.Options{Scopes: slack.Scopes, Events: slack.Events, AckWithin: time.Second, Retries: retries})}
	if err := w.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	w.ana = w.Member("Ana Ruiz")
	w.room = w.Place("comite", w.ana)
	w.conf = settings(t, t.TempDir(), filepath.Join(folder, "s.db"), "127.0.0.1:0", onSlack(w.Cast))
	return w
}

// TestServeSurvivesAFullDisk fills the disk of a running bot: /readyz says in words what is wrong, Slack keeps what could not be
// stored and offers it again, and with room again everything is answered, once, without a hand.
func TestServeSurvivesAFullDisk(t *testing.T) {
	folder := ground(t, "6m")
	ballast := filepath.Join(folder, "ballast")
	w := newFaulty(t, folder)
	log, stop := w.serveLogged(t)
	w.ana.Mentions(w.room, "nuevo proyecto ACME con el plan fieldpro-template desde hoy")
	w.ana.ExpectText("ACME")
	w.Settled()
	if code, text := ask(t, log, "/readyz"); code != http.StatusOK {
		t.Fatalf("before: %d %s", code, text)
	}
	fill(t, ballast)
	w.ana.Mentions(w.room, "riesgo: que se llene el disco")
	w.ana.Mentions(w.room, "riesgo: que nadie lo note")
	const word = "the disk is full: free some space"
	for deadline := time.Now().Add(30 * time.Second); ; {
		code, text := ask(t, log, "/readyz")
		if code == http.StatusServiceUnavailable && strings.Contains(text, word) {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("it does not say %q: %d %s", word, code, text)
		}
		time.Sleep(100 * time.Millisecond) // what it asks for is no event
		fill(t, ballast)                   // what was freed meanwhile
	}
	if sent := w.Unexpected(); len(sent) > 0 {
		t.Errorf("something was answered: %v", sent)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	w.ana.ExpectText("que se llene el disco")
	w.ana.ExpectText("que nadie lo note")
	w.Quiet()
	if code, text := ask(t, log, "/readyz"); code != http.StatusOK {
		t.Errorf("after: %d %s", code, text)
	}
	stop()
}

// serveLogged runs the bot until stop.
func (w *workspace) serveLogged(t *testing.T) (log *printed, stop func()) {
	t.Helper()
	b := &both{t: t, slack: w.Cast, conf: w.conf}
	b.serve()
	return b.log, b.stop
}

// fill writes until there is no room.
func fill(t *testing.T, file string) {
	t.Helper()
	f, err := os.OpenFile(file, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for block := make([]byte, 4096); err == nil; {
		_, err = f.Write(block)
	}
}

// TestServeOnAReadOnlyDisk is told at its start what is wrong, in one line, and starts when that is mended.
func TestServeOnAReadOnlyDisk(t *testing.T) {
	folder := ground(t, "6m")
	w := newFaulty(t, folder)
	remount(t, folder, syscall.MS_RDONLY)
	out := newPrinted()
	if code := run(t.Context(), []string{"serve", "--config", w.conf}, nil, strings.NewReader(""), io.Discard, out); code != exitFailed || !strings.Contains(out.String(), "read-only file system") {
		t.Errorf("exit code %d: %s", code, out)
	}
	remount(t, folder, 0)
	_, stop := w.serveLogged(t)
	stop()
}

func remount(t *testing.T, folder string, flags uintptr) {
	t.Helper()
	if err := syscall.Mount("timonel-test", folder, "", syscall.MS_REMOUNT|flags, "size=6m,mode=0700"); err != nil {
		t.Fatal(err)
	}
}

// TestNoZonesOnTheHost runs the program where the zones of the host and of Go are hidden: it knows them all the same.
func TestNoZonesOnTheHost(t *testing.T) {
	hide := `for d in /usr/share/zoneinfo /usr/share/lib/zoneinfo /usr/lib/locale/TZ /etc/zoneinfo; do
		if [ -d $d ]; then mount -t tmpfs none $d || exit 9; fi
	done; ls /usr/share/zoneinfo/America 2>/dev/null; exec timonel "$@"`
	doctor := exec.Command("sh", "-c", hide, "timonel", "doctor")
	doctor.Env = append(os.Environ(), "GOROOT=/nowhere", "ZONEINFO=", "TIMONEL_DEFAULTS_TIMEZONE=America/Bogota", "TIMONEL_STORAGE_URL="+filepath.Join(t.TempDir(), "s.db"))
	doctor.SysProcAttr = &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNS}
	out, err := doctor.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() == 9) {
		t.Skipf("cannot hide the host's zones: %v", err)
	}
	if err != nil || !strings.Contains(string(out), "ok    zones      new projects are in America/Bogota") {
		t.Errorf("%v: %s", err, out)
	}
}
