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

// mayOpen asks whether the speaker may open a project here.
func (t *turn) mayOpen() (bool, error) {
	if t.opt.MayCreate == nil {
		return true, nil
	}
	leads, err := t.tx.Leads(t.person.ID)
	if err != nil {
		return false, err
	}
	anybody, err := t.tx.LedOn(t.in.Platform)
	if err != nil {
		return false, err
	}
	return t.opt.MayCreate(Opener{
		Platform: t.in.Platform, Room: t.in.Room, User: t.in.From, Guest: t.in.Guest, Leads: leads, First: !anybody,
	}), nil
}
