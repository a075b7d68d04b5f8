package scheduler

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"timonel/bot"
	"timonel/steering"
	"timonel/storage"
)

// office is several projects that share people and chats, in every state that owes something.
func office(w *world) {
	w.committee()
	first := rollout("ACME")
	first.Settings.Alignment = "on"
	first.Invoices = []*steering.Invoice{{ID: 1, For: "inicio", Issued: day(1), Due: day(12), Status: steering.InvoiceOpen}}
	first.Actions = []*steering.Action{{ID: 1, Text: "enviar accesos", Owner: "carla", Due: day(10), Status: steering.EntryOpen}}
	first.Milestones[0].SignOff = &steering.SignOff{Sides: []steering.Side{steering.SideClient}}
	second := rollout("BETA") // in the same group
	second.Milestones[1].Due = day(13)
	third := rollout("GAMA")
	third.Chats = []steering.Chat{{Platform: "slack", ID: "C-gama"}}
	third.Settings.MaxPerDay = 1
	third.Timezone = "Europe/Madrid"
	for _, p := range []*steering.Project{first, second, third} {
		w.create(p)
	}
}

// What a preview lists is what goes out when nobody does anything.
func TestPreviewIsWhatHappens(t *testing.T) {
	w := newWorld(t, "2026-03-02 07:00")
	office(w)
	end := moment(t, "2026-04-04 00:00")
	planned, err := w.s.Preview(context.Background(), "", end)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := w.s.Preview(context.Background(), "", end); err != nil || len(again) != len(planned) {
		t.Errorf("a second preview has %d messages, the first %d (%v)", len(again), len(planned), err)
	}
	if p := w.project("ACME"); len(p.Sent) != 0 || len(p.Meetings) != 0 {
		t.Errorf("the preview stored something: %v, %v", p.Sent, p.Meetings)
	}
	w.pass(end)
	w.lawful()
	var want, got []string
	for _, p := range planned {
		if p.Held || p.At.After(end) {
			continue
		}
		want = append(want, fmt.Sprintf("%s %s%s\n%s", p.At.UTC().Format(time.RFC3339), p.Message.Room, p.Message.Direct, visible(p.Message.Text)))
	}
	for i, o := range w.delivered {
		got = append(got, fmt.Sprintf("%s %s%s\n%s", w.at[i].UTC().Format(time.RFC3339), o.Room, o.Direct, visible(o.Text)))
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		for i := range max(len(got), len(want)) {
			if i >= len(got) || i >= len(want) || got[i] != want[i] {
				t.Fatalf("message %d of %d (previewed %d):\n%s\npreviewed:\n%s", i, len(got), len(want), at(got, i), at(want, i))
			}
		}
	}
}

func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return "(none)"
}

// deed is something that somebody does at some moment.
type deed struct {
	at      time.Time
	project string
	who     steering.PersonID
	command steering.Command
}

func deeds(random *rand.Rand, from, to time.Time) []deed {
	var out []deed
	for range 25 {
		at := from.Add(time.Duration(random.Int64N(int64(to.Sub(from)/time.Minute))) * time.Minute)
		key := fmt.Sprint(1 + random.IntN(4))
		out = append(out, deed{at, []string{"ACME", "BETA", "GAMA"}[random.IntN(3)], "ana", []steering.Command{
			steering.MoveMilestone{Key: key, To: day(5 + random.IntN(30))},
			steering.CompleteMilestone{Key: key},
			steering.BlockMilestone{Key: key, Reason: "accesos"},
			steering.MuteNotices{Milestone: key, Until: day(6 + random.IntN(20))},
			steering.MuteNotices{Until: day(6 + random.IntN(20)), Everyone: true},
			steering.AddMilestone{Name: "Otro", Due: day(3 + random.IntN(28)), Owner: "bruno"},
			steering.SetProjectStatus{Status: steering.ProjectPaused},
			steering.SetProjectStatus{Status: steering.ProjectActive},
			steering.AddEntry{Kind: steering.KindAction, Text: "hacer", Owner: "dario", Due: day(4 + random.IntN(26))},
		}[random.IntN(9)]})
	}
	slices.SortStableFunc(out, func(a, b deed) int { return a.at.Compare(b.at) })
	return out
}

// perform does a deed; what the rules refuse is no change.
func (w *world) perform(d deed) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) error {
		p, err := tx.Project(d.project)
		if err != nil {
			return err
		}
		if _, err := p.Do(d.command, steering.Actor{Person: d.who}, w.now); err != nil {
			return nil //nolint:nilerr // a command that is refused changes nothing
		}
		_, err = tx.Save(p, steering.Actor{Person: d.who})
		return err
	})
}

// Histories of all kinds: whatever people do, no law is broken, and restarts, repeated ticks, ticks at odd minutes and a
// second scheduler change nothing of what goes out.
func TestAnyHistory(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			plain := newWorld(t, "2026-03-02 07:00")
			office(plain)
			shaken := newWorld(t, "2026-03-02 07:00")
			office(shaken)
			end := moment(t, "2026-04-02 00:00")
			random := rand.New(rand.NewPCG(seed, 7))
			for _, d := range deeds(random, plain.now, end) {
				plain.pass(d.at)
				plain.perform(d)
				for range 3 {
					shaken.pass(shaken.now.Add(time.Duration(random.Int64N(int64(d.at.Sub(shaken.now)) + 1))).Truncate(time.Minute))
					shaken.sweep()
				}
				shaken.pass(d.at)
				shaken.s = shaken.scheduler(shaken.open(shaken.file()))
				shaken.perform(d)
				shaken.sweep()
				shaken.sweep()
			}
			plain.pass(end)
			shaken.pass(end)
			plain.lawful()
			shaken.lawful()
			if a, b := plain.log(), shaken.log(); !slices.Equal(a, b) {
				t.Errorf("plain:\n%s\nshaken:\n%s", strings.Join(a, "\n"), strings.Join(b, "\n"))
			}
		})
	}
}

// Platforms that come and go, and a bot that does too: nothing twice, nothing by night, no escalation lost.
func TestAnyTrouble(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			w := newWorld(t, "2026-03-02 07:00")
			office(w)
			end := moment(t, "2026-04-10 23:00")
			random := rand.New(rand.NewPCG(seed, 11))
			for _, d := range deeds(random, w.now, end.AddDate(0, 0, -10)) {
				switch random.IntN(3) {
				case 0:
					w.offline = !w.offline
					w.pass(d.at)
				case 1: // down until then
					w.now = d.at
				default:
					w.pass(d.at)
				}
				w.perform(d)
			}
			w.offline = false
			w.do("ACME", "ana", steering.Unmute{Everyone: true})
			w.pass(end)
			w.lawful()
			for _, key := range []string{"ACME", "BETA", "GAMA"} {
				w.allEscalated(key)
			}
		})
	}
}

// allEscalated checks that every date missed for a week or more was taken to the committee.
func (w *world) allEscalated(key string) {
	w.t.Helper()
	p := w.project(key)
	if p.Status != steering.ProjectActive {
		return
	}
	for _, mute := range p.Mutes {
		if mute.Person == "" && mute.Until > p.Today(w.now)-10 {
			return
		}
	}
	told := map[string]bool{}
	for _, o := range w.delivered {
		for _, text := range o.Identities {
			id, err := readIdentity(text)
			if err != nil {
				w.t.Fatal(err)
			}
			told[id.project+id.sent.Kind+id.sent.Object+id.sent.About] = true
		}
	}
	for _, m := range p.Milestones {
		late := m.IsOverdue(p.Today(w.now)) && m.Status != steering.Submitted && p.Calendar.Between(m.Due, p.Today(w.now)) > 7
		if late && !told[key+"escalation"+m.Key+m.Due.String()] {
			w.t.Errorf("%s: milestone %s, due %s, never came before the committee", key, m.Key, m.Due)
		}
	}
}

// Weeks in which clocks change: the summary comes once a week at its hour, and reminders at theirs.
func TestClockChanges(t *testing.T) {
	for _, c := range []struct{ zone, from, to string }{
		{"Europe/Madrid", "2026-03-16", "2026-04-12"}, {"Europe/Madrid", "2026-10-12", "2026-11-08"},
		{"America/Santiago", "2026-03-23", "2026-04-19"}, {"America/Santiago", "2026-08-24", "2026-09-20"},
		{"America/New_York", "2026-03-02", "2026-03-29"}, {"Australia/Lord_Howe", "2026-09-21", "2026-10-18"},
	} {
		t.Run(c.zone+" "+c.from, func(t *testing.T) {
			loc := zone(t, c.zone)
			first, err := steering.ParseDate(c.from)
			if err != nil {
				t.Fatal(err)
			}
			last, _ := steering.ParseDate(c.to)
			w := newWorld(t, c.from+" 00:00")
			w.now = first.At(0, 0, loc)
			w.committee()
			p := rollout("ACME")
			p.Timezone, p.Country, p.Settings.Portfolio = c.zone, "", "off"
			p.Milestones = p.Milestones[:1]
			p.Milestones[0].Due, p.Milestones[0].Baseline = first+27, first+27
			w.create(p)
			w.pass((last + 1).At(0, 0, loc))
			w.lawful()
			weeks := map[steering.Date]int{}
			for i, o := range w.delivered {
				local := w.at[i].In(loc)
				hour := map[bot.Kind]int{bot.KindDigest: 16, bot.KindReminder: 9}[o.Kind]
				if local.Hour() != hour || local.Minute() != 0 {
					t.Errorf("%s at %v", o.Kind, local)
				}
				if o.Kind == bot.KindDigest {
					weeks[steering.DateOf(local).Monday()]++
				}
			}
			for monday := first; monday < last; monday += 7 {
				if weeks[monday] != 1 {
					t.Errorf("week of %s: %d summaries", monday, weeks[monday])
				}
			}
		})
	}
}
