package scheduler

import (
	"fmt"
	"slices"
	"time"

	"timonel/bot"
	"timonel/steering"
	"timonel/storage"
)

// post stores one message for one chat, joined with what waits there already, on a day on which the chat has room for it.
func (r *round) post(parcel steering.Parcel) error {
	c := r.dir.chats[parcel.To]
	home := r.subjects[parcel.Notices[0].Project]
	fresh := parcel.Notices
	earlier, err := r.earlier(c)
	if err != nil {
		return err
	}
	if parcel, err = r.joinWaiting(parcel, &earlier, r.now.Add(-memory), r.now.Add(r.opt.Gather)); err != nil {
		return err
	}
	at := r.dayWithRoom(parcel, home, earlier)
	if at.After(r.now) {
		if parcel, err = r.joinWaiting(parcel, &earlier, at, at); err != nil {
			return err
		}
	} else {
		at = at.Add(r.opt.Gather)
	}
	out, err := r.compose(parcel, c, true)
	if err != nil {
		return fmt.Errorf("word a message for %s: %w", parcel.To, err)
	}
	out.At = at
	if _, err := r.tx.Enqueue(out); err != nil {
		return err
	}
	r.posted++
	r.mark(fresh)
	return nil
}

// mark notes the identities of notices, which are stored with the messages that carry them.
func (r *round) mark(notices []steering.Notice) {
	for _, n := range notices {
		r.marks = append(r.marks, storage.Given{Project: n.Project, Sent: n.Sent(r.now)})
		r.subjects[n.Project].sent[n.Sent(time.Time{})] = true
	}
}

// writeMarks stores what mark noted.
func (r *round) writeMarks() error {
	marks := r.marks
	r.marks = nil
	return r.tx.MarkAllSent(marks)
}

// memory is how far back messages to a chat are counted: one that was put off for want of room was stored days ago.
const memory = 10 * 24 * time.Hour

// earlier lists the unasked messages of the last days to a chat, those put off until later included.
func (r *round) earlier(c chat) ([]bot.Outgoing, error) {
	list, err := r.tx.OutgoingSince(c.platform, c.room, c.user, r.now.Add(-memory))
	return slices.DeleteFunc(list, func(o bot.Outgoing) bool { return !o.Unasked() }), err
}

// joinWaiting takes back the messages of earlier that nobody has begun to send and that go out between two moments, and
// puts what still stands of them into the parcel: a chat that could not be reached for a while, or that several
// projects share, gets one message.
func (r *round) joinWaiting(parcel steering.Parcel, earlier *[]bot.Outgoing, from, to time.Time) (steering.Parcel, error) {
	notices := slices.Clone(parcel.Notices)
	joined := false
	var kept []bot.Outgoing
	for _, o := range *earlier {
		taken := false
		if len(o.Identities) > 0 && !o.At.Before(from) && !o.At.After(to) && r.isWorking(parcel.Notices[0].Project) {
			var err error
			if taken, err = r.tx.CancelOutgoing(o.ID); err != nil {
				return parcel, err
			}
		}
		if !taken {
			kept = append(kept, o)
			continue
		}
		joined = true
		still, err := r.revise(o)
		if err != nil {
			return parcel, err
		}
		for _, n := range still {
			if !slices.ContainsFunc(notices, func(have steering.Notice) bool { return same(have, n) }) {
				notices = append(notices, n)
			}
		}
	}
	*earlier = kept
	if !joined {
		return parcel, nil
	}
	return r.only(parcel.To, notices)
}

// same reports whether two notices have one identity.
func same(a, b steering.Notice) bool {
	return a.Project == b.Project && a.Sent(time.Time{}) == b.Sent(time.Time{})
}

// isWorking reports whether now is a working moment of a project.
func (r *round) isWorking(project string) bool {
	s := r.subjects[project]
	return s.p.NextWorkingMoment(s.policy, r.now).Equal(r.now)
}

// revise returns what still stands of a message that was taken back, and forgets that the rest was ever sent.
func (r *round) revise(out bot.Outgoing) ([]steering.Notice, error) {
	still, gone, err := r.restore(out)
	if err == nil && len(gone) > 0 {
		err = r.writeMarks() // in the order in which they were given and taken back
	}
	for _, id := range gone {
		if err == nil {
			err = r.tx.UnmarkSent(id.project, id.sent)
			delete(r.subjects[id.project].sent, id.sent)
		}
	}
	return still, err
}

// only bundles notices for one chat alone.
func (r *round) only(name string, notices []steering.Notice) (steering.Parcel, error) {
	var problem error
	place := r.places(&problem)
	parcels, _ := steering.Bundle(notices, place)
	for _, p := range parcels {
		if p.To == name {
			return p, problem
		}
	}
	return steering.Parcel{To: name}, problem
}

// dayWithRoom is when a message may go to a chat: now, or when the first working day begins on which it is not one too many
// or can go with what was put off till then.
func (r *round) dayWithRoom(parcel steering.Parcel, home *subject, earlier []bot.Outgoing) time.Time {
	at := r.now
	for range 30 { // more than a month of full days is no day to wait for
		if home.policy.Fits(parcel, unaskedOn(earlier, home.p.Today(at), home.p.Location())) {
			break
		}
		at = home.tomorrow(at)
		if slices.ContainsFunc(earlier, func(o bot.Outgoing) bool { return o.At.Equal(at) }) {
			break
		}
	}
	return at
}

// unaskedOn counts the messages that a chat gets unasked on a day, escalations and meetings apart.
func unaskedOn(list []bot.Outgoing, day steering.Date, loc *time.Location) int {
	n := 0
	for _, o := range list {
		apart := slices.ContainsFunc(append(o.Kinds, o.Kind), func(k bot.Kind) bool {
			return k == bot.KindEscalation || k == bot.KindMeeting
		})
		if !apart && steering.DateOf(o.At.In(loc)) == day {
			n++
		}
	}
	return n
}

// restore makes the notices of a stored message anew, as they stand now: still are those that are still true.
func (r *round) restore(out bot.Outgoing) (still []steering.Notice, gone []identity, err error) {
	var ids []identity
	since := map[string]time.Time{}
	for _, text := range out.Identities {
		id, err := readIdentity(text)
		if err != nil {
			return nil, nil, err
		}
		ids = append(ids, id)
		if at, ok := since[id.project]; !ok || id.at.Before(at) {
			since[id.project] = id.at
		}
	}
	owed := map[string][]steering.Notice{}
	for _, id := range ids {
		list, known := owed[id.project]
		if !known {
			if list, err = r.owedAgain(id.project, since[id.project].Add(-time.Second)); err != nil {
				return nil, nil, err
			}
			owed[id.project] = list
		}
		if i := slices.IndexFunc(list, id.names); i >= 0 {
			still = append(still, list[i])
		} else {
			gone = append(gone, id)
		}
	}
	return still, gone, nil
}

// owedAgain is what a project would owe now if nothing had been given since a moment.
func (r *round) owedAgain(key string, since time.Time) ([]steering.Notice, error) {
	s, err := r.open(key)
	if err != nil {
		return nil, err
	}
	list := s.p.Due(s.policy, since, r.now, nil)
	more, err := r.portfolios(s, since, nil)
	return append(list, more...), err
}
