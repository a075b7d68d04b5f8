package conversations

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"timonel/conversations/understand"
	"timonel/steering"
	"timonel/steering/plan"
)

// TestEveryPlan says the same things about every milestone of every built-in plan: whatever a plan calls its milestones, no
// name may get in the way of what is said by number, or of what is about none.
func TestEveryPlan(t *testing.T) {
	model, err := understand.Load()
	if err != nil {
		t.Fatal(err)
	}
	plans, err := plan.Open("")
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	for _, lang := range []string{"es", "pt", "en"} {
		lines := templates(t, lang)
		for _, key := range plans.Keys() {
			p, err := plans.Find(key)
			if err != nil {
				t.Fatal(err)
			}
			project, err := p.Instantiate(plan.Spec{
				Key: "P1", Name: "Fénix", Start: steering.NewDate(2026, time.March, 2), Language: lang, Timezone: "UTC",
				Members: []steering.Member{
					{Person: "ana", Side: steering.SideVendor, Roles: []steering.Role{steering.RoleLead}},
					{Person: "bruno", Side: steering.SideClient, Roles: []steering.Role{steering.RoleProductOwner}},
				},
			})
			if err != nil {
				t.Fatal(err)
			}
			read += readTemplates(t, model, lang, project, lines)
		}
	}
	t.Logf("%d messages read", read)
}

// templates are lines of a text and its intent.
func templates(t *testing.T, lang string) [][2]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("corpus", lang+"-plans.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	var out [][2]string
	for line := range strings.Lines(string(data)) {
		if text, intent, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok && !strings.HasPrefix(text, "#") {
			out = append(out, [2]string{text, intent})
		}
	}
	return out
}

func readTemplates(t *testing.T, model *understand.Model, lang string, p *steering.Project, lines [][2]string) int {
	t.Helper()
	n := 0
	for _, line := range lines {
		keys := []string{""}
		if strings.Contains(line[0], "{n}") {
			keys = nil
			for _, m := range p.Milestones {
				keys = append(keys, m.Key)
			}
		}
		for _, key := range keys {
			text := strings.ReplaceAll(line[0], "{n}", key)
			n++
			if got := misread(model.Read(text, planScene(lang, p, text, awaited(line[1], key))), understand.Intent(line[1]), key); got != "" {
				t.Errorf("%s, plan %s: %q is to be %s %s, read as %s", lang, p.Plan, text, line[1], key, got)
			}
		}
	}
	return n
}

// awaited are the milestones that wait for the speaker's signature: the one that is to be signed or refused.
func awaited(intent, key string) []string {
	if i := understand.Intent(intent); i == understand.Accept || i == understand.Reject {
		return []string{key}
	}
	return nil
}

// planScene is as much of a scene as somebody would be read in whose signature the milestones wait for.
func planScene(lang string, p *steering.Project, text string, awaiting []string) understand.Scene {
	today := steering.NewDate(2026, time.March, 10)
	s := understand.Scene{Language: lang, Today: today, Now: today.At(10, 0, time.UTC), Calendar: p.Calendar, Speaker: "ana", Awaiting: awaiting}
	for _, m := range p.Milestones {
		s.Milestones = append(s.Milestones, understand.Named{Key: m.Key, Name: m.Name, Aliases: m.Aliases, Status: m.Status, Due: m.Due, Owner: string(m.Owner), SignOff: m.SignOff != nil})
	}
	for _, st := range p.Stages {
		s.Stages = append(s.Stages, st.Name)
	}
	s.People = []understand.Known{{ID: "ana", Name: "Ana Ruiz", Side: steering.SideVendor}, {ID: "bruno", Name: "Bruno Díaz", Side: steering.SideClient}}
	if i := strings.Index(text, "@bruno"); i >= 0 {
		s.Mentions = []understand.Mention{{Person: "bruno", Start: i, End: i + len("@bruno")}}
	}
	return s
}

// misread says what was read in place of the intent about the milestone; empty when it is right.
func misread(r understand.Reading, want understand.Intent, key string) string {
	if len(r.Frames) == 0 {
		return "nothing"
	}
	f := r.Frames[0]
	got := string(f.Intent) + " " + string(f.Stance)
	switch {
	case want == understand.WhatIf && f.Intent == understand.Move && f.Stance == understand.Hypothesis:
	case f.Intent != want, f.Confidence < understand.ActAt, len(r.Frames) > 1, changes(want) && !f.Stance.Acts():
		return got
	}
	if key == "" {
		return ""
	}
	if len(f.Slots.Milestones) != 1 || f.Slots.Milestones[0].Key != key {
		return got + " of another milestone"
	}
	return ""
}
