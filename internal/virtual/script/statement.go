// Package script reads the scripts that play a group chat in virtual time: one statement a line, checked as far as a line
// alone can be. What needs the chat's state is checked by whoever plays it.
package script

import (
	"fmt"
	"time"

	"timonel/bot"
	"timonel/steering"
)

// Statement is one line that means something.
type Statement struct {
	Line int
	Do   Action
}

// Action is what a statement does: one of the types below.
type Action interface{ isAction() }

type (
	// Zone is "@tz": the zone of the times that follow.
	Zone struct{ Location *time.Location }
	// Clock is "@time": a wall clock time in the script's zone, or a way to move on from now.
	Clock struct {
		Date         steering.Date // zero when it moves on
		Hour, Minute int
		Second       int
		Days         int           // calendar days to move on …
		Shift        time.Duration // … and then this
	}
	// Chat is "@chat"; empty fields were not given.
	Chat struct {
		ID       string
		Platform bot.Platform
		Language string
	}
	// Member is "@member".
	Member struct {
		ID, Name string
		Side     steering.Side
		Roles    []steering.Role
	}
	// Plan is "@plan": a file, or the key of a built-in plan.
	Plan struct {
		Source string
		Start  steering.Date // zero when not given
		Key    string
	}
	// Import is "@import".
	Import struct{ File string }
	// Restart is "@restart".
	Restart struct{}
	// Down is "@down".
	Down struct{}
	// Up is "@up".
	Up struct{}
	// Say is a member's message: in the current chat, quoting the bot there, or directly to the bot.
	Say struct {
		Who, Text     string
		Direct, Quote bool
	}
	// React is a member's reaction to the bot's newest message.
	React struct{ Who, Emoji string }
	// Press picks a button, by label, action or number.
	Press struct{ Who, Named string }
	// Vote picks an option of the newest poll.
	Vote struct{ Who, Option string }
	// File sends a file with a caption.
	File struct{ Who, Path, Caption string }
)

func (Zone) isAction()    {}
func (Clock) isAction()   {}
func (Chat) isAction()    {}
func (Member) isAction()  {}
func (Plan) isAction()    {}
func (Import) isAction()  {}
func (Restart) isAction() {}
func (Down) isAction()    {}
func (Up) isAction()      {}
func (Say) isAction()     {}
func (React) isAction()   {}
func (Press) isAction()   {}
func (Vote) isAction()    {}
func (File) isAction()    {}

// Speaker returns who says or does the action, "" for statements that begin with @.
func Speaker(a Action) string {
	switch a := a.(type) {
	case Say:
		return a.Who
	case React:
		return a.Who
	case Press:
		return a.Who
	case Vote:
		return a.Who
	case File:
		return a.Who
	}
	return ""
}

// Error is something wrong in a script.
type Error struct {
	Script string
	Line   int
	What   string
	// Remedy says what to do about it, "" when that is plain.
	Remedy string
	// Cause is what was wrong, where the error did not arise in the script itself.
	Cause error
}

// Error implements error: SCRIPT:LINE: what is wrong (what to do).
func (e *Error) Error() string {
	s := fmt.Sprintf("%s:%d: %s", e.Script, e.Line, e.What)
	if e.Remedy != "" {
		s += " (" + e.Remedy + ")"
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }
