package steering

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestValidateNamesPathAndRemedy(t *testing.T) {
	for want, spoil := range map[string]func(p *Project){
		`projects[pilot].key: "pilot" is no project key (use 2 to 20`:                         func(p *Project) { p.Key = "pilot" },
		`projects[PILOT].name: it is empty`:                                                   func(p *Project) { p.Name = " " },
		`projects[PILOT].mode: unknown value "x" (use implementation, onboarding)`:            func(p *Project) { p.Mode = "x" },
		`projects[PILOT].timezone: "Mars" is no time zone`:                                    func(p *Project) { p.Timezone = "Mars" },
		`projects[PILOT].settings.notice_at: "9"`:                                             func(p *Project) { p.Settings.NoticeAt = "9" },
		`projects[PILOT].status: unknown value "dead"`:                                        func(p *Project) { p.Status = "dead" },
		`projects[PILOT].members[1].person: "ana" is empty or there twice`:                    func(p *Project) { p.Members[1].Person = "ana" },
		`projects[PILOT].members[1].roles: unknown value "king"`:                              func(p *Project) { p.Members[1].Roles = []Role{"king"} },
		`projects[PILOT].milestones[03].key: "03" is no number`:                               func(p *Project) { p.Milestones[2].Key = "03" },
		`projects[PILOT].milestones[2].key: "2" is no number or there twice`:                  func(p *Project) { p.Milestones[2].Key = "2" },
		`projects[PILOT].milestones[3].stage: there is no stage "x"`:                          func(p *Project) { p.Milestones[2].Stage = "x" },
		`projects[PILOT].milestones[3].status: unknown value ""`:                              func(p *Project) { p.Milestones[2].Status = "" },
		`projects[PILOT].milestones[3].depends_on: there is no milestone "77"`:                func(p *Project) { p.Milestones[2].DependsOn = []string{"77"} },
		`projects[PILOT].milestones[2].depends_on: a circle: 2 → 6 → 4 → 3 → 2 (take one`:     func(p *Project) { p.Milestones[1].DependsOn = []string{"6"} },
		`projects[PILOT].milestones[3].due: 2226-01-01 cannot be (use a date`:                 func(p *Project) { p.Milestones[2].Due = day("2226-01-01") },
		`projects[PILOT].milestones[3].progress: 120 per cent`:                                func(p *Project) { p.Milestones[2].Progress = 120 },
		`projects[PILOT].milestones[4].signoff.sides: a submitted milestone waits for nobody`: func(p *Project) { p.Milestones[3].Status = Submitted },
		`projects[PILOT].milestones[3].slips[0].at: the moment is missing`:                    func(p *Project) { p.Milestones[2].Slips = []Slip{{From: 20000, To: 20001}} },
		`projects[PILOT].milestones[3].signoff.document: it is not named or has no hash`:      func(p *Project) { p.Milestones[2].SignOff.Document = &Document{"x", "y"} },
		`projects[PILOT].risks[0].id: 0 is no id or there twice`:                              func(p *Project) { p.Risks = []*Risk{{Status: EntryOpen}} },
		`projects[PILOT].actions[1].meeting: there is no meeting 7`:                           func(p *Project) { p.Actions = []*Action{{ID: 1, Status: EntryOpen, Meeting: 7}} },
		`projects[PILOT].meetings[1].milestones: there is no milestone "x"`: func(p *Project) {
			p.Meetings = []*Meeting{{ID: 1, Kind: MeetingReview, Status: MeetingHeld, Milestones: []string{"x"}}}
		},
		`projects[PILOT].meetings[1].at: the moment is missing`:             func(p *Project) { p.Meetings = []*Meeting{{ID: 1, Kind: MeetingReview, Status: MeetingScheduled}} },
		`projects[PILOT].warranty.until: 2026-01-01 lies before 2026-02-01`: func(p *Project) { p.Warranty = &Warranty{From: day("2026-02-01"), Until: day("2026-01-01")} },
		`projects[PILOT].mutes[0].until: it is missing`:                     func(p *Project) { p.Mutes = []*Mute{{Person: "ana"}} },
		`projects[PILOT].invoices[2].status: unknown value "late"`:          func(p *Project) { p.Invoices = []*Invoice{{ID: 2, Status: "late"}} },
		`projects[PILOT].answers[0].question: unknown value "x"`:            func(p *Project) { p.Answers = []*Answer{{Question: "x", At: tuesday}} },
		`projects[PILOT].proposals[1].due: it is missing`: func(p *Project) {
			p.Proposals = []*Proposal{{ID: 1, Milestone: "3", At: tuesday, Status: ProposalOpen}}
		},
	} {
		p := pilot()
		spoil(p)
		if err := p.Validate(); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
	if err := pilot().Validate(); err != nil {
		t.Errorf("a sound project: %v", err)
	}
}

func TestValidateState(t *testing.T) {
	state := func() *State {
		s := &State{Format: 1, Projects: []*Project{pilot()}}
		for _, m := range s.Projects[0].Members {
			s.People = append(s.People, &Person{ID: m.Person, Name: string(m.Person), Handles: map[string]string{"slack": "U-" + string(m.Person)}})
		}
		return s
	}
	if err := state().Validate(); err != nil {
		t.Fatalf("a sound state: %v", err)
	}
	for want, spoil := range map[string]func(s *State){
		"format: this program reads format 1, not 2":                          func(s *State) { s.Format = 2 },
		`people[1].id: "ana" is empty or there twice`:                         func(s *State) { s.People[1].ID = "ana" },
		`people[1].handles: a handle on slack belongs to "ana" too`:           func(s *State) { s.People[1].Handles["slack"] = "U-ana" },
		`projects[PILOT].key: "PILOT" is empty or there twice`:                func(s *State) { s.Projects = append(s.Projects, pilot()) },
		`projects[PILOT].milestones[2].owner: nobody has the id "zed"`:        func(s *State) { s.Projects[0].Milestones[1].Owner = "zed" },
		`projects[PILOT].name: it is empty (give the project a name)`:         func(s *State) { s.Projects[0].Name = "" },
		`audit[0].at: the moment is missing or cannot be (give the moment in`: func(s *State) { s.Audit = []AuditEntry{{Action: "x"}} },
		`audit[0].project: there is no project "NONE"`:                        func(s *State) { s.Audit = []AuditEntry{{Action: "x", Project: "NONE", At: tuesday}} },
	} {
		s := state()
		spoil(s)
		if err := s.Validate(); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

func TestNormalizeIsTheOrderOfTheExport(t *testing.T) {
	bogota := time.FixedZone("", -5*3600)
	p := pilot()
	want := snapshot(t, p)
	for i, j := 0, len(p.Milestones)-1; i < j; i, j = i+1, j-1 {
		p.Milestones[i], p.Milestones[j] = p.Milestones[j], p.Milestones[i]
	}
	p.Members[0], p.Members[5] = p.Members[5], p.Members[0]
	p.Normalize()
	if got := snapshot(t, p); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	p.Decisions = []*Decision{{ID: 2, At: tuesday.In(bogota)}, {ID: 1, At: tuesday}}
	p.Sent = []Sent{{Kind: "b", At: tuesday}, {Kind: "a", At: tuesday.In(bogota)}, {Kind: "z", At: tuesday.Add(-time.Hour)}}
	p.Normalize()
	b, _ := json.Marshal([]any{p.Decisions, p.Sent})
	if got := string(b); got != `[[{"id":1,"text":"","at":"2026-03-10T10:00:00Z"},{"id":2,"text":"","at":"2026-03-10T10:00:00Z"}],`+
		`[{"kind":"z","at":"2026-03-10T09:00:00Z"},{"kind":"a","at":"2026-03-10T10:00:00Z"},{"kind":"b","at":"2026-03-10T10:00:00Z"}]]` {
		t.Errorf("got %s", got)
	}
}

// full is a pilot with something in every register.
func full(t *testing.T) *State {
	p := matrix(t, ModeImplementation)
	must(t, p, "ana", tuesday, AddEntry{Kind: KindIssue, Text: "down"}, AddEntry{Kind: KindDecision, Text: "sales only"},
		AddEntry{Kind: KindAction, Text: "send", Owner: "bruno", Due: day("2026-03-20")}, SetWarranty{Days: 90, Covered: []string{"bugs"}},
		RecordTraining{Person: "gus", Milestone: "7"}, AnswerAlignment{QuestionDoing, "setup"}, RuleRequest{ID: 1, Covered: true},
		AttachDocument{Key: "3", Name: "scope.xlsx", SHA256: strings.Repeat("a", 64)}, AddNote{Key: "3", Text: "format"},
		ChangeSettings{Settings{ClosedDays: []Date{day("2026-04-02")}, ReminderDays: []int{5}, MeetingHours: []string{"11:00"}}},
		MoveMilestone{Key: "9", To: day("2026-04-28")}, VoteSlot{1, 0})
	must(t, p, "bruno", tuesday, RejectSignOff{Key: "13", Reason: "no"})
	must(t, p, "ana", tuesday, CompleteMilestone{Key: "13"})
	must(t, p, "bruno", tuesday, GiveSignOff{Key: "13"})
	p.Chats = []Chat{{Platform: "whatsapp", ID: "b"}, {Platform: "slack", ID: "z", Audience: AudienceVendor}}
	p.Sent = []Sent{{Kind: "reminder", Object: "3", About: "2026-03-10", At: tuesday}}
	p.Milestone("4").Start, p.Milestone("4").Checklist = day("2026-03-16"), []string{"dns"}
	p.Journal = nil
	p.Normalize()
	s := &State{Format: 1, Projects: []*Project{p}, Audit: []AuditEntry{{At: tuesday, Project: "PILOT", By: "ana", Action: "x"}}}
	for _, m := range p.Members {
		s.People = append(s.People, &Person{ID: m.Person, Name: string(m.Person), Language: "es"})
	}
	return s
}

func TestExportIsReadBack(t *testing.T) {
	s := full(t)
	if err := s.Validate(); err != nil {
		t.Fatal(err)
	}
	first, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var back State
	if err := json.Unmarshal(first, &back); err != nil {
		t.Fatal(err)
	}
	back.Normalize()
	if err := back.Validate(); err != nil {
		t.Error(err)
	}
	if again, _ := json.Marshal(&back); string(again) != string(first) {
		t.Errorf("got  %s\nwant %s", again, first)
	}
	if strings.Contains(string(first), "null") || strings.Contains(string(first), `""`) {
		t.Errorf("nulls or empty texts: %s", first)
	}
}

func TestEverybodyWhoIsNamedIsAPerson(t *testing.T) {
	s := full(t)
	named := map[PersonID]bool{}
	s.Projects[0].persons(func(_ string, id PersonID) { named[id] = true })
	delete(named, "")
	for id := range named {
		people := s.People
		s.People = nil
		for _, person := range people {
			if person.ID != id {
				s.People = append(s.People, person)
			}
		}
		if err := s.Validate(); err == nil || !strings.Contains(err.Error(), "nobody has the id") {
			t.Errorf("without %s: %v", id, err)
		}
		s.People = people
	}
}

func TestCloneSharesNothing(t *testing.T) {
	p := full(t).Projects[0]
	before := snapshot(t, p)
	c := p.Clone()
	if snapshot(t, c) != before {
		t.Fatal("the copy differs")
	}
	spoil(reflect.ValueOf(c).Elem())
	if snapshot(t, p) != before {
		t.Errorf("the copy reaches into the original:\n%s\n%s", before, snapshot(t, p))
	}
	if !p.Calendar.Closed[day("2026-04-02")] {
		t.Error("the copy reaches into the calendar")
	}
}

// spoil overwrites everything that it can reach.
func spoil(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			spoil(v.Elem())
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Unix(0, 0)))
			return
		}
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				spoil(v.Field(i))
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			spoil(v.Index(i))
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			v.SetMapIndex(k, reflect.Value{})
		}
	case reflect.String:
		v.SetString("spoilt")
	case reflect.Int, reflect.Int32:
		v.SetInt(-77)
	case reflect.Bool:
		v.SetBool(!v.Bool())
	}
}
