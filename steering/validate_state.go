package steering

import "strconv"

// FormatVersion is the export's format that this program writes and reads.
const FormatVersion = 1

// Validate checks a whole export: its format, that people and projects are there once, that everybody who is named is
// among the people, and each project by itself.
func (s *State) Validate() error {
	c := &check{}
	if s.Format != FormatVersion {
		c.wrong("format", "use a version of the program that reads it", "this program reads format %d, not %d", FormatVersion, s.Format)
	}
	people := map[PersonID]bool{}
	handles := map[string]PersonID{}
	for i, person := range s.People {
		path := "people[" + strconv.Itoa(i) + "]"
		if person.ID == "" || people[person.ID] {
			c.wrong(path+".id", "give everybody an id of their own", "%q is empty or there twice", person.ID)
		}
		people[person.ID] = true
		oneOf(c, path+".language", person.Language, true, Languages...)
		for platform, handle := range person.Handles {
			if other, taken := handles[platform+" "+handle]; taken {
				c.wrong(path+".handles", "give each handle to one person", "a handle on %s belongs to %q too", platform, other)
			}
			handles[platform+" "+handle] = person.ID
		}
	}
	projects := map[string]bool{"": true}
	for _, p := range s.Projects {
		if projects[p.Key] {
			c.wrong("projects["+p.Key+"].key", "give each project a key of its own", "%q is empty or there twice", p.Key)
		}
		projects[p.Key] = true
		if err := p.Validate(); err != nil && c.err == nil {
			c.err = err
		}
		p.persons(func(path string, id PersonID) {
			if id != "" && !people[id] {
				c.wrong("projects["+p.Key+"]."+path, "add the person to people", "nobody has the id %q", id)
			}
		})
	}
	for i, e := range s.Audit {
		path := "audit[" + strconv.Itoa(i) + "]"
		c.moment(path+".at", e.At)
		if !projects[e.Project] {
			c.wrong(path+".project", "name a project of this export", "there is no project %q", e.Project)
		}
	}
	return c.err
}

// persons calls visit for everybody whom the project names, with the path at which it does.
func (p *Project) persons(visit func(path string, id PersonID)) {
	for i, m := range p.Members {
		visit("members["+strconv.Itoa(i)+"].person", m.Person)
	}
	for _, m := range p.Milestones {
		path := "milestones[" + m.Key + "]"
		visit(path+".owner", m.Owner)
		for _, s := range m.Slips {
			visit(path+".slips", s.By)
		}
		for _, n := range m.Notes {
			visit(path+".notes", n.By)
		}
		if m.SignOff == nil {
			continue
		}
		for _, g := range m.SignOff.Given {
			visit(path+".signoff.given", g.Person)
		}
		for _, r := range m.SignOff.Rejected {
			visit(path+".signoff.rejected", r.Person)
		}
	}
	p.personsInRegisters(visit)
}

func (p *Project) personsInRegisters(visit func(path string, id PersonID)) {
	for _, x := range p.Proposals {
		visit("proposals["+strconv.Itoa(x.ID)+"].by", x.By)
	}
	for _, x := range p.Actions {
		visit("actions["+strconv.Itoa(x.ID)+"].owner", x.Owner)
	}
	for _, x := range p.Risks {
		visit("risks["+strconv.Itoa(x.ID)+"].owner", x.Owner)
	}
	for _, x := range p.Issues {
		visit("issues["+strconv.Itoa(x.ID)+"].owner", x.Owner)
	}
	for _, x := range p.Decisions {
		visit("decisions["+strconv.Itoa(x.ID)+"].by", x.By)
	}
	for _, x := range p.Changes {
		visit("changes["+strconv.Itoa(x.ID)+"].by", x.By)
	}
	for _, x := range p.Meetings {
		for _, s := range x.Slots {
			for _, id := range s.Votes {
				visit("meetings["+strconv.Itoa(x.ID)+"].slots", id)
			}
		}
	}
	for i, x := range p.Training {
		visit("training["+strconv.Itoa(i)+"].person", x.Person)
	}
	for _, x := range p.Requests {
		visit("requests["+strconv.Itoa(x.ID)+"].by", x.By)
	}
	for i, x := range p.Answers {
		visit("answers["+strconv.Itoa(i)+"].by", x.By)
	}
	for i, x := range p.Mutes {
		visit("mutes["+strconv.Itoa(i)+"].person", x.Person)
	}
}
