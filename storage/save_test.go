package storage

import (
	"context"
	"errors"
	"slices"
	"testing"

	"timonel/steering"
)

// audit lists a project's entries as one line each: who, what, which, from, to.
func audit(t testing.TB, db *DB, key string) (lines []string) {
	t.Helper()
	view(t, db, func(tx *Tx) error {
		return tx.entries(func(e *entry) error {
			lines = append(lines, string(e.By)+" "+e.Action+" "+e.Object+" "+e.before+" "+e.after+" "+e.Via)
			return nil
		}, `project = $1 ORDER BY seq`, key)
	})
	return lines
}

func TestSaveAudit(t *testing.T) {
	cases := []struct {
		name   string
		change func(p *steering.Project)
		want   []string
	}{
		{"nothing", func(*steering.Project) {}, nil},
		{"only what is computed", func(p *steering.Project) {
			p.Health, p.Milestones[0].Forecast = steering.Red, day("2026-05-01")
		}, nil},
		{"a move and what followed, in the journal's order", func(p *steering.Project) {
			p.Milestones[1].Due, p.Milestones[1].Forecast = day("2026-03-27"), day("2026-03-27")
			p.Milestones[0].Owner = "ana"
			p.Record("milestone.moved", "2")
			p.Record("milestone.assigned", "1")
		}, []string{
			`ana milestone.moved 2 {"due":"2026-03-20"} {"due":"2026-03-27"} slack`,
			`ana milestone.assigned 1 {"owner":"bruno"} {"owner":"ana"} slack`,
		}},
		{"unset fields are absent", func(p *steering.Project) { p.Milestones[0].Owner = ""; p.Milestones[2].BlockedBy = "clima" }, []string{
			`ana milestone.changed 1 {"owner":"bruno"}  slack`,
			`ana milestone.changed 3  {"blocked_by":"clima"} slack`,
		}},
		{"the same number in several lists", func(p *steering.Project) {
			p.Risks[0].Status, p.Actions[0].Status = steering.EntryClosed, steering.EntryClosed
			p.Record("risk.closed", "risk 1")
			p.Record("action.closed", "action 1")
		}, []string{
			`ana risk.closed risk 1 {"status":"open"} {"status":"closed"} slack`,
			`ana action.closed action 1 {"status":"open"} {"status":"closed"} slack`,
		}},
		{"created", func(p *steering.Project) {
			p.Issues = append(p.Issues, &steering.Issue{ID: 2, Text: "a<b", Status: steering.EntryOpen, RaisedBy: "ana"})
			p.Record("issue.added", "issue 2")
		}, []string{`ana issue.added issue 2  {"id":2,"status":"open","text":"a<b"} slack`}},
		{"removed", func(p *steering.Project) { p.Mutes = p.Mutes[:1]; p.Record("notices.unmuted", "member bruno") }, []string{
			`ana notices.unmuted member bruno {"milestone":"3","person":"bruno","until":"2026-03-20"}  slack`,
		}},
		{"removed without a word", func(p *steering.Project) { p.Mutes = p.Mutes[:1] }, []string{
			`ana mute.removed mute bruno/3 {"milestone":"3","person":"bruno","until":"2026-03-20"}  slack`,
		}},
		{"the header's parts", func(p *steering.Project) {
			p.Warranty.Until = day("2026-07-01")
			p.Record("warranty.set", "warranty")
		}, []string{
			`ana warranty.set project {"warranty":{"covered":["errores"]}} {"warranty":{"covered":["errores"],"until":"2026-07-01"}} slack`,
		}},
		{"members", func(p *steering.Project) {
			p.Members[1].Roles = []steering.Role{steering.RoleSponsor}
			p.Record("member.placed", "member bruno")
		}, []string{`ana member.placed member bruno {"roles":["sponsor","guardian"]} {"roles":["sponsor"]} slack`}},
		{"a reason", func(p *steering.Project) {
			p.Milestones[2].Status = steering.Cancelled
			p.RecordBecause("milestone.cancelled", "3", "sin presupuesto")
			p.Proposals[0].Status = steering.ProposalRejected
			p.RecordBecause("proposal.rejected", "proposal 1", "tarde")
		}, []string{
			`ana milestone.cancelled 3 {"status":"pending"} {"reason":"sin presupuesto","status":"cancelled"} slack`,
			`ana proposal.rejected proposal 1 {"status":"open"} {"because":"tarde","status":"rejected"} slack`,
		}},
	}
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		for i, test := range cases {
			t.Run(test.name, func(t *testing.T) {
				key := "P" + string(rune('A'+i))
				seed(t, db, key)
				number := change(t, db, key, ana, test.change)
				if (number != 0) != (test.want != nil) {
					t.Errorf("change number %d", number)
				}
				if got := audit(t, db, key)[1:]; !slices.Equal(got, test.want) {
					t.Errorf("audit\n%q\nwant\n%q", got, test.want)
				}
				cached := asJSON(t, project(t, db, key))
				db.projects = newProjectCache()
				want := sample(key)
				test.change(want)
				want.Normalize()
				want.Sent = nil
				if got := asJSON(t, project(t, db, key)); got != asJSON(t, want) || got != cached {
					t.Errorf("stored\n%s\ncached\n%s\nwant\n%s", got, cached, asJSON(t, want))
				}
			})
		}
		if n, err := db.VerifyAudit(context.Background()); err != nil || n < len(cases) {
			t.Errorf("verify: %d, %v", n, err)
		}
	})
}

func TestSaveWritesOnlyWhatDiffers(t *testing.T) {
	db := openOn(t, sqliteEngine, newClock())
	seed(t, db, "ACME")
	touched := 0
	update(t, db, func(tx *Tx) error {
		p, err := tx.Project("ACME")
		if err != nil {
			return err
		}
		p.Milestones[1].Progress = 50
		before, err := tx.find([]any{&touched}, `SELECT total_changes()`)
		if err != nil || !before {
			return err
		}
		start := touched
		if _, err := tx.Save(p, ana); err != nil {
			return err
		}
		_, err = tx.find([]any{&touched}, `SELECT total_changes()`)
		touched -= start
		return err
	})
	// The project, the milestone, the audit, its chain, the change.
	if touched != 5 {
		t.Errorf("%d rows written, want 5", touched)
	}
}

func TestSaveFromTwoCopies(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		seed(t, db, "ACME")
		err := db.Update(context.Background(), func(tx *Tx) error {
			first, err := tx.Project("ACME")
			if err != nil {
				return err
			}
			second, err := tx.Project("ACME")
			if err != nil {
				return err
			}
			first.Name, second.Language = "one", "pt"
			if _, err := tx.Save(first, ana); err != nil {
				return err
			}
			_, err = tx.Save(second, ana)
			return err
		})
		if !errors.Is(err, errStale) {
			t.Errorf("the second copy: %v", err)
		}
		if p := project(t, db, "ACME"); p.Name == "one" {
			t.Error("the first copy was kept, though the transaction failed")
		}
	})
}

func TestSaveTwiceFromOneCopy(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		seed(t, db, "ACME")
		update(t, db, func(tx *Tx) error {
			p, err := tx.Project("ACME")
			if err != nil {
				return err
			}
			p.Name = "one"
			first, err := tx.Save(p, ana)
			if err != nil {
				return err
			}
			p.Language = "pt"
			second, err := tx.Save(p, bruno)
			if first == second {
				t.Errorf("both are change %d", first)
			}
			return err
		})
		if p := project(t, db, "ACME"); p.Name != "one" || p.Language != "pt" {
			t.Errorf("stored %q, %q", p.Name, p.Language)
		}
	})
}

// A rolled-back save must not be seen by anybody, the cache included.
func TestSaveRolledBack(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		seed(t, db, "ACME")
		failed := errors.New("failed after the save")
		err := db.Update(context.Background(), func(tx *Tx) error {
			p, err := tx.Project("ACME")
			if err != nil {
				return err
			}
			p.Name = "lost"
			if _, err := tx.Save(p, ana); err != nil {
				return err
			}
			return failed
		})
		if !errors.Is(err, failed) {
			t.Fatal(err)
		}
		if p := project(t, db, "ACME"); p.Name == "lost" {
			t.Error("the name is there")
		}
		change(t, db, "ACME", ana, func(p *steering.Project) { p.Name = "kept" })
		if p := project(t, db, "ACME"); p.Name != "kept" {
			t.Errorf("name %q", p.Name)
		}
	})
}

func TestRaisedByIsKept(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		seed(t, db, "ACME")
		change(t, db, "ACME", bruno, func(p *steering.Project) {
			p.Risks = append(p.Risks, &steering.Risk{ID: 2, Text: "otro", Status: steering.EntryOpen, RaisedBy: "bruno"})
		})
		db.projects = newProjectCache()
		if p := project(t, db, "ACME"); p.Risks[1].RaisedBy != "bruno" {
			t.Errorf("raised by %q", p.Risks[1].RaisedBy)
		}
	})
}

func TestStatusBeforeBlock(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		seed(t, db, "ACME")
		for _, s := range []steering.Status{steering.Blocked, steering.Pending, steering.Blocked} {
			c.tick()
			change(t, db, "ACME", ana, func(p *steering.Project) { p.Milestones[1].Status = s })
		}
		c.tick()
		change(t, db, "ACME", ana, func(p *steering.Project) { p.Milestones[1].BlockedBy = "accesos" })
		view(t, db, func(tx *Tx) error {
			was, err := tx.StatusBeforeBlock("ACME", "2")
			never, err2 := tx.StatusBeforeBlock("ACME", "1")
			if was != steering.Pending || never != "" || err != nil || err2 != nil {
				t.Errorf("%q, %q, %v, %v", was, never, err, err2)
			}
			return nil
		})
	})
}

func TestAuditFilter(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		seed(t, db, "ACME")
		for _, who := range []steering.Actor{ana, bruno} {
			for _, m := range []int{0, 1} {
				c.tick()
				change(t, db, "ACME", who, func(p *steering.Project) {
					p.Milestones[m].Progress += 10
					p.Record("milestone.progress", p.Milestones[m].Key)
				})
			}
		}
		c.tick()
		change(t, db, "ACME", bruno, func(p *steering.Project) { p.Risks[0].Status = steering.EntryClosed; p.Record("risk.closed", "risk 1") })
		for _, test := range []struct {
			name   string
			filter AuditFilter
			want   int
			first  string
		}{
			{"all", AuditFilter{}, 6, "project.created"},
			{"newest first", AuditFilter{Newest: true, Limit: 2}, 2, "risk.closed"},
			{"object", AuditFilter{Object: "2"}, 2, "milestone.progress"},
			{"action", AuditFilter{Actions: []string{"risk.closed", "risk.added"}}, 1, "risk.closed"},
			{"prefix", AuditFilter{Actions: []string{"milestone.", "risk.closed"}}, 5, "milestone.progress"},
			{"person", AuditFilter{By: "ana", Actions: []string{"milestone."}}, 2, "milestone.progress"},
			{"nothing", AuditFilter{Object: "9"}, 0, ""},
		} {
			view(t, db, func(tx *Tx) error {
				got, err := tx.Audit("ACME", test.filter)
				if err != nil || len(got) != test.want || len(got) > 0 && got[0].Action != test.first {
					t.Errorf("%s: %v, %v", test.name, got, err)
				}
				return nil
			})
		}
	})
}

// What a transaction loaded of its own making and then took back must not be what the next one gets.
func TestLoadedAndRolledBack(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		seed(t, db, "SEED")
		create := func(name string, end error) error {
			return db.Update(context.Background(), func(tx *Tx) error {
				p := sample("ACME")
				p.Name = name
				if err := tx.CreateProject(p, ana); err != nil {
					return err
				}
				delete(tx.stored, "ACME") // as an import does
				if _, err := tx.Project("ACME"); err != nil {
					return err
				}
				return end
			})
		}
		if err := create("lost", errRollback); !errors.Is(err, errRollback) {
			t.Fatal(err)
		}
		if err := create("kept", nil); err != nil {
			t.Fatal(err)
		}
		if p := project(t, db, "ACME"); p.Name != "kept" {
			t.Errorf("name %q", p.Name)
		}
	})
}
