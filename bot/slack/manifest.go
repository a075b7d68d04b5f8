package slack

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Scopes are what the bot's token may do; each is needed by something that the adapter calls or hears (manifest_test.go
// holds the list against a Slack that refuses everything else).
var Scopes = []string{
	"app_mentions:read", // mentions, where an administrator does not let the app read channels
	"channels:history",  // answers in threads, questions answered without a mention, messages in doubt
	"channels:read",     // names of channels, whether one is shared, who joins and leaves
	"chat:write",
	"commands",
	"files:read",  // the hash of a document to sign
	"files:write", // pictures, calendars, workbooks
	"groups:history",
	"groups:read",
	"im:history",
	"im:read",  // direct chats, to read what was said while the bot was away
	"im:write", // reminders in a direct message
	"reactions:read",
	"users:read", // names, languages, zones
}

// Events are what Slack tells the bot of.
var Events = []string{
	"app_home_opened", "app_mention", "channel_archive", "channel_left", "group_archive", "group_left", "member_joined_channel",
	"member_left_channel", "message.channels", "message.groups", "message.im", "reaction_added",
}

// Words of the app's own pages in Slack.
const (
	appName     = "Timonel"
	appAbout    = "Runs the plan of an implementation project from chat"
	commandHint = "status · done 3 · move 4 to Friday · help"
)

// Manifest returns the app manifest to paste into Slack under Create New App → From a manifest.
func Manifest() ([]byte, error) {
	scopes, events := slices.Clone(Scopes), slices.Clone(Events)
	type object = map[string]any
	m := object{
		"_metadata":           object{"major_version": 1, "minor_version": 1},
		"display_information": object{"name": appName, "description": appAbout, "background_color": "#1d3c5a"},
		"features": object{
			"app_home": object{"home_tab_enabled": true, "messages_tab_enabled": true, "messages_tab_read_only_enabled": false},
			"bot_user": object{"display_name": "timonel", "always_online": true},
			"slash_commands": []object{{
				"command": "/timonel", "description": appAbout, "usage_hint": commandHint, "should_escape": true,
			}},
		},
		"oauth_config": object{"scopes": object{"bot": scopes}},
		"settings": object{
			"event_subscriptions":    object{"bot_events": events},
			"interactivity":          object{"is_enabled": true},
			"org_deploy_enabled":     false,
			"socket_mode_enabled":    true,
			"token_rotation_enabled": false,
		},
	}
	raw, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the manifest: %w", err)
	}
	return append(raw, '\n'), nil
}
