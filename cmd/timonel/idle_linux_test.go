package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/prometheus/procfs"

	"timonel/internal/assembly"
	"timonel/steering"
	"timonel/storage"
)

// idleEnv sets for how many seconds the bot is watched, and makes it hold 20,000 projects: 120 for the figures in
// docs/performance.md.
const idleEnv = "TIMONEL_IDLE"

// idleProgramEnv names a program that was built already; without it the long one builds its own.
const idleProgramEnv = "TIMONEL_IDLE_PROGRAM"

// What an idle bot may cost, by issue: of a core, and of memory.
const (
	idleShare = 0.005
	idleBytes = 60 << 20
)

// TestIdle lets serve be connected to Slack and WhatsApp with many projects stored and nothing to do, and measures what the
// process takes.
func TestIdle(t *testing.T) {
	projects, watch := 200, 3*time.Second
	seconds, err := strconv.Atoi(os.Getenv(idleEnv))
	long := err == nil && seconds > 0
	if long {
		projects, watch = 20_000, time.Duration(seconds)*time.Second
	} else if testing.Short() {
		t.Skip("a small one of the long")
	}
	b := newBoth(t, "")
	fillProjects(t, filepath.Join(b.folder, "s.db"), projects)
	log, err := os.Create(filepath.Join(b.folder, "serve.log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	program := os.Getenv(idleProgramEnv)
	if program == "" {
		program = "timonel" // this test's own binary
	}
	if long && program == "timonel" {
		program = filepath.Join(b.folder, "timonel")
		build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", program, ".")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	cmd := exec.Command(program, "serve", "--config", b.conf)
	cmd.Stdout, cmd.Stderr = io.Discard, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	b.slack.Connected()
	b.bruno.Says(b.group, "timonel hola") // it is connected to both when both have an answer
	b.bruno.ExpectText("")
	b.ana.SaysTo("hola")
	b.ana.ExpectText("")
	if long {
		time.Sleep(75 * time.Second) // what a start does is over
	}
	before, _ := taken(t, cmd.Process.Pid)
	time.Sleep(watch)
	after, memory := taken(t, cmd.Process.Pid)
	used := after - before
	share := used.Seconds() / watch.Seconds()
	t.Logf("%d projects, %v: %v of CPU, %.2f %% of a core; %.1f MB resident, of its own %.1f, of files %.1f, shared %.1f", projects, watch, used, share*100,
		megabytes(memory.VmRSS), megabytes(memory.RssAnon), megabytes(memory.RssFile), megabytes(memory.RssShmem))
	if own := memory.RssAnon; own > idleBytes*2/3 {
		t.Errorf("%.1f MB of its own, at most %d are allowed", megabytes(own), idleBytes*2/3>>20)
	}
	if long && memory.VmRSS > idleBytes { // a test's binary is larger than the program
		t.Errorf("%.1f MB resident, at most %d are allowed", megabytes(memory.VmRSS), idleBytes>>20)
	}
	if long && share > idleShare {
		t.Errorf("%.2f %% of a core, at most %.2f are allowed", share*100, idleShare*100)
	}
}

// fillProjects stores projects to which nothing is owed for days.
func fillProjects(t *testing.T, file string, n int) {
	t.Helper()
	ctx := context.Background()
	db, err := assembly.OpenDatabase(ctx, file, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	today := steering.DateOf(time.Now())
	for from := 0; from < n; from += 200 {
		err := db.Update(ctx, func(tx *storage.Tx) error {
			if from == 0 {
				if err := tx.PutPerson(&steering.Person{ID: "ana", Name: "Ana Ruiz"}); err != nil {
					return err
				}
			}
			for i := from; i < min(from+200, n); i++ {
				p := &steering.Project{
					Key: fmt.Sprintf("P-%05d", i), Name: fmt.Sprintf("Project %d", i), Mode: steering.ModeImplementation, Language: "es", Timezone: "America/Bogota",
					Country: "CO", Start: today, Status: steering.ProjectActive, Health: steering.Green,
					Chats:   []steering.Chat{{Platform: "slack", ID: fmt.Sprintf("C%05d", i), Audience: steering.AudienceCommittee}},
					Members: []steering.Member{{Person: "ana", Side: steering.SideVendor, Roles: []steering.Role{steering.RoleLead}}},
				}
				for m := range 10 {
					due := today + steering.Date(20+7*m)
					p.Milestones = append(p.Milestones, &steering.Milestone{
						Key: strconv.Itoa(m + 1), Name: fmt.Sprintf("Milestone %d", m+1), Side: steering.SideVendor, Owner: "ana", Status: steering.Pending, Baseline: due, Due: due, Forecast: due,
					})
				}
				if err := tx.CreateProject(p, steering.Actor{Person: "ana"}); err != nil {
					return err
				}
				if err := tx.SetSchedule(p.Key, time.Now().AddDate(0, 0, 3), time.Time{}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// taken is what a process takes of the machine: processor time so far, and memory now.
func taken(t *testing.T, pid int) (time.Duration, procfs.ProcStatus) {
	t.Helper()
	proc, err := procfs.NewProc(pid)
	if err != nil {
		t.Fatal(err)
	}
	stat, err := proc.Stat()
	status, err2 := proc.NewStatus()
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	return time.Duration(stat.CPUTime() * float64(time.Second)), status
}

func megabytes(bytes uint64) float64 { return float64(bytes) / (1 << 20) }
