package storage

import (
	"database/sql"

	"timonel/steering"
)

// Sent lists the identities of the notices that went out for a project, by time.
func (tx *Tx) Sent(project string) ([]steering.Sent, error) {
	var list []steering.Sent
	err := tx.query(func(rows *sql.Rows) error {
		var s steering.Sent
		var at string
		err := rows.Scan(&s.Kind, &s.Object, &s.About, &at)
		if err != nil {
			return err
		}
		if s.At, err = unstamp(at); err != nil {
			return err
		}
		list = append(list, s)
		return nil
	}, `SELECT kind, object, about, at FROM notices WHERE project = $1 ORDER BY at, kind, object, about`, project)
	return list, wrap("list the notices of "+project, err)
}

// WasSent reports whether a notice with the kind, object and about of s went out.
func (tx *Tx) WasSent(project string, s steering.Sent) (bool, error) {
	found, err := tx.find([]any{new(string)}, `SELECT at FROM notices
		WHERE project = $1 AND kind = $2 AND object = $3 AND about = $4`, project, s.Kind, s.Object, s.About)
	return found, wrap("look for a notice of "+project, err)
}

// MarkSent stores a notice's identity in the transaction that enqueues it, so that no second one can; fresh is false if it
// was there. At defaults to Tx.Now().
func (tx *Tx) MarkSent(project string, s steering.Sent) (fresh bool, err error) {
	if s.At.IsZero() {
		s.At = tx.now
	}
	n, err := tx.exec(`INSERT INTO notices (project, kind, object, about, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (project, kind, object, about) DO NOTHING`, project, s.Kind, s.Object, s.About, stamp(s.At))
	return n > 0, wrap("mark a notice of "+project, err)
}

// UnmarkSent takes an identity back, of a notice that was cancelled before it went out.
func (tx *Tx) UnmarkSent(project string, s steering.Sent) error {
	_, err := tx.exec(`DELETE FROM notices WHERE project = $1 AND kind = $2 AND object = $3 AND about = $4`,
		project, s.Kind, s.Object, s.About)
	return wrap("unmark a notice of "+project, err)
}
