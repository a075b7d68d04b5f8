package storage

import (
	"context"
	"database/sql"
	"net/url"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// postgresConnections bounds the pool; a bot needs few, and a shared server has few to give.
const postgresConnections = 10

// postgresPool is a PostgreSQL database. The driver keeps prepared statements by itself.
type postgresPool struct{ pool *sql.DB }

func openPostgres(ctx context.Context, address string) (*postgresPool, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, err
	}
	pool := stdlib.OpenDB(*config, stdlib.OptionAfterConnect(onIndexes))
	pool.SetMaxOpenConns(postgresConnections)
	pool.SetMaxIdleConns(postgresConnections)
	if err := pool.PingContext(ctx); err != nil {
		pool.Close()
		return nil, explain(err)
	}
	return &postgresPool{pool}, nil
}

// onIndexes lets a connection look at no table as a whole where an index serves. A statement is prepared once, perhaps while
// its tables are nearly empty, and the server keeps to what was best then: to read all of them, thousands of rows later too.
func onIndexes(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, `SET enable_seqscan = off`)
	return err
}

// planned are the arguments of a statement that PostgreSQL is to plan each time. It keeps a plan that was best while few
// messages waited, which is to look at each of them for each; thousands may wait a moment later.
func (db *DB) planned(args ...any) []any {
	if db.engine == postgresEngine {
		return slices.Insert(args, 0, any(pgx.QueryExecModeCacheDescribe))
	}
	return args
}

func (p *postgresPool) close() error { return p.pool.Close() }

// begin opens a transaction with one snapshot throughout: a write to what another has changed since is refused, and
// Update starts again.
func (p *postgresPool) begin(ctx context.Context, writable bool) (session, error) {
	t, err := p.pool.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: !writable})
	if err != nil {
		return nil, err
	}
	return &postgresSession{ctx, t}, nil
}

type postgresSession struct {
	ctx context.Context
	tx  *sql.Tx
}

func (s *postgresSession) exec(query string, args ...any) (sql.Result, error) {
	return s.tx.ExecContext(s.ctx, query, args...)
}

func (s *postgresSession) query(query string, args ...any) (*sql.Rows, error) {
	return s.tx.QueryContext(s.ctx, query, args...)
}

func (s *postgresSession) shared() map[string]*snapshot { return nil }

func (s *postgresSession) commit() error { return s.tx.Commit() }

func (s *postgresSession) rollback() { _ = s.tx.Rollback() }

// postgresGlance runs one statement outside of any transaction: it sees one state by itself, and takes one way to the server
// instead of three.
type postgresGlance struct {
	ctx  context.Context
	pool *sql.DB
}

func (g postgresGlance) exec(query string, args ...any) (sql.Result, error) {
	return g.pool.ExecContext(g.ctx, query, args...)
}

func (g postgresGlance) query(query string, args ...any) (*sql.Rows, error) {
	return g.pool.QueryContext(g.ctx, query, args...)
}

func (g postgresGlance) shared() map[string]*snapshot { return nil }

func (g postgresGlance) commit() error { return nil }

func (g postgresGlance) rollback() {}

// redacted is the address without its password, for errors and logs: server and database alone, of which none is secret.
func redacted(address string) string {
	scheme, _, remote := strings.Cut(address, "://")
	if !remote || scheme == "file" {
		return address
	}
	u, err := url.Parse(address)
	if err != nil {
		return scheme + "://…"
	}
	return scheme + "://" + u.Host + u.Path
}
