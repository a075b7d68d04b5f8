package steering

import "time"

// Actor is who gives a command, and through which platform.
type Actor struct {
	Person PersonID
	Via    string
}

// Command is one thing that a person may ask of a project. Project.Do checks that the actor may, changes the project and
// tells what followed. A command is data, so that words, buttons, reactions and slash commands meet in one place.
type Command interface {
	// run checks first and changes after, so that a refused command leaves the project as it was.
	run(a *act) (Outcome, error)
}

type (
	// AddMilestone adds one, due = baseline, owned by Owner (the actor if empty), of the owner's side.
	AddMilestone struct {
		Name      string
		Due       Date
		Owner     PersonID
		Stage     string
		DependsOn []string
	}
	// MoveMilestone sets the due date; said by who may not set dates it becomes a proposal.
	MoveMilestone struct {
		Key    string
		To     Date
		Reason string
	}
	// DecideProposal accepts or rejects a proposed date.
	DecideProposal struct {
		ID     int
		Accept bool
		Reason string
	}
	// CompleteMilestone reports the work complete on a day (today if zero).
	CompleteMilestone struct {
		Key string
		On  Date
	}
	// StartMilestone sets it in progress.
	StartMilestone struct{ Key string }
	// ReportProgress sets the percentage; 100 is CompleteMilestone.
	ReportProgress struct {
		Key     string
		Percent int
	}
	// BlockMilestone marks it blocked; an empty reason is asked for afterwards. On a blocked one it sets the reason.
	BlockMilestone struct{ Key, Reason string }
	// UnblockMilestone sets it back to Was, the status before the block ("" = derived from progress).
	UnblockMilestone struct {
		Key string
		Was Status
	}
	// ReopenMilestone takes back done, submitted or cancelled.
	ReopenMilestone struct{ Key string }
	// CancelMilestone takes it out of what counts.
	CancelMilestone struct{ Key, Reason string }
	// RenameMilestone gives it another name.
	RenameMilestone struct{ Key, Name string }
	// AssignMilestone gives it another owner.
	AssignMilestone struct {
		Key   string
		Owner PersonID
	}
	// AddDependency makes Key depend on each of On; a circle is refused with its path.
	AddDependency struct {
		Key string
		On  []string
	}
	// DropDependency takes each of On from what Key depends on.
	DropDependency struct {
		Key string
		On  []string
	}
	// AddNote writes a note on a milestone.
	AddNote struct{ Key, Text string }
	// GiveSignOff accepts a submitted milestone for the actor's side.
	GiveSignOff struct{ Key string }
	// RejectSignOff sends it back to in progress; the reason is required (ErrReasonMissing asks for it).
	RejectSignOff struct{ Key, Reason string }
	// AttachDocument sets the document to sign; a new one voids what was given.
	AttachDocument struct{ Key, Name, SHA256 string }
	// AddEntry adds a risk, an issue, a decision or an action.
	AddEntry struct {
		Kind                EntryKind
		Text                string
		Owner               PersonID
		Due                 Date
		Probability, Impact Level
		Meeting             int
	}
	// CloseEntry closes a risk, issue, action, change or request.
	CloseEntry struct {
		Kind EntryKind
		ID   int
	}
	// RaiseChange raises a scope change.
	RaiseChange struct{ Text string }
	// RuleChange says whether a change is in scope and who pays (nil leaves it as it is).
	RuleChange struct {
		ID       int
		Scope    Scope
		Billable *bool
	}
	// ProposeMeeting convenes: with one slot it is scheduled at once when the actor may, with several they are voted on.
	ProposeMeeting struct {
		Kind       MeetingKind
		Reason     string
		Milestones []string
		Slots      []time.Time
	}
	// VoteSlot votes for a slot (index from 0); the lead's pick, or both leads' votes, schedule the meeting.
	VoteSlot struct{ Meeting, Slot int }
	// ScheduleMeeting sets the moment directly.
	ScheduleMeeting struct {
		Meeting int
		At      time.Time
	}
	// RecordMinutes writes minutes to a meeting; Meeting 0 finds the one of the last 7 days or makes one held today.
	RecordMinutes struct {
		Meeting int
		Text    string
	}
	// CloseMeeting marks it held; 0 is the newest that is not closed.
	CloseMeeting struct{ Meeting int }
	// CancelMeeting calls it off.
	CancelMeeting struct{ Meeting int }
	// ChangeSettings sets the fields of Set that are not zero; "default" resets a text field.
	ChangeSettings struct{ Set Settings }
	// MuteNotices silences the actor's notices (everyone's if Everyone and the actor leads) until a date.
	MuteNotices struct {
		Milestone string
		Until     Date
		Everyone  bool
	}
	// Unmute ends the actor's mutes (or everyone's).
	Unmute struct {
		Milestone string
		Everyone  bool
	}
	// SetRoles places a person: adds Add, takes away Drop, sets Side when not empty.
	SetRoles struct {
		Person    PersonID
		Side      Side
		Add, Drop []Role
	}
	// RaiseRequest opens a support request; only guardians may (the refusal names one).
	RaiseRequest struct{ Text string }
	// RuleRequest says whether the warranty covers a request.
	RuleRequest struct {
		ID      int
		Covered bool
	}
	// SetWarranty sets the terms; Days counts from the go-live's day (or its due date).
	SetWarranty struct {
		Days                int
		Until               Date
		Covered, NotCovered []string
	}
	// AddInvoice writes an invoice down.
	AddInvoice struct {
		For         string
		Issued, Due Date
	}
	// PayInvoice marks an invoice paid on a day (today if zero).
	PayInvoice struct {
		ID int
		On Date
	}
	// AnswerAlignment answers one of the five alignment questions in the current week.
	AnswerAlignment struct{ Question, Text string }
	// SetLanguage sets the project's language.
	SetLanguage struct{ Language string }
	// RecordTraining says that a person was trained.
	RecordTraining struct {
		Person    PersonID
		Milestone string
		On        Date
	}
	// SetProjectStatus pauses, resumes or closes the project.
	SetProjectStatus struct{ Status ProjectStatus }
)

// EntryKind names a register.
type EntryKind string

// The registers.
const (
	KindRisk     EntryKind = "risk"
	KindIssue    EntryKind = "issue"
	KindDecision EntryKind = "decision"
	KindAction   EntryKind = "action"
	KindChange   EntryKind = "change"
	KindRequest  EntryKind = "request"
	KindInvoice  EntryKind = "invoice"
	KindMeeting  EntryKind = "meeting"
	KindProposal EntryKind = "proposal"
)

// Move is one due date that moved, or could move.
type Move struct {
	Key      string
	From, To Date
}

// Remark is something worth saying beside a confirmation: a catalogue key under "remark." and its arguments.
type Remark struct {
	Key  string
	Args map[string]any
}

// Outcome tells what a command did, for whoever words the answer. Fields that do not apply are zero.
type Outcome struct {
	Command    Command
	Milestone  string     // the one it was about
	Moves      []Move     // due dates that moved, the named one first
	Earlier    []Move     // what could come earlier now
	GoLive     Move       // the go-live's forecast before and after, Key "" if it did not change
	Proposal   int        // id of the proposal made, accepted or rejected
	Deciders   []PersonID // who may decide or sign what now waits
	Waiting    []Side     // sides whose sign-off is still missing
	Closed     bool       // the milestone is done now
	Entry      EntryKind  // register entry made, closed or ruled …
	EntryID    int        // … and its id
	Scheduled  bool       // a meeting has its moment now
	NeedReason bool       // a reason is missing and asked for afterwards
	Remarks    []Remark
	NothingNew bool // it was so already
}

// Error is a refusal that people may read: a code, a catalogue key under "refused." and its arguments (milestone
// keys as []string under "milestones", persons as []PersonID under "who", roles as []Role under "roles").
type Error struct {
	Code Code
	Key  string
	Args map[string]any
}

// Code classifies a refusal.
type Code string

// The codes.
const (
	CodeForbidden Code = "forbidden"
	CodeInvalid   Code = "invalid"
	CodeConflict  Code = "conflict"
	CodeNotFound  Code = "not_found"
	CodeMissing   Code = "missing" // something must be asked for first: Args["slot"] names it
)

// Error implements error with the code and the key; people read the catalogue's words instead.
func (e *Error) Error() string { return string(e.Code) + ": " + e.Key }
