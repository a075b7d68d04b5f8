// Package plan reads project plans, the reusable outlines of a roll-out, and makes projects of them. It owns the plan
// file: its fields, what is wrong with one and where, the built-in ones, and how relative dates become dates. It knows
// nothing of chats, words to people or storage; a project that was made keeps its own copy of everything.
package plan

import (
	"strings"

	"timonel/steering"
)

// Languages are the languages in which a plan names things, the one to fall back on first.
var Languages = []string{"es", "pt", "en"}

// Plan is one plan file, checked.
type Plan struct {
	Key        string
	Name       Text
	Summary    Text          // one line on when to choose it
	Mode       steering.Mode // implementation if the file names none
	Language   string        // "" if the file names none
	Settings   steering.Settings
	Stages     []Stage
	Milestones []*Milestone
}

// Stage groups milestones.
type Stage struct {
	Key  string
	Name Text
}

// Milestone is the outline of one milestone.
type Milestone struct {
	ID        string // names it inside the plan; "" if the file gives none
	Name      Text
	Aliases   Texts
	Stage     string
	Module    string
	Side      steering.Side // "" if the file names none
	Owner     []Owner       // the first that somebody holds; none = the lead of its side
	When      When
	DependsOn []string
	Gate      bool
	SignOff   []steering.Side
	Optional  bool
	Checklist Texts
}

// Owner names who answers for a milestone: a role or a person.
type Owner struct {
	Role   steering.Role
	Person steering.PersonID
}

// When says on what day a milestone is due. At most one of its ways is used; with none it has no date yet.
type When struct {
	Weeks  []int          // from 1; due on the last working day of the last
	With   map[string]int // the week instead, by the optional milestone that is taken
	Due    steering.Date
	Offset *Offset
}

// Offset is a distance after the latest of what a milestone depends on, or after the start.
type Offset struct {
	N    int
	Unit Unit
}

// Unit is what an offset counts.
type Unit string

// The units of an offset.
const (
	Days        Unit = "d"
	WorkingDays Unit = "bd"
	Weeks       Unit = "w"
)

// Text is a text by language; a text that is the same in all stands under "".
type Text map[string]string

// In returns the text in a language, or the nearest there is.
func (t Text) In(lang string) string {
	for _, l := range append([]string{lang, ""}, Languages...) {
		if s := t[l]; s != "" {
			return s
		}
	}
	return ""
}

// Texts is a list of texts by language; a list that is the same in all stands under "".
type Texts map[string][]string

// In returns the list in a language, or the nearest there is.
func (t Texts) In(lang string) []string {
	for _, l := range append([]string{lang, ""}, Languages...) {
		if s := t[l]; len(s) > 0 {
			return s
		}
	}
	return nil
}

// Title returns the plan's name in a language.
func (p *Plan) Title(lang string) string { return p.Name.In(lang) }

// Option is an optional milestone, which a project holds only if asked for.
type Option struct {
	ID   string
	Name string
}

// Options lists the optional milestones, in plan order, named in a language.
func (p *Plan) Options(lang string) []Option {
	var out []Option
	for _, m := range p.Milestones {
		if m.Optional {
			out = append(out, Option{m.ID, m.Name.In(lang)})
		}
	}
	return out
}

// find returns the milestone with that id, or nil.
func (p *Plan) find(id string) *Milestone {
	for _, m := range p.Milestones {
		if m.ID == id && id != "" {
			return m
		}
	}
	return nil
}

// names lists a milestone's further names for a project in lang: its aliases in that language first, then what the
// other languages call it, because a committee mixes them. Equal ones stand once, whatever their capitals.
func (m *Milestone) names(lang string) []string {
	seen := map[string]bool{strings.ToLower(m.Name.In(lang)): true}
	var out []string
	add := func(names ...string) {
		for _, n := range names {
			if fold := strings.ToLower(n); n != "" && !seen[fold] {
				seen[fold] = true
				out = append(out, n)
			}
		}
	}
	add(m.Aliases[lang]...)
	add(m.Aliases[""]...)
	for _, l := range Languages {
		add(m.Name[l])
		add(m.Aliases[l]...)
	}
	return out
}
