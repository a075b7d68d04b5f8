package fakeslack

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
)

func (s *Server) authTest(c *call) obj {
	if c.token == s.appToken {
		return obj{"app_name": s.opt.BotName, "app_id": s.app}
	}
	return obj{
		"url": "https://acme.slack.com/", "team": s.opt.TeamName, "user": s.opt.BotName, "team_id": s.team, "user_id": s.botUser,
		"bot_id": s.botID, "is_enterprise_install": false,
	}
}

func (s *Server) botsInfo(c *call) obj {
	if b := c.get("bot"); b != "" && b != s.botID {
		return fails("bot_not_found")
	}
	return obj{"bot": obj{"id": s.botID, "name": s.opt.BotName, "app_id": s.app, "user_id": s.botUser, "deleted": false, "icons": obj{}}}
}

func (s *Server) teamInfo(c *call) obj {
	return obj{"team": obj{"id": s.team, "name": s.opt.TeamName, "domain": "acme", "email_domain": ""}}
}

func (s *Server) usersInfo(c *call) obj {
	p := s.people[c.get("user")]
	if p == nil {
		return fails("user_not_found")
	}
	u := p.json()
	if !c.flag("include_locale") {
		delete(u, "locale")
	}
	return obj{"user": u}
}

func (s *Server) usersList(c *call) obj {
	var all []obj
	for _, id := range sortedKeys(s.people) {
		u := s.people[id].json()
		if !c.flag("include_locale") {
			delete(u, "locale")
		}
		all = append(all, u)
	}
	page, next, refusal := pageOf(c, all, 200)
	if refusal != nil {
		return refusal
	}
	return obj{"members": page, "cache_ts": 1, "response_metadata": obj{"next_cursor": next}}
}

// visible finds a channel that the bot may know of.
func (s *Server) visible(id string) *Channel {
	c := s.channels[id]
	if c == nil || (c.Private || c.IM) && !c.has(s.botUser) {
		return nil
	}
	return c
}

func (s *Server) conversationsInfo(c *call) obj {
	ch := s.visible(c.get("channel"))
	if ch == nil {
		return fails("channel_not_found")
	}
	if refusal := s.lacks(readScopes[ch.kind()]); refusal != nil {
		return refusal
	}
	return obj{"channel": ch.json(s)}
}

// Scopes by the kind of channel.
var (
	readScopes    = map[string]string{"channel": "channels:read", "group": "groups:read", "im": "im:read"}
	historyScopes = map[string]string{"channel": "channels:history", "group": "groups:history", "im": "im:history"}
	listTypes     = map[string]string{"public_channel": "channel", "private_channel": "group", "im": "im"}
)

// lacks refuses a call for want of a scope.
func (s *Server) lacks(scope string) obj {
	if scope == "" || s.scopes[scope] {
		return nil
	}
	return obj{"ok": false, "error": "missing_scope", "needed": scope, "provided": strings.Join(sortedKeys(s.scopes), ",")}
}

func (s *Server) conversationsList(c *call) obj { return s.listChannels(c, false) }

func (s *Server) usersConversations(c *call) obj { return s.listChannels(c, true) }

func (s *Server) listChannels(c *call, mine bool) obj {
	types := strings.Split(c.get("types"), ",")
	if c.get("types") == "" {
		types = []string{"public_channel"}
	}
	var kinds []string
	for _, t := range types {
		if refusal := s.lacks(readScopes[listTypes[t]]); refusal != nil {
			return refusal
		}
		kinds = append(kinds, listTypes[t])
	}
	var all []obj
	for _, ch := range s.order {
		if !slices.Contains(kinds, ch.kind()) || s.visible(ch.ID) == nil || mine && !ch.has(s.botUser) {
			continue
		}
		if ch.archived && c.flag("exclude_archived") {
			continue
		}
		all = append(all, ch.json(s))
	}
	page, next, refusal := pageOf(c, all, 100)
	if refusal != nil {
		return refusal
	}
	return obj{"channels": page, "response_metadata": obj{"next_cursor": next}}
}

func (s *Server) conversationsMembers(c *call) obj {
	ch := s.visible(c.get("channel"))
	if ch == nil {
		return fails("channel_not_found")
	}
	page, next, refusal := pageOf(c, slices.Clone(ch.members), 100)
	if refusal != nil {
		return refusal
	}
	return obj{"members": page, "response_metadata": obj{"next_cursor": next}}
}

func (s *Server) conversationsOpen(c *call) obj {
	users := strings.Split(c.get("users"), ",")
	if id := c.get("channel"); id != "" {
		ch := s.visible(id)
		if ch == nil || !ch.IM {
			return fails("channel_not_found")
		}
		return obj{"channel": obj{"id": ch.ID}, "already_open": true, "no_op": true}
	}
	if len(users) != 1 {
		return fails("invalid_user_combination")
	}
	p := s.people[users[0]]
	switch {
	case p == nil:
		return fails("user_not_found")
	case p.deleted:
		return fails("user_disabled")
	case p.bot:
		return fails("cannot_dm_bot")
	}
	ch := s.direct(p.ID)
	if c.flag("return_im") {
		return obj{"channel": ch.json(s)}
	}
	return obj{"channel": obj{"id": ch.ID}}
}

// pageOf cuts the page that a cursor names.
func pageOf[T any](c *call, all []T, most int) ([]T, string, obj) {
	from := 0
	if cursor := c.get("cursor"); cursor != "" {
		raw, err := base64.StdEncoding.DecodeString(cursor)
		n, err2 := strconv.Atoi(strings.TrimPrefix(string(raw), "at:"))
		if err != nil || err2 != nil || n < 0 || n > len(all) {
			return nil, "", fails("invalid_cursor")
		}
		from = n
	}
	limit := c.int("limit", most)
	if limit <= 0 || limit > 1000 {
		return nil, "", fails("invalid_limit")
	}
	end := min(from+limit, len(all))
	next := ""
	if end < len(all) {
		next = base64.StdEncoding.EncodeToString([]byte("at:" + strconv.Itoa(end)))
	}
	if all == nil {
		all = []T{}
	}
	return all[from:end], next, nil
}

func (s *Server) conversationsHistory(c *call) obj {
	ch, refusal := s.readable(c)
	if refusal != nil {
		return refusal
	}
	var list []obj
	for _, m := range slices.Backward(ch.messages) {
		top := m.ThreadTS == "" || m.ThreadTS == m.TS || m.Broadcast
		if top && m.shownIn(c) {
			list = append(list, m.json(s, c.flag("include_all_metadata")))
		}
	}
	page, next, refusal := pageOf(c, list, 100)
	if refusal != nil {
		return refusal
	}
	return obj{"messages": page, "has_more": next != "", "pin_count": 0, "response_metadata": obj{"next_cursor": next}}
}

func (s *Server) conversationsReplies(c *call) obj {
	ch, refusal := s.readable(c)
	if refusal != nil {
		return refusal
	}
	root := ch.message(c.get("ts"))
	if root == nil {
		return fails("thread_not_found")
	}
	var list []obj
	for _, m := range ch.messages {
		if m == root || m.ThreadTS == root.TS && m.shownIn(c) {
			list = append(list, m.json(s, c.flag("include_all_metadata")))
		}
	}
	page, next, refusal := pageOf(c, list, 1000)
	if refusal != nil {
		return refusal
	}
	return obj{"messages": page, "has_more": next != "", "response_metadata": obj{"next_cursor": next}}
}

// readable finds a channel whose messages the bot may read: by membership and by scope.
func (s *Server) readable(c *call) (*Channel, obj) {
	ch := s.visible(c.get("channel"))
	if ch == nil {
		return nil, fails("channel_not_found")
	}
	if !ch.has(s.botUser) {
		return nil, fails("not_in_channel")
	}
	if refusal := s.lacks(historyScopes[ch.kind()]); refusal != nil {
		return nil, refusal
	}
	return ch, nil
}

// shownIn reports whether a message lies within the limits of a call.
func (m *Message) shownIn(c *call) bool {
	if m.deleted || m.EphemeralTo != "" {
		return false
	}
	if oldest := c.get("oldest"); oldest != "" && (tsLess(m.TS, oldest) || m.TS == oldest && !c.flag("inclusive")) {
		return false
	}
	if latest := c.get("latest"); latest != "" && (tsLess(latest, m.TS) || m.TS == latest && !c.flag("inclusive")) {
		return false
	}
	return true
}

// tsLess compares timestamps by number.
func tsLess(a, b string) bool { return micros(a) < micros(b) }

func micros(ts string) int64 {
	sec, frac, _ := strings.Cut(ts, ".")
	frac = (frac + "000000")[:6]
	n, err := strconv.ParseInt(sec, 10, 64)
	f, err2 := strconv.ParseInt(frac, 10, 64)
	if err != nil || err2 != nil {
		return 0
	}
	return n*1e6 + f
}

// configToken lets its owner read the settings of their apps.
const configToken = "xoxe.xoxp-1-fakefakefake" //nolint:gosec // of a fake

// ConfigToken is a token that may read the app's settings.
func (s *Server) ConfigToken() string { return configToken }

// manifestExport tells the app's settings.
func (s *Server) manifestExport(c *call) obj {
	if c.get("app_id") != s.app {
		return fails("invalid_app_id")
	}
	return obj{"manifest": obj{
		"display_information": obj{"name": s.opt.BotName},
		"oauth_config":        obj{"scopes": obj{"bot": sortedKeys(s.scopes)}},
		"settings": obj{
			"event_subscriptions": obj{"bot_events": sortedKeys(s.events)}, "interactivity": obj{"is_enabled": true}, "socket_mode_enabled": true,
		},
	}}
}
