package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mau.fi/whatsmeow"
	wastore "go.mau.fi/whatsmeow/store"

	"timonel/bot"
)

const (
	// linkLook is how often the store is searched for a number that was linked meanwhile.
	linkLook = 5 * time.Second
	// turnLook is how often the session is asked for that another process has.
	turnLook = 5 * time.Second
	// failRest is how long to wait when something failed that is not WhatsApp's.
	failRest = 10 * time.Second
	// lookAround is how often the session looks for what no event tells: silence.
	lookAround = time.Minute
	// refusedRest is how long to wait after a refusal that has no known remedy.
	refusedRest = 15 * time.Minute
)

// ending says why a session ended, and from when on it may be tried again; never if until is zero.
type ending struct {
	trouble Trouble
	until   time.Time
}

// errOver marks an end that only a person can mend.
var errOver = errors.New("the WhatsApp session is over")

// Run implements bot.Adapter. Without a linked number it waits for one; the library reconnects by itself. It returns
// when ctx ends, or when the session is over for this process.
func (a *Adapter) Run(ctx context.Context, sink bot.Sink) error {
	a.mu.Lock()
	a.sink = sink
	a.mu.Unlock()
	for ctx.Err() == nil {
		err := a.attend(ctx)
		if errors.Is(err, errOver) {
			return err
		}
		if err != nil && ctx.Err() == nil {
			a.cfg.Log.Error().Err(err).Msg("open the WhatsApp session")
			a.wait(ctx, failRest)
		}
	}
	a.health.add(Trouble{Problem: Offline}, false)
	return nil
}

// attend waits for a number and for the right to be its session, and is it for as long as it lasts.
func (a *Adapter) attend(ctx context.Context) error {
	device, err := a.awaitDevice(ctx)
	if err != nil || device == nil {
		return err
	}
	turn, err := a.awaitTurn(ctx)
	if err != nil || turn == nil {
		return err
	}
	jid := *device.ID // the library takes it away when it is logged out
	end, err := a.hold(turn, device)
	problem := end.trouble.Problem
	if problem == LoggedOut {
		// The library does so too, in its own time; until then the device would be taken for one that can be used.
		err = errors.Join(err, a.store.container.DeleteDevice(ctx, &wastore.Device{ID: &jid}))
	}
	err = errors.Join(err, turn.release())
	if err != nil || problem == "" || problem == LoggedOut {
		return err
	}
	if end.until.IsZero() {
		return fmt.Errorf("%w: %s", errOver, a.Health().Problem)
	}
	a.wait(ctx, end.until.Sub(a.cfg.Now()))
	a.over(problem)
	return nil
}

// wait returns false when ctx ended first.
func (a *Adapter) wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	select {
	case <-ctx.Done():
		return false
	case <-a.cfg.After(d):
		return true
	}
}

// awaitDevice returns the linked device, once there is one.
func (a *Adapter) awaitDevice(ctx context.Context) (*wastore.Device, error) {
	for ctx.Err() == nil {
		device, err := a.device(ctx)
		if err != nil {
			return nil, err
		}
		if device != nil {
			a.over(NotLinked)
			a.over(LoggedOut)
			return device, nil
		}
		if !a.health.has(LoggedOut) {
			a.trouble(Trouble{Problem: NotLinked})
		}
		a.wait(ctx, linkLook)
	}
	return nil, nil
}

// awaitTurn takes the session for this process, once no other one has it: two would throw each other out.
func (a *Adapter) awaitTurn(ctx context.Context) (*claim, error) {
	for ctx.Err() == nil {
		turn, err := a.store.claim(ctx)
		if err != nil {
			return nil, fmt.Errorf("take the WhatsApp session: %w", err)
		}
		if turn != nil {
			a.over(StandingBy)
			return turn, nil
		}
		a.health.add(Trouble{Problem: StandingBy}, false) // as it should be: nobody has to do anything
		a.wait(ctx, turnLook)
	}
	return nil, nil
}

// hold is the session of a device until it ends, or the right to it does.
func (a *Adapter) hold(turn *claim, device *wastore.Device) (ending, error) {
	ctx := turn.ctx
	err := errors.Join(a.store.forget(ctx, a.cfg.Now()), a.store.dropFacts(ctx, troubleFact))
	if err != nil {
		return ending{}, fmt.Errorf("clear what is past: %w", err)
	}
	client, err := a.newClient(device)
	if err != nil {
		return ending{}, fmt.Errorf("%w: %w", errOver, err)
	}
	if client.Store.PushName == "" {
		client.Store.PushName = a.cfg.Name
	}
	client.BackgroundEventCtx = ctx
	before := guard{device.EventBuffer, a, client}
	device.EventBuffer, device.SenderKeys = before, keyGuard{device.SenderKeys, before}
	a.mu.Lock()
	a.client, a.stalled = client, false
	a.me = self{number: device.ID.ToNonAD(), lid: device.LID.ToNonAD()}
	a.mu.Unlock()
	select {
	case <-a.ended: // of an earlier session
	default:
	}
	client.AddEventHandlerWithSuccessStatus(func(event any) bool { return a.hear(ctx, client, event) })
	a.offline()
	defer a.leave(client)
	if err := client.ConnectContext(ctx); err != nil {
		return ending{}, fmt.Errorf("connect to WhatsApp: %w", err)
	}
	for {
		select {
		case <-ctx.Done():
			return ending{}, nil
		case end := <-a.ended:
			if end.trouble.Problem == Replaced && !turn.still() {
				return ending{}, nil // by who has the session now: this process stood still for longer than its claim lasts
			}
			a.trouble(end.trouble)
			return end, nil
		case <-a.cfg.After(lookAround):
			a.look(ctx, client)
		}
	}
}

// leave ends the connection.
func (a *Adapter) leave(client *whatsmeow.Client) {
	client.Disconnect()
	a.offline()
	a.health.add(Trouble{Problem: Offline}, false)
	a.mu.Lock()
	a.client = nil
	a.mu.Unlock()
}

// end makes hold return.
func (a *Adapter) end(t Trouble, until time.Time) {
	select {
	case a.ended <- ending{t, until}:
	default: // it ends already
	}
}

// offline and connected say whether the session can send.
func (a *Adapter) offline() {
	a.mu.Lock()
	defer a.mu.Unlock()
	select {
	case <-a.online:
		a.online = make(chan struct{})
	default:
	}
}

func (a *Adapter) connected() {
	a.mu.Lock()
	defer a.mu.Unlock()
	select {
	case <-a.online:
	default:
		close(a.online)
	}
}

// awaitOnline waits a little for a session that can send.
func (a *Adapter) awaitOnline(ctx context.Context, patience time.Duration) (*whatsmeow.Client, bool) {
	a.mu.Lock()
	client, online := a.client, a.online
	a.mu.Unlock()
	if client == nil {
		return nil, false
	}
	select {
	case <-online:
		return client, true
	default:
	}
	select {
	case <-online:
		return a.session(), a.session() != nil
	case <-ctx.Done():
	case <-a.cfg.After(patience):
	}
	return nil, false
}
