package storage

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"timonel/steering"
)

// What an entry says happened to its object.
const (
	opCreated = "created"
	opChanged = "changed"
	opRemoved = "removed"
)

// actionUndo is the action of the entries that an undo writes.
const actionUndo = "undo"

// entry is an audit entry with what is kept beside it: the object exactly, and the change that it belongs to.
type entry struct {
	steering.AuditEntry
	before, after string // JSON objects with their keys in order, "" if there is none
	kind, ref, op string
	changeNo      int
}

// fieldChanges returns the top-level fields in which two documents of a kind differ, as they were and as they are, without
// what is computed.
func fieldChanges(kind, before, after string) (was, is string, err error) {
	old, err := fields(before)
	if err != nil {
		return "", "", err
	}
	now, err := fields(after)
	if err != nil {
		return "", "", err
	}
	for name, value := range old {
		if string(now[name]) == string(value) {
			delete(old, name)
			delete(now, name)
		}
	}
	for _, name := range derived[kind] {
		delete(old, name)
		delete(now, name)
	}
	if was, err = fieldText(old); err != nil {
		return "", "", err
	}
	is, err = fieldText(now)
	return was, is, err
}

func fieldText(m map[string]json.RawMessage) (string, error) {
	if len(m) == 0 {
		return "", nil
	}
	return canonical(m)
}

// spoken maps the names that actions have for things to the kinds of objects that they are.
var spoken = map[string]string{
	kindProject: kindProject, kindMember: kindMember,
	"warranty": kindProject, "settings": kindProject, "language": kindProject, "chat": kindProject, "stage": kindProject,
	"alignment": kindAnswer, "notices": kindMute, "signoff": kindMilestone,
}

// kindOf says which kind of object an action's prefix, or an object's first word, names; "" if none.
func kindOf(name string) string {
	prefix, _, _ := strings.Cut(name, ".")
	if _, listed := registerByKind[prefix]; listed {
		return prefix
	}
	return spoken[prefix]
}

// objectName is how the audit calls an object: a milestone by its key, the header "project", the rest as "risk 1".
func objectName(kind, id string) string {
	switch kind {
	case kindMilestone:
		return id
	case kindProject:
		return kindProject
	}
	return kind + " " + id
}

// objectOf reads what objectName wrote, with the action's help.
func objectOf(project, action, object string) objectKey {
	kind := kindOf(action)
	if first, rest, spaced := strings.Cut(object, " "); spaced && kindOf(first) != "" && (kind == "" || kind == kindOf(first)) {
		return objectKey{kindOf(first), rest}
	}
	if kind == "" {
		if kind = kindOf(object); kind == "" {
			kind = kindMilestone
		}
	}
	if kind == kindProject {
		object = project
	}
	return objectKey{kind, object}
}

// names reports whether a journal's entry speaks of the object of e.
func names(j steering.JournalEntry, e *entry) bool {
	said := objectOf(e.Project, j.Action, j.Object)
	if said.kind != e.kind {
		return false
	}
	return unnumbered[e.kind] || said.id == e.ref
}

// unnumbered are the kinds without an id that a journal could name; the audit calls their objects as the journal does.
var unnumbered = map[string]bool{kindTraining: true, kindAnswer: true, kindMute: true}

// nameEntries gives the entries the journal's names, each the first that fits, and puts them in the journal's order; what the
// journal does not name follows.
func nameEntries(entries []entry, journal []steering.JournalEntry) ([]entry, error) {
	named := make([]entry, 0, len(entries))
	for _, j := range journal {
		i := slices.IndexFunc(entries, func(e entry) bool { return names(j, &e) })
		if i < 0 {
			continue
		}
		e := entries[i]
		e.Action = j.Action
		if unnumbered[e.kind] && j.Object != "" {
			e.Object = j.Object
		}
		if j.Reason != "" {
			if err := e.because(j.Reason); err != nil {
				return nil, err
			}
		}
		named = append(named, e)
		entries = slices.Delete(entries, i, i+1)
	}
	return append(named, entries...), nil
}

// reasonField is where a reason stands among the fields of After though the object has no place for it: beside "reason" in
// the kinds that have a field of that name for something else.
func reasonField(kind string) string {
	if kind == kindProposal || kind == kindMeeting {
		return "because"
	}
	return "reason"
}

// because adds the reason that was given for a change.
func (e *entry) because(reason string) error {
	after, err := fields(e.after)
	if err != nil {
		return err
	}
	text, err := encode(reason)
	if err != nil {
		return err
	}
	if after == nil {
		after = map[string]json.RawMessage{}
	}
	after[reasonField(e.kind)] = json.RawMessage(text)
	e.after, err = fieldText(after)
	return err
}

// appendEntries writes entries, in this order, each to the end of its project's chain.
func (tx *Tx) appendEntries(entries []entry) error {
	chains := map[string]*link{}
	for _, e := range entries {
		end := chains[e.Project]
		if end == nil {
			end = &link{}
			chains[e.Project] = end
			_, err := tx.find([]any{&end.entries, &end.head}, `SELECT entries, head FROM chains WHERE project = $1`, e.Project)
			if err != nil {
				return wrap("read the audit's end", err)
			}
		}
		hash := e.hash(end.head)
		_, err := tx.exec(`INSERT INTO audit
			(project, at, person, action, object, before, after, via, change_no, kind, ref, op, prev_hash, hash)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
			e.Project, stamp(e.At), string(e.By), e.Action, e.Object, e.before, e.after, e.Via, e.changeNo, e.kind, e.ref, e.op,
			end.head, hash)
		if err != nil {
			return wrap("append to the audit", err)
		}
		end.entries, end.head = end.entries+1, hash
	}
	for _, project := range sortedKeys(chains) {
		end := chains[project]
		_, err := tx.exec(`INSERT INTO chains (project, entries, head) VALUES ($1, $2, $3)
			ON CONFLICT (project) DO UPDATE SET entries = excluded.entries, head = excluded.head`,
			project, end.entries, end.head)
		if err != nil {
			return wrap("append to the audit", err)
		}
	}
	return nil
}

// link is where a chain of the audit ends.
type link struct {
	entries int
	head    string
}

// hash chains the entry to the one before it.
func (e *entry) hash(previous string) string {
	// An array of strings, because its text tells every field from the next.
	text, err := encode([]string{
		previous, e.Project, stamp(e.At), string(e.By), e.Action, e.Object, e.before, e.after, e.Via,
	})
	if err != nil {
		return "" // strings always encode
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// AppendAudit writes an entry that no Save makes, as one about people alone (Project ""). At defaults to Tx.Now().
func (tx *Tx) AppendAudit(e steering.AuditEntry) error {
	if e.At.IsZero() {
		e.At = tx.now
	}
	own, err := newEntry(e)
	if err != nil {
		return fmt.Errorf("append to the audit: %w", err)
	}
	own.identify()
	return tx.appendEntries([]entry{own})
}

func newEntry(e steering.AuditEntry) (own entry, err error) {
	own = entry{AuditEntry: e}
	if len(e.Before) > 0 {
		if own.before, err = canonical(e.Before); err != nil {
			return own, err
		}
	}
	if len(e.After) > 0 {
		own.after, err = canonical(e.After)
	}
	return own, err
}

// identify finds out, for an entry that came without, which object it is about and what happened to it: a document that is
// whole tells its object.
func (e *entry) identify() {
	key := objectOf(e.Project, e.Action, e.Object)
	e.kind, e.ref, e.op = key.kind, key.id, opChanged
	if e.before == "" && e.after != "" {
		if id, whole := wholeDocument(e.kind, e.Project, e.after); whole {
			e.ref, e.op = id, opCreated
		}
	} else if e.after == "" && e.before != "" {
		if id, whole := wholeDocument(e.kind, e.Project, e.before); whole {
			e.ref, e.op = id, opRemoved
		}
	}
}

// identity names a field that a whole document of a kind always has and that never changes.
var identity = map[string]string{
	kindProject: "key", kindMember: "person", kindMilestone: "key", kindTraining: "person", kindAnswer: "question", kindMute: "until",
}

func wholeDocument(kind, project, doc string) (id string, whole bool) {
	field := identity[kind]
	if field == "" {
		field = "id"
	}
	present, err := fields(doc)
	if err != nil || present[field] == nil {
		return "", false
	}
	switch kind {
	case kindProject:
		return project, true
	case kindMember:
		var m steering.Member
		err = decode(doc, &m)
		return string(m.Person), err == nil
	}
	id, err = registerByKind[kind].identify(doc)
	return id, err == nil
}

// AuditFilter narrows Audit; zero fields do not narrow.
type AuditFilter struct {
	Object  string
	Actions []string // each exact, or a prefix that ends in "."
	By      steering.PersonID
	Limit   int
	Newest  bool // newest first
}

// Audit lists entries of a project, oldest first unless f.Newest.
func (tx *Tx) Audit(project string, f AuditFilter) ([]steering.AuditEntry, error) {
	where, args := []string{"project = $1"}, []any{project}
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	if f.Object != "" {
		where = append(where, "object = "+arg(f.Object))
	}
	if f.By != "" {
		where = append(where, "person = "+arg(string(f.By)))
	}
	if len(f.Actions) > 0 {
		var any []string
		for _, a := range f.Actions {
			if strings.HasSuffix(a, ".") {
				any = append(any, fmt.Sprintf("substr(action, 1, %d) = %s", len(a), arg(a)))
			} else {
				any = append(any, "action = "+arg(a))
			}
		}
		where = append(where, "("+strings.Join(any, " OR ")+")")
	}
	tail := " ORDER BY seq"
	if f.Newest {
		tail += " DESC"
	}
	if f.Limit > 0 {
		tail += " LIMIT " + arg(f.Limit)
	}
	var list []steering.AuditEntry
	err := tx.entries(func(e *entry) error {
		if err := e.unfold(); err != nil {
			return err
		}
		list = append(list, e.AuditEntry)
		return nil
	}, strings.Join(where, " AND ")+tail, args...)
	return list, wrap("read the audit of "+project, err)
}

// entries calls each for the audit's rows that fit what follows WHERE.
func (tx *Tx) entries(each func(*entry) error, where string, args ...any) error {
	return tx.query(func(rows *sql.Rows) error {
		var e entry
		var at string
		err := rows.Scan(&e.Project, &at, &e.By, &e.Action, &e.Object, &e.before, &e.after, &e.Via, &e.changeNo, &e.kind, &e.ref, &e.op)
		if err != nil {
			return err
		}
		if e.At, err = unstamp(at); err != nil {
			return err
		}
		return each(&e)
	}, `SELECT project, at, person, action, object, before, after, via, change_no, kind, ref, op FROM audit WHERE `+where, args...)
}

// unfold reads before and after into their maps.
func (e *entry) unfold() error {
	if e.before != "" {
		if err := decode(e.before, &e.Before); err != nil {
			return err
		}
	}
	if e.after != "" {
		return decode(e.after, &e.After)
	}
	return nil
}

// StatusBeforeBlock returns the status that a blocked milestone had before it was blocked, "" if the audit does not know.
func (tx *Tx) StatusBeforeBlock(project, key string) (steering.Status, error) {
	entries, err := tx.Audit(project, AuditFilter{Object: key, Newest: true})
	if err != nil {
		return "", err
	}
	for _, e := range entries {
		was, _ := e.Before["status"].(string)
		is, _ := e.After["status"].(string)
		if is == string(steering.Blocked) && was != is {
			return steering.Status(was), nil
		}
	}
	return "", nil
}

// VerifyAudit recomputes every chain of hashes and returns how many entries it read; the error names the first that does
// not fit.
func (db *DB) VerifyAudit(ctx context.Context) (count int, err error) {
	err = db.View(ctx, func(tx *Tx) error {
		count, err = tx.verifyAudit()
		return err
	})
	return count, wrap("verify the audit", err)
}

func (tx *Tx) verifyAudit() (int, error) {
	ends := map[string]link{}
	count := 0
	err := tx.query(func(rows *sql.Rows) error {
		var e entry
		var seq int64
		var at, previous, hash string
		err := rows.Scan(&seq, &e.Project, &at, &e.By, &e.Action, &e.Object, &e.before, &e.after, &e.Via, &previous, &hash)
		if err != nil {
			return err
		}
		if e.At, err = unstamp(at); err != nil {
			return err
		}
		end := ends[e.Project]
		if previous != end.head {
			return fmt.Errorf("project %q: entry %d does not follow the one before it: something was removed or added", e.Project, seq)
		}
		if e.hash(previous) != hash {
			return fmt.Errorf("project %q: entry %d was changed", e.Project, seq)
		}
		ends[e.Project] = link{end.entries + 1, hash}
		count++
		return nil
	}, `SELECT seq, project, at, person, action, object, before, after, via, prev_hash, hash FROM audit ORDER BY seq`)
	if err != nil {
		return count, err
	}
	return count, tx.query(func(rows *sql.Rows) error {
		var project string
		var kept link
		if err := rows.Scan(&project, &kept.entries, &kept.head); err != nil {
			return err
		}
		if ends[project] != kept {
			return fmt.Errorf("project %q: its end is missing: %d entries of %d are there", project, ends[project].entries, kept.entries)
		}
		delete(ends, project)
		return nil
	}, `SELECT project, entries, head FROM chains ORDER BY project`)
}
