package main

import (
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/mdp/qrterminal/v3"
	"github.com/rs/zerolog"

	"timonel/bot"
	"timonel/bot/whatsapp"
	"timonel/internal/config"
)

func (a *app) whatsappConfig(c config.WhatsApp, log zerolog.Logger) whatsapp.Config {
	w := whatsapp.Config{
		Store: c.Store, WebsocketURL: c.WebsocketURL, RootKey: c.RootKey, Name: c.Name, DailyCap: c.DailyCap, Now: a.now, Log: log,
	}
	if a.reachWhatsApp != nil {
		a.reachWhatsApp(&w)
	}
	return w
}

func connectWhatsApp(a *app, c config.Config, _ joined, o *operator) (bot.Adapter, error) {
	w := a.whatsappConfig(c.WhatsApp, o.log.With().Str("adapter", string(bot.WhatsApp)).Logger())
	w.Report = func(t whatsapp.Trouble) {
		if !t.Over {
			o.tell(fmt.Errorf("WhatsApp: %s", t.Words()))
		}
		if c.Slack.Enabled() {
			o.tellLeads(bot.Slack, t)
		}
	}
	return whatsapp.Open(a.ctx, w)
}

type whatsappCommands struct {
	Link   whatsappLinkCommand   `cmd:"" help:"Pair a number, by QR code or by a code to type."`
	Groups whatsappGroupsCommand `cmd:"" help:"The groups that the number is in, with their ids."`
	Unlink whatsappUnlinkCommand `cmd:"" help:"Forget the device."`
}

// device opens the number's store for one command.
func (a *app) device(do func(*whatsapp.Adapter) error) error {
	c, err := a.checked("whatsapp", "log")
	if err != nil {
		return err
	}
	adapter, err := whatsapp.Open(a.ctx, a.whatsappConfig(c.WhatsApp, a.logger(c.Log).Level(zerolog.ErrorLevel)))
	if err != nil {
		return fmt.Errorf("open %s: %w", c.WhatsApp.Store, err)
	}
	return errors.Join(do(adapter), adapter.Close())
}

type whatsappLinkCommand struct {
	Phone string `help:"Pair by a code to type on the phone with this number, instead of a QR code." placeholder:"N"`
}

// Run pairs a number.
func (c *whatsappLinkCommand) Run(a *app) error {
	if c.Phone != "" && !isPhone(c.Phone) {
		return usage("link the number: %q is no phone number (write it with its country code: --phone 573009998877)", c.Phone)
	}
	return a.device(func(adapter *whatsapp.Adapter) error {
		number, err := adapter.Link(a.ctx, c.Phone, a.showLink)
		if err != nil {
			return err
		}
		fmt.Fprintf(flushed{a}, "linked: %s\n", number)
		return nil
	})
}

// isPhone reports whether a text can be a phone number with its country code, written with or without +, spaces and dashes.
func isPhone(text string) bool {
	digits := strings.NewReplacer("+", "", " ", "", "-", "", "(", "", ")", "").Replace(text)
	return len(digits) >= 7 && len(digits) <= 15 && digits[0] != '0' && strings.Trim(digits, "0123456789") == ""
}

// showLink says what to do on the phone. Where nobody can scan a picture, the code itself is printed.
func (a *app) showLink(s whatsapp.Shown) {
	out := flushed{a}
	switch {
	case s.Code != "":
		fmt.Fprintf(out, "On the phone: WhatsApp, Linked devices, Link with phone number instead. Type this code: %s\n", s.Code)
	case isTerminal(a.screen):
		fmt.Fprintln(out, "On the phone: WhatsApp, Linked devices, Link a device. Scan this:")
		qrterminal.GenerateHalfBlock(s.QR, qrterminal.L, out)
	default:
		fmt.Fprintln(out, "QR "+s.QR)
	}
}

type whatsappGroupsCommand struct{}

// Run lists the groups.
func (c *whatsappGroupsCommand) Run(a *app) error {
	return a.device(func(adapter *whatsapp.Adapter) error {
		groups, err := adapter.Groups(a.ctx)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
		for _, g := range groups {
			fmt.Fprintf(w, "%s\t%s\t%s\n", g.ID, count(g.Members, "member"), g.Name)
		}
		return w.Flush()
	})
}

type whatsappUnlinkCommand struct{}

// Run forgets the device.
func (c *whatsappUnlinkCommand) Run(a *app) error {
	return a.device(func(adapter *whatsapp.Adapter) error { return adapter.Unlink(a.ctx) })
}
