package scheduler

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"timonel/bot"
	"timonel/steering"
	"timonel/storage"
)

// StillTrue is asked before a message is delivered. It says no to what is not true any more, or may not be said at this
// hour; what remains of such a message is stored anew, for now or for the next working moment. A message that carries no
// notices is always true.
func (s *Scheduler) StillTrue(ctx context.Context, out bot.Outgoing) (bool, error) {
	if len(out.Identities) == 0 {
		return true, nil
	}
	now := s.opt.Now()
	stands := false
	err := s.db.View(ctx, func(tx *storage.Tx) error {
		r := s.round(tx, now)
		late, err := r.tooLate(out)
		if err != nil || late {
			return err
		}
		_, gone, err := r.restore(out)
		stands = err == nil && len(gone) == 0
		return err
	})
	if err == nil && !stands {
		err = s.replace(ctx, out)
	}
	if errors.Is(err, storage.ErrNotFound) {
		return false, nil // the project is gone
	}
	if err != nil {
		return false, fmt.Errorf("see whether message %d still stands: %w", out.ID, err)
	}
	return stands, nil
}

// tooLate reports whether the message must wait: it holds more than an agenda, and this is no working moment.
func (r *round) tooLate(out bot.Outgoing) (bool, error) {
	id, err := readIdentity(out.Identities[0])
	if err != nil {
		return false, err
	}
	if _, err := r.open(id.project); err != nil {
		return false, err
	}
	kinds := append([]bot.Kind{out.Kind}, out.Kinds...)
	agenda := !slices.ContainsFunc(kinds, func(k bot.Kind) bool { return k != bot.KindMeeting })
	return !agenda && !r.isWorking(id.project), nil
}

// replace stores what remains of a message that is about to be dropped.
func (s *Scheduler) replace(ctx context.Context, out bot.Outgoing) error {
	return s.db.Update(ctx, func(tx *storage.Tx) error {
		r := s.round(tx, s.opt.Now())
		late, err := r.tooLate(out)
		if err != nil {
			return err
		}
		if late {
			id, _ := readIdentity(out.Identities[0])
			home := r.subjects[id.project]
			out.ID, out.At = 0, home.p.NextWorkingMoment(home.policy, r.now)
			_, err := tx.Enqueue(out)
			return err
		}
		still, err := r.revise(out)
		if err != nil || len(still) == 0 {
			return err
		}
		return r.repost(out, still)
	})
}

// repost stores a message with fewer notices for the same chat. What is somebody else's by now is owed to them instead.
func (r *round) repost(out bot.Outgoing, still []steering.Notice) error {
	parcel, err := r.only(r.nameOf(out), still)
	if err != nil {
		return err
	}
	for _, n := range still {
		if slices.ContainsFunc(parcel.Notices, func(o steering.Notice) bool { return same(o, n) }) {
			continue
		}
		if err := errors.Join(r.tx.UnmarkSent(n.Project, n.Sent(r.now)), r.owedFrom(n)); err != nil {
			return err
		}
	}
	if len(parcel.Notices) == 0 {
		return nil
	}
	next, err := r.compose(parcel, r.dir.chats[parcel.To], true)
	if err != nil {
		return err
	}
	next.At = r.now
	_, err = r.tx.Enqueue(next)
	return err
}

// nameOf is the name of the chat that a stored message goes to.
func (r *round) nameOf(out bot.Outgoing) string {
	if out.Direct != "" {
		return chat{platform: out.Platform, user: out.Direct, person: "somebody"}.name()
	}
	return chat{platform: out.Platform, room: out.Room}.name()
}

// owedFrom lets the next sweep look at a notice again.
func (r *round) owedFrom(n steering.Notice) error {
	next, owed, err := r.tx.Schedule(n.Project)
	if err != nil {
		return err
	}
	if owed.IsZero() || n.At.Before(owed) {
		owed = n.At
	}
	if next.IsZero() || next.After(r.now) {
		next = r.now
	}
	return r.tx.SetSchedule(n.Project, next, owed)
}
