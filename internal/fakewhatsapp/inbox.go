package fakewhatsapp

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
)

// Kind says what a message is.
type Kind string

// The kinds of messages.
const (
	Text          Kind = "text"
	Reaction      Kind = "reaction" // Text is the emoji, or empty when it was taken back
	Poll          Kind = "poll"     // Text is the question
	Vote          Kind = "vote"     // Options are those voted for
	Image         Kind = "image"    // Text is the caption
	Document      Kind = "document" // Text is the caption
	Edit          Kind = "edit"     // Text is the new text
	Revoke        Kind = "revoke"
	Undecryptable Kind = "undecryptable"
	Other         Kind = "other"
)

// Message is something said, as one person's client sent or received it.
type Message struct {
	ID   types.MessageID
	Kind Kind
	// Chat is the group, or the other person of a direct chat.
	Chat  types.JID
	Group bool
	// Sender is the address that the message came from, without its device;
	// SenderAlt is the person's other address, if the message tells.
	Sender, SenderAlt types.JID
	SenderName        string
	FromMe            bool
	At                time.Time
	Text              string
	// Target is the message that this one quotes, reacts to, votes in, edits or
	// takes back.
	Target   types.MessageID
	Mentions []string // addresses, as in the message
	Options  []string // of a poll, or those voted for
	FileName string
	MIME     string
	Retries  int // how often it was asked for again
	// Raw is what the library gave; nil for one's own messages.
	Raw *events.Message
	// Content is the library's message.
	Content *waE2E.Message
	info    types.MessageInfo
}

func (msg *Message) String() string {
	return fmt.Sprintf("%s %s from %s: %q", msg.Kind, msg.ID, msg.Sender, msg.Text)
}

// hear takes the events of the member's client.
func (m *Member) hear(client *whatsmeow.Client, event any) {
	var msg *Message
	switch e := event.(type) {
	case *events.Message:
		msg = m.read(client, e)
	case *events.UndecryptableMessage:
		msg = newMessage(e.Info)
		msg.Kind = Undecryptable
	}
	m.lock.Lock()
	defer m.lock.Unlock()
	m.events = append(m.events, event)
	if msg != nil {
		m.inbox = append(m.inbox, msg)
	}
	close(m.changed)
	m.changed = make(chan struct{})
}

func newMessage(info types.MessageInfo) *Message {
	return &Message{
		ID: info.ID, Chat: info.Chat, Group: info.IsGroup, FromMe: info.IsFromMe,
		Sender: info.Sender.ToNonAD(), SenderAlt: info.SenderAlt.ToNonAD(), SenderName: info.PushName,
		At: info.Timestamp, info: info,
	}
}

// read makes a Message of an event, or nil if it holds nothing to read: the
// first of the two events of a group message holds only keys.
func (m *Member) read(client *whatsmeow.Client, e *events.Message) *Message {
	msg := newMessage(e.Info)
	msg.Raw, msg.Content, msg.Retries = e, e.Message, e.RetryCount
	msg.fill(e.Message)
	if msg.Kind == "" {
		return nil
	}
	if msg.Kind == Poll {
		m.remember(msg.ID, pollOf(e.Message))
	}
	if msg.Kind == Vote {
		msg.Options = m.openVote(client, e)
	}
	return msg
}

// fill reads what is in a message of the library's.
func (msg *Message) fill(content *waE2E.Message) {
	var context *waE2E.ContextInfo
	switch {
	case content.GetConversation() != "":
		msg.Kind, msg.Text = Text, content.GetConversation()
	case content.GetExtendedTextMessage() != nil:
		msg.Kind, msg.Text = Text, content.GetExtendedTextMessage().GetText()
		context = content.GetExtendedTextMessage().GetContextInfo()
	case content.GetReactionMessage() != nil:
		msg.Kind, msg.Text = Reaction, content.GetReactionMessage().GetText()
		msg.Target = content.GetReactionMessage().GetKey().GetID()
	case pollOf(content) != nil:
		poll := pollOf(content)
		msg.Kind, msg.Text, msg.Options = Poll, poll.GetName(), optionsOf(poll)
	case content.GetPollUpdateMessage() != nil:
		msg.Kind, msg.Target = Vote, content.GetPollUpdateMessage().GetPollCreationMessageKey().GetID()
	case content.GetImageMessage() != nil:
		image := content.GetImageMessage()
		msg.Kind, msg.Text, msg.MIME = Image, image.GetCaption(), image.GetMimetype()
		context = image.GetContextInfo()
	case content.GetDocumentMessage() != nil:
		document := content.GetDocumentMessage()
		msg.Kind, msg.Text, msg.MIME = Document, document.GetCaption(), document.GetMimetype()
		msg.FileName, context = document.GetFileName(), document.GetContextInfo()
	case content.GetProtocolMessage().GetType() == waE2E.ProtocolMessage_MESSAGE_EDIT && content.GetProtocolMessage() != nil:
		var edited Message
		edited.fill(content.GetProtocolMessage().GetEditedMessage())
		msg.Kind, msg.Text, msg.Mentions = Edit, edited.Text, edited.Mentions
		msg.Target = content.GetProtocolMessage().GetKey().GetID()
	case content.GetProtocolMessage().GetKey() != nil:
		msg.Kind, msg.Target = Revoke, content.GetProtocolMessage().GetKey().GetID()
	case content.GetSenderKeyDistributionMessage() != nil:
		return
	default:
		msg.Kind = Other
	}
	if context != nil {
		msg.Target, msg.Mentions = context.GetStanzaID(), context.GetMentionedJID()
	}
}

// pollOf finds a poll in any of the forms that clients send.
func pollOf(content *waE2E.Message) *waE2E.PollCreationMessage {
	for _, poll := range []*waE2E.PollCreationMessage{
		content.GetPollCreationMessage(), content.GetPollCreationMessageV2(), content.GetPollCreationMessageV3(),
		content.GetPollCreationMessageV5(), content.GetPollCreationMessageV6(),
	} {
		if poll != nil {
			return poll
		}
	}
	if wrapped := content.GetPollCreationMessageV4().GetMessage(); wrapped != nil {
		return pollOf(wrapped)
	}
	return nil
}

func optionsOf(poll *waE2E.PollCreationMessage) []string {
	var names []string
	for _, option := range poll.GetOptions() {
		names = append(names, option.GetOptionName())
	}
	return names
}

// remember keeps the options of a poll, because votes hold only their hashes.
func (m *Member) remember(id types.MessageID, poll *waE2E.PollCreationMessage) {
	m.lock.Lock()
	defer m.lock.Unlock()
	m.options[id] = optionsOf(poll)
}

// openVote decrypts a vote and gives the options' names. In groups with hidden
// addresses the vote may have been sealed under the voter's number.
func (m *Member) openVote(client *whatsmeow.Client, e *events.Message) []string {
	vote, err := client.DecryptPollVote(context.Background(), e)
	if err != nil && !e.Info.SenderAlt.IsEmpty() {
		other := *e
		other.Info.Sender = e.Info.SenderAlt
		vote, err = client.DecryptPollVote(context.Background(), &other)
	}
	if err != nil {
		return []string{"undecryptable: " + err.Error()}
	}
	m.lock.Lock()
	names := m.options[e.Message.GetPollUpdateMessage().GetPollCreationMessageKey().GetID()]
	m.lock.Unlock()
	var chosen []string
	hashes := whatsmeow.HashPollOptions(names)
	for _, selected := range vote.GetSelectedOptions() {
		at := slices.IndexFunc(hashes, func(hash []byte) bool { return slices.Equal(hash, selected) })
		if at < 0 {
			chosen = append(chosen, fmt.Sprintf("unknown option %x", selected))
			continue
		}
		chosen = append(chosen, names[at])
	}
	return chosen
}

// Inbox is everything that has arrived, oldest first.
func (m *Member) Inbox() []*Message {
	m.lock.Lock()
	defer m.lock.Unlock()
	return slices.Clone(m.inbox)
}

// Unexpected is what has arrived and no Expect has taken. Let the server Settle
// first.
func (m *Member) Unexpected() []*Message {
	m.lock.Lock()
	defer m.lock.Unlock()
	return m.unexpected()
}

func (m *Member) unexpected() []*Message {
	var list []*Message
	for _, msg := range m.inbox {
		if !m.expected[msg] {
			list = append(list, msg)
		}
	}
	return list
}

// Expect takes the first message that fits and that no Expect has taken before,
// and waits for it if it is not there yet.
func (m *Member) Expect(ctx context.Context, fits func(*Message) bool) (*Message, error) {
	for {
		m.lock.Lock()
		rest := m.unexpected()
		for _, msg := range rest {
			if fits(msg) {
				m.expected[msg] = true
				m.lock.Unlock()
				return msg, nil
			}
		}
		changed := m.changed
		m.lock.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, fmt.Errorf("%s expects a message that does not come (there is: %s): %w", m.Name, list(rest), ctx.Err())
		}
	}
}

// ExpectText waits for a text, caption, edit or question that contains the words.
func (m *Member) ExpectText(ctx context.Context, words string) (*Message, error) {
	msg, err := m.Expect(ctx, func(msg *Message) bool {
		return msg.Kind != Reaction && msg.Kind != Vote && strings.Contains(msg.Text, words)
	})
	if err != nil {
		return nil, fmt.Errorf("%q: %w", words, err)
	}
	return msg, nil
}

// ExpectKind waits for a message of a kind.
func (m *Member) ExpectKind(ctx context.Context, kind Kind) (*Message, error) {
	msg, err := m.Expect(ctx, func(msg *Message) bool { return msg.Kind == kind })
	if err != nil {
		return nil, fmt.Errorf("a message of the kind %s: %w", kind, err)
	}
	return msg, nil
}

func list(messages []*Message) string {
	if len(messages) == 0 {
		return "nothing"
	}
	lines := make([]string, len(messages))
	for i, msg := range messages {
		lines[i] = msg.String()
	}
	return strings.Join(lines, "; ")
}

// Await takes the first event of the client that fits and that no Await has
// taken before, and waits for it if it is not there yet: *events.Connected,
// *events.LoggedOut, *events.Receipt and so on.
func (m *Member) Await(ctx context.Context, fits func(event any) bool) (any, error) {
	for {
		m.lock.Lock()
		for i, event := range m.events {
			if fits(event) {
				m.events = slices.Delete(m.events, i, i+1)
				m.lock.Unlock()
				return event, nil
			}
		}
		changed := m.changed
		m.lock.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, fmt.Errorf("%s awaits an event that does not come: %w", m.Name, ctx.Err())
		}
	}
}

// AwaitEvent waits for an event of one type that fits; a nil fits takes the
// first of the type.
func AwaitEvent[E any](ctx context.Context, m *Member, fits func(E) bool) (E, error) {
	event, err := m.Await(ctx, func(event any) bool {
		e, ok := event.(E)
		return ok && (fits == nil || fits(e))
	})
	if err != nil {
		var none E
		return none, fmt.Errorf("%T: %w", none, err)
	}
	return event.(E), nil
}

// ForgetEvents makes Await look only at what happens from now on.
func (m *Member) ForgetEvents() {
	m.lock.Lock()
	defer m.lock.Unlock()
	m.events = nil
}
