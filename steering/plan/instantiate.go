package plan

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"timonel/steering"
	"timonel/steering/holidays"
)

// Spec says what a project is made of beside its plan.
type Spec struct {
	Key      string        // [A-Z0-9-]{2,20}
	Name     string        // up to 120 characters
	Start    steering.Date // week 1 is the Monday to Sunday that holds it
	Language string        // the plan's if empty, else Spanish
	Timezone string        // an IANA name; UTC if empty
	Country  string        // two letters; empty for no public holidays
	Mode     steering.Mode // the plan's if empty
	Options  []string      // ids of the optional milestones that are wanted
	Members  []steering.Member
	Chats    []steering.Chat
	Closed   []steering.Date // days that the project closes by itself
}

// Keys of the refusals, in the catalogues.
const (
	KeyBadKey      = "refused.project_key"      // key
	KeyBadName     = "refused.project_name"     // limit: characters
	KeyBadLanguage = "refused.project_language" // language
	KeyBadZone     = "refused.project_zone"     // zone
	KeyBadCountry  = "refused.project_country"  // country
	KeyBadMode     = "refused.project_mode"     // mode
	KeyBadOption   = "refused.plan_option"      // option, plan, known: the ids that there are, in one text
	KeyNoOptions   = "refused.plan_no_options"  // option, plan
	KeyNoPlan      = "refused.plan_unknown"     // plan, known: the keys that there are, in one text
)

// RefusalKeys lists every key that an Error of this package carries, for the test of the catalogues.
var RefusalKeys = []string{KeyBadKey, KeyBadName, KeyBadLanguage, KeyBadZone, KeyBadCountry, KeyBadMode, KeyBadOption, KeyNoOptions, KeyNoPlan}

const maxName = 120

var keyForm = regexp.MustCompile(`^[A-Z0-9-]{2,20}$`)

// Instantiate makes a project: milestones numbered in plan order, with dates on the project's working days, owners among
// its members, pending. The same spec gives the same project. What cannot be used is refused as a *steering.Error.
func (p *Plan) Instantiate(spec Spec) (*steering.Project, error) {
	if refusal := p.admit(&spec); refusal != nil {
		return nil, refusal
	}
	project := &steering.Project{
		Key: spec.Key, Name: spec.Name, Plan: p.Key, Mode: spec.Mode, Language: spec.Language, Timezone: spec.Timezone,
		Country: spec.Country, Start: spec.Start, Status: steering.ProjectActive, Settings: p.Settings,
		Members: slices.Clone(spec.Members), Chats: slices.Clone(spec.Chats),
	}
	project.Settings.ClosedDays = slices.Clone(spec.Closed)
	project.Calendar = holidays.Calendar(project)
	cut := p.cut(spec.Options)
	dates := schedule{plan: cut, start: spec.Start, calendar: project.Calendar, due: map[string]steering.Date{}}
	keys := map[string]string{}
	for i, m := range cut.milestones {
		keys[m.ID] = strconv.Itoa(i + 1)
	}
	for i, m := range cut.milestones {
		made := p.milestone(m, project)
		made.Key = strconv.Itoa(i + 1)
		made.Start, made.Due = dates.of(m)
		made.Baseline = made.Due
		for _, id := range cut.needs[m] {
			made.DependsOn = append(made.DependsOn, keys[id])
		}
		slices.SortFunc(made.DependsOn, byNumber)
		project.Milestones = append(project.Milestones, made)
	}
	project.Stages = p.stages(cut, spec.Language)
	return project, nil
}

// byNumber orders milestone keys, which are numbers here.
func byNumber(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}

// milestone makes one milestone, all but its key, dates and dependencies.
func (p *Plan) milestone(m *Milestone, project *steering.Project) *steering.Milestone {
	made := &steering.Milestone{
		Name: m.Name.In(project.Language), Aliases: m.names(project.Language), Stage: m.Stage, Module: m.Module, Side: m.Side,
		Status: steering.Pending, Optional: m.Optional, Gate: m.Gate, Checklist: slices.Clone(m.Checklist.In(project.Language)),
	}
	if made.Side == "" {
		made.Side = sideOf(m, project)
	}
	made.Owner = owner(m.Owner, made.Side, project)
	if len(m.SignOff) > 0 {
		made.SignOff = &steering.SignOff{Sides: slices.Clone(m.SignOff)}
	}
	return made
}

// stages lists the stages in which something is left once the options are chosen, and those that the plan keeps empty.
func (p *Plan) stages(cut *cut, lang string) []steering.Stage {
	var out []steering.Stage
	for _, s := range p.Stages {
		in := func(m *Milestone) bool { return m.Stage == s.Key }
		if slices.ContainsFunc(cut.milestones, in) || !slices.ContainsFunc(p.Milestones, in) {
			out = append(out, steering.Stage{Key: s.Key, Name: s.Name.In(lang)})
		}
	}
	return out
}

// admit fills in the spec's defaults and refuses what cannot be used.
func (p *Plan) admit(spec *Spec) *steering.Error {
	spec.Name = strings.Join(strings.Fields(spec.Name), " ")
	if spec.Language == "" {
		spec.Language = p.Language
	}
	if spec.Language == "" {
		spec.Language = Languages[0]
	}
	if spec.Timezone == "" {
		spec.Timezone = "UTC"
	}
	if spec.Mode == "" {
		spec.Mode = p.Mode
	}
	spec.Country = strings.ToUpper(strings.TrimSpace(spec.Country))
	_, countryKnown := holidays.ForCountry(spec.Country)
	_, zoneErr := time.LoadLocation(spec.Timezone)
	switch {
	case !keyForm.MatchString(spec.Key):
		return refuse(KeyBadKey, "key", spec.Key)
	case spec.Name == "" || utf8.RuneCountInString(spec.Name) > maxName:
		return refuse(KeyBadName, "limit", maxName)
	case spec.Start == 0:
		return &steering.Error{Code: steering.CodeMissing, Key: steering.KeyMissing, Args: map[string]any{"slot": "date"}}
	case !slices.Contains(Languages, spec.Language):
		return refuse(KeyBadLanguage, "language", spec.Language)
	case zoneErr != nil || spec.Timezone == "Local":
		return refuse(KeyBadZone, "zone", spec.Timezone)
	case spec.Country != "" && !countryKnown:
		return refuse(KeyBadCountry, "country", spec.Country)
	case spec.Mode != steering.ModeImplementation && spec.Mode != steering.ModeOnboarding:
		return refuse(KeyBadMode, "mode", string(spec.Mode))
	}
	return p.admitOptions(spec.Options)
}

func (p *Plan) admitOptions(wanted []string) *steering.Error {
	var known []string
	for _, o := range p.Options("") {
		known = append(known, o.ID)
	}
	for _, id := range wanted {
		switch {
		case slices.Contains(known, id):
		case len(known) == 0:
			return refuse(KeyNoOptions, "option", id, "plan", p.Key)
		default:
			return refuse(KeyBadOption, "option", id, "plan", p.Key, "known", strings.Join(known, ", "))
		}
	}
	return nil
}

func refuse(key string, args ...any) *steering.Error {
	e := &steering.Error{Code: steering.CodeInvalid, Key: key, Args: map[string]any{}}
	for i := 0; i+1 < len(args); i += 2 {
		e.Args[args[i].(string)] = args[i+1]
	}
	return e
}
