package virtual_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"timonel/bot"
	"timonel/internal/markup"
	"timonel/internal/virtual"
	"timonel/steering"
	"timonel/steering/plan"
)

// longestAnswer bounds what a message that nobody could mean is answered with, in runes.
const longestAnswer = 400

// committee is a project in a chat with its lead.
func committee(t *testing.T, of *plan.Plan) (*virtual.World, virtual.Act) {
	t.Helper()
	ctx := context.Background()
	options := virtual.OptionsForTests(t)
	world, err := virtual.Open(ctx, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := world.Close(); err != nil {
			t.Error(err)
		}
	})
	chat, err := world.Chat(ctx, virtual.Chat{ID: "comite", Platform: bot.WhatsApp, Language: "es"})
	if err != nil {
		t.Fatal(err)
	}
	if err := world.Place(ctx, chat, virtual.Member{ID: "ana", Name: "Ana Ruiz", Side: steering.SideVendor, Roles: []steering.Role{steering.RoleLead}}); err != nil {
		t.Fatal(err)
	}
	if _, err := world.OpenProject(ctx, chat, of, steering.NewDate(2026, 3, 2), "ACME"); err != nil {
		t.Fatal(err)
	}
	if err := world.Advance(ctx, time.Date(2026, 3, 3, 15, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	return world, virtual.Act{Who: "ana", Chat: chat}
}

// TestMessagesNobodyMeant: whatever is written gets a short answer or none, and never an error.
func TestMessagesNobodyMeant(t *testing.T) {
	custom, err := virtual.OptionsForTests(t).Plans.Find("fieldpro-custom")
	if err != nil {
		t.Fatal(err)
	}
	world, ana := committee(t, custom)
	for name, text := range map[string]string{
		"100 kB": strings.Repeat("mueve el 3 y el 4 al viernes ", 3500), "one long word": strings.Repeat("a", 100_000),
		"control characters": "\x01\x02\x1b[31m listo \x00 el \x07", "right to left": "\u202eלחץ כאן ٣ مرحبا\u202c", "zero width": "\u200b\u200d\ufeff\u2060",
		"emoji": "🎉🎉🎉🔥", "nothing": "", "punctuation": "?!?!…", "not UTF-8": "listo \xff\xfe", "marks of ours": "\ue000\ue002x\ue006y\ue003",
		"numbers": strings.Repeat("1 2 3 4 5 6 7 8 9 ", 500), "lines": strings.Repeat("\n", 5000), "brackets": strings.Repeat("(", 20_000),
	} {
		for _, direct := range []bool{false, true} {
			seen := len(world.Entries(0))
			act := ana
			act.Direct = direct
			if err := world.Say(context.Background(), act, "@timonel "+text, false); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			for _, e := range world.Entries(seen) {
				if e.Said == nil {
					continue
				}
				if e.Said.Kind == bot.KindError || utf8.RuneCountInString(e.Said.Text) > longestAnswer {
					t.Errorf("%s: answered with %s of %d characters: %.200s", name, e.Said.Kind, utf8.RuneCountInString(e.Said.Text), e.Said.Text)
				}
			}
		}
	}
	if problems := world.Problems(); len(problems) > 0 {
		t.Errorf("the bot had problems: %v", problems)
	}
}

// hostilePlan has milestones whose names would ping, format or run where they were not taken as plain text.
const hostilePlan = `
key = "hostile"
name = "<!here> plan"
mode = "implementation"
language = "es"

[[stage]]
key = "s"
name = "*_~ stage"
`

// TestNamesArePlainText: what people call a milestone stands as they wrote it in every answer, and never as markup or a ping.
func TestNamesArePlainText(t *testing.T) {
	names := []string{"<!channel> now", "@everyone", "*_~ all ~_*", "=cmd()", "<b>bold</b> & co", "<@U123>"}
	text := hostilePlan
	for i, name := range names {
		text += fmt.Sprintf("\n[[milestone]]\nid = \"m%d\"\nname = %q\nstage = \"s\"\nside = \"vendor\"\nweek = 1\n", i, name)
	}
	hostile, err := plan.Read("hostile.toml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	world, ana := committee(t, hostile)
	for _, text := range []string{"¿cómo vamos?", "¿qué falta esta semana?", "mis pendientes", "listo el 1", "mueve el 2 al viernes 20", "manda el resumen"} {
		if err := world.Say(context.Background(), ana, "@timonel "+text, false); err != nil {
			t.Fatal(err)
		}
	}
	var said strings.Builder
	for _, e := range world.Entries(0) {
		if e.Said == nil {
			continue
		}
		said.WriteString(markup.Plain(e.Said.Text))
		for _, user := range markup.Mentioned(e.Said.Text) {
			if user != "ana" {
				t.Errorf("%q was mentioned", user)
			}
		}
	}
	for _, name := range names {
		if !strings.Contains(said.String(), name) {
			t.Errorf("%s is shown nowhere as it was written", name)
		}
	}
}
