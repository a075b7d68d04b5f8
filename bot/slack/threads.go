package slack

import (
	"context"
	"fmt"
	"sync"

	slackgo "github.com/slack-go/slack"

	"timonel/bot"
)

// threadsKept bounds the threads remembered; one that was forgotten is asked for again.
const threadsKept = 10_000

// threads remembers in which threads the bot spoke, and what it said there last; "" for one in which it did not.
type threads struct {
	mu   sync.Mutex
	last map[string]string
}

func (t *threads) spoke(channel, root, ts string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.last == nil || len(t.last) > threadsKept {
		t.last = map[string]string{}
	}
	if name := channel + ":" + root; ts > t.last[name] || ts == "" {
		t.last[name] = ts
	}
}

func (t *threads) get(channel, root string) (string, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	ts, known := t.last[channel+":"+root]
	return ts, known
}

// answered returns the bot's message that a message in a thread answers, "" if the bot has no part in the thread: the
// thread's first if that is the bot's, else what the bot said there last.
func (a *Adapter) answered(ctx context.Context, channel, root, parent string) (bot.MessageID, error) {
	if parent != "" && parent == a.identity().user {
		return messageID(channel, root), nil
	}
	ts, known := a.talks.get(channel, root)
	if !known {
		var err error
		if ts, err = a.spokeIn(ctx, channel, root); err != nil {
			return "", err
		}
		a.talks.spoke(channel, root, ts)
	}
	if ts == "" {
		return "", nil
	}
	return messageID(channel, ts), nil
}

// spokeIn asks Slack what the bot said last in a thread. What Slack will not tell counts as nothing.
func (a *Adapter) spokeIn(ctx context.Context, channel, root string) (string, error) {
	list, err := a.replies(ctx, channel, root, "")
	if err != nil {
		if passing(err) {
			return "", fmt.Errorf("read a thread in %s: %w", channel, err)
		}
		a.cfg.Log.Warn().Err(withAdvice(err)).Str("channel", channel).Msg("read a thread")
		return "", nil
	}
	last := ""
	for _, m := range list {
		if a.isOwn(m.User, m.BotID) && m.Timestamp > last {
			last = m.Timestamp
		}
	}
	return last, nil
}

// isOwn reports whether a message is the bot's.
func (a *Adapter) isOwn(user, botID string) bool {
	self := a.identity()
	return user != "" && user == self.user || botID != "" && botID == self.bot
}

// responses remembers the addresses that let the bot answer a command where it is no member.
type responses struct {
	mu   sync.Mutex
	urls map[bot.MessageID]string
	list []bot.MessageID
}

// responsesKept bounds the addresses remembered; each is good for half an hour and five answers.
const responsesKept = 2000

func (r *responses) keep(id bot.MessageID, url string) {
	if url == "" {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.urls == nil {
		r.urls = map[bot.MessageID]string{}
	}
	if _, known := r.urls[id]; !known {
		r.list = append(r.list, id)
	}
	r.urls[id] = url
	if len(r.list) > responsesKept {
		delete(r.urls, r.list[0])
		r.list = r.list[1:]
	}
}

func (r *responses) get(id bot.MessageID) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.urls[id]
}

// answerURL answers a command through its own address when the bot may not post where it was given.
func (d *delivery) answerURL(ctx context.Context, cause error, p page) (string, bool) {
	if !is(cause, []string{"not_in_channel", "channel_not_found", "user_not_in_channel"}) {
		return "", false
	}
	url := d.asked.get(d.out.Thread)
	if url == "" {
		return "", false
	}
	kind := slackgo.ResponseTypeInChannel
	if d.out.Ephemeral {
		kind = slackgo.ResponseTypeEphemeral
	}
	options := []slackgo.MsgOption{slackgo.MsgOptionResponseURL(url, kind), slackgo.MsgOptionText(p.text, false)}
	if len(p.blocks) > 0 {
		options = append(options, slackgo.MsgOptionBlocks(p.blocks...))
	}
	if _, _, err := d.api.PostMessageContext(ctx, d.channel, options...); err != nil {
		d.cfg.Log.Warn().Err(err).Int64("outbox_id", d.out.ID).Msg("answer a command where the bot is no member")
		return "", false
	}
	return "response-" + d.name(), true
}
