package whatsapp

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"timonel/bot"
)

// canonical returns the one address that a person is known by: the hidden one (LID) where it is known, since groups show
// no other, else the number. alt is the other address that came with the message, if any.
func (a *Adapter) canonical(ctx context.Context, jid, alt types.JID) (types.JID, error) {
	jid, alt = jid.ToNonAD(), alt.ToNonAD()
	if jid.Server == types.HiddenUserServer {
		return jid, nil
	}
	if alt.Server == types.HiddenUserServer {
		return alt, nil
	}
	lid, err := a.client.Store.LIDs.GetLIDForPN(ctx, jid)
	if err != nil {
		return jid, fmt.Errorf("look up the address of %s: %w", jid, err)
	}
	if lid.IsEmpty() {
		return jid, nil
	}
	return lid.ToNonAD(), nil
}

// isMe reports whether an address is the bot's own number.
func (a *Adapter) isMe(jid types.JID) bool {
	device := a.client.Store
	return device.ID != nil && jid.User == device.ID.User && jid.Server == types.DefaultUserServer ||
		jid.User != "" && jid.User == device.LID.User && jid.Server == types.HiddenUserServer
}

func (a *Adapter) contactName(ctx context.Context, jid types.JID) string {
	contact, err := a.client.Store.Contacts.GetContact(ctx, jid.ToNonAD())
	if err != nil || !contact.Found {
		return ""
	}
	if contact.PushName != "" {
		return contact.PushName
	}
	return contact.FullName
}

// convert makes an Incoming of a message; ok is false for what says nothing to the bot.
func (a *Adapter) convert(ctx context.Context, e *events.Message) (in bot.Incoming, ok bool, err error) {
	from, err := a.canonical(ctx, e.Info.Sender, e.Info.SenderAlt)
	if err != nil {
		return in, false, err
	}
	in = bot.Incoming{
		ID: bot.MessageID(e.Info.ID), Kind: bot.TextMessage, Room: bot.RoomID(e.Info.Chat.ToNonAD().String()), Direct: !e.Info.IsGroup,
		From: bot.UserID(from.String()), FromName: e.Info.PushName, At: e.Info.Timestamp,
	}
	if in.Direct {
		in.Room = bot.RoomID(from.String())
	}
	switch m := e.Message; {
	case m.GetReactionMessage() != nil:
		return a.reaction(ctx, in, m.GetReactionMessage())
	case m.GetPollUpdateMessage() != nil:
		return a.vote(ctx, in, e)
	case m.GetProtocolMessage() != nil:
		return a.protocol(ctx, in, m.GetProtocolMessage())
	}
	text, info := textOf(e.Message)
	if err := a.attach(ctx, &in, e.Message); err != nil {
		return in, false, err
	}
	if text == "" && len(in.Files) == 0 {
		return in, false, nil
	}
	return in, true, a.address(ctx, &in, text, info)
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

// maxFile bounds what is downloaded of one file, in bytes.
const maxFile = 25 << 20

// attach notes the file of a message with the digest of its bytes; it is downloaded only when it comes with a caption,
// because a file without words says nothing to the bot.
func (a *Adapter) attach(ctx context.Context, in *bot.Incoming, m *waE2E.Message) error {
	var file bot.File
	var part whatsmeow.DownloadableMessage
	switch {
	case m.GetDocumentMessage().GetCaption() != "":
		d := m.GetDocumentMessage()
		file, part = bot.File{Name: d.GetFileName(), MIME: d.GetMimetype(), Bytes: int(d.GetFileLength())}, d
	case m.GetImageMessage().GetCaption() != "":
		i := m.GetImageMessage()
		file, part = bot.File{Name: "image", MIME: i.GetMimetype(), Bytes: int(i.GetFileLength())}, i
	default:
		return nil
	}
	if file.Bytes > maxFile {
		return nil
	}
	data, err := a.client.Download(ctx, part)
	if err != nil {
		return fmt.Errorf("download %s: %w", file.Name, err)
	}
	sum := sha256.Sum256(data)
	file.SHA256, file.Bytes = hex.EncodeToString(sum[:]), len(data)
	in.Files = []bot.File{file}
	return nil
}

// address finds out whether a message is for the bot: its own mention is cut out, others are noted as spans under the
// names of the people; a quote of a message of the bot's is noted under its main message.
func (a *Adapter) address(ctx context.Context, in *bot.Incoming, text string, info *waE2E.ContextInfo) error {
	for _, raw := range info.GetMentionedJID() {
		jid, err := types.ParseJID(raw)
		if err != nil {
			continue
		}
		token := "@" + jid.User
		if a.isMe(jid) {
			in.ToBot = true
			text = strings.TrimSpace(strings.ReplaceAll(text, token, ""))
			continue
		}
		user, err := a.canonical(ctx, jid, types.EmptyJID)
		if err != nil {
			return err
		}
		text = a.mention(ctx, in, text, token, jid, user)
	}
	in.Text = text
	if id := info.GetStanzaID(); id != "" {
		author, err := types.ParseJID(info.GetParticipant())
		if err == nil && a.isMe(author) {
			main, err := a.store.mainOf(ctx, id)
			if err != nil {
				return fmt.Errorf("find the quoted message: %w", err)
			}
			in.Quote, in.ToBot = bot.MessageID(main), true
		}
	}
	return nil
}

// mention writes a mentioned person's name where the platform has their number, and notes the span.
func (a *Adapter) mention(ctx context.Context, in *bot.Incoming, text, token string, jid, user types.JID) string {
	at := strings.Index(text, token)
	if at < 0 {
		return text
	}
	word := token
	if name := a.contactName(ctx, jid); name != "" {
		word = "@" + strings.Fields(name + " ")[0]
	}
	grown := len(word) - len(token)
	for i := range in.Mentions {
		if in.Mentions[i].Start > at {
			in.Mentions[i].Start += grown
			in.Mentions[i].End += grown
		}
	}
	in.Mentions = append(in.Mentions, bot.MentionSpan{User: bot.UserID(user.String()), Start: at, End: at + len(word)})
	return text[:at] + word + text[at+len(token):]
}

// reaction takes reactions on the bot's own messages; an empty one takes an earlier one back and says nothing.
func (a *Adapter) reaction(ctx context.Context, in bot.Incoming, r *waE2E.ReactionMessage) (bot.Incoming, bool, error) {
	author, err := types.ParseJID(r.GetKey().GetParticipant())
	own := err == nil && a.isMe(author) || in.Direct && !r.GetKey().GetFromMe()
	if !own || r.GetText() == "" {
		return in, false, nil
	}
	main, err := a.store.mainOf(ctx, r.GetKey().GetID())
	if err != nil {
		return in, false, fmt.Errorf("find the message of a reaction: %w", err)
	}
	in.Kind, in.Text, in.Quote = bot.Reaction, r.GetText(), bot.MessageID(main)
	return in, true, nil
}

// vote decrypts a poll's vote. In groups with hidden addresses the voter's secret may be bound to the other address.
func (a *Adapter) vote(ctx context.Context, in bot.Incoming, e *events.Message) (bot.Incoming, bool, error) {
	poll := e.Message.GetPollUpdateMessage().GetPollCreationMessageKey().GetID()
	options, err := a.store.pollOptions(ctx, poll)
	if err != nil {
		return in, false, fmt.Errorf("find the poll of a vote: %w", err)
	}
	if options == nil {
		return in, false, nil
	}
	vote, err := a.client.DecryptPollVote(ctx, e)
	if err != nil && !e.Info.SenderAlt.IsEmpty() {
		other := *e
		other.Info.Sender, other.Info.SenderAlt = e.Info.SenderAlt, e.Info.Sender
		vote, err = a.client.DecryptPollVote(ctx, &other)
	}
	if err != nil {
		a.cfg.Log.Warnf("a vote could not be read: %v", err)
		return in, false, nil
	}
	main, err := a.store.mainOf(ctx, poll)
	if err != nil {
		return in, false, fmt.Errorf("find the poll of a vote: %w", err)
	}
	for _, option := range options {
		sum := sha256.Sum256([]byte(option))
		for _, chosen := range vote.GetSelectedOptions() {
			if bytes.Equal(sum[:], chosen) {
				in.Kind, in.Text, in.Quote = bot.PollVote, option, bot.MessageID(main)
				return in, true, nil
			}
		}
	}
	return in, false, nil // the vote was taken back
}

// protocol takes edits and deletions.
func (a *Adapter) protocol(ctx context.Context, in bot.Incoming, p *waE2E.ProtocolMessage) (bot.Incoming, bool, error) {
	switch p.GetType() {
	case waE2E.ProtocolMessage_MESSAGE_EDIT:
		text, info := textOf(p.GetEditedMessage())
		in.Kind = bot.Edited
		err := a.address(ctx, &in, text, info)
		in.Quote = bot.MessageID(p.GetKey().GetID())
		return in, text != "", err
	case waE2E.ProtocolMessage_REVOKE:
		in.Kind, in.Quote = bot.Deleted, bot.MessageID(p.GetKey().GetID())
		return in, true, nil
	}
	return in, false, nil
}
