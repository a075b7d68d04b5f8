// Package bot is the chat core: what comes in, what goes out, the adapters between Timonel and a platform, and the
// durable paths in and out. It knows nothing of projects, plans or languages.
package bot

import (
	"context"
	"time"
)

// Platform names a chat platform: "slack", "whatsapp", "web", "terminal".
type Platform string

// The platforms.
const (
	Slack    Platform = "slack"
	WhatsApp Platform = "whatsapp"
	Web      Platform = "web"
	Terminal Platform = "terminal"
)

// Identifiers of a platform. They are opaque: only the platform's adapter makes or reads them.
type (
	// RoomID names a group chat, or the direct chat with one person.
	RoomID string
	// UserID names a person on one platform.
	UserID string
	// MessageID names a message within its platform.
	MessageID string
)

// IncomingKind says what happened in a chat.
type IncomingKind string

// The kinds of incoming events.
const (
	TextMessage IncomingKind = "text"     // a message, perhaps with files
	Reaction    IncomingKind = "reaction" // Text holds the emoji, Quote the message it is on
	Press       IncomingKind = "press"    // Action holds the button's action, Quote its message
	PollVote    IncomingKind = "vote"     // Text holds the option chosen, Quote the poll's message
	Edited      IncomingKind = "edited"   // Text is the new text of message Quote
	Deleted     IncomingKind = "deleted"  // message Quote was taken back
	Joined      IncomingKind = "joined"   // From joined the room (the bot itself when SelfJoined)
	Left        IncomingKind = "left"
	Opened      IncomingKind = "opened" // From opened the bot's home page
)

// Incoming is one event from a platform. (Platform, ID) is unique: the same event delivered twice has the same ID.
type Incoming struct {
	Platform Platform     `json:"platform"`
	ID       MessageID    `json:"id"`
	Kind     IncomingKind `json:"kind"`
	Room     RoomID       `json:"room"`
	Direct   bool         `json:"direct,omitempty"` // the direct chat between From and the bot
	RoomName string       `json:"room_name,omitempty"`
	From     UserID       `json:"from"`
	FromName string       `json:"from_name,omitempty"`
	// Also is another id by which the platform knows the same person, "" if there is none.
	Also UserID `json:"also,omitempty"`
	// Language and Zone are what the platform knows of the person, "" if nothing.
	Language string `json:"language,omitempty"`
	Zone     string `json:"zone,omitempty"`
	// Guest is set for a person from outside the vendor's workspace (Slack Connect).
	Guest bool `json:"guest,omitempty"`
	// Shared is set when the room is shared with people from outside the vendor's workspace.
	Shared bool      `json:"shared,omitempty"`
	At     time.Time `json:"at"`
	Text   string    `json:"text,omitempty"`
	// Mentions of people in Text, as byte spans; the bot's own mention is not among them but sets ToBot.
	Mentions []MentionSpan `json:"mentions,omitempty"`
	// ToBot is set when the message mentions the bot, is a slash command or answers one of the bot's messages.
	ToBot  bool      `json:"to_bot,omitempty"`
	Quote  MessageID `json:"quote,omitempty"` // the bot's message that this quotes, answers or reacts to
	Action string    `json:"action,omitempty"`
	Files  []File    `json:"files,omitempty"`
	// Form holds the fields of a submitted form (a modal), by the form's field names.
	Form       map[string]string `json:"form,omitempty"`
	SelfJoined bool              `json:"self_joined,omitempty"`
	// Ref is the driver's own reference (in replay, the script line); it comes back as Outgoing.InReplyTo.
	Ref int `json:"ref,omitempty"`
}

// MentionSpan is a mention of a person in a text: its byte span, "@" included. Also is another id of the same person,
// Name what the platform calls them; both may be empty.
type MentionSpan struct {
	User UserID `json:"user"`
	Also UserID `json:"also,omitempty"`
	Name string `json:"name,omitempty"`
	// Guest is set for a person from outside the vendor's workspace.
	Guest      bool `json:"guest,omitempty"`
	Start, End int
}

// File is a file that came or goes with a message. Data of an incoming file may be fetched late through Fetch.
type File struct {
	Name   string `json:"name"`
	MIME   string `json:"mime,omitempty"`
	Bytes  int    `json:"bytes,omitempty"`
	SHA256 string `json:"sha256,omitempty"` // of the bytes, in hex
	Data   []byte `json:"data,omitempty"`
	// Recipe says how Data is made just before the message is sent, for what is too much to be made or kept before. Only
	// who wrote it reads it.
	Recipe string `json:"recipe,omitempty"`
}

// Kind says what an outgoing message is; the contract names them.
type Kind string

// The kinds, as `replay --json` prints them.
const (
	KindReply      Kind = "reply"
	KindQuestion   Kind = "question"
	KindReminder   Kind = "reminder"
	KindOverdue    Kind = "overdue"
	KindEscalation Kind = "escalation"
	KindMeeting    Kind = "meeting"
	KindSignOff    Kind = "signoff"
	KindDigest     Kind = "digest"
	KindPortfolio  Kind = "portfolio"
	KindSurvey     Kind = "survey"
	KindInvoice    Kind = "invoice"
	KindReview     Kind = "review"
	KindNotice     Kind = "notice"
	KindError      Kind = "error"
)

// Option is a choice offered with a message: a button where the platform has them, a numbered line elsewhere.
type Option struct {
	Label  string `json:"label"`
	Action string `json:"action"`          // what comes back in Incoming.Action
	Style  string `json:"style,omitempty"` // "", "primary" or "danger"
}

// Poll is a question with options to vote on.
type Poll struct {
	Question string   `json:"question"`
	Options  []string `json:"options"`
	Actions  []string `json:"actions"` // what each option means, in the order of Options
}

// Outgoing is one message of the bot's. It is stored with the change that caused it and delivered afterwards, once.
type Outgoing struct {
	ID       int64    `json:"id"`
	Platform Platform `json:"platform"`
	Room     RoomID   `json:"room,omitempty"`   // a group, or a direct chat if known
	Direct   UserID   `json:"direct,omitempty"` // set for a direct message to this user
	// PlatformID is chosen when the message is stored, where the platform lets us, so that a repeat is the same message.
	PlatformID MessageID `json:"platform_id,omitempty"`
	Kind       Kind      `json:"kind"`
	Kinds      []Kind    `json:"kinds,omitempty"` // all, when the message bundles several
	Project    string    `json:"project,omitempty"`
	Milestones []string  `json:"milestones,omitempty"`
	// Text carries internal/markup marks; mentions in it hold the platform's user ids.
	Text    string   `json:"text"`
	Options []Option `json:"options,omitempty"`
	Poll    *Poll    `json:"poll,omitempty"`
	Files   []File   `json:"files,omitempty"`
	// Thread is the message that this answers on the platform, InReplyTo the Ref of the incoming one.
	Thread    MessageID `json:"thread,omitempty"`
	InReplyTo int       `json:"in_reply_to,omitempty"`
	// Ephemeral asks for a message that only Only sees, where the platform can.
	Ephemeral bool   `json:"ephemeral,omitempty"`
	Only      UserID `json:"only,omitempty"`
	// Card names a message that is edited instead of posted anew ("status:ACME"), where the platform can.
	Card string `json:"card,omitempty"`
	// Ask names what the message asks for ("date", "reason"), so that a platform may offer a picker or a form.
	Ask string `json:"ask,omitempty"`
	// More is where the whole can be read when a platform has to shorten the text.
	More *Link     `json:"more,omitempty"`
	At   time.Time `json:"at"`
	// Identities of the notices in it; the message is cancelled when none is true any more.
	Identities []string `json:"identities,omitempty"`
	// Echo says of a message that tells in one chat what was decided in another which changes its lines tell, one each.
	Echo []int `json:"echo,omitempty"`
	// Attempt counts the deliveries begun, this one included; whoever claims the message sets it.
	Attempt int `json:"-"`
}

// Unasked reports whether nobody asked for the message: it is a notice, or tells what was decided elsewhere.
func (o Outgoing) Unasked() bool { return len(o.Identities) > 0 || len(o.Echo) > 0 }

// IsAnswer reports whether a message of the kind is what somebody waits for. Answers go before the rest.
func (k Kind) IsAnswer() bool { return k == KindReply || k == KindQuestion || k == KindError }

// Capabilities is what a platform can show, as data.
type Capabilities struct {
	Buttons, Polls, Threads, Edits, Ephemeral, Files bool
	MaxText                                          int // runes of one message; 0 means no limit
	MaxOptions                                       int
}

// Health is how an adapter stands, in a few words for the operator when it is not well.
type Health struct {
	OK      bool
	Problem string
	Since   time.Time
	// StandsBy is set when it is not OK only because another instance does this one's part.
	StandsBy bool
	// CannotSend is set when no message can go out until that is over. What is to go out then waits unattempted, whatever
	// its age: to try and to set back would bring it late, and give it up.
	CannotSend bool
	// Behind is set while what was said during a silence is still being read.
	Behind bool
}

// Sink takes what an adapter receives. It returns once the event is committed: only then may the adapter acknowledge it.
type Sink interface {
	Receive(ctx context.Context, in Incoming) error
}

// Adapter joins one platform to the bot.
type Adapter interface {
	Platform() Platform
	// Run connects and feeds sink until ctx ends; it reconnects by itself and returns only on ctx or what no retry can mend.
	Run(ctx context.Context, sink Sink) error
	// Send delivers one message and returns its platform id. Errors are Temporary, Permanent, or InDoubt.
	Send(ctx context.Context, out Outgoing) (MessageID, error)
	Capabilities() Capabilities
	Health() Health
}

// Reconciler is an adapter that can tell whether a message whose sending was interrupted arrived.
type Reconciler interface {
	// Sent reports whether out was delivered, and under which id.
	Sent(ctx context.Context, out Outgoing) (MessageID, bool, error)
}
