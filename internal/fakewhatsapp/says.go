package fakewhatsapp

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

// Mention is a person mentioned in a text, by the address that the chat shows
// unless ByNumber or ByLID says which.
type Mention interface {
	mentioned(mode types.AddressingMode) (name string, jid types.JID)
}

func (a *Account) mentioned(mode types.AddressingMode) (string, types.JID) {
	return a.Name, a.address(mode)
}

type forcedMention struct {
	account *Account
	mode    types.AddressingMode
}

func (f forcedMention) mentioned(types.AddressingMode) (string, types.JID) {
	return f.account.mentioned(f.mode)
}

// ByNumber mentions a person by phone number, whatever the chat shows.
func ByNumber(whom Someone) Mention { return forcedMention{whom.who(), types.AddressingModePN} }

// ByLID mentions a person by hidden address, whatever the chat shows.
func ByLID(whom Someone) Mention { return forcedMention{whom.who(), types.AddressingModeLID} }

// Says writes a text. Each person mentioned must appear in it as @Name, and the
// name is sent as the digits of the person's address, as clients do.
func (m *Member) Says(ctx context.Context, chat Chat, text string, mentions ...Mention) (*Message, error) {
	content, err := m.text(chat.ChatJID(), text, nil, mentions)
	if err != nil {
		return nil, err
	}
	return m.send(ctx, chat.ChatJID(), content)
}

// SaysTo writes to a phone number of which nothing else is known.
func (m *Member) SaysTo(ctx context.Context, phone, text string) (*Message, error) {
	to := types.NewJID(onlyDigits(phone), types.DefaultUserServer)
	return m.send(ctx, to, &waE2E.Message{Conversation: proto.String(text)})
}

// Quotes answers a message by quoting it.
func (m *Member) Quotes(ctx context.Context, quoted *Message, text string, mentions ...Mention) (*Message, error) {
	chat := m.chatOf(quoted)
	content, err := m.text(chat, text, quoted, mentions)
	if err != nil {
		return nil, err
	}
	return m.send(ctx, chat, content)
}

// Reacts puts an emoji on a message; an empty one takes it back.
func (m *Member) Reacts(ctx context.Context, to *Message, emoji string) (*Message, error) {
	chat := m.chatOf(to)
	return m.send(ctx, chat, m.Client.BuildReaction(chat, to.Sender, to.ID, emoji))
}

// Asks makes a poll of which one option can be chosen.
func (m *Member) Asks(ctx context.Context, chat Chat, question string, options ...string) (*Message, error) {
	return m.send(ctx, chat.ChatJID(), m.Client.BuildPollCreation(question, options, 1))
}

// Votes chooses options of a poll that the member has received; none takes the
// vote back.
func (m *Member) Votes(ctx context.Context, poll *Message, options ...string) (*Message, error) {
	info := poll.info
	info.Chat = m.chatOf(poll)
	info.IsFromMe = m.isMe(poll.Sender)
	content, err := m.Client.BuildPollVote(ctx, &info, options)
	if err != nil {
		return nil, fmt.Errorf("%s votes: %w", m.Name, err)
	}
	return m.send(ctx, info.Chat, content)
}

// Edits gives a message of the member's own another text.
func (m *Member) Edits(ctx context.Context, own *Message, text string) (*Message, error) {
	content := &waE2E.Message{Conversation: proto.String(text)}
	return m.send(ctx, own.Chat, m.Client.BuildEdit(own.Chat, own.ID, content))
}

// Deletes takes a message of the member's own back for everyone.
func (m *Member) Deletes(ctx context.Context, own *Message) (*Message, error) {
	return m.send(ctx, own.Chat, m.Client.BuildRevoke(own.Chat, types.EmptyJID, own.ID))
}

// Repeats sends a message of the member's own again under the same id but
// sealed anew, as clients do that are not sure whether it arrived.
func (m *Member) Repeats(ctx context.Context, own *Message) (*Message, error) {
	return m.send(ctx, own.Chat, own.Content, whatsmeow.SendRequestExtra{ID: own.ID})
}

// Reads marks a message as read.
func (m *Member) Reads(ctx context.Context, msg *Message) error {
	err := m.Client.MarkRead(ctx, []types.MessageID{msg.ID}, m.srv.opts.Now(), m.chatOf(msg), msg.Sender)
	if err != nil {
		return fmt.Errorf("%s reads: %w", m.Name, err)
	}
	return nil
}

// SendsImage sends a picture; its MIME type is found in its bytes.
func (m *Member) SendsImage(ctx context.Context, chat Chat, data []byte, caption string) (*Message, error) {
	up, err := m.Client.Upload(ctx, data, whatsmeow.MediaImage)
	if err != nil {
		return nil, fmt.Errorf("%s uploads a picture: %w", m.Name, err)
	}
	return m.send(ctx, chat.ChatJID(), &waE2E.Message{ImageMessage: &waE2E.ImageMessage{
		Caption: proto.String(caption), Mimetype: proto.String(http.DetectContentType(data)),
		URL: &up.URL, DirectPath: &up.DirectPath, MediaKey: up.MediaKey,
		FileEncSHA256: up.FileEncSHA256, FileSHA256: up.FileSHA256, FileLength: &up.FileLength,
	}})
}

// SendsDocument sends a file under a name. A caption travels in a wrapping of
// its own, as clients send it.
func (m *Member) SendsDocument(ctx context.Context, chat Chat, data []byte, name, caption string) (*Message, error) {
	up, err := m.Client.Upload(ctx, data, whatsmeow.MediaDocument)
	if err != nil {
		return nil, fmt.Errorf("%s uploads a document: %w", m.Name, err)
	}
	content := &waE2E.Message{DocumentMessage: &waE2E.DocumentMessage{
		FileName: proto.String(name), Title: proto.String(name), Mimetype: proto.String(http.DetectContentType(data)),
		URL: &up.URL, DirectPath: &up.DirectPath, MediaKey: up.MediaKey,
		FileEncSHA256: up.FileEncSHA256, FileSHA256: up.FileSHA256, FileLength: &up.FileLength,
	}}
	if caption != "" {
		content.DocumentMessage.Caption = proto.String(caption)
		content = &waE2E.Message{DocumentWithCaptionMessage: &waE2E.FutureProofMessage{Message: content}}
	}
	return m.send(ctx, chat.ChatJID(), content)
}

// Opens downloads the file of an image or a document.
func (m *Member) Opens(ctx context.Context, msg *Message) ([]byte, error) {
	data, err := m.Client.DownloadAny(ctx, msg.Content)
	if err != nil {
		return nil, fmt.Errorf("%s opens a file: %w", m.Name, err)
	}
	return data, nil
}

// Sends sends any message of the library's.
func (m *Member) Sends(ctx context.Context, chat Chat, content *waE2E.Message) (*Message, error) {
	return m.send(ctx, chat.ChatJID(), content)
}

// text writes a text with its mentions, and what it quotes.
func (m *Member) text(chat types.JID, text string, quoted *Message, mentions []Mention) (*waE2E.Message, error) {
	if quoted == nil && len(mentions) == 0 {
		return &waE2E.Message{Conversation: proto.String(text)}, nil
	}
	info := &waE2E.ContextInfo{}
	for _, mention := range mentions {
		name, jid := mention.mentioned(m.srv.modeOf(chat))
		if !strings.Contains(text, "@"+name) {
			return nil, fmt.Errorf("%s mentions %s: %q does not contain @%s", m.Name, name, text, name)
		}
		text = strings.ReplaceAll(text, "@"+name, "@"+jid.User)
		info.MentionedJID = append(info.MentionedJID, jid.String())
	}
	if quoted != nil {
		info.StanzaID = proto.String(quoted.ID)
		info.Participant = proto.String(quoted.Sender.String())
		info.QuotedMessage = quoted.Content
	}
	return &waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{Text: proto.String(text), ContextInfo: info}}, nil
}

// modeOf says how a chat shows people.
func (s *Server) modeOf(chat types.JID) types.AddressingMode {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g := s.findGroup(chat); g != nil {
		return g.mode
	}
	return s.direct
}

func (m *Member) isMe(jid types.JID) bool { return jid.User == m.Phone || jid.User == m.lid }

// chatOf gives the chat of a message as this member sees it: for a direct
// message that another one sent or received, the other one.
func (m *Member) chatOf(msg *Message) types.JID {
	if !msg.Group && m.isMe(msg.Chat) {
		return msg.Sender
	}
	return msg.Chat
}

// send sends and gives the message as its sender sees it.
func (m *Member) send(ctx context.Context, to types.JID, content *waE2E.Message, extra ...whatsmeow.SendRequestExtra) (*Message, error) {
	if len(extra) == 0 {
		extra = []whatsmeow.SendRequestExtra{{ID: m.Client.GenerateMessageID()}}
	}
	inner := content
	if wrapped := content.GetDocumentWithCaptionMessage().GetMessage(); wrapped != nil {
		inner = wrapped
	}
	if edited := content.GetEditedMessage().GetMessage(); edited != nil {
		inner = edited
	}
	if poll := pollOf(inner); poll != nil {
		m.remember(extra[0].ID, poll) // before the first vote can come
	}
	select {
	case <-m.turn:
	case <-ctx.Done():
		return nil, fmt.Errorf("%s sends: %w", m.Name, ctx.Err())
	}
	response, err := m.Client.SendMessage(ctx, to, content, extra...)
	m.turn <- struct{}{}
	if err != nil {
		return nil, fmt.Errorf("%s sends: %w", m.Name, err)
	}
	msg := newMessage(types.MessageInfo{
		MessageSource: types.MessageSource{
			Chat: to, Sender: response.Sender, IsFromMe: true, IsGroup: to.Server == types.GroupServer,
		},
		ID: response.ID, Timestamp: response.Timestamp, PushName: m.Name,
	})
	msg.Content = inner
	msg.fill(inner)
	return msg, nil
}
