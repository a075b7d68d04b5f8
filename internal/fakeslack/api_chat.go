package fakeslack

import (
	"encoding/json"
	"strconv"
	"strings"
)

// maxText is where Slack refuses a text; it cuts what is shown at 40,000.
const maxText = 40_000

// place finds the channel that a post names: a channel, or a person, whose direct chat with the bot is meant.
func (s *Server) place(id string) (*Channel, obj) {
	if p := s.people[id]; p != nil {
		if refusal := s.mayWriteTo(p); refusal != nil {
			return nil, refusal
		}
		return s.direct(id), nil
	}
	c := s.channels[id]
	if c == nil || c.Private && !c.has(s.botUser) {
		return nil, fails("channel_not_found")
	}
	if c.IM {
		if refusal := s.mayWriteTo(s.people[c.user]); refusal != nil {
			return nil, refusal
		}
	}
	switch {
	case c.archived:
		return nil, fails("is_archived")
	case !c.has(s.botUser):
		return nil, fails("not_in_channel")
	}
	return c, nil
}

func (s *Server) mayWriteTo(p *Person) obj {
	switch {
	case p == nil:
		return fails("channel_not_found")
	case p.deleted:
		return fails("user_disabled")
	case p.bot:
		return fails("cannot_dm_bot")
	}
	return nil
}

// content reads text, blocks and metadata of a post, and refuses what Slack refuses.
func (s *Server) content(c *call) (*Message, obj) {
	m := &Message{User: s.botUser, Bot: true, Text: c.get("text"), ThreadTS: c.get("thread_ts"), Broadcast: c.flag("reply_broadcast")}
	if raw := c.get("blocks"); raw != "" && raw != "null" {
		blocks, problems := readBlocks(raw, surfaceMessage)
		if len(problems) > 0 {
			return nil, failsWith(blocksError(problems), problems...)
		}
		if refusal := s.refuseFiles(blocks); refusal != nil {
			return nil, refusal
		}
		m.Blocks = blocks
	}
	if strings.TrimSpace(m.Text) == "" && len(m.Blocks) == 0 && c.get("attachments") == "" {
		return nil, fails("no_text")
	}
	if length(m.Text) > maxText {
		return nil, fails("msg_too_long")
	}
	if raw := c.get("metadata"); raw != "" && raw != "{}" {
		if !validMetadata(raw) {
			return nil, fails("invalid_metadata_format")
		}
		m.Metadata = json.RawMessage(raw)
	}
	return m, nil
}

func validMetadata(raw string) bool {
	var md struct {
		Type    string                     `json:"event_type"`
		Payload map[string]json.RawMessage `json:"event_payload"`
	}
	if json.Unmarshal([]byte(raw), &md) != nil {
		return false
	}
	// slack-go sends an empty metadata object along with messages that have none.
	return md.Type != "" && md.Payload != nil || md.Type == "" && md.Payload == nil
}

// refuseFiles refuses images of files that are not there or not ready.
func (s *Server) refuseFiles(blocks []obj) obj {
	for i, b := range blocks {
		ref, _ := b["slack_file"].(map[string]any)
		if ref == nil {
			continue
		}
		id, _ := ref["id"].(string)
		f := s.files[id]
		if f == nil || !f.complete || f.notReady > 0 {
			if f != nil && f.notReady > 0 {
				f.notReady--
			}
			return failsWith("invalid_blocks", "[ERROR] invalid slack file [json-pointer:/blocks/"+strconv.Itoa(i)+"/slack_file]")
		}
	}
	return nil
}

func (s *Server) chatPostMessage(c *call) obj {
	ch, refusal := s.place(c.get("channel"))
	if refusal != nil {
		return refusal
	}
	m, refusal := s.content(c)
	if refusal != nil {
		return refusal
	}
	if m.ThreadTS != "" && ch.message(m.ThreadTS) == nil {
		return fails("thread_not_found")
	}
	s.post(ch, m)
	return obj{"channel": ch.ID, "ts": m.TS, "message": m.json(s, true)}
}

// post stores a message of the bot's and shows it.
func (s *Server) post(ch *Channel, m *Message) {
	m.TS = s.ts()
	if root := ch.message(m.ThreadTS); root != nil && root.ThreadTS != "" {
		m.ThreadTS = root.ThreadTS
	}
	ch.add(m)
	s.note(&Sent{Kind: Posted, Channel: ch, Message: m})
	s.tell(messageEvent(s, m))
}

func (s *Server) chatPostEphemeral(c *call) obj {
	ch, refusal := s.place(c.get("channel"))
	if refusal != nil {
		return refusal
	}
	p := s.people[c.get("user")]
	switch {
	case p == nil || p.deleted:
		return fails("user_not_found")
	case !ch.has(p.ID):
		return fails("user_not_in_channel")
	}
	m, refusal := s.content(c)
	if refusal != nil {
		return refusal
	}
	m.TS, m.EphemeralTo = s.ts(), p.ID
	ch.add(m)
	s.note(&Sent{Kind: Whispered, Channel: ch, Message: m, To: p})
	return obj{"message_ts": m.TS}
}

func (s *Server) chatUpdate(c *call) obj {
	ch, refusal := s.place(c.get("channel"))
	if refusal != nil {
		return refusal
	}
	old := ch.message(c.get("ts"))
	switch {
	case old == nil:
		return fails("message_not_found")
	case old.User != s.botUser:
		return fails("cant_update_message")
	}
	m, refusal := s.content(c)
	if refusal != nil {
		return refusal
	}
	old.Text, old.Blocks = m.Text, m.Blocks
	if len(m.Metadata) > 0 {
		old.Metadata = m.Metadata
	}
	old.Edits++
	s.note(&Sent{Kind: Changed, Channel: ch, Message: old})
	return obj{"channel": ch.ID, "ts": old.TS, "text": old.Text, "message": old.json(s, true)}
}

func (s *Server) chatDelete(c *call) obj {
	ch, refusal := s.place(c.get("channel"))
	if refusal != nil {
		return refusal
	}
	m := ch.message(c.get("ts"))
	switch {
	case m == nil:
		return fails("message_not_found")
	case m.User != s.botUser:
		return fails("cant_delete_message")
	}
	m.deleted = true
	s.note(&Sent{Kind: Deleted, Channel: ch, Message: m})
	return obj{"channel": ch.ID, "ts": m.TS}
}

func (s *Server) chatPermalink(c *call) obj {
	ch := s.channels[c.get("channel")]
	if ch == nil || !ch.has(s.botUser) {
		return fails("channel_not_found")
	}
	if ch.message(c.get("message_ts")) == nil {
		return fails("message_not_found")
	}
	return obj{"channel": ch.ID, "permalink": s.url + "/archives/" + ch.ID + "/p" + strings.ReplaceAll(c.get("message_ts"), ".", "")}
}

func (s *Server) reactionsAdd(c *call) obj {
	ch, refusal := s.place(c.get("channel"))
	if refusal != nil {
		return refusal
	}
	m := ch.message(c.get("timestamp"))
	if m == nil {
		return fails("message_not_found")
	}
	if !m.react(c.get("name"), s.botUser) {
		return fails("already_reacted")
	}
	return obj{}
}

func (s *Server) reactionsGet(c *call) obj {
	ch, refusal := s.place(c.get("channel"))
	if refusal != nil {
		return refusal
	}
	m := ch.message(c.get("timestamp"))
	if m == nil {
		return fails("message_not_found")
	}
	return obj{"type": "message", "channel": ch.ID, "message": m.json(s, false)}
}

// react adds a reaction; false if the person had reacted so.
func (m *Message) react(name, user string) bool {
	for _, u := range m.reactions[name] {
		if u == user {
			return false
		}
	}
	if m.reactions == nil {
		m.reactions = map[string][]string{}
	}
	m.reactions[name] = append(m.reactions[name], user)
	return true
}
