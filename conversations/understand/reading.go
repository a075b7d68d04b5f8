// Package understand reads what people write: which intents a message holds, about which milestones, people and dates,
// and whether it asks for a change at all. It is a pure function of the text, the scene and the phrase files; it changes
// nothing and words nothing.
package understand

import (
	"time"

	"timonel/conversations/dates"
	"timonel/steering"
)

// Intent is what a clause wants.
type Intent string

// The intents of contract/conversation.md; the lower case names are what `timonel understand` prints.
const (
	None            Intent = ""
	CreateProject   Intent = "create_project"
	Status          Intent = "status"
	List            Intent = "list"
	Add             Intent = "add"
	Move            Intent = "move"
	Done            Intent = "done"
	Start           Intent = "start"
	Progress        Intent = "progress"
	Block           Intent = "block"
	Unblock         Intent = "unblock"
	Reopen          Intent = "reopen"
	Cancel          Intent = "cancel"
	Rename          Intent = "rename"
	Assign          Intent = "assign"
	Depend          Intent = "depend"
	Undepend        Intent = "undepend"
	Note            Intent = "note"
	Accept          Intent = "accept" // a sign-off, a proposal, whatever waits for the speaker
	Reject          Intent = "reject"
	Document        Intent = "document"
	Risk            Intent = "risk"
	Issue           Intent = "issue"
	Decision        Intent = "decision"
	Action          Intent = "action"
	CloseEntry      Intent = "close_entry"
	ScopeChange     Intent = "scope_change"
	RuleChange      Intent = "rule_change" // who pays, in or out of scope
	Meeting         Intent = "meeting"
	Vote            Intent = "vote"
	Minutes         Intent = "minutes"
	CloseMeeting    Intent = "close_meeting"
	CancelMeeting   Intent = "cancel_meeting"
	MoveMeeting     Intent = "move_meeting" // no command does it; who asks for it is told what does
	Digest          Intent = "digest"
	DigestSchedule  Intent = "digest_schedule"
	Snooze          Intent = "snooze"
	Unmute          Intent = "unmute"
	Picture         Intent = "picture"
	FileWanted      Intent = "file"
	WhatIf          Intent = "what_if"
	Why             Intent = "why"
	Who             Intent = "who"
	SetRole         Intent = "set_role"
	Roster          Intent = "roster"
	Support         Intent = "support"
	SetWarranty     Intent = "set_warranty"
	WarrantyAsked   Intent = "warranty_question"
	InvoicePaid     Intent = "invoice_paid"
	InvoiceAdd      Intent = "invoice_add"
	AlignmentAnswer Intent = "alignment_answer"
	SetLanguage     Intent = "set_language"
	SetSetting      Intent = "set_setting" // closed days, alignment on/off, reminders …
	PauseProject    Intent = "pause_project"
	ResumeProject   Intent = "resume_project"
	CloseProject    Intent = "close_project"
	Undo            Intent = "undo"
	Help            Intent = "help"
	Hello           Intent = "hello"
	Thanks          Intent = "thanks"
	Yes             Intent = "yes"
	No              Intent = "no"
	Chatter         Intent = "chatter" // talk that wants nothing of the bot
)

// Stance is how the speaker stands to what the clause says; only Request and Report may change anything.
type Stance string

// The stances.
const (
	Request    Stance = "request"    // do it ("mueve el 3 al viernes", "can we move go-live to May 11?")
	Report     Stance = "report"     // it is so ("listo el 3")
	Question   Stance = "question"   // is it so? ("¿está listo el 3?")
	Hypothesis Stance = "hypothesis" // if it were ("si terminamos antes…")
	Negation   Stance = "negation"   // it is not so ("todavía no está listo el 4")
	Intention  Stance = "intention"  // it will be ("mañana cierro el 2")
	Quotation  Stance = "quotation"  // somebody else says so ("dice Bruno que ya está el 4")
)

// Acts reports whether the stance may change state.
func (s Stance) Acts() bool { return s == Request || s == Report }

// Scene is what the reader knows about the moment: the project's milestones and people, who speaks, what is open.
type Scene struct {
	Language   string        // of the chat or project, the prior of the language guess: es, pt or en
	Now        time.Time     // in the project's zone
	Today      steering.Date // there
	Calendar   steering.Calendar
	Milestones []Named
	People     []Known
	GoLive     string   // key of the milestone that is the project's go-live, by whatever name
	Stages     []string // names of stages, which are not milestones
	Plans      []string // keys of plans, for "new project"
	Projects   []string // keys and names of the speaker's projects, to tell them from milestones
	Speaker    string   // id among People, "" if unknown
	Mentions   []Mention
	Quoted     []string      // milestones that the quoted bot message is about
	Focus      []string      // milestones spoken of in the last minutes, newest first
	Open       *OpenQuestion // the bot's question that is open to the speaker
	Awaiting   []string      // milestones that wait for the speaker's sign-off
	Proposals  int           // proposed dates that wait for the speaker
	Meeting    bool          // a meeting with slots is open to votes
	File       bool          // the message carries a file
	Slash      bool          // the text came as a slash command
}

// Named is a milestone as people may name it.
type Named struct {
	Key     string
	Name    string
	Aliases []string // of the plan and the project's own hints ("cuando dicen 'la carga' es el 6")
	Status  steering.Status
	Due     steering.Date
	Owner   string
	SignOff bool
}

// Known is a person as people may name them.
type Known struct {
	ID    string
	Name  string
	Side  steering.Side
	Roles []steering.Role
}

// Mention is an @mention in the text, as a byte span; the bot's own is already cut out.
type Mention struct {
	Person     string
	Start, End int
}

// OpenQuestion is what the bot asked and how it may be answered.
type OpenQuestion struct {
	Asks    string   // "milestone", "date", "reason", "confirm", "owner", "name", "slot", "alignment", …
	Options []string // labels, in order
}

// Reading is what a message says.
type Reading struct {
	Language     string   // es, pt or en
	LanguageSure bool     // clear enough to answer in it
	Frames       []Frame  // in the order of the text
	Unread       []string // clauses that look like a wish but were not understood
	Answer       *Answer  // set when the message reads as an answer to Scene.Open
}

// Answer is the message read as an answer to the open question.
type Answer struct {
	Option int // index into OpenQuestion.Options, -1 when it is none of them
	Date   steering.Date
	Shift  *dates.Shift
	Yes    bool
	No     bool
	None   bool // "none of these"
	Text   string
	// Alone is set when the message is nothing but the answer, so that it beats any other reading.
	Alone bool
}

// Frame is one thing that a message wants, with its slots.
type Frame struct {
	Intent     Intent
	Confidence float64 // calibrated: the share of such readings that are right
	Stance     Stance
	Slots      Slots
	Missing    []string // required slots without a value: "milestone", "date", "reason", "owner", "name", …
	Ambiguous  []string // slots with several good values: "milestone", "date", "person"
	Start, End int      // byte span of the clause
	Why        []Feature
	Candidates []Candidate // other readings, best first
	awaits     bool        // the milestone of the clause before waits for the speaker
	inherited  bool        // the milestones are those of the clause before
}

// Candidate is another reading of the clause.
type Candidate struct {
	Intent     Intent
	Confidence float64
}

// Feature is something that spoke for (positive) or against (negative) the reading.
type Feature struct {
	Name   string
	Weight float64
}

// Slots hold what the clause names. Absent ones are zero.
type Slots struct {
	Milestones          []Ref  // what the clause is about
	After               []Ref  // what it depends on
	All                 bool   // "todos", "everything"
	Next                bool   // "el siguiente": resolved in Milestones as well
	Person              string // owner, subject of a role, who is spoken of
	Date                *Dated
	Shift               *dates.Shift // moves by an amount; Negative = earlier
	Clock               *dates.Clock
	Clocks              []dates.Clock
	Percent             int    // -1 when absent
	Text                string // the free text: of a risk, a note, a request, minutes
	Name                string // of a milestone or a project
	Reason              string
	Number              int // of an entry: "acción 2"
	Entry               steering.EntryKind
	Probability, Impact steering.Level
	Roles               []steering.Role
	DropRoles           bool
	Side                steering.Side
	Language            string
	Format              string // png, svg, pdf, xlsx, ics, csv, html
	Window              string // overdue, today, date, this_week, next_week, this_month, month, next, mine, blocked, waiting, done, all, actions, risks, issues, decisions, changes, requests, invoices, meetings, proposals
	Plan                string
	Weekday             int // of a schedule: 0 = Sunday … 6; -1 when absent
	Scope               steering.Scope
	Billable            *bool
	Days                int
	Covered, NotCovered []string
	Topic               string // of why and who: moved, approved, owner, decided, …
	Setting, Value      string
	Everyone            bool
}

// Dated is a date as said.
type Dated struct {
	Date       steering.Date
	Past       bool
	Start, End int
}

// Ref is what the text calls a milestone, with whom it may mean, best first. Key is set when it is clear.
type Ref struct {
	Key        string
	Candidates []string
	Text       string
	Start, End int
	// Unknown is set when it is a number that no milestone has.
	Unknown bool
}
