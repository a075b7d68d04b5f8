package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"timonel/bot"
	"timonel/bot/whatsapp"
	"timonel/locale"
	"timonel/steering"
	"timonel/storage"
)

// ledTroubles are the troubles of WhatsApp's that a lead can do something about, or has to know of.
var ledTroubles = []whatsapp.Problem{
	whatsapp.LoggedOut, whatsapp.Replaced, whatsapp.Banned, whatsapp.Outdated, whatsapp.Refused, whatsapp.Offline, whatsapp.NotStored,
	whatsapp.Unreadable, whatsapp.PhoneSilent,
}

// tellLeads tells the leads of the projects on WhatsApp of a trouble there, directly on another platform.
func (o *operator) tellLeads(platform bot.Platform, t whatsapp.Trouble) {
	if !slices.Contains(ledTroubles, t.Problem) {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(o.app.ctx), tellTime)
	defer cancel()
	err := o.db.Update(ctx, func(tx *storage.Tx) error {
		leads, err := leadsOn(tx, bot.WhatsApp, platform)
		if err != nil {
			return err
		}
		return writeTo(tx, platform, leads, func(lead aLead) string {
			return troubleWords(locale.For(lead.Language, o.language), t, lead.zone)
		})
	})
	if err != nil {
		o.log.Error().Err(err).Msg("tell the leads")
	}
}

func troubleWords(say locale.Printer, t whatsapp.Trouble, zone *time.Location) string {
	if t.Over {
		return say.Text("trouble.over", nil)
	}
	return say.Text("trouble."+string(t.Problem), locale.Args{"n": t.Count, "until": say.Moment(t.Until.In(zone))})
}

// aLead is a lead, with the zone of the first project that they lead.
type aLead struct {
	*steering.Person
	zone *time.Location
}

// writeTo stores a notice for each of some leads, directly on a platform.
func writeTo(tx *storage.Tx, platform bot.Platform, leads []aLead, words func(aLead) string) error {
	for _, lead := range leads {
		_, err := tx.Enqueue(bot.Outgoing{
			Platform: platform, Direct: bot.UserID(lead.Handles[string(platform)]), Kind: bot.KindNotice, Text: words(lead), At: tx.Now(),
		})
		if err != nil {
			return fmt.Errorf("write to %s: %w", lead.ID, err)
		}
	}
	return nil
}

// leadsOn lists the leads of the active projects that have a chat on one platform and who are known on another, by id.
func leadsOn(tx *storage.Tx, chat, known bot.Platform) ([]aLead, error) {
	keys, err := tx.ProjectKeys()
	if err != nil {
		return nil, err
	}
	var leads []aLead
	for _, key := range keys {
		p, err := tx.Project(key)
		if err != nil {
			return nil, err
		}
		if p.Status == steering.ProjectClosed || !slices.ContainsFunc(p.Chats, func(c steering.Chat) bool { return c.Platform == string(chat) }) {
			continue
		}
		for _, id := range p.With(steering.RoleLead, "") {
			who, err := tx.Person(id)
			if errors.Is(err, storage.ErrNotFound) {
				continue
			}
			if err != nil {
				return nil, err
			}
			if who.Handles[string(known)] != "" && !slices.ContainsFunc(leads, func(l aLead) bool { return l.ID == who.ID }) {
				leads = append(leads, aLead{who, p.Location()})
			}
		}
	}
	return leads, nil
}
