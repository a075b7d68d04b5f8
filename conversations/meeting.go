package conversations

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"timonel/bot"
	"timonel/conversations/understand"
	"timonel/internal/markup"
	"timonel/locale"
	"timonel/report"
	"timonel/steering"
	"timonel/storage"
)

// announceMeeting tells the committee of a meeting: slots to vote on, or the invitation with its calendar file.
func (t *turn) announceMeeting(out bot.Outgoing, o steering.Outcome) error {
	m := t.p.Meeting(o.EntryID)
	if m == nil {
		return t.sendReply(out)
	}
	if o.Scheduled {
		file, err := t.invitation(m)
		if err != nil {
			return err
		}
		out.Files = []bot.File{file} // the answer says that it comes along, wherever it is read
	}
	return t.putTo(t.committee(), out, o, func(out bot.Outgoing) (bot.Outgoing, error) {
		out.Kind = bot.KindMeeting
		if !o.Scheduled {
			t.offerSlots(&out, m)
			return out, nil
		}
		file, err := t.invitation(m)
		out.Files = []bot.File{file}
		return out, err
	})
}

func (t *turn) offerSlots(out *bot.Outgoing, m *steering.Meeting) {
	poll := &bot.Poll{Question: t.say.Text("meeting.which_slot", nil)}
	for i, s := range m.Slots {
		label := markup.Plain(string(t.say.Moment(s.At.In(t.p.Location()))))
		action := fmt.Sprintf("vote:%s:%d:%d", t.p.Key, m.ID, i)
		out.Options = append(out.Options, bot.Option{Label: label, Action: action})
		poll.Options, poll.Actions = append(poll.Options, label), append(poll.Actions, action)
	}
	out.Poll = poll
}

func (t *turn) invitation(m *steering.Meeting) (bot.File, error) {
	title := t.say.Text("meeting.title_"+string(m.Kind), locale.Args{"project": t.p.Name})
	sequence, err := t.invitations(m)
	if err != nil {
		return bot.File{}, err
	}
	data, err := report.MeetingICS(t.p, m, title, report.Agenda(t.p, m, t.today(), t.say, t.plainName), sequence, t.now)
	if err != nil {
		return bot.File{}, fmt.Errorf("write the invitation: %w", err)
	}
	return file(fmt.Sprintf("%s-%d.ics", strings.ToLower(t.p.Key), m.ID), "text/calendar", data), nil
}

// invitations counts those that went out for the meeting before this one: a calendar takes an invitation for newer than
// the one it has only by its rising number.
func (t *turn) invitations(m *steering.Meeting) (int, error) {
	moves, err := t.tx.Audit(t.p.Key, storage.AuditFilter{Object: fmt.Sprintf("meeting %d", m.ID), Actions: []string{"meeting.scheduled"}})
	if err != nil {
		return 0, fmt.Errorf("count the invitations: %w", err)
	}
	return max(len(moves)-1, 0), nil
}

// wishToConvene puts the wish of somebody who may not convene to the lead as a question.
func (t *turn) wishToConvene(f understand.Frame) error {
	commands, _ := buildMeeting(t, t.p, f)
	wish, ok := commands[0].(steering.ProposeMeeting)
	if !ok || len(wish.Slots) == 0 {
		return t.reply(t.say.Text("unclear.short", nil))
	}
	var moments []string
	for _, at := range wish.Slots {
		moments = append(moments, strconv.FormatInt(at.Unix(), 10))
	}
	leads := t.p.With(steering.RoleLead, "")
	ask := func(bot.Outgoing) (bot.Outgoing, error) {
		return bot.Outgoing{
			Kind: bot.KindQuestion,
			Text: t.say.Text("meeting.wish", locale.Args{"who": t.plainName(t.person.ID), "lead": t.people(leads)}),
			Options: []bot.Option{
				{Label: t.say.Text("button.convene", nil), Action: "convene:" + t.p.Key + ":" + strings.Join(moments, ","), Style: "primary"},
				{Label: t.say.Text("button.not_now", nil), Action: "keep:" + t.p.Key + ":", Style: "danger"},
			},
		}, nil
	}
	answer, err := ask(bot.Outgoing{})
	if err != nil {
		return err
	}
	return t.putTo(t.chatsOf(leads), answer, steering.Outcome{}, ask)
}

// wishTime is how long a yes or a no may be about the committee that somebody wished for.
const wishTime = 24 * time.Hour

// decideWish takes a yes or a no as the press of the button below the newest wish for the committee, when it is the
// speaker's to decide.
func (t *turn) decideWish(yes bool) (bool, error) {
	if !slices.Contains(t.p.With(steering.RoleLead, ""), t.person.ID) {
		return false, nil
	}
	last, err := t.tx.LastMessages(t.in.Platform, t.in.Room, 5)
	if err != nil {
		return false, fmt.Errorf("look for a wish: %w", err)
	}
	for _, msg := range last {
		if len(msg.Options) != 2 || t.now.Sub(msg.At) > wishTime || !strings.HasPrefix(msg.Options[0].Action, "convene:"+t.p.Key+":") {
			continue
		}
		if yes {
			return true, t.pressed(msg.Options[0].Action)
		}
		return true, t.pressed(msg.Options[1].Action)
	}
	return false, nil
}

// pressedConvene convenes what somebody else wished for.
func (t *turn) pressedConvene(object string) error {
	c := steering.ProposeMeeting{Kind: steering.MeetingSteering}
	for _, s := range strings.Split(object, ",") {
		unix, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return t.reply(t.say.Text("unclear.short", nil))
		}
		c.Slots = append(c.Slots, time.Unix(unix, 0).UTC())
	}
	trial := t.p.Clone()
	out, err := trial.Do(c, t.actor(), t.now)
	if err != nil {
		return t.refuseForm(err)
	}
	return t.keep(trial, []done{{understand.Frame{Intent: understand.Meeting}, out}})
}

// cannotMoveMeeting tells who wants a meeting at another time what does it: a meeting is cancelled and convened anew.
func (t *turn) cannotMoveMeeting() error {
	return t.reply(t.say.Text("meeting.cannot_move", nil))
}
