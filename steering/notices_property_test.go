package steering

import (
	"fmt"
	"slices"
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"
)

// genNoticed draws a project with something of everything that notices are about.
func genNoticed(t *rapid.T) *Project {
	p := genPlan(t)
	p.Timezone = rapid.SampledFrom([]string{"UTC", "America/Bogota", "America/Santiago", "Europe/Madrid", "Pacific/Auckland"}).Draw(t, "zone")
	p.Settings.Digest = rapid.SampledFrom([]string{"", "0 9 * * 1", "30 21 * * *", "off"}).Draw(t, "digest")
	p.Settings.Alignment = rapid.SampledFrom([]string{"", "on"}).Draw(t, "alignment")
	p.Settings.NoticeAt = rapid.SampledFrom([]string{"", "07:00", "21:00", "13:30"}).Draw(t, "notice at")
	for _, m := range p.Milestones {
		m.Owner = rapid.SampledFrom([]PersonID{"dana", "bruno", "ana", ""}).Draw(t, "owner")
		if m.Status == Pending && rapid.IntRange(0, 3).Draw(t, "submit") == 0 {
			m.Status, m.SignOff = Submitted, &SignOff{Sides: []Side{SideClient}}
		}
		if m.Due != 0 && rapid.IntRange(0, 4).Draw(t, "slip") == 0 {
			m.Slips = []Slip{{From: m.Due - 3, To: m.Due, At: noticeStart.Add(time.Duration(rapid.IntRange(-40, 400).Draw(t, "moved")) * time.Hour)}}
		}
	}
	for i := range rapid.IntRange(0, 4).Draw(t, "mutes") {
		m := &Mute{Until: day("2026-03-04").AddDays(rapid.IntRange(0, 25).Draw(t, "until"))}
		m.Person = rapid.SampledFrom([]PersonID{"dana", "bruno", "ana", "sofia", ""}).Draw(t, "who")
		if rapid.Bool().Draw(t, "one") {
			m.Milestone = p.Milestones[i%len(p.Milestones)].Key
		}
		p.Mutes = append(p.Mutes, m)
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "actions") {
		p.Actions = append(p.Actions, &Action{ID: i + 1, Owner: "bruno", Due: day("2026-03-01").AddDays(rapid.IntRange(0, 30).Draw(t, "due")), Status: EntryOpen})
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "invoices") {
		p.Invoices = append(p.Invoices, &Invoice{ID: i + 1, For: fmt.Sprint(i), Issued: day("2025-03-10").AddDays(rapid.IntRange(0, 30).Draw(t, "issued")), Due: day("2026-03-10").AddDays(rapid.IntRange(-30, 10).Draw(t, "due")), Status: InvoiceOpen})
	}
	if rapid.Bool().Draw(t, "meets") {
		p.Meetings = []*Meeting{{ID: 1, Status: MeetingScheduled, At: noticeStart.Add(time.Duration(rapid.IntRange(0, 500).Draw(t, "meeting")) * time.Hour)}}
	}
	return p
}

var (
	noticeStart = moment("2026-03-01 12:00")
	noticeEnd   = moment("2026-03-28 12:00")
)

// run ticks at the given moments and returns what was owed. With remember the identities that went out are asked for.
func runTicks(p *Project, moments []time.Time, remember bool) []Notice {
	k := newTicker(p, noticeStart)
	for _, at := range moments {
		if !remember {
			clear(k.given)
		}
		k.tick(at)
	}
	return k.log
}

// walk lists the moments that NextMoment leads along.
func walk(p *Project) []time.Time {
	policy := testPolicy().With(p.Settings)
	var out []time.Time
	for at := p.NextMoment(policy, noticeStart, nil); !at.IsZero() && !at.After(noticeEnd); at = p.NextMoment(policy, at, nil) {
		out = append(out, at)
	}
	return out
}

func every(step time.Duration) []time.Time {
	var out []time.Time
	for at := noticeStart.Add(step); !at.After(noticeEnd); at = at.Add(step) {
		out = append(out, at)
	}
	return out
}

func identity(n Notice) string { return string(n.Kind) + " " + n.Object + "|" + n.About }

// Walking along NextMoment owes the same as looking every half hour: nothing twice, nothing outside working moments,
// nothing late, nothing about what is closed.
func TestNoticesAtTheirMoments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := genNoticed(t)
		policy := testPolicy().With(p.Settings)
		walked := runTicks(p, walk(p), true)
		if got, want := showAll(runTicks(p, every(30*time.Minute), true), time.UTC), showAll(walked, time.UTC); got != want {
			t.Fatalf("every half hour:\n%s\nwalking:\n%s", got, want)
		}
		// What was settled stays so without a memory; escalations alone live on the memory of what went out.
		missed := func(n Notice) bool { return n.Kind == NoticeEscalation }
		forgetful := slices.DeleteFunc(runTicks(p, walk(p), false), missed)
		if got, want := showAll(forgetful, time.UTC), showAll(slices.DeleteFunc(slices.Clone(walked), missed), time.UTC); got != want {
			t.Fatalf("without a memory:\n%s\nwith one:\n%s", got, want)
		}
		seen := map[string]bool{}
		for _, n := range walked {
			if seen[identity(n)] {
				t.Fatalf("twice: %s", show(n, time.UTC))
			}
			seen[identity(n)] = true
			if n.Kind != NoticeMeeting && !p.NextWorkingMoment(policy, n.At).Equal(n.At) {
				t.Fatalf("outside working moments: %s", show(n, p.Location()))
			}
			if n.Late {
				t.Fatalf("late though the clock never stopped: %s", show(n, time.UTC))
			}
			if m := p.Milestone(n.Object); m != nil && !m.IsOpen() {
				t.Fatalf("about what is %s: %s", m.Status, show(n, time.UTC))
			}
		}
	})
}

// Stopped for any while, then started again: it owes nothing that it would not have owed had it never stopped; all that
// is owed after it catches up is the same; of what it missed the newest of each thing is made up for, every escalation
// is, and a digest when it is not three days late.
func TestNoticesAfterDowntime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := genNoticed(t)
		policy := testPolicy().With(p.Settings)
		moments := walk(p)
		never := runTicks(p, moments, true)
		down := noticeStart.Add(time.Duration(rapid.IntRange(0, 600).Draw(t, "down")) * time.Hour)
		up := down.Add(time.Duration(rapid.IntRange(1, 300).Draw(t, "hours")) * time.Hour)
		catchUp := p.NextWorkingMoment(policy, up)
		var awake []time.Time
		for _, at := range append(slices.Clone(moments), up, catchUp) {
			if !at.After(down) || !at.Before(up) {
				awake = append(awake, at)
			}
		}
		slices.SortFunc(awake, time.Time.Compare)
		stopped := runTicks(p, awake, true)

		gave := map[string]bool{}
		for _, n := range stopped {
			if gave[identity(n)] {
				t.Fatalf("twice: %s", show(n, time.UTC))
			}
			gave[identity(n)] = true
		}
		would := map[string]bool{}
		newestOf := map[string]Notice{}
		for _, n := range never {
			would[identity(n)] = true
			missed := n.At.After(down) && n.At.Before(up)
			switch {
			case n.At.After(catchUp) || !n.At.After(down) || n.Kind == NoticeEscalation:
				if !gave[identity(n)] && !n.At.After(noticeEnd) {
					t.Fatalf("down %s, up %s: lost %s", down, up, show(n, time.UTC))
				}
			case missed && (n.Kind == NoticeReminder || n.Kind == NoticeOverdue || n.Kind == NoticeSignOff):
				if old, ok := newestOf[n.Object]; !ok || !n.At.Before(old.At) {
					newestOf[n.Object] = n
				}
			}
		}
		for _, n := range stopped {
			if !would[identity(n)] && !n.At.After(noticeEnd) {
				t.Fatalf("down %s, up %s: it would never have owed %s", down, up, show(n, time.UTC))
			}
			if (n.Kind == NoticeDigest || n.Kind == NoticeSurvey) && n.Late && catchUp.Sub(n.At) >= 72*time.Hour {
				t.Fatalf("three days late: %s", show(n, time.UTC))
			}
		}
		for object, n := range newestOf {
			if gave[identity(n)] || catchUp.After(noticeEnd) {
				continue
			}
			if !slices.ContainsFunc(stopped, func(o Notice) bool { return o.Object == object && o.At.After(n.At) && !o.At.After(catchUp) }) {
				t.Fatalf("down %s, up %s: of %s the newest was lost: %s", down, up, object, show(n, time.UTC))
			}
		}
	})
}

// A tick that is repeated, with the same since, owes nothing again once its identities are stored.
func TestNoticesTwiceAtOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := genNoticed(t)
		k := newTicker(p, noticeStart)
		for _, at := range walk(p) {
			since := k.since
			k.tick(at)
			k.since = since
			if again := k.tick(at); len(again) > 0 {
				t.Fatalf("again: %s", show(again[0], time.UTC))
			}
		}
	})
}

// A digest goes out exactly once a week in every zone, over five years of clock changes.
func TestDigestOnceAWeekInEveryZone(t *testing.T) {
	policy := testPolicy()
	policy.Digest = "0 2 * * 0" // Sunday 02:00, when clocks change; it waits for Monday
	start, weeks := moment("2026-01-01 00:00"), 5*52
	for _, zone := range zoneNames(t) {
		p := &Project{Key: "P", Status: ProjectActive, Timezone: zone}
		if p.Location().String() != zone && zone != "UTC" {
			t.Fatalf("no zone %s", zone)
		}
		k := newTicker(p, start)
		k.policy = policy
		last := Date(0)
		for at := p.NextMoment(policy, start, k.sent); len(k.log) < weeks; at = p.NextMoment(policy, at, k.sent) {
			for _, n := range k.tick(at) {
				on, _ := ParseDate(n.About)
				if local := at.In(p.Location()); local.Format("Mon 15:04") != "Mon 08:00" || (last != 0 && on-last != 7) || on.Weekday() != time.Sunday {
					t.Fatalf("%s: the digest of %s went out at %s, the one before was of %s", zone, on, local, last)
				}
				last = on
			}
		}
	}
}
