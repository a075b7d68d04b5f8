package storage

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"timonel/steering"
)

// The kinds of objects that a project is made of. Each object is stored, compared, audited and undone by itself.
const (
	kindProject   = "project" // the header: everything that is in no list below
	kindMember    = "member"
	kindMilestone = "milestone"
	kindProposal  = "proposal"
	kindAction    = "action"
	kindRisk      = "risk"
	kindIssue     = "issue"
	kindDecision  = "decision"
	kindChange    = "change"
	kindMeeting   = "meeting"
	kindTraining  = "training"
	kindInvoice   = "invoice"
	kindRequest   = "request"
	kindAnswer    = "answer"
	kindMute      = "mute"
)

// object is one part of a project as it is stored: a document and the columns that queries need.
type object struct {
	kind, id                 string
	position                 int
	status, owner, createdBy string
	due                      steering.Date
	value                    any    // a pointer to the part, never shared with a project that was handed out
	doc                      string // value in the form of the export; "" until it is needed
}

type objectKey struct{ kind, id string }

func (o *object) key() objectKey { return objectKey{o.kind, o.id} }

func (o *object) encode() error {
	if o.doc != "" {
		return nil
	}
	doc, err := encode(o.value)
	o.doc = doc
	return err
}

// sameColumns reports whether everything beside the document is equal.
func (o *object) sameColumns(other *object) bool {
	return o.position == other.position && o.status == other.status && o.due == other.due && o.owner == other.owner &&
		o.createdBy == other.createdBy
}

// derived names the fields that are computed from the rest: they are stored, but no person changed them.
var derived = map[string][]string{
	kindProject:   {"health"},
	kindMilestone: {"forecast"},
}

// list is one of a project's lists of objects.
type list struct {
	kind    string
	explode func(p *steering.Project) []*object
	// add decodes a document and appends it to the project's list.
	add func(p *steering.Project, doc string, createdBy steering.PersonID) error
	// identify is the id of the object that a document describes.
	identify func(doc string) (string, error)
}

// columns is what a part says of itself for the columns beside its document.
type columns struct {
	id, status string
	due        steering.Date
	owner, by  steering.PersonID
}

// listOf makes a list from the place of its slice and from what each part says of itself. raised is where the person who
// raised a part is kept when its document does not say; nil if it does.
func listOf[T any](kind string, slice func(*steering.Project) *[]*T, describe func(*T) columns,
	raised func(*T) *steering.PersonID,
) list {
	return list{
		kind: kind,
		explode: func(p *steering.Project) []*object {
			parts := *slice(p)
			objects := make([]*object, 0, len(parts))
			seen := map[string]int{}
			for i, part := range parts {
				c := describe(part)
				if raised != nil {
					c.by = *raised(part)
				}
				if seen[c.id]++; seen[c.id] > 1 {
					c.id += "#" + strconv.Itoa(seen[c.id]) // two alike in a list whose parts have no id of their own
				}
				objects = append(objects, &object{
					kind: kind, id: c.id, position: i, status: c.status, due: c.due, owner: string(c.owner),
					createdBy: string(c.by), value: part,
				})
			}
			return objects
		},
		add: func(p *steering.Project, doc string, by steering.PersonID) error {
			part := new(T)
			if err := decode(doc, part); err != nil {
				return err
			}
			if raised != nil {
				*raised(part) = by
			}
			s := slice(p)
			*s = append(*s, part)
			return nil
		},
		identify: func(doc string) (string, error) {
			part := new(T)
			err := decode(doc, part)
			return describe(part).id, err
		},
	}
}

// register holds every list but members and milestones, in the order of the export.
var register = []list{
	listOf(kindProposal, func(p *steering.Project) *[]*steering.Proposal { return &p.Proposals }, func(e *steering.Proposal) columns {
		return columns{id: strconv.Itoa(e.ID), status: string(e.Status), due: e.Due, by: e.By}
	}, nil),
	listOf(kindAction, func(p *steering.Project) *[]*steering.Action { return &p.Actions }, func(e *steering.Action) columns {
		return columns{id: strconv.Itoa(e.ID), status: string(e.Status), due: e.Due, owner: e.Owner}
	}, func(e *steering.Action) *steering.PersonID { return &e.RaisedBy }),
	listOf(kindRisk, func(p *steering.Project) *[]*steering.Risk { return &p.Risks }, func(e *steering.Risk) columns {
		return columns{id: strconv.Itoa(e.ID), status: string(e.Status), owner: e.Owner}
	}, func(e *steering.Risk) *steering.PersonID { return &e.RaisedBy }),
	listOf(kindIssue, func(p *steering.Project) *[]*steering.Issue { return &p.Issues }, func(e *steering.Issue) columns {
		return columns{id: strconv.Itoa(e.ID), status: string(e.Status), owner: e.Owner}
	}, func(e *steering.Issue) *steering.PersonID { return &e.RaisedBy }),
	listOf(kindDecision, func(p *steering.Project) *[]*steering.Decision { return &p.Decisions }, func(e *steering.Decision) columns {
		return columns{id: strconv.Itoa(e.ID), by: e.By}
	}, nil),
	listOf(kindChange, func(p *steering.Project) *[]*steering.Change { return &p.Changes }, func(e *steering.Change) columns {
		return columns{id: strconv.Itoa(e.ID), status: string(e.Status), by: e.By}
	}, nil),
	listOf(kindMeeting, func(p *steering.Project) *[]*steering.Meeting { return &p.Meetings }, func(e *steering.Meeting) columns {
		return columns{id: strconv.Itoa(e.ID), status: string(e.Status)}
	}, nil),
	listOf(kindTraining, func(p *steering.Project) *[]*steering.Training { return &p.Training }, func(e *steering.Training) columns {
		return columns{id: naturalID(string(e.Person), e.Milestone, e.On.String()), due: e.On, owner: e.Person}
	}, nil),
	listOf(kindInvoice, func(p *steering.Project) *[]*steering.Invoice { return &p.Invoices }, func(e *steering.Invoice) columns {
		return columns{id: strconv.Itoa(e.ID), status: string(e.Status), due: e.Due}
	}, nil),
	listOf(kindRequest, func(p *steering.Project) *[]*steering.Request { return &p.Requests }, func(e *steering.Request) columns {
		return columns{id: strconv.Itoa(e.ID), status: string(e.Status), by: e.By}
	}, nil),
	listOf(kindAnswer, func(p *steering.Project) *[]*steering.Answer { return &p.Answers }, func(e *steering.Answer) columns {
		return columns{id: naturalID(e.Question, e.Week, string(e.By), stamp(e.At)), by: e.By}
	}, nil),
	listOf(kindMute, func(p *steering.Project) *[]*steering.Mute { return &p.Mutes }, func(e *steering.Mute) columns {
		return columns{id: naturalID(string(e.Person), e.Milestone), due: e.Until, owner: e.Person}
	}, nil),
}

var milestones = listOf(kindMilestone, func(p *steering.Project) *[]*steering.Milestone { return &p.Milestones },
	func(m *steering.Milestone) columns {
		return columns{id: m.Key, status: string(m.Status), due: m.Due, owner: m.Owner}
	}, nil)

// registerByKind finds a list of the register, or milestones.
var registerByKind = func() map[string]list {
	m := map[string]list{kindMilestone: milestones}
	for _, l := range register {
		m[l.kind] = l
	}
	return m
}()

// naturalID makes an id of what tells parts without one apart; "*" stands for what is not set.
func naturalID(parts ...string) string {
	for i, part := range parts {
		if part == "" {
			parts[i] = "*"
		}
	}
	return strings.Join(parts, "/")
}

// headerOf is the project without its lists and without what is not state.
func headerOf(p *steering.Project) *steering.Project {
	h := *p
	h.Members, h.Milestones, h.Proposals, h.Actions, h.Risks, h.Issues, h.Decisions = nil, nil, nil, nil, nil, nil, nil
	h.Changes, h.Meetings, h.Training, h.Invoices, h.Requests, h.Answers, h.Mutes = nil, nil, nil, nil, nil, nil, nil
	h.Sent, h.Journal, h.Calendar, h.LastKey = nil, nil, steering.Calendar{}, 0
	return &h
}

// explode takes a project apart: the header, the members, the milestones, the register. Sent is not among the parts.
func explode(p *steering.Project) []*object {
	objects := []*object{{kind: kindProject, id: p.Key, status: string(p.Status), value: headerOf(p)}}
	for i := range p.Members {
		m := &p.Members[i]
		objects = append(objects, &object{kind: kindMember, id: string(m.Person), value: m})
	}
	objects = append(objects, milestones.explode(p)...)
	for _, l := range register {
		objects = append(objects, l.explode(p)...)
	}
	return objects
}

// place puts a stored part into the project that is being put together.
func place(p *steering.Project, o *object) error {
	switch o.kind {
	case kindProject:
		return decode(o.doc, p)
	case kindMember:
		var m steering.Member
		err := decode(o.doc, &m)
		p.Members = append(p.Members, m)
		return err
	}
	l, ok := registerByKind[o.kind]
	if !ok {
		return fmt.Errorf("kind %q is unknown", o.kind)
	}
	return l.add(p, o.doc, steering.PersonID(o.createdBy))
}

// difference is one object that a save changed: created (before nil), removed (after nil) or changed.
type difference struct{ before, after *object }

func (d difference) object() *object {
	if d.after != nil {
		return d.after
	}
	return d.before
}

// compare lists what differs between two states of a project, in the order of after, removed ones last. What is equal
// takes over the stored document, so that it need not be encoded.
func compare(before map[objectKey]*object, after []*object) ([]difference, error) {
	var diffs []difference
	kept := make(map[objectKey]bool, len(after))
	for _, o := range after {
		kept[o.key()] = true
		old := before[o.key()]
		if old != nil && reflect.DeepEqual(old.value, o.value) {
			o.doc = old.doc
		}
		if err := o.encode(); err != nil {
			return nil, err
		}
		// Documents decide: a moment in another zone, or an empty list instead of none, is no difference.
		if old == nil || old.doc != o.doc || !old.sameColumns(o) {
			diffs = append(diffs, difference{old, o})
		}
	}
	gone := map[objectKey]*object{}
	for key, old := range before {
		if !kept[key] {
			gone[key] = old
		}
	}
	for _, old := range sortedObjects(gone) {
		diffs = append(diffs, difference{old, nil})
	}
	return diffs, nil
}
