package slack

import (
	"fmt"
	"strings"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"
	"pgregory.net/rapid"

	"timonel/bot"
	"timonel/internal/fakeslack"
	"timonel/internal/markup"
)

// monster is a name of 300 characters with emoji, signs and an attack in it.
var monster = strings.Repeat("Migración de datos 👩‍👩‍👧‍👦 <!channel> & «*ACME*» _x_ ", 6)[:300]

func monsters(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%d. %s → %s, %s\n", i+1, markup.Bold(strings.ToValidUTF8(monster, "")), markup.Mention("U00000002", "Ana"),
			markup.Moment(time.Unix(1773327600, 0), "jueves 12 de marzo 10:00"))
	}
	return b.String()
}

func monsterOptions(n int) []bot.Option {
	var out []bot.Option
	for i := range n {
		out = append(out, bot.Option{Label: fmt.Sprint(i, monster), Action: fmt.Sprintf("move:ACME:%d", i), Style: []string{"", "primary", "danger", "odd"}[i%4]})
	}
	return out
}

// outgoings makes every kind of message that the program could ever send; it draws numbers, which read well in a failure.
func outgoings(t *rapid.T) bot.Outgoing {
	pick := func(name string, n int) int { return rapid.IntRange(0, n-1).Draw(t, name) }
	kinds := []bot.Kind{bot.KindReply, bot.KindQuestion, bot.KindDigest, bot.KindPortfolio, bot.KindEscalation, bot.KindSignOff}
	bodies := []string{"", "\n\n", "short", "¿Cuál?\n", monsters(3), monsters(40), monsters(200), strings.Repeat("x", 20_000)}
	out := bot.Outgoing{
		ID: 7, Kind: kinds[pick("kind", len(kinds))], Text: bodies[pick("body", len(bodies))] + texts.Draw(t, "more"),
		Ask: []string{"", "date", "reason"}[pick("ask", 3)], Card: []string{"", "status:ACME"}[pick("card", 2)],
	}
	out.Options = monsterOptions([]int{0, 1, 5, 6, 25, 26, 100, 101, 400}[pick("options", 9)])
	if pick("repeated", 2) == 1 && len(out.Options) > 1 {
		out.Options[1].Action = out.Options[0].Action
		out.Options[0].Label = ""
	}
	if pick("long action", 2) == 1 && len(out.Options) > 0 {
		out.Options[0].Action = strings.Repeat("é", 300)
	}
	if pick("poll", 2) == 1 {
		out.Poll = &bot.Poll{Question: monster, Options: []string{monster, "Thu 10:00", ""}, Actions: []string{"vote:A:1:0", "vote:A:1:1"}}
	}
	if pick("link", 2) == 1 {
		out.More = &bot.Link{Label: monster, URL: "https://example.com/p/ACME"}
	}
	if pick("picture", 2) == 1 {
		out.Files = append(out.Files, bot.File{Name: monster + ".png", MIME: "image/png", Data: []byte("png")})
	}
	if pick("file", 2) == 1 {
		out.Files = append(out.Files, bot.File{Name: "acme.ics", MIME: "text/calendar", Data: []byte("ics")})
	}
	return out
}

// TestEveryMessageFits sends messages of every kind to a Slack that refuses what Slack refuses: it never has reason to, and
// nobody is pinged who was not mentioned.
func TestEveryMessageFits(t *testing.T) {
	c := fakeslack.NewCast(t, fakeslack.Options{Scopes: Scopes})
	ana := c.Member("Ana Ruiz")
	room := c.Place("comite", ana)
	a := New(testConfig(c, c.Pipe()))
	refusals := refusalsOf(a)
	rapid.Check(t, func(rt *rapid.T) {
		out := outgoings(rt)
		out.Platform, out.Room, out.At = bot.Slack, bot.RoomID(room.ID), time.Now()
		out.Ephemeral, out.Only = rapid.Bool().Draw(rt, "whisper"), bot.UserID(ana.ID)
		if _, err := a.Send(t.Context(), out); err != nil {
			rt.Fatalf("refused: %v", err)
		}
		if got := refusals(); got != "" {
			rt.Fatalf("Slack refused a form: %s", got)
		}
		for _, sent := range c.Unexpected() {
			for _, p := range sent.Pings {
				if p != ana.ID {
					rt.Fatalf("%s was pinged by %q", p, sent.Text)
				}
			}
		}
		c.Forget()
	})
}

// TestLongListsArriveWhole holds that a list of 200 milestones with the longest names is all there, in order.
func TestLongListsArriveWhole(t *testing.T) {
	c := fakeslack.NewCast(t, fakeslack.Options{Scopes: Scopes})
	ana := c.Member("Ana Ruiz")
	room := c.Place("comite", ana)
	a := New(testConfig(c, c.Pipe()))
	out := bot.Outgoing{ID: 1, Room: bot.RoomID(room.ID), Kind: bot.KindReply, Text: monsters(200), At: time.Now()}
	if _, err := a.Send(t.Context(), out); err != nil {
		t.Fatal(err)
	}
	seen := strings.Join(ana.Seen(room), "\n")
	if whole := c.Find("timonel.txt"); whole == nil || !strings.Contains(string(whole.Data), "200. Migración") {
		t.Error("what did not fit into messages is in no file")
	}
	for _, want := range []string{"1. Migración", "100. Migración", "…", "[timonel.txt]"} {
		if !strings.Contains(seen, want) {
			t.Errorf("%q is missing", want)
		}
	}
	c.Forget()
	out.ID, out.More, out.Text = 2, &bot.Link{Label: "Lista completa", URL: "https://example.com"}, monsters(200)
	if _, err := a.Send(t.Context(), out); err != nil {
		t.Fatal(err)
	}
	if rest := c.Unexpected(); len(rest) != 1 || !strings.Contains(rest[0].Text, "[Lista completa]") {
		t.Errorf("with a link: %d messages", len(rest))
	}
}

func TestEveryFormAndHomePageFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.SampledFrom([]int{0, 1, 5, 99, 101, 250}).Draw(t, "n")
		form := bot.Form{
			Action: "new", Title: monster, Submit: monster, Cancel: monster, Intro: monsters(n), Preview: monsters(n),
			Fields: []bot.Field{
				{Name: "plan", Label: monster, Hint: monsters(20), Kind: bot.FieldChoice, Options: monsterOptions(n), Value: "move:ACME:0"},
				{Name: "name", Label: "", Kind: bot.FieldText, Value: monsters(50)},
				{Name: "date", Label: "Fecha", Kind: bot.FieldDate, Value: rapid.SampledFrom([]string{"2026-03-20", "", "soon"}).Draw(t, "date"), Live: true},
				{Name: "why", Label: "Motivo", Kind: bot.FieldLong, Optional: true},
			},
		}
		view, err := modal(form, bot.Incoming{Room: "C1", Quote: "C1:2.3"})
		if err != nil {
			t.Fatal(err)
		}
		if problems := fakeslack.CheckView(view); len(problems) > 0 {
			t.Fatalf("form: %v", problems)
		}
		home := bot.Home{Title: monster, Options: monsterOptions(min(n, 30))}
		for range rapid.IntRange(0, 8).Draw(t, "sections") {
			s := bot.HomeSection{Title: monster, Empty: "nada", More: monster}
			text := monsters(rapid.IntRange(0, 12).Draw(t, "lines"))
			for i, o := range monsterOptions(n) {
				s.Items = append(s.Items, bot.HomeItem{Text: text, Options: []bot.Option{o, o}[:i%3]})
			}
			home.Sections = append(home.Sections, s)
		}
		if problems := fakeslack.CheckView(homeView(home)); len(problems) > 0 {
			t.Fatalf("home: %v", problems)
		}
	})
}

func TestControls(t *testing.T) {
	kinds := func(out bot.Outgoing) string {
		var list []string
		for _, b := range controls(out) {
			for _, e := range b.(*slackgo.ActionBlock).Elements.ElementSet {
				list = append(list, string(e.ElementType()))
			}
		}
		return strings.Join(list, " ")
	}
	few, many := monsterOptions(3), monsterOptions(120)
	for _, x := range []struct {
		name string
		out  bot.Outgoing
		want string
	}{
		{"none", bot.Outgoing{Text: "hi"}, ""},
		{"few", bot.Outgoing{Options: few}, "button button button"},
		{"many", bot.Outgoing{Options: many}, "static_select static_select"},
		{"a day", bot.Outgoing{Ask: "date"}, "datepicker"},
		{"a day or none", bot.Outgoing{Ask: "date", Options: few[:1]}, "datepicker button"},
		{"a vote", bot.Outgoing{Poll: &bot.Poll{Options: []string{"a", "b"}, Actions: []string{"1", "2"}}}, "button button"},
	} {
		if got := kinds(x.out); got != x.want {
			t.Errorf("%s: %s, want %s", x.name, got, x.want)
		}
	}
}
