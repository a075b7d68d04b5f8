package storage

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"timonel/bot"
	"timonel/steering"
)

// Project loads a project, or ErrNotFound. The copy is the caller's; Sent is not loaded, see Tx.Sent. In Update it is
// locked: no other transaction changes it meanwhile.
func (tx *Tx) Project(key string) (*steering.Project, error) {
	s, err := tx.snapshot(key)
	if err != nil {
		return nil, err
	}
	p := s.project.Clone()
	p.LastKey = s.lastKey
	if tx.db.calendar != nil {
		p.Calendar = tx.db.calendar(p)
	}
	tx.handed[p] = s.version
	return p, nil
}

// CreateProject stores a new project, Sent included, with one audit entry: the journal's about the project, or
// "project.created". A key that is in use is refused as a *steering.Error (conflict).
func (tx *Tx) CreateProject(p *steering.Project, actor steering.Actor) error {
	diffs, err := tx.insertProject(p)
	if err == nil {
		err = wrap("create project "+p.Key, tx.requirePeople(diffs))
	}
	if err != nil {
		return err
	}
	s := tx.stored[p.Key]
	e := entry{
		AuditEntry: steering.AuditEntry{
			At: tx.now, Project: p.Key, By: actor.Person, Action: "project.created", Object: kindProject, Via: actor.Via,
		},
		kind: kindProject, ref: p.Key, op: opCreated, changeNo: s.version,
	}
	for _, j := range p.Journal {
		if kindOf(j.Action) == kindProject {
			e.Action = j.Action
			break
		}
	}
	if _, e.after, err = fieldChanges(kindProject, "", s.objects[objectKey{kindProject, p.Key}].doc); err != nil {
		return err
	}
	if err := tx.appendEntries([]entry{e}); err != nil {
		return fmt.Errorf("create project %s: %w", p.Key, err)
	}
	p.Journal = nil
	return nil
}

// insertProject writes every row of a new project.
func (tx *Tx) insertProject(p *steering.Project) ([]difference, error) {
	taken, err := tx.find([]any{new(string)}, `SELECT key FROM projects WHERE key = $1`, p.Key)
	if err != nil {
		return nil, wrap("create project "+p.Key, err)
	}
	if taken {
		return nil, keyTaken(p.Key)
	}
	own := p.Clone()
	own.Normalize()
	own.Sent, own.Journal, own.Calendar = nil, nil, steering.Calendar{}
	parts := explode(own)
	diffs, err := compare(nil, parts)
	if err != nil {
		return nil, wrap("create project "+p.Key, err)
	}
	s := newSnapshot(1, highestKey(own, 0), own, parts)
	_, err = tx.exec(`INSERT INTO projects (key, version, status, next_at, last_key, doc) VALUES ($1, $2, $3, $4, $5, $6)`,
		p.Key, s.version, string(p.Status), stamp(tx.now), s.lastKey, s.objects[objectKey{kindProject, p.Key}].doc)
	if errors.Is(err, ErrTaken) {
		return nil, keyTaken(p.Key)
	}
	if err == nil {
		err = tx.write(p.Key, diffs)
	}
	for i := 0; err == nil && i < len(p.Sent); i++ {
		_, err = tx.MarkSent(p.Key, p.Sent[i])
	}
	if err != nil {
		return nil, wrap("create project "+p.Key, err)
	}
	tx.stored[p.Key], tx.saved[p.Key], tx.handed[p] = s, true, s.version
	return diffs, nil
}

func keyTaken(key string) error {
	return &steering.Error{Code: steering.CodeConflict, Key: "refused.project_exists", Args: map[string]any{"project": key}}
}

// ProjectKeys lists every project's key, in order.
func (tx *Tx) ProjectKeys() ([]string, error) {
	keys, err := tx.texts(`SELECT key FROM projects ORDER BY key`)
	return keys, wrap("list projects", err)
}

// ProjectsByChat lists the keys of the projects that a group chat belongs to, in order.
func (tx *Tx) ProjectsByChat(platform bot.Platform, chat bot.RoomID) ([]string, error) {
	keys, err := tx.texts(`SELECT project FROM chats WHERE platform = $1 AND chat = $2 ORDER BY project`,
		string(platform), clean(string(chat)))
	return keys, wrap("list a chat's projects", err)
}

// ProjectsOf lists the keys of the projects of which a person is a member, in order.
func (tx *Tx) ProjectsOf(person steering.PersonID) ([]string, error) {
	keys, err := tx.texts(`SELECT project FROM members WHERE person = $1 ORDER BY project`, string(person))
	return keys, wrap("list a person's projects", err)
}

// DueProjects lists up to limit keys of projects whose next moment is at or before now, earliest first. In Update on
// PostgreSQL they are locked, and those are left out that somebody else is working on.
func (tx *Tx) DueProjects(now time.Time, limit int) ([]string, error) {
	query := `SELECT key FROM projects WHERE next_at <> '' AND next_at <= $1 ORDER BY next_at, key LIMIT $2`
	if tx.writable && tx.db.engine == postgresEngine {
		query += ` FOR UPDATE SKIP LOCKED`
	}
	keys, err := tx.texts(query, stamp(now), limit)
	return keys, wrap("list due projects", err)
}

// NextProjectAt returns the earliest next moment of any project, zero if there is none.
func (tx *Tx) NextProjectAt() (time.Time, error) {
	var at string
	_, err := tx.find([]any{&at}, `SELECT next_at FROM projects WHERE next_at <> '' ORDER BY next_at LIMIT 1`)
	if err != nil {
		return time.Time{}, wrap("find the next due project", err)
	}
	return unstamp(at)
}

// SetNextAt says when the scheduler has to look at the project again; the zero moment means never. CreateProject sets it
// to Tx.Now(), Save too unless it is earlier, so that a change is looked at even if its maker says nothing.
func (tx *Tx) SetNextAt(key string, t time.Time) error {
	n, err := tx.exec(`UPDATE projects SET next_at = $2 WHERE key = $1`, key, stamp(t))
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	return wrap("set when project "+key+" is due", err)
}

// DueMilestone is an open milestone in a list across projects.
type DueMilestone struct {
	Project, Key string
	Due          steering.Date
	Owner        steering.PersonID
	Side         steering.Side
}

// DueMilestones lists up to limit open milestones of all projects that fall due on or before until, earliest first.
func (tx *Tx) DueMilestones(until steering.Date, limit int) ([]DueMilestone, error) {
	var list []DueMilestone
	err := tx.query(func(rows *sql.Rows) error {
		var m DueMilestone
		var due string
		if err := rows.Scan(&m.Project, &m.Key, &due, &m.Owner, &m.Side); err != nil {
			return err
		}
		err := m.Due.UnmarshalText([]byte(due))
		list = append(list, m)
		return err
	}, `SELECT project, key, due_on, owner, side FROM milestones
		WHERE open = 1 AND due_on > '' AND due_on <= $1 ORDER BY due_on, project, position LIMIT $2`, until.String(), limit)
	return list, wrap("list due milestones", err)
}

// wrap says what was tried, if it failed.
func wrap(tried string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", tried, err)
}
