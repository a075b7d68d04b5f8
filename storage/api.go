package storage

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"time"

	"timonel/bot"
	"timonel/steering"
)

var errNotYet = errors.New("storage: not built yet")

// Options says how a database is opened.
type Options struct {
	// Now is the clock; the default is time.Now.
	Now func() time.Time
	// Migrate brings the schema to this version's; without it an older schema is refused.
	Migrate bool
	// Calendar gives a loaded project its working days; nil leaves Project.Calendar zero.
	Calendar func(*steering.Project) steering.Calendar
}

// ErrNotFound is wrapped by what looks for something that is not there.
var ErrNotFound = errors.New("not found")

// ErrHandled is returned by MarkHandled when the event was handled already.
var ErrHandled = errors.New("handled already")

// DB is an open database.
type DB struct{}

// Tx is one transaction.
type Tx struct{}

// Open opens a SQLite file, ":memory:" or a postgres:// URL.
func Open(ctx context.Context, url string, o Options) (*DB, error) { return nil, errNotYet }

// Close closes the database.
func (db *DB) Close() error { return errNotYet }

// Update runs f in a read-write transaction; f may run several times and must not act outside the transaction.
func (db *DB) Update(ctx context.Context, f func(*Tx) error) error { return errNotYet }

// View runs f in a read-only transaction.
func (db *DB) View(ctx context.Context, f func(*Tx) error) error { return errNotYet }

// Subscribe returns a channel that gets a signal after every commit that received or enqueued something.
func (db *DB) Subscribe() (<-chan struct{}, func()) { return nil, nil }

// Now is the transaction's moment: UTC, fixed at its begin.
func (tx *Tx) Now() time.Time { return time.Time{} }

// Project loads the aggregate, without Sent.
func (tx *Tx) Project(key string) (*steering.Project, error) { return nil, errNotYet }

// CreateProject stores a new project and its creation in the audit.
func (tx *Tx) CreateProject(p *steering.Project, actor steering.Actor) error { return errNotYet }

// Save writes what differs from what is stored, with its audit entries.
func (tx *Tx) Save(p *steering.Project, actor steering.Actor) (changeNo int, err error) {
	return 0, errNotYet
}

// Undone tells what Undo put back.
type Undone struct {
	ChangeNo int                   // the change taken back
	Entries  []steering.AuditEntry // what was written about it, action "undo"
	Project  *steering.Project     // the project as it is now
}

// Undo takes back the person's last change in the project.
func (tx *Tx) Undo(project string, actor steering.Actor) (*Undone, error) { return nil, errNotYet }

// ProjectKeys lists every project's key, in order.
func (tx *Tx) ProjectKeys() ([]string, error) { return nil, errNotYet }

// ProjectsByChat lists the keys of the projects of a group chat.
func (tx *Tx) ProjectsByChat(platform bot.Platform, chat bot.RoomID) ([]string, error) {
	return nil, errNotYet
}

// ProjectsOf lists the keys of the projects of which the person is a member.
func (tx *Tx) ProjectsOf(person steering.PersonID) ([]string, error) { return nil, errNotYet }

// DueProjects lists the keys whose next moment is at or before now, earliest first.
func (tx *Tx) DueProjects(now time.Time, limit int) ([]string, error) { return nil, errNotYet }

// NextProjectAt returns the earliest next moment of any project, zero if there is none.
func (tx *Tx) NextProjectAt() (time.Time, error) { return time.Time{}, errNotYet }

// SetNextAt sets when the scheduler has to look at the project again; zero means never. Save sets it to Tx.Now().
func (tx *Tx) SetNextAt(key string, t time.Time) error { return errNotYet }

// Person returns a person by id, or ErrNotFound.
func (tx *Tx) Person(id steering.PersonID) (*steering.Person, error) { return nil, errNotYet }

// PersonByHandle returns the person with that user id on a platform, or ErrNotFound.
func (tx *Tx) PersonByHandle(platform bot.Platform, handle bot.UserID) (*steering.Person, error) {
	return nil, errNotYet
}

// People lists everybody by id.
func (tx *Tx) People() ([]*steering.Person, error) { return nil, errNotYet }

// PutPerson writes a person; a handle that belongs to somebody else is refused as a *steering.Error (conflict).
func (tx *Tx) PutPerson(p *steering.Person) error { return errNotYet }

// Sent lists the identities of the notices that went out for the project, by time.
func (tx *Tx) Sent(project string) ([]steering.Sent, error) { return nil, errNotYet }

// WasSent reports whether a notice with s's kind, object and about went out.
func (tx *Tx) WasSent(project string, s steering.Sent) (bool, error) { return false, errNotYet }

// MarkSent stores a notice's identity; fresh is false if it was there.
func (tx *Tx) MarkSent(project string, s steering.Sent) (fresh bool, err error) {
	return false, errNotYet
}

// UnmarkSent takes an identity back, for a notice that was cancelled before it went out.
func (tx *Tx) UnmarkSent(project string, s steering.Sent) error { return errNotYet }

// AuditFilter narrows Audit; zero fields do not narrow.
type AuditFilter struct {
	Object  string
	Actions []string // exact, or a prefix that ends in "."
	By      steering.PersonID
	Limit   int
	Newest  bool // newest first
}

// Audit lists audit entries of a project, oldest first unless f.Newest.
func (tx *Tx) Audit(project string, f AuditFilter) ([]steering.AuditEntry, error) {
	return nil, errNotYet
}

// AppendAudit writes an entry that no Save makes; At defaults to Tx.Now().
func (tx *Tx) AppendAudit(e steering.AuditEntry) error { return errNotYet }

// StatusBeforeBlock returns the status that a blocked milestone had before, "" if the audit does not know.
func (tx *Tx) StatusBeforeBlock(project, key string) (steering.Status, error) {
	return "", errNotYet
}

// Room is what is known of a chat place.
type Room struct {
	Platform bot.Platform      `json:"platform"`
	ID       bot.RoomID        `json:"id"`
	Name     string            `json:"name,omitempty"`
	Direct   bool              `json:"direct,omitempty"`
	User     bot.UserID        `json:"user,omitempty"` // of a direct chat
	Language string            `json:"language,omitempty"`
	Zone     string            `json:"zone,omitempty"`
	Shared   bool              `json:"shared,omitempty"`
	Project  string            `json:"project,omitempty"` // the one last talked about
	Left     bool              `json:"left,omitempty"`    // the bot is not in it any more
	WroteAt  time.Time         `json:"wrote_at,omitzero"` // the last message to the bot there
	Facts    map[string]string `json:"facts,omitempty"`   // anything else worth keeping
}

// Room returns a chat place, or ErrNotFound.
func (tx *Tx) Room(platform bot.Platform, id bot.RoomID) (*Room, error) { return nil, errNotYet }

// DirectRoom returns the direct chat with a user, or ErrNotFound.
func (tx *Tx) DirectRoom(platform bot.Platform, user bot.UserID) (*Room, error) {
	return nil, errNotYet
}

// PutRoom writes a chat place.
func (tx *Tx) PutRoom(r *Room) error { return errNotYet }

// Dialogue returns the open dialogue of a person in a room; ErrNotFound if there is none or it expired.
func (tx *Tx) Dialogue(platform bot.Platform, room bot.RoomID, person string) (json.RawMessage, error) {
	return nil, errNotYet
}

// PutDialogue stores doc as JSON until expires.
func (tx *Tx) PutDialogue(platform bot.Platform, room bot.RoomID, person string, doc any, expires time.Time) error {
	return errNotYet
}

// DropDialogue ends a dialogue.
func (tx *Tx) DropDialogue(platform bot.Platform, room bot.RoomID, person string) error {
	return errNotYet
}

// Message is what is remembered of a message that the bot sent, so that a quote, a reaction or a press finds its meaning.
type Message struct {
	Platform   bot.Platform
	ID         bot.MessageID
	Room       bot.RoomID
	Outbox     int64
	Kind       bot.Kind
	Project    string
	Milestones []string
	Options    []bot.Option
	Poll       *bot.Poll
	Card       string
	At         time.Time
}

// Message returns what the bot sent under a platform's message id, or ErrNotFound.
func (tx *Tx) Message(platform bot.Platform, id bot.MessageID) (*Message, error) {
	return nil, errNotYet
}

// LastMessages lists the bot's newest messages in a room, newest first.
func (tx *Tx) LastMessages(platform bot.Platform, room bot.RoomID, limit int) ([]*Message, error) {
	return nil, errNotYet
}

// Hints returns what the project's people have called its milestones: phrase to key.
func (tx *Tx) Hints(project string) (map[string]string, error) { return nil, errNotYet }

// PutHint remembers that phrase means the milestone; an empty milestone forgets it.
func (tx *Tx) PutHint(project, phrase, milestone string) error { return errNotYet }

// Receive stores an event; fresh is false when it was received before. It is on disk when Receive returns.
func (db *DB) Receive(ctx context.Context, in bot.Incoming) (fresh bool, err error) {
	return false, errNotYet
}

// Waiting returns the oldest event of each room that waits, oldest first.
func (db *DB) Waiting(ctx context.Context, limit int) ([]bot.Incoming, error) {
	return nil, errNotYet
}

// NextIncoming returns the oldest event that waits in a room, or ErrNotFound.
func (db *DB) NextIncoming(ctx context.Context, platform bot.Platform, room bot.RoomID) (bot.Incoming, error) {
	return bot.Incoming{}, errNotYet
}

// MarkHandled ends an event in the transaction that handled it; ErrHandled if another did.
func (tx *Tx) MarkHandled(in bot.Incoming) error { return errNotYet }

// FailIncoming notes that handling failed; after max failures the event is parked and its room goes on.
func (db *DB) FailIncoming(ctx context.Context, in bot.Incoming, problem string, max int) (parked bool, err error) {
	return false, errNotYet
}

// Enqueue stores a message to be sent from out.At on (now if zero) and returns its id.
func (tx *Tx) Enqueue(out bot.Outgoing) (int64, error) { return 0, errNotYet }

// PendingOutgoing lists the messages about a project that nobody has begun to send.
func (tx *Tx) PendingOutgoing(project string) ([]bot.Outgoing, error) { return nil, errNotYet }

// OutgoingSince lists the messages to a room, or to a user directly, enqueued since a moment and not cancelled.
func (tx *Tx) OutgoingSince(platform bot.Platform, room bot.RoomID, user bot.UserID, since time.Time) ([]bot.Outgoing, error) {
	return nil, errNotYet
}

// CancelOutgoing cancels a message that nobody has begun to send; done is false if it was too late.
func (tx *Tx) CancelOutgoing(id int64) (done bool, err error) { return false, errNotYet }

// ClaimOutgoing takes up to limit messages for sending, at most one of each room, in order; they are this caller's until
// the lease ends.
func (db *DB) ClaimOutgoing(ctx context.Context, platform bot.Platform, limit int, lease time.Duration) ([]bot.Outgoing, error) {
	return nil, errNotYet
}

// InDoubt takes the messages whose sending was begun and whose lease has ended: whether they arrived is not known.
func (db *DB) InDoubt(ctx context.Context, platform bot.Platform, limit int, lease time.Duration) ([]bot.Outgoing, error) {
	return nil, errNotYet
}

// NextOutgoingAt says when the next message of the platform may be claimed, zero if none waits.
func (db *DB) NextOutgoingAt(ctx context.Context, platform bot.Platform) (time.Time, error) {
	return time.Time{}, errNotYet
}

// MarkSent notes that a message arrived under the platform's id.
func (db *DB) MarkSent(ctx context.Context, id int64, platformID bot.MessageID) error {
	return errNotYet
}

// MarkRetry sets a message back, to be sent again from at on; the room waits for it.
func (db *DB) MarkRetry(ctx context.Context, id int64, at time.Time, problem string) error {
	return errNotYet
}

// MarkFailed gives a message up; the room goes on.
func (db *DB) MarkFailed(ctx context.Context, id int64, problem string) error { return errNotYet }

// MarkCancelled drops a claimed message that is not true any more.
func (db *DB) MarkCancelled(ctx context.Context, id int64, problem string) error { return errNotYet }

// Progress is told how much of a long work is done, in projects.
type Progress func(done, total int)

// Export writes the state of one project, or of all with key "", as JSON. progress may be nil.
func (db *DB) Export(ctx context.Context, w io.Writer, key string, progress Progress) error {
	return errNotYet
}

// ExportState is Export as a value.
func (tx *Tx) ExportState(key string) (*steering.State, error) { return nil, errNotYet }

// Import reads what Export wrote, all or nothing. progress may be nil.
func (db *DB) Import(ctx context.Context, r io.Reader, progress Progress) (ImportResult, error) {
	return ImportResult{}, errNotYet
}

// ImportResult counts what Import stored.
type ImportResult struct {
	Projects []string // their keys
	People   int
	Audit    int
}

// Backup writes a consistent copy of a SQLite database to a new file while others work.
func (db *DB) Backup(ctx context.Context, file string) error { return errNotYet }

// Restore puts a backup where url says; it never overwrites a database.
func Restore(ctx context.Context, file, url string) error { return errNotYet }

// VerifyAudit recomputes the hash chains; the error names the first entry that does not fit.
func (db *DB) VerifyAudit(ctx context.Context) (entries int, err error) { return 0, errNotYet }

// Migrate brings the schema to this version's and returns the versions before and after.
func (db *DB) Migrate(ctx context.Context) (from, to int, err error) { return 0, 0, errNotYet }

// Finding is the result of one check of Check.
type Finding struct {
	Name   string // "reachable", "schema", "integrity", "writable", "audit"
	Err    error  // nil if it is well
	Detail string
}

// Check looks at the database for doctor.
func (db *DB) Check(ctx context.Context) []Finding { return nil }

// QueueStats counts what waits, for metrics and health.
type QueueStats struct {
	InboxWaiting, InboxParked int
	Outbox                    map[string]int // by state
	OldestWaiting             time.Time      // of what could have gone out or been handled by now; zero if nothing waits
}

// QueueStats counts what waits.
func (db *DB) QueueStats(ctx context.Context) (QueueStats, error) { return QueueStats{}, errNotYet }

// Prune deletes what is only kept for duplicates and quotes, older than before: handled events, sent messages, dialogues.
func (db *DB) Prune(ctx context.Context, before time.Time) (int, error) { return 0, errNotYet }
