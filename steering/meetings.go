package steering

import (
	"slices"
	"strings"
	"time"
)

// run convenes. With one moment the meeting stands; several are voted on.
func (c ProposeMeeting) run(a *act) (Outcome, error) {
	if err := a.need(KeyConvene, a.p.conveners()); err != nil {
		return Outcome{}, err
	}
	kind := c.Kind
	if kind == "" {
		kind = MeetingSteering
	}
	if !slices.Contains([]MeetingKind{MeetingSteering, MeetingReview, MeetingHandover}, kind) {
		return Outcome{}, invalid(KeyBadValue, map[string]any{"field": "kind", "value": string(kind)})
	}
	if len(c.Slots) == 0 {
		return Outcome{}, missing("moment")
	}
	for _, key := range c.Milestones {
		if _, err := a.milestone(key); err != nil {
			return Outcome{}, err
		}
	}
	for _, at := range c.Slots {
		if err := a.notOver(at); err != nil {
			return Outcome{}, err
		}
	}
	m := a.p.convene(kind, strings.TrimSpace(c.Reason), sortedKeys(c.Milestones), c.Slots)
	out := Outcome{Entry: KindMeeting, EntryID: m.ID}
	if len(m.Slots) == 1 {
		a.schedule(&out, m, m.Slots[0].At)
	}
	return out, nil
}

// convene writes a proposed meeting down.
func (p *Project) convene(kind MeetingKind, reason string, milestones []string, slots []time.Time) *Meeting {
	m := &Meeting{ID: p.NextNumber(KindMeeting), Kind: kind, Reason: reason, Milestones: milestones, Status: MeetingProposed}
	for _, at := range slots {
		m.Slots = append(m.Slots, Slot{At: at.UTC()})
	}
	p.Meetings = append(p.Meetings, m)
	p.Record("meeting.proposed", object(KindMeeting, m.ID))
	return m
}

// ConveneMissed makes the meeting that an escalation proposes, with three slots to vote on. While an earlier one about
// missed dates is still to be held, the milestones join it instead; fresh says whether the meeting is new.
func (p *Project) ConveneMissed(policy Policy, milestones []string, now time.Time) (m *Meeting, fresh bool) {
	for _, have := range p.Meetings {
		if have.Reason == MeetingReasonMissed && have.ahead() {
			joined := sortedKeys(append(slices.Clone(have.Milestones), milestones...))
			if !slices.Equal(joined, have.Milestones) {
				have.Milestones = joined
				p.Record("meeting.proposed", object(KindMeeting, have.ID))
			}
			return have, false
		}
	}
	m = p.convene(MeetingSteering, MeetingReasonMissed, sortedKeys(milestones), p.NextSlots(policy, now))
	p.Refresh(p.Today(now))
	return m, true
}

// ahead reports whether the meeting is still to be held.
func (m *Meeting) ahead() bool { return m.Status == MeetingProposed || m.Status == MeetingScheduled }

// slotsToVote is how many moments a meeting is offered at.
const slotsToVote = 3

// NextSlots lists three moments to vote on: the policy's meeting hours of the working days after now's.
func (p *Project) NextSlots(policy Policy, now time.Time) []time.Time {
	var out []time.Time
	hours := policy.hours()
	for day := p.Today(now); len(out) < slotsToVote; {
		day = p.Calendar.OnOrAfter(day + 1)
		for _, at := range hours {
			if len(out) < slotsToVote {
				out = append(out, day.At(at.hour(), at.minute(), p.Location()).UTC())
			}
		}
	}
	return out
}

// SlotsOn lists the policy's meeting hours of one day.
func (p *Project) SlotsOn(policy Policy, day Date) []time.Time {
	var out []time.Time
	for _, at := range policy.hours() {
		out = append(out, day.At(at.hour(), at.minute(), p.Location()).UTC())
	}
	return out
}

// notOver refuses a moment that is behind.
func (a *act) notOver(at time.Time) error {
	if err := sane(DateOf(at)); err != nil {
		return err
	}
	if at.Before(a.now) {
		return invalid(KeyPast, map[string]any{"at": at, "date": DateOf(at.In(a.p.Location()))})
	}
	return nil
}

// schedule gives a meeting its moment.
func (a *act) schedule(out *Outcome, m *Meeting, at time.Time) {
	m.Status, m.At = MeetingScheduled, at.UTC()
	out.Scheduled = true
	a.p.Record("meeting.scheduled", object(KindMeeting, m.ID))
	if day := DateOf(at.In(a.p.Location())); !a.p.Calendar.IsWorking(day) {
		out.remark(RemarkDayOff, "date", day)
	}
}

// meeting looks a meeting up that is still to be held.
func (a *act) meeting(id int) (*Meeting, error) {
	m := a.p.Meeting(id)
	if m == nil {
		return nil, notFound(KeyNoEntry, map[string]any{"kind": KindMeeting, "id": id})
	}
	if !m.ahead() {
		return nil, conflict(KeyMeetingOver, map[string]any{"id": id, "status": string(m.Status)})
	}
	return m, nil
}

func (c VoteSlot) run(a *act) (Outcome, error) {
	m, err := a.meeting(c.Meeting)
	if err != nil {
		return Outcome{}, err
	}
	if c.Slot < 0 || c.Slot >= len(m.Slots) {
		return Outcome{}, invalid(KeyBadValue, map[string]any{"field": "slot", "value": c.Slot + 1})
	}
	slot := &m.Slots[c.Slot]
	if slot.At.Before(a.now) {
		return Outcome{}, invalid(KeySlotOver, nil)
	}
	out := Outcome{Entry: KindMeeting, EntryID: m.ID}
	if slices.Contains(slot.Votes, a.by) {
		out.NothingNew = true
		return out, nil
	}
	slot.Votes = append(slot.Votes, a.by)
	a.p.Record("meeting.voted", object(KindMeeting, m.ID))
	if m.Status == MeetingProposed && a.p.agreedOn(slot, a.by) {
		a.schedule(&out, m, slot.At)
	}
	return out, nil
}

// agreedOn reports whether a slot has the votes that it needs: of both sides' leads (where a side has none, of its
// sponsor); where one side alone has leads, a lead's vote is the lead's pick.
func (p *Project) agreedOn(slot *Slot, voter PersonID) bool {
	vendor, client := p.holders(SideVendor, RoleLead), p.holders(SideClient, RoleLead)
	if len(vendor.who) == 0 || len(client.who) == 0 {
		if p.lead().has(voter) {
			return true
		}
	}
	voted := func(side Side) bool {
		return slices.ContainsFunc(p.leadOf(side).who, func(id PersonID) bool { return slices.Contains(slot.Votes, id) })
	}
	return voted(SideVendor) && voted(SideClient)
}

func (c ScheduleMeeting) run(a *act) (Outcome, error) {
	m, err := a.meeting(c.Meeting)
	if err != nil {
		return Outcome{}, err
	}
	if err := a.need(KeySchedule, a.p.lead()); err != nil {
		return Outcome{}, err
	}
	if c.At.IsZero() {
		return Outcome{}, missing("moment")
	}
	if err := a.notOver(c.At); err != nil {
		return Outcome{}, err
	}
	out := Outcome{Entry: KindMeeting, EntryID: m.ID}
	if m.Status == MeetingScheduled && m.At.Equal(c.At) {
		out.NothingNew = true
		return out, nil
	}
	a.schedule(&out, m, c.At)
	return out, nil
}

func (c CancelMeeting) run(a *act) (Outcome, error) {
	if err := a.need(KeyConvene, a.p.conveners()); err != nil {
		return Outcome{}, err
	}
	m := a.p.Meeting(c.Meeting)
	if m != nil && m.Status == MeetingCancelled {
		return Outcome{Entry: KindMeeting, EntryID: m.ID, NothingNew: true}, nil
	}
	m, err := a.meeting(c.Meeting)
	if err != nil {
		return Outcome{}, err
	}
	m.Status = MeetingCancelled
	a.p.Record("meeting.cancelled", object(KindMeeting, m.ID))
	return Outcome{Entry: KindMeeting, EntryID: m.ID}, nil
}
