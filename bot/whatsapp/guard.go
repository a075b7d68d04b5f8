package whatsapp

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"

	"github.com/jackc/pgx/v5/pgconn"
	"go.mau.fi/whatsmeow"
	wastore "go.mau.fi/whatsmeow/store"
	"modernc.org/sqlite"
)

// guard stands before the part of the library's store that decrypting goes through. The library takes a message that it
// cannot decrypt for one that its author must send again, and acknowledges it. Where the store fails, nobody can send it so
// that it can be read: it is left to WhatsApp, like one that the bot cannot store.
type guard struct {
	wastore.EventBuffer
	a      *Adapter
	client *whatsmeow.Client
}

// GetBufferedEvent implements wastore.EventBuffer.
func (g guard) GetBufferedEvent(ctx context.Context, hash [32]byte) (*wastore.BufferedEvent, error) {
	event, err := g.EventBuffer.GetBufferedEvent(ctx, hash)
	if err != nil {
		err = g.leave(ctx, err)
	}
	return event, err
}

// DoDecryptionTxn implements wastore.EventBuffer. Whether it was the store that failed is read from the error, and where that
// does not tell, found out by writing.
func (g guard) DoDecryptionTxn(ctx context.Context, decrypt func(context.Context) error) error {
	err := g.EventBuffer.DoDecryptionTxn(ctx, decrypt)
	if err == nil || ctx.Err() != nil {
		return err
	}
	if ofStore(err) || g.a.refusing() { // what comes after what was refused may need what that one brought
		return g.leave(ctx, err)
	}
	trying, cancel := context.WithTimeout(ctx, noteTime)
	defer cancel()
	if broken := g.a.store.putFact(trying, triedFact, g.a.cfg.Now().UTC().String()); broken != nil {
		return g.leave(ctx, errors.Join(err, broken))
	}
	return err
}

// ClearBufferedEventPlaintext implements wastore.EventBuffer. What was refused comes again and is then taken from the buffer.
func (g guard) ClearBufferedEventPlaintext(ctx context.Context, hash [32]byte) error {
	if g.a.refusing() {
		return errors.New("the connection is refused")
	}
	return g.EventBuffer.ClearBufferedEventPlaintext(ctx, hash)
}

// keyGuard stands before the store of the groups' keys: the library goes on when one could not be kept, and then nobody could
// read what is sealed with it.
type keyGuard struct {
	wastore.SenderKeyStore
	guard
}

// PutSenderKey implements wastore.SenderKeyStore.
func (g keyGuard) PutSenderKey(ctx context.Context, group, user string, key []byte) error {
	err := g.SenderKeyStore.PutSenderKey(ctx, group, user, key)
	if err != nil {
		err = g.leave(ctx, err)
	}
	return err
}

// ofStore reports whether an error comes from a database, or from the way to one.
func ofStore(err error) bool {
	return errors.As(err, new(*sqlite.Error)) || errors.As(err, new(*pgconn.PgError)) || errors.As(err, new(*pgconn.ConnectError)) ||
		errors.As(err, new(net.Error)) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone)
}

// triedFact is written to see whether something can be.
const triedFact = "tried"

// leave refuses what comes on the connection, and marks the error as one after which the library acknowledges nothing.
func (g guard) leave(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		g.a.refuse(ctx, g.client, fmt.Errorf("decrypt a message: %w", err))
	}
	return fmt.Errorf("%w: %w", context.Canceled, err)
}
