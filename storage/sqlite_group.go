package storage

import (
	"context"
	"database/sql"
	"runtime"
)

// mostTogether bounds how many updates are committed together, and so how long the first of them waits for the last.
const mostTogether = 32

// group is the updates that share one transaction of SQLite's. A commit waits for the disk, far longer than an update takes:
// so each update is a savepoint, whoever stands in line goes next, and the last one commits for all. An update returns when
// the group is on the disk; one that fails takes nothing along but itself.
type group struct {
	members int // updates that are done and wait for the commit
	done    chan struct{}
	err     error                // of the commit, for all; set before done is closed
	saved   map[string]*snapshot // projects as the members left them, not committed yet
}

// join waits in line for the writer's connection and enters the group that is open there, or opens one.
func (f *sqliteFile) join(ctx, own context.Context) (session, error) {
	f.waiting.Add(1)
	select {
	case <-ctx.Done():
		f.waiting.Add(-1)
		f.settle() // somebody may have passed the connection on to this caller
		return nil, ctx.Err()
	case c, open := <-f.writer:
		f.waiting.Add(-1)
		if !open {
			return nil, errClosed
		}
		if c.group == nil {
			if _, err := c.exec(own, "BEGIN IMMEDIATE"); err != nil {
				f.writer <- c
				return nil, err
			}
			c.group = &group{done: make(chan struct{}), saved: map[string]*snapshot{}}
		}
		m := &groupMember{file: f, conn: c, ctx: own, first: c.group.members == 0}
		if m.first {
			return m, nil // before it there is nothing that its failure could take along
		}
		if _, err := c.exec(own, "SAVEPOINT member"); err != nil {
			m.leave()
			return nil, err
		}
		return m, nil
	}
}

// pass gives the connection to whoever is next, with the group open.
func (f *sqliteFile) pass(c *sqliteConn) {
	f.writer <- c
	if f.waiting.Load() == 0 {
		f.settle() // who stood in line has gone away meanwhile
	}
}

// settle commits a group that lies open with nobody in line. Who leaves the line calls it after leaving, and who passes the
// connection on after passing: so one of the two finds the group.
func (f *sqliteFile) settle() {
	select {
	case c, open := <-f.writer:
		if !open {
			return
		}
		if c.group != nil {
			c.finish(context.Background())
		}
		f.writer <- c
	default:
	}
}

// finish commits the open group and tells its members.
func (c *sqliteConn) finish(ctx context.Context) {
	g := c.group
	c.group = nil
	if _, g.err = c.exec(ctx, "COMMIT"); g.err != nil {
		// SQLite has rolled back by itself after some errors (disk full); then there is none to roll back.
		_, _ = c.exec(ctx, "ROLLBACK")
	}
	close(g.done)
}

// groupMember is one update in a group.
type groupMember struct {
	file  *sqliteFile
	conn  *sqliteConn
	ctx   context.Context
	first bool // of its group that may be committed: the transaction is its own as yet
	done  bool
}

func (m *groupMember) exec(query string, args ...any) (sql.Result, error) {
	return m.conn.exec(m.ctx, query, args...)
}

func (m *groupMember) query(query string, args ...any) (*sql.Rows, error) {
	return m.conn.query(m.ctx, query, args...)
}

func (m *groupMember) shared() map[string]*snapshot { return m.conn.group.saved }

// commit ends the update and returns when it is on the disk.
func (m *groupMember) commit() error {
	if !m.first {
		if _, err := m.exec("RELEASE member"); err != nil {
			return err // rollback follows
		}
	}
	g := m.conn.group
	g.members++
	m.leave()
	<-g.done
	return g.err
}

// rollback takes the update back, alone.
func (m *groupMember) rollback() {
	if m.done {
		return
	}
	var err error
	if !m.first {
		if _, err = m.exec("ROLLBACK TO member"); err == nil {
			_, err = m.exec("RELEASE member")
		}
	}
	if m.first || err != nil {
		// With an error SQLite has rolled back everything by itself (disk full), and the others of the group must hear of it.
		c := m.conn
		_, _ = c.exec(m.ctx, "ROLLBACK")
		c.group.err = err
		close(c.group.done)
		c.group = nil
	}
	m.leave()
}

// gather lets whoever is about to stand in line get there, for a commit takes as long for one as for many: it yields to the
// goroutines that can run, and costs nothing where none can.
func (f *sqliteFile) gather() {
	const yields = 3
	for i := 0; i < yields && f.waiting.Load() == 0; i++ {
		runtime.Gosched()
	}
}

// leave gives the connection to the next in line, or, if nobody is or the group is full, commits first.
func (m *groupMember) leave() {
	m.done = true
	c := m.conn
	if c.group != nil {
		m.file.gather()
	}
	if c.group != nil && (m.file.waiting.Load() == 0 || c.group.members >= mostTogether) {
		c.finish(m.ctx)
	}
	m.file.pass(c)
}
