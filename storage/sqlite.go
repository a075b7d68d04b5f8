package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

const (
	sqliteMemory = ":memory:"
	// sqliteReaders is how many views run at once; more only wait for the disk together.
	sqliteReaders = 4
	// What a connection may keep of the file, in KiB. A reader's is void with every commit of the writer's.
	writerCache = "cache_size(-12000)"
	readerCache = "cache_size(-1000)"
	// checkpoint is the length of the log, in pages, at which it is folded into the file: whoever commits then waits for it, and
	// a page that changed often in between is written once.
	checkpoint = "wal_autocheckpoint(4000)"
)

// sqliteFile is a SQLite database: one connection that writes, a few that read, each with its prepared statements.
// A waiting line of one decides who writes, so that SQLite's own lock only ever waits for other processes.
type sqliteFile struct {
	path    string // "" in memory
	writer  chan *sqliteConn
	waiting atomic.Int32     // who stands in line to write
	readers chan *sqliteConn // the same line as writer in memory
	pools   []*sql.DB        // the writer's, then the readers'
}

var errClosed = errors.New("the database is closed")

// sqliteConn is one connection. Preparing costs more than running, so what was prepared is kept: the texts are few.
type sqliteConn struct {
	pool     *sql.DB
	conn     *sql.Conn // nil until it is first used
	prepared map[string]*sql.Stmt
	group    *group // of the writer: the updates that will be committed together; nil if none is open
}

func openSQLite(ctx context.Context, name string) (*sqliteFile, error) {
	path, err := sqlitePath(name)
	if err != nil {
		return nil, err
	}
	f := &sqliteFile{path: path, writer: make(chan *sqliteConn, 1)}
	if path != "" {
		if err := makePrivate(path); err != nil {
			return nil, err
		}
	}
	pool, err := sql.Open("sqlite", sqliteDSN(path, true))
	if err != nil {
		return nil, err
	}
	f.pools = append(f.pools, pool)
	writer := &sqliteConn{pool: pool}
	if err := writer.connect(ctx); err != nil {
		f.close()
		return nil, explain(err)
	}
	f.writer <- writer
	if err := writer.keepLog(ctx); err != nil {
		f.close()
		return nil, explain(err)
	}
	if path == "" {
		f.readers = f.writer
		return f, nil
	}
	if pool, err = sql.Open("sqlite", sqliteDSN(path, false)); err != nil {
		f.close()
		return nil, err
	}
	f.pools = append(f.pools, pool)
	f.readers = make(chan *sqliteConn, sqliteReaders)
	for range sqliteReaders {
		f.readers <- &sqliteConn{pool: pool}
	}
	return f, nil
}

// sqlitePath reads what the operator wrote: a path, a file: URL, or ":memory:" (path "").
func sqlitePath(name string) (string, error) {
	if name == sqliteMemory {
		return "", nil
	}
	if rest, ok := strings.CutPrefix(name, "file:"); ok {
		u, err := url.Parse(name)
		if err != nil {
			return "", fmt.Errorf("read the file: address: %w", err)
		}
		if name = u.Path; name == "" {
			name, _, _ = strings.Cut(rest, "?")
		}
	}
	if i := strings.Index(name, "://"); i > 0 {
		return "", fmt.Errorf("scheme %q is unknown (want a SQLite file or a postgres:// address)", name[:i])
	}
	if name == "" {
		return "", errors.New("no file named (give --db, or storage.url in the config)")
	}
	return filepath.Abs(name)
}

// makePrivate creates a missing file so that only its owner reads it; SQLite gives the log beside it the same mode.
func makePrivate(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			return errors.New("it is a folder (name a file in it)")
		}
		return nil
	}
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("folder %s does not exist (create it first)", filepath.Dir(path))
		}
		return err
	}
	return f.Close()
}

// sqliteDSN puts the pragmas where every connection gets them. busy_timeout comes first, or the ones after it fail
// while another process holds a lock. FULL: an acknowledged message is on the disk, not in its cache.
func sqliteDSN(path string, writable bool) string {
	pragmas := []string{
		"busy_timeout(10000)", "synchronous(FULL)", "foreign_keys(1)", "trusted_schema(0)",
		"temp_store(MEMORY)", "journal_size_limit(67108864)",
	}
	q := url.Values{}
	if writable {
		q.Set("_txlock", "immediate")
		q["_pragma"] = append(pragmas, writerCache, checkpoint)
	} else {
		q["_pragma"] = append(pragmas, readerCache, "query_only(1)")
	}
	if path == "" {
		return "file::memory:?" + q.Encode()
	}
	return sqliteURL(path, q)
}

// sqliteReadOnly is for a file that nobody else has open and that stays as it is.
func sqliteReadOnly(path string) string {
	return sqliteURL(path, url.Values{"mode": {"ro"}, "immutable": {"1"}})
}

func sqliteURL(path string, q url.Values) string {
	return "file:" + (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath() + "?" + q.Encode()
}

func (c *sqliteConn) connect(ctx context.Context) error {
	conn, err := c.pool.Conn(ctx)
	if err != nil {
		return err
	}
	c.conn, c.prepared = conn, map[string]*sql.Stmt{}
	return nil
}

// keepLog lets the file have a write-ahead log, which it then has for every connection. Of several processes that begin with
// one new file SQLite refuses all but one at this, and at once, lest they wait for each other: the others wait for the lock
// that whoever writes has, and look again.
func (c *sqliteConn) keepLog(ctx context.Context) error {
	for attempt := 1; ; attempt++ {
		_, err := c.conn.ExecContext(ctx, "PRAGMA journal_mode = WAL")
		if err == nil || !isBusy(err) || attempt == maxAttempts {
			return err
		}
		if _, err := c.conn.ExecContext(ctx, "BEGIN IMMEDIATE; COMMIT"); err != nil {
			return err
		}
	}
}

// begin starts a transaction. The driver starts a goroutine per statement to watch a context that can end, and no
// statement of ours in a transaction runs long enough to want it: so the context only ends the wait.
func (f *sqliteFile) begin(ctx context.Context, writable bool) (session, error) {
	if writable && f.path != "" {
		return f.join(ctx, context.WithoutCancel(ctx))
	}
	line, begin := f.readers, "BEGIN"
	if writable {
		line, begin = f.writer, "BEGIN IMMEDIATE"
	}
	s, err := f.take(ctx, line)
	if err != nil {
		return nil, err
	}
	if _, err := s.exec(begin); err != nil {
		s.release()
		return nil, err
	}
	return s, nil
}

// glance lends a connection for one statement, which sees one state by itself and so needs no transaction around it.
func (f *sqliteFile) glance(ctx context.Context) (session, error) {
	s, err := f.take(ctx, f.readers)
	if err != nil {
		return nil, err
	}
	return sqliteGlance{s}, nil
}

// take waits in line for a connection.
func (f *sqliteFile) take(ctx context.Context, line chan *sqliteConn) (*sqliteSession, error) {
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case c, open := <-line:
		if !open {
			return nil, errClosed
		}
		s := &sqliteSession{conn: c, line: line, ctx: context.WithoutCancel(ctx)}
		if c.conn == nil {
			if err := c.connect(s.ctx); err != nil {
				s.release()
				return nil, err
			}
		}
		return s, nil
	}
}

// close waits for the transactions that run. The writer closes last: the connection that folds the log must be allowed
// to write.
func (f *sqliteFile) close() error {
	var errs []error
	if f.readers != nil && f.readers != f.writer {
		for range sqliteReaders {
			errs = append(errs, (<-f.readers).close())
		}
		close(f.readers)
	}
	if len(f.writer) > 0 || f.readers != nil {
		errs = append(errs, (<-f.writer).close())
		close(f.writer)
	}
	for _, pool := range slices.Backward(f.pools) {
		errs = append(errs, pool.Close())
	}
	return errors.Join(errs...)
}

func (c *sqliteConn) close() error {
	if c.conn == nil {
		return nil
	}
	for _, s := range c.prepared {
		s.Close()
	}
	return c.conn.Close()
}

func (c *sqliteConn) exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	stmt, err := c.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	if stmt == nil {
		return c.conn.ExecContext(ctx, query, args...)
	}
	return stmt.ExecContext(ctx, args...)
}

func (c *sqliteConn) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	stmt, err := c.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	if stmt == nil {
		return c.conn.QueryContext(ctx, query, args...)
	}
	return stmt.QueryContext(ctx, args...)
}

// prepare returns nil for a script: several statements cannot be kept as one.
func (c *sqliteConn) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	if s := c.prepared[query]; s != nil {
		return s, nil
	}
	if strings.Contains(query, ";") {
		return nil, nil
	}
	s, err := c.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	c.prepared[query] = s
	return s, nil
}

// sqliteSession is one transaction on one connection, alone.
type sqliteSession struct {
	conn *sqliteConn
	line chan *sqliteConn
	ctx  context.Context
	done bool
}

func (s *sqliteSession) exec(query string, args ...any) (sql.Result, error) {
	return s.conn.exec(s.ctx, query, args...)
}

func (s *sqliteSession) query(query string, args ...any) (*sql.Rows, error) {
	return s.conn.query(s.ctx, query, args...)
}

func (s *sqliteSession) shared() map[string]*snapshot { return nil }

func (s *sqliteSession) commit() error {
	if _, err := s.exec("COMMIT"); err != nil {
		return err // rollback follows, and gives the connection back
	}
	s.release()
	return nil
}

func (s *sqliteSession) rollback() {
	if s.done {
		return
	}
	// SQLite has rolled back by itself after some errors (disk full); then there is none to roll back.
	_, _ = s.exec("ROLLBACK")
	s.release()
}

func (s *sqliteSession) release() {
	s.done = true
	s.line <- s.conn
}

// sqliteGlance is one statement on one connection.
type sqliteGlance struct{ *sqliteSession }

func (g sqliteGlance) commit() error { g.rollback(); return nil }

func (g sqliteGlance) rollback() {
	if !g.done {
		g.release()
	}
}
