// Package pgtest gives tests a PostgreSQL database of their own: on the server that TIMONEL_TEST_POSTGRES names, or on a
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

// variable names a server on which the tests may create and drop databases, as a postgres:// URL.
const variable = "TIMONEL_TEST_POSTGRES"

// server is found or started by the first test that asks.
var server = sync.OnceValues(func() (string, error) {
	if address := os.Getenv(variable); address != "" {
		return address, nil
	}
	return start()
})

var count atomic.Int64

// URL returns the address of a fresh empty database, dropped when the test ends. It skips the test if there is no server.
func URL(t testing.TB) string {
	t.Helper()
	address, err := server()
	if err != nil {
		t.Skipf("no PostgreSQL: %v (set %s=postgres://… or install the server)", err, variable)
	}
	pool, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatalf("%s: %v", variable, err)
	}
	defer pool.Close()
	// The process id keeps the databases of test processes that share a server apart.
	name := fmt.Sprintf("timonel_test_%d_%d", os.Getpid(), count.Add(1))
	if _, err := pool.ExecContext(context.Background(), "CREATE DATABASE "+name+" TEMPLATE template0 ENCODING 'UTF8'"); err != nil {
		t.Fatalf("create a database for the test: %v", err)
	}
	t.Cleanup(func() { drop(t, address, name) })
	return withDatabase(t, address, name)
}

func drop(t testing.TB, address, name string) {
	pool, err := sql.Open("pgx", address)
	if err != nil {
		t.Errorf("%s: %v", variable, err)
		return
	}
	defer pool.Close()
	if _, err := pool.ExecContext(context.Background(), "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
		t.Errorf("drop the test's database: %v", err)
	}
}

func withDatabase(t testing.TB, address, name string) string {
	u, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(u.Scheme, "postgres") {
		t.Fatalf("%s: want a postgres:// URL, have %q", variable, address)
	}
	u.Path = "/" + name
	return u.String()
}

// Main runs a package's tests and then stops the server that they may have started: for TestMain. Without it the server
// ends with the process, and its folder stays until another test process sweeps it.
func Main(m *testing.M) {
	code := m.Run()
	stop()
	os.Exit(code)
}
