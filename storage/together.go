package storage

import "context"

// job is a small write that waits to be committed with others.
type job struct {
	run  func(*Tx) error
	err  error
	done chan struct{}
}

// together runs a small write in a transaction that it may share with others that wait at the same time: on SQLite a commit
// waits for the disk, and one wait serves all. A write that fails does not harm the rest. It is committed on return.
func (db *DB) together(ctx context.Context, run func(*Tx) error) error {
	if db.engine == postgresEngine {
		return db.Update(ctx, run) // the server joins commits by itself
	}
	j := &job{run: run, done: make(chan struct{})}
	db.mu.Lock()
	db.jobs = append(db.jobs, j)
	db.mu.Unlock()
	select {
	case db.leader <- struct{}{}:
	case <-j.done:
		return j.err
	}
	// This caller leads: it takes along whatever waits by now, its own write included unless the last leader took it.
	defer func() { <-db.leader }()
	db.mu.Lock()
	jobs := db.jobs
	db.jobs = nil
	db.mu.Unlock()
	db.lead(context.WithoutCancel(ctx), jobs)
	<-j.done
	return j.err
}

// lead runs all jobs in one transaction, or, if one of them fails, each in its own.
func (db *DB) lead(ctx context.Context, jobs []*job) {
	err := db.Update(ctx, func(tx *Tx) error {
		for _, j := range jobs {
			if err := j.run(tx); err != nil {
				return err
			}
		}
		return nil
	})
	for _, j := range jobs {
		if j.err = err; err != nil && len(jobs) > 1 {
			j.err = db.Update(ctx, j.run)
		}
		close(j.done)
	}
}
