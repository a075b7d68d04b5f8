package conversations

import (
	"fmt"
	"slices"

	"timonel/conversations/understand"
	"timonel/locale"
	"timonel/steering"
)

// buildSchedule sets the digest's weekday and hour; what is not said stays as it was.
func buildSchedule(t *turn, p *steering.Project, f understand.Frame) ([]steering.Command, *need) {
	if f.Slots.Value == "off" {
		return []steering.Command{steering.ChangeSettings{Set: steering.Settings{Digest: "off"}}}, nil
	}
	hour, minute, day := scheduleParts(t.opt.Policy.With(p.Settings).Digest)
	if f.Slots.Weekday >= 0 {
		day = fmt.Sprint(f.Slots.Weekday)
	} else if f.Slots.Clock == nil {
		return nil, &need{slot: "weekday"}
	}
	if c := f.Slots.Clock; c != nil {
		hour, minute = c.Hour, c.Minute
	}
	cron := fmt.Sprintf("%d %d * * %s", minute, hour, day)
	return []steering.Command{steering.ChangeSettings{Set: steering.Settings{Digest: cron}}}, nil
}

// scheduleParts reads hour, minute and weekday of a weekly cron expression.
func scheduleParts(cron string) (hour, minute int, day string) {
	var dom, month string
	if n, err := fmt.Sscanf(cron, "%d %d %s %s %s", &minute, &hour, &dom, &month, &day); err != nil || n < 5 {
		return 16, 0, "5"
	}
	return hour, minute, day
}

// buildSetting changes one of the project's own settings: closed days, the alignment round, the reminders.
func buildSetting(t *turn, p *steering.Project, f understand.Frame) ([]steering.Command, *need) {
	switch f.Slots.Setting {
	case "closed_days":
		day := dated(f)
		if day == 0 {
			return nil, &need{slot: "date"}
		}
		days := append(slices.Clone(p.Settings.ClosedDays), day)
		slices.Sort(days)
		return []steering.Command{steering.ChangeSettings{Set: steering.Settings{ClosedDays: slices.Compact(days)}}}, nil
	case "alignment":
		return []steering.Command{steering.ChangeSettings{Set: steering.Settings{Alignment: f.Slots.Value}}}, nil
	}
	return nil, &need{slot: "setting"}
}

func buildSnooze(t *turn, p *steering.Project, f understand.Frame) ([]steering.Command, *need) {
	until := dated(f)
	if until == 0 && f.Slots.Shift != nil {
		until = f.Slots.Shift.From(t.today(), p.Calendar)
	}
	if until == 0 {
		return nil, &need{slot: "date"}
	}
	c := steering.MuteNotices{Until: until, Everyone: f.Slots.Everyone}
	if len(f.Slots.Milestones) == 0 {
		return []steering.Command{c}, nil
	}
	var out []steering.Command
	for _, r := range f.Slots.Milestones {
		c.Milestone = r.Key
		out = append(out, c)
	}
	return out, nil
}

func buildUnmute(_ *turn, _ *steering.Project, f understand.Frame) ([]steering.Command, *need) {
	c := steering.Unmute{Everyone: f.Slots.Everyone}
	if len(f.Slots.Milestones) > 0 {
		c.Milestone = f.Slots.Milestones[0].Key
	}
	return []steering.Command{c}, nil
}

func buildRole(t *turn, p *steering.Project, f understand.Frame) ([]steering.Command, *need) {
	switch {
	case f.Slots.Person == "":
		return nil, &need{"person", t.peopleChoices()}
	case len(f.Slots.Roles) == 0 && f.Slots.Side == "":
		return nil, &need{slot: "role"}
	}
	c := steering.SetRoles{Person: steering.PersonID(f.Slots.Person), Side: f.Slots.Side, Add: f.Slots.Roles}
	if c.Side == "" {
		c.Side = t.sideOf(p, c.Person)
	}
	if f.Slots.DropRoles {
		c.Add, c.Drop = nil, f.Slots.Roles
	}
	return []steering.Command{c}, nil
}

func buildLanguage(_ *turn, _ *steering.Project, f understand.Frame) ([]steering.Command, *need) {
	if !locale.Known(f.Slots.Language) {
		return nil, &need{slot: "language"}
	}
	return []steering.Command{steering.SetLanguage{Language: f.Slots.Language}}, nil
}
