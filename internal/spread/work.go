package spread

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivertype"

	"timonel/bot"
	"timonel/storage"
)

// roomJob says that something waits in a room. There is one at a time for each.
type roomJob struct {
	Platform bot.Platform `json:"platform" river:"unique"`
	Room     bot.RoomID   `json:"room" river:"unique"`
}

// Kind implements river.JobArgs.
func (roomJob) Kind() string { return "room" }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (roomJob) InsertOpts() river.InsertOpts { return oneOfEach(roomQueue) }

// sweepJob asks for a sweep. There is one at a time.
type sweepJob struct{}

// Kind implements river.JobArgs.
func (sweepJob) Kind() string { return "sweep" }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (sweepJob) InsertOpts() river.InsertOpts { return oneOfEach(sweepQueue) }

// oneOfEach lets a job be inserted unless there is one like it that will still look at everything that waits when it ends.
func oneOfEach(queue string) river.InsertOpts {
	return river.InsertOpts{Queue: queue, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning, rivertype.JobStateScheduled,
	}}}
}

// errResting lets a room rest whose oldest event failed; the room's own log and the inbox say why it did.
var errResting = errors.New("the oldest message could not be handled; it is tried again")

type roomWorker[D riverdriver.Driver[T], T any] struct {
	river.WorkerDefaults[roomJob]
	*River[D, T]
}

// Work implements river.Worker: it works a room until nothing waits there, and gives it up in good order when another room's
// turn has come or the instance stops.
func (w *roomWorker[D, T]) Work(ctx context.Context, job *river.Job[roomJob]) error {
	for {
		verdict := w.parts.Rooms.Visit(w.ending, job.Args.Platform, job.Args.Room)
		switch {
		case verdict == bot.Failed:
			return errResting
		case verdict == bot.Busy, w.ending.Err() != nil:
			return river.JobSnooze(0)
		}
		if done, err := w.complete(ctx, job); done || err != nil {
			return err
		}
	}
}

// complete ends a job unless something waits by now. While the job's end is not committed nobody can insert another for the
// room, nor be told that this one will look: so an event that came before the look is seen by it, and one that comes after
// gets a job of its own.
func (w *roomWorker[D, T]) complete(ctx context.Context, job *river.Job[roomJob]) (done bool, err error) {
	tx, err := w.driver.GetExecutor().Begin(ctx)
	if err != nil {
		return false, fmt.Errorf("end the work on a room: %w", err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }() // nothing is left to take back if all went well
	if _, err := river.JobCompleteTx[D](ctx, w.driver.UnwrapTx(tx), job); err != nil {
		return false, fmt.Errorf("end the work on a room: %w", err)
	}
	if _, err = w.parts.DB.NextIncoming(ctx, job.Args.Platform, job.Args.Room); !errors.Is(err, storage.ErrNotFound) {
		return false, err
	}
	if err := tx.Commit(ctx); err != nil {
		return false, fmt.Errorf("end the work on a room: %w", err)
	}
	return true, nil
}

// NextRetry implements river.Worker.
func (w *roomWorker[D, T]) NextRetry(job *river.Job[roomJob]) time.Time {
	return w.opt.Now().Add(bot.Rest(job.Attempt))
}

type sweepWorker[D riverdriver.Driver[T], T any] struct {
	river.WorkerDefaults[sweepJob]
	*River[D, T]
}

// Work implements river.Worker. What a sweep leaves when the instance stops is the next one's.
func (w *sweepWorker[D, T]) Work(context.Context, *river.Job[sweepJob]) error {
	w.parts.Sweep(w.ending)
	if w.ending.Err() != nil {
		return river.JobSnooze(0)
	}
	return nil
}

// Timeout implements river.Worker: a sweep takes as long as it takes.
func (w *sweepWorker[D, T]) Timeout(*river.Job[sweepJob]) time.Duration { return -1 }
