package storage

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"timonel/steering"
)

func undo(t testing.TB, db *DB, key string, actor steering.Actor) (u *Undone, err error) {
	t.Helper()
	err = db.Update(context.Background(), func(tx *Tx) error {
		u, err = tx.Undo(key, actor)
		return err
	})
	return u, err
}

func TestUndo(t *testing.T) {
	cases := []struct {
		name   string
		change func(p *steering.Project)
		after  func(p *steering.Project) // what is left of the change
	}{
		{"fields of several objects", func(p *steering.Project) {
			p.Milestones[1].Due = day("2026-03-27")
			p.Milestones[1].Slips = []steering.Slip{{From: day("2026-03-20"), To: day("2026-03-27"), By: "ana"}}
			p.Milestones[2].Due, p.Milestones[2].Owner = day("2026-04-17"), "bruno"
			p.Warranty = nil
			p.Settings.Digest = ""
		}, nil},
		{"something created", func(p *steering.Project) {
			p.Milestones = append(p.Milestones, &steering.Milestone{Key: "4", Name: "Extra", Status: steering.Pending, Due: day("2026-03-30")})
			p.Milestones[0].DependsOn = []string{"4"}
			p.Risks = append(p.Risks, &steering.Risk{ID: 2, Text: "nuevo", Status: steering.EntryOpen, RaisedBy: "ana"})
			p.Members = append(p.Members, steering.Member{Person: "carla"})
			p.Mutes = append(p.Mutes, &steering.Mute{Person: "ana", Until: day("2026-03-09")})
		}, nil},
		{"something removed", func(p *steering.Project) { p.Mutes, p.Members = nil, p.Members[:1] }, nil},
		{"a proposal is withdrawn", func(p *steering.Project) {
			p.Proposals = append(p.Proposals, &steering.Proposal{ID: 2, Milestone: "2", Due: day("2026-03-30"), By: "ana", Status: steering.ProposalOpen})
		}, func(p *steering.Project) {
			p.Proposals = append(p.Proposals, &steering.Proposal{ID: 2, Milestone: "2", Due: day("2026-03-30"), By: "ana", Status: steering.ProposalWithdrawn})
		}},
		{"a milestone with its proposed date", func(p *steering.Project) {
			p.Milestones = append(p.Milestones, &steering.Milestone{Key: "4", Name: "Extra", Status: steering.Pending})
			p.Proposals = append(p.Proposals, &steering.Proposal{
				ID: 2, Milestone: "4", Due: day("2026-03-30"), By: "ana", At: p.Decisions[0].At, Status: steering.ProposalOpen,
			})
		}, nil},
		{"with a reason", func(p *steering.Project) {
			p.Milestones[2].Status = steering.Cancelled
			p.RecordBecause("milestone.cancelled", "3", "sin presupuesto")
		}, nil},
	}
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		update(t, db, func(tx *Tx) error { return tx.PutPerson(&steering.Person{ID: "carla", Name: "Carla"}) })
		for i, test := range cases {
			t.Run(test.name, func(t *testing.T) {
				key := "P" + string(rune('A'+i))
				seed(t, db, key)
				change(t, db, key, ana, func(p *steering.Project) { p.Refresh(p.Today(c.at)) })
				want := project(t, db, key)
				if test.after != nil {
					test.after(want)
				}
				want.Refresh(want.Today(c.at))
				c.tick()
				change(t, db, key, ana, test.change)
				c.tick()
				change(t, db, key, bruno, func(p *steering.Project) { p.Issues[0].Owner = "bruno" })
				want.Issues[0].Owner = "bruno"
				u, err := undo(t, db, key, ana)
				if err != nil {
					t.Fatal(err)
				}
				db.projects = newProjectCache()
				if got := asJSON(t, project(t, db, key)); got != asJSON(t, want) || got != asJSON(t, u.Project) {
					t.Errorf("after the undo\n%s\nreturned\n%s\nwant\n%s", got, asJSON(t, u.Project), asJSON(t, want))
				}
				if len(u.Entries) == 0 || len(u.Entries) != len(u.Taken) || u.Entries[0].Action != "undo" {
					t.Errorf("entries %v, taken %v", u.Entries, u.Taken)
				}
				if _, err := undo(t, db, key, ana); refusal(err) != KeyNothingToUndo {
					t.Errorf("a second undo: %v", err)
				}
				if _, err := undo(t, db, key, bruno); err != nil {
					t.Errorf("bruno's undo: %v", err)
				}
			})
		}
		if _, err := db.VerifyAudit(context.Background()); err != nil {
			t.Error(err)
		}
	})
}

func TestUndoStepsBack(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		seed(t, db, "ACME")
		for _, percent := range []int{50, 60, 70} {
			c.tick()
			change(t, db, "ACME", ana, func(p *steering.Project) { p.Milestones[1].Progress = percent })
		}
		for _, want := range []int{60, 50, 40} {
			c.tick()
			u, err := undo(t, db, "ACME", ana)
			if err != nil || u.Project.Milestones[1].Progress != want {
				t.Fatalf("%v, %v; want %d", u, err, want)
			}
		}
		if _, err := undo(t, db, "ACME", ana); refusal(err) != KeyNothingToUndo {
			t.Errorf("the creation was undone: %v", err)
		}
	})
}

func TestUndoRefused(t *testing.T) {
	add := func(p *steering.Project) {
		p.Milestones = append(p.Milestones, &steering.Milestone{Key: "4", Name: "Extra", Status: steering.Pending, Due: day("2026-03-30")})
	}
	propose := func(p *steering.Project) {
		p.Proposals = append(p.Proposals, &steering.Proposal{ID: 2, Milestone: "2", Due: day("2026-03-30"), By: "ana", Status: steering.ProposalOpen})
	}
	cases := []struct {
		name         string
		first, later func(p *steering.Project)
		objects      []string
		milestones   []string
	}{
		{"the field was changed", func(p *steering.Project) { p.Milestones[1].Due = day("2026-03-27") },
			func(p *steering.Project) { p.Milestones[1].Due = day("2026-03-28") }, []string{"milestone 2"}, []string{"2"}},
		{"what was created was changed", add, func(p *steering.Project) { p.Milestones[3].Owner = "bruno" }, []string{"milestone 4"}, []string{"4"}},
		{"the proposal was decided", propose, func(p *steering.Project) { p.Proposals[1].Status = steering.ProposalAccepted }, []string{"proposal 2"}, nil},
		{"what was created is gone", func(p *steering.Project) {
			p.Mutes = append(p.Mutes, &steering.Mute{Person: "ana", Until: day("2026-03-09")})
		},
			func(p *steering.Project) { p.Mutes = nil }, []string{"mute ana/*"}, nil},
		{"something was noted about it", add, func(p *steering.Project) {
			p.Mutes = append(p.Mutes, &steering.Mute{Person: "bruno", Milestone: "4", Until: day("2026-03-29")})
		}, nil, nil},
		{"something depends on it", add, func(p *steering.Project) { p.Milestones[0].DependsOn = []string{"4"} }, nil, []string{"1"}},
	}
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		for i, test := range cases {
			t.Run(test.name, func(t *testing.T) {
				key := "P" + string(rune('A'+i))
				seed(t, db, key)
				c.tick()
				change(t, db, key, ana, test.first)
				c.tick()
				change(t, db, key, bruno, test.later)
				before := asJSON(t, project(t, db, key))
				_, err := undo(t, db, key, ana)
				var refused *steering.Error
				if !errors.As(err, &refused) || refused.Key != KeyUndoChanged || refused.Code != steering.CodeConflict {
					t.Fatalf("undo: %v", err)
				}
				if got, _ := refused.Args["objects"].([]string); !slices.Equal(got, test.objects) {
					t.Errorf("objects %q, want %q", got, test.objects)
				}
				if got, _ := refused.Args["milestones"].([]string); !slices.Equal(got, test.milestones) {
					t.Errorf("milestones %q, want %q", got, test.milestones)
				}
				if by, _ := refused.Args["by"].([]steering.PersonID); test.objects != nil && !slices.Equal(by, []steering.PersonID{"bruno"}) {
					t.Errorf("by %q, want bruno", by)
				}
				if got := asJSON(t, project(t, db, key)); got != before {
					t.Error("the refused undo changed something")
				}
			})
		}
	})
}

// A change elsewhere in the same object, or of what is computed, is no reason to refuse.
func TestUndoBesideOtherChanges(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		seed(t, db, "ACME")
		change(t, db, "ACME", ana, func(p *steering.Project) { p.Milestones[1].Due = day("2026-03-27") })
		change(t, db, "ACME", bruno, func(p *steering.Project) { p.Milestones[1].Progress, p.Milestones[1].Forecast = 80, day("2026-06-01") })
		u, err := undo(t, db, "ACME", ana)
		if err != nil {
			t.Fatal(err)
		}
		if m := u.Project.Milestones[1]; m.Due != day("2026-03-20") || m.Progress != 80 {
			t.Errorf("due %s, progress %d", m.Due, m.Progress)
		}
	})
}

func TestMilestoneNumbersAreNotUsedAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		seed(t, db, "ACME")
		change(t, db, "ACME", ana, func(p *steering.Project) {
			p.Milestones = append(p.Milestones, &steering.Milestone{Key: p.NextKey(), Name: "Extra", Status: steering.Pending})
		})
		if _, err := undo(t, db, "ACME", ana); err != nil {
			t.Fatal(err)
		}
		if key := project(t, db, "ACME").NextKey(); key != "5" {
			t.Errorf("the next key is %s, want 5", key)
		}
		var file strings.Builder
		if err := db.Export(context.Background(), &file, "", nil); err != nil {
			t.Fatal(err)
		}
		other := openOn(t, sqliteEngine, c)
		if _, err := other.Import(context.Background(), strings.NewReader(file.String()), nil); err != nil {
			t.Fatal(err)
		}
		if key := project(t, other, "ACME").NextKey(); key != "5" {
			t.Errorf("after an import the next key is %s, want 5", key)
		}
	})
}

// The audit alone is enough to undo: an import brings it along.
func TestUndoAfterImport(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, c *clock) {
		seed(t, db, "ACME")
		c.tick()
		change(t, db, "ACME", ana, func(p *steering.Project) {
			p.Milestones[1].Due, p.Milestones[2].Due = day("2026-03-27"), day("2026-04-17")
			p.Mutes = p.Mutes[:1]
			p.Record("milestone.moved", "2")
			p.Record("milestone.moved", "3")
			p.Record("notices.unmuted", "member bruno")
		})
		c.tick()
		change(t, db, "ACME", ana, func(p *steering.Project) {
			p.Risks = append(p.Risks, &steering.Risk{ID: 2, Text: "x", Status: steering.EntryOpen, RaisedBy: "ana"})
			p.Record("risk.added", "risk 2")
		})
		c.tick()
		if _, err := undo(t, db, "ACME", ana); err != nil {
			t.Fatal(err)
		}
		var file strings.Builder
		if err := db.Export(context.Background(), &file, "", nil); err != nil {
			t.Fatal(err)
		}
		other := openOn(t, sqliteEngine, c)
		if _, err := other.Import(context.Background(), strings.NewReader(file.String()), nil); err != nil {
			t.Fatal(err)
		}
		for _, db := range []*DB{db, other} {
			u, err := undo(t, db, "ACME", ana)
			if err != nil {
				t.Fatal(err)
			}
			p := u.Project
			if p.Milestones[1].Due != day("2026-03-20") || p.Milestones[2].Due != day("2026-04-10") || len(p.Mutes) != 2 || len(p.Risks) != 1 {
				t.Errorf("not put back: %s", asJSON(t, p))
			}
			if _, err := undo(t, db, "ACME", ana); refusal(err) != KeyNothingToUndo {
				t.Errorf("and once more: %v", err)
			}
		}
	})
}
