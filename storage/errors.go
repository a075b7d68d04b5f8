package storage

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// ErrNotFound is wrapped when what was asked for is not there.
var ErrNotFound = errors.New("not found")

// ErrHandled is wrapped by MarkHandled when the event had been handled already.
var ErrHandled = errors.New("handled already")

// ErrTaken is wrapped when a new row has an identity that is in use.
var ErrTaken = errors.New("in use already")

// errOvertaken is wrapped when another transaction was first; Update starts again.
var errOvertaken = errors.New("another transaction was first")

func isOvertaken(err error) bool { return errors.Is(err, errOvertaken) }

// explain maps the drivers' errors, by code, to ours and adds what an operator can do. It is the only place that knows
// the codes.
func explain(err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return explainSQLite(lite)
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return explainPostgres(pg)
	}
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) {
		why := strings.Join(strings.Fields(err.Error()), " ") // the driver writes a line per address
		return machineError{fmt.Errorf("%s (is the server running, and are address, user and password right?)", why)}
	}
	return err
}

// machineError is a failure of the machine's and not of what was to be done: it may be done again when that is over.
type machineError struct{ error }

// Unwrap returns the cause.
func (e machineError) Unwrap() error { return e.error }

// Passes tells the chat core that no message is to be given up for it.
func (e machineError) Passes() bool { return true }

// primaryCode is the part of SQLite's codes that says what kind of error it is.
const primaryCode = 0xff

// isBusy reports whether another connection of SQLite's is in the way.
func isBusy(err error) bool {
	var lite *sqlite.Error
	return errors.As(err, &lite) && lite.Code()&primaryCode == sqlite3.SQLITE_BUSY
}

func explainSQLite(err *sqlite.Error) error {
	switch err.Code() {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		return fmt.Errorf("%w: %w", ErrTaken, err)
	}
	switch err.Code() & primaryCode {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return machineError{fmt.Errorf("%w (another process holds the database; is a second one running?)", err)}
	case sqlite3.SQLITE_FULL:
		return machineError{fmt.Errorf("%w (the disk is full: free some space)", err)}
	case sqlite3.SQLITE_IOERR:
		return machineError{fmt.Errorf("%w (the disk or its file system refuses: look at the machine's log)", err)}
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN:
		return machineError{fmt.Errorf("%w (may this user write the file and its folder, and is the file system mounted for writing?)", err)}
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("%w (the file is no intact database: restore a backup)", err)
	}
	return err
}

func explainPostgres(err *pgconn.PgError) error {
	switch err.Code {
	case "23505":
		return fmt.Errorf("%w: %w", ErrTaken, err)
	case "40001", "40P01": // serialization failure, deadlock
		return fmt.Errorf("%w: %w", errOvertaken, err)
	case "42501":
		return fmt.Errorf("%w (grant the user rights on the schema)", err)
	case "53100":
		return machineError{fmt.Errorf("%w (the server's disk is full)", err)}
	case "53200", "53300", "57P01", "57P02", "57P03": // out of memory or connections, shutting down, starting
		return machineError{fmt.Errorf("%w (look after the server)", err)}
	}
	return err
}
