package steering

import (
	"strings"
	"time"
)

// minutesReach is how far back minutes look for the meeting that they are of.
const minutesReach = 7 * 24 * time.Hour

// run writes minutes. A meeting that has minutes was held; what is written later is added below.
func (c RecordMinutes) run(a *act) (Outcome, error) {
	text := strings.TrimSpace(c.Text)
	if text == "" {
		return Outcome{}, missing("text")
	}
	var m *Meeting
	if c.Meeting != 0 {
		if m = a.p.Meeting(c.Meeting); m == nil {
			return Outcome{}, notFound(KeyNoEntry, map[string]any{"kind": KindMeeting, "id": c.Meeting})
		}
		if m.Status == MeetingCancelled {
			return Outcome{}, conflict(KeyMeetingOver, map[string]any{"id": m.ID, "status": string(m.Status)})
		}
	} else if m = a.p.recentMeeting(a.now); m == nil {
		m = &Meeting{ID: a.p.NextNumber(KindMeeting), Kind: MeetingSteering}
		a.p.Meetings = append(a.p.Meetings, m)
	}
	if m.At.IsZero() || m.At.After(a.now) {
		m.At = m.heldAt(a.now)
	}
	m.Status = MeetingHeld
	if m.Minutes != "" {
		text = m.Minutes + "\n" + text
	}
	m.Minutes = text
	a.p.Record("meeting.minuted", object(KindMeeting, m.ID))
	return Outcome{Entry: KindMeeting, EntryID: m.ID}, nil
}

// recentMeeting is the newest meeting of the last seven days, or nil: one that had its moment, else one that was put to
// the vote for a moment in them.
func (p *Project) recentMeeting(now time.Time) *Meeting {
	var best *Meeting
	var bestAt time.Time
	for _, settled := range []bool{true, false} {
		for _, m := range p.Meetings {
			if m.Status == MeetingCancelled || (m.Status == MeetingProposed) == settled {
				continue
			}
			at := m.heldAt(now)
			if m.Status != MeetingProposed {
				at = m.At
			}
			if at.Before(now) && now.Sub(at) <= minutesReach && (best == nil || !at.Before(bestAt)) {
				best, bestAt = m, at
			}
		}
		if best != nil {
			return best
		}
	}
	return nil
}

// heldAt is when a meeting without a moment of its own must have been held: at its last slot that is over, else now.
func (m *Meeting) heldAt(now time.Time) time.Time {
	var last time.Time
	for _, s := range m.Slots {
		if s.At.Before(now) && s.At.After(last) {
			last = s.At
		}
	}
	if last.IsZero() {
		return now
	}
	return last
}

func (c CloseMeeting) run(a *act) (Outcome, error) {
	if err := a.need(KeyConvene, a.p.conveners()); err != nil {
		return Outcome{}, err
	}
	m := a.p.Meeting(c.Meeting)
	if c.Meeting == 0 {
		m = a.p.meetingToClose(a.now)
	}
	if m == nil {
		return Outcome{}, notFound(KeyNoEntry, map[string]any{"kind": KindMeeting, "id": c.Meeting})
	}
	out := Outcome{Entry: KindMeeting, EntryID: m.ID}
	switch m.Status {
	case MeetingHeld:
		out.NothingNew = true
		return out, nil
	case MeetingCancelled:
		return Outcome{}, conflict(KeyMeetingOver, map[string]any{"id": m.ID, "status": string(m.Status)})
	}
	m.Status = MeetingHeld
	if m.At.IsZero() || m.At.After(a.now) {
		m.At = m.heldAt(a.now)
	}
	a.p.Record("meeting.held", object(KindMeeting, m.ID))
	return out, nil
}

// meetingToClose is the newest meeting that has begun and is not closed, else the newest that is not, else the newest.
func (p *Project) meetingToClose(now time.Time) *Meeting {
	var best *Meeting
	rank := func(m *Meeting) int {
		switch {
		case m.Status == MeetingScheduled && !m.At.After(now):
			return 3
		case m.ahead():
			return 2
		case m.Status == MeetingHeld:
			return 1
		}
		return 0
	}
	for _, m := range p.Meetings {
		if rank(m) > 0 && (best == nil || rank(m) >= rank(best)) {
			best = m
		}
	}
	return best
}
