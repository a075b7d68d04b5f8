package storage

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"timonel/steering"
)

// Keys of the refusals of an undo, under "refused." in the catalogue.
const (
	KeyNothingToUndo = "refused.undo_nothing"
	// KeyUndoChanged has Args milestones, objects ("kind id") and by: who changed them since.
	KeyUndoChanged = "refused.undo_changed"
)

// Undone tells what an undo put back.
type Undone struct {
	Change  int                   // the number of the change that was taken back
	Entries []steering.AuditEntry // what the audit says of it now, action "undo"
	Taken   []steering.AuditEntry // what it had said of the change
	Project *steering.Project     // the project as it is now, the caller's copy
}

// Undo takes back the actor's last change in the project that was not taken back yet, side effects included: changed
// fields get their former values, what was created goes, what was removed returns, a proposal made by it is withdrawn.
// If anything of it was changed since, nothing is done, and the error is a *steering.Error (conflict).
func (tx *Tx) Undo(project string, actor steering.Actor) (*Undone, error) {
	if actor.Person == "" {
		return nil, &steering.Error{Code: steering.CodeNotFound, Key: KeyNothingToUndo} // the bot's own changes are nobody's
	}
	p, err := tx.Project(project)
	if err != nil {
		return nil, err
	}
	var change int
	found, err := tx.find([]any{&change}, `SELECT change_no FROM changes
		WHERE project = $1 AND person = $2 AND undo = 0 AND undone_by = 0 ORDER BY change_no DESC LIMIT 1`,
		project, string(actor.Person))
	if err != nil {
		return nil, wrap("find the change to undo", err)
	}
	if !found {
		return nil, &steering.Error{Code: steering.CodeNotFound, Key: KeyNothingToUndo}
	}
	var taken []entry
	err = tx.entries(func(e *entry) error {
		taken = append(taken, *e)
		return e.unfold()
	}, `project = $1 AND change_no = $2 ORDER BY seq`, project, change)
	if err != nil {
		return nil, wrap("read the change to undo", err)
	}
	restored, err := tx.takeBack(p, taken)
	if err != nil {
		return nil, err
	}
	restored.Refresh(restored.Today(tx.now))
	number, written, err := tx.save(restored, actor, true)
	if err != nil {
		return nil, fmt.Errorf("undo change %d of %s: %w", change, project, err)
	}
	// A change that left nothing to put back is done with all the same.
	if _, err := tx.exec(`UPDATE changes SET undone_by = $3 WHERE project = $1 AND change_no = $2`,
		project, change, max(number, change)); err != nil {
		return nil, wrap("mark the change as undone", err)
	}
	u := &Undone{Change: change}
	if u.Entries, err = unfolded(written); err != nil {
		return nil, err
	}
	if u.Taken, err = unfolded(taken); err != nil {
		return nil, err
	}
	u.Project, err = tx.Project(project)
	return u, err
}

func unfolded(entries []entry) ([]steering.AuditEntry, error) {
	var list []steering.AuditEntry
	for _, e := range entries {
		if err := e.unfold(); err != nil {
			return nil, err
		}
		list = append(list, e.AuditEntry)
	}
	return list, nil
}

// takeBack returns the project as it would be without the entries.
func (tx *Tx) takeBack(p *steering.Project, taken []entry) (*steering.Project, error) {
	s, err := tx.snapshot(p.Key)
	if err != nil {
		return nil, err
	}
	objects := make(map[objectKey]*object, len(s.objects))
	for k, o := range s.objects {
		objects[k] = o
	}
	var moved []entry
	for _, e := range slices.Backward(taken) {
		err := revert(objects, &e)
		if errors.Is(err, errMoved) {
			moved = append(moved, e)
		} else if err != nil {
			return nil, fmt.Errorf("take back %s %s: %w", e.kind, e.ref, err)
		}
	}
	if len(moved) > 0 {
		slices.Reverse(moved)
		return nil, tx.undoConflict(p.Key, moved)
	}
	dropOrphans(objects)
	restored := &steering.Project{}
	header := objects[objectKey{kindProject, p.Key}]
	if err := place(restored, header); err != nil {
		return nil, err
	}
	for _, o := range sortedObjects(objects) {
		if o != header {
			if err := place(restored, o); err != nil {
				return nil, err
			}
		}
	}
	restored.Calendar = p.Calendar
	// What came later may refer to what is gone now: then it is not the undo's to break.
	if p.Validate() == nil && restored.Validate() != nil {
		return nil, undoRefused(danglingKeys(restored), nil, nil)
	}
	return restored, nil
}

// dropOrphans removes the withdrawn proposals about milestones that the undo removed: they ask for nothing, and the audit
// remembers them.
func dropOrphans(objects map[objectKey]*object) {
	for key, o := range objects {
		var proposal struct {
			Milestone string                  `json:"milestone"`
			Status    steering.ProposalStatus `json:"status"`
		}
		if key.kind == kindProposal && decode(o.doc, &proposal) == nil && proposal.Status == steering.ProposalWithdrawn &&
			objects[objectKey{kindMilestone, proposal.Milestone}] == nil {
			delete(objects, key)
		}
	}
}

// errMoved means that an object is not as the change left it.
var errMoved = errors.New("changed since")

// revert takes one entry back in objects.
func revert(objects map[objectKey]*object, e *entry) error {
	key := objectKey{e.kind, e.ref}
	o := objects[key]
	if e.op == opRemoved {
		if o != nil {
			return errMoved
		}
		objects[key] = &object{kind: e.kind, id: e.ref, doc: e.before, position: len(objects), createdBy: createdBy(e.before)}
		return nil
	}
	if o == nil {
		return errMoved
	}
	was, is, err := fieldChanges(e.kind, o.doc, "") // the present fields, without what is computed
	if err != nil || is != "" {
		return errors.Join(err, errMoved)
	}
	present, err := fields(was)
	if err != nil {
		return err
	}
	before, after, err := e.fields()
	if err != nil {
		return err
	}
	delete(after, reasonField(e.kind))
	for name := range merged(before, after) {
		if string(present[name]) != string(after[name]) {
			return errMoved
		}
	}
	if e.op == opCreated {
		if len(present) != len(after) {
			return errMoved // it has got more fields since
		}
		if e.kind == kindProposal {
			return withdraw(objects, o)
		}
		delete(objects, key)
		return nil
	}
	return restore(objects, o, before, after)
}

// fields reads what the entry says was and is.
func (e *entry) fields() (before, after map[string]json.RawMessage, err error) {
	if before, err = fields(e.before); err != nil {
		return nil, nil, err
	}
	after, err = fields(e.after)
	return before, after, err
}

func merged(a, b map[string]json.RawMessage) map[string]bool {
	names := map[string]bool{}
	for n := range a {
		names[n] = true
	}
	for n := range b {
		names[n] = true
	}
	return names
}

// restore gives an object the values that it had before.
func restore(objects map[objectKey]*object, o *object, before, after map[string]json.RawMessage) error {
	doc, err := fields(o.doc)
	if err != nil {
		return err
	}
	for name := range after {
		delete(doc, name)
	}
	for name, value := range before {
		doc[name] = value
	}
	return replace(objects, o, doc)
}

// withdraw ends a proposal instead of removing it: people saw it. One that was decided meanwhile stays as it is.
func withdraw(objects map[objectKey]*object, o *object) error {
	doc, err := fields(o.doc)
	if err != nil {
		return err
	}
	if string(doc["status"]) != `"`+string(steering.ProposalOpen)+`"` {
		return errMoved
	}
	doc["status"] = json.RawMessage(`"` + string(steering.ProposalWithdrawn) + `"`)
	return replace(objects, o, doc)
}

func replace(objects map[objectKey]*object, o *object, doc map[string]json.RawMessage) error {
	text, err := encode(doc)
	if err != nil {
		return err
	}
	own := *o
	own.doc, own.value = text, nil
	objects[o.key()] = &own
	return nil
}

// createdBy is the person whom a document names as its maker, if it does.
func createdBy(doc string) string {
	var d struct {
		By string `json:"by"`
	}
	if decode(doc, &d) != nil {
		return ""
	}
	return d.By
}

// danglingKeys lists the milestones that depend on, or wait for, one that is not there.
func danglingKeys(p *steering.Project) []string {
	var keys []string
	for _, m := range p.Milestones {
		for _, on := range m.DependsOn {
			if p.Milestone(on) == nil {
				keys = append(keys, m.Key)
				break
			}
		}
	}
	return keys
}

// undoConflict says what was changed since, and by whom.
func (tx *Tx) undoConflict(project string, moved []entry) error {
	var milestones, objects []string
	var by []steering.PersonID
	for _, e := range moved {
		if e.kind == kindMilestone {
			milestones = append(milestones, e.ref)
		}
		objects = append(objects, e.kind+" "+e.ref)
		var last string
		if _, err := tx.find([]any{&last}, `SELECT person FROM audit WHERE project = $1 AND kind = $2 AND ref = $3
			ORDER BY seq DESC LIMIT 1`, project, e.kind, e.ref); err != nil {
			return wrap("find who changed it since", err)
		}
		if id := steering.PersonID(last); id != "" && !slices.Contains(by, id) {
			by = append(by, id)
		}
	}
	return undoRefused(milestones, objects, by)
}

func undoRefused(milestones, objects []string, by []steering.PersonID) error {
	return &steering.Error{
		Code: steering.CodeConflict, Key: KeyUndoChanged,
		Args: map[string]any{"milestones": milestones, "objects": objects, "by": by},
	}
}
