package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"sort"

	"go.mau.fi/whatsmeow"
)

// Shown is what the operator must do next while a number is being linked.
type Shown struct {
	QR   string // to scan in WhatsApp: Linked devices → Link a device
	Code string // to type in WhatsApp: Link with phone number instead
}

// ErrLinked means that a number is linked already.
var ErrLinked = errors.New("a WhatsApp number is linked already: run 'timonel whatsapp unlink' first")

// Link pairs a number: by QR codes handed to show, or by a pair code when phone is given. It returns the number.
func (a *Adapter) Link(ctx context.Context, phone string, show func(Shown)) (string, error) {
	if a.client.Store.ID != nil {
		return "", ErrLinked
	}
	codes, err := a.client.GetQRChannel(ctx)
	if err != nil {
		return "", fmt.Errorf("ask for QR codes: %w", err)
	}
	if err := a.client.ConnectContext(ctx); err != nil {
		return "", fmt.Errorf("connect to WhatsApp: %w", err)
	}
	asked := false
	for item := range codes {
		switch {
		case item.Event == whatsmeow.QRChannelEventCode && phone == "":
			show(Shown{QR: item.Code})
		case item.Event == whatsmeow.QRChannelEventCode && !asked:
			asked = true
			code, err := a.client.PairPhone(ctx, phone, true, whatsmeow.PairClientChrome, "Chrome (Linux)")
			if err != nil {
				return "", fmt.Errorf("ask for a pair code for %s: %w", phone, err)
			}
			show(Shown{Code: code})
		case item == whatsmeow.QRChannelSuccess:
			return a.client.Store.ID.User, nil
		case item == whatsmeow.QRChannelTimeout:
			return "", errors.New("nobody scanned the code in time: run the command again")
		case item.Error != nil:
			return "", fmt.Errorf("link the number: %w", item.Error)
		}
	}
	return "", errors.New("linking stopped: run the command again")
}

// Unlink logs the device out and forgets it.
func (a *Adapter) Unlink(ctx context.Context) error {
	if a.client.Store.ID == nil {
		return ErrNotLinked
	}
	if err := a.client.ConnectContext(ctx); err != nil {
		return fmt.Errorf("connect to WhatsApp: %w", err)
	}
	if err := a.client.Logout(ctx); err != nil {
		return fmt.Errorf("log the device out: %w", err)
	}
	return nil
}

// Group is a group that the bot was added to.
type Group struct {
	ID, Name string
	Members  int
}

// Groups lists the groups that the number is in, by name.
func (a *Adapter) Groups(ctx context.Context) ([]Group, error) {
	joined, err := a.client.GetJoinedGroups(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the groups: %w", err)
	}
	var groups []Group
	for _, g := range joined {
		groups = append(groups, Group{ID: g.JID.String(), Name: g.Name, Members: len(g.Participants)})
	}
	sort.Slice(groups, func(i, j int) bool { return groups[i].Name < groups[j].Name })
	return groups, nil
}

// Linked returns the number, "" if none is linked.
func (a *Adapter) Linked() string {
	if a.client.Store.ID == nil {
		return ""
	}
	return a.client.Store.ID.User
}
