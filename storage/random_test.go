package storage

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"timonel/steering"
)

// draws makes random parts of a state that can be.
type draws struct {
	t      *rapid.T
	people []steering.PersonID
}

func (d *draws) text(name string) string {
	return rapid.StringOfN(rapid.RuneFrom([]rune("aZ ñ09<>&\"\\/\n\t\u2028😀é#|_*'")), 1, 12, -1).Draw(d.t, name)
}

func (d *draws) flip(name string) bool { return rapid.Bool().Draw(d.t, name) }

func (d *draws) count(name string, most int) int { return rapid.IntRange(0, most).Draw(d.t, name) }

func (d *draws) day(name string) steering.Date {
	return steering.NewDate(2026, time.January, 1).AddDays(rapid.IntRange(0, 700).Draw(d.t, name))
}

func (d *draws) maybeDay(name string) steering.Date {
	if d.flip("some " + name) {
		return d.day(name)
	}
	return 0
}

func (d *draws) moment(name string) time.Time {
	return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.Int64Range(0, 1<<36).Draw(d.t, name)) * time.Millisecond)
}

func (d *draws) person(name string) steering.PersonID {
	return rapid.SampledFrom(d.people).Draw(d.t, name)
}

func (d *draws) maybePerson(name string) steering.PersonID {
	if d.flip("some " + name) {
		return d.person(name)
	}
	return ""
}

func one[T any](d *draws, name string, values ...T) T {
	return rapid.SampledFrom(values).Draw(d.t, name)
}

func many[T any](d *draws, name string, most int, each func(i int) T) []T {
	var list []T
	for i := range d.count(name, most) {
		list = append(list, each(i))
	}
	return list
}

func (d *draws) milestone(i int) *steering.Milestone {
	m := &steering.Milestone{
		Key: fmt.Sprint(i + 1), Name: "m" + d.text("name"), Owner: d.maybePerson("owner"),
		Status:   one(d, "status", steering.Pending, steering.InProgress, steering.Blocked, steering.Done, steering.Cancelled),
		Progress: d.count("progress", 100), Side: one(d, "side", steering.SideVendor, steering.SideClient, steering.SideBoth, ""),
		Gate: d.flip("gate"), Optional: d.flip("optional"), Baseline: d.maybeDay("baseline"), Due: d.maybeDay("due"),
		Forecast: d.maybeDay("forecast"), DoneOn: d.maybeDay("done"), BlockedBy: one(d, "blocked", "", d.text("why")),
		Aliases: many(d, "aliases", 2, func(int) string { return "a" + d.text("alias") }),
		Notes: many(d, "notes", 2, func(int) steering.Note {
			return steering.Note{Text: d.text("note"), By: d.maybePerson("by"), At: d.moment("at")}
		}),
		Slips: many(d, "slips", 2, func(int) steering.Slip {
			return steering.Slip{From: d.day("from"), To: d.day("to"), Reason: one(d, "reason", "", d.text("why")), By: d.maybePerson("by"), At: d.moment("at")}
		}),
	}
	for on := range i {
		if d.flip("depends") {
			m.DependsOn = append(m.DependsOn, fmt.Sprint(on+1))
		}
	}
	if d.flip("signoff") {
		m.SignOff = &steering.SignOff{Sides: []steering.Side{steering.SideClient}}
		if d.flip("given") {
			m.SignOff.Given = []steering.Given{{Person: d.person("signer"), Side: steering.SideClient, At: d.moment("at")}}
		}
	}
	return m
}

func (d *draws) project(key string) *steering.Project {
	p := &steering.Project{
		Key: key, Name: "p" + d.text("name"), Mode: one(d, "mode", steering.ModeImplementation, steering.ModeOnboarding),
		Language: one(d, "language", "es", "pt", "en"), Timezone: one(d, "zone", "UTC", "America/Bogota", "Europe/Madrid"),
		Start: d.maybeDay("start"), Status: one(d, "status", steering.ProjectActive, steering.ProjectPaused, steering.ProjectLive),
		Health:     one(d, "health", steering.Green, steering.Amber, steering.Red, ""),
		Stages:     many(d, "stages", 2, func(i int) steering.Stage { return steering.Stage{Key: fmt.Sprint("s", 9-i), Name: d.text("stage")} }),
		Milestones: many(d, "milestones", 12, d.milestone),
		Risks: many(d, "risks", 3, func(i int) *steering.Risk {
			return &steering.Risk{ID: i + 1, Text: d.text("risk"), Owner: d.maybePerson("owner"), Impact: one(d, "impact", "", steering.High), Status: steering.EntryOpen}
		}),
		Decisions: many(d, "decisions", 3, func(i int) *steering.Decision {
			return &steering.Decision{ID: i + 1, Text: d.text("decision"), By: d.maybePerson("by"), At: d.moment("at")}
		}),
		Answers: many(d, "answers", 3, func(i int) *steering.Answer {
			return &steering.Answer{Question: "changed", Week: "2026-W10", Text: d.text("answer"), By: d.person("by"), At: d.moment("at")}
		}),
		Mutes: many(d, "mutes", 3, func(i int) *steering.Mute {
			return &steering.Mute{Person: d.maybePerson("person"), Until: d.day("until")}
		}),
		Sent: many(d, "sent", 3, func(i int) steering.Sent {
			return steering.Sent{Kind: "reminder", Object: fmt.Sprint(i), About: d.text("about"), At: d.moment("at")}
		}),
	}
	for _, id := range d.people {
		if d.flip("member") {
			p.Members = append(p.Members, steering.Member{Person: id, Side: steering.SideClient, Roles: []steering.Role{steering.RoleMember}})
		}
	}
	return p
}

func (d *draws) state() *steering.State {
	s := &steering.State{Format: 1}
	for i := range 3 {
		id := steering.PersonID(fmt.Sprint("p", i))
		d.people = append(d.people, id)
		s.People = append(s.People, &steering.Person{ID: id, Name: d.text("name"), Handles: map[string]string{"slack": fmt.Sprint("U", i)}})
	}
	for i := range 1 + d.count("projects", 2) {
		p := d.project(fmt.Sprint("KEY-", i))
		s.Projects = append(s.Projects, p)
		for range d.count("audit", 4) {
			s.Audit = append(s.Audit, steering.AuditEntry{
				At: d.moment("at"), Project: p.Key, By: d.maybePerson("by"), Action: one(d, "action", "milestone.moved", "risk.added", "undo"),
				Object: one(d, "object", "1", "risk 1", ""), After: map[string]any{"id": d.count("id", 3), "text": d.text("text")},
			})
		}
	}
	s.Normalize()
	return s
}

// through imports a text, exports it again, and takes everything back.
func through(t interface{ Fatalf(string, ...any) }, db *DB, text string) (out string, err error) {
	fatal := db.attempt(context.Background(), func(tx *Tx) error {
		if _, err = tx.importFrom(strings.NewReader(text), nil); err != nil {
			return errRollback
		}
		var b strings.Builder
		if err := tx.exportTo(&b, "", nil); err != nil {
			return err
		}
		if _, err := tx.verifyAudit(); err != nil {
			return err
		}
		out = b.String()
		return errRollback
	})
	if !errors.Is(fatal, errRollback) {
		t.Fatalf("%s: %v\n%s", db.engine, fatal, text)
	}
	return out, err
}

// Any state: what goes in comes out, on each engine, and from one to the other.
func TestAnyStateGoesThrough(t *testing.T) {
	lite, server := openURL(t, ":memory:", newClock()), openOn(t, postgresEngine, newClock())
	rapid.Check(t, func(t *rapid.T) {
		d := &draws{t: t}
		want := asText(t, d.state())
		first, err := through(t, lite, want)
		if err != nil {
			t.Fatalf("import: %v\n%s", err, want)
		}
		var back steering.State
		if err := decode(first, &back); err != nil {
			t.Fatal(err)
		}
		if got := asText(t, &back); got != want {
			t.Fatalf("in\n%s\nout\n%s", want, got)
		}
		if second, err := through(t, server, first); err != nil || second != first {
			t.Fatalf("PostgreSQL gives\n%s\n%v\nwant\n%s", second, err, first)
		}
	})
}

// Any series of saves and undos: the audit, folded, gives the stored state, and undoing everything gives the first one.
func TestAuditFoldsToTheState(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := newClock()
		db, err := Open(context.Background(), ":memory:", Options{Now: c.now, Migrate: true})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		d := &draws{t: t, people: []steering.PersonID{"ana", "bruno"}}
		first := d.project("ACME")
		first.Refresh(first.Today(c.at))
		do := func(f func(tx *Tx) error) {
			t.Helper()
			if err := db.Update(context.Background(), f); err != nil {
				t.Fatal(err)
			}
		}
		do(func(tx *Tx) error {
			for _, id := range d.people {
				if err := tx.PutPerson(&steering.Person{ID: id, Name: string(id)}); err != nil {
					return err
				}
			}
			return tx.CreateProject(first, ana)
		})
		folded := fold(t, db, first)
		for range d.count("changes", 8) {
			c.tick()
			do(func(tx *Tx) error {
				p, err := tx.Project("ACME")
				if err != nil {
					return err
				}
				d.alter(p)
				p.Refresh(p.Today(c.at))
				_, err = tx.Save(p, ana)
				return err
			})
		}
		folded.check(t, db)
		for {
			c.tick()
			err := db.Update(context.Background(), func(tx *Tx) error { _, err := tx.Undo("ACME", ana); return err })
			if refusal(err) == KeyNothingToUndo {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		folded.check(t, db)
		if _, err := db.VerifyAudit(context.Background()); err != nil {
			t.Fatal(err)
		}
		last := load(t, db)
		first.Normalize()
		first.Sent = nil
		first.Refresh(first.Today(c.at))
		last.Proposals = nil
		if got, want := asText(t, last), asText(t, first); got != want {
			t.Fatalf("undone to\n%s\nwant\n%s", got, want)
		}
	})
}

// alter makes one to three random changes.
func (d *draws) alter(p *steering.Project) {
	for range 1 + d.count("more", 2) {
		switch one(d, "what", "name", "milestone", "add", "risk", "mute", "settings", "proposal") {
		case "name":
			p.Name = "p" + d.text("name")
		case "milestone":
			if len(p.Milestones) > 0 {
				m := one(d, "which", p.Milestones...)
				m.Due, m.Progress = d.maybeDay("due"), d.count("progress", 100)
			}
		case "add":
			p.Milestones = append(p.Milestones, &steering.Milestone{Key: p.NextKey(), Name: "m" + d.text("name"), Status: steering.Pending})
		case "risk":
			p.Risks = append(p.Risks, &steering.Risk{ID: len(p.Risks) + 1, Text: d.text("risk"), Status: steering.EntryOpen, RaisedBy: "ana"})
		case "mute":
			p.Mutes = many(d, "mutes", 2, func(i int) *steering.Mute {
				return &steering.Mute{Person: steering.PersonID([]string{"ana", "bruno"}[i]), Until: d.day("until")}
			})
		case "settings":
			p.Settings.MaxPerDay = d.count("most", 5)
		case "proposal":
			if len(p.Milestones) > 0 {
				p.Proposals = append(p.Proposals, &steering.Proposal{
					ID: p.NextNumber(steering.KindProposal), Milestone: p.Milestones[0].Key, Due: d.day("due"), By: "ana", At: d.moment("at"), Status: steering.ProposalOpen,
				})
			}
		}
	}
}

// folding is the state that the audit tells, object by object.
type folding map[objectKey]map[string]any

func fold(t *rapid.T, db *DB, first *steering.Project) folding {
	f := folding{}
	own := first.Clone()
	own.Normalize()
	for _, o := range explode(own) {
		f[o.key()] = asMap(t, o)
	}
	return f
}

func asMap(t *rapid.T, o *object) map[string]any {
	if err := o.encode(); err != nil {
		t.Fatal(err)
	}
	m := map[string]any{}
	if err := decode(o.doc, &m); err != nil {
		t.Fatal(err)
	}
	for _, name := range derived[o.kind] {
		delete(m, name)
	}
	return m
}

func (f folding) check(t *rapid.T, db *DB) {
	err := db.View(context.Background(), func(tx *Tx) error {
		now := folding{}
		for k, m := range f {
			now[k] = map[string]any{}
			for name, v := range m {
				now[k][name] = v
			}
		}
		err := tx.entries(func(e *entry) error {
			if err := e.unfold(); err != nil {
				return err
			}
			key := objectKey{e.kind, e.ref}
			switch e.op {
			case opRemoved:
				delete(now, key)
			case opCreated:
				now[key] = e.After
			default:
				for name := range e.Before {
					delete(now[key], name)
				}
				for name, v := range e.After {
					now[key][name] = v
				}
			}
			return nil
		}, `project = 'ACME' AND action <> 'project.created' ORDER BY seq`)
		if err != nil {
			return err
		}
		stored := folding{}
		s, err := tx.snapshot("ACME")
		if err != nil {
			return err
		}
		for k, o := range s.objects {
			stored[k] = asMap(t, o)
		}
		if len(stored) != len(now) {
			t.Fatalf("%d objects are stored, the audit tells of %d", len(stored), len(now))
		}
		for k := range stored {
			if got, want := asText(t, now[k]), asText(t, stored[k]); got != want {
				t.Fatalf("%s %s: the audit tells\n%s\nstored\n%s", k.kind, k.id, got, want)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func load(t *rapid.T, db *DB) (p *steering.Project) {
	db.projects = newProjectCache()
	err := db.View(context.Background(), func(tx *Tx) (err error) { p, err = tx.Project("ACME"); return err })
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func asText(t *rapid.T, v any) string {
	s, err := encode(v)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
