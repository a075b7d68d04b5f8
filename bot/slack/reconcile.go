package slack

import (
	"context"
	"fmt"
	"strconv"
	"time"

	slackgo "github.com/slack-go/slack"

	"timonel/bot"
)

// metadataType marks the messages of ours.
const metadataType = "timonel_message"

const (
	// searchSlack is how far Slack's clock and ours may lie apart.
	searchSlack = 5 * time.Minute
	searchPages = 10
	searchLimit = 200
	// secondLook is the wait before a message that was not found is looked for again: what Slack took may show late.
	secondLook = 2 * time.Second
)

// Sent implements bot.Reconciler: it looks for the message's metadata in what the channel shows. A whisper cannot be
// looked for and counts as not sent.
func (a *Adapter) Sent(ctx context.Context, out bot.Outgoing) (bot.MessageID, bool, error) {
	d, err := a.deliver(ctx, out)
	if err != nil {
		if is(err, goneCodes) {
			return "", false, nil // the next sending says what is the matter
		}
		return "", false, fmt.Errorf("open the chat with %s: %w", out.Direct, err)
	}
	if d.whispered() {
		return "", false, nil
	}
	for look := range 2 {
		if look > 0 {
			select {
			case <-ctx.Done():
				return "", false, ctx.Err()
			case <-a.cfg.After(secondLook):
			}
		}
		if d.landed, err = d.search(ctx); err != nil {
			if is(err, goneCodes) {
				return "", false, nil
			}
			return "", false, fmt.Errorf("look for a message in %s: %w", d.channel, withAdvice(err))
		}
		if id, whole := d.whole(); whole {
			return id, true, nil
		}
	}
	return "", false, nil
}

// whole reports whether every part of the message arrived.
func (d *delivery) whole() (bot.MessageID, bool) {
	if !d.textLanded() {
		return "", false
	}
	follow := len(d.otherFiles())
	if d.landed["pictures"] == "" {
		follow += len(d.pictureFiles())
	}
	if r := render(d.out, nil); r.attachWhole(d.out) {
		follow++
	}
	if follow > 0 && d.landed["files"] == "" {
		return "", false
	}
	return messageID(d.channel, d.landed["text-0"]), true
}

// search finds the parts of the message that arrived, by name.
func (d *delivery) search(ctx context.Context) (map[string]string, error) {
	landed := map[string]string{}
	oldest := ""
	if !d.out.At.IsZero() {
		oldest = strconv.FormatInt(d.out.At.Add(-searchSlack).Unix(), 10)
	}
	messages, err := d.history(ctx, d.channel, oldest)
	if err != nil {
		return nil, err
	}
	d.sift(messages, landed)
	for _, root := range []string{d.thread, d.pointerThread(), landed["text-0"]} {
		if root == "" {
			continue
		}
		replies, err := d.replies(ctx, d.channel, root, oldest)
		if err != nil {
			return nil, err
		}
		d.sift(replies, landed)
	}
	return landed, nil
}

// sift notes which messages are parts of ours. Slack keeps no metadata with files; they are ours when the bot sent
// files of those names after the text.
func (d *delivery) sift(messages []slackgo.Message, landed map[string]string) {
	for _, m := range messages {
		md := m.Metadata
		if md.EventType != metadataType || fmt.Sprint(md.EventPayload["message"]) != d.name() {
			continue
		}
		landed[fmt.Sprint(md.EventPayload["part"])] = m.Timestamp
		if hasPicture(m.Blocks) {
			landed["pictures"] = m.Timestamp
		}
	}
	text := landed["text-0"]
	for _, m := range messages {
		if text != "" && len(m.Files) > 0 && m.User == d.identity().user && m.Timestamp > text && d.carries(m.Files) {
			landed["files"] = m.Timestamp
		}
	}
}

func hasPicture(blocks slackgo.Blocks) bool {
	for _, b := range blocks.BlockSet {
		if b.BlockType() == slackgo.MBTImage {
			return true
		}
	}
	return false
}

// carries reports whether all those files are files of the message.
func (d *delivery) carries(files []slackgo.File) bool {
	names := map[string]bool{wholeText(d.out).Name: true}
	for _, f := range d.out.Files {
		names[f.Name] = true
	}
	for _, f := range files {
		if !names[f.Name] {
			return false
		}
	}
	return true
}

func (a *Adapter) history(ctx context.Context, channel, oldest string) ([]slackgo.Message, error) {
	params := &slackgo.GetConversationHistoryParameters{ChannelID: channel, Oldest: oldest, Limit: searchLimit, IncludeAllMetadata: true}
	var all []slackgo.Message
	for range searchPages {
		r, err := a.api.GetConversationHistoryContext(ctx, params)
		if err != nil {
			return nil, err
		}
		all = append(all, r.Messages...)
		if params.Cursor = r.ResponseMetaData.NextCursor; !r.HasMore || params.Cursor == "" {
			break
		}
	}
	return all, nil
}

func (a *Adapter) replies(ctx context.Context, channel, root, oldest string) ([]slackgo.Message, error) {
	params := &slackgo.GetConversationRepliesParameters{ChannelID: channel, Timestamp: root, Oldest: oldest, Limit: searchLimit, IncludeAllMetadata: true}
	var all []slackgo.Message
	for range searchPages {
		list, more, cursor, err := a.api.GetConversationRepliesContext(ctx, params)
		if err != nil {
			if code(err) == "thread_not_found" {
				return all, nil
			}
			return nil, err
		}
		all = append(all, list...)
		if params.Cursor = cursor; !more || cursor == "" {
			break
		}
	}
	return all, nil
}
