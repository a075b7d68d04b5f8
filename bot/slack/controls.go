package slack

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	slackgo "github.com/slack-go/slack"

	"timonel/bot"
)

const (
	// manyOptions is how many options are still buttons; more become a menu.
	manyOptions = 5
	maxMenu     = 100 // options of one menu
	maxElements = 25  // of one row of controls
	maxMenus    = 4   // menus of one message
	// maxLabels is the text of all controls of a message together: it counts for Slack's limit of a message's text.
	maxLabels = 6000
)

// dateAction is the action of the day picked in answer to a question; the day comes back as text.
const dateAction = "pick-date"

// labelled is the text of a message, with options whose labels no button can show in full.
func labelled(out bot.Outgoing) string {
	text := out.Text
	if p := out.Poll; p != nil && !strings.Contains(text, p.Question) {
		text = strings.TrimLeft(text+"\n"+p.Question, "\n")
	}
	choices := bot.Choices(out)
	if !tooLong(choices) {
		return text
	}
	for i, c := range choices {
		text += "\n" + strconv.Itoa(i+1) + ". " + c.Label
	}
	return text
}

func tooLong(choices []bot.Option) bool {
	for _, c := range choices {
		if size(oneLine(c.Label)) > maxButton {
			return true
		}
	}
	return false
}

// controls are the blocks with which a message can be answered: a day to pick, buttons, or a menu when there are many.
func controls(out bot.Outgoing) []slackgo.Block {
	choices := bot.Choices(out)
	if tooLong(choices) {
		for i := range choices {
			choices[i].Label = strconv.Itoa(i+1) + ". " + choices[i].Label
		}
	}
	var elements []slackgo.BlockElement
	if out.Ask == "date" {
		elements = append(elements, slackgo.NewDatePickerBlockElement(dateAction))
	}
	switch {
	case len(choices) == 0:
	case len(choices) <= manyOptions || out.Poll != nil && len(choices) < maxElements || !fitMenu(choices):
		elements = append(elements, buttons(choices)...)
	default:
		elements = append(elements, menus(choices)...)
	}
	return rows(elements)
}

// rows puts elements into as many rows as they need.
func rows(elements []slackgo.BlockElement) []slackgo.Block {
	var out []slackgo.Block
	for len(elements) > 0 {
		n := min(len(elements), maxElements)
		out = append(out, slackgo.NewActionBlock("", elements[:n]...))
		elements = elements[n:]
	}
	return out
}

// fitMenu reports whether every action is short enough for a menu.
func fitMenu(choices []bot.Option) bool {
	for _, c := range choices {
		if size(c.Action) > maxOption || c.Action == "" {
			return false
		}
	}
	return true
}

// labelLimit is how long a control's label may be among n.
func labelLimit(n int) int { return min(maxButton, maxLabels/max(n, 1)) }

func buttons(choices []bot.Option) []slackgo.BlockElement {
	var out []slackgo.BlockElement
	ids := map[string]bool{}
	choices = choices[:min(len(choices), maxElements*maxMenus)]
	for i, c := range choices {
		b := slackgo.NewButtonBlockElement(actionID(c.Action, i, ids), shorten(c.Action, maxValue), plainText(label(c.Label, labelLimit(len(choices)))))
		if c.Style == string(slackgo.StylePrimary) || c.Style == string(slackgo.StyleDanger) {
			b.Style = slackgo.Style(c.Style)
		}
		out = append(out, b)
	}
	return out
}

func menus(choices []bot.Option) []slackgo.BlockElement {
	var out []slackgo.BlockElement
	choices = choices[:min(len(choices), maxMenu*maxMenus)]
	limit := labelLimit(len(choices))
	for n := 0; len(choices) > 0; n++ {
		k := min(len(choices), maxMenu)
		var options []*slackgo.OptionBlockObject
		for _, c := range choices[:k] {
			options = append(options, slackgo.NewOptionBlockObject(c.Action, plainText(label(c.Label, limit)), nil))
		}
		out = append(out, slackgo.NewOptionsSelectBlockElement(slackgo.OptTypeStatic, nil, "menu-"+strconv.Itoa(n), options...))
		choices = choices[k:]
	}
	return out
}

// label is what a control shows: one line, never empty.
func label(s string, limit int) string { return shorten(orEllipsis(oneLine(s)), limit) }

// actionID names a control by its action, so that people's tools find it; each once, each within the limit.
func actionID(action string, i int, taken map[string]bool) string {
	id := action
	if id == "" || size(id) > maxActionID {
		sum := sha256.Sum256([]byte(action))
		id = "a-" + hex.EncodeToString(sum[:8])
	}
	if taken[id] {
		id = shorten(id, maxActionID-8) + "#" + strconv.Itoa(i)
	}
	taken[id] = true
	return id
}

func linkButton(l bot.Link) slackgo.Block {
	b := slackgo.NewButtonBlockElement("open-link", "", plainText(label(l.Label, maxButton)))
	b.URL = l.URL
	return slackgo.NewActionBlock("", b)
}

// controlsText is how much text the controls of a message hold at most.
func controlsText(out bot.Outgoing) int {
	n := len(bot.Choices(out))
	if out.More != nil {
		n++
	}
	return n * labelLimit(n)
}
