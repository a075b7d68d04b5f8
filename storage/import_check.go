package storage

import (
	"fmt"
	"regexp"
	"strconv"
	"time"

	"timonel/steering"
)

var projectKey = regexp.MustCompile(`^[A-Z0-9-]{2,20}$`)

// checkProject refuses what has the right shape and cannot be all the same: keys, references, numbers out of range.
func checkProject(p *steering.Project, path string) error {
	if !projectKey.MatchString(p.Key) {
		return badInput(path+".key", "2 to 20 of A-Z, 0-9 and -", "%q is no project key", p.Key)
	}
	if _, err := time.LoadLocation(p.Timezone); err != nil || p.Timezone == "" || p.Timezone == "Local" {
		return badInput(path+".timezone", "want a name as America/Bogota", "%q is no time zone", p.Timezone)
	}
	c := &projectCheck{p: p, path: path, milestones: map[string]bool{}, stages: map[string]bool{}}
	for _, check := range []func() error{c.header, c.members, c.milestoneKeys, c.plan, c.circles, c.entries, c.references} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

type projectCheck struct {
	p                  *steering.Project
	path               string
	milestones, stages map[string]bool
}

func (c *projectCheck) at(list string, i int, field string) string {
	return fmt.Sprintf("%s.%s[%d].%s", c.path, list, i, field)
}

func (c *projectCheck) header() error {
	for i, s := range c.p.Stages {
		if s.Key == "" || c.stages[s.Key] {
			return badInput(c.at("stages", i, "key"), "give each stage a key of its own", "stage %q is there twice or has no name", s.Key)
		}
		c.stages[s.Key] = true
	}
	chats := map[string]bool{}
	for i, chat := range c.p.Chats {
		if chat.Platform == "" || chat.ID == "" || chats[chat.Platform+" "+chat.ID] {
			return badInput(c.at("chats", i, "id"), "", "chat %s %q is there twice or has no name", chat.Platform, chat.ID)
		}
		chats[chat.Platform+" "+chat.ID] = true
	}
	return nil
}

func (c *projectCheck) members() error {
	seen := map[steering.PersonID]bool{}
	for i, m := range c.p.Members {
		if m.Person == "" || seen[m.Person] {
			return badInput(c.at("members", i, "person"), "keep one of them", "member %q is there twice or has no id", m.Person)
		}
		if m.Side == steering.SideBoth {
			return badInput(c.at("members", i, "side"), "want vendor or client", "only milestones are of both sides")
		}
		seen[m.Person] = true
	}
	return nil
}

func (c *projectCheck) milestoneKeys() error {
	for i, m := range c.p.Milestones {
		if n, err := strconv.Atoi(m.Key); err != nil || n < 1 || strconv.Itoa(n) != m.Key {
			return badInput(c.at("milestones", i, "key"), "milestones are numbered 1, 2, …", "%q is no milestone key", m.Key)
		}
		if c.milestones[m.Key] {
			return badInput(c.at("milestones", i, "key"), "give each milestone a number of its own", "milestone %s is there twice", m.Key)
		}
		c.milestones[m.Key] = true
	}
	return nil
}

func (c *projectCheck) plan() error {
	for i, m := range c.p.Milestones {
		if m.Name == "" {
			return badInput(c.at("milestones", i, "name"), "", "it is empty")
		}
		if m.Progress < 0 || m.Progress > 100 {
			return badInput(c.at("milestones", i, "progress"), "want 0 to 100", "%d is no percentage", m.Progress)
		}
		if m.Stage != "" && !c.stages[m.Stage] {
			return badInput(c.at("milestones", i, "stage"), "add it to stages, or leave the field out", "stage %q is not in stages", m.Stage)
		}
		for k, on := range m.DependsOn {
			if !c.milestones[on] {
				return badInput(c.at("milestones", i, fmt.Sprintf("depends_on[%d]", k)), "name a milestone's key, or take it out",
					"there is no milestone %q", on)
			}
		}
	}
	return nil
}

// circles refuses milestones that wait for themselves.
func (c *projectCheck) circles() error {
	const walking, done = 1, 2
	state := map[string]int{}
	var walk func(m *steering.Milestone) bool
	walk = func(m *steering.Milestone) bool {
		state[m.Key] = walking
		for _, on := range m.DependsOn {
			if state[on] == walking || state[on] == 0 && walk(c.p.Milestone(on)) {
				return true
			}
		}
		state[m.Key] = done
		return false
	}
	for i, m := range c.p.Milestones {
		if state[m.Key] == 0 && walk(m) {
			return badInput(c.at("milestones", i, "depends_on"), "take one of the dependencies out", "milestone %s depends on itself in a circle", m.Key)
		}
	}
	return nil
}

// entries refuses entries without an id of their own.
func (c *projectCheck) entries() error {
	p := c.p
	lists := []struct {
		name string
		ids  []int
	}{
		{"proposals", idsOf(p.Proposals, func(e *steering.Proposal) int { return e.ID })},
		{"actions", idsOf(p.Actions, func(e *steering.Action) int { return e.ID })},
		{"risks", idsOf(p.Risks, func(e *steering.Risk) int { return e.ID })},
		{"issues", idsOf(p.Issues, func(e *steering.Issue) int { return e.ID })},
		{"decisions", idsOf(p.Decisions, func(e *steering.Decision) int { return e.ID })},
		{"changes", idsOf(p.Changes, func(e *steering.Change) int { return e.ID })},
		{"meetings", idsOf(p.Meetings, func(e *steering.Meeting) int { return e.ID })},
		{"invoices", idsOf(p.Invoices, func(e *steering.Invoice) int { return e.ID })},
		{"requests", idsOf(p.Requests, func(e *steering.Request) int { return e.ID })},
	}
	for _, l := range lists {
		seen := map[int]bool{}
		for i, id := range l.ids {
			if id < 1 || seen[id] {
				return badInput(c.at(l.name, i, "id"), "number them 1, 2, …", "%d is there twice or is no number of an entry", id)
			}
			seen[id] = true
		}
	}
	return nil
}

func idsOf[T any](list []*T, id func(*T) int) []int {
	ids := make([]int, len(list))
	for i, e := range list {
		ids[i] = id(e)
	}
	return ids
}

// references refuses entries about milestones that are not there.
func (c *projectCheck) references() error {
	check := func(list string, i int, field, key string) error {
		if key == "" || c.milestones[key] {
			return nil
		}
		return badInput(c.at(list, i, field), "name a milestone's key, or take it out", "there is no milestone %q", key)
	}
	for i, e := range c.p.Proposals {
		if err := check("proposals", i, "milestone", e.Milestone); err != nil {
			return err
		}
	}
	for i, e := range c.p.Training {
		if err := check("training", i, "milestone", e.Milestone); err != nil {
			return err
		}
	}
	for i, e := range c.p.Mutes {
		if err := check("mutes", i, "milestone", e.Milestone); err != nil {
			return err
		}
	}
	for i, e := range c.p.Meetings {
		for k, key := range e.Milestones {
			if err := check("meetings", i, fmt.Sprintf("milestones[%d]", k), key); err != nil {
				return err
			}
		}
	}
	seen := map[steering.Sent]bool{}
	for i, e := range c.p.Sent {
		e.At = time.Time{}
		if seen[e] {
			return badInput(c.at("sent", i, "kind"), "keep one of them", "this notice is there twice")
		}
		seen[e] = true
	}
	return nil
}
