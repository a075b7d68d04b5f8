package scheduler

import (
	"path/filepath"
	"testing"

	"timonel/bot"
	"timonel/internal/golden"
	"timonel/steering"
)

// A roll-out that nobody touches: reminders, nags, an escalation with its meeting, the weekly summary.
func TestUntouchedProject(t *testing.T) {
	for lang, until := range map[string]string{"es": "2026-03-27 20:00", "pt": "2026-03-13 20:00", "en": "2026-03-13 20:00"} {
		t.Run(lang, func(t *testing.T) {
			w := newWorld(t, "2026-03-02 07:00")
			w.committee()
			p := rollout("ACME")
			p.Language = lang
			w.create(p)
			w.until(until)
			w.lawful()
			golden.Equal(t, filepath.Join("testdata", "untouched-"+lang+".txt"), w.transcript())
		})
	}
}

// One notice of every other kind, in each language.
func TestEveryKind(t *testing.T) {
	for _, lang := range []string{"es", "pt", "en"} {
		t.Run(lang, func(t *testing.T) {
			w := newWorld(t, "2026-03-02 07:00")
			w.committee()
			for _, user := range []bot.UserID{"W-ana", "W-bruno", "W-carla"} {
				w.wrote(bot.WhatsApp, user)
			}
			w.create(everyKind(lang))
			w.until("2026-03-04 12:00")
			w.do("ACME", "bruno", steering.CompleteMilestone{Key: "1"})
			w.do("ACME", "ana", steering.MuteNotices{Milestone: "3", Until: day(6)})
			w.until("2026-03-13 20:00")
			w.lawful()
			golden.Equal(t, filepath.Join("testdata", "kinds-"+lang+".txt"), w.transcript())
		})
	}
}

func everyKind(lang string) *steering.Project {
	p := rollout("ACME")
	p.Language = lang
	p.Settings = steering.Settings{Alignment: "on", Portfolio: "off", Digest: "off", Review: "monthly", InvoiceEvery: 1}
	p.Milestones[0].SignOff = &steering.SignOff{Sides: []steering.Side{steering.SideClient}}
	live := *p.Milestones[3]
	live.Key, live.Status, live.DoneOn = "4", steering.Done, steering.NewDate(2026, 2, 13)
	p.Milestones[3] = &live
	p.Milestones[1].Due, p.Milestones[2].Due = day(6), day(10)
	p.Status = steering.ProjectLive
	p.Actions = []*steering.Action{
		{ID: 1, Text: "enviar accesos", Owner: "carla", Due: day(4), Status: steering.EntryOpen},
		{ID: 2, Text: "reservar sala", Due: day(5), Status: steering.EntryOpen},
	}
	p.Invoices = []*steering.Invoice{
		{ID: 1, For: "puesta en marcha", Issued: steering.NewDate(2026, 1, 20), Due: day(5), Status: steering.InvoiceOpen},
		{ID: 2, Issued: steering.NewDate(2026, 1, 6), Due: steering.NewDate(2026, 2, 6), Status: steering.InvoiceOpen},
	}
	p.Warranty = &steering.Warranty{From: steering.NewDate(2026, 2, 13), Until: day(16)}
	return p
}
