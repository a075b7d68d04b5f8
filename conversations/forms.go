package conversations

import (
	"context"
	"strings"

	"timonel/bot"
	"timonel/locale"
	"timonel/storage"
)

// Names of the fields of forms.
const (
	fieldDate     = "date"
	fieldReason   = "reason"
	fieldName     = "name"
	fieldPlan     = "plan"
	fieldStart    = "start"
	fieldMode     = "mode"
	fieldLanguage = "language"
)

// Form returns the form that a press or a command opens; ok is false when it opens none and is to be worked as it is. It
// changes nothing.
func (e *Engine) Form(ctx context.Context, in bot.Incoming) (form bot.Form, ok bool, err error) {
	fill := formOf(in)
	if fill == nil {
		return bot.Form{}, false, nil
	}
	err = e.look(ctx, in, func(t *turn) error {
		form, ok, err = fill(t)
		return err
	})
	return form, ok && err == nil, err
}

// formOf returns what fills the form that an event opens, nil if it opens none.
func formOf(in bot.Incoming) func(*turn) (bot.Form, bool, error) {
	verb, rest, _ := strings.Cut(in.Action, ":")
	switch {
	case in.Form != nil:
		return nil
	case in.Kind == bot.Press && verb == "move":
		return func(t *turn) (bot.Form, bool, error) { return t.moveForm(rest) }
	case in.Kind == bot.Press && in.Action == actionNew:
		return (*turn).newForm
	case in.Kind == bot.TextMessage:
		text, slash := addressed(in.Text)
		if slash && newWords()[strings.ToLower(text)] {
			return (*turn).newForm
		}
	}
	return nil
}

// look runs f on a turn that can only read.
func (e *Engine) look(ctx context.Context, in bot.Incoming, f func(*turn) error) error {
	return e.db.View(ctx, func(tx *storage.Tx) error {
		t, err := e.newTurn(tx, in)
		if err != nil {
			return err
		}
		t.say = t.readersWords()
		return f(t)
	})
}

// readersWords are those of a screen that only one person sees.
func (t *turn) readersWords() locale.Printer {
	return locale.For(t.person.Language, t.in.Language, t.room.Language, t.opt.Language)
}

// Check looks at a form that is being filled in: what would follow, as marked text, and what is wrong with which field. It
// changes nothing.
func (e *Engine) Check(ctx context.Context, in bot.Incoming) (preview string, problems map[string]string, err error) {
	problems = map[string]string{}
	err = e.look(ctx, in, func(t *turn) error {
		verb, rest, _ := strings.Cut(in.Action, ":")
		switch verb {
		case "move":
			preview, err = t.checkMove(rest, problems)
		case actionNew:
			preview, err = t.checkNew(problems)
		}
		return err
	})
	return preview, problems, err
}
