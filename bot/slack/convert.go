package slack

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"timonel/bot"
)

// outer is what every event comes in.
type outer struct {
	EventID string          `json:"event_id"`
	Shared  bool            `json:"is_ext_shared_channel"`
	Event   json.RawMessage `json:"event"`
}

// inner is an event; each kind fills some of the fields.
type inner struct {
	Type        string `json:"type"`
	Channel     string `json:"channel"`
	ChannelType string `json:"channel_type"`
	EventTS     string `json:"event_ts"`
	Reaction    string `json:"reaction"`
	ItemUser    string `json:"item_user"`
	Item        item   `json:"item"`
	DeletedTS   string `json:"deleted_ts"`
	Tab         string `json:"tab"`
	Message     *said  `json:"message"`
	Previous    *said  `json:"previous_message"`
	said
}

type item struct {
	Type    string `json:"type"`
	Channel string `json:"channel"`
	TS      string `json:"ts"`
}

// said is a message.
type said struct {
	Subtype  string       `json:"subtype"`
	User     string       `json:"user"`
	BotID    string       `json:"bot_id"`
	Text     string       `json:"text"`
	TS       string       `json:"ts"`
	ThreadTS string       `json:"thread_ts"`
	Parent   string       `json:"parent_user_id"`
	Files    []sharedFile `json:"files"`
	Edited   *struct {
		TS string `json:"ts"`
	} `json:"edited"`
}

// sharedFile is a file in a message.
type sharedFile struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	MIME     string `json:"mimetype"`
	Size     int    `json:"size"`
	Private  string `json:"url_private"`
	Download string `json:"url_private_download"`
	Mode     string `json:"mode"`
}

// heard is an event that concerns the bot, before what only Slack can tell was asked.
type heard struct {
	in     bot.Incoming
	raw    string // the text in Slack's markup
	before string // the text before an edit
	root   string // the thread's timestamp when the message stands in one
	parent string // who began the thread
	files  []sharedFile
	shared bool
	event  string // the subscription that it came by
}

// convert turns an event into what is heard; ok is false when it is nothing to the bot. It asks nobody and changes nothing.
func convert(payload []byte, self identity) (h heard, ok bool, err error) {
	var o outer
	if err := json.Unmarshal(payload, &o); err != nil {
		return heard{}, false, fmt.Errorf("read an event: %w", err)
	}
	var e inner
	if err := json.Unmarshal(o.Event, &e); err != nil {
		return heard{}, false, fmt.Errorf("read event %s: %w", o.EventID, err)
	}
	h, ok = e.heard(self, o.EventID)
	h.shared, h.event = o.Shared, e.Type
	h.in.Platform = bot.Slack
	h.in.Room, h.in.Direct = bot.RoomID(e.place()), isDirect(e.place())
	return h, ok && h.in.Room != "", nil
}

func (e *inner) place() string {
	if e.Channel == "" {
		return e.Item.Channel
	}
	return e.Channel
}

func (e *inner) heard(self identity, event string) (heard, bool) {
	switch e.Type {
	case "message", "app_mention":
		return e.talk(self)
	case "reaction_added":
		in := bot.Incoming{
			ID: eventID(event), Kind: bot.Reaction, From: bot.UserID(e.User), At: moment(e.EventTS), Text: sign(e.Reaction), ToBot: true,
			Quote: messageID(e.Item.Channel, e.Item.TS),
		}
		return heard{in: in}, e.Item.Type == "message" && e.ItemUser == self.user && e.User != self.user
	case "member_joined_channel":
		return e.member(bot.Joined, self, event), true
	case "member_left_channel":
		return e.member(bot.Left, self, event), true
	case "channel_left", "group_left", "channel_archive", "group_archive":
		e.User = self.user
		return e.member(bot.Left, self, event), true
	case "app_home_opened":
		in := bot.Incoming{ID: eventID(event), Kind: bot.Opened, From: bot.UserID(e.User), At: moment(e.EventTS)}
		return heard{in: in}, e.Tab == "home" || e.Tab == ""
	}
	return heard{}, false
}

func (e *inner) member(kind bot.IncomingKind, self identity, event string) heard {
	return heard{in: bot.Incoming{
		ID: eventID(event), Kind: kind, From: bot.UserID(e.User), At: moment(e.EventTS), SelfJoined: e.User == self.user,
	}}
}

// talk takes messages, and what became of them.
func (e *inner) talk(self identity) (heard, bool) {
	switch e.Subtype {
	case "", "file_share", "thread_broadcast", "me_message":
		if e.User == "" || e.BotID != "" || e.User == self.user || e.TS == "" {
			return heard{}, false
		}
		h := e.said.heard(e.Channel)
		h.in.Kind, h.in.At = bot.TextMessage, moment(e.TS)
		return h, true
	case "message_changed":
		return e.changed(self)
	case "message_deleted":
		if e.Previous == nil || e.Previous.User == self.user || e.Previous.BotID != "" {
			return heard{}, false
		}
		return e.gone(*e.Previous, e.DeletedTS)
	}
	return heard{}, false
}

// changed takes an edit by a person; Slack also sends one when it unfolds a link.
func (e *inner) changed(self identity) (heard, bool) {
	m := e.Message
	if m == nil || m.User == "" || m.User == self.user || m.BotID != "" {
		return heard{}, false
	}
	if m.Subtype == "tombstone" {
		return e.gone(*m, m.TS)
	}
	if m.Edited == nil || e.Previous != nil && e.Previous.Text == m.Text {
		return heard{}, false
	}
	h := m.heard(e.Channel)
	h.in.Kind, h.in.Quote, h.in.At = bot.Edited, h.in.ID, moment(m.Edited.TS)
	h.in.ID = bot.MessageID(string(h.in.ID) + ":edited-" + m.Edited.TS)
	if m.ThreadTS == "" || m.ThreadTS == m.TS {
		h.in.ID = bot.MessageID(string(h.in.Quote) + "::edited-" + m.Edited.TS)
	}
	if e.Previous != nil {
		h.before = e.Previous.Text
	}
	return h, true
}

func (e *inner) gone(m said, ts string) (heard, bool) {
	if m.TS == "" {
		m.TS = ts
	}
	h := m.heard(e.Channel)
	h.before, h.raw = m.Text, ""
	h.in.Kind, h.in.Quote, h.in.At = bot.Deleted, h.in.ID, moment(e.EventTS)
	h.in.ID = bot.MessageID("event:deleted:" + string(h.in.Quote))
	return h, true
}

func (m *said) heard(channel string) heard {
	h := heard{raw: m.Text, files: m.Files, parent: m.Parent}
	if m.ThreadTS != "" && m.ThreadTS != m.TS {
		h.root = m.ThreadTS
	}
	h.in = bot.Incoming{ID: saidID(channel, m.TS, m.ThreadTS), From: bot.UserID(m.User)}
	return h
}

// ownWords returns the thread in which the bot itself spoke, when an event tells of that.
func ownWords(payload []byte, self identity) (channel, root, ts string) {
	var o outer
	var e inner
	if json.Unmarshal(payload, &o) != nil || json.Unmarshal(o.Event, &e) != nil || e.Type != "message" || e.Subtype != "" {
		return "", "", ""
	}
	if e.User == "" || e.User != self.user || e.ThreadTS == "" || e.ThreadTS == e.TS {
		return "", "", ""
	}
	return e.Channel, e.ThreadTS, e.TS
}

// moment reads a timestamp: seconds and microseconds.
func moment(ts string) time.Time {
	sec, frac, _ := strings.Cut(ts, ".")
	s, err := strconv.ParseInt(sec, 10, 64)
	if err != nil {
		return time.Time{}
	}
	us, err := strconv.ParseInt((frac + "000000")[:6], 10, 64)
	if err != nil {
		us = 0
	}
	return time.Unix(s, us*1000).UTC()
}
