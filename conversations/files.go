package conversations

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"timonel/bot"
	"timonel/conversations/understand"
	"timonel/locale"
	"timonel/report"
)

func file(name, mime string, data []byte) bot.File {
	sum := sha256.Sum256(data)
	return bot.File{Name: name, MIME: mime, Bytes: len(data), SHA256: hex.EncodeToString(sum[:]), Data: data}
}

// tellPicture sends the timeline.
func (t *turn) tellPicture(understand.Frame) error {
	f, err := t.picture()
	if err != nil {
		return err
	}
	return t.sendReply(bot.Outgoing{Kind: bot.KindReply, Text: t.say.Text("file.picture", locale.Args{"project": t.p.Name, "date": t.date(t.today())}), Files: []bot.File{f}})
}

func (t *turn) picture() (bot.File, error) {
	data, err := report.TimelinePNG(t.p, t.today(), t.say)
	if err != nil {
		return bot.File{}, fmt.Errorf("draw the timeline: %w", err)
	}
	return file(strings.ToLower(t.p.Key)+".png", "image/png", data), nil
}

// tellFile sends the file that was asked for, with what the people in this chat may see of the project.
func (t *turn) tellFile(f understand.Frame) error {
	name := cmp.Or(f.Slots.Format, "png")
	if name == "png" {
		return t.tellPicture(f)
	}
	format, known := report.Formats[name]
	if !known {
		return t.reply(t.say.Text("file.not_made", locale.Args{"format": name}))
	}
	seen, err := t.seen(t.p)
	if err != nil {
		return err
	}
	data, err := format.Write(report.View{Project: seen, Today: t.today(), Now: t.now, Say: t.say, Names: t.plainName})
	if err != nil {
		return fmt.Errorf("write the %s: %w", name, err)
	}
	return t.sendFile(file(strings.ToLower(t.p.Key)+"."+name, format.MIME, data))
}

func (t *turn) sendFile(f bot.File) error {
	return t.sendReply(bot.Outgoing{Kind: bot.KindReply, Text: t.say.Text("file.here", locale.Args{"name": f.Name}), Files: []bot.File{f}})
}

// tellDigest sends the digest now, with its picture.
func (t *turn) tellDigest(understand.Frame) error {
	f, err := t.picture()
	if err != nil {
		return err
	}
	seen, err := t.seen(t.p)
	if err != nil {
		return err
	}
	text := report.Digest(seen, t.today(), t.now.AddDate(0, 0, -7), t.say, t.plainName, false)
	return t.sendReply(bot.Outgoing{Kind: bot.KindReply, Text: text, Files: []bot.File{f}})
}

// tellHelp lists what can be said, with an example each; of one topic when the message names it.
func (t *turn) tellHelp(understand.Frame) error {
	lines := []string{t.say.Text("help.head", nil)}
	lines = append(lines, t.say.List("help.lines")...)
	return t.sendReply(bot.Outgoing{Kind: bot.KindReply, Text: strings.Join(lines, "\n"), Ephemeral: true})
}

// scheduleWords says when a weekly digest goes out.
func (t *turn) scheduleWords(hour, minute int, day string) string {
	return t.say.Text("schedule.weekly", locale.Args{"weekday": t.say.Weekday(weekdayOf(day)), "time": fmt.Sprintf("%02d:%02d", hour, minute)})
}

// weekdayOf reads a cron weekday, 0 to 7; anything else is Friday, the default of the digest.
func weekdayOf(day string) time.Weekday {
	if len(day) == 1 && day[0] >= '0' && day[0] <= '7' {
		return time.Weekday((day[0] - '0') % 7)
	}
	return time.Friday
}
