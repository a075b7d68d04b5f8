package conversations_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"timonel/bot"
	"timonel/conversations"
	"timonel/conversations/understand"
	"timonel/steering"
	"timonel/steering/holidays"
	"timonel/steering/plan"
	"timonel/storage"
)

// model is read once: it takes longer than any test.
var model = sync.OnceValues(understand.Load)

// town is a bot on two platforms, without any network.
type town struct {
	t      *testing.T
	db     *storage.DB
	engine *conversations.Engine
	now    time.Time
	n      int
}

func newTown(t *testing.T) *town {
	t.Helper()
	w := &town{t: t, now: time.Date(2026, 3, 2, 14, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return w.now }
	db, err := storage.Open(t.Context(), ":memory:", storage.Options{Now: clock, Migrate: true, Calendar: holidays.Calendar})
	w.check(err)
	t.Cleanup(func() { w.check(db.Close()) })
	m, err := model()
	w.check(err)
	plans, err := plan.Open("")
	w.check(err)
	w.db = db
	w.engine = conversations.New(db, m, conversations.Options{
		Now: clock, Plans: plans, Policy: steering.DefaultPolicy(), Timezone: "America/Bogota", Country: "CO",
		Random:       rand.NewChaCha8([32]byte{1}),
		Capabilities: func(p bot.Platform) bot.Capabilities { return bot.Capabilities{Buttons: p == bot.Slack} },
	})
	return w
}

func (w *town) check(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// someone is a person as one platform knows them.
type someone struct {
	platform   bot.Platform
	user, also bot.UserID
	name       string
}

const group = bot.RoomID("120363000000000001@g.us")

// says makes somebody write in a room, "" for the direct chat, and returns what the bot sends.
func (w *town) says(who someone, room bot.RoomID, text string, mentions ...someone) []bot.Outgoing {
	w.t.Helper()
	in := bot.Incoming{Kind: bot.TextMessage, Text: text, ToBot: true}
	for _, m := range mentions {
		word := "@" + strings.Fields(m.name)[0]
		if at := strings.Index(text, word); at >= 0 {
			in.Mentions = append(in.Mentions, bot.MentionSpan{User: m.user, Also: m.also, Name: m.name, Start: at, End: at + len(word)})
		}
	}
	return w.does(who, room, in)
}

func (w *town) does(who someone, room bot.RoomID, in bot.Incoming) []bot.Outgoing {
	w.t.Helper()
	w.n++
	in.Platform, in.ID, in.Room = who.platform, bot.MessageID(fmt.Sprint("m", w.n)), room
	in.From, in.Also, in.FromName, in.At = who.user, who.also, who.name, w.now
	if room == "" {
		in.Direct, in.Room = true, bot.RoomID("dm-"+who.user)
	}
	w.check(w.engine.Handle(w.t.Context(), in))
	return w.sent()
}

// sent takes what waits to be delivered.
func (w *town) sent() (list []bot.Outgoing) {
	w.t.Helper()
	for _, p := range []bot.Platform{bot.Slack, bot.WhatsApp} {
		for {
			claimed, err := w.db.ClaimOutgoing(w.t.Context(), p, 100, time.Minute)
			w.check(err)
			if len(claimed) == 0 {
				break
			}
			for _, out := range claimed {
				w.check(w.db.MarkSent(w.t.Context(), out.ID, bot.MessageID(fmt.Sprint("out", out.ID))))
			}
			list = append(list, claimed...)
		}
	}
	return list
}

// one is the only message of a list.
func (w *town) one(list []bot.Outgoing) bot.Outgoing {
	w.t.Helper()
	if len(list) != 1 {
		w.t.Fatalf("%d messages: %+v", len(list), list)
	}
	return list[0]
}

func (w *town) view(f func(*storage.Tx) error) {
	w.t.Helper()
	w.check(w.db.View(w.t.Context(), f))
}

func (w *town) person(p bot.Platform, user bot.UserID) (who *steering.Person) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) (err error) {
		who, err = tx.PersonByHandle(p, user)
		return err
	})
	return who
}

func (w *town) project(key string) (p *steering.Project) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) (err error) {
		p, err = tx.Project(key)
		return err
	})
	return p
}

// export is the whole state, which must read back.
func (w *town) export() string {
	w.t.Helper()
	var out bytes.Buffer
	w.check(w.db.Export(w.t.Context(), &out, "", nil))
	other, err := storage.Open(w.t.Context(), ":memory:", storage.Options{Migrate: true, Calendar: holidays.Calendar})
	w.check(err)
	defer other.Close()
	if _, err := other.Import(context.Background(), bytes.NewReader(out.Bytes()), nil); err != nil {
		w.t.Errorf("the export does not read back: %v", err)
	}
	return out.String()
}

var (
	anaW   = someone{bot.WhatsApp, "111@lid", "57300@s.whatsapp.net", "Ana Ruiz"}
	brunoW = someone{bot.WhatsApp, "222@lid", "57301@s.whatsapp.net", "Bruno Díaz"}
	anaS   = someone{bot.Slack, "U1", "", "Ana R."}
)

func (w *town) openACME(who someone) {
	w.t.Helper()
	w.says(who, group, "timonel nuevo proyecto ACME con el plan fieldpro-custom desde el 2 de marzo")
	if m := w.project("ACME").Members; len(m) != 1 {
		w.t.Fatalf("members: %+v", m)
	}
}

// A participant who is only a mention gets a place, and is then known by what they write under.
func TestPlacedByAMention(t *testing.T) {
	w := newTown(t)
	w.openACME(anaW)
	out := w.one(w.says(brunoW, group, "¿cómo vamos?"))
	if !strings.Contains(out.Text, "111@lid") || !strings.Contains(out.Text, "Bruno") || strings.Contains(out.Text, "FieldPro") {
		t.Errorf("an unknown participant gets %q, want the lead to be asked and nothing told", out.Text)
	}
	again := w.one(w.says(brunoW, group, "¿cómo vamos?"))
	if strings.Contains(again.Text, "111@lid") {
		t.Errorf("the lead is asked twice: %q", again.Text)
	}
	w.says(anaW, group, "@Bruno es guardián del cliente", brunoW)
	m := w.project("ACME").Member(w.person(bot.WhatsApp, "222@lid").ID)
	if m == nil || m.Side != steering.SideClient || !m.Has(steering.RoleGuardian) {
		t.Fatalf("members: %+v", w.project("ACME").Members)
	}
	if out := w.one(w.says(brunoW, group, "¿cómo vamos?")); !strings.Contains(out.Text, "verde") && !strings.Contains(out.Text, "🟢") {
		t.Errorf("once placed, the answer is %q", out.Text)
	}
	w.export()
}

// Two new people of one name in one message are two people.
func TestTwoOfOneName(t *testing.T) {
	w := newTown(t)
	w.openACME(anaW)
	first := someone{bot.WhatsApp, "31@lid", "", "Juan"}
	second := someone{bot.WhatsApp, "32@lid", "", "Juan"}
	w.says(anaW, group, "@Juan es guardián del cliente", first)
	w.says(anaW, group, "@Juan es sponsor del cliente", second)
	if a, b := w.person(bot.WhatsApp, "31@lid"), w.person(bot.WhatsApp, "32@lid"); a.ID == b.ID {
		t.Errorf("both are %s", a.ID)
	}
}

func TestOnePersonWhoseAddressChanges(t *testing.T) {
	w := newTown(t)
	byNumber := someone{bot.WhatsApp, anaW.also, "", "+57300"}
	w.openACME(byNumber)
	if got := w.person(bot.WhatsApp, anaW.also); got.Name != "+57300" {
		t.Errorf("she is called %q", got.Name)
	}
	if out := w.one(w.says(anaW, group, "¿cómo vamos?")); strings.Contains(out.Text, "No te tengo") {
		t.Errorf("the lead is a stranger by her hidden address: %q", out.Text)
	}
	got := w.person(bot.WhatsApp, anaW.user)
	if got.Handles["whatsapp"] != string(anaW.user) || got.Name != "Ana Ruiz" || w.project("ACME").Member(got.ID) == nil {
		t.Errorf("she is now %+v", got)
	}
	// A mention by the other address is her too.
	w.says(anaW, group, "el 4 es de @Ana", someone{bot.WhatsApp, "57300@s.whatsapp.net", anaW.user, "Ana Ruiz"})
	if owner := w.project("ACME").Milestone("4").Owner; owner != got.ID {
		t.Errorf("4 belongs to %q, want %q", owner, got.ID)
	}
}

func TestLanguageByWhatTheyWrite(t *testing.T) {
	w := newTown(t)
	w.openACME(anaW)
	if got := w.person(bot.WhatsApp, anaW.user).Language; got != "es" && got != "" {
		t.Errorf("she speaks %q", got)
	}
	w.says(anaW, "", "what is due next week, please?")
	if got := w.person(bot.WhatsApp, anaW.user).Language; got != "en" {
		t.Errorf("she speaks %q, want en", got)
	}
}

var codeInText = regexp.MustCompile(`[A-Z2-9]{4}-[A-Z2-9]{4}`)

// code asks for a code and returns it.
func (w *town) code(who someone, wish string) string {
	w.t.Helper()
	out := w.one(w.says(who, "", wish))
	code := codeInText.FindString(out.Text)
	if code == "" || out.Direct != who.user {
		w.t.Fatalf("%q is answered with %+v", wish, out)
	}
	return code
}

func TestLinkingBySlackAndWhatsApp(t *testing.T) {
	w := newTown(t)
	w.openACME(anaW)
	code := w.code(anaS, "link code")
	sent := w.says(anaW, "", strings.ToLower(code))
	if len(sent) != 2 || sent[0].Platform != bot.Slack || sent[0].Direct != "U1" || !strings.Contains(sent[0].Text, "WhatsApp") || !strings.Contains(sent[1].Text, "Slack") {
		t.Errorf("told: %+v", sent)
	}
	one := w.person(bot.Slack, "U1")
	if one.ID != w.person(bot.WhatsApp, anaW.user).ID || one.Name != "Ana Ruiz" {
		t.Errorf("she is %+v on Slack", one)
	}
	if out := w.one(w.says(anaS, "", "how are we doing?")); strings.Contains(out.Text, "not have you") || len(w.project("ACME").Members) != 1 {
		t.Errorf("on Slack she is a stranger: %q", out.Text)
	}
	if text := w.export(); strings.Count(text, `"id": "ana-r`) != 1 || !strings.Contains(text, "person.linked") {
		t.Errorf("the state: %s", text)
	}
	// The code is used up.
	if out := w.one(w.says(brunoW, "", code)); strings.Contains(out.Text, "🔗") {
		t.Errorf("a code worked twice: %q", out.Text)
	}
	// Undo takes back no link, and does not fail on it.
	w.says(anaW, group, "deshacer")
	if w.person(bot.Slack, "U1").ID != one.ID {
		t.Error("undo tore the link")
	}
}

func TestLinkingTwoWhoBothHavePlaces(t *testing.T) {
	w := newTown(t)
	w.openACME(anaW)
	w.says(anaS, "C1", "new project BETA using cesla starting March 2")
	code := w.code(anaW, "código")
	w.says(anaS, "", code)
	one := w.person(bot.WhatsApp, anaW.user)
	if got := w.person(bot.Slack, "U1"); got.ID != one.ID {
		t.Fatalf("two people: %s and %s", got.ID, one.ID)
	}
	for _, key := range []string{"ACME", "BETA"} {
		if m := w.project(key).Members; len(m) != 1 || m[0].Person != one.ID || !m[0].Has(steering.RoleLead) {
			t.Errorf("%s: %+v", key, m)
		}
	}
	w.export()
}

func TestLinkingIsRefused(t *testing.T) {
	w := newTown(t)
	w.openACME(anaW)
	w.says(anaW, group, "@Bruno es sponsor del cliente", brunoW)
	if out := w.one(w.says(anaW, group, "código")); codeInText.MatchString(out.Text) {
		t.Errorf("a code in front of all: %q", out.Text)
	}
	code := w.code(anaW, "Mi código")
	if out := w.one(w.says(brunoW, "", code)); strings.Contains(out.Text, "🔗") {
		t.Errorf("two of one platform: %q", out.Text)
	}
	// Who is linked already is not taken over by somebody else of the same platform.
	w.says(anaS, "", code)
	if out := w.one(w.says(anaS, "", w.code(brunoW, "código"))); strings.Contains(out.Text, "🔗") || w.person(bot.Slack, "U1").ID != w.person(bot.WhatsApp, anaW.user).ID {
		t.Errorf("a third account: %q", out.Text)
	}
	// Codes end, and nobody tries them all.
	late := w.code(anaW, "código")
	w.now = w.now.Add(16 * time.Minute)
	carla := someone{bot.Slack, "U9", "", "Carla"}
	if out := w.one(w.says(carla, "", late)); strings.Contains(out.Text, "🔗") {
		t.Errorf("a code that is over: %q", out.Text)
	}
	good := w.code(brunoW, "código")
	for range 5 {
		w.says(carla, "", "ABCD-2345")
	}
	if out := w.one(w.says(carla, "", good)); strings.Contains(out.Text, "🔗") {
		t.Errorf("a good code after many bad ones: %q", out.Text)
	}
}

// Nobody can be on both sides of a project by linking two accounts.
func TestLinkingKeepsTheSidesApart(t *testing.T) {
	w := newTown(t)
	w.openACME(anaW)
	bruno := someone{bot.Slack, "U2", "", "Bruno"}
	w.says(bruno, "C1", "new project BETA using cesla starting March 2")
	w.check(w.db.Update(t.Context(), func(tx *storage.Tx) error {
		p, err := tx.Project("ACME")
		if err != nil {
			return err
		}
		who, err := tx.PersonByHandle(bot.Slack, "U2")
		if err != nil {
			return err
		}
		p.Members = append(p.Members, steering.Member{Person: who.ID, Side: steering.SideClient})
		p.Normalize()
		_, err = tx.Save(p, steering.Actor{Person: who.ID})
		return err
	}))
	before := w.export()
	if out := w.one(w.says(bruno, "", w.code(anaW, "código"))); strings.Contains(out.Text, "🔗") || !strings.Contains(out.Text, "ACME") {
		t.Errorf("the two sides became one person: %q", out.Text)
	}
	var a, b struct{ Projects json.RawMessage }
	w.check(json.Unmarshal([]byte(before), &a))
	w.check(json.Unmarshal([]byte(w.export()), &b))
	if !bytes.Equal(a.Projects, b.Projects) {
		t.Error("the refused link changed the projects")
	}
	if slices.ContainsFunc(w.project("ACME").Members, func(m steering.Member) bool { return m.Side == "" }) {
		t.Errorf("members: %+v", w.project("ACME").Members)
	}
}
