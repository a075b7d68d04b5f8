package steering

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

var projectKeyForm = regexp.MustCompile(`^[A-Z0-9-]{2,20}$`)

// A check walks over a state and keeps the first thing that is wrong, with the path to it and what to do.
type check struct {
	path string
	err  error
}

// wrong notes a problem at path below the check's own, unless one was found before.
func (c *check) wrong(path, remedy, format string, args ...any) {
	if c.err != nil {
		return
	}
	if c.path != "" && path != "" {
		path = c.path + "." + path
	} else if path == "" {
		path = c.path
	}
	c.err = fmt.Errorf("%s: %s (%s)", path, fmt.Sprintf(format, args...), remedy)
}

// oneOf checks a word against those that are known; an empty one passes when optional.
func oneOf[T ~string](c *check, path string, value T, optional bool, known ...T) {
	if (value == "" && optional) || slices.Contains(known, value) {
		return
	}
	var words []string
	for _, k := range known {
		words = append(words, string(k))
	}
	c.wrong(path, "use "+strings.Join(words, ", "), "unknown value %q", string(value))
}

func (c *check) date(path string, d Date) {
	if sane(d) != nil {
		c.wrong(path, "use a date from 1990 to 2100", "%s cannot be", d)
	}
}

func (c *check) moment(path string, t time.Time) {
	if t.IsZero() || sane(DateOf(t)) != nil {
		c.wrong(path, "give the moment in RFC 3339", "the moment is missing or cannot be")
	}
}

// Validate checks what an import brings: forms, known words, references between the parts, no circle among the
// dependencies, dates that can be. The error names the path of the first thing that is wrong and what to do about it.
func (p *Project) Validate() error {
	c := &check{path: "projects[" + p.Key + "]"}
	if !projectKeyForm.MatchString(p.Key) {
		c.wrong("key", "use 2 to 20 of A-Z, 0-9 and -", "%q is no project key", p.Key)
	}
	if strings.TrimSpace(p.Name) == "" {
		c.wrong("name", "give the project a name", "it is empty")
	}
	oneOf(c, "mode", p.Mode, false, ModeImplementation, ModeOnboarding)
	oneOf(c, "language", p.Language, false, Languages...)
	oneOf(c, "status", p.Status, false, ProjectActive, ProjectPaused, ProjectLive, ProjectClosed)
	oneOf(c, "health", p.Health, true, Green, Amber, Red)
	if _, err := time.LoadLocation(p.Timezone); err != nil || p.Timezone == "" || p.Timezone == "Local" {
		c.wrong("timezone", "use an IANA zone such as America/Bogota", "%q is no time zone", p.Timezone)
	}
	c.date("start", p.Start)
	if field, value, ok := p.Settings.problem(); !ok {
		c.wrong("settings."+field, "take it out or mend it", "%q cannot be", value)
	}
	p.validateMembers(c)
	p.validatePlan(c)
	p.validateRegisters(c)
	p.validateMeetings(c)
	p.validateAfterGoLive(c)
	p.validateAnswersAndNotices(c)
	return c.err
}

func (p *Project) validateMembers(c *check) {
	seen := map[PersonID]bool{}
	for i, m := range p.Members {
		path := "members[" + strconv.Itoa(i) + "]"
		if m.Person == "" || seen[m.Person] {
			c.wrong(path+".person", "name each member once", "%q is empty or there twice", m.Person)
		}
		seen[m.Person] = true
		oneOf(c, path+".side", m.Side, true, SideVendor, SideClient)
		for _, r := range m.Roles {
			oneOf(c, path+".roles", r, false, Roles...)
		}
	}
	for i, chat := range p.Chats {
		path := "chats[" + strconv.Itoa(i) + "]"
		if chat.Platform == "" || chat.ID == "" {
			c.wrong(path, "give platform and id", "the chat is not named")
		}
		oneOf(c, path+".audience", chat.Audience, true, AudienceCommittee, AudienceVendor)
	}
}

func (p *Project) validatePlan(c *check) {
	stages := map[string]bool{}
	for i, s := range p.Stages {
		if s.Key == "" || stages[s.Key] {
			c.wrong("stages["+strconv.Itoa(i)+"].key", "give each stage a key of its own", "%q is empty or there twice", s.Key)
		}
		stages[s.Key] = true
	}
	seen := map[string]bool{}
	for _, m := range p.Milestones {
		path := "milestones[" + m.Key + "]"
		if n, err := strconv.Atoi(m.Key); err != nil || n < 1 || strconv.Itoa(n) != m.Key || seen[m.Key] {
			c.wrong(path+".key", "number the milestones 1, 2, …", "%q is no number or there twice", m.Key)
		}
		seen[m.Key] = true
		if m.Stage != "" && !stages[m.Stage] {
			c.wrong(path+".stage", "name one of the project's stages", "there is no stage %q", m.Stage)
		}
		p.validateMilestone(c, path, m)
	}
	if c.err != nil {
		return // a circle is looked for where the references are sound
	}
	for _, m := range p.Milestones {
		for _, on := range m.DependsOn {
			if way := p.way(on, m.Key, map[string]bool{}); way != nil {
				c.wrong("milestones["+m.Key+"].depends_on", "take one of these dependencies out", "a circle: %s", strings.Join(append([]string{m.Key}, way...), " → "))
			}
		}
	}
}

func (p *Project) validateMilestone(c *check, path string, m *Milestone) {
	if strings.TrimSpace(m.Name) == "" {
		c.wrong(path+".name", "give the milestone a name", "it is empty")
	}
	oneOf(c, path+".status", m.Status, false, Pending, InProgress, Blocked, Submitted, Done, Cancelled)
	oneOf(c, path+".side", m.Side, true, SideVendor, SideClient, SideBoth)
	if m.Progress < 0 || m.Progress > 100 {
		c.wrong(path+".progress", "use 0 to 100", "%d per cent cannot be", m.Progress)
	}
	c.date(path+".start", m.Start)
	c.date(path+".baseline", m.Baseline)
	c.date(path+".due", m.Due)
	c.date(path+".forecast", m.Forecast)
	c.date(path+".done_on", m.DoneOn)
	for _, on := range m.DependsOn {
		if p.Milestone(on) == nil {
			c.wrong(path+".depends_on", "name keys of this project's milestones", "there is no milestone %q", on)
		}
	}
	for i, s := range m.Slips {
		at := path + ".slips[" + strconv.Itoa(i) + "]"
		c.date(at+".from", s.From)
		c.date(at+".to", s.To)
		c.moment(at+".at", s.At)
		if s.From == 0 || s.To == 0 {
			c.wrong(at, "give from and to", "a date is missing")
		}
	}
	for i, n := range m.Notes {
		c.moment(path+".notes["+strconv.Itoa(i)+"].at", n.At)
	}
	if m.SignOff != nil {
		m.SignOff.validate(c, path+".signoff")
	}
	if m.Status == Submitted && len(m.AskedSides()) == 0 {
		c.wrong(path+".signoff.sides", "name the sides, or use another status", "a submitted milestone waits for nobody")
	}
}

func (s *SignOff) validate(c *check, path string) {
	for _, side := range s.Sides {
		oneOf(c, path+".sides", side, false, SideVendor, SideClient, SideBoth)
	}
	if s.Document != nil && (s.Document.Name == "" || !isSHA256(s.Document.SHA256)) {
		c.wrong(path+".document", "give its name and its SHA-256 in hex", "it is not named or has no hash")
	}
	seen := map[PersonID]bool{}
	for i, g := range s.Given {
		at := path + ".given[" + strconv.Itoa(i) + "]"
		oneOf(c, at+".side", g.Side, false, SideVendor, SideClient)
		c.moment(at+".at", g.At)
		if g.Person == "" || seen[g.Person] {
			c.wrong(at+".person", "one person signs once", "%q is empty or there twice", g.Person)
		}
		seen[g.Person] = true
	}
	for i, r := range s.Rejected {
		c.moment(path+".rejected["+strconv.Itoa(i)+"].at", r.At)
	}
}
