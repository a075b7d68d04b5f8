package slack

import (
	"context"
	"strings"
	"sync"

	slackgo "github.com/slack-go/slack"

	"timonel/bot"
)

// cards remembers which message shows a card in a channel.
type cards struct {
	mu    sync.Mutex
	shown map[string]bot.MessageID
}

func (c *cards) get(room, card string) (bot.MessageID, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	id, known := c.shown[room+"\x00"+card]
	return id, known
}

func (c *cards) keep(room, card string, id bot.MessageID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.shown == nil {
		c.shown = map[string]bot.MessageID{}
	}
	c.shown[room+"\x00"+card] = id
}

// cardShown finds the message of a card: in memory, else with whoever remembers earlier runs.
func (d *delivery) cardShown(ctx context.Context) (source, bool) {
	id, known := d.cards.get(d.channel, d.out.Card)
	if !known && d.cfg.Card != nil {
		id, known = d.cfg.Card(ctx, bot.RoomID(d.channel), d.out.Card)
	}
	at := readID(id)
	return at, known && at.kind == "" && at.channel == d.channel && at.ts != ""
}

// editCard edits the message that shows the card; done is false when there is none, or none that can be edited, and the
// card is to be posted anew. Whoever asked for it gets a line that leads to it.
func (d *delivery) editCard(ctx context.Context) (bot.MessageID, bool, error) {
	at, known := d.cardShown(ctx)
	if !known {
		return "", false, nil
	}
	pictures, err := d.pictures(ctx)
	if err != nil {
		return "", false, classify(err, "upload a picture", true)
	}
	p := render(d.out, pictures).pages[0]
	options := []slackgo.MsgOption{slackgo.MsgOptionText(p.text, false), slackgo.MsgOptionBlocks(p.blocks...), slackgo.MsgOptionMetadata(d.label("card"))}
	_, err = d.patiently(ctx, func() (string, error) {
		_, ts, _, err := d.api.UpdateMessageContext(ctx, d.channel, at.ts, options...)
		return ts, err
	})
	switch {
	case is(err, []string{"message_not_found", "cant_update_message", "edit_window_closed", "is_inactive"}), is(err, shapeCodes):
		return "", false, nil
	case err != nil:
		return "", false, classify(err, "edit a card in "+d.channel, true)
	}
	d.files.forget(d.name())
	id := messageID(d.channel, at.ts)
	d.cards.keep(d.channel, d.out.Card, id)
	return id, true, d.pointTo(ctx, at, p)
}

// pointTo tells who asked where the card is: a link with the card's first line, seen by them alone after a command, in a
// thread of their message otherwise.
func (d *delivery) pointTo(ctx context.Context, at source, p page) error {
	if d.out.Thread == "" || d.from.channel != d.channel || d.landed["pointer"] != "" {
		return nil
	}
	link, err := d.api.GetPermalinkContext(ctx, &slackgo.PermalinkParameters{Channel: d.channel, Ts: at.ts})
	if err != nil {
		return nil //nolint:nilerr // the card is up to date, which is what matters
	}
	first, _, _ := strings.Cut(headOf(d.out), "\n")
	text := page{text: "<" + link + "|" + orEllipsis(strings.NewReplacer("|", "/").Replace(literal(oneLine(first), 'a', true))) + ">"}
	pointer := *d
	pointer.out.Ephemeral, pointer.out.Only = d.from.user != "", bot.UserID(d.from.user)
	pointer.thread = d.pointerThread()
	pointer.out.Files = nil
	ts, err := pointer.post(ctx, text, "pointer", pointer.thread)
	if err == nil && pointer.thread != "" {
		d.talks.spoke(d.channel, pointer.thread, ts)
	}
	return err
}

// pointerThread is the thread of who asked for a card with a message.
func (d *delivery) pointerThread() string {
	switch {
	case d.out.Card == "" || d.from.kind != "" || d.from.channel != d.channel || isDirect(d.channel):
		return ""
	case d.from.root != "":
		return d.from.root
	}
	return d.from.ts
}

func headOf(out bot.Outgoing) string {
	body := lines(out.Text)
	return headline(body[0])
}
