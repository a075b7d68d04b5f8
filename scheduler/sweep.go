package scheduler

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"timonel/steering"
	"timonel/storage"
)

// Result tells what a sweep did.
type Result struct {
	Projects int // looked at
	Messages int // stored for delivery
	Held     int // notices that found no way to their reader and stay owed
	Failed   int // projects that could not be looked at; they are tried again soon
}

// atOnce is how many projects share a transaction: what they owe one chat becomes one message, and the writer's lock is
// held for some milliseconds only.
const atOnce = 48

// failedAgain is when a project that could not be swept is tried again.
const failedAgain = 5 * time.Minute

// Sweep stores everything that is owed at now and is not stored yet, and returns when nothing is left. It may run at any
// moment, again, and beside another one on the same database.
func (s *Scheduler) Sweep(ctx context.Context, now time.Time) (Result, error) {
	s.drawing <- struct{}{} // pictures wait: that much is planned first, and people who talk meanwhile are answered
	defer func() { <-s.drawing }()
	var total Result
	var problems []error
	for more := false; ctx.Err() == nil; {
		if !more { // most sweeps find nothing, by this one read
			if due, err := s.due(ctx, now); err != nil || len(due) == 0 {
				return total, errors.Join(append(problems, err)...)
			}
		}
		done, err := s.sweepFree(ctx, now)
		more = err == nil && done.Projects == atOnce
		if err != nil && ctx.Err() == nil || err == nil && done.Projects == 0 {
			// One of them is broken, or all are being worked on.
			due, err := s.due(ctx, now)
			if err != nil {
				return total, errors.Join(append(problems, err)...)
			}
			var failures []error
			done, failures = s.sweepEach(ctx, due, now)
			problems = append(problems, failures...)
		}
		total.add(done)
	}
	return total, errors.Join(append(problems, ctx.Err())...)
}

// due lists the next few projects that are due.
func (s *Scheduler) due(ctx context.Context, now time.Time) (due []string, err error) {
	err = s.db.View(ctx, func(tx *storage.Tx) error {
		due, err = tx.DueProjects(now, atOnce)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("sweep: %w", err)
	}
	return due, nil
}

func (r *Result) add(o Result) {
	r.Projects += o.Projects
	r.Messages += o.Messages
	r.Held += o.Held
	r.Failed += o.Failed
}

// sweepEach sweeps one by one what failed together, so that one broken project stops no other.
func (s *Scheduler) sweepEach(ctx context.Context, due []string, now time.Time) (total Result, problems []error) {
	for _, key := range due {
		done, err := s.sweepTogether(ctx, []string{key}, now)
		if err != nil {
			problems = append(problems, fmt.Errorf("sweep project %s: %w", key, err))
			total.Failed++
			err = s.db.Update(ctx, func(tx *storage.Tx) error { return putOff(tx, key, now.Add(failedAgain)) })
		}
		if err != nil { // then nothing can be written at all, and the next sweep is soon enough
			return total, append(problems, fmt.Errorf("put project %s off: %w", key, err))
		}
		total.add(done)
	}
	return total, problems
}

// putOff lets a project be looked at again at a moment, and what it owed until then stay owed.
func putOff(tx *storage.Tx, key string, at time.Time) error {
	next, owed, err := tx.Schedule(key)
	if err != nil {
		return err
	}
	if owed.IsZero() {
		owed = next
	}
	return tx.SetSchedule(key, at, owed)
}

// sweepFree sweeps due projects that nobody is working on in one transaction: who talks about a project waits for its
// sweep, but no sweep for those who talk.
func (s *Scheduler) sweepFree(ctx context.Context, now time.Time) (done Result, err error) {
	err = s.db.Update(ctx, func(tx *storage.Tx) error {
		due, err := tx.DueProjects(now, atOnce)
		if err == nil {
			done, err = s.round(tx, now).sweep(due)
		}
		return err
	})
	return done, err
}

// sweepTogether sweeps projects in one transaction.
func (s *Scheduler) sweepTogether(ctx context.Context, due []string, now time.Time) (done Result, err error) {
	err = s.db.Update(ctx, func(tx *storage.Tx) error {
		done, err = s.round(tx, now).sweep(due)
		return err
	})
	return done, err
}

// sweep looks at projects that are still due, and stores what is owed.
func (r *round) sweep(due []string) (Result, error) {
	var swept []*subject
	var notices []steering.Notice
	due, err := r.ahead(due)
	if err != nil {
		return Result{}, err
	}
	for _, key := range due {
		s, err := r.open(key)
		if err != nil {
			return Result{}, err
		}
		owed, err := r.owed(s)
		if err != nil {
			return Result{}, err
		}
		swept = append(swept, s)
		notices = append(notices, owed...)
	}
	if err := r.give(notices); err != nil {
		return Result{}, err
	}
	if err := r.settle(swept); err != nil {
		return Result{}, err
	}
	return Result{Projects: len(swept), Messages: r.posted, Held: len(r.held)}, nil
}

// give stores notices as messages: one for each chat.
func (r *round) give(notices []steering.Notice) error {
	if len(notices) == 0 {
		return nil
	}
	var problem error
	parcels, held := steering.Bundle(notices, r.places(&problem))
	if problem != nil {
		return problem
	}
	r.held = held
	for _, n := range held {
		if s := r.subjects[n.Project]; !given(parcels, n) && (s.held.IsZero() || n.At.Before(s.held)) {
			s.held = n.At
		}
	}
	r.convene(parcels)
	for _, parcel := range parcels {
		if err := r.post(parcel); err != nil {
			return err
		}
	}
	return nil
}

// given reports whether somebody gets a notice that somebody else could not be reached with: then it went out.
func given(parcels []steering.Parcel, n steering.Notice) bool {
	return slices.ContainsFunc(parcels, func(p steering.Parcel) bool {
		return slices.ContainsFunc(p.Notices, func(o steering.Notice) bool { return same(o, n) })
	})
}

// convene proposes the meetings that this round's escalations go to: one for each project.
func (r *round) convene(parcels []steering.Parcel) {
	missed := map[string][]string{}
	for _, parcel := range parcels {
		for _, n := range parcel.Notices {
			if n.Kind == steering.NoticeEscalation {
				missed[n.Project] = append(missed[n.Project], n.Milestones...)
			}
		}
	}
	for key, milestones := range missed {
		s := r.subjects[key]
		m, _ := s.p.ConveneMissed(s.policy, milestones, r.now)
		s.offerAnew(m, r.now)
		s.p.Refresh(s.p.Today(r.now))
		s.changed = true
	}
}

// slotsToVote is how many moments a meeting is offered at.
const slotsToVote = 3

// offerAnew adds slots to a meeting that is still put to the vote and has fewer than three ahead. The old ones keep their
// places: votes go by them.
func (s *subject) offerAnew(m *steering.Meeting, now time.Time) {
	if m.Status != steering.MeetingProposed {
		return
	}
	ahead, before := 0, len(m.Slots)
	for _, o := range m.Slots {
		if o.At.After(now) {
			ahead++
		}
	}
	for _, at := range s.p.NextSlots(s.policy, now) {
		if ahead < slotsToVote && !slices.ContainsFunc(m.Slots, func(o steering.Slot) bool { return o.At.Equal(at) }) {
			m.Slots = append(m.Slots, steering.Slot{At: at})
			ahead++
		}
	}
	if len(m.Slots) > before {
		s.p.Record("meeting.proposed", fmt.Sprintf("meeting %d", m.ID))
	}
}
