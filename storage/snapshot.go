package storage

import (
	"cmp"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"timonel/steering"
)

// snapshot is a project as it is stored at one version. It is never changed and never handed out: callers get clones.
type snapshot struct {
	key     string
	version int
	lastKey int // the highest number that a milestone ever had
	project *steering.Project
	objects map[objectKey]*object
}

func newSnapshot(version, lastKey int, p *steering.Project, objects []*object) *snapshot {
	s := &snapshot{key: p.Key, version: version, lastKey: lastKey, project: p}
	s.objects = make(map[objectKey]*object, len(objects))
	for _, o := range objects {
		s.objects[o.key()] = o
	}
	return s
}

// sortedObjects lists objects by kind, position and id, because maps have no order.
func sortedObjects(m map[objectKey]*object) []*object {
	list := make([]*object, 0, len(m))
	for _, o := range m {
		list = append(list, o)
	}
	slices.SortFunc(list, func(a, b *object) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.position, b.position), cmp.Compare(a.id, b.id))
	})
	return list
}

// snapshot returns the project as this transaction sees it stored. In Update on PostgreSQL its row is locked first, so
// that whoever decides on a project's state is alone with it; SQLite has one writer anyway.
func (tx *Tx) snapshot(key string) (*snapshot, error) {
	if s := tx.stored[key]; s != nil {
		return s, nil
	}
	query := `SELECT version, last_key, doc FROM projects WHERE key = $1`
	if tx.writable && tx.db.engine == postgresEngine {
		query += ` FOR UPDATE`
	}
	var version, lastKey int
	var doc string
	found, err := tx.find([]any{&version, &lastKey, &doc}, query, key)
	if err != nil {
		return nil, fmt.Errorf("load project %s: %w", key, err)
	}
	if !found {
		return nil, fmt.Errorf("project %q: %w", key, ErrNotFound)
	}
	s := tx.session.shared()[key]
	if s == nil || s.version != version {
		s = tx.db.projects.get(key, version)
	}
	if s == nil {
		if s, err = tx.load(version, lastKey, doc); err != nil {
			return nil, fmt.Errorf("load project %s: %w", key, err)
		}
		if !tx.writable { // what an update loads may not be committed yet; it is kept when the update is
			tx.db.projects.put(s)
		}
	}
	tx.stored[key] = s
	return s, nil
}

// load puts a project together from its rows.
func (tx *Tx) load(version, lastKey int, header string) (*snapshot, error) {
	p := &steering.Project{}
	if err := decode(header, p); err != nil {
		return nil, err
	}
	objects := []*object{{kind: kindProject, id: p.Key, status: string(p.Status), value: headerOf(p), doc: header}}
	add := func(o *object) error {
		objects = append(objects, o)
		return place(p, o)
	}
	err := errors.Join(
		tx.loadMembers(p.Key, p),
		tx.query(func(rows *sql.Rows) error {
			o := &object{kind: kindMilestone}
			if err := rows.Scan(&o.id, &o.position, &o.doc); err != nil {
				return err
			}
			return add(o)
		}, `SELECT key, position, doc FROM milestones WHERE project = $1 ORDER BY position, key`, p.Key),
		tx.query(func(rows *sql.Rows) error {
			o := &object{}
			if err := rows.Scan(&o.kind, &o.id, &o.position, &o.createdBy, &o.doc); err != nil {
				return err
			}
			return add(o)
		}, `SELECT kind, id, position, created_by, doc FROM register WHERE project = $1
			ORDER BY kind, position, id`, p.Key))
	if err != nil {
		return nil, err
	}
	return finish(version, lastKey, p, objects)
}

// finish gives each stored object its value: the part of p that it describes.
func finish(version, lastKey int, p *steering.Project, stored []*object) (*snapshot, error) {
	s := newSnapshot(version, lastKey, p, stored)
	parts := explode(p)
	for _, o := range parts {
		row := s.objects[o.key()]
		switch {
		case row != nil:
			row.value, row.status, row.due, row.owner, row.createdBy = o.value, o.status, o.due, o.owner, o.createdBy
		case o.kind == kindMember: // members have no document of their own in the database
			if err := o.encode(); err != nil {
				return nil, err
			}
			s.objects[o.key()] = o
		default:
			return nil, fmt.Errorf("%s %s is stored under another name", o.kind, o.id)
		}
	}
	if len(parts) != len(s.objects) {
		return nil, errors.New("two of its rows are about the same thing")
	}
	return s, nil
}

func (tx *Tx) loadMembers(key string, p *steering.Project) error {
	return tx.query(func(rows *sql.Rows) error {
		var m steering.Member
		var roles string
		if err := rows.Scan(&m.Person, &m.Side, &roles); err != nil {
			return err
		}
		if roles != "" {
			for _, r := range strings.Split(roles, ",") {
				m.Roles = append(m.Roles, steering.Role(r))
			}
		}
		p.Members = append(p.Members, m)
		return nil
	}, `SELECT person, side, roles FROM members WHERE project = $1 ORDER BY person`, key)
}

// highestKey is the highest number among the milestones' keys, at least floor.
func highestKey(p *steering.Project, floor int) int {
	for _, m := range p.Milestones {
		floor = max(floor, keyNumber(m.Key))
	}
	return floor
}

// keyNumber is a milestone's key as a number, 0 if it is none.
func keyNumber(key string) int {
	n, err := strconv.Atoi(key)
	if err != nil {
		return 0
	}
	return n
}

// cachedProjects bounds the cache; a project takes some hundred kilobytes at most.
const cachedProjects = 256

// projectCache keeps the newest committed state of projects that were used lately. An entry counts only for the version
// that the database names, so another process' save makes it miss, never lie.
type projectCache struct {
	mu      sync.Mutex
	entries map[string]*snapshot
	recent  []string // keys in order of insertion, oldest first
}

func newProjectCache() *projectCache { return &projectCache{entries: map[string]*snapshot{}} }

func (c *projectCache) get(key string, version int) *snapshot {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s := c.entries[key]; s != nil && s.version == version {
		return s
	}
	return nil
}

// put keeps a committed state, unless a newer one is there.
func (c *projectCache) put(s *snapshot) {
	c.mu.Lock()
	defer c.mu.Unlock()
	old := c.entries[s.key]
	if old != nil && old.version >= s.version {
		return
	}
	if old == nil {
		c.recent = append(c.recent, s.key)
	}
	c.entries[s.key] = s
	if len(c.recent) > cachedProjects {
		delete(c.entries, c.recent[0])
		c.recent = c.recent[1:]
	}
}
