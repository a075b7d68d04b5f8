package conversations

import "timonel/bot"

// Opener is somebody who wants to open a project in a chat.
type Opener struct {
	Platform bot.Platform
	Room     bot.RoomID
	User     bot.UserID
	Guest    bool // of another company's workspace
	// Leads is set for who leads a project already, First while nobody on the platform does.
	Leads, First bool
}

// mayOpen asks whether the speaker may open a project here. What cannot be looked up may not be.
func (t *turn) mayOpen() bool {
	if t.opt.MayCreate == nil {
		return true
	}
	leads, err := t.tx.Leads(t.person.ID)
	anybody, err2 := t.tx.LedOn(t.in.Platform)
	return err == nil && err2 == nil && t.opt.MayCreate(Opener{
		Platform: t.in.Platform, Room: t.in.Room, User: t.in.From, Guest: t.in.Guest, Leads: leads, First: !anybody,
	})
}
