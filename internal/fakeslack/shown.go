package fakeslack

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	angled = regexp.MustCompile(`<([^<>]*)>`)
	// formatted is what stands between asterisks; underscores and tildes are left for tests to see.
	formatted = regexp.MustCompile(`(^|[^\pL\pN*])(\*)([^*\n]*[^*\s])\*`)
	dated     = regexp.MustCompile(`^!date\^(\d+)\^([^|^]*)(?:\^[^|]*)?\|(.*)$`)
)

// plain writes Slack's markup as a person reads it. Called with the lock held.
func (s *Server) plain(text string) string {
	text = angled.ReplaceAllStringFunc(text, func(m string) string { return s.readableMark(m[1 : len(m)-1]) })
	text = formatted.ReplaceAllString(text, "${1}${3}")
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(text)
}

func (s *Server) readableMark(mark string) string {
	target, label, labelled := strings.Cut(mark, "|")
	switch {
	case strings.HasPrefix(mark, "@"):
		if p := s.people[target[1:]]; p != nil {
			return "@" + p.Name
		}
		return "@unknown"
	case strings.HasPrefix(mark, "#"):
		if c := s.channels[target[1:]]; c != nil {
			return "#" + c.Name
		}
		return "#unknown"
	case strings.HasPrefix(mark, "!date^"):
		if s.opt.OldClients {
			return label
		}
		return readableDate(mark)
	case strings.HasPrefix(mark, "!"):
		return "@" + target[1:]
	case labelled:
		return label
	}
	return target
}

func readableDate(mark string) string {
	m := dated.FindStringSubmatch(mark)
	if m == nil {
		return "<" + mark + ">"
	}
	unix, err := strconv.ParseInt(m[1], 10, 64)
	if err != nil {
		return m[3]
	}
	t := time.Unix(unix, 0).UTC()
	return strings.NewReplacer("{date_short_pretty}", t.Format("Jan 2"), "{date_short}", t.Format("Jan 2, 2006"),
		"{date_long_pretty}", t.Format("Monday, January 2"), "{date_long}", t.Format("Monday, January 2, 2006"), "{date_pretty}", t.Format("January 2"),
		"{date_num}", t.Format("2006-01-02"), "{date}", t.Format("January 2, 2006"), "{time_secs}", t.Format("15:04:05"), "{time}", t.Format("15:04")).Replace(m[2])
}

// pings lists whom a text calls: people's ids, "channel", "here", "everyone".
func pings(text string) []string {
	var list []string
	for _, m := range angled.FindAllStringSubmatch(text, -1) {
		target, _, _ := strings.Cut(m[1], "|")
		switch {
		case strings.HasPrefix(target, "@"):
			list = append(list, target[1:])
		case target == "!channel", target == "!here", target == "!everyone", strings.HasPrefix(target, "!subteam"):
			list = append(list, target[1:])
		}
	}
	return list
}

// readMessage is a message as a person reads it, and whom it pings. Called with the lock held.
func (s *Server) readMessage(m *Message) (string, []string) {
	var lines []string
	called := pings(m.Text)
	if len(m.Blocks) == 0 {
		lines = append(lines, s.plain(m.Text))
	}
	for _, b := range m.Blocks {
		text, more := s.readBlock(b)
		lines, called = append(lines, text...), append(called, more...)
	}
	for _, f := range m.Files {
		lines = append(lines, "["+f.Name+"]")
	}
	return strings.Join(lines, "\n"), called
}

func (s *Server) readBlock(b obj) (lines, called []string) {
	object := func(v any) {
		o, ok := v.(obj)
		if !ok {
			return
		}
		text := textOf(o)
		if o["type"] == "mrkdwn" {
			called = append(called, pings(text)...)
			text = s.plain(text)
		}
		if text != "" {
			lines = append(lines, text)
		}
	}
	for _, name := range []string{"text", "title", "label", "hint"} {
		object(b[name])
	}
	for _, name := range []string{"fields", "elements"} {
		list, _ := b[name].([]any)
		for _, v := range list {
			if el, ok := v.(obj); ok && el["text"] != nil && b["type"] == "context" {
				object(el)
			} else if ok && name == "fields" {
				object(el)
			}
		}
	}
	if b["type"] == "markdown" {
		text, _ := b["text"].(string)
		lines = append(lines, text)
	}
	if b["type"] == "image" {
		lines = append(lines, fmt.Sprintf("[image: %v]", b["alt_text"]))
	}
	for _, e := range interactive(b) {
		lines = append(lines, readElement(e)...)
	}
	return lines, called
}

func readElement(e obj) []string {
	if e["type"] == "button" {
		text, _ := e["text"].(obj)
		return []string{"[" + textOf(text) + "]"}
	}
	var lines []string
	for _, name := range []string{"options"} {
		list, _ := e[name].([]any)
		for _, v := range list {
			o, _ := v.(obj)
			text, _ := o["text"].(obj)
			lines = append(lines, "("+textOf(text)+")")
		}
	}
	if len(lines) == 0 {
		lines = []string{fmt.Sprintf("[%v]", e["type"])}
	}
	return lines
}

// readShown is a view as a person reads it. Called with the lock held.
func (s *Server) readShown(v *View) (string, []string) {
	lines, called := []string{}, []string{}
	if v.Title != "" {
		lines = append(lines, v.Title)
	}
	for _, b := range v.Blocks {
		text, more := s.readBlock(b)
		lines, called = append(lines, text...), append(called, more...)
	}
	return strings.Join(lines, "\n"), called
}
