package whatsapp

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"timonel/bot"
)

// convert makes an Incoming of a message; ok is false for what says nothing to the bot.
func (c reader) convert(e *events.Message) (in bot.Incoming, ok bool, err error) {
	from, err := c.person(e.Info.Sender, e.Info.SenderAlt)
	if err != nil {
		return in, false, err
	}
	in = bot.Incoming{
		ID: bot.MessageID(e.Info.ID), Kind: bot.TextMessage, Room: bot.RoomID(e.Info.Chat.ToNonAD().String()), Direct: !e.Info.IsGroup,
		From: from.user, Also: from.also, FromName: from.name, At: e.Info.Timestamp,
	}
	if name := strings.TrimSpace(e.Info.PushName); name != "" {
		in.FromName = name
	}
	if in.Direct {
		in.Room = bot.RoomID(from.user)
	} else {
		c.a.learnMode(e.Info.Chat, e.Info.AddressingMode)
		in.RoomName = c.a.roomName(c.ctx, e.Info.Chat)
	}
	switch m := e.Message; {
	case m.GetReactionMessage() != nil:
		return c.reaction(in, m.GetReactionMessage())
	case m.GetPollUpdateMessage() != nil:
		return c.vote(in, e)
	case m.GetProtocolMessage() != nil:
		return c.protocol(in, m.GetProtocolMessage())
	case m.GetSecretEncryptedMessage() != nil:
		return c.secret(in, e)
	}
	text, info := textOf(e.Message)
	in.Files = filesOf(e.Message)
	if strings.TrimSpace(text) == "" {
		return in, false, nil // a picture, a sticker, a voice: nothing that could be meant for the bot
	}
	return in, true, c.address(&in, text, info)
}

// textOf returns a message's text or caption, with what it quotes and mentions.
func textOf(m *waE2E.Message) (string, *waE2E.ContextInfo) {
	switch {
	case m.GetConversation() != "":
		return m.GetConversation(), nil
	case m.GetExtendedTextMessage() != nil:
		return m.GetExtendedTextMessage().GetText(), m.GetExtendedTextMessage().GetContextInfo()
	case m.GetImageMessage() != nil:
		return m.GetImageMessage().GetCaption(), m.GetImageMessage().GetContextInfo()
	case m.GetDocumentMessage() != nil:
		return m.GetDocumentMessage().GetCaption(), m.GetDocumentMessage().GetContextInfo()
	case m.GetVideoMessage() != nil:
		return m.GetVideoMessage().GetCaption(), m.GetVideoMessage().GetContextInfo()
	}
	return "", nil
}

// filesOf notes the file of a message. The digest of its bytes comes with the message, and every reader's app refuses a
// file with another one: so nothing need be downloaded.
func filesOf(m *waE2E.Message) []bot.File {
	var f bot.File
	var digest []byte
	switch {
	case m.GetDocumentMessage() != nil:
		d := m.GetDocumentMessage()
		f, digest = bot.File{Name: d.GetFileName(), MIME: d.GetMimetype(), Bytes: int(d.GetFileLength())}, d.GetFileSHA256()
		if f.Name == "" {
			f.Name = d.GetTitle()
		}
	case m.GetImageMessage() != nil:
		i := m.GetImageMessage()
		f, digest = bot.File{MIME: i.GetMimetype(), Bytes: int(i.GetFileLength())}, i.GetFileSHA256()
	case m.GetVideoMessage() != nil:
		v := m.GetVideoMessage()
		f, digest = bot.File{MIME: v.GetMimetype(), Bytes: int(v.GetFileLength())}, v.GetFileSHA256()
	default:
		return nil
	}
	f.SHA256 = hex.EncodeToString(digest)
	if f.Name == "" { // pictures have no name on WhatsApp: part of the digest tells them apart
		kind, _, _ := strings.Cut(f.MIME, ";")
		_, kind, _ = strings.Cut(kind, "/")
		f.Name = strings.Trim("file-"+f.SHA256[:min(8, len(f.SHA256))]+"."+kind, "-.")
	}
	return []bot.File{f}
}

// address finds out whether a message is for the bot: its own mention is cut out, others are noted as spans under the
// names of the people; a quote of a message of the bot's is noted under its main message.
func (c reader) address(in *bot.Incoming, text string, info *waE2E.ContextInfo) error {
	var whom []someone
	var tokens []string
	for _, raw := range info.GetMentionedJID() {
		jid, err := types.ParseJID(raw)
		if err != nil || jid.User == "" {
			continue
		}
		token := "@" + jid.User
		if c.isMe(jid) {
			in.ToBot = true
			text = cutMention(text, token)
			continue
		}
		p, err := c.person(jid, types.EmptyJID)
		if err != nil {
			continue // a mention of something that is nobody, as of all
		}
		whom, tokens = append(whom, p), append(tokens, token)
	}
	in.Text, in.Mentions = spans(strings.TrimSpace(text), tokens, whom)
	return c.quote(in, info)
}

// cutMention takes the bot's own mention out of a text, with the space and the punctuation that belong to it.
func cutMention(text, token string) string {
	for {
		at := indexToken(text, token)
		if at < 0 {
			return text
		}
		before, after := strings.TrimRight(text[:at], " "), text[at+len(token):]
		if before == "" {
			after = strings.TrimLeft(after, " ,:")
		}
		after = strings.TrimLeft(after, " ")
		if before != "" && after != "" && !strings.ContainsAny(after[:1], ".,;:!?)\n") && !strings.HasSuffix(before, "\n") {
			before += " "
		}
		text = before + after
	}
}

// spans writes the names of mentioned people in place of their addresses, and says where they stand.
func spans(text string, tokens []string, whom []someone) (string, []bot.MentionSpan) {
	var out strings.Builder
	var list []bot.MentionSpan
	for text != "" {
		at, which := -1, 0
		for i, token := range tokens {
			if j := indexToken(text, token); j >= 0 && (at < 0 || j < at) {
				at, which = j, i
			}
		}
		if at < 0 {
			break
		}
		out.WriteString(text[:at])
		word := tokens[which]
		if name := firstWord(whom[which].name); name != "" {
			word = "@" + name
		}
		start := out.Len()
		out.WriteString(word)
		list = append(list, bot.MentionSpan{
			User: whom[which].user, Also: whom[which].also, Name: whom[which].name, Start: start, End: out.Len(),
		})
		text = text[at+len(tokens[which]):]
	}
	out.WriteString(text)
	return out.String(), list
}

// indexToken finds a mention's address where it is not the beginning of a longer one.
func indexToken(text, token string) int {
	for from := 0; ; {
		at := strings.Index(text[from:], token)
		if at < 0 {
			return -1
		}
		at += from
		from = at + len(token)
		if from == len(text) || text[from] < '0' || text[from] > '9' {
			return at
		}
	}
}

func firstWord(name string) string {
	if words := strings.Fields(name); len(words) > 0 {
		return words[0]
	}
	return ""
}

// quote notes which message of the bot's a message answers.
func (c reader) quote(in *bot.Incoming, info *waE2E.ContextInfo) error {
	id := info.GetStanzaID()
	if id == "" {
		return nil
	}
	main, ours, err := c.ours(id)
	if ours {
		in.Quote, in.ToBot = main, true
	}
	return err
}

// ours returns the message of the bot's that an id belongs to.
func (c reader) ours(id string) (bot.MessageID, bool, error) {
	main, known, err := c.a.store.mainOf(c.ctx, id)
	if err != nil {
		return "", false, fmt.Errorf("find a message of the bot's: %w", err)
	}
	return bot.MessageID(main), known, nil
}

// reaction takes reactions on the bot's own messages; an empty one takes an earlier one back and says nothing.
func (c reader) reaction(in bot.Incoming, r *waE2E.ReactionMessage) (bot.Incoming, bool, error) {
	if r.GetText() == "" {
		return in, false, nil
	}
	main, ours, err := c.ours(r.GetKey().GetID())
	in.Kind, in.Text, in.Quote, in.ToBot = bot.Reaction, r.GetText(), main, true
	return in, ours, err
}

// vote opens a vote in one of the bot's polls. In groups with hidden addresses it may be sealed under the voter's number.
func (c reader) vote(in bot.Incoming, e *events.Message) (bot.Incoming, bool, error) {
	id := e.Message.GetPollUpdateMessage().GetPollCreationMessageKey().GetID()
	p, known, err := c.a.store.poll(c.ctx, id)
	if err != nil || !known {
		return in, false, err
	}
	vote, err := c.client.DecryptPollVote(c.ctx, e)
	if err != nil && !e.Info.SenderAlt.IsEmpty() {
		other := *e
		other.Info.Sender, other.Info.SenderAlt = e.Info.SenderAlt, e.Info.Sender
		vote, err = c.client.DecryptPollVote(c.ctx, &other)
	}
	if err != nil {
		c.a.cfg.Log.Warn().Err(err).Str("message_id", e.Info.ID).Msg("open a vote")
		return in, false, nil
	}
	main, ours, err := c.ours(id)
	if err != nil || !ours {
		return in, false, err
	}
	for _, option := range p.options {
		sum := sha256.Sum256([]byte(option))
		for _, chosen := range vote.GetSelectedOptions() {
			if bytes.Equal(sum[:], chosen) {
				in.Kind, in.Text, in.Quote, in.ToBot = bot.PollVote, option, main, true
				return in, true, nil
			}
		}
	}
	return in, false, nil // the vote was taken back
}

// protocol takes edits and deletions.
func (c reader) protocol(in bot.Incoming, p *waE2E.ProtocolMessage) (bot.Incoming, bool, error) {
	switch p.GetType() {
	case waE2E.ProtocolMessage_MESSAGE_EDIT:
		return c.edit(in, p.GetKey().GetID(), p.GetEditedMessage())
	case waE2E.ProtocolMessage_REVOKE:
		in.Kind, in.Quote = bot.Deleted, bot.MessageID(p.GetKey().GetID())
		return in, p.GetKey().GetID() != "", nil
	}
	return in, false, nil
}

func (c reader) edit(in bot.Incoming, id string, content *waE2E.Message) (bot.Incoming, bool, error) {
	text, info := textOf(content)
	err := c.address(&in, text, info)
	in.Kind, in.Quote = bot.Edited, bot.MessageID(id)
	return in, id != "" && strings.TrimSpace(text) != "", err
}

// secret takes an edit that is sealed a second time, as newer apps send them.
func (c reader) secret(in bot.Incoming, e *events.Message) (bot.Incoming, bool, error) {
	sealed := e.Message.GetSecretEncryptedMessage()
	if sealed.GetSecretEncType() != waE2E.SecretEncryptedMessage_MESSAGE_EDIT {
		return in, false, nil
	}
	opened, err := c.client.DecryptSecretEncryptedMessage(c.ctx, e)
	if err != nil {
		c.a.cfg.Log.Warn().Err(err).Str("message_id", e.Info.ID).Msg("open an edit")
		return in, false, nil
	}
	if p := opened.GetProtocolMessage(); p != nil {
		return c.protocol(in, p)
	}
	return c.edit(in, sealed.GetTargetMessageKey().GetID(), opened)
}
