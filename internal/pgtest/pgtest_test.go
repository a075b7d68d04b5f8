package pgtest_test

import (
	"context"
	"database/sql"
	"testing"

	"timonel/internal/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

func TestEachTestHasItsOwnSchema(t *testing.T) {
	ctx := context.Background()
	first, second := open(t, pgtest.URL(t)), open(t, pgtest.URL(t))
	if _, err := first.ExecContext(ctx, "CREATE TABLE only_here (n INTEGER)"); err != nil {
		t.Fatal(err)
	}
	var n int
	err := second.QueryRowContext(ctx, "SELECT COUNT(*) FROM pg_tables WHERE tablename = 'only_here' AND schemaname = current_schema()").Scan(&n)
	if err != nil || n != 0 {
		t.Errorf("the other schema has %d such tables (%v), want none", n, err)
	}
}

func open(t *testing.T, url string) *sql.DB {
	t.Helper()
	pool, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pool.Close() })
	return pool
}
