package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"go.mau.fi/whatsmeow"
	wastore "go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"
)

// The name by which the phone lists the device.
func init() { wastore.DeviceProps.Os = proto.String("Timonel") }

// Shown is what the operator must do next while a number is being linked.
type Shown struct {
	QR   string // to scan in WhatsApp: Linked devices, Link a device
	Code string // to type in WhatsApp: Link with phone number instead
}

// Errors of linking.
var (
	// ErrLinked means that a number is linked already.
	ErrLinked = errors.New("a WhatsApp number is linked already (to link another one, run first: timonel whatsapp unlink)")
	// ErrInUse means that another process has the session.
	ErrInUse = errors.New("another Timonel uses the WhatsApp number (stop it first)")
)

// settle is how long a newly linked device stays connected, so that the phone can finish its side.
const settle = 15 * time.Second

// linger is how long it listens after its first login: what is on its way then is not cut off.
const linger = time.Second

// Link pairs a number: by QR codes handed to show, or by a pair code when phone is given. It returns the number.
func (a *Adapter) Link(ctx context.Context, phone string, show func(Shown)) (number string, err error) {
	if device, err := a.device(ctx); err != nil {
		return "", err
	} else if device != nil {
		return "", ErrLinked
	}
	// A running bot takes the number up as soon as it is there, and must not while we still use it.
	turn, err := a.takeSession(ctx, letGoTries)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, turn.release()) }()
	ctx = turn.ctx
	client, err := a.newClient(a.store.container.NewDevice())
	if err != nil {
		return "", err
	}
	defer client.Disconnect()
	codes, err := client.GetQRChannel(ctx)
	if err != nil {
		return "", fmt.Errorf("ask for QR codes: %w", err)
	}
	ready := make(chan struct{}, 1)
	client.AddEventHandler(func(event any) {
		if _, ok := event.(*events.Connected); ok {
			select {
			case ready <- struct{}{}:
			default:
			}
		}
	})
	if err := client.ConnectContext(ctx); err != nil {
		return "", fmt.Errorf("connect to WhatsApp: %w", err)
	}
	if err := pair(ctx, client, codes, phone, show); err != nil {
		return "", err
	}
	confirming, cancel := context.WithTimeout(ctx, settle)
	defer cancel()
	select {
	case <-ready: // the session is confirmed by a login with it
		a.wait(ctx, linger)
	case <-confirming.Done():
	}
	return client.Store.ID.User, nil
}

// A running bot lets go of a session that ended in less than letGoTries times letGo.
const (
	letGoTries = 5
	letGo      = 400 * time.Millisecond
)

// takeSession takes the session for one command; more than one try is patience for a bot that is just letting go of it.
func (a *Adapter) takeSession(ctx context.Context, tries int) (*claim, error) {
	for try := range tries {
		if try > 0 && !a.wait(ctx, letGo) {
			break
		}
		turn, err := a.store.claim(ctx)
		if err != nil {
			return nil, fmt.Errorf("take the WhatsApp session: %w", err)
		}
		if turn != nil {
			return turn, nil
		}
	}
	return nil, ErrInUse
}

// pair follows the codes until the number is linked.
func pair(ctx context.Context, client *whatsmeow.Client, codes <-chan whatsmeow.QRChannelItem, phone string, show func(Shown)) error {
	asked := false
	for item := range codes {
		switch {
		case item.Event == whatsmeow.QRChannelEventCode && phone == "":
			show(Shown{QR: item.Code})
		case item.Event == whatsmeow.QRChannelEventCode && !asked:
			asked = true
			code, err := client.PairPhone(ctx, phone, true, whatsmeow.PairClientChrome, "Chrome (Linux)")
			if err != nil {
				return fmt.Errorf("ask for a pair code for %s: %w", phone, err)
			}
			show(Shown{Code: code})
		case item.Event == whatsmeow.QRChannelEventCode: // the pair code shown first stays good
		case item == whatsmeow.QRChannelSuccess:
			return nil
		case item == whatsmeow.QRChannelTimeout:
			return errors.New("link the number: nobody used the code in time (run the command again)")
		case item.Error != nil:
			return fmt.Errorf("link the number: %w", item.Error)
		default:
			return fmt.Errorf("link the number: %s", item.Event)
		}
	}
	return fmt.Errorf("link the number: %w", context.Cause(ctx))
}

// Unlink logs the device out and forgets it.
func (a *Adapter) Unlink(ctx context.Context) error {
	return a.visit(ctx, func(client *whatsmeow.Client) error {
		if err := client.Logout(ctx); err != nil {
			return fmt.Errorf("log the device out: %w", err)
		}
		return nil
	})
}

// errUnlinked begins what is said of a device that WhatsApp does not know any more.
var errUnlinked = errors.New("WhatsApp unlinked this device")

// visitTime bounds how long a visit waits for its connection.
const visitTime = 30 * time.Second

// visit connects for one thing to be done, if no other process has the session.
func (a *Adapter) visit(ctx context.Context, do func(*whatsmeow.Client) error) (err error) {
	device, err := a.device(ctx)
	if err != nil {
		return err
	}
	if device == nil {
		return ErrNotLinked
	}
	turn, err := a.takeSession(ctx, 1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, turn.release()) }()
	ctx = turn.ctx
	client, err := a.newClient(device)
	if err != nil {
		return err
	}
	jid := *device.ID // the library takes it away when it is logged out
	client.InitialAutoReconnect = false
	ready := make(chan error, 1)
	client.AddEventHandlerWithSuccessStatus(func(event any) bool {
		answer := func(err error) bool {
			select {
			case ready <- err:
			default:
			}
			return true
		}
		switch e := event.(type) {
		case *events.Connected:
			return answer(nil)
		case *events.LoggedOut:
			return answer(fmt.Errorf("%w%s", errUnlinked, strings.TrimPrefix(Trouble{Problem: LoggedOut, Detail: e.Reason.String()}.Words(), errUnlinked.Error())))
		case *events.ClientOutdated:
			return answer(errors.New(Trouble{Problem: Outdated}.Words()))
		case *events.TemporaryBan:
			return answer(errors.New(Trouble{Problem: Banned, Detail: e.Code.String(), Until: a.cfg.Now().Add(e.Expire)}.Words()))
		case *events.Message, *events.JoinedGroup, *events.GroupInfo:
			return false // the bot itself is to hear of it, when it runs
		}
		return true
	})
	if err := client.ConnectContext(ctx); err != nil {
		return fmt.Errorf("connect to WhatsApp: %w", err)
	}
	defer client.Disconnect()
	waiting, cancel := context.WithTimeout(ctx, visitTime)
	defer cancel()
	select {
	case err = <-ready:
	case <-waiting.Done():
		err = errors.New("connect to WhatsApp: it does not answer (try again later)")
	}
	if errors.Is(err, errUnlinked) {
		// The library does so too, in its own time; until then the device would be taken for one that can be used.
		err = errors.Join(err, a.store.container.DeleteDevice(ctx, &wastore.Device{ID: &jid}))
	}
	if err != nil {
		return err
	}
	return do(client)
}
