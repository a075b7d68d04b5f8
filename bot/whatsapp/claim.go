package whatsapp

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"strings"
	"time"
)

// claim is the right to be the number's session: of all processes that share a store, one has it.
type claim struct {
	ctx     context.Context // ends when the claim does
	still   func() bool     // asks whether it holds
	release func() error
}

// claimFile takes the session for this process, by a lock of SQLite's own beside the store: it ends with the process,
// however that ends, and two machines with one disk respect it. It returns nil while another process has the session.
func claimFile(ctx context.Context, file string) (*claim, error) {
	if err := private(file + ".lock"); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", "file:"+file+".lock?_pragma=busy_timeout(0)&_pragma=journal_mode(DELETE)&_txlock=exclusive")
	if err != nil {
		return nil, err
	}
	tx, err := db.BeginTx(context.WithoutCancel(ctx), nil)
	if err == nil {
		return &claim{
			ctx: ctx, still: func() bool { return true },
			release: func() error { return errors.Join(tx.Rollback(), db.Close()) },
		}, nil
	}
	closed := db.Close()
	if strings.Contains(err.Error(), "SQLITE_BUSY") {
		return nil, closed
	}
	return nil, errors.Join(err, closed)
}

// A claim in PostgreSQL is a lease, which who has it renews. A lock of a connection would not do: the database gives it to the
// next one when the connection breaks, long before its holder hears of that, and keeps it for hours when a machine is
// gone without a word. Who cannot renew gives the session up while the lease still lasts, so that two never have it.
const (
	leaseTime = 15 * time.Second // by the database's clock
	leaseLook = 4 * time.Second
	leaseGive = 10 * time.Second
)

// leaseTable has one row at most.
const leaseTable = `CREATE TABLE IF NOT EXISTS timonel_lease (one INTEGER PRIMARY KEY, holder TEXT NOT NULL, until TIMESTAMPTZ NOT NULL)`

// errTaken means that another process has the session.
var errTaken = errors.New("another process has it")

// lease is a claim of this process on the session of a store in PostgreSQL.
type lease struct {
	db     *sql.DB
	cfg    Config
	holder string
}

// renew takes the lease or makes it last on. It fails with errTaken while another one's lasts.
func (l *lease) renew(ctx context.Context) error {
	done, err := l.db.ExecContext(ctx, `INSERT INTO timonel_lease (one, holder, until) VALUES (1, $1, now() + $2 * interval '1 second')
		ON CONFLICT (one) DO UPDATE SET holder = excluded.holder, until = excluded.until
		WHERE timonel_lease.holder = excluded.holder OR timonel_lease.until < now()`, l.holder, leaseTime.Seconds())
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return errTaken
}

// drop ends the lease at once.
func (l *lease) drop(ctx context.Context) error {
	_, err := l.db.ExecContext(ctx, `DELETE FROM timonel_lease WHERE holder = $1`, l.holder)
	return err
}

// claimSchema takes the session for this process and renews the claim until it is released or lost. It returns nil while
// another process has the session.
func claimSchema(ctx context.Context, db *sql.DB, cfg Config) (*claim, error) {
	l := &lease{db: db, cfg: cfg, holder: rand.Text()}
	began := cfg.Now()
	if err := l.renew(ctx); errors.Is(err, errTaken) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	held, end := context.WithCancel(ctx)
	kept, lost := make(chan struct{}), false
	go func() {
		defer close(kept)
		defer end()
		lost = !l.keep(held, began)
	}()
	return &claim{
		ctx:   held,
		still: func() bool { return held.Err() == nil && !errors.Is(l.renew(held), errTaken) },
		release: func() error {
			end()
			<-kept // or a renewal that is on its way would come after its end
			if lost {
				return nil
			}
			dropping, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteTime)
			defer cancel()
			return l.drop(dropping)
		},
	}, nil
}

// keep renews the lease until ctx ends; false means that it was lost before.
func (l *lease) keep(ctx context.Context, renewed time.Time) bool {
	for {
		select {
		case <-ctx.Done():
			return true
		case <-l.cfg.After(min(leaseLook, leaseGive-l.cfg.Now().Sub(renewed))):
		}
		began := l.cfg.Now()
		renewing, cancel := context.WithTimeout(ctx, leaseGive-began.Sub(renewed))
		err := l.renew(renewing)
		cancel()
		switch {
		case err == nil:
			renewed = began
		case ctx.Err() != nil:
			return true
		case errors.Is(err, errTaken), l.cfg.Now().Sub(renewed) >= leaseGive:
			l.cfg.Log.Warn().Err(err).Msg("the claim on the WhatsApp session was not renewed in time: the session is given up")
			return false
		}
	}
}
