package fakeslack

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// errNotThere is returned when a person acts in a channel that they are not in.
var errNotThere = errors.New("not in this channel")

// escape writes text as Slack stores it.
func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// Mention is a person as text that Says and Mentions turn into a mention.
func (p *Person) Mention() string { return "\x00" + p.ID + "\x00" }

// stored writes what a person typed as Slack stores it: escaped, with mentions. "@name" mentions a person by handle,
// first name or full name, and the bot.
func (s *Server) stored(text string) string {
	var out strings.Builder
	for i, part := range strings.Split(text, "\x00") {
		if i%2 == 1 {
			out.WriteString("<@" + part + ">")
		} else {
			out.WriteString(s.withNames(escape(part)))
		}
	}
	return out.String()
}

func (s *Server) withNames(text string) string {
	if !strings.Contains(text, "@") {
		return text
	}
	names := map[string]string{}
	for _, id := range sortedKeys(s.people) {
		first, _, _ := strings.Cut(s.people[id].Name, " ")
		for _, n := range []string{s.people[id].Name, first} {
			if _, taken := names[strings.ToLower(n)]; !taken {
				names[strings.ToLower(n)] = id
			}
		}
	}
	ordered := sortedKeys(names)
	slices.SortStableFunc(ordered, func(a, b string) int { return len(b) - len(a) })
	var out strings.Builder
	for i := 0; i < len(text); {
		name, id := "", ""
		if text[i] == '@' {
			name, id = named(text[i+1:], ordered, names)
		}
		if id == "" {
			out.WriteByte(text[i])
			i++
			continue
		}
		out.WriteString("<@" + id + ">")
		i += 1 + len(name)
	}
	return out.String()
}

// named finds the longest name that a text begins with.
func named(text string, ordered []string, names map[string]string) (string, string) {
	for _, n := range ordered {
		if len(text) >= len(n) && strings.EqualFold(text[:len(n)], n) && !beginsWithLetter(text[len(n):]) {
			return n, names[n]
		}
	}
	return "", ""
}

func beginsWithLetter(s string) bool {
	return s != "" && (s[0] >= 'a' && s[0] <= 'z' || s[0] >= 'A' && s[0] <= 'Z' || s[0] >= '0' && s[0] <= '9' || s[0] >= 0x80)
}

// Says writes a message in a channel.
func (p *Person) Says(c *Channel, text string) (*Message, error) { return p.write(c, "", text, nil) }

// SaysTo writes to the bot directly.
func (p *Person) SaysTo(text string) (*Message, error) {
	p.srv.mu.Lock()
	c := p.srv.direct(p.ID)
	p.srv.mu.Unlock()
	return p.write(c, "", text, nil)
}

// Direct is the direct chat of the person with the bot.
func (p *Person) Direct() *Channel {
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	return p.srv.direct(p.ID)
}

// Mentions writes a message that begins with a mention of the bot.
func (p *Person) Mentions(c *Channel, text string) (*Message, error) {
	return p.write(c, "", "\x00"+p.srv.botUser+"\x00 "+text, nil)
}

// Threads answers in the thread of a message.
func (p *Person) Threads(m *Message, text string) (*Message, error) {
	root := m.TS
	if m.ThreadTS != "" {
		root = m.ThreadTS
	}
	return p.write(m.Channel, root, text, nil)
}

// Shares sends a file with a caption.
func (p *Person) Shares(c *Channel, name string, data []byte, caption string) (*Message, error) {
	p.srv.mu.Lock()
	f := p.srv.newFile(name, p.ID)
	f.Data, f.complete = data, true
	p.srv.mu.Unlock()
	return p.write(c, "", caption, []*File{f})
}

func (p *Person) write(c *Channel, root, text string, files []*File) (*Message, error) {
	s := p.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	if !c.has(p.ID) || p.deleted {
		return nil, fmt.Errorf("%s writes in %s: %w", p.Name, c.Name, errNotThere)
	}
	if c.archived {
		return nil, fmt.Errorf("%s writes in %s: it is archived", p.Name, c.Name)
	}
	m := &Message{TS: s.ts(), User: p.ID, Text: s.stored(text), ThreadTS: root, Files: files}
	c.add(m)
	events := []event{messageEvent(s, m)}
	if strings.Contains(m.Text, "<@"+s.botUser+">") && !c.IM {
		events = append(events, mentionEvent(s, m))
	}
	s.tell(events...)
	s.wakeLocked()
	return m, nil
}

func messageEvent(s *Server, m *Message) event {
	body := m.json(s, false)
	body["channel"], body["channel_type"], body["event_ts"] = m.Channel.ID, m.Channel.kind(), m.TS
	if len(m.Files) > 0 {
		body["subtype"] = "file_share"
	}
	if p := s.people[m.User]; p != nil && p.Team != s.team {
		body["user_team"], body["source_team"], body["team"] = p.Team, p.Team, p.Team
	}
	return event{"message." + plural(m.Channel.kind()), m.Channel, body}
}

func plural(kind string) string {
	if kind == "im" {
		return kind
	}
	return kind + "s"
}

func mentionEvent(s *Server, m *Message) event {
	body := m.json(s, false)
	body["type"], body["channel"], body["event_ts"] = "app_mention", m.Channel.ID, m.TS
	return event{"app_mention", m.Channel, body}
}

// Edits gives a message of the person's own another text.
func (p *Person) Edits(m *Message, text string) error {
	s := p.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	if m.User != p.ID || m.deleted {
		return fmt.Errorf("%s edits a message: it is not theirs", p.Name)
	}
	before := m.json(s, false)
	m.Text, m.Edited = s.stored(text), s.ts()
	m.Edits++
	s.tell(event{"message." + plural(m.Channel.kind()), m.Channel, obj{
		"type": "message", "subtype": "message_changed", "hidden": true, "channel": m.Channel.ID, "channel_type": m.Channel.kind(),
		"ts": m.Edited, "event_ts": m.Edited, "message": m.json(s, false), "previous_message": before,
	}})
	return nil
}

// Deletes takes a message of the person's own back.
func (p *Person) Deletes(m *Message) error {
	s := p.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	if m.User != p.ID {
		return fmt.Errorf("%s deletes a message: it is not theirs", p.Name)
	}
	before, at := m.json(s, false), s.ts()
	m.deleted = true
	s.tell(event{"message." + plural(m.Channel.kind()), m.Channel, obj{
		"type": "message", "subtype": "message_deleted", "hidden": true, "channel": m.Channel.ID, "channel_type": m.Channel.kind(),
		"ts": at, "event_ts": at, "deleted_ts": m.TS, "previous_message": before,
	}})
	return nil
}

// emojiNames are the emoji that Reacts knows by sign; any other is taken as a name.
var emojiNames = map[string]string{"✅": "white_check_mark", "❌": "x", "👍": "+1", "👎": "-1", "🎉": "tada", "👀": "eyes"}

// Reacts puts an emoji on a message, by its sign or its name.
func (p *Person) Reacts(m *Message, emoji string) error {
	s := p.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	name := emojiNames[emoji]
	if name == "" {
		name = strings.Trim(emoji, ":")
	}
	stored := m.Channel.message(m.TS)
	if stored == nil || !stored.react(name, p.ID) {
		return fmt.Errorf("%s reacts: not possible", p.Name)
	}
	s.tell(event{"reaction_added", m.Channel, obj{
		"type": "reaction_added", "user": p.ID, "reaction": name, "item_user": stored.User, "event_ts": s.ts(),
		"item": obj{"type": "message", "channel": m.Channel.ID, "ts": m.TS},
	}})
	return nil
}
