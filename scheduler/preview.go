package scheduler

import (
	"context"
	"fmt"
	"slices"
	"time"

	"timonel/bot"
	"timonel/steering"
	"timonel/storage"
)

// Planned is one message that would go out, or what would stay owed because nobody could be reached with it.
type Planned struct {
	At       time.Time
	Message  bot.Outgoing        // worded as it would be, without pictures; of what is held, only Kind, Project and Text ""
	Notices  []steering.Notice   // what is in it
	To       []steering.PersonID // the person of a direct chat, or those whom it mentions
	Audience steering.Audience   // of a group
	Held     bool
}

// maxPreviewed bounds a preview: a year of a busy office.
const maxPreviewed = 20_000

// Preview lists what would go out from now until a moment if nobody did anything, for one project or, with key "", for all.
// It sends and stores nothing.
func (s *Scheduler) Preview(ctx context.Context, key string, until time.Time) (out []Planned, err error) {
	err = s.db.View(ctx, func(tx *storage.Tx) error {
		keys := []string{key}
		if key == "" {
			if keys, err = tx.ProjectKeys(); err != nil {
				return err
			}
		}
		out, err = s.preview(tx, keys, until)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("preview: %w", err)
	}
	return out, nil
}

// preview plays the time until a moment on copies of the projects: it is the sweep, with its memory in place of the
// database's.
func (s *Scheduler) preview(tx *storage.Tx, keys []string, until time.Time) ([]Planned, error) {
	r := s.round(tx, s.opt.Now())
	var all []*subject
	for _, key := range keys {
		one, err := r.open(key)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	counts := map[string]int{}
	var out []Planned
	next := make([]time.Time, len(all))
	for i := range all {
		next[i] = r.now
	}
	for len(out) < maxPreviewed {
		at := soonest(next)
		if at.IsZero() || at.After(until) {
			break
		}
		r.now = at
		var due []*subject
		for i, s := range all {
			if next[i].Equal(at) {
				due = append(due, s)
			}
		}
		found, err := r.previewAt(due, counts)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
		for i, s := range all {
			if next[i].Equal(at) {
				next[i], _ = r.nextLook(s)
			}
		}
	}
	return out, nil
}

// soonest is the earliest of moments, those that never come apart.
func soonest(list []time.Time) (first time.Time) {
	for _, t := range list {
		if !t.IsZero() && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	return first
}

// previewAt is what goes out at the round's moment.
func (r *round) previewAt(due []*subject, counts map[string]int) ([]Planned, error) {
	var notices []steering.Notice
	for _, s := range due {
		s.p.Refresh(s.p.Today(r.now))
		owed, err := r.owed(s)
		if err != nil {
			return nil, err
		}
		notices = append(notices, owed...)
		s.since = s.p.Settled(s.policy, s.since, r.now)
	}
	var problem error
	parcels, held := steering.Bundle(notices, r.places(&problem))
	if problem != nil {
		return nil, problem
	}
	r.convene(parcels)
	var out []Planned
	for _, parcel := range parcels {
		p, err := r.plan(parcel, counts)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	for _, n := range held {
		if !given(parcels, n) {
			out = append(out, Planned{At: r.now, Held: true, Notices: []steering.Notice{n}, To: n.To,
				Message: bot.Outgoing{Kind: bot.Kind(n.Kind.Message()), Project: n.Project, Milestones: n.Milestones}})
		}
	}
	for _, n := range notices {
		s := r.subjects[n.Project]
		s.sent[n.Sent(time.Time{})] = true
		if n.Kind == steering.NoticeDigest {
			s.digest = r.now
		}
	}
	return out, nil
}

// plan words one message, on the day on which its chat has room for it.
func (r *round) plan(parcel steering.Parcel, counts map[string]int) (Planned, error) {
	c := r.dir.chats[parcel.To]
	home := r.subjects[parcel.Notices[0].Project]
	at := r.now
	day := func() string { return parcel.To + " " + home.p.Today(at).String() }
	for range 30 {
		if home.policy.Fits(parcel, counts[day()]) {
			break
		}
		at = home.tomorrow(at)
	}
	if !parcel.Apart {
		counts[day()]++
	}
	msg, err := r.compose(parcel, c, false)
	msg.At = at
	p := Planned{At: at, Message: msg, Notices: parcel.Notices, To: slices.Clone(parcel.Mentions), Audience: c.audience}
	if c.direct() {
		p.To = []steering.PersonID{c.person}
	}
	return p, err
}
