package conversations

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"timonel/bot"
	"timonel/conversations/understand"
	"timonel/locale"
	"timonel/report"
	"timonel/steering"
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

// tellFile sends the file that was asked for, or says which there are.
func (t *turn) tellFile(f understand.Frame) error {
	switch f.Slots.Format {
	case "png", "":
		return t.tellPicture(f)
	case "svg":
		data, err := report.TimelineSVG(t.p, t.today(), t.say)
		if err != nil {
			return fmt.Errorf("draw the timeline: %w", err)
		}
		return t.sendFile(file(strings.ToLower(t.p.Key)+".svg", "image/svg+xml", data))
	case "ics":
		data, err := report.ProjectICS(t.p, t.say, t.now)
		if err != nil {
			return fmt.Errorf("write the calendar: %w", err)
		}
		return t.sendFile(file(strings.ToLower(t.p.Key)+".ics", "text/calendar", data))
	}
	return t.tellDocument(f.Slots.Format)
}

// documents are the files that hold more than dates, with their type.
var documents = map[string]struct {
	mime string
	make func(*steering.Project, steering.Date, locale.Printer, report.Names) ([]byte, error)
}{
	"xlsx": {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", report.Workbook},
	"pdf":  {"application/pdf", report.PDF},
	"html": {"text/html", report.HTML},
	"csv": {"text/csv", func(p *steering.Project, _ steering.Date, say locale.Printer, names report.Names) ([]byte, error) {
		return report.CSV(p, say, names)
	}},
}

// tellDocument sends a document with what the people in this chat may see of the project.
func (t *turn) tellDocument(format string) error {
	document, known := documents[format]
	if !known {
		return t.reply(t.say.Text("file.not_made", locale.Args{"format": format}))
	}
	seen, err := t.seen(t.p)
	if err != nil {
		return err
	}
	data, err := document.make(seen, t.today(), t.say, t.plainName)
	if err != nil {
		return fmt.Errorf("write the %s: %w", format, err)
	}
	return t.sendFile(file(strings.ToLower(t.p.Key)+"."+format, document.mime, data))
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
