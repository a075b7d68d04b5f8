package storage

import (
	"encoding/json"
	"fmt"
	"time"

	"timonel/steering"
)

// history is what the audit of an imported project says about it beyond its state: which changes there were, for undo, who
// raised what, and the highest number that a milestone had.
type history struct {
	stored  bool
	changes []importedChange
	objects map[objectKey]bool // what the last change spoke of
	open    map[string][]int   // of each person the changes that no undo took back, oldest first
	raised  map[objectKey]string
	lastKey int
}

// importedChange is a group of audit entries of one moment and person: what one save wrote.
type importedChange struct {
	at       time.Time
	by       string
	undo     bool
	undoneBy int
}

func (im *importer) history(project string) *history {
	h := im.histories[project]
	if h == nil {
		h = &history{open: map[string][]int{}, raised: map[objectKey]string{}}
		im.histories[project] = h
	}
	return h
}

// importedAudit bounds how many entries wait to be written.
const importedAudit = 1000

func (im *importer) entry(doc []byte, path string) error {
	a, err := read[steering.AuditEntry](doc, path)
	if err != nil {
		return err
	}
	// Once more for the texts of before and after: numbers in them must stay as they were written.
	var raw auditRow
	if err := json.Unmarshal(doc, &raw); err != nil {
		return badInput(path, "", "%v", err)
	}
	if a.Action == "" {
		return badInput(path+".action", "", "it is empty")
	}
	e := entry{AuditEntry: *a}
	e.At = a.At.UTC().Truncate(time.Millisecond)
	if e.before, err = rawFields(raw.Before); err != nil {
		return badInput(path+".before", "", "%v", err)
	}
	if e.after, err = rawFields(raw.After); err != nil {
		return badInput(path+".after", "", "%v", err)
	}
	im.name(a.By, path+".by")
	e.identify()
	if e.Project == "" {
		if known, err := im.tx.hasEntry(&e); err != nil || known {
			return err
		}
	} else {
		im.history(e.Project).note(&e)
		if im.first[e.Project] == "" {
			im.first[e.Project] = path
		}
	}
	im.result.Audit++
	if im.pending = append(im.pending, e); len(im.pending) >= importedAudit {
		return im.flush()
	}
	return nil
}

// rawFields brings an object of the audit into the one form that it is stored in; an empty one is none.
func rawFields(raw []byte) (string, error) {
	if len(raw) == 0 {
		return "", nil
	}
	m, err := fields(string(raw))
	if err != nil {
		return "", err
	}
	return fieldText(m)
}

// hasEntry reports whether an entry about people alone is there: two exports of one database may be imported into another.
func (tx *Tx) hasEntry(e *entry) (bool, error) {
	return tx.find([]any{new(int64)}, `SELECT seq FROM audit WHERE project = '' AND at = $1 AND person = $2 AND action = $3
		AND object = $4 AND before = $5 AND after = $6 AND via = $7 ORDER BY seq LIMIT 1`,
		stamp(e.At), string(e.By), e.Action, e.Object, e.before, e.after, e.Via)
}

func (im *importer) flush() error {
	entries := im.pending
	im.pending = im.pending[:0]
	return im.tx.appendEntries(entries)
}

// note adds an entry to the history: to the last change if it has the same moment and person and speaks of another object,
// else to a new one.
func (h *history) note(e *entry) {
	key := objectKey{e.kind, e.ref}
	undo := e.Action == actionUndo
	last := len(h.changes) - 1
	if last < 0 || !h.changes[last].at.Equal(e.At) || h.changes[last].by != string(e.By) || h.changes[last].undo != undo ||
		h.objects[key] {
		h.changes, h.objects = append(h.changes, importedChange{at: e.At, by: string(e.By), undo: undo}), map[objectKey]bool{}
		last++
		if undo {
			h.takeBack(last)
		} else {
			h.open[string(e.By)] = append(h.open[string(e.By)], last)
		}
	}
	h.objects[key] = true
	if e.kind == kindProject && e.op == opCreated {
		h.changes[last].undoneBy = last + 1 // a project's creation cannot be undone
	}
	e.changeNo = last + 1
	if e.op == opCreated {
		h.raised[key] = string(e.By)
	}
	if e.kind == kindMilestone {
		h.lastKey = max(h.lastKey, keyNumber(e.ref))
	}
}

// takeBack marks the change that the undo at index took back: the same person's last that was not.
func (h *history) takeBack(index int) {
	by := h.changes[index].by
	for left := h.open[by]; len(left) > 0; left = h.open[by] {
		c := &h.changes[left[len(left)-1]]
		h.open[by] = left[:len(left)-1]
		if c.undoneBy == 0 {
			c.undoneBy = index + 1
			return
		}
	}
}

// finish checks what the file's parts say of each other, and writes what the audit told.
func (im *importer) finish() error {
	if err := im.flush(); err != nil {
		return err
	}
	for _, id := range im.order {
		if im.people[id] {
			continue
		}
		known, err := im.tx.find([]any{new(string)}, `SELECT id FROM people WHERE id = $1`, string(id))
		if err != nil {
			return err
		}
		if !known {
			return badInput(im.named[id], "add the person to people, or correct the id", "there is no person %q", id)
		}
	}
	for _, key := range sortedKeys(im.histories) {
		h := im.histories[key]
		if !h.stored {
			return badInput(im.first[key]+".project", "take the entry out, or add the project", "the file has no project %q", key)
		}
		if err := im.tx.writeHistory(key, h); err != nil {
			return fmt.Errorf("history of %s: %w", key, err)
		}
	}
	return nil
}

func (tx *Tx) writeHistory(key string, h *history) error {
	// Saves count on from the changes, so that their numbers are never used twice.
	_, err := tx.exec(`UPDATE projects SET version = $2, last_key = $3 WHERE key = $1`, key, len(h.changes)+1, h.lastKey)
	if err != nil {
		return err
	}
	for i, c := range h.changes {
		_, err := tx.exec(`INSERT INTO changes (project, change_no, person, at, undo, undone_by) VALUES ($1, $2, $3, $4, $5, $6)`,
			key, i+1, c.by, stamp(c.at), asInt(c.undo), c.undoneBy)
		if err != nil {
			return err
		}
	}
	for _, o := range sortedObjectKeys(h.raised) {
		_, err := tx.exec(`UPDATE register SET created_by = $4 WHERE project = $1 AND kind = $2 AND id = $3 AND created_by = ''`,
			key, o.kind, o.id, h.raised[o])
		if err != nil {
			return err
		}
	}
	return nil
}

func sortedObjectKeys(m map[objectKey]string) []objectKey {
	names := map[string]objectKey{}
	for k := range m {
		names[k.kind+"\x00"+k.id] = k
	}
	keys := make([]objectKey, 0, len(m))
	for _, name := range sortedKeys(names) {
		keys = append(keys, names[name])
	}
	return keys
}
