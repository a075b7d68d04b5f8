package fakeslack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	slackgo "github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"
)

// app is the real library at the other end.
type app struct {
	api    *slackgo.Client
	socket *socketmode.Client
	got    chan socketmode.Event
	ack    func(socketmode.Event) bool
}

func quietLog() *log.Logger { return log.New(io.Discard, "", 0) }

func client(c *Cast, l Line) *slackgo.Client {
	return slackgo.New(c.BotToken(), slackgo.OptionAPIURL(c.APIURL()), slackgo.OptionAppLevelToken(c.AppToken()),
		slackgo.OptionHTTPClient(l.HTTP), slackgo.OptionLog(quietLog()))
}

// runApp connects and acknowledges what ack allows (all if nil).
func runApp(t *testing.T, c *Cast, l Line, ack func(socketmode.Event) bool) *app {
	a := &app{api: client(c, l), got: make(chan socketmode.Event, 100), ack: ack}
	a.socket = socketmode.New(a.api, socketmode.OptionDialer(&websocket.Dialer{NetDialContext: l.Dial}), socketmode.OptionLog(quietLog()))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); _ = a.socket.RunContext(ctx) }()
	go func() {
		for {
			select {
			case e := <-a.socket.Events:
				if e.Request != nil && e.Request.EnvelopeID != "" {
					if a.ack == nil || a.ack(e) {
						_ = a.socket.Ack(*e.Request)
					}
					a.got <- e
				}
			case <-ended:
				return
			}
		}
	}()
	t.Cleanup(func() { cancel(); <-ended })
	c.Connected()
	return a
}

func inBubble(t *testing.T, opt Options, run func(t *testing.T, c *Cast, l Line)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		c := NewCast(t, opt)
		run(t, c, c.Pipe())
		// Idle connections of the client's must end with the bubble.
	})
}

func closeIdle(t *testing.T, l Line) { t.Cleanup(l.HTTP.CloseIdleConnections) }

func (a *app) next(t *testing.T) socketmode.Event {
	t.Helper()
	select {
	case e := <-a.got:
		return e
	case <-time.After(10 * time.Minute):
		t.Fatal("nothing came")
		return socketmode.Event{}
	}
}

func inner(t *testing.T, e socketmode.Event) any {
	t.Helper()
	api, ok := e.Data.(slackevents.EventsAPIEvent)
	if !ok {
		t.Fatalf("got %T", e.Data)
	}
	return api.InnerEvent.Data
}

func TestTheLibraryHearsPeople(t *testing.T) {
	inBubble(t, Options{}, func(t *testing.T, c *Cast, l Line) {
		closeIdle(t, l)
		ana, bruno := c.Member("Ana Ruiz"), c.Member("Bruno Díaz")
		room := c.Place("comite", ana, bruno)
		a := runApp(t, c, l, nil)

		ana.Mentions(room, "mueve el 3, @bruno & <co>")
		want := "<@" + c.BotUser() + "> mueve el 3, <@" + bruno.ID + "> &amp; &lt;co&gt;"
		if m, ok := inner(t, a.next(t)).(*slackevents.MessageEvent); !ok || m.Text != want || m.User != ana.ID || m.Channel != room.ID {
			t.Errorf("message: %+v", m)
		}
		if m, ok := inner(t, a.next(t)).(*slackevents.AppMentionEvent); !ok || m.Text != want {
			t.Errorf("mention: %+v", m)
		}
		ana.Slash(room, "status")
		cmd, ok := a.next(t).Data.(slackgo.SlashCommand)
		if !ok || cmd.Text != "status" || cmd.ResponseURL == "" || cmd.TriggerID == "" {
			t.Errorf("slash command: %+v", cmd)
		}
		bruno.Joins(c.Place("otro"))
		if m, ok := inner(t, a.next(t)).(*slackevents.MemberJoinedChannelEvent); !ok || m.User != bruno.ID {
			t.Errorf("joined: %+v", m)
		}
		ana.OpensHome()
		if m, ok := inner(t, a.next(t)).(*slackevents.AppHomeOpenedEvent); !ok || m.User != ana.ID {
			t.Errorf("home: %+v", m)
		}
		c.Quiet()
	})
}

func TestTheLibrarySpeaks(t *testing.T) {
	inBubble(t, Options{}, func(t *testing.T, c *Cast, l Line) {
		closeIdle(t, l)
		ana := c.Member("Ana Ruiz")
		room := c.Place("comite", ana)
		a := runApp(t, c, l, nil)
		button := slackgo.NewButtonBlockElement("pick:1", "pick:1", slackgo.NewTextBlockObject("plain_text", "Yes", true, false))
		_, ts, err := a.api.PostMessage(room.ID, slackgo.MsgOptionText("Sure, <@"+ana.ID+">?", false), slackgo.MsgOptionBlocks(
			slackgo.NewSectionBlock(slackgo.NewTextBlockObject("mrkdwn", "Sure, <@"+ana.ID+"> &amp; co?", false, false), nil, nil),
			slackgo.NewActionBlock("", button)),
			slackgo.MsgOptionMetadata(slackgo.SlackMetadata{EventType: "x", EventPayload: map[string]any{"outbox": "7"}}))
		if err != nil {
			t.Fatal(err)
		}
		sent := ana.ExpectText("Sure, @Ana Ruiz & co?", "[Yes]")
		if !slices.Contains(sent.Pings, ana.ID) || sent.Message.TS != ts {
			t.Errorf("sent %+v", sent)
		}
		h, err := a.api.GetConversationHistory(&slackgo.GetConversationHistoryParameters{ChannelID: room.ID, IncludeAllMetadata: true})
		if err != nil || len(h.Messages) != 1 || h.Messages[0].Metadata.EventPayload["outbox"] != "7" {
			t.Errorf("history: %+v, %v", h, err)
		}
		_ = a.next(t) // its own message
		ana.Clicks(room, "Yes")
		press, ok := a.next(t).Data.(slackgo.InteractionCallback)
		if !ok || press.ActionCallback.BlockActions[0].ActionID != "pick:1" || press.Container.MessageTs != ts {
			t.Errorf("press: %+v", press)
		}
		if _, _, _, err := a.api.UpdateMessage(room.ID, ts, slackgo.MsgOptionText("Done", false)); err != nil {
			t.Error(err)
		}
		ana.Expect(func(s *Sent) bool { return s.Kind == Changed && s.Text == "Done" })
		file, err := a.api.UploadFile(slackgo.UploadFileParameters{Filename: "plan.ics", FileSize: 5, Content: "hello", Channel: room.ID})
		if err != nil || string(c.Find("plan.ics").Data) != "hello" {
			t.Errorf("file: %+v, %v", file, err)
		}
		ana.ExpectText("[plan.ics]")
		c.Quiet()
	})
}

func TestWhatIsNotAcknowledgedComesAgain(t *testing.T) {
	inBubble(t, Options{}, func(t *testing.T, c *Cast, l Line) {
		closeIdle(t, l)
		ana := c.Member("Ana Ruiz")
		room := c.Place("comite", ana)
		start := time.Now()
		a := runApp(t, c, l, func(e socketmode.Event) bool { return e.Request.RetryAttempt == 3 })
		ana.Says(room, "hello")
		var after []time.Duration
		for i := range 4 {
			if e := a.next(t); e.Request.RetryAttempt != i {
				t.Errorf("attempt %d came as %d", i, e.Request.RetryAttempt)
			}
			after = append(after, time.Since(start).Round(time.Second))
		}
		// Three seconds of waiting before each, then at once, a minute and five minutes.
		if want := []time.Duration{0, 3 * time.Second, 66 * time.Second, 369 * time.Second}; !slices.Equal(after, want) {
			t.Errorf("came after %v, want %v", after, want)
		}
		c.Quiet()
		if lost := c.Lost(); len(lost) != 0 {
			t.Errorf("lost %v", lost)
		}
	})
}

func TestANewConnectionGetsWhatABrokenOneHeld(t *testing.T) {
	inBubble(t, Options{}, func(t *testing.T, c *Cast, l Line) {
		closeIdle(t, l)
		ana := c.Member("Ana Ruiz")
		room := c.Place("comite", ana)
		broken := false
		a := runApp(t, c, l, func(socketmode.Event) bool {
			if !broken {
				broken = true
				c.DropSockets()
				return false
			}
			return true
		})
		ana.Says(room, "hello")
		a.next(t)
		if e := a.next(t); e.Request.RetryAttempt == 0 {
			t.Errorf("came as attempt %d", e.Request.RetryAttempt)
		}
		c.Settled()
		if open, ever := c.Connections(); open != 1 || ever < 2 {
			t.Errorf("%d of %d connections are open", open, ever)
		}
	})
}

func TestErrorsAreSlacks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := NewCast(t, Options{})
		l := c.Pipe()
		closeIdle(t, l)
		ana, eva := c.Member("Ana Ruiz"), c.Member("Eva Sol")
		room, old, far := c.Place("comite", ana), c.Place("old", ana), c.EmptyChannel("far", ana.Person)
		hidden := c.EmptyChannel("hidden", ana.Person).MakePrivate()
		ana.Archives(old)
		eva.Goes()
		api := client(c, l)
		text := slackgo.MsgOptionText("hi", false)
		post := func(channel string, options ...slackgo.MsgOption) error {
			_, _, err := api.PostMessage(channel, options...)
			return err
		}
		_, whisper := api.PostEphemeral(room.ID, eva.ID, text)
		_, modal := api.OpenView("nonsense", slackgo.ModalViewRequest{Type: "modal"})
		for _, x := range []struct {
			what string
			err  error
			want string
		}{
			{"archived", post(old.ID, text), "is_archived"},
			{"not in", post(far.ID, text), "not_in_channel"},
			{"private", post(hidden.ID, text), "channel_not_found"},
			{"unknown", post("C99", text), "channel_not_found"},
			{"gone", post(eva.ID, text), "user_disabled"},
			{"empty", post(room.ID), "no_text"},
			{"long", post(room.ID, slackgo.MsgOptionText(strings.Repeat("x", 40_001), false)), "msg_too_long"},
			{"thread", post(room.ID, text, slackgo.MsgOptionTS("1.2")), "thread_not_found"},
			{"whisper", whisper, "user_not_found"},
			{"trigger", modal, "invalid_trigger_id"},
		} {
			if x.err == nil || x.err.Error() != x.want {
				t.Errorf("%s: %v, want %s", x.what, x.err, x.want)
			}
		}
		c.TakeScope("chat:write")
		if err := post(room.ID, text); err == nil || err.Error() != "missing_scope" {
			t.Errorf("without scope: %v", err)
		}
		c.RevokeTokens(true, false)
		if err := post(room.ID, text); err == nil || err.Error() != "token_revoked" {
			t.Errorf("revoked: %v", err)
		}
	})
}

func TestFaultsAndLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := NewCast(t, Options{Limits: true})
		l := c.Pipe()
		closeIdle(t, l)
		room := c.Place("comite")
		api := client(c, l)
		post := func(ctx context.Context) error {
			_, _, err := api.PostMessageContext(ctx, room.ID, slackgo.MsgOptionText("hi", false))
			return err
		}
		if err := post(t.Context()); err != nil {
			t.Fatal(err)
		}
		var limited *slackgo.RateLimitedError
		if err := post(t.Context()); !errors.As(err, &limited) || limited.RetryAfter != time.Second {
			t.Errorf("second message of a second: %v", err)
		}
		time.Sleep(time.Second)
		c.Fail(Fault{Method: "chat.postMessage", Status: 503, Taken: true})
		var status slackgo.StatusCodeError
		if err := post(t.Context()); !errors.As(err, &status) || status.Code != 503 {
			t.Errorf("5xx: %v", err)
		}
		time.Sleep(time.Second)
		c.Fail(Fault{Method: "chat.", Hang: true, Taken: true})
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		if err := post(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("time-out: %v", err)
		}
		time.Sleep(time.Second)
		c.Fail(Fault{Break: true})
		if err := post(t.Context()); err == nil {
			t.Error("broken: no error")
		}
		if n := len(c.SentIn(room)); n != 3 {
			t.Errorf("%d messages arrived, want 3", n)
		}
		if got := fmt.Sprint(c.Faults()); got != "map[503 after it was taken:1 broken:1 timeout after it was taken:1]" {
			t.Errorf("faults %s", got)
		}
	})
}

func TestBlocksThatSlackRefuses(t *testing.T) {
	long := strings.Repeat("x", 3001)
	button := func(extra string) string {
		return `[{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"ok"}` + extra + `}]}]`
	}
	var many []string
	for range 51 {
		many = append(many, `{"type":"divider"}`)
	}
	for _, x := range []struct{ blocks, want string }{
		{`[{"type":"section","text":{"type":"mrkdwn","text":"fine"}}]`, ""},
		{button(`,"action_id":"a","value":"v","style":"primary"`), ""},
		{`[{"type":"section","text":{"type":"mrkdwn","text":"` + long + `"}}]`, "no more than 3000"},
		{`[{"type":"section","text":{"type":"mrkdwn","text":""}}]`, "more than 0"},
		{`[{"type":"section"}]`, "missing required field"},
		{`[{"type":"header","text":{"type":"mrkdwn","text":"x"}}]`, "plain_text"},
		{`[` + strings.Join(many, ",") + `]`, "no more than 50"},
		{button(`,"style":"default"`), "primary, danger"},
		{button(`,"colour":"red"`), "invalid additional property"},
		{button(`,"action_id":"` + strings.Repeat("a", 256) + `"`), "255"},
		{`[{"type":"actions","elements":[]}]`, "between 1 and 25"},
		{`[{"type":"divider","block_id":"a"},{"type":"divider","block_id":"a"}]`, "block_id already exists"},
		{`[{"type":"banner"}]`, "unsupported type"},
		{`{"type":"divider"}`, "list of objects"},
	} {
		_, problems := readBlocks(x.blocks, surfaceMessage)
		if got := strings.Join(problems, " "); (x.want == "") != (got == "") || !strings.Contains(got, x.want) {
			t.Errorf("%.80s: got %q, want %q", x.blocks, got, x.want)
		}
	}
}

func TestAModalIsFilledAndSubmitted(t *testing.T) {
	inBubble(t, Options{}, func(t *testing.T, c *Cast, l Line) {
		closeIdle(t, l)
		ana := c.Member("Ana Ruiz")
		room := c.Place("comite", ana)
		a := runApp(t, c, l, nil)
		ana.Slash(room, "move 3")
		cmd := a.next(t).Data.(slackgo.SlashCommand)
		text := func(s string) *slackgo.TextBlockObject {
			return slackgo.NewTextBlockObject("plain_text", s, true, false)
		}
		when := slackgo.NewInputBlock("date", text("Date"), nil, slackgo.NewDatePickerBlockElement("date"))
		when.DispatchAction = true
		view := slackgo.ModalViewRequest{Type: "modal", Title: text("Move"), Submit: text("Move"), Blocks: slackgo.Blocks{BlockSet: []slackgo.Block{
			when, slackgo.NewInputBlock("why", text("Why"), nil, slackgo.NewPlainTextInputBlockElement(nil, "why")),
		}}}
		if _, err := a.api.OpenView(cmd.TriggerID, view); err != nil {
			t.Fatal(err)
		}
		v := ana.ExpectModal()
		ana.Fills(v, "Date", "2026-03-20")
		if e := a.next(t).Data.(slackgo.InteractionCallback); e.Type != "block_actions" || e.View.State.Values["date"]["date"].SelectedDate != "2026-03-20" {
			t.Errorf("change: %+v", e.View.State)
		}
		if _, err := ana.Person.Submits(v, nil); err == nil || !strings.Contains(err.Error(), "Why is required") {
			t.Errorf("an incomplete form: %v", err)
		}
		ana.Submits(v, map[string]string{"Why": "the file is late"})
		e := a.next(t).Data.(slackgo.InteractionCallback)
		if e.Type != "view_submission" || e.View.State.Values["why"]["why"].Value != "the file is late" || !v.Closed() {
			raw, _ := json.Marshal(e.View.State)
			t.Errorf("submission: %s", raw)
		}
	})
}
