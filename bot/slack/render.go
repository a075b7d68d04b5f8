package slack

import (
	"strings"

	slackgo "github.com/slack-go/slack"

	"timonel/bot"
	"timonel/internal/markup"
)

// Limits of Slack's, with a margin where Slack counts in ways that it does not document.
const (
	maxSection    = 2900   // of 3,000
	maxPlain      = 3500   // a text without blocks; Slack advises 4,000
	maxPageText   = 12_000 // of the 13,000 at which a message with blocks may be refused
	maxPageBlocks = 40     // of 50, which leaves room for pictures and controls
	maxPages      = 5      // messages that one text may become before the rest goes into a file
	maxFallback   = 3000   // the text that stands for the blocks in notifications
	maxHeader     = 150
	maxButton     = 75
	maxActionID   = 255
	maxOption     = 150 // an option's value
	maxValue      = 2000
	maxAlt        = 2000
)

// page is one message on its way: text alone, or blocks with a text that stands for them.
type page struct {
	text   string
	blocks []slackgo.Block
}

// rendered is an outgoing message as Slack shows it.
type rendered struct {
	pages []page
	// cut says that the pages do not hold all of the text.
	cut bool
}

// attachWhole reports whether the text is to follow as a file, because nothing else holds all of it.
func (r rendered) attachWhole(out bot.Outgoing) bool {
	return r.cut && out.More == nil && out.Card == ""
}

// isCard reports whether a message stands on its own as a card, with a headline.
func isCard(out bot.Outgoing) bool {
	return out.Card != "" || out.Kind == bot.KindDigest || out.Kind == bot.KindPortfolio
}

// render lays a message out within every limit: long texts on several pages, pictures and controls on the last.
func render(out bot.Outgoing, pictures []picture) rendered {
	head, body := "", lines(labelled(out))
	if isCard(out) && len(body) > 1 {
		head, body = oneLine(headline(body[0])), body[1:]
	}
	text := written(body)
	bottom := append(pictureBlocks(pictures), controls(out)...)
	if head == "" && len(bottom) == 0 && size(strings.Join(text, "\n")) <= maxPlain {
		return rendered{pages: []page{{text: orEllipsis(strings.Join(text, "\n"))}}}
	}
	most := maxPages
	if out.More != nil || out.Card != "" { // what is edited later is one message
		most = 1
	}
	sections, cut := paginate(text, most, maxPageText-controlsText(out))
	r := rendered{cut: cut}
	for i, texts := range sections {
		p := page{}
		if i == 0 && head != "" {
			p.blocks = append(p.blocks, slackgo.NewHeaderBlock(plainText(shorten(head, maxHeader))))
			p.text = literal(head, 0, false) + "\n"
		}
		for _, text := range texts {
			p.blocks = append(p.blocks, section(text))
		}
		p.text = orEllipsis(fallback(p.text + strings.Join(texts, "\n")))
		if i == len(sections)-1 {
			p.blocks = append(p.blocks, ending(cut, out.More)...)
			p.blocks = append(p.blocks, bottom...)
		}
		r.pages = append(r.pages, p)
	}
	return r
}

// ending says that a text goes on, and where.
func ending(cut bool, more *bot.Link) []slackgo.Block {
	switch {
	case !cut:
		return nil
	case more == nil || more.URL == "":
		return []slackgo.Block{section("…")}
	}
	return []slackgo.Block{section("…"), linkButton(*more)}
}

// headline is the plain text of a line.
func headline(parts []markup.Part) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(p.Text)
	}
	return b.String()
}

// written writes each line in Slack's markup, lines that are too long as several.
func written(body [][]markup.Part) []string {
	var out []string
	for _, l := range body {
		for _, w := range wrap(l, maxSection) {
			out = append(out, mrkdwn(w))
		}
	}
	return out
}

// paginate groups lines into sections and sections into at most so many pages of at most so much text; cut says that they
// do not hold all.
func paginate(written []string, most, room int) (pages [][]string, cut bool) {
	var sections []string
	text := written[0]
	for _, l := range written[1:] {
		if size(text)+1+size(l) > maxSection {
			sections = append(sections, text)
			text = l
		} else {
			text += "\n" + l
		}
	}
	sections = append(sections, text)
	var page []string
	used := 0
	for _, s := range sections {
		if strings.TrimSpace(s) == "" {
			continue
		}
		if len(page) > 0 && (used+size(s) > room || len(page) >= maxPageBlocks) {
			pages = append(pages, page)
			page, used = nil, 0
			if len(pages) == most {
				return pages, true
			}
		}
		page, used = append(page, s), used+size(s)
	}
	return append(pages, page), false
}

// fallback is the text that stands for blocks.
func fallback(s string) string { return clip(s, maxFallback) }

// clip cuts a text in Slack's markup at a line end, where no mark or entity is parted.
func clip(s string, limit int) string {
	if size(s) <= limit {
		return s
	}
	var kept []string
	used := 0
	for l := range strings.SplitSeq(s, "\n") {
		if used += size(l) + 1; used > limit-1 {
			break
		}
		kept = append(kept, l)
	}
	return strings.Join(kept, "\n") + "…"
}

// marked writes a marked text in Slack's markup, within one section.
func marked(text string) string { return clipped(text, maxSection) }

// clipped writes a marked text in Slack's markup, within a limit.
func clipped(text string, limit int) string {
	var out []string
	for _, l := range lines(text) {
		for _, w := range wrap(l, limit-1) {
			out = append(out, mrkdwn(w))
		}
	}
	return clip(strings.Join(out, "\n"), limit)
}

// orEllipsis stands in for a text that holds nothing to read: Slack takes no empty message.
func orEllipsis(s string) string {
	if strings.TrimSpace(s) == "" {
		return "…"
	}
	return s
}

func section(text string) slackgo.Block {
	return slackgo.NewSectionBlock(&slackgo.TextBlockObject{Type: slackgo.MarkdownType, Text: text, Verbatim: true}, nil, nil)
}

func plainText(s string) *slackgo.TextBlockObject {
	return slackgo.NewTextBlockObject(slackgo.PlainTextType, s, true, false)
}

// picture is an image that was uploaded.
type picture struct{ file, name string }

func pictureBlocks(pictures []picture) []slackgo.Block {
	var out []slackgo.Block
	for _, p := range pictures {
		alt := shorten(orEllipsis(oneLine(p.name)), maxAlt)
		out = append(out, slackgo.NewImageBlockSlackFile(&slackgo.SlackFileObject{ID: p.file}, alt, "", nil))
	}
	return out
}
