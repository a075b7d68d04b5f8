package conversations

import (
	"cmp"
	"errors"
	"fmt"
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

// actionNew opens a project by a form, or asks for what is needed where there are no forms.
const actionNew = "new"

// newWords are the words after a slash that mean the form for a new project, in all languages.
var newWords = sync.OnceValue(func() map[string]bool { return setOf(inEveryLanguage("form.new_words")) })

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
