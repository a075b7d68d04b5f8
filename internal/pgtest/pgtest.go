// Package pgtest gives tests a PostgreSQL schema of their own: in the database that TIMONEL_TEST_POSTGRES names, or on a
// throw-away one that it starts from the machine's own PostgreSQL, once per test process. Without either the test is
// skipped.
package pgtest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// variable names a database in which the tests may create and drop schemas, as a postgres:// URL.
const variable = "TIMONEL_TEST_POSTGRES"

// server is found or started by the first test that asks.
var server = sync.OnceValues(func() (string, error) {
	if address := os.Getenv(variable); address != "" {
		return address, nil
	}
	return start()
})

var count atomic.Int64

// URL returns the address of a fresh empty schema, dropped when the test ends. It skips the test if there is no server.
func URL(t testing.TB) string {
	t.Helper()
	address, err := server()
	if err != nil {
		t.Skipf("no PostgreSQL: %v (set %s=postgres://… or install the server)", err, variable)
	}
	u, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(u.Scheme, "postgres") {
		t.Fatalf("%s: want a postgres:// URL, have %q", variable, address)
	}
	// The process id keeps the schemas of test processes that share a server apart.
	name := fmt.Sprintf("timonel_test_%d_%d", os.Getpid(), count.Add(1))
	run(t, address, "CREATE SCHEMA "+name)
	t.Cleanup(func() { run(t, address, "DROP SCHEMA "+name+" CASCADE") })
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}

func run(t testing.TB, address, statement string) {
	t.Helper()
	pool, err := sql.Open("pgx", address)
	if err != nil {
		t.Errorf("%s: %v", variable, err)
		return
	}
	defer pool.Close()
	if _, err := pool.ExecContext(context.Background(), statement); err != nil {
		t.Errorf("%s: %v", statement, err)
	}
}

// Main runs a package's tests and then stops the server that they may have started: for TestMain. Without it the server
// ends with the process, and its folder stays until another test process sweeps it.
func Main(m *testing.M) {
	code := m.Run()
	stop()
	os.Exit(code)
}
