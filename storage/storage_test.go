package storage

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"timonel/internal/pgtest"
	"timonel/steering"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// clock is a clock that tests set.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func (c *clock) tick() { c.at = c.at.Add(time.Minute) }

func newClock() *clock { return &clock{time.Date(2026, 3, 2, 14, 0, 0, 0, time.UTC)} }

// onBoth runs a test on a fresh database of each engine.
func onBoth(t *testing.T, test func(t *testing.T, db *DB, c *clock)) {
	t.Helper()
	for _, engine := range []engine{sqliteEngine, postgresEngine} {
		t.Run(string(engine), func(t *testing.T) {
			c := newClock()
			test(t, openOn(t, engine, c), c)
		})
	}
}

func urlOn(t testing.TB, e engine) string {
	if e == postgresEngine {
		return pgtest.URL(t)
	}
	return filepath.Join(t.TempDir(), "timonel.db")
}

func openOn(t testing.TB, e engine, c *clock) *DB {
	return openURL(t, urlOn(t, e), c)
}

func openURL(t testing.TB, url string, c *clock) *DB {
	t.Helper()
	db, err := Open(t.Context(), url, Options{Now: c.now, Migrate: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func update(t testing.TB, db *DB, f func(tx *Tx) error) {
	t.Helper()
	if err := db.Update(context.Background(), f); err != nil {
		t.Fatal(err)
	}
}

func view(t testing.TB, db *DB, f func(tx *Tx) error) {
	t.Helper()
	if err := db.View(context.Background(), f); err != nil {
		t.Fatal(err)
	}
}

var (
	ana   = steering.Actor{Person: "ana", Via: "slack"}
	bruno = steering.Actor{Person: "bruno", Via: "whatsapp"}
)

func day(s string) steering.Date {
	d, err := steering.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// sample is a small project with something in most lists.
func sample(key string) *steering.Project {
	at := time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)
	covered := true
	return &steering.Project{
		Key: key, Name: "Roll-out <" + key + "> & más", Plan: "cesla", Mode: steering.ModeImplementation, Language: "es",
		Timezone: "America/Bogota", Country: "CO", Start: day("2026-03-02"), Status: steering.ProjectActive, Health: steering.Green,
		Settings: steering.Settings{Digest: "0 9 * * 1", ClosedDays: []steering.Date{day("2026-04-02")}},
		Chats:    []steering.Chat{{Platform: "slack", ID: "C1", Audience: steering.AudienceVendor}, {Platform: "whatsapp", ID: "g1", Audience: steering.AudienceCommittee}},
		Members: []steering.Member{
			{Person: "ana", Side: steering.SideVendor, Roles: []steering.Role{steering.RoleLead}},
			{Person: "bruno", Side: steering.SideClient, Roles: []steering.Role{steering.RoleSponsor, steering.RoleGuardian}},
		},
		Stages: []steering.Stage{{Key: "s2", Name: "Setup"}, {Key: "s1", Name: "Go-live"}},
		Milestones: []*steering.Milestone{
			{Key: "1", Name: "Alcance", Stage: "s2", Side: steering.SideClient, Owner: "bruno", Status: steering.Pending, Baseline: day("2026-03-06"), Due: day("2026-03-13"), Forecast: day("2026-03-13"),
				SignOff: &steering.SignOff{Sides: []steering.Side{steering.SideClient}},
				Slips:   []steering.Slip{{From: day("2026-03-06"), To: day("2026-03-13"), Reason: "vacaciones", By: "ana", At: at}}},
			{Key: "2", Name: "Datos", Aliases: []string{"migración"}, Side: steering.SideVendor, Owner: "ana", Status: steering.InProgress, Progress: 40, Baseline: day("2026-03-20"), Due: day("2026-03-20"), Forecast: day("2026-03-20"), DependsOn: []string{"1"}},
			{Key: "3", Name: "Go-live", Side: steering.SideBoth, Status: steering.Pending, Gate: true, Baseline: day("2026-04-10"), Due: day("2026-04-10"), Forecast: day("2026-04-10"), DependsOn: []string{"2"}},
		},
		Proposals: []*steering.Proposal{{ID: 1, Milestone: "3", Due: day("2026-04-17"), By: "bruno", At: at, Status: steering.ProposalOpen}},
		Actions:   []*steering.Action{{ID: 1, Text: "enviar lista", Owner: "bruno", Due: day("2026-03-10"), Status: steering.EntryOpen, Meeting: 1}},
		Risks:     []*steering.Risk{{ID: 1, Text: "proveedor", Owner: "ana", Probability: steering.High, Status: steering.EntryOpen}},
		Issues:    []*steering.Issue{{ID: 1, Text: "sin acceso", Status: steering.EntryClosed}},
		Decisions: []*steering.Decision{{ID: 1, Text: "en mayo", By: "ana", At: at}},
		Changes:   []*steering.Change{{ID: 1, Text: "tablero", By: "bruno", Scope: steering.ScopeOut, Billable: true, Status: steering.EntryOpen}},
		Meetings:  []*steering.Meeting{{ID: 1, Kind: steering.MeetingSteering, Status: steering.MeetingProposed, Milestones: []string{"3"}, Slots: []steering.Slot{{At: at, Votes: []steering.PersonID{"bruno"}}}}},
		Training:  []*steering.Training{{Person: "bruno", Milestone: "2", On: day("2026-03-18")}},
		Warranty:  &steering.Warranty{Covered: []string{"errores"}},
		Invoices:  []*steering.Invoice{{ID: 1, For: "inicio", Issued: day("2026-03-02"), Due: day("2026-04-01"), Status: steering.InvoiceOpen}},
		Requests:  []*steering.Request{{ID: 1, Text: "no entro", By: "bruno", Status: steering.EntryOpen, Covered: &covered, At: at}},
		Answers:   []*steering.Answer{{Question: "changed", Week: "2026-W09", Text: "nada", By: "bruno", At: at}},
		Mutes:     []*steering.Mute{{Until: day("2026-03-05")}, {Person: "bruno", Milestone: "3", Until: day("2026-03-20")}},
		Sent:      []steering.Sent{{Kind: "reminder", Object: "1", About: "2026-03-13", At: at}},
	}
}

// seed puts two people and a sample project.
func seed(t testing.TB, db *DB, key string) {
	t.Helper()
	update(t, db, func(tx *Tx) error {
		people := []*steering.Person{
			{ID: "ana", Name: "Ana Ruiz", Language: "es", Handles: map[string]string{"slack": "U1", "whatsapp": "57300@s.whatsapp.net"}},
			{ID: "bruno", Name: "Bruno Díaz", Handles: map[string]string{"whatsapp": "57301@s.whatsapp.net"}},
		}
		for _, p := range people {
			if err := tx.PutPerson(p); err != nil {
				return err
			}
		}
		return tx.CreateProject(sample(key), ana)
	})
}

func project(t testing.TB, db *DB, key string) (p *steering.Project) {
	t.Helper()
	view(t, db, func(tx *Tx) (err error) {
		p, err = tx.Project(key)
		return err
	})
	return p
}

// change loads a project, lets f change it, and saves it.
func change(t testing.TB, db *DB, key string, actor steering.Actor, f func(p *steering.Project)) (number int) {
	t.Helper()
	update(t, db, func(tx *Tx) error {
		p, err := tx.Project(key)
		if err != nil {
			return err
		}
		f(p)
		number, err = tx.Save(p, actor)
		return err
	})
	return number
}

// refusal is the key of a *steering.Error, "" if err is none.
func refusal(err error) string {
	var refused *steering.Error
	if errors.As(err, &refused) {
		return refused.Key
	}
	return ""
}

// onEngines runs a test for each engine.
func onEngines(t *testing.T, test func(t *testing.T, e engine)) {
	t.Helper()
	for _, e := range []engine{sqliteEngine, postgresEngine} {
		t.Run(string(e), func(t *testing.T) { test(t, e) })
	}
}
