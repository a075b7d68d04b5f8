package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	slackgo "github.com/slack-go/slack"

	"timonel/bot"
)

const (
	maxHomeBlocks = 95 // of 100
	maxOverflow   = 5
	maxItem       = 500 // of one line's text: a whole page takes at most 250 kB
	// homeFresh is how long after its opening a home page is kept up to date with what its person does.
	homeFresh = 30 * time.Minute
)

// homes remembers who looked at their home page lately, by their direct chat.
type homes struct {
	mu   sync.Mutex
	open map[string]bot.Incoming
	busy map[string]bool
}

// openHome publishes a person's home page.
func (a *Adapter) openHome(ctx context.Context, in bot.Incoming) error {
	a.homes.mu.Lock()
	if a.homes.open == nil {
		a.homes.open, a.homes.busy = map[string]bot.Incoming{}, map[string]bool{}
	}
	a.homes.open[string(in.Room)] = in
	a.homes.mu.Unlock()
	return a.publish(ctx, in)
}

func (a *Adapter) publish(ctx context.Context, in bot.Incoming) error {
	ctx, cancel := context.WithTimeout(ctx, 5*screenTime)
	defer cancel()
	home, err := a.cfg.Screens.Home(ctx, in)
	if err != nil {
		return fmt.Errorf("fill the home page of %s: %w", in.From, err)
	}
	_, err = a.api.PublishViewContext(ctx, slackgo.PublishViewContextRequest{UserID: string(in.From), View: homeView(home)})
	if err != nil {
		var refused slackgo.SlackErrorResponse
		errors.As(err, &refused)
		a.cfg.Log.Warn().Err(withAdvice(err)).Strs("details", refused.ResponseMetadata.Messages).Msg("publish a home page")
		if passing(err) {
			return fmt.Errorf("publish the home page of %s: %w", in.From, err)
		}
	}
	return nil
}

// touched publishes a home page anew after its person was answered.
func (h *homes) touched(a *Adapter, out bot.Outgoing) {
	if a.cfg.Screens == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	in, known := h.open[string(out.Room)]
	if !known || h.busy[string(out.Room)] {
		return
	}
	if a.cfg.Now().Sub(in.At) > homeFresh {
		delete(h.open, string(out.Room))
		return
	}
	room := string(out.Room)
	h.busy[room] = true
	go func() {
		err := a.publish(context.Background(), in)
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.busy, room)
		if err != nil {
			a.cfg.Log.Warn().Err(err).Msg("bring a home page up to date")
		}
	}()
}

// homeView lays a home page out within every limit: each section shows as much as its share of the page holds.
func homeView(h bot.Home) slackgo.HomeTabViewRequest {
	var blocks []slackgo.Block
	if strings.TrimSpace(h.Title) != "" {
		blocks = append(blocks, slackgo.NewHeaderBlock(plainText(label(h.Title, maxHeader))))
	}
	if len(h.Options) > 0 {
		blocks = append(blocks, rows(buttons(h.Options[:min(len(h.Options), maxElements)]))...)
	}
	sections := h.Sections[:min(len(h.Sections), 20)]
	left := maxHomeBlocks - len(blocks)
	for i, s := range sections {
		share := left / (len(sections) - i)
		for _, later := range sections[i+1:] { // what later sections do not need is free for this one
			share += max(left/(len(sections)-i)-len(later.Items)-4, 0)
		}
		part := homeSection(s, min(share, left))
		blocks, left = append(blocks, part...), left-len(part)
	}
	return slackgo.HomeTabViewRequest{Type: slackgo.VTHomeTab, Blocks: slackgo.Blocks{BlockSet: blocks}}
}

func homeSection(s bot.HomeSection, room int) []slackgo.Block {
	if room < 4 {
		return nil
	}
	blocks := []slackgo.Block{slackgo.NewDividerBlock(), slackgo.NewHeaderBlock(plainText(label(s.Title, maxHeader)))}
	if len(s.Items) == 0 && strings.TrimSpace(s.Empty) != "" {
		return append(blocks, section(marked(s.Empty)))
	}
	shown := s.Items[:min(len(s.Items), room-3)]
	for _, item := range shown {
		blocks = append(blocks, homeItem(item))
	}
	more := s.More
	if cut := len(s.Items) - len(shown); cut > 0 {
		more = strings.TrimSpace("… +" + strconv.Itoa(cut) + " " + more)
	}
	if strings.TrimSpace(more) != "" {
		blocks = append(blocks, slackgo.NewContextBlock("", slackgo.NewTextBlockObject(slackgo.MarkdownType, marked(more), false, true)))
	}
	return blocks
}

func homeItem(item bot.HomeItem) slackgo.Block {
	b := section(orEllipsis(clipped(item.Text, maxItem))).(*slackgo.SectionBlock)
	switch {
	case len(item.Options) == 1:
		b.Accessory = slackgo.NewAccessory(buttons(item.Options)[0])
	case len(item.Options) > 1 && fitMenu(item.Options):
		var options []*slackgo.OptionBlockObject
		for _, o := range item.Options[:min(len(item.Options), maxOverflow)] {
			options = append(options, slackgo.NewOptionBlockObject(o.Action, plainText(label(o.Label, maxButton)), nil))
		}
		b.Accessory = slackgo.NewAccessory(slackgo.NewOverflowBlockElement("more", options...))
	}
	return b
}

func sortedNames(m map[string]string) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
