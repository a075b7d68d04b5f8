package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"timonel/bot"
)

const (
	// screenTime is how long the program may take for a screen: the right to open one ends after three seconds.
	screenTime = 2 * time.Second
	maxTitle   = 24
	maxLabel   = 150
	maxHint    = 1000
	maxInput   = 3000
	fieldBlock = "field-"
	// previewBlock shows what would follow from what is filled in.
	previewBlock = "preview"
)

// formState travels with a form, so that its submission knows where it belongs.
type formState struct {
	Action string        `json:"action"`
	Room   bot.RoomID    `json:"room"`
	Direct bool          `json:"direct,omitempty"`
	Quote  bot.MessageID `json:"quote,omitempty"`
}

// takeInteraction takes presses, choices and submitted forms.
func (a *Adapter) takeInteraction(ctx context.Context, sink bot.Sink, env envelope) (any, error) {
	i, in, ok, err := convertInteraction(env.Payload)
	if err != nil {
		a.cfg.Log.Error().Err(err).Msg("interaction that cannot be read")
		return nil, nil
	}
	switch {
	case i.Type == "view_submission":
		return a.submitted(ctx, sink, i)
	case i.Type == "block_actions" && i.View.Type == string(slackgo.VTModal):
		a.follow(ctx, i, env.Payload)
		return nil, nil
	case !ok:
		return nil, nil
	}
	if err := a.addHomeRoom(ctx, &in, i); err != nil {
		return nil, err
	}
	a.asked.keep(in.ID, i.ResponseURL)
	h := heard{in: in}
	if err := a.complete(ctx, &h, true); err != nil {
		return nil, err
	}
	if in.At.IsZero() {
		h.in.At = a.cfg.Now().UTC()
	}
	if a.openForm(ctx, h.in, i.Trigger) {
		return nil, nil
	}
	return nil, a.insist(ctx, sink, h.in)
}

// addHomeRoom gives a press on the home page the person's direct chat as its room: the answer goes there.
func (a *Adapter) addHomeRoom(ctx context.Context, in *bot.Incoming, i interaction) error {
	if in.Room != "" {
		return nil
	}
	room, err := a.directWith(ctx, string(in.From))
	if err != nil {
		return fmt.Errorf("open the chat with %s: %w", in.From, err)
	}
	in.Room, in.Direct, in.ID = bot.RoomID(room), true, pressID(room, string(in.From), i.once(), "")
	return nil
}

// openForm opens the form that an event calls for; false when there is none, and the event is to be worked as it is.
func (a *Adapter) openForm(ctx context.Context, in bot.Incoming, trigger string) bool {
	if a.cfg.Screens == nil || trigger == "" {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, screenTime)
	defer cancel()
	form, ok, err := a.cfg.Screens.Form(ctx, in)
	if err != nil {
		a.cfg.Log.Warn().Err(err).Str("action", in.Action).Msg("fill a form")
	}
	if !ok || err != nil {
		return false
	}
	view, err := modal(form, in)
	if err == nil {
		_, err = a.api.OpenViewContext(ctx, trigger, view)
	}
	if err != nil {
		a.cfg.Log.Warn().Err(err).Str("action", in.Action).Msg("open a form; asking in words instead")
		return false
	}
	return true
}

// modal lays a form out within every limit.
func modal(f bot.Form, in bot.Incoming) (slackgo.ModalViewRequest, error) {
	state, err := json.Marshal(formState{Action: f.Action, Room: in.Room, Direct: in.Direct, Quote: in.Quote})
	if err != nil {
		return slackgo.ModalViewRequest{}, fmt.Errorf("keep where a form belongs: %w", err)
	}
	v := slackgo.ModalViewRequest{
		Type: slackgo.VTModal, Title: plainText(label(f.Title, maxTitle)), Submit: plainText(label(f.Submit, maxTitle)),
		CallbackID: "form", PrivateMetadata: string(state),
	}
	if f.Cancel != "" {
		v.Close = plainText(label(f.Cancel, maxTitle))
	}
	if strings.TrimSpace(f.Intro) != "" {
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, section(marked(f.Intro)))
	}
	live := f.Preview != ""
	for _, field := range f.Fields[:min(len(f.Fields), 80)] {
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, input(field))
		live = live || field.Live
	}
	if live {
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, preview(f.Preview))
	}
	return v, nil
}

func preview(text string) slackgo.Block {
	b := section(orEllipsis(marked(text))).(*slackgo.SectionBlock)
	b.BlockID = previewBlock
	return b
}

// input is one field.
func input(f bot.Field) slackgo.Block {
	var hint *slackgo.TextBlockObject
	if strings.TrimSpace(f.Hint) != "" {
		hint = plainText(label(f.Hint, maxHint))
	}
	b := slackgo.NewInputBlock(shorten(fieldBlock+f.Name, maxActionID), plainText(label(f.Label, maxLabel)), hint, element(f))
	b.Optional, b.DispatchAction = f.Optional, f.Live
	return b
}

func element(f bot.Field) slackgo.BlockElement {
	name := shorten(f.Name, maxActionID)
	switch {
	case f.Kind == bot.FieldDate:
		e := slackgo.NewDatePickerBlockElement(name)
		if _, err := time.Parse(time.DateOnly, f.Value); err == nil {
			e.InitialDate = f.Value
		}
		return e
	case f.Kind == bot.FieldChoice && len(f.Options) > 0:
		return choice(name, f)
	}
	e := slackgo.NewPlainTextInputBlockElement(nil, name)
	e.Multiline, e.InitialValue = f.Kind == bot.FieldLong, shorten(f.Value, maxInput)
	e.MaxLength = maxInput
	return e
}

// choice is a menu, in groups when it holds more than one menu may.
func choice(name string, f bot.Field) slackgo.BlockElement {
	var options []*slackgo.OptionBlockObject
	var initial *slackgo.OptionBlockObject
	for _, o := range f.Options {
		if o.Action == "" || size(o.Action) > maxOption {
			continue
		}
		option := slackgo.NewOptionBlockObject(o.Action, plainText(label(o.Label, maxButton)), nil)
		options = append(options, option)
		if o.Action == f.Value {
			initial = option
		}
	}
	options = options[:min(len(options), maxMenu*maxMenu)]
	e := slackgo.NewOptionsSelectBlockElement(slackgo.OptTypeStatic, nil, name, options...)
	if len(options) > maxMenu {
		e.Options = nil
		for i := 0; i < len(options); i += maxMenu {
			end := min(i+maxMenu, len(options))
			title := plainText(strconv.Itoa(i+1) + "–" + strconv.Itoa(end))
			e.OptionGroups = append(e.OptionGroups, slackgo.NewOptionGroupBlockElement(title, options[i:end]...))
		}
	}
	e.InitialOption = initial
	return e
}

// filled is the event that a form's fields make.
func (a *Adapter) filled(ctx context.Context, i interaction) (bot.Incoming, error) {
	var state formState
	if err := json.Unmarshal([]byte(i.View.Private), &state); err != nil {
		return bot.Incoming{}, fmt.Errorf("read where a form belongs: %w", err)
	}
	in := bot.Incoming{
		Platform: bot.Slack, ID: viewID(i.View.ID), Kind: bot.Press, Action: state.Action, Form: i.View.values(), Room: state.Room,
		Direct: state.Direct, Quote: state.Quote, From: bot.UserID(i.User.ID), FromName: i.name(), At: a.cfg.Now().UTC(), ToBot: true,
	}
	h := heard{in: in}
	err := a.complete(ctx, &h, true)
	return h.in, err
}

// submitted takes a form: what is wrong with it is told at its fields, else it is stored and closes.
func (a *Adapter) submitted(ctx context.Context, sink bot.Sink, i interaction) (any, error) {
	in, err := a.filled(ctx, i)
	if err != nil {
		a.cfg.Log.Error().Err(err).Msg("form that cannot be read")
		return nil, nil
	}
	if wrong := a.wrong(ctx, in); len(wrong) > 0 {
		return slackgo.NewErrorsViewSubmissionResponse(wrong), nil
	}
	return nil, a.insist(ctx, sink, in)
}

// wrong lists what is wrong with which field, as Slack shows it.
func (a *Adapter) wrong(ctx context.Context, in bot.Incoming) map[string]string {
	if a.cfg.Screens == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, screenTime)
	defer cancel()
	_, problems, err := a.cfg.Screens.Check(ctx, in)
	if err != nil {
		a.cfg.Log.Warn().Err(err).Str("action", in.Action).Msg("check a form") // the handler checks it again
		return nil
	}
	out := map[string]string{}
	for name, text := range problems {
		out[shorten(fieldBlock+name, maxActionID)] = label(text, maxHint)
	}
	return out
}

// follow shows what would follow from what is filled in so far.
func (a *Adapter) follow(ctx context.Context, i interaction, payload json.RawMessage) {
	if a.cfg.Screens == nil {
		return
	}
	in, err := a.filled(ctx, i)
	if err == nil {
		err = a.updatePreview(ctx, in, payload)
	}
	if err != nil {
		a.cfg.Log.Warn().Err(err).Str("action", in.Action).Msg("show what would follow")
	}
}

func (a *Adapter) updatePreview(ctx context.Context, in bot.Incoming, payload json.RawMessage) error {
	ctx, cancel := context.WithTimeout(ctx, screenTime)
	defer cancel()
	text, problems, err := a.cfg.Screens.Check(ctx, in)
	if err != nil {
		return err
	}
	for _, name := range sortedNames(problems) {
		text = strings.TrimLeft(text+"\n⚠️ "+problems[name], "\n")
	}
	var shown struct {
		View slackgo.View `json:"view"`
	}
	if err := json.Unmarshal(payload, &shown); err != nil {
		return fmt.Errorf("read a form: %w", err)
	}
	v := shown.View
	next := slackgo.ModalViewRequest{
		Type: v.Type, Title: v.Title, Submit: v.Submit, Close: v.Close, CallbackID: v.CallbackID, PrivateMetadata: v.PrivateMetadata,
	}
	for _, b := range v.Blocks.BlockSet {
		if b.ID() == previewBlock {
			b = preview(text)
		}
		next.Blocks.BlockSet = append(next.Blocks.BlockSet, b)
	}
	_, err = a.api.UpdateViewContext(ctx, next, "", v.Hash, v.ID)
	if code(err) == "hash_conflict" {
		return nil // a later change has its own answer
	}
	return err
}
