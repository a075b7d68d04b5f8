package conversations

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"timonel/bot"
	"timonel/internal/markup"
	"timonel/locale"
	"timonel/steering"
	"timonel/storage"
)

// meet finds the person behind a platform's user, who may also be known by another id there. One of whom nothing is known
// is made up for this turn, and stored only when a place in a project is given to them.
func (t *turn) meet(user, also bot.UserID, name string) (*steering.Person, error) {
	for _, id := range []bot.UserID{user, also} {
		if id == "" {
			continue
		}
		p, err := t.tx.PersonByHandle(t.in.Platform, id)
		if err == nil {
			return p, nil
		}
		if !errors.Is(err, storage.ErrNotFound) {
			return nil, fmt.Errorf("find who speaks: %w", err)
		}
	}
	for _, p := range t.met {
		if p.Handles[string(t.in.Platform)] == string(user) {
			return p, nil
		}
	}
	id, err := t.freeID(name, user)
	if err != nil {
		return nil, err
	}
	if name == "" {
		name = string(user)
	}
	p := &steering.Person{ID: id, Name: markup.Strip(name), Handles: map[string]string{string(t.in.Platform): string(user)}}
	t.met = append(t.met, p)
	return p, nil
}

// freeID makes a short, readable id of a name, numbered when somebody else has it.
func (t *turn) freeID(name string, user bot.UserID) (steering.PersonID, error) {
	base := slug(name)
	if base == "" {
		base = slug(string(user))
	}
	if base == "" {
		base = "person"
	}
	for n := 1; ; n++ {
		id := steering.PersonID(base)
		if n > 1 {
			id = steering.PersonID(fmt.Sprintf("%s-%d", base, n))
		}
		if slices.ContainsFunc(t.met, func(p *steering.Person) bool { return p.ID == id }) {
			continue
		}
		_, err := t.tx.Person(id)
		if errors.Is(err, storage.ErrNotFound) {
			return id, nil
		}
		if err != nil {
			return "", fmt.Errorf("find a free id: %w", err)
		}
	}
}

// keepPerson notes what an event tells of a person who has a place somewhere: the id by which the platform calls them now,
// and their name where none was known.
func (t *turn) keepPerson() error {
	if t.in.From == "" || slices.Contains(t.met, t.person) {
		return nil
	}
	platform, changed := string(t.in.Platform), false
	if t.person.Handles[platform] != string(t.in.From) {
		if t.person.Handles == nil {
			t.person.Handles = map[string]string{}
		}
		t.person.Handles[platform], changed = string(t.in.From), true
	}
	if name := markup.Strip(t.in.FromName); nameless(t.person) && name != "" && name != t.person.Name {
		t.person.Name, changed = name, true
	}
	if !changed {
		return nil
	}
	if err := t.tx.PutPerson(t.person); err != nil {
		return fmt.Errorf("note who speaks: %w", err)
	}
	return nil
}

// nameless reports whether a person is called by a number or an address only.
func nameless(p *steering.Person) bool {
	return p.Name == "" || strings.HasPrefix(p.Name, "+") || slices.Contains(slices.Collect(maps.Values(p.Handles)), p.Name)
}

// keepMet stores the people whom a change gives something to: a place, a milestone, an action.
func (t *turn) keepMet(p *steering.Project) error {
	for _, who := range slices.Clone(t.met) {
		if !names(p, who.ID) {
			continue
		}
		if err := t.tx.PutPerson(who); err != nil {
			return fmt.Errorf("store %s: %w", who.ID, err)
		}
		t.met = slices.DeleteFunc(t.met, func(m *steering.Person) bool { return m == who })
	}
	return nil
}

// names reports whether anything in a project belongs to a person.
func names(p *steering.Project, id steering.PersonID) bool {
	return p.Member(id) != nil ||
		slices.ContainsFunc(p.Milestones, func(m *steering.Milestone) bool { return m.Owner == id }) ||
		slices.ContainsFunc(p.Actions, func(a *steering.Action) bool { return a.Owner == id }) ||
		slices.ContainsFunc(p.Risks, func(r *steering.Risk) bool { return r.Owner == id }) ||
		slices.ContainsFunc(p.Issues, func(i *steering.Issue) bool { return i.Owner == id })
}

// keepLanguage notes in which language a person writes, where their platform does not say it: notices to them alone are
// worded in it.
func (t *turn) keepLanguage(lang string) error {
	if t.in.Language != "" || t.person.Language == lang || !locale.Known(lang) || slices.Contains(t.met, t.person) || t.in.Platform != bot.WhatsApp {
		return nil
	}
	t.person.Language = lang
	if err := t.tx.PutPerson(t.person); err != nil {
		return fmt.Errorf("note who speaks which language: %w", err)
	}
	return nil
}

// outsider answers somebody who is in no project here. In a project's group the lead is asked who they are, once a day.
func (t *turn) outsider() error {
	leads, err := t.leadsHere()
	if err != nil {
		return err
	}
	if t.in.Direct || len(leads) == 0 || t.talk.PointedOut {
		return t.reply(t.say.Text("outside.stranger", nil))
	}
	t.talk.PointedOut = true
	if err := t.keepDialogue(); err != nil {
		return err
	}
	return t.reply(t.say.Text("outside.pointed_out", locale.Args{"who": t.person.Name, "lead": t.people(leads)}))
}

// leadsHere are the leads of this group's projects who can be mentioned in it.
func (t *turn) leadsHere() ([]steering.PersonID, error) {
	keys, err := t.tx.ProjectsByChat(t.in.Platform, t.in.Room)
	if err != nil {
		return nil, err
	}
	var leads []steering.PersonID
	for _, key := range keys {
		p, err := t.tx.Project(key)
		if err != nil {
			return nil, err
		}
		for _, id := range p.With(steering.RoleLead, "") {
			who, err := t.tx.Person(id)
			if err == nil && who.Handles[string(t.in.Platform)] != "" && !slices.Contains(leads, id) {
				leads = append(leads, id)
			}
		}
	}
	return leads, nil
}
