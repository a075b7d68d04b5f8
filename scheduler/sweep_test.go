package scheduler

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"timonel/bot"
	"timonel/internal/golden"
	"timonel/internal/markup"
	"timonel/steering"
	"timonel/storage"
)

// log is one line for each message: when, where, what, about which milestones.
func (w *world) log() []string {
	var out []string
	for i, o := range w.delivered {
		to := string(o.Room)
		if o.Direct != "" {
			to = "@" + string(o.Direct)
		}
		kinds := o.Kinds
		if len(kinds) == 0 {
			kinds = []bot.Kind{o.Kind}
		}
		var names []string
		for _, k := range kinds {
			names = append(names, string(k))
		}
		line := w.at[i].In(zone(w.t, "America/Bogota")).Format("01-02 15:04") + " " + to + " " + strings.Join(names, "+")
		if len(o.Milestones) > 0 {
			line += " " + strings.Join(o.Milestones, ",")
		}
		out = append(out, line)
	}
	return out
}

func (w *world) expect(want ...string) {
	w.t.Helper()
	if got := w.log(); !slices.Equal(got, want) {
		w.t.Errorf("went out:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// small is a roll-out with one milestone of bruno's, due on a day of March, and no summaries.
func small(key string, due int) *steering.Project {
	p := rollout(key)
	p.Milestones = p.Milestones[:1]
	m := p.Milestones[0]
	m.Due = steering.NewDate(2026, 3, due)
	m.Baseline, m.Forecast = m.Due, m.Due
	p.Settings = steering.Settings{Digest: "off", Portfolio: "off"}
	return p
}

// wrote makes a person write to the bot directly.
func (w *world) wrote(platform bot.Platform, user bot.UserID) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) error {
		return tx.PutRoom(&storage.Room{Platform: platform, ID: bot.RoomID("dm:" + user), Direct: true, User: user, WroteAt: w.now})
	})
}

func day(d int) steering.Date { return steering.NewDate(2026, 3, d) }

func TestReminderGoesDirectlyOnlyToWhoWroteBefore(t *testing.T) {
	w := newWorld(t, "2026-03-09 07:00")
	w.committee()
	w.create(small("ACME", 16))
	w.until("2026-03-11 12:00")
	w.wrote(bot.WhatsApp, "W-bruno")
	w.until("2026-03-16 20:00")
	w.lawful()
	w.expect("03-09 09:00 comite reminder 1", "03-13 09:00 @W-bruno reminder 1", "03-16 09:00 @W-bruno reminder 1")
}

// Nobody is written to on a platform that the bot is not connected to.
func TestOnlyOnJoinedPlatforms(t *testing.T) {
	w := newWorld(t, "2026-03-12 07:00")
	w.committee()
	p := small("ACME", 13)
	p.Milestones[0].Owner = "ana"
	w.create(p)
	w.s.opt.Joined = func(p bot.Platform) bool { return p == bot.WhatsApp }
	w.until("2026-03-12 12:00")
	w.expect("03-12 09:00 comite reminder 1")
	w.s.opt.Joined = func(p bot.Platform) bool { return true }
	w.until("2026-03-13 12:00")
	w.expect("03-12 09:00 comite reminder 1", "03-13 09:00 @S-ana reminder 1")
}

// Two days' reminders that fall on one working day are one message, and it is about the day's own.
func TestWhatFallsOnADayOffComesBefore(t *testing.T) {
	w := newWorld(t, "2026-03-09 07:00")
	w.committee()
	p := small("ACME", 23) // a holiday in Colombia, a Monday: one day before is a Sunday, three are a Friday
	w.create(p)
	w.until("2026-03-24 07:00")
	w.lawful()
	w.expect("03-16 09:00 comite reminder 1", "03-20 09:00 comite reminder 1")
	if text := markup.Plain(w.delivered[1].Text); !strings.Contains(text, "lunes 23 mar, en 3 días") {
		t.Errorf("it says %q", text)
	}
}

func TestPrivateNoticesNeverGoToTheGroup(t *testing.T) {
	w := newWorld(t, "2026-03-02 07:00")
	w.committee()
	p := small("ACME", 30)
	p.Settings.InvoiceEvery = 1
	p.Invoices = []*steering.Invoice{{ID: 1, For: "puesta en marcha", Issued: day(1), Due: day(5), Status: steering.InvoiceOpen}}
	// Nobody of them can be written to directly.
	p.Members = []steering.Member{
		{Person: "carla", Side: steering.SideClient, Roles: []steering.Role{steering.RoleSponsor}},
		{Person: "bruno", Side: steering.SideVendor, Roles: []steering.Role{steering.RoleLead}},
	}
	w.create(p)
	w.until("2026-03-06 12:00")
	w.expect()
	held := func() (held []string) {
		list, err := w.s.Preview(context.Background(), "ACME", w.now.Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range list {
			if p.Held {
				held = append(held, string(p.Notices[0].Kind)+" "+string(p.Notices[0].Reason))
			}
		}
		return held
	}
	if got := held(); !slices.Equal(got, []string{"invoice overdue"}) {
		t.Errorf("held: %v", got)
	}
	w.wrote(bot.WhatsApp, "W-carla")
	w.until("2026-03-09 12:00") // the newest is looked at when the next working day begins
	w.lawful()
	w.expect("03-09 08:00 @W-carla invoice")
	if text := markup.Plain(w.delivered[0].Text); !strings.Contains(text, "venció el jueves 5 mar, hace 4 días") || strings.Contains(text, "fuera de línea") {
		t.Errorf("it says %q", text)
	}
	if got := held(); got != nil {
		t.Errorf("still held: %v", got)
	}
}

// A chat that has had its messages of the day gets the rest when the next working day begins, together.
func TestNoMoreThanTheDaysMessages(t *testing.T) {
	w := newWorld(t, "2026-03-05 07:00")
	w.committee()
	p := small("ACME", 13)
	p.Settings = steering.Settings{Digest: "0 16 * * 5", Alignment: "0 10 * * 5", Portfolio: "off", MaxPerDay: 1}
	p.Milestones[0].Owner = "carla"
	w.create(p)
	w.until("2026-03-10 12:00")
	w.lawful()
	w.expect("03-06 09:00 comite reminder 1", "03-09 08:00 comite survey+digest", "03-10 09:00 comite reminder 1")
}

func TestOneMessageForAChatOfSeveralProjects(t *testing.T) {
	w := newWorld(t, "2026-03-09 07:00")
	w.committee()
	for _, key := range []string{"ACME", "BETA", "GAMA"} {
		p := small(key, 16)
		p.Milestones[0].Owner = "ana"
		w.create(p)
	}
	w.until("2026-03-09 12:00")
	w.lawful()
	w.expect("03-09 09:00 @S-ana reminder 1")
	golden.Equal(t, filepath.Join("testdata", "several-projects"+".txt"), w.transcript())
	w.until("2026-03-17 12:00")
	w.lawful()
	if last := w.delivered[len(w.delivered)-1]; last.Kind != bot.KindOverdue || len(last.Identities) != 3 || len(last.Options) != 0 {
		t.Errorf("overdue in a shared chat: %+v", last)
	}
}

// A reminder of the morning is not owed for what was added at noon.
func TestAddedAtNoon(t *testing.T) {
	w := newWorld(t, "2026-03-12 10:00")
	w.committee()
	w.create(small("ACME", 30))
	w.until("2026-03-13 12:00")
	w.do("ACME", "ana", steering.AddMilestone{Name: "Hoy", Due: day(13), Owner: "bruno"})
	w.until("2026-03-13 20:00")
	w.expect()
	w.until("2026-03-16 12:00")
	w.lawful()
	w.expect("03-16 09:00 comite overdue 2")
}

// The forecast of what is late moves with the day, also on days on which nothing goes out.
func TestForecastFollowsTheDay(t *testing.T) {
	w := newWorld(t, "2026-03-12 10:00")
	w.committee()
	p := rollout("ACME")
	p.Milestones[0].Due = day(13)
	w.create(p)
	for _, c := range []struct {
		at       string
		forecast steering.Date
		health   steering.Health
	}{
		{"2026-03-13 23:59", day(13), steering.Green}, {"2026-03-14 00:01", day(14), steering.Amber}, {"2026-03-15 12:00", day(15), steering.Amber},
	} {
		w.until(c.at)
		if p := w.project("ACME"); p.Milestones[0].Forecast != c.forecast || p.Health != c.health {
			t.Errorf("at %s: forecast %s, health %s; want %s, %s", c.at, p.Milestones[0].Forecast, p.Health, c.forecast, c.health)
		}
	}
}

func TestPausedProjectIsSilent(t *testing.T) {
	w := newWorld(t, "2026-03-12 10:00")
	w.committee()
	w.create(small("ACME", 16))
	w.do("ACME", "ana", steering.SetProjectStatus{Status: steering.ProjectPaused})
	w.until("2026-03-18 10:00")
	w.expect()
	w.do("ACME", "ana", steering.SetProjectStatus{Status: steering.ProjectActive})
	w.until("2026-03-19 20:00")
	w.lawful()
	w.expect("03-19 09:00 comite escalation+overdue 1")
}

// The vendor's own chat gets the summary and nothing else.
func TestVendorChat(t *testing.T) {
	w := newWorld(t, "2026-03-02 07:00")
	w.committee()
	p := rollout("ACME")
	p.Chats = append(p.Chats, steering.Chat{Platform: "slack", ID: "C-vendor", Audience: steering.AudienceVendor})
	w.create(p)
	w.update(func(tx *storage.Tx) error {
		return tx.PutRoom(&storage.Room{Platform: bot.Slack, ID: "C-vendor", Language: "en"})
	})
	w.until("2026-03-14 00:00")
	w.lawful()
	for i, o := range w.delivered {
		if o.Room != "C-vendor" {
			continue
		}
		if o.Kind != bot.KindDigest {
			t.Errorf("the vendor's chat got %s at %v", o.Kind, w.at[i])
		}
		if !strings.Contains(o.Text, "summary as of Friday") {
			t.Errorf("in its own language it says %q", visible(o.Text))
		}
	}
	if n := strings.Count(strings.Join(w.log(), "\n"), "C-vendor digest"); n != 2 {
		t.Errorf("%d summaries for the vendor", n)
	}
}

func TestAgendaAnHourBefore(t *testing.T) {
	w := newWorld(t, "2026-03-09 10:00")
	w.committee()
	w.create(small("ACME", 30))
	w.do("ACME", "ana", steering.ProposeMeeting{Kind: steering.MeetingSteering, Milestones: []string{"1"}, Slots: []time.Time{moment(t, "2026-03-14 07:00")}})
	w.until("2026-03-15 10:00")
	w.lawful()
	w.expect("03-14 06:00 comite meeting 1") // a Saturday: the clock binds it
	if text := markup.Plain(w.delivered[0].Text); !strings.Contains(text, "sábado 14 mar, 07:00") {
		t.Errorf("it says %q", text)
	}
}

func TestSignOffRemindsTheSigners(t *testing.T) {
	w := newWorld(t, "2026-03-12 10:00")
	w.committee()
	p := small("ACME", 13)
	p.Milestones[0].SignOff = &steering.SignOff{Sides: []steering.Side{steering.SideClient}}
	w.create(p)
	w.do("ACME", "bruno", steering.CompleteMilestone{Key: "1"})
	w.until("2026-03-13 12:00")
	w.expect("03-13 09:00 comite signoff 1")
	out := w.delivered[0]
	if got := markup.Mentioned(out.Text); !slices.Equal(got, []string{"W-carla"}) {
		t.Errorf("it mentions %v", got)
	}
	if len(out.Options) != 2 || out.Options[0].Action != "sign:ACME:1" {
		t.Errorf("it offers %v", out.Options)
	}
}

// The picture of a summary is drawn when it is sent, not when it is planned, and not kept.
func TestDigestCarriesItsPicture(t *testing.T) {
	w := newWorld(t, "2026-03-13 07:00")
	w.committee()
	p := rollout("ACME")
	p.Settings.Portfolio = "off"
	p.Chats = append(p.Chats, steering.Chat{Platform: "whatsapp", ID: "otra"})
	w.create(p)
	drawn := 0
	w.s.opt.Picture = func(p *steering.Project, lang string, today steering.Date) ([]byte, error) {
		drawn++
		return []byte("picture of " + p.Key + " in " + lang + " on " + today.String()), nil
	}
	w.now = moment(t, "2026-03-13 16:00")
	if _, err := w.s.Sweep(t.Context(), w.now); err != nil || drawn != 0 {
		t.Errorf("drawn %d times while planning, %v", drawn, err)
	}
	w.deliver()
	if drawn != 2 {
		t.Errorf("drawn %d times for two chats", drawn)
	}
	for _, o := range w.delivered {
		if o.Kind == bot.KindDigest && (len(o.Files) != 1 || o.Files[0].Name != "acme-2026-03-13.png" || string(o.Files[0].Data) != "picture of ACME in es on 2026-03-13") {
			t.Errorf("it carries %+v", o.Files)
		}
	}
}

// What is done counts in one summary: in the next after it was reported.
func TestDoneOnTheDayOfTheSummary(t *testing.T) {
	w := newWorld(t, "2026-03-10 07:00")
	w.committee()
	p := rollout("ACME")
	p.Settings.Portfolio = "off"
	w.create(p)
	w.until("2026-03-13 11:00")
	w.do("ACME", "bruno", steering.CompleteMilestone{Key: "1"})
	w.until("2026-03-13 18:00")
	w.do("ACME", "ana", steering.CompleteMilestone{Key: "2"}, steering.CompleteMilestone{Key: "3", On: day(9)})
	w.until("2026-03-27 20:00")
	var told []string
	for _, o := range w.delivered {
		if o.Kind != bot.KindDigest {
			continue
		}
		var keys []string
		for _, key := range []string{"1", "2", "3"} {
			if strings.Contains(o.Text, "✅ "+key+". ") {
				keys = append(keys, key)
			}
		}
		told = append(told, strings.Join(keys, " "))
	}
	if !slices.Equal(told, []string{"1", "2 3", ""}) {
		t.Errorf("summaries told of %q", told)
	}
}
