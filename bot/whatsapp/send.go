package whatsapp

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"

	"timonel/bot"
	"timonel/internal/markup"
)

// editWindow is how long after it was sent a message may still be edited; WhatsApp allows a little more.
const editWindow = 14 * time.Minute

// cap24h counts the messages of a day.
type cap24h struct {
	mu  sync.Mutex
	max int
	day string
	n   int
}

// take counts a message; it returns how long to wait when the day's are used up.
func (c *cap24h) take(now time.Time) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	if day := now.Format(time.DateOnly); day != c.day {
		c.day, c.n = day, 0
	}
	if c.n >= c.max {
		y, m, d := now.Date()
		return time.Date(y, m, d+1, 0, 1, 0, 0, now.Location()).Sub(now)
	}
	c.n++
	return 0
}

// Send implements bot.Adapter. A message's WhatsApp ids follow from its outbox id: sent again after a doubt, it is the
// same message, which WhatsApp shows once.
func (a *Adapter) Send(ctx context.Context, out bot.Outgoing) (bot.MessageID, error) {
	if !a.client.IsLoggedIn() {
		return "", bot.Temporary(errors.New("not connected to WhatsApp"), 0)
	}
	to, err := a.recipient(ctx, out)
	if err != nil {
		return "", err
	}
	if wait := a.pace.take(a.cfg.Now()); wait > 0 {
		return "", bot.Temporary(fmt.Errorf("the day's %d messages are used up", a.cfg.DailyCap), wait)
	}
	shown := bot.Shown(out, a.Capabilities())
	if out.Card != "" {
		if id, done := a.editCard(ctx, to, shown); done {
			return id, nil
		}
	}
	main := a.messageID(out, 0)
	for i, part := range a.parts(shown) {
		id := main
		if i > 0 {
			id = a.messageID(out, i)
			if err := a.store.rememberPart(ctx, id, main); err != nil {
				return "", bot.Temporary(fmt.Errorf("remember a part of the message: %w", err), 0)
			}
		}
		if err := a.sendPart(ctx, to, id, part); err != nil {
			return "", err
		}
	}
	if out.Card != "" {
		if err := a.store.rememberCard(ctx, to.String(), out.Card, main, a.cfg.Now()); err != nil {
			a.cfg.Log.Errorf("remember the status message: %v", err)
		}
	}
	return bot.MessageID(main), nil
}

// recipient is the chat to write to. Among people, only who wrote first is written to: cold messages get a number banned.
func (a *Adapter) recipient(ctx context.Context, out bot.Outgoing) (types.JID, error) {
	raw := string(out.Room)
	if raw == "" {
		raw = string(out.Direct)
	}
	jid, err := types.ParseJID(raw)
	if err != nil {
		return jid, bot.Permanent(fmt.Errorf("read the chat's address %q: %w", raw, err))
	}
	if jid.Server == types.GroupServer {
		return jid, nil
	}
	known, err := a.store.hasWritten(ctx, jid.String())
	if err != nil {
		return jid, bot.Temporary(fmt.Errorf("look up who wrote: %w", err), 0)
	}
	if !known {
		return jid, bot.Permanent(fmt.Errorf("%s never wrote to the bot, which writes first to nobody", jid.User))
	}
	return jid, nil
}

// messageID makes the id of part n of a message: the same for every attempt, different for every message.
func (a *Adapter) messageID(out bot.Outgoing, n int) string {
	if n == 0 && out.PlatformID != "" {
		return string(out.PlatformID)
	}
	own := ""
	if a.client.Store.ID != nil {
		own = a.client.Store.ID.ToNonAD().String()
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s|%d|%d|%s", own, out.ID, n, out.At.UTC().Format(time.RFC3339Nano)))
	return "3EB0" + strings.ToUpper(hex.EncodeToString(sum[:9]))
}

// piece is one WhatsApp message of ours.
type piece struct {
	text string
	file *bot.File
	poll *bot.Poll
}

// parts splits a message into what WhatsApp shows as one each: the text, with a single picture as its caption; further
// files; a poll beside the numbered options.
func (a *Adapter) parts(out bot.Outgoing) []piece {
	texts := split(render(out.Text), maxText)
	var all []piece
	files := out.Files
	if len(texts) == 1 && len(files) > 0 && strings.HasPrefix(files[0].MIME, "image/") && len([]rune(texts[0])) <= 1000 {
		all = append(all, piece{text: texts[0], file: &files[0]})
		files = files[1:]
	} else {
		for _, text := range texts {
			all = append(all, piece{text: text})
		}
	}
	for i := range files {
		all = append(all, piece{file: &files[i]})
	}
	if out.Poll != nil && len(out.Poll.Options) >= 2 && len(out.Poll.Options) <= 12 {
		all = append(all, piece{poll: out.Poll})
	}
	return all
}

func (a *Adapter) sendPart(ctx context.Context, to types.JID, id string, p piece) error {
	var message *waE2E.Message
	switch {
	case p.poll != nil:
		message = a.client.BuildPollCreation(p.poll.Question, p.poll.Options, 1)
		if err := a.store.rememberPoll(ctx, id, p.poll.Options); err != nil {
			return bot.Temporary(fmt.Errorf("remember the poll: %w", err), 0)
		}
	case p.file != nil:
		m, err := a.fileMessage(ctx, p)
		if err != nil {
			return err
		}
		message = m
	default:
		message = textMessage(p.text)
	}
	_, err := a.client.SendMessage(ctx, to, message, whatsmeow.SendRequestExtra{ID: id, Timeout: 40 * time.Second})
	return classify(err)
}

func textMessage(text string) *waE2E.Message {
	mentioned := mentions(text)
	if len(mentioned) == 0 {
		return &waE2E.Message{Conversation: proto.String(unmark(text))}
	}
	return &waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{
		Text: proto.String(unmark(text)), ContextInfo: &waE2E.ContextInfo{MentionedJID: mentioned},
	}}
}

// fileMessage uploads a file and makes the message that shows it.
func (a *Adapter) fileMessage(ctx context.Context, p piece) (*waE2E.Message, error) {
	kind := whatsmeow.MediaDocument
	if strings.HasPrefix(p.file.MIME, "image/") {
		kind = whatsmeow.MediaImage
	}
	up, err := a.client.Upload(ctx, p.file.Data, kind)
	if err != nil {
		return nil, bot.Temporary(fmt.Errorf("upload %s: %w", p.file.Name, err), 0)
	}
	info := &waE2E.ContextInfo{MentionedJID: mentions(p.text)}
	caption := proto.String(unmark(p.text))
	if kind == whatsmeow.MediaImage {
		return &waE2E.Message{ImageMessage: &waE2E.ImageMessage{
			Caption: caption, Mimetype: proto.String(p.file.MIME), URL: &up.URL, DirectPath: &up.DirectPath, MediaKey: up.MediaKey,
			FileEncSHA256: up.FileEncSHA256, FileSHA256: up.FileSHA256, FileLength: &up.FileLength, ContextInfo: info,
		}}, nil
	}
	return &waE2E.Message{DocumentMessage: &waE2E.DocumentMessage{
		Caption: caption, FileName: proto.String(p.file.Name), Title: proto.String(p.file.Name), Mimetype: proto.String(p.file.MIME), URL: &up.URL,
		DirectPath: &up.DirectPath, MediaKey: up.MediaKey, FileEncSHA256: up.FileEncSHA256, FileSHA256: up.FileSHA256, FileLength: &up.FileLength, ContextInfo: info,
	}}, nil
}

// editCard changes the status message that still can be; done is false when a new one must be sent.
func (a *Adapter) editCard(ctx context.Context, to types.JID, out bot.Outgoing) (bot.MessageID, bool) {
	id, at, err := a.store.card(ctx, to.String(), out.Card)
	if err != nil || id == "" || a.cfg.Now().Sub(at) > editWindow || len(out.Files) > 0 {
		return "", false
	}
	texts := split(render(out.Text), maxText)
	if len(texts) != 1 {
		return "", false
	}
	if _, err := a.client.SendMessage(ctx, to, a.client.BuildEdit(to, id, textMessage(texts[0]))); err != nil {
		return "", false
	}
	return bot.MessageID(id), true
}

// classify says whether a failed send may be repeated. An unanswered one may: its id makes the repeat the same message.
func classify(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, whatsmeow.ErrNotInGroup), errors.Is(err, whatsmeow.ErrGroupNotFound), errors.Is(err, whatsmeow.ErrUnknownServer):
		return bot.Permanent(fmt.Errorf("send to WhatsApp: %w", err))
	case errors.Is(err, whatsmeow.ErrServerReturnedError):
		return bot.Temporary(fmt.Errorf("send to WhatsApp: %w", err), slowDown(err))
	}
	return bot.Temporary(fmt.Errorf("send to WhatsApp: %w", err), 0)
}

// slowDown is the rest that the platform's "too fast" (429, 463, 479) asks for.
func slowDown(err error) time.Duration {
	for _, code := range []string{"429", "463", "479"} {
		if strings.Contains(err.Error(), code) {
			return 15 * time.Minute
		}
	}
	return 0
}

// Sent implements bot.Reconciler: since a repeated message is the same message, a doubtful one is simply sent again.
func (a *Adapter) Sent(context.Context, bot.Outgoing) (bot.MessageID, bool, error) {
	return "", false, nil
}

// mentionOpen and mentionClose bracket a mentioned address in a rendered text until the message is built, so that a text
// is split and shortened without losing whom it mentions.
const (
	mentionOpen  = "\uE010"
	mentionClose = "\uE011"
)

// render writes a text with WhatsApp's own formatting; what people wrote in it stays as they wrote it.
func render(text string) string {
	return markup.Renderer{
		Text: inert,
		Bold: func(s string) string {
			if strings.TrimSpace(s) == "" {
				return s
			}
			return "*" + s + "*"
		},
		Mention: func(user, _ string) string { return mentionOpen + user + mentionClose },
	}.Render(text)
}

// inert breaks up the signs that WhatsApp would read as formatting, with a joiner that nobody sees.
func inert(s string) string {
	return strings.NewReplacer("*", "*\u2060", "_", "_\u2060", "~", "~\u2060", "```", "`\u2060`\u2060`\u2060", mentionOpen, "", mentionClose, "").Replace(s)
}

// mentions returns the addresses that a rendered text mentions.
func mentions(text string) []string {
	var out []string
	for rest := text; ; {
		_, after, found := strings.Cut(rest, mentionOpen)
		if !found {
			return out
		}
		jid, tail, _ := strings.Cut(after, mentionClose)
		out, rest = append(out, jid), tail
	}
}

// unmark shows mentioned addresses as WhatsApp wants them: an @ and the user part.
func unmark(text string) string {
	var out strings.Builder
	for rest := text; ; {
		before, after, found := strings.Cut(rest, mentionOpen)
		out.WriteString(before)
		if !found {
			return out.String()
		}
		jid, tail, _ := strings.Cut(after, mentionClose)
		user, _, _ := strings.Cut(jid, "@")
		out.WriteString("@" + user)
		rest = tail
	}
}

// split cuts a long text at paragraphs, else at lines, else at words.
func split(text string, limit int) []string {
	var parts []string
	for utf8.RuneCountInString(text) > limit {
		at := cutAt(string([]rune(text)[:limit]))
		parts = append(parts, strings.TrimRight(text[:at], "\n "))
		text = strings.TrimLeft(text[at:], "\n ")
	}
	return append(parts, text)
}

// cutAt finds the best place to end a part: the last break in its second half.
func cutAt(head string) int {
	for _, sep := range []string{"\n\n", "\n", " "} {
		if at := strings.LastIndex(head, sep); at > len(head)/2 {
			return at
		}
	}
	return len(head)
}
