package whatsapp

import (
	"context"
	"errors"
	"fmt"

	"go.mau.fi/whatsmeow"
	wastore "go.mau.fi/whatsmeow/store"
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

// DoDecryptionTxn implements wastore.EventBuffer. Whether it was the store that failed is found out by writing to it.
func (g guard) DoDecryptionTxn(ctx context.Context, decrypt func(context.Context) error) error {
	err := g.EventBuffer.DoDecryptionTxn(ctx, decrypt)
	if err == nil || ctx.Err() != nil {
		return err
	}
	trying, cancel := context.WithTimeout(ctx, noteTime)
	defer cancel()
	if broken := g.a.store.putFact(trying, triedFact, g.a.cfg.Now().UTC().String()); broken != nil {
		return g.leave(ctx, errors.Join(err, broken))
	}
	return err
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
