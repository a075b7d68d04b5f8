package slack

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	slackgo "github.com/slack-go/slack"

	"timonel/bot"
	"timonel/internal/markup"
)

// longTalk is the length at which an answer goes into a thread of its question, so that it does not fill the channel.
const longTalk = 1500

// delivery is one message on its way to one place.
type delivery struct {
	*Adapter
	out     bot.Outgoing
	from    source
	channel string
	thread  string // timestamp of the thread to post in, "" at the top
	landed  map[string]string
}

// Send implements bot.Adapter.
func (a *Adapter) Send(ctx context.Context, out bot.Outgoing) (bot.MessageID, error) {
	d, err := a.deliver(ctx, out)
	if err != nil {
		return "", classify(err, "open the chat with "+string(out.Direct), true)
	}
	// What was begun before may have arrived in part.
	if out.Attempt > 1 && !d.whispered() {
		if d.landed, err = d.search(ctx); err != nil {
			return "", classify(err, "look for what arrived of a message", true)
		}
	}
	id, err := d.send(ctx)
	if err == nil {
		a.homes.touched(a, out)
	}
	return id, err
}

func (a *Adapter) deliver(ctx context.Context, out bot.Outgoing) (*delivery, error) {
	d := &delivery{Adapter: a, out: out, from: readID(out.Thread), channel: string(out.Room), landed: map[string]string{}}
	if out.Direct != "" && !isDirect(d.channel) {
		id, err := a.directWith(ctx, string(out.Direct))
		if err != nil {
			return nil, err
		}
		d.channel = id
	}
	d.thread = d.threadFor()
	return d, nil
}

// threadFor decides where an answer stands: in the thread of its question if that is in one, in a new thread when it
// would be long talk, else at the top where everybody sees it.
func (d *delivery) threadFor() string {
	switch {
	case d.from.channel != d.channel:
		return ""
	case d.from.root != "":
		return d.from.root
	case d.from.kind != "" || isDirect(d.channel) || isCard(d.out):
		return ""
	case d.out.Ask != "" || size(markup.Plain(d.out.Text)) > longTalk:
		return d.from.ts
	}
	return ""
}

// whispered reports whether only one person is to see the message. Slack cannot whisper files, and a direct chat needs no
// whispering.
func (d *delivery) whispered() bool {
	return d.out.Ephemeral && d.out.Only != "" && !isDirect(d.channel) && len(d.out.Files) == 0
}

func (d *delivery) send(ctx context.Context) (bot.MessageID, error) {
	if d.out.Card != "" {
		if id, done, err := d.editCard(ctx); done || err != nil {
			return id, err
		}
	}
	shown, rest, err := d.attachments(ctx)
	if err != nil {
		return "", classify(err, "upload a picture", true)
	}
	r := render(d.out, shown)
	if r.attachWhole(d.out) {
		rest = append(rest, wholeText(d.out))
	}
	first, err := d.pages(ctx, r)
	if unready(err) && len(shown) > 0 {
		// Slack could not show the pictures in the message; they follow it as files.
		rest = append(d.pictureFiles(), rest...)
		first, err = d.pages(ctx, render(d.out, nil))
	}
	if is(err, shapeCodes) {
		first, err = d.plainer(ctx, err)
	}
	if err != nil {
		return "", err
	}
	if d.out.Card != "" {
		d.cards.keep(d.channel, d.out.Card, first)
	}
	return first, d.share(ctx, rest)
}

// attachments returns the pictures to show within the message and the files to show after it. Pictures of a message whose
// text arrived without them follow as files.
func (d *delivery) attachments(ctx context.Context) (shown []picture, rest []bot.File, err error) {
	rest = d.otherFiles()
	if d.landed["pictures"] != "" || d.whispered() {
		return nil, rest, nil
	}
	if d.textLanded() {
		return nil, append(d.pictureFiles(), rest...), nil
	}
	shown, err = d.pictures(ctx)
	return shown, rest, err
}

// textLanded reports whether all pages arrived.
func (d *delivery) textLanded() bool {
	for i := range render(d.out, nil).pages {
		if d.landed["text-"+strconv.Itoa(i)] == "" {
			return false
		}
	}
	return true
}

// pages posts the pages of a message that have not arrived yet: the first where it belongs, the others in its thread.
func (d *delivery) pages(ctx context.Context, r rendered) (bot.MessageID, error) {
	first := ""
	for i, p := range r.pages {
		name := "text-" + strconv.Itoa(i)
		ts := d.landed[name]
		if ts == "" {
			thread := d.thread
			if i > 0 && thread == "" {
				thread = first
			}
			var err error
			if ts, err = d.placed(ctx, p, name, thread); err != nil {
				return "", err
			}
			d.landed[name] = ts
		}
		if i == 0 {
			first = ts
		}
	}
	if d.thread != "" && !d.whispered() {
		d.talks.spoke(d.channel, d.thread, first)
	}
	return messageID(d.channel, first), nil
}

// placed posts one page; one with pictures patiently.
func (d *delivery) placed(ctx context.Context, p page, name, thread string) (string, error) {
	post := func() (string, error) { return d.post(ctx, p, name, thread) }
	if hasPicture(slackgo.Blocks{BlockSet: p.blocks}) {
		return d.patiently(ctx, post)
	}
	return post()
}

// post posts one page and returns its timestamp.
func (d *delivery) post(ctx context.Context, p page, name, thread string) (string, error) {
	options := []slackgo.MsgOption{
		slackgo.MsgOptionText(p.text, false), slackgo.MsgOptionDisableLinkUnfurl(), slackgo.MsgOptionDisableMediaUnfurl(),
	}
	if len(p.blocks) > 0 {
		options = append(options, slackgo.MsgOptionBlocks(p.blocks...))
	}
	if thread != "" {
		options = append(options, slackgo.MsgOptionTS(thread))
	}
	var ts string
	var err error
	if d.whispered() {
		ts, err = d.api.PostEphemeralContext(ctx, d.channel, string(d.out.Only), options...)
	} else {
		options = append(options, slackgo.MsgOptionMetadata(d.label(name)))
		_, ts, err = d.api.PostMessageContext(ctx, d.channel, options...)
	}
	if err == nil {
		return ts, nil
	}
	if ts, done := d.answerURL(ctx, err, p); done {
		return ts, nil
	}
	if is(err, shapeCodes) {
		return "", err // for whoever can make it plainer
	}
	return "", classify(err, "post to "+d.channel, false)
}

// plainer posts the text alone when Slack does not take the message as it was made. That is an error of ours, and told to
// the operator, but the person gets an answer.
func (d *delivery) plainer(ctx context.Context, cause error) (bot.MessageID, error) {
	var refused slackgo.SlackErrorResponse
	errors.As(cause, &refused)
	d.cfg.Log.Error().Err(cause).Strs("details", refused.ResponseMetadata.Messages).Int64("outbox_id", d.out.ID).
		Str("kind", string(d.out.Kind)).Msg("Slack refused a message's form; sending its text alone")
	if d.landed["text-0"] != "" {
		return "", bot.Permanent(fmt.Errorf("post the rest of a message to %s: %w", d.channel, cause))
	}
	text := orEllipsis(fallback(strings.Join(written(lines(labelled(d.out))), "\n")))
	ts, err := d.post(ctx, page{text: text}, "text-0", d.thread)
	if is(err, shapeCodes) {
		return "", bot.Permanent(fmt.Errorf("post to %s: %w", d.channel, err))
	}
	return messageID(d.channel, ts), err
}

// label is the metadata by which a message of ours is found again.
func (d *delivery) label(name string) slackgo.SlackMetadata {
	return slackgo.SlackMetadata{EventType: metadataType, EventPayload: map[string]any{"message": d.name(), "part": name}}
}

// name tells one outgoing message from all others, those of a database that was started anew included.
func (d *delivery) name() string {
	return strconv.FormatInt(d.out.ID, 10) + "@" + strconv.FormatInt(d.out.At.UnixNano(), 36)
}

func wholeText(out bot.Outgoing) bot.File {
	data := []byte(markup.Plain(labelled(out)))
	return bot.File{Name: "timonel.txt", MIME: "text/plain", Bytes: len(data), Data: data}
}
