package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"timonel/bot/slack"
	"timonel/internal/fakeslack"
	"timonel/internal/fakewhatsapp"
)

// memoryEnv turns the measurement of memory on: it needs a quiet machine and some minutes.
const memoryEnv = "TIMONEL_MEMORY"

// groupsKnown is how many groups the number is in when memory is measured, peopleEach how many people each has.
const (
	groupsKnown = 500
	peopleEach  = 12
)

// TestMemoryBesideABareClient measures the resident memory of serve on both platforms, with 500 WhatsApp groups known, beside
// that of the library's client alone on the same store.
func TestMemoryBesideABareClient(t *testing.T) {
	if os.Getenv(memoryEnv) == "" {
		t.Skip("set " + memoryEnv + "=1 to measure")
	}
	folder := t.TempDir()
	s := &committeeStory{Cast: fakewhatsapp.NewCast(t, fakewhatsapp.Options{}), t: t, folder: folder}
	ana := s.Member("Ana Ruiz", "573001110010")
	s.me = s.Account("Timonel", numberOfBot)
	s.link()
	people := []fakewhatsapp.Someone{ana, s.me}
	for i := range 200 {
		people = append(people, s.Account(fmt.Sprintf("Persona %d", i), fmt.Sprintf("57300222%04d", i)))
	}
	var room *fakewhatsapp.Group
	for i := range groupsKnown {
		members := []fakewhatsapp.Someone{ana, s.me}
		for j := range peopleEach - 2 {
			members = append(members, people[2+(i*7+j)%200])
		}
		room = s.Group(fmt.Sprintf("Grupo %03d", i), members...)
	}
	office := fakeslack.NewCast(t, fakeslack.Options{Scopes: slack.Scopes, Events: slack.Events})
	if err := office.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	conf := settings(t, folder, filepath.Join(folder, "m.db"), "", onWhatsApp(s.Cast, s.whatsapp()), onSlack(office))
	whole := s.measure("timonel", "./", func() {
		office.Connected()
		ana.Says(room, "timonel, nuevo proyecto ACME con el plan fieldpro-template desde hoy")
		ana.ExpectText("ACME")
	}, "serve", "--config", conf)
	bare := s.measure("bare", "../../internal/fakewhatsapp/cmd/bare", func() {
		ana.Says(room, "nos vemos mañana")
	}, s.whatsapp(), s.WebsocketURL(), s.RootKey())
	t.Logf("resident with %d groups known: Timonel on WhatsApp and Slack %.1f MB, the bare client %.1f MB, ratio %.2f", groupsKnown, whole, bare, whole/bare)
}

var resident = regexp.MustCompile(`(?m)^(VmRSS|RssAnon|RssFile):\s+(\d+) kB$`)

// measure builds a program, runs it until it has done its work and rested for two minutes, and returns its resident memory in
// megabytes.
func (s *committeeStory) measure(name, source string, work func(), args ...string) float64 {
	s.t.Helper()
	program := filepath.Join(s.folder, name)
	if out, err := exec.Command("go", "build", "-o", program, source).CombinedOutput(); err != nil {
		s.t.Fatalf("%v: %s", err, out)
	}
	cmd := exec.Command(program, args...)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
		gone, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := s.WaitOnline(gone, s.me, false); err != nil {
			s.t.Error(err)
		}
	}()
	online, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := s.WaitOnline(online, s.me, true); err != nil {
		s.t.Fatal(err)
	}
	work()
	s.Settled()
	time.Sleep(2*time.Minute + 10*time.Second) // the runtime collects at the latest after two
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
	if err != nil {
		s.t.Fatal(err)
	}
	parts := map[string]float64{} // in megabytes
	for _, found := range resident.FindAllSubmatch(status, -1) {
		kilobytes, err := strconv.Atoi(string(found[2]))
		if err != nil {
			s.t.Fatal(err)
		}
		parts[string(found[1])] = float64(kilobytes) / 1024
	}
	s.t.Logf("%s: %.1f MB of its own, %.1f of the program's file", name, parts["RssAnon"], parts["RssFile"])
	return parts["VmRSS"]
}
