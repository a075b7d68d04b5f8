package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"timonel/steering"
)

// Forgotten tells what Forget took away.
type Forgotten struct {
	Person   steering.PersonID // who it was
	As       steering.PersonID // the name that stands in all records now
	Projects []string
	Texts    int      // of the person's, in projects
	Entries  int      // of the audit, rewritten
	Messages int      // that came or went, without their words now
	Leads    []string // projects that the person alone led
}

// actionForgotten is the audit's entry about it, one in each chain that was rewritten.
const actionForgotten = "project.person_forgotten"

// Forget removes a person for good: name, language and handles; what they wrote, in projects and in the audit; their direct
// chats, and the words of messages to and from them. In all records another name stands for them, by which nobody is known:
// what was decided, when and in which order stays. The audit's chains are computed anew and verify; an entry at the end of
// each says so and names the end that it had. What others wrote stays, names in it included.
func (db *DB) Forget(ctx context.Context, id steering.PersonID) (f *Forgotten, err error) {
	err = db.Update(ctx, func(tx *Tx) error {
		f, err = tx.forget(id)
		return err
	})
	if err == nil && db.engine == sqliteEngine {
		err = db.sqlite.squeeze(ctx)
	}
	if err != nil {
		return f, fmt.Errorf("forget %s: %w", id, err)
	}
	return f, nil
}

// squeeze writes the file anew, so that nothing deleted is left in it, nor in the log beside it.
func (f *sqliteFile) squeeze(ctx context.Context) error {
	c, open := <-f.writer
	if !open {
		return errClosed
	}
	defer func() { f.writer <- c }()
	if c.group != nil {
		c.finish(ctx)
	}
	for _, statement := range []string{`VACUUM`, `PRAGMA wal_checkpoint(TRUNCATE)`} {
		if _, err := c.conn.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("write the file anew: %w", explain(err))
		}
	}
	return nil
}

func (tx *Tx) forget(id steering.PersonID) (*Forgotten, error) {
	p, err := tx.Person(id)
	if err != nil {
		return nil, err
	}
	f := &Forgotten{Person: id}
	if f.As, err = tx.nobody(); err != nil {
		return nil, err
	}
	s := newScrubber(string(id), string(f.As))
	chains, err := tx.gather(s)
	if err != nil {
		return nil, err
	}
	if err := tx.PutPerson(&steering.Person{ID: f.As, Name: blank}); err != nil {
		return nil, err
	}
	if f.Projects, err = tx.texts(`SELECT project FROM members WHERE person = $1 ORDER BY project`, string(id)); err != nil {
		return nil, err
	}
	for _, key := range chains {
		if err := tx.scrubChain(s, key, f); err != nil {
			return nil, err
		}
	}
	for _, key := range chains {
		if key == "" {
			continue
		}
		if err := tx.scrubProject(s, key, f); err != nil {
			return nil, fmt.Errorf("project %s: %w", key, err)
		}
	}
	return f, errors.Join(tx.scrubQueues(s, p, f), tx.dropPerson(p))
}

// nobody is a name that tells nothing and that nobody has.
func (tx *Tx) nobody() (steering.PersonID, error) {
	for n := 1; ; n++ {
		id := steering.PersonID(fmt.Sprintf("forgotten-%d", n))
		if _, err := tx.Person(id); errors.Is(err, ErrNotFound) {
			return id, nil
		} else if err != nil {
			return "", err
		}
	}
}

// gather learns what the person wrote, and returns in which chains of the audit, or projects, they are.
func (tx *Tx) gather(s *scrubber) ([]string, error) {
	keys, err := tx.ProjectKeys()
	if err != nil {
		return nil, err
	}
	var found []string
	for _, key := range append([]string{""}, keys...) {
		met := false
		err := tx.entries(func(e *entry) error {
			for _, doc := range []string{e.before, e.after} {
				_, there, err := s.document(doc, e.By == steering.PersonID(s.old) && doc == e.after, true)
				met = met || there || string(e.By) == s.old || s.about(e) != e.Object
				if err != nil {
					return err
				}
			}
			return nil
		}, `project = $1 ORDER BY seq`, key)
		if err != nil {
			return nil, err
		}
		if key != "" {
			p, err := tx.Project(key)
			if err != nil {
				return nil, err
			}
			if _, there, err := s.project(p, true); err != nil {
				return nil, err
			} else if met = met || there; !met {
				delete(tx.stored, key)
			}
		}
		if met {
			found = append(found, key)
		}
	}
	return found, nil
}

// scrubProject writes a project without the person's words, under the next version.
func (tx *Tx) scrubProject(s *scrubber, key string, f *Forgotten) error {
	p, err := tx.Project(key)
	if err != nil {
		return err
	}
	if leads := p.With(steering.RoleLead, ""); len(leads) == 1 && string(leads[0]) == s.old {
		f.Leads = append(f.Leads, key)
	}
	before := s.taken
	clean, _, err := s.project(p, false)
	if err != nil {
		return err
	}
	f.Texts += s.taken - before
	old, err := tx.snapshot(key)
	if err != nil {
		return err
	}
	clean.Sent, clean.Journal, clean.Calendar = nil, nil, steering.Calendar{}
	parts := explode(clean)
	diffs, err := compare(old.objects, parts)
	if err != nil {
		return err
	}
	next := newSnapshot(old.version+1, old.lastKey, clean, parts)
	header := next.objects[objectKey{kindProject, key}]
	if _, err := tx.exec(`UPDATE projects SET version = $2, doc = $3 WHERE key = $1`, key, next.version, header.doc); err != nil {
		return err
	}
	slices.SortStableFunc(diffs, func(a, b difference) int { return asInt(a.after != nil) - asInt(b.after != nil) }) // what goes makes room
	if err := tx.write(key, diffs); err != nil {
		return err
	}
	tx.stored[key], tx.saved[key] = next, true
	_, err = tx.exec(`UPDATE notices SET object = $3 WHERE project = $1 AND object = $2`, key, s.old, s.new)
	return err
}

// scrubChain rewrites the entries of one chain of the audit in which the person is, and all hashes from the first of them on.
func (tx *Tx) scrubChain(s *scrubber, key string, f *Forgotten) error {
	var end link
	if _, err := tx.find([]any{&end.entries, &end.head}, `SELECT entries, head FROM chains WHERE project = $1`, key); err != nil {
		return err
	}
	rewritten, head, err := tx.rewrite(s, key)
	if err != nil || len(rewritten) == 0 && key == "" {
		return err
	}
	if len(rewritten) > 0 {
		if err := tx.relink(key, head, rewritten); err != nil {
			return err
		}
	}
	for _, r := range rewritten {
		f.Entries += asInt(r.changed)
	}
	if _, err := tx.exec(`UPDATE changes SET person = $3 WHERE project = $1 AND person = $2`, key, s.old, s.new); err != nil {
		return err
	}
	return tx.AppendAudit(steering.AuditEntry{
		Project: key, Action: actionForgotten, Object: kindProject,
		After: map[string]any{"person": s.new, "entries": len(rewritten), "former_end": end.head},
	})
}

// relink puts entries in the place of those that were there.
func (tx *Tx) relink(key, head string, rewritten []rewrittenEntry) error {
	if _, err := tx.exec(`INSERT INTO meta (key, value) VALUES ('audit_unlocked', $1)`, "a person is forgotten: "+stamp(tx.now)); err != nil {
		return err
	}
	for _, r := range rewritten {
		_, err := tx.exec(`UPDATE audit SET person = $2, object = $3, ref = $4, before = $5, after = $6, prev_hash = $7, hash = $8 WHERE seq = $1`,
			r.seq, string(r.By), r.Object, r.ref, r.before, r.after, r.previous, r.own)
		if err != nil {
			return err
		}
	}
	if _, err := tx.exec(`DELETE FROM meta WHERE key = 'audit_unlocked'`); err != nil {
		return err
	}
	_, err := tx.exec(`UPDATE chains SET head = $2 WHERE project = $1`, key, head)
	return err
}

// rewrittenEntry is an entry as it is to stand, from the first that changes on.
type rewrittenEntry struct {
	entry
	seq           int64
	changed       bool
	previous, own string
}

func (tx *Tx) rewrite(s *scrubber, key string) (list []rewrittenEntry, head string, err error) {
	err = tx.query(func(rows *sql.Rows) error {
		var r rewrittenEntry
		var at, hash string
		if err := rows.Scan(&r.seq, &r.Project, &at, &r.By, &r.Action, &r.Object, &r.before, &r.after, &r.Via, &r.kind, &r.ref, &hash); err != nil {
			return err
		}
		if r.At, err = unstamp(at); err != nil {
			return err
		}
		if r.changed, err = s.entry(&r.entry); err != nil {
			return err
		}
		r.previous, r.own = head, hash
		if r.changed || len(list) > 0 {
			r.own = r.hash(head)
			list = append(list, r)
		}
		head = r.own
		return nil
	}, `SELECT seq, project, at, person, action, object, before, after, via, kind, ref, hash FROM audit WHERE project = $1 ORDER BY seq`, key)
	return list, head, err
}
