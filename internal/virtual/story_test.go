package virtual_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"timonel/bot"
	"timonel/bot/simulated"
	"timonel/internal/golden"
	"timonel/internal/pgtest"
	"timonel/internal/virtual"
	"timonel/internal/virtual/replay"
	"timonel/internal/virtual/script"
	"timonel/steering"
	"timonel/storage"
)

// patience is how much work a story of eight weeks may be.
const patience = 2 * time.Second

// played is what came of a script.
type played struct {
	out     []byte
	state   []byte
	entries []simulated.Entry
	project *steering.Project
}

func play(t testing.TB, o virtual.Options, name string, asJSON bool) played {
	t.Helper()
	ctx := context.Background()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	statements, err := script.Parse(name, text)
	if err != nil {
		t.Fatal(err)
	}
	w, err := virtual.Open(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	var out, state bytes.Buffer
	err = replay.New(w, o.Plans, name, &out, asJSON).Play(ctx, statements)
	for _, p := range w.Problems() {
		t.Errorf("an operator was told: %v", p)
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, out.Bytes())
	}
	if err := w.Export(ctx, &state); err != nil {
		t.Fatal(err)
	}
	p := played{out: out.Bytes(), state: state.Bytes(), entries: w.Entries(0)}
	err = w.View(ctx, func(tx *storage.Tx) error {
		keys, err := tx.ProjectKeys()
		if err == nil && len(keys) > 0 {
			p.project, err = tx.Project(keys[0])
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestStories plays whole projects and holds what was said against what it should have been.
func TestStories(t *testing.T) {
	scripts, err := filepath.Glob("testdata/*.script")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	o := virtual.OptionsForTests(t)
	for _, name := range scripts {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".script"), func(t *testing.T) {
			story := play(t, o, name, false)
			golden.Equal(t, strings.TrimSuffix(name, ".script")+".txt", string(story.out))
			promises(t, story)

			began := work()
			lines := play(t, o, name, true)
			if took := work() - began; took > patience && !testing.Short() { // the race detector, which runs the short tests, takes ten times as long
				t.Errorf("it took %v, want at most %v", took, patience)
			}
			onDisk := o
			onDisk.Database = filepath.Join(t.TempDir(), "story.db")
			again := play(t, onDisk, name, true)
			if !bytes.Equal(lines.out, again.out) || !bytes.Equal(lines.state, again.state) {
				t.Errorf("the same script gave something else on a file:\n%s", difference(lines.out, again.out))
			}
			if !bytes.Equal(lines.state, story.state) {
				t.Errorf("the same script left another state:\n%s", difference(story.state, lines.state))
			}
		})
	}
}

func TestMain(m *testing.M) { pgtest.Main(m) }

// TestStoryOnPostgreSQL: the other database keeps the same state and has the same said.
func TestStoryOnPostgreSQL(t *testing.T) {
	const name = "testdata/eight-weeks-es.script"
	o := virtual.OptionsForTests(t)
	want := play(t, o, name, true)
	o.Database = pgtest.URL(t)
	got := play(t, o, name, true)
	if !bytes.Equal(got.out, want.out) || !bytes.Equal(got.state, want.state) {
		t.Errorf("the same script gave something else on PostgreSQL:\n%s\n%s", difference(want.out, got.out), difference(want.state, got.state))
	}
}

// difference shows the first lines that differ.
func difference(want, got []byte) string {
	a, b := strings.Split(string(want), "\n"), strings.Split(string(got), "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return "line " + a[i] + "\n is   " + b[i]
		}
	}
	return "one ends before the other"
}

// promises checks what holds for every story (contract/notices.md).
func promises(t *testing.T, s played) {
	t.Helper()
	given := map[string]bool{}
	moments := map[string]bool{}
	daily := map[string]int{}
	for _, e := range s.entries {
		if e.Said == nil || len(e.Said.Identities) == 0 {
			continue
		}
		place, at := string(e.Platform)+" "+string(e.Room), e.At.In(s.project.Location())
		for _, id := range e.Said.Identities {
			if given[place+id] {
				t.Errorf("%s: %s went out twice in %s", at, id, place)
			}
			given[place+id] = true
		}
		if moment := place + at.String(); moments[moment] {
			t.Errorf("%s: two unasked messages at one moment in %s", at, place)
		} else {
			moments[moment] = true
		}
		if clockBound(e.Said) {
			continue
		}
		if !s.project.Calendar.IsWorking(steering.DateOf(at)) || at.Hour() < 8 || at.Hour() >= 20 {
			t.Errorf("%s: a %s went out in %s outside working moments", at, e.Said.Kind, place)
		}
		if e.Said.Kind == bot.KindEscalation {
			continue
		}
		if day := place + at.Format(time.DateOnly); daily[day] == 3 {
			t.Errorf("%s: a fourth unasked message of the day in %s", at, place)
		} else {
			daily[day]++
		}
	}
	if len(given) == 0 {
		t.Error("nothing went out unasked")
	}
}

// clockBound are messages about a meeting, which cannot wait for the next working moment.
func clockBound(out *bot.Outgoing) bool {
	return out.Kind == bot.KindMeeting || slices.Contains(out.Kinds, bot.KindMeeting)
}

// TestCorners plays what is rare: each script says in its first lines what it shows.
func TestCorners(t *testing.T) {
	scripts, err := filepath.Glob("testdata/corners/*.script")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	o := virtual.OptionsForTests(t)
	for _, name := range scripts {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".script"), func(t *testing.T) {
			golden.Equal(t, strings.TrimSuffix(name, ".script")+".txt", string(play(t, o, name, false).out))
		})
	}
}
