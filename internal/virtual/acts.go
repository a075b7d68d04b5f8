package virtual

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"timonel/bot"
	"timonel/bot/simulated"
)

// Act is who does something, where. Direct means in the direct chat with the bot; Chat then only says on which platform.
type Act struct {
	Who    string
	Chat   *Chat
	Direct bool
	// Ref comes back as Outgoing.InReplyTo of the answers.
	Ref int
}

// Say makes a member write; quote answers the bot's newest message in that chat.
func (w *World) Say(ctx context.Context, a Act, text string, quote bool) error {
	return w.act(ctx, a, func(in *bot.Incoming) error {
		in.Kind, in.Text = bot.TextMessage, text
		w.mark(in)
		if !quote {
			return nil
		}
		e, err := w.newest(in, nil, "nothing to answer")
		in.Quote, in.ToBot = e.Message, true
		return err
	})
}

// SendFile makes a member send a file with a caption.
func (w *World) SendFile(ctx context.Context, a Act, name string, data []byte, caption string) error {
	return w.act(ctx, a, func(in *bot.Incoming) error {
		sum := sha256.Sum256(data)
		in.Kind, in.Text = bot.TextMessage, caption
		in.Files = []bot.File{{
			Name: filepath.Base(name), MIME: mimeOf(name), Bytes: len(data), SHA256: hex.EncodeToString(sum[:]), Data: data,
		}}
		w.mark(in)
		return nil
	})
}

// React makes a member react to the bot's newest message in that chat.
func (w *World) React(ctx context.Context, a Act, emoji string) error {
	return w.act(ctx, a, func(in *bot.Incoming) error {
		e, err := w.newest(in, nil, "nothing to react to")
		in.Kind, in.Text, in.Quote, in.ToBot = bot.Reaction, emoji, e.Message, true
		return err
	})
}

// Press makes a member pick what the newest message that has it offers under that label, action or number.
func (w *World) Press(ctx context.Context, a Act, named string) error {
	return w.act(ctx, a, func(in *bot.Incoming) error {
		var picked bot.Option
		e, err := w.newest(in, func(out bot.Outgoing) (fits bool) {
			picked, fits = bot.Pick(bot.Choices(out), named)
			return fits
		}, "no message there offers "+named)
		in.Kind, in.Text, in.Action, in.Quote, in.ToBot = bot.Press, picked.Label, picked.Action, e.Message, true
		return err
	})
}

// Vote makes a member vote in the newest poll of that chat.
func (w *World) Vote(ctx context.Context, a Act, option string) error {
	return w.act(ctx, a, func(in *bot.Incoming) error {
		e, err := w.newest(in, func(out bot.Outgoing) bool { return out.Poll != nil }, "there is no poll")
		if err != nil {
			return err
		}
		votes := bot.Choices(bot.Outgoing{Poll: e.Said.Poll})
		picked, ok := bot.Pick(votes, option)
		if !ok {
			return mistake("the poll offers: "+labels(votes), "the newest poll has no option %q", option)
		}
		in.Kind, in.Text, in.Action, in.Quote, in.ToBot = bot.PollVote, picked.Label, picked.Action, e.Message, true
		return nil
	})
}

// Do makes a member do something that the caller describes whole, but for id and moment.
func (w *World) Do(ctx context.Context, a Act, describe func(*bot.Incoming) error) error {
	return w.act(ctx, a, func(in *bot.Incoming) error {
		if err := describe(in); err != nil {
			return err
		}
		if in.Kind == bot.TextMessage {
			w.mark(in)
		}
		return nil
	})
}

// act fills in who and where, lets the caller describe what, and gives it to the bot unless that is down.
func (w *World) act(ctx context.Context, a Act, describe func(*bot.Incoming) error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.started = true
	in, err := w.incoming(ctx, a)
	if err != nil {
		return err
	}
	if err := describe(&in); err != nil {
		return err
	}
	w.network.Post(in)
	if w.down {
		return nil
	}
	return w.settle(ctx)
}

func (w *World) incoming(ctx context.Context, a Act) (bot.Incoming, error) {
	var platform bot.Platform
	if a.Chat != nil {
		platform = a.Chat.Platform
	} else if !a.Direct {
		return bot.Incoming{}, mistake("declare one: @chat ID", "there is no chat yet")
	}
	m, user, err := w.speaker(ctx, a.Who, platform)
	if err != nil {
		return bot.Incoming{}, err
	}
	in := bot.Incoming{Platform: platform, From: user, FromName: m.name, Ref: a.Ref}
	if !a.Direct {
		in.Room, in.RoomName = a.Chat.Room(), a.Chat.ID
		return in, nil
	}
	if m.users[platform] == "" && m.home != "" {
		in.Platform, in.From = m.home, m.users[m.home]
	}
	if in.Platform == "" {
		in.Platform = bot.Web
	}
	in.Direct, in.Room = true, simulated.DirectRoom(in.From)
	return in, nil
}

func (w *World) newest(in *bot.Incoming, fits func(bot.Outgoing) bool, otherwise string) (simulated.Entry, error) {
	e, found := w.network.Newest(in.Platform, in.Room, in.From, fits)
	if found {
		return e, nil
	}
	remedy := "the bot has said nothing there yet"
	if last, any := w.network.Newest(in.Platform, in.Room, in.From, func(out bot.Outgoing) bool { return len(bot.Choices(out)) > 0 }); any {
		remedy = "the newest choice was: " + labels(bot.Choices(*last.Said))
	} else if _, any := w.network.Newest(in.Platform, in.Room, in.From, nil); any {
		remedy = "its messages there offer no choice"
	}
	return simulated.Entry{}, mistake(remedy, "%s", otherwise)
}

func labels(choices []bot.Option) string {
	var list []string
	for _, o := range choices {
		list = append(list, o.Label)
	}
	return strings.Join(list, ", ")
}

var mention = regexp.MustCompile(`@([A-Za-z0-9_-]+)`)

// mark finds the mentions in a text: @ID of a member, and the bot's own.
func (w *World) mark(in *bot.Incoming) {
	for _, at := range mention.FindAllStringSubmatchIndex(in.Text, -1) {
		start, end := at[0], at[1]
		if r, _ := utf8.DecodeLastRuneInString(in.Text[:start]); unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' {
			continue // within a word, as in a mail address
		}
		// A dash or underscore at the end may belong to the sentence.
		for id := strings.ToLower(in.Text[start+1 : end]); id != ""; id, end = id[:len(id)-1], end-1 {
			if id == botName {
				in.ToBot = true
				break
			}
			if m := w.members[id]; m != nil {
				user := m.users[in.Platform]
				if user == "" {
					user = bot.UserID(m.id)
				}
				in.Mentions = append(in.Mentions, bot.MentionSpan{User: user, Start: start, End: end})
				break
			}
			if last := id[len(id)-1]; last != '-' && last != '_' {
				break
			}
		}
	}
}

// botName is the id by which the bot is mentioned.
const botName = "timonel"

// mimeTypes are those of the files that committees send; the system's own table differs from machine to machine.
var mimeTypes = map[string]string{
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	".pdf":  "application/pdf", ".csv": "text/csv", ".txt": "text/plain", ".md": "text/markdown", ".ics": "text/calendar",
	".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".svg": "image/svg+xml", ".zip": "application/zip",
	".json": "application/json", ".toml": "application/toml", ".xls": "application/vnd.ms-excel", ".doc": "application/msword",
}

func mimeOf(name string) string {
	if t := mimeTypes[strings.ToLower(filepath.Ext(name))]; t != "" {
		return t
	}
	return "application/octet-stream"
}
