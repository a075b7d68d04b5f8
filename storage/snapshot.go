package storage

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
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
	sortObjects(list)
	return list
}

func sortObjects(list []*object) {
	slices.SortFunc(list, func(a, b *object) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.position, b.position), cmp.Compare(a.id, b.id))
	})
}

// snapshot returns the project as this transaction sees it stored, or ErrNotFound.
func (tx *Tx) snapshot(key string) (*snapshot, error) {
	if err := tx.Preload([]string{key}); err != nil {
		return nil, err
	}
	s := tx.stored[key]
	if s == nil {
		return nil, fmt.Errorf("project %q: %w", key, ErrNotFound)
	}
	return s, nil
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
