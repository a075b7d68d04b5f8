package conversations

import (
	"time"

	"timonel/conversations/understand"
	"timonel/steering"
)

// need is what a frame lacks before it can be a command: the slot, and what may be picked.
type need struct {
	slot    string
	choices []choice
}

// builder makes the commands of a frame, or tells what is missing.
type builder func(t *turn, p *steering.Project, f understand.Frame) ([]steering.Command, *need)

// builders holds the intents that change a project. An intent that is not here changes nothing by itself.
var builders map[understand.Intent]builder

func init() {
	builders = map[understand.Intent]builder{
		understand.Add: buildAdd, understand.Move: buildMove,
		understand.Done: eachMilestone(func(f understand.Frame, key string) steering.Command {
			return steering.CompleteMilestone{Key: key, On: dated(f)}
		}),
		understand.Start: eachMilestone(func(_ understand.Frame, key string) steering.Command {
			return steering.StartMilestone{Key: key}
		}),
		understand.Progress: buildProgress,
		understand.Block: eachMilestone(func(f understand.Frame, key string) steering.Command {
			return steering.BlockMilestone{Key: key, Reason: f.Slots.Reason}
		}),
		understand.Unblock: buildUnblock,
		understand.Reopen:  buildReopen,
		understand.Cancel: eachMilestone(func(f understand.Frame, key string) steering.Command {
			return steering.CancelMilestone{Key: key, Reason: f.Slots.Reason}
		}),
		understand.Rename: buildRename, understand.Assign: buildAssign,
		understand.Depend: buildDepend(true), understand.Undepend: buildDepend(false),
		understand.Note: buildNote, understand.Document: buildDocument,
		understand.Risk: buildEntry(steering.KindRisk), understand.Issue: buildEntry(steering.KindIssue),
		understand.Decision: buildEntry(steering.KindDecision), understand.Action: buildEntry(steering.KindAction),
		understand.CloseEntry: buildClose, understand.ScopeChange: buildChange, understand.RuleChange: buildRule,
		understand.Meeting: buildMeeting, understand.Minutes: buildMinutes,
		understand.CloseMeeting:  fixed(steering.CloseMeeting{}),
		understand.CancelMeeting: buildCancelMeeting, understand.Vote: buildVote,
		understand.DigestSchedule: buildSchedule, understand.SetSetting: buildSetting,
		understand.Snooze: buildSnooze, understand.Unmute: buildUnmute,
		understand.SetRole: buildRole, understand.Support: buildRequest, understand.SetWarranty: buildWarranty,
		understand.InvoicePaid: buildPaid, understand.InvoiceAdd: buildInvoice,
		understand.AlignmentAnswer: buildAnswer, understand.SetLanguage: buildLanguage,
		understand.PauseProject:  fixed(steering.SetProjectStatus{Status: steering.ProjectPaused}),
		understand.ResumeProject: fixed(steering.SetProjectStatus{Status: steering.ProjectActive}),
		understand.CloseProject:  fixed(steering.SetProjectStatus{Status: steering.ProjectClosed}),
	}
}

// changes reports whether an intent can change anything at all.
func changes(i understand.Intent) bool {
	switch i {
	case understand.CreateProject, understand.Undo, understand.Accept, understand.Reject, understand.Yes, understand.No, understand.MoveMeeting:
		return true
	}
	return builders[i] != nil
}

func (t *turn) commands(p *steering.Project, f understand.Frame) ([]steering.Command, *need) {
	if n := t.ambiguous(f); n != nil {
		return nil, n
	}
	build := builders[f.Intent]
	if build == nil {
		return nil, nil // what a handler of its own does, such as a sign-off that names nothing
	}
	return build(t, p, f)
}

// ambiguous asks for the first milestone that the text does not settle.
func (t *turn) ambiguous(f understand.Frame) *need {
	for _, refs := range [][]understand.Ref{f.Slots.Milestones, f.Slots.After} {
		for _, r := range refs {
			if r.Key == "" {
				return &need{"milestone", t.milestoneChoices(r.Candidates)}
			}
		}
	}
	for _, slot := range f.Ambiguous {
		if slot != "milestone" {
			return &need{slot: slot}
		}
	}
	return nil
}

func fixed(c steering.Command) builder {
	return func(*turn, *steering.Project, understand.Frame) ([]steering.Command, *need) {
		return []steering.Command{c}, nil
	}
}

// eachMilestone makes one command for each milestone that the frame names.
func eachMilestone(make func(understand.Frame, string) steering.Command) builder {
	return func(t *turn, _ *steering.Project, f understand.Frame) ([]steering.Command, *need) {
		if len(f.Slots.Milestones) == 0 {
			return nil, t.whichMilestone(f)
		}
		var out []steering.Command
		for _, r := range f.Slots.Milestones {
			out = append(out, make(f, r.Key))
		}
		return out, nil
	}
}

func dated(f understand.Frame) steering.Date {
	if f.Slots.Date == nil {
		return 0
	}
	return f.Slots.Date.Date
}

func buildAdd(t *turn, _ *steering.Project, f understand.Frame) ([]steering.Command, *need) {
	due := dated(f)
	if due == 0 && f.Slots.Shift != nil {
		due = f.Slots.Shift.From(t.today(), t.p.Calendar)
	}
	switch {
	case f.Slots.Name == "":
		return nil, &need{slot: "name"}
	case due == 0:
		return nil, &need{slot: "date"}
	}
	return []steering.Command{steering.AddMilestone{
		Name: f.Slots.Name, Due: due, Owner: steering.PersonID(f.Slots.Person), DependsOn: keysOfRefs(f.Slots.After),
	}}, nil
}

func buildMove(t *turn, p *steering.Project, f understand.Frame) ([]steering.Command, *need) {
	if len(f.Slots.Milestones) == 0 {
		return nil, t.whichMilestone(f)
	}
	if f.Slots.Date == nil && f.Slots.Shift == nil {
		return nil, &need{slot: "date"}
	}
	var out []steering.Command
	for _, r := range f.Slots.Milestones {
		to := dated(f)
		if m := p.Milestone(r.Key); to == 0 && m != nil {
			to = f.Slots.Shift.From(m.Due, p.Calendar)
		}
		out = append(out, steering.MoveMilestone{Key: r.Key, To: to, Reason: f.Slots.Reason})
	}
	return out, nil
}

// buildReopen opens milestones again; in a closed project, without one that is named, the project itself.
func buildReopen(t *turn, p *steering.Project, f understand.Frame) ([]steering.Command, *need) {
	if len(f.Slots.Milestones) == 0 && p.Status == steering.ProjectClosed {
		return []steering.Command{steering.SetProjectStatus{Status: steering.ProjectActive}}, nil
	}
	return eachMilestone(func(_ understand.Frame, key string) steering.Command {
		return steering.ReopenMilestone{Key: key}
	})(t, p, f)
}

func buildProgress(t *turn, p *steering.Project, f understand.Frame) ([]steering.Command, *need) {
	if f.Slots.Percent < 0 {
		return nil, &need{slot: "percent"}
	}
	return eachMilestone(func(f understand.Frame, key string) steering.Command {
		return steering.ReportProgress{Key: key, Percent: f.Slots.Percent}
	})(t, p, f)
}

func buildUnblock(t *turn, p *steering.Project, f understand.Frame) ([]steering.Command, *need) {
	if len(f.Slots.Milestones) == 0 {
		blocked := p.Blocked()
		if len(blocked) != 1 {
			return nil, t.whichMilestone(f)
		}
		f.Slots.Milestones = []understand.Ref{{Key: blocked[0].Key}}
	}
	var out []steering.Command
	for _, r := range f.Slots.Milestones {
		was, err := t.tx.StatusBeforeBlock(p.Key, r.Key)
		if err != nil {
			was = ""
		}
		out = append(out, steering.UnblockMilestone{Key: r.Key, Was: was})
	}
	return out, nil
}

func buildRename(t *turn, _ *steering.Project, f understand.Frame) ([]steering.Command, *need) {
	switch {
	case len(f.Slots.Milestones) == 0:
		return nil, t.whichMilestone(f)
	case f.Slots.Name == "":
		return nil, &need{slot: "name"}
	}
	return []steering.Command{steering.RenameMilestone{Key: f.Slots.Milestones[0].Key, Name: f.Slots.Name}}, nil
}

func buildAssign(t *turn, p *steering.Project, f understand.Frame) ([]steering.Command, *need) {
	if f.Slots.Person == "" {
		return nil, &need{"owner", t.peopleChoices()}
	}
	return eachMilestone(func(f understand.Frame, key string) steering.Command {
		return steering.AssignMilestone{Key: key, Owner: steering.PersonID(f.Slots.Person)}
	})(t, p, f)
}

func buildDepend(add bool) builder {
	return func(t *turn, _ *steering.Project, f understand.Frame) ([]steering.Command, *need) {
		on := keysOfRefs(f.Slots.After)
		if len(f.Slots.Milestones) == 0 || len(on) == 0 {
			return nil, t.whichMilestone(f)
		}
		var out []steering.Command
		for _, r := range f.Slots.Milestones {
			if add {
				out = append(out, steering.AddDependency{Key: r.Key, On: on})
			} else {
				out = append(out, steering.DropDependency{Key: r.Key, On: on})
			}
		}
		return out, nil
	}
}

func buildNote(t *turn, p *steering.Project, f understand.Frame) ([]steering.Command, *need) {
	if f.Slots.Text == "" {
		return nil, &need{slot: "text"}
	}
	return eachMilestone(func(f understand.Frame, key string) steering.Command {
		return steering.AddNote{Key: key, Text: f.Slots.Text}
	})(t, p, f)
}

func buildDocument(t *turn, p *steering.Project, f understand.Frame) ([]steering.Command, *need) {
	if len(t.in.Files) == 0 {
		return nil, &need{slot: "file"}
	}
	file := t.in.Files[0]
	return eachMilestone(func(_ understand.Frame, key string) steering.Command {
		return steering.AttachDocument{Key: key, Name: file.Name, SHA256: file.SHA256}
	})(t, p, f)
}

func keysOfRefs(refs []understand.Ref) []string {
	var keys []string
	for _, r := range refs {
		keys = append(keys, r.Key)
	}
	return keys
}

// at is the moment of a date and a clock in the project's zone.
func (t *turn) at(d steering.Date, hour, minute int) time.Time {
	return d.At(hour, minute, t.p.Location()).UTC()
}
