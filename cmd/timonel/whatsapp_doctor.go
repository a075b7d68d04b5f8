package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"timonel/bot/whatsapp"
	"timonel/internal/config"
	"timonel/storage"
)

// checkWhatsApp looks after the number's session: it connects for a moment, or, while the bot runs, reads what that one told.
func (a *app) checkWhatsApp(c config.Config) finding {
	file := storage.File(c.WhatsApp.Store)
	switch {
	case !c.WhatsApp.Enabled:
		return finding{warning, "whatsapp", "not enabled", "set whatsapp.enabled to use it"}
	case file != "" && missing(file):
		return finding{failure, "whatsapp", "no number is linked", "run: timonel whatsapp link"}
	}
	ctx, cancel := context.WithTimeout(a.ctx, checkTime)
	defer cancel()
	adapter, err := whatsapp.Open(ctx, a.whatsappConfig(c.WhatsApp, zerolog.Nop()))
	if err != nil {
		return finding{failure, "whatsapp", err.Error(), ""}
	}
	s, err := adapter.Check(ctx)
	err = errors.Join(err, adapter.Close())
	return sessionFinding(s, err, config.Exposed(file))
}

// sessionFinding says how a session stands; the most serious first.
func sessionFinding(s whatsapp.Session, err error, exposed string) finding {
	switch {
	case err != nil && s.Number != "":
		return finding{failure, "whatsapp", s.Number + " is linked, but: " + err.Error(), ""}
	case err != nil:
		return finding{failure, "whatsapp", err.Error(), ""}
	case s.Number == "":
		return finding{failure, "whatsapp", "no number is linked", "run: timonel whatsapp link"}
	case len(s.Troubles) > 0:
		return finding{failure, "whatsapp", s.Number + " is linked, but the running bot says: " + strings.Join(s.Troubles, "; "), ""}
	case s.PhoneSilent:
		return finding{warning, "whatsapp", s.Number + " is linked; its phone was last seen on " + s.PhoneSeen.UTC().Format(time.DateOnly),
			"open WhatsApp on it: linked devices are logged out after 14 days without the phone"}
	case exposed != "":
		return finding{warning, "whatsapp", s.Number + " is linked; " + exposed, ""}
	case s.InUse:
		return finding{well, "whatsapp", s.Number + " is linked, and the running bot uses it", ""}
	}
	return finding{well, "whatsapp", s.Number + " is linked, and WhatsApp accepts it", ""}
}
