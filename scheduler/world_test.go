package scheduler

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"timonel/bot"
	"timonel/internal/markup"
	"timonel/steering"
	"timonel/steering/holidays"
	"timonel/storage"
)

// world is a database, a clock, a scheduler and a courier that delivers at once.
type world struct {
	t         testing.TB
	db        *storage.DB
	s         *Scheduler
	now       time.Time
	path      string
	offline   bool // no platform can be reached
	delivered []bot.Outgoing
	at        []time.Time // when each was delivered
}

func moment(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", s, zone(t, "America/Bogota"))
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// noPicture leaves digests without one: drawing is tested where it is done, and takes its time.
func noPicture(*steering.Project, string, steering.Date) ([]byte, error) { return nil, nil }

func newWorld(t testing.TB, start string) *world {
	t.Helper()
	w := &world{t: t, now: moment(t, start)}
	w.path = filepath.Join(t.TempDir(), "timonel.db")
	w.db = w.open(w.path)
	w.s = w.scheduler(w.db)
	return w
}

func (w *world) file() string { return w.path }

func (w *world) clock() time.Time { return w.now }

func (w *world) open(file string) *storage.DB {
	w.t.Helper()
	db, err := storage.Open(context.Background(), file, storage.Options{Now: w.clock, Migrate: true, Calendar: holidays.Calendar})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { db.Close() })
	return db
}

func (w *world) scheduler(db *storage.DB) *Scheduler {
	return New(db, Options{Now: w.clock, Policy: steering.DefaultPolicy(), Picture: noPicture})
}

func (w *world) update(f func(tx *storage.Tx) error) {
	w.t.Helper()
	if err := w.db.Update(context.Background(), f); err != nil {
		w.t.Fatal(err)
	}
}

// committee puts the people of both sides: on WhatsApp all of them, on Slack the vendor's.
func (w *world) committee() {
	w.t.Helper()
	w.update(func(tx *storage.Tx) error {
		for _, p := range []*steering.Person{
			{ID: "ana", Name: "Ana Ruiz", Handles: map[string]string{"whatsapp": "W-ana", "slack": "S-ana"}},
			{ID: "bruno", Name: "Bruno Díaz", Handles: map[string]string{"whatsapp": "W-bruno"}},
			{ID: "carla", Name: "Carla Sáenz", Handles: map[string]string{"whatsapp": "W-carla"}},
			{ID: "dario", Name: "Darío Vega", Handles: map[string]string{"slack": "S-dario"}},
		} {
			if err := tx.PutPerson(p); err != nil {
				return err
			}
		}
		return nil
	})
}

// rollout is a small project of the committee's in a WhatsApp group.
func rollout(key string) *steering.Project {
	day := func(month time.Month, d int) steering.Date { return steering.NewDate(2026, month, d) }
	plan := func(key, name string, side steering.Side, owner steering.PersonID, due steering.Date, after ...string) *steering.Milestone {
		return &steering.Milestone{Key: key, Name: name, Side: side, Owner: owner, Status: steering.Pending, Baseline: due, Due: due, Forecast: due, DependsOn: after}
	}
	p := &steering.Project{
		Key: key, Name: key + " Norte", Mode: steering.ModeImplementation, Language: "es", Timezone: "America/Bogota", Country: "CO",
		Start: day(3, 2), Status: steering.ProjectActive, Health: steering.Green,
		Chats: []steering.Chat{{Platform: "whatsapp", ID: "comite", Audience: steering.AudienceCommittee}},
		Members: []steering.Member{
			{Person: "ana", Side: steering.SideVendor, Roles: []steering.Role{steering.RoleLead}},
			{Person: "bruno", Side: steering.SideClient, Roles: []steering.Role{steering.RoleLead}},
			{Person: "carla", Side: steering.SideClient, Roles: []steering.Role{steering.RoleSponsor}},
			{Person: "dario", Side: steering.SideVendor, Roles: []steering.Role{steering.RoleCSM}},
		},
		Milestones: []*steering.Milestone{
			plan("1", "Alcance firmado", steering.SideClient, "bruno", day(3, 6)),
			plan("2", "Configuración", steering.SideVendor, "ana", day(3, 20), "1"),
			plan("3", "Capacitación", steering.SideVendor, "ana", day(3, 20), "1"),
			plan("4", "Go-live", steering.SideBoth, "ana", day(4, 10), "2", "3"),
		},
	}
	p.Milestones[3].Gate = true
	return p
}

func (w *world) create(p *steering.Project) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) error { return tx.CreateProject(p, steering.Actor{Person: "ana"}) })
}

// do gives commands to a project, as a conversation does.
func (w *world) do(key string, who steering.PersonID, commands ...steering.Command) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) error {
		p, err := tx.Project(key)
		if err != nil {
			return err
		}
		for _, c := range commands {
			if _, err := p.Do(c, steering.Actor{Person: who}, w.now); err != nil {
				return err
			}
		}
		_, err = tx.Save(p, steering.Actor{Person: who})
		return err
	})
}

func (w *world) project(key string) (p *steering.Project) {
	w.t.Helper()
	err := w.db.View(context.Background(), func(tx *storage.Tx) (err error) {
		if p, err = tx.Project(key); err == nil {
			p.Sent, err = tx.Sent(key)
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

// until lets time pass to a moment; everything falls due at its own.
func (w *world) until(s string) {
	w.t.Helper()
	w.pass(moment(w.t, s))
}

func (w *world) pass(end time.Time) {
	w.t.Helper()
	for range 100_000 {
		next, err := w.s.Next(context.Background(), w.now)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, platform := range []bot.Platform{bot.Slack, bot.WhatsApp} {
			at, err := w.db.NextOutgoingAt(context.Background(), platform)
			if err != nil {
				w.t.Fatal(err)
			}
			if !w.offline && !at.IsZero() && (next.IsZero() || at.Before(next)) {
				next = at
			}
		}
		if next.IsZero() || next.After(end) {
			w.now = end
			return
		}
		if next.After(w.now) {
			w.now = next
		}
		w.sweep()
	}
	w.t.Fatalf("at %v something stays due", w.now)
}

// sweep stores what is owed now and delivers it.
func (w *world) sweep() Result {
	w.t.Helper()
	result, err := w.s.Sweep(context.Background(), w.now)
	if err != nil {
		w.t.Fatal(err)
	}
	if !w.offline {
		w.deliver()
	}
	return result
}

func (w *world) deliver() {
	w.t.Helper()
	ctx := context.Background()
	for _, platform := range []bot.Platform{bot.Slack, bot.WhatsApp} {
		for {
			list, err := w.db.ClaimOutgoing(ctx, platform, 10, time.Minute)
			if err != nil {
				w.t.Fatal(err)
			}
			if len(list) == 0 {
				break
			}
			for _, out := range list {
				w.hand(ctx, out)
			}
		}
	}
}

func (w *world) hand(ctx context.Context, out bot.Outgoing) {
	w.t.Helper()
	still, err := w.s.StillTrue(ctx, out)
	if err != nil {
		w.t.Fatal(err)
	}
	if !still {
		err = w.db.MarkCancelled(ctx, out.ID, "not true")
	} else {
		err = w.db.MarkSent(ctx, out.ID, bot.MessageID(fmt.Sprintf("m%d", out.ID)))
		w.delivered, w.at = append(w.delivered, w.s.Finish(ctx, out)), append(w.at, w.now)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// transcript is everything that was delivered, as one reads it in a chat.
func (w *world) transcript() string {
	var b strings.Builder
	for i, out := range w.delivered {
		to := string(out.Room)
		if out.Direct != "" {
			to = "@" + string(out.Direct)
		}
		kinds := []string{string(out.Kind)}
		for _, k := range out.Kinds {
			if k != out.Kind {
				kinds = append(kinds, string(k))
			}
		}
		fmt.Fprintf(&b, "── %s · %s %s · %s", w.at[i].In(zone(w.t, "America/Bogota")).Format("Mon 2006-01-02 15:04"), out.Platform, to, strings.Join(kinds, "+"))
		if len(out.Milestones) > 0 {
			fmt.Fprintf(&b, " · %s", strings.Join(out.Milestones, " "))
		}
		b.WriteString("\n" + visible(out.Text) + "\n")
		for _, o := range out.Options {
			fmt.Fprintf(&b, "[%s] %s\n", o.Label, o.Action)
		}
		if out.Poll != nil {
			fmt.Fprintf(&b, "(poll: %s | %s)\n", out.Poll.Question, strings.Join(out.Poll.Options, " | "))
		}
	}
	return b.String()
}

func visible(text string) string {
	return markup.Renderer{
		Bold:    func(s string) string { return "*" + s + "*" },
		Mention: func(user, _ string) string { return "@" + user },
		Moment:  func(_ int64, s string) string { return "<" + s + ">" },
	}.Render(text)
}

// lawful checks what holds of every history: no notice twice in a chat, nothing outside working moments but agendas, one
// message for a chat and moment, three a day.
func (w *world) lawful() {
	w.t.Helper()
	seen, moments, days := map[string]bool{}, map[string]bool{}, map[string]int{}
	for i, out := range w.delivered {
		chat := string(out.Platform) + string(out.Room) + "@" + string(out.Direct)
		for _, text := range out.Identities {
			id, err := readIdentity(text)
			if err != nil {
				w.t.Fatal(err)
			}
			key := fmt.Sprint(chat, id.project, id.sent)
			if seen[key] {
				w.t.Errorf("%s went out twice", key)
			}
			seen[key] = true
		}
		p := w.project(out.Project)
		policy := steering.DefaultPolicy().With(p.Settings)
		kinds := append(slices.Clone(out.Kinds), out.Kind)
		if out.Kind != bot.KindMeeting && !p.NextWorkingMoment(policy, w.at[i]).Equal(w.at[i]) {
			w.t.Errorf("a %s at %v, which is no working moment", out.Kind, w.at[i].In(p.Location()))
		}
		if at := chat + w.at[i].String(); moments[at] {
			w.t.Errorf("two messages for %s at %v", chat, w.at[i])
		} else {
			moments[at] = true
		}
		if !slices.Contains(kinds, bot.KindEscalation) && !slices.Contains(kinds, bot.KindMeeting) {
			day := chat + p.Today(w.at[i]).String()
			if days[day]++; days[day] > policy.MaxPerDay {
				w.t.Errorf("%d messages on %s", days[day], day)
			}
		}
	}
}
