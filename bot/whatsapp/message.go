package whatsapp

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"image"
	_ "image/jpeg" // sizes of pictures
	_ "image/png"
	"strings"
	"unicode/utf8"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/proto"

	"timonel/bot"
)

// piece is one WhatsApp message of ours.
type piece struct {
	text mentioning
	file *bot.File
	poll *bot.Poll
}

// What WhatsApp allows.
const (
	maxCaption  = 1000 // runes that stay readable below a picture
	maxQuestion = 255
	maxOption   = 100
)

// pieces splits the message into what WhatsApp shows as one each: the text, below a picture if there is just one of both;
// files; a poll beside the numbered options.
func (s *sending) pieces() []piece {
	caps := s.a.Capabilities()
	caps.Polls = pollFits(s.out.Poll)
	shown := bot.Shown(s.out, caps)
	texts := s.mentioning(render(shown.Text)).split(maxText)
	var all []piece
	files := shown.Files
	if len(texts) == 1 && len(files) > 0 && isPicture(files[0]) && utf8.RuneCountInString(texts[0].text) <= maxCaption {
		all = append(all, piece{text: texts[0], file: &files[0]})
		files = files[1:]
	} else {
		for _, t := range texts {
			if strings.TrimSpace(t.text) != "" {
				all = append(all, piece{text: t})
			}
		}
	}
	for i := range files {
		all = append(all, piece{file: &files[i]})
	}
	if shown.Poll != nil {
		all = append(all, piece{poll: shown.Poll})
	}
	return all
}

// pollFits reports whether WhatsApp can show a poll; otherwise its options stand in the text.
func pollFits(p *bot.Poll) bool {
	if p == nil || len(p.Options) < 2 || len(p.Options) > maxPoll || p.Question == "" {
		return false
	}
	seen := map[string]bool{}
	for _, o := range p.Options {
		if o == "" || seen[o] || utf8.RuneCountInString(o) > maxOption {
			return false
		}
		seen[o] = true
	}
	return true
}

func isPicture(f bot.File) bool { return f.MIME == "image/png" || f.MIME == "image/jpeg" }

func (s *sending) message(id string, p piece) (*waE2E.Message, error) {
	switch {
	case p.poll != nil:
		return s.pollMessage(id, p.poll)
	case p.file != nil:
		return s.fileMessage(p)
	}
	return s.textMessage(p.text), nil
}

func (s *sending) textMessage(t mentioning) *waE2E.Message {
	if len(t.whom) == 0 {
		return &waE2E.Message{Conversation: proto.String(t.text)}
	}
	return &waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{
		Text: proto.String(t.text), ContextInfo: &waE2E.ContextInfo{MentionedJID: t.whom},
	}}
}

// pollMessage makes a poll whose votes are sealed with the same secret in every attempt.
func (s *sending) pollMessage(id string, p *bot.Poll) (*waE2E.Message, error) {
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		return nil, bot.Temporary(fmt.Errorf("make a poll's secret: %w", err), 0)
	}
	kept, err := s.a.store.keepPoll(s.ctx, id, poll{p.Options, secret}, s.a.cfg.Now())
	if err != nil {
		return nil, bot.Temporary(fmt.Errorf("remember the poll: %w", err), 0)
	}
	message := s.client.BuildPollCreation(shorten(p.Question, maxQuestion), kept.options, 1)
	message.MessageContextInfo.MessageSecret = kept.secret
	return message, nil
}

func shorten(s string, limit int) string {
	if r := []rune(s); len(r) > limit {
		return string(r[:limit-1]) + "…"
	}
	return s
}

// fileMessage uploads a file and makes the message that shows it.
func (s *sending) fileMessage(p piece) (*waE2E.Message, error) {
	kind := whatsmeow.MediaDocument
	if isPicture(*p.file) {
		kind = whatsmeow.MediaImage
	}
	s.a.typing(s.ctx, s.client, s.to)
	up, err := s.client.Upload(s.ctx, p.file.Data, kind)
	if err != nil {
		return nil, bot.Temporary(fmt.Errorf("upload %s to WhatsApp: %w", p.file.Name, err), 0)
	}
	var info *waE2E.ContextInfo
	if len(p.text.whom) > 0 {
		info = &waE2E.ContextInfo{MentionedJID: p.text.whom}
	}
	var caption *string
	if p.text.text != "" {
		caption = proto.String(p.text.text)
	}
	if kind == whatsmeow.MediaDocument {
		return &waE2E.Message{DocumentMessage: &waE2E.DocumentMessage{
			Caption: caption, FileName: proto.String(p.file.Name), Title: proto.String(p.file.Name), Mimetype: proto.String(p.file.MIME),
			URL: &up.URL, DirectPath: &up.DirectPath, MediaKey: up.MediaKey, FileEncSHA256: up.FileEncSHA256, FileSHA256: up.FileSHA256,
			FileLength: &up.FileLength, ContextInfo: info,
		}}, nil
	}
	picture := &waE2E.ImageMessage{
		Caption: caption, Mimetype: proto.String(p.file.MIME), URL: &up.URL, DirectPath: &up.DirectPath, MediaKey: up.MediaKey,
		FileEncSHA256: up.FileEncSHA256, FileSHA256: up.FileSHA256, FileLength: &up.FileLength, ContextInfo: info,
	}
	// Apps lay the picture out by its size before they have it.
	if size, _, err := image.DecodeConfig(bytes.NewReader(p.file.Data)); err == nil {
		picture.Width, picture.Height = proto.Uint32(uint32(size.Width)), proto.Uint32(uint32(size.Height))
	}
	return &waE2E.Message{ImageMessage: picture}, nil
}
