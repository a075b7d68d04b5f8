// Package steering is the domain: the plan of a roll-out, its calendar, the people who steer it and the rules by which
// dates move, gates close and notices fall due. It is pure: no I/O, no platform, no wall clock, no words to people.
// The JSON form of its types is the export format.
package steering

import (
	"sync"
	"time"
)

// PersonID names a person across projects and platforms.
type PersonID string

// Person is a human whom the bot knows. Handles maps a platform to the person's user id there.
type Person struct {
	ID       PersonID          `json:"id"`
	Name     string            `json:"name"`
	Language string            `json:"language,omitempty"`
	Handles  map[string]string `json:"handles,omitempty"`
}

// Side is the party that a person or a milestone belongs to.
type Side string

// The sides; SideBoth is for milestones only.
const (
	SideVendor Side = "vendor"
	SideClient Side = "client"
	SideBoth   Side = "both"
)

// Role is what a person may do in a project.
type Role string

// The roles.
const (
	RoleLead         Role = "lead"
	RoleSponsor      Role = "sponsor"
	RoleProductOwner Role = "product_owner"
	RoleCSM          Role = "csm"
	RoleGuardian     Role = "guardian"
	RoleHelpdesk     Role = "helpdesk"
	RoleMember       Role = "member"
	RoleObserver     Role = "observer"
)

// Roles lists every role, for checks and help.
var Roles = []Role{RoleLead, RoleSponsor, RoleProductOwner, RoleCSM, RoleGuardian, RoleHelpdesk, RoleMember, RoleObserver}

// Mode says who sets dates: the vendor's lead (implementation) or the client (onboarding).
type Mode string

// The modes.
const (
	ModeImplementation Mode = "implementation"
	ModeOnboarding     Mode = "onboarding"
)

// ProjectStatus is where a project stands in its life.
type ProjectStatus string

// The project's statuses; a project is live after its go-live.
const (
	ProjectActive ProjectStatus = "active"
	ProjectPaused ProjectStatus = "paused"
	ProjectLive   ProjectStatus = "live"
	ProjectClosed ProjectStatus = "closed"
)

// Health is the project's traffic light.
type Health string

// The healths, best first.
const (
	Green Health = "green"
	Amber Health = "amber"
	Red   Health = "red"
)

// Audience says who reads a chat: the whole committee, or the vendor's own people.
type Audience string

// The audiences.
const (
	AudienceCommittee Audience = "committee"
	AudienceVendor    Audience = "vendor"
)

// Chat is a group chat of the project.
type Chat struct {
	Platform string   `json:"platform"`
	ID       string   `json:"id"`
	Audience Audience `json:"audience,omitempty"`
}

// Member is a person's place in a project.
type Member struct {
	Person PersonID `json:"person"`
	Side   Side     `json:"side,omitempty"`
	Roles  []Role   `json:"roles,omitempty"`
}

// Stage groups milestones; the stages stand in plan order.
type Stage struct {
	Key  string `json:"key"`
	Name string `json:"name"`
}

// Project is the aggregate: everything that one roll-out knows, in memory. Lists stand in the order of the export.
type Project struct {
	Key        string        `json:"key"`
	Name       string        `json:"name"`
	Plan       string        `json:"plan,omitempty"`
	Mode       Mode          `json:"mode"`
	Language   string        `json:"language"`
	Timezone   string        `json:"timezone"`
	Country    string        `json:"country,omitempty"`
	Start      Date          `json:"start,omitempty"`
	Status     ProjectStatus `json:"status"`
	Health     Health        `json:"health,omitempty"`
	Settings   Settings      `json:"settings,omitzero"`
	Chats      []Chat        `json:"chats,omitempty"`
	Members    []Member      `json:"members,omitempty"`
	Stages     []Stage       `json:"stages,omitempty"`
	Milestones []*Milestone  `json:"milestones,omitempty"`
	Proposals  []*Proposal   `json:"proposals,omitempty"`
	Actions    []*Action     `json:"actions,omitempty"`
	Risks      []*Risk       `json:"risks,omitempty"`
	Issues     []*Issue      `json:"issues,omitempty"`
	Decisions  []*Decision   `json:"decisions,omitempty"`
	Changes    []*Change     `json:"changes,omitempty"`
	Meetings   []*Meeting    `json:"meetings,omitempty"`
	Training   []*Training   `json:"training,omitempty"`
	Warranty   *Warranty     `json:"warranty,omitempty"`
	Invoices   []*Invoice    `json:"invoices,omitempty"`
	Requests   []*Request    `json:"requests,omitempty"`
	Answers    []*Answer     `json:"answers,omitempty"`
	Mutes      []*Mute       `json:"mutes,omitempty"`
	Sent       []Sent        `json:"sent,omitempty"`

	// Calendar is the project's working-day calendar, set by whoever loads it; it is not state.
	Calendar Calendar `json:"-"`
	// LastKey is the highest number that a milestone ever had, set by whoever loads the project: numbers are not used again
	// after an undo took their milestone away. It is not state.
	LastKey int `json:"-"`
	// Journal collects what the commands of this change did, for the audit; it is not state.
	Journal []JournalEntry `json:"-"`
}

// JournalEntry names one thing that a change did: the audit's action and object, as "milestone.moved" and "3", and the
// reason that was given where the state has no place for it.
type JournalEntry struct {
	Action, Object string
	Reason         string
}

// Record adds an entry to the change's journal.
func (p *Project) Record(action, object string) {
	p.RecordBecause(action, object, "")
}

// RecordBecause adds an entry with the reason that was given.
func (p *Project) RecordBecause(action, object, reason string) {
	p.Journal = append(p.Journal, JournalEntry{Action: action, Object: object, Reason: reason})
}

// Settings holds what a project has different from the config's defaults, by the config's key names; a zero field
// means the default.
type Settings struct {
	Digest        string   `json:"digest,omitempty"`               // cron expression in the project's zone, or "off"
	Portfolio     string   `json:"portfolio,omitempty"`            // cron expression, or "off"
	Alignment     string   `json:"alignment,omitempty"`            // cron expression, or "off"; "on" is the default schedule
	ReminderDays  []int    `json:"reminder_days,omitempty"`        // calendar days before the due date
	NoticeAt      string   `json:"notice_at,omitempty"`            // HH:MM of reminders, overdue nags and escalations
	OverdueEvery  int      `json:"overdue_every,omitempty"`        // working days between overdue nags
	EscalateAfter int      `json:"escalate_after,omitempty"`       // working days after the due date
	EscalateGate  int      `json:"escalate_gate_after,omitempty"`  // the same for a gate
	WorkFrom      string   `json:"work_from,omitempty"`            // HH:MM, first working moment of a day
	WorkUntil     string   `json:"work_until,omitempty"`           // HH:MM, end of the working moments
	MeetingHours  []string `json:"meeting_hours,omitempty"`        // HH:MM of the slots proposed
	MaxPerDay     int      `json:"max_per_day,omitempty"`          // unasked messages per chat and day
	ClosedDays    []Date   `json:"closed_days,omitempty"`          // days that the project closes by itself
	Review        string   `json:"review,omitempty"`               // monthly | quarterly | off
	InvoiceEvery  int      `json:"invoice_every_months,omitempty"` // renewal period in months
}

// Milestone is a point of the plan with evidence of completion.
type Milestone struct {
	Key       string   `json:"key"`
	Name      string   `json:"name"`
	Aliases   []string `json:"aliases,omitempty"`
	Stage     string   `json:"stage,omitempty"`
	Module    string   `json:"module,omitempty"`
	Side      Side     `json:"side,omitempty"`
	Owner     PersonID `json:"owner,omitempty"`
	Status    Status   `json:"status"`
	Progress  int      `json:"progress,omitempty"` // percent
	Optional  bool     `json:"optional,omitempty"`
	Gate      bool     `json:"gate,omitempty"`
	Start     Date     `json:"start,omitempty"` // first day of its work, where the plan gives weeks
	Baseline  Date     `json:"baseline,omitempty"`
	Due       Date     `json:"due,omitempty"`
	Forecast  Date     `json:"forecast,omitempty"`
	DoneOn    Date     `json:"done_on,omitempty"` // the day on which the work was reported complete
	DependsOn []string `json:"depends_on,omitempty"`
	BlockedBy string   `json:"blocked_by,omitempty"`
	Checklist []string `json:"checklist,omitempty"`
	SignOff   *SignOff `json:"signoff,omitempty"`
	Slips     []Slip   `json:"slips,omitempty"`
	Notes     []Note   `json:"notes,omitempty"`
}

// Status is where a milestone stands.
type Status string

// The milestone's statuses; a submitted one waits for sign-off.
const (
	Pending    Status = "pending"
	InProgress Status = "in_progress"
	Blocked    Status = "blocked"
	Submitted  Status = "submitted"
	Done       Status = "done"
	Cancelled  Status = "cancelled"
)

// IsOpen reports whether work is left: neither done nor cancelled.
func (m *Milestone) IsOpen() bool { return m.Status != Done && m.Status != Cancelled }

// SignOff says which sides must accept a milestone and who has.
type SignOff struct {
	Sides    []Side      `json:"sides,omitempty"`
	Document *Document   `json:"document,omitempty"`
	Given    []Given     `json:"given,omitempty"`
	Rejected []Rejection `json:"rejected,omitempty"`
}

// Document is the file that is signed, by the SHA-256 of its bytes in hex.
type Document struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
}

// Given is one side's acceptance.
type Given struct {
	Person PersonID  `json:"person"`
	Side   Side      `json:"side"`
	At     time.Time `json:"at"`
}

// Rejection is a refused sign-off.
type Rejection struct {
	Person PersonID  `json:"person"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason,omitempty"`
}

// Slip is one move of a due date.
type Slip struct {
	From   Date      `json:"from"`
	To     Date      `json:"to"`
	Reason string    `json:"reason,omitempty"`
	By     PersonID  `json:"by,omitempty"`
	At     time.Time `json:"at"`
}

// Note is a remark on a milestone.
type Note struct {
	Text string    `json:"text"`
	By   PersonID  `json:"by,omitempty"`
	At   time.Time `json:"at"`
}

// Milestone returns the milestone with that key, or nil.
func (p *Project) Milestone(key string) *Milestone {
	for _, m := range p.Milestones {
		if m.Key == key {
			return m
		}
	}
	return nil
}

// Member returns the person's place in the project, or nil.
func (p *Project) Member(id PersonID) *Member {
	for i := range p.Members {
		if p.Members[i].Person == id {
			return &p.Members[i]
		}
	}
	return nil
}

// Has reports whether the member holds the role.
func (m *Member) Has(r Role) bool {
	if m == nil {
		return false
	}
	for _, have := range m.Roles {
		if have == r {
			return true
		}
	}
	return false
}

// With returns the members that hold the role, of one side or, with side "", of either.
func (p *Project) With(r Role, side Side) []PersonID {
	var ids []PersonID
	for i := range p.Members {
		if m := &p.Members[i]; m.Has(r) && (side == "" || m.Side == side) {
			ids = append(ids, m.Person)
		}
	}
	return ids
}

// Location returns the project's zone, or UTC when it names none that exists.
func (p *Project) Location() *time.Location {
	if loc, ok := zones.Load(p.Timezone); ok {
		return loc.(*time.Location)
	}
	loc, err := time.LoadLocation(p.Timezone)
	if err != nil {
		return time.UTC
	}
	zones.Store(p.Timezone, loc)
	return loc
}

// zones remembers the zones that were read: every date of every notice asks for one, and the zone file is slow.
var zones sync.Map

// Today returns the civil date in the project's zone at now.
func (p *Project) Today(now time.Time) Date { return DateOf(now.In(p.Location())) }
