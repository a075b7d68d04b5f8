package scheduler

import (
	"fmt"
	"slices"
	"strings"

	"timonel/bot"
	"timonel/internal/markup"
	"timonel/locale"
	"timonel/steering"
)

// escalations words missed dates for the committee: what, by how much, what they move, the go-live now, and when to meet.
func (w *writer) escalations(notices []steering.Notice) {
	if len(notices) == 0 {
		return
	}
	var keys []string
	var readers []steering.PersonID
	text := ""
	for _, n := range notices {
		m := w.subject.p.Milestone(n.Object)
		if m == nil {
			continue
		}
		keys = append(keys, m.Key)
		text += w.say.Text("notice.escalation", locale.Args{"item": w.item(n), "date": w.date(n.Due), "n": n.Days})
		if m.Owner != "" {
			text += " " + w.say.Text("notice.escalation_owner", locale.Args{"owner": w.dir.name(m.Owner)})
		}
		text += "\n"
		for _, id := range n.To {
			if !slices.Contains(readers, id) {
				readers = append(readers, id)
			}
		}
	}
	w.about(keys...)
	if moved := w.movedBy(keys); len(moved) > 0 {
		text += w.say.Text("notice.escalation_moves", locale.Args{"list": locale.Marked(w.say.JoinSome(moved, maxMoved))}) + "\n"
	}
	w.paragraph(strings.TrimSpace(text + w.goLive(keys)))
	if ask := w.meeting(keys, readers); ask != "" {
		w.closing = append(w.closing, ask)
	}
}

// maxMoved is how many milestones an escalation names that move along; the rest are counted.
const maxMoved = 4

// movedBy lists what missed dates drag along, as things stand today.
func (w *writer) movedBy(keys []string) []string {
	p, goLive := w.subject.p, w.subject.p.GoLive()
	behind := map[string]steering.Date{}
	for _, key := range keys {
		moves, _ := p.Consequences(key, w.today)
		for _, move := range moves {
			behind[move.Key] = max(behind[move.Key], move.To)
		}
	}
	var out []string
	for _, m := range p.Open() {
		if to := behind[m.Key]; to != 0 && m != goLive && !slices.Contains(keys, m.Key) {
			out = append(out, w.say.Text("notice.escalation_move", locale.Args{"milestone": locale.Marked(w.ref(m)), "date": w.date(to)}))
		}
	}
	return out
}

// goLive says what the missed dates make of the go-live.
func (w *writer) goLive(keys []string) string {
	p := w.subject.p
	m := p.GoLive()
	if m == nil || m.Status == steering.Done {
		return ""
	}
	slip := p.Calendar.Between(m.Baseline, m.Forecast)
	switch {
	case m.Forecast > m.Due && m.Baseline != 0 && slip > 0:
		return w.say.Text("notice.escalation_golive", locale.Args{"date": w.date(m.Forecast), "baseline": w.date(m.Baseline), "n": slip}) + "\n"
	case slices.Contains(keys, m.Key):
		return ""
	}
	return w.say.Text("notice.escalation_golive_same", locale.Args{"date": w.date(m.Forecast)}) + "\n"
}

// meeting says which meeting the missed dates go to, and offers its slots while it is put to the vote.
func (w *writer) meeting(keys []string, readers []steering.PersonID) string {
	m := w.meetingOn(keys)
	if m == nil {
		return ""
	}
	args := locale.Args{"to": w.to(readers)}
	if m.Status == steering.MeetingScheduled {
		args["at"] = w.say.Moment(m.At.In(w.subject.p.Location()))
		return w.say.Text("notice.escalation_scheduled", args)
	}
	w.vote(m)
	if len(m.Milestones) > len(keys) {
		return w.say.Text("notice.escalation_joined", args)
	}
	return w.say.Text("notice.escalation_meeting", args)
}

// meetingOn is the meeting about missed dates that is still to be held and has these on its agenda, or nil.
func (w *writer) meetingOn(keys []string) *steering.Meeting {
	for _, m := range slices.Backward(w.subject.p.Meetings) {
		ahead := m.Status == steering.MeetingProposed || m.Status == steering.MeetingScheduled
		if ahead && m.Reason == steering.MeetingReasonMissed && slices.ContainsFunc(keys, func(k string) bool { return slices.Contains(m.Milestones, k) }) {
			return m
		}
	}
	return nil
}

// vote offers a meeting's slots, as options and, unless another project's are on offer already, as a poll.
func (w *writer) vote(m *steering.Meeting) {
	poll := &bot.Poll{Question: w.say.Text("notice.which_slot", nil)}
	offered := 0
	for i, s := range m.Slots {
		if !s.At.After(w.now) {
			continue
		}
		offered++
		label := markup.Plain(string(w.say.Moment(s.At.In(w.subject.p.Location()))))
		if w.chat.shared {
			label += " · " + markup.Strip(w.subject.p.Name)
		}
		action := fmt.Sprintf("vote:%s:%d:%d", w.subject.p.Key, m.ID, i)
		w.out.Options = append(w.out.Options, bot.Option{Label: label, Action: action})
		poll.Options, poll.Actions = append(poll.Options, label), append(poll.Actions, action)
	}
	w.out.Poll = poll
	if len(w.out.Options) > offered {
		w.out.Poll = nil
	}
}
