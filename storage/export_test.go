package storage

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"timonel/bot"
	"timonel/internal/golden"
	"timonel/steering"
)

func export(t testing.TB, db *DB, key string) string {
	t.Helper()
	var b bytes.Buffer
	if err := db.Export(context.Background(), &b, key, nil); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func importText(db *DB, text string) (ImportResult, error) {
	return db.Import(context.Background(), strings.NewReader(text), nil)
}

// history makes a few changes, an undo among them.
func makeHistory(t testing.TB, db *DB, c *clock, key string) {
	t.Helper()
	c.tick()
	change(t, db, key, ana, func(p *steering.Project) {
		p.Milestones[1].Due = day("2026-03-27")
		p.Record("milestone.moved", "2")
	})
	c.tick()
	change(t, db, key, bruno, func(p *steering.Project) {
		p.Risks = append(p.Risks, &steering.Risk{ID: 2, Text: "\u2028 línea <b>", Status: steering.EntryOpen, RaisedBy: "bruno"})
		p.Milestones[0].SignOff.Given = []steering.Given{{Person: "bruno", Side: steering.SideClient, At: c.at}}
		p.Record("milestone.signed", "1")
		p.Record("risk.added", "risk 2")
	})
	c.tick()
	if _, err := undo(t, db, key, ana); err != nil {
		t.Fatal(err)
	}
	c.tick()
	update(t, db, func(tx *Tx) error {
		_, err := tx.MarkSent(key, steering.Sent{Kind: "overdue", Object: "2", About: "2026-03-20"})
		return errors.Join(err, tx.AppendAudit(steering.AuditEntry{By: "ana", Action: "people.renamed", Object: "bruno", After: map[string]any{"name": "Bruno"}}))
	})
}

func TestExportGolden(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		seed(t, db, "ACME")
		makeHistory(t, db, c, "ACME")
		got := export(t, db, "")
		golden.Equal(t, filepath.Join("testdata", "export.json"), got)
		if !json.Valid([]byte(got)) {
			t.Error("it is no JSON")
		}
		view(t, db, func(tx *Tx) error {
			state, err := tx.ExportState("ACME")
			if err != nil || len(state.Projects) != 1 || len(state.People) != 2 || len(state.Audit) == 0 || state.Format != 1 {
				t.Errorf("as a value: %+v, %v", state, err)
			}
			return nil
		})
	})
}

func TestExportEmpty(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		if got := export(t, db, ""); got != "{\n  \"format\": 1\n}\n" {
			t.Errorf("%q", got)
		}
		if err := db.Export(context.Background(), &bytes.Buffer{}, "NONE", nil); !errors.Is(err, ErrNotFound) {
			t.Errorf("no such project: %v", err)
		}
		if _, err := importText(db, export(t, db, "")); err != nil {
			t.Errorf("import of nothing: %v", err)
		}
	})
}

// Whatever came out goes in, on each engine from each, and comes out the same.
func TestExportImportIdentity(t *testing.T) {
	c := newClock()
	first := openOn(t, sqliteEngine, c)
	for _, key := range []string{"ACME", "B-2", "ZZ"} {
		seed(t, first, key)
		makeHistory(t, first, c, key)
	}
	want := export(t, first, "")
	for _, from := range []engine{sqliteEngine, postgresEngine} {
		for _, to := range []engine{sqliteEngine, postgresEngine} {
			t.Run(string(from)+" to "+string(to), func(t *testing.T) {
				a, b := openOn(t, from, c), openOn(t, to, c)
				told := 0
				result, err := a.Import(context.Background(), strings.NewReader(want), func(done, total int) { told = done })
				if err != nil || strings.Join(result.Projects, " ") != "ACME B-2 ZZ" || result.People != 2 || told != 3 {
					t.Fatalf("%+v, told of %d, %v", result, told, err)
				}
				if _, err := importText(b, export(t, a, "")); err != nil {
					t.Fatal(err)
				}
				if got := export(t, b, ""); got != want {
					t.Errorf("came out as\n%s\nwant\n%s", got, want)
				}
				for _, f := range b.Check(context.Background()) {
					if f.Err != nil {
						t.Errorf("check %s: %v", f.Name, f.Err)
					}
				}
				// The copy works on: a save after the import.
				change(t, b, "ACME", ana, func(p *steering.Project) { p.Milestones[2].Owner = "ana" })
				if _, err := b.VerifyAudit(context.Background()); err != nil {
					t.Error(err)
				}
			})
		}
	}
	t.Run("one project", func(t *testing.T) {
		db := openOn(t, sqliteEngine, c)
		one := export(t, first, "B-2")
		if _, err := importText(db, one); err != nil {
			t.Fatal(err)
		}
		if got := export(t, db, "B-2"); got != one {
			t.Errorf("came out as\n%s\nwant\n%s", got, one)
		}
	})
	t.Run("its lists in another order", func(t *testing.T) {
		var sections map[string]json.RawMessage
		if err := json.Unmarshal([]byte(want), &sections); err != nil {
			t.Fatal(err)
		}
		reordered := `{"audit":` + string(sections["audit"]) + `,"projects":` + string(sections["projects"]) + `,"people":` + string(sections["people"]) + `,"format":1}`
		db := openOn(t, sqliteEngine, c)
		if _, err := importText(db, reordered); err != nil {
			t.Fatal(err)
		}
		if got := export(t, db, ""); got != want {
			t.Error("came out differently")
		}
	})
}

// An owner whom nobody put: the export names a person, so that it can be imported.
func TestExportOfUnknownPerson(t *testing.T) {
	db := openOn(t, sqliteEngine, newClock())
	seed(t, db, "ACME")
	change(t, db, "ACME", ana, func(p *steering.Project) { p.Milestones[0].Owner = "dora" })
	text := export(t, db, "ACME")
	other := openOn(t, sqliteEngine, newClock())
	if _, err := importText(other, text); err != nil {
		t.Fatal(err)
	}
	if got := export(t, other, ""); got != text {
		t.Errorf("came out as\n%s\nwant\n%s", got, text)
	}
}

func TestImportRefused(t *testing.T) {
	c := newClock()
	source := openOn(t, sqliteEngine, c)
	seed(t, source, "ACME")
	makeHistory(t, source, c, "ACME")
	good := export(t, source, "")
	replace := func(old, new string) func(string) string {
		return func(s string) string { return strings.Replace(s, old, new, 1) }
	}
	cases := []struct {
		name string
		edit func(string) string
		want string // the whole message
	}{
		{"unknown field", replace(`"name": "Alcance",`, `"name": "Alcance", "colour": "red",`), `projects[0].milestones[0].colour: unknown field (take it out, or correct its name: aliases, baseline, blocked_by, checklist, depends_on, done_on, due, forecast, gate, key, module, name, notes, optional, owner, progress, side, signoff, slips, stage, start, status)`},
		{"unknown list", replace(`"projects": [`, `"project": [`), `project: unknown field (an export has format, people, projects and audit)`},
		{"no format", replace(`"format": 1,`, ``), `format: the field is missing (it must be 1)`},
		{"another format", replace(`"format": 1,`, `"format": 2,`), `format: this version reads format 1 only (export it anew with this version)`},
		{"wrong date", replace(`"due": "2026-03-13"`, `"due": "2026-02-30"`), `projects[0].milestones[0].due: "2026-02-30" is no date (write it as YYYY-MM-DD, or leave the field out)`},
		{"empty date", replace(`"due": "2026-03-13"`, `"due": ""`), `projects[0].milestones[0].due: "" is no date (write it as YYYY-MM-DD, or leave the field out)`},
		{"wrong moment", replace(`"at": "2026-03-01T09:30:00Z"`, `"at": "yesterday"`), `projects[0].milestones[0].slips[0].at: "yesterday" is no moment (write it as 2026-03-02T14:00:00Z)`},
		{"wrong status", replace(`"status": "in_progress"`, `"status": "doing"`), `projects[0].milestones[1].status: "doing" is unknown (want one of pending, in_progress, blocked, submitted, done, cancelled)`},
		{"null", replace(`"progress": 40`, `"progress": null`), `projects[0].milestones[1].progress: null is not allowed (leave the field out instead)`},
		{"wrong kind", replace(`"progress": 40`, `"progress": "40"`), `projects[0].milestones[1].progress: want a whole number, not "40"`},
		{"out of range", replace(`"progress": 40`, `"progress": 140`), `projects[ACME].milestones[2].progress: 140 per cent cannot be (use 0 to 100)`},
		{"fraction", replace(`"progress": 40`, `"progress": 4.5`), `projects[0].milestones[1].progress: want a whole number, not 4.5`},
		{"missing field", replace(`"name": "Alcance",`, ``), `projects[0].milestones[0].name: the field is missing`},
		{"field twice", replace(`"name": "Alcance",`, `"name": "Alcance", "name": "x",`), `projects[0].milestones[0].name: the field is there twice (keep one of them)`},
		{"unknown dependency", replace(`"depends_on": [
            "1"`, `"depends_on": [
            "9"`), `projects[ACME].milestones[2].depends_on: there is no milestone "9" (name keys of this project's milestones)`},
		{"circle", replace(`"depends_on": [
            "1"`, `"depends_on": [
            "3"`), `projects[ACME].milestones[2].depends_on: a circle: 2 → 3 → 2 (take one of these dependencies out)`},
		{"key twice", replace(`"key": "2"`, `"key": "1"`), `projects[ACME].milestones[1].key: "1" is no number or there twice (number the milestones 1, 2, …)`},
		{"no key", replace(`"key": "2"`, `"key": "02"`), `projects[ACME].milestones[02].key: "02" is no number or there twice (number the milestones 1, 2, …)`},
		{"unknown stage", replace(`"stage": "s2"`, `"stage": "s9"`), `projects[ACME].milestones[1].stage: there is no stage "s9" (name one of the project's stages)`},
		{"unknown zone", replace(`America/Bogota`, `America/Macondo`), `projects[ACME].timezone: "America/Macondo" is no time zone (use an IANA zone such as America/Bogota)`},
		{"unknown owner", replace(`"owner": "bruno"`, `"owner": "zoe"`), `projects[0].milestones[0].owner: there is no person "zoe" (add the person to people, or correct the id)`},
		{"unknown member", replace(`"person": "bruno"`, `"person": "zoe"`), `projects[0].members[1].person: there is no person "zoe" (add the person to people, or correct the id)`},
		{"unknown proposal milestone", replace(`"milestone": "3"`, `"milestone": "7"`), `projects[ACME].proposals[1].milestone: there is no milestone "7"`},
		{"bad project key", replace(`"key": "ACME"`, `"key": "Acme"`), `projects[Acme].key: "Acme" is no project key (use 2 to 20 of A-Z, 0-9 and -)`},
		{"audit of another project", replace(`"project": "ACME"`, `"project": "OTHER"`), `audit[0].project: the file has no project "OTHER" (take the entry out, or add the project)`},
		{"a handle twice", replace(`57301@s.whatsapp.net`, `57300@s.whatsapp.net`), `people[1].handles.whatsapp: "57300@s.whatsapp.net" is the handle of "ana" (correct one of the two)`},
		{"cut off", func(s string) string { return s[:len(s)/2] }, `the file ends in the middle`},
		{"no JSON", func(string) string { return "hello" }, `no JSON at byte 1`},
		{"a list", func(string) string { return "[]" }, `want "{", not a list`},
		{"something behind", func(s string) string { return s + "{}" }, `something follows the end of the export`},
	}
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		for _, test := range cases {
			t.Run(test.name, func(t *testing.T) {
				edited := test.edit(good)
				if edited == good {
					t.Fatal("the case changes nothing")
				}
				_, err := importText(db, edited)
				var bad *InputError
				if !errors.As(err, &bad) {
					t.Fatalf("import: %v", err)
				}
				if got := bad.Error(); got != test.want && !strings.Contains(got, test.want) {
					t.Errorf("it says\n%s\nwant\n%s", got, test.want)
				}
				if left := export(t, db, ""); left != "{\n  \"format\": 1\n}\n" {
					t.Errorf("it left\n%s", left)
				}
			})
		}
		if _, err := importText(db, good); err != nil {
			t.Fatal(err)
		}
		_, err := importText(db, good)
		var bad *InputError
		if !errors.As(err, &bad) || bad.Error() != "projects[0].key: project ACME is there already (import it under another key, or into an empty database)" {
			t.Errorf("a second time: %v", err)
		}
	})
}

func TestImportMergesPeople(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		update(t, db, func(tx *Tx) error {
			return tx.PutPerson(&steering.Person{ID: "ana", Name: "Ana R.", Handles: map[string]string{"slack": "U1"}})
		})
		_, err := importText(db, `{"format":1,"people":[{"id":"ana","name":"Ana Ruiz","language":"pt","handles":{"slack":"U1","whatsapp":"57@s"}}]}`)
		if err != nil {
			t.Fatal(err)
		}
		view(t, db, func(tx *Tx) error {
			p, err := tx.PersonByHandle(bot.WhatsApp, "57@s")
			if err != nil || p.Name != "Ana R." || p.Language != "pt" || p.Handles["slack"] != "U1" {
				t.Errorf("%+v, %v", p, err)
			}
			return nil
		})
		_, err = importText(db, `{"format":1,"people":[{"id":"ana","name":"Ana","handles":{"slack":"U2"}}]}`)
		var bad *InputError
		if !errors.As(err, &bad) || bad.Path != "people[0].handles.slack" {
			t.Errorf("another handle: %v", err)
		}
	})
}

// Two exports of one database, each of one project, go into another: what concerns people alone is there once.
func TestImportOfPeopleAudit(t *testing.T) {
	c := newClock()
	source := openOn(t, sqliteEngine, c)
	for _, key := range []string{"AA", "BB"} {
		seed(t, source, key)
		makeHistory(t, source, c, key)
	}
	whole := export(t, source, "")
	onlyPeople := whole[:strings.Index(whole, `  "projects"`)] + whole[strings.Index(whole, `  "audit"`):]
	var state steering.State
	if err := json.Unmarshal([]byte(onlyPeople), &state); err != nil {
		t.Fatal(err)
	}
	var kept []steering.AuditEntry
	for _, e := range state.Audit {
		if e.Project == "" {
			kept = append(kept, e)
		}
	}
	state.Audit, state.Format = kept, 1
	db := openOn(t, sqliteEngine, c)
	for i, want := range []int{2, 0} {
		result, err := importText(db, asJSON(t, state))
		if err != nil || result.Audit != want {
			t.Errorf("import %d: %+v, %v; want %d entries", i, result, err, want)
		}
	}
}
