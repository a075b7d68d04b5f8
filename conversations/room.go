package conversations

import (
	"fmt"
	"time"

	"timonel/bot"
)

// wroteEvery is how stale the note of a person's last direct message may be: it says whether they write, not when.
const wroteEvery = time.Hour

// keepRoom notes what an event tells of its place: who writes to the bot there directly, what it is called, whether the
// bot is still in it.
func (t *turn) keepRoom() error {
	before := *t.room
	r := t.room
	if t.in.Direct {
		r.Direct, r.User = true, t.in.From
	}
	if t.in.Direct && t.in.Kind != bot.Opened && t.now.Sub(r.WroteAt) >= wroteEvery {
		r.WroteAt = t.now.UTC()
	}
	if t.in.RoomName != "" && !t.in.Direct {
		r.Name = t.in.RoomName
	}
	r.Shared = r.Shared || t.in.Shared
	r.Left = t.in.Kind == bot.Left && t.in.SelfJoined
	if r.Direct == before.Direct && r.User == before.User && r.WroteAt.Equal(before.WroteAt) && r.Name == before.Name &&
		r.Shared == before.Shared && r.Left == before.Left {
		return nil
	}
	if err := t.tx.PutRoom(r); err != nil {
		return fmt.Errorf("note the room: %w", err)
	}
	if r.Shared && !before.Shared {
		return t.opensUp()
	}
	return nil
}
