package virtual

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"timonel/bot"
	"timonel/bot/simulated"
	"timonel/conversations/understand"
	"timonel/scheduler"
	"timonel/steering"
	"timonel/steering/plan"
	"timonel/storage"
)

// OptionsForTests are those of a world that reads and plans as the program does.
func OptionsForTests(t testing.TB) Options {
	t.Helper()
	model, err := understand.Load()
	if err != nil {
		t.Fatal(err)
	}
	plans, err := plan.Open("")
	if err != nil {
		t.Fatal(err)
	}
	policy := steering.DefaultPolicy()
	policy.Next = func(expr string, after time.Time) time.Time { return scheduler.NextCron(expr, after, after.Location()) }
	return Options{Plans: plans, Policy: policy, Model: model}
}

func open(t *testing.T, o Options) *World {
	t.Helper()
	w, err := Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, p := range w.Problems() {
			t.Errorf("an operator was told: %v", p)
		}
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// committee is a WhatsApp chat with a lead, a client and a project, on Monday 2 March 2026 at nine.
func committee(t *testing.T, w *World) *Chat {
	t.Helper()
	ctx := t.Context()
	must(t, w.Advance(ctx, time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)))
	c, err := w.Chat(ctx, Chat{ID: "comite", Platform: bot.WhatsApp, Language: "es"})
	must(t, err)
	must(t, w.Place(ctx, c, Member{ID: "ana", Name: "Ana Ruiz", Side: steering.SideVendor, Roles: []steering.Role{steering.RoleLead}}))
	must(t, w.Place(ctx, c, Member{ID: "bruno", Name: "Bruno Díaz", Side: steering.SideClient, Roles: []steering.Role{steering.RoleProductOwner}}))
	pl, err := w.opt.Plans.Find("fieldpro-custom")
	must(t, err)
	key, err := w.OpenProject(ctx, c, pl, steering.NewDate(2026, 3, 2), "ACME")
	must(t, err)
	if key != "ACME" {
		t.Fatalf("the project is %s", key)
	}
	return c
}

func said(w *World) []string {
	var list []string
	for _, e := range w.Entries(0) {
		if e.Said != nil && !e.Recalled {
			list = append(list, string(e.Room)+" "+e.At.Format("02 15:04")+" "+string(e.Said.Kind))
		}
	}
	return list
}

func TestWhatIsSaidWhileDownIsHeardInOrderWithItsOwnTimes(t *testing.T) {
	for _, db := range []string{"", filepath.Join(t.TempDir(), "w.db")} {
		t.Run(db, func(t *testing.T) {
			o := OptionsForTests(t)
			o.Database = db
			w := open(t, o)
			ctx := t.Context()
			c := committee(t, w)
			before := len(said(w))
			must(t, w.Down())
			must(t, w.Advance(ctx, w.Now().Add(time.Hour)))
			must(t, w.Say(ctx, Act{Who: "ana", Chat: c, Ref: 1}, "@timonel riesgo: que falte el archivo", false))
			must(t, w.Advance(ctx, w.Now().Add(time.Hour)))
			must(t, w.Say(ctx, Act{Who: "ana", Chat: c, Ref: 2}, "@timonel riesgo: que falte gente", false))
			if len(said(w)) != before {
				t.Fatalf("the bot spoke while it was down: %v", said(w))
			}
			must(t, w.Advance(ctx, w.Now().Add(time.Hour)))
			must(t, w.Up(ctx))
			answers := w.Entries(0)
			answers = slices.DeleteFunc(answers, func(e simulated.Entry) bool { return e.Said == nil || e.Said.InReplyTo == 0 })
			if len(answers) != 2 || answers[0].Said.InReplyTo != 1 || answers[1].Said.InReplyTo != 2 {
				t.Fatalf("answers: %+v", answers)
			}
			if at := answers[0].At; !at.Equal(w.Now()) {
				t.Errorf("the answer went out at %v, the bot was up at %v", at, w.Now())
			}
			must(t, w.View(ctx, func(tx *storage.Tx) error {
				entries, err := tx.Audit("ACME", storage.AuditFilter{By: "ana", Actions: []string{"risk."}})
				if err == nil && len(entries) != 2 {
					t.Errorf("%d risks in the audit, want 2", len(entries))
				}
				return err
			}))
			if err := w.Up(ctx); !isMistake(err) {
				t.Errorf("a second up: %v", err)
			}
		})
	}
}

func isMistake(err error) bool { return errors.As(err, new(*Mistake)) }

func TestARestartLosesNothing(t *testing.T) {
	play := func(db string, restart bool) []byte {
		o := OptionsForTests(t)
		o.Database = db
		w := open(t, o)
		ctx := t.Context()
		c := committee(t, w)
		for _, text := range []string{"@timonel mueve el 3", "el viernes 20 de marzo", "@timonel listo el 1", "@timonel deshacer"} {
			must(t, w.Say(ctx, Act{Who: "ana", Chat: c, Ref: 1}, text, false))
			if restart {
				must(t, w.Restart(ctx))
			}
			must(t, w.Advance(ctx, w.Now().Add(time.Minute)))
		}
		must(t, w.Advance(ctx, w.Now().AddDate(0, 0, 10)))
		var out bytes.Buffer
		must(t, w.Export(ctx, &out))
		return append(out.Bytes(), strings.Join(said(w), "\n")...)
	}
	want := play("", false)
	for _, db := range []string{"", filepath.Join(t.TempDir(), "w.db")} {
		if got := play(db, true); !bytes.Equal(got, want) {
			t.Errorf("with restarts on %q:\n%s\nwithout:\n%s", db, got, want)
		}
	}
}

// TestWhoWroteOnWhatsAppIsWrittenTo: a reminder comes directly to who has written to the bot, and in the group to others.
func TestWhoWroteOnWhatsAppIsWrittenTo(t *testing.T) {
	for _, wrote := range []bool{false, true} {
		w := open(t, OptionsForTests(t))
		ctx := t.Context()
		c := committee(t, w)
		if wrote {
			must(t, w.Say(ctx, Act{Who: "bruno", Chat: c, Direct: true}, "mis pendientes", false))
		}
		must(t, w.Advance(ctx, time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC)))
		direct := slices.ContainsFunc(w.Entries(0), func(e simulated.Entry) bool {
			return e.Said != nil && len(e.Said.Identities) > 0 && e.Direct == "bruno"
		})
		if direct != wrote {
			t.Errorf("wrote before: %v, reminded directly: %v; %v", wrote, direct, said(w))
		}
	}
}

func TestMentions(t *testing.T) {
	w := open(t, OptionsForTests(t))
	c := committee(t, w)
	_, err := w.Chat(t.Context(), Chat{ID: "otro", Platform: bot.Slack})
	must(t, err)
	for text, want := range map[string]string{
		"@bruno listo":               "bruno[0:6]",
		"el 3 es de @bruno.":         "bruno[11:17]",
		"@Bruno-":                    "bruno[0:6]",
		"mail a x@bruno.com":         "",
		"@brunos":                    "",
		"@eve y @ana":                "ana[7:11]",
		"hola @timonel, @ana y @ana": "bot ana[15:19] ana[22:26]",
		"@TIMONEL estado":            "bot",
		"@timonel-":                  "bot",
		"¿@bruno?":                   "bruno[2:8]",
		"timonel, sin arroba: @":     "",
	} {
		in := bot.Incoming{Platform: bot.WhatsApp, Text: text}
		w.mark(&in)
		var got []string
		if in.ToBot {
			got = append(got, "bot")
		}
		for _, m := range in.Mentions {
			got = append(got, string(m.User)+"["+itoa(m.Start)+":"+itoa(m.End)+"]")
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: got %v, want %s", text, got, want)
		}
	}
	_ = c
}

func itoa(n int) string { return strconv.Itoa(n) }

func TestMistakes(t *testing.T) {
	w := open(t, OptionsForTests(t))
	ctx := t.Context()
	c := committee(t, w)
	for name, err := range map[string]error{
		"back in time":          w.Advance(ctx, w.Now().Add(-time.Second)),
		"nobody of that name":   w.Say(ctx, Act{Who: "eve", Chat: c}, "hola", false),
		"no chat":               w.Say(ctx, Act{Who: "ana"}, "hola", false),
		"nothing to press":      w.Press(ctx, Act{Who: "ana", Chat: c}, "Sí"),
		"no poll":               w.Vote(ctx, Act{Who: "ana", Chat: c}, "jueves"),
		"nothing to react to":   w.React(ctx, Act{Who: "ana", Chat: &Chat{ID: "vacio", Platform: bot.Web}}, "✅"),
		"up without down":       w.Up(ctx),
		"chat on two platforms": second(w.Chat(ctx, Chat{ID: "comite", Platform: bot.Slack})),
		"key that is taken":     second(w.OpenProject(ctx, c, plan1(t, w), steering.NewDate(2026, 3, 2), "ACME")),
	} {
		if !isMistake(err) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func plan1(t *testing.T, w *World) *plan.Plan {
	t.Helper()
	p, err := w.opt.Plans.Find("fieldpro-custom")
	must(t, err)
	return p
}

// TestHandlesOfAnImport: a member whom an import knows under a handle speaks under it, and is found by it.
func TestHandlesOfAnImport(t *testing.T) {
	w := open(t, OptionsForTests(t))
	ctx := t.Context()
	must(t, w.Import(ctx, strings.NewReader(`{"format": 1, "people": [
		{"id": "ana", "name": "Ana Ruiz", "handles": {"whatsapp": "57300@s.whatsapp.net"}}]}`)))
	c := committee(t, w)
	must(t, w.Say(ctx, Act{Who: "ana", Chat: c, Direct: true, Ref: 1}, "¿cómo vamos?", false))
	e := w.Entries(0)
	heard := e[len(e)-2].Heard
	if heard == nil || heard.From != "57300@s.whatsapp.net" {
		t.Fatalf("heard %+v", heard)
	}
	if name, err := w.ChatOf(ctx, e[len(e)-1]); name != "dm:ana" || err != nil {
		t.Errorf("the answer went to %s, %v", name, err)
	}
}
