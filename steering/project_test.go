package steering

import (
	"encoding/json"
	"errors"
	"testing"
	"time"
)

// day reads YYYY-MM-DD.
func day(s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// moment reads "YYYY-MM-DD HH:MM" in UTC.
func moment(s string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", s)
	if err != nil {
		panic(err)
	}
	return t
}

// tuesday is when most tests happen: 10 March 2026, 10:00.
var tuesday = moment("2026-03-10 10:00")

// pilot is a roll-out with two gates, three sign-offs, ten milestones and people of every role.
func pilot() *Project {
	p := &Project{
		Key: "PILOT", Name: "Pilot", Mode: ModeImplementation, Language: "en", Timezone: "UTC", Start: day("2026-03-02"),
		Status: ProjectActive,
		Members: []Member{
			{"ana", SideVendor, []Role{RoleLead}}, {"bruno", SideClient, []Role{RoleProductOwner}},
			{"carla", SideVendor, []Role{RoleCSM}}, {"dana", SideVendor, []Role{RoleMember}},
			{"gus", SideClient, []Role{RoleGuardian}}, {"hugo", SideVendor, []Role{RoleHelpdesk}},
			{"olga", "", []Role{RoleObserver}}, {"sofia", SideClient, []Role{RoleSponsor}},
			{"vera", SideVendor, []Role{RoleSponsor}},
		},
		Stages: []Stage{{"start", "Start"}, {"build", "Build"}, {"out", "Rollout"}},
	}
	add := func(key, name, stage string, side Side, owner PersonID, due string, needs ...string) *Milestone {
		m := &Milestone{
			Key: key, Name: name, Stage: stage, Side: side, Owner: owner, Status: Pending,
			Baseline: day(due), Due: day(due), Forecast: day(due), DependsOn: needs,
		}
		p.Milestones = append(p.Milestones, m)
		return m
	}
	client := func(m *Milestone) *Milestone { m.SignOff = &SignOff{Sides: []Side{SideClient}}; return m }
	add("1", "Kickoff meeting", "start", SideVendor, "ana", "2026-03-04")
	add("2", "Input data", "start", SideClient, "bruno", "2026-03-06")
	client(add("3", "Signed scope", "start", SideClient, "bruno", "2026-03-13", "2")).Gate = true
	add("4", "Environment setup", "build", SideVendor, "dana", "2026-03-20", "3")
	client(add("5", "KPI definition", "build", SideBoth, "ana", "2026-03-20", "3"))
	add("6", "Data migration", "build", SideVendor, "dana", "2026-03-27", "4")
	add("7", "Guardian training", "build", SideVendor, "dana", "2026-04-03", "4")
	client(add("8", "Acceptance testing", "build", SideClient, "bruno", "2026-04-10", "6", "7"))
	add("9", "Pilot phase", "out", SideClient, "gus", "2026-04-24", "8")
	client(add("10", "Go live", "out", SideBoth, "ana", "2026-05-04", "9")).Gate = true
	p.Milestones[9].Aliases = []string{"launch", "cutover"}
	return p
}

// must does what cannot be refused.
func must(t *testing.T, p *Project, who PersonID, at time.Time, cmds ...Command) Outcome {
	t.Helper()
	var out Outcome
	for _, c := range cmds {
		var err error
		if out, err = p.Do(c, Actor{Person: who}, at); err != nil {
			t.Fatalf("%s: %#v: %v", who, c, err)
		}
	}
	return out
}

// refused checks that a command is refused under a key, and that the project stays as it was.
func refused(t *testing.T, p *Project, who PersonID, c Command, key string) *Error {
	t.Helper()
	before := snapshot(t, p)
	out, err := p.Do(c, Actor{Person: who}, tuesday)
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("%s: %#v: got %+v, %v; want %s", who, c, out, err, key)
	}
	if e.Key != key {
		t.Fatalf("%s: %#v: refused as %s, want %s", who, c, e.Key, key)
	}
	if after := snapshot(t, p); after != before {
		t.Fatalf("%s: %#v: refused, but changed\n%s\nto\n%s", who, c, before, after)
	}
	return e
}

// nothingNew checks that a command finds everything so already and leaves it.
func nothingNew(t *testing.T, p *Project, who PersonID, c Command) {
	t.Helper()
	before := snapshot(t, p)
	if out := must(t, p, who, tuesday, c); !out.NothingNew {
		t.Fatalf("%s: %#v: %+v, want nothing new", who, c, out)
	}
	if after := snapshot(t, p); after != before {
		t.Fatalf("%s: %#v: nothing new, but changed", who, c)
	}
}

// snapshot is all that is state, and the journal.
func snapshot(t interface{ Fatal(...any) }, p *Project) string {
	b, err := json.Marshal(struct {
		P *Project
		J []JournalEntry
	}{p, p.Journal})
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func journal(p *Project) string {
	b, _ := json.Marshal(p.Journal)
	return string(b)
}

// due checks due dates, as "4=2026-03-25 6=2026-04-01".
func checkDue(t *testing.T, p *Project, want map[string]string) {
	t.Helper()
	for key, date := range want {
		if got := p.Milestone(key).Due; got != day(date) {
			t.Errorf("milestone %s is due %s, want %s", key, got, date)
		}
	}
}
