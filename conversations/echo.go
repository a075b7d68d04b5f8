package conversations

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"timonel/bot"
	"timonel/locale"
	"timonel/steering"
)

// What is decided in one chat of a project is told in the others, in one line each. Echoes wait a little, so that several
// become one message and an undo takes back what nobody has read; they keep working moments and the day's number of unasked
// messages.
const (
	echoGather = 2 * time.Minute
	// echoMorning lets the morning's reminders go first.
	echoMorning = 5 * time.Minute
	// echoMemory is how far back messages are counted.
	echoMemory = 10 * 24 * time.Hour
)

// echo tells the project's other chats what was decided in this one.
func (t *turn) echo(results []done) error {
	here, known := t.here()
	if !known || len(t.p.Chats) < 2 || t.change == 0 {
		return nil
	}
	results = slices.DeleteFunc(slices.Clone(results), func(r done) bool { return !t.echoes(r.out) })
	if len(results) == 0 {
		return nil
	}
	for _, c := range t.p.Chats {
		if c == here {
			continue
		}
		err := t.there(c, func() error {
			var lines []string
			for _, r := range results {
				if _, meeting := meetingOf(r.out); meeting && t.p.IsVendors(here.Platform, here.ID) && !t.p.IsVendors(c.Platform, c.ID) {
					continue // the committee has had the invitation itself
				}
				lines = append(lines, t.echoLine(r.out))
			}
			if len(lines) == 0 {
				return nil
			}
			return t.sendEcho(t.change, t.say.Text("echo.line", locale.Args{
				"line": locale.Marked(strings.Join(lines, " · ")), "who": t.plainName(t.person.ID), "platform": t.say.Text("platform."+here.Platform, nil),
			}))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// echoes reports whether an outcome concerns the other chats too: a decision, a moved date, a sign-off, a meeting.
func (t *turn) echoes(o steering.Outcome) bool {
	if o.NothingNew {
		return false
	}
	switch c := o.Command.(type) {
	case steering.MoveMilestone:
		return o.Proposal == 0 && len(o.Moves) > 0
	case steering.AddEntry:
		return c.Kind == steering.KindDecision
	case steering.DecideProposal, steering.GiveSignOff, steering.RejectSignOff, steering.RecordMinutes, steering.CancelMeeting:
		return true
	}
	_, meeting := meetingOf(o)
	return meeting
}

// meetingOf reports whether an outcome calls or fixes a meeting.
func meetingOf(o steering.Outcome) (id int, ok bool) {
	switch o.Command.(type) {
	case steering.ProposeMeeting:
		return o.EntryID, true
	case steering.VoteSlot, steering.ScheduleMeeting:
		return o.EntryID, o.Scheduled
	}
	return 0, false
}

// echoLine is what an outcome comes to, for who was not there.
func (t *turn) echoLine(o steering.Outcome) string {
	t.quiet = true
	defer func() { t.quiet = false }()
	line := t.headline(o)
	if id, meeting := meetingOf(o); meeting && o.Scheduled {
		// The invitation itself goes to the committee alone.
		line = t.say.Text("echo.meeting", locale.Args{"id": id, "at": t.say.Moment(t.p.Meeting(id).At.In(t.p.Location()))})
	}
	line = sentence(line)
	if moved := t.goLiveMoved(o.GoLive); moved != "" {
		line += ". " + sentence(moved)
	}
	return line
}

// sendEcho stores a line for the chat that the turn words for, together with those that wait for it already.
func (t *turn) sendEcho(change int, line string) error {
	earlier, err := t.tx.OutgoingSince(t.in.Platform, t.in.Room, "", t.now.Add(-echoMemory))
	if err != nil {
		return err
	}
	changes, lines := []int{change}, []string{line}
	var kept []bot.Outgoing
	for _, o := range slices.Backward(earlier) {
		if len(o.Echo) > 0 && o.Project == t.p.Key && o.At.After(t.now) {
			taken, err := t.tx.CancelOutgoing(o.ID)
			if err != nil {
				return err
			}
			if taken {
				changes, lines = append(slices.Clone(o.Echo), changes...), append(strings.Split(o.Text, "\n"), lines...)
				continue
			}
		}
		kept = append(kept, o)
	}
	return t.putEcho(changes, lines, kept)
}

func (t *turn) putEcho(changes []int, lines []string, earlier []bot.Outgoing) error {
	out := bot.Outgoing{
		Platform: t.in.Platform, Room: t.in.Room, Kind: bot.KindNotice, Project: t.p.Key, Text: strings.Join(lines, "\n"),
		Echo: changes, At: t.echoTime(earlier),
	}
	if _, err := t.tx.Enqueue(out); err != nil {
		return fmt.Errorf("store what is told elsewhere: %w", err)
	}
	return nil
}

// echoTime is when an echo may go to a chat: at a working moment of a day on which it is not one unasked message too many.
func (t *turn) echoTime(earlier []bot.Outgoing) time.Time {
	policy := t.opt.Policy.With(t.p.Settings)
	soon := t.now.Add(echoGather)
	at := soon
	for range 30 { // more than a month of full days is no day to wait for
		next := t.p.NextWorkingMoment(policy, at)
		if policy.MaxPerDay <= 0 || unaskedOn(earlier, t.p.Today(next), t.p.Location()) < policy.MaxPerDay {
			if next.Equal(soon) {
				return soon
			}
			return next.Add(echoMorning)
		}
		at = t.p.Today(next).AddDays(1).At(0, 0, t.p.Location())
	}
	return at
}

// unaskedOn counts the messages that a chat gets unasked on a day, escalations and meetings apart.
func unaskedOn(list []bot.Outgoing, day steering.Date, loc *time.Location) int {
	n := 0
	for _, o := range list {
		apart := slices.ContainsFunc(append(o.Kinds, o.Kind), func(k bot.Kind) bool { return k == bot.KindEscalation || k == bot.KindMeeting })
		if o.Unasked() && !apart && steering.DateOf(o.At.In(loc)) == day {
			n++
		}
	}
	return n
}

// echoUndone takes back what the other chats were not told yet of a change that was undone, and tells them where they were.
func (t *turn) echoUndone(change int) error {
	here, known := t.here()
	if !known || len(t.p.Chats) < 2 {
		return nil
	}
	for _, c := range t.p.Chats {
		if c == here {
			continue
		}
		if err := t.there(c, func() error { return t.unsay(change, here) }); err != nil {
			return err
		}
	}
	return nil
}

func (t *turn) unsay(change int, from steering.Chat) error {
	earlier, err := t.tx.OutgoingSince(t.in.Platform, t.in.Room, "", t.now.Add(-echoMemory))
	if err != nil {
		return err
	}
	for i, o := range slices.Backward(earlier) {
		changes, lines := slices.Clone(o.Echo), strings.Split(o.Text, "\n")
		at := slices.Index(changes, change)
		if o.Project != t.p.Key || at < 0 || at >= len(lines) {
			continue
		}
		taken, err := t.tx.CancelOutgoing(o.ID)
		if err != nil {
			return err
		}
		if !taken {
			return t.sendEcho(0, t.say.Text("echo.undone", locale.Args{
				"line": locale.Marked(lines[at]), "who": t.plainName(t.person.ID), "platform": t.say.Text("platform."+from.Platform, nil),
			}))
		}
		if len(changes) == 1 {
			return nil
		}
		return t.putEcho(slices.Delete(changes, at, at+1), slices.Delete(lines, at, at+1), slices.Delete(slices.Clone(earlier), i, i+1))
	}
	return nil
}
