package slack

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	slackgo "github.com/slack-go/slack"
)

// How long what Slack says of people and channels is believed.
const (
	personKept   = time.Hour
	channelKept  = 10 * time.Minute
	unknownKept  = time.Minute // what could not be asked
	directoryMax = 20_000
)

// person is what Slack knows of a user.
type person struct {
	name, language, zone string
	guest                bool // from outside the workspace, or a guest in it
	until                time.Time
}

// channel is what Slack knows of a conversation.
type channel struct {
	name   string
	shared bool
	until  time.Time
}

// directory remembers people, channels and direct chats.
type directory struct {
	mu       *sync.Mutex
	now      func() time.Time
	people   map[string]person
	channels map[string]channel
	direct   map[string]string // user to direct chat
}

func newDirectory(now func() time.Time) directory {
	return directory{mu: &sync.Mutex{}, now: now, people: map[string]person{}, channels: map[string]channel{}, direct: map[string]string{}}
}

func (d directory) person(id string) (person, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p, known := d.people[id]
	return p, known && d.now().Before(p.until)
}

func (d directory) keepPerson(id string, p person) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.people) > directoryMax {
		clear(d.people)
	}
	d.people[id] = p
}

func (d directory) channel(id string) (channel, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c, known := d.channels[id]
	return c, known && d.now().Before(c.until)
}

func (d directory) keepChannel(id string, c channel) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.channels) > directoryMax {
		clear(d.channels)
	}
	d.channels[id] = c
}

// name is how a person is called in a text that mentions them.
func (d directory) name(id string) string {
	p, _ := d.person(id)
	return p.name
}

// meet finds out who a user is. An error means that Slack may answer in a moment; whoever Slack does not tell of is a
// person without a name.
func (a *Adapter) meet(ctx context.Context, id string) (person, error) {
	if p, known := a.who.person(id); known || id == "" {
		return p, nil
	}
	u, err := a.api.GetUserInfoContext(ctx, id, slackgo.GetUserInfoOptionIncludeLocale(true))
	if err != nil {
		if passing(err) {
			return person{}, fmt.Errorf("ask Slack who %s is: %w", id, err)
		}
		a.cfg.Log.Warn().Err(withAdvice(err)).Str("user_id", id).Msg("ask who somebody is")
		p := person{until: a.cfg.Now().Add(unknownKept)}
		a.who.keepPerson(id, p)
		return p, nil
	}
	p := a.known(u)
	a.who.keepPerson(id, p)
	return p, nil
}

func (a *Adapter) known(u *slackgo.User) person {
	team := a.identity().team
	name := u.RealName
	for _, other := range []string{u.Profile.RealName, u.Profile.DisplayName, u.Name} {
		if strings.TrimSpace(name) == "" {
			name = other
		}
	}
	language, _, _ := strings.Cut(strings.ToLower(u.Locale), "-")
	return person{
		name: strings.TrimSpace(name), language: language, zone: u.TZ, until: a.cfg.Now().Add(personKept),
		guest: u.IsStranger || u.IsRestricted || u.IsUltraRestricted || team != "" && u.TeamID != "" && u.TeamID != team,
	}
}

// place finds out what a channel is called and whether strangers read it; errors as with meet.
func (a *Adapter) place(ctx context.Context, id string) (channel, error) {
	if c, known := a.who.channel(id); known || id == "" || isDirect(id) {
		return c, nil
	}
	info, err := a.api.GetConversationInfoContext(ctx, &slackgo.GetConversationInfoInput{ChannelID: id})
	if err != nil {
		if passing(err) {
			return channel{}, fmt.Errorf("ask Slack what %s is: %w", id, err)
		}
		c := channel{until: a.cfg.Now().Add(unknownKept)}
		a.who.keepChannel(id, c)
		return c, nil
	}
	c := channel{name: info.Name, shared: info.IsExtShared || info.IsPendingExtShared, until: a.cfg.Now().Add(channelKept)}
	a.who.keepChannel(id, c)
	return c, nil
}

// isDirect reports whether a channel is a direct chat: Slack says so in its first letter.
func isDirect(id string) bool { return strings.HasPrefix(id, "D") }

// directWith opens the direct chat with a user.
func (a *Adapter) directWith(ctx context.Context, user string) (string, error) {
	a.who.mu.Lock()
	id := a.who.direct[user]
	a.who.mu.Unlock()
	if id != "" {
		return id, nil
	}
	c, _, _, err := a.api.OpenConversationContext(ctx, &slackgo.OpenConversationParameters{Users: []string{user}})
	if err != nil {
		return "", err
	}
	a.who.mu.Lock()
	defer a.who.mu.Unlock()
	a.who.direct[user] = c.ID
	return c.ID, nil
}

// identity is who the bot is; zero before Slack was asked.
func (a *Adapter) identity() identity {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.self
}

// introduce asks Slack who the bot is, once.
func (a *Adapter) introduce(ctx context.Context) (identity, error) {
	if self := a.identity(); self.user != "" {
		return self, nil
	}
	r, err := a.api.AuthTestContext(ctx)
	if err != nil {
		return identity{}, err
	}
	if r.UserID == "" {
		return identity{}, slackgo.SlackErrorResponse{Err: "not_allowed_token_type"}
	}
	self := identity{user: r.UserID, bot: r.BotID, team: r.TeamID, name: strings.ToLower(r.User)}
	for s := range strings.SplitSeq(r.Header.Get("X-OAuth-Scopes"), ",") {
		if s = strings.TrimSpace(s); s != "" {
			self.scopes = append(self.scopes, s)
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.self = self
	return self, nil
}
