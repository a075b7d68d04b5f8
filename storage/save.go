package storage

import (
	"errors"
	"fmt"
	"strings"

	"timonel/steering"
)

// errStale means that a project was saved from two copies in one transaction: the second would undo the first.
var errStale = errors.New("another copy of it was saved since this one was loaded")

// Save writes what differs between p and what is stored, object by object, with an audit entry for each: p.Journal says what
// to call it, and is emptied. It returns the number of the change, for undo; 0 if nothing differs but what is computed
// (forecast, health), which is written without an entry.
func (tx *Tx) Save(p *steering.Project, actor steering.Actor) (changeNo int, err error) {
	changeNo, _, err = tx.save(p, actor, false)
	if err != nil {
		return 0, fmt.Errorf("save project %s: %w", p.Key, err)
	}
	return changeNo, nil
}

func (tx *Tx) save(p *steering.Project, actor steering.Actor, undo bool) (int, []entry, error) {
	old, err := tx.snapshot(p.Key)
	if err != nil {
		return 0, nil, err
	}
	if version, ok := tx.handed[p]; ok && version != old.version {
		return 0, nil, errStale
	}
	own := p.Clone()
	own.Normalize()
	own.Sent, own.Journal, own.Calendar = nil, nil, steering.Calendar{}
	parts := explode(own)
	diffs, err := compare(old.objects, parts)
	if err != nil || len(diffs) == 0 {
		return 0, nil, err
	}
	next := newSnapshot(old.version+1, highestKey(own, old.lastKey), own, parts)
	header := next.objects[objectKey{kindProject, p.Key}]
	n, err := tx.exec(`UPDATE projects SET version = $3, status = $4, last_key = $6, doc = $7,
			next_at = CASE WHEN next_at <> '' AND next_at < $5 THEN next_at ELSE $5 END
		WHERE key = $1 AND version = $2`,
		p.Key, old.version, next.version, header.status, stamp(tx.now), next.lastKey, header.doc)
	if err != nil {
		return 0, nil, err
	}
	if n == 0 {
		return 0, nil, errOvertaken
	}
	if err := errors.Join(tx.requirePeople(diffs), tx.write(p.Key, diffs)); err != nil {
		return 0, nil, err
	}
	entries, err := tx.describe(p, diffs, actor, next.version, undo)
	if err != nil {
		return 0, nil, err
	}
	tx.stored[p.Key], tx.saved[p.Key], tx.handed[p] = next, true, next.version
	p.Journal = nil
	if len(entries) == 0 {
		return 0, nil, nil
	}
	if err := tx.appendEntries(entries); err != nil {
		return 0, nil, err
	}
	_, err = tx.exec(`INSERT INTO changes (project, change_no, person, at, undo, undone_by) VALUES ($1, $2, $3, $4, $5, 0)`,
		p.Key, next.version, string(actor.Person), stamp(tx.now), asInt(undo))
	return next.version, entries, err
}

// describe makes the audit's entries of a save: those that the journal names in its order, then the rest.
func (tx *Tx) describe(p *steering.Project, diffs []difference, actor steering.Actor, changeNo int, undo bool) ([]entry, error) {
	var entries []entry
	for _, d := range diffs {
		o := d.object()
		e := entry{
			AuditEntry: steering.AuditEntry{At: tx.now, Project: p.Key, By: actor.Person, Object: objectName(o.kind, o.id), Via: actor.Via},
			kind:       o.kind, ref: o.id, changeNo: changeNo, op: opChanged,
		}
		var before, after string
		if d.before != nil {
			before = d.before.doc
		} else {
			e.op = opCreated
		}
		if d.after != nil {
			after = d.after.doc
		} else {
			e.op = opRemoved
		}
		var err error
		if e.before, e.after, err = fieldChanges(o.kind, before, after); err != nil {
			return nil, err
		}
		if e.before == "" && e.after == "" {
			continue // only what is computed differs
		}
		e.Action = o.kind + "." + e.op
		entries = append(entries, e)
	}
	if undo {
		for i := range entries {
			entries[i].Action = actionUndo
		}
		return entries, nil
	}
	return nameEntries(entries, p.Journal)
}

// write brings the rows of a project's objects up to date; the header's row is its own.
func (tx *Tx) write(key string, diffs []difference) error {
	for _, d := range diffs {
		var err error
		switch d.object().kind {
		case kindProject:
			err = tx.writeChats(key, d)
		case kindMember:
			err = tx.writeMember(key, d)
		case kindMilestone:
			err = tx.writeMilestone(key, d)
		default:
			err = tx.writeRegister(key, d)
		}
		if err != nil {
			return fmt.Errorf("%s %s: %w", d.object().kind, d.object().id, err)
		}
	}
	return nil
}

// requirePeople refuses new members whom nobody put: the database would only say so at the commit, and not whom.
func (tx *Tx) requirePeople(diffs []difference) error {
	for _, d := range diffs {
		if d.object().kind != kindMember || d.before != nil {
			continue
		}
		if known, err := tx.find([]any{new(string)}, `SELECT id FROM people WHERE id = $1`, d.after.id); err != nil {
			return err
		} else if !known {
			return fmt.Errorf("member %q is no known person (put the person first): %w", d.after.id, ErrNotFound)
		}
	}
	return nil
}

// writeChats brings the projection of the header's chats up to date.
func (tx *Tx) writeChats(key string, d difference) error {
	var had, have []steering.Chat
	if d.before != nil {
		had = d.before.value.(*steering.Project).Chats
	}
	have = d.after.value.(*steering.Project).Chats
	if sameChats(had, have) {
		return nil
	}
	if len(had) > 0 {
		if _, err := tx.exec(`DELETE FROM chats WHERE project = $1`, key); err != nil {
			return err
		}
	}
	for i, c := range have {
		_, err := tx.exec(`INSERT INTO chats (platform, chat, project, audience, position) VALUES ($1, $2, $3, $4, $5)`,
			c.Platform, clean(c.ID), key, string(c.Audience), i)
		if err != nil {
			return err
		}
	}
	return nil
}

func sameChats(a, b []steering.Chat) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func (tx *Tx) writeMember(key string, d difference) error {
	if d.after == nil {
		_, err := tx.exec(`DELETE FROM members WHERE project = $1 AND person = $2`, key, d.before.id)
		return err
	}
	m := d.after.value.(*steering.Member)
	roles := make([]string, len(m.Roles))
	for i, r := range m.Roles {
		roles[i] = string(r)
	}
	_, err := tx.exec(`INSERT INTO members (project, person, side, roles) VALUES ($1, $2, $3, $4)
		ON CONFLICT (project, person) DO UPDATE SET side = excluded.side, roles = excluded.roles`,
		key, string(m.Person), string(m.Side), strings.Join(roles, ","))
	return err
}

func (tx *Tx) writeMilestone(key string, d difference) error {
	if d.after == nil {
		_, err := tx.exec(`DELETE FROM milestones WHERE project = $1 AND key = $2`, key, d.before.id)
		return err
	}
	o, m := d.after, d.after.value.(*steering.Milestone)
	_, err := tx.exec(`INSERT INTO milestones (project, key, position, status, open, due_on, owner, side, doc)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (project, key) DO UPDATE SET position = excluded.position, status = excluded.status, open = excluded.open,
			due_on = excluded.due_on, owner = excluded.owner, side = excluded.side, doc = excluded.doc`,
		key, o.id, o.position, o.status, asInt(m.IsOpen()), o.due.String(), o.owner, string(m.Side), o.doc)
	return err
}

func (tx *Tx) writeRegister(key string, d difference) error {
	if d.after == nil {
		_, err := tx.exec(`DELETE FROM register WHERE project = $1 AND kind = $2 AND id = $3`, key, d.before.kind, d.before.id)
		return err
	}
	o := d.after
	_, err := tx.exec(`INSERT INTO register (project, kind, id, position, status, due_on, owner, created_by, doc)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (project, kind, id) DO UPDATE SET position = excluded.position, status = excluded.status,
			due_on = excluded.due_on, owner = excluded.owner, created_by = excluded.created_by, doc = excluded.doc`,
		key, o.kind, o.id, o.position, o.status, o.due.String(), o.owner, o.createdBy, o.doc)
	return err
}

func asInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
