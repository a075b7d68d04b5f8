package steering

import "time"

// EntryStatus is the status of a register entry.
type EntryStatus string

// The statuses of RAID entries, changes, invoices and requests.
const (
	EntryOpen   EntryStatus = "open"
	EntryClosed EntryStatus = "closed"
)

// ProposalStatus is the status of a proposed date.
type ProposalStatus string

// The statuses of a proposal.
const (
	ProposalOpen      ProposalStatus = "open"
	ProposalAccepted  ProposalStatus = "accepted"
	ProposalRejected  ProposalStatus = "rejected"
	ProposalWithdrawn ProposalStatus = "withdrawn"
)

// Proposal is a date said by somebody who does not set dates in this project's mode.
type Proposal struct {
	ID        int            `json:"id"`
	Milestone string         `json:"milestone"`
	Due       Date           `json:"due"`
	Reason    string         `json:"reason,omitempty"`
	By        PersonID       `json:"by"`
	At        time.Time      `json:"at"`
	Status    ProposalStatus `json:"status"`
}

// Action is an agreed piece of work with an owner and a date.
type Action struct {
	ID      int         `json:"id"`
	Text    string      `json:"text"`
	Owner   PersonID    `json:"owner,omitempty"`
	Due     Date        `json:"due,omitempty"`
	Status  EntryStatus `json:"status"`
	Meeting int         `json:"meeting,omitempty"`
	// RaisedBy is kept beside the entry and rebuilt from the audit; the export does not carry it.
	RaisedBy PersonID `json:"-"`
}

// Level grades probability and impact.
type Level string

// The levels.
const (
	Low    Level = "low"
	Medium Level = "medium"
	High   Level = "high"
)

// Risk may happen.
type Risk struct {
	ID          int         `json:"id"`
	Text        string      `json:"text"`
	Owner       PersonID    `json:"owner,omitempty"`
	Probability Level       `json:"probability,omitempty"`
	Impact      Level       `json:"impact,omitempty"`
	Status      EntryStatus `json:"status"`
	RaisedBy    PersonID    `json:"-"`
}

// Issue has happened.
type Issue struct {
	ID       int         `json:"id"`
	Text     string      `json:"text"`
	Owner    PersonID    `json:"owner,omitempty"`
	Status   EntryStatus `json:"status"`
	RaisedBy PersonID    `json:"-"`
}

// Decision is an entry of the decision log.
type Decision struct {
	ID      int       `json:"id"`
	Text    string    `json:"text"`
	By      PersonID  `json:"by,omitempty"`
	At      time.Time `json:"at"`
	Meeting int       `json:"meeting,omitempty"`
}

// Scope says whether a change lies within what was sold.
type Scope string

// The scopes.
const (
	ScopeIn  Scope = "in"
	ScopeOut Scope = "out"
)

// Change is a request to change scope; after go-live it is out of scope and billable unless the lead says otherwise.
type Change struct {
	ID       int         `json:"id"`
	Text     string      `json:"text"`
	By       PersonID    `json:"by,omitempty"`
	Scope    Scope       `json:"scope,omitempty"`
	Billable bool        `json:"billable,omitempty"`
	Status   EntryStatus `json:"status"`
}

// MeetingKind is why a meeting is held.
type MeetingKind string

// The kinds of meeting.
const (
	MeetingSteering MeetingKind = "steering"
	MeetingReview   MeetingKind = "review"
	MeetingHandover MeetingKind = "handover"
)

// MeetingReasonMissed is the reason of a meeting that an escalation proposed.
const MeetingReasonMissed = "missed"

// MeetingStatus is where a meeting stands.
type MeetingStatus string

// The statuses of a meeting.
const (
	MeetingProposed  MeetingStatus = "proposed"
	MeetingScheduled MeetingStatus = "scheduled"
	MeetingHeld      MeetingStatus = "held"
	MeetingCancelled MeetingStatus = "cancelled"
)

// Slot is a moment to vote on.
type Slot struct {
	At    time.Time  `json:"at"`
	Votes []PersonID `json:"votes,omitempty"`
}

// Meeting is a committee meeting from proposal to minutes.
type Meeting struct {
	ID         int           `json:"id"`
	Kind       MeetingKind   `json:"kind"`
	Reason     string        `json:"reason,omitempty"`
	Milestones []string      `json:"milestones,omitempty"`
	Status     MeetingStatus `json:"status"`
	Slots      []Slot        `json:"slots,omitempty"`
	At         time.Time     `json:"at,omitzero"`
	Minutes    string        `json:"minutes,omitempty"`
}

// Training says who was trained, by which milestone and when.
type Training struct {
	Person    PersonID `json:"person"`
	Milestone string   `json:"milestone,omitempty"`
	On        Date     `json:"on,omitempty"`
}

// Warranty is what is mended at no cost, and until when.
type Warranty struct {
	From       Date     `json:"from,omitempty"`
	Until      Date     `json:"until,omitempty"`
	Covered    []string `json:"covered,omitempty"`
	NotCovered []string `json:"not_covered,omitempty"`
}

// InvoiceStatus is the status of an invoice.
type InvoiceStatus string

// The statuses of an invoice.
const (
	InvoiceOpen InvoiceStatus = "open"
	InvoicePaid InvoiceStatus = "paid"
)

// Invoice is a bill of the vendor's.
type Invoice struct {
	ID     int           `json:"id"`
	For    string        `json:"for,omitempty"`
	Issued Date          `json:"issued,omitempty"`
	Due    Date          `json:"due,omitempty"`
	PaidOn Date          `json:"paid_on,omitempty"`
	Status InvoiceStatus `json:"status"`
}

// Request is a support request; Covered says whether the warranty covers it, nil while nobody has said.
type Request struct {
	ID      int         `json:"id"`
	Text    string      `json:"text"`
	By      PersonID    `json:"by,omitempty"`
	Status  EntryStatus `json:"status"`
	Covered *bool       `json:"covered,omitempty"`
	At      time.Time   `json:"at"`
}

// Answer is one answer to an alignment question, by ISO week ("2026-W12").
type Answer struct {
	Question string    `json:"question"`
	Week     string    `json:"week"`
	Text     string    `json:"text"`
	By       PersonID  `json:"by,omitempty"`
	At       time.Time `json:"at"`
}

// Mute silences notices until a date, on which they start again: of one person or, without Person, of everyone; for one
// milestone or, without Milestone, for all.
type Mute struct {
	Person    PersonID `json:"person,omitempty"`
	Milestone string   `json:"milestone,omitempty"`
	Until     Date     `json:"until"`
}

// Sent is the identity of a notice that went out. About is the date, or the moment, that it was about.
type Sent struct {
	Kind   string    `json:"kind"`
	Object string    `json:"object,omitempty"`
	About  string    `json:"about,omitempty"`
	At     time.Time `json:"at"`
}

// AuditEntry is one link of the audit: who changed what, when, from what to what. Before and After hold the fields that
// differ, by their export names; "people" without a project concern people alone.
type AuditEntry struct {
	At      time.Time      `json:"at"`
	Project string         `json:"project,omitempty"`
	By      PersonID       `json:"by,omitempty"`
	Action  string         `json:"action"`
	Object  string         `json:"object,omitempty"`
	Before  map[string]any `json:"before,omitempty"`
	After   map[string]any `json:"after,omitempty"`
	Via     string         `json:"via,omitempty"`
}

// State is the whole export.
type State struct {
	Format   int          `json:"format"`
	People   []*Person    `json:"people,omitempty"`
	Projects []*Project   `json:"projects,omitempty"`
	Audit    []AuditEntry `json:"audit,omitempty"`
}
