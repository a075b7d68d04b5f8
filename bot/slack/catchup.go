package slack

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"time"

	slackgo "github.com/slack-go/slack"

	"timonel/bot"
)

const (
	// Slack offers an event for about six minutes. After a longer silence what was said is read from the channels.
	silence = 3 * time.Minute
	// farthest is how far back that goes: what nobody answered for longer has been said again.
	farthest = 7 * 24 * time.Hour
	// recent is how many messages of each channel are looked at for answers in threads, at least.
	recent = 200
)

// silences remembers up to when the bot heard everything.
type silences struct {
	mu    sync.Mutex
	until time.Time // zero while the connection stands
	first bool      // the first connection of this run was made
	// While what was said since a silence is being read: since when, and the channels whose reading was begun.
	since    time.Time
	channels map[string]*late
}

// late is a channel that is read after a silence.
type late struct {
	since time.Time
	turn  chan struct{} // full while somebody reads
	done  bool          // guarded by the turn
}

// reading reports whether something may be unread.
func (s *silences) reading() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.since.IsZero()
}

// lost notes that the connection broke.
func (s *silences) lost(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.until.IsZero() {
		s.until = now
	}
}

// back notes a new connection and returns since when nothing was heard, zero if nothing has to be done about it.
func (s *silences) back(ctx context.Context, a *Adapter) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	since := s.until
	if !s.first {
		since = time.Time{}
		if a.cfg.HeardUntil != nil {
			at, err := a.cfg.HeardUntil(ctx)
			if err != nil {
				a.cfg.Log.Warn().Err(err).Msg("find when the bot last heard something")
			}
			since = at
		}
	}
	s.first, s.until = true, time.Time{}
	now := a.cfg.Now()
	if since.IsZero() || now.Sub(since) < silence || !s.since.IsZero() {
		return time.Time{}
	}
	if oldest := now.Add(-farthest); since.Before(oldest) {
		since = oldest
	}
	s.since, s.channels = since, map[string]*late{}
	return since
}

func (s *silences) done() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.since, s.channels = time.Time{}, nil
}

// unread returns a channel that may have to be read, nil when nothing has.
func (s *silences) unread(channel string) *late {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.since.IsZero() {
		return nil
	}
	if s.channels[channel] == nil {
		s.channels[channel] = &late{since: s.since, turn: make(chan struct{}, 1)}
	}
	return s.channels[channel]
}

// catchUp reads from the channels what was said while the bot was away for longer than Slack offers events. What was heard
// all the same has the same id and is stored once. Where an event comes from meanwhile is read before it, by takeEvent.
func (a *Adapter) catchUp(ctx context.Context, sink bot.Sink) {
	since := a.away.back(ctx, a)
	if since.IsZero() {
		return
	}
	go func() {
		defer a.away.done()
		channels, err := a.mine(ctx)
		if err != nil {
			a.cfg.Log.Warn().Err(withAdvice(err)).Msg("list channels after a silence")
			return
		}
		a.cfg.Log.Info().Time("since", since).Int("channels", len(channels)).Msg("reading what was said during a silence")
		for _, c := range channels {
			if err := a.catchUpOnce(ctx, sink, c); err != nil && ctx.Err() == nil {
				a.cfg.Log.Warn().Err(withAdvice(err)).Str("channel", c).Msg("read a channel after a silence")
			}
		}
	}()
}

// mine lists the channels and direct chats that the bot is in.
func (a *Adapter) mine(ctx context.Context) ([]string, error) {
	params := &slackgo.GetConversationsForUserParameters{
		Types: []string{"public_channel", "private_channel", "im"}, Limit: searchLimit, ExcludeArchived: true,
	}
	var ids []string
	for {
		var list []slackgo.Channel
		err := a.patient(ctx, func() (err error) {
			list, params.Cursor, err = a.api.GetConversationsForUserContext(ctx, params)
			return err
		})
		if err != nil {
			return ids, err
		}
		for _, c := range list {
			ids = append(ids, c.ID)
		}
		if params.Cursor == "" {
			return ids, nil
		}
	}
}

// catchUpOnce reads a channel after a silence, unless that is done.
func (a *Adapter) catchUpOnce(ctx context.Context, sink bot.Sink, channel string) error {
	l := a.away.unread(channel)
	if l == nil {
		return nil
	}
	select {
	case l.turn <- struct{}{}:
		defer func() { <-l.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if l.done {
		return nil
	}
	err := a.catchUpIn(ctx, sink, channel, l.since)
	l.done = err == nil
	return err
}

func (a *Adapter) catchUpIn(ctx context.Context, sink bot.Sink, channel string, since time.Time) error {
	from := strconv.FormatInt(since.Unix(), 10)
	list, err := a.latest(ctx, channel, from)
	if err != nil {
		return err
	}
	var said []slackgo.Message
	for _, m := range list {
		if m.Timestamp > from {
			said = append(said, m)
		}
		if m.ReplyCount == 0 || m.LatestReply <= from {
			continue
		}
		err := a.patient(ctx, func() (err error) {
			answers, err := a.replies(ctx, channel, m.Timestamp, from)
			said = append(said, answers...)
			return err
		})
		if err != nil {
			return err
		}
	}
	slices.SortStableFunc(said, func(x, y slackgo.Message) int { return cmp.Compare(x.Timestamp, y.Timestamp) })
	for _, m := range said {
		if err := a.hearLate(ctx, sink, channel, m, from); err != nil {
			return err
		}
	}
	return nil
}

// latest lists the newest messages of a channel: all since from, and some before.
func (a *Adapter) latest(ctx context.Context, channel, from string) ([]slackgo.Message, error) {
	params := &slackgo.GetConversationHistoryParameters{ChannelID: channel, Limit: recent}
	var all []slackgo.Message
	for range searchPages {
		var r *slackgo.GetConversationHistoryResponse
		err := a.patient(ctx, func() (err error) {
			r, err = a.api.GetConversationHistoryContext(ctx, params)
			return err
		})
		if err != nil {
			return all, err
		}
		all = append(all, r.Messages...)
		params.Cursor = r.ResponseMetaData.NextCursor
		if n := len(r.Messages); !r.HasMore || params.Cursor == "" || n == 0 || r.Messages[n-1].Timestamp <= from {
			break
		}
	}
	return all, nil
}

// hearLate takes a message that no event told of.
func (a *Adapter) hearLate(ctx context.Context, sink bot.Sink, channel string, m slackgo.Message, from string) error {
	if m.Timestamp <= from {
		return nil // the beginning of a thread
	}
	e := inner{Type: "message", Channel: channel, said: said{
		Subtype: m.SubType, User: m.User, BotID: m.BotID, Text: m.Text, TS: m.Timestamp, ThreadTS: m.ThreadTimestamp, Parent: m.ParentUserId,
	}}
	for _, f := range m.Files {
		e.Files = append(e.Files, sharedFile{ID: f.ID, Name: f.Name, MIME: f.Mimetype, Size: f.Size, Private: f.URLPrivate, Download: f.URLPrivateDownload, Mode: f.Mode})
	}
	h, ok := e.talk(a.identity())
	if !ok {
		return nil
	}
	h.in.Platform, h.in.Room, h.in.Direct = bot.Slack, bot.RoomID(channel), isDirect(channel)
	if err := a.complete(ctx, &h, true); err != nil {
		return err
	}
	return sink.Receive(ctx, h.in)
}

// patient asks Slack until it does not say that it is too often.
func (a *Adapter) patient(ctx context.Context, ask func() error) error {
	for {
		err := ask()
		var limited *slackgo.RateLimitedError
		if !errors.As(err, &limited) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-a.cfg.After(limited.RetryAfter):
		}
	}
}
