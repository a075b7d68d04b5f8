package slack

import (
	"strings"

	"timonel/bot"
)

// A message's id is its channel and timestamp, "C123:1712.0001", and for one in a thread the thread's timestamp as well,
// "C123:1712.0002:1712.0001". So the same message has one id in every event that tells of it, and an answer knows where it
// belongs. What is no message has a kind in front: "slash:C123:U1:…", "press:C123:…:thread", "view:…", "event:…".

// source is what an incoming id tells of where an answer goes.
type source struct {
	kind    string // "", "slash", "press", "view" or "event"
	channel string
	ts      string // of a message
	root    string // of the thread that it stands in, "" at the top
	user    string // of a command or a press
}

func messageID(channel, ts string) bot.MessageID { return bot.MessageID(channel + ":" + ts) }

// saidID is the id of a message somebody wrote.
func saidID(channel, ts, root string) bot.MessageID {
	if root == "" || root == ts {
		return messageID(channel, ts)
	}
	return bot.MessageID(channel + ":" + ts + ":" + root)
}

func slashID(channel, user, trigger string) bot.MessageID {
	return bot.MessageID("slash:" + channel + ":" + user + ":" + trigger)
}

func pressID(channel, user, trigger, root string) bot.MessageID {
	return bot.MessageID("press:" + channel + ":" + user + ":" + trigger + ":" + root)
}

func viewID(view string) bot.MessageID { return bot.MessageID("view:" + view) }

func eventID(id string) bot.MessageID { return bot.MessageID("event:" + id) }

// readID takes an id apart.
func readID(id bot.MessageID) source {
	f := strings.Split(string(id), ":")
	for len(f) < 5 {
		f = append(f, "")
	}
	switch f[0] {
	case "slash":
		return source{kind: f[0], channel: f[1], user: f[2]}
	case "press":
		return source{kind: f[0], channel: f[1], user: f[2], root: f[4]}
	case "view", "event":
		return source{kind: f[0]}
	}
	return source{channel: f[0], ts: f[1], root: f[2]}
}
