package spread

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivertype"
)

// instancePrefix is what the names of the leases begin with by which instances show that they live.
const instancePrefix = "instance "

// silentBeats is after how many beats a silent instance is taken for dead.
const silentBeats = 3

// live beats, and gives to others what dead instances held, until ctx ends.
func (r *River[D, T]) live(ctx context.Context) {
	looked := r.opt.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.opt.After(r.opt.Beat):
		}
		err := r.beat(ctx)
		if err == nil {
			err = r.rescueAll(ctx)
		}
		if err != nil && ctx.Err() == nil {
			r.parts.Log.Error().Err(err).Msg("show that this instance lives")
		}
		if now := r.opt.Now(); now.Sub(looked) >= lookEvery {
			r.look(ctx)
			looked = now
		}
	}
}

// life is how long an instance counts as alive after a beat.
func (r *River[D, T]) life() time.Duration { return silentBeats * r.opt.Beat }

func (r *River[D, T]) beat(ctx context.Context) error {
	held, err := r.parts.DB.TakeLease(ctx, instancePrefix+r.parts.DB.Instance(), r.life())
	if err == nil && !held {
		// It was silent for so long that another is giving its work away. That does no harm: each event and each notice is
		// stored by whoever is first.
		r.parts.Log.Warn().Msg("this instance was taken for dead")
	}
	return err
}

// rescueAll looks for dead instances. Whoever takes the lease of one gives its work away, alone; if it dies over that, the
// lease ends again and the next one does.
func (r *River[D, T]) rescueAll(ctx context.Context) error {
	dead, err := r.parts.DB.ExpiredLeases(ctx, instancePrefix)
	if err != nil {
		return err
	}
	for _, lease := range dead {
		held, err := r.parts.DB.TakeLease(ctx, lease, r.life())
		if err != nil {
			return err
		}
		if !held {
			continue
		}
		if err := r.rescue(ctx, strings.TrimPrefix(lease, instancePrefix)); err != nil {
			return fmt.Errorf("give away the work of an instance that is gone: %w", err)
		}
		if err := r.parts.DB.DropLease(ctx, lease); err != nil {
			return err
		}
	}
	return nil
}

// rescue gives away what a dead instance held: its jobs, its leadership, its claims on messages, and the events that it
// stored without telling of them.
func (r *River[D, T]) rescue(ctx context.Context, instance string) error {
	jobs, err := r.release(ctx, instance)
	if err != nil {
		return err
	}
	if err := r.dethrone(ctx, instance); err != nil {
		return err
	}
	claims, err := r.parts.DB.Abandon(ctx, instance)
	if err != nil {
		return err
	}
	r.look(ctx)
	r.parts.Log.Warn().Str("instance", instance).Int("jobs", jobs).Int64("messages", claims).Msg("an instance is gone: its work goes on here")
	return nil
}

// release makes the jobs available that an instance was working on.
func (r *River[D, T]) release(ctx context.Context, instance string) (n int, err error) {
	const most = 1000 // far more than all instances work at once
	exec, now := r.driver.GetExecutor(), r.opt.Now().UTC()
	running, err := exec.JobGetStuck(ctx, &riverdriver.JobGetStuckParams{Max: most, StuckHorizon: now.Add(24 * time.Hour)})
	if err != nil {
		return 0, err
	}
	var free riverdriver.JobRescueManyParams
	for _, job := range running {
		if len(job.AttemptedBy) == 0 || job.AttemptedBy[len(job.AttemptedBy)-1] != instance {
			continue
		}
		why, err := json.Marshal(rivertype.AttemptError{At: now, Attempt: max(job.Attempt, 1), Error: "the instance is gone"})
		if err != nil {
			return 0, err
		}
		free.ID, free.Error = append(free.ID, job.ID), append(free.Error, why)
		free.FinalizedAt, free.ScheduledAt = append(free.FinalizedAt, nil), append(free.ScheduledAt, job.ScheduledAt)
		free.State = append(free.State, string(rivertype.JobStateAvailable))
	}
	if len(free.ID) == 0 {
		return 0, nil
	}
	_, err = exec.JobRescueMany(ctx, &free)
	return len(free.ID), err
}

// leadershipTopic is where River's instances hear that a leader has resigned.
const leadershipTopic = "river_leadership"

// dethrone ends the leadership of an instance, so that the others elect a new leader at once.
func (r *River[D, T]) dethrone(ctx context.Context, instance string) error {
	exec := r.driver.GetExecutor()
	leader, err := exec.LeaderGetElectedLeader(ctx, &riverdriver.LeaderGetElectedLeaderParams{})
	if errors.Is(err, rivertype.ErrNotFound) {
		return nil // nobody leads
	}
	if err != nil || leader == nil || leader.LeaderID != instance {
		return err
	}
	_, err = exec.LeaderResign(ctx, &riverdriver.LeaderResignParams{ElectedAt: leader.ElectedAt, LeaderID: instance, LeadershipTopic: leadershipTopic})
	return err
}
