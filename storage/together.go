package storage

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"timonel/steering"
)

// among is a condition that a column holds one of some keys, as the parameter $1, and that parameter.
func (tx *Tx) among(column string, keys []string) (condition string, arg any, err error) {
	switch {
	case len(keys) == 1:
		return column + ` = $1`, keys[0], nil
	case tx.db.engine == postgresEngine:
		return column + ` = ANY($1)`, keys, nil
	}
	list, err := json.Marshal(keys)
	return column + ` IN (SELECT value FROM json_each($1))`, string(list), err
}

// Preload loads projects together, so that Project finds them: many small questions take longer than a few large ones. What
// is not there is left out.
func (tx *Tx) Preload(keys []string) error {
	keys = slices.DeleteFunc(slices.Clone(keys), func(key string) bool { return tx.stored[key] != nil })
	if len(keys) == 0 {
		return nil
	}
	headers, err := tx.headers(keys)
	if err != nil {
		return wrap("load projects", err)
	}
	var missing []*stored
	for _, h := range headers {
		s := tx.session.shared()[h.key]
		if s == nil || s.version != h.version {
			s = tx.db.projects.get(h.key, h.version)
		}
		if s == nil {
			missing = append(missing, h)
			continue
		}
		tx.stored[h.key] = s
	}
	return wrap("load projects", tx.loadTogether(missing))
}

// stored is a project's rows on their way from the database.
type stored struct {
	key              string
	version, lastKey int
	doc              string
	members          []steering.Member
	objects          []*object
}

// headers reads what stands in the projects' own rows. In Update on PostgreSQL they are locked, in the order of their keys,
// so that whoever decides on a project's state is alone with it; SQLite has one writer anyway.
func (tx *Tx) headers(keys []string) (list []*stored, err error) {
	condition, arg, err := tx.among("key", keys)
	if err != nil {
		return nil, err
	}
	query := `SELECT key, version, last_key, doc FROM projects WHERE ` + condition + ` ORDER BY key`
	if tx.writable && tx.db.engine == postgresEngine {
		query += ` FOR UPDATE`
	}
	return list, tx.query(func(rows *sql.Rows) error {
		h := &stored{}
		err := rows.Scan(&h.key, &h.version, &h.lastKey, &h.doc)
		list = append(list, h)
		return err
	}, query, arg)
}

// loadTogether puts projects together from their rows.
func (tx *Tx) loadTogether(list []*stored) error {
	if len(list) == 0 {
		return nil
	}
	byKey := make(map[string]*stored, len(list))
	keys := make([]string, len(list))
	for i, s := range list {
		byKey[s.key], keys[i] = s, s.key
	}
	for _, read := range []func(map[string]*stored, []string) error{tx.readMembers, tx.readMilestones, tx.readRegister} {
		if err := read(byKey, keys); err != nil {
			return err
		}
	}
	for _, rows := range list {
		s, err := rows.snapshot()
		if err != nil {
			return fmt.Errorf("project %s: %w", rows.key, err)
		}
		if !tx.writable { // what an update loads may not be committed yet; it is kept when the update is
			tx.db.projects.put(s)
		}
		tx.stored[rows.key] = s
	}
	return nil
}

func (tx *Tx) readMembers(projects map[string]*stored, keys []string) error {
	condition, arg, err := tx.among("project", keys)
	if err != nil {
		return err
	}
	return tx.query(func(rows *sql.Rows) error {
		var m steering.Member
		var key, roles string
		if err := rows.Scan(&key, &m.Person, &m.Side, &roles); err != nil {
			return err
		}
		if roles != "" {
			for _, r := range strings.Split(roles, ",") {
				m.Roles = append(m.Roles, steering.Role(r))
			}
		}
		projects[key].members = append(projects[key].members, m)
		return nil
	}, `SELECT project, person, side, roles FROM members WHERE `+condition, arg)
}

func (tx *Tx) readMilestones(projects map[string]*stored, keys []string) error {
	condition, arg, err := tx.among("project", keys)
	if err != nil {
		return err
	}
	return tx.query(func(rows *sql.Rows) error {
		o := &object{kind: kindMilestone}
		var key string
		err := rows.Scan(&key, &o.id, &o.position, &o.doc)
		if err == nil {
			projects[key].objects = append(projects[key].objects, o)
		}
		return err
	}, `SELECT project, key, position, doc FROM milestones WHERE `+condition, arg)
}

func (tx *Tx) readRegister(projects map[string]*stored, keys []string) error {
	condition, arg, err := tx.among("project", keys)
	if err != nil {
		return err
	}
	return tx.query(func(rows *sql.Rows) error {
		o := &object{}
		var key string
		err := rows.Scan(&key, &o.kind, &o.id, &o.position, &o.createdBy, &o.doc)
		if err == nil {
			projects[key].objects = append(projects[key].objects, o)
		}
		return err
	}, `SELECT project, kind, id, position, created_by, doc FROM register WHERE `+condition, arg)
}

// snapshot makes the project of its rows.
func (s *stored) snapshot() (*snapshot, error) {
	p := &steering.Project{}
	if err := decode(s.doc, p); err != nil {
		return nil, err
	}
	slices.SortFunc(s.members, func(a, b steering.Member) int { return cmp.Compare(a.Person, b.Person) })
	p.Members = s.members
	sortObjects(s.objects)
	for _, o := range s.objects {
		if err := place(p, o); err != nil {
			return nil, err
		}
	}
	header := &object{kind: kindProject, id: p.Key, status: string(p.Status), value: headerOf(p), doc: s.doc}
	return finish(s.version, s.lastKey, p, append([]*object{header}, s.objects...))
}

// Schedule is when a project is to be looked at; see Tx.Schedule.
type Schedule struct{ Next, Owed time.Time }

// Schedules returns the schedules of projects; what is not there is left out.
func (tx *Tx) Schedules(keys []string) (map[string]Schedule, error) {
	condition, arg, err := tx.among("key", keys)
	if err != nil {
		return nil, wrap("read when projects are due", err)
	}
	m := make(map[string]Schedule, len(keys))
	err = tx.query(func(rows *sql.Rows) error {
		var key, next, owed string
		var s Schedule
		err := rows.Scan(&key, &next, &owed)
		if err == nil {
			s.Next, err = unstamp(next)
		}
		if err == nil {
			s.Owed, err = unstamp(owed)
		}
		m[key] = s
		return err
	}, `SELECT key, next_at, owed_at FROM projects WHERE `+condition, arg)
	return m, wrap("read when projects are due", err)
}

// SetSchedules is SetSchedule for several projects, which must be there.
func (tx *Tx) SetSchedules(of map[string]Schedule) error {
	rows := make([][]any, 0, len(of))
	for _, key := range sortedKeys(of) {
		rows = append(rows, []any{key, stamp(of[key].Next), stamp(of[key].Owed)})
	}
	n, err := tx.execEach(`UPDATE projects SET next_at = v.column2, owed_at = v.column3 FROM (VALUES {rows}) AS v WHERE key = v.column1`, rows)
	if err == nil && n < int64(len(of)) {
		err = ErrNotFound
	}
	return wrap("set when projects are due", err)
}

// Given is a notice of a project's that goes out.
type Given struct {
	Project string
	steering.Sent
}

// MarkAllSent is MarkSent for several notices, each with its moment; of those that were there already nothing changes.
func (tx *Tx) MarkAllSent(list []Given) error {
	rows := make([][]any, len(list))
	for i, g := range list {
		rows[i] = []any{g.Project, g.Kind, g.Object, g.About, stamp(g.At)}
	}
	_, err := tx.execEach(`INSERT INTO notices (project, kind, object, about, at) VALUES {rows} ON CONFLICT DO NOTHING`, rows)
	return wrap("mark notices", err)
}

// SentOf lists the identities of the notices that went out for projects, by project.
func (tx *Tx) SentOf(keys []string) (map[string][]steering.Sent, error) {
	condition, arg, err := tx.among("project", keys)
	if err != nil {
		return nil, wrap("list notices", err)
	}
	m := map[string][]steering.Sent{}
	err = tx.query(func(rows *sql.Rows) error {
		var key, at string
		var s steering.Sent
		err := rows.Scan(&key, &s.Kind, &s.Object, &s.About, &at)
		if err == nil {
			s.At, err = unstamp(at)
		}
		m[key] = append(m[key], s)
		return err
	}, `SELECT project, kind, object, about, at FROM notices WHERE `+condition, arg)
	return m, wrap("list notices", err)
}

// rowsAtOnce are how many rows one statement may carry: few lengths, because each is prepared once and kept.
var rowsAtOnce = []int{64, 8, 1}

// execEach runs a statement for rows of one width, of which {rows} stands for as many as fit, and counts what it touched.
func (tx *Tx) execEach(query string, rows [][]any) (touched int64, err error) {
	for _, most := range rowsAtOnce {
		for len(rows) >= most {
			n, err := tx.exec(strings.Replace(query, "{rows}", places(most, len(rows[0])), 1), slices.Concat(rows[:most]...)...)
			if err != nil {
				return touched, err
			}
			touched, rows = touched+n, rows[most:]
		}
	}
	return touched, nil
}

// places are parameters in rows: ($1, $2), ($3, $4).
func places(rows, width int) string {
	var b strings.Builder
	for n := range rows * width {
		switch {
		case n == 0:
			b.WriteString("($")
		case n%width == 0:
			b.WriteString("), ($")
		default:
			b.WriteString(", $")
		}
		b.WriteString(strconv.Itoa(n + 1))
	}
	b.WriteString(")")
	return b.String()
}
