package spread

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/riverqueue/river"

	"timonel/bot"
)

// wakes are the rooms of which nobody has told River yet. Those that are woken while one telling is under way are told
// together in the next.
type wakes struct {
	mu     sync.Mutex
	rooms  map[roomJob]bool
	signal chan struct{}
}

func newWakes() wakes { return wakes{rooms: map[roomJob]bool{}, signal: make(chan struct{}, 1)} }

func (w *wakes) add(jobs ...roomJob) {
	w.mu.Lock()
	for _, j := range jobs {
		w.rooms[j] = true
	}
	w.mu.Unlock()
	select {
	case w.signal <- struct{}{}:
	default:
	}
}

// take returns the rooms in an order that all instances share, so that none waits for another in a circle.
func (w *wakes) take() []roomJob {
	w.mu.Lock()
	defer w.mu.Unlock()
	list := make([]roomJob, 0, len(w.rooms))
	for j := range w.rooms {
		list = append(list, j)
	}
	clear(w.rooms)
	slices.SortFunc(list, func(a, b roomJob) int {
		return cmp.Or(cmp.Compare(a.Platform, b.Platform), cmp.Compare(a.Room, b.Room))
	})
	return list
}

// Wake implements Runner.
func (r *River[D, T]) Wake(platform bot.Platform, room bot.RoomID) {
	r.wakes.add(roomJob{platform, room})
}

// tell tells River of the rooms that were woken, until ctx ends.
func (r *River[D, T]) tell(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.wakes.signal:
		}
		rooms := r.wakes.take()
		if err := r.insert(ctx, rooms); err != nil {
			r.wakes.add(rooms...)
			if ctx.Err() == nil {
				r.parts.Log.Error().Err(err).Msg("share the work")
			}
			r.rest(ctx)
		}
	}
}

func (r *River[D, T]) insert(ctx context.Context, rooms []roomJob) error {
	if len(rooms) == 0 {
		return nil
	}
	jobs := make([]river.InsertManyParams, len(rooms))
	for i, job := range rooms {
		jobs[i].Args = job
	}
	if _, err := r.client.InsertMany(ctx, jobs); err != nil {
		return fmt.Errorf("tell of rooms in which something waits: %w", err)
	}
	return nil
}

// rest waits a moment after an error.
func (r *River[D, T]) rest(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-r.opt.After(restAfterError):
	}
}

// look wakes every room in which something waits: an instance may have died before it told of it.
func (r *River[D, T]) look(ctx context.Context) {
	const most = 1000
	left, err := r.parts.DB.Waiting(ctx, most)
	if err != nil {
		if ctx.Err() == nil {
			r.parts.Log.Error().Err(err).Msg("look for waiting messages")
		}
		return
	}
	for _, in := range left {
		r.Wake(in.Platform, in.Room)
	}
}
