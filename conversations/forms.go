package conversations

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"timonel/bot"
	"timonel/conversations/understand"
	"timonel/internal/markup"
	"timonel/locale"
	"timonel/steering"
	"timonel/steering/plan"
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

// actionNew opens a project by a form, or asks for what is needed where there are no forms.
const actionNew = "new"

// newWords are the words after a slash that mean the form for a new project, in all languages.
var newWords = sync.OnceValue(func() map[string]bool { return setOf(inEveryLanguage("form.new_words")) })

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

// moveForm asks for a milestone's new date; object is PROJECT:KEY.
func (t *turn) moveForm(object string) (bot.Form, bool, error) {
	m, err := t.formMilestone(object)
	if m == nil || err != nil {
		return bot.Form{}, false, err
	}
	return bot.Form{
		Action: "move:" + object, Title: t.say.Text("form.move.title", nil), Submit: t.say.Text("form.move.submit", nil),
		Cancel: t.say.Text("form.cancel", nil), Preview: t.say.Text("form.pick_date", nil),
		Intro: t.say.Text("form.move.intro", locale.Args{"milestone": locale.Marked(t.ref(m)), "due": t.date(m.Due)}),
		Fields: []bot.Field{
			{Name: fieldDate, Label: t.say.Text("form.move.date", nil), Kind: bot.FieldDate, Live: true},
			{
				Name: fieldReason, Label: t.say.Text("form.move.reason", nil), Hint: t.say.Text("form.move.reason_hint", nil),
				Kind: bot.FieldLong, Optional: true,
			},
		},
	}, true, nil
}

// formMilestone opens the project of PROJECT:KEY and returns its milestone, nil when the person has no business with it.
func (t *turn) formMilestone(object string) (*steering.Milestone, error) {
	project, key, _ := strings.Cut(object, ":")
	err := t.enterFor(project)
	if errors.Is(err, storage.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	t.say = locale.For(t.language())
	return t.p.Milestone(key), nil
}

// newForm asks for what a project is made of.
func (t *turn) newForm() (bot.Form, bool, error) {
	if may, err := t.mayOpen(); !may || err != nil {
		return bot.Form{}, false, err
	}
	var plans, languages []bot.Option
	for _, c := range t.planChoices() {
		plans = append(plans, bot.Option{Label: c.Label, Action: c.Value})
	}
	for _, lang := range locale.Languages {
		languages = append(languages, bot.Option{Label: t.say.Text("form.new.language_"+lang, nil), Action: lang})
	}
	modes := []bot.Option{{Label: t.say.Text("form.new.mode_plan", nil), Action: fieldPlan}}
	for _, mode := range []steering.Mode{steering.ModeImplementation, steering.ModeOnboarding} {
		modes = append(modes, bot.Option{Label: t.say.Text("form.new.mode_"+string(mode), nil), Action: string(mode)})
	}
	first, start := "", t.today()
	if len(plans) > 0 {
		first = plans[0].Action
	}
	t.in.Form = map[string]string{fieldPlan: first, fieldStart: start.String()}
	outlook, err := t.checkNew(map[string]string{})
	if err != nil {
		return bot.Form{}, false, err
	}
	return bot.Form{
		Preview: outlook,
		Action:  actionNew, Title: t.say.Text("form.new.title", nil), Submit: t.say.Text("form.new.submit", nil), Cancel: t.say.Text("form.cancel", nil),
		Fields: []bot.Field{
			{Name: fieldName, Label: t.say.Text("form.new.name", nil), Kind: bot.FieldText},
			{Name: fieldPlan, Label: t.say.Text("form.new.plan", nil), Kind: bot.FieldChoice, Options: plans, Value: first, Live: true},
			{Name: fieldStart, Label: t.say.Text("form.new.start", nil), Kind: bot.FieldDate, Value: start.String(), Live: true},
			{Name: fieldMode, Label: t.say.Text("form.new.mode", nil), Kind: bot.FieldChoice, Options: modes, Value: fieldPlan},
			{Name: fieldLanguage, Label: t.say.Text("form.new.language", nil), Kind: bot.FieldChoice, Options: languages, Value: t.say.Lang()},
		},
	}, true, nil
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

func (t *turn) checkMove(object string, problems map[string]string) (string, error) {
	m, err := t.formMilestone(object)
	if m == nil || err != nil {
		return "", err
	}
	to, err := steering.ParseDate(t.in.Form[fieldDate])
	if err != nil {
		problems[fieldDate] = t.say.Text("form.no_date", nil)
		return "", nil //nolint:nilerr // the form says what is wrong with it
	}
	_, err = t.p.Clone().Do(steering.MoveMilestone{Key: m.Key, To: to, Reason: t.in.Form[fieldReason]}, t.actor(), t.now)
	var refusal *steering.Error
	if errors.As(err, &refusal) {
		problems[fieldDate] = markup.Plain(t.refusal(refusal))
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return t.moveOutlook(m, to), nil
}

// moveOutlook says what a new date would move, and who has to agree.
func (t *turn) moveOutlook(m *steering.Milestone, to steering.Date) string {
	moves, _, goLive := t.p.WhatIf(m.Key, to, t.today())
	lines := []string{t.say.Text("what_if.head", locale.Args{"milestone": locale.Marked(t.ref(m)), "to": t.date(to)})}
	along := slices.DeleteFunc(slices.Clone(moves), func(mv steering.Move) bool { return mv.Key == m.Key })
	if len(along) == 0 {
		lines = append(lines, t.say.Text("what_if.nothing_else", nil))
	} else {
		lines = append(lines, t.say.Text("what_if.moves", locale.Args{"list": t.moves(along), "n": len(along)}))
	}
	if line := t.goLiveMoved(goLive); line != "" {
		lines = append(lines, line)
	}
	if !t.p.MayDecideDates(t.person.ID) {
		var who []string
		for _, mb := range t.p.Members {
			if t.p.MayDecideDates(mb.Person) {
				who = append(who, t.plainName(mb.Person))
			}
		}
		lines = append(lines, t.say.Text("form.proposal", locale.Args{"who": t.say.JoinAny(who)}))
	}
	return strings.Join(lines, "\n")
}

func (t *turn) checkNew(problems map[string]string) (string, error) {
	o, err := t.openingOf(problems)
	if err != nil {
		return "", err
	}
	if o.Name != "" {
		key := projectKey(o.Name)
		if _, err := t.tx.Project(key); err == nil {
			problems[fieldName] = t.say.Text("refused.project_exists", locale.Args{"project": key})
		} else if !errors.Is(err, storage.ErrNotFound) {
			return "", err
		}
	}
	if o.Plan == nil || o.Start == 0 {
		return "", nil
	}
	trial, err := o.Plan.Instantiate(plan.Spec{
		Key: "TRIAL", Name: cmp.Or(o.Name, o.Plan.Key), Start: o.Start, Language: o.Language, Timezone: t.opt.Timezone, Country: t.opt.Country, Mode: o.Mode,
	})
	var refusal *steering.Error
	if errors.As(err, &refusal) {
		problems[fieldName] = markup.Plain(t.refusal(refusal))
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("try the plan %s: %w", o.Plan.Key, err)
	}
	if g := trial.GoLive(); g != nil {
		return t.say.Text("form.new.go_live", locale.Args{"date": t.say.Date(g.Due, t.today()), "n": len(trial.Milestones)}), nil
	}
	return "", nil
}

// openingOf reads what a new project is to be made of; what is wrong goes into problems.
func (t *turn) openingOf(problems map[string]string) (Opening, error) {
	form := t.in.Form
	o := Opening{Name: strings.TrimSpace(markup.Strip(form[fieldName])), Language: form[fieldLanguage], Lead: t.person.ID, Via: string(t.in.Platform)}
	if o.Name == "" {
		problems[fieldName] = t.say.Text("form.no_name", nil)
	}
	if !locale.Known(o.Language) {
		o.Language = t.say.Lang()
	}
	switch mode := steering.Mode(form[fieldMode]); mode {
	case steering.ModeImplementation, steering.ModeOnboarding:
		o.Mode = mode
	}
	pl, err := t.opt.Plans.Find(form[fieldPlan])
	if err != nil {
		problems[fieldPlan] = t.say.Text("ask.plan", t.askArgs(understand.Frame{Intent: understand.CreateProject}))
	} else {
		o.Plan = pl
	}
	if o.Start, err = steering.ParseDate(form[fieldStart]); err != nil {
		o.Start, problems[fieldStart] = 0, t.say.Text("form.no_date", nil)
	}
	if !t.in.Direct {
		o.Chat = steering.Chat{Platform: string(t.in.Platform), ID: string(t.in.Room), Audience: steering.AudienceCommittee}
	}
	return o, nil
}

// movedByForm moves a milestone of the open project as the form says.
func (t *turn) movedByForm(key string) error {
	to, err := steering.ParseDate(t.in.Form[fieldDate])
	if err != nil {
		return t.reply(t.say.Text("form.no_date", nil))
	}
	f := understand.Frame{Intent: understand.Move, Stance: understand.Request, Confidence: 1}
	f.Slots.Milestones, f.Slots.Date = []understand.Ref{{Key: key}}, &understand.Dated{Date: to}
	return t.run(f, steering.MoveMilestone{Key: key, To: to, Reason: t.in.Form[fieldReason]})
}

// pressedNew opens a project as the form says, or asks for what it needs where there was none.
func (t *turn) pressedNew() error {
	t.say = t.readersWords()
	if t.in.Form == nil {
		return t.createProject(understand.Frame{Intent: understand.CreateProject, Stance: understand.Request, Confidence: 1})
	}
	if may, err := t.mayOpen(); err != nil {
		return err
	} else if !may {
		return t.reply(t.say.Text("create.not_allowed", nil))
	}
	problems := map[string]string{}
	o, err := t.openingOf(problems)
	if err != nil {
		return err
	}
	for _, name := range []string{fieldName, fieldPlan, fieldStart} {
		if problems[name] != "" {
			return t.reply(problems[name])
		}
	}
	if err := t.tx.PutPerson(t.person); err != nil {
		return fmt.Errorf("store who opens the project: %w", err)
	}
	p, err := t.OpenProject(t.tx, o)
	if err != nil {
		return t.refuseForm(err)
	}
	if err := t.enter(p.Key); err != nil {
		return err
	}
	return t.introduce(o)
}
