package conversations

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"timonel/conversations/understand"
	"timonel/storage"
)

// How long the bot waits for an answer before a message counts as a new one (contract/replay.md), and how long "that one"
// means the milestone that was just spoken of.
const (
	answerTime = 10 * time.Minute
	focusTime  = 10 * time.Minute
)

// dialogue is what is open between the bot and one person in one room. It is stored, so that a restart forgets nothing.
type dialogue struct {
	Question *question `json:"question,omitempty"`
	Project  string    `json:"project,omitempty"` // the one last spoken of, for direct chats
	// WrongCodes counts codes for linking that were none, PointedOut says that the person was shown to the lead.
	WrongCodes int  `json:"wrong_codes,omitempty"`
	PointedOut bool `json:"pointed_out,omitempty"`
}

// question is what the bot asked: which slot of which frame it needs, and what may be picked.
type question struct {
	Asks    string             `json:"asks"`
	Project string             `json:"project,omitempty"`
	Frames  []understand.Frame `json:"frames,omitempty"` // the message's wishes, to be done once the slot is known
	Index   int                `json:"index,omitempty"`  // the frame that lacks the slot
	Text    string             `json:"text,omitempty"`   // the message itself
	Choices []choice           `json:"choices,omitempty"`
	Named   []choice           `json:"named,omitempty"` // more than a question may show, to be typed by name
	Key     string             `json:"key,omitempty"`   // what a question after the act is about: a milestone
	Again   bool               `json:"again,omitempty"` // it was put a second time, because the answer could not be read
	Asked   time.Time          `json:"asked"`
}

// offered are all answers that a question takes: what it shows, then what it only names.
func (q *question) offered() []choice { return append(slices.Clip(q.Choices), q.Named...) }

// choice is one thing to pick: what people see and what it means.
type choice struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

// roomFocus is what a room has just spoken of.
type roomFocus struct {
	Milestones []focused `json:"milestones,omitempty"`
}

type focused struct {
	Key string    `json:"key"`
	At  time.Time `json:"at"`
}

// everyone is the dialogue's person under which a room's focus is kept.
const everyone = ""

func (t *turn) openDialogue() (*dialogue, *roomFocus, error) {
	talk, focus := &dialogue{}, &roomFocus{}
	if err := t.readDialogue(string(t.in.From), talk); err != nil {
		return nil, nil, err
	}
	if err := t.readDialogue(everyone, focus); err != nil {
		return nil, nil, err
	}
	if talk.Question != nil && t.now.Sub(talk.Question.Asked) > answerTime {
		talk.Question = nil
	}
	return talk, focus, nil
}

// readDialogue decodes what is open into doc, which stays as it is when nothing is.
func (t *turn) readDialogue(person string, doc any) error {
	raw, err := t.tx.Dialogue(t.in.Platform, t.in.Room, person)
	if errors.Is(err, storage.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read dialogue: %w", err)
	}
	if err := json.Unmarshal(raw, doc); err != nil {
		return fmt.Errorf("read dialogue: %w", err)
	}
	return nil
}

func (t *turn) keepDialogue() error {
	return t.tx.PutDialogue(t.in.Platform, t.in.Room, string(t.in.From), t.talk, t.now.Add(24*time.Hour))
}

// focusOn notes the milestones that were just spoken of.
func (t *turn) focusOn(keys ...string) error {
	if len(keys) == 0 && len(t.focus.Milestones) == 0 {
		return nil // as it was
	}
	for _, key := range slices.Backward(keys) {
		t.focus.Milestones = slices.DeleteFunc(t.focus.Milestones, func(f focused) bool { return f.Key == key })
		t.focus.Milestones = slices.Insert(t.focus.Milestones, 0, focused{key, t.now})
	}
	t.focus.Milestones = t.focus.Milestones[:min(len(t.focus.Milestones), 4)]
	return t.tx.PutDialogue(t.in.Platform, t.in.Room, everyone, t.focus, t.now.Add(focusTime))
}

// inFocus returns the milestones of the last minutes, newest first.
func (t *turn) inFocus() []string {
	var keys []string
	for _, f := range t.focus.Milestones {
		if t.now.Sub(f.At) <= focusTime {
			keys = append(keys, f.Key)
		}
	}
	return keys
}
