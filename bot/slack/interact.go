package slack

import (
	"encoding/json"
	"fmt"
	"strings"

	"timonel/bot"
)

// command is a slash command.
type command struct {
	Command     string `json:"command"`
	Text        string `json:"text"`
	Channel     string `json:"channel_id"`
	ChannelName string `json:"channel_name"`
	User        string `json:"user_id"`
	UserName    string `json:"user_name"`
	Trigger     string `json:"trigger_id"`
	ResponseURL string `json:"response_url"`
}

// interaction is a press, a choice, or a submitted form.
type interaction struct {
	Type        string `json:"type"`
	Trigger     string `json:"trigger_id"`
	ResponseURL string `json:"response_url"`
	User        struct {
		ID       string `json:"id"`
		Name     string `json:"name"`
		Username string `json:"username"`
	} `json:"user"`
	Channel struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"channel"`
	Container struct {
		Type      string `json:"type"`
		MessageTS string `json:"message_ts"`
		ChannelID string `json:"channel_id"`
		ThreadTS  string `json:"thread_ts"`
	} `json:"container"`
	Message struct {
		ThreadTS string `json:"thread_ts"`
	} `json:"message"`
	Actions []struct {
		Type     string `json:"type"`
		ID       string `json:"action_id"`
		Value    string `json:"value"`
		Date     string `json:"selected_date"`
		ActionTS string `json:"action_ts"`
		Option   struct {
			Value string `json:"value"`
		} `json:"selected_option"`
	} `json:"actions"`
	View shownView `json:"view"`
}

// shownView is a view as Slack tells of it.
type shownView struct {
	ID       string `json:"id"`
	Type     string `json:"type"`
	Callback string `json:"callback_id"`
	Private  string `json:"private_metadata"`
	Hash     string `json:"hash"`
	State    struct {
		Values map[string]map[string]fieldState `json:"values"`
	} `json:"state"`
}

// fieldState is what stands in a field.
type fieldState struct {
	Value  string `json:"value"`
	Date   string `json:"selected_date"`
	Option struct {
		Value string `json:"value"`
	} `json:"selected_option"`
}

// values are the fields of a view by name.
func (v *shownView) values() map[string]string {
	out := map[string]string{}
	for _, fields := range v.State.Values {
		for name, f := range fields {
			for _, s := range []string{f.Value, f.Date, f.Option.Value} {
				if s != "" {
					out[name] = s
				}
			}
		}
	}
	return out
}

// convertCommand turns a slash command into a message to the bot, with a slash in front as the person typed it.
func convertCommand(payload []byte) (command, bot.Incoming, error) {
	var c command
	if err := json.Unmarshal(payload, &c); err != nil {
		return command{}, bot.Incoming{}, fmt.Errorf("read a command: %w", err)
	}
	return c, bot.Incoming{
		Platform: bot.Slack, ID: slashID(c.Channel, c.User, c.Trigger), Kind: bot.TextMessage, Room: bot.RoomID(c.Channel), Direct: isDirect(c.Channel),
		From: bot.UserID(c.User), FromName: c.UserName, ToBot: true,
	}, nil
}

// convertInteraction reads an interaction; in is what it means when it is a press on a message, and ok then true.
func convertInteraction(payload []byte) (i interaction, in bot.Incoming, ok bool, err error) {
	if err := json.Unmarshal(payload, &i); err != nil {
		return interaction{}, bot.Incoming{}, false, fmt.Errorf("read an interaction: %w", err)
	}
	if i.Type != "block_actions" || len(i.Actions) == 0 {
		return i, bot.Incoming{}, false, nil
	}
	in, ok = i.press()
	return i, in, ok, nil
}

func (i *interaction) press() (bot.Incoming, bool) {
	a := i.Actions[0]
	channel := i.Channel.ID
	if channel == "" {
		channel = i.Container.ChannelID
	}
	root := i.Container.ThreadTS
	if root == "" {
		root = i.Message.ThreadTS
	}
	in := bot.Incoming{
		Platform: bot.Slack, ID: pressID(channel, i.User.ID, i.once(), root), Kind: bot.Press, Room: bot.RoomID(channel),
		Direct: isDirect(channel), From: bot.UserID(i.User.ID), FromName: i.name(), At: moment(a.ActionTS), ToBot: true,
	}
	if i.Container.MessageTS != "" {
		in.Quote = messageID(channel, i.Container.MessageTS)
	}
	switch a.Type {
	case "button":
		if in.Action = a.Value; in.Action == "" {
			in.Action = a.ID
		}
		return in, a.ID != "open-link"
	case "static_select", "overflow":
		in.Action = a.Option.Value
		return in, in.Action != ""
	case "datepicker":
		in.Kind, in.Text = bot.TextMessage, a.Date
		return in, a.Date != ""
	}
	return in, false
}

// once tells this interaction from all others, its repetitions apart.
func (i *interaction) once() string {
	if i.Trigger != "" {
		return i.Trigger
	}
	if len(i.Actions) > 0 {
		return strings.ReplaceAll(i.Container.MessageTS+"-"+i.Actions[0].ActionTS, ":", "")
	}
	return i.View.ID
}

func (i *interaction) name() string {
	if i.User.Name != "" {
		return i.User.Name
	}
	return i.User.Username
}
